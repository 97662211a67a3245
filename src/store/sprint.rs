//! What may come in the next sprint, and in which order.

use diesel::{
    prelude::*,
    sql_types::{BigInt, Integer, Nullable, Text, Timestamptz},
    upsert::excluded,
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    Conn, Moment, moment,
    schema::{sprint_mails, sprint_order, tickets},
};
use crate::domain::OutboxId;

/// A ticket of severity 3 that waits to be planned.
#[derive(Clone, Debug, QueryableByName)]
pub struct Waiting {
    /// Its number.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// Its subject.
    #[diesel(sql_type = Text)]
    pub subject: String,
    /// What it is about.
    #[diesel(sql_type = Nullable<Text>)]
    pub product: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    created_at: Moment,
    /// How many customers reported it: its requester, and those of its duplicates, of what was merged into it and of what
    /// it is the cause of.
    #[diesel(sql_type = BigInt)]
    pub customers: i64,
    /// How many tickets it is linked with.
    #[diesel(sql_type = BigInt)]
    pub links: i64,
    /// Its place in the order of the sprint, where it has one; 0 when it was dropped.
    #[diesel(sql_type = Nullable<Integer>)]
    pub position: Option<i32>,
}

impl Waiting {
    /// When it was opened.
    pub fn created_at(&self) -> Timestamp {
        self.created_at.to_jiff()
    }
}

/// Open tickets of severity 3 in the order of a sprint: as it was agreed, then those that most customers reported, then
/// those with most links, then the oldest. Dropped ones are left out.
pub async fn waiting(conn: &mut Conn, sprint: i32, limit: i64) -> QueryResult<Vec<Waiting>> {
    diesel::sql_query(
        "WITH waiting AS (
           SELECT tickets.id, tickets.subject, tickets.product, tickets.created_at, tickets.requester_id, sprint_order.position
             FROM tickets
             LEFT JOIN sprint_order ON sprint_order.ticket_id = tickets.id AND sprint_order.sprint = $1
            WHERE tickets.severity = 3 AND tickets.status IN ('new', 'accepted')
              AND NOT coalesce(sprint_order.dropped, false)),
         neighbours AS (
           SELECT ticket_id AS ticket, other_id AS other, kind FROM ticket_links WHERE ticket_id IN (SELECT id FROM waiting)
           UNION ALL
           SELECT other_id, ticket_id, NULL FROM ticket_links WHERE other_id IN (SELECT id FROM waiting)),
         reports AS (
           SELECT id AS ticket, id AS report FROM waiting
           UNION ALL SELECT duplicate_of, id FROM tickets WHERE duplicate_of IN (SELECT id FROM waiting)
           UNION ALL SELECT merged_into, id FROM tickets WHERE merged_into IN (SELECT id FROM waiting)
           UNION ALL SELECT ticket, other FROM neighbours WHERE kind = 'cause'),
         reported AS (
           SELECT reports.ticket, count(DISTINCT coalesce(tickets.requester_id, -tickets.id)) AS customers
             FROM reports JOIN tickets ON tickets.id = reports.report GROUP BY reports.ticket),
         linked AS (SELECT ticket, count(DISTINCT other) AS links FROM neighbours GROUP BY ticket)
         SELECT waiting.id, subject, product, created_at, position, customers, coalesce(links, 0) AS links
           FROM waiting JOIN reported ON reported.ticket = waiting.id LEFT JOIN linked ON linked.ticket = waiting.id
          ORDER BY position NULLS LAST, customers DESC, links DESC, waiting.id
          LIMIT $2",
    )
    .bind::<Integer, _>(sprint)
    .bind::<BigInt, _>(limit)
    .load(conn)
    .await
}

/// Tickets that would wait to be planned, were they not dropped from a sprint.
pub async fn dropped(conn: &mut Conn, sprint: i32) -> QueryResult<Vec<i64>> {
    sprint_order::table
        .inner_join(tickets::table)
        .filter(sprint_order::sprint.eq(sprint).and(sprint_order::dropped.eq(true)))
        .filter(tickets::severity.eq(3).and(tickets::status.eq_any(["new", "accepted"])))
        .order(sprint_order::ticket_id)
        .select(sprint_order::ticket_id)
        .load(conn)
        .await
}

/// A mail listed these tickets: a place in an answer to it is one of this list.
pub async fn note_mail(conn: &mut Conn, mail: OutboxId, order: &[i64]) -> QueryResult<()> {
    diesel::insert_into(sprint_mails::table)
        .values((sprint_mails::outbox_id.eq(mail.0), sprint_mails::tickets.eq(json!(order))))
        .on_conflict_do_nothing()
        .execute(conn)
        .await
        .map(drop)
}

/// The tickets that a mail listed, in its order; also those that do not wait any more.
pub async fn of_mail(conn: &mut Conn, mail: OutboxId) -> QueryResult<Vec<i64>> {
    let listed: Option<Value> =
        sprint_mails::table.find(mail.0).select(sprint_mails::tickets).first(conn).await.optional()?;
    let listed = listed.as_ref().and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    Ok(listed.iter().filter_map(Value::as_i64).collect())
}

/// Writes down the order of a sprint; `dropped` are not in it, and what is neither here nor there has no place any more.
pub async fn put(
    conn: &mut Conn,
    sprint: i32,
    order: &[i64],
    dropped: &[i64],
    told_by: &str,
    now: Timestamp,
) -> QueryResult<()> {
    let row = |ticket: i64, position: i32| {
        (
            sprint_order::sprint.eq(sprint),
            sprint_order::ticket_id.eq(ticket),
            sprint_order::position.eq(position),
            sprint_order::dropped.eq(position == 0),
            sprint_order::told_by.eq(told_by.to_owned()),
            sprint_order::told_at.eq(moment(now)),
        )
    };
    let in_order = order.iter().zip(1..).map(|(ticket, position)| row(*ticket, position));
    let rows: Vec<_> = in_order.chain(dropped.iter().map(|ticket| row(*ticket, 0))).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let gone = sprint_order::ticket_id.ne_all(order.to_vec()).and(sprint_order::dropped.eq(false));
    diesel::delete(sprint_order::table.filter(sprint_order::sprint.eq(sprint).and(gone)))
        .execute(conn)
        .await?;
    diesel::insert_into(sprint_order::table)
        .values(rows)
        .on_conflict((sprint_order::sprint, sprint_order::ticket_id))
        .do_update()
        .set((
            sprint_order::position.eq(excluded(sprint_order::position)),
            sprint_order::dropped.eq(excluded(sprint_order::dropped)),
            sprint_order::told_by.eq(excluded(sprint_order::told_by)),
            sprint_order::told_at.eq(excluded(sprint_order::told_at)),
        ))
        .execute(conn)
        .await
        .map(drop)
}
