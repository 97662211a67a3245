//! News that stakeholders were promised, and what happens when we miss them.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::super::{Changed, Desk, DeskError};
use super::people::addresses;
use crate::{
    domain::{NamedAddress, TicketId, text},
    store::{
        self, Conn,
        incidents::{self, Incident},
        journal::SYSTEM,
        pool::{News, announce},
        tickets::Ticket,
        timers::{self, NewTimer},
    },
    ticket::{Happening, Notice, Timer},
};

impl Desk {
    /// Promises the next news, where any are promised, from now on.
    pub(super) async fn promise_news(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        incident: &Incident,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let every = self.settings.oncall.updates_every;
        if every.is_zero() {
            return Ok(());
        }
        let due = now + every;
        incidents::promise(conn, incident.id, due).await?;
        timers::clear(conn, ticket, &[Timer::UpdateDue]).await?;
        timers::set(conn, &[NewTimer::of_ticket(Timer::UpdateMissed, ticket, due)]).await?;
        let before = self.settings.oncall.remind_before;
        match before.is_zero() || before >= every {
            true => Ok(()),
            false => {
                Ok(timers::set(conn, &[NewTimer::of_ticket(Timer::UpdateDue, ticket, due - before)]).await?)
            }
        }
    }

    /// Stakeholders are about to hear of a ticket: that is news, and promises the next.
    pub(in crate::desk) async fn news_go_out(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        match self.incident_of(conn, ticket).await? {
            Some(incident) => self.promise_news(conn, ticket.id, &incident, now).await,
            None => Ok(()),
        }
    }

    /// By when the next news of a ticket were promised, for people.
    pub(in crate::desk) async fn next_update(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        now: Timestamp,
    ) -> Result<Option<String>, DeskError> {
        let due = self.incident_of(conn, ticket).await?.and_then(|incident| incident.update_due_at);
        Ok(due.map(|due| self.time_in_words(due.to_jiff(), now)))
    }

    /// Whether news of a ticket are promised, so that whoever owes them is reminded here and not by the ticket's clock.
    pub(in crate::desk) async fn promises_news(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
    ) -> Result<bool, DeskError> {
        let promises = !self.settings.oncall.updates_every.is_zero();
        Ok(promises && self.incident_of(conn, ticket).await?.is_some_and(|it| it.update_due_at.is_some()))
    }

    /// The open incident of a ticket that is as bad as that.
    async fn incident_of(&self, conn: &mut Conn, ticket: &Ticket) -> Result<Option<Incident>, DeskError> {
        match self.settings.oncall.covers(ticket.severity()) {
            true => Ok(incidents::open_of(conn, ticket.id).await?),
            false => Ok(None),
        }
    }

    /// Words for the customer and the stakeholders.
    pub(super) async fn write_news(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        incident: &Incident,
        words: &str,
        by: &NamedAddress,
        now: Timestamp,
    ) -> Result<Changed, DeskError> {
        self.promise_news(conn, ticket.id, incident, now).await?;
        store::journal::write(
            conn,
            ticket.id,
            by.address.as_str(),
            Happening::Update,
            json!({ "words": words }),
            now,
        )
        .await?;
        let mut occasion = self.occasion(conn, ticket).await?;
        occasion.actor = Some(&by.address);
        occasion.context.words = Some(text::clean(words));
        occasion.context.author = Some(by.called().to_owned());
        let customers = self.owe(conn, Notice::Correspondence, &occasion, now).await?;
        announce(conn, News::Outbox).await?;
        let side =
            if customers == 1 { "person on the customer's side" } else { "people on the customer's side" };
        let done = format!("the news go to {customers} {side}, and to all who follow the ticket");
        Ok(Changed { done: vec![done], mails: customers })
    }

    pub(super) async fn remind_of_news(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        incident: &Incident,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let people = self.who_is_at_it(conn, ticket, incident).await?;
        let detail =
            json!({ "due": incident.update_due_at.map(|due| due.to_jiff()), "to": addresses(&people) });
        store::journal::write(conn, ticket.id, SYSTEM, Happening::UpdateDue, detail, now).await?;
        let view = self.view_of(incident, now);
        self.tell_view(conn, Notice::UpdateDue, ticket, &people, view, now).await
    }

    /// Once for each promise: the next one is an interval later.
    pub(super) async fn news_were_missed(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        incident: &Incident,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        // After an outage of ours the promise lies far back; it is missed once all the same.
        let due = incident.update_due_at.map_or(now, |due| due.to_jiff());
        let late = now.duration_since(due).max(SignedDuration::ZERO);
        let mut people = self.who_is_at_it(conn, ticket, incident).await?;
        for lead in self.who_leads() {
            if !people.contains(&lead) {
                people.push(lead);
            }
        }
        let detail = json!({ "due": due, "late_seconds": late.as_secs(), "to": addresses(&people) });
        store::journal::write(conn, ticket.id, SYSTEM, Happening::UpdateMissed, detail, now).await?;
        let view = self.view_of(incident, now);
        self.tell_view(conn, Notice::UpdateMissed, ticket, &people, view, now).await?;
        self.promise_news(conn, ticket.id, incident, now).await
    }
}
