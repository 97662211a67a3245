//! A mail about something else becomes a ticket of its own.

use std::slice;

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde_json::json;

use super::{Changed, Desk, DeskError, question::understood};
use crate::{
    domain::{
        InboundMail, MessageId, MessageRowId, NamedAddress, PersonId, Severed, Slot, TicketId, Word, text,
    },
    report,
    store::{
        self, Conn,
        messages::Mail,
        participants::{Joiner, Part},
        pool::{News, announce},
        slots::NewSlot,
        tickets::{self, NewTicket, Ticket},
    },
    ticket::{Happening, Link, Notice, Source},
};

impl Desk {
    /// Makes a ticket of one of a ticket's mails, for who wrote it, and tells them and staff. Without a subject it has that of
    /// the mail.
    ///
    /// # Errors
    /// [`DeskError::Hindered`] when it is no mail of a customer, or the first.
    pub async fn split(
        &self,
        conn: &mut Conn,
        from: TicketId,
        message: MessageRowId,
        subject: Option<&str>,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Changed, DeskError> {
        conn.transaction(async |conn| {
            let old = tickets::lock(conn, from).await?.ok_or(DeskError::NoTicket(from))?;
            let mail = self.mail_to_split(conn, from, message).await?;
            let subject = subject.map_or_else(|| mail.subject.clone(), text::line);
            let new = self.open_split(conn, &old, &mail, &subject, now).await?;
            store::messages::move_one(conn, message, new.id).await?;
            let by = actor.address.as_str();
            store::links::link(conn, (new.id, from), Link::Split, by, now).await?;
            let why = format!("{} split it off from {}.", actor.called(), self.reference(from));
            let opened = json!({ "why": [why], "source": new.source.0, "split_from": from });
            store::journal::write(conn, new.id, by, Happening::Opened, opened, now).await?;
            let detail = json!({ "into": new.id, "message": message });
            store::journal::write(conn, from, by, Happening::Split, detail, now).await?;
            let mails = self.tell_of_split(conn, &new, &mail, now).await?;
            announce(conn, News::Outbox).await?;
            let done =
                format!("the mail is {} now; its notice is on its way to staff", self.reference(new.id));
            Ok(Changed { done: vec![done], mails })
        })
        .await
    }

    async fn mail_to_split(
        &self,
        conn: &mut Conn,
        from: TicketId,
        message: MessageRowId,
    ) -> Result<Mail, DeskError> {
        let hindered = |why: &str| DeskError::Hindered(why.to_owned());
        let mails = store::messages::mails_of(conn, from).await?;
        let at = mails.iter().position(|mail| mail.id == message);
        let at = at.ok_or_else(|| hindered("that is no mail of a customer in this ticket"))?;
        if at == 0 {
            return Err(hindered("it is the first mail of the ticket, which is a ticket of its own already"));
        }
        Ok(mails.into_iter().nth(at).expect("its position was found among them"))
    }

    async fn open_split(
        &self,
        conn: &mut Conn,
        old: &Ticket,
        mail: &Mail,
        subject: &str,
        now: Timestamp,
    ) -> Result<Ticket, DeskError> {
        let requester = mail.author.map(PersonId);
        let verdict = report::gate(&read_anew(mail));
        let new = NewTicket {
            mailbox: old.mailbox_id,
            subject,
            source: old.source.0,
            language: mail.language.map_or(old.language.0, |stored| stored.0),
            requester,
            problem_report: verdict.problem_report && old.source.0 == Source::Customer,
            follow_up_of: None,
            requester_proven: requester == old.requester() && old.requester_proven,
            asked: false,
            severity: None,
            product: old.product.as_deref(),
            queue: old.queue.as_deref(),
        };
        let opened = tickets::open(conn, slice::from_ref(&new), now).await?;
        let ticket = opened.into_iter().next().ok_or(DeskError::Raced)?;
        if let Some(person) = requester {
            let added_by = store::journal::SYSTEM.to_owned();
            let joiner = Joiner { ticket: ticket.id, person, part: Part::Requester, added_by };
            store::participants::add(conn, &[joiner], now).await?;
        }
        if ticket.problem_report {
            let slot =
                |&slot| NewSlot { ticket: ticket.id, slot, finding: verdict.of(slot), message: mail.id };
            let slots: Vec<NewSlot<'_>> = Slot::ALL.iter().map(slot).collect();
            store::slots::put(conn, &slots, now).await?;
        }
        Ok(ticket)
    }

    /// Its author hears the new number; staff get a notice that they can answer.
    async fn tell_of_split(
        &self,
        conn: &mut Conn,
        new: &Ticket,
        mail: &Mail,
        now: Timestamp,
    ) -> Result<usize, DeskError> {
        let answers = mail.header_id.as_deref().and_then(MessageId::parse);
        let mut occasion = self.occasion(conn, new).await?;
        occasion.answers = answers.as_ref();
        occasion.context.neutral = !new.requester_proven;
        if new.problem_report && new.requester_proven {
            occasion.context.gate = Some(understood(&report::gate(&read_anew(mail)), false));
        }
        let told = self.owe(conn, Notice::Acknowledged, &occasion, now).await?;
        occasion.context.neutral = false;
        occasion.context.gate = match new.problem_report {
            true => Some(self.standing(conn, new.id).await?),
            false => None,
        };
        occasion.context.words = Some(mail.own_text.clone());
        occasion.context.author = Some(mail.author_line.clone());
        Ok(told + self.owe(conn, Notice::StaffNew, &occasion, now).await?)
    }
}

/// What the gate needs of a stored mail.
fn read_anew(mail: &Mail) -> InboundMail {
    InboundMail {
        subject: mail.subject.clone(),
        text: mail.own_text.clone(),
        body: Severed { own: mail.own_text.clone(), ..Severed::default() },
        ..InboundMail::default()
    }
}
