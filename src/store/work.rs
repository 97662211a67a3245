//! What staff worked on, and how long; what they resolved.

use diesel::{
    prelude::*,
    sql_types::{BigInt, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    Conn, Stored, moment,
    schema::{budget_told, tickets, work_log},
};
use crate::{
    domain::{EmailAddress, TicketId},
    ticket::{Severity, work::Kind},
};

/// Some work that was done.
#[derive(Clone, Debug)]
pub struct NewWork<'a> {
    /// Who did it.
    pub who: &'a EmailAddress,
    /// On which ticket; none for other work.
    pub ticket: Option<TicketId>,
    /// What sort of work.
    pub kind: Kind,
    /// How long, in minutes.
    pub minutes: i32,
    /// What it was, in a few words.
    pub words: &'a str,
    /// Who wrote it down.
    pub told_by: &'a EmailAddress,
}

/// Writes work down.
pub async fn add(conn: &mut Conn, new: &NewWork<'_>, now: Timestamp) -> QueryResult<()> {
    diesel::insert_into(work_log::table)
        .values((
            work_log::address.eq(new.who.as_str()),
            work_log::ticket_id.eq(new.ticket.map(|id| id.0)),
            work_log::kind.eq(Stored(new.kind)),
            work_log::minutes.eq(new.minutes),
            work_log::words.eq(new.words),
            work_log::worked_at.eq(moment(now)),
            work_log::told_by.eq(new.told_by.as_str()),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// Minutes between two instants, by who and what sort.
pub async fn minutes(
    conn: &mut Conn,
    from: Timestamp,
    to: Timestamp,
) -> QueryResult<Vec<(String, Kind, i64)>> {
    let rows: Vec<(String, Stored<Kind>, Option<i64>)> = work_log::table
        .filter(work_log::worked_at.ge(moment(from)).and(work_log::worked_at.lt(moment(to))))
        .group_by((work_log::address, work_log::kind))
        .select((work_log::address, work_log::kind, diesel::dsl::sum(work_log::minutes)))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(who, kind, minutes)| (who, kind.0, minutes.unwrap_or(0))).collect())
}

/// Minutes between two instants on tickets that are of a severity now.
pub async fn minutes_on(
    conn: &mut Conn,
    severity: Severity,
    from: Timestamp,
    to: Timestamp,
) -> QueryResult<i64> {
    let sum: Option<i64> = work_log::table
        .inner_join(tickets::table)
        .filter(tickets::severity.eq(severity.number()))
        .filter(work_log::worked_at.ge(moment(from)).and(work_log::worked_at.lt(moment(to))))
        .select(diesel::dsl::sum(work_log::minutes))
        .first(conn)
        .await?;
    Ok(sum.unwrap_or(0))
}

/// Minutes on a ticket so far.
pub async fn minutes_of(conn: &mut Conn, ticket: TicketId) -> QueryResult<i64> {
    let sum: Option<i64> = work_log::table
        .filter(work_log::ticket_id.eq(ticket.0))
        .select(diesel::dsl::sum(work_log::minutes))
        .first(conn)
        .await?;
    Ok(sum.unwrap_or(0))
}

/// How many tickets each resolved between two instants: counted for whose ticket it is, else for who said so.
pub async fn resolved(conn: &mut Conn, from: Timestamp, to: Timestamp) -> QueryResult<Vec<(String, i64)>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        address: String,
        #[diesel(sql_type = BigInt)]
        tickets: i64,
    }
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT coalesce(people.address, journal.actor) AS address, count(DISTINCT journal.ticket_id) AS tickets
           FROM journal
           JOIN tickets ON tickets.id = journal.ticket_id
           LEFT JOIN people ON people.id = tickets.assignee_id
          WHERE journal.event = 'status' AND journal.detail ->> 'to' = 'resolved'
            AND journal.at >= $1 AND journal.at < $2
          GROUP BY 1",
    )
    .bind::<Timestamptz, _>(moment(from))
    .bind::<Timestamptz, _>(moment(to))
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.address, row.tickets)).collect())
}

/// Takes the right to tell leads that so much of a sprint's budget is spent; there is one for each share.
pub async fn tell_once(conn: &mut Conn, sprint: i32, share: i32, now: Timestamp) -> QueryResult<bool> {
    let row =
        (budget_told::sprint.eq(sprint), budget_told::share.eq(share), budget_told::told_at.eq(moment(now)));
    let made = diesel::insert_into(budget_told::table).values(row).on_conflict_do_nothing().execute(conn);
    Ok(made.await? == 1)
}
