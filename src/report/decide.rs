//! From signals to a verdict.

use super::{
    Evidence, Finding, Presence, Verdict,
    signals::{Read, Weight},
};
use crate::domain::Slot;

/// At most this many stretches are shown as evidence for one fact.
const MOST_EVIDENCE: usize = 5;

/// In a text of more sentences than this, or a technical one, weak signals are there by chance.
const LONG: usize = 8;

/// A mail of more sentences that carry matter is no short question.
const MOST_QUESTIONS: usize = 3;

/// The verdict over all sentences. `subject` is read the same way and only tells
/// whether this is a problem report.
pub fn verdict(own: &str, body: &[Read], subject: &[Read]) -> Verdict {
    Verdict {
        problem_report: is_problem_report(own, body, subject),
        steps: finding(own, body, Slot::Steps),
        actual: actual(own, body),
        expected: finding(own, body, Slot::Expected),
    }
}

fn finding(own: &str, body: &[Read], slot: Slot) -> Finding {
    let least = if body.len() > LONG || is_technical(own) { Weight::Strong } else { Weight::Weak };
    let mut found: Vec<(Weight, &Read)> = body
        .iter()
        .filter_map(|read| Some((read.weight(slot)?, read)))
        .filter(|(weight, _)| *weight >= least)
        .collect();
    found.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    let verdict = match found.first() {
        Some((Weight::Weak | Weight::Against, _)) => Presence::Unsure,
        Some(_) => Presence::Present,
        None => Presence::Missing,
    };
    let evidence = found.iter().take(MOST_EVIDENCE).map(|(_, read)| evidence(own, read)).collect();
    Finding { verdict, present: verdict == Presence::Present, evidence }
}

/// Names of code, paths and addresses: written by people who write long, exact
/// reports, in which one stray verb tells no steps.
fn is_technical(own: &str) -> bool {
    let code = |word: &str| {
        let letters = word.trim_matches(|c: char| !c.is_alphanumeric());
        let camel = letters
            .bytes()
            .zip(letters.bytes().skip(1))
            .any(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase());
        camel
            || word.contains("()")
            || word.contains("::")
            || letters.contains(['_', '=', '/', '<'])
            || word.starts_with("--")
    };
    own.split_whitespace().any(code)
}

/// What happened is told in any words at all: where no cue is found, a sentence
/// of substance that tells neither steps nor expectation may well be it.
fn actual(own: &str, body: &[Read]) -> Finding {
    let found = finding(own, body, Slot::Actual);
    if found.verdict != Presence::Missing {
        return found;
    }
    let told = |read: &&Read| {
        read.substantial && read.weight(Slot::Steps).is_none() && read.weight(Slot::Expected).is_none()
    };
    match body.iter().find(told) {
        Some(read) => {
            Finding { verdict: Presence::Unsure, present: false, evidence: vec![evidence(own, read)] }
        }
        None => found,
    }
}

/// Trouble, a report's headings, or steps and expectation together make a report;
/// another errand with little trouble, or a mere question, makes none; a mail without words is nothing.
fn is_problem_report(own: &str, body: &[Read], subject: &[Read]) -> bool {
    let all = || body.iter().chain(subject);
    if all().next().is_none() {
        return false;
    }
    if body.iter().any(|read| read.signals.iter().any(|signal| signal.weight == Weight::Heading)) {
        return true;
    }
    let tells = |slot| body.iter().any(|read| read.weight(slot) == Some(Weight::Strong));
    if tells(Slot::Steps) && tells(Slot::Expected) {
        return true;
    }
    let errands: usize = all().map(|read| read.errands).sum();
    let troubles: usize = all().map(|read| read.troubles).sum();
    if troubles == 0 && !tells(Slot::Steps) && !tells(Slot::Expected) && only_asks(own, body) {
        return false;
    }
    errands == 0 || troubles > 2 * errands || tells(Slot::Steps) && troubles > errands
}

/// "Do you ship to Norway?": a few sentences, and all that carry matter are questions.
fn only_asks(own: &str, body: &[Read]) -> bool {
    let matter: Vec<&Read> = body.iter().filter(|read| read.substantial).collect();
    let asks = |read: &&Read| {
        own[read.placed.sentence.start..read.placed.sentence.end].trim_end().ends_with(['?', '？'])
    };
    (1..=MOST_QUESTIONS).contains(&matter.len()) && matter.iter().all(asks)
}

fn evidence(own: &str, read: &Read) -> Evidence {
    let (start, end) = (read.placed.sentence.start, read.placed.sentence.end);
    Evidence { start, end, text: own[start..end].to_owned() }
}
