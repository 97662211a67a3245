//! The whole table of rights: every actor, every wish, every evidence.

use std::collections::BTreeMap;

use super::*;
use crate::domain::Word;

/// Who; what they want; the answer for each evidence in the order of [`Evidence::ALL`]: "yes", or the name of the
/// refusal. "…" repeats one answer for all.
const TABLE: &[(&str, &str, &str)] = &[
    // nothing  forged  our-message  domain  handed-on  token  token-and-domain  page-link  inside
    (
        "stranger participant requester agent lead admin stakeholder product-owner machine clock",
        "open",
        "yes …",
    ),
    ("stranger", "say move bring-in leave read-page", "NoPart Forged NoPart …"),
    (
        "stranger participant requester",
        "reply note severity facts gate take assign merge spam block snooze people subscribe subscribe-others \
         acknowledge away plan order release rescue operate accounts audit",
        "NotStaff Forged NotStaff …",
    ),
    ("participant requester", "say", "NothingProven Forged yes yes yes yes yes yes NotInside"),
    ("participant requester", "move", "NothingProven Forged yes yes HandedOn yes yes yes NotInside"),
    (
        "participant stakeholder product-owner",
        "leave",
        "NothingProven Forged NothingProven yes HandedOn yes yes yes NotInside",
    ),
    ("requester", "leave", "OwnTicket Forged OwnTicket …"),
    ("participant", "bring-in read-page", "NotTheRequester Forged NotTheRequester …"),
    ("requester", "bring-in", "Unproven Forged Unproven yes yes Unproven yes OnlyALink NotInside"),
    ("requester", "read-page", "NoLink Forged NoLink NoLink NoLink NoLink NoLink yes NoLink"),
    ("agent lead admin", "say", "NothingProven Forged NothingProven yes yes yes yes OnlyALink yes"),
    (
        "agent lead admin",
        "read-page",
        "NotInside Forged NotInside NotInside NotInside NotInside NotInside OnlyALink yes",
    ),
    (
        "agent lead admin",
        "move bring-in leave reply note severity facts gate take assign merge spam snooze people subscribe \
         subscribe-others acknowledge away order release rescue",
        "Unproven Forged Unproven NoToken HandedOn Unproven yes OnlyALink yes",
    ),
    ("agent", "block plan operate", "NotLead Forged NotLead …"),
    (
        "lead admin",
        "block plan operate",
        "Unproven Forged Unproven NoToken HandedOn Unproven yes OnlyALink yes",
    ),
    ("agent lead", "accounts audit", "NotAdmin Forged NotAdmin …"),
    (
        "admin",
        "accounts audit",
        "NotInside Forged NotInside NotInside NotInside NotInside NotInside OnlyALink yes",
    ),
    ("stakeholder product-owner", "say bring-in read-page", "NoPart Forged NoPart …"),
    (
        "stakeholder product-owner",
        "subscribe",
        "Unproven Forged Unproven NoToken HandedOn Unproven yes yes yes",
    ),
    (
        "stakeholder product-owner",
        "reply note facts gate take assign merge spam block snooze people subscribe-others acknowledge away plan \
         release rescue operate accounts audit",
        "NotStaff Forged NotStaff …",
    ),
    ("stakeholder", "move severity order", "NotStaff Forged NotStaff …"),
    ("product-owner", "severity", "Unproven Forged Unproven yes HandedOn Unproven yes OnlyALink yes"),
    ("product-owner", "move order", "Unproven Forged Unproven NoToken HandedOn Unproven yes OnlyALink yes"),
    ("machine", "say", "yes …"),
    ("machine", "move", "Unproven Forged Unproven yes Unproven Unproven yes OnlyALink yes"),
    ("clock", "move", "NotInside Forged NotInside NotInside NotInside NotInside NotInside OnlyALink yes"),
    (
        "machine",
        "bring-in leave read-page reply note severity facts gate take assign merge spam block snooze people subscribe \
         subscribe-others acknowledge away plan order release rescue operate accounts audit",
        "NotAPerson Forged NotAPerson …",
    ),
    (
        "clock",
        "say bring-in leave read-page reply note severity facts gate take assign merge spam block snooze people \
         subscribe subscribe-others acknowledge away plan order release rescue operate accounts audit",
        "NotAPerson Forged NotAPerson …",
    ),
];

