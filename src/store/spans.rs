//! How long first answers and resolutions took: what reports count by.

use diesel::{prelude::*, upsert::excluded};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{Conn, Stored, moment, schema::ticket_spans};
use crate::{domain::TicketId, ticket::clock::Span};

/// Keeps what was done for a ticket since it was opened or reopened at `started`; what turns out not to be done goes.
pub async fn put(conn: &mut Conn, ticket: TicketId, started: Timestamp, spans: &[Span]) -> QueryResult<()> {
    let this = ticket_spans::ticket_id.eq(ticket.0).and(ticket_spans::started_at.eq(moment(started)));
    let done: Vec<String> = spans.iter().map(|span| span.goal.to_string()).collect();
    diesel::delete(ticket_spans::table.filter(this.and(ticket_spans::goal.ne_all(done))))
        .execute(conn)
        .await?;
    if spans.is_empty() {
        return Ok(());
    }
    let row = |span: &Span| {
        (
            ticket_spans::ticket_id.eq(ticket.0),
            ticket_spans::goal.eq(Stored(span.goal)),
            ticket_spans::started_at.eq(moment(span.started)),
            ticket_spans::severity.eq(span.severity.number()),
            ticket_spans::met_at.eq(moment(span.met)),
            ticket_spans::target_seconds.eq(span.target.map(|target| target.as_secs())),
            ticket_spans::due_at.eq(span.due.map(moment)),
            ticket_spans::ran_seconds.eq(span.ran.as_secs()),
            ticket_spans::waited_seconds.eq(span.waited.as_secs()),
        )
    };
    diesel::insert_into(ticket_spans::table)
        .values(spans.iter().map(row).collect::<Vec<_>>())
        .on_conflict((ticket_spans::ticket_id, ticket_spans::goal, ticket_spans::started_at))
        .do_update()
        .set((
            ticket_spans::severity.eq(excluded(ticket_spans::severity)),
            ticket_spans::met_at.eq(excluded(ticket_spans::met_at)),
            ticket_spans::target_seconds.eq(excluded(ticket_spans::target_seconds)),
            ticket_spans::due_at.eq(excluded(ticket_spans::due_at)),
            ticket_spans::ran_seconds.eq(excluded(ticket_spans::ran_seconds)),
            ticket_spans::waited_seconds.eq(excluded(ticket_spans::waited_seconds)),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// Takes away what was counted of a ticket that turned out to be none.
pub async fn clear(conn: &mut Conn, ticket: TicketId) -> QueryResult<()> {
    diesel::delete(ticket_spans::table.filter(ticket_spans::ticket_id.eq(ticket.0)))
        .execute(conn)
        .await
        .map(drop)
}
