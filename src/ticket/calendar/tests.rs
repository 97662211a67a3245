//! Office hours, nights, holidays, and both change nights of a year.

use proptest::prelude::*;

use super::*;

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

/// A calendar from `Mon 09:00-12:00 13:00-17:30, Tue 22:00-02:00`; `daily` stands for every day.
fn calendar(zone_name: &str, hours: &str, holidays: &[&str]) -> Calendar {
    made(zone_name, hours, holidays).unwrap_or_else(|error| panic!("{error}"))
}

fn made(zone_name: &str, hours: &str, holidays: &[&str]) -> Result<Calendar, CalendarError> {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let mut days: [Vec<Period>; 7] = Default::default();
    for part in hours.split(',').map(str::trim) {
        let (day, periods) = part.split_once(' ').unwrap_or((part, ""));
        let periods: Vec<Period> = periods.split_whitespace().map(Period::parse).collect::<Result<_, _>>()?;
        for (at, name) in DAYS.iter().enumerate() {
            let working = day == "workdays" && at < 5;
            if day == "daily" || working || day == *name {
                days[at].extend(&periods);
            }
        }
    }
    let mut off = Holidays::default();
    holidays.iter().try_for_each(|text| off.add(text))?;
    Calendar::new(zone(zone_name), Hours::Weekly(days), off)
}

/// `2026-11-23 09:00` by the wall in the calendar's zone (the first, where it comes twice), or an instant with a `Z`.
fn at(calendar: &Calendar, text: &str) -> Timestamp {
    match text.strip_suffix('Z') {
        Some(_) => text.replace(' ', "T").parse().unwrap(),
        None => {
            let civil: jiff::civil::DateTime = text.replace(' ', "T").parse().unwrap();
            calendar.zone.to_ambiguous_timestamp(civil).earlier().unwrap()
        }
    }
}

fn length(text: &str) -> SignedDuration {
    text.parse().unwrap()
}

/// From a start, so much working time leads to an end, and back.
#[track_caller]
fn leads(calendar: &Calendar, start: &str, working: &str, end: &str) {
    let (from, to) = (at(calendar, start), at(calendar, end));
    let got = calendar.add_working(from, length(working));
    assert_eq!(got, to, "{start} + {working}: {} is not {end}", got.to_zoned(calendar.zone.clone()));
    assert_eq!(calendar.working_between(from, to), length(working), "{start} to {end}");
}

const OFFICE: &str = "workdays 09:00-12:00 13:00-17:30";

#[test]
fn an_office_counts_its_hours() {
    let office = calendar("Europe/Berlin", OFFICE, &[]);
    // 2026-11-23 is a Monday.
    for (start, working, end) in [
        ("2026-11-23 09:00", "1h", "2026-11-23 10:00"),
        ("2026-11-23 09:00", "3h", "2026-11-23 12:00"),
        ("2026-11-23 09:00", "3h 1m", "2026-11-23 13:01"),
        ("2026-11-23 09:00", "7h 30m", "2026-11-23 17:30"),
        ("2026-11-23 09:00", "7h 30m 1s", "2026-11-24 09:00:01"),
        ("2026-11-23 08:00", "1h", "2026-11-23 10:00"),
        ("2026-11-23 12:30", "1h", "2026-11-23 14:00"),
        ("2026-11-23 11:30", "1h", "2026-11-23 13:30"),
        ("2026-11-23 17:30", "1m", "2026-11-24 09:01"),
        ("2026-11-23 23:59", "1m", "2026-11-24 09:01"),
        ("2026-11-27 17:00", "1h", "2026-11-30 09:30"),
        ("2026-11-28 12:00", "30m", "2026-11-30 09:30"),
        ("2026-11-29 23:00", "30m", "2026-11-30 09:30"),
        ("2026-11-23 09:00", "37h 30m", "2026-11-27 17:30"),
        ("2026-11-23 09:00", "37h 31m", "2026-11-30 09:01"),
    ] {
        leads(&office, start, working, end);
    }
}

