//! The mailboxes as the database knows them: cursor, health, and who fetches.

use std::time::Duration;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{Conn, Moment, moment, schema::mailboxes};
use crate::domain::{EmailAddress, MailboxId};

/// A mailbox as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = mailboxes, check_for_backend(diesel::pg::Pg))]
pub struct Mailbox {
    /// Which.
    #[diesel(deserialize_as = i64)]
    pub id: MailboxId,
    /// Its name in the configuration.
    pub name: String,
    /// Where it is read from.
    pub source: String,
    /// UIDVALIDITY when last opened.
    pub uidvalidity: Option<i64>,
    /// The highest committed UID under it.
    pub last_uid: i64,
    /// `new`, `ok`, `incomplete`, or what is wrong, as a short name.
    pub state: String,
    /// The same as a sentence.
    pub state_detail: String,
    /// When it was last looked through without an error.
    pub fetched_at: Option<Moment>,
}

/// Finds a mailbox by its configured name and the place it is read from, or makes
/// its row. UIDs of one account or folder say nothing about another's, so a
/// mailbox that is pointed elsewhere starts anew.
pub async fn ensure(
    conn: &mut Conn,
    name: &str,
    source: &str,
    address: &EmailAddress,
) -> QueryResult<Mailbox> {
    diesel::insert_into(mailboxes::table)
        .values((
            mailboxes::name.eq(name),
            mailboxes::source.eq(source),
            mailboxes::address.eq(address.as_str()),
        ))
        .on_conflict((mailboxes::name, mailboxes::source))
        .do_update()
        .set(mailboxes::address.eq(address.as_str()))
        .returning(Mailbox::as_returning())
        .get_result(conn)
        .await
}

/// Every place that a configured mailbox was ever read from.
pub async fn all(conn: &mut Conn) -> QueryResult<Vec<Mailbox>> {
    mailboxes::table.order((mailboxes::name, mailboxes::id)).select(Mailbox::as_select()).load(conn).await
}

/// The rows of one configured mailbox.
pub async fn ids_of(conn: &mut Conn, name: &str) -> QueryResult<Vec<MailboxId>> {
    let ids: Vec<i64> =
        mailboxes::table.filter(mailboxes::name.eq(name)).select(mailboxes::id).load(conn).await?;
    Ok(ids.into_iter().map(MailboxId).collect())
}

/// One mailbox.
pub async fn find(mut conn: &Conn, id: MailboxId) -> QueryResult<Mailbox> {
    mailboxes::table.find(id.0).select(Mailbox::as_select()).first(&mut conn).await
}

/// Takes or keeps the right to fetch a mailbox for a while. `false` when another
/// node has it. A node is named `host:process:random`.
pub async fn hold(
    conn: &mut Conn,
    id: MailboxId,
    node: &str,
    now: Timestamp,
    lease: Duration,
) -> QueryResult<bool> {
    let free = mailboxes::held_until
        .is_null()
        .or(mailboxes::held_until.lt(moment(now)))
        .or(mailboxes::held_until.gt(super::latest_end(now, lease)))
        .or(mailboxes::holder.eq(node));
    let moved = diesel::update(mailboxes::table.find(id.0).filter(free.assume_not_null()))
        .set((mailboxes::holder.eq(node), mailboxes::held_until.eq(moment(now + lease))))
        .execute(conn)
        .await?;
    Ok(moved == 1)
}

/// Gives the right to fetch back, so that another node need not wait.
pub async fn release(conn: &mut Conn, id: MailboxId, node: &str) -> QueryResult<()> {
    diesel::update(mailboxes::table.find(id.0).filter(mailboxes::holder.eq(node)))
        .set((mailboxes::holder.eq(None::<String>), mailboxes::held_until.eq(None::<Moment>)))
        .execute(conn)
        .await
        .map(drop)
}

/// Moves the cursor, as long as `node` has the right to fetch. A new UIDVALIDITY
/// starts it over. `false` when the right is another's or nobody's by now: what this
/// transaction stored must not be kept, since somebody else may store it too. The
/// row stays locked until the transaction ends, so that nobody takes the right
/// meanwhile.
pub async fn advance(
    conn: &mut Conn,
    id: MailboxId,
    node: &str,
    uidvalidity: u32,
    last_uid: u32,
) -> QueryResult<bool> {
    let moved = diesel::update(mailboxes::table.find(id.0).filter(mailboxes::holder.eq(node)))
        .set((mailboxes::uidvalidity.eq(i64::from(uidvalidity)), mailboxes::last_uid.eq(i64::from(last_uid))))
        .execute(conn)
        .await?;
    Ok(moved == 1)
}

/// Records how it goes, as long as `node` has the right to fetch. `looked_at` moves
/// the time of the last good look.
pub async fn report(
    conn: &mut Conn,
    id: MailboxId,
    node: &str,
    state: &str,
    detail: &str,
    looked_at: Option<Timestamp>,
) -> QueryResult<()> {
    diesel::update(mailboxes::table.find(id.0).filter(mailboxes::holder.eq(node)))
        .set((
            mailboxes::state.eq(state),
            mailboxes::state_detail.eq(detail),
            looked_at.map(|at| mailboxes::fetched_at.eq(moment(at))),
        ))
        .execute(conn)
        .await
        .map(drop)
}
