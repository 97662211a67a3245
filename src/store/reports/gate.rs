//! What the gate brought, and how often staff overruled it.

use diesel::{
    QueryResult, QueryableByName,
    sql_types::{BigInt, Double, Integer, Nullable, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;

use super::{Name, Scope, Times, edges, place};
use crate::{
    store::{Conn, moment},
    ticket::period::Period,
};

/// The problem reports of a step of time, or of a customer, product or source.
#[derive(Clone, Debug, PartialEq, QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct Reports {
    #[diesel(sql_type = Nullable<Integer>)]
    step: Option<i32>,
    /// What else they have in common: `customer`, `product` or `source`; `step` for a step of time.
    #[diesel(sql_type = Text)]
    pub by: String,
    /// Which one; empty for a step.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub reports: i64,
    /// Nothing was missing in the first mail.
    #[diesel(sql_type = BigInt)]
    pub complete: i64,
    /// The requester was asked.
    #[diesel(sql_type = BigInt)]
    pub asked: i64,
    /// The answers brought everything.
    #[diesel(sql_type = BigInt)]
    pub completed: i64,
    /// Staff took over.
    #[diesel(sql_type = BigInt)]
    pub taken_over: i64,
    /// Questions to those who brought everything.
    #[diesel(sql_type = BigInt)]
    pub rounds: i64,
    /// Seconds of plain time from the first question to the last fact, or until staff took over.
    #[diesel(sql_type = Double)]
    pub lost: f64,
}

impl Reports {
    /// Which step of time, counted from 0.
    pub fn step(&self) -> Option<usize> {
        self.step.map(place)
    }
}

/// The problem reports that came in a period, by step, customer, product and source; of the latter three those that
/// lost most time first.
pub async fn reports(conn: &mut Conn, period: &Period, scope: &Scope) -> QueryResult<Vec<Reports>> {
    diesel::sql_query(REPORTS)
        .bind::<Times, _>(edges(period))
        .bind::<Timestamptz, _>(moment(period.begins()))
        .bind::<Timestamptz, _>(moment(period.ends()))
        .bind::<Name, _>(&scope.product)
        .bind::<Name, _>(&scope.queue)
        .bind::<Name, _>(&scope.mailbox)
        .load(conn)
        .await
}

/// Customers are told apart by the domain they write from.
const REPORTS: &str = "
WITH reports AS MATERIALIZED (
  SELECT width_bucket(waits.opened_at, $1) AS step, coalesce(tickets.product, '') AS product, tickets.source,
         coalesce(split_part(people.address, '@', -1), '') AS customer, complete_at_first, asked_at, ended_at, rounds,
         ended_by IN ('completed', 'report') AS completed
    FROM gate_waits AS waits
    CROSS JOIN LATERAL (SELECT * FROM tickets
         WHERE id = waits.ticket_id AND problem_report AND NOT spam
           AND ($4 IS NULL OR product = $4) AND ($5 IS NULL OR queue = $5)
           AND ($6 IS NULL OR mailbox_id IN (SELECT id FROM mailboxes WHERE name = $6)) LIMIT 1) AS tickets
    LEFT JOIN people ON people.id = tickets.requester_id
   WHERE waits.opened_at >= $2 AND waits.opened_at < $3)
SELECT step,
       CASE WHEN GROUPING(step) = 0 THEN 'step' WHEN GROUPING(customer) = 0 THEN 'customer'
            WHEN GROUPING(product) = 0 THEN 'product' ELSE 'source' END AS by,
       coalesce(customer, product, source, '') AS name,
       count(*) AS reports, count(*) FILTER (WHERE complete_at_first) AS complete, count(asked_at) AS asked,
       count(*) FILTER (WHERE completed) AS completed, count(*) FILTER (WHERE NOT completed) AS taken_over,
       coalesce(sum(rounds) FILTER (WHERE completed), 0) AS rounds,
       coalesce(extract(epoch FROM sum(ended_at - asked_at)), 0)::float8 AS lost
  FROM reports GROUP BY GROUPING SETS ((step), (customer), (product), (source))
 ORDER BY 1 NULLS LAST, lost DESC, reports DESC, coalesce(customer, product, source, '') COLLATE \"C\"";

/// What staff said of one part of what the gate read.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct Said {
    /// A slot, or whether it is a problem report at all.
    #[diesel(sql_type = Text)]
    pub part: String,
    /// Staff said the same.
    #[diesel(sql_type = BigInt)]
    pub confirmed: i64,
    /// Staff said otherwise, or were sure where the gate was not.
    #[diesel(sql_type = BigInt)]
    pub overruled: i64,
    /// Staff went on without it.
    #[diesel(sql_type = BigInt)]
    pub enough: i64,
}

