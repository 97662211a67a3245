//! Who holds what on lease, and taking it away from those who are gone.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    Conn, Moment, moment,
    pool::{News, announce},
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

/// What a node holds on lease.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holding {
    /// The names of the mailboxes it fetches.
    pub mailboxes: Vec<String>,
    /// Raw mails at work.
    pub reading: i64,
    /// Mails of ours on their way out.
    pub sending: i64,
}

/// What each node holds. Its workers hold under its name, a dot and a number.
pub async fn holdings(conn: &mut Conn, nodes: &[String], now: Timestamp) -> QueryResult<Vec<Holding>> {
    let now = moment(now);
    let fetched: Vec<(Option<String>, String)> = mailboxes::table
        .filter(mailboxes::held_until.ge(now))
        .order(mailboxes::name)
        .select((mailboxes::holder, mailboxes::name))
        .load(conn)
        .await?;
    let read: Vec<(Option<String>, i64)> = inbound::table
        .filter(inbound::state.eq("waiting").and(inbound::leased_until.ge(now)))
        .group_by(inbound::leased_by)
        .select((inbound::leased_by, diesel::dsl::count_star()))
        .load(conn)
        .await?;
    let sent: Vec<(Option<String>, i64)> = outbox::table
        .filter(outbox::state.eq("waiting").and(outbox::leased_until.ge(now)))
        .group_by(outbox::leased_by)
        .select((outbox::leased_by, diesel::dsl::count_star()))
        .load(conn)
        .await?;
    let sum = |rows: &[(Option<String>, i64)], node: &str| {
        rows.iter().filter(|(holder, _)| belongs(holder.as_deref(), node)).map(|(_, count)| count).sum()
    };
    let of = |node: &String| Holding {
        mailboxes: fetched
            .iter()
            .filter(|(holder, _)| belongs(holder.as_deref(), node))
            .map(|(_, name)| name.clone())
            .collect(),
        reading: sum(&read, node),
        sending: sum(&sent, node),
    };
    Ok(nodes.iter().map(of).collect())
}

/// Whether a holder is this node or one of its workers.
pub fn belongs(holder: Option<&str>, node: &str) -> bool {
    let rest = holder.and_then(|holder| holder.strip_prefix(node));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Ends every lease of these nodes and of their workers, and tells the others.
pub async fn release_all(conn: &mut Conn, nodes: &[String], now: Timestamp) -> QueryResult<()> {
    let theirs = |holder: &String| nodes.iter().any(|node| belongs(Some(holder), node));
    let holders: Vec<String> = holders(conn, now).await?.into_iter().filter(theirs).collect();
    if holders.is_empty() {
        return Ok(());
    }
    release(conn, &holders, now).await?;
    announce(conn, News::Inbound).await?;
    announce(conn, News::Outbox).await
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
