//! Who of us has which ticket open, and who writes a reply.

use diesel::{prelude::*, upsert::excluded};
use diesel_async::RunQueryDsl;
use jiff::{SignedDuration, Timestamp};

use super::{Conn, Moment, moment, schema::presences};
use crate::domain::TicketId;

/// Whoever was not heard of for so long is gone. A browser says every 20 seconds that it is there.
pub const GONE_AFTER: SignedDuration = SignedDuration::from_secs(45);

/// Rows of those who left are swept when they are so old.
const SWEPT_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// Somebody who has a ticket open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// Who.
    pub address: String,
    /// They write a reply.
    pub writes: bool,
}

/// Somebody is there, or still is. `true` when that is news: they came, or began to write.
pub async fn see(
    conn: &mut Conn,
    ticket: TicketId,
    address: &str,
    writes: bool,
    now: Timestamp,
) -> QueryResult<bool> {
    let before = of(conn, ticket, now).await?;
    let before = before.into_iter().find(|present| present.address == address);
    let row = (
        presences::ticket_id.eq(ticket.0),
        presences::address.eq(address),
        presences::seen_at.eq(moment(now)),
        presences::wrote_at.eq(writes.then(|| moment(now))),
    );
    let put = diesel::insert_into(presences::table).values(row);
    let put = put.on_conflict((presences::ticket_id, presences::address)).do_update();
    match writes {
        true => {
            let both = (
                presences::seen_at.eq(excluded(presences::seen_at)),
                presences::wrote_at.eq(excluded(presences::wrote_at)),
            );
            put.set(both).execute(conn).await?;
        }
        // Another window of theirs may be the one in which they write.
        false => drop(put.set(presences::seen_at.eq(excluded(presences::seen_at))).execute(conn).await?),
    }
    if before.is_none() {
        let old = presences::table.filter(presences::seen_at.lt(moment(now - SWEPT_AFTER)));
        diesel::delete(old).execute(conn).await?;
    }
    Ok(before.is_none_or(|before| writes && !before.writes))
}

/// Somebody went away, or wrote what they were writing. `false` when they were not there.
pub async fn leave(conn: &mut Conn, ticket: TicketId, address: &str) -> QueryResult<bool> {
    let row = presences::table.find((ticket.0, address));
    Ok(diesel::delete(row).execute(conn).await? > 0)
}

/// Who has a ticket open, by address.
pub async fn of(mut conn: &Conn, ticket: TicketId, now: Timestamp) -> QueryResult<Vec<Present>> {
    let since = now - GONE_AFTER;
    let rows: Vec<(String, Option<Moment>)> = presences::table
        .filter(presences::ticket_id.eq(ticket.0).and(presences::seen_at.gt(moment(since))))
        .order(presences::address)
        .select((presences::address, presences::wrote_at))
        .load(&mut conn)
        .await?;
    let present = |(address, wrote): (String, Option<Moment>)| Present {
        address,
        writes: wrote.is_some_and(|at| at.to_jiff() > since),
    };
    Ok(rows.into_iter().map(present).collect())
}
