//! Which of the three parts a report is said to lack.

use std::{collections::BTreeMap, path::Path};

use deskgate::{
    domain::{Language, Slot, Word},
    mail::Written,
    report::{
        self, Presence,
        score::{Case, Figures, Score, SlotFigures},
        vote::Weights,
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

/// The mails that nothing was learned from and no rule was written for.
#[test]
fn unseen_mails_are_judged_about_as_well_as_the_others() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/gate/unseen");
    let mut all = Score::default();
    for language in Language::ALL.iter().map(|language| language.as_str()) {
        let mut score = Score::default();
        cases(&folder.join(format!("{language}.jsonl"))).iter().for_each(|case| add(&mut score, case));
        print(&format!("unseen mails {language}"), &score);
        all.merge(&score);
    }
    print("unseen mails", &all);
    let figures = all.figures();
    assert!(all_right(&figures) >= 0.64);
    assert!(figures.quiet.expect("there are some") >= 0.80);
    let expected = part(&figures, Slot::Expected);
    assert!(expected.false_ask.expect("some have it") <= 0.20 && expected.f1.expect("some lack it") >= 0.76);
    let steps = part(&figures, Slot::Steps);
    assert!(steps.false_ask.expect("some have them") <= 0.12 && steps.f1.expect("some lack them") >= 0.80);
}

#[test]
fn the_committed_weights_are_those_that_the_lessons_gave() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let weights = std::fs::read(root.join("src/report/vote/weights.bin")).expect("the weights are there");
    let lessons = std::fs::read_to_string(root.join("data/gate/lessons.toml")).expect("the list is there");
    let lessons: toml::Table = lessons.parse().expect("the list is TOML");
    let digest = Weights::parse(&weights).expect("the weights are whole").digest();
    assert_eq!(lessons["weights"].as_str(), Some(digest.as_str()));
}

#[test]
fn the_gate_asks_for_what_is_missing_and_leaves_the_rest_alone() {
    let Some(gate) = shared("gate") else { return };
    let mut trackers: BTreeMap<String, Score> = BTreeMap::new();
    for case in cases(&gate.join("gold.jsonl")) {
        add(trackers.entry(case.group().to_owned()).or_default(), &case);
    }
    let mut all = Score::default();
    for (system, score) in &trackers {
        print(&format!("tracker {system}"), score);
        all.merge(score);
    }
    print("tracker reports", &all);
    let figures = all.figures();
    assert!(all_right(&figures) >= 0.65);
    let expected = part(&figures, Slot::Expected);
    assert!(expected.false_ask.expect("some have it") <= 0.12 && expected.f1.expect("some lack it") >= 0.925);
    let steps = part(&figures, Slot::Steps);
    assert!(steps.false_ask.expect("some have them") <= 0.22 && steps.f1.expect("some lack them") >= 0.74);
    assert!(part(&figures, Slot::Actual).false_ask.expect("some have it") <= 0.02);
}

/// Mails that were learned from: told apart better than any others, or something is broken.
#[test]
fn what_was_learned_is_known() {
    let Some(gate) = shared("gate") else { return };
    let mut mails = Score::default();
    cases(&gate.join("mails.jsonl")).iter().for_each(|case| add(&mut mails, case));
    print("mails that were learned from", &mails);
    let figures = mails.figures();
    assert!(all_right(&figures) >= 0.85 && figures.quiet.expect("there are some") >= 0.95);
}

fn cases(file: &Path) -> Vec<Case> {
    let cases = lines(file).into_iter().map(|case| Case::read(&case.to_string()));
    cases.map(|case| case.expect("a labelled mail")).collect()
}

fn all_right(figures: &Figures) -> f64 {
    figures.all_right.expect("there are reports")
}

fn part(figures: &Figures, slot: Slot) -> &SlotFigures {
    figures.of(slot).expect("every slot is counted")
}
