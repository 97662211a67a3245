//! Which tickets share rare words, by PostgreSQL's full text and trigrams. How near they are is said by
//! [`crate::ticket::kin`].
//!
//! Each question is asked for all tickets at hand at once.

use std::collections::{HashMap, HashSet};

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Array, BigInt, Double, Nullable, Text},
};
use diesel_async::RunQueryDsl;

use super::{Conn, Stored, schema::tickets};
use crate::{
    domain::{Language, TicketId},
    ticket::kin::{
        Traits,
        score::{Commonness, Profile},
    },
};

/// So many of the tickets that share rare words are looked at closely.
const NEAREST: &str = "30";

/// The newest tickets tell how common a word is until the database has counted by itself.
const SAMPLE: i64 = 300;

/// From here on subjects are spelled alike, as pg_trgm counts; below it the index finds half of all tickets.
const SPELLED_ALIKE: &str = "0.5";

/// Spam is like nothing that anybody should look at, and what was merged is told of as the ticket it is part of.
const TOLD_OF: &str = "NOT EXISTS (SELECT FROM tickets AS aside WHERE aside.id = ticket_id \
     AND (aside.spam OR aside.merged_into IS NOT NULL))";

#[derive(QueryableByName)]
struct TextRow {
    #[diesel(sql_type = BigInt)]
    ticket: i64,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Array<Text>)]
    lexemes: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    in_subject: Vec<String>,
    #[diesel(sql_type = Nullable<Text>)]
    product: Option<String>,
}

impl TextRow {
    fn into_pair(self) -> (TicketId, Profile) {
        let profile = Profile {
            lexemes: self.lexemes,
            in_subject: self.in_subject.into_iter().collect::<HashSet<_>>(),
            subject: self.subject,
            product: self.product,
        };
        (TicketId(self.ticket), profile)
    }
}

/// Remembers what tickets say, and what the database made of it; in no order.
pub async fn remember(conn: &mut Conn, new: &[(TicketId, Traits)]) -> QueryResult<Vec<(TicketId, Profile)>> {
    let of =
        |part: fn(&Traits) -> &str| new.iter().map(|(_, traits)| part(traits).to_owned()).collect::<Vec<_>>();
    let rows: Vec<TextRow> = sql_query(
        "WITH made AS ( \
           INSERT INTO ticket_texts (ticket_id, subject, words) \
           SELECT ticket, subject, setweight(to_tsvector(config::regconfig, subject), 'A') \
             || setweight(to_tsvector(config::regconfig, words), 'B') || array_to_tsvector(string_to_array(marks, E'\\n')) \
           FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[]) AS new (ticket, config, subject, words, marks) \
           ON CONFLICT (ticket_id) DO UPDATE SET subject = excluded.subject, words = excluded.words \
           RETURNING ticket_id, subject, words) \
         SELECT ticket_id AS ticket, made.subject, tsvector_to_array(words) AS lexemes, \
           tsvector_to_array(ts_filter(words, '{a}')) AS in_subject, product \
         FROM made JOIN tickets ON tickets.id = ticket_id",
    )
    .bind::<Array<BigInt>, _>(new.iter().map(|(id, _)| id.0).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(of(|traits| traits.config))
    .bind::<Array<Text>, _>(of(|traits| &traits.subject))
    .bind::<Array<Text>, _>(of(|traits| &traits.words))
    .bind::<Array<Text>, _>(new.iter().map(|(_, traits)| traits.marks.join("\n")).collect::<Vec<_>>())
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(TextRow::into_pair).collect())
}

/// What is remembered of a ticket.
pub async fn of(conn: &mut Conn, ticket: TicketId) -> QueryResult<Option<Profile>> {
    let row: Option<TextRow> = sql_query(
        "SELECT ticket_id AS ticket, texts.subject, tsvector_to_array(words) AS lexemes, \
           tsvector_to_array(ts_filter(words, '{a}')) AS in_subject, product \
         FROM ticket_texts AS texts JOIN tickets ON tickets.id = ticket_id WHERE ticket_id = $1",
    )
    .bind::<BigInt, _>(ticket.0)
    .get_result(conn)
    .await
    .optional()?;
    Ok(row.map(|row| row.into_pair().1))
}

