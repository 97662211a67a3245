//! Lives of tickets, written as lines, and the clocks they leave.

use std::sync::Arc;

use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::ticket::policy::{Targets, Warn};

/// A moment of the week that begins on Monday, 2026-11-23: `Mon 09:00`, in UTC.
fn at(text: &str) -> Timestamp {
    const DAYS: [&str; 14] = [
        "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Mon2", "Tue2", "Wed2", "Thu2", "Fri2", "Sat2",
        "Sun2",
    ];
    let (day, time) = text.split_once(' ').unwrap();
    let day = DAYS.iter().position(|name| *name == day).unwrap() + 23;
    let (month, day) = if day > 30 { (12, day - 30) } else { (11, day) };
    format!("2026-{month}-{day:02}T{time}:00Z").parse().unwrap()
}

/// `Mon 09:00 new; Mon 10:00 new waiting; Mon 10:30 word`.
fn life(text: &str) -> Life {
    let mut life = Life::default();
    for line in text.split(';').map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let when = at(&words[..2].join(" "));
        match words[2] {
            "word" => life.words.push(when),
            status => life.history.push(Standing {
                since: when,
                status: status.parse().unwrap(),
                waiting: words.contains(&"waiting"),
            }),
        }
    }
    life
}

/// First answer within 2 hours, updates every 4, resolution within 8; the office has nine to five.
fn policy(always: bool) -> Policy {
    let calendar = if always { Calendar::always() } else { Calendar::office(TimeZone::UTC) };
    let hours = |hours| Some(SignedDuration::from_hours(hours));
    Policy {
        targets: Targets { first_answer: hours(2), next_update: hours(4), resolution: hours(8) },
        warn: Warn::Share(75),
        ..Policy::bare(Severity::Two, Arc::new(calendar))
    }
}

/// A clock in words: `due Mon 11:00`, `kept`, `late`, `paused 1h, 3h left`.
fn told(clock: &Clock, now: Timestamp) -> String {
    let when = |at: Timestamp| at.strftime("%a %d %H:%M").to_string();
    let paused = match clock.paused {
        SignedDuration::ZERO => String::new(),
        paused => format!(", paused {paused:#}"),
    };
    let state = match (clock.met, clock.due, clock.paused_since) {
        (Some(at), None, _) => format!("kept {}", when(at)),
        (Some(at), Some(due), _) => format!("due {}, late {}", when(due), when(at)),
        (None, Some(due), _) if due <= now => format!("broken {}", when(due)),
        (None, _, Some(since)) => format!("pauses since {}, {:#} left", when(since), clock.left),
        (None, Some(due), None) => format!("due {}, {:#} left", when(due), clock.left),
        (None, None, None) => "?".to_owned(),
    };
    format!("{state}{paused}")
}

#[track_caller]
fn expect(always: bool, story: &str, now: &str, expected: &[(&str, &str)]) {
    let now = at(now);
    let got: Vec<(String, String)> = clocks(&life(story), &policy(always), now)
        .iter()
        .map(|clock| (clock.goal.to_string(), told(clock, now)))
        .collect();
    let got: Vec<(&str, &str)> = got.iter().map(|(goal, told)| (goal.as_str(), told.as_str())).collect();
    assert_eq!(got, expected, "{story}");
}

#[test]
fn a_new_ticket_owes_an_answer_and_a_fix() {
    expect(
        true,
        "Mon 09:00 new",
        "Mon 10:00",
        &[("first-answer", "due Mon 23 11:00, 1h left"), ("resolution", "due Mon 23 17:00, 7h left")],
    );
    expect(
        false,
        "Fri 16:00 new",
        "Sat 12:00",
        &[("first-answer", "due Mon 30 10:00, 1h left"), ("resolution", "due Mon 30 16:00, 7h left")],
    );
}

