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

/// What in one sentence speaks of an expectation.
pub(super) fn signals(_placed: &Placed, hits: &[Hit]) -> Vec<Signal> {
    let (guards, cues): (Vec<&Hit>, Vec<&Hit>) =
        that_speak(hits).into_iter().partition(|hit| hit.role == Role::NotExpected);
    let meet = |cue: &&Hit, guard: &&Hit| cue.start < guard.end && guard.start < cue.end;
    cues.iter()
        .filter(|cue| !guards.iter().any(|guard| meet(cue, guard)))
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
