//! Passwords and codes that were wrong, so that nobody can try many.

use diesel::{
    prelude::*,
    sql_types::{Array, Text},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{Conn, Moment, moment, schema::sign_in_tries};

/// Whose tries are counted.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    /// Those with this address from this network.
    Both(&'a str, &'a str),
    /// Those from this network.
    Network(&'a str),
    /// Those with this address.
    Address(&'a str),
}

/// Holds an address and a network until the transaction ends, so that what was counted stays true. In one order
/// everywhere.
pub async fn hold(conn: &mut Conn, address: &str, network: &str) -> QueryResult<()> {
    diesel::sql_query(
        "SELECT pg_advisory_xact_lock(key) FROM (
             SELECT DISTINCT hashtextextended('sign-in ' || word, 0) AS key FROM unnest($1) AS word ORDER BY key
         ) AS keys",
    )
    .bind::<Array<Text>, _>(vec![address, network])
    .execute(conn)
    .await
    .map(drop)
}

/// Notes a try; its row.
pub async fn add(conn: &mut Conn, address: &str, network: &str, now: Timestamp) -> QueryResult<i64> {
    diesel::insert_into(sign_in_tries::table)
        .values((
            sign_in_tries::address.eq(address),
            sign_in_tries::network.eq(network),
            sign_in_tries::tried_at.eq(moment(now)),
        ))
        .returning(sign_in_tries::id)
        .get_result(conn)
        .await
}

/// When the last `most` tries since a time were, the newest first.
pub async fn since(
    conn: &mut Conn,
    whose: Whose<'_>,
    since: Timestamp,
    most: i64,
) -> QueryResult<Vec<Moment>> {
    let newest = sign_in_tries::table
        .filter(sign_in_tries::tried_at.gt(moment(since)))
        .order(sign_in_tries::tried_at.desc())
        .limit(most)
        .select(sign_in_tries::tried_at)
        .into_boxed();
    let (address, network) = (sign_in_tries::address, sign_in_tries::network);
    let newest = match whose {
        Whose::Both(one, other) => newest.filter(address.eq(one).and(network.eq(other))),
        Whose::Network(one) => newest.filter(network.eq(one)),
        Whose::Address(one) => newest.filter(address.eq(one)),
    };
    newest.load(conn).await
}

/// Forgets the tries with an address from a network: it was its owner.
pub async fn forget(conn: &mut Conn, address: &str, network: &str) -> QueryResult<()> {
    let theirs = sign_in_tries::table
        .filter(sign_in_tries::address.eq(address))
        .filter(sign_in_tries::network.eq(network));
    diesel::delete(theirs).execute(conn).await.map(drop)
}

/// Forgets all tries before a time.
pub async fn sweep(conn: &mut Conn, before: Timestamp) -> QueryResult<()> {
    let old = sign_in_tries::table.filter(sign_in_tries::tried_at.lt(moment(before)));
    diesel::delete(old).execute(conn).await.map(drop)
}
