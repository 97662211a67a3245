//! A mail in quarantine that a person makes a ticket of as it is.

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Desk, DeskError};
use crate::{
    domain::{InboundId, NamedAddress, TicketId, Word},
    mail,
    store::{
        self, Conn,
        inbound::Outcome,
        messages::{Direction, NewMessage},
        tickets::NewTicket,
    },
    ticket::{Happening, Source},
};

impl Desk {
    /// Makes a ticket of a mail that stands in quarantine or was discarded, without reading
    /// it: a few lines that can be told, and the whole mail as a file. It comes from the
    /// system, has no requester and answers nobody. `None` when the mail stands elsewhere;
    /// the same mail again gives the same ticket.
    ///
    /// # Errors
    /// Nothing was kept then.
    pub async fn open_unread(
        &self,
        conn: &mut Conn,
        id: InboundId,
        reason: &str,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Option<TicketId>, DeskError> {
        conn.transaction(async |conn| {
            let Some(line) = store::quarantine::lock(conn, id).await? else { return Ok(None) };
            let Some(raw) = store::inbound::raw(conn, id).await? else { return Ok(None) };
            let why = line.error.clone().unwrap_or_else(|| "its processing failed".to_owned());
            let outcome = self.keep_unread(conn, &line, &raw, (&why, reason), actor, now).await?;
            store::quarantine::finish(conn, id, &outcome, now).await?;
            Ok(outcome.ticket)
        })
        .await
    }

    async fn keep_unread(
        &self,
        conn: &mut Conn,
        line: &store::inbound::Line,
        raw: &[u8],
        (why, reason): (&str, &str),
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Outcome, DeskError> {
        let fingerprint: [u8; 32] =
            Sha256::new().chain_update(b"unread mail: ").chain_update(raw).finalize().into();
        let told = vec![format!("{} made a ticket of it unread: {reason}", actor.address), why.to_owned()];
        let before = store::messages::by_fingerprints(conn, &[fingerprint.as_slice()]).await?;
        if let Some(&(ticket, message)) = before.values().next() {
            return Ok(Outcome {
                word: "duplicate",
                why: told,
                ticket: Some(ticket),
                message: Some(message),
            });
        }
        let mail = mail::unread(raw, why);
        let new = NewTicket {
            mailbox: line.mailbox_id,
            subject: &mail.subject,
            source: Source::System,
            language: self.settings.site.language,
            requester: None,
            problem_report: false,
            follow_up_of: None,
            requester_proven: false,
            asked: false,
            severity: None,
            product: None,
            queue: None,
        };
        let opened = store::tickets::open(conn, &[new], now).await?;
        let ticket = opened.first().ok_or(DeskError::Raced)?.id;
        let entry = NewMessage {
            ticket,
            direction: Direction::In,
            kind: mail.kind.as_str(),
            staff_only: true,
            author: None,
            author_line: mail.from.iter().map(super::post::line_of).collect(),
            subject: &mail.subject,
            header_id: mail.message_id.as_ref(),
            fingerprint: Some(fingerprint),
            text: &mail.text,
            own_text: &mail.body.own,
            quoted_text: "",
            signature_text: "",
            html: None,
            language: None,
            written: None,
        };
        let entered = store::messages::record(conn, &[entry], now).await?;
        let message = entered.and_then(|ids| ids.first().copied()).ok_or(DeskError::Raced)?;
        let files = (0..).zip(&mail.attachments).map(|(position, file)| (message, position, file));
        store::messages::attach(conn, &files.collect::<Vec<_>>()).await?;
        let detail = json!({ "why": told, "reason": reason, "cause": line.cause.map(|cause| cause.0), "inbound": line.id });
        store::journal::write(conn, ticket, actor.address.as_str(), Happening::Opened, detail, now).await?;
        Ok(Outcome { word: "opened", why: told, ticket: Some(ticket), message: Some(message) })
    }
}
