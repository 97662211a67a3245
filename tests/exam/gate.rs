//! Which of the three parts a report is said to lack.

use std::collections::BTreeMap;

use deskgate::{
    domain::{InboundMail, Severed, Slot, Word},
    report::{self, Presence},
};
use serde_json::Value;

use crate::{lines, share, shared};

/// What the gate did on one set of labelled reports.
#[derive(Default)]
struct Score {
    reports: usize,
    all_right: usize,
    /// For each slot: reports that have it, of those asked for it; reports that
    /// lack it, of those asked for it.
    slots: [(usize, usize, usize, usize); 3],
    others: usize,
    quiet: usize,
}

impl Score {
    fn add(&mut self, case: &Value) {
        let text = case["text"].as_str().unwrap_or_default();
        let subject = case["subject"].as_str().or(case["title"].as_str()).unwrap_or_default();
        let mail = InboundMail {
            subject: subject.to_owned(),
            body: Severed { own: text.to_owned(), ..Severed::default() },
            ..InboundMail::default()
        };
        let verdict = report::gate(&mail);
        let asked = verdict.missing();
        if case["problem_report"] == false {
            self.others += 1;
            self.quiet += usize::from(asked.is_empty());
            return;
        }
        self.reports += 1;
        let mut right = true;
        for (&slot, key) in Slot::ALL.iter().zip(["s2r", "ob", "eb"]) {
            let Some(has) = case[key].as_bool() else { continue };
            let (had, asked_needlessly, lacked, asked_rightly) = &mut self.slots[slot as usize];
            let asks = asked.contains(&slot);
            *(if has { had } else { lacked }) += 1;
            *(if has { asked_needlessly } else { asked_rightly }) += usize::from(asks);
            right &= asks != has;
            assert!(verdict.of(slot).verdict != Presence::Present || !verdict.of(slot).evidence.is_empty());
        }
        self.all_right += usize::from(right);
    }

    fn print(&self, name: &str) {
        tell!(
            "gate {name}: {} reports, all three right {:.3}",
            self.reports,
            share(self.all_right, self.reports)
        );
        for &slot in Slot::ALL {
            let (had, needlessly, lacked, rightly) = self.slots[slot as usize];
            if had == 0 || lacked == 0 {
                continue;
            }
            let f1 = 2.0 * rightly as f64 / (rightly + needlessly + lacked) as f64;
            tell!(
                "     {:<9} asked needlessly {:.3}, missing found {:.3}, F1 {f1:.3}",
                slot.as_str(),
                share(needlessly, had),
                share(rightly, lacked)
            );
        }
        if self.others > 0 {
            tell!("     no reports: {}, asked nothing {:.3}", self.others, share(self.quiet, self.others));
        }
    }
}

#[test]
fn the_gate_asks_for_what_is_missing_and_leaves_the_rest_alone() {
    let Some(gate) = shared("gate") else { return };
    let mut by_language: BTreeMap<String, Score> = BTreeMap::new();
    let (mut english, mut others) = (Score::default(), Score::default());
    for case in lines(&gate.join("mails.jsonl")) {
        let language = case["lang"].as_str().expect("a language").to_owned();
        if language == "en" { &mut english } else { &mut others }.add(&case);
        by_language.entry(language).or_default().add(&case);
    }
    let mut trackers = Score::default();
    lines(&gate.join("gold.jsonl")).iter().for_each(|case| trackers.add(case));
    by_language.iter().for_each(|(language, score)| score.print(&format!("mails {language}")));
    others.print("mails in other languages");
    trackers.print("tracker reports");
    assert!(share(english.all_right, english.reports) >= 0.70);
    assert!(share(others.all_right, others.reports) >= 0.60);
    assert!(share(english.quiet + others.quiet, english.others + others.others) >= 0.88);
    assert!(share(trackers.all_right, trackers.reports) >= 0.54);
}