/// What staff said in a period, part by part.
pub async fn said(conn: &mut Conn, period: &Period, scope: &Scope) -> QueryResult<Vec<Said>> {
    diesel::sql_query(
        "SELECT part, count(*) FILTER (WHERE staff_say = gate_said) AS confirmed,
                count(*) FILTER (WHERE staff_say <> gate_said AND staff_say <> 'enough') AS overruled,
                count(*) FILTER (WHERE staff_say = 'enough') AS enough
           FROM gate_examples JOIN tickets ON tickets.id = ticket_id
          WHERE said_at >= $1 AND said_at < $2 AND ($3 IS NULL OR product = $3) AND ($4 IS NULL OR queue = $4)
            AND ($5 IS NULL OR mailbox_id IN (SELECT id FROM mailboxes WHERE name = $5))
          GROUP BY part ORDER BY part",
    )
    .bind::<Timestamptz, _>(moment(period.begins()))
    .bind::<Timestamptz, _>(moment(period.ends()))
    .bind::<Name, _>(&scope.product)
    .bind::<Name, _>(&scope.queue)
    .bind::<Name, _>(&scope.mailbox)
    .load(conn)
    .await
}

/// What is asked again and again.
#[derive(Clone, Debug, QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct Cluster {
    /// Its number.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// What staff made of it: `proposed`, `accepted`, `dismissed`.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// The subject of its first ticket.
    #[diesel(sql_type = Text)]
    pub subject: String,
    /// Its first ticket.
    #[diesel(sql_type = BigInt)]
    pub first: i64,
    /// The ticket of its cause.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub cause: Option<i64>,
    /// Where that stands.
    #[diesel(sql_type = Nullable<Text>)]
    pub cause_status: Option<String>,
    /// How many asked it until the end of the period.
    #[diesel(sql_type = BigInt)]
    pub size: i64,
    /// How many of them in the period.
    #[diesel(sql_type = BigInt)]
    pub grown: i64,
    /// How many in the period of the same length before.
    #[diesel(sql_type = BigInt)]
    pub before: i64,
}

/// The clusters that grew most in a period, as many as `limit`.
pub async fn clusters(
    conn: &mut Conn,
    period: &Period,
    scope: &Scope,
    limit: i64,
) -> QueryResult<Vec<Cluster>> {
    diesel::sql_query(CLUSTERS)
        .bind::<Timestamptz, _>(moment(period.begins()))
        .bind::<Timestamptz, _>(moment(period.ends()))
        .bind::<Timestamptz, _>(moment(period.before().begins()))
        .bind::<Name, _>(&scope.product)
        .bind::<Name, _>(&scope.queue)
        .bind::<Name, _>(&scope.mailbox)
        .bind::<BigInt, _>(limit)
        .load(conn)
        .await
}

const CLUSTERS: &str = "
WITH grown AS (
  SELECT cluster_id, min(tickets.id) AS first, count(*) AS size,
         count(*) FILTER (WHERE tickets.created_at >= $1) AS grown,
         count(*) FILTER (WHERE tickets.created_at >= $3 AND tickets.created_at < $1) AS before
    FROM cluster_tickets CROSS JOIN LATERAL (SELECT id, created_at FROM tickets
         WHERE id = ticket_id AND NOT spam AND merged_into IS NULL AND created_at < $2
           AND ($4 IS NULL OR product = $4) AND ($5 IS NULL OR queue = $5)
           AND ($6 IS NULL OR mailbox_id IN (SELECT id FROM mailboxes WHERE name = $6)) LIMIT 1) AS tickets
   GROUP BY cluster_id)
SELECT clusters.id, clusters.state, first.subject, first.id AS first, cause.id AS cause, cause.status AS cause_status,
       size, grown, before
  FROM grown JOIN clusters ON clusters.id = cluster_id JOIN tickets AS first ON first.id = grown.first
  LEFT JOIN tickets AS cause ON cause.id = clusters.ticket_id
 WHERE grown > 0 ORDER BY grown DESC, size DESC, clusters.id LIMIT $7";
