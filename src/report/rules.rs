//! What the rules say by themselves: signals added up over a whole report.

use super::{
    Evidence, Finding, Presence, Verdict, actual, errand, expected,
    sentences::Shape,
    signals::{Read, Weight},
    steps,
};
use crate::domain::Slot;

/// At most this many stretches are shown as evidence for one fact.
pub(super) const MOST_EVIDENCE: usize = 5;

/// In a text of more sentences than this, or a technical one, weak signals are there by chance.
const LONG: usize = 8;

/// A sentence that is not the best adds this part of its points.
const OTHERS_SHARE: usize = 2;

/// So many sentences beside the best add up; in a long report there is a hint
/// of everything.
const MOST_OTHERS: usize = 8;

/// The verdict over all sentences. `subject` is read the same way and only tells
/// whether this is a problem report.
pub(super) fn verdict(own: &str, body: &[Read], subject: &[Read]) -> Verdict {
    Verdict {
        problem_report: errand::is_problem_report(own, body, subject),
        steps: steps::find(own, body),
        actual: actual::find(own, body),
        expected: expected::find(own, body),
    }
}

/// What the signals of all sentences say for one slot.
pub(super) fn finding(own: &str, body: &[Read], slot: Slot) -> Finding {
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

/// From how many points on a fact is there, or is worth asking back.
pub(super) struct Bar {
    pub present: usize,
    pub unsure: usize,
}

/// What the signals of all sentences add up to for one slot: the best sentence
/// counts whole, every other one adds a part, so that one plain sentence is
/// enough and several hints are, too.
pub(super) fn weigh(own: &str, body: &[Read], slot: Slot, bar: &Bar) -> Finding {
    let mut found: Vec<(usize, &Read)> =
        body.iter().map(|read| (read.points(slot), read)).filter(|(points, _)| *points > 0).collect();
    let written = |read: &Read| read.placed.sentence.shape != Shape::Machine;
    found.sort_by_key(|(points, read)| std::cmp::Reverse((*points, written(read))));
    let best = found.first().map_or(0, |(points, _)| *points);
    let others: usize = found.iter().skip(1).take(MOST_OTHERS).map(|(points, _)| points).sum();
    let verdict = match best + others / OTHERS_SHARE {
        points if points >= bar.present => Presence::Present,
        points if points >= bar.unsure && points > 0 => Presence::Unsure,
        _ => return Finding::default(),
    };
    let evidence = found.iter().take(MOST_EVIDENCE).map(|(_, read)| evidence(own, read)).collect();
    Finding { verdict, present: verdict == Presence::Present, evidence }
}

/// Names of code, paths and addresses: written by people who write long, exact
/// reports, in which one stray verb tells no steps.
pub(super) fn is_technical(own: &str) -> bool {
    let code = |word: &str| {
        let letters = word.trim_matches(|c: char| !c.is_alphanumeric());
        let camel = letters
            .bytes()
            .zip(letters.bytes().skip(1))
            .any(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase());
        camel
            || word.contains("()")
            || word.contains("::")
            || letters.contains(['_', '=', '<'])
            || letters.matches('/').count() >= 2
            || word.starts_with("--")
    };
    own.split_whitespace().any(code)
}

/// The words of one sentence.
pub(super) fn evidence(own: &str, read: &Read) -> Evidence {
    let (start, end) = (read.placed.sentence.start, read.placed.sentence.end);
    Evidence { start, end, text: own[start..end].to_owned() }
}
