//! Which Message-IDs the mails of a ticket answer, beside those that are known anyway:
//! mails that never came to us, and ours whose id a provider rewrote.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{Conn, schema::message_references};
use crate::domain::{MessageId, TicketId};

/// Remembers that mails of these tickets answer these ids.
pub async fn remember(conn: &mut Conn, answered: &[(TicketId, &MessageId)]) -> QueryResult<()> {
    let row = |(ticket, id): &(TicketId, &MessageId)| {
        (message_references::id.eq(id.key()), message_references::ticket_id.eq(ticket.0))
    };
    if answered.is_empty() {
        return Ok(());
    }
    diesel::insert_into(message_references::table)
        .values(answered.iter().map(row).collect::<Vec<_>>())
        .on_conflict_do_nothing()
        .execute(conn)
        .await
        .map(drop)
}

/// What the mails of one ticket answer is answered by another from now on, too.
pub async fn hand_over(conn: &mut Conn, from: TicketId, into: TicketId) -> QueryResult<()> {
    let of = message_references::table.filter(message_references::ticket_id.eq(from.0));
    let ids: Vec<String> = of.select(message_references::id).load(conn).await?;
    let row = |id: String| (message_references::id.eq(id), message_references::ticket_id.eq(into.0));
    if ids.is_empty() {
        return Ok(());
    }
    diesel::insert_into(message_references::table)
        .values(ids.into_iter().map(row).collect::<Vec<_>>())
        .on_conflict_do_nothing()
        .execute(conn)
        .await
        .map(drop)
}

/// The tickets with mails that answer one of these ids, by [`MessageId::key`], newest first.
pub async fn tickets_answering(
    conn: &mut Conn,
    ids: &[&MessageId],
) -> QueryResult<HashMap<String, Vec<TicketId>>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let keys: Vec<String> = ids.iter().map(|id| id.key()).collect();
    let rows: Vec<(String, i64)> = message_references::table
        .filter(message_references::id.eq_any(keys))
        .order(message_references::ticket_id.desc())
        .select((message_references::id, message_references::ticket_id))
        .limit(MOST_ROWS)
        .load(conn)
        .await?;
    let mut tickets: HashMap<String, Vec<TicketId>> = HashMap::new();
    for (id, ticket) in rows {
        tickets.entry(id).or_default().push(TicketId(ticket));
    }
    Ok(tickets)
}

/// An id that more tickets answer than this is nobody's thread.
const MOST_ROWS: i64 = 200;
