//! The question about missing facts: what was understood, what is asked again,
//! and when a person takes over.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use super::{Desk, DeskError, case::Case, command::command_views, facts::missing};
use crate::{
    domain::{MessageId, MessageRowId, NamedAddress, PersonId, Slot, TicketId, Word},
    render::{Context, GateView, Understood},
    report::{self, Presence, Verdict},
    store::{
        self, Conn,
        journal::SYSTEM,
        pool::{News, announce},
        slots::NewSlot,
        stored::moment,
        tickets::{Change, Ticket},
    },
    ticket::{Happening, Notice},
    triage::{Ask, Joining},
};

/// Who answers a question of ours, by a mail or by the page.
pub(super) struct Answering<'a> {
    pub who: Option<&'a NamedAddress>,
    pub person: Option<PersonId>,
    /// The mail that it comes by.
    pub mail: Option<&'a MessageId>,
    pub now: Timestamp,
}

impl<'a> Answering<'a> {
    pub(super) fn by_mail(case: &Case<'a>) -> Answering<'a> {
        Answering {
            who: case.mail.author(),
            person: case.known.author.as_ref().map(|author| author.id),
            mail: case.mail.message_id.as_ref(),
            now: case.now,
        }
    }
}

impl Desk {
    /// Keeps what an answer brings of what was missing or unsure.
    pub(super) async fn fill_slots(
        &self,
        conn: &mut Conn,
        by: &Answering<'_>,
        joining: &Joining,
        message: MessageRowId,
    ) -> Result<(), DeskError> {
        let ticket = self.ticket(conn, joining.ticket).await?;
        if joining.vouches && !ticket.requester_proven {
            let vouched = Change { requester_proven: Some(true), ..Change::default() };
            store::tickets::change(conn, ticket.id, vouched, by.now).await?;
        }
        self.confirm_slots(conn, by, joining).await?;
        if joining.fills.is_empty() {
            return Ok(());
        }
        let new = |(slot, finding)| NewSlot { ticket: joining.ticket, slot, finding, message };
        let slots: Vec<_> = joining.fills.iter().map(|(slot, finding)| new((*slot, finding))).collect();
        store::slots::put(conn, &slots, by.now).await?;
        let filled: Vec<&str> = joining.fills.iter().map(|(slot, _)| slot.as_str()).collect();
        let detail = json!({ "filled": filled });
        store::journal::write(conn, joining.ticket, SYSTEM, Happening::Report, detail, by.now).await?;
        if ticket.incomplete && missing(conn, &ticket).await?.is_empty() {
            let complete = Change { incomplete: Some(false), ..Change::default() };
            store::tickets::change(conn, ticket.id, complete, by.now).await?;
        }
        Ok(())
    }

    /// What was said back, and the requester says is right.
    async fn confirm_slots(
        &self,
        conn: &mut Conn,
        by: &Answering<'_>,
        joining: &Joining,
    ) -> Result<(), DeskError> {
        let Some(author) = by.who.filter(|_| !joining.confirms.is_empty()) else { return Ok(()) };
        let (who, now) = (author.address.as_str(), by.now);
        for &slot in &joining.confirms {
            store::slots::decide(conn, joining.ticket, slot, Presence::Present, who, now).await?;
        }
        let detail = json!({ "confirmed": joining.confirms });
        Ok(store::journal::write(conn, joining.ticket, who, Happening::Report, detail, now).await?)
    }

    /// Pays what the open question owes after a reply.
    pub(super) async fn settle_question(
        &self,
        conn: &mut Conn,
        by: &Answering<'_>,
        joining: &Joining,
    ) -> Result<(), DeskError> {
        let (ticket, now) = (joining.ticket, by.now);
        match joining.ask {
            Ask::Leave => Ok(()),
            Ask::Completed => {
                store::journal::write(conn, ticket, SYSTEM, Happening::Completed, json!({}), now).await?;
                self.write_to_requester(conn, by, ticket, Notice::Completed, |_| ()).await
            }
            Ask::Again { last } => {
                let stored = self.ticket(conn, ticket).await?;
                let mut gate = self.standing(conn, ticket).await?;
                self.count_ask(conn, &stored, &gate.missing, SYSTEM, now).await?;
                // What earlier mails said was said back before.
                gate.understood.retain(|each| joining.fills.iter().any(|(slot, _)| *slot == each.slot));
                self.write_to_requester(conn, by, ticket, Notice::AskedAgain, |context| {
                    context.gate = Some(gate);
                    context.last_ask = last;
                })
                .await
            }
            Ask::SendAgain => {
                // The notice goes to the requester, who need not be who wrote this mail.
                let requester = self.ticket(conn, ticket).await?.requester();
                if requester.is_none() || requester != by.person {
                    return Ok(());
                }
                self.write_to_requester(conn, by, ticket, Notice::Acknowledged, |context| {
                    context.too_large = Some(self.settings.limits.mail_bytes);
                })
                .await
            }
            Ask::GiveUp => {
                let stored = self.ticket(conn, ticket).await?;
                let why = match stored.asks {
                    1 => "The customer was asked once, and something is still missing.".to_owned(),
                    asks => format!("The customer was asked {asks} times, and something is still missing."),
                };
                self.hand_to_staff(conn, &stored, &why, now).await
            }
        }
    }

