//! Words of staff: an answer to the customer, a note among themselves.

use std::sync::Arc;

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde_json::json;

use crate::{
    desk::{Desk, DeskError, post::line_of},
    domain::{Attachment, MessageRowId, NamedAddress, TicketId, text},
    store::{
        self, Conn,
        messages::{Direction, NewMessage},
        pool::{News, announce},
        tickets,
    },
    ticket::{Happening, Notice, reply},
};

impl Desk {
    /// Sends an agent's words to everybody who takes part. Returns how many mails.
    ///
    /// # Errors
    /// [`DeskError::NobodyToAnswer`] when the ticket's mail named no author.
    pub async fn reply(
        &self,
        conn: &mut Conn,
        id: TicketId,
        words: &str,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<usize, DeskError> {
        self.reply_with(conn, id, words, &Arc::default(), actor, now).await
    }

    /// The same with files.
    pub(in crate::desk) async fn reply_with(
        &self,
        conn: &mut Conn,
        id: TicketId,
        words: &str,
        files: &Arc<[Attachment]>,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<usize, DeskError> {
        conn.transaction(async |conn| {
            let ticket = tickets::lock(conn, id).await?.ok_or(DeskError::NoTicket(id))?;
            if ticket.spam {
                return Err(DeskError::Hindered("the ticket is marked as spam; reopen it first".to_owned()));
            }
            // So that the entry knows whose words it has.
            store::people::learn(conn, actor, None, now).await?;
            let mut occasion = self.occasion(conn, &ticket).await?;
            occasion.actor = Some(&actor.address);
            occasion.context.words = Some(text::clean(words));
            occasion.context.author = Some(actor.called().to_owned());
            occasion.context.files = files.clone();
            let mails = self.owe(conn, Notice::Correspondence, &occasion, now).await?;
            if mails == 0 {
                return Err(DeskError::NobodyToAnswer(id));
            }
            if reply::asks(words) {
                let asked = tickets::Change { waiting_for_customer: Some(true), ..Default::default() };
                tickets::change(conn, id, asked, now).await?;
            }
            let detail = json!({ "mails": mails, "files": files.len() });
            store::journal::write(conn, id, actor.address.as_str(), Happening::Replied, detail, now).await?;
            announce(conn, News::Outbox).await?;
            Ok(mails)
        })
        .await
    }

    /// Leaves words that stay among staff.
    ///
    /// # Errors
    /// [`DeskError::NoTicket`].
    pub async fn note(
        &self,
        conn: &mut Conn,
        id: TicketId,
        words: &str,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        self.note_with(conn, id, words, &Arc::default(), actor, now).await
    }

    /// The same with files.
    pub(in crate::desk) async fn note_with(
        &self,
        conn: &mut Conn,
        id: TicketId,
        words: &str,
        files: &Arc<[Attachment]>,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        conn.transaction(async |conn| {
            self.keep_inside(conn, id, "note", words, files, actor, now).await?;
            let detail = json!({});
            store::journal::write(conn, id, actor.address.as_str(), Happening::Note, detail, now).await?;
            Ok(())
        })
        .await
    }

    /// Makes an entry of words that stay among staff.
    #[expect(clippy::too_many_arguments, reason = "an entry has that many sides")]
    pub(in crate::desk) async fn keep_inside(
        &self,
        conn: &mut Conn,
        id: TicketId,
        kind: &str,
        words: &str,
        files: &[Attachment],
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<MessageRowId, DeskError> {
        self.ticket(conn, id).await?;
        let author = store::people::learn(conn, actor, None, now).await?.id;
        let words = text::clean(words);
        let entry = NewMessage {
            ticket: id,
            direction: Direction::Note,
            kind,
            staff_only: true,
            author: Some(author),
            author_line: line_of(actor),
            subject: "",
            header_id: None,
            fingerprint: None,
            text: &words,
            own_text: &words,
            quoted_text: "",
            signature_text: "",
            html: None,
            language: None,
            written: Some(now),
        };
        let made = store::messages::record(conn, &[entry], now).await?.unwrap_or_default();
        let id = made.first().copied().ok_or(DeskError::Raced)?;
        let files: Vec<_> = (0..).zip(files).map(|(position, file)| (id, position, file)).collect();
        store::messages::attach(conn, &files).await?;
        Ok(id)
    }
}
