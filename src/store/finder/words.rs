//! The search: words in subjects first, then in messages, the newest first.
//!
//! Common words are found by a walk along the newest, rare ones by an index of words. The statistics of the database know only the commonest words and
//! take each other for a common one too; so the caller walks a [`Stretch`] of the newest first, and asks the index when that has too few.

use std::ops::RangeInclusive;

use diesel::{
    QueryResult,
    dsl::{max, sql},
    expression::SqlLiteral,
    prelude::*,
    sql_query,
    sql_types::{Array, BigInt, Bool, Integer, Nullable, Text},
};
use diesel_async::RunQueryDsl;

use super::{Condition, expression};
use crate::store::{
    Conn,
    kept::kept,
    schema::{message_words, tickets},
};

/// How a word or several are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// In any form.
    Word,
    /// The same, and words that begin so.
    Begun,
    /// As it stands, one behind the other.
    Phrase,
}

impl Manner {
    fn as_str(self) -> &'static str {
        match self {
            Manner::Word => "word",
            Manner::Begun => "begun",
            Manner::Phrase => "phrase",
        }
    }
}

/// What the database made of a word.
#[derive(Clone, Debug, QueryableByName)]
pub struct Term {
    /// A `tsquery` as text; empty where nothing can be looked for.
    #[diesel(sql_type = Text)]
    pub query: String,
    /// The people whose name or address has it in it; of more than [`MOST_PEOPLE`] only some.
    #[diesel(sql_type = Array<BigInt>)]
    pub people: Vec<i64>,
    /// Whether parts of words can be found: pg_trgm is there.
    #[diesel(sql_type = Bool)]
    pub parts: bool,
}

/// A word that more people have in their name or address tells nobody.
pub const MOST_PEOPLE: usize = 200;

/// What finds each of these, in this order.
pub async fn terms(mut conn: &Conn, said: &[(String, Manner)]) -> QueryResult<Vec<Term>> {
    if said.is_empty() {
        return Ok(Vec::new());
    }
    let words: Vec<&str> = said.iter().map(|(word, _)| word.as_str()).collect();
    let parts: Vec<String> = words.iter().map(|word| super::containing(word)).collect();
    let manners: Vec<&str> = said.iter().map(|(_, manner)| manner.as_str()).collect();
    kept(
        sql_query(
            "SELECT search_term(word, manner)::text AS query, there.parts, \
           CASE WHEN there.parts AND length(word) > 2 \
             THEN ARRAY(SELECT id FROM people WHERE address ILIKE part OR name ILIKE part LIMIT 201) \
             ELSE ARRAY(SELECT id FROM people WHERE address = lower(word)) END AS people \
         FROM unnest($1, $2, $3) WITH ORDINALITY AS said (word, part, manner, place), \
           (SELECT to_regclass('tickets_subject_parts') IS NOT NULL AS parts) AS there \
         ORDER BY place",
        )
        .bind::<Array<Text>, _>(words)
        .bind::<Array<Text>, _>(parts)
        .bind::<Array<Text>, _>(manners),
    )
    .load(&mut conn)
    .await
}

/// Gives whatever follows in this transaction so much time for each statement, and no helpers: each takes longer to come than a search.
pub async fn hurry(mut conn: &Conn, limit: &str) -> QueryResult<()> {
    kept(
        sql_query(
            "SELECT set_config('statement_timeout', $1, true), set_config('max_parallel_workers_per_gather', '0', true)",
        )
        .bind::<Text, _>(limit),
    )
    .execute(&mut conn)
    .await
    .map(drop)
}

/// Which tickets or entries are looked at, by their numbers.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// Those from this one on, each by itself; without it all, by the indexes of words.
    pub from: Option<i64>,
    /// Those below this one.
    pub below: i64,
    /// So many, the newest.
    pub most: i64,
}

impl Stretch {
    /// Nothing added to a number keeps the database from walking along it: it is to use the indexes of words then.
    fn order(self, walking: &'static str, looking: &'static str) -> SqlLiteral<Bool> {
        sql::<Bool>(if self.from.is_some() { walking } else { looking })
    }
}

/// The highest numbers of a ticket and of an entry.
pub async fn newest(mut conn: &Conn) -> QueryResult<(i64, i64)> {
    let highest = tickets::table.select((
        max(tickets::id),
        message_words::table.select(max(message_words::message_id)).single_value(),
    ));
    let (ticket, entry): (Option<i64>, Option<i64>) = highest.first(&mut conn).await?;
    Ok((ticket.unwrap_or_default(), entry.unwrap_or_default()))
}

/// The newest tickets of a stretch that meet the conditions, as `(ticket, ticket)`; of these alone, where there are any
/// named.
pub async fn subjects(
    mut conn: &Conn,
    conditions: &[Condition],
    among: Option<&[i64]>,
    stretch: Stretch,
) -> QueryResult<Vec<(i64, i64)>> {
    let mut query = tickets::table.filter(tickets::id.lt(stretch.below)).into_boxed();
    if let Some(from) = stretch.from {
        query = query.filter(tickets::id.ge(from));
    }
    if let Some(among) = among {
        query = query.filter(tickets::id.eq_any(among));
    }
    for condition in conditions {
        query = query.filter(expression(condition));
    }
    query
        .order(stretch.order("tickets.id DESC", "tickets.id + 0 DESC"))
        .limit(stretch.most)
        .select((tickets::id, tickets::id))
        .load(&mut conn)
        .await
}

