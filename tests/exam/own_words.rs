//! What a sender newly wrote, told from quotations and signatures.

use std::{collections::BTreeMap, fs};

use deskgate::{
    domain::{Severed, text},
    mail::{self, Answering, Ours},
};

use crate::{lines, share, shared};

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

fn severed_answer(raw: &[u8]) -> Severed {
    mail::sever(&text::clean(&String::from_utf8_lossy(raw)), Answering::Mail)
}

/// What makes a mail of a bare HTML body.
const HTML_HEADER: &[u8] = b"From: a@example.org\r\nContent-Type: text/html; charset=utf-8\r\n\r\n";

/// What one project's cases gave.
#[derive(Default)]
struct Score {
    cases: usize,
    exact: usize,
    f1: f64,
}

/// The characters of texts in order, without spaces: a line may be two where an
/// attribution begins behind the sender's words.
fn sorted(texts: &[&str]) -> Vec<char> {
    let mut chars: Vec<char> =
        texts.iter().flat_map(|text| text.chars()).filter(|c| !c.is_whitespace()).collect();
    chars.sort_unstable();
    chars
}

#[test]
fn own_words_are_told_from_quotations_and_signatures() {
    let Some(corpora) = shared("corpora") else { return };
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    for case in lines(&corpora.join("index.jsonl")) {
        let Some(expected) = case["reply_text"].as_str() else { continue };
        let file = case["file"].as_str().expect("a file");
        let raw = fs::read(corpora.join(file)).expect("a mail");
        let own = match case["format"].as_str() {
            Some("text-body") => severed_answer(&raw).own,
            Some("html-body") => mail::read(&[HTML_HEADER, &raw].concat(), &Ours::nobody()).body.own,
            _ => mail::read(&raw, &Ours::nobody()).body.own,
        };
        let (exact, f1) = (words(&own) == words(expected), token_f1(&own, expected));
        if !exact {
            tell!("own words: {file} differs, F1 {f1:.2}");
        }
        let (project, _) = file.split_once('/').expect("a folder for each project");
        for name in [format!("{project} {}", case["format"].as_str().unwrap_or_default()), "all".to_owned()] {
            let score = scores.entry(name).or_default();
            score.cases += 1;
            score.exact += usize::from(exact);
            score.f1 += f1;
        }
    }
    for (name, Score { cases, exact, f1 }) in &scores {
        tell!(
            "own words: {name:<40} {cases:>3} cases, exact {:.3}, token F1 {:.3}",
            share(*exact, *cases),
            f1 / *cases as f64
        );
        let least = if name == "mailgun-talon eml" { 0.80 } else { 0.93 };
        assert!(share(*exact, *cases) >= least, "{name}");
    }
    let all = &scores["all"];
    assert!(share(all.exact, all.cases) >= 0.95 && all.f1 / all.cases as f64 >= 0.97);
}

/// What other projects say a reply has and has not, where they do not give the whole.
#[test]
fn own_words_have_what_they_must_and_nothing_else() {
    let Some(corpora) = shared("corpora") else { return };
    let (mut asked, mut right) = (0, 0);
    let texts = |value: &serde_json::Value| -> Vec<String> {
        let one = value.as_str().map(str::to_owned);
        let many = value.as_array().into_iter().flatten().filter_map(|text| text.as_str()).map(str::to_owned);
        one.into_iter().chain(many).collect()
    };
    for case in lines(&corpora.join("index.jsonl")).iter().filter(|case| case["format"] == "text-body") {
        let file = case["file"].as_str().expect("a file");
        let raw = fs::read(corpora.join(file)).expect("a mail");
        let own = severed_answer(&raw).own;
        let wanted = texts(&case["reply_contains"]).into_iter().map(|text| own.contains(&text));
        let unwanted = texts(&case["reply_not_contains"]).into_iter().map(|text| !own.contains(&text));
        let first = texts(&case["reply_starts_with"]).into_iter().map(|text| own.starts_with(&text));
        let answers: Vec<bool> = wanted.chain(unwanted).chain(first).collect();
        if answers.contains(&false) {
            tell!("own words: {file} has what it should not, or lacks what it should have");
        }
        asked += answers.len();
        right += answers.iter().filter(|right| **right).count();
    }
    tell!("own words: of {asked} things that replies have or have not, right {:.3}", share(right, asked));
    assert!(share(right, asked) >= 0.93);
}

#[test]
fn no_character_of_any_mail_is_lost_or_doubled() {
    let Some(corpora) = shared("corpora") else { return };
    for case in lines(&corpora.join("index.jsonl")) {
        let file = case["file"].as_str().expect("a file");
        let raw = fs::read(corpora.join(file)).expect("a mail");
        let mail = mail::read(&raw, &Ours::nobody());
        let body = &mail.body;
        assert!(sorted(&[&body.own, &body.quoted, &body.signature]) == sorted(&[&mail.text]), "{file}");
    }
}

/// The least share of reports that are whole, by file.
const WHOLE: [(&str, f64); 5] = [
    ("mails.jsonl", 0.995),
    ("mails_first.jsonl", 0.995),
    ("reports_only.jsonl", 0.99),
    ("gold.jsonl", 0.99),
    ("weak.jsonl", 0.995),
];

/// Whether no words of a report are lost: nearly all characters are own, or what is not is the card
/// at its end and quotes with their marks.
fn is_whole(body: &str, severed: &Severed) -> bool {
    let (seen, own) = (sorted(&[body]).len(), sorted(&[&severed.own]).len());
    let unmarked = severed.quoted.lines().filter(|line| !line.is_empty() && !line.starts_with('>'));
    let card = severed.signature.lines().filter(|line| !line.is_empty()).count() <= MAX_CARD;
    own * 100 >= seen * 98 || own > 0 && card && unmarked.count() <= 1
}

/// The most lines of a closing with a name and an address.
const MAX_CARD: usize = 5;

/// Every so many reports of a file of thousands.
const SAMPLE: usize = 4;

/// A report with its log, its list and its form is the sender's, every word of it.
#[test]
fn a_first_mail_keeps_its_words() {
    let Some(gate) = shared("gate") else { return };
    for (name, least) in WHOLE {
        let step = if name == "weak.jsonl" { SAMPLE } else { 1 };
        let (mut reports, mut whole, mut all, mut kept) = (0, 0, 0, 0);
        for report in lines(&gate.join(name)).iter().step_by(step) {
            let body = text::clean(report["text"].as_str().unwrap_or_default());
            let severed = mail::sever(&body, Answering::Nothing);
            if body.trim().is_empty() {
                continue;
            }
            reports += 1;
            all += words(&body).len();
            kept += words(&severed.own).len();
            let is_whole = is_whole(&body, &severed);
            whole += usize::from(is_whole);
            if !is_whole {
                tell!("own words: {} of {name} is cut", report["id"]);
            }
        }
        tell!(
            "own words: first mails of {name:<20} {reports:>5}, whole {:.4}, words kept {:.4}",
            share(whole, reports),
            share(kept, all)
        );
        assert!(share(whole, reports) >= least, "{name}");
    }
}
