//! What the sender of a new ticket is told at once.

use super::{Answer, decide::Case};
use crate::{
    domain::{EnvelopeSender, Kind, Proof},
    ticket::Source,
};

impl Case<'_> {
    /// What the sender of a new ticket is told (RFC 3834 §2, and the desk's own caps).
    pub(super) fn answer(&self, why: &mut Vec<String>) -> Answer {
        let (answer, reason) = self.answer_with_reason();
        why.push(reason.into());
        answer
    }

    fn answer_with_reason(&self) -> (Answer, &'static str) {
        if self.mail.kind != Kind::Human {
            return (Answer::Nothing, "No answer: only people are answered.");
        }
        if self.mail.author().is_none() {
            return (Answer::Nothing, "No answer: the mail does not name exactly one author.");
        }
        if matches!(self.mail.envelope_sender, EnvelopeSender::Null) {
            return (Answer::Nothing, "No answer: the envelope sender is empty, which asks for none.");
        }
        if self.over_cap() {
            return (
                Answer::Nothing,
                "No answer: this address got as many automatic mails in the last hour as it may.",
            );
        }
        match &self.mail.proof {
            Proof::Fail { .. } => {
                (Answer::Nothing, "No answer: the check of the sender says that it is forged.")
            }
            Proof::None => (
                Answer::Neutral,
                "A neutral answer: nothing proves who the sender is, so nothing of theirs is repeated and nothing is asked.",
            ),
            Proof::Pass { .. } => self.full_answer(),
        }
    }

    fn full_answer(&self) -> (Answer, &'static str) {
        if self.mail.oversized.is_some() {
            return (
                Answer::Full { ask: false },
                "A full answer that asks for a smaller mail: this one was too large to be read.",
            );
        }
        if !self.verdict.problem_report {
            return (
                Answer::Full { ask: false },
                "A full answer that asks nothing: it is no problem report.",
            );
        }
        if self.verdict.missing().is_empty() {
            return (Answer::Full { ask: false }, "A full answer that asks nothing: nothing is missing.");
        }
        if self.source() != Source::Customer || self.policy.asks == 0 {
            return (
                Answer::Full { ask: false },
                "A full answer; only customers are asked for missing facts.",
            );
        }
        (Answer::Full { ask: true }, "A full answer that asks for what is missing.")
    }

    pub(super) fn over_cap(&self) -> bool {
        self.facts.author.automatic_last_hour >= self.policy.automatic_per_hour
    }
}