/// The newest entries of a stretch that this `tsquery` finds, as `(ticket, entry)`; of these tickets alone, where there are any named,
/// of none above a number, and of none that was seen before.
/// What must hold of the tickets is asked of those that were found ([`those`]): one statement for both reads all tickets.
pub async fn entries(
    mut conn: &Conn,
    query: &str,
    (among, newest, seen): (Option<&[i64]>, i64, &[i64]),
    stretch: Stretch,
) -> QueryResult<Vec<(i64, i64)>> {
    let found = sql::<Bool>("message_words.words @@ ").bind::<Text, _>(query).sql("::tsquery");
    let mut entries =
        message_words::table.filter(found).filter(message_words::message_id.lt(stretch.below)).into_boxed();
    if let Some(from) = stretch.from {
        entries = entries.filter(message_words::message_id.ge(from));
    }
    if let Some(among) = among {
        entries = entries.filter(message_words::ticket_id.eq_any(among));
    }
    if newest < i64::MAX && among.is_none() {
        entries = entries.filter(message_words::ticket_id.le(newest));
    }
    if !seen.is_empty() {
        entries = entries.filter(message_words::ticket_id.ne_all(seen));
    }
    entries
        .order(match among {
            None => stretch.order("message_words.message_id DESC", "message_words.message_id + 0 DESC"),
            Some(_) => sql::<Bool>("message_words.message_id + 0 DESC"),
        })
        .limit(stretch.most)
        .select((message_words::ticket_id, message_words::message_id))
        .load(&mut conn)
        .await
}

/// Those of these tickets that meet the conditions.
pub async fn those(mut conn: &Conn, conditions: &[Condition], ids: &[i64]) -> QueryResult<Vec<i64>> {
    let mut query = tickets::table.filter(tickets::id.eq_any(ids)).into_boxed();
    for condition in conditions {
        query = query.filter(expression(condition));
    }
    query.select(tickets::id).load(&mut conn).await
}

/// The newest tickets that meet the conditions: all, where there are fewer than `most`.
pub async fn some(mut conn: &Conn, conditions: &[Condition], most: i64) -> QueryResult<Vec<i64>> {
    let mut query = tickets::table.into_boxed();
    for condition in conditions {
        query = query.filter(expression(condition));
    }
    query.select(tickets::id).order(tickets::id.desc()).limit(most).load(&mut conn).await
}

/// Those of these tickets of which this `tsquery` finds an entry with one of these numbers.
pub async fn found_within(
    mut conn: &Conn,
    query: &str,
    among: &[i64],
    numbers: RangeInclusive<i64>,
) -> QueryResult<Vec<i64>> {
    let found = sql::<Bool>("words @@ ").bind::<Text, _>(query).sql("::tsquery");
    let (first, last) = numbers.into_inner();
    message_words::table
        .filter(message_words::ticket_id.eq_any(among).and(message_words::message_id.between(first, last)))
        .filter(found)
        .select(message_words::ticket_id)
        .distinct()
        .load(&mut conn)
        .await
}

/// So many characters of a text are looked through for what was found.
pub const PASSAGE_CHARS: i32 = 20_000;

/// The text that shows why a ticket was found.
#[derive(Clone, Debug, QueryableByName)]
pub struct Passage {
    /// Of which ticket.
    #[diesel(sql_type = BigInt)]
    pub ticket: i64,
    /// The entry.
    #[diesel(sql_type = BigInt)]
    pub message: i64,
    /// What it says, cut to [`PASSAGE_CHARS`].
    #[diesel(sql_type = Text)]
    pub said: String,
    /// Who wrote it, as the mail gave it.
    #[diesel(sql_type = Text)]
    pub author: String,
}

/// The entry that shows why each ticket was found: the one that is named, else the newest that this `tsquery` finds, else the first.
pub async fn texts(mut conn: &Conn, query: &str, of: &[(i64, Option<i64>)]) -> QueryResult<Vec<Passage>> {
    kept(sql_query(
        "SELECT wanted.ticket, messages.id AS message, left(messages.text, $4) AS said, messages.author \
         FROM unnest($1, $2) AS wanted (ticket, message) \
         JOIN messages ON messages.id = coalesce(wanted.message, \
           (SELECT message_id FROM message_words AS entry WHERE entry.ticket_id = wanted.ticket AND words @@ $3::tsquery \
            ORDER BY message_id DESC LIMIT 1), \
           (SELECT id FROM messages AS first WHERE first.ticket_id = wanted.ticket ORDER BY id LIMIT 1))",
    )
    .bind::<Array<BigInt>, _>(of.iter().map(|(ticket, _)| *ticket).collect::<Vec<_>>())
    .bind::<Array<Nullable<BigInt>>, _>(of.iter().map(|(_, message)| *message).collect::<Vec<_>>())
    .bind::<Text, _>(query)
    .bind::<Integer, _>(PASSAGE_CHARS))
    .load(&mut conn)
    .await
}
