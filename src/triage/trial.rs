//! The word of who was asked to try a fix.

use super::{Candidate, Trial, decide::Case};
use crate::{
    report::{self, Outcome},
    ticket::Status,
};

impl Case<'_> {
    /// What the mail says about a fix that is there to be tried. Only who reported the
    /// fault says whether it is gone, and only for sure; everybody else is read by staff.
    pub(super) fn trial(&self, candidate: &Candidate, why: &mut Vec<String>) -> Trial {
        if !matches!(candidate.status, Status::Resolved | Status::Verified) {
            return Trial::Nothing;
        }
        // Words that were handed on may be another person's.
        let said = match self.mail.body.handed_on {
            true => Outcome::Neither,
            false => report::outcome(&self.mail.body.own),
        };
        let theirs = candidate.requester && self.is_certain(candidate);
        let trial = match said {
            Outcome::Works if theirs => Trial::Works,
            Outcome::Fails if theirs => Trial::Fails,
            Outcome::Works => Trial::Said("that it works"),
            Outcome::Fails => Trial::Said("that it still fails"),
            Outcome::Unclear => Trial::Unclear,
            Outcome::Neither => Trial::Nothing,
        };
        why.extend(reason(trial).map(str::to_owned));
        trial
    }
}

fn reason(trial: Trial) -> Option<&'static str> {
    match trial {
        Trial::Works => Some("Its author reported the fault and says that it works now."),
        Trial::Fails => Some("Its author reported the fault and says that it still fails."),
        Trial::Said(_) => {
            Some("It says how the fix does, but it is not surely its reporter's word: staff decide.")
        }
        Trial::Unclear => {
            Some("It says that the fix works, and that it does not, or with a but: staff decide.")
        }
        Trial::Nothing => None,
    }
}
