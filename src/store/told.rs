//! What stakeholders were told of tickets, and up to when they were sent digests.

use diesel::{prelude::*, upsert::excluded};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use serde_json::Value;

use super::{
    Conn, Moment, Stored, moment,
    schema::{digests, journal, messages, told},
};
use crate::{
    domain::{PersonId, TicketId, Word},
    store::messages::Direction,
    ticket::{Cadence, Happening, Notice},
};

/// What one of them knows of a ticket.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = told, check_for_backend(diesel::pg::Pg))]
pub struct Told {
    person_id: i64,
    /// Up to this line of the journal.
    pub journal_id: i64,
    /// Up to this entry of the thread.
    pub message_id: i64,
    /// Status, severity and the like: a `ticket::told::Seen`.
    pub seen: Value,
    /// The subject of their thread.
    pub subject: String,
}

impl Told {
    /// Who.
    pub fn person(&self) -> PersonId {
        PersonId(self.person_id)
    }
}

/// What everybody knows of a ticket.
pub async fn of(conn: &mut Conn, ticket: TicketId) -> QueryResult<Vec<Told>> {
    told::table.filter(told::ticket_id.eq(ticket.0)).select(Told::as_select()).load(conn).await
}

/// Remembers what somebody was told.
pub async fn remember(
    conn: &mut Conn,
    (person, ticket): (PersonId, TicketId),
    (journal_id, message_id): (i64, i64),
    seen: Value,
    subject: &str,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(told::table)
        .values((
            told::person_id.eq(person.0),
            told::ticket_id.eq(ticket.0),
            told::journal_id.eq(journal_id),
            told::message_id.eq(message_id),
            told::seen.eq(seen),
            told::subject.eq(subject),
            told::at.eq(moment(now)),
        ))
        .on_conflict((told::person_id, told::ticket_id))
        .do_update()
        .set((
            told::journal_id.eq(excluded(told::journal_id)),
            told::message_id.eq(excluded(told::message_id)),
            told::seen.eq(excluded(told::seen)),
            told::at.eq(excluded(told::at)),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// A line of a ticket's journal with its number.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = journal, check_for_backend(diesel::pg::Pg))]
pub struct Line {
    /// Its number.
    pub id: i64,
    /// When.
    pub at: Moment,
    /// An address, or the system.
    pub actor: String,
    /// One word.
    pub event: String,
    /// The facts of it.
    pub detail: Value,
}

/// The lines of these events in a ticket's journal, oldest first.
pub async fn lines(conn: &mut Conn, ticket: TicketId, events: &[Happening]) -> QueryResult<Vec<Line>> {
    let events = events.iter().map(|event| event.as_str());
    journal::table
        .filter(journal::ticket_id.eq(ticket.0).and(journal::event.eq_any(events)))
        .order(journal::id)
        .select(Line::as_select())
        .load(conn)
        .await
}

/// Words that everybody in a ticket may read.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = messages, check_for_backend(diesel::pg::Pg))]
pub struct Said {
    /// The entry.
    pub id: i64,
    /// Which way it went.
    pub direction: Stored<Direction>,
    /// `Name <address>`.
    pub author: String,
    /// What they newly wrote.
    pub own_text: String,
    /// When it was written down here.
    pub created_at: Moment,
}

/// What customers wrote, and what staff wrote to them, the oldest first: the newest of more than `limit`.
pub async fn said(conn: &mut Conn, ticket: TicketId, after: i64, limit: i64) -> QueryResult<Vec<Said>> {
    let by_a_person =
        messages::direction.eq(Stored(Direction::In)).or(messages::kind.eq(Stored(Notice::Correspondence)));
    let mut newest: Vec<Said> = messages::table
        .filter(messages::ticket_id.eq(ticket.0).and(messages::id.gt(after)))
        .filter(messages::staff_only.eq(false).and(by_a_person))
        .order(messages::id.desc())
        .limit(limit)
        .select(Said::as_select())
        .load(conn)
        .await?;
    newest.reverse();
    Ok(newest)
}

/// The number of the newest entry of a ticket's thread; 0 when there is none.
pub async fn newest_entry(conn: &mut Conn, ticket: TicketId) -> QueryResult<i64> {
    let newest: Option<i64> = messages::table
        .filter(messages::ticket_id.eq(ticket.0))
        .select(diesel::dsl::max(messages::id))
        .first(conn)
        .await?;
    Ok(newest.unwrap_or_default())
}

/// Up to when somebody was sent digests.
pub async fn digest_until(
    conn: &mut Conn,
    person: PersonId,
    cadence: Cadence,
) -> QueryResult<Option<Timestamp>> {
    let until: Option<Moment> = digests::table
        .filter(digests::person_id.eq(person.0).and(digests::cadence.eq(Stored(cadence))))
        .select(digests::until)
        .first(conn)
        .await
        .optional()?;
    Ok(until.map(|until| until.to_jiff()))
}

/// Remembers it.
pub async fn digest_sent(
    conn: &mut Conn,
    person: PersonId,
    cadence: Cadence,
    until: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(digests::table)
        .values((
            digests::person_id.eq(person.0),
            digests::cadence.eq(Stored(cadence)),
            digests::until.eq(moment(until)),
        ))
        .on_conflict((digests::person_id, digests::cadence))
        .do_update()
        .set(digests::until.eq(excluded(digests::until)))
        .execute(conn)
        .await
        .map(drop)
}
