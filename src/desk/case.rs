//! The mail at hand, and how it is written down: its entry, its author, the people
//! on Cc.

use jiff::Timestamp;

use super::{Desk, DeskError, post::line_of};
use crate::{
    domain::{
        EmailAddress, InboundMail, MailboxId, MessageRowId, NamedAddress, PersonId, Proof, TicketId, Word,
    },
    report::Verdict,
    settings,
    store::{
        self, Conn,
        messages::{Direction, NewMessage, Recorded},
        people::Person,
        tickets::Part,
    },
};

/// Everything about the mail at hand.
pub(super) struct Case<'a> {
    pub mailbox: &'a settings::Mailbox,
    pub mailbox_id: MailboxId,
    pub mail: &'a InboundMail,
    pub verdict: &'a Verdict,
    pub fingerprint: [u8; 32],
    pub now: Timestamp,
    /// The author's row, where they are known.
    pub author: Option<Person>,
}

impl Desk {
    pub(super) async fn record(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        ticket: TicketId,
        author: Option<PersonId>,
        staff_only: bool,
    ) -> Result<MessageRowId, DeskError> {
        let mail = case.mail;
        let entry = NewMessage {
            ticket,
            direction: Direction::In,
            kind: mail.kind.as_str(),
            staff_only,
            author,
            author_line: mail.from.iter().map(line_of).collect::<Vec<_>>().join(", "),
            subject: &mail.subject,
            header_id: mail.message_id.as_ref(),
            fingerprint: Some(case.fingerprint),
            text: &mail.text,
            own_text: &mail.body.own,
            quoted_text: &mail.body.quoted,
            signature_text: &mail.body.signature,
            html: mail.html.as_deref(),
            language: mail.language,
            written: mail.date,
        };
        let message = match store::messages::record(conn, &entry, case.now).await? {
            Recorded::Fresh(message) => message,
            Recorded::Duplicate(..) => return Err(DeskError::Raced),
        };
        for (position, file) in (0..).zip(&mail.attachments) {
            store::messages::attach(conn, message, position, file).await?;
        }
        Ok(message)
    }

    /// The author's row. Only who is proven says what they are called.
    pub(super) async fn remember_author(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
    ) -> Result<Option<Person>, DeskError> {
        let Some(author) = case.mail.author() else { return Ok(None) };
        let proven = case.mail.proven_author();
        let name = proven.map(|named| named.name.as_str()).unwrap_or_default();
        let language = proven.and(case.mail.language);
        Ok(Some(match case.author.clone() {
            Some(known) => store::people::update(conn, known, name, language).await?,
            None => {
                let named = NamedAddress::new(name, author.address.clone());
                store::people::make(conn, &named, language, case.now).await?
            }
        }))
    }

    /// People on Cc, other than ourselves and staff, take part from now on.
    pub(super) async fn add_cc(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        ticket: TicketId,
    ) -> Result<(), DeskError> {
        let ours = self.settings.our_addresses();
        let base =
            |address: &EmailAddress| ours.iter().any(|our| our == address || address.tag_of(our).is_some());
        let added_by = case.mail.author().map(|author| author.address.to_string()).unwrap_or_default();
        let cc = case.mail.cc.iter().filter(|named| !base(&named.address) && !self.is_staff(&named.address));
        let room = MAX_PARTICIPANTS - store::tickets::participant_count(conn, ticket).await?;
        for named in cc.take(usize::try_from(room).unwrap_or(0)) {
            let person = store::people::ensure(conn, named, case.now).await?.id;
            store::tickets::add_participant(conn, ticket, person, Part::Cc, &added_by, case.now).await?;
        }
        Ok(())
    }
}

/// Why staff should not take the author at their word.
pub(super) fn caution(mail: &InboundMail) -> Option<String> {
    match &mail.proof {
        Proof::Pass { .. } => None,
        Proof::None => Some("nothing proves that the mail comes from this address".into()),
        Proof::Fail { reason } => Some(format!("the receiving server says that it is forged ({reason})")),
    }
}

/// More people than this are not a conversation.
const MAX_PARTICIPANTS: i64 = 30;
