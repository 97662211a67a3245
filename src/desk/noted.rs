//! What a customer said elsewhere, on the telephone or in a chat, and a member of staff writes down: it becomes a ticket
//! of that customer, who may be told.

use std::slice;

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde_json::json;

use super::{Desk, DeskError, post::line_of, question::understood};
use crate::{
    domain::{InboundMail, NamedAddress, Severed, Slot, TicketId, Word as _, text, words::word},
    mail,
    report::{self, Verdict},
    settings::Mailbox,
    store::{
        self, Conn,
        forms::FormKey,
        messages::{Direction, NewMessage},
        participants::{Joiner, Part},
        people::Person,
        pool::{News, announce},
        slots::NewSlot,
        tickets::{self, NewTicket, Ticket},
    },
    ticket::{Happening, Notice, Severity, Source},
};

/// How something came to us that is no mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// On the telephone.
    Phone,
    /// In a chat.
    Chat,
    /// Face to face, or in any other way.
    Other,
}

word!(Way, "way", {
    Phone => "phone",
    Chat => "chat",
    Other => "other",
});

/// What somebody said.
#[derive(Clone, Debug)]
pub struct Noted {
    /// Who.
    pub from: NamedAddress,
    /// How.
    pub by: Way,
    /// What it is about.
    pub subject: String,
    /// What they said.
    pub words: String,
    /// The mailbox out of which they are answered; the first where none is named.
    pub mailbox: Option<String>,
    /// How bad it is.
    pub severity: Option<Severity>,
    /// They are told that there is a ticket, and asked for what it lacks.
    pub tell: bool,
    /// Who writes it down has it.
    pub take: bool,
}

