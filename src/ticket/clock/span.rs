//! How long what was done took, whether a time was promised or not: what reports count.

use jiff::{SignedDuration, Timestamp};

use super::{Goal, Life, Stretch, answered_at, between, clipped, clock, current_life, pauses, resolved_at};
use crate::ticket::{Severity, calendar::Calendar, policy::Policy};

/// A first answer or a resolution that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Which of both.
    pub goal: Goal,
    /// By whose policy.
    pub severity: Severity,
    /// When the ticket was opened or last reopened.
    pub started: Timestamp,
    /// When it was given.
    pub met: Timestamp,
    /// Working time that was promised.
    pub target: Option<SignedDuration>,
    /// When it should have been given, where it came later.
    pub due: Option<Timestamp>,
    /// Working time that it took us, as its clock runs.
    pub ran: SignedDuration,
    /// Working time until then in which the customer had the next word or a fix to try. The clock of the first answer runs
    /// on meanwhile, so there it is a part of what ran.
    pub waited: SignedDuration,
}

/// What was done for a ticket since it was opened or last reopened.
pub fn spans(life: &Life, policy: &Policy) -> Vec<Span> {
    let history = current_life(&life.history);
    let Some(opened) = history.first().map(|standing| standing.since) else { return Vec::new() };
    let pauses = pauses(history);
    let span = |goal: Goal, target: Option<SignedDuration>, met: Option<Timestamp>, ours: &[Stretch]| {
        let met = met?;
        let due = target.and_then(|target| clock(policy, goal, target, (opened, Some(met)), ours, met).due);
        let ran = between(&clipped(ours, opened, Some(met)), opened, Some(met));
        Some(Span {
            goal,
            severity: policy.severity,
            started: opened,
            met,
            target,
            due,
            ran: working(&policy.calendar, &ran, met),
            waited: working(&policy.calendar, &clipped(&pauses, opened, Some(met)), met),
        })
    };
    let answered = answered_at(history, &life.words, opened);
    [
        span(Goal::FirstAnswer, policy.targets.first_answer, answered, &[]),
        span(Goal::Resolution, policy.targets.resolution, resolved_at(history), &pauses),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn working(calendar: &Calendar, stretches: &[Stretch], end: Timestamp) -> SignedDuration {
    let each = stretches.iter().map(|(from, to)| calendar.working_between(*from, to.unwrap_or(end).min(end)));
    each.fold(SignedDuration::ZERO, |sum, each| sum.saturating_add(each))
}
