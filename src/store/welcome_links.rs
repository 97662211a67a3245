//! Links by which members of staff set a password.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{Conn, moment, schema::welcome_links};
use crate::domain::EmailAddress;

/// Keeps a link to the account of an address.
pub async fn add(
    conn: &mut Conn,
    token_hash: &[u8],
    address: &EmailAddress,
    expires_at: Timestamp,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(welcome_links::table)
        .values((
            welcome_links::token_hash.eq(token_hash),
            welcome_links::address.eq(address.as_str()),
            welcome_links::made_at.eq(moment(now)),
            welcome_links::expires_at.eq(moment(expires_at)),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// Whose a link is that is still good.
pub async fn whose(conn: &mut Conn, token_hash: &[u8], now: Timestamp) -> QueryResult<Option<String>> {
    welcome_links::table
        .find(token_hash)
        .filter(welcome_links::expires_at.gt(moment(now)))
        .select(welcome_links::address)
        .first(conn)
        .await
        .optional()
}

/// The same, and it is good no longer: of two who use it at once one finds it.
pub async fn take(conn: &mut Conn, token_hash: &[u8], now: Timestamp) -> QueryResult<Option<String>> {
    let one = welcome_links::table.find(token_hash).filter(welcome_links::expires_at.gt(moment(now)));
    diesel::delete(one).returning(welcome_links::address).get_result(conn).await.optional()
}

/// Takes all links of somebody back.
pub async fn forget(conn: &mut Conn, address: &EmailAddress) -> QueryResult<()> {
    let theirs = welcome_links::table.filter(welcome_links::address.eq(address.as_str()));
    diesel::delete(theirs).execute(conn).await.map(drop)
}

/// How many links of somebody were made since a time and are still there.
pub async fn since(conn: &mut Conn, address: &EmailAddress, since: Timestamp) -> QueryResult<i64> {
    welcome_links::table
        .filter(welcome_links::address.eq(address.as_str()))
        .filter(welcome_links::made_at.gt(moment(since)))
        .count()
        .get_result(conn)
        .await
}

/// Forgets links that are too old.
pub async fn sweep(conn: &mut Conn, now: Timestamp) -> QueryResult<()> {
    let old = welcome_links::table.filter(welcome_links::expires_at.lt(moment(now)));
    diesel::delete(old).execute(conn).await.map(drop)
}
