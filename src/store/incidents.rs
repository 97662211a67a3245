//! Tickets for which somebody is called, and how far that has come.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use serde_json::Value;

use super::{Conn, Moment, moment, schema::incidents};
use crate::domain::{EmailAddress, TicketId};

/// From the severity until the fix is there.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = incidents, check_for_backend(diesel::pg::Pg))]
pub struct Incident {
    /// Its row.
    pub id: i64,
    ticket_id: i64,
    /// When it began.
    pub began_at: Moment,
    /// When it was over.
    pub ended_at: Option<Moment>,
    calls: i32,
    called: Value,
    acknowledged_by: Option<String>,
    /// When somebody last said that they have it.
    pub acknowledged_at: Option<Moment>,
    /// By when stakeholders were promised news.
    pub update_due_at: Option<Moment>,
}

impl Incident {
    /// About which ticket.
    pub fn ticket(&self) -> TicketId {
        TicketId(self.ticket_id)
    }

    /// How many steps of the chain are behind: the next is called. Steps without anybody count, and so does each call
    /// of everybody beyond its end.
    pub fn calls(&self) -> u32 {
        u32::try_from(self.calls).unwrap_or(0)
    }

    /// Everybody who was called.
    pub fn called(&self) -> Vec<EmailAddress> {
        let listed = self.called.as_array().into_iter().flatten();
        listed.filter_map(|address| address.as_str()?.parse().ok()).collect()
    }

    /// Who has it.
    pub fn acknowledged_by(&self) -> Option<EmailAddress> {
        self.acknowledged_by.as_ref()?.parse().ok()
    }
}

/// The open one of a ticket.
pub async fn open_of(mut conn: &Conn, ticket: TicketId) -> QueryResult<Option<Incident>> {
    incidents::table
        .filter(incidents::ticket_id.eq(ticket.0).and(incidents::ended_at.is_null()))
        .select(Incident::as_select())
        .first(&mut conn)
        .await
        .optional()
}

/// All open ones, the oldest first.
pub async fn open(conn: &mut Conn) -> QueryResult<Vec<Incident>> {
    incidents::table
        .filter(incidents::ended_at.is_null())
        .order(incidents::id)
        .select(Incident::as_select())
        .load(conn)
        .await
}

/// Begins one. The ticket is locked, and has no open one.
pub async fn begin(conn: &mut Conn, ticket: TicketId, now: Timestamp) -> QueryResult<Incident> {
    diesel::insert_into(incidents::table)
        .values((incidents::ticket_id.eq(ticket.0), incidents::began_at.eq(moment(now))))
        .returning(Incident::as_returning())
        .get_result(conn)
        .await
}

/// It is over.
pub async fn end(conn: &mut Conn, id: i64, now: Timestamp) -> QueryResult<()> {
    diesel::update(incidents::table.find(id))
        .set(incidents::ended_at.eq(moment(now)))
        .execute(conn)
        .await
        .map(drop)
}

/// One of them.
pub async fn find(conn: &mut Conn, id: i64) -> QueryResult<Incident> {
    incidents::table.find(id).select(Incident::as_select()).first(conn).await
}

/// These were called; so many steps of the chain are behind now.
pub async fn called(
    conn: &mut Conn,
    incident: &Incident,
    people: &[&EmailAddress],
    calls: u32,
) -> QueryResult<()> {
    let mut all = incident.called();
    for person in people {
        if !all.contains(person) {
            all.push((*person).clone());
        }
    }
    let all: Vec<&str> = all.iter().map(EmailAddress::as_str).collect();
    diesel::update(incidents::table.find(incident.id))
        .set((incidents::calls.eq(number(calls)), incidents::called.eq(Value::from(all))))
        .execute(conn)
        .await
        .map(drop)
}

/// Somebody has it.
pub async fn acknowledge(conn: &mut Conn, id: i64, by: &EmailAddress, now: Timestamp) -> QueryResult<()> {
    diesel::update(incidents::table.find(id))
        .set((incidents::acknowledged_by.eq(by.as_str()), incidents::acknowledged_at.eq(moment(now))))
        .execute(conn)
        .await
        .map(drop)
}

/// Nobody has it any more; the chain is gone on with behind so many steps.
pub async fn release(conn: &mut Conn, id: i64, calls: u32) -> QueryResult<()> {
    diesel::update(incidents::table.find(id))
        .set((
            incidents::acknowledged_by.eq(None::<String>),
            incidents::acknowledged_at.eq(None::<Moment>),
            incidents::calls.eq(number(calls)),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// Stakeholders are promised news by then.
pub async fn promise(conn: &mut Conn, id: i64, by: Timestamp) -> QueryResult<()> {
    diesel::update(incidents::table.find(id))
        .set(incidents::update_due_at.eq(moment(by)))
        .execute(conn)
        .await
        .map(drop)
}

fn number(calls: u32) -> i32 {
    i32::try_from(calls).unwrap_or(i32::MAX)
}