#[test]
fn no_time_is_now_and_what_lies_behind_is_none() {
    let office = calendar("Europe/Berlin", OFFICE, &[]);
    let (sunday, monday) = (at(&office, "2026-11-22 10:00"), at(&office, "2026-11-23 10:00"));
    assert_eq!(office.add_working(sunday, SignedDuration::ZERO), sunday);
    assert_eq!(office.add_working(sunday, length("-1h")), sunday);
    assert_eq!(office.working_between(monday, sunday), SignedDuration::ZERO);
    assert_eq!(office.working_between(sunday, sunday), SignedDuration::ZERO);
    assert_eq!(office.working_between(sunday, monday), length("1h"));
}

#[test]
fn holidays_are_skipped_once_or_each_year() {
    let office = calendar("Europe/Berlin", OFFICE, &["12-25", "2026-12-24", "02-29"]);
    leads(&office, "2026-12-23 17:00", "1h", "2026-12-28 09:30");
    leads(&office, "2027-12-23 17:00", "1h", "2027-12-24 09:30");
    leads(&office, "2028-02-28 17:00", "1h", "2028-03-01 09:30");
}

#[test]
fn a_holiday_ends_no_night_shift_that_began_before_it() {
    let nights = calendar("Europe/Berlin", "daily 22:00-06:00", &["2026-12-25"]);
    leads(&nights, "2026-12-24 22:00", "8h", "2026-12-25 06:00");
    leads(&nights, "2026-12-24 22:00", "8h 1m", "2026-12-26 22:01");
}

#[test]
fn a_period_reaches_into_the_next_day_and_the_next_week() {
    let nights = calendar("Europe/Berlin", "Tue 22:00-02:00, Sun 20:00-04:00", &[]);
    leads(&nights, "2026-11-24 23:00", "3h", "2026-11-25 02:00");
    leads(&nights, "2026-11-25 01:00", "1h", "2026-11-25 02:00");
    leads(&nights, "2026-11-25 01:00", "2h", "2026-11-29 21:00");
    leads(&nights, "2026-11-30 03:00", "1h", "2026-11-30 04:00");
    let midnight = calendar("Europe/Berlin", "Mon 20:00-24:00, Tue 00:00-04:00", &[]);
    leads(&midnight, "2026-11-23 21:00", "6h", "2026-11-24 03:00");
}

/// 2026-03-29 from 02:00 to 03:00 there is no time, and on 2026-10-25 that hour comes twice.
#[test]
fn both_change_nights_in_berlin() {
    for (hours, start, working, end) in [
        // In spring the night is an hour short.
        ("daily 00:00-24:00", "2026-03-29 00:00", "23h", "2026-03-30 00:00"),
        ("daily 01:00-04:00", "2026-03-29 00:00", "2h", "2026-03-29 04:00"),
        ("daily 01:00-02:30", "2026-03-29 00:00", "1h", "2026-03-29 03:00"),
        ("daily 02:30-04:00", "2026-03-29 00:00", "1h", "2026-03-29 04:00"),
        ("daily 02:00-03:00", "2026-03-29 00:00", "1h", "2026-03-30 03:00"),
        ("daily 02:00-02:30", "2026-03-29 00:00", "30m", "2026-03-30 02:30"),
        ("daily 22:00-06:00", "2026-03-28 22:00", "7h", "2026-03-29 06:00"),
        ("daily 02:10-02:20 02:40-03:10", "2026-03-29 00:00", "10m", "2026-03-29 03:10"),
        ("daily 09:00-17:00", "2026-03-28 16:00", "2h", "2026-03-29 10:00"),
        // In autumn it is an hour long: each wall time is meant the first time it comes.
        ("daily 00:00-24:00", "2026-10-25 00:00", "25h", "2026-10-26 00:00"),
        ("daily 01:00-04:00", "2026-10-25 00:00", "4h", "2026-10-25 04:00"),
        ("daily 01:00-04:00", "2026-10-25 00:00", "90m", "2026-10-25 00:30Z"),
        ("daily 01:00-04:00", "2026-10-25 00:00", "150m", "2026-10-25 01:30Z"),
        ("daily 02:00-03:00", "2026-10-25 00:00", "2h", "2026-10-25 03:00"),
        ("daily 02:00-02:30", "2026-10-25 00:00", "30m", "2026-10-25 00:30Z"),
        ("daily 02:30-03:00", "2026-10-25 00:00", "90m", "2026-10-25 03:00"),
        ("daily 22:00-06:00", "2026-10-24 22:00", "9h", "2026-10-25 06:00"),
        ("daily 09:00-17:00", "2026-10-24 16:00", "2h", "2026-10-25 10:00"),
    ] {
        leads(&calendar("Europe/Berlin", hours, &[]), start, working, end);
    }
}

