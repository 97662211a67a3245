//! First answers and resolutions against what was promised.

use diesel::{
    QueryResult, QueryableByName,
    sql_types::{BigInt, Integer, Nullable, SmallInt, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{Name, Scope, Times, edges, place};
use crate::{
    domain::Word,
    store::{Conn, Moment, moment},
    ticket::{clock::Goal, period::Period},
};

/// What was given in a step of time, or in all of them, for one severity, or for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct Given {
    #[diesel(sql_type = Nullable<Integer>)]
    step: Option<i32>,
    /// Which severity; all where there is none.
    #[diesel(sql_type = Nullable<SmallInt>)]
    pub severity: Option<i16>,
    /// How many were given.
    #[diesel(sql_type = BigInt)]
    pub given: i64,
    /// For how many a time was promised.
    #[diesel(sql_type = BigInt)]
    pub promised: i64,
    /// How many of these came late.
    #[diesel(sql_type = BigInt)]
    pub late: i64,
    /// The working time that half of them took at most, in seconds.
    #[diesel(sql_type = BigInt)]
    pub median: i64,
    /// The working time that nine of ten took at most.
    #[diesel(sql_type = BigInt)]
    pub most: i64,
    /// The working time that half of them waited for the customer at most.
    #[diesel(sql_type = BigInt)]
    pub waited: i64,
    /// The same for nine of ten.
    #[diesel(sql_type = BigInt)]
    pub waited_most: i64,
}

impl Given {
    /// Which step, counted from 0; all where there is none.
    pub fn step(&self) -> Option<usize> {
        self.step.map(place)
    }
}

/// What was given in each step of a period and in the whole of it, for each severity and for all together.
pub async fn given(conn: &mut Conn, goal: Goal, period: &Period, scope: &Scope) -> QueryResult<Vec<Given>> {
    diesel::sql_query(GIVEN)
        .bind::<Text, _>(goal.as_str())
        .bind::<Times, _>(edges(period))
        .bind::<Timestamptz, _>(moment(period.begins()))
        .bind::<Timestamptz, _>(moment(period.ends()))
        .bind::<Name, _>(&scope.product)
        .bind::<Name, _>(&scope.queue)
        .bind::<Name, _>(&scope.mailbox)
        .load(conn)
        .await
}

const GIVEN: &str = "
WITH given AS MATERIALIZED (
  SELECT width_bucket(met_at, $2) AS step, spans.severity, target_seconds, due_at, ran_seconds, waited_seconds
    FROM ticket_spans AS spans
    CROSS JOIN LATERAL (SELECT WHERE $5 IS NULL AND $6 IS NULL AND $7 IS NULL
      UNION ALL SELECT FROM tickets
         WHERE id = spans.ticket_id AND coalesce($5, $6, $7) IS NOT NULL
           AND ($5 IS NULL OR product = $5) AND ($6 IS NULL OR queue = $6)
           AND ($7 IS NULL OR mailbox_id IN (SELECT id FROM mailboxes WHERE name = $7)) LIMIT 1) AS counted
   WHERE goal = $1 AND met_at >= $3 AND met_at < $4)
SELECT step, severity, count(*) AS given, count(target_seconds) AS promised, count(due_at) AS late,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY ran_seconds) AS median,
       percentile_disc(0.9) WITHIN GROUP (ORDER BY ran_seconds) AS most,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY waited_seconds) AS waited,
       percentile_disc(0.9) WITHIN GROUP (ORDER BY waited_seconds) AS waited_most
  FROM given GROUP BY GROUPING SETS ((step, severity), (step), (severity), ())
HAVING count(*) > 0
 ORDER BY step NULLS FIRST, severity NULLS FIRST";

/// A promise that was broken.
#[derive(Clone, Debug, QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct Late {
    /// Of which ticket.
    #[diesel(sql_type = BigInt)]
    pub ticket: i64,
    /// Its subject.
    #[diesel(sql_type = Text)]
    pub subject: String,
    /// What was promised.
    #[diesel(sql_type = Text)]
    pub goal: String,
    /// By whose policy.
    #[diesel(sql_type = SmallInt)]
    pub severity: i16,
    /// When it should have been done.
    #[diesel(sql_type = Timestamptz)]
    pub due: Moment,
    /// When it was; none where it still is not.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub met: Option<Moment>,
    /// Working time that was promised, in seconds.
    #[diesel(sql_type = BigInt)]
    pub target: i64,
    /// Working time that it took; none where it is not done.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub ran: Option<i64>,
}

/// The broken promises of a period: those still owed that were due in it, then those that were kept late in it, the
/// latest first.
pub async fn late(
    conn: &mut Conn,
    period: &Period,
    scope: &Scope,
    limit: i64,
    now: Timestamp,
) -> QueryResult<Vec<Late>> {
    diesel::sql_query(LATE)
        .bind::<Timestamptz, _>(moment(period.begins()))
        .bind::<Timestamptz, _>(moment(period.ends()))
        .bind::<Name, _>(&scope.product)
        .bind::<Name, _>(&scope.queue)
        .bind::<Name, _>(&scope.mailbox)
        .bind::<BigInt, _>(limit)
        .bind::<Timestamptz, _>(moment(now))
        .load(conn)
        .await
}

const LATE: &str = "
WITH broken AS (
  SELECT ticket_id, goal, severity, due_at, NULL::timestamptz AS met_at, target_seconds, NULL::bigint AS ran_seconds
    FROM clocks WHERE met_at IS NULL AND due_at >= $1 AND due_at < LEAST($2, $7) AND goal IN ('first-answer', 'resolution')
  UNION ALL
  SELECT ticket_id, goal, severity, due_at, met_at, target_seconds, ran_seconds
    FROM ticket_spans WHERE goal IN ('first-answer', 'resolution') AND met_at >= $1 AND met_at < $2 AND due_at IS NOT NULL)
SELECT ticket_id AS ticket, tickets.subject, goal, broken.severity, broken.due_at AS due, broken.met_at AS met,
       target_seconds AS target, ran_seconds AS ran
  FROM broken CROSS JOIN LATERAL (SELECT subject FROM tickets
        WHERE id = ticket_id AND NOT spam AND (broken.met_at IS NOT NULL OR status <> 'closed')
          AND ($3 IS NULL OR product = $3) AND ($4 IS NULL OR queue = $4)
          AND ($5 IS NULL OR mailbox_id IN (SELECT id FROM mailboxes WHERE name = $5)) LIMIT 1) AS tickets
 ORDER BY broken.met_at DESC NULLS FIRST, broken.due_at DESC, ticket_id, goal
 LIMIT $6";
