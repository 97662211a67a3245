//! `[severity]`: which severities there are and what each promises.

use super::reader::Reader;
use crate::ticket::{Severity, policy::Preset};

/// The severities of this desk.
#[derive(Clone, Debug)]
pub struct Severities {
    /// The set that it starts from.
    pub preset: Preset,
}

impl Severities {
    pub(super) fn read(t: &mut Reader<'_>) -> Severities {
        Severities { preset: t.or("preset", Preset::Three) }
    }

    /// Whether this desk uses a severity.
    pub fn has(&self, severity: Severity) -> bool {
        self.preset.severities().contains(&severity)
    }

    /// The numbers it uses, for people: `1, 2, 3`.
    pub fn known(&self) -> String {
        let numbers: Vec<String> = self.preset.severities().iter().map(Severity::to_string).collect();
        numbers.join(", ")
    }
}
