//! What a severity promises: which numbers a desk uses, and what each of them means in time.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{Severity, calendar::Calendar, clock::Clock};
use crate::domain::words::word;

/// A set of severities as it comes with the desk, for a site to start from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Preset {
    /// Three, as Solution Street has them: stop everything, right away in business hours, next sprint.
    #[default]
    Three,
    /// Four, in the manner of VMware: critical, major, minor, cosmetic.
    Four,
}

word!(Preset, "set of severities", {
    Three => "three",
    Four => "four",
});

/// What a preset says of one severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// Which one.
    pub severity: Severity,
    /// What staff call it; empty where the number says it all.
    pub name: &'static str,
    /// Minutes until the first answer.
    pub first_answer: i64,
    /// Minutes until the next update, where one is promised.
    pub next_update: Option<i64>,
    /// Whether its clock runs day and night.
    pub always: bool,
}

impl Preset {
    /// What it has, the worst first. The first answers of four are those that VMware publishes for production
    /// support: half an hour round the clock, then 4, 8 and 12 business hours. Neither publishes a time for the fix.
    pub fn given(self) -> &'static [Given] {
        const fn given(
            severity: Severity,
            name: &'static str,
            first_answer: i64,
            next_update: Option<i64>,
        ) -> Given {
            Given { severity, name, first_answer, next_update, always: matches!(severity, Severity::One) }
        }
        const HOUR: i64 = 60;
        // A working day has eight hours.
        const THREE: &[Given] = &[
            given(Severity::One, "", 30, Some(HOUR)),
            given(Severity::Two, "", 4 * HOUR, Some(8 * HOUR)),
            given(Severity::Three, "", 8 * HOUR, Some(40 * HOUR)),
        ];
        const FOUR: &[Given] = &[
            given(Severity::One, "critical", 30, Some(HOUR)),
            given(Severity::Two, "major", 4 * HOUR, Some(8 * HOUR)),
            given(Severity::Three, "minor", 8 * HOUR, Some(40 * HOUR)),
            given(Severity::Four, "cosmetic", 12 * HOUR, None),
        ];
        match self {
            Preset::Three => THREE,
            Preset::Four => FOUR,
        }
    }
}

impl Given {
    /// The policy that a site starts from.
    pub fn policy(&self, calendar: &Arc<Calendar>) -> Policy {
        let mut policy = Policy::bare(self.severity, calendar.clone());
        policy.name = self.name.to_owned();
        policy.targets.first_answer = Some(SignedDuration::from_mins(self.first_answer));
        policy.targets.next_update = self.next_update.map(SignedDuration::from_mins);
        if self.always {
            policy.escalate_every = SignedDuration::from_mins(30);
        }
        policy
    }
}

/// What a severity promises and who is told when it is not kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Which one.
    pub severity: Severity,
    /// What staff call it; may be empty.
    pub name: String,
    /// What it means, where a site says it in words of its own.
    pub meaning: Option<String>,
    /// What we do about it, likewise.
    pub promise: Option<String>,
    /// How long what may take.
    pub targets: Targets,
    /// By which hours that is counted.
    pub calendar: Arc<Calendar>,
    /// When staff are warned.
    pub warn: Warn,
    /// Who is told when a time is over, one after the other.
    pub escalate: Vec<Whom>,
    /// Working time between one of them and the next.
    pub escalate_every: SignedDuration,
}

/// Working time until what is promised; `None` where nothing is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Targets {
    /// Until the first answer.
    pub first_answer: Option<SignedDuration>,
    /// From one word of ours to the next.
    pub next_update: Option<SignedDuration>,
    /// Until the fix can be tried.
    pub resolution: Option<SignedDuration>,
}

/// When staff are warned that a time will be over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warn {
    /// When so many of a hundred parts are gone.
    Share(u8),
    /// So much working time before the end.
    Before(SignedDuration),
}

impl Warn {
    /// How much of a target is gone then.
    pub fn after(self, target: SignedDuration) -> SignedDuration {
        match self {
            Warn::Share(percent) => target / 100 * i32::from(percent.min(100)),
            Warn::Before(length) => (target - length).max(SignedDuration::ZERO),
        }
    }
}

/// Who is told that a time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whom {
    /// Who works on it; everybody where nobody does.
    Assignee,
    /// Those who hand tickets out.
    Leads,
    /// All staff.
    Everybody,
}

word!(Whom, "group of staff", {
    Assignee => "assignee",
    Leads => "leads",
    Everybody => "everybody",
});

/// What staff were told of a clock so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// That it will be over.
    pub warned: bool,
    /// That it is over: how many steps of [`Policy::escalate`].
    pub steps: usize,
}

/// What is to be told of a clock at a moment, and when to look again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Telling {
    /// Staff are warned.
    pub warn: bool,
    /// These steps of [`Policy::escalate`] are told; none when both are the same.
    pub steps: (usize, usize),
    /// What was told then.
    pub told: Told,
    /// The next moment at which something is to be told, if nothing happens before.
    pub next: Option<Timestamp>,
}

impl Policy {
    /// One that promises nothing yet.
    pub fn bare(severity: Severity, calendar: Arc<Calendar>) -> Policy {
        Policy {
            severity,
            name: String::new(),
            meaning: None,
            promise: None,
            targets: Targets::default(),
            calendar,
            warn: Warn::Share(80),
            escalate: vec![Whom::Assignee, Whom::Leads, Whom::Everybody],
            escalate_every: SignedDuration::from_hours(2),
        }
    }

    /// What is to be told of a clock of this policy. A pause is quiet, and what was told of a time that is over no
    /// more (another severity, another calendar) is forgotten.
    pub fn telling(&self, clock: &Clock, told: Told, now: Timestamp) -> Telling {
        let breached = clock.is_breached(now);
        let told = if breached { told } else { Told { steps: 0, ..told } };
        let quiet = Telling { warn: false, steps: (0, 0), told, next: None };
        let Some(due) = clock.due.filter(|_| clock.met.is_none() && clock.paused_since.is_none()) else {
            return quiet;
        };
        if breached {
            let reached = (0..self.escalate.len()).take_while(|step| self.step_at(due, *step) <= now).count();
            let steps = reached.max(told.steps);
            let next = (steps < self.escalate.len()).then(|| self.step_at(due, steps));
            return Telling { steps: (told.steps, steps), told: Told { steps, ..told }, next, ..quiet };
        }
        match clock.warn.filter(|_| !told.warned) {
            Some(at) if at <= now => {
                Telling { warn: true, told: Told { warned: true, ..told }, next: Some(due), ..quiet }
            }
            at => Telling { next: Some(at.unwrap_or(due)), ..quiet },
        }
    }

    fn step_at(&self, due: Timestamp, step: usize) -> Timestamp {
        let steps = i32::try_from(step).unwrap_or(i32::MAX);
        self.calendar.add_working(due, self.escalate_every.saturating_mul(steps))
    }
}

#[cfg(test)]
mod tests;
