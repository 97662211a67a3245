//! The files of a ticket, one by one, as somebody may open them.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{
    Conn, Moment, Stored,
    messages::Direction,
    schema::{attachments, blobs, messages},
};
use crate::domain::TicketId;

/// A file of a thread, without its bytes.
#[derive(Clone, Debug, Queryable)]
pub struct Listed {
    /// Which.
    pub id: i64,
    /// The entry it came with.
    pub message: i64,
    /// A safe base name.
    pub name: String,
    /// How large.
    pub size_bytes: i64,
}

/// The files of a ticket, in order.
pub async fn listed(conn: &mut Conn, ticket: TicketId) -> QueryResult<Vec<Listed>> {
    attachments::table
        .inner_join(messages::table)
        .inner_join(blobs::table)
        .filter(messages::ticket_id.eq(ticket.0))
        .order((attachments::message_id, attachments::position))
        .select((attachments::id, attachments::message_id, attachments::name, blobs::size_bytes))
        .load(conn)
        .await
}

/// A file with what says who may open it.
#[derive(Clone, Debug, Queryable)]
pub struct Download {
    /// Which way its entry went.
    pub direction: Stored<Direction>,
    /// Its entry is never shown outside.
    pub staff_only: bool,
    /// When its entry was written down.
    pub at: Moment,
    /// A safe base name.
    pub name: String,
    /// Its type as it was declared.
    pub mime: String,
    /// Digest of its content.
    pub sha256: Vec<u8>,
}

/// A file of a ticket; `None` where the ticket has none of this number.
pub async fn find(conn: &mut Conn, ticket: TicketId, id: i64) -> QueryResult<Option<Download>> {
    attachments::table
        .inner_join(messages::table)
        .filter(messages::ticket_id.eq(ticket.0).and(attachments::id.eq(id)))
        .select((
            messages::direction,
            messages::staff_only,
            messages::created_at,
            attachments::name,
            attachments::mime,
            attachments::sha256,
        ))
        .first(conn)
        .await
        .optional()
}
