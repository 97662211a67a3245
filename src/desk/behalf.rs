//! Staff pass on what a customer wrote to them: the ticket is the customer's, and what
//! they say about it is a note among staff.

use jiff::Timestamp;

use super::{Desk, DeskError, Incoming, case::Case, opening::New, post::line_of};
use crate::{
    domain::{EmailAddress, Forward, Kind, MessageRowId},
    settings,
    store::{
        self, Conn,
        messages::{Direction, NewMessage},
        tickets::Ticket,
    },
    triage::{self, Deed, Facts, Plan, Policy},
};

impl Desk {
    /// The mail at hand, and within it the one that a proven member of staff passes on.
    pub(super) fn case<'a>(
        &self,
        mailbox: &'a settings::Mailbox,
        incoming: &'a Incoming,
        now: Timestamp,
    ) -> Case<'a> {
        let mut case = Case::new(mailbox, incoming, now);
        let Some(by) = case.mail.proven_author().filter(|author| self.is_staff(&author.address)) else {
            return case;
        };
        let Some((forwarded, verdict)) = case.mail.forwarded().zip(incoming.passed_on.as_ref()) else {
            return case;
        };
        let ours = self.ours(None);
        let a_customer = |address: &EmailAddress| {
            !self.is_staff(address) && !ours.is_ours(address) && !triage::is_machine(address)
        };
        let from_outside = forwarded.mail.author().is_some_and(|author| a_customer(&author.address));
        if from_outside && case.mail.kind == Kind::Human {
            let mut inner = Case::new(mailbox, incoming, now);
            (inner.mail, inner.verdict) = (&forwarded.mail, verdict);
            (inner.fingerprints, inner.by) = (case.fingerprints.clone(), Some((by, forwarded.note.as_str())));
            case.passed_on = Some(Box::new(inner));
        }
        case
    }

    /// Whether staff pass on a mail whose author cannot be told: what they say beside it stays
    /// among staff, whoever becomes the requester.
    pub(super) fn is_unclear_of_staff(&self, case: &Case<'_>) -> bool {
        let staff = case.mail.proven_author().is_some_and(|author| self.is_staff(&author.address));
        staff && matches!(case.mail.forward, Some(Forward::Unclear(_)))
    }

    /// What would open a ticket for staff opens it for whose mail they pass on.
    pub(super) fn on_behalf<'c, 'a>(
        &self,
        case: &'c Case<'a>,
        plan: Plan,
        facts: Facts,
        policy: &Policy,
    ) -> (&'c Case<'a>, Plan) {
        let (Deed::Open(_), Some(inner)) = (&plan.deed, case.passed_on.as_deref()) else {
            return (case, plan);
        };
        let author = inner.mail.author().map(|author| self.author(&author.address, inner.known.automatic));
        let facts = Facts { author: author.unwrap_or_default(), ..facts };
        let by = inner.by.map(|(by, _)| by.address.as_str()).unwrap_or_default();
        (inner, triage::decide_passed_on(inner.mail, by, inner.verdict, &facts, policy, case.now))
    }

    /// What staff said about the mails that they passed on, among staff.
    pub(super) async fn note_who_passed_on(
        &self,
        conn: &mut Conn,
        new: &[New<'_>],
        tickets: &[Ticket],
        now: Timestamp,
    ) -> Result<Vec<MessageRowId>, DeskError> {
        let mut notes = Vec::new();
        for (new, ticket) in new.iter().zip(tickets) {
            let Some((by, words)) = new.case.by.filter(|(_, words)| !words.is_empty()) else { continue };
            notes.push(NewMessage {
                ticket: ticket.id,
                direction: Direction::Note,
                kind: "note",
                staff_only: true,
                author: Some(store::people::learn(conn, by, None, now).await?.id),
                author_line: line_of(by),
                subject: "",
                header_id: new.case.incoming.mail.message_id.as_ref(),
                fingerprint: None,
                text: words,
                own_text: words,
                quoted_text: "",
                signature_text: "",
                html: None,
                language: None,
                written: Some(now),
            });
        }
        match notes.is_empty() {
            true => Ok(Vec::new()),
            false => store::messages::record(conn, &notes, now).await?.ok_or(DeskError::Raced),
        }
    }
}
