//! Where a ticket stands.

use crate::domain::words::word;

/// The five statuses, in the order of a ticket's life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Arrived; nobody has taken it on yet.
    #[default]
    New,
    /// Staff agree that it is theirs to solve, and know what it is.
    Accepted,
    /// The fix is in the test environment; the reporter is asked to try it.
    Resolved,
    /// The reporter says it works.
    Verified,
    /// Done: in production and looked at again, or ended for another reason.
    Closed,
}

word!(Status, "status", {
    New => "new",
    Accepted => "accepted",
    Resolved => "resolved",
    Verified => "verified",
    Closed => "closed",
});

/// Why a ticket is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClosedAs {
    /// Verified, shipped, and looked at again.
    Done,
    /// A question or misunderstanding that an answer settles.
    Answered,
    /// Another ticket is about the same thing.
    Duplicate,
    /// Nothing will be done about it.
    Declined,
}

word!(ClosedAs, "reason for closing", {
    Done => "done",
    Answered => "answered",
    Duplicate => "duplicate",
    Declined => "declined",
});
