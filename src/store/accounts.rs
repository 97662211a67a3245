//! How members of staff sign in: password, one-time codes, and what they chose for their pages.

use diesel::{prelude::*, upsert::excluded};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{Conn, Moment, moment, schema::accounts};
use crate::domain::EmailAddress;

/// An account as stored.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = accounts, check_for_backend(diesel::pg::Pg))]
pub struct Account {
    /// Whose: canonical address.
    pub address: String,
    /// What passkeys know them by.
    pub handle: Vec<u8>,
    /// Argon2id, as a PHC string.
    pub password_hash: Option<String>,
    /// Since when they have this password.
    pub password_at: Option<Moment>,
    /// The sealed secret of their one-time codes.
    pub totp_secret: Option<Vec<u8>>,
    /// Since when codes are asked for.
    pub totp_at: Option<Moment>,
    /// The last time step whose code was taken.
    pub totp_step: Option<i64>,
    /// The time zone that they chose.
    pub zone: Option<String>,
    /// `light` or `dark`, where they chose.
    pub theme: Option<String>,
}

/// The account of an address.
pub async fn find(conn: &mut Conn, address: &EmailAddress) -> QueryResult<Option<Account>> {
    accounts::table.find(address.as_str()).select(Account::as_select()).first(conn).await.optional()
}

/// All accounts.
pub async fn all(conn: &mut Conn) -> QueryResult<Vec<Account>> {
    accounts::table.order(accounts::address).select(Account::as_select()).load(conn).await
}

/// The account of an address, made where there is none, and held until the transaction ends. `handle` is 16 random
/// bytes for a new one.
pub async fn ensure(
    conn: &mut Conn,
    address: &EmailAddress,
    handle: &[u8],
    now: Timestamp,
) -> QueryResult<Account> {
    diesel::insert_into(accounts::table)
        .values((
            accounts::address.eq(address.as_str()),
            accounts::handle.eq(handle),
            accounts::made_at.eq(moment(now)),
        ))
        .on_conflict(accounts::address)
        .do_update()
        .set(accounts::address.eq(excluded(accounts::address)))
        .returning(Account::as_returning())
        .get_result(conn)
        .await
}

/// Gives an account a password; `at` is when its owner chose it.
pub async fn set_password(
    conn: &mut Conn,
    address: &EmailAddress,
    hash: &str,
    at: Timestamp,
) -> QueryResult<()> {
    diesel::update(accounts::table.find(address.as_str()))
        .set((accounts::password_hash.eq(hash), accounts::password_at.eq(moment(at))))
        .execute(conn)
        .await
        .map(drop)
}

/// Keeps a better hash of the password that an account has, unless it has another one by now.
pub async fn rehash(conn: &mut Conn, address: &EmailAddress, old: &str, new: &str) -> QueryResult<()> {
    diesel::update(accounts::table.find(address.as_str()).filter(accounts::password_hash.eq(old)))
        .set(accounts::password_hash.eq(new))
        .execute(conn)
        .await
        .map(drop)
}

/// Asks somebody for one-time codes from now on, made with this sealed secret; `step` is the last that was taken.
pub async fn set_codes(
    conn: &mut Conn,
    address: &EmailAddress,
    sealed: &[u8],
    step: i64,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::update(accounts::table.find(address.as_str()))
        .set((
            accounts::totp_secret.eq(sealed),
            accounts::totp_at.eq(moment(now)),
            accounts::totp_step.eq(step),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// Asks somebody for no codes any more.
pub async fn drop_codes(conn: &mut Conn, address: &EmailAddress) -> QueryResult<()> {
    diesel::update(accounts::table.find(address.as_str()))
        .set((
            accounts::totp_secret.eq(None::<Vec<u8>>),
            accounts::totp_at.eq(None::<Moment>),
            accounts::totp_step.eq(None::<i64>),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// Takes the code of a time step. `false` when it, or a later one, was taken before.
pub async fn take_step(conn: &mut Conn, address: &EmailAddress, step: i64) -> QueryResult<bool> {
    let unused = accounts::totp_step.is_null().or(accounts::totp_step.lt(step));
    let taken = diesel::update(accounts::table.find(address.as_str()).filter(unused))
        .set(accounts::totp_step.eq(step))
        .execute(conn)
        .await?;
    Ok(taken == 1)
}

/// Keeps what somebody chose for their pages; nothing is what the staff list and the device say.
pub async fn set_looks(
    conn: &mut Conn,
    address: &EmailAddress,
    zone: Option<&str>,
    theme: Option<&str>,
) -> QueryResult<()> {
    diesel::update(accounts::table.find(address.as_str()))
        .set((accounts::zone.eq(zone), accounts::theme.eq(theme)))
        .execute(conn)
        .await
        .map(drop)
}
