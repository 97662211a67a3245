//! The mails that came in and stand aside: in quarantine, set aside, discarded. Newest first, a page at a time.

use diesel::{
    prelude::*,
    sql_types::{Binary, Integer},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    Conn, Moment,
    inbound::Line,
    moment,
    schema::{inbound, mailboxes},
};
use crate::domain::{InboundId, words::word};

/// As much of a mail as its header is looked for in, in bytes.
const HEAD_BYTES: i32 = 16 * 1024;

diesel::define_sql_function! {
    /// Some of the bytes.
    fn substr(bytes: Binary, from: Integer, count: Integer) -> Binary;
}

/// Where such mails stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// They could not be processed, and wait for a person.
    Quarantined,
    /// They made nothing: loops, bounces of nothing we know, senders who are blocked.
    SetAside,
    /// A person put them away.
    Discarded,
}

word!(Shelf, "shelf", {
    Quarantined => "quarantined",
    SetAside => "set-aside",
    Discarded => "discarded",
});

/// A mail that stands aside.
#[derive(Clone, Debug, Queryable)]
pub struct Shelved {
    /// Its row of the ledger.
    pub line: Line,
    /// The name of the mailbox it came into.
    pub mailbox: String,
    /// Its first bytes, in which its header is.
    pub head: Vec<u8>,
}

/// The next of a shelf behind one of them, newest first.
pub async fn page(
    conn: &mut Conn,
    shelf: Shelf,
    before: Option<InboundId>,
    limit: i64,
) -> QueryResult<Vec<Shelved>> {
    let mut query = inbound::table
        .inner_join(mailboxes::table)
        .order(inbound::id.desc())
        .limit(limit)
        .select((Line::as_select(), mailboxes::name, substr(inbound::raw, 1, HEAD_BYTES)))
        .into_boxed();
    query = match shelf {
        Shelf::Quarantined => query.filter(inbound::state.eq("quarantined")),
        Shelf::SetAside => query.filter(inbound::outcome.eq("set-aside")),
        Shelf::Discarded => query.filter(inbound::state.eq("discarded")),
    };
    if let Some(before) = before {
        query = query.filter(inbound::id.lt(before.0));
    }
    query.load(conn).await
}

/// One of them, wherever it stands.
pub async fn find(conn: &mut Conn, id: InboundId) -> QueryResult<Option<Shelved>> {
    inbound::table
        .inner_join(mailboxes::table)
        .filter(inbound::id.eq(id.0))
        .select((Line::as_select(), mailboxes::name, substr(inbound::raw, 1, HEAD_BYTES)))
        .first(conn)
        .await
        .optional()
}

/// The first bytes of a mail, so many at most.
pub async fn start_of(conn: &mut Conn, id: InboundId, most: i32) -> QueryResult<Option<Vec<u8>>> {
    inbound::table.find(id.0).select(substr(inbound::raw, 1, most)).first(conn).await.optional()
}

/// Lets a mail that was set aside be processed again, since somebody wants it taken in. `false` when it stands elsewhere.
pub async fn want(conn: &mut Conn, id: InboundId, by: &str, now: Timestamp) -> QueryResult<bool> {
    let moved = diesel::update(inbound::table.find(id.0))
        .filter(inbound::state.eq("done").and(inbound::outcome.eq("set-aside")))
        .set((
            inbound::state.eq("waiting"),
            inbound::wanted_by.eq(by),
            inbound::outcome.eq(None::<String>),
            inbound::done_at.eq(None::<Moment>),
            inbound::attempts.eq(0),
            inbound::failures.eq(0),
            inbound::put_off.eq(0),
            inbound::leased_by.eq(None::<String>),
            inbound::leased_until.eq(None::<Moment>),
            inbound::due_at.eq(moment(now)),
        ))
        .execute(conn)
        .await?;
    Ok(moved == 1)
}
