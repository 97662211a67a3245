//! The workflow as data: one row for each allowed move, one function that reads it.
//!
//! ```text
//! New ──▶ Accepted ──▶ Resolved ──▶ Verified ──▶ Closed
//!  │         │  ▲          │            │           │
//!  └─────────┤  └──────────┴── fails ───┘  reopened ┘
//!            └──▶ Closed (answered, duplicate, declined)
//! ```

use super::{ClosedAs, Notice, Status};

/// Something that happens to a ticket and may move it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// Staff take it on; the report is complete.
    Accept,
    /// Staff take it on although the gate found something missing, with a reason.
    AcceptIncomplete {
        /// Whether a reason was given.
        reason_given: bool,
    },
    /// The fix is in the test environment.
    Resolve,
    /// The reporter says that it works, or staff say so on their behalf.
    Verify,
    /// The reporter says that it still fails.
    StillFails,
    /// Staff close it.
    Close(ClosedAs),
    /// The reporter writes again, within the reopen window, or staff reopen it.
    Reopen,
}

/// A move that was made: the next status, and what is owed for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where the ticket stands now.
    pub to: Status,
    /// Why it is closed, when it is.
    pub closed_as: Option<ClosedAs>,
    /// Mails owed; each names its audience.
    pub owed: &'static [Notice],
    /// Whether the next word is the customer's.
    pub waits_for_customer: bool,
}

/// A move that is not allowed, and what would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The report lacks facts and no reason was given to go on without them.
    #[error("the report is incomplete; give a reason to accept it as it is")]
    Incomplete,
    /// The ticket already stands there.
    #[error("the ticket is already {0}")]
    Already(Status),
    /// Another move has to come first.
    #[error("a ticket that is {from} cannot become {to}; from {from} it can become {}", possible(*.from))]
    NotFromHere {
        /// Where it stands.
        from: Status,
        /// Where it was to go.
        to: Status,
    },
    /// The reason for closing belongs to another status.
    #[error("a ticket that is {from} cannot be closed as {as_}: {hint}")]
    WrongReason {
        /// Where it stands.
        from: Status,
        /// The reason that was given.
        as_: ClosedAs,
        /// What to do instead.
        hint: &'static str,
    },
}

/// One move of a ticket: `status` and `event` in, the next status and what is owed out.
///
/// # Errors
/// A named refusal for every pair that is no move.
pub fn step(status: Status, event: Event) -> Result<Step, Refused> {
    use Event::*;
    use Notice as N;
    use Status::*;

    let to = target(event);
    match (status, event) {
        (New, AcceptIncomplete { reason_given: false }) => Err(Refused::Incomplete),
        (New, Accept | AcceptIncomplete { .. }) => Ok(moved(to, &[N::Accepted, N::StakeholderUpdate], false)),
        (Accepted, Resolve) => Ok(moved(to, &[N::Resolved, N::StakeholderUpdate], true)),
        (Resolved, Verify) => Ok(moved(to, &[N::StakeholderUpdate], false)),
        (Resolved | Verified, StillFails) => Ok(moved(to, &[N::StaffReopened, N::StakeholderUpdate], false)),
        (Closed, Reopen) => Ok(moved(to, &[N::Reopened, N::StaffReopened, N::StakeholderUpdate], false)),

        (Verified, Close(ClosedAs::Done)) => Ok(closed(ClosedAs::Done)),
        (New | Accepted, Close(as_ @ (ClosedAs::Answered | ClosedAs::Duplicate | ClosedAs::Declined))) => {
            Ok(closed(as_))
        }
        (New | Accepted, Close(as_ @ ClosedAs::Done)) => Err(Refused::WrongReason {
            from: status,
            as_,
            hint: "only a verified ticket is done; close it as answered, duplicate or declined",
        }),
        (Verified, Close(as_)) => {
            Err(Refused::WrongReason { from: status, as_, hint: "a verified ticket is closed as done" })
        }

        (from, _) if from == to => Err(Refused::Already(from)),
        (from, Accept | AcceptIncomplete { .. } | Resolve | Verify | StillFails | Close(_) | Reopen) => {
            Err(Refused::NotFromHere { from, to })
        }
    }
}

