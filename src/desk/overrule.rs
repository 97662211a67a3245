//! Staff overrule the gate by a word: it is there, it is not, it is no report. Each word is
//! carried out and kept as a labelled example.

use std::sync::Arc;

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde_json::json;

use super::{Changed, Desk, DeskError};
use crate::{
    domain::{Attachment, InboundMail, MessageRowId, NamedAddress, Severed, Slot, TicketId, Word},
    report::{self, Presence},
    store::{
        self, Conn,
        examples::NewExample,
        pool::{News, announce},
        slots::{NewSlot, SlotRow},
        tickets::{Change, Ticket},
    },
    ticket::{Happening, Notice, Overrule, Part, Severity, Source, StaffSay, Status},
};

/// What goes with a mail to the customer beside what the desk says.
#[derive(Clone, Debug, Default)]
pub(super) struct Enclosed {
    pub words: Option<String>,
    pub files: Arc<[Attachment]>,
}

/// A word of somebody about a ticket, with what the gate read in it.
struct Said<'a> {
    ticket: Ticket,
    slots: Vec<SlotRow>,
    /// The last of the customer's mails.
    message: Option<MessageRowId>,
    by: &'a str,
    now: Timestamp,
}

impl Said<'_> {
    fn missing(&self) -> Vec<Slot> {
        self.slots.iter().filter(|row| row.verdict.0 == Presence::Missing).map(|row| row.slot.0).collect()
    }

    /// What staff say of these slots.
    fn of_slots(&self, slots: &[Slot], staff_say: StaffSay) -> Vec<NewExample<'_>> {
        let named = self.slots.iter().filter(|row| slots.contains(&row.slot.0));
        named.map(|row| self.example(row.slot.0.into(), row.verdict.0, row, staff_say)).collect()
    }

    fn example(&self, part: Part, gate_said: Presence, row: &SlotRow, staff_say: StaffSay) -> NewExample<'_> {
        NewExample { evidence: row.evidence(), ..self.of_report(part, gate_said, staff_say) }
    }

    fn of_report(&self, part: Part, gate_said: Presence, staff_say: StaffSay) -> NewExample<'_> {
        let (ticket, message, by) = (self.ticket.id, self.message, self.by);
        NewExample { ticket, message, part, gate_said, evidence: Vec::new(), staff_say, by }
    }
}

impl Desk {
    /// Does what a word of staff about the gate's reading asks for, all or nothing, and keeps it
    /// as an example. What is so already changes nothing.
    ///
    /// # Errors
    /// [`DeskError::NotAsked`] says why a customer is not asked; [`DeskError::NoTicket`].
    pub async fn overrule(
        &self,
        conn: &mut Conn,
        id: TicketId,
        word: &Overrule,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Changed, DeskError> {
        self.overrule_with(conn, id, word, &Enclosed::default(), actor, now).await
    }

    /// The same; a question to the customer has these words and files with it.
    pub(super) async fn overrule_with(
        &self,
        conn: &mut Conn,
        id: TicketId,
        word: &Overrule,
        enclosed: &Enclosed,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Changed, DeskError> {
        conn.transaction(async |conn| {
            let ticket = store::tickets::lock(conn, id).await?.ok_or(DeskError::NoTicket(id))?;
            let mut said = self.said(conn, ticket, actor.address.as_str(), now).await?;
            match word {
                Overrule::NoReport => self.no_report(conn, &said).await,
                Overrule::Complete(slots) => {
                    let opened = self.make_report(conn, &mut said).await?;
                    self.complete(conn, &said, slots, opened).await
                }
                Overrule::Ask(slots) => {
                    let opened = self.make_report(conn, &mut said).await?;
                    self.ask(conn, &said, slots, opened, enclosed).await
                }
            }
        })
        .await
    }

    async fn said<'a>(
        &self,
        conn: &mut Conn,
        ticket: Ticket,
        by: &'a str,
        now: Timestamp,
    ) -> Result<Said<'a>, DeskError> {
        let slots = store::slots::of(conn, ticket.id).await?;
        let message = store::examples::customers_words(conn, ticket.id).await?.last().map(|(id, _)| *id);
        Ok(Said { ticket, slots, message, by, now })
    }

