//! What the sender expected instead.

use super::{
    Finding,
    cues::{Hit, Role},
    decide::finding,
    headings::Placed,
    signals::{Read, Signal, Weight},
};
use crate::domain::Slot;

/// The expectation of a report.
pub(super) fn find(own: &str, body: &[Read]) -> Finding {
    finding(own, body, Slot::Expected)
}

/// What one sentence says for or against being an expectation.
pub(super) fn signals(_placed: &Placed, hits: &[Hit]) -> Vec<Signal> {
    let signal = |weight, name| Signal { slot: Slot::Expected, weight, name };
    let guards: Vec<&Hit> = hits.iter().filter(|hit| hit.role == Role::NotExpected).collect();
    let cues: Vec<&Hit> = hits.iter().filter(|hit| weight(hit.role).is_some()).collect();
    let mut found: Vec<Signal> = cues
        .iter()
        .filter(|cue| !guards.iter().any(|guard| overlap(cue, guard)))
        .filter_map(|cue| Some(signal(weight(cue.role)?, cue.name)))
        .collect();
    let speaks_of_all = |guard: &&&Hit| !cues.iter().any(|cue| overlap(cue, guard));
    found.extend(guards.iter().find(speaks_of_all).map(|guard| signal(Weight::Against, guard.name)));
    found
}

fn weight(role: Role) -> Option<Weight> {
    match role {
        Role::Expected => Some(Weight::Strong),
        Role::Hoped => Some(Weight::Weak),
        _ => None,
    }
}

/// A guard that holds a cue ("as expected", "you should fix") takes back that cue
/// and no other of the sentence; a guard that holds none speaks of the whole
/// sentence.
fn overlap(cue: &Hit, guard: &Hit) -> bool {
    cue.start < guard.end && guard.start < cue.end
}
