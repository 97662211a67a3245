//! A letter is written, and queued.

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};

use super::{Occasion, Reader, line_of};
use crate::{
    desk::{Desk, DeskError},
    domain::{
        Attachment, EmailAddress, Language, MessageId, NamedAddress, PersonId, Purpose, TicketId, Word,
        reference,
    },
    render::{Context, Letter, SeverityView, SiteView, TicketView},
    store::{
        self, Conn,
        messages::{Direction, NewMessage},
        outbox::NewItem,
        tickets::Ticket,
    },
    ticket::{Audience, Notice, command, subscription::OFF_THE_LIST},
};

/// A written letter, to be queued.
pub(in crate::desk) struct Composed {
    ticket: TicketId,
    item: NewItem,
    from: NamedAddress,
    subject: String,
    text: String,
    language: Language,
    /// The words that a person of ours wrote.
    words: Option<String>,
    /// The member of staff whose doing it is.
    pub(super) author: Option<PersonId>,
    files: Arc<[Attachment]>,
    pub(super) enters: bool,
}

impl Composed {
    /// The letter becomes an entry of its ticket's thread.
    pub(in crate::desk) fn entering(self) -> Composed {
        Composed { enters: true, ..self }
    }

    fn entry(&self) -> NewMessage<'_> {
        NewMessage {
            ticket: self.ticket,
            direction: Direction::Out,
            kind: Word::as_str(self.item.notice),
            staff_only: false,
            author: self.author,
            author_line: line_of(&self.from),
            subject: &self.subject,
            header_id: Some(&self.item.header_id),
            fingerprint: None,
            text: &self.text,
            own_text: self.words.as_deref().unwrap_or(&self.text),
            quoted_text: "",
            signature_text: "",
            html: None,
            language: Some(self.language),
            written: None,
        }
    }
}

impl Desk {
    /// Writes a letter: a pure function but for the nonce of its Message-ID. `thread` is
    /// In-Reply-To and References.
    pub(in crate::desk) fn compose(
        &self,
        notice: Notice,
        occasion: &Occasion<'_>,
        reader: &Reader,
        thread: (Option<MessageId>, Vec<MessageId>),
        now: Timestamp,
    ) -> Result<Composed, DeskError> {
        let (ticket, mailbox) = (occasion.ticket, occasion.mailbox);
        let message_id = self.key.message_id(ticket.id, nonce(), mailbox.address.domain());
        let reply_to = match mailbox.reply_tag {
            true => reference::reply_address(&self.key, &mailbox.address, ticket.id, reader.person),
            false => None,
        };
        let envelope_from = reply_to.clone().unwrap_or_else(|| mailbox.address.clone());
        let (in_reply_to, references) = thread;
        let letter = Letter {
            notice,
            language: reader.language,
            from: self.sender(notice, occasion),
            to: NamedAddress {
                name: if occasion.context.neutral { String::new() } else { reader.named.name.clone() },
                address: reader.named.address.clone(),
            },
            reply_to: reply_to.clone(),
            envelope_from: Some(envelope_from.clone()),
            message_id: message_id.clone(),
            in_reply_to,
            references,
            unsubscribe: match notice.audience() {
                Audience::Stakeholders => {
                    let mailto = reply_to.as_ref().unwrap_or(&mailbox.address);
                    Some(self.off_the_list(Purpose::Updates, reader.person, mailto, OFF_THE_LIST))
                }
                _ => self.way_out(occasion, reader, reply_to.as_ref()),
            },
            date: now,
            context: self.with_links(notice, occasion, reader),
        };
        let mail = self.renderer.letter(&letter)?;
        let item = NewItem {
            mailbox: ticket.mailbox_id,
            ticket: Some(ticket.id),
            notice,
            recipient: reader.named.address.clone(),
            envelope_from,
            header_id: message_id,
            bytes: mail.bytes,
        };
        Ok(Composed {
            ticket: ticket.id,
            item,
            from: letter.from,
            subject: mail.subject,
            // The thread is read by others, too, who must not have this reader's links.
            text: self.without_links(&mail.text),
            language: ticket.language.0,
            words: occasion.context.words.clone().filter(|_| notice.is_correspondence()),
            author: None,
            files: occasion.context.files.clone(),
            enters: false,
        })
    }

    /// The zone in which somebody reads times.
    pub(in crate::desk) fn zone_of(&self, reader: &EmailAddress) -> TimeZone {
        let own = self.settings.staff_by_email(reader).map(|staff| &staff.zone);
        own.unwrap_or(&self.settings.site.zone).clone()
    }

    /// Queues letters, and enters those into their threads that are to be.
    pub(in crate::desk) async fn send_out(
        &self,
        conn: &mut Conn,
        letters: Vec<Composed>,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let entries: Vec<_> = letters
            .iter()
            .filter(|letter| letter.enters)
            .map(|letter| NewMessage { written: Some(now), ..letter.entry() })
            .collect();
        if !entries.is_empty() {
            let ids = store::messages::record(conn, &entries, now).await?.unwrap_or_default();
            let entering = letters.iter().filter(|letter| letter.enters);
            let files = ids.iter().zip(entering).flat_map(|(&id, letter)| {
                (0..).zip(letter.files.iter()).map(move |(position, file)| (id, position, file))
            });
            store::messages::attach(conn, &files.collect::<Vec<_>>()).await?;
        }
        if !letters.is_empty() {
            let items = letters.into_iter().map(|letter| letter.item).collect();
            store::outbox::queue(conn, items, now).await?;
        }
        Ok(())
    }

    /// The desk, or the agent whose words the mail carries.
    fn sender(&self, notice: Notice, occasion: &Occasion<'_>) -> NamedAddress {
        let site = occasion.mailbox.display_name.as_deref().unwrap_or(&self.settings.site.name);
        let name = match (&occasion.context.author, notice.is_correspondence()) {
            (Some(author), true) => format!("{author} ({site})"),
            _ => site.to_owned(),
        };
        NamedAddress::new(&name, occasion.mailbox.address.clone())
    }

    /// The facts of a ticket for a notice about it.
    /// The commands that lead on from where it stands.
    fn offers(&self, ticket: &Ticket) -> Vec<String> {
        let (assigned, rated) = (ticket.assignee().is_some(), ticket.severity().is_some());
        command::offers(&self.settings.workflow, self.state_of(ticket), assigned, rated)
    }

    pub(super) fn context(&self, ticket: &Ticket, requester: Option<&NamedAddress>) -> Context {
        Context {
            site: SiteView {
                name: self.settings.site.name.clone(),
                base_url: self.settings.site.base_url.clone(),
            },
            ticket: TicketView {
                number: ticket.id.0,
                reference: self.reference(ticket.id),
                subject: ticket.subject.clone(),
                status: ticket.status.0,
                status_label: self.state_of(ticket).shown().to_owned(),
                severity: ticket.severity(),
                level: ticket.level(),
                requester: requester.map(line_of).unwrap_or_default(),
                assignee: None,
                closed_as: ticket.closed_as.map(|stored| stored.0),
            },
            severity: ticket
                .severity()
                .map(|it| SeverityView::of(self.settings.severity.policy(Some(it))))
                .unwrap_or_default(),
            offers: self.offers(ticket),
            duplicate_of: ticket.duplicate_of.map(|id| self.reference(TicketId(id))),
            follow_up_of: ticket.follow_up_of.map(|id| self.reference(TicketId(id))),
            ..Context::default()
        }
    }
}

/// Makes one Message-ID differ from the next.
pub(in crate::desk) fn nonce() -> u64 {
    getrandom::u64().expect("the operating system gives random numbers")
}
