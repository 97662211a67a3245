use proptest::prelude::*;

use super::*;

const NOW: &str = "2026-11-21T12:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn somebody(name: &'static str) -> Candidate<'static> {
    Candidate {
        name,
        key: name,
        on_duty: true,
        away: false,
        products: &[],
        levels: &[],
        open: 0,
        capacity: None,
        load: 0,
        last: None,
        maintenance: 0,
    }
}

fn chosen(candidates: &[Candidate<'_>], wanted: Wanted<'_>) -> String {
    match choose(candidates, wanted, now()) {
        Ok(choice) => format!("{}: {}", candidates[choice.place].name, choice.because),
        Err(nobody) => nobody.because,
    }
}

#[test]
fn the_least_loaded_then_the_longest_waiting_then_the_first_by_address() {
    let hours = |count: i64| Some(now() - SignedDuration::from_hours(count));
    for (people, first) in [
        (vec![somebody("bob"), somebody("ann")], "ann: has 0 open, has not got one yet"),
        (
            vec![Candidate { load: 2, open: 1, ..somebody("ann") }, somebody("bob")],
            "bob: has 0 open, has not got one yet",
        ),
        (
            vec![
                Candidate { last: hours(1), ..somebody("ann") },
                Candidate { last: hours(2), ..somebody("bob") },
            ],
            "bob: has 0 open, last got one 2 hours ago",
        ),
        (
            vec![
                Candidate { last: hours(30), ..somebody("ann") },
                Candidate { maintenance: 500, ..somebody("bob") },
            ],
            "ann: has 0 open, last got one 1 day ago",
        ),
        (
            vec![Candidate { maintenance: 200, load: 1, ..somebody("ann") }, somebody("bob")],
            "bob: has 0 open, has not got one yet",
        ),
    ] {
        assert_eq!(chosen(&people, Wanted::default()), first);
    }
}

#[test]
fn the_reason_says_why_they_can_have_it() {
    let shop = ["shop".to_owned()];
    let ann = Candidate {
        products: &shop,
        levels: &[Level::One],
        open: 3,
        capacity: Some(8),
        last: Some(now() - SignedDuration::from_mins(5)),
        ..somebody("ann")
    };
    let wanted = Wanted { product: Some("Shop"), level: Some(Level::One) };
    assert_eq!(chosen(&[ann], wanted), "ann: has 3 of 8 tickets, works on Shop, last got one 5 minutes ago");
}

#[test]
fn where_nobody_can_each_is_told_why() {
    let shop = ["shop".to_owned()];
    let people = [
        Candidate { away: true, ..somebody("ann") },
        Candidate { on_duty: false, ..somebody("bob") },
        Candidate { products: &shop, ..somebody("carl") },
        Candidate { levels: &[Level::One], ..somebody("dora") },
        Candidate { open: 8, capacity: Some(8), ..somebody("eve") },
    ];
    let wanted = Wanted { product: Some("billing"), level: Some(Level::Three) };
    assert_eq!(
        chosen(&people, wanted),
        "ann is away; bob is not on duty; carl does not work on billing; dora does not work on level 3; eve has 8 of 8 \
         tickets"
    );
    assert_eq!(chosen(&[], wanted), "there is nobody to choose from");
    let many = vec![Candidate { away: true, ..somebody("ann") }; 20];
    assert!(chosen(&many, wanted).ends_with("; and 12 more can neither"));
}

#[test]
fn whose_product_or_level_is_not_known_anybody_may_have() {
    let shop = ["shop".to_owned()];
    let ann = Candidate { products: &shop, levels: &[Level::One], ..somebody("ann") };
    assert!(chosen(&[ann], Wanted::default()).starts_with("ann: "));
}

/// Gives a ticket to whom it belongs; `None` when nobody can have it.
fn give(people: &mut [Candidate<'_>], severity: Option<Severity>, at: Timestamp) -> Option<usize> {
    let place = choose(people, Wanted::default(), at).ok()?.place;
    people[place].open += 1;
    people[place].load += weight(severity);
    people[place].last = Some(at);
    Some(place)
}

fn severities() -> impl Strategy<Value = Option<Severity>> {
    prop_oneof![Just(None), Just(Some(Severity::One)), Just(Some(Severity::Two)), Just(Some(Severity::Three))]
}

const NAMES: [&str; 6] = ["ann", "bob", "carl", "dora", "eve", "fred"];

proptest! {
    #[test]
    fn nobody_gets_what_they_cannot_have(
        people in proptest::collection::vec((any::<bool>(), any::<bool>(), 0u32..5, 0u32..5, 0u32..20), 0..6)
    ) {
        let people: Vec<Candidate<'_>> = people
            .into_iter()
            .zip(NAMES)
            .map(|((on_duty, away, open, capacity, load), name)| {
                Candidate { on_duty, away, open, capacity: Some(capacity), load, ..somebody(name) }
            })
            .collect();
        let can = |each: &Candidate<'_>| each.on_duty && !each.away && Some(each.open) < each.capacity;
        match choose(&people, Wanted::default(), now()) {
            Ok(choice) => prop_assert!(can(&people[choice.place])),
            Err(_) => prop_assert!(!people.iter().any(can)),
        }
    }

    #[test]
    fn equals_never_differ_by_more_than_one(count in 1usize..6, tickets in 0usize..200) {
        let mut people: Vec<Candidate<'_>> = NAMES.iter().take(count).map(|name| somebody(name)).collect();
        for ticket in 0..tickets {
            let at = now() + SignedDuration::from_secs(ticket as i64 / 3);
            give(&mut people, None, at);
            let (most, least) = (people.iter().map(|it| it.open).max(), people.iter().map(|it| it.open).min());
            prop_assert!(most.unwrap() - least.unwrap() <= 1);
        }
    }

    #[test]
    fn equals_who_finish_at_once_take_turns(count in 1usize..6, tickets in 0usize..200) {
        let mut people: Vec<Candidate<'_>> = NAMES.iter().take(count).map(|name| somebody(name)).collect();
        let mut given = vec![0usize; count];
        for ticket in 0..tickets {
            let place = give(&mut people, None, now() + SignedDuration::from_secs(ticket as i64)).unwrap();
            given[place] += 1;
            people[place].open = 0;
            people[place].load = 0;
            prop_assert!(given.iter().max().unwrap() - given.iter().min().unwrap() <= 1);
        }
    }

    #[test]
    fn loads_never_differ_by_more_than_the_gravest_ticket(
        count in 1usize..6,
        tickets in proptest::collection::vec(severities(), 0..200)
    ) {
        let mut people: Vec<Candidate<'_>> = NAMES.iter().take(count).map(|name| somebody(name)).collect();
        for severity in tickets {
            give(&mut people, severity, now());
            let (most, least) = (people.iter().map(|it| it.load).max(), people.iter().map(|it| it.load).min());
            prop_assert!(most.unwrap() - least.unwrap() <= weight(Some(Severity::One)));
        }
    }

    #[test]
    fn the_order_of_the_list_does_not_matter(loads in proptest::collection::vec(0u32..3, 6)) {
        let mut people: Vec<Candidate<'_>> =
            NAMES.iter().zip(loads).map(|(name, load)| Candidate { load, ..somebody(name) }).collect();
        let first = people[choose(&people, Wanted::default(), now()).unwrap().place].name;
        people.reverse();
        prop_assert_eq!(people[choose(&people, Wanted::default(), now()).unwrap().place].name, first);
    }
}
