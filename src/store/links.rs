//! Tickets that have to do with each other.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{Conn, Stored, moment, schema::ticket_links};
use crate::{
    domain::TicketId,
    ticket::{Link, Status},
};

/// A ticket at the other end of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// The other ticket.
    pub ticket: TicketId,
    /// How they have to do with each other.
    pub kind: Link,
    /// Whether the link begins at the ticket that was asked about ([`Link::phrase`]).
    pub from_here: bool,
    /// The subject of the other ticket.
    pub subject: String,
    /// Where the other ticket stands.
    pub status: Status,
}

/// Links `from` to `to`. `false` when they are linked so already.
pub async fn link(
    conn: &mut Conn,
    (from, to): (TicketId, TicketId),
    kind: Link,
    by: &str,
    now: Timestamp,
) -> QueryResult<bool> {
    let (from, to) = in_order(from, to, kind);
    let made = diesel::insert_into(ticket_links::table)
        .values((
            ticket_links::ticket_id.eq(from.0),
            ticket_links::other_id.eq(to.0),
            ticket_links::kind.eq(Stored(kind)),
            ticket_links::linked_by.eq(by.to_owned()),
            ticket_links::linked_at.eq(moment(now)),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(made == 1)
}

/// Takes the links of this kind between two tickets away, whichever way round. `false` when there is none.
pub async fn unlink(conn: &mut Conn, one: TicketId, other: TicketId, kind: Link) -> QueryResult<bool> {
    let either_way = (ticket_links::ticket_id.eq(one.0).and(ticket_links::other_id.eq(other.0)))
        .or(ticket_links::ticket_id.eq(other.0).and(ticket_links::other_id.eq(one.0)));
    let gone = ticket_links::table.filter(ticket_links::kind.eq(Stored(kind))).filter(either_way);
    Ok(diesel::delete(gone).execute(conn).await? > 0)
}

/// The tickets that are linked to one, from either end, by their numbers.
pub async fn of(mut conn: &Conn, ticket: TicketId) -> QueryResult<Vec<Linked>> {
    let rows = ticket_links::table
        .filter(ticket_links::ticket_id.eq(ticket.0).or(ticket_links::other_id.eq(ticket.0)))
        .select((ticket_links::ticket_id, ticket_links::other_id, ticket_links::kind))
        .load::<(i64, i64, Stored<Link>)>(&mut conn)
        .await?;
    let ends: Vec<(i64, Link, bool)> = rows
        .into_iter()
        .map(|(from, to, kind)| match from == ticket.0 {
            true => (to, kind.0, true),
            false => (from, kind.0, false),
        })
        .collect();
    let ids: Vec<TicketId> = ends.iter().map(|(id, ..)| TicketId(*id)).collect();
    let facts = super::tickets::titles(conn, &ids).await?;
    let mut linked: Vec<Linked> = ends
        .into_iter()
        .filter_map(|(id, kind, from_here)| {
            let (ticket, subject, status) = facts.iter().find(|(ticket, ..)| ticket.0 == id)?.clone();
            Some(Linked { ticket, kind, from_here, subject, status })
        })
        .collect();
    linked.sort_by_key(|each| (each.ticket.0, each.kind));
    Ok(linked)
}

/// What is the same either way round is kept one way round.
fn in_order(from: TicketId, to: TicketId, kind: Link) -> (TicketId, TicketId) {
    match kind {
        Link::Related if from.0 > to.0 => (to, from),
        Link::Related | Link::Cause | Link::Split => (from, to),
    }
}
