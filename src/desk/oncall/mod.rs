//! While a ticket is so bad that somebody is on call for it: from the severity until the fix is there.
//!
//! [`Desk::follow`] is told of every change of a ticket and sees what it means: somebody is called (`paging`), news are
//! promised (`promise`), after a day shifts are proposed (`plan`), and all this ends.

mod chain;
mod paging;
mod people;
mod plan;
mod promise;
mod show;
mod told;

use diesel_async::AsyncConnection;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::json;

use super::{Changed, Desk, DeskError};
use crate::{
    domain::{EmailAddress, NamedAddress, TicketId},
    store::{
        self, Conn,
        incidents::Incident,
        journal::SYSTEM,
        pool::{News, announce},
        tickets::Ticket,
        timers::{NewTimer, Row},
    },
    ticket::{
        Happening, OnCall, Status, Timer,
        command::Command,
        rights::{self, Evidence},
    },
};

use people::named;
pub use show::{OnCallNow, TicketOnCall};

/// The timers of an incident.
const TIMERS: &[Timer] = &[
    Timer::Escalate,
    Timer::UpdateDue,
    Timer::UpdateMissed,
    Timer::ProposeShifts,
    Timer::ShiftsUnanswered,
    Timer::ShiftBegins,
];

impl Desk {
    /// A ticket was changed, by a member of staff or by nobody in particular: begins or ends what belongs to its being so
    /// bad, and takes it for an answer when staff take it on. `before` is the ticket as it was; it is locked.
    pub(super) async fn follow(
        &self,
        conn: &mut Conn,
        before: &Ticket,
        actor: Option<&EmailAddress>,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let after = self.ticket(conn, before.id).await?;
        let covers = |ticket: &Ticket| self.settings.oncall.covers(ticket.severity());
        if !covers(before) && !covers(&after) {
            return Ok(());
        }
        match (self.needs_watch(&after), store::incidents::open_of(conn, before.id).await?) {
            (true, None) => self.begin_incident(conn, &after, now).await?,
            (false, Some(incident)) => self.end_incident(conn, &after, &incident, actor, now).await?,
            (true, Some(incident)) => {
                self.take_for_answer(conn, before, &after, &incident, actor, now).await?;
            }
            (false, None) => {}
        }
        Ok(announce(conn, News::Outbox).await?)
    }

    /// Whether somebody is on call for a ticket as it stands.
    fn needs_watch(&self, ticket: &Ticket) -> bool {
        self.settings.oncall.covers(ticket.severity())
            && matches!(ticket.status.0, Status::New | Status::Accepted)
    }

    /// Calls the first, promises news, and sets what comes later.
    async fn begin_incident(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let incident = store::incidents::begin(conn, ticket.id, now).await?;
        let detail = json!({ "severity": ticket.severity() });
        store::journal::write(conn, ticket.id, SYSTEM, Happening::IncidentBegan, detail, now).await?;
        self.promise_news(conn, ticket.id, &incident, now).await?;
        let due = now + self.settings.oncall.shifts_after;
        store::timers::set(conn, &[NewTimer::of_ticket(Timer::ProposeShifts, ticket.id, due)]).await?;
        self.call_next(conn, ticket, &incident, now).await
    }

    /// Nobody is called any more, and whoever may be at it hears so.
    async fn end_incident(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        incident: &Incident,
        actor: Option<&EmailAddress>,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        store::incidents::end(conn, incident.id, now).await?;
        store::timers::clear(conn, ticket.id, TIMERS).await?;
        let detail = json!({ "status": ticket.status.0, "severity": ticket.severity() });
        store::journal::write(conn, ticket.id, SYSTEM, Happening::IncidentEnded, detail, now).await?;
        if incident.acknowledged_by().is_none() {
            self.call_off(conn, ticket, incident, actor, now).await?;
        }
        self.tell_pager(conn, ticket, "ended", &format!("ended-{}", incident.id), json!({}), now).await?;
        self.end_plans(conn, ticket, now).await
    }

