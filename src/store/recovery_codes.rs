//! Codes for who has lost the device that makes one-time codes.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{Conn, schema::recovery_codes};
use crate::domain::EmailAddress;

/// Gives somebody these codes, by their digests, in place of all that they had.
pub async fn replace(conn: &mut Conn, address: &EmailAddress, digests: &[[u8; 32]]) -> QueryResult<()> {
    let theirs = recovery_codes::table.filter(recovery_codes::address.eq(address.as_str()));
    diesel::delete(theirs).execute(conn).await?;
    let row = |digest: &[u8; 32]| {
        (recovery_codes::code_hash.eq(digest.to_vec()), recovery_codes::address.eq(address.as_str()))
    };
    let rows: Vec<_> = digests.iter().map(row).collect();
    diesel::insert_into(recovery_codes::table).values(rows).execute(conn).await.map(drop)
}

/// Uses a code up. `false` when somebody has no such code.
pub async fn take(conn: &mut Conn, address: &EmailAddress, digest: &[u8; 32]) -> QueryResult<bool> {
    let one =
        recovery_codes::table.find(digest.as_slice()).filter(recovery_codes::address.eq(address.as_str()));
    Ok(diesel::delete(one).execute(conn).await? == 1)
}

/// How many codes somebody has left.
pub async fn count(conn: &mut Conn, address: &EmailAddress) -> QueryResult<i64> {
    recovery_codes::table.filter(recovery_codes::address.eq(address.as_str())).count().get_result(conn).await
}
