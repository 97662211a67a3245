//! What is promised, in words: for staff with the time in their own zone, for customers as lengths of time.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde::Serialize;

use crate::ticket::{
    clock::Goal,
    policy::{Policy, Targets},
};

/// A clock that runs or is over, for a notice to staff.
#[derive(Clone, Debug)]
pub struct DueView {
    /// What it is for.
    pub goal: Goal,
    /// When it is over, if that can be said.
    pub due: Option<Timestamp>,
    /// Whether it is.
    pub over: bool,
    /// Working time that is left.
    pub left: SignedDuration,
    /// Since when it pauses.
    pub paused_since: Option<Timestamp>,
}

/// What a severity means at this desk, for a customer.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SeverityView {
    /// What staff call it; may be empty.
    pub name: String,
    /// What it means, where the site says it in its own words.
    pub meaning: Option<String>,
    /// What we do about it, likewise.
    pub promise: Option<String>,
    /// What is promised from now on.
    pub promises: Vec<PromiseView>,
}

/// A time that is promised to a customer: the words `promise.<key>` and `time.<unit>.<form>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PromiseView {
    /// Which sentence.
    pub key: &'static str,
    /// `minute`, `hour` or `day`.
    pub unit: &'static str,
    /// `one` or `other`.
    pub form: &'static str,
    /// How many.
    pub count: i64,
}

impl SeverityView {
    /// What a policy promises once a person has answered.
    pub fn of(policy: &Policy) -> SeverityView {
        let always = policy.calendar.is_always();
        let Targets { next_update, resolution, .. } = policy.targets;
        let promise = |key: [&'static str; 2], target: Option<SignedDuration>| {
            target.map(|target| promised(if always { key[0] } else { key[1] }, target, always))
        };
        let promises = [
            promise(["next_update", "next_update_office"], next_update),
            promise(["resolution", "resolution_office"], resolution),
        ];
        SeverityView {
            name: policy.name.clone(),
            meaning: policy.meaning.clone(),
            promise: policy.promise.clone(),
            promises: promises.into_iter().flatten().collect(),
        }
    }
}

fn promised(key: &'static str, target: SignedDuration, always: bool) -> PromiseView {
    let minutes = (target.as_secs() + 59) / 60;
    let (unit, count) = match minutes {
        // A day of an office is no day of a customer.
        _ if always && minutes >= 2 * 1440 && minutes % 1440 == 0 => ("day", minutes / 1440),
        _ if minutes % 60 == 0 => ("hour", minutes / 60),
        _ => ("minute", minutes),
    };
    PromiseView { key, unit, form: if count == 1 { "one" } else { "other" }, count }
}

/// `First answer by Mon 23 Nov 2026, 11:00 CET (2 hours of working time left)`.
pub(super) fn sentence(due: &DueView, zone: &TimeZone) -> String {
    let what = due.goal.called();
    match (due.due, due.over, due.paused_since) {
        (Some(at), true, _) => format!("{what} was due {}", when(at, zone)),
        (_, false, Some(since)) => format!(
            "{what} waits for the customer since {} ({} of working time left)",
            when(since, zone),
            length(due.left)
        ),
        (Some(at), false, None) => {
            format!("{what} by {} ({} of working time left)", when(at, zone), length(due.left))
        }
        (None, ..) => what.to_owned(),
    }
}

/// `Mon 23 Nov 2026, 11:00 CET`.
pub fn when(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%a %-d %b %Y, %H:%M %Z").to_string()
}

/// `2 hours 30 minutes`; whole minutes, and never more than there are.
pub fn length(length: SignedDuration) -> String {
    let minutes = length.as_secs() / 60;
    let part = |count: i64, unit: &str| match count {
        0 => None,
        1 => Some(format!("1 {unit}")),
        count => Some(format!("{count} {unit}s")),
    };
    let parts = [part(minutes / 60, "hour"), part(minutes % 60, "minute")];
    match parts.into_iter().flatten().collect::<Vec<_>>() {
        parts if parts.is_empty() => "less than a minute".to_owned(),
        parts => parts.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_told_in_whole_units() {
        for (seconds, told) in [
            (0, "less than a minute"),
            (59, "less than a minute"),
            (60, "1 minute"),
            (3600, "1 hour"),
            (3660, "1 hour 1 minute"),
            (9000, "2 hours 30 minutes"),
            (144_000, "40 hours"),
        ] {
            assert_eq!(length(SignedDuration::from_secs(seconds)), told);
        }
    }

    #[test]
    fn a_promise_has_the_largest_unit_that_fits() {
        for (minutes, always, unit, form, count) in [
            (30, true, "minute", "other", 30),
            (1, true, "minute", "one", 1),
            (60, true, "hour", "one", 1),
            (90, false, "minute", "other", 90),
            (240, false, "hour", "other", 4),
            (1440, true, "hour", "other", 24),
            (2880, true, "day", "other", 2),
            (2880, false, "hour", "other", 48),
        ] {
            let view = promised("resolution", SignedDuration::from_mins(minutes), always);
            assert_eq!((view.unit, view.form, view.count), (unit, form, count), "{minutes}");
        }
    }

    #[test]
    fn staff_read_times_in_their_zone() {
        let due = DueView {
            goal: Goal::FirstAnswer,
            due: Some("2026-11-23T10:00:00Z".parse().unwrap()),
            over: false,
            left: SignedDuration::from_mins(90),
            paused_since: None,
        };
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        assert_eq!(
            sentence(&due, &berlin),
            "First answer by Mon 23 Nov 2026, 11:00 CET (1 hour 30 minutes of working time left)"
        );
        let over = DueView { over: true, ..due.clone() };
        assert_eq!(sentence(&over, &TimeZone::UTC), "First answer was due Mon 23 Nov 2026, 10:00 UTC");
        let pauses = DueView { due: None, paused_since: due.due, goal: Goal::Resolution, ..due };
        assert_eq!(
            sentence(&pauses, &TimeZone::UTC),
            "Resolution waits for the customer since Mon 23 Nov 2026, 10:00 UTC (1 hour 30 minutes of working time left)"
        );
    }
}