    /// Whoever accepts the ticket or takes it has it.
    async fn take_for_answer(
        &self,
        conn: &mut Conn,
        before: &Ticket,
        after: &Ticket,
        incident: &Incident,
        actor: Option<&EmailAddress>,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let Some(by) = actor.and_then(|actor| self.settings.staff_by_email(actor)) else { return Ok(()) };
        if incident.acknowledged_by().is_some() {
            return Ok(());
        }
        let by = NamedAddress::new(&by.name, by.email.clone());
        let accepted = before.status.0 == Status::New && after.status.0 == Status::Accepted;
        let assignee = match after.assignee().filter(|_| after.assignee() != before.assignee()) {
            Some(id) => store::people::find(conn, id).await?,
            None => None,
        };
        let took = assignee.is_some_and(|person| person.address == by.address.as_str());
        match accepted || took {
            true => self.call_acknowledged(conn, after, incident, &by, now).await,
            false => Ok(()),
        }
    }

    /// Does what somebody on the staff says about a ticket for which somebody is on call.
    ///
    /// # Errors
    /// A [`DeskError`] that says what stands against it.
    pub async fn on_call(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        said: &OnCall,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Changed, DeskError> {
        // By mail more is asked, and was; whoever is inside is asked for no less than their role.
        let wish = Command::OnCall(said.clone()).wish();
        rights::may(self.actor_of(&actor.address), Evidence::Inside, wish)
            .map_err(|denied| DeskError::Hindered(denied.to_string()))?;
        conn.transaction(async |conn| self.obey_on_call(conn, ticket, said, actor, now).await).await
    }

    async fn obey_on_call(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        said: &OnCall,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Changed, DeskError> {
        let ticket = store::tickets::lock(conn, ticket).await?.ok_or(DeskError::NoTicket(ticket))?;
        let Some(incident) = store::incidents::open_of(conn, ticket.id).await? else {
            return Err(DeskError::NoIncident(ticket.id));
        };
        let done = match said {
            OnCall::Acknowledge => self.acknowledge_call(conn, &ticket, &incident, actor, now).await?,
            OnCall::Release => self.release_call(conn, &ticket, &incident, actor, now).await?,
            OnCall::Page(who) => self.call_out_of_turn(conn, &ticket, &incident, who, actor, now).await?,
            OnCall::Update(words) => {
                return self.write_news(conn, &ticket, &incident, words, actor, now).await;
            }
            OnCall::Plan(word) => self.change_plan(conn, &ticket, &incident, word, actor, now).await?,
        };
        announce(conn, News::Outbox).await?;
        Ok(Changed { done, mails: 0 })
    }

    /// What is due by time for a ticket that is so bad.
    pub(super) async fn on_call_due(
        &self,
        conn: &mut Conn,
        due: &Row,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let Some(id) = due.ticket() else { return Ok(()) };
        let Some(incident) = store::incidents::open_of(conn, id).await? else { return Ok(()) };
        let ticket = self.ticket(conn, id).await?;
        if !self.needs_watch(&ticket) {
            // Nothing about the ticket was changed: its severity is no longer among those of the configuration.
            return self.end_incident(conn, &ticket, &incident, None, now).await;
        }
        match due.kind.0 {
            Timer::Escalate if incident.acknowledged_by().is_none() => {
                self.call_next(conn, &ticket, &incident, now).await
            }
            Timer::UpdateDue => self.remind_of_news(conn, &ticket, &incident, now).await,
            Timer::UpdateMissed => self.news_were_missed(conn, &ticket, &incident, now).await,
            Timer::ProposeShifts => self.propose_shifts(conn, &ticket, &incident, now).await,
            Timer::ShiftsUnanswered => self.ask_about_shifts_again(conn, &ticket, &incident, now).await,
            Timer::ShiftBegins => self.remind_of_shift(conn, &ticket, &incident, &due.subject, now).await,
            _ => Ok(()),
        }
    }

    /// A point in time for people: the time of day alone when it is near, else with its date.
    fn time_in_words(&self, at: Timestamp, now: Timestamp) -> String {
        let zone = self.duty_zone();
        let near = at.duration_since(now).abs() < SignedDuration::from_hours(12);
        let form = if near { "%H:%M %Z" } else { "%a %-d %b %H:%M %Z" };
        at.to_zoned(zone).strftime(form).to_string()
    }

    /// Where times are meant: where the first lead is.
    fn duty_zone(&self) -> TimeZone {
        let lead = self.who_leads().into_iter().next().map(|lead| lead.address);
        let lead = lead.and_then(|lead| self.settings.staff_by_email(&lead));
        lead.map_or(TimeZone::UTC, |lead| lead.zone.clone())
    }
}
