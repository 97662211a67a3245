//! What the gate brought: how many reports were complete, what was asked, and how long facts were
//! waited for.
//!
//! A report waits from the first question on. It waits no more when it is complete (`completed`, or the last
//! `report` of facts where nothing is missing any more), or when staff take over: because it was asked often enough (`incomplete`), because they overrule the gate
//! (`overruled`, save by a question of their own), or because they move the ticket on (`status`).

use diesel::{
    QueryableByName,
    sql_types::{BigInt, Double, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{Conn, moment};
use crate::domain::words::{Word, word};

/// What reports are put together by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The domain of the requester's address: those who write from one work together, or share a provider.
    Customer,
    /// The product that its ticket has now.
    Product,
    /// The mailbox that it came into.
    Mailbox,
    /// Where it came from.
    Source,
    /// The month in which it came, in UTC.
    Month,
}

word!(By, "way to put reports together", {
    Customer => "customer",
    Product => "product",
    Mailbox => "mailbox",
    Source => "source",
    Month => "month",
});

/// The reports of one customer, product, source or month.
#[derive(Clone, Debug, Default, PartialEq, QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct Row {
    /// Which one.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// How many problem reports.
    #[diesel(sql_type = BigInt)]
    pub reports: i64,
    /// Nothing was missing in the first mail.
    #[diesel(sql_type = BigInt)]
    pub complete_at_first: i64,
    /// The requester was asked.
    #[diesel(sql_type = BigInt)]
    pub asked: i64,
    /// A mail came after the first question.
    #[diesel(sql_type = BigInt)]
    pub answered: i64,
    /// The answers brought everything.
    #[diesel(sql_type = BigInt)]
    pub completed: i64,
    /// How often these were asked until then.
    #[diesel(sql_type = BigInt)]
    pub rounds: i64,
    /// Staff took over.
    #[diesel(sql_type = BigInt)]
    pub taken_over: i64,
    /// Marked as incomplete now.
    #[diesel(sql_type = BigInt)]
    pub incomplete: i64,
    /// Hours from the first question to completion or take-over.
    #[diesel(sql_type = Double)]
    pub hours: f64,
    /// Still waiting.
    #[diesel(sql_type = BigInt)]
    pub open: i64,
    /// Hours from the first question until now, of those still waiting.
    #[diesel(sql_type = Double)]
    pub open_hours: f64,
}

/// The reports of tickets opened since a moment, by the names of what they are put together by.
pub async fn report(
    conn: &mut Conn,
    since: Timestamp,
    by: By,
    now: Timestamp,
) -> diesel::QueryResult<Vec<Row>> {
    diesel::sql_query(REPORT)
        .bind::<Timestamptz, _>(moment(since))
        .bind::<Text, _>(by.as_str())
        .bind::<Timestamptz, _>(moment(now))
        .load(conn)
        .await
}

/// All rows as one.
pub fn total(rows: &[Row]) -> Row {
    rows.iter().fold(Row { name: "all".to_owned(), ..Row::default() }, |sum, row| Row {
        name: sum.name,
        reports: sum.reports + row.reports,
        complete_at_first: sum.complete_at_first + row.complete_at_first,
        asked: sum.asked + row.asked,
        answered: sum.answered + row.answered,
        completed: sum.completed + row.completed,
        rounds: sum.rounds + row.rounds,
        taken_over: sum.taken_over + row.taken_over,
        incomplete: sum.incomplete + row.incomplete,
        hours: sum.hours + row.hours,
        open: sum.open + row.open,
        open_hours: sum.open_hours + row.open_hours,
    })
}

/// From what the database notes of the question by itself, as the reports of the console have it.
const REPORT: &str = r#"
WITH reports AS (
    SELECT CASE $2 WHEN 'customer' THEN coalesce(substring(people.address FROM '[^@]*$'), '')
                   WHEN 'product' THEN coalesce(tickets.product, '')
                   WHEN 'mailbox' THEN mailboxes.name
                   WHEN 'source' THEN tickets.source
                   ELSE to_char(waits.opened_at AT TIME ZONE 'UTC', 'YYYY-MM') END AS name,
           tickets.incomplete, complete_at_first, answered, rounds, asked_at, ended_at,
           ended_by IN ('completed', 'report') AS completed
    FROM gate_waits AS waits
    JOIN tickets ON tickets.id = waits.ticket_id
    JOIN mailboxes ON mailboxes.id = tickets.mailbox_id
    LEFT JOIN people ON people.id = tickets.requester_id
    WHERE waits.opened_at >= $1 AND tickets.problem_report AND NOT tickets.spam
)
SELECT name,
       count(*) AS reports,
       count(*) FILTER (WHERE complete_at_first) AS complete_at_first,
       count(asked_at) AS asked,
       count(*) FILTER (WHERE answered) AS answered,
       count(*) FILTER (WHERE completed) AS completed,
       coalesce(sum(rounds) FILTER (WHERE completed), 0)::bigint AS rounds,
       count(*) FILTER (WHERE NOT completed) AS taken_over,
       count(*) FILTER (WHERE incomplete) AS incomplete,
       coalesce(sum(extract(epoch FROM ended_at - asked_at)) / 3600, 0)::float8 AS hours,
       count(*) FILTER (WHERE asked_at IS NOT NULL AND ended_at IS NULL) AS open,
       coalesce(sum(extract(epoch FROM greatest($3 - asked_at, interval '0')))
                FILTER (WHERE ended_at IS NULL) / 3600, 0)::float8 AS open_hours
FROM reports GROUP BY name ORDER BY name COLLATE "C"
"#;
