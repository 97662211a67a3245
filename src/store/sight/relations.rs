//! Tickets and people that have to do with a ticket.

use diesel::{prelude::*, sql_query, sql_types::BigInt};
use diesel_async::RunQueryDsl;

use crate::{
    domain::{PersonId, TicketId},
    store::{
        Conn, Moment, Stored,
        kept::kept,
        schema::{people, release_tickets, releases, subscriptions, tickets, told},
    },
    ticket::{Cadence, ClosedAs, Status, release::Outcome},
};

/// Another ticket, in a line.
#[derive(Clone, Debug, Queryable)]
pub struct Other {
    /// Its number.
    #[diesel(deserialize_as = i64)]
    pub id: TicketId,
    /// Its subject.
    pub subject: String,
    /// Where it stands.
    pub status: Stored<Status>,
    /// The site's own name of that.
    pub status_name: Option<String>,
    /// Why it is closed.
    pub closed_as: Option<Stored<ClosedAs>>,
    /// When it last changed.
    pub changed_at: Moment,
    /// The ticket that it continues.
    pub follow_up_of: Option<i64>,
    /// The ticket that it doubles.
    pub duplicate_of: Option<i64>,
    /// The ticket that has its thread.
    pub merged_into: Option<i64>,
}

type Columns = (
    tickets::id,
    tickets::subject,
    tickets::status,
    tickets::status_name,
    tickets::closed_as,
    tickets::changed_at,
    tickets::follow_up_of,
    tickets::duplicate_of,
    tickets::merged_into,
);
const COLUMNS: Columns = (
    tickets::id,
    tickets::subject,
    tickets::status,
    tickets::status_name,
    tickets::closed_as,
    tickets::changed_at,
    tickets::follow_up_of,
    tickets::duplicate_of,
    tickets::merged_into,
);

/// The newest other tickets of who reported one.
pub async fn of_requester(
    mut conn: &Conn,
    requester: PersonId,
    but: TicketId,
    limit: i64,
) -> QueryResult<Vec<Other>> {
    tickets::table
        .filter(tickets::requester_id.eq(requester.0).and(tickets::id.ne(but.0)))
        .order(tickets::id.desc())
        .limit(limit)
        .select(COLUMNS)
        .load(&mut conn)
        .await
}

/// Tickets that continue, double or became part of one, the newest of many; and those of these numbers.
pub async fn relatives(mut conn: &Conn, ticket: TicketId, named: &[i64]) -> QueryResult<Vec<Other>> {
    #[derive(QueryableByName)]
    struct Id {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    let ids: Vec<Id> = kept(
        sql_query(
            "SELECT id FROM tickets WHERE follow_up_of = $1 OR duplicate_of = $1 OR merged_into = $1 \
             ORDER BY id DESC LIMIT 50",
        )
        .bind::<BigInt, _>(ticket.0),
    )
    .load(&mut conn)
    .await?;
    let ids: Vec<i64> = ids.into_iter().map(|row| row.id).chain(named.iter().copied()).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    tickets::table.filter(tickets::id.eq_any(ids)).order(tickets::id).select(COLUMNS).load(&mut conn).await
}

/// The releases that name a ticket: what they are called, what became of it, when.
pub async fn releases_of(
    mut conn: &Conn,
    ticket: TicketId,
) -> QueryResult<Vec<(String, Stored<Outcome>, Moment)>> {
    release_tickets::table
        .inner_join(releases::table)
        .filter(release_tickets::ticket_id.eq(ticket.0))
        .order(release_tickets::at)
        .select((releases::name, release_tickets::outcome, release_tickets::at))
        .load(&mut conn)
        .await
}

/// Somebody who is told of a ticket.
#[derive(Clone, Debug)]
pub struct Follower {
    /// Their address.
    pub address: String,
    /// Their name; may be empty.
    pub name: String,
    /// How often, where they asked for this very ticket.
    pub cadence: Option<Cadence>,
    /// When they were last told of it.
    pub told_at: Option<Moment>,
}

/// Who asked to be told of a ticket, and who was told of it.
pub async fn followers(mut conn: &Conn, ticket: TicketId) -> QueryResult<Vec<Follower>> {
    let mut also = conn;
    let was_told = told::table
        .inner_join(people::table)
        .filter(told::ticket_id.eq(ticket.0))
        .order(people::address)
        .select((people::address, people::name, told::at))
        .load::<(String, String, Moment)>(&mut conn);
    let asked = subscriptions::table
        .inner_join(people::table)
        .filter(subscriptions::what.eq("ticket").and(subscriptions::value.eq(ticket.to_string())))
        .filter(subscriptions::ended_at.is_null())
        .order(people::address)
        .select((people::address, people::name, subscriptions::cadence))
        .load::<(String, String, Stored<Cadence>)>(&mut also);
    let (was_told, asked) = tokio::try_join!(was_told, asked)?;
    let told = |(address, name, at)| Follower { address, name, cadence: None, told_at: Some(at) };
    let mut all: Vec<Follower> = was_told.into_iter().map(told).collect();
    for (address, name, cadence) in asked {
        match all.iter_mut().find(|each| each.address == address) {
            Some(known) => known.cadence = Some(cadence.0),
            None => all.push(Follower { address, name, cadence: Some(cadence.0), told_at: None }),
        }
    }
    Ok(all)
}