    /// Staff take a ticket on although something is missing: they can do without.
    pub(super) async fn note_enough(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        by: &str,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let said = self.said(conn, ticket.clone(), by, now).await?;
        let examples = said.of_slots(&said.missing(), StaffSay::Enough);
        self.keep(conn, &said, examples).await
    }

    async fn no_report(&self, conn: &mut Conn, said: &Said<'_>) -> Result<Changed, DeskError> {
        if !said.ticket.problem_report {
            return Ok(Changed::default());
        }
        let none = Change { problem_report: Some(false), ..over() };
        store::tickets::change(conn, said.ticket.id, none, said.now).await?;
        let example = said.of_report(Part::ProblemReport, Presence::Present, StaffSay::Missing);
        self.keep(conn, said, vec![example]).await?;
        Ok(Changed { done: vec!["it is no problem report".into()], mails: 0 })
    }

    /// Whatever staff say of its facts, it is a report. Whether that is news.
    async fn make_report(&self, conn: &mut Conn, said: &mut Said<'_>) -> Result<bool, DeskError> {
        if said.ticket.problem_report {
            return Ok(false);
        }
        let report = Change { problem_report: Some(true), ..Change::default() };
        store::tickets::change(conn, said.ticket.id, report, said.now).await?;
        // With slots it was a report to the gate, and staff said otherwise before.
        let gate_agrees = !said.slots.is_empty() || self.read_anew(conn, said).await?;
        let gate_said = if gate_agrees { Presence::Present } else { Presence::Missing };
        let example = said.of_report(Part::ProblemReport, gate_said, StaffSay::Present);
        self.keep(conn, said, vec![example]).await?;
        Ok(true)
    }

    /// What is no report, or of a source that is not asked, has no slots until somebody says
    /// that it is one. Whether the gate takes it for one.
    async fn read_anew(&self, conn: &mut Conn, said: &mut Said<'_>) -> Result<bool, DeskError> {
        let mails = store::examples::customers_words(conn, said.ticket.id).await?;
        let Some((message, own)) = mails.into_iter().next() else { return Ok(false) };
        let mail = InboundMail {
            subject: said.ticket.subject.clone(),
            text: own.clone(),
            body: Severed { own, ..Severed::default() },
            ..InboundMail::default()
        };
        let verdict = report::gate(&mail);
        let slot = |&slot| NewSlot { ticket: said.ticket.id, slot, finding: verdict.of(slot), message };
        let slots: Vec<NewSlot<'_>> = Slot::ALL.iter().map(slot).collect();
        store::slots::put(conn, &slots, said.now).await?;
        said.slots = store::slots::of(conn, said.ticket.id).await?;
        Ok(verdict.problem_report)
    }

    async fn complete(
        &self,
        conn: &mut Conn,
        said: &Said<'_>,
        slots: &[Slot],
        opened: bool,
    ) -> Result<Changed, DeskError> {
        let named = if slots.is_empty() { Slot::ALL } else { slots };
        let open = said.slots.iter().filter(|row| row.verdict.0 != Presence::Present);
        let changed: Vec<Slot> = open.map(|row| row.slot.0).filter(|slot| named.contains(slot)).collect();
        if changed.is_empty() && !opened {
            return Ok(Changed::default());
        }
        for &slot in &changed {
            store::slots::decide(conn, said.ticket.id, slot, Presence::Present, said.by, said.now).await?;
        }
        self.keep(conn, said, said.of_slots(named, StaffSay::Present)).await?;
        let nothing_left = said.missing().iter().all(|slot| changed.contains(slot));
        if nothing_left {
            store::tickets::change(conn, said.ticket.id, over(), said.now).await?;
        }
        let done = match nothing_left {
            true => "the report is complete".into(),
            false => format!("the report has {}", listed(named)),
        };
        Ok(Changed { done: vec![done], mails: 0 })
    }

