//! Triage: who is able to help.

use crate::domain::words::word;

/// Triage level 1 to 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A misunderstanding; answered with help text.
    One,
    /// Host, network, database: operations.
    Two,
    /// Code or data: a developer; needs a reproduction before it is planned.
    Three,
}

word!(Level, "triage level", {
    One => "1",
    Two => "2",
    Three => "3",
});

impl Level {
    /// The number people say.
    pub fn number(self) -> i16 {
        self as i16 + 1
    }
}
