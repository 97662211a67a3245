//! The thread of a ticket, with its files.

mod files;

use std::collections::HashMap;

use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Nullable, Text},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{Conn, Moment, Stored, moment, schema::messages};
use crate::domain::{Language, MessageId, MessageRowId, PersonId, TicketId, words::word};

pub use files::{Enclosed, File, attach, enclosed, files_of};

/// Which way an entry went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// A mail to us.
    In,
    /// A mail of ours.
    Out,
    /// Words that stay among staff.
    Note,
}

word!(Direction, "direction", {
    In => "in",
    Out => "out",
    Note => "note",
});

/// An entry to be written.
#[derive(Clone, Debug)]
pub struct NewMessage<'a> {
    /// The ticket it belongs to.
    pub ticket: TicketId,
    /// Which way it went.
    pub direction: Direction,
    /// Kind of mail in, notice out, or `note`.
    pub kind: &'a str,
    /// Never shown outside.
    pub staff_only: bool,
    /// Who wrote it.
    pub author: Option<PersonId>,
    /// `Name <address>` as the mail gave it.
    pub author_line: String,
    /// One safe line.
    pub subject: &'a str,
    /// Message-ID.
    pub header_id: Option<&'a MessageId>,
    /// Digest of what was sent; `None` for what we write ourselves.
    pub fingerprint: Option<[u8; 32]>,
    /// The whole readable text.
    pub text: &'a str,
    /// What the author newly wrote.
    pub own_text: &'a str,
    /// What they quoted.
    pub quoted_text: &'a str,
    /// Their signature.
    pub signature_text: &'a str,
    /// The HTML as it came.
    pub html: Option<&'a str>,
    /// The language of the own words.
    pub language: Option<Language>,
    /// The Date field.
    pub written: Option<Timestamp>,
}

/// Writes entries, in this order. `None` when one of these mails is an entry already:
/// then the caller undoes.
pub async fn record(
    conn: &mut Conn,
    new: &[NewMessage<'_>],
    now: Timestamp,
) -> QueryResult<Option<Vec<MessageRowId>>> {
    let row = |new: &NewMessage<'_>| {
        (
            (
                messages::ticket_id.eq(new.ticket.0),
                messages::direction.eq(Stored(new.direction)),
                messages::kind.eq(new.kind.to_owned()),
                messages::staff_only.eq(new.staff_only),
                messages::author_id.eq(new.author.map(|id| id.0)),
                messages::author.eq(new.author_line.clone()),
                messages::subject.eq(new.subject.to_owned()),
                messages::header_id.eq(new.header_id.map(|id| id.as_str().to_owned())),
                messages::fingerprint.eq(new.fingerprint.map(|digest| digest.to_vec())),
            ),
            (
                messages::text.eq(new.text.to_owned()),
                messages::own_text.eq(new.own_text.to_owned()),
                messages::quoted_text.eq(new.quoted_text.to_owned()),
                messages::signature_text.eq(new.signature_text.to_owned()),
                messages::html.eq(new.html.map(str::to_owned)),
                messages::language.eq(new.language.map(Stored)),
                messages::written_at.eq(new.written.map(moment)),
                messages::created_at.eq(moment(now)),
            ),
        )
    };
    let ids: Vec<i64> = diesel::insert_into(messages::table)
        .values(new.iter().map(row).collect::<Vec<_>>())
        .on_conflict(messages::fingerprint)
        .do_nothing()
        .returning(messages::id)
        .get_results(conn)
        .await?;
    Ok((ids.len() == new.len()).then(|| ids.into_iter().map(MessageRowId).collect()))
}

/// How many entries of this kind somebody made from a moment on.
pub async fn count_of(conn: &mut Conn, author: PersonId, kind: &str, from: Timestamp) -> QueryResult<i64> {
    messages::table
        .filter(messages::author_id.eq(author.0).and(messages::kind.eq(kind)))
        .filter(messages::created_at.ge(moment(from)))
        .count()
        .get_result(conn)
        .await
}

/// What the customer wrote first, in their own words.
pub async fn first_words(conn: &mut Conn, ticket: TicketId) -> QueryResult<Option<String>> {
    messages::table
        .filter(messages::ticket_id.eq(ticket.0).and(messages::direction.eq(Stored(Direction::In))))
        .filter(messages::staff_only.eq(false))
        .order(messages::id)
        .select(messages::own_text)
        .first(conn)
        .await
        .optional()
}

