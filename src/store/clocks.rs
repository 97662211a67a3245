//! The clocks of tickets: what they are computed from, how they stand, and what staff were told.
//!
//! The database itself notes each change of status and of who has the next word, and asks for the clocks to be
//! computed anew (`ticket_standings`, `wind_clocks`): no way of changing a ticket can forget it.

use diesel::{prelude::*, sql_types::Text, upsert::excluded};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    Conn, Moment, Stored, moment,
    schema::{clocks, messages, ticket_standings, tickets},
};
use crate::{
    domain::{TicketId, Word},
    ticket::{
        Notice, Status,
        clock::{Clock, Goal, Life, Standing},
        policy::Told,
    },
};

/// A clock as it was last computed.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = clocks, check_for_backend(diesel::pg::Pg))]
pub struct Row {
    /// Of which ticket.
    pub ticket_id: i64,
    /// What it is for.
    pub goal: Stored<Goal>,
    severity: i16,
    /// When it began.
    pub started_at: Moment,
    target_seconds: i64,
    /// When it is over, if that can be said.
    pub due_at: Option<Moment>,
    paused_since: Option<Moment>,
    paused_seconds: i64,
    met_at: Option<Moment>,
    /// When the promise was broken.
    pub breached_at: Option<Moment>,
    warned: bool,
    steps_told: i32,
    rules: String,
}

impl Row {
    /// A clock at a moment, and what was told of it.
    pub fn new(ticket: TicketId, clock: &Clock, told: Told, rules: &str, now: Timestamp) -> Row {
        Row {
            ticket_id: ticket.0,
            goal: Stored(clock.goal),
            severity: clock.severity.number(),
            started_at: moment(clock.started),
            target_seconds: clock.target.as_secs(),
            due_at: clock.due.map(moment),
            paused_since: clock.paused_since.map(moment),
            paused_seconds: clock.paused.as_secs(),
            met_at: clock.met.map(moment),
            breached_at: clock.due.filter(|_| clock.is_breached(now)).map(moment),
            warned: told.warned,
            steps_told: i32::try_from(told.steps).unwrap_or(i32::MAX),
            rules: rules.to_owned(),
        }
    }

    /// What was told of this clock, if it is the same run of it: another severity or a new start is another.
    pub fn told(&self, clock: &Clock) -> Option<Told> {
        let same = self.started_at.to_jiff() == clock.started && self.severity == clock.severity.number();
        let steps = usize::try_from(self.steps_told).unwrap_or_default();
        same.then_some(Told { warned: self.warned, steps })
    }
}

/// What happened to a ticket, as far as its clocks care.
pub async fn life(mut conn: &Conn, ticket: TicketId) -> QueryResult<Life> {
    let standings: Vec<(Moment, Stored<Status>, bool)> = ticket_standings::table
        .filter(ticket_standings::ticket_id.eq(ticket.0))
        .order(ticket_standings::id)
        .select((ticket_standings::since, ticket_standings::status, ticket_standings::waiting_for_customer))
        .load(&mut conn)
        .await?;
    let kinds: Vec<&str> = Notice::ALL
        .iter()
        .filter(|notice| notice.is_a_persons_word())
        .map(|notice| notice.as_str())
        .collect();
    let words: Vec<Moment> = messages::table
        .filter(messages::ticket_id.eq(ticket.0).and(messages::direction.eq("out")))
        .filter(messages::kind.eq_any(kinds))
        .order(messages::id)
        .select(messages::created_at)
        .load(&mut conn)
        .await?;
    let standing = |(since, status, waiting): (Moment, Stored<Status>, bool)| Standing {
        since: since.to_jiff(),
        status: status.0,
        waiting,
    };
    Ok(Life {
        history: standings.into_iter().map(standing).collect(),
        words: words.into_iter().map(Moment::to_jiff).collect(),
    })
}

/// The clocks of a ticket as they were last computed.
pub async fn of(conn: &mut Conn, ticket: TicketId) -> QueryResult<Vec<Row>> {
    clocks::table.filter(clocks::ticket_id.eq(ticket.0)).select(Row::as_select()).load(conn).await
}

