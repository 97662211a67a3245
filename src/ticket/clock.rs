//! The clocks of a ticket: first answer, next update, resolution.
//!
//! A clock is never wound by hand. It is computed from what happened to the ticket ([`Life`]) and from the policy of
//! its severity, each time anew, so that another severity, calendar or target counts from the start:
//!
//! * *First answer* runs from the opening until a person of ours writes to the customer or moves the ticket on. It never
//!   pauses: that the desk asked for facts by itself is no answer.
//! * *Next update* runs from the first answer on and begins anew with each public word of ours, as long as the ticket is
//!   not resolved. It pauses while the next word is the customer's.
//! * *Resolution* runs from the opening until the ticket is resolved. It pauses while the next word is the customer's.
//!   A fix that fails takes it up where it stood: the time in which the fix was tried is a pause.
//!
//! A closed ticket that is reopened begins a new life, with new clocks. Pauses are added up apart from what ran.

use jiff::{SignedDuration, Timestamp};

use super::{Severity, Status, calendar::Calendar, policy::Policy};
use crate::domain::words::word;

/// What is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Goal {
    /// The first word of a person of ours.
    FirstAnswer,
    /// The next word of ours.
    NextUpdate,
    /// The fix that can be tried.
    Resolution,
}

word!(Goal, "clock", {
    FirstAnswer => "first-answer",
    NextUpdate => "next-update",
    Resolution => "resolution",
});

impl Goal {
    /// What people call it: `First answer`.
    pub fn called(self) -> &'static str {
        match self {
            Goal::FirstAnswer => "First answer",
            Goal::NextUpdate => "Next update",
            Goal::Resolution => "Resolution",
        }
    }
}

/// How a ticket stood from a moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// From when on.
    pub since: Timestamp,
    /// Where it stood.
    pub status: Status,
    /// Whether the next word was the customer's.
    pub waiting: bool,
}

impl Standing {
    /// Whether the resolution is still owed.
    fn is_open(&self) -> bool {
        matches!(self.status, Status::New | Status::Accepted)
    }
}

/// What happened to a ticket, as far as clocks care.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Life {
    /// How it stood, oldest first.
    pub history: Vec<Standing>,
    /// When persons of ours wrote to the customer, oldest first.
    pub words: Vec<Timestamp>,
}

impl Life {
    /// When it was opened or last reopened.
    pub fn started(&self) -> Option<Timestamp> {
        current_life(&self.history).first().map(|standing| standing.since)
    }
}

/// One clock, as it stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// What it is for.
    pub goal: Goal,
    /// By whose policy.
    pub severity: Severity,
    /// When it began.
    pub started: Timestamp,
    /// Working time that was promised.
    pub target: SignedDuration,
    /// When that is over. Nobody can say while it pauses, unless it is over already.
    pub due: Option<Timestamp>,
    /// When staff are warned, as [`Clock::due`].
    pub warn: Option<Timestamp>,
    /// Since when it pauses, if it does.
    pub paused_since: Option<Timestamp>,
    /// Working time that it paused, all together.
    pub paused: SignedDuration,
    /// Working time that is left; none once it is over.
    pub left: SignedDuration,
    /// When the promise was kept, in time or late.
    pub met: Option<Timestamp>,
}

impl Clock {
    /// Whether the promise was broken by this moment, whatever came later.
    pub fn is_breached(&self, now: Timestamp) -> bool {
        self.due.is_some_and(|due| self.met.unwrap_or(now) >= due && now >= due)
    }
}

/// A stretch of time; the last may have no end yet.
type Stretch = (Timestamp, Option<Timestamp>);

/// The clocks of a ticket at a moment, in the order of [`Goal`]; those without a target, or that do not run yet or no
/// more without ever having been due, are not among them.
pub fn clocks(life: &Life, policy: &Policy, now: Timestamp) -> Vec<Clock> {
    let history = current_life(&life.history);
    let Some(opened) = history.first().map(|standing| standing.since) else { return Vec::new() };
    let words: Vec<Timestamp> = life.words.iter().copied().filter(|word| *word >= opened).collect();
    let answered = answered_at(history, &words, opened);
    let resolved = resolved_at(history);
    let targets = &policy.targets;
    let first = targets
        .first_answer
        .map(|target| clock(policy, Goal::FirstAnswer, target, (opened, answered), &[], now));
    let update =
        targets.next_update.zip(answered).filter(|_| resolved.is_none()).map(|(target, answered)| {
            let last = words.last().copied().unwrap_or(answered).max(answered);
            clock(policy, Goal::NextUpdate, target, (last, None), &pauses(history), now)
        });
    let resolution = targets
        .resolution
        .map(|target| clock(policy, Goal::Resolution, target, (opened, resolved), &pauses(history), now));
    [first, update, resolution].into_iter().flatten().collect()
}

