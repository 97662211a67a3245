//! Who has how many tickets, who got one when, and which found nobody.

use std::collections::HashMap;

use diesel::{
    dsl::count_star,
    prelude::*,
    sql_types::{BigInt, Bool},
    upsert::excluded,
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    Conn, Moment, moment,
    schema::{incidents, last_assigned, people, tickets, unassigned},
    tickets::Ticket,
};
use crate::{
    domain::{EmailAddress, TicketId},
    ticket::{Severity, assign::weight},
};

diesel::allow_columns_to_appear_in_same_group_by_clause!(people::address, tickets::severity);

/// What somebody has on their hands: how many tickets that are new or accepted, and their weights together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// How many.
    pub open: u32,
    /// Their weights.
    pub weight: u32,
}

/// Holds the right to choose assignees until the transaction ends: two nodes that choose at once would choose the
/// same person twice.
pub async fn hold(conn: &mut Conn) -> QueryResult<()> {
    diesel::sql_query("SELECT pg_advisory_xact_lock($1)")
        .bind::<BigInt, _>(LOCK)
        .execute(conn)
        .await
        .map(drop)
}

/// "assign" in ASCII.
const LOCK: i64 = 0x6173_7369_676e;

/// The loads of everybody who has something, by address.
pub async fn loads(conn: &mut Conn) -> QueryResult<HashMap<String, Load>> {
    let rows: Vec<(String, Option<i16>, i64)> = tickets::table
        .inner_join(people::table.on(people::id.nullable().eq(tickets::assignee_id)))
        .filter(tickets::status.eq_any(["new", "accepted"]))
        .group_by((people::address, tickets::severity))
        .select((people::address, tickets::severity, count_star()))
        .load(conn)
        .await?;
    let mut loads: HashMap<String, Load> = HashMap::new();
    for (address, severity, count) in rows {
        let severity: Option<Severity> = severity.and_then(|number| number.to_string().parse().ok());
        let (load, count) = (loads.entry(address).or_default(), u32::try_from(count).unwrap_or(u32::MAX));
        load.open = load.open.saturating_add(count);
        load.weight = load.weight.saturating_add(count.saturating_mul(weight(severity)));
    }
    Ok(loads)
}

/// When each last got a ticket, by address.
pub async fn last(conn: &mut Conn) -> QueryResult<HashMap<String, Timestamp>> {
    let rows: Vec<(String, Moment)> = last_assigned::table.load(conn).await?;
    Ok(rows.into_iter().map(|(address, at)| (address, at.to_jiff())).collect())
}

/// Somebody got a ticket: it found them, and they are the last to get another.
pub async fn got_one(
    conn: &mut Conn,
    ticket: TicketId,
    who: &EmailAddress,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::delete(unassigned::table.find(ticket.0)).execute(conn).await?;
    diesel::insert_into(last_assigned::table)
        .values((last_assigned::address.eq(who.as_str()), last_assigned::at.eq(moment(now))))
        .on_conflict(last_assigned::address)
        .do_update()
        .set(last_assigned::at.eq(excluded(last_assigned::at)))
        .execute(conn)
        .await
        .map(drop)
}

/// A ticket found nobody; it keeps the time since when.
pub async fn found_nobody(
    conn: &mut Conn,
    ticket: TicketId,
    because: &str,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(unassigned::table)
        .values((
            unassigned::ticket_id.eq(ticket.0),
            unassigned::because.eq(because),
            unassigned::since.eq(moment(now)),
        ))
        .on_conflict(unassigned::ticket_id)
        .do_update()
        .set(unassigned::because.eq(excluded(unassigned::because)))
        .execute(conn)
        .await
        .map(drop)
}

/// The desk no longer looks for somebody.
pub async fn give_up(conn: &mut Conn, ticket: TicketId) -> QueryResult<()> {
    diesel::delete(unassigned::table.find(ticket.0)).execute(conn).await.map(drop)
}

