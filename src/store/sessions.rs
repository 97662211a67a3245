//! Who is signed in.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    Conn, Moment, moment,
    schema::{accounts, people, sessions},
};
use crate::domain::{EmailAddress, PersonId};

/// A session, with what its owner chose for pages.
#[derive(Clone, Debug, Queryable)]
pub struct Known {
    /// Its row.
    pub id: i64,
    /// Whose.
    pub address: String,
    /// The role when they signed in.
    pub role: String,
    /// When it was last used, to within some minutes.
    pub last_seen_at: Moment,
    /// When it ends in any case.
    pub expires_at: Moment,
    /// What proved who they are.
    pub signed_in_by: String,
    /// The zone that they chose.
    pub zone: Option<String>,
    /// The theme that they chose.
    pub theme: Option<String>,
    person: i64,
}

impl Known {
    /// Their row among people.
    pub fn person(&self) -> PersonId {
        PersonId(self.person)
    }
}

/// A session as its owner sees it in a list.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = sessions, check_for_backend(diesel::pg::Pg))]
pub struct SessionLine {
    /// Its row.
    pub id: i64,
    /// Whose.
    pub address: String,
    /// Since when.
    pub made_at: Moment,
    /// When it was last used, to within some minutes.
    pub last_seen_at: Moment,
    /// When it ends in any case.
    pub expires_at: Moment,
    /// Browser and system.
    pub device: String,
    /// From where.
    pub network: String,
    /// What proved who they are.
    pub signed_in_by: String,
}

/// A session to be kept.
#[derive(Debug)]
pub struct NewSession<'a> {
    /// SHA-256 of the cookie.
    pub token_hash: &'a [u8],
    /// Whose; there is an account of theirs.
    pub address: &'a EmailAddress,
    /// Their role.
    pub role: &'a str,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// Browser and system.
    pub device: &'a str,
    /// From where.
    pub network: &'a str,
    /// What proved who they are.
    pub signed_in_by: &'a str,
}

/// Keeps a session.
pub async fn add(conn: &mut Conn, new: &NewSession<'_>, now: Timestamp) -> QueryResult<()> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(new.token_hash),
            sessions::address.eq(new.address.as_str()),
            sessions::role.eq(new.role),
            sessions::made_at.eq(moment(now)),
            sessions::last_seen_at.eq(moment(now)),
            sessions::expires_at.eq(moment(new.expires_at)),
            sessions::device.eq(new.device),
            sessions::network.eq(new.network),
            sessions::signed_in_by.eq(new.signed_in_by),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// The session of a cookie, by the SHA-256 of it.
pub async fn by_token(conn: &mut Conn, token_hash: &[u8]) -> QueryResult<Option<Known>> {
    sessions::table
        .inner_join(accounts::table)
        .inner_join(people::table.on(people::address.eq(sessions::address)))
        .filter(sessions::token_hash.eq(token_hash))
        .select((
            sessions::id,
            sessions::address,
            sessions::role,
            sessions::last_seen_at,
            sessions::expires_at,
            sessions::signed_in_by,
            accounts::zone,
            accounts::theme,
            people::id,
        ))
        .first(conn)
        .await
        .optional()
}

/// Remembers that a session was used.
pub async fn seen(conn: &mut Conn, id: i64, now: Timestamp) -> QueryResult<()> {
    let row = diesel::update(sessions::table.find(id));
    row.set(sessions::last_seen_at.eq(moment(now))).execute(conn).await.map(drop)
}

/// The sessions of somebody, the one that was used last first.
pub async fn of(conn: &mut Conn, address: &EmailAddress) -> QueryResult<Vec<SessionLine>> {
    sessions::table
        .filter(sessions::address.eq(address.as_str()))
        .order((sessions::last_seen_at.desc(), sessions::id.desc()))
        .select(SessionLine::as_select())
        .load(conn)
        .await
}

/// Whether a session of somebody goes on.
pub async fn goes_on(conn: &mut Conn, address: &EmailAddress, id: i64) -> QueryResult<bool> {
    let one = sessions::table.find(id).filter(sessions::address.eq(address.as_str()));
    diesel::select(diesel::dsl::exists(one)).get_result(conn).await
}

/// Ends one session of somebody. `false` when there is none such.
pub async fn end(conn: &mut Conn, address: &EmailAddress, id: i64) -> QueryResult<bool> {
    let one = sessions::table.find(id).filter(sessions::address.eq(address.as_str()));
    Ok(diesel::delete(one).execute(conn).await? == 1)
}

/// Ends all sessions of somebody save one, where one is to stay. How many.
pub async fn end_all(conn: &mut Conn, address: &EmailAddress, but: Option<i64>) -> QueryResult<usize> {
    let theirs = sessions::table
        .filter(sessions::address.eq(address.as_str()))
        .filter(sessions::id.ne(but.unwrap_or_default()));
    diesel::delete(theirs).execute(conn).await
}

/// Forgets sessions that ended by themselves.
pub async fn sweep(conn: &mut Conn, now: Timestamp) -> QueryResult<()> {
    let over = sessions::table.filter(sessions::expires_at.lt(moment(now)));
    diesel::delete(over).execute(conn).await.map(drop)
}

/// How many sessions each has who has any, and when one of them was last used.
pub async fn counts(conn: &mut Conn) -> QueryResult<Vec<(String, i64, Option<Moment>)>> {
    sessions::table
        .group_by(sessions::address)
        .select((sessions::address, diesel::dsl::count_star(), diesel::dsl::max(sessions::last_seen_at)))
        .load(conn)
        .await
}
