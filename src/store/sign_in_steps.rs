//! What a browser has begun and not ended.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use serde_json::Value;

use super::{Conn, moment, schema::sign_in_steps};
use crate::domain::EmailAddress;

/// Keeps what the answer of a browser will be held against; what it began before is over.
pub async fn put(
    conn: &mut Conn,
    token_hash: &[u8],
    kind: &str,
    address: Option<&EmailAddress>,
    state: &Value,
    expires_at: Timestamp,
) -> QueryResult<()> {
    let step = (
        sign_in_steps::kind.eq(kind),
        sign_in_steps::address.eq(address.map(EmailAddress::as_str)),
        sign_in_steps::state.eq(state),
        sign_in_steps::expires_at.eq(moment(expires_at)),
    );
    diesel::insert_into(sign_in_steps::table)
        .values((sign_in_steps::token_hash.eq(token_hash), step))
        .on_conflict(sign_in_steps::token_hash)
        .do_update()
        .set(step)
        .execute(conn)
        .await
        .map(drop)
}

/// What a browser began, and whose it is where that is known.
pub async fn find(
    conn: &mut Conn,
    token_hash: &[u8],
    kind: &str,
    now: Timestamp,
) -> QueryResult<Option<(Option<String>, Value)>> {
    sign_in_steps::table
        .find(token_hash)
        .filter(sign_in_steps::kind.eq(kind))
        .filter(sign_in_steps::expires_at.gt(moment(now)))
        .select((sign_in_steps::address, sign_in_steps::state))
        .first(conn)
        .await
        .optional()
}

/// The same, and it is over: of two answers at once one finds it.
pub async fn take(
    conn: &mut Conn,
    token_hash: &[u8],
    kind: &str,
    now: Timestamp,
) -> QueryResult<Option<(Option<String>, Value)>> {
    let one = sign_in_steps::table
        .find(token_hash)
        .filter(sign_in_steps::kind.eq(kind))
        .filter(sign_in_steps::expires_at.gt(moment(now)));
    diesel::delete(one)
        .returning((sign_in_steps::address, sign_in_steps::state))
        .get_result(conn)
        .await
        .optional()
}

/// Forgets what browsers began as somebody.
pub async fn forget(conn: &mut Conn, address: &EmailAddress) -> QueryResult<()> {
    let theirs = sign_in_steps::table.filter(sign_in_steps::address.eq(address.as_str()));
    diesel::delete(theirs).execute(conn).await.map(drop)
}

/// Forgets what is too old.
pub async fn sweep(conn: &mut Conn, now: Timestamp) -> QueryResult<()> {
    let old = sign_in_steps::table.filter(sign_in_steps::expires_at.lt(moment(now)));
    diesel::delete(old).execute(conn).await.map(drop)
}
