//! Who wants to hear of what, and how often.

use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    Conn, Moment, Stored, moment,
    people::Person,
    schema::{people, subscriptions},
};
use crate::{
    domain::{PersonId, TicketId, Word},
    ticket::{Cadence, Timer, Topic},
};

/// The name under which the configuration acts.
pub const CONFIGURATION: &str = "configuration";

/// A subscription as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = subscriptions, check_for_backend(diesel::pg::Pg))]
pub struct Subscription {
    /// Its row.
    pub id: i64,
    /// Whose.
    #[diesel(deserialize_as = i64)]
    pub person_id: PersonId,
    what: String,
    value: String,
    /// How often.
    pub cadence: Stored<Cadence>,
    /// Who began it: an address, or [`CONFIGURATION`].
    pub begun_by: String,
    /// When.
    pub begun_at: Moment,
    /// Who ended it.
    pub ended_by: Option<String>,
    /// When.
    pub ended_at: Option<Moment>,
}

impl Subscription {
    /// Which tickets; `None` for what only a newer version knows.
    pub fn topic(&self) -> Option<Topic> {
        Topic::stored(&self.what, &self.value)
    }
}

/// All there are and were, with whose they are, in the order of addresses.
pub async fn all(conn: &mut Conn) -> QueryResult<Vec<(Subscription, Person)>> {
    subscriptions::table
        .inner_join(people::table)
        .order((people::address, subscriptions::id))
        .select((Subscription::as_select(), Person::as_select()))
        .load(conn)
        .await
}

/// All that one person has and had.
pub async fn of_person(conn: &mut Conn, person: PersonId) -> QueryResult<Vec<Subscription>> {
    subscriptions::table
        .filter(subscriptions::person_id.eq(person.0))
        .order(subscriptions::id)
        .select(Subscription::as_select())
        .load(conn)
        .await
}

/// Those of one cadence that go on, with whose they are.
pub async fn active(conn: &mut Conn, cadence: Cadence) -> QueryResult<Vec<(Subscription, Person)>> {
    subscriptions::table
        .inner_join(people::table)
        .filter(subscriptions::cadence.eq(Stored(cadence)).and(subscriptions::ended_at.is_null()))
        .order((people::address, subscriptions::id))
        .select((Subscription::as_select(), Person::as_select()))
        .load(conn)
        .await
}

/// Those of one person and cadence that go on.
pub async fn of(conn: &mut Conn, person: PersonId, cadence: Cadence) -> QueryResult<Vec<Subscription>> {
    subscriptions::table
        .filter(subscriptions::person_id.eq(person.0).and(subscriptions::ended_at.is_null()))
        .filter(subscriptions::cadence.eq(Stored(cadence)))
        .order(subscriptions::id)
        .select(Subscription::as_select())
        .load(conn)
        .await
}

/// What somebody follows in digests of a cadence; where that is nothing any more, what they followed until they ended it
/// themselves.
pub async fn theirs(
    conn: &mut Conn,
    person: PersonId,
    cadence: Cadence,
    address: &str,
) -> QueryResult<Vec<Topic>> {
    let mut rows = of(conn, person, cadence).await?;
    if rows.is_empty() {
        rows = subscriptions::table
            .filter(subscriptions::person_id.eq(person.0).and(subscriptions::ended_by.eq(address)))
            .filter(subscriptions::cadence.eq(Stored(cadence)))
            .order(subscriptions::id)
            .select(Subscription::as_select())
            .load(conn)
            .await?;
    }
    Ok(rows.iter().filter_map(Subscription::topic).collect())
}

/// Whether somebody follows anything, or followed this topic until they ended it themselves.
pub async fn is_reader(conn: &mut Conn, person: PersonId, address: &str, topic: &Topic) -> QueryResult<bool> {
    let going_on = subscriptions::table
        .filter(subscriptions::person_id.eq(person.0).and(subscriptions::ended_at.is_null()));
    let ended = same(person, topic).filter(subscriptions::ended_by.eq(address.to_owned()));
    let follows: bool = diesel::select(diesel::dsl::exists(going_on)).get_result(conn).await?;
    let ids: Vec<i64> = ended.select(subscriptions::id).load(conn).await?;
    Ok(follows || !ids.is_empty())
}

/// Who wants to hear nothing of a ticket, whatever else they want to hear of.
pub async fn muted(conn: &mut Conn, ticket: TicketId) -> QueryResult<Vec<i64>> {
    let about_it = subscriptions::what.eq("ticket").and(subscriptions::value.eq(ticket.to_string()));
    let going_on = diesel::alias!(subscriptions as going_on);
    let another = going_on
        .filter(going_on.field(subscriptions::person_id).eq(subscriptions::person_id))
        .filter(going_on.field(subscriptions::what).eq("ticket"))
        .filter(going_on.field(subscriptions::value).eq(ticket.to_string()))
        .filter(going_on.field(subscriptions::ended_at).is_null());
    subscriptions::table
        .filter(about_it.and(subscriptions::ended_at.is_not_null()))
        .filter(diesel::dsl::not(diesel::dsl::exists(another)))
        .select(subscriptions::person_id)
        .distinct()
        .load(conn)
        .await
}

