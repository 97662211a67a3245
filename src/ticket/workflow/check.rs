//! From rows to a workflow in which nobody gets stuck; or everything that is wrong with them, at once.

use super::{
    State, Transition, Who, Workflow, either, nearest,
    rows::{LONGEST_NAME, NOTICES, Rows, StatusRow, TransitionRow, Usual},
};
use crate::{
    domain::Word,
    ticket::{ClosedAs, Notice, Status, rights::Actor},
};

/// A mistake and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Which row.
    pub at: At,
    /// Which key of it.
    pub key: &'static str,
    /// What is wrong.
    pub fault: Fault,
}

/// A row, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// None in particular.
    Whole,
    /// A status.
    Status(usize),
    /// A transition.
    Transition(usize),
}

/// What is wrong with a workflow.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A name that cannot be typed as a command.
    #[error(
        "`{0}` cannot be the name of a status; expected up to {LONGEST_NAME} small letters, digits, - and _, such as \"in-test\" (`label` is what people read)"
    )]
    BadName(String),
    /// Two statuses of one name.
    #[error("there are two statuses called `{0}`; names must differ")]
    TwiceNamed(String),
    /// A status that is called like another of the five.
    #[error(
        "a status called `{name}` has to mean \"{name}\", or commands that say {name} would be misread; it means \"{means}\", so call it otherwise"
    )]
    Misnamed {
        /// Its name.
        name: String,
        /// What it is to mean.
        means: Status,
    },
    /// One of the five has no status.
    #[error(
        "no status means \"{0}\", and a ticket must be able to be {0}; add one: [[status]] with means = \"{0}\""
    )]
    NoStatus(Status),
    /// A transition names a status that there is not.
    #[error("there is no status `{name}`{}; there are {known}", nearest.as_deref().map(|it| format!("; did you mean `{it}`?")).unwrap_or_default())]
    UnknownStatus {
        /// What was written.
        name: String,
        /// The status that looks most like it.
        nearest: Option<String>,
        /// Those there are.
        known: String,
    },
    /// A transition starts nowhere.
    #[error("this transition starts nowhere; name the status, or several in brackets")]
    FromNowhere,
    /// A transition that leads where it starts.
    #[error("this transition leads from `{0}` to itself")]
    ToItself(String),
    /// Two transitions between the same statuses.
    #[error("there is a transition from `{from}` to `{to}` already, the {}; put into one row what both say", ordinal(*.first))]
    Doubled {
        /// Where both start.
        from: String,
        /// Where both lead.
        to: String,
        /// The other row, counted from 0.
        first: usize,
    },
    /// A transition that nobody makes.
    #[error("nobody makes this transition; name some of {}", words::<Who>())]
    Nobody,
    /// A mail that no step can write.
    #[error("a transition owes no mail `{0}`; it can owe {known}", known = words_of(NOTICES))]
    NoSuchMail(Notice),
    /// Reasons for closing where nothing is closed.
    #[error("`{0}` does not mean \"closed\", so a ticket is not closed there for any reason; leave this out")]
    NotClosing(String),
    /// A transition closes tickets for no reason.
    #[error("a ticket is closed here for no reason; name some of {}", words::<ClosedAs>())]
    NoReason,
    /// No ticket ever gets to a status.
    #[error(
        "no ticket ever becomes `{status}`: no transitions lead from `{first}` to it; add one with to = \"{status}\""
    )]
    Unreached {
        /// The status.
        status: String,
        /// Where tickets begin.
        first: String,
    },
    /// A ticket that gets to a status stays open for ever.
    #[error(
        "a ticket that is `{0}` can never be closed: no transitions lead from there to a status that means \"closed\"; add one with from = \"{0}\""
    )]
    DeadEnd(String),
    /// The reporter's word leads nowhere.
    #[error(
        "a ticket that is `{status}` waits for its reporter's word, and when they say that {word} nothing can follow: add a transition from \"{status}\" {towards}, by \"requester\""
    )]
    NoAnswer {
        /// The status.
        status: String,
        /// What they say.
        word: &'static str,
        /// Where it should lead.
        towards: &'static str,
    },
}