/// The event that would bring a ticket from `from` to `to`, for a caller who
/// speaks in statuses. `closed_as` is used when `to` is closed.
pub fn event_towards(
    from: Status,
    to: Status,
    complete: bool,
    reason_given: bool,
    closed_as: Option<ClosedAs>,
) -> Result<Event, Refused> {
    use Status::*;
    Ok(match (from, to) {
        (from, to) if from == to => return Err(Refused::Already(from)),
        (Resolved | Verified, Accepted) => Event::StillFails,
        (Closed, Accepted) => Event::Reopen,
        (_, Accepted) if complete => Event::Accept,
        (_, Accepted) => Event::AcceptIncomplete { reason_given },
        (_, Resolved) => Event::Resolve,
        (_, Verified) => Event::Verify,
        (Verified, Closed) => Event::Close(closed_as.unwrap_or(ClosedAs::Done)),
        (_, Closed) => Event::Close(closed_as.unwrap_or(ClosedAs::Answered)),
        (_, New) => return Err(Refused::NotFromHere { from, to }),
    })
}

fn target(event: Event) -> Status {
    match event {
        Event::Accept | Event::AcceptIncomplete { .. } | Event::StillFails | Event::Reopen => {
            Status::Accepted
        }
        Event::Resolve => Status::Resolved,
        Event::Verify => Status::Verified,
        Event::Close(_) => Status::Closed,
    }
}

fn moved(to: Status, owed: &'static [Notice], waits_for_customer: bool) -> Step {
    Step { to, closed_as: None, owed, waits_for_customer }
}

fn closed(as_: ClosedAs) -> Step {
    Step {
        to: Status::Closed,
        closed_as: Some(as_),
        owed: &[Notice::Closed, Notice::StakeholderUpdate],
        waits_for_customer: false,
    }
}

/// The statuses that can be reached from `from`, as people would list them.
fn possible(from: Status) -> &'static str {
    match from {
        Status::New => "accepted or closed",
        Status::Accepted => "resolved or closed",
        Status::Resolved => "verified or accepted",
        Status::Verified => "closed or accepted",
        Status::Closed => "accepted",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENTS: [Event; 11] = [
        Event::Accept,
        Event::AcceptIncomplete { reason_given: true },
        Event::AcceptIncomplete { reason_given: false },
        Event::Resolve,
        Event::Verify,
        Event::StillFails,
        Event::Close(ClosedAs::Done),
        Event::Close(ClosedAs::Answered),
        Event::Close(ClosedAs::Duplicate),
        Event::Close(ClosedAs::Declined),
        Event::Reopen,
    ];

    /// The whole table, one line a status, one column an event of `EVENTS`:
    /// the next status, or why not.
    #[test]
    fn every_status_and_event_is_a_step_or_a_named_refusal() {
        let table = [
            (Status::New, "accepted accepted incomplete no no no reason closed closed closed no"),
            (
                Status::Accepted,
                "already already already resolved no already reason closed closed closed already",
            ),
            (Status::Resolved, "no no no already verified accepted no no no no no"),
            (Status::Verified, "no no no no already accepted closed reason reason reason no"),
            (Status::Closed, "no no no no no no already already already already accepted"),
        ];
        for (from, row) in table {
            let got: Vec<String> = EVENTS
                .iter()
                .map(|&event| match step(from, event) {
                    Ok(step) => step.to.to_string(),
                    Err(Refused::Incomplete) => "incomplete".into(),
                    Err(Refused::Already(_)) => "already".into(),
                    Err(Refused::NotFromHere { .. }) => "no".into(),
                    Err(Refused::WrongReason { .. }) => "reason".into(),
                })
                .collect();
            assert_eq!(got.join(" "), row, "from {from}");
        }
    }
}