impl Desk {
    /// Opens a ticket of what a customer said. The same form of the console again gives the same ticket.
    ///
    /// # Errors
    /// [`DeskError::Hindered`] for an address of ours, or a ticket without words.
    pub async fn note_down(
        &self,
        conn: &mut Conn,
        noted: &Noted,
        form: Option<&FormKey>,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<TicketId, DeskError> {
        conn.transaction(async |conn| {
            let by = actor.address.as_str();
            if let Some(form) = form
                && !store::forms::take(conn, form, by, None, now).await?
            {
                let before = store::forms::find(conn, form, by, None).await?;
                let ticket = before.and_then(|form| form.outcome["ticket"].as_i64());
                return ticket.map(TicketId).ok_or(DeskError::Raced);
            }
            let mailbox = self.fit_to_note(noted)?;
            let requester = store::people::ensure(conn, &noted.from, now).await?;
            let verdict = report::gate(&as_mail(noted));
            let ticket = self.open_noted(conn, noted, mailbox, &requester, &verdict, now).await?;
            let why = format!("{} wrote down what was said ({}).", actor.called(), noted.by);
            let detail = json!({ "why": [why], "source": ticket.source.0, "noted_by": by, "way": noted.by });
            store::journal::write(conn, ticket.id, by, Happening::Opened, detail, now).await?;
            self.begin_noted(conn, noted, &ticket, actor, now).await?;
            self.tell_of_noted(conn, noted, ticket.id, &verdict, actor, now).await?;
            if let Some(form) = form {
                store::forms::done(conn, form, &json!({ "ticket": ticket.id })).await?;
            }
            announce(conn, News::Outbox).await?;
            Ok(ticket.id)
        })
        .await
    }

    fn fit_to_note(&self, noted: &Noted) -> Result<&Mailbox, DeskError> {
        let hindered = |why: &str| Err(DeskError::Hindered(why.to_owned()));
        if self.is_staff(&noted.from.address) || self.ours(None).is_ours(&noted.from.address) {
            return Err(DeskError::NotFromOutside(noted.from.address.clone()));
        }
        if noted.words.trim().is_empty() || noted.subject.trim().is_empty() {
            return hindered("say what it is about, and what was said");
        }
        if noted.severity.is_some_and(|severity| !self.settings.severity.has(severity)) {
            return hindered("this desk has no such severity");
        }
        match &noted.mailbox {
            Some(name) => self.settings.mailbox(name).ok_or_else(|| DeskError::MailboxGone(name.clone())),
            None => self.settings.mailboxes.first().map_or_else(|| hindered("no mailbox is configured"), Ok),
        }
    }

    async fn open_noted(
        &self,
        conn: &mut Conn,
        noted: &Noted,
        mailbox: &Mailbox,
        requester: &Person,
        verdict: &Verdict,
        now: Timestamp,
    ) -> Result<Ticket, DeskError> {
        let row = self.mailbox_row(conn, mailbox).await?;
        let subject = text::line(&noted.subject);
        let product = mailbox.product.as_deref();
        let language = mail::language_of(&noted.words).unwrap_or(self.settings.site.language);
        let new = NewTicket {
            mailbox: row.id,
            subject: &subject,
            source: Source::Customer,
            language,
            requester: Some(requester.id),
            problem_report: verdict.problem_report,
            follow_up_of: None,
            // One of us heard them.
            requester_proven: true,
            asked: false,
            severity: noted.severity,
            product,
            queue: self.queue_for(product, &mailbox.name).map(|queue| queue.name.as_str()),
        };
        let opened = tickets::open(conn, slice::from_ref(&new), now).await?;
        let ticket = opened.into_iter().next().ok_or(DeskError::Raced)?;
        self.start_clocks(conn, slice::from_ref(&ticket), now).await?;
        let added_by = store::journal::SYSTEM.to_owned();
        let joiner = Joiner { ticket: ticket.id, person: requester.id, part: Part::Requester, added_by };
        store::participants::add(conn, &[joiner], now).await?;
        let words = text::clean(&noted.words);
        let entry = NewMessage {
            ticket: ticket.id,
            direction: Direction::In,
            kind: "noted",
            staff_only: false,
            author: Some(requester.id),
            author_line: line_of(&noted.from),
            subject: &subject,
            header_id: None,
            fingerprint: None,
            text: &words,
            own_text: &words,
            quoted_text: "",
            signature_text: "",
            html: None,
            language: Some(language),
            written: Some(now),
        };
        let made = store::messages::record(conn, &[entry], now).await?.unwrap_or_default();
        let message = made.first().copied().ok_or(DeskError::Raced)?;
        if ticket.problem_report {
            let slot = |&slot| NewSlot { ticket: ticket.id, slot, finding: verdict.of(slot), message };
            let slots: Vec<NewSlot<'_>> = Slot::ALL.iter().map(slot).collect();
            store::slots::put(conn, &slots, now).await?;
        }
        Ok(ticket)
    }

    /// What its severity sets off, and whose it is.
    async fn begin_noted(
        &self,
        conn: &mut Conn,
        noted: &Noted,
        ticket: &Ticket,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        if let Some(severity) = noted.severity {
            let detail = json!({ "from": null, "to": severity, "reason": null });
            let by = actor.address.as_str();
            store::journal::write(conn, ticket.id, by, Happening::Severity, detail, now).await?;
            self.follow(conn, ticket, Some(&actor.address), now).await?;
        }
        if noted.take {
            let take = super::Change { assignee: Some(Some(actor.address.clone())), ..Default::default() };
            self.change(conn, ticket.id, &take, actor, now).await?;
        } else {
            self.give_out(conn, slice::from_ref(ticket), now).await?;
        }
        Ok(())
    }

    async fn tell_of_noted(
        &self,
        conn: &mut Conn,
        noted: &Noted,
        id: TicketId,
        verdict: &Verdict,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let ticket = self.ticket(conn, id).await?;
        let mut occasion = self.occasion(conn, &ticket).await?;
        if noted.tell {
            occasion.context.gate = ticket.problem_report.then(|| understood(verdict, false));
            self.owe(conn, Notice::Acknowledged, &occasion, now).await?;
        }
        occasion.actor = Some(&actor.address);
        occasion.context.gate = match ticket.problem_report {
            true => Some(self.standing(conn, id).await?),
            false => None,
        };
        occasion.context.words = Some(noted.words.clone());
        occasion.context.author = Some(line_of(&noted.from));
        self.owe(conn, Notice::StaffNew, &occasion, now).await?;
        Ok(())
    }
}

/// What the gate reads.
fn as_mail(noted: &Noted) -> InboundMail {
    InboundMail {
        subject: noted.subject.clone(),
        text: noted.words.clone(),
        body: Severed { own: noted.words.clone(), ..Severed::default() },
        ..InboundMail::default()
    }
}
