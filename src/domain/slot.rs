//! The three facts a problem report needs.

use super::words::word;

/// One of the facts without which nobody can reproduce a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// What the sender did before it happened.
    Steps,
    /// What actually happened.
    Actual,
    /// What the sender expected instead.
    Expected,
}

word!(Slot, "part of a report", {
    Steps => "steps",
    Actual => "actual",
    Expected => "expected",
});
