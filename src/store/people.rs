//! Everybody who writes or reads.

use diesel::prelude::*;
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

/// Finds a person by address or makes them; a new name or language replaces the
/// old one.
pub async fn remember(
    conn: &mut Conn,
    who: &NamedAddress,
    language: Option<Language>,
    now: Timestamp,
) -> QueryResult<PersonId> {
    let name = (!who.name.is_empty()).then_some(who.name.as_str());
    let language = language.map(Word::as_str);
    let known: Option<(i64, String, Option<String>)> = people::table
        .filter(people::address.eq(who.address.as_str()))
        .select((people::id, people::name, people::language))
        .first(conn)
        .await
        .optional()?;
    if let Some((id, old_name, old_language)) = &known {
        let renamed = name.is_some_and(|name| name != old_name);
        let relearned = language.is_some() && language != old_language.as_deref();
        if renamed || relearned {
            diesel::update(people::table.find(id))
                .set((name.map(|name| people::name.eq(name)), language.map(|code| people::language.eq(code))))
                .execute(conn)
                .await?;
        }
        return Ok(PersonId(*id));
    }
    diesel::insert_into(people::table)
        .values((
            people::address.eq(who.address.as_str()),
            people::name.eq(&who.name),
            people::language.eq(language),
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