impl Workflow {
    /// Makes a workflow of rows.
    ///
    /// # Errors
    /// Every mistake, in the order of the rows, each with its place.
    pub fn new(rows: &Rows) -> Result<Workflow, Vec<Mistake>> {
        let mut mistakes = status_mistakes(&rows.statuses);
        let statuses: Vec<State> = rows.statuses.iter().map(state).collect();
        let mut transitions: Vec<(usize, Transition)> = Vec::new();
        for (at, row) in rows.transitions.iter().enumerate() {
            read_transition(at, row, &statuses, &mut transitions, &mut mistakes);
        }
        let clear = |mistake: &Mistake| !mistake.fault.hides_ways();
        let workflow =
            Workflow { statuses, transitions: transitions.into_iter().map(|(_, row)| row).collect() };
        // Of a name that was mistyped it would be said once more that nobody gets there.
        if mistakes.iter().all(clear) {
            mistakes.extend(workflow.stuck());
        }
        mistakes.sort_by_key(|mistake| mistake.at);
        if mistakes.is_empty() { Ok(workflow) } else { Err(mistakes) }
    }

    /// Where tickets would get stuck, or never get.
    fn stuck(&self) -> Vec<Mistake> {
        let first = self.state(Status::New, None);
        let reached = self.reach([first], |row| (&row.from, &row.to));
        let closed = self.statuses.iter().filter(|state| state.means == Status::Closed);
        let closing = self.reach(closed, |row| (&row.to, &row.from));
        let mut mistakes = Vec::new();
        for (at, state) in self.statuses.iter().enumerate() {
            let mut found = |fault| mistakes.push(Mistake { at: At::Status(at), key: "name", fault });
            let status = state.name.clone();
            if !reached.contains(&status.as_str()) {
                found(Fault::Unreached { status: status.clone(), first: first.name.clone() });
            }
            if !closing.contains(&status.as_str()) {
                found(Fault::DeadEnd(status.clone()));
            }
            if state.means == Status::Resolved {
                self.unanswered(state).into_iter().for_each(found);
            }
        }
        mistakes
    }

    /// The names that can be got to from some, along the rows or against them.
    fn reach<'a>(
        &'a self,
        starts: impl IntoIterator<Item = &'a State>,
        ends: impl Fn(&'a Transition) -> (&'a String, &'a String),
    ) -> Vec<&'a str> {
        let mut there: Vec<&str> = starts.into_iter().map(|state| state.name.as_str()).collect();
        let mut at = 0;
        while let Some(&here) = there.get(at) {
            for (from, to) in self.transitions.iter().map(&ends) {
                if from == here && !there.contains(&to.as_str()) {
                    there.push(to);
                }
            }
            at += 1;
        }
        there
    }

    /// The words of a reporter who is asked to try a fix, that would lead nowhere.
    fn unanswered(&self, state: &State) -> Vec<Fault> {
        let theirs = |to: &[Status]| {
            self.from(state).any(|row| {
                row.by.iter().any(|who| who.covers(Actor::Requester))
                    && self.named(&row.to).is_some_and(|state| to.contains(&state.means))
            })
        };
        let fault = |word, towards| Fault::NoAnswer { status: state.name.clone(), word, towards };
        let works = (!theirs(&[Status::Verified, Status::Closed]))
            .then(|| fault("it works", "to a status that means \"verified\""));
        let fails = (!theirs(&[Status::Accepted]))
            .then(|| fault("it still fails", "to a status that means \"accepted\""));
        works.into_iter().chain(fails).collect()
    }
}

impl Fault {
    /// Whether ways through the workflow cannot be judged with it.
    fn hides_ways(&self) -> bool {
        matches!(
            self,
            Fault::BadName(_)
                | Fault::TwiceNamed(_)
                | Fault::Misnamed { .. }
                | Fault::NoStatus(_)
                | Fault::UnknownStatus { .. }
                | Fault::FromNowhere
                | Fault::Nobody
        )
    }
}

fn state(row: &StatusRow) -> State {
    let StatusRow { name, means, label, labels } = row.clone();
    State { name, means, label, labels }
}