/// How common lexemes are: what PostgreSQL counted the last time it looked (ANALYZE), or, as long as there are few
/// tickets and it did not, what the newest have.
pub async fn commonness(conn: &mut Conn) -> QueryResult<Commonness> {
    #[derive(QueryableByName)]
    struct Share {
        #[diesel(sql_type = Text)]
        lexeme: String,
        #[diesel(sql_type = Double)]
        share: f64,
        #[diesel(sql_type = Double)]
        tickets: f64,
    }
    let counted: Vec<Share> = sql_query(
        "SELECT lexeme, share::float8 AS share, reltuples::float8 AS tickets \
         FROM pg_stats JOIN pg_class ON pg_class.oid = to_regclass('ticket_texts'), \
           unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common (lexeme, share) \
         WHERE schemaname = relnamespace::regnamespace::text AND tablename = 'ticket_texts' AND attname = 'words' AND lexeme IS NOT NULL",
    )
    .load(conn)
    .await?;
    let shares = match counted.is_empty() {
        false => counted,
        true => {
            sql_query(
                "WITH newest AS (SELECT words FROM ticket_texts ORDER BY ticket_id DESC LIMIT $1), \
                   amount AS (SELECT count(*)::float8 AS tickets FROM newest) \
                 SELECT lexeme, count(*) / tickets AS share, tickets FROM newest, amount, unnest(words) \
                 GROUP BY lexeme, tickets HAVING count(*) > 1",
            )
            .bind::<BigInt, _>(SAMPLE)
            .load(conn)
            .await?
        }
    };
    let tickets = shares.as_slice().first().map_or(1.0, |share| share.tickets.max(1.0));
    let shares = shares.into_iter().map(|row: Share| (row.lexeme, row.share));
    Ok(Commonness::new(shares.collect::<HashMap<_, _>>(), tickets))
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    asked: i64,
    #[diesel(embed)]
    text: TextRow,
}

