//! A ticket is out of the way until a time, or until the customer writes.

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde_json::json;

use super::{Changed, Desk, DeskError};
use crate::{
    domain::{NamedAddress, TicketId},
    store::{self, Conn, journal::SYSTEM, stored::moment, tickets, timers::NewTimer},
    ticket::{Happening, Notice, Status, Timer, snooze::Until},
};

impl Desk {
    /// Puts a ticket out of the way. Snoozing it again moves the time.
    ///
    /// # Errors
    /// [`DeskError::Hindered`] for a time that is over, or a ticket that is closed.
    pub async fn snooze(
        &self,
        conn: &mut Conn,
        id: TicketId,
        until: Until,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Changed, DeskError> {
        let due = until.moment(now).map_err(|why| DeskError::Hindered(why.to_string()))?;
        conn.transaction(async |conn| {
            let ticket = tickets::lock(conn, id).await?.ok_or(DeskError::NoTicket(id))?;
            if ticket.status.0 == Status::Closed {
                return Err(DeskError::Hindered(
                    "the ticket is closed, and out of the way already".to_owned(),
                ));
            }
            let snoozed = tickets::Change {
                snoozed_at: Some(Some(moment(now))),
                snoozed_until: Some(due.map(moment)),
                ..Default::default()
            };
            tickets::change(conn, id, snoozed, now).await?;
            store::timers::clear(conn, id, &[Timer::Wake]).await?;
            if let Some(due) = due {
                store::timers::set(conn, &[NewTimer::of_ticket(Timer::Wake, id, due)]).await?;
            }
            let by = actor.address.as_str();
            store::journal::write(conn, id, by, Happening::Snoozed, json!({ "until": due }), now).await?;
            let done = match due {
                Some(due) => format!(
                    "snoozed until {}, or until the customer writes",
                    due.strftime("%Y-%m-%d %H:%M UTC")
                ),
                None => "snoozed until the customer writes".to_owned(),
            };
            Ok(Changed { done: vec![done], mails: 0 })
        })
        .await
    }

    /// Staff bring a ticket back before its time.
    ///
    /// # Errors
    /// [`DeskError::NoTicket`].
    pub async fn bring_back(
        &self,
        conn: &mut Conn,
        id: TicketId,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Changed, DeskError> {
        conn.transaction(async |conn| {
            let ticket = tickets::lock(conn, id).await?.ok_or(DeskError::NoTicket(id))?;
            let by = actor.address.as_str();
            let back = self.end_snooze_by(conn, &ticket, by, "brought back", now).await?;
            let done = back.then(|| "it is out of the way no longer".to_owned());
            Ok(Changed { done: done.into_iter().collect(), mails: 0 })
        })
        .await
    }

    /// The time is over: the assignee is told, or all staff where there is none.
    pub(super) async fn wake(&self, conn: &mut Conn, id: TicketId, now: Timestamp) -> Result<(), DeskError> {
        let ticket = self.ticket(conn, id).await?;
        if !self.end_snooze(conn, &ticket, "the time is over", now).await?
            || ticket.status.0 == Status::Closed
        {
            return Ok(());
        }
        let mut occasion = match self.occasion(conn, &ticket).await {
            // Nothing can be sent about it any more; it is back all the same.
            Err(DeskError::MailboxGone(_)) => return Ok(()),
            occasion => occasion?,
        };
        let since = ticket.snoozed_at.map(|at| at.to_jiff().strftime("%Y-%m-%d").to_string());
        occasion.context.trouble =
            since.map(|day| format!("It was snoozed on {day}, and the customer has not written since."));
        self.owe(conn, Notice::StaffAwake, &occasion, now).await.map(drop)
    }

    /// Brings a ticket back that is out of the way. `false` when it is not.
    pub(super) async fn end_snooze(
        &self,
        conn: &mut Conn,
        ticket: &tickets::Ticket,
        why: &str,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        self.end_snooze_by(conn, ticket, SYSTEM, why, now).await
    }

    async fn end_snooze_by(
        &self,
        conn: &mut Conn,
        ticket: &tickets::Ticket,
        by: &str,
        why: &str,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        if ticket.snoozed_at.is_none() {
            return Ok(false);
        }
        let awake =
            tickets::Change { snoozed_at: Some(None), snoozed_until: Some(None), ..Default::default() };
        tickets::change(conn, ticket.id, awake, now).await?;
        store::timers::clear(conn, ticket.id, &[Timer::Wake]).await?;
        store::journal::write(conn, ticket.id, by, Happening::Awake, json!({ "why": why }), now).await?;
        Ok(true)
    }
}
