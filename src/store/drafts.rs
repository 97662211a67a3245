//! What members of staff began to write about a ticket and did not send yet: one draft of a reply and one of a note for
//! each of them.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{Conn, Moment, Stored, moment, schema::drafts};
use crate::domain::{TicketId, words::word};

/// For whom a draft is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The customer.
    Reply,
    /// Us.
    Note,
}

word!(Kind, "kind of draft", {
    Reply => "reply",
    Note => "note",
});

/// A draft as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = drafts, check_for_backend(diesel::pg::Pg))]
pub struct Draft {
    /// What was written so far.
    pub words: String,
    /// Another one with each saving.
    pub version: i64,
    /// When it was last saved.
    pub saved_at: Moment,
}

/// Whose draft, about what.
#[derive(Clone, Copy, Debug)]
pub struct Of<'a> {
    /// The ticket.
    pub ticket: TicketId,
    /// The address of who writes.
    pub address: &'a str,
    /// For whom.
    pub kind: Kind,
}

/// What came of saving a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The version that is kept now; 0 for none.
    pub version: i64,
    /// Other words that another window had saved meanwhile and that are replaced now, or were kept, since nothing was to
    /// replace them.
    pub other: Option<String>,
}

/// Keeps what was written, in a transaction. The newest wins; a window that last saw another version learns what it
/// replaced. Nothing replaces only what the same window saved.
pub async fn save(conn: &mut Conn, of: Of<'_>, words: &str, seen: i64, now: Timestamp) -> QueryResult<Saved> {
    let there = find_for(conn, of, true).await?;
    let other = there.as_ref().filter(|it| it.version != seen && it.words != words);
    let other = other.map(|it| it.words.clone());
    if words.trim().is_empty() {
        if other.is_none() {
            forget(conn, of).await?;
        }
        let version = there.filter(|_| other.is_some()).map_or(0, |it| it.version);
        return Ok(Saved { version, other });
    }
    let version = there.map_or(0, |it| it.version + 1).max(now.as_microsecond());
    let row = (
        drafts::ticket_id.eq(of.ticket.0),
        drafts::address.eq(of.address),
        drafts::kind.eq(Stored(of.kind)),
        drafts::words.eq(words),
        drafts::version.eq(version),
        drafts::saved_at.eq(moment(now)),
    );
    let key = (drafts::ticket_id, drafts::address, drafts::kind);
    let put = diesel::insert_into(drafts::table).values(row).on_conflict(key).do_update();
    put.set((drafts::words.eq(words), drafts::version.eq(version), drafts::saved_at.eq(moment(now))))
        .execute(conn)
        .await?;
    Ok(Saved { version, other })
}

/// The draft that is kept.
pub async fn find(conn: &Conn, of: Of<'_>) -> QueryResult<Option<Draft>> {
    find_for(conn, of, false).await
}

async fn find_for(mut conn: &Conn, of: Of<'_>, update: bool) -> QueryResult<Option<Draft>> {
    let row = drafts::table.find((of.ticket.0, of.address, Stored(of.kind))).select(Draft::as_select());
    match update {
        true => row.for_update().first(&mut conn).await.optional(),
        false => row.first(&mut conn).await.optional(),
    }
}

/// The draft was sent, or is not wanted any more.
pub async fn forget(conn: &mut Conn, of: Of<'_>) -> QueryResult<()> {
    let row = drafts::table.find((of.ticket.0, of.address, Stored(of.kind)));
    diesel::delete(row).execute(conn).await.map(drop)
}
