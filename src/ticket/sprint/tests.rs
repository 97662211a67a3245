use jiff::civil::{date, time};

use super::*;

fn sprints() -> Sprints {
    Sprints { first: date(2026, 11, 2), weeks: 2, zone: TimeZone::get("Europe/Berlin").unwrap() }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn a_day_is_in_one_sprint() {
    for (when, number) in [
        ("2026-10-01T00:00:00Z", 1),
        ("2026-11-02T00:00:00+01:00", 1),
        ("2026-11-15T23:59:59+01:00", 1),
        ("2026-11-16T00:00:00+01:00", 2),
        ("2027-03-29T00:00:00+02:00", 11),
    ] {
        assert_eq!(sprints().at(at(when)).unwrap().number, number, "{when}");
    }
    let second = sprints().number(2).unwrap();
    assert_eq!((second.from, second.to), (date(2026, 11, 16), date(2026, 11, 29)));
    assert_eq!(second.ends, sprints().number(3).unwrap().begins);
    assert_eq!(sprints().number(0), None);
    assert_eq!(sprints().number(i32::MAX), None);
}

#[test]
fn who_is_away_works_fewer_days_of_a_sprint() {
    let sprint = sprints().number(1).unwrap();
    let day = |day| date(2026, 11, day);
    for (away, days) in [
        (&[][..], 10),
        (&[(day(1), Some(day(3)))], 8),
        (&[(day(7), Some(day(8)))], 10),
        (&[(day(4), Some(day(6))), (day(5), Some(day(9)))], 6),
        (&[(day(13), None)], 9),
        (&[(date(2026, 10, 1), None)], 0),
        (&[(day(16), None)], 10),
    ] {
        assert_eq!(sprint.workdays(away), days, "{away:?}");
    }
}

#[test]
fn the_weekly_question_comes_at_the_same_time_of_day_in_summer_and_in_winter() {
    let next = |after: &str| sprints().next(at(after), Weekday::Thursday, time(9, 0, 0, 0)).unwrap();
    assert_eq!(next("2026-11-20T00:00:00Z"), at("2026-11-26T09:00:00+01:00"));
    assert_eq!(next("2026-11-26T08:59:59+01:00"), at("2026-11-26T09:00:00+01:00"));
    assert_eq!(next("2026-11-26T09:00:00+01:00"), at("2026-12-03T09:00:00+01:00"));
    assert_eq!(next("2027-03-25T12:00:00+01:00"), at("2027-04-01T09:00:00+02:00"));
}
