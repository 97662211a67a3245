//! A ticket's thread as it is shown to people: with its HTML, its quotations and the bytes of its files.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{
    Conn, Moment, Stored,
    messages::Direction,
    schema::{blobs, messages},
};
use crate::domain::TicketId;

/// An entry in full.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = messages, check_for_backend(diesel::pg::Pg))]
pub struct Exhibit {
    /// Which.
    pub id: i64,
    /// Which way it went.
    pub direction: Stored<Direction>,
    /// Never shown outside.
    pub staff_only: bool,
    /// `Name <address>`; empty for the system.
    pub author: String,
    /// What the author newly wrote.
    pub own_text: String,
    /// What they quoted.
    pub quoted_text: String,
    /// Their signature.
    pub signature_text: String,
    /// The HTML as it came, unsafe to show.
    pub html: Option<String>,
    /// When it was written down here.
    pub created_at: Moment,
}

/// The thread of a ticket, oldest first.
pub async fn of(conn: &mut Conn, ticket: TicketId) -> QueryResult<Vec<Exhibit>> {
    messages::table
        .filter(messages::ticket_id.eq(ticket.0))
        .order(messages::id)
        .select(Exhibit::as_select())
        .load(conn)
        .await
}

/// The bytes of a file.
pub async fn content(conn: &mut Conn, sha256: &[u8]) -> QueryResult<Vec<u8>> {
    blobs::table.find(sha256).select(blobs::bytes).first(conn).await
}
