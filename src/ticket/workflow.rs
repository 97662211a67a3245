//! The workflow as data: the site's statuses, one row for each allowed move, one function that reads them.
//!
//! ```text
//! New ──▶ Accepted ──▶ Resolved ──▶ Verified ──▶ Closed
//!  │         │  ▲          │            │           │
//!  └─────────┤  └──────────┴── fails ───┘  reopened ┘
//!            └──▶ Closed (answered, duplicate, declined)
//! ```
//!
//! This is the built-in workflow ([`rows::built_in`]). A site may call its statuses otherwise and have more of them;
//! each stands for one of the five [`Status`]es, on which clocks, notices and rights hang. A [`Workflow`] is a value
//! that was checked when it was made (`check`): nobody gets stuck in it.

mod check;
mod picture;
pub mod rows;
mod terms;

#[cfg(test)]
mod tests;

use serde::Serialize;

pub use self::{
    check::{At, Fault, Mistake},
    terms::{Event, Given, Goal, Kept, Need, Refused, State, Step, Transition, Who},
};
use super::{Notice, Status, rights::Actor};
use crate::domain::Word;

/// Where a ticket can stand, and how it gets from there to elsewhere. Every meaning has a status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Workflow {
    /// In the order in which people expect them.
    pub statuses: Vec<State>,
    /// In the order in which they are tried.
    pub transitions: Vec<Transition>,
}

impl Workflow {
    /// The status in which a ticket stands, by what is stored: its meaning, and the site's name for it where it is
    /// not the first of that meaning. A name that the configuration no longer has stands for the first.
    pub fn state(&self, means: Status, name: Option<&str>) -> &State {
        let of_meaning = || self.statuses.iter().filter(|state| state.means == means);
        let named = name.and_then(|name| of_meaning().find(|state| state.name == name));
        named.or_else(|| of_meaning().next()).expect("the check asks for a status of every meaning")
    }

    /// What is stored for a status beside its meaning: nothing for the first of each.
    pub fn stored_name<'a>(&self, means: Status, name: &'a str) -> Option<&'a str> {
        (self.state(means, None).name != name).then_some(name)
    }

    /// What a word means that somebody wrote for a status: a name of the site's, or one of the five. Also what that means.
    ///
    /// # Errors
    /// [`Refused::Unknown`], with the nearest.
    pub fn goal(&self, word: &str) -> Result<(Goal, Status), Refused> {
        let word = word.trim().to_lowercase();
        if let Some(state) = self.named(&word) {
            return Ok((Goal::Named(word), state.means));
        }
        Status::from_word(&word).map(|means| (Goal::Means(means), means)).map_err(|_| {
            let names = || self.statuses.iter().map(|state| state.name.as_str());
            Refused::Unknown {
                nearest: nearest(&word, names()).map(str::to_owned),
                known: names().collect::<Vec<_>>().join(", "),
                name: crate::domain::text::line(&word),
            }
        })
    }

    /// Whether more than one status means this.
    pub fn has_several(&self, means: Status) -> bool {
        self.statuses.iter().filter(|state| state.means == means).count() > 1
    }

    /// What is kept of tickets that have reached a goal.
    pub fn kept(&self, goal: &Goal) -> Kept {
        let state = match goal {
            Goal::Means(_) => None,
            Goal::Named(name) => self.named(name),
        };
        let Some(State { name, means, .. }) = state else { return Kept::Any };
        match self.stored_name(*means, name) {
            Some(name) => Kept::As(name.to_owned()),
            None => {
                let others =
                    self.statuses.iter().filter(|state| state.means == *means && state.name != *name);
                Kept::ButNot(others.map(|state| state.name.clone()).collect())
            }
        }
    }

    /// One move of a ticket that stands in `from`: what happened in, the next status and what is owed out.
    ///
    /// # Errors
    /// A named refusal for whatever is no move, or not this actor's.
    pub fn step(&self, from: &State, event: Event, actor: Actor) -> Result<Step, Refused> {
        let (to, fits, given) = event.asks();
        let goal = Goal::Means(to);
        if from.means != to && !fits.contains(&from.means) {
            return Err(self.not_from_here(from, &goal));
        }
        self.go(from, &goal, given, actor)
    }

    /// One move of a ticket that stands in `from`, for a caller who speaks in statuses. Of several that lead to
    /// the same meaning the first that can be made is.
    ///
    /// # Errors
    /// A named refusal for whatever is no move, or not this actor's.
    pub fn go(&self, from: &State, goal: &Goal, given: Given, actor: Actor) -> Result<Step, Refused> {
        let there = |name: &str, means: Status| match goal {
            Goal::Means(status) => means == *status,
            Goal::Named(goal) => name == goal,
        };
        if there(&from.name, from.means) {
            return Err(Refused::Already(from.name.clone()));
        }
        let mut refused = None;
        for row in self.from(from) {
            let Some(to) = self.named(&row.to).filter(|to| there(&to.name, to.means)) else { continue };
            match made(row, from, to, given, actor) {
                Ok(step) => return Ok(step),
                Err(why) => refused = refused.or(Some(why)),
            }
        }
        Err(refused.unwrap_or_else(|| self.not_from_here(from, goal)))
    }

    /// The moves that lead on from a status.
    pub fn from<'a>(&'a self, state: &'a State) -> impl Iterator<Item = &'a Transition> {
        self.transitions.iter().filter(|row| row.from == state.name)
    }

    /// The status of this name.
    pub fn named(&self, name: &str) -> Option<&State> {
        self.statuses.iter().find(|state| state.name == name)
    }

    fn not_from_here(&self, from: &State, goal: &Goal) -> Refused {
        let mut possible: Vec<&str> = Vec::new();
        for row in self.from(from) {
            if !possible.contains(&row.to.as_str()) {
                possible.push(&row.to);
            }
        }
        let to = match goal {
            Goal::Means(status) => self.state(*status, None).name.clone(),
            Goal::Named(name) => name.clone(),
        };
        Refused::NotFromHere { from: from.name.clone(), to, possible: either(&possible) }
    }
}

