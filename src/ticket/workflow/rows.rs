//! A workflow as it is written down, before it is checked; and the one that is built in.

use std::collections::BTreeMap;

use super::{Need, Who};
use crate::{
    domain::Language,
    ticket::{ClosedAs, Notice, Status},
};

/// The longest name of a status, in bytes: it stands in commands and columns.
pub const LONGEST_NAME: usize = 40;

/// Statuses and transitions, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// The statuses.
    pub statuses: Vec<StatusRow>,
    /// The moves.
    pub transitions: Vec<TransitionRow>,
}

/// A status, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusRow {
    /// Small letters, digits, - and _.
    pub name: String,
    /// Which of the five it stands for.
    pub means: Status,
    /// What people read instead of the name.
    pub label: Option<String>,
    /// The same by language, for customers.
    pub labels: BTreeMap<Language, String>,
}

/// A move, as written. What is left out is as in the built-in row between the same meanings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransitionRow {
    /// Names of statuses; one of the five stands for the first of its meaning where no status is called so.
    pub from: Vec<String>,
    /// The same, of one.
    pub to: String,
    /// Who makes it.
    pub by: Option<Vec<Who>>,
    /// What has to be there.
    pub needs: Option<Need>,
    /// What is owed.
    pub notices: Option<Vec<Notice>>,
    /// Why a ticket may be closed by it.
    pub closed_as: Option<Vec<ClosedAs>>,
}

/// The mails that a move may owe. The others need facts that no move has.
pub const NOTICES: &[Notice] = &[
    Notice::Accepted,
    Notice::Resolved,
    Notice::Reopened,
    Notice::Closed,
    Notice::StaffReopened,
    Notice::StakeholderUpdate,
];

/// A built-in move: from, to, by whom, what it needs, what it owes, and why it may close a ticket.
type BuiltIn = (&'static [Status], Status, &'static [Who], Need, &'static [Notice], &'static [ClosedAs]);

/// The workflow of the product page, row by row. `deskgate.sample.toml` says the same, as a test checks.
const BUILT_IN: &[BuiltIn] = {
    use ClosedAs::*;
    use Notice as N;
    use Status::*;
    use Who::*;
    &[
        (&[New], Accepted, &[Staff], Need::Complete, &[N::Accepted, N::StakeholderUpdate], &[]),
        (&[Accepted], Resolved, &[Staff], Need::Nothing, &[N::Resolved, N::StakeholderUpdate], &[]),
        (&[Resolved], Verified, &[Staff, Requester, Silence], Need::Nothing, &[N::StakeholderUpdate], &[]),
        (
            &[Verified],
            Closed,
            &[Staff, Requester, Silence],
            Need::Nothing,
            &[N::Closed, N::StakeholderUpdate],
            &[Done],
        ),
        (
            &[Resolved, Verified],
            Accepted,
            &[Staff, Requester, Participant],
            Need::Nothing,
            &[N::StaffReopened, N::StakeholderUpdate],
            &[],
        ),
        (
            &[New, Accepted],
            Closed,
            &[Staff],
            Need::Nothing,
            &[N::Closed, N::StakeholderUpdate],
            &[Answered, Duplicate, Declined],
        ),
        (
            &[Closed],
            Accepted,
            &[Staff, Requester, Participant],
            Need::Nothing,
            &[N::Reopened, N::StaffReopened, N::StakeholderUpdate],
            &[],
        ),
    ]
};

/// The built-in workflow: the five statuses under their own names.
pub fn built_in() -> Rows {
    use crate::domain::Word;
    let status =
        |&means: &Status| StatusRow { name: means.to_string(), means, label: None, labels: BTreeMap::new() };
    let transition = |&(from, to, by, needs, notices, closed_as): &BuiltIn| TransitionRow {
        from: from.iter().map(ToString::to_string).collect(),
        to: to.to_string(),
        by: Some(by.to_vec()),
        needs: Some(needs),
        notices: Some(notices.to_vec()),
        closed_as: Some(closed_as.to_vec()).filter(|reasons| !reasons.is_empty()),
    };
    Rows {
        statuses: Status::ALL.iter().map(status).collect(),
        transitions: BUILT_IN.iter().map(transition).collect(),
    }
}

/// What a move between these meanings needs and owes where nobody says otherwise.
pub(super) struct Usual {
    pub by: &'static [Who],
    pub needs: Need,
    pub notices: &'static [Notice],
    pub closed_as: &'static [ClosedAs],
}

impl Usual {
    /// As in the built-in row between the two; else what the first built-in row into `to` owes.
    pub fn between(from: Status, to: Status) -> Usual {
        let exactly = BUILT_IN.iter().find(|row| row.0.contains(&from) && row.1 == to);
        let into = BUILT_IN.iter().find(|row| from != to && row.1 == to);
        match (exactly, into) {
            (Some(&(_, _, by, needs, notices, closed_as)), _) => Usual { by, needs, notices, closed_as },
            (None, Some(&(.., notices, closed_as))) => {
                Usual { by: &[Who::Staff], needs: Need::Nothing, notices, closed_as }
            }
            (None, None) => Usual {
                by: &[Who::Staff],
                needs: Need::Nothing,
                notices: &[Notice::StakeholderUpdate],
                closed_as: &[],
            },
        }
    }
}
