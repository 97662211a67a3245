//! What staff say of the gate's reading, in one word each.

use crate::domain::{Slot, words::word};

/// A word of staff about what the gate read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overrule {
    /// These facts are there; without any, all are.
    Complete(Vec<Slot>),
    /// These are not: ask for them; without any, for what is missing.
    Ask(Vec<Slot>),
    /// It is no problem report.
    NoReport,
}

/// What a word of staff is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Whether it is a problem report at all.
    ProblemReport,
    /// What the sender did.
    Steps,
    /// What happened.
    Actual,
    /// What they expected.
    Expected,
}

word!(Part, "part of a labelled example", {
    ProblemReport => "problem-report",
    Steps => "steps",
    Actual => "actual",
    Expected => "expected",
});

impl From<Slot> for Part {
    fn from(slot: Slot) -> Part {
        match slot {
            Slot::Steps => Part::Steps,
            Slot::Actual => Part::Actual,
            Slot::Expected => Part::Expected,
        }
    }
}

/// What staff say of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StaffSay {
    /// It is there.
    Present,
    /// It is not.
    Missing,
    /// It can be done without; whether it is there they do not say.
    Enough,
}

word!(StaffSay, "word about the gate's reading", {
    Present => "present",
    Missing => "missing",
    Enough => "enough",
});