/// The entries that mails with these fingerprints made before.
pub async fn by_fingerprints(
    conn: &mut Conn,
    fingerprints: &[&[u8]],
) -> QueryResult<HashMap<Vec<u8>, (TicketId, MessageRowId)>> {
    let rows: Vec<(Option<Vec<u8>>, i64, i64)> = messages::table
        .filter(messages::fingerprint.eq_any(fingerprints))
        .select((messages::fingerprint, messages::ticket_id, messages::id))
        .load(conn)
        .await?;
    let entry = |(fingerprint, ticket, message): (Option<_>, _, _)| {
        Some((fingerprint?, (TicketId(ticket), MessageRowId(message))))
    };
    Ok(rows.into_iter().filter_map(entry).collect())
}

/// Tickets that hold a message with one of these ids, by [`MessageId::key`], newest first.
pub async fn by_header_ids(
    conn: &mut Conn,
    ids: &[MessageId],
) -> QueryResult<HashMap<String, Vec<TicketId>>> {
    let keys: Vec<String> = ids.iter().map(MessageId::key).collect();
    // As the index has it.
    let key = || sql::<Nullable<Text>>("lower(header_id COLLATE \"C\")");
    let rows: Vec<(i64, Option<String>)> = messages::table
        .filter(key().eq_any(keys))
        .order(messages::id.desc())
        .select((messages::ticket_id, key()))
        .limit(100)
        .load(conn)
        .await?;
    let mut tickets: HashMap<String, Vec<TicketId>> = HashMap::new();
    for (ticket, id) in rows {
        tickets.entry(id.unwrap_or_default()).or_default().push(TicketId(ticket));
    }
    Ok(tickets)
}

/// An entry as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = messages, check_for_backend(diesel::pg::Pg))]
pub struct Message {
    /// Which.
    #[diesel(deserialize_as = i64)]
    pub id: MessageRowId,
    /// Which way it went.
    pub direction: Stored<Direction>,
    /// Kind of mail in, notice out, or `note`.
    pub kind: String,
    /// Never shown outside.
    pub staff_only: bool,
    /// `Name <address>`.
    pub author: String,
    /// One safe line.
    pub subject: String,
    /// Message-ID without angle brackets.
    pub header_id: Option<String>,
    /// The whole readable text.
    pub text: String,
    /// What the author newly wrote.
    pub own_text: String,
    /// When it was written down here.
    pub created_at: Moment,
}

/// A public entry, as staff see what came in between.
#[derive(Clone, Debug, Queryable)]
pub struct Public {
    /// Which way it went.
    pub direction: Stored<Direction>,
    /// Kind of mail in, or notice out.
    pub kind: String,
    /// Who wrote it, where that is known.
    pub author: Option<i64>,
    /// `Name <address>`.
    pub author_line: String,
    /// What the author newly wrote.
    pub own_text: String,
    /// When it was written down here.
    pub at: Moment,
}

/// The newest public entries of a ticket after a moment, oldest first.
pub async fn public_since(
    conn: &mut Conn,
    ticket: TicketId,
    since: Timestamp,
    most: i64,
) -> QueryResult<Vec<Public>> {
    let mut entries: Vec<Public> = messages::table
        .filter(messages::ticket_id.eq(ticket.0).and(messages::staff_only.eq(false)))
        .filter(messages::created_at.gt(moment(since)))
        .order(messages::id.desc())
        .limit(most)
        .select((
            messages::direction,
            messages::kind,
            messages::author_id,
            messages::author,
            messages::own_text,
            messages::created_at,
        ))
        .load(conn)
        .await?;
    entries.reverse();
    Ok(entries)
}

/// The public entries of a ticket behind one of them, oldest first, and no more than the newest so many.
pub async fn public_behind(
    mut conn: &Conn,
    ticket: TicketId,
    seen: MessageRowId,
    most: i64,
) -> QueryResult<Vec<Public>> {
    let mut entries: Vec<Public> = messages::table
        .filter(messages::ticket_id.eq(ticket.0).and(messages::staff_only.eq(false)))
        .filter(messages::id.gt(seen.0))
        .order(messages::id.desc())
        .limit(most)
        .select((
            messages::direction,
            messages::kind,
            messages::author_id,
            messages::author,
            messages::own_text,
            messages::created_at,
        ))
        .load(&mut conn)
        .await?;
    entries.reverse();
    Ok(entries)
}

