//! What the sender expected instead.

use std::collections::{HashMap, HashSet};

use super::{
    Evidence, Finding,
    cues::{Hit, Role},
    fold::word_count,
    headings::Placed,
    rules::{self, finding},
    signals::{Read, Signal, Weight},
};
use crate::domain::Slot;

/// A person says the same words at most so often.
const MOST_SAID: usize = 2;

/// Words that something told by a source takes at the least.
const LEAST_SAID: usize = 3;

/// Words in which a way of doing it is named: "using the short form instead of".
const WAY: usize = 5;

/// The expectation of a report.
pub(super) fn find(own: &str, body: &[Read]) -> Finding {
    let mut found = finding(own, body, Slot::Expected);
    put_plainest_first(own, body, &mut found.evidence);
    found
}

/// Who tells what they expected says it once or twice; what stands there in the
/// same words more often was written by a program.
pub(super) fn forget_repeated(reads: &mut [Read]) {
    let tells = |read: &Read| matches!(read.weight(Slot::Expected), Some(Weight::Weak | Weight::Strong));
    let mut times: HashMap<&str, usize> = HashMap::new();
    for read in reads.iter().filter(|read| tells(read)) {
        *times.entry(&read.placed.sentence.words).or_default() += 1;
    }
    let repeated: HashSet<String> = times
        .into_iter()
        .filter(|(_, count)| *count > MOST_SAID)
        .map(|(words, _)| words.to_owned())
        .collect();
    for read in reads.iter_mut().filter(|read| tells(read) && repeated.contains(&read.placed.sentence.words))
    {
        read.signals.retain(|signal| signal.slot != Slot::Expected);
    }
}

/// "It should be green" is said back rather than the wish, the proposal or the
/// comparison that stands before it; what stands under a heading is best.
fn put_plainest_first(own: &str, body: &[Read], evidence: &mut Vec<Evidence>) {
    let weight = |read: &Read| read.weight(Slot::Expected);
    if body.iter().any(|read| weight(read) == Some(Weight::Heading)) {
        return;
    }
    let plain = |read: &&Read| {
        let said = read.signals.iter().any(|each| each.slot == Slot::Expected && is_plain(each.name));
        said && weight(read) == Some(Weight::Strong)
    };
    if let Some(read) = body.iter().find(plain) {
        let best = rules::evidence(own, read);
        evidence.retain(|each| *each != best);
        evidence.insert(0, best);
        evidence.truncate(rules::MOST_EVIDENCE);
    }
}

/// The verbs of obligation and expectation; elsewhere one cue is as plain as another.
fn is_plain(cue: &str) -> bool {
    ["should", "expect", "supposed", "ought"].iter().any(|stem| cue.contains(stem))
}

/// What in one sentence speaks of an expectation.
pub(super) fn signals(text: &str, placed: &Placed, hits: &[Hit]) -> Vec<Signal> {
    let words = &placed.sentence.words;
    let (guards, cues): (Vec<&Hit>, Vec<&Hit>) =
        that_speak(hits).into_iter().partition(|hit| hit.role == Role::NotExpected);
    let meet = |cue: &&Hit, guard: &&Hit| cue.start < guard.end && guard.start < cue.end;
    cues.iter()
        .filter(|cue| !guards.iter().any(|guard| meet(cue, guard)))
        .filter(|cue| !names_only_its_source(words, cue) && !compares_ways(text, cue, hits))
        .filter_map(|hit| signal(hit))
        .collect()
}

/// The cues and guards of a sentence without those that lie inside a longer one:
/// the longest knows best. "You should" is a guard, "you should see" is a cue, and
/// "you should see the error" is a guard again. A guard that meets a cue takes back
/// that cue and no other.
fn that_speak(hits: &[Hit]) -> Vec<&Hit> {
    let ours: Vec<&Hit> = hits.iter().filter(|hit| signal(hit).is_some()).collect();
    let inside = |hit: &Hit, other: &Hit| {
        let gapless = !other.name.contains(" … ");
        let longer = other.end - other.start > hit.end - hit.start;
        gapless && longer && other.start <= hit.start && hit.end <= other.end
    };
    ours.iter().filter(|hit| !ours.iter().any(|other| inside(hit, other))).copied().collect()
}

/// "Now according to the manual:" does not say what the manual says.
fn names_only_its_source(words: &str, cue: &Hit) -> bool {
    let source = ["according to", "as per", "per "].iter().any(|start| cue.name.starts_with(start));
    source && word_count(&words[..cue.start]) + word_count(&words[cue.end..]) < LEAST_SAID
}

/// "If I take the number instead of the name, it works", "using a pipe instead of a
/// file": two ways of doing it, not what came and what should have come.
fn compares_ways(text: &str, cue: &Hit, hits: &[Hit]) -> bool {
    if !matches!(cue.name, "instead of" | "rather than") {
        return false;
    }
    let Some(at) = text.to_ascii_lowercase().find(cue.name) else { return false };
    let (before, after) = text.split_at(at);
    let clause = before.rsplit(',').next().unwrap_or_default();
    let opens_condition = hits.iter().any(|hit| hit.role == Role::Condition && hit.start == 0);
    let in_condition = opens_condition && clause.len() == before.len() && after.contains(',');
    let in_way = clause.split_whitespace().rev().take(WAY).any(|word| word.eq_ignore_ascii_case("using"));
    in_condition || in_way
}

fn signal(hit: &Hit) -> Option<Signal> {
    let weight = match hit.role {
        Role::Expected => Weight::Strong,
        Role::Hoped => Weight::Weak,
        Role::NotExpected => Weight::Against,
        _ => return None,
    };
    Some(Signal { slot: Slot::Expected, weight, name: hit.name })
}

#[cfg(test)]
mod tests;