    async fn write_to_requester(
        &self,
        conn: &mut Conn,
        by: &Answering<'_>,
        ticket: TicketId,
        notice: Notice,
        fill: impl FnOnce(&mut Context) + Send,
    ) -> Result<(), DeskError> {
        let stored = self.ticket(conn, ticket).await?;
        let mut occasion = self.occasion(conn, &stored).await?;
        occasion.answers = by.mail;
        occasion.actor = by.who.map(|who| &who.address);
        fill(&mut occasion.context);
        self.owe(conn, notice, &occasion, by.now).await.map(drop)
    }

    /// A customer was asked who has said nothing since: staff take over. To be called in a
    /// transaction. Returns how many tickets there were; some may be left when it is as many as asked for.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn give_up_on_silence(
        &self,
        conn: &mut Conn,
        most: i64,
        now: Timestamp,
    ) -> Result<usize, DeskError> {
        let silence = self.settings.limits.ask_silence;
        let silent = store::tickets::silent(conn, now - silence, most).await?;
        for ticket in &silent {
            let why = format!("The customer was asked, and has not answered for {}.", in_words(silence));
            self.hand_to_staff(conn, ticket, &why, now).await?;
        }
        if !silent.is_empty() {
            announce(conn, News::Outbox).await?;
        }
        Ok(silent.len())
    }

    /// Nobody asks any more: the ticket is marked, and staff are told what is there and what is not.
    async fn hand_to_staff(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        why: &str,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let taken_over =
            Change { incomplete: Some(true), waiting_for_customer: Some(false), ..Change::default() };
        store::tickets::change(conn, ticket.id, taken_over, now).await?;
        let gate = self.standing(conn, ticket.id).await?;
        let detail = json!({ "missing": gate.missing, "why": why });
        store::journal::write(conn, ticket.id, SYSTEM, Happening::Incomplete, detail, now).await?;
        let mut occasion = match self.occasion(conn, ticket).await {
            // Its mailbox is no longer configured, so nothing can be sent about it; the mark says it, and
            // the tickets of others are not kept waiting.
            Err(DeskError::MailboxGone(_)) => return Ok(()),
            occasion => occasion?,
        };
        occasion.context.gate = Some(gate);
        occasion.context.trouble = Some(why.to_owned());
        occasion.context.commands = command_views(&["accept", "complete", "ask", "no-report"]);
        self.owe(conn, Notice::StaffIncomplete, &occasion, now).await.map(drop)
    }

    /// The requester is being asked for these, by the desk or by somebody.
    pub(super) async fn count_ask(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        asked_for: &[Slot],
        by: &str,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let asked = Change {
            asks: Some(ticket.asks + 1),
            last_asked_at: Some(moment(now)),
            waiting_for_customer: Some(true),
            incomplete: Some(false),
            ..Change::default()
        };
        store::tickets::change(conn, ticket.id, asked, now).await?;
        let detail = json!({ "missing": asked_for, "time": ticket.asks + 1 });
        Ok(store::journal::write(conn, ticket.id, by, Happening::Asked, detail, now).await?)
    }

    /// What the gate knows of a ticket, for a mail about it.
    pub(super) async fn standing(&self, conn: &mut Conn, ticket: TicketId) -> Result<GateView, DeskError> {
        let mut view = GateView::default();
        for row in store::slots::of(conn, ticket).await? {
            match row.verdict.0 {
                Presence::Missing => view.missing.push(row.slot.0),
                found => view.understood.push(Understood {
                    slot: row.slot.0,
                    quote: report::quote(&row.evidence()),
                    unsure: found == Presence::Unsure,
                }),
            }
        }
        Ok(view)
    }
}

/// A length of time in the largest unit that it fills: `3 days`.
fn in_words(time: Duration) -> String {
    let seconds = time.as_secs();
    let (count, unit) = match seconds {
        172_800.. => (seconds / 86_400, "days"),
        7_200.. => (seconds / 3_600, "hours"),
        120.. => (seconds / 60, "minutes"),
        _ => (seconds, "seconds"),
    };
    format!("{count} {unit}")
}

/// What the gate found in a mail, for the acknowledgement of it.
pub(super) fn understood(verdict: &Verdict, ask: bool) -> GateView {
    let understood = Slot::ALL.iter().filter_map(|&slot| {
        let finding = verdict.of(slot);
        let unsure = finding.verdict == Presence::Unsure;
        let found = finding.verdict != Presence::Missing;
        found.then(|| Understood { slot, quote: finding.quote(), unsure })
    });
    GateView { understood: understood.collect(), missing: if ask { verdict.missing() } else { Vec::new() } }
}
