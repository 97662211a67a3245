//! Somebody on Cc leaves a ticket by one reply.

use super::{Candidate, decide::Case};
use crate::{
    domain::{Kind, Proof},
    report,
};

impl Case<'_> {
    /// Whether the author asks to take part in this ticket no longer, and may: nobody leaves
    /// their own ticket, and an address alone is no proof.
    pub(super) fn leaves(&self, candidate: &Candidate) -> bool {
        candidate.participant && !candidate.requester && self.asks_to_leave(candidate)
    }

    /// Whether the author took part and asks once more to leave: it is done already.
    pub(super) fn has_left(&self, candidate: &Candidate) -> bool {
        candidate.left && self.asks_to_leave(candidate)
    }

    fn asks_to_leave(&self, candidate: &Candidate) -> bool {
        let proven = match self.mail.proof {
            Proof::Fail { .. } => false,
            Proof::Pass { .. } | Proof::None => candidate.holds_token || self.mail.proven_author().is_some(),
        };
        proven
            && self.mail.kind == Kind::Human
            && !self.mail.body.handed_on
            && report::wants_to_leave(&self.mail.body.own, &self.mail.subject)
    }
}
