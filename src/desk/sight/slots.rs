//! What the gate found, with the words that say so where they stand.

use std::ops::Range;

use serde::Serialize;

use super::{Desk, ThreadSight};
use crate::{
    domain::{Slot, Word},
    report::{Evidence, Presence},
    store::{slots::SlotRow, tickets::Ticket},
};

/// The three facts of a report.
#[derive(Debug, Serialize)]
pub struct GateSight {
    /// Whether it reads as a problem report; anything else is asked nothing.
    pub problem_report: bool,
    /// How often the requester was asked.
    pub asks: i32,
    /// The facts, in the order in which somebody would be asked.
    pub slots: Vec<SlotSight>,
}

/// One of the facts.
#[derive(Debug, Serialize)]
pub struct SlotSight {
    /// Which.
    pub slot: Slot,
    /// Whether it is there.
    pub verdict: Presence,
    /// Who decided so beside the gate; empty for the gate.
    pub decided_by: String,
    /// The words that say so, best first.
    pub evidence: Vec<EvidenceSight>,
}

/// Words that say something of a fact.
#[derive(Debug, Serialize)]
pub struct EvidenceSight {
    /// The words.
    pub text: String,
    /// The place of the thread where they stand; empty where they are on no page.
    pub place: String,
    /// The entry in which they stand.
    pub entry: i64,
}

/// Words of an entry that are evidence.
pub(super) struct Marked {
    /// The place, which is also the name of the mark.
    pub place: String,
    /// Of which fact.
    pub slot: Slot,
    /// Where, in bytes of the text as it is shown.
    pub span: Range<usize>,
}

/// What is marked in the words of an entry. A span that no longer holds its words is looked for; what is not there
/// is not marked.
pub(super) fn marked(slots: &[SlotRow], entry: i64, shown: &str) -> Vec<Marked> {
    let own = slots.iter().filter(|row| row.message_id == Some(entry));
    let each = own.flat_map(|row| {
        let evidence = row.evidence().into_iter().enumerate();
        evidence.filter_map(|(number, evidence)| {
            let given = evidence.start..evidence.end;
            let span = match shown.get(given.clone()) == Some(evidence.text.as_str()) {
                true => given,
                false => shown.find(&evidence.text).map(|at| at..at + evidence.text.len())?,
            };
            Some(Marked { place: place(row.slot.0, number), slot: row.slot.0, span })
        })
    });
    each.filter(|marked| !marked.span.is_empty()).collect()
}

fn place(slot: Slot, number: usize) -> String {
    format!("{}-{}", slot.as_str(), number + 1)
}

/// The words of a fact in the order in which they were written, each with its number; the gate has the surest first.
fn as_written(evidence: Vec<Evidence>) -> impl Iterator<Item = (usize, String)> {
    let mut numbered: Vec<_> = evidence.into_iter().enumerate().collect();
    numbered.sort_by_key(|(_, evidence)| evidence.start);
    numbered.into_iter().map(|(number, evidence)| (number, evidence.text))
}

pub(super) fn gate(desk: &Desk, ticket: &Ticket, rows: &[SlotRow], thread: &ThreadSight) -> GateSight {
    let slot = |row: &SlotRow| SlotSight {
        slot: row.slot.0,
        verdict: row.verdict.0,
        decided_by: if row.is_the_gates() { String::new() } else { row.decided_by.clone() },
        evidence: as_written(row.evidence())
            .map(|(number, text)| {
                let place = place(row.slot.0, number);
                EvidenceSight {
                    text: desk.without_links(&text),
                    place: if thread.has_mark(&place) { place } else { String::new() },
                    entry: row.message_id.unwrap_or_default(),
                }
            })
            .collect(),
    };
    GateSight {
        problem_report: ticket.problem_report,
        asks: ticket.asks,
        slots: rows.iter().map(slot).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_first_is_shown_first_and_keeps_its_mark() {
        let evidence = |start, text: &str| Evidence { start, end: start + text.len(), text: text.to_owned() };
        let shown: Vec<_> = as_written(vec![evidence(30, "Press Print."), evidence(3, "Open it.")]).collect();
        assert_eq!(shown, [(1, "Open it.".to_owned()), (0, "Press Print.".to_owned())]);
    }
}
