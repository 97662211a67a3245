//! Public keys by which members of staff sign in.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use serde_json::Value;

use super::{
    Conn, Moment, moment,
    schema::{accounts, passkeys},
};
use crate::domain::EmailAddress;

/// A passkey as its owner sees it in a list.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = passkeys, check_for_backend(diesel::pg::Pg))]
pub struct PasskeyLine {
    /// Its row.
    pub id: i64,
    /// What its owner calls it.
    pub name: String,
    /// Since when.
    pub made_at: Moment,
    /// When they last signed in with it.
    pub last_used_at: Option<Moment>,
}

/// Keeps one. `false` when it is somebody's already.
pub async fn add(
    conn: &mut Conn,
    address: &EmailAddress,
    credential: &[u8],
    name: &str,
    passkey: &Value,
    now: Timestamp,
) -> QueryResult<bool> {
    let made = diesel::insert_into(passkeys::table)
        .values((
            passkeys::address.eq(address.as_str()),
            passkeys::credential_id.eq(credential),
            passkeys::name.eq(name),
            passkeys::passkey.eq(passkey),
            passkeys::made_at.eq(moment(now)),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(made == 1)
}

/// Those of somebody, the oldest first.
pub async fn of(conn: &mut Conn, address: &EmailAddress) -> QueryResult<Vec<PasskeyLine>> {
    passkeys::table
        .filter(passkeys::address.eq(address.as_str()))
        .order(passkeys::id)
        .select(PasskeyLine::as_select())
        .load(conn)
        .await
}

/// The credentials of somebody: a device that has one makes no second.
pub async fn credentials(conn: &mut Conn, address: &EmailAddress) -> QueryResult<Vec<Vec<u8>>> {
    passkeys::table
        .filter(passkeys::address.eq(address.as_str()))
        .select(passkeys::credential_id)
        .load(conn)
        .await
}

/// Row, owner and key of a credential, if its owner is the one who is known by this handle; held until the
/// transaction ends.
pub async fn by_credential(
    conn: &mut Conn,
    credential: &[u8],
    handle: &[u8],
) -> QueryResult<Option<(i64, String, Value)>> {
    passkeys::table
        .inner_join(accounts::table)
        .filter(passkeys::credential_id.eq(credential))
        .filter(accounts::handle.eq(handle))
        .select((passkeys::id, passkeys::address, passkeys::passkey))
        .for_update()
        .first(conn)
        .await
        .optional()
}

/// Remembers that one was used, with its new counter.
pub async fn used(conn: &mut Conn, id: i64, passkey: &Value, now: Timestamp) -> QueryResult<()> {
    diesel::update(passkeys::table.find(id))
        .set((passkeys::passkey.eq(passkey), passkeys::last_used_at.eq(moment(now))))
        .execute(conn)
        .await
        .map(drop)
}

/// Removes one of somebody's; what it was called.
pub async fn remove(conn: &mut Conn, address: &EmailAddress, id: i64) -> QueryResult<Option<String>> {
    let one = passkeys::table.find(id).filter(passkeys::address.eq(address.as_str()));
    diesel::delete(one).returning(passkeys::name).get_result(conn).await.optional()
}

/// Removes all of somebody's; how many.
pub async fn remove_all(conn: &mut Conn, address: &EmailAddress) -> QueryResult<usize> {
    let theirs = passkeys::table.filter(passkeys::address.eq(address.as_str()));
    diesel::delete(theirs).execute(conn).await
}

/// How many each has who has any.
pub async fn counts(conn: &mut Conn) -> QueryResult<Vec<(String, i64)>> {
    passkeys::table
        .group_by(passkeys::address)
        .select((passkeys::address, diesel::dsl::count_star()))
        .load(conn)
        .await
}