/// Begins one, again if it had ended; `false` when it goes on already. The configuration begins none again that
/// somebody else ended.
pub async fn begin(
    conn: &mut Conn,
    person: PersonId,
    topic: &Topic,
    cadence: Cadence,
    by: &str,
    now: Timestamp,
) -> QueryResult<bool> {
    let row = (
        subscriptions::person_id.eq(person.0),
        subscriptions::what.eq(topic.what()),
        subscriptions::value.eq(topic.value()),
        subscriptions::cadence.eq(Stored(cadence)),
        subscriptions::begun_by.eq(by),
        subscriptions::begun_at.eq(moment(now)),
    );
    let made =
        diesel::insert_into(subscriptions::table).values(row).on_conflict_do_nothing().execute(conn).await?;
    if made == 1 {
        return Ok(true);
    }
    let ended = same(person, topic).filter(subscriptions::cadence.eq(Stored(cadence)));
    let ended = ended.filter(subscriptions::ended_at.is_not_null());
    let ended = match by == CONFIGURATION {
        true => ended.filter(subscriptions::ended_by.eq(CONFIGURATION)),
        false => ended,
    };
    let ids: Vec<i64> = ended.select(subscriptions::id).load(conn).await?;
    let again = diesel::update(subscriptions::table.filter(subscriptions::id.eq_any(ids)))
        .set((
            subscriptions::begun_by.eq(by),
            subscriptions::begun_at.eq(moment(now)),
            subscriptions::ended_by.eq(None::<String>),
            subscriptions::ended_at.eq(None::<Moment>),
        ))
        .execute(conn)
        .await?;
    Ok(again == 1)
}

/// Ends what somebody wants to hear about a topic, at one cadence or at all. How many ended.
pub async fn end(
    conn: &mut Conn,
    person: PersonId,
    topic: &Topic,
    cadence: Option<Cadence>,
    by: &str,
    now: Timestamp,
) -> QueryResult<usize> {
    let mut going_on = same(person, topic).filter(subscriptions::ended_at.is_null());
    if let Some(cadence) = cadence {
        going_on = going_on.filter(subscriptions::cadence.eq(Stored(cadence)));
    }
    let ids: Vec<i64> = going_on.select(subscriptions::id).load(conn).await?;
    end_rows(conn, &ids, by, now).await
}

/// Ends everything that somebody gets at a cadence. How many ended.
pub async fn end_all(
    conn: &mut Conn,
    person: PersonId,
    cadence: Cadence,
    by: &str,
    now: Timestamp,
) -> QueryResult<usize> {
    let ids: Vec<i64> = of(conn, person, cadence).await?.iter().map(|each| each.id).collect();
    end_rows(conn, &ids, by, now).await
}

/// Remembers that somebody wants to hear nothing of a ticket: it is begun and ended at once.
pub async fn mute(
    conn: &mut Conn,
    person: PersonId,
    ticket: TicketId,
    by: &str,
    now: Timestamp,
) -> QueryResult<()> {
    let topic = Topic::Ticket(ticket);
    begin(conn, person, &topic, Cadence::Immediate, by, now).await?;
    end(conn, person, &topic, None, by, now).await.map(drop)
}

/// Ends these rows.
pub async fn end_rows(conn: &mut Conn, ids: &[i64], by: &str, now: Timestamp) -> QueryResult<usize> {
    diesel::update(
        subscriptions::table.filter(subscriptions::id.eq_any(ids).and(subscriptions::ended_at.is_null())),
    )
    .set((subscriptions::ended_by.eq(by), subscriptions::ended_at.eq(moment(now))))
    .execute(conn)
    .await
}

fn same(
    person: PersonId,
    topic: &Topic,
) -> subscriptions::BoxedQuery<'static, diesel::pg::Pg, subscriptions::SqlType> {
    subscriptions::table
        .filter(subscriptions::person_id.eq(person.0))
        .filter(subscriptions::what.eq(topic.what()).and(subscriptions::value.eq(topic.value())))
        .into_boxed()
}

/// Sees to it that stakeholders are told what changed about these tickets, where anybody wants to hear of changes at
/// all. A timer that is there is moved, so that whoever fires it waits for this commit.
pub async fn mark(conn: &mut Conn, tickets: &[TicketId], now: Timestamp) -> QueryResult<()> {
    let mut tickets: Vec<i64> = tickets.iter().map(|ticket| ticket.0).collect();
    tickets.sort_unstable();
    tickets.dedup();
    diesel::sql_query(
        "INSERT INTO timers (kind, ticket_id, subject, due_at)
         SELECT $1, ticket, '', $2 FROM unnest($3) AS ticket
         WHERE EXISTS (SELECT FROM subscriptions WHERE cadence = 'immediate' AND ended_at IS NULL)
         ON CONFLICT (kind, ticket_id, subject) DO UPDATE SET due_at = excluded.due_at, failures = 0, error = NULL",
    )
    .bind::<Text, _>(Timer::Tell.as_str())
    .bind::<Timestamptz, _>(moment(now))
    .bind::<Array<BigInt>, _>(tickets)
    .execute(conn)
    .await
    .map(drop)
}
