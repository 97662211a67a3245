//! What is to happen by time alone.
//!
//! A timer is deleted in the commit of what it does, so it fires once, on whichever node, and survives
//! whatever ends a process. There is one for each kind, ticket and subject: setting it again moves it.

use diesel::{prelude::*, upsert::excluded};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use serde_json::Value;

use super::{Conn, Moment, Stored, moment, schema::timers};
use crate::{
    domain::{TicketId, Word},
    ticket::Timer,
};

/// A timer to be set.
#[derive(Clone, Debug)]
pub struct NewTimer<'a> {
    /// What happens.
    pub kind: Timer,
    /// To which ticket; none for what is about no one ticket.
    pub ticket: Option<TicketId>,
    /// What it is about beside the ticket; mostly nothing.
    pub subject: &'a str,
    /// When.
    pub due: Timestamp,
    /// What it has to know when it fires.
    pub detail: Value,
}

impl NewTimer<'_> {
    /// One for each ticket.
    pub fn of_ticket(kind: Timer, ticket: TicketId, due: Timestamp) -> Self {
        NewTimer { kind, ticket: Some(ticket), subject: "", due, detail: Value::Object(Default::default()) }
    }

    /// One for the desk as a whole.
    pub fn of_desk(kind: Timer, due: Timestamp) -> Self {
        NewTimer { kind, ticket: None, subject: "", due, detail: Value::Object(Default::default()) }
    }
}

/// A timer as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = timers, check_for_backend(diesel::pg::Pg))]
pub struct Row {
    /// Its row.
    pub id: i64,
    /// What happens.
    pub kind: Stored<Timer>,
    ticket_id: Option<i64>,
    /// What it is about beside the ticket.
    pub subject: String,
    /// When.
    pub due_at: Moment,
    /// What it has to know when it fires.
    pub detail: Value,
    /// How often it was tried in vain.
    pub failures: i32,
    /// What went wrong the last time.
    pub error: Option<String>,
}

impl Row {
    /// To which ticket it happens.
    pub fn ticket(&self) -> Option<TicketId> {
        self.ticket_id.map(TicketId)
    }
}

/// Sets timers; one that is there is moved.
pub async fn set(conn: &mut Conn, new: &[NewTimer<'_>]) -> QueryResult<()> {
    if new.is_empty() {
        return Ok(());
    }
    diesel::insert_into(timers::table)
        .values(new.iter().map(values).collect::<Vec<_>>())
        .on_conflict((timers::kind, timers::ticket_id, timers::subject))
        .do_update()
        .set((
            timers::due_at.eq(excluded(timers::due_at)),
            timers::detail.eq(excluded(timers::detail)),
            timers::failures.eq(0),
            timers::error.eq(None::<String>),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// Sets a timer unless it is there: for what repeats itself.
pub async fn ensure(conn: &mut Conn, new: &NewTimer<'_>) -> QueryResult<()> {
    diesel::insert_into(timers::table)
        .values(values(new))
        .on_conflict_do_nothing()
        .execute(conn)
        .await
        .map(drop)
}

/// Moves a timer of the desk that lies ahead: its time was another by an earlier configuration. What is due, or was put
/// off, stays as it is.
pub async fn move_ahead(conn: &mut Conn, to: &NewTimer<'_>, now: Timestamp) -> QueryResult<()> {
    let of_desk = timers::ticket_id.is_null().and(timers::subject.eq(to.subject.to_owned()));
    let ahead = timers::due_at.gt(moment(now)).and(timers::failures.eq(0));
    diesel::update(timers::table.filter(timers::kind.eq(Stored(to.kind)).and(of_desk).and(ahead)))
        .set(timers::due_at.eq(moment(to.due)))
        .execute(conn)
        .await
        .map(drop)
}

#[derive(Insertable)]
#[diesel(table_name = timers)]
struct Values<'a> {
    kind: Stored<Timer>,
    ticket_id: Option<i64>,
    subject: &'a str,
    due_at: Moment,
    detail: &'a Value,
}

fn values<'a>(new: &'a NewTimer<'_>) -> Values<'a> {
    Values {
        kind: Stored(new.kind),
        ticket_id: new.ticket.map(|ticket| ticket.0),
        subject: new.subject,
        due_at: moment(new.due),
        detail: &new.detail,
    }
}

/// Takes timers of these kinds away from a ticket, whatever their subject.
pub async fn clear(conn: &mut Conn, ticket: TicketId, kinds: &[Timer]) -> QueryResult<()> {
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    diesel::delete(timers::table.filter(timers::ticket_id.eq(ticket.0).and(timers::kind.eq_any(kinds))))
        .execute(conn)
        .await
        .map(drop)
}

/// Takes the timers of a kind with this subject away that are about no one ticket.
pub async fn clear_of_desk(conn: &mut Conn, kind: Timer, subject: &str) -> QueryResult<()> {
    let of_desk = timers::ticket_id.is_null().and(timers::subject.eq(subject.to_owned()));
    diesel::delete(timers::table.filter(timers::kind.eq(Stored(kind)).and(of_desk)))
        .execute(conn)
        .await
        .map(drop)
}

/// What is set for a ticket, the next first.
pub async fn of(mut conn: &Conn, ticket: TicketId) -> QueryResult<Vec<Row>> {
    timers::table
        .filter(timers::ticket_id.eq(ticket.0).and(timers::kind.eq_any(known())))
        .order(timers::due_at)
        .select(Row::as_select())
        .load(&mut conn)
        .await
}

/// The time by the clock of the database, which all nodes share: one whose own clock is wrong fires nothing early.
pub async fn shared_time(conn: &mut Conn) -> QueryResult<Timestamp> {
    let now = diesel::dsl::now.into_sql::<diesel::sql_types::Timestamptz>();
    diesel::select(now).get_result::<Moment>(conn).await.map(Moment::to_jiff)
}

/// What is due, the oldest first. A kind that only a newer version knows waits for that version.
pub async fn due(conn: &mut Conn, now: Timestamp, limit: i64) -> QueryResult<Vec<Row>> {
    timers::table
        .filter(timers::due_at.le(moment(now)).and(timers::kind.eq_any(known())))
        .order((timers::due_at, timers::id))
        .limit(limit)
        .select(Row::as_select())
        .load(conn)
        .await
}

fn known() -> Vec<&'static str> {
    Timer::ALL.iter().map(|kind| kind.as_str()).collect()
}

/// Takes a due timer away; whoever does that in a transaction does what it is for. `false` when somebody
/// else has it, or when it was moved meanwhile.
pub async fn take(conn: &mut Conn, due: &Row) -> QueryResult<bool> {
    let as_seen = timers::table.find(due.id).filter(timers::due_at.eq(due.due_at));
    Ok(diesel::delete(as_seen).execute(conn).await? == 1)
}

/// Puts off a timer that could not do what it is for.
pub async fn put_off(conn: &mut Conn, due: &Row, until: Timestamp, error: &str) -> QueryResult<()> {
    diesel::update(timers::table.find(due.id).filter(timers::due_at.eq(due.due_at)))
        .set((
            timers::due_at.eq(moment(until)),
            timers::failures.eq(timers::failures + 1),
            timers::error.eq(error),
        ))
        .execute(conn)
        .await
        .map(drop)
}
