//! Warnings, breaches and steps, each told once.

use std::sync::Arc;

use super::*;
use crate::ticket::{
    Status,
    clock::{Life, Standing, clocks},
};

fn minute(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + minutes * 60).unwrap()
}

/// A first answer within an hour, told to three groups, half an hour from one to the next.
fn policy() -> Policy {
    let mut policy = Policy::bare(Severity::One, Arc::new(Calendar::always()));
    policy.targets.first_answer = Some(SignedDuration::from_hours(1));
    policy.escalate_every = SignedDuration::from_mins(30);
    policy
}

fn first(minutes: i64) -> Clock {
    let history = vec![Standing { since: minute(0), status: Status::New, waiting: false }];
    clocks(&Life { history, words: Vec::new() }, &policy(), minute(minutes))[0]
}

/// What is told at a minute, given what was: `warn`, `steps 0-1`, and when to look again.
fn at(minutes: i64, warned: bool, steps: usize) -> String {
    let telling = policy().telling(&first(minutes), Told { warned, steps }, minute(minutes));
    let said = match (telling.warn, telling.steps) {
        (true, _) => "warn".to_owned(),
        (false, (from, to)) if from == to => "-".to_owned(),
        (false, (from, to)) => format!("steps {from}-{to}"),
    };
    let next =
        telling.next.map_or("-".to_owned(), |next| next.duration_since(minute(0)).as_mins().to_string());
    format!("{said}, next {next}")
}

#[test]
fn each_thing_is_told_once_and_in_its_time() {
    for (minutes, warned, steps, expected) in [
        (0, false, 0, "-, next 48"),
        (47, false, 0, "-, next 48"),
        (48, false, 0, "warn, next 60"),
        (50, true, 0, "-, next 60"),
        (60, true, 0, "steps 0-1, next 90"),
        (61, true, 1, "-, next 90"),
        (90, true, 1, "steps 1-2, next 120"),
        (120, true, 2, "steps 2-3, next -"),
        (500, true, 3, "-, next -"),
        // Nobody was there for a while: what was missed is told together, and no warning comes after the end.
        (70, false, 0, "steps 0-1, next 90"),
        (500, false, 0, "steps 0-3, next -"),
    ] {
        assert_eq!(at(minutes, warned, steps), expected, "{minutes} {warned} {steps}");
    }
}

#[test]
fn what_is_kept_or_pauses_is_quiet() {
    let kept = Clock { met: Some(minute(70)), ..first(80) };
    let pauses = Clock { paused_since: Some(minute(65)), ..first(80) };
    for clock in [kept, pauses] {
        let telling = policy().telling(&clock, Told::default(), minute(80));
        assert_eq!((telling.warn, telling.steps.0 == telling.steps.1, telling.next), (false, true, None));
    }
}

#[test]
fn a_time_that_is_over_no_more_is_told_anew() {
    let later = policy().telling(&first(10), Told { warned: true, steps: 2 }, minute(10));
    assert_eq!(later.told, Told { warned: true, steps: 0 });
}

#[test]
fn nobody_to_be_told_is_told_nothing() {
    let quiet = Policy { escalate: Vec::new(), ..policy() };
    let telling = quiet.telling(&first(80), Told::default(), minute(80));
    assert_eq!((telling.steps, telling.next), ((0, 0), None));
}

#[test]
fn a_warning_is_a_share_or_a_time_before() {
    let hours = SignedDuration::from_hours;
    for (warn, after) in [
        (Warn::Share(80), hours(8)),
        (Warn::Share(1), SignedDuration::from_mins(6)),
        (Warn::Before(hours(1)), hours(9)),
        (Warn::Before(hours(11)), SignedDuration::ZERO),
    ] {
        assert_eq!(warn.after(hours(10)), after);
    }
}

#[test]
fn presets_ship_with_their_targets() {
    let hours = |preset: Preset| -> Vec<(i64, bool)> {
        preset.given().iter().map(|given| (given.first_answer, given.always)).collect()
    };
    assert_eq!(hours(Preset::Three), [(30, true), (240, false), (480, false)]);
    assert_eq!(hours(Preset::Four), [(30, true), (240, false), (480, false), (720, false)]);
}
