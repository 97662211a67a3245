//! Tickets are opened, several at once: each step is one statement for all of them.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::json;

use super::{
    Desk, DeskError,
    assign::Given,
    case::{Case, Entry},
    post::{Composed, Occasion},
    question::understood,
};
use crate::{
    domain::{InboundId, Kind, MessageRowId, Slot, TicketId},
    render::SimilarView,
    settings::{self, Staff},
    store::{
        self, Conn,
        inbound::Outcome,
        journal::{NewEntry, SYSTEM},
        participants::{Joiner, Part},
        people::Person,
        slots::NewSlot,
        tickets::{NewTicket, Ticket},
    },
    ticket::{Happening, Notice, Source},
    triage::{Answer, Opening, Rated},
};

/// A mail for which a ticket is to be opened.
pub(super) struct New<'a> {
    pub case: &'a Case<'a>,
    pub opening: Opening,
    /// How bad it is, where its mail settles that.
    pub rated: Option<Rated>,
    pub why: Vec<String>,
}

impl New<'_> {
    /// Whether it is held against the three facts that a report needs.
    fn gated(&self) -> bool {
        let from_a_customer = self.opening.source == Source::Customer && self.case.mail.kind == Kind::Human;
        from_a_customer && self.case.verdict.problem_report
    }

    fn asks(&self) -> bool {
        self.opening.answer == Answer::Full { ask: true }
    }
}