/// Tickets that share one of these lexemes with each that is asked for.
pub async fn sharing(
    conn: &mut Conn,
    asked: &[(TicketId, Vec<&str>)],
) -> QueryResult<Vec<(TicketId, TicketId, Profile)>> {
    let queries: Vec<String> = asked.iter().map(|(_, lexemes)| any_of(lexemes)).collect();
    let found: Vec<Found> = sql_query(format!(
        "SELECT asked.ticket AS asked, near.ticket_id AS ticket, near.subject, tsvector_to_array(near.words) AS lexemes, \
           tsvector_to_array(ts_filter(near.words, '{{a}}')) AS in_subject, tickets.product \
         FROM unnest($1::bigint[], $2::text[]) AS asked (ticket, query) CROSS JOIN LATERAL ( \
           SELECT ticket_id, subject, words FROM ( \
             SELECT ticket_id, subject, words FROM ticket_texts \
             WHERE words @@ asked.query::tsquery AND ticket_id <> asked.ticket LIMIT 4000) AS shared \
           WHERE {TOLD_OF} \
           ORDER BY ts_rank('{{1, 0.4, 0.6, 1}}', words, asked.query::tsquery) DESC, ticket_id DESC LIMIT {NEAREST}) AS near \
         JOIN tickets ON tickets.id = near.ticket_id"
    ))
    .bind::<Array<BigInt>, _>(asked.iter().map(|(id, _)| id.0).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(queries)
    .load(conn)
    .await?;
    Ok(pairs(found))
}

/// Tickets whose subjects are spelled like those asked for. Nothing where pg_trgm is not there.
pub async fn spelled_alike(
    conn: &mut Conn,
    asked: &[(TicketId, &str)],
) -> QueryResult<Vec<(TicketId, TicketId, Profile)>> {
    if asked.is_empty() || !has_trigrams(conn).await? {
        return Ok(Vec::new());
    }
    sql_query("SELECT set_config('pg_trgm.similarity_threshold', $1, true)")
        .bind::<Text, _>(SPELLED_ALIKE)
        .execute(conn)
        .await?;
    let found: Vec<Found> = sql_query(format!(
        "SELECT asked.ticket AS asked, near.ticket_id AS ticket, near.subject, tsvector_to_array(near.words) AS lexemes, \
           tsvector_to_array(ts_filter(near.words, '{{a}}')) AS in_subject, tickets.product \
         FROM unnest($1::bigint[], $2::text[]) AS asked (ticket, subject) CROSS JOIN LATERAL ( \
           SELECT ticket_id, texts.subject, words FROM ticket_texts AS texts \
           WHERE texts.subject % asked.subject AND ticket_id <> asked.ticket AND {TOLD_OF} \
           ORDER BY similarity(texts.subject, asked.subject) DESC, ticket_id DESC LIMIT 10) AS near \
         JOIN tickets ON tickets.id = near.ticket_id"
    ))
    .bind::<Array<BigInt>, _>(asked.iter().map(|(id, _)| id.0).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(asked.iter().map(|(_, subject)| (*subject).to_owned()).collect::<Vec<_>>())
    .load(conn)
    .await?;
    Ok(pairs(found))
}

fn pairs(found: Vec<Found>) -> Vec<(TicketId, TicketId, Profile)> {
    let pair = |found: Found| {
        let (ticket, profile) = found.text.into_pair();
        (TicketId(found.asked), ticket, profile)
    };
    found.into_iter().map(pair).collect()
}

/// A `tsquery` for texts that have any of these lexemes. It is a value, and quoted as one.
fn any_of(lexemes: &[&str]) -> String {
    let quoted = |lexeme: &&str| format!("'{}'", lexeme.replace('\\', "\\\\").replace('\'', "''"));
    lexemes.iter().map(quoted).collect::<Vec<_>>().join(" | ")
}

/// Whether subjects that are spelled alike can be found.
pub async fn has_trigrams(conn: &mut Conn) -> QueryResult<bool> {
    #[derive(QueryableByName)]
    struct There {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        there: bool,
    }
    let there: There = sql_query("SELECT to_regclass('ticket_texts_by_subject') IS NOT NULL AS there")
        .get_result(conn)
        .await?;
    Ok(there.there)
}

/// Gives whatever follows in this transaction so much time for each statement; the limit that held before.
pub async fn limit_time(conn: &mut Conn, limit: &str) -> QueryResult<String> {
    #[derive(QueryableByName)]
    struct Before {
        #[diesel(sql_type = Text)]
        before: String,
    }
    let before: Before = sql_query(
        "SELECT before FROM (SELECT current_setting('statement_timeout') AS before OFFSET 0) AS now, \
           LATERAL (SELECT set_config('statement_timeout', $1 || left(before, 0), true)) AS changed",
    )
    .bind::<Text, _>(limit)
    .get_result(conn)
    .await?;
    Ok(before.before)
}

/// Tickets of which nothing is remembered: number, subject, language.
pub async fn unremembered(conn: &mut Conn, limit: i64) -> QueryResult<Vec<(TicketId, String, Language)>> {
    #[derive(QueryableByName)]
    struct Id {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    let ids: Vec<Id> = sql_query(
        "SELECT id FROM tickets WHERE NOT EXISTS (SELECT FROM ticket_texts WHERE ticket_id = id) ORDER BY id LIMIT $1",
    )
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await?;
    let rows: Vec<(i64, String, Stored<Language>)> = tickets::table
        .filter(tickets::id.eq_any(ids.iter().map(|row| row.id)))
        .select((tickets::id, tickets::subject, tickets::language))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(id, subject, language)| (TicketId(id), subject, language.0)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lexemes_are_values_of_a_query_and_no_part_of_it() {
        assert_eq!(any_of(&["export", "code:e1'2", r"a\b"]), r"'export' | 'code:e1''2' | 'a\\b'");
    }
}
