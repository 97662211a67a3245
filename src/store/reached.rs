//! Whether what we asked somebody arrived, as far as anybody knows.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{Conn, Stored, moment, outbox::OutboxState, schema::outbox};
use crate::domain::TicketId;

/// What became of the mails to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// All were taken, and none came back.
    Yes,
    /// Some are still on their way.
    NotYet,
    /// There was none, or one failed, came back or was withdrawn.
    No,
}

/// What became of the mails about a ticket that went to an address from a moment on.
pub async fn since(
    conn: &mut Conn,
    ticket: TicketId,
    address: &str,
    from: Timestamp,
) -> QueryResult<Reached> {
    let mails: Vec<(Stored<OutboxState>, bool)> = outbox::table
        .filter(outbox::ticket_id.eq(ticket.0).and(outbox::recipient.eq(address)))
        .filter(outbox::created_at.ge(moment(from)))
        .select((outbox::state, outbox::bounced_at.is_not_null()))
        .load(conn)
        .await?;
    let lost = |(state, bounced): &(Stored<OutboxState>, bool)| {
        *bounced || matches!(state.0, OutboxState::Failed | OutboxState::Withdrawn)
    };
    Ok(match mails.as_slice() {
        [] => Reached::No,
        mails if mails.iter().any(lost) => Reached::No,
        mails if mails.iter().any(|(state, _)| state.0 == OutboxState::Waiting) => Reached::NotYet,
        _ => Reached::Yes,
    })
}