/// Keeps the clocks of tickets as they are now; those of one ticket that stopped without an end go.
pub async fn put(conn: &mut Conn, rows: &[Row], gone: Option<TicketId>) -> QueryResult<()> {
    if let Some(ticket) = gone {
        let kept: Vec<&str> = rows.iter().map(|row| row.goal.0.as_str()).collect();
        let others = clocks::ticket_id.eq(ticket.0).and(clocks::goal.ne_all(kept));
        diesel::delete(clocks::table.filter(others)).execute(conn).await?;
    }
    if rows.is_empty() {
        return Ok(());
    }
    diesel::insert_into(clocks::table)
        .values(rows.to_vec())
        .on_conflict((clocks::ticket_id, clocks::goal))
        .do_update()
        .set((
            clocks::severity.eq(excluded(clocks::severity)),
            clocks::started_at.eq(excluded(clocks::started_at)),
            clocks::target_seconds.eq(excluded(clocks::target_seconds)),
            clocks::due_at.eq(excluded(clocks::due_at)),
            clocks::paused_since.eq(excluded(clocks::paused_since)),
            clocks::paused_seconds.eq(excluded(clocks::paused_seconds)),
            clocks::met_at.eq(excluded(clocks::met_at)),
            clocks::breached_at.eq(excluded(clocks::breached_at)),
            clocks::warned.eq(excluded(clocks::warned)),
            clocks::steps_told.eq(excluded(clocks::steps_told)),
            clocks::rules.eq(excluded(clocks::rules)),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// Asks for the clocks of all tickets anew that are not closed and have one by other policies than these: what is kept by
/// one may begin another. Returns of how many tickets.
pub async fn wind_outdated(conn: &mut Conn, rules: &str) -> QueryResult<usize> {
    diesel::sql_query(
        "SELECT wind_clocks(ticket_id) FROM (SELECT DISTINCT ticket_id FROM clocks JOIN tickets ON tickets.id = ticket_id
          WHERE rules <> $1 AND status <> 'closed') AS old",
    )
    .bind::<Text, _>(rules)
    .execute(conn)
    .await
}

/// What is broken or soon will be, of tickets that are not closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Figures {
    /// Tickets of which something is over that is still owed.
    pub breached: i64,
    /// Tickets of which staff were warned, and nothing is over yet.
    pub at_risk: i64,
    /// Promises that were broken since then, kept later or not.
    pub breached_since: i64,
}

/// Counts what is broken at a moment, and what broke since another.
pub async fn figures(conn: &mut Conn, since: Timestamp, now: Timestamp) -> QueryResult<Figures> {
    let open = || clocks::table.inner_join(tickets::table).filter(tickets::status.ne("closed"));
    let owed = || clocks::met_at.is_null();
    let over = || clocks::due_at.le(moment(now));
    let breached: Vec<i64> =
        open().filter(owed().and(over())).select(clocks::ticket_id).distinct().load(conn).await?;
    let running = owed().and(clocks::warned).and(clocks::due_at.gt(moment(now)));
    let warned: Vec<i64> = open().filter(running).select(clocks::ticket_id).distinct().load(conn).await?;
    let broke = clocks::due_at.gt(moment(since)).and(clocks::due_at.le(moment(now)));
    let breached_since = clocks::table.filter(broke).count().get_result(conn).await?;
    let at_risk = warned.iter().filter(|ticket| !breached.contains(ticket)).count();
    Ok(Figures { breached: breached.len() as i64, at_risk: at_risk as i64, breached_since })
}

/// Tickets of which something is over or was warned of, and is still owed: what is due first comes first.
pub async fn pressing(conn: &mut Conn, now: Timestamp) -> QueryResult<Vec<TicketId>> {
    let pressing = clocks::warned.or(clocks::due_at.le(moment(now)));
    let rows: Vec<i64> = clocks::table
        .inner_join(tickets::table)
        .filter(tickets::status.ne("closed"))
        .filter(clocks::met_at.is_null().and(clocks::due_at.is_not_null()).and(pressing))
        .order((clocks::due_at, clocks::ticket_id))
        .select(clocks::ticket_id)
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(TicketId).collect())
}
