//! Mail that left, and mail that came in.

use diesel::{
    QueryResult, QueryableByName,
    sql_types::{BigInt, Integer, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;

use super::{Name, Scope, Times, edges, place};
use crate::{
    store::{Conn, moment},
    ticket::period::Period,
};

/// What became of the mails to a domain.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct Out {
    /// What stands behind the @.
    #[diesel(sql_type = Text)]
    pub domain: String,
    /// All that were written.
    #[diesel(sql_type = BigInt)]
    pub mails: i64,
    /// Taken by a server.
    #[diesel(sql_type = BigInt)]
    pub sent: i64,
    /// Sent or not, put off at least once.
    #[diesel(sql_type = BigInt)]
    pub deferred: i64,
    /// On their way.
    #[diesel(sql_type = BigInt)]
    pub waiting: i64,
    /// Refused for good.
    #[diesel(sql_type = BigInt)]
    pub refused: i64,
    /// Taken, and come back.
    #[diesel(sql_type = BigInt)]
    pub bounced: i64,
}

/// The mails that were written in a period, by domain, most mails first.
pub async fn out(conn: &mut Conn, period: &Period, scope: &Scope) -> QueryResult<Vec<Out>> {
    diesel::sql_query(
        "SELECT recipient_domain AS domain, count(*) AS mails, count(*) FILTER (WHERE state = 'sent') AS sent,
                count(*) FILTER (WHERE attempts > 1 OR attempts > 0 AND state = 'waiting') AS deferred,
                count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'failed') AS refused,
                count(bounced_at) AS bounced
           FROM outbox
          WHERE created_at >= $1 AND created_at < $2 AND state <> 'withdrawn'
            AND ($3 IS NULL OR mailbox_id IN (SELECT id FROM mailboxes WHERE name = $3))
          GROUP BY recipient_domain ORDER BY mails DESC, recipient_domain COLLATE \"C\"",
    )
    .bind::<Timestamptz, _>(moment(period.begins()))
    .bind::<Timestamptz, _>(moment(period.ends()))
    .bind::<Name, _>(&scope.mailbox)
    .load(conn)
    .await
}

/// The mails that came in within a step of time by one mailbox and had the same outcome.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct In {
    #[diesel(sql_type = Integer)]
    step: i32,
    /// The name of the mailbox.
    #[diesel(sql_type = Text)]
    pub mailbox: String,
    /// What became of them: an outcome of the ledger, or the state of what has none.
    #[diesel(sql_type = Text)]
    pub outcome: String,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub mails: i64,
}

impl In {
    /// Which step, counted from 0.
    pub fn step(&self) -> usize {
        place(self.step)
    }
}

/// The mails that came in within a period, by step, mailbox and outcome.
pub async fn came(conn: &mut Conn, period: &Period, scope: &Scope) -> QueryResult<Vec<In>> {
    diesel::sql_query(
        "SELECT step, mailboxes.name AS mailbox, outcome, sum(mails)::bigint AS mails
           FROM (SELECT width_bucket(stored_at, $1) AS step, mailbox_id,
                        CASE WHEN state = 'done' THEN coalesce(outcome, state) ELSE state END AS outcome, count(*) AS mails
                   FROM inbound WHERE stored_at >= $2 AND stored_at < $3 GROUP BY 1, 2, 3) AS came
           JOIN mailboxes ON mailboxes.id = mailbox_id
          WHERE $4 IS NULL OR mailboxes.name = $4
          GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    )
    .bind::<Times, _>(edges(period))
    .bind::<Timestamptz, _>(moment(period.begins()))
    .bind::<Timestamptz, _>(moment(period.ends()))
    .bind::<Name, _>(&scope.mailbox)
    .load(conn)
    .await
}
