//! Who signed in, changed what they sign in with, or did something to the desk itself.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{Conn, Moment, moment, schema::audit};

/// A row of it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = audit, check_for_backend(diesel::pg::Pg))]
pub struct AuditLine {
    /// Its number; a later one is higher.
    pub id: i64,
    /// When.
    pub at: Moment,
    /// Who; the address that was given, where it proved nothing, or a word for the command line.
    pub actor: String,
    /// What, as a word.
    pub deed: String,
    /// To whom or what; may be empty.
    pub about: String,
    /// From where; empty for the command line.
    pub network: String,
}

/// A row to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewLine<'a> {
    /// Who.
    pub actor: &'a str,
    /// What, as a word.
    pub deed: &'a str,
    /// To whom or what; may be empty.
    pub about: &'a str,
    /// From where; empty for the command line.
    pub network: &'a str,
}

/// Which rows are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter<'a> {
    /// Done by this address, or to it.
    pub person: Option<&'a str>,
    /// What was done.
    pub deed: Option<&'a str>,
    /// Before this row.
    pub before: Option<i64>,
}

/// Keeps a row.
pub async fn add(conn: &mut Conn, line: &NewLine<'_>, now: Timestamp) -> QueryResult<()> {
    diesel::insert_into(audit::table)
        .values((
            audit::at.eq(moment(now)),
            audit::actor.eq(line.actor),
            audit::deed.eq(line.deed),
            audit::about.eq(line.about),
            audit::network.eq(line.network),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// The newest rows first, at most so many.
pub async fn list(conn: &mut Conn, filter: Filter<'_>, most: i64) -> QueryResult<Vec<AuditLine>> {
    let mut rows =
        audit::table.order(audit::id.desc()).limit(most).select(AuditLine::as_select()).into_boxed();
    if let Some(person) = filter.person {
        rows = rows.filter(audit::actor.eq(person).or(audit::about.eq(person)));
    }
    if let Some(deed) = filter.deed {
        rows = rows.filter(audit::deed.eq(deed));
    }
    if let Some(before) = filter.before {
        rows = rows.filter(audit::id.lt(before));
    }
    rows.load(conn).await
}

/// Whether anybody did something from a network since a time.
pub async fn was_from(conn: &mut Conn, deed: &str, network: &str, since: Timestamp) -> QueryResult<bool> {
    let rows = audit::table
        .filter(audit::deed.eq(deed))
        .filter(audit::network.eq(network))
        .filter(audit::at.gt(moment(since)));
    diesel::select(diesel::dsl::exists(rows)).get_result(conn).await
}

/// Whether somebody did something from a network since a time.
pub async fn did_from(
    conn: &mut Conn,
    actor: &str,
    deed: &str,
    network: &str,
    since: Timestamp,
) -> QueryResult<bool> {
    let rows = audit::table
        .filter(audit::actor.eq(actor))
        .filter(audit::deed.eq(deed))
        .filter(audit::network.eq(network))
        .filter(audit::at.gt(moment(since)));
    diesel::select(diesel::dsl::exists(rows)).get_result(conn).await
}
