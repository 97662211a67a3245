//! What staff worked on, sprint by sprint or in any other steps of time.

use diesel::{
    QueryResult, QueryableByName,
    sql_types::{BigInt, Integer, Nullable, SmallInt, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{Times, place};
use crate::store::{Conn, moment};

/// What somebody worked in a step of time.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct Worked {
    #[diesel(sql_type = Integer)]
    step: i32,
    /// Whose address.
    #[diesel(sql_type = Text)]
    pub address: String,
    /// Minutes of maintenance.
    #[diesel(sql_type = BigInt)]
    pub maintenance: i64,
    /// Minutes of feature work.
    #[diesel(sql_type = BigInt)]
    pub feature: i64,
    /// Minutes, of either sort, on tickets of a severity.
    #[diesel(sql_type = BigInt)]
    pub on_severity: i64,
}

impl Worked {
    /// Which step, counted from 0.
    pub fn step(&self) -> usize {
        place(self.step)
    }
}

/// What each worked between the moments `edges`, of which there are one more than steps; minutes on tickets of `severity`
/// are told apart.
pub async fn worked(conn: &mut Conn, edges: &[Timestamp], severity: i16) -> QueryResult<Vec<Worked>> {
    let (Some(first), Some(last)) = (edges.first(), edges.last()) else { return Ok(Vec::new()) };
    diesel::sql_query(
        "SELECT width_bucket(worked_at, $1) AS step, address,
                coalesce(sum(minutes) FILTER (WHERE kind = 'maintenance'), 0) AS maintenance,
                coalesce(sum(minutes) FILTER (WHERE kind = 'feature'), 0) AS feature,
                coalesce(sum(minutes) FILTER (WHERE severity = $4), 0) AS on_severity
           FROM work_log LEFT JOIN tickets ON tickets.id = ticket_id
          WHERE worked_at >= $2 AND worked_at < $3
          GROUP BY 1, 2 ORDER BY 1, 2",
    )
    .bind::<Times, _>(edges.iter().copied().map(moment).collect::<Vec<_>>())
    .bind::<Timestamptz, _>(moment(*first))
    .bind::<Timestamptz, _>(moment(*last))
    .bind::<Nullable<SmallInt>, _>(Some(severity))
    .load(conn)
    .await
}
