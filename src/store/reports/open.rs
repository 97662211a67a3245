//! Open tickets: how old they are, and how many came and went.

use diesel::{
    QueryResult, QueryableByName,
    sql_types::{BigInt, Integer, Nullable, SmallInt, Timestamptz},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{Name, Scope, Times, begins_and_ends, place};
use crate::{
    store::{Conn, moment},
    ticket::period::Period,
};

/// Open tickets of one severity and age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct Aged {
    /// How bad; none where nobody has said.
    #[diesel(sql_type = Nullable<SmallInt>)]
    pub severity: Option<i16>,
    /// 0 up to a day, 1 up to seven, 2 up to 28, 3 older.
    #[diesel(sql_type = Integer)]
    pub age: i32,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub tickets: i64,
}

/// Open tickets by severity and age.
pub async fn ages(conn: &mut Conn, scope: &Scope, now: Timestamp) -> QueryResult<Vec<Aged>> {
    diesel::sql_query(
        "SELECT severity, CASE WHEN created_at > $1 - interval '1 day' THEN 0 WHEN created_at > $1 - interval '7 days' THEN 1
                               WHEN created_at > $1 - interval '28 days' THEN 2 ELSE 3 END AS age,
                count(*) AS tickets
           FROM tickets
          WHERE status <> 'closed' AND NOT spam
            AND ($2 IS NULL OR product = $2) AND ($3 IS NULL OR queue = $3)
            AND ($4 IS NULL OR mailbox_id IN (SELECT id FROM mailboxes WHERE name = $4))
          GROUP BY 1, 2 ORDER BY 1 NULLS LAST, 2",
    )
    .bind::<Timestamptz, _>(moment(now))
    .bind::<Name, _>(&scope.product)
    .bind::<Name, _>(&scope.queue)
    .bind::<Name, _>(&scope.mailbox)
    .load(conn)
    .await
}

/// What came and went in a step of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Tickets that were opened.
    pub opened: i64,
    /// Closed tickets that came back.
    pub reopened: i64,
    /// Times that a ticket was closed.
    pub closed: i64,
    /// Open at its end.
    pub open: i64,
}

#[derive(Clone, Copy, QueryableByName)]
struct Row {
    #[diesel(sql_type = Integer)]
    step: i32,
    #[diesel(sql_type = BigInt)]
    opened: i64,
    #[diesel(sql_type = BigInt)]
    reopened: i64,
    #[diesel(sql_type = BigInt)]
    closed: i64,
}

/// What came and went in each step of a period. How many were open is found by going back from how many are now.
pub async fn flow(conn: &mut Conn, period: &Period, scope: &Scope, now: Timestamp) -> QueryResult<Vec<Flow>> {
    let steps = period.stretches();
    let (begins, ends) = begins_and_ends(&steps, period.ends());
    let rows: Vec<Row> = diesel::sql_query(FLOW)
        .bind::<Times, _>(begins)
        .bind::<Times, _>(ends)
        .bind::<Name, _>(&scope.product)
        .bind::<Name, _>(&scope.queue)
        .bind::<Name, _>(&scope.mailbox)
        .load(conn)
        .await?;
    let mut open: i64 = ages(conn, scope, now).await?.iter().map(|aged| aged.tickets).sum();
    let mut flows = vec![Flow::default(); steps.len() + 1];
    for row in rows.iter().rev() {
        let (opened, reopened, closed) = (row.opened, row.reopened, row.closed);
        if let Some(flow) = flows.get_mut(place(row.step)) {
            *flow = Flow { opened, reopened, closed, open };
        }
        open -= opened + reopened - closed;
    }
    flows.pop();
    Ok(flows)
}

const FLOW: &str = "
WITH boxes AS (SELECT coalesce(array_agg(id), '{}') AS ids FROM mailboxes WHERE name = $5),
again AS (SELECT reopenings.closed_at, reopened_at FROM reopenings, boxes,
                LATERAL (SELECT FROM tickets WHERE id = ticket_id AND NOT spam AND ($3 IS NULL OR product = $3)
                            AND ($4 IS NULL OR queue = $4) AND ($5 IS NULL OR mailbox_id = ANY (boxes.ids)) LIMIT 1) AS counted
           WHERE reopened_at >= (SELECT min(begins) FROM unnest($1) AS begins))
SELECT step.place::integer AS step,
       (SELECT count(*) FROM tickets
         WHERE NOT spam AND created_at >= begins AND created_at < ends
           AND ($3 IS NULL OR product = $3) AND ($4 IS NULL OR queue = $4)
           AND ($5 IS NULL OR mailbox_id = ANY (boxes.ids))) AS opened,
       (SELECT count(*) FROM again WHERE reopened_at >= begins AND reopened_at < ends) AS reopened,
       (SELECT count(*) FROM tickets
         WHERE NOT spam AND closed_at >= begins AND closed_at < ends
           AND ($3 IS NULL OR product = $3) AND ($4 IS NULL OR queue = $4)
           AND ($5 IS NULL OR mailbox_id = ANY (boxes.ids)))
       + (SELECT count(*) FROM again WHERE again.closed_at >= begins AND again.closed_at < ends) AS closed
  FROM unnest($1, $2) WITH ORDINALITY AS step(begins, ends, place), boxes
 ORDER BY step.place";
