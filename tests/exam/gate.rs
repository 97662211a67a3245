//! Which of the three parts a report is said to lack.

use std::collections::BTreeMap;

use deskgate::{
    domain::{Slot, Word},
    mail::Written,
    report::{
        self, Presence,
        score::{Case, Figures, Score},
    },
};

use crate::{lines, shared};

/// Counts one labelled mail, read as an inbound one.
fn add(score: &mut Score, case: &Case) {
    let written = Written::of(case.subject(), &case.text);
    let verdict = report::gate(&written.mail);
    for &slot in Slot::ALL {
        let finding = verdict.of(slot);
        assert!(finding.verdict != Presence::Present || !finding.evidence.is_empty(), "{}", case.id);
    }
    score.add(case, &verdict, |span| written.places(span));
}

fn print(name: &str, score: &Score) {
    let share = |share: Option<f64>| share.map_or("–".to_owned(), |share| format!("{share:.3}"));
    let figures = score.figures();
    tell!("gate {name}: {} reports, all three right {}", figures.reports, share(figures.all_right));
    for (slot, part) in &figures.slots {
        tell!(
            "     {:<9} asked needlessly {}, missing found {}, F1 {}, evidence right {}",
            slot.as_str(),
            share(part.false_ask),
            share(part.recall),
            share(part.f1),
            share(part.evidence_right)
        );
    }
    if figures.others > 0 {
        tell!("     no reports: {}, asked nothing {}", figures.others, share(figures.quiet));
    }
}

#[test]
fn the_gate_asks_for_what_is_missing_and_leaves_the_rest_alone() {
    let Some(gate) = shared("gate") else { return };
    let mut by_language: BTreeMap<String, Score> = BTreeMap::new();
    let (mut english, mut others) = (Score::default(), Score::default());
    for case in cases(&gate.join("mails.jsonl")) {
        let language = case.language().expect("a language").to_owned();
        add(if language == "en" { &mut english } else { &mut others }, &case);
        add(by_language.entry(language).or_default(), &case);
    }
    let mut trackers = Score::default();
    cases(&gate.join("gold.jsonl")).iter().for_each(|case| add(&mut trackers, case));
    by_language.iter().for_each(|(language, score)| print(&format!("mails {language}"), score));
    print("mails in other languages", &others);
    print("tracker reports", &trackers);
    let mut mails = english.clone();
    mails.merge(&others);
    let [english, others, mails, trackers] = [english, others, mails, trackers].map(|score| score.figures());
    assert!(all_right(&english) >= 0.69);
    assert!(all_right(&others) >= 0.60);
    assert!(mails.quiet.expect("there are some") >= 0.88);
    assert!(all_right(&trackers) >= 0.54);
}

fn cases(file: &std::path::Path) -> Vec<Case> {
    let cases = lines(file).into_iter().map(|case| Case::read(&case.to_string()));
    cases.map(|case| case.expect("a labelled mail")).collect()
}

fn all_right(figures: &Figures) -> f64 {
    figures.all_right.expect("there are reports")
}
