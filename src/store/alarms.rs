//! What staff were told about, and when: once in a while, not each time.

use std::time::Duration;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{Conn, moment, schema::alarms};

/// Takes the right to tell staff about something, unless they were told within
/// `every`. One of several nodes gets it.
pub async fn raise(conn: &mut Conn, topic: &str, every: Duration, now: Timestamp) -> QueryResult<bool> {
    let first = diesel::insert_into(alarms::table)
        .values((alarms::topic.eq(topic), alarms::told_at.eq(moment(now))))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    if first == 1 {
        return Ok(true);
    }
    // What lies far ahead was written before the clock was set back; a little ahead, by somebody beside us.
    let stale = alarms::told_at.le(moment(now - every)).or(alarms::told_at.gt(moment(now + every)));
    let again = diesel::update(alarms::table.find(topic).filter(stale))
        .set(alarms::told_at.eq(moment(now)))
        .execute(conn)
        .await?;
    Ok(again == 1)
}

/// How many topics that begin so were told since then.
pub async fn told_since(conn: &mut Conn, prefix: &str, since: Timestamp) -> QueryResult<i64> {
    alarms::table
        .filter(alarms::told_at.ge(moment(since)))
        .filter(alarms::topic.like(format!("{prefix}%")))
        .count()
        .get_result(conn)
        .await
}

/// Forgets what was told before then.
pub async fn forget(conn: &mut Conn, before: Timestamp) -> QueryResult<()> {
    diesel::delete(alarms::table.filter(alarms::told_at.lt(moment(before)))).execute(conn).await.map(drop)
}
