//! What actually happened.

use super::{
    Finding, Presence,
    cues::{Hit, Role},
    fold::word_count,
    headings::Placed,
    rules::{evidence, finding},
    signals::{Read, Signal, Weight},
};
use crate::domain::Slot;

/// Words in a sentence that is too short to both name trouble and describe it.
const SHORT: usize = 12;

/// What happened is told in any words at all: where no cue is found, a sentence
/// of substance that tells neither steps nor expectation may well be it.
pub(super) fn find(own: &str, body: &[Read]) -> Finding {
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

/// What one sentence tells of what happened.
pub(super) fn signals(placed: &Placed, hits: &[Hit]) -> Option<Signal> {
    let words = &placed.sentence.words;
    if only_says_trouble(words, hits) {
        return None;
    }
    let hit = hits.iter().find(|hit| hit.role == Role::Trouble)?;
    Some(Signal { slot: Slot::Actual, weight: Weight::Strong, name: hit.name })
}

/// "Something is wrong with the lift again": trouble, but not which.
fn only_says_trouble(words: &str, hits: &[Hit]) -> bool {
    let count = |role| hits.iter().filter(|hit| hit.role == role).count();
    count(Role::Vague) > 0 && count(Role::Trouble) <= 1 && word_count(words) <= SHORT
}
