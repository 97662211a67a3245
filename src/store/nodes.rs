//! The processes that share a database: who lives, and who is gone.
//!
//! A node holds an advisory lock on a connection of its own and gives a sign of life
//! every few seconds. The server itself knows when that connection is gone; but it may
//! also have been cut while the node lives, so a node is dead only when
//! its lock is free and its signs stay out. All times are the server's.

use std::time::Duration;

use diesel::{
    prelude::*,
    sql_types::{BigInt, Bool, Integer, Jsonb, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::{Conn, Moment, schema::nodes};

/// First half of the key of the lock that a node holds, "desk" in ASCII; its id is
/// the other.
const LOCK: i32 = 0x6465_736b;
/// Without a sign of life for so long, and without its lock, a node is dead.
pub const SILENT_AFTER: Duration = Duration::from_secs(6);

/// The number of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeId(i32);

/// Joins the nodes of this database, or comes back to them under the same name.
pub async fn join(conn: &mut Conn, name: &str, roles: &str, mailboxes: &[&str]) -> QueryResult<NodeId> {
    let mailboxes = nodes::mailboxes.eq(serde_json::json!(mailboxes));
    let id = diesel::insert_into(nodes::table)
        .values((nodes::name.eq(name), nodes::roles.eq(roles), mailboxes))
        .on_conflict(nodes::name)
        .do_update()
        .set(nodes::seen_at.eq(diesel::dsl::now))
        .returning(nodes::id)
        .get_result(conn)
        .await
        .map(NodeId)?;
    give_sign(conn, id).await.map(|_| id)
}

/// Gives a sign of life, and takes the lock where it is not ours yet: a session that
/// the server has not missed may still have it. `false` when others took this
/// node for dead; what it held is theirs then.
pub async fn give_sign(conn: &mut Conn, id: NodeId) -> QueryResult<bool> {
    // Taking a lock again is only counted; it ends with the session.
    let signs = diesel::sql_query(
        "UPDATE nodes SET seen_at = now() WHERE id = $1 RETURNING pg_try_advisory_lock($2, id)",
    );
    Ok(signs.bind::<Integer, _>(id.0).bind::<Integer, _>(LOCK).execute(conn).await? == 1)
}

/// Leaves for good.
pub async fn leave(conn: &mut Conn, name: &str) -> QueryResult<()> {
    diesel::delete(nodes::table.filter(nodes::name.eq(name))).execute(conn).await.map(drop)
}

/// A node as others see it.
#[derive(Clone, Debug, QueryableByName)]
pub struct Seen {
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// What it runs.
    #[diesel(sql_type = Text)]
    pub roles: String,
    /// The names of the mailboxes it has in its configuration, as a list.
    #[diesel(sql_type = Jsonb)]
    pub mailboxes: Value,
    /// Seconds since it joined.
    #[diesel(sql_type = BigInt)]
    pub up_seconds: i64,
    /// Its last sign of life.
    #[diesel(sql_type = Timestamptz)]
    pub seen_at: Moment,
    /// Seconds since then.
    #[diesel(sql_type = BigInt)]
    pub silent_seconds: i64,
    /// Nobody holds its lock.
    #[diesel(sql_type = Bool)]
    pub unlocked: bool,
}

impl Seen {
    /// The names of the mailboxes it has in its configuration.
    pub fn mailboxes(&self) -> impl Iterator<Item = &str> {
        self.mailboxes.as_array().into_iter().flatten().filter_map(Value::as_str)
    }

    /// Lock and signs of life are both gone.
    pub fn is_gone(&self) -> bool {
        self.unlocked && self.silent_seconds >= SILENT_AFTER.as_secs().cast_signed()
    }
}

/// All nodes, the eldest first.
pub async fn all(conn: &mut Conn) -> QueryResult<Vec<Seen>> {
    diesel::sql_query(
        "SELECT name, roles, mailboxes, seen_at, \
                greatest(0, extract(epoch FROM now() - started_at))::bigint AS up_seconds, \
                greatest(0, floor(extract(epoch FROM now() - seen_at)))::bigint AS silent_seconds, \
                NOT EXISTS ( \
                    SELECT FROM pg_locks \
                    WHERE locktype = 'advisory' AND objsubid = 2 AND granted \
                      AND classid::bigint = $1 AND objid::bigint = nodes.id \
                      AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
                ) AS unlocked \
         FROM nodes ORDER BY id",
    )
    .bind::<BigInt, _>(i64::from(LOCK))
    .load(conn)
    .await
}

/// Strikes a dead node off the list. `false` when it gave a sign since it was seen, or
/// somebody else did this.
pub async fn bury(conn: &mut Conn, dead: &Seen) -> QueryResult<bool> {
    let same = nodes::name.eq(&dead.name).and(nodes::seen_at.eq(dead.seen_at));
    Ok(diesel::delete(nodes::table.filter(same)).execute(conn).await? == 1)
}