/// What happened since it was opened or last reopened.
fn current_life(history: &[Standing]) -> &[Standing] {
    let reopened = |pair: &[Standing]| matches!(pair, [before, after] if before.status == Status::Closed && after.status != Status::Closed);
    let at = history.windows(2).rposition(reopened).map_or(0, |at| at + 1);
    history.get(at..).unwrap_or_default()
}

/// When a person of ours first wrote to the customer or moved the ticket on.
fn answered_at(history: &[Standing], words: &[Timestamp], opened: Timestamp) -> Option<Timestamp> {
    let moved = history.windows(2).find_map(|pair| match pair {
        [before, after] if before.status != after.status => Some(after.since),
        _ => None,
    });
    let word = words.iter().copied().find(|word| *word >= opened);
    word.into_iter().chain(moved).min()
}

/// Since when the resolution is owed no more, if so.
fn resolved_at(history: &[Standing]) -> Option<Timestamp> {
    let done = history.iter().rev().take_while(|standing| !standing.is_open());
    done.last().map(|standing| standing.since)
}

/// When nobody waited for us: the customer was asked, or had a fix to try.
fn pauses(history: &[Standing]) -> Vec<Stretch> {
    let mut pauses: Vec<Stretch> = Vec::new();
    for (at, standing) in history.iter().enumerate() {
        let end = history.get(at + 1).map(|next| next.since);
        if !standing.waiting && standing.is_open() {
            continue;
        }
        match pauses.last_mut() {
            Some(last) if last.1 == Some(standing.since) => last.1 = end,
            _ => pauses.push((standing.since, end)),
        }
    }
    pauses
}

fn clock(
    policy: &Policy,
    goal: Goal,
    target: SignedDuration,
    (started, met): Stretch,
    pauses: &[Stretch],
    now: Timestamp,
) -> Clock {
    let calendar = &policy.calendar;
    let pauses = clipped(pauses, started, met);
    let running = between(&pauses, started, met);
    let due = run(calendar, &running, target);
    let warn = run(calendar, &running, policy.warn.after(target));
    let paused = pauses.iter().map(|(from, to)| calendar.working_between(*from, to.unwrap_or(now)));
    let ran = running
        .iter()
        .map(|(from, to)| calendar.working_between(*from, to.unwrap_or(now).min(now.max(*from))));
    let left = target - ran.fold(SignedDuration::ZERO, |sum, each| sum.saturating_add(each));
    let open = pauses.last().filter(|(_, to)| to.is_none() && met.is_none());
    Clock {
        goal,
        severity: policy.severity,
        started,
        target,
        // What was kept before it was due is due no more.
        due: due.filter(|due| met.is_none_or(|met| *due < met)),
        warn,
        paused_since: open.map(|(from, _)| *from),
        paused: paused.fold(SignedDuration::ZERO, |sum, each| sum.saturating_add(each)),
        left: left.max(SignedDuration::ZERO),
        met,
    }
}

/// The pauses within a clock's run.
fn clipped(pauses: &[Stretch], started: Timestamp, met: Option<Timestamp>) -> Vec<Stretch> {
    let inside = |&(from, to): &Stretch| {
        let from = from.max(started);
        let to = match (to, met) {
            (Some(to), Some(met)) => Some(to.min(met)),
            (to, met) => to.or(met),
        };
        to.is_none_or(|to| to > from).then_some((from, to))
    };
    pauses.iter().filter_map(inside).collect()
}

/// The stretches that the pauses leave.
fn between(pauses: &[Stretch], started: Timestamp, met: Option<Timestamp>) -> Vec<Stretch> {
    let mut running = Vec::new();
    let mut from = Some(started);
    for &(pause, end) in pauses {
        running.extend(from.map(|from| (from, Some(pause))));
        from = end;
    }
    running.extend(from.map(|from| (from, met)));
    running
}

/// When so much working time has run, if it has.
fn run(calendar: &Calendar, running: &[Stretch], target: SignedDuration) -> Option<Timestamp> {
    let mut left = target;
    for &(from, to) in running {
        let ran = to.map_or(left, |to| calendar.working_between(from, to));
        if ran >= left {
            return Some(calendar.add_working(from, left));
        }
        left -= ran;
    }
    None
}

mod span;
pub use span::{Span, spans};

#[cfg(test)]
mod tests;
