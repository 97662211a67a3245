//! Steps: what the sender did before it happened.

use super::{
    Finding,
    cues::{Hit, Role},
    decide::finding,
    headings::Placed,
    sentences::Shape,
    signals::{Read, Signal, Weight},
};
use crate::domain::Slot;

/// Bytes of folded words between an action and the word that makes it somebody's.
const CLOSE: usize = 14;

/// Bytes of folded words from one action to the next of the same story.
const CHAIN: usize = 60;

/// The steps of a report.
pub(super) fn find(own: &str, body: &[Read]) -> Finding {
    finding(own, body, Slot::Steps)
}

/// What one sentence says for or against being steps.
pub(super) fn signals(_text: &str, placed: &Placed, hits: &[Hit]) -> Vec<Signal> {
    let signal = |weight, name| Signal { slot: Slot::Steps, weight, name };
    let named = hits.iter().find(|hit| hit.role == Role::Steps);
    let actions = actions(hits, placed.sentence.shape);
    let conditional = actions.iter().any(|&action| behind(action, hits, Role::Condition));
    let mut found = Vec::new();
    if let Some(hit) = named {
        found.push(signal(if actions.is_empty() { Weight::Weak } else { Weight::Strong }, hit.name));
    }
    if actions.len() >= 2 {
        found.push(signal(Weight::Strong, "several actions"));
    }
    match placed.sentence.shape {
        Shape::Numbered => found.push(signal(Weight::Strong, "numbered item")),
        Shape::Bullet if !actions.is_empty() => found.push(signal(Weight::Strong, "action as an item")),
        _ if conditional => found.push(signal(Weight::Strong, "condition and action")),
        _ if !actions.is_empty() => found.push(signal(Weight::Weak, "action")),
        _ => {}
    }
    found
}

/// Where the actions of a person start: told of somebody, ordered at the start of
/// the sentence, in a condition, or following another action of a person.
fn actions(hits: &[Hit], shape: Shape) -> Vec<usize> {
    let mut found: Vec<&Hit> = hits.iter().filter(|hit| hit.role == Role::Action).collect();
    found.sort_unstable_by_key(|hit| hit.start);
    found.dedup_by_key(|hit| hit.start);
    let mut last: Option<usize> = None;
    let mut personal = Vec::new();
    for hit in found {
        let chained = last.is_some_and(|last| hit.start - last <= CHAIN);
        let ordered = hit.start == 0 && !hit.name.ends_with("ing") || shape == Shape::Bullet;
        let told = behind(hit.start, hits, Role::Actor) || right_behind(hit.start, hits, Role::Condition);
        if !hit.needs_actor || chained || ordered || told {
            last = Some(hit.start);
            personal.push(hit.start);
        }
    }
    personal
}

/// Whether the word before is a cue of this role: "when opening", "after pressing".
fn right_behind(place: usize, hits: &[Hit], role: Role) -> bool {
    hits.iter().any(|hit| hit.role == role && hit.start + hit.name.len() + 1 == place)
}

/// Whether a cue of this role stands close before `place`.
fn behind(place: usize, hits: &[Hit], role: Role) -> bool {
    hits.iter().any(|hit| hit.role == role && hit.start < place && place - hit.start <= CLOSE)
}