impl Default for Workflow {
    /// The built-in one.
    fn default() -> Self {
        Workflow::new(&rows::built_in()).expect("the built-in workflow is sound, as a test checks")
    }
}

/// A move by this row.
fn made(row: &Transition, from: &State, to: &State, given: Given, actor: Actor) -> Result<Step, Refused> {
    let names = || (from.name.clone(), to.name.clone());
    if !row.by.iter().any(|who| who.covers(actor)) {
        let ((from, to), by) = (names(), row.by.iter().map(|who| who.as_str()).collect::<Vec<_>>());
        return Err(Refused::NotTheirs { from, to, by: either(&by) });
    }
    let closed_as = given.closed_as.or(row.closed_as.first().copied()).filter(|_| to.means == Status::Closed);
    if let Some(as_) = closed_as.filter(|as_| !row.closed_as.contains(as_)) {
        let reasons = row.closed_as.iter().map(|as_| as_.as_str()).collect::<Vec<_>>();
        return Err(Refused::WrongReason { from: from.name.clone(), as_, reasons: either(&reasons) });
    }
    match row.needs {
        Need::Complete if !given.complete && !given.reason => return Err(Refused::Incomplete),
        Need::Reason if !given.reason => {
            let (from, to) = names();
            return Err(Refused::NoReason { from, to });
        }
        Need::Nothing | Need::Complete | Need::Reason => {}
    }
    Ok(Step {
        to: to.means,
        name: to.name.clone(),
        closed_as,
        owed: row.notices.clone(),
        waits_for_customer: row.notices.contains(&Notice::Resolved),
        without_facts: row.needs == Need::Complete && !given.complete,
    })
}

/// "accepted, in-work or closed".
fn either(words: &[&str]) -> String {
    match words {
        [] => "nothing else".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// A slip of the keys is close to what was meant: one in three letters at most.
fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = crate::domain::text::prefix(word, rows::LONGEST_NAME);
    let near =
        known.map(|name| (strsim::damerau_levenshtein(word, name), name)).min_by_key(|(far, _)| *far)?;
    (near.0 <= word.chars().count().max(3).div_ceil(3)).then_some(near.1)
}
