//! Everybody who writes or reads.

use diesel::{
    prelude::*,
    sql_types::{Array, Text},
    upsert::excluded,
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
    language: Option<String>,
}

impl Person {
    /// The language they last wrote in, as far as they are proven.
    pub fn language(&self) -> Option<Language> {
        Language::from_word(self.language.as_deref()?).ok()
    }

    /// The person as a mail names them; `None` when the address no longer reads.
    pub fn named(&self) -> Option<NamedAddress> {
        let address: EmailAddress = self.address.parse().ok()?;
        Some(NamedAddress::new(&self.name, address))
    }
}

/// Finds a person by address, or makes them. Who is known keeps the name they have:
/// anybody can write a name beside somebody else's address.
pub async fn ensure(conn: &mut Conn, who: &NamedAddress, now: Timestamp) -> QueryResult<Person> {
    match by_address(conn, &who.address).await? {
        Some(known) => Ok(known),
        None => make(conn, who, None, now).await,
    }
}

/// The same for somebody who is proven, or whom the configuration names: a new
/// name or language replaces the old one.
pub async fn learn(
    conn: &mut Conn,
    who: &NamedAddress,
    language: Option<Language>,
    now: Timestamp,
) -> QueryResult<Person> {
    match by_address(conn, &who.address).await? {
        Some(known) => update(conn, known, &who.name, language).await,
        None => make(conn, who, language, now).await,
    }
}

/// Makes a person whom a look has just not found.
pub async fn make(
    conn: &mut Conn,
    who: &NamedAddress,
    language: Option<Language>,
    now: Timestamp,
) -> QueryResult<Person> {
    let made = make_all(conn, &[(who.clone(), language)], now).await?;
    made.into_iter().next().ok_or(diesel::result::Error::NotFound)
}

/// The same for several, whose addresses differ; in their order.
pub async fn make_all(
    conn: &mut Conn,
    whom: &[(NamedAddress, Option<Language>)],
    now: Timestamp,
) -> QueryResult<Vec<Person>> {
    let row = |(who, language): &(NamedAddress, Option<Language>)| {
        (
            people::address.eq(who.address.as_str().to_owned()),
            people::name.eq(who.name.clone()),
            people::language.eq(language.map(Word::as_str)),
            people::created_at.eq(moment(now)),
        )
    };
    diesel::insert_into(people::table)
        .values(whom.iter().map(row).collect::<Vec<_>>())
        // Somebody else may have made them since.
        .on_conflict(people::address)
        .do_update()
        .set(people::address.eq(excluded(people::address)))
        .returning(Person::as_returning())
        .get_results(conn)
        .await
}

/// Gives a person the name and the language that they use now; an empty name says nothing.
pub async fn update(
    conn: &mut Conn,
    known: Person,
    name: &str,
    language: Option<Language>,
) -> QueryResult<Person> {
    let name = if name.is_empty() { &known.name } else { name };
    let language = language.map(Word::as_str).or(known.language.as_deref());
    if name == known.name && language == known.language.as_deref() {
        return Ok(known);
    }
    diesel::update(people::table.find(known.id.0))
        .set((people::name.eq(name), people::language.eq(language)))
        .returning(Person::as_returning())
        .get_result(conn)
        .await
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
pub async fn find(mut conn: &Conn, id: PersonId) -> QueryResult<Option<Person>> {
    people::table.find(id.0).select(Person::as_select()).first(&mut conn).await.optional()
}

/// Those of these addresses who are known.
pub async fn by_addresses(conn: &mut Conn, addresses: &[&EmailAddress]) -> QueryResult<Vec<Person>> {
    let addresses: Vec<&str> = addresses.iter().map(|address| address.as_str()).collect();
    people::table.filter(people::address.eq_any(addresses)).select(Person::as_select()).load(conn).await
}

/// The person with this address.
pub async fn by_address(mut conn: &Conn, address: &EmailAddress) -> QueryResult<Option<Person>> {
    people::table
        .filter(people::address.eq(address.as_str()))
        .select(Person::as_select())
        .first(&mut conn)
        .await
        .optional()
}
