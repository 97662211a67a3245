//! Somebody on Cc leaves a ticket by one reply.

use super::{Candidate, decide::Case};
use crate::{
    domain::Kind,
    report,
    ticket::rights::{self, Actor, Wish},
};

impl Case<'_> {
    /// Whether the author asks to take part in this ticket no longer, and may.
    pub(super) fn leaves(&self, candidate: &Candidate) -> bool {
        candidate.participant && self.asks_to_leave(candidate, self.actor(candidate))
    }

    /// Whether the author took part and asks once more to leave: it is done already.
    pub(super) fn has_left(&self, candidate: &Candidate) -> bool {
        candidate.left && self.asks_to_leave(candidate, Actor::Participant)
    }

    fn asks_to_leave(&self, candidate: &Candidate, actor: Actor) -> bool {
        rights::may(actor, self.evidence(candidate), Wish::Leave).is_ok()
            && self.mail.kind == Kind::Human
            && report::wants_to_leave(&self.mail.body.own, &self.mail.subject)
    }
}
