//! Mails to one person that are about no one ticket: lists, plans, digests, alarms.
//!
//! Their reader may answer: the reply address is made for ticket 0 and this reader, and what comes back to it
//! goes to [`super::answers`].

use jiff::Timestamp;

use super::{
    Desk, DeskError,
    post::{Reader, nonce},
};
use crate::{
    domain::{Language, MessageId, NamedAddress, Purpose, TicketId, reference},
    render::{Context, Letter, SiteView, TicketView},
    store::{self, Conn, outbox::NewItem},
    ticket::Notice,
};

/// The number of no ticket.
pub(super) const NO_TICKET: TicketId = TicketId(0);

impl Desk {
    /// Queues a mail that is about no ticket, with the first mailbox as its sender. `context` need not say who writes, what
    /// it is about or to whom; mails of one notice to one person are one thread. Whoever calls this announces that
    /// there is something to send. It goes past the caps: whoever asks for it bounds how often.
    pub(super) async fn write_to(
        &self,
        conn: &mut Conn,
        notice: Notice,
        to: &NamedAddress,
        title: &str,
        context: Context,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        self.write_to_list(conn, notice, to, title, context, None, now).await
    }

    /// The same to somebody who may get off the list: by the link of a purpose, or by a mail with a subject.
    #[expect(clippy::too_many_arguments, reason = "what a letter takes, and the way out")]
    pub(super) async fn write_to_list(
        &self,
        conn: &mut Conn,
        notice: Notice,
        to: &NamedAddress,
        title: &str,
        context: Context,
        way_out: Option<(Purpose, String)>,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let Some(mailbox) = self.settings.mailboxes.first() else { return Ok(()) };
        let row = self.mailbox_row(conn, mailbox).await?;
        let reader = self.reader(conn, to, now).await?;
        let reply_to = match mailbox.reply_tag {
            true => reference::reply_address(&self.key, &mailbox.address, NO_TICKET, reader.person),
            false => None,
        };
        // Alarms have nothing to do with each other; the others are a series.
        let last = match notice {
            Notice::StaffAlarm => None,
            _ => store::outbox::last_about_no_ticket(conn, &[notice], &to.address).await?,
        };
        let last = last.and_then(|line| MessageId::parse(&line.header_id));
        let message_id = self.key.message_id(NO_TICKET, nonce(), mailbox.address.domain());
        let site = &self.settings.site;
        let name = mailbox.display_name.as_deref().unwrap_or(&site.name);
        let letter = Letter {
            notice,
            language: Language::En,
            from: NamedAddress::new(name, mailbox.address.clone()),
            to: to.clone(),
            unsubscribe: way_out.map(|(purpose, subject)| {
                let mailto = reply_to.as_ref().unwrap_or(&mailbox.address);
                self.off_the_list(purpose, reader.person, mailto, &subject)
            }),
            reply_to,
            envelope_from: Some(mailbox.address.clone()),
            message_id: message_id.clone(),
            in_reply_to: last.clone(),
            references: last.into_iter().collect(),
            date: now,
            context: Context {
                site: SiteView { name: site.name.clone(), base_url: site.base_url.clone() },
                ticket: TicketView {
                    reference: "desk".to_owned(),
                    subject: title.to_owned(),
                    ..TicketView::default()
                },
                reader: to.name.clone(),
                ..context
            },
        };
        let item = NewItem {
            mailbox: row.id,
            ticket: None,
            notice,
            recipient: to.address.clone(),
            envelope_from: mailbox.address.clone(),
            header_id: message_id,
            bytes: self.renderer.letter(&letter)?.bytes,
        };
        Ok(store::outbox::queue(conn, vec![item], now).await?)
    }

    async fn reader(&self, conn: &mut Conn, to: &NamedAddress, now: Timestamp) -> Result<Reader, DeskError> {
        let person = store::people::learn(conn, to, None, now).await?.id;
        Ok(Reader { person, named: to.clone(), language: Language::En, part: None })
    }
}
