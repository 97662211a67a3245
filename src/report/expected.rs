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
pub(super) fn signals(_placed: &Placed, hits: &[Hit]) -> impl Iterator<Item = Signal> {
    hits.iter().filter_map(|hit| {
        let weight = match hit.role {
            Role::Expected => Weight::Strong,
            Role::Hoped => Weight::Weak,
            Role::NotExpected => Weight::Against,
            _ => return None,
        };
        Some(Signal { slot: Slot::Expected, weight, name: hit.name })
    })
}
