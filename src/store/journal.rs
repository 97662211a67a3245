//! What happened to a ticket, and why.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use serde_json::Value;

use super::{Conn, Moment, moment, schema::journal};
use crate::{
    domain::{TicketId, Word},
    ticket::{Happening, told},
};

/// The name under which Deskgate itself acts.
pub const SYSTEM: &str = "system";

/// One line of the journal.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = journal, check_for_backend(diesel::pg::Pg))]
pub struct Entry {
    /// When.
    pub at: Moment,
    /// An address, or [`SYSTEM`].
    pub actor: String,
    /// One word: a [`Happening`], or what another version wrote.
    pub event: String,
    /// The facts of it.
    pub detail: Value,
}

/// A line to be written.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// The ticket it is about.
    pub ticket: TicketId,
    /// What happened.
    pub event: Happening,
    /// The facts of it.
    pub detail: Value,
}

/// Writes one line.
pub async fn write(
    conn: &mut Conn,
    ticket: TicketId,
    actor: &str,
    event: Happening,
    detail: Value,
    now: Timestamp,
) -> QueryResult<()> {
    write_all(conn, actor, vec![NewEntry { ticket, event, detail }], now).await
}

/// Writes what one actor did, in this order.
pub async fn write_all(
    conn: &mut Conn,
    actor: &str,
    entries: Vec<NewEntry>,
    now: Timestamp,
) -> QueryResult<()> {
    let row = |new: NewEntry| {
        (
            journal::ticket_id.eq(new.ticket.0),
            journal::at.eq(moment(now)),
            journal::actor.eq(actor.to_owned()),
            journal::event.eq(new.event.as_str()),
            journal::detail.eq(new.detail),
        )
    };
    let told = entries.iter().filter(|new| told::EVENTS.contains(&new.event));
    let told: Vec<TicketId> = told.map(|new| new.ticket).collect();
    let rows: Vec<_> = entries.into_iter().map(row).collect();
    diesel::insert_into(journal::table).values(rows).execute(conn).await?;
    // Whoever writes down what stakeholders are to hear of need not think of them.
    match told.is_empty() {
        true => Ok(()),
        false => super::subscriptions::mark(conn, &told, now).await,
    }
}

/// The last line of the journal of a ticket that has this word.
pub async fn last(conn: &mut Conn, ticket: TicketId, event: Happening) -> QueryResult<Option<Entry>> {
    journal::table
        .filter(journal::ticket_id.eq(ticket.0).and(journal::event.eq(event.as_str())))
        .order(journal::id.desc())
        .select(Entry::as_select())
        .first(conn)
        .await
        .optional()
}

/// The journal of a ticket, oldest first.
pub async fn of(conn: &mut Conn, ticket: TicketId) -> QueryResult<Vec<Entry>> {
    journal::table
        .filter(journal::ticket_id.eq(ticket.0))
        .order(journal::id)
        .select(Entry::as_select())
        .load(conn)
        .await
}
