//! People from outside, looked up by how their name or address begins, and what belongs to each.

use std::collections::HashMap;

use diesel::{
    prelude::*,
    sql_types::{BigInt, Nullable, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    Conn, Moment, Stored,
    participants::Part,
    schema::{participants, sessions, tickets},
    tickets::Ticket,
};
use crate::domain::{PersonId, TicketId};

/// The last sign there is: no text that begins with a prefix is behind the prefix and this.
const LAST: char = '\u{10ffff}';

/// Somebody who was found.
#[derive(Clone, Debug, QueryableByName)]
pub struct Found {
    /// Their row.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// Their address.
    #[diesel(sql_type = Text)]
    pub address: String,
    /// Their name, or empty.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The language they last wrote in, as far as they are proven.
    #[diesel(sql_type = Nullable<Text>)]
    pub language: Option<String>,
    /// How many tickets they take part in.
    #[diesel(sql_type = BigInt)]
    pub tickets: i64,
    /// When the newest of these was opened.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub last_at: Option<Moment>,
}

/// People whose address, domain or name begins so, letter case aside, in the order of their addresses behind one.
/// Empty words find everybody.
pub async fn search(conn: &mut Conn, words: &str, after: &str, limit: i64) -> QueryResult<Vec<Found>> {
    let start = words.trim().trim_start_matches('@').to_lowercase();
    let end = format!("{start}{LAST}");
    diesel::sql_query(
        "SELECT people.id, address, name, people.language, \
                (SELECT count(*) FROM participants WHERE person_id = people.id) AS tickets, \
                (SELECT created_at FROM tickets WHERE id = \
                    (SELECT max(ticket_id) FROM participants WHERE person_id = people.id)) AS last_at \
         FROM people \
         WHERE (address ~>=~ $1 AND address ~<~ $2 \
                OR split_part(address, '@', 2) ~>=~ $1 AND split_part(address, '@', 2) ~<~ $2 \
                OR lower(name) ~>=~ $1 AND lower(name) ~<~ $2) \
           AND address > $3 \
         ORDER BY address LIMIT $4",
    )
    .bind::<Text, _>(start)
    .bind::<Text, _>(end)
    .bind::<Text, _>(after)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await
}

/// When each member of staff was last at the console, by their addresses; who has no session any more is not in it.
pub async fn last_seen(conn: &mut Conn) -> QueryResult<HashMap<String, Timestamp>> {
    let seen: Vec<(String, Option<Moment>)> = sessions::table
        .group_by(sessions::address)
        .select((sessions::address, diesel::dsl::max(sessions::last_seen_at)))
        .load(conn)
        .await?;
    Ok(seen.into_iter().filter_map(|(address, at)| Some((address, at?.to_jiff()))).collect())
}

/// The tickets that somebody takes part in, and as what: the newest, behind one.
pub async fn tickets_of(
    conn: &mut Conn,
    person: PersonId,
    before: Option<TicketId>,
    limit: i64,
) -> QueryResult<Vec<(Ticket, Part)>> {
    let mut query = participants::table
        .inner_join(tickets::table)
        .filter(participants::person_id.eq(person.0))
        .order(participants::ticket_id.desc())
        .limit(limit)
        .select((Ticket::as_select(), participants::role))
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(participants::ticket_id.lt(before.0));
    }
    let rows: Vec<(Ticket, Stored<Part>)> = query.load(conn).await?;
    Ok(rows.into_iter().map(|(ticket, part)| (ticket, part.0)).collect())
}