#[test]
fn the_question_of_the_desk_is_no_answer_but_pauses_the_fix() {
    expect(
        true,
        "Mon 09:00 new waiting",
        "Mon 10:00",
        &[
            ("first-answer", "due Mon 23 11:00, 1h left"),
            ("resolution", "pauses since Mon 23 09:00, 8h left, paused 1h"),
        ],
    );
    expect(
        true,
        "Mon 09:00 new waiting; Mon 10:30 new",
        "Mon 12:00",
        &[
            ("first-answer", "broken Mon 23 11:00"),
            ("resolution", "due Mon 23 18:30, 6h 30m left, paused 1h 30m"),
        ],
    );
}

#[test]
fn a_word_or_a_move_is_an_answer() {
    for answer in ["Mon 10:00 word", "Mon 10:00 accepted"] {
        expect(
            true,
            &format!("Mon 09:00 new; {answer}"),
            "Mon 11:30",
            &[
                ("first-answer", "kept Mon 23 10:00"),
                ("next-update", "due Mon 23 14:00, 2h 30m left"),
                ("resolution", "due Mon 23 17:00, 5h 30m left"),
            ],
        );
    }
    let story = "Mon 09:00 new; Mon 11:30 word";
    let first = |now: &str| told(&clocks(&life(story), &policy(true), at(now))[0], at(now));
    assert_eq!(first("Mon 12:00"), "due Mon 23 11:00, late Mon 23 11:30");
}

#[test]
fn an_answer_at_the_very_moment_is_in_time() {
    let story = "Mon 09:00 new; Mon 11:00 word";
    let clock = clocks(&life(story), &policy(true), at("Mon 12:00"))[0];
    assert!(!clock.is_breached(at("Mon 12:00")) && clock.due.is_none());
}

#[test]
fn each_word_begins_the_next_update_anew() {
    expect(
        true,
        "Mon 09:00 new; Mon 10:00 word; Mon 10:00 accepted; Mon 13:30 word",
        "Mon 14:00",
        &[
            ("first-answer", "kept Mon 23 10:00"),
            ("next-update", "due Mon 23 17:30, 3h 30m left"),
            ("resolution", "due Mon 23 17:00, 3h left"),
        ],
    );
}

#[test]
fn waiting_for_the_customer_pauses_and_is_counted_apart() {
    let story = "Mon 09:00 new; Mon 10:00 word; Mon 10:00 accepted waiting; Mon 15:00 accepted";
    expect(
        true,
        story,
        "Mon 16:00",
        &[
            ("first-answer", "kept Mon 23 10:00"),
            ("next-update", "due Mon 23 19:00, 3h left, paused 5h"),
            ("resolution", "due Mon 23 22:00, 6h left, paused 5h"),
        ],
    );
    // A night is no pause by the office's hours.
    let story = "Mon 09:00 new; Mon 10:00 word; Mon 16:00 accepted waiting; Tue 10:00 accepted";
    let now = at("Tue 10:00");
    assert_eq!(
        told(&clocks(&life(story), &policy(false), now)[2], now),
        "due Tue 24 11:00, 1h left, paused 2h"
    );
}

#[test]
fn pauses_that_touch_are_one_and_one_without_length_is_none() {
    let story =
        "Mon 09:00 new; Mon 10:00 accepted waiting; Mon 11:00 resolved waiting; Mon 12:00 accepted waiting;
        Mon 13:00 accepted; Mon 13:00 accepted waiting; Mon 13:00 accepted";
    let now = at("Mon 14:00");
    assert_eq!(
        told(&clocks(&life(story), &policy(true), now)[2], now),
        "due Mon 23 20:00, 6h left, paused 3h"
    );
}

#[test]
fn what_is_resolved_owes_no_update_and_keeps_its_time() {
    for after in ["", "; Mon 14:00 verified; Mon 15:00 closed"] {
        expect(
            true,
            &format!("Mon 09:00 new; Mon 10:00 accepted; Mon 12:00 resolved waiting{after}"),
            "Wed 09:00",
            &[("first-answer", "kept Mon 23 10:00"), ("resolution", "kept Mon 23 12:00")],
        );
    }
    let story = "Mon 09:00 new; Mon 18:00 resolved waiting";
    let now = at("Tue 09:00");
    assert_eq!(
        told(&clocks(&life(story), &policy(true), now)[1], now),
        "due Mon 23 17:00, late Mon 23 18:00"
    );
}

