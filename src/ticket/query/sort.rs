//! In which order tickets are listed.

use crate::domain::words::word;

/// An order; what is equal by it is ordered by number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// The soonest promise first; what promises nothing comes last.
    #[default]
    Due,
    /// What changed last comes first.
    Changed,
    /// The newest first.
    Created,
    /// The worst first, what nobody rated last; of equals the oldest first.
    Severity,
    /// What has not changed for longest comes first.
    Waiting,
}

word!(Sort, "order", {
    Due => "due",
    Changed => "changed",
    Created => "created",
    Severity => "severity",
    Waiting => "waiting",
});

impl Sort {
    /// Whether greater keys come first.
    pub fn descends(self) -> bool {
        matches!(self, Sort::Changed | Sort::Created)
    }
}