    async fn ask(
        &self,
        conn: &mut Conn,
        said: &Said<'_>,
        slots: &[Slot],
        opened: bool,
        enclosed: &Enclosed,
    ) -> Result<Changed, DeskError> {
        let ticket = &said.ticket;
        let named = if slots.is_empty() { said.missing() } else { slots.to_vec() };
        if let Some(why) = not_asked(ticket, &named) {
            return Err(DeskError::NotAsked { ticket: ticket.id, why });
        }
        for row in said.slots.iter().filter(|row| named.contains(&row.slot.0)) {
            if row.verdict.0 != Presence::Missing {
                store::slots::decide(conn, ticket.id, row.slot.0, Presence::Missing, said.by, said.now)
                    .await?;
            }
        }
        self.keep(conn, said, said.of_slots(&named, StaffSay::Missing)).await?;
        self.count_ask(conn, ticket, &named, said.by, said.now).await?;
        let mails = self.write_question(conn, said, &named, enclosed).await?;
        if mails == 0 {
            let why = "they got as many automatic mails within an hour as they may; ask again later";
            return Err(DeskError::NotAsked { ticket: ticket.id, why });
        }
        announce(conn, News::Outbox).await?;
        let mut done = vec![format!("the customer is asked for {}{}", listed(&named), self.beyond(ticket))];
        if opened {
            done.insert(0, "it is a problem report".into());
        }
        Ok(Changed { done, mails })
    }

    async fn write_question(
        &self,
        conn: &mut Conn,
        said: &Said<'_>,
        named: &[Slot],
        enclosed: &Enclosed,
    ) -> Result<usize, DeskError> {
        let after = self.ticket(conn, said.ticket.id).await?;
        let mut gate = self.standing(conn, after.id).await?;
        gate.missing = named.to_vec();
        let mut occasion = self.occasion(conn, &after).await?;
        occasion.context.gate = Some(gate);
        occasion.context.words = enclosed.words.clone();
        occasion.context.files = enclosed.files.clone();
        self.owe(conn, Notice::Asked, &occasion, said.now).await
    }

    /// Said of a question that the desk by itself would not have put.
    fn beyond(&self, ticket: &Ticket) -> String {
        let (time, most) = (i64::from(ticket.asks) + 1, self.settings.limits.asks);
        match time > i64::from(most) {
            true => format!(" (question {time}; by itself the desk asks {most} times at most)"),
            false => String::new(),
        }
    }

    async fn keep(
        &self,
        conn: &mut Conn,
        said: &Said<'_>,
        examples: Vec<NewExample<'_>>,
    ) -> Result<(), DeskError> {
        if examples.is_empty() {
            return Ok(());
        }
        let line = |each: &NewExample<'_>| json!({ "part": each.part, "gate": each.gate_said, "staff": each.staff_say });
        let detail = json!({ "said": examples.iter().map(line).collect::<Vec<_>>() });
        store::examples::write(conn, &examples, said.now).await?;
        Ok(store::journal::write(conn, said.ticket.id, said.by, Happening::Overruled, detail, said.now)
            .await?)
    }
}

/// Nobody waits for facts any more.
fn over() -> Change {
    Change { incomplete: Some(false), waiting_for_customer: Some(false), ..Change::default() }
}

/// Why the customer is not asked for these, and what to do instead.
fn not_asked(ticket: &Ticket, named: &[Slot]) -> Option<&'static str> {
    if named.is_empty() {
        return Some("nothing is missing; name what to ask for (steps, actual, expected)");
    }
    if ticket.status.0 == Status::Closed {
        return Some("the ticket is closed; reopen it first");
    }
    if matches!(ticket.source.0, Source::System | Source::SecurityList) {
        return Some("a machine or a list wrote it, and these are never asked");
    }
    if ticket.severity() == Some(Severity::One) {
        return Some(
            "at severity 1 nobody is held up with questions; call them, or write with `deskgate ticket reply`",
        );
    }
    (!ticket.requester_proven).then_some(
        "nothing proves that a person wrote it from this address, and the question would quote it; write with `deskgate ticket reply`",
    )
}

fn listed(slots: &[Slot]) -> String {
    let names: Vec<&str> = slots.iter().map(|slot| slot.as_str()).collect();
    names.join(" and ")
}
