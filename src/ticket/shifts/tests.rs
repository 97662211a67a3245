//! What holds for every plan, and the nights on which clocks change.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

const ZONES: [&str; 5] = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"];

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn team(names: &[&'static str]) -> Vec<Worker<&'static str>> {
    names.iter().map(|who| Worker { who: *who, busy_until: None, away: vec![] }).collect()
}

fn at(zone_name: &str, day: (i16, i8, i8), hour: i8) -> Timestamp {
    date(day.0, day.1, day.2).at(hour, 0, 0, 0).to_zoned(zone(zone_name)).unwrap().timestamp()
}

/// `22:00 bob`, one for each shift, by the clock of a zone.
fn told(shifts: &[Shift<&str>], zone_name: &str) -> Vec<String> {
    let told = |shift: &Shift<&str>| {
        format!("{} {}", shift.start.to_zoned(zone(zone_name)).strftime("%d %H:%M"), shift.who)
    };
    shifts.iter().map(told).collect()
}

#[test]
fn three_people_take_turns_from_the_next_beginning() {
    let shifts = plan(
        &team(&["ann", "bob", "carol"]),
        &zone("Europe/Berlin"),
        at("Europe/Berlin", (2026, 11, 21), 16),
        8,
        2,
    );
    assert_eq!(
        told(&shifts, "Europe/Berlin"),
        ["21 22:00 ann", "22 06:00 bob", "22 14:00 carol", "22 22:00 ann", "23 06:00 bob", "23 14:00 carol"]
    );
    assert_eq!(short_rests(&shifts), []);
}

#[test]
fn whoever_worked_until_now_rests_first() {
    let mut workers = team(&["ann", "bob", "carol"]);
    let now = at("UTC", (2026, 11, 21), 13);
    workers[0].busy_until = Some(now);
    let shifts = plan(&workers, &zone("UTC"), now, 8, 1);
    assert_eq!(told(&shifts, "UTC"), ["21 14:00 bob", "21 22:00 carol", "22 06:00 ann"]);
}

#[test]
fn who_is_away_gets_no_shift_unless_everybody_is() {
    let now = at("UTC", (2026, 11, 21), 5);
    let mut workers = team(&["ann", "bob", "carol"]);
    let away = (at("UTC", (2026, 11, 21), 0), at("UTC", (2026, 11, 22), 0));
    workers[0].away = vec![away];
    // The night shift reaches into the next day, and is not ann's either way.
    let shifts = plan(&workers, &zone("UTC"), now, 8, 2);
    let whose: String = shifts.iter().map(|shift| &shift.who[..1]).collect();
    assert_eq!(whose, "bcbacb");
    assert!(shifts.iter().all(|shift| shift.who != "ann" || !shift.meets(&[away])));
    for worker in &mut workers {
        worker.away = vec![away];
    }
    assert_eq!(told(&plan(&workers, &zone("UTC"), now, 8, 1), "UTC")[0], "21 06:00 ann");
}

#[test]
fn a_change_of_clocks_leaves_the_times_of_day_alone() {
    for (day, hours) in [((2026, 3, 28), 7), ((2026, 10, 24), 9)] {
        let shifts =
            plan(&team(&["ann", "bob", "carol"]), &zone("Europe/Berlin"), at("Europe/Berlin", day, 20), 8, 2);
        let times: Vec<String> =
            told(&shifts, "Europe/Berlin").iter().map(|line| line[3..8].to_owned()).collect();
        assert_eq!(times, ["22:00", "06:00", "14:00", "22:00", "06:00", "14:00"]);
        assert_eq!(shifts[0].end.duration_since(shifts[0].start).as_hours(), hours, "{day:?}");
    }
}

#[test]
fn too_few_people_are_told_of() {
    assert_eq!([4, 6, 8, 12].map(people_needed), [4, 3, 3, 2]);
    let shifts = plan(&team(&["ann", "bob"]), &zone("UTC"), at("UTC", (2026, 11, 21), 5), 8, 1);
    assert_eq!(told(&shifts, "UTC"), ["21 06:00 ann", "21 14:00 bob", "21 22:00 ann"]);
    let short = short_rests(&shifts);
    assert_eq!((short[0].number, short[0].who, short[0].rest.as_hours()), (3, "ann", 8));
    assert_eq!(plan(&team(&[]), &zone("UTC"), at("UTC", (2026, 11, 21), 5), 8, 1), []);
}

#[test]
fn shifts_are_given_away_and_swapped() {
    let mut shifts = plan(&team(&["ann", "bob", "carol"]), &zone("UTC"), at("UTC", (2026, 11, 21), 5), 8, 2);
    let whose =
        |shifts: &[Shift<&'static str>]| shifts.iter().map(|shift| &shift.who[..1]).collect::<String>();
    assert_eq!(whose(&shifts), "abcabc");
    assert_eq!(give(&mut shifts, 2, "dave"), Ok("bob"));
    assert_eq!(whose(&shifts), "adcabc");
    assert_eq!(nearest(&shifts, 3, &"bob"), Ok(5));
    swap(&mut shifts, 3, 5).unwrap();
    assert_eq!(whose(&shifts), "adbacc");
    assert_eq!(short_rests(&shifts).iter().map(|short| short.number).collect::<Vec<_>>(), [6]);
    assert_eq!(give(&mut shifts, 7, "bob"), Err(Unchanged::NoShift(7, 6)));
    assert_eq!(swap(&mut shifts, 1, 9), Err(Unchanged::NoShift(9, 6)));
    assert_eq!(nearest(&shifts, 2, &"dave"), Err(Unchanged::NothingToSwap(2)));
    assert_eq!(nearest(&shifts, 8, &"ann"), Err(Unchanged::NoShift(8, 6)));
    assert_eq!(whose(&shifts), "adbacc");
}

proptest! {
    /// Every minute is somebody's and nobody's twice; shares differ by one at most; everybody rests where they can.
    #[test]
    fn every_plan_is_whole_and_fair(
        people in 1_usize..9, hours in prop::sample::select(vec![4_u8, 6, 8, 12]), days in 1_u8..5,
        after in 1_767_225_600_i64..1_830_297_600, zone_name in prop::sample::select(&ZONES[..]),
        busy in prop::collection::vec(prop::option::of(-30_i64..10), 9),
    ) {
        let after = Timestamp::from_second(after).unwrap();
        let worker = |who: usize| Worker { who, busy_until: busy[who].map(|it| after + SignedDuration::from_hours(it)), away: vec![] };
        let workers: Vec<_> = (0..people).map(worker).collect();
        let shifts = plan(&workers, &zone(zone_name), after, hours, days);

        prop_assert_eq!(shifts.len(), usize::from(days) * usize::from(24 / hours));
        prop_assert!(shifts[0].start > after);
        prop_assert!(shifts[0].start.duration_since(after) <= SignedDuration::from_hours(i64::from(hours) + 1));
        prop_assert!(shifts.windows(2).all(|two| two[0].end == two[1].start && two[0].number + 1 == two[1].number));
        prop_assert!(shifts.iter().all(|shift| shift.start < shift.end));
        let rested = busy.iter().take(people).filter(|it| it.is_none_or(|until| until <= -11)).count();
        if rested >= people_needed(hours) {
            prop_assert_eq!(short_rests(&shifts), vec![]);
        }
        // Who works already may have to be left out of the first shifts; from then on it is fair.
        if busy.iter().take(people).all(|it| it.is_none()) {
            let counts: Vec<usize> = (0..people).map(|who| shifts.iter().filter(|shift| shift.who == who).count()).collect();
            prop_assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1, "{counts:?}");
        }
    }
}
