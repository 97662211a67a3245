//! Whether a mail of staff proves itself: who wrote it, and that it answers what only they have.

use crate::{
    desk::{Desk, DeskError, case::Case},
    domain::{EmailAddress, Kind, PersonId, Proof, TicketId},
    mail,
    store::{self, Conn, outbox::Line},
    ticket::rights::{self, Actor, Denied, Evidence, Marks, Wish},
};

impl Desk {
    /// The mail of ours to this person about the ticket that the mail answers: what stands in In-Reply-To, else the newest
    /// of those it refers to.
    pub(super) async fn answered_notice(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        ticket: TicketId,
        to: &EmailAddress,
    ) -> Result<Option<Line>, DeskError> {
        let mail = case.mail;
        let ids: Vec<_> = mail.in_reply_to.iter().chain(&mail.references).cloned().collect();
        if ids.is_empty() {
            return Ok(None);
        }
        let mut sent = store::outbox::sent_to(conn, &ids, ticket, to).await?;
        let direct = |line: &Line| mail.in_reply_to.iter().any(|id| id.as_str() == line.header_id);
        let at = sent.iter().position(direct).unwrap_or(0);
        Ok((at < sent.len()).then(|| sent.swap_remove(at)))
    }

    /// What vouches for the author of a mail about a ticket, and for its words.
    pub(super) fn evidence(
        &self,
        case: &Case<'_>,
        ticket: TicketId,
        author: PersonId,
        answers_notice: bool,
    ) -> Evidence {
        let mail = case.mail;
        let tags = mail::clues(mail, &self.ours(Some(case.mailbox))).reply_tags;
        let marks = Marks {
            forged: matches!(mail.proof, Proof::Fail { .. }),
            proven: mail.proven_author().is_some(),
            // It comes back by something that was sent to its author alone.
            token: answers_notice || tags.contains(&(ticket, author)),
            our_message: false,
            handed_on: mail.body.handed_on,
        };
        marks.evidence()
    }

    /// Why nothing in this mail is obeyed or sent; `None` when it has every proof.
    pub(super) async fn refusal(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        (ticket, author): (TicketId, PersonId),
        (role, evidence): (Actor, Evidence),
    ) -> Result<Option<String>, DeskError> {
        // No command asks for less than a note.
        match rights::may(role, evidence, Wish::Note) {
            Err(Denied::NoToken) => {
                let merged = self.answers_a_merged_one(conn, case, ticket, author).await?;
                Ok(Some(merged.unwrap_or_else(|| Denied::NoToken.to_string())))
            }
            Err(denied) => Ok(Some(denied.to_string())),
            Ok(()) => Ok(unfit(case)),
        }
    }

    /// What is said to who answers a notice about a ticket that was merged into this one.
    async fn answers_a_merged_one(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        ticket: TicketId,
        author: PersonId,
    ) -> Result<Option<String>, DeskError> {
        let tags = mail::clues(case.mail, &self.ours(Some(case.mailbox))).reply_tags;
        for (of, _) in tags.into_iter().filter(|(of, person)| *person == author && *of != ticket) {
            let merged = store::tickets::find(conn, of).await?.is_some_and(|old| old.merged_into.is_some());
            if merged {
                let (old, new) = (self.reference(of), self.reference(ticket));
                return Ok(Some(format!(
                    "{old} was merged, and its mails are part of {new} now; reply to a notice about {new}, so that nothing \
                     is done to another ticket than you meant"
                )));
            }
        }
        Ok(None)
    }
}

/// Why a mail is no answer of a person, whoever sent it.
fn unfit(case: &Case<'_>) -> Option<String> {
    if case.mail.forward.is_some() {
        return Some(
            "the mail passes on another one; to write to the customer, reply to a notice".to_owned(),
        );
    }
    (case.mail.kind != Kind::Human)
        .then(|| "it came through a mailing list, or cannot be read as a mail of a person".to_owned())
}
