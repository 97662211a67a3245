//! Stored mail that the gate of today reads anew, in the background: how far it is, and what it found.

use std::time::Duration;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use serde_json::Value;

use super::{
    Conn, Moment, moment,
    schema::{gate_replays, inbound},
};

/// So many are kept.
const KEPT: i64 = 10;
/// Without a sign for so long, the work broke off.
pub const SILENT_AFTER: Duration = Duration::from_secs(60);

/// One of them.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = gate_replays, check_for_backend(diesel::pg::Pg))]
pub struct Replay {
    /// Its row.
    pub id: i64,
    /// Mails that came after this moment.
    pub since: Moment,
    /// Who wanted to know.
    pub asked_by: String,
    /// When.
    pub asked_at: Moment,
    /// The last sign of whoever is at work on it.
    pub seen_at: Moment,
    /// So many mails there are to read.
    pub total: i64,
    /// So many were read.
    pub done: i64,
    /// What would differ.
    pub result: Option<Value>,
    /// Why it ended without a result.
    pub error: Option<String>,
}

impl Replay {
    /// Somebody is at work on it.
    pub fn is_running(&self, now: Timestamp) -> bool {
        self.result.is_none() && self.error.is_none() && !self.is_silent(now)
    }

    /// Whoever was at work on it is gone.
    pub fn broke_off(&self, now: Timestamp) -> bool {
        self.result.is_none() && self.error.is_none() && self.is_silent(now)
    }

    fn is_silent(&self, now: Timestamp) -> bool {
        now.duration_since(self.seen_at.to_jiff()).unsigned_abs() > SILENT_AFTER
    }
}

/// The newest few, newest first.
pub async fn newest(conn: &mut Conn) -> QueryResult<Vec<Replay>> {
    gate_replays::table
        .order(gate_replays::id.desc())
        .limit(KEPT)
        .select(Replay::as_select())
        .load(conn)
        .await
}

/// One of them.
pub async fn find(conn: &mut Conn, id: i64) -> QueryResult<Option<Replay>> {
    gate_replays::table.find(id).select(Replay::as_select()).first(conn).await.optional()
}

/// Lets nobody else begin one until the transaction ends.
pub async fn hold(conn: &mut Conn) -> QueryResult<()> {
    diesel::sql_query("LOCK TABLE gate_replays IN SHARE ROW EXCLUSIVE MODE").execute(conn).await.map(drop)
}

/// Begins one, and forgets the oldest.
pub async fn begin(conn: &mut Conn, since: Timestamp, by: &str, now: Timestamp) -> QueryResult<Replay> {
    let total: i64 = inbound::table
        .filter(inbound::outcome.eq("opened").and(inbound::stored_at.ge(moment(since))))
        .count()
        .get_result(conn)
        .await?;
    let begun: Replay = diesel::insert_into(gate_replays::table)
        .values((
            gate_replays::since.eq(moment(since)),
            gate_replays::asked_by.eq(by),
            gate_replays::asked_at.eq(moment(now)),
            gate_replays::seen_at.eq(moment(now)),
            gate_replays::total.eq(total),
        ))
        .returning(Replay::as_returning())
        .get_result(conn)
        .await?;
    diesel::delete(gate_replays::table.filter(gate_replays::id.le(begun.id - KEPT))).execute(conn).await?;
    Ok(begun)
}

/// So many were read by now.
pub async fn note(conn: &mut Conn, id: i64, done: i64, now: Timestamp) -> QueryResult<()> {
    diesel::update(gate_replays::table.find(id))
        .set((gate_replays::done.eq(done), gate_replays::seen_at.eq(moment(now))))
        .execute(conn)
        .await
        .map(drop)
}

/// It is over: with what it found, or with why it ended.
pub async fn end(conn: &mut Conn, id: i64, ended: &Result<Value, String>, now: Timestamp) -> QueryResult<()> {
    let over = (
        gate_replays::result.eq(ended.as_ref().ok()),
        gate_replays::error.eq(ended.as_ref().err()),
        gate_replays::seen_at.eq(moment(now)),
    );
    let row = gate_replays::table.find(id);
    // What was last told of its progress may be a moment old.
    match ended {
        Ok(_) => {
            diesel::update(row).set((over, gate_replays::done.eq(gate_replays::total))).execute(conn).await
        }
        Err(_) => diesel::update(row).set(over).execute(conn).await,
    }
    .map(drop)
}