impl Desk {
    pub(super) async fn open(
        &self,
        conn: &mut Conn,
        new: Vec<New<'_>>,
        now: Timestamp,
    ) -> Result<Vec<(InboundId, Outcome)>, DeskError> {
        let cases: Vec<&Case<'_>> = new.iter().map(|new| new.case).collect();
        let authors = self.remember_authors(conn, &cases).await?;
        let rows: Vec<_> =
            new.iter().zip(&authors).map(|(new, author)| self.row(new, author.as_ref())).collect();
        let tickets = store::tickets::open(conn, &rows, now).await?;
        self.start_clocks(conn, &tickets, now).await?;
        self.let_take_part(conn, &new, &tickets, &authors, now).await?;
        let entries: Vec<Entry<'_>> = (cases.iter().zip(&tickets).zip(&authors))
            .map(|((&case, ticket), author)| Entry {
                case,
                ticket: ticket.id,
                author: author.as_ref().map(|author| author.id),
                staff_only: self.is_unclear_of_staff(case),
            })
            .collect();
        let messages = self.record(conn, &entries, now).await?;
        self.note_who_passed_on(conn, &new, &tickets, now).await?;
        self.put_slots(conn, &new, &tickets, &messages, now).await?;
        let journal = new.iter().zip(&tickets).flat_map(|(new, ticket)| journal(new, ticket)).collect();
        store::journal::write_all(conn, SYSTEM, journal, now).await?;
        let given = self.give_out(conn, &tickets, now).await?;
        self.begin_rated(conn, &new, &tickets, now).await?;
        let similar = Box::pin(self.kin_of_new(conn, &new, &tickets)).await;
        let letters = self.letters(conn, &new, &tickets, authors, (&given, similar), now).await?;
        self.send_out(conn, letters, now).await?;
        let outcome = |((new, ticket), message): ((New<'_>, &Ticket), MessageRowId)| {
            let (ticket, message) = (Some(ticket.id), Some(message));
            (new.case.incoming.inbound, Outcome { word: "opened", why: new.why, ticket, message })
        };
        Ok(new.into_iter().zip(&tickets).zip(messages).map(outcome).collect())
    }

    /// What the mailbox is for, else what the subject names.
    fn product_of<'a>(&'a self, mailbox: &'a settings::Mailbox, subject: &str) -> Option<&'a str> {
        let named = || settings::product::named_in(&self.settings.products, subject);
        mailbox.product.as_deref().or_else(|| named().map(|product| product.name.as_str()))
    }

    fn row<'a>(&'a self, new: &New<'a>, author: Option<&Person>) -> NewTicket<'a> {
        let product = self.product_of(new.case.mailbox, &new.case.mail.subject);
        NewTicket {
            mailbox: new.case.incoming.mailbox,
            subject: &new.case.mail.subject,
            source: new.opening.source,
            language: new.case.mail.language.unwrap_or(self.settings.site.language),
            requester: author.map(|author| author.id),
            problem_report: new.gated(),
            follow_up_of: new.opening.follow_up_of,
            requester_proven: new.case.is_of_a_proven_person(),
            asked: new.asks(),
            severity: new.rated.as_ref().map(|rated| rated.severity),
            product,
            queue: self.queue_for(product, &new.case.mailbox.name).map(|queue| queue.name.as_str()),
        }
    }

    async fn let_take_part(
        &self,
        conn: &mut Conn,
        new: &[New<'_>],
        tickets: &[Ticket],
        authors: &[Option<Person>],
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let (mut joiners, mut journal) = (Vec::new(), Vec::new());
        for ((new, ticket), author) in new.iter().zip(tickets).zip(authors) {
            joiners.extend(author.as_ref().map(|author| Joiner {
                ticket: ticket.id,
                person: author.id,
                part: Part::Requester,
                added_by: SYSTEM.to_owned(),
            }));
            if new.opening.cc_take_part {
                let brought = self.brought(conn, new.case, ticket.id, new.opening.follow_up_of, 1).await?;
                joiners.extend(brought.joiners);
                journal.extend(brought.journal);
            }
        }
        store::participants::add(conn, &joiners, now).await?;
        match journal.is_empty() {
            true => Ok(()),
            false => Ok(store::journal::write_all(conn, SYSTEM, journal, now).await?),
        }
    }

    async fn put_slots(
        &self,
        conn: &mut Conn,
        new: &[New<'_>],
        tickets: &[Ticket],
        messages: &[MessageRowId],
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let gated = new.iter().zip(tickets).zip(messages).filter(|((new, _), _)| new.gated());
        let slots: Vec<NewSlot<'_>> = gated
            .flat_map(|((new, ticket), &message)| {
                [Slot::Steps, Slot::Actual, Slot::Expected].map(|slot| NewSlot {
                    ticket: ticket.id,
                    slot,
                    finding: new.case.verdict.of(slot),
                    message,
                })
            })
            .collect();
        match slots.is_empty() {
            true => Ok(()),
            false => Ok(store::slots::put(conn, &slots, now).await?),
        }
    }

    /// The answers to the senders, and the notices to staff.
    async fn letters(
        &self,
        conn: &mut Conn,
        new: &[New<'_>],
        tickets: &[Ticket],
        authors: Vec<Option<Person>>,
        (given, mut similar): (&[Given<'_>], HashMap<TicketId, Vec<SimilarView>>),
        now: Timestamp,
    ) -> Result<Vec<Composed>, DeskError> {
        let mut staff = self.staff_with_room(conn, now).await?;
        let mut letters = Vec::new();
        for (((new, ticket), author), given) in new.iter().zip(tickets).zip(authors).zip(given) {
            let mut occasion = self.first_occasion(ticket, new.case.mailbox, author);
            letters.extend(self.answer(new, occasion.clone(), now)?);
            let gate = new.gated().then(|| understood(new.case.verdict, true));
            self.tell_about(&mut occasion, new.case, gate, &new.opening.related);
            occasion.context.due = self.first_due_views(ticket, now);
            occasion.context.similar = similar.remove(&ticket.id).unwrap_or_default();
            occasion.given(given);
            if new.opening.cc_take_part {
                occasion.context.on_copy = self.on_copy(conn, ticket.id).await?;
            }
            let hears = |staff: &Staff| self.hears_of_new(staff, ticket, given);
            let readers = self.with_room(conn, &mut staff, hears, &occasion, Notice::StaffNew, now).await?;
            for reader in readers {
                occasion.context.yours = given.to.is_some_and(|staff| staff.email == reader.named.address);
                letters.push(self.compose(Notice::StaffNew, &occasion, &reader, (None, Vec::new()), now)?);
            }
        }
        Ok(letters)
    }

    fn answer(
        &self,
        new: &New<'_>,
        occasion: Occasion<'_>,
        now: Timestamp,
    ) -> Result<Option<Composed>, DeskError> {
        let case = new.case;
        let (neutral, ask) = match new.opening.answer {
            Answer::Nothing => return Ok(None),
            Answer::Neutral => (true, false),
            Answer::Full { ask } => (false, ask),
        };
        let mut occasion = Occasion { answers: case.mail.message_id.as_ref(), ..occasion };
        occasion.context.neutral = neutral;
        occasion.context.too_large = case.mail.oversized.map(|_| self.settings.limits.mail_bytes);
        let reports = !neutral && case.verdict.problem_report;
        occasion.context.gate = reports.then(|| understood(case.verdict, ask));
        let Some(reader) = occasion.the_requester() else { return Ok(None) };
        let thread = (occasion.answers.cloned(), occasion.answers.into_iter().cloned().collect());
        let letter = self.compose(Notice::Acknowledged, &occasion, &reader, thread, now)?;
        Ok(Some(letter.entering()))
    }
}

fn journal(new: &New<'_>, ticket: &Ticket) -> Vec<NewEntry> {
    let related: Vec<i64> = new.opening.related.iter().map(|id| id.0).collect();
    let by = new.case.by.map(|(by, _)| &by.address);
    let missing = new.gated().then(|| new.case.verdict.missing());
    let opened = json!({
        "why": new.why, "related": related, "source": new.opening.source, "passed_on_by": by, "missing": missing,
    });
    let mut entries = vec![NewEntry { ticket: ticket.id, event: Happening::Opened, detail: opened }];
    entries.extend(new.opening.follow_up_of.map(|old| NewEntry {
        ticket: old,
        event: Happening::Continued,
        detail: json!({ "by": ticket.id }),
    }));
    if new.asks() {
        let asked = json!({ "missing": new.case.verdict.missing(), "time": 1 });
        entries.push(NewEntry { ticket: ticket.id, event: Happening::Asked, detail: asked });
    }
    entries
}
