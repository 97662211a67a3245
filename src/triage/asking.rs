//! What a reply brings of what was asked, and what becomes of the question.

use super::{Ask, Candidate, assent, decide::Case};
use crate::{
    domain::{EnvelopeSender, Kind, Slot, text},
    report::{Evidence, Finding, Presence},
    ticket::{Severity, Status},
};

/// A reply of at least this many words may answer the one open question in a
/// language or wording that the gate does not know.
const WORDS_OF_AN_ANSWER: usize = 3;
/// How much of such a reply is kept as evidence, in bytes.
const EVIDENCE_BYTES: usize = 400;

impl Case<'_> {
    /// The slots that this mail fills: what was missing, and what was unsure where it says
    /// it better.
    pub(super) fn fills(&self, candidate: &Candidate) -> Vec<(Slot, Finding)> {
        let found = |slot: &Slot| (*slot, self.verdict.of(*slot).clone());
        let mut fills: Vec<(Slot, Finding)> = candidate.missing.iter().map(found).collect();
        fills.retain(|(_, finding)| finding.verdict != Presence::Missing);
        if let (true, &[slot], 1..) = (fills.is_empty(), candidate.missing.as_slice(), candidate.asks) {
            fills.extend(self.plain_answer().map(|finding| (slot, finding)));
        }
        let better = candidate.unsure.iter().map(found);
        fills.extend(better.filter(|(_, finding)| finding.verdict == Presence::Present));
        fills
    }

    /// Exactly one thing was asked and somebody wrote back in plain words: we take them as
    /// the answer, unsure, rather than ask again. A yes or a no answers another question.
    fn plain_answer(&self) -> Option<Finding> {
        let own = self.mail.body.own.as_str();
        let (_, said) = assent::said(own);
        let rest = &own[said..];
        let start = said + rest.len() - rest.trim_start().len();
        let words = text::prefix(rest.trim(), EVIDENCE_BYTES);
        let enough = words.split_whitespace().count() >= WORDS_OF_AN_ANSWER
            || words.chars().filter(|c| !c.is_ascii()).count() >= 2 * WORDS_OF_AN_ANSWER;
        let question = own.trim_end().ends_with(['?', '？']);
        (enough && !question && !self.mail.body.handed_on).then(|| Finding {
            verdict: Presence::Unsure,
            present: false,
            evidence: vec![Evidence { start, end: start + words.len(), text: words.to_owned() }],
        })
    }

    /// What we said back as a question, and the requester says yes to. With several such
    /// questions nobody can tell to which.
    pub(super) fn confirms(&self, candidate: &Candidate) -> Vec<Slot> {
        let &[slot] = candidate.unsure.as_slice() else { return Vec::new() };
        let yes = assent::said(&self.mail.body.own).0 == assent::Said::Yes;
        let better = self.verdict.of(slot).verdict == Presence::Present;
        match candidate.requester && yes && !better && !self.mail.body.handed_on {
            true => vec![slot],
            false => Vec::new(),
        }
    }

    /// Whether it is sure that this person, and no machine of theirs, wrote the mail.
    pub(super) fn is_certain(&self, candidate: &Candidate) -> bool {
        let certain = self.mail.proven_author().is_some() || candidate.holds_token;
        certain && self.mail.kind == Kind::Human
    }

    pub(super) fn ask(&self, candidate: &Candidate, fills: &[(Slot, Finding)], why: &mut Vec<String>) -> Ask {
        if !self.is_certain(candidate) {
            return Ask::Leave;
        }
        let left =
            candidate.missing.iter().filter(|slot| fills.iter().all(|(filled, _)| filled != *slot)).count();
        if self.mail.oversized.is_some() {
            return if self.unwanted() { Ask::Leave } else { Ask::SendAgain };
        }
        if candidate.missing.is_empty() || candidate.status != Status::New {
            return Ask::Leave;
        }
        if left == 0 {
            why.push("It brings the last missing fact.".into());
            return if candidate.asks > 0 { Ask::Completed } else { Ask::Leave };
        }
        self.ask_for_the_rest(candidate, !fills.is_empty(), why)
    }

    /// `answered`: whether this mail brought some of what was asked.
    fn ask_for_the_rest(&self, candidate: &Candidate, answered: bool, why: &mut Vec<String>) -> Ask {
        let (asks, most) = (candidate.asks, self.policy.asks);
        if candidate.severity == Some(Severity::One) {
            why.push("Something is still missing; at severity 1 nobody is asked by itself.".into());
            return Ask::Leave;
        }
        if asks >= most && (asks == 0 || candidate.incomplete) {
            why.push("Something is still missing; staff know.".into());
            return Ask::Leave;
        }
        if asks >= most {
            why.push(format!("Something is still missing, and we asked {asks} times: staff take over."));
            return Ask::GiveUp;
        }
        let cooling = candidate
            .last_asked_at
            .is_some_and(|at| self.now.duration_since(at).unsigned_abs() < self.policy.ask_cooldown);
        if cooling && answered && !candidate.incomplete {
            why.push("Something is still missing, and it is too soon to ask again: staff take over.".into());
            return Ask::GiveUp;
        }
        if cooling || self.unwanted() {
            why.push("Something is still missing; not asked again so soon.".into());
            return Ask::Leave;
        }
        why.push("Something is still missing; asked once more.".into());
        Ask::Again { last: asks + 1 >= most }
    }

    /// Whether an automatic mail would be one too many, or goes to nobody.
    fn unwanted(&self) -> bool {
        self.over_cap() || matches!(self.mail.envelope_sender, EnvelopeSender::Null)
    }
}