#[test]
fn a_fix_that_fails_takes_the_clock_up_where_it_stood() {
    expect(
        true,
        "Mon 09:00 new; Mon 10:00 accepted; Mon 12:00 resolved waiting; Tue 12:00 verified; Tue 13:00 accepted",
        "Tue 14:00",
        &[
            ("first-answer", "kept Mon 23 10:00"),
            ("next-update", "due Tue 24 15:00, 1h left, paused 25h"),
            ("resolution", "due Tue 24 18:00, 4h left, paused 25h"),
        ],
    );
}

#[test]
fn a_ticket_that_is_reopened_begins_anew() {
    expect(
        true,
        "Mon 09:00 new; Mon 10:00 word; Mon 12:00 closed; Wed 09:00 accepted",
        "Wed 10:00",
        &[("first-answer", "due Wed 25 11:00, 1h left"), ("resolution", "due Wed 25 17:00, 7h left")],
    );
}

#[test]
fn what_is_over_stays_over_when_it_pauses_or_is_kept_later() {
    let story = "Mon 09:00 new; Mon 18:00 accepted waiting; Tue 09:00 accepted; Tue 10:00 resolved waiting";
    for (now, expected) in [
        ("Mon 19:00", "broken Mon 23 17:00, paused 1h"),
        ("Tue 09:30", "broken Mon 23 17:00, paused 15h"),
        ("Wed 09:30", "due Mon 23 17:00, late Tue 24 10:00, paused 15h"),
    ] {
        let until = at(now);
        let mut life = life(story);
        life.history.retain(|standing| standing.since <= until);
        let clock = *clocks(&life, &policy(true), until).last().unwrap();
        assert_eq!(told(&clock, until), expected);
        assert!(clock.is_breached(until));
    }
}

#[test]
fn another_policy_counts_from_the_start() {
    let mut slow = policy(true);
    slow.targets.first_answer = Some(SignedDuration::from_hours(5));
    slow.targets.resolution = None;
    let now = at("Mon 12:00");
    let life = life("Mon 09:00 new");
    assert_eq!(told(&clocks(&life, &policy(true), now)[0], now), "broken Mon 23 11:00");
    let slow = clocks(&life, &slow, now);
    assert_eq!((slow.len(), told(&slow[0], now).as_str()), (1, "due Mon 23 14:00, 2h left"));
}

#[test]
fn a_warning_comes_before_the_end_unless_it_pauses() {
    let now = at("Mon 09:30");
    let first = clocks(&life("Mon 09:00 new"), &policy(true), now)[0];
    assert_eq!(first.warn, Some(at("Mon 10:30")));
    let paused = clocks(&life("Mon 09:00 new waiting"), &policy(true), now)[1];
    assert_eq!((paused.warn, paused.due), (None, None));
}

#[test]
fn a_ticket_without_a_history_has_no_clocks() {
    assert!(clocks(&Life::default(), &policy(true), at("Mon 09:00")).is_empty());
}

fn any_life() -> impl Strategy<Value = Life> {
    let status = prop::sample::select(vec![
        Status::New,
        Status::Accepted,
        Status::Resolved,
        Status::Verified,
        Status::Closed,
    ]);
    let steps = prop::collection::vec((0i64..200_000, status, any::<bool>()), 1..12);
    let words = prop::collection::vec(0i64..2_000_000, 0..5);
    (steps, words).prop_map(|(steps, mut words)| {
        let start = at("Mon 09:00");
        let mut since = start;
        let history = steps
            .into_iter()
            .map(|(later, status, waiting)| {
                since += SignedDuration::from_secs(later);
                Standing { since, status, waiting }
            })
            .collect();
        words.sort();
        Life {
            history,
            words: words.into_iter().map(|word| start + SignedDuration::from_secs(word)).collect(),
        }
    })
}

