//! Leases of processes that are gone.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    Conn, Moment, moment,
    schema::{inbound, mailboxes, outbox},
};

/// Everybody who holds a lease that has not run out.
pub async fn holders(conn: &mut Conn, now: Timestamp) -> QueryResult<Vec<String>> {
    let now = moment(now);
    let mut holders: Vec<Option<String>> = mailboxes::table
        .filter(mailboxes::held_until.ge(now))
        .select(mailboxes::holder)
        .distinct()
        .load(conn)
        .await?;
    holders.extend(
        inbound::table
            .filter(inbound::state.eq("waiting").and(inbound::leased_until.ge(now)))
            .select(inbound::leased_by)
            .distinct()
            .load::<Option<String>>(conn)
            .await?,
    );
    holders.extend(
        outbox::table
            .filter(outbox::state.eq("waiting").and(outbox::leased_until.ge(now)))
            .select(outbox::leased_by)
            .distinct()
            .load::<Option<String>>(conn)
            .await?,
    );
    let mut holders: Vec<String> = holders.into_iter().flatten().collect();
    holders.sort();
    holders.dedup();
    Ok(holders)
}

/// Ends every lease of these holders, so that nobody waits for it to run out.
pub async fn release(conn: &mut Conn, holders: &[String], now: Timestamp) -> QueryResult<()> {
    diesel::update(mailboxes::table.filter(mailboxes::holder.eq_any(holders)))
        .set((mailboxes::holder.eq(None::<String>), mailboxes::held_until.eq(None::<Moment>)))
        .execute(conn)
        .await?;
    // The end is moved, not taken away: a mail under which the process died is
    // told from one that was handed back by its lease having run out.
    let ended = moment(now - jiff::SignedDuration::from_secs(1));
    diesel::update(inbound::table)
        .filter(inbound::state.eq("waiting").and(inbound::leased_by.eq_any(holders)))
        .filter(inbound::leased_until.is_not_null())
        .set(inbound::leased_until.eq(ended))
        .execute(conn)
        .await?;
    diesel::update(outbox::table)
        .filter(outbox::state.eq("waiting").and(outbox::leased_by.eq_any(holders)))
        .filter(outbox::leased_until.is_not_null())
        .set(outbox::leased_until.eq(ended))
        .execute(conn)
        .await
        .map(drop)
}
