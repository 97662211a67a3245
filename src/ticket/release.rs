//! What a release does to a ticket that it names.

use super::Status;
use crate::domain::words::word;

/// What became of a ticket that a release names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Whom it concerns is told that it is in production, and asked for a last look.
    Live,
    /// It is left alone: nobody said that it was fixed.
    NotResolved,
    /// It was over already.
    Closed,
}

word!(Outcome, "outcome of a release", {
    Live => "live",
    NotResolved => "not-resolved",
    Closed => "closed",
});

impl Outcome {
    /// What a release does to a ticket in this status.
    pub fn of(status: Status) -> Outcome {
        match status {
            Status::Resolved | Status::Verified => Outcome::Live,
            Status::New | Status::Accepted => Outcome::NotResolved,
            Status::Closed => Outcome::Closed,
        }
    }
}
