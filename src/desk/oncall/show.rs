//! What is going on, for a terminal or a machine.

use jiff::Timestamp;
use serde::Serialize;

use super::super::{Desk, DeskError};
use super::people::addresses;
use crate::{
    domain::{EmailAddress, TicketId},
    store::{
        self, Conn,
        shifts::{self as plans, PlanState},
        webhooks,
    },
    ticket::{Severity, Timer, oncall},
};

/// Who is on call, and for what.
#[derive(Clone, Debug, Serialize)]
pub struct OnCallNow {
    /// The steps of the chain, each with whom it means now.
    pub chain: Vec<(String, Vec<EmailAddress>)>,
    /// Whether pagers are told.
    pub pager: bool,
    /// The tickets for which somebody is on call.
    pub tickets: Vec<TicketOnCall>,
}

/// A ticket for which somebody is on call.
#[derive(Clone, Debug, Serialize)]
pub struct TicketOnCall {
    /// Its number.
    pub id: TicketId,
    /// Its reference.
    pub reference: String,
    /// Its subject.
    pub subject: String,
    /// How bad it is.
    pub severity: Option<Severity>,
    /// Since when.
    pub since: Timestamp,
    /// How many steps of the chain are behind; one that had nobody counts, and so does each call of everybody.
    pub calls: u32,
    /// Who was called.
    pub called: Vec<EmailAddress>,
    /// Who has it.
    pub acknowledged_by: Option<EmailAddress>,
    /// Who is called next.
    pub next: Vec<EmailAddress>,
    /// When, unless somebody has it.
    pub next_at: Option<Timestamp>,
    /// By when news were promised.
    pub update_due: Option<Timestamp>,
    /// Where the newest plan stands, and its shifts.
    pub plan: Option<PlanShown>,
    /// What pagers were told and not yet took.
    pub pager_waiting: usize,
}

/// A plan.
#[derive(Clone, Debug, Serialize)]
pub struct PlanShown {
    /// Where it stands.
    pub state: PlanState,
    /// Its shifts.
    pub shifts: Vec<ShiftShown>,
}

/// A shift.
#[derive(Clone, Debug, Serialize)]
pub struct ShiftShown {
    /// Its number.
    pub number: u32,
    /// Whose.
    pub who: EmailAddress,
    /// From when.
    pub start: Timestamp,
    /// Until when.
    pub end: Timestamp,
    /// The same for people.
    pub when: String,
}

impl Desk {
    /// Who is on call at this moment, and for what.
    ///
    /// # Errors
    /// Trouble with the database.
    pub async fn on_call_now(&self, conn: &mut Conn, now: Timestamp) -> Result<OnCallNow, DeskError> {
        let mut tickets = Vec::new();
        for incident in store::incidents::open(conn).await? {
            let ticket = self.ticket(conn, incident.ticket()).await?;
            let chain = self.call_chain(conn, &ticket, now).await?;
            let set = store::timers::of(conn, ticket.id).await?;
            let next_at =
                set.iter().find(|timer| timer.kind.0 == Timer::Escalate).map(|timer| timer.due_at.to_jiff());
            let told = webhooks::of(conn, ticket.id).await?;
            tickets.push(TicketOnCall {
                id: ticket.id,
                reference: self.reference(ticket.id),
                subject: ticket.subject.clone(),
                severity: ticket.severity(),
                since: incident.began_at.to_jiff(),
                calls: incident.calls(),
                called: incident.called(),
                acknowledged_by: incident.acknowledged_by(),
                next: addresses(&oncall::called(&chain.steps, incident.calls())),
                next_at,
                update_due: incident.update_due_at.map(|due| due.to_jiff()),
                plan: self.plan_shown(conn, ticket.id).await?,
                pager_waiting: told
                    .iter()
                    .filter(|each| each.state.0 == webhooks::WebhookState::Waiting)
                    .count(),
            });
        }
        let mut chain = Vec::new();
        for step in &self.settings.oncall.chain {
            chain.push((step.clone(), addresses(&self.step_of_chain(conn, step, now).await?)));
        }
        Ok(OnCallNow { chain, pager: self.settings.oncall.webhook.is_some(), tickets })
    }

    async fn plan_shown(&self, conn: &mut Conn, ticket: TicketId) -> Result<Option<PlanShown>, DeskError> {
        let proposed = plans::of(conn, ticket, PlanState::Proposed).await?;
        let plan = match proposed {
            Some(plan) => Some(plan),
            None => plans::of(conn, ticket, PlanState::Confirmed).await?,
        };
        let Some(plan) = plan else { return Ok(None) };
        let (planned, zone) = (plans::shifts_of(conn, plan.id).await?, self.duty_zone());
        let shown = |shift: &crate::ticket::shifts::Shift<EmailAddress>| ShiftShown {
            number: shift.number,
            who: shift.who.clone(),
            start: shift.start,
            end: shift.end,
            when: super::plan::span(shift, &zone),
        };
        Ok(Some(PlanShown { state: plan.state.0, shifts: planned.iter().map(shown).collect() }))
    }
}
