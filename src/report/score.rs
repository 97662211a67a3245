//! How good the gate is, held against labelled reports.
//!
//! *Missing* is the positive class: what is asked for. *Unsure* is not asked, so it counts
//! as there. A mail that is no report is right when it is asked nothing. Evidence is right when the
//! first stretch shown for a part overlaps a sentence that was labelled with it.
//!
//! `case` reads the labels; [`Score`] adds up and gives [`Figures`].

mod case;

use std::{collections::BTreeMap, ops::Range};

use serde::Serialize;

use super::{Presence, Verdict};
use crate::domain::{Slot, Word};

pub use case::Case;

/// What the gate did on a set of labelled mails.
#[derive(Clone, Debug, Default)]
pub struct Score {
    reports: usize,
    /// Reports of which all three labels are known, and those of them judged right.
    labelled: usize,
    all_right: usize,
    /// Reports that were taken for none.
    overlooked: usize,
    others: usize,
    quiet: usize,
    parts: [Part; 3],
}

/// The counts of one slot.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    there: usize,
    asked_needlessly: usize,
    lacking: usize,
    asked_rightly: usize,
    shown: usize,
    shown_rightly: usize,
}

/// How one case was judged; `None` where no label says what is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Whether a report is taken for one, and anything else asked nothing.
    pub report: bool,
    /// For each slot, whether it is asked for where it lacks and only there.
    pub asks: [Option<bool>; 3],
    /// For each slot, whether the evidence is right.
    pub evidence: [Option<bool>; 3],
}

impl Score {
    /// Counts one case. `places` says where a span of the own words, which evidence is, stands
    /// in the text of the case.
    pub fn add(
        &mut self,
        case: &Case,
        verdict: &Verdict,
        places: impl Fn(&Range<usize>) -> Vec<Range<usize>>,
    ) -> Judged {
        let asked = verdict.missing();
        let mut judged = Judged { report: true, asks: [None; 3], evidence: [None; 3] };
        if !case.is_report() {
            judged.report = asked.is_empty();
            self.others += 1;
            self.quiet += usize::from(judged.report);
            return judged;
        }
        judged.report = verdict.problem_report;
        self.reports += 1;
        self.overlooked += usize::from(!judged.report);
        for ((&slot, part), n) in Slot::ALL.iter().zip(&mut self.parts).zip(0..) {
            if let Some(there) = case.has(slot) {
                part.count(there, asked.contains(&slot));
                judged.asks[n] = Some(asked.contains(&slot) != there);
            }
            let finding = verdict.of(slot);
            let shown = finding.evidence.first().filter(|_| finding.verdict == Presence::Present);
            judged.evidence[n] = shown.and_then(|first| case.says(slot, &places(&(first.start..first.end))));
            part.shown += usize::from(judged.evidence[n].is_some());
            part.shown_rightly += usize::from(judged.evidence[n] == Some(true));
        }
        if let [Some(a), Some(b), Some(c)] = judged.asks {
            self.labelled += 1;
            self.all_right += usize::from(a && b && c);
        }
        judged
    }

    /// Adds what another score counted.
    pub fn merge(&mut self, other: &Score) {
        let Score { reports, labelled, all_right, overlooked, others, quiet, parts } = other;
        self.reports += reports;
        self.labelled += labelled;
        self.all_right += all_right;
        self.overlooked += overlooked;
        self.others += others;
        self.quiet += quiet;
        self.parts.iter_mut().zip(parts).for_each(|(part, other)| part.merge(other));
    }

    /// The counts as shares.
    pub fn figures(&self) -> Figures {
        Figures {
            reports: self.reports,
            all_right: share(self.all_right, self.labelled),
            overlooked: share(self.overlooked, self.reports),
            slots: Slot::ALL.iter().copied().zip(self.parts.iter().map(Part::figures)).collect(),
            others: self.others,
            quiet: share(self.quiet, self.others),
        }
    }
}

impl Part {
    fn count(&mut self, there: bool, asked: bool) {
        let (all, of_these) = match there {
            true => (&mut self.there, &mut self.asked_needlessly),
            false => (&mut self.lacking, &mut self.asked_rightly),
        };
        *all += 1;
        *of_these += usize::from(asked);
    }

    fn merge(&mut self, other: &Part) {
        let Part { there, asked_needlessly, lacking, asked_rightly, shown, shown_rightly } = other;
        self.there += there;
        self.asked_needlessly += asked_needlessly;
        self.lacking += lacking;
        self.asked_rightly += asked_rightly;
        self.shown += shown;
        self.shown_rightly += shown_rightly;
    }

    fn figures(&self) -> SlotFigures {
        let asked = self.asked_rightly + self.asked_needlessly;
        SlotFigures {
            there: self.there,
            lacking: self.lacking,
            f1: share(2 * self.asked_rightly, self.lacking + asked).filter(|_| self.lacking > 0),
            precision: share(self.asked_rightly, asked),
            recall: share(self.asked_rightly, self.lacking),
            false_ask: share(self.asked_needlessly, self.there),
            shown: self.shown,
            evidence_right: share(self.shown_rightly, self.shown),
        }
    }
}

/// Shares over a set of labelled mails; `None` where there is nothing to be a share of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// How many problem reports.
    pub reports: usize,
    /// Reports whose three parts are all asked for as they should be, of those with three labels.
    pub all_right: Option<f64>,
    /// Reports taken for none, which are asked nothing whatever they lack.
    pub overlooked: Option<f64>,
    /// For each part.
    pub slots: BTreeMap<Slot, SlotFigures>,
    /// How many mails are no problem reports.
    pub others: usize,
    /// Those of them that are asked nothing.
    pub quiet: Option<f64>,
}

impl Figures {
    /// The figures of one part.
    pub fn of(&self, slot: Slot) -> Option<&SlotFigures> {
        self.slots.get(&slot)
    }
}

/// Shares for one part of a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SlotFigures {
    /// Reports that have the part.
    pub there: usize,
    /// Reports that lack it.
    pub lacking: usize,
    /// F1 of *missing*.
    pub f1: Option<f64>,
    /// Reports that lack it, of those asked for it.
    pub precision: Option<f64>,
    /// Reports asked for it, of those that lack it.
    pub recall: Option<f64>,
    /// Reports asked for it, of those that have it.
    pub false_ask: Option<f64>,
    /// Reports in which it was found and a labelled sentence has it.
    pub shown: usize,
    /// Those of them whose evidence begins with such a sentence.
    pub evidence_right: Option<f64>,
}

#[expect(clippy::cast_precision_loss, reason = "nobody labels 2^52 reports")]
fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests;