proptest! {
    #[test]
    fn what_ran_and_what_paused_add_up(life in any_life(), always: bool, later in 0i64..3_000_000) {
        // Nothing of it lies ahead.
        let last = life.words.iter().copied().chain([life.history.last().unwrap().since]).max().unwrap();
        let now = last + SignedDuration::from_secs(later);
        let policy = policy(always);
        for clock in clocks(&life, &policy, now) {
            let end = clock.met.unwrap_or(now).max(clock.started);
            let whole = policy.calendar.working_between(clock.started, end);
            let ran = clock.target - clock.left;
            prop_assert!(ran + clock.paused <= whole + SignedDuration::from_nanos(0) || clock.left.is_zero());
            if !clock.left.is_zero() {
                prop_assert_eq!(ran + clock.paused, whole);
            }
            prop_assert_eq!(clock.left.is_zero() && clock.met.is_none_or(|met| clock.due.is_some_and(|due| due < met)), clock.is_breached(now) , "{:?}", clock);
            prop_assert!(clock.paused_since.is_none() || clock.met.is_none());
            prop_assert!(clock.due.is_none_or(|due| due >= clock.started));
        }
    }
}

/// What was done, in words: `first-answer after 1h, waited 2h, late`.
fn took(story: &str, always: bool) -> Vec<String> {
    let told = |span: &Span| {
        let late = if span.due.is_some() { ", late" } else { "" };
        format!("{} after {:#}, waited {:#}{late}", span.goal, span.ran, span.waited)
    };
    spans(&life(story), &policy(always)).iter().map(told).collect()
}

#[test]
fn what_was_done_took_working_time() {
    for (story, expected) in [
        ("Mon 10:00 new", vec![]),
        ("Mon 10:00 new; Mon 11:30 word", vec!["first-answer after 1h 30m, waited 0s"]),
        // From Friday, four, to Monday, eleven: an hour and two.
        ("Fri 16:00 new; Mon2 11:00 word", vec!["first-answer after 3h, waited 0s, late"]),
        // The customer was asked at once: the first answer runs on, and what it waited is told apart.
        (
            "Mon 10:00 new waiting; Mon 11:00 new; Mon 11:30 word",
            vec!["first-answer after 1h 30m, waited 1h"],
        ),
        (
            "Mon 09:00 new; Mon 10:00 accepted waiting; Mon 12:00 accepted; Mon 13:00 resolved",
            vec!["first-answer after 1h, waited 0s", "resolution after 2h, waited 2h"],
        ),
        // The fix failed: what was resolved is not.
        (
            "Mon 09:00 new; Mon 10:00 accepted; Mon 11:00 resolved; Mon 12:00 accepted",
            vec!["first-answer after 1h, waited 0s"],
        ),
        // Nine hours of ours, and eight were promised; the hour of the trial is the customer's.
        (
            "Mon 09:00 new; Mon 10:00 accepted; Mon 11:00 resolved; Mon 12:00 accepted; Tue 16:00 resolved",
            vec!["first-answer after 1h, waited 0s", "resolution after 14h, waited 1h, late"],
        ),
        // Reopened: a new life.
        (
            "Mon 09:00 new; Mon 10:00 closed; Tue 09:00 accepted; Tue 10:00 word; Tue 11:00 resolved",
            vec!["first-answer after 1h, waited 0s", "resolution after 2h, waited 0s"],
        ),
    ] {
        assert_eq!(took(story, false), expected, "{story}");
    }
}

#[test]
fn round_the_clock_working_time_is_plain_time() {
    assert_eq!(took("Fri 16:00 new; Sat 16:00 word", true), ["first-answer after 24h, waited 0s, late"]);
}

#[test]
fn what_took_how_long_is_told_without_a_promise() {
    let bare = Policy::bare(Severity::Three, Arc::new(Calendar::always()));
    let spans = spans(&life("Mon 09:00 new; Mon 12:00 resolved"), &bare);
    assert_eq!(spans.len(), 2);
    assert!(spans.iter().all(|span| span.target.is_none()
        && span.due.is_none()
        && span.ran == SignedDuration::from_hours(3)));
}
