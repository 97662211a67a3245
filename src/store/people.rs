//! Everybody who writes or reads.

use diesel::{
    prelude::*,
    sql_types::{Array, Bool, Text},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{Conn, moment, schema::people};
use crate::domain::{EmailAddress, Language, NamedAddress, PersonId, Word};

/// A person as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = people, check_for_backend(diesel::pg::Pg))]
pub struct Person {
    /// Who.
    #[diesel(deserialize_as = i64)]
    pub id: PersonId,
    /// Canonical address.
    pub address: String,
    /// Display name, or empty.
    pub name: String,
}

impl Person {
    /// The person as a mail names them; `None` when the address no longer reads.
    pub fn named(&self) -> Option<NamedAddress> {
        let address: EmailAddress = self.address.parse().ok()?;
        Some(NamedAddress::new(&self.name, address))
    }
}

/// Finds a person by address, or makes them. Who is known keeps the name they have:
/// anybody can write a name beside somebody else's address.
pub async fn ensure(conn: &mut Conn, who: &NamedAddress, now: Timestamp) -> QueryResult<PersonId> {
    if let Some(known) = by_address(conn, &who.address).await? {
        return Ok(known.id);
    }
    diesel::insert_into(people::table)
        .values((
            people::address.eq(who.address.as_str()),
            people::name.eq(&who.name),
            people::created_at.eq(moment(now)),
        ))
        // Two mails of one new sender may be read at the same time.
        .on_conflict(people::address)
        .do_update()
        .set(people::address.eq(people::address))
        .returning(people::id)
        .get_result(conn)
        .await
        .map(PersonId)
}

/// The same for somebody who is proven, or whom the configuration names: a new
/// name or language replaces the old one.
pub async fn learn(
    conn: &mut Conn,
    who: &NamedAddress,
    language: Option<Language>,
    now: Timestamp,
) -> QueryResult<PersonId> {
    let id = ensure(conn, who, now).await?;
    let name = Some(who.name.as_str()).filter(|name| !name.is_empty());
    if name.is_some() || language.is_some() {
        let renamed = people::name.ne(name.unwrap_or_default()).and(name.is_some().into_sql::<Bool>());
        let code = language.map(Word::as_str);
        let relearned = people::language.is_distinct_from(code).and(code.is_some().into_sql::<Bool>());
        diesel::update(people::table.find(id.0).filter(renamed.or(relearned)))
            .set((name.map(|name| people::name.eq(name)), code.map(|code| people::language.eq(code))))
            .execute(conn)
            .await?;
    }
    Ok(id)
}

/// Holds these addresses until the transaction ends, known or not: mails of one
/// person are taken in one after another, so that what was counted stays true.
/// In one order everywhere, so that two transactions never wait for each other.
pub async fn hold(conn: &mut Conn, addresses: &[&EmailAddress]) -> QueryResult<()> {
    let addresses: Vec<&str> = addresses.iter().map(|address| address.as_str()).collect();
    diesel::sql_query(
        "SELECT pg_advisory_xact_lock(key) FROM (
             SELECT DISTINCT hashtextextended(address, 0) AS key FROM unnest($1) AS address ORDER BY key
         ) AS keys",
    )
    .bind::<Array<Text>, _>(addresses)
    .execute(conn)
    .await
    .map(drop)
}

/// One person.
pub async fn find(conn: &mut Conn, id: PersonId) -> QueryResult<Option<Person>> {
    people::table.find(id.0).select(Person::as_select()).first(conn).await.optional()
}

/// The person with this address.
pub async fn by_address(conn: &mut Conn, address: &EmailAddress) -> QueryResult<Option<Person>> {
    people::table
        .filter(people::address.eq(address.as_str()))
        .select(Person::as_select())
        .first(conn)
        .await
        .optional()
}
