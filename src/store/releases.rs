//! What went into production, and which tickets it named.

use diesel::{prelude::*, upsert::excluded};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    Conn, Moment, Stored, moment,
    schema::{journal, release_tickets, releases, tickets},
};
use crate::{
    domain::TicketId,
    ticket::{Status, release::Outcome},
};

/// A release.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = releases, check_for_backend(diesel::pg::Pg))]
pub struct Release {
    /// Its row.
    pub id: i64,
    /// What people call it.
    pub name: String,
    /// Who said first that it is in production.
    pub made_by: String,
    /// When.
    pub made_at: Moment,
}

/// A ticket that a release names.
#[derive(Clone, Debug, Queryable)]
pub struct Named {
    /// The ticket.
    #[diesel(deserialize_as = i64)]
    pub ticket: TicketId,
    /// What became of it.
    pub outcome: Stored<Outcome>,
    /// When.
    pub at: Moment,
    /// Its subject.
    pub subject: String,
    /// Where it stands now.
    pub status: Stored<Status>,
}

/// The release of this name, made where there is none; others who name it wait until this transaction ends.
pub async fn ensure(conn: &mut Conn, name: &str, by: &str, now: Timestamp) -> QueryResult<Release> {
    diesel::insert_into(releases::table)
        .values((releases::name.eq(name), releases::made_by.eq(by), releases::made_at.eq(moment(now))))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    releases::table
        .filter(releases::name.eq(name))
        .for_update()
        .select(Release::as_select())
        .first(conn)
        .await
}

/// The release of this name.
pub async fn find(conn: &mut Conn, name: &str) -> QueryResult<Option<Release>> {
    releases::table.filter(releases::name.eq(name)).select(Release::as_select()).first(conn).await.optional()
}

/// The newest releases, with how many tickets each names.
pub async fn list(conn: &mut Conn, limit: i64) -> QueryResult<Vec<(Release, i64)>> {
    let found: Vec<Release> = releases::table
        .order(releases::id.desc())
        .limit(limit)
        .select(Release::as_select())
        .load(conn)
        .await?;
    let counts: Vec<(i64, i64)> = release_tickets::table
        .filter(release_tickets::release_id.eq_any(found.iter().map(|release| release.id)))
        .group_by(release_tickets::release_id)
        .select((release_tickets::release_id, diesel::dsl::count_star()))
        .load(conn)
        .await?;
    let count = |id: i64| counts.iter().find(|(release, _)| *release == id).map_or(0, |(_, count)| *count);
    Ok(found
        .into_iter()
        .map(|release| {
            let count = count(release.id);
            (release, count)
        })
        .collect())
}

/// The tickets that a release names.
pub async fn tickets_of(conn: &mut Conn, release: i64) -> QueryResult<Vec<Named>> {
    release_tickets::table
        .inner_join(tickets::table)
        .filter(release_tickets::release_id.eq(release))
        .order(release_tickets::ticket_id)
        .select((
            release_tickets::ticket_id,
            release_tickets::outcome,
            release_tickets::at,
            tickets::subject,
            tickets::status,
        ))
        .load(conn)
        .await
}

/// Keeps what became of a ticket that a release names.
pub async fn note(
    conn: &mut Conn,
    release: i64,
    ticket: TicketId,
    outcome: Outcome,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(release_tickets::table)
        .values((
            release_tickets::release_id.eq(release),
            release_tickets::ticket_id.eq(ticket.0),
            release_tickets::outcome.eq(Stored(outcome)),
            release_tickets::at.eq(moment(now)),
        ))
        .on_conflict((release_tickets::release_id, release_tickets::ticket_id))
        .do_update()
        .set((
            release_tickets::outcome.eq(excluded(release_tickets::outcome)),
            release_tickets::at.eq(excluded(release_tickets::at)),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// The release by which what was last resolved about a ticket is in production, if it is.
pub async fn live_in(conn: &mut Conn, ticket: TicketId) -> QueryResult<Option<String>> {
    let resolved: Option<Moment> = journal::table
        .filter(journal::ticket_id.eq(ticket.0).and(journal::event.eq("status")))
        .filter(journal::detail.retrieve_as_text("to").eq("resolved"))
        .select(diesel::dsl::max(journal::at))
        .first(conn)
        .await?;
    let live = release_tickets::table
        .inner_join(releases::table)
        .filter(release_tickets::ticket_id.eq(ticket.0))
        .filter(release_tickets::outcome.eq(Stored(Outcome::Live)))
        .order(release_tickets::at.desc())
        .select((release_tickets::at, releases::name))
        .first::<(Moment, String)>(conn)
        .await
        .optional()?;
    let since = |at: Moment| resolved.is_none_or(|resolved| at.to_jiff() >= resolved.to_jiff());
    Ok(live.filter(|(at, _)| since(*at)).map(|(_, name)| name))
}