#[test]
fn change_nights_elsewhere() {
    for (zone, hours, start, working, end) in [
        // 2026-03-08 and 2026-11-01, at two o'clock.
        ("America/New_York", "daily 00:00-08:00", "2026-03-08 00:00", "7h", "2026-03-08 08:00"),
        ("America/New_York", "daily 01:30-02:30", "2026-03-08 00:00", "30m", "2026-03-08 03:00"),
        ("America/New_York", "daily 00:00-08:00", "2026-11-01 00:00", "9h", "2026-11-01 08:00"),
        ("America/New_York", "daily 01:00-01:30", "2026-11-01 00:00", "30m", "2026-11-01 05:30Z"),
        // Half an hour only: 2026-10-04 02:00 becomes 02:30, and 2026-04-05 02:00 becomes 01:30.
        ("Australia/Lord_Howe", "daily 00:00-06:00", "2026-10-04 00:00", "5h 30m", "2026-10-04 06:00"),
        ("Australia/Lord_Howe", "daily 02:10-03:00", "2026-10-04 00:00", "30m", "2026-10-04 03:00"),
        ("Australia/Lord_Howe", "daily 00:00-06:00", "2026-04-05 00:00", "6h 30m", "2026-04-05 06:00"),
        ("Australia/Lord_Howe", "daily 01:30-02:00", "2026-04-05 00:00", "1h", "2026-04-05 02:00"),
        // Clocks that are never changed, one a quarter of an hour off.
        ("Asia/Tokyo", "daily 00:00-24:00", "2026-03-29 00:00", "24h", "2026-03-30 00:00"),
        ("Asia/Kathmandu", "daily 09:00-10:00", "2026-03-29 00:00", "1h", "2026-03-29 04:15Z"),
        ("UTC", "daily 02:00-03:00", "2026-10-25 00:00", "1h", "2026-10-25 03:00"),
        // A midnight that never comes (2026-04-24), and a day that never came (2011-12-30).
        ("Africa/Cairo", "daily 00:00-02:00", "2026-04-23 23:00", "1h", "2026-04-24 02:00"),
        ("Africa/Cairo", "daily 22:00-24:00", "2026-04-23 22:00", "2h", "2026-04-23 22:00Z"),
        ("Pacific/Apia", "daily 09:00-17:00", "2011-12-29 09:00", "9h", "2011-12-31 10:00"),
    ] {
        leads(&calendar(zone, hours, &[]), start, working, end);
    }
}

