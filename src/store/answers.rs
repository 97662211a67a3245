//! Answers that staff wrote once and send often.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use serde_json::Value;

use super::{
    Conn, Moment, Stored, moment,
    schema::{answers, journal},
};
use crate::{
    domain::{Language, TicketId, Word},
    ticket::Happening,
};

/// A known answer in one language.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = answers, check_for_backend(diesel::pg::Pg))]
pub struct Answer {
    /// Its name in commands.
    pub name: String,
    /// Its language.
    pub language: Stored<Language>,
    /// Its words, a template.
    pub text: String,
    /// Who wrote it.
    pub changed_by: String,
    /// When.
    pub changed_at: Moment,
}

/// Keeps an answer, in place of the one of this name and language. `true` when there was one.
pub async fn put(
    conn: &mut Conn,
    name: &str,
    language: Language,
    text: &str,
    by: &str,
    now: Timestamp,
) -> QueryResult<bool> {
    let same = answers::table.filter(answers::name.eq(name).and(answers::language.eq(Stored(language))));
    let replaced = diesel::delete(same).execute(conn).await? > 0;
    diesel::insert_into(answers::table)
        .values((
            answers::name.eq(name),
            answers::language.eq(Stored(language)),
            answers::text.eq(text),
            answers::changed_by.eq(by),
            answers::changed_at.eq(moment(now)),
        ))
        .execute(conn)
        .await?;
    Ok(replaced)
}

/// All answers of a name, or all there are.
pub async fn list(mut conn: &Conn, name: Option<&str>) -> QueryResult<Vec<Answer>> {
    let mut query = answers::table.order((answers::name, answers::language)).into_boxed();
    if let Some(name) = name {
        query = query.filter(answers::name.eq(name.to_owned()));
    }
    query.select(Answer::as_select()).load(&mut conn).await
}

/// Takes an answer away, in one language or in all; how many there were.
pub async fn remove(conn: &mut Conn, name: &str, language: Option<Language>) -> QueryResult<usize> {
    let named = answers::table.filter(answers::name.eq(name.to_owned()));
    match language {
        Some(language) => {
            diesel::delete(named.filter(answers::language.eq(Stored(language)))).execute(conn).await
        }
        None => diesel::delete(named).execute(conn).await,
    }
}

/// The names of the answers that were sent for tickets, each once, the last first.
pub async fn sent_for(conn: &mut Conn, tickets: &[TicketId]) -> QueryResult<Vec<(TicketId, String)>> {
    let ids: Vec<i64> = tickets.iter().map(|id| id.0).collect();
    let rows: Vec<(Option<i64>, Value)> = journal::table
        .filter(journal::ticket_id.eq_any(ids).and(journal::event.eq(Happening::KnownAnswer.as_str())))
        .order(journal::id.desc())
        .select((journal::ticket_id, journal::detail))
        .load(conn)
        .await?;
    let mut sent = Vec::new();
    for (ticket, detail) in rows {
        let (Some(ticket), Some(name)) = (ticket, detail["name"].as_str()) else { continue };
        let row = (TicketId(ticket), name.to_owned());
        if !sent.contains(&row) {
            sent.push(row);
        }
    }
    Ok(sent)
}
