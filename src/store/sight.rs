//! What the page of a ticket shows, in few questions, each by an index.

mod files;
mod relations;

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Bool, Integer, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::{
    Conn, Moment, Stored,
    journal::Entry,
    kept::kept,
    messages::Direction,
    outbox::Line,
    pauses::{Pause, SERVER},
    schema::{inbound, journal, messages, outbox, send_pauses},
};
use crate::{
    domain::{MessageRowId, TicketId, Word},
    ticket::Happening,
};

pub use files::{PageFile, content, files_of};
pub use relations::{Follower, Other, followers, of_requester, relatives, releases_of};

/// So many characters of a text are shown on a page; the whole is an address away.
pub const SHOWN_CHARS: i32 = 40_000;

/// The numbers of all entries of a ticket, in order.
pub async fn entry_ids(mut conn: &Conn, ticket: TicketId) -> QueryResult<Vec<i64>> {
    messages::table
        .filter(messages::ticket_id.eq(ticket.0))
        .order(messages::id)
        .select(messages::id)
        .load(&mut conn)
        .await
}

/// An entry of a thread, its texts cut to [`SHOWN_CHARS`].
#[derive(Clone, Debug, QueryableByName)]
pub struct PageEntry {
    /// Which.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// Which way it went.
    #[diesel(sql_type = Text)]
    pub direction: Stored<Direction>,
    /// Kind of mail in, notice out, or `note`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// Never shown outside.
    #[diesel(sql_type = Bool)]
    pub staff_only: bool,
    /// `Name <address>`; empty for the system.
    #[diesel(sql_type = Text)]
    pub author: String,
    /// What the author newly wrote.
    #[diesel(sql_type = Text)]
    pub own_text: String,
    /// What they quoted.
    #[diesel(sql_type = Text)]
    pub quoted_text: String,
    /// Their signature.
    #[diesel(sql_type = Text)]
    pub signature_text: String,
    /// How many characters the own words have in all.
    #[diesel(sql_type = Integer)]
    pub own_chars: i32,
    /// The same of what is quoted.
    #[diesel(sql_type = Integer)]
    pub quoted_chars: i32,
    /// There is HTML of it.
    #[diesel(sql_type = Bool)]
    pub has_html: bool,
    /// When it was written down here.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: Moment,
}

/// The entries of a ticket from one on, in order.
pub async fn entries(
    mut conn: &Conn,
    ticket: TicketId,
    from: i64,
    limit: i64,
) -> QueryResult<Vec<PageEntry>> {
    kept(
        sql_query(
            "SELECT id, direction, kind, staff_only, author, left(own_text, $4) AS own_text, \
           left(quoted_text, $4) AS quoted_text, left(signature_text, $4) AS signature_text, \
           length(own_text) AS own_chars, length(quoted_text) AS quoted_chars, \
           coalesce(html, '') <> '' AS has_html, created_at \
         FROM messages WHERE ticket_id = $1 AND id >= $2 ORDER BY id LIMIT $3",
        )
        .bind::<BigInt, _>(ticket.0)
        .bind::<BigInt, _>(from)
        .bind::<BigInt, _>(limit)
        .bind::<Integer, _>(SHOWN_CHARS),
    )
    .load(&mut conn)
    .await
}

/// The whole text of an entry of a ticket, and its HTML as it came, unsafe to show.
pub async fn body(
    conn: &mut Conn,
    ticket: TicketId,
    entry: MessageRowId,
) -> QueryResult<Option<(String, Option<String>)>> {
    of_ticket(ticket, entry).select((messages::text, messages::html)).first(conn).await.optional()
}

/// The bytes of the mail that made an entry of a ticket; nothing for what no mail made.
pub async fn source(conn: &mut Conn, ticket: TicketId, entry: MessageRowId) -> QueryResult<Option<Vec<u8>>> {
    let theirs = of_ticket(ticket, entry).select(messages::id);
    inbound::table
        .filter(inbound::message_id.eq(entry.0).and(inbound::message_id.eq_any(theirs.nullable())))
        .order(inbound::id)
        .select(inbound::raw)
        .first(conn)
        .await
        .optional()
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of_ticket(ticket: TicketId, entry: MessageRowId) -> _ {
    let (ticket, entry): (i64, i64) = (ticket.0, entry.0);
    messages::table.filter(messages::id.eq(entry).and(messages::ticket_id.eq(ticket)))
}

/// What the ledger knows of the mails that made these entries: entry, row, why it became what it became.
pub async fn ledger(mut conn: &Conn, entries: &[i64]) -> QueryResult<Vec<(i64, i64, Value)>> {
    inbound::table
        .filter(inbound::message_id.eq_any(entries))
        .order(inbound::id)
        .select((inbound::message_id.assume_not_null(), inbound::id, inbound::why))
        .load(&mut conn)
        .await
}

/// The mails of ours about a ticket that were queued at these moments: those of its thread and what went with them.
pub async fn mails_at(mut conn: &Conn, ticket: TicketId, moments: &[Moment]) -> QueryResult<Vec<Line>> {
    outbox::table
        .filter(outbox::ticket_id.eq(ticket.0).and(outbox::created_at.eq_any(moments)))
        .order(outbox::id)
        .select(Line::as_select())
        .load(&mut conn)
        .await
}

/// The newest mails of ours about a ticket, the newest first.
pub async fn newest_mails(mut conn: &Conn, ticket: TicketId, limit: i64) -> QueryResult<Vec<Line>> {
    outbox::table
        .filter(outbox::ticket_id.eq(ticket.0))
        .order(outbox::id.desc())
        .limit(limit)
        .select(Line::as_select())
        .load(&mut conn)
        .await
}

/// What keeps mails of a mailbox to these domains waiting.
pub async fn pauses(mut conn: &Conn, mailbox: &str, domains: &[&str]) -> QueryResult<Vec<Pause>> {
    let domains = domains.iter().copied().chain([SERVER]);
    send_pauses::table
        .filter(send_pauses::mailbox.eq(mailbox).and(send_pauses::domain.eq_any(domains)))
        .select(Pause::as_select())
        .load(&mut conn)
        .await
}

/// The newest lines of a journal, the newest first.
pub async fn journal(mut conn: &Conn, ticket: TicketId, limit: i64) -> QueryResult<Vec<Entry>> {
    journal::table
        .filter(journal::ticket_id.eq(ticket.0))
        .order(journal::id.desc())
        .limit(limit)
        .select(Entry::as_select())
        .load(&mut conn)
        .await
}

/// What was told of mails of ours about a ticket that came back or are late, oldest first.
pub async fn troubles(mut conn: &Conn, ticket: TicketId) -> QueryResult<Vec<(String, Value)>> {
    let troubles = [Happening::Bounced, Happening::Delayed].map(|happening| happening.as_str());
    journal::table
        .filter(journal::ticket_id.eq(ticket.0).and(journal::event.eq_any(troubles)))
        .order(journal::id)
        .select((journal::event, journal::detail))
        .load(&mut conn)
        .await
}

/// The names of people by their addresses; who gave none is not in it.
pub async fn names(mut conn: &Conn, addresses: &[&str]) -> QueryResult<Vec<(String, String)>> {
    use super::schema::people;
    people::table
        .filter(people::address.eq_any(addresses).and(people::name.ne("")))
        .select((people::address, people::name))
        .load(&mut conn)
        .await
}
