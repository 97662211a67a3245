//! How two tickets have to do with each other.

use crate::domain::words::word;

/// What one ticket is to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Link {
    /// They have to do with each other, either way round.
    Related,
    /// It is the cause of what the other reports; its resolution is told to the other's requester.
    Cause,
    /// It was split off from the other.
    Split,
}

word!(Link, "link between tickets", {
    Related => "related",
    Cause => "cause",
    Split => "split",
});

impl Link {
    /// What the other one is, seen from the ticket at hand; `from_here` when the link begins at it.
    pub fn phrase(self, from_here: bool) -> &'static str {
        match (self, from_here) {
            (Link::Related, _) => "related to",
            (Link::Cause, true) => "the cause of",
            (Link::Cause, false) => "caused by",
            (Link::Split, true) => "split off from",
            (Link::Split, false) => "was split into",
        }
    }
}
