//! The question about missing facts: what was understood, what is asked again,
//! and when a person takes over.

use serde_json::json;

use super::{Desk, DeskError, case::Case, facts::missing};
use crate::{
    domain::{MessageRowId, Slot, TicketId, Word},
    render::{GateView, Understood},
    report::{self, Presence, Verdict},
    store::{self, Conn, journal::SYSTEM, slots::NewSlot, stored::moment, tickets::Change},
    ticket::Notice,
    triage::{Ask, Joining},
};

impl Desk {
    pub(super) async fn fill_slots(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        joining: &Joining,
        message: MessageRowId,
    ) -> Result<(), DeskError> {
        if joining.fills.is_empty() {
            return Ok(());
        }
        let new = |(slot, finding)| NewSlot { ticket: joining.ticket, slot, finding, message };
        let slots: Vec<_> = joining.fills.iter().map(|(slot, finding)| new((*slot, finding))).collect();
        store::slots::put(conn, &slots, case.now).await?;
        let filled: Vec<&str> = joining.fills.iter().map(|(slot, _)| slot.as_str()).collect();
        let detail = json!({ "filled": filled });
        store::journal::write(conn, joining.ticket, SYSTEM, "report", detail, case.now).await?;
        let ticket = self.ticket(conn, joining.ticket).await?;
        if ticket.incomplete && missing(conn, &ticket).await?.is_empty() {
            let complete = Change { incomplete: Some(false), ..Change::default() };
            store::tickets::change(conn, ticket.id, complete, case.now).await?;
        }
        Ok(())
    }

    /// Pays what the open question owes after a reply.
    pub(super) async fn settle_question(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        joining: &Joining,
    ) -> Result<(), DeskError> {
        let (ticket, now) = (joining.ticket, case.now);
        match joining.ask {
            Ask::Leave => Ok(()),
            Ask::Completed => {
                store::journal::write(conn, ticket, SYSTEM, "completed", json!({}), now).await?;
                self.write_to_requester(conn, case, ticket, Notice::Completed, |_| ()).await
            }
            Ask::Again => {
                let stored = self.ticket(conn, ticket).await?;
                self.count_ask(conn, case, ticket, stored.asks).await?;
                let gate = self.standing(conn, ticket).await?;
                self.write_to_requester(conn, case, ticket, Notice::AskedAgain, |context| {
                    context.gate = Some(gate)
                })
                .await
            }
            Ask::SendAgain => {
                // The notice goes to the requester, who need not be who wrote this mail.
                let requester = self.ticket(conn, ticket).await?.requester();
                if requester.is_none() || requester != case.known.author.as_ref().map(|author| author.id) {
                    return Ok(());
                }
                self.write_to_requester(conn, case, ticket, Notice::Acknowledged, |context| {
                    context.too_large = Some(self.settings.limits.mail_bytes);
                })
                .await
            }
            Ask::GiveUp => {
                let taken_over = Change { incomplete: Some(true), ..Change::default() };
                store::tickets::change(conn, ticket, taken_over, now).await?;
                let stored = self.ticket(conn, ticket).await?;
                let left = missing(conn, &stored).await?;
                store::journal::write(conn, ticket, SYSTEM, "incomplete", json!({ "missing": left }), now)
                    .await?;
                Ok(())
            }
        }
    }

    pub(super) async fn count_ask(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        ticket: TicketId,
        asked_before: i32,
    ) -> Result<(), DeskError> {
        let asked = Change {
            asks: Some(asked_before + 1),
            last_asked_at: Some(moment(case.now)),
            waiting_for_customer: Some(true),
            ..Change::default()
        };
        store::tickets::change(conn, ticket, asked, case.now).await?;
        let stored = self.ticket(conn, ticket).await?;
        let left = missing(conn, &stored).await?;
        let detail = json!({ "missing": left, "time": asked_before + 1 });
        store::journal::write(conn, ticket, SYSTEM, "asked", detail, case.now).await?;
        Ok(())
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