#[test]
fn periods_that_touch_are_one_on_change_nights_too() {
    for (zone, date) in [
        ("Europe/Berlin", "2026-03-29"),
        ("Europe/Berlin", "2026-10-25"),
        ("America/New_York", "2026-11-01"),
        ("Australia/Lord_Howe", "2026-04-05"),
        ("Australia/Lord_Howe", "2026-10-04"),
    ] {
        let whole = calendar(zone, "daily 00:00-05:00", &[]);
        let cut = calendar(zone, "daily 00:00-01:40 01:40-02:10 02:10-02:40 02:40-05:00", &[]);
        for minutes in 1..=360 {
            let (start, working) = (at(&whole, &format!("{date} 00:00")), SignedDuration::from_mins(minutes));
            assert_eq!(
                whole.add_working(start, working),
                cut.add_working(start, working),
                "{zone} {minutes}"
            );
        }
    }
}

#[test]
fn round_the_clock_is_plain_time() {
    let always = Calendar::always();
    leads(&always, "2026-03-29 00:00Z", "24h", "2026-03-30 00:00Z");
    assert!(always.is_always() && !Calendar::office(TimeZone::UTC).is_always());
}

#[test]
fn the_office_that_comes_with_the_desk() {
    leads(&Calendar::office(zone("Europe/Berlin")), "2026-11-20 16:00", "2h", "2026-11-23 10:00");
}

#[test]
fn a_year_at_an_hour_a_week_ends() {
    let slow = calendar("Europe/Berlin", "Mon 09:00-10:00", &[]);
    let start = at(&slow, "2026-11-23 09:00");
    let end = slow.add_working(start, SignedDuration::from_hours(24 * 365));
    assert_eq!(slow.working_between(start, end), SignedDuration::from_hours(24 * 365));
    assert_eq!(end.to_zoned(slow.zone.clone()).year(), 2194);
    // What takes longer than two centuries is given up there.
    let minute = calendar("Europe/Berlin", "Mon 09:00-09:01", &[]);
    let end = minute.add_working(start, SignedDuration::from_hours(24 * 365));
    assert_eq!(end.to_zoned(minute.zone.clone()).year(), 2227);
}

#[test]
fn the_end_of_all_time_is_no_trouble() {
    for calendar in [Calendar::always(), Calendar::office(TimeZone::UTC)] {
        let got = calendar.add_working(Timestamp::MAX, SignedDuration::from_hours(1));
        assert_eq!(got, Timestamp::MAX);
        calendar.working_between(Timestamp::MIN, Timestamp::MIN + SignedDuration::from_hours(99));
    }
}

#[test]
fn a_calendar_that_is_none_says_why() {
    for (hours, holidays, why) in [
        ("daily", &[][..], "it has no working time"),
        ("Mon 9-17", &[], "`9-17` is no period"),
        ("Mon 09:00-09:00", &[], "`09:00-09:00` is no period"),
        ("Mon 09:60-10:00", &[], "`09:60-10:00` is no period"),
        ("Mon 09:00-24:01", &[], "`09:00-24:01` is no period"),
        ("Mon 24:00-25:00", &[], "`24:00-25:00` is no period"),
        ("Mon 09:00", &[], "`09:00` is no period"),
        ("Mon +9:00-10:00", &[], "`+9:00-10:00` is no period"),
        (
            "Mon 09:00-12:00 11:00-13:00",
            &[],
            "the period Monday 11:00-13:00 overlaps with Monday 09:00-12:00",
        ),
        (
            "Sun 22:00-02:00, Mon 01:00-03:00",
            &[],
            "the period Monday 01:00-03:00 overlaps with Sunday 22:00-02:00",
        ),
        (
            "Mon 20:00-02:00, Tue 00:00-01:00",
            &[],
            "the period Tuesday 00:00-01:00 overlaps with Monday 20:00-02:00",
        ),
        ("daily 09:00-10:00", &["25.12."], "`25.12.` is no holiday"),
        ("daily 09:00-10:00", &["2026-02-30"], "`2026-02-30` is no holiday"),
        ("daily 09:00-10:00", &["13-01"], "`13-01` is no holiday"),
    ] {
        let told = made("Europe/Berlin", hours, holidays).unwrap_err().to_string();
        assert!(told.starts_with(why), "{hours}: {told}");
    }
}