/// Forgets that tickets found nobody which were closed before then, or are somebody's.
pub async fn forget(conn: &mut Conn, before: Timestamp) -> QueryResult<()> {
    let over = tickets::assignee_id.is_not_null().or(tickets::closed_at.assume_not_null().lt(moment(before)));
    let over = tickets::table.filter(over).select(tickets::id);
    diesel::delete(unassigned::table.filter(unassigned::ticket_id.eq_any(over))).execute(conn).await.map(drop)
}

/// Why a ticket found nobody, as long as it is so.
pub async fn because(mut conn: &Conn, ticket: TicketId) -> QueryResult<Option<String>> {
    unassigned::table.find(ticket.0).select(unassigned::because).first(&mut conn).await.optional()
}

/// Open tickets that found nobody, the oldest first, each with the reason that was last told.
pub async fn waiting(conn: &mut Conn, limit: i64) -> QueryResult<Vec<(Ticket, String)>> {
    unassigned::table
        .inner_join(tickets::table)
        .filter(tickets::assignee_id.is_null().and(tickets::status.eq_any(["new", "accepted"])))
        .order(tickets::id)
        .limit(limit)
        .select((Ticket::as_select(), unassigned::because))
        .load(conn)
        .await
}

/// One of them, locked until the transaction ends; none where somebody else changes it at this moment, or has it now.
pub async fn lock_waiting(conn: &mut Conn, ticket: TicketId) -> QueryResult<Option<Ticket>> {
    tickets::table
        .find(ticket.0)
        .filter(tickets::assignee_id.is_null().and(tickets::status.eq_any(["new", "accepted"])))
        .for_no_key_update()
        .skip_locked()
        .select(Ticket::as_select())
        .first(conn)
        .await
        .optional()
}

/// The open tickets of somebody, the oldest first.
pub async fn open_of(conn: &mut Conn, who: &EmailAddress) -> QueryResult<Vec<Ticket>> {
    tickets::table
        .inner_join(people::table.on(people::id.nullable().eq(tickets::assignee_id)))
        .filter(people::address.eq(who.as_str()))
        .filter(tickets::status.eq_any(["new", "accepted"]))
        .order(tickets::id)
        .select(Ticket::as_select())
        .load(conn)
        .await
}

/// What somebody on duty has to look after.
#[derive(Clone, Copy, Debug, Default)]
pub struct Charge<'a> {
    /// The tickets of these queues.
    pub queues: &'a [&'a str],
    /// The tickets of no queue.
    pub of_no_queue: bool,
    /// The tickets for which somebody is called.
    pub calls: bool,
    /// The tickets of these people.
    pub of: &'a [&'a EmailAddress],
}

/// The open tickets that are any of this, each with the address of whose it is; the worst first, then the oldest.
pub async fn in_charge_of(conn: &mut Conn, charge: Charge<'_>) -> QueryResult<Vec<(Ticket, Option<String>)>> {
    let of: Vec<&str> = charge.of.iter().map(|who| who.as_str()).collect();
    let incidents = incidents::table.filter(incidents::ended_at.is_null()).select(incidents::ticket_id);
    let in_queue = tickets::queue.is_not_null().and(tickets::queue.assume_not_null().eq_any(charge.queues));
    let in_none = tickets::queue.is_null().and(charge.of_no_queue.into_sql::<Bool>());
    let called = tickets::id.eq_any(incidents).and(charge.calls.into_sql::<Bool>());
    let theirs = people::address.is_not_null().and(people::address.assume_not_null().eq_any(of));
    tickets::table
        .left_join(people::table.on(people::id.nullable().eq(tickets::assignee_id)))
        .filter(tickets::status.eq_any(["new", "accepted"]).and(tickets::spam.eq(false)))
        .filter(in_queue.or(in_none).or(called).or(theirs))
        .order((tickets::severity.asc().nulls_last(), tickets::id))
        .select((Ticket::as_select(), people::address.nullable()))
        .load(conn)
        .await
}
