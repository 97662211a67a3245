//! Senders whose mail makes no ticket.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{Conn, Moment, moment, schema::blocks};
use crate::domain::{EmailAddress, Sender, TicketId};

/// A sender who is blocked.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = blocks, check_for_backend(diesel::pg::Pg))]
pub struct Block {
    /// An address, or `@` and a domain.
    pub sender: String,
    /// Who blocked them.
    pub blocked_by: String,
    /// Since when.
    pub blocked_at: Moment,
    /// The ticket by which they came to notice.
    pub ticket_id: Option<i64>,
}

/// Blocks a sender. `false` when they are blocked already.
pub async fn add(
    conn: &mut Conn,
    sender: &Sender,
    by: &str,
    ticket: Option<TicketId>,
    now: Timestamp,
) -> QueryResult<bool> {
    let made = diesel::insert_into(blocks::table)
        .values((
            blocks::sender.eq(sender.to_string()),
            blocks::blocked_by.eq(by),
            blocks::blocked_at.eq(moment(now)),
            blocks::ticket_id.eq(ticket.map(|id| id.0)),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(made == 1)
}

/// Lets a sender write again. `false` when they are not blocked.
pub async fn remove(conn: &mut Conn, sender: &Sender) -> QueryResult<bool> {
    let gone = diesel::delete(blocks::table.find(sender.to_string())).execute(conn).await?;
    Ok(gone == 1)
}

/// All that are blocked, by name.
pub async fn all(conn: &mut Conn) -> QueryResult<Vec<Block>> {
    blocks::table.order(blocks::sender).select(Block::as_select()).load(conn).await
}

/// Those that block one of these addresses.
pub async fn among(conn: &mut Conn, addresses: &[&EmailAddress]) -> QueryResult<Vec<Block>> {
    let keys: Vec<String> = addresses.iter().flat_map(|address| Sender::keys(address)).collect();
    blocks::table.filter(blocks::sender.eq_any(keys)).select(Block::as_select()).load(conn).await
}
