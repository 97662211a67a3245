//! Similar tickets that made staff think of one cause.

use diesel::{
    dsl::{exists, not},
    prelude::*,
    sql_query,
    sql_types::BigInt,
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    Conn, Moment, Stored, moment,
    schema::{cluster_mails, cluster_tickets, clusters, tickets},
};
use crate::domain::{OutboxId, TicketId, words::word};

/// One at a time looks for clusters: "dgclus" in ASCII, as a lock of the transaction.
const LOCK: i64 = 0x6467_636c_7573;

/// What became of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Staff were asked.
    Proposed,
    /// One ticket was opened for its cause.
    Accepted,
    /// It has no one cause.
    Dismissed,
}

word!(State, "state of a cluster", {
    Proposed => "proposed",
    Accepted => "accepted",
    Dismissed => "dismissed",
});

/// A cluster as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = clusters, check_for_backend(diesel::pg::Pg))]
pub struct Cluster {
    /// Its number.
    pub id: i64,
    /// What became of it.
    pub state: Stored<State>,
    ticket_id: Option<i64>,
    /// How many tickets there were when staff were last asked.
    pub told: i32,
    /// When they were.
    pub proposed_at: Moment,
    /// Who accepted or dismissed it.
    pub decided_by: Option<String>,
}

impl Cluster {
    /// The ticket that was opened for the cause.
    pub fn ticket(&self) -> Option<TicketId> {
        self.ticket_id.map(TicketId)
    }
}

/// Keeps everybody else from looking for clusters until this transaction ends.
pub async fn hold(conn: &mut Conn) -> QueryResult<()> {
    sql_query("SELECT pg_advisory_xact_lock($1)").bind::<BigInt, _>(LOCK).execute(conn).await.map(drop)
}

/// One cluster, locked until the transaction ends.
pub async fn lock(conn: &mut Conn, id: i64) -> QueryResult<Option<Cluster>> {
    clusters::table.find(id).for_update().select(Cluster::as_select()).first(conn).await.optional()
}

/// The newest clusters.
pub async fn list(conn: &mut Conn, limit: i64) -> QueryResult<Vec<Cluster>> {
    clusters::table.order(clusters::id.desc()).limit(limit).select(Cluster::as_select()).load(conn).await
}

/// The newest cluster that has one of these tickets.
pub async fn having(conn: &mut Conn, ids: &[TicketId]) -> QueryResult<Option<Cluster>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    cluster_tickets::table
        .inner_join(clusters::table)
        .filter(cluster_tickets::ticket_id.eq_any(ids))
        .order(clusters::id.desc())
        .select(Cluster::as_select())
        .first(conn)
        .await
        .optional()
}

/// Those of these tickets that are in no cluster, in their order.
pub async fn in_none(conn: &mut Conn, ids: &[TicketId]) -> QueryResult<Vec<TicketId>> {
    let taken: Vec<i64> = cluster_tickets::table
        .filter(cluster_tickets::ticket_id.eq_any(ids.iter().map(|id| id.0)))
        .select(cluster_tickets::ticket_id)
        .load(conn)
        .await?;
    Ok(ids.iter().copied().filter(|id| !taken.contains(&id.0)).collect())
}

/// Makes a cluster that staff are being asked about.
pub async fn propose(conn: &mut Conn, now: Timestamp) -> QueryResult<Cluster> {
    diesel::insert_into(clusters::table)
        .values((
            clusters::state.eq(Stored(State::Proposed)),
            clusters::told.eq(0),
            clusters::proposed_at.eq(moment(now)),
        ))
        .returning(Cluster::as_returning())
        .get_result(conn)
        .await
}

/// Staff are asked, with so many tickets in it.
pub async fn asked(conn: &mut Conn, id: i64, told: usize, now: Timestamp) -> QueryResult<()> {
    diesel::update(clusters::table.find(id))
        .set((
            clusters::state.eq(Stored(State::Proposed)),
            clusters::told.eq(i32::try_from(told).unwrap_or(i32::MAX)),
            clusters::proposed_at.eq(moment(now)),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// Somebody accepts or dismisses it.
pub async fn decide(
    conn: &mut Conn,
    id: i64,
    state: State,
    ticket: Option<TicketId>,
    by: &str,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::update(clusters::table.find(id))
        .set((
            clusters::state.eq(Stored(state)),
            clusters::ticket_id.eq(ticket.map(|id| id.0)),
            clusters::decided_by.eq(by),
            clusters::decided_at.eq(moment(now)),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// Adds tickets that are in no cluster yet; those that were added.
pub async fn add(
    conn: &mut Conn,
    id: i64,
    tickets: &[TicketId],
    now: Timestamp,
) -> QueryResult<Vec<TicketId>> {
    let rows: Vec<_> = tickets
        .iter()
        .map(|ticket| {
            (
                cluster_tickets::ticket_id.eq(ticket.0),
                cluster_tickets::cluster_id.eq(id),
                cluster_tickets::added_at.eq(moment(now)),
            )
        })
        .collect();
    let added: Vec<i64> = diesel::insert_into(cluster_tickets::table)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(cluster_tickets::ticket_id)
        .get_results(conn)
        .await?;
    Ok(added.into_iter().map(TicketId).collect())
}

/// The tickets of a cluster, by their numbers; without those that turned out to be spam or part of another.
pub async fn members(conn: &mut Conn, id: i64) -> QueryResult<Vec<TicketId>> {
    let aside = tickets::table
        .filter(tickets::id.eq(cluster_tickets::ticket_id))
        .filter(tickets::spam.or(tickets::merged_into.is_not_null()));
    let ids: Vec<i64> = cluster_tickets::table
        .filter(cluster_tickets::cluster_id.eq(id))
        .filter(not(exists(aside)))
        .order(cluster_tickets::ticket_id)
        .select(cluster_tickets::ticket_id)
        .load(conn)
        .await?;
    Ok(ids.into_iter().map(TicketId).collect())
}

/// An answer to this mail is about this cluster.
pub async fn note_mail(conn: &mut Conn, mail: OutboxId, id: i64) -> QueryResult<()> {
    diesel::insert_into(cluster_mails::table)
        .values((cluster_mails::outbox_id.eq(mail.0), cluster_mails::cluster_id.eq(id)))
        .on_conflict_do_nothing()
        .execute(conn)
        .await
        .map(drop)
}

/// The cluster that a mail asked about.
pub async fn of_mail(conn: &mut Conn, mail: OutboxId) -> QueryResult<Option<i64>> {
    cluster_mails::table.find(mail.0).select(cluster_mails::cluster_id).first(conn).await.optional()
}
