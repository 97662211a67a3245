//! Forms of the console that were carried out: one that is sent twice does its deed once, and the page that follows says
//! what was done.

use data_encoding::HEXLOWER;
use diesel::{prelude::*, sql_query, sql_types::Timestamptz};
use diesel_async::RunQueryDsl;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Conn, Moment, kept::kept, moment, schema::console_forms};
use crate::domain::TicketId;

/// Nobody sends a form again after so long.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The key of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormKey(String);

impl FormKey {
    /// Reads what a form sent: 16 to 64 letters, digits and `-`.
    pub fn read(text: &str) -> Option<FormKey> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let whole = (16..=64).contains(&text.len()) && text.bytes().all(fits);
        whole.then(|| FormKey(text.to_owned()))
    }

    /// The key of what a form asks for: the same only where its page, its sender, its ticket, and all that was filled in,
    /// are the same.
    pub fn of(sent: Sent<'_>, filled_in: &[&[u8]]) -> FormKey {
        let mut digest = Sha256::new();
        let ticket = sent.ticket.map_or_else(Vec::new, |id| id.0.to_be_bytes().to_vec());
        for part in [sent.page.as_bytes(), sent.address.as_bytes(), &ticket].iter().chain(filled_in) {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        FormKey(HEXLOWER.encode(&digest.finalize()[..20]))
    }

    /// As it stands in a form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a form comes from, and what it is about.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    /// The word of its page; no other page has it.
    pub page: &'a str,
    /// Who sends it.
    pub address: &'a str,
    /// The ticket; none where it is about several, or about one that is not there yet.
    pub ticket: Option<TicketId>,
}

/// A form that was carried out.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = console_forms, check_for_backend(diesel::pg::Pg))]
pub struct Form {
    /// What was done.
    pub outcome: Value,
    /// When.
    pub at: Moment,
}

/// Takes a form that is to be carried out, in the transaction that does it. `false` when that was done before; whoever
/// sends it twice at once waits here for the first.
pub async fn take(
    conn: &mut Conn,
    key: &FormKey,
    address: &str,
    ticket: Option<TicketId>,
    now: Timestamp,
) -> QueryResult<bool> {
    sweep(conn, now).await?;
    let taken = diesel::insert_into(console_forms::table)
        .values((
            console_forms::key.eq(key.as_str()),
            console_forms::address.eq(address),
            console_forms::ticket_id.eq(ticket.map(|id| id.0)),
            console_forms::outcome.eq(Value::Object(serde_json::Map::new())),
            console_forms::at.eq(moment(now)),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(taken == 1)
}

/// Forgets some of the old ones; those that somebody else forgets at this moment are left to them, since whoever does
/// this holds a ticket.
async fn sweep(conn: &mut Conn, now: Timestamp) -> QueryResult<usize> {
    kept(
        sql_query(
            "DELETE FROM console_forms WHERE key IN (SELECT key FROM console_forms WHERE at < $1 \
             ORDER BY at LIMIT 100 FOR UPDATE SKIP LOCKED)",
        )
        .bind::<Timestamptz, _>(moment(now - KEPT)),
    )
    .execute(conn)
    .await
}

/// Keeps what came of it.
pub async fn done(conn: &mut Conn, key: &FormKey, outcome: &Value) -> QueryResult<()> {
    let row = console_forms::table.find(key.as_str());
    diesel::update(row).set(console_forms::outcome.eq(outcome)).execute(conn).await.map(drop)
}

/// The last form that this person sent about a ticket since then, with its key.
pub async fn last(
    mut conn: &Conn,
    address: &str,
    ticket: TicketId,
    since: Timestamp,
) -> QueryResult<Option<(String, Value)>> {
    console_forms::table
        .filter(console_forms::at.gt(moment(since)))
        .filter(console_forms::address.eq(address).and(console_forms::ticket_id.eq(ticket.0)))
        .order(console_forms::at.desc())
        .select((console_forms::key, console_forms::outcome))
        .first(&mut conn)
        .await
        .optional()
}

/// A form that this person sent about this ticket, or about none.
pub async fn find(
    conn: &mut Conn,
    key: &FormKey,
    address: &str,
    ticket: Option<TicketId>,
) -> QueryResult<Option<Form>> {
    console_forms::table
        .find(key.as_str())
        .filter(console_forms::address.eq(address))
        .filter(console_forms::ticket_id.is_not_distinct_from(ticket.map(|id| id.0)))
        .select(Form::as_select())
        .first(conn)
        .await
        .optional()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_changes_with_all_that_was_filled_in() {
        let sent = |page| Sent { page, address: "bob@example.org", ticket: Some(TicketId(1)) };
        let key = |page, parts: &[&[u8]]| FormKey::of(sent(page), parts);
        assert_eq!(key("p", &[b"a", b"b"]), key("p", &[b"a", b"b"]));
        for other in
            [key("q", &[b"a", b"b"]), key("p", &[b"ab"]), key("p", &[b"ab", b""]), key("p", &[b"b", b"a"])]
        {
            assert_ne!(key("p", &[b"a", b"b"]), other);
        }
        assert!(FormKey::read(key("", &[]).as_str()).is_some());
    }

    #[test]
    fn a_key_is_of_one_person_and_one_ticket() {
        let key = |address, ticket: Option<i64>| {
            FormKey::of(Sent { page: "p", address, ticket: ticket.map(TicketId) }, &[b"#take"])
        };
        let keys = [
            key("a@x.test", Some(1)),
            key("b@x.test", Some(1)),
            key("a@x.test", Some(2)),
            key("a@x.test", None),
        ];
        for (at, one) in keys.iter().enumerate() {
            assert!(keys[at + 1..].iter().all(|other| one != other), "{at}");
        }
    }

    #[test]
    fn a_key_is_a_plain_word_of_some_length() {
        for key in ["0123456789abcdef", "a-b-c-d-e-f-g-h-", &"x".repeat(64)] {
            assert_eq!(FormKey::read(key).unwrap().as_str(), key);
        }
        for other in ["", "short", "0123456789abcde/", "0123456789abcdéf", &"x".repeat(65)] {
            assert_eq!(FormKey::read(other), None, "{other}");
        }
    }
}
