//! What happened to a ticket, and why.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use serde_json::Value;

use super::{Conn, Moment, moment, schema::journal};
use crate::domain::TicketId;

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
    /// One word.
    pub event: String,
    /// The facts of it.
    pub detail: Value,
}

/// Writes one line.
pub async fn write(
    conn: &mut Conn,
    ticket: TicketId,
    actor: &str,
    event: &str,
    detail: Value,
    now: Timestamp,
) -> QueryResult<()> {
    write_all(conn, ticket, actor, [(event, detail)], now).await
}

/// Writes lines, in this order.
pub async fn write_all<const N: usize>(
    conn: &mut Conn,
    ticket: TicketId,
    actor: &str,
    events: [(&str, Value); N],
    now: Timestamp,
) -> QueryResult<()> {
    let lines = events.map(|(event, detail)| {
        (
            journal::ticket_id.eq(ticket.0),
            journal::at.eq(moment(now)),
            journal::actor.eq(actor.to_owned()),
            journal::event.eq(event.to_owned()),
            journal::detail.eq(detail),
        )
    });
    diesel::insert_into(journal::table).values(lines).execute(conn).await.map(drop)
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
