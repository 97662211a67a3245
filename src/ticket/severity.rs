//! How bad it is, for the people it hits.

use crate::domain::words::word;

/// Severity 1 to 4. A smaller number is worse. Which of them a desk uses is configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Production is down or key features are unusable.
    One,
    /// Serious and for many, may involve money; usually with a workaround.
    Two,
    /// Few are hit and the workaround is easy.
    Three,
    /// Nothing is broken: looks, wording, a question.
    Four,
}

word!(Severity, "severity", {
    One => "1",
    Two => "2",
    Three => "3",
    Four => "4",
});

impl Severity {
    /// The number people say.
    pub fn number(self) -> i16 {
        self as i16 + 1
    }
}