/// The newest entry of a ticket; 0 where there is none.
pub async fn newest(mut conn: &Conn, ticket: TicketId) -> QueryResult<MessageRowId> {
    let thread = messages::table.filter(messages::ticket_id.eq(ticket.0));
    let newest: Option<i64> = thread.select(diesel::dsl::max(messages::id)).first(&mut conn).await?;
    Ok(MessageRowId(newest.unwrap_or_default()))
}

/// The mails of a ticket that came from outside, oldest first: which, of whom, and when.
pub async fn mail_lines(mut conn: &Conn, ticket: TicketId) -> QueryResult<Vec<(i64, String, Moment)>> {
    messages::table
        .filter(messages::ticket_id.eq(ticket.0).and(messages::staff_only.eq(false)))
        .filter(messages::direction.eq(Stored(Direction::In)))
        .order(messages::id)
        .select((messages::id, messages::author, messages::created_at))
        .load(&mut conn)
        .await
}

/// A mail of somebody outside, as it is kept.
#[derive(Clone, Debug, Queryable)]
pub struct Mail {
    /// Which.
    #[diesel(deserialize_as = i64)]
    pub id: MessageRowId,
    /// Who wrote it, where that is known.
    pub author: Option<i64>,
    /// `Name <address>`.
    pub author_line: String,
    /// One safe line.
    pub subject: String,
    /// Message-ID without angle brackets.
    pub header_id: Option<String>,
    /// What the author newly wrote.
    pub own_text: String,
    /// Its language, where it could be told.
    pub language: Option<Stored<Language>>,
    /// When it was written down here.
    pub at: Moment,
}

/// The public mails that came in for a ticket, oldest first.
pub async fn mails_of(conn: &mut Conn, ticket: TicketId) -> QueryResult<Vec<Mail>> {
    messages::table
        .filter(messages::ticket_id.eq(ticket.0).and(messages::staff_only.eq(false)))
        .filter(messages::direction.eq(Stored(Direction::In)))
        .order(messages::id)
        .select((
            messages::id,
            messages::author_id,
            messages::author,
            messages::subject,
            messages::header_id,
            messages::own_text,
            messages::language,
            messages::created_at,
        ))
        .load(conn)
        .await
}

/// The whole thread of a ticket goes to another; what was public may be for staff only there.
pub async fn hand_over(conn: &mut Conn, from: TicketId, into: TicketId, for_staff: bool) -> QueryResult<()> {
    let thread = messages::table.filter(messages::ticket_id.eq(from.0));
    diesel::update(thread)
        .set((messages::ticket_id.eq(into.0), for_staff.then_some(messages::staff_only.eq(true))))
        .execute(conn)
        .await
        .map(drop)
}

/// One entry goes to another ticket.
pub async fn move_one(conn: &mut Conn, message: MessageRowId, into: TicketId) -> QueryResult<()> {
    let entry = messages::table.find(message.0);
    diesel::update(entry).set(messages::ticket_id.eq(into.0)).execute(conn).await.map(drop)
}

/// The thread of a ticket, oldest first.
pub async fn of(conn: &mut Conn, ticket: TicketId) -> QueryResult<Vec<Message>> {
    messages::table
        .filter(messages::ticket_id.eq(ticket.0))
        .order(messages::id)
        .select(Message::as_select())
        .load(conn)
        .await
}

/// The ids of the public mails of a ticket for a References field, oldest first:
/// the first and the last twenty.
pub async fn header_ids(conn: &mut Conn, ticket: TicketId) -> QueryResult<Vec<MessageId>> {
    let public = || {
        messages::table
            .filter(messages::ticket_id.eq(ticket.0))
            .filter(messages::staff_only.eq(false))
            .filter(messages::header_id.is_not_null())
            .select(messages::header_id.assume_not_null())
    };
    let mut ids: Vec<String> = public().order(messages::id.desc()).limit(MOST_REFERENCES).load(conn).await?;
    if i64::try_from(ids.len()).unwrap_or(i64::MAX) == MOST_REFERENCES {
        let first: String = public().order(messages::id).first(conn).await?;
        if !ids.contains(&first) {
            ids.push(first);
        }
    }
    Ok(ids.iter().rev().filter_map(|id| MessageId::parse(id)).collect())
}

/// More ids make the field longer and no thread better.
const MOST_REFERENCES: i64 = 20;