fn status_mistakes(rows: &[StatusRow]) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let name = || row.name.clone();
        let fault = if !can_be_typed(&row.name) {
            Fault::BadName(crate::domain::text::line(&row.name))
        } else if rows.iter().take(at).any(|earlier| earlier.name == row.name) {
            Fault::TwiceNamed(name())
        } else if Status::from_word(&row.name).is_ok_and(|means| means != row.means) {
            Fault::Misnamed { name: name(), means: row.means }
        } else {
            continue;
        };
        mistakes.push(Mistake { at: At::Status(at), key: "name", fault });
    }
    for &means in Status::ALL {
        if rows.iter().all(|row| row.means != means) {
            mistakes.push(Mistake { at: At::Whole, key: "status", fault: Fault::NoStatus(means) });
        }
    }
    mistakes
}

fn can_be_typed(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
    (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(plain)
}

/// Adds what a row says to `read`, and what is wrong with it to `mistakes`.
fn read_transition(
    at: usize,
    row: &TransitionRow,
    statuses: &[State],
    read: &mut Vec<(usize, Transition)>,
    mistakes: &mut Vec<Mistake>,
) {
    let mut wrong = |key, fault| mistakes.push(Mistake { at: At::Transition(at), key, fault });
    if row.from.is_empty() {
        wrong("from", Fault::FromNowhere);
    }
    if row.by.as_ref().is_some_and(Vec::is_empty) {
        wrong("by", Fault::Nobody);
    }
    let foreign = row.notices.iter().flatten().filter(|notice| !NOTICES.contains(notice));
    foreign.for_each(|&notice| wrong("notices", Fault::NoSuchMail(notice)));
    let to = find(statuses, &row.to).unwrap_or_else(|fault| {
        wrong("to", fault);
        None
    });
    match (&row.closed_as, to) {
        (Some(_), Some(to)) if to.means != Status::Closed => {
            wrong("closed_as", Fault::NotClosing(to.name.clone()));
        }
        (Some(reasons), Some(_)) if reasons.is_empty() => wrong("closed_as", Fault::NoReason),
        _ => {}
    }
    for name in &row.from {
        let from = find(statuses, name).unwrap_or_else(|fault| {
            wrong("from", fault);
            None
        });
        let (Some(from), Some(to)) = (from, to) else { continue };
        let same = |(_, there): &&(usize, Transition)| there.from == from.name && there.to == to.name;
        if from.name == to.name {
            wrong("from", Fault::ToItself(to.name.clone()));
        } else if let Some((first, _)) = read.iter().find(same) {
            wrong("from", Fault::Doubled { from: from.name.clone(), to: to.name.clone(), first: *first });
        } else {
            read.push((at, transition(row, from, to)));
        }
    }
}

/// What the row leaves out is as usual.
fn transition(row: &TransitionRow, from: &State, to: &State) -> Transition {
    let usual = Usual::between(from.means, to.means);
    let reasons = || row.closed_as.clone().unwrap_or_else(|| usual.closed_as.to_vec());
    Transition {
        from: from.name.clone(),
        to: to.name.clone(),
        by: row.by.clone().unwrap_or_else(|| usual.by.to_vec()),
        needs: row.needs.unwrap_or(usual.needs),
        notices: row.notices.clone().unwrap_or_else(|| usual.notices.to_vec()),
        closed_as: if to.means == Status::Closed { reasons() } else { Vec::new() },
    }
}

/// The status of this name; one of the five stands for the first that means it, or for none, which is told elsewhere.
fn find<'a>(statuses: &'a [State], name: &str) -> Result<Option<&'a State>, Fault> {
    if let Some(named) = statuses.iter().find(|state| state.name == name) {
        return Ok(Some(named));
    }
    match Status::from_word(name) {
        Ok(means) => Ok(statuses.iter().find(|state| state.means == means)),
        Err(_) => {
            let names = || statuses.iter().map(|state| state.name.as_str());
            Err(Fault::UnknownStatus {
                name: crate::domain::text::line(name),
                nearest: nearest(name, names()).map(str::to_owned),
                known: names().collect::<Vec<_>>().join(", "),
            })
        }
    }
}

fn words<W: Word>() -> String {
    words_of(W::ALL)
}

fn words_of<W: Word>(some: &[W]) -> String {
    either(&some.iter().map(|word| word.as_str()).collect::<Vec<_>>())
}

fn ordinal(at: usize) -> String {
    match at {
        0 => "first".to_owned(),
        1 => "second".to_owned(),
        2 => "third".to_owned(),
        _ => format!("{}th", at + 1),
    }
}
