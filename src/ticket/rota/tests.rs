use jiff::{
    ToSpan,
    civil::{date, time},
};
use proptest::prelude::*;

use super::*;

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

/// Three people, a week each from Monday the 2nd of November at nine, in Berlin.
fn weekly() -> Rota {
    Rota {
        members: 3,
        at_once: 1,
        from: date(2026, 11, 2),
        at: time(9, 0, 0, 0),
        days: 7,
        weekdays: vec![],
        hours: None,
        zone: zone("Europe/Berlin"),
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn turns_follow_each_other_at_the_time_of_day() {
    for (when, on_duty) in [
        ("2026-11-02T08:59:59+01:00", vec![]),
        ("2026-11-02T09:00:00+01:00", vec![0]),
        ("2026-11-09T08:59:59+01:00", vec![0]),
        ("2026-11-09T09:00:00+01:00", vec![1]),
        ("2026-11-16T09:00:00+01:00", vec![2]),
        ("2026-11-23T09:00:00+01:00", vec![0]),
        ("2020-01-01T00:00:00Z", vec![]),
    ] {
        assert_eq!(weekly().on_duty(at(when)), on_duty, "{when}");
    }
}

#[test]
fn a_handover_stays_at_nine_when_the_clocks_change() {
    let rota = weekly();
    let handovers = rota.handovers(at("2027-03-20T00:00:00Z"), 3);
    let local: Vec<String> = handovers
        .iter()
        .map(|each| each.at.to_zoned(rota.zone.clone()).strftime("%F %R %z").to_string())
        .collect();
    assert_eq!(local, ["2027-03-22 09:00 +0100", "2027-03-29 09:00 +0200", "2027-04-05 09:00 +0200"]);
    assert_eq!(handovers[0].to, [2]);
}

/// Daily turns that change in the hour which is left out (March) or comes twice (October).
#[test]
fn in_both_change_nights_a_turn_changes_once_and_never_back() {
    for (day, changes) in
        [(date(2027, 3, 28), "2027-03-28T01:30:00Z"), (date(2026, 10, 25), "2026-10-25T00:30:00Z")]
    {
        let rota =
            Rota { from: day.checked_sub(2.days()).unwrap(), at: time(2, 30, 0, 0), days: 1, ..weekly() };
        let midnight = day.to_zoned(zone("UTC")).unwrap().timestamp();
        let seen: Vec<(Timestamp, usize)> = (-60..240)
            .map(|minute| midnight + minute.minutes())
            .map(|minute| (minute, rota.on_duty(minute)[0]))
            .collect();
        let turns: Vec<&(Timestamp, usize)> =
            seen.windows(2).filter(|pair| pair[0].1 != pair[1].1).map(|pair| &pair[1]).collect();
        assert_eq!(turns, [&(at(changes), 2)], "{day}");
    }
}

#[test]
fn several_are_on_duty_at_a_time() {
    let rota = Rota { at_once: 2, ..weekly() };
    assert_eq!(rota.on_duty(at("2026-11-17T12:00:00Z")), [2, 0]);
    let all = Rota { at_once: 9, ..weekly() };
    assert_eq!(all.on_duty(at("2026-11-10T12:00:00Z")), [1, 2, 0]);
    assert_eq!(Rota { members: 0, ..weekly() }.on_duty(at("2026-11-17T12:00:00Z")), [0; 0]);
}

#[test]
fn nobody_had_the_first_turn_before() {
    let first = Handover { at: at("2026-11-02T09:00:00+01:00"), to: vec![0] };
    assert_eq!(weekly().last_handover(first.at), Some((first.clone(), vec![])));
    assert_eq!(weekly().last_handover(first.at - 1.seconds()), None);
}

#[test]
fn outside_their_days_and_hours_nobody_is_on_duty() {
    let office = Rota {
        weekdays: vec![Weekday::Monday, Weekday::Friday],
        hours: Some((time(9, 0, 0, 0), time(17, 0, 0, 0))),
        ..weekly()
    };
    let night = Rota { hours: Some((time(22, 0, 0, 0), time(6, 0, 0, 0))), ..office.clone() };
    for (when, by_day, by_night) in [
        ("2026-11-06T08:59:00+01:00", false, false),
        ("2026-11-06T09:00:00+01:00", true, false),
        ("2026-11-06T16:59:00+01:00", true, false),
        ("2026-11-06T17:00:00+01:00", false, false),
        ("2026-11-06T22:00:00+01:00", false, true),
        ("2026-11-07T05:59:00+01:00", false, true),
        ("2026-11-07T06:00:00+01:00", false, false),
        ("2026-11-07T12:00:00+01:00", false, false),
        ("2026-11-09T05:00:00+01:00", false, false),
    ] {
        assert_eq!(!office.on_duty(at(when)).is_empty(), by_day, "by day {when}");
        assert_eq!(!night.on_duty(at(when)).is_empty(), by_night, "by night {when}");
        assert!(!office.whose_turn(at(when)).is_empty());
    }
}

proptest! {
    #[test]
    fn any_instant_of_any_rota_has_an_answer(
        seconds in -200_000_000_000i64..200_000_000_000,
        members in 0usize..9,
        at_once in 0usize..9,
        days in 0u16..=u16::MAX,
        year in -9999i16..=9999,
        hour in 0i8..24,
        zoned in 0usize..3,
    ) {
        let rota = Rota {
            members, at_once, days,
            from: date(year, 6, 15),
            at: time(hour, 30, 0, 0),
            zone: zone(["UTC", "Europe/Berlin", "Australia/Lord_Howe"][zoned]),
            ..weekly()
        };
        let when = Timestamp::from_second(seconds).unwrap();
        prop_assert!(rota.on_duty(when).iter().all(|place| *place < members));
        prop_assert!(rota.handovers(when, 3).iter().all(|each| each.at > when));
    }

    #[test]
    fn between_two_handovers_nothing_changes(hours in 0i64..30_000, days in 1u16..20, within in 0.0..1.0f64) {
        let rota = Rota { days, ..weekly() };
        let when = at("2026-11-02T09:00:00+01:00") + hours.hours();
        let next = &rota.handovers(when, 2);
        prop_assert!(next[0].at > when && next[1].at > next[0].at);
        let length = next[1].at.as_second() - next[0].at.as_second();
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a share of a length")]
        let inside = next[0].at + ((length as f64 * within) as i64).seconds();
        prop_assert_eq!(rota.on_duty(inside), next[0].to.clone());
        prop_assert_eq!(rota.last_handover(inside), Some((next[0].clone(), rota.whose_turn(when))));
    }
}
