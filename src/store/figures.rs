//! What digests count.

use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use serde_json::Value;

use super::{
    Conn, Moment, moment,
    people::Person,
    schema::{clocks, journal, people, tickets},
    tickets::Ticket,
};
use crate::{
    domain::{TicketId, Word},
    ticket::told,
};

/// The tickets that are open or were closed since then, with who reported them.
pub async fn lives(conn: &mut Conn, since: Timestamp) -> QueryResult<Vec<(Ticket, Option<Person>)>> {
    tickets::table
        .left_join(people::table.on(people::id.nullable().eq(tickets::requester_id)))
        .filter(tickets::closed_at.is_null().or(tickets::closed_at.ge(moment(since))))
        .order(tickets::id)
        .select((Ticket::as_select(), Option::<Person>::as_select()))
        .load(conn)
        .await
}

/// A change of status or severity, as the journal has it.
#[derive(Clone, Debug, Queryable)]
pub struct Step {
    /// Of which ticket.
    pub ticket: Option<i64>,
    /// When.
    pub at: Moment,
    /// `status` or `severity`.
    pub event: String,
    /// From and to.
    pub detail: Value,
}

/// The changes of status and severity since then, oldest first.
pub async fn steps(conn: &mut Conn, since: Timestamp) -> QueryResult<Vec<Step>> {
    journal::table
        .filter(journal::event.eq_any(["status", "severity"]).and(journal::at.gt(moment(since))))
        .order(journal::id)
        .select((journal::ticket_id, journal::at, journal::event, journal::detail))
        .load(conn)
        .await
}

/// The tickets that were opened, or of which stakeholders were to hear something, in a stretch of time.
pub async fn touched(conn: &mut Conn, since: Timestamp, until: Timestamp) -> QueryResult<Vec<TicketId>> {
    let events: Vec<&str> = told::EVENTS.iter().map(|event| event.as_str()).chain(["opened"]).collect();
    let ids: Vec<Option<i64>> = journal::table
        .filter(journal::event.eq_any(events))
        .filter(journal::at.gt(moment(since)).and(journal::at.le(moment(until))))
        .select(journal::ticket_id)
        .distinct()
        .load(conn)
        .await?;
    Ok(ids.into_iter().flatten().map(TicketId).collect())
}

/// The open tickets of which a promise is broken or soon will be, and whether it is broken.
pub async fn promises(conn: &mut Conn, now: Timestamp) -> QueryResult<Vec<(TicketId, bool)>> {
    let over = clocks::due_at.le(moment(now));
    let rows: Vec<(i64, Option<Moment>)> = clocks::table
        .inner_join(tickets::table)
        .filter(tickets::status.ne("closed"))
        .filter(clocks::met_at.is_null().and(clocks::due_at.is_not_null()).and(clocks::warned.or(over)))
        .select((clocks::ticket_id, clocks::due_at))
        .load(conn)
        .await?;
    let broken = |due: Option<Moment>| due.is_some_and(|due| due.to_jiff() <= now);
    Ok(rows.into_iter().map(|(ticket, due)| (TicketId(ticket), broken(due))).collect())
}

/// When a ticket was first answered or resolved.
#[derive(Clone, Copy, Debug, QueryableByName)]
pub struct First {
    /// Which.
    #[diesel(sql_type = BigInt)]
    pub ticket: i64,
    /// When it was opened.
    #[diesel(sql_type = Timestamptz)]
    pub opened: Moment,
    /// When it happened.
    #[diesel(sql_type = Timestamptz)]
    pub at: Moment,
}

/// The first answers of people since then: a word to the customer, or a step by staff that tells them something.
pub async fn first_answers(conn: &mut Conn, since: Timestamp) -> QueryResult<Vec<First>> {
    firsts(conn, since, &["replied", "status"], None).await
}

/// The first times since then that tickets were resolved, or closed without.
pub async fn first_resolutions(conn: &mut Conn, since: Timestamp) -> QueryResult<Vec<First>> {
    firsts(conn, since, &["status"], Some(&["resolved", "closed"])).await
}

async fn firsts(
    conn: &mut Conn,
    since: Timestamp,
    events: &[&str],
    to: Option<&[&str]>,
) -> QueryResult<Vec<First>> {
    // Only tickets with such an event since then are looked at as a whole.
    diesel::sql_query(
        "SELECT journal.ticket_id AS ticket, tickets.created_at AS opened, min(journal.at) AS at
         FROM journal JOIN tickets ON tickets.id = journal.ticket_id
         WHERE journal.event = ANY($1) AND journal.actor <> 'system'
           AND (cardinality($2) = 0 OR journal.detail ->> 'to' = ANY($2))
           AND journal.ticket_id IN (SELECT ticket_id FROM journal WHERE at > $3 AND event = ANY($1))
         GROUP BY journal.ticket_id, tickets.created_at
         HAVING min(journal.at) > $3",
    )
    .bind::<Array<Text>, _>(events)
    .bind::<Array<Text>, _>(to.unwrap_or_default())
    .bind::<Timestamptz, _>(moment(since))
    .load(conn)
    .await
}