#[test]
fn a_calendar_of_nothing_but_holidays_is_empty() {
    let days: Vec<String> =
        (1..=12).flat_map(|month| (1..=31).map(move |day| format!("{month:02}-{day:02}"))).collect();
    let days: Vec<&str> =
        days.iter().map(String::as_str).filter(|day| Holidays::default().add(day).is_ok()).collect();
    assert_eq!(days.len(), 366);
    assert_eq!(made("UTC", "daily 09:00-10:00", &days), Err(CalendarError::Empty));
    let but_one: Vec<&str> = days.into_iter().filter(|day| *day != "02-29").collect();
    let rare = calendar("UTC", "daily 09:00-10:00", &but_one);
    leads(&rare, "2026-11-23 09:00", "1h", "2028-02-29 10:00");
}

#[test]
fn periods_stand_in_any_order() {
    let office = calendar("UTC", "Mon 13:00-17:00 09:00-12:00", &[]);
    leads(&office, "2026-11-23 08:00", "4h", "2026-11-23 14:00");
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    let zones = prop::sample::select(vec![
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "UTC",
        "Africa/Cairo",
    ]);
    let hours = prop::sample::select(vec![
        OFFICE,
        "daily 22:00-06:00",
        "daily 00:00-24:00",
        "Sun 01:00-01:30 01:45-02:15 02:30-03:00, Mon 09:00-10:00",
        "Sat 20:00-04:00",
    ]);
    (zones, hours).prop_map(|(zone, hours)| calendar(zone, hours, &["12-25", "2026-10-26"]))
}

/// Moments of some two years, in seconds.
fn any_moment() -> impl Strategy<Value = Timestamp> {
    (1_767_225_600i64..1_830_000_000).prop_map(|second| Timestamp::from_second(second).unwrap())
}

proptest! {
    #[test]
    fn what_was_added_lies_between(calendar in any_calendar(), start in any_moment(), seconds in 1i64..2_000_000) {
        let working = SignedDuration::from_secs(seconds);
        let end = calendar.add_working(start, working);
        prop_assert!(end >= start);
        prop_assert_eq!(calendar.working_between(start, end), working);
        // It is the first such moment.
        let earlier = end - SignedDuration::from_nanos(1);
        prop_assert!(calendar.working_between(start, earlier) < working);
    }

    #[test]
    fn later_and_longer_never_end_earlier(calendar in any_calendar(), start in any_moment(), more in 0i64..500_000, seconds in 0i64..500_000) {
        let (later, working) = (start + SignedDuration::from_secs(more), SignedDuration::from_secs(seconds));
        let end = calendar.add_working(start, working);
        prop_assert!(calendar.add_working(later, working) >= end);
        prop_assert!(calendar.add_working(start, working + SignedDuration::from_secs(more)) >= end);
    }

    #[test]
    fn parts_add_up(calendar in any_calendar(), mut moments in prop::array::uniform3(any_moment())) {
        moments.sort();
        let [a, b, c] = moments;
        prop_assert_eq!(calendar.working_between(a, b) + calendar.working_between(b, c), calendar.working_between(a, c));
        prop_assert!(calendar.working_between(a, c) <= c.duration_since(a));
    }

    #[test]
    fn all_days_long_is_plain_time(start in any_moment(), seconds in 0i64..50_000_000, zone_name in prop::sample::select(vec!["Europe/Berlin", "Australia/Lord_Howe"])) {
        let (all, working) = (calendar(zone_name, "daily 00:00-24:00", &[]), SignedDuration::from_secs(seconds));
        prop_assert_eq!(all.add_working(start, working), Calendar::always().add_working(start, working));
        prop_assert_eq!(all.add_working(start, working), start + working);
    }

    #[test]
    fn any_text_is_a_period_or_none(text: String, holiday: String) {
        let _ = Period::parse(&text);
        let _ = Holidays::default().add(&holiday);
    }
}
