//! What Deskgate reads in real mails and labelled reports of other projects, held
//! against what they expect. The data lies beside the project (`../shared`); where it
//! is not, each test says so in one line and passes.
//!
//! `cargo test --test exam -- --nocapture` prints the figures.

#![allow(clippy::print_stdout, reason = "the figures are the point")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use deskgate::{
    domain::{InboundMail, Kind, Severed, Slot, Word, text},
    mail::{self, Ours},
    report::{self, Presence},
};
use serde_json::Value;

/// The data, or a line that says that it is not there.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(name);
    if !path.exists() {
        println!("skipped: no {name} beside the project");
        return None;
    }
    Some(path)
}

fn lines(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).expect("the data can be read");
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON object on each line")).collect()
}

/// `part` of `whole`, with both figures.
fn share(part: usize, whole: usize) -> f64 {
    assert!(whole > 0, "nothing was measured");
    part as f64 / whole as f64
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// F1 of the words that two texts share, as multisets.
fn token_f1(got: &str, expected: &str) -> f64 {
    let (got, expected) = (words(got), words(expected));
    if got.is_empty() || expected.is_empty() {
        return f64::from(u8::from(got == expected));
    }
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    expected.iter().for_each(|word| *left.entry(word).or_default() += 1);
    let shared = got
        .iter()
        .filter(|word| {
            left.get_mut(**word).is_some_and(|count| {
                *count > 0 && {
                    *count -= 1;
                    true
                }
            })
        })
        .count();
    2.0 * shared as f64 / (got.len() + expected.len()) as f64
}

/// What makes a mail of a bare HTML body.
const HTML_HEADER: &[u8] = b"From: a@example.org\r\nContent-Type: text/html; charset=utf-8\r\n\r\n";

#[test]
fn own_words_are_told_from_quotations_and_signatures() {
    let Some(corpora) = shared("corpora") else { return };
    let (mut exact, mut f1, mut all) = (0, 0.0, 0);
    for case in lines(&corpora.join("index.jsonl")) {
        let Some(expected) = case["reply_text"].as_str() else { continue };
        let raw = fs::read(corpora.join(case["file"].as_str().expect("a file"))).expect("a mail");
        let own = match case["format"].as_str() {
            Some("text-body") => mail::sever(&text::clean(&String::from_utf8_lossy(&raw))).own,
            Some("html-body") => mail::read(&[HTML_HEADER, &raw].concat(), &Ours::nobody()).body.own,
            _ => mail::read(&raw, &Ours::nobody()).body.own,
        };
        all += 1;
        exact += usize::from(words(&own) == words(expected));
        f1 += token_f1(&own, expected);
    }
    println!("own words: {all} cases, exact {:.3}, token F1 {:.3}", share(exact, all), f1 / all as f64);
    assert!(share(exact, all) >= 0.84 && f1 / all as f64 >= 0.90);
}

#[test]
fn every_real_mail_is_read_and_bounces_are_told_from_people() {
    let Some(corpora) = shared("corpora") else { return };
    let mut kinds: BTreeMap<(String, Kind), usize> = BTreeMap::new();
    for case in lines(&corpora.join("index.jsonl")) {
        if case["format"] != "eml" {
            continue;
        }
        let raw = fs::read(corpora.join(case["file"].as_str().expect("a file"))).expect("a mail");
        let read = mail::read(&raw, &Ours::nobody());
        let labelled = case["kind"].as_str().expect("a kind").to_owned();
        *kinds.entry((labelled, read.kind)).or_default() += 1;
    }
    let of = |labelled: &str, kind: Option<Kind>| -> usize {
        let fits =
            |(key, _): &(&(String, Kind), &usize)| key.0 == labelled && kind.is_none_or(|kind| key.1 == kind);
        kinds.iter().filter(fits).map(|(_, count)| count).sum()
    };
    for ((labelled, kind), count) in &kinds {
        println!("kind: labelled {labelled:<18} read as {kind:<11} {count}");
    }
    assert!(share(of("bounce", Some(Kind::Bounce)), of("bounce", None)) >= 0.97);
    let answered_wrongly = of("human", Some(Kind::AutoReply)) + of("human", Some(Kind::Bounce));
    assert!(share(answered_wrongly, of("human", None)) <= 0.01);
}

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
        println!(
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
            println!(
                "     {:<9} asked needlessly {:.3}, missing found {:.3}, F1 {f1:.3}",
                slot.as_str(),
                share(needlessly, had),
                share(rightly, lacked)
            );
        }
        if self.others > 0 {
            println!("     no reports: {}, asked nothing {:.3}", self.others, share(self.quiet, self.others));
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