/// One answer for each of [`Evidence::ALL`]; "…" repeats the last for the rest.
pub(in crate::ticket) fn answers(row: &str) -> Vec<&str> {
    let mut answers: Vec<&str> = row.split(' ').collect();
    if answers.last() == Some(&"…") {
        answers.pop();
        let last = answers.last().copied().expect("a row begins with an answer");
        answers.resize(Evidence::ALL.len(), last);
    }
    answers
}

#[test]
fn every_actor_wish_and_evidence_is_allowed_or_refused_by_name() {
    let mut lines: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (actors, wishes, row) in TABLE {
        let expected = answers(row);
        for actor in actors.split(' ').map(|word| Actor::from_word(word).unwrap()) {
            for wish in wishes.split(' ').map(|word| Wish::from_word(word).unwrap()) {
                let got = Evidence::ALL.iter().map(|&evidence| match may(actor, evidence, wish) {
                    Ok(()) => "yes".to_owned(),
                    Err(denied) => format!("{denied:?}"),
                });
                assert_eq!(got.collect::<Vec<_>>(), expected, "{actor} wants to {wish}");
                *lines.entry((actor.as_str(), wish.as_str())).or_default() += 1;
            }
        }
    }
    let twice: Vec<_> = lines.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "in two lines of the table: {twice:?}");
    let missing: Vec<_> = Actor::ALL
        .iter()
        .flat_map(|actor| Wish::ALL.iter().map(|wish| (actor.as_str(), wish.as_str())))
        .filter(|pair| !lines.contains_key(pair))
        .collect();
    assert!(missing.is_empty(), "in no line of the table: {missing:?}");
}

#[test]
fn what_is_forged_grants_nothing_that_counts() {
    let grants =
        |actor: Actor| Wish::ALL.iter().filter(move |wish| may(actor, Evidence::Forged, **wish).is_ok());
    for &actor in Actor::ALL {
        let granted: Vec<_> = grants(actor).collect();
        let harmless: &[Wish] =
            if actor == Actor::Machine { &[Wish::Open, Wish::Say] } else { &[Wish::Open] };
        assert_eq!(granted, harmless.iter().collect::<Vec<_>>(), "{actor}");
    }
}

#[test]
fn more_evidence_never_takes_a_right_away() {
    use Evidence::*;
    for (weaker, stronger) in [
        (Nothing, OurMessage),
        (Nothing, Token),
        (Nothing, Domain),
        (HandedOn, Domain),
        (Domain, TokenAndDomain),
    ] {
        for (&actor, &wish) in
            Actor::ALL.iter().flat_map(|actor| Wish::ALL.iter().map(move |wish| (actor, wish)))
        {
            let lost = may(actor, weaker, wish).is_ok() && may(actor, stronger, wish).is_err();
            assert!(!lost, "{actor} may {wish} by {weaker} but not by {stronger}");
        }
    }
}

#[test]
fn marks_amount_to_the_strongest_evidence_that_they_allow() {
    let mail = Marks { proven: true, token: true, ..Marks::default() };
    assert_eq!(mail.evidence(), Evidence::TokenAndDomain);
    assert_eq!(Marks { token: false, ..mail }.evidence(), Evidence::Domain);
    assert_eq!(Marks { proven: false, ..mail }.evidence(), Evidence::Token);
    assert_eq!(Marks { handed_on: true, ..mail }.evidence(), Evidence::HandedOn);
    assert_eq!(Marks { forged: true, ..mail }.evidence(), Evidence::Forged);
    assert_eq!(Marks { our_message: true, ..Marks::default() }.evidence(), Evidence::OurMessage);
    assert_eq!(Marks::default().evidence(), Evidence::Nothing);
}

#[test]
fn every_refusal_is_a_sentence_that_gives_no_programmers_word_away() {
    for (&actor, &wish) in Actor::ALL.iter().flat_map(|actor| Wish::ALL.iter().map(move |wish| (actor, wish)))
    {
        for &evidence in Evidence::ALL {
            let Err(denied) = may(actor, evidence, wish) else { continue };
            let sentence = denied.to_string();
            assert!(
                sentence.split(' ').count() > 4 && !sentence.contains(&format!("{denied:?}")),
                "{sentence}"
            );
        }
    }
}
