//! What a severity promises: which numbers a desk uses, and what each of them means in time.

use super::Severity;
use crate::domain::words::word;

/// A set of severities as it comes with the desk, for a site to start from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Preset {
    /// Three, as Solution Street has them: stop everything, right away in business hours, next sprint.
    #[default]
    Three,
    /// Four, in the manner of VMware: critical, major, minor, cosmetic.
    Four,
}

word!(Preset, "set of severities", {
    Three => "three",
    Four => "four",
});

impl Preset {
    /// The numbers that it has, the worst first.
    pub fn severities(self) -> &'static [Severity] {
        use Severity::*;
        match self {
            Preset::Three => &[One, Two, Three],
            Preset::Four => &[One, Two, Three, Four],
        }
    }
}
