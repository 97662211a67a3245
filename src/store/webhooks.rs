//! What pagers are to be told by HTTP.

use std::time::Duration;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    Conn, Moment, Stored, latest_end, moment,
    schema::{incidents, webhooks},
};
use crate::domain::{TicketId, words::word};

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookState {
    /// To be sent, now or when it is due.
    Waiting,
    /// The receiver took it.
    Sent,
    /// Given up.
    Failed,
}

word!(WebhookState, "state of a webhook", {
    Waiting => "waiting",
    Sent => "sent",
    Failed => "failed",
});

/// One request.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = webhooks, check_for_backend(diesel::pg::Pg))]
pub struct Webhook {
    /// Its row.
    pub id: i64,
    /// What it tells, once.
    pub key: String,
    ticket_id: i64,
    /// JSON.
    pub payload: String,
    /// How far it is.
    pub state: Stored<WebhookState>,
    /// How often it was tried.
    pub attempts: i32,
    /// When it is next due.
    pub due_at: Moment,
    /// What the receiver, or the way to it, last said.
    pub last_answer: Option<String>,
    /// When it was queued.
    pub created_at: Moment,
}

impl Webhook {
    /// About which ticket.
    pub fn ticket(&self) -> TicketId {
        TicketId(self.ticket_id)
    }
}

/// Queues a request, in the transaction of what it tells. What was told under this key before is not told again.
pub async fn queue(
    conn: &mut Conn,
    key: &str,
    ticket: TicketId,
    payload: &str,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(webhooks::table)
        .values((
            webhooks::key.eq(key),
            webhooks::ticket_id.eq(ticket.0),
            webhooks::payload.eq(payload),
            webhooks::due_at.eq(moment(now)),
            webhooks::created_at.eq(moment(now)),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await
        .map(drop)
}

/// Takes what is due first, for so long. About one ticket the later waits for the earlier.
pub async fn lease(conn: &mut Conn, now: Timestamp, time: Duration) -> QueryResult<Option<Webhook>> {
    let earlier = diesel::alias!(webhooks as earlier);
    let before = earlier
        .filter(earlier.field(webhooks::state).eq("waiting"))
        .filter(earlier.field(webhooks::ticket_id).eq(webhooks::ticket_id))
        .filter(earlier.field(webhooks::id).lt(webhooks::id));
    let until = webhooks::leased_until;
    // A lease from before the clock was set back ends as well.
    let free = until
        .is_null()
        .or(until.assume_not_null().lt(moment(now)))
        .or(until.assume_not_null().gt(latest_end(now, time)));
    let due: Option<i64> = webhooks::table
        .filter(webhooks::state.eq("waiting").and(webhooks::due_at.le(moment(now))))
        .filter(free)
        .filter(diesel::dsl::not(diesel::dsl::exists(before)))
        .order(webhooks::due_at)
        .select(webhooks::id)
        .for_no_key_update()
        .skip_locked()
        .first(conn)
        .await
        .optional()?;
    let Some(id) = due else { return Ok(None) };
    diesel::update(webhooks::table.find(id))
        .set((webhooks::leased_until.eq(moment(now + time)), webhooks::attempts.eq(webhooks::attempts + 1)))
        .returning(Webhook::as_returning())
        .get_result(conn)
        .await
        .map(Some)
}

/// The receiver took it.
pub async fn sent(conn: &mut Conn, id: i64, answer: &str, now: Timestamp) -> QueryResult<()> {
    diesel::update(webhooks::table.find(id))
        .set((
            webhooks::state.eq(Stored(WebhookState::Sent)),
            webhooks::last_answer.eq(answer),
            webhooks::leased_until.eq(None::<Moment>),
            webhooks::sent_at.eq(moment(now)),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// It is tried again then, or given up where there is no such time. What somebody else had taken meanwhile stays so.
pub async fn put_off(conn: &mut Conn, id: i64, answer: &str, again: Option<Timestamp>) -> QueryResult<()> {
    let state = if again.is_some() { WebhookState::Waiting } else { WebhookState::Failed };
    diesel::update(webhooks::table.find(id).filter(webhooks::state.eq(Stored(WebhookState::Waiting))))
        .set((
            webhooks::state.eq(Stored(state)),
            webhooks::last_answer.eq(answer),
            webhooks::leased_until.eq(None::<Moment>),
            again.map(|again| webhooks::due_at.eq(moment(again))),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// Forgets what was queued before then and waits no more, save what is about an incident that lasts: nothing of one is told
/// twice.
pub async fn forget(conn: &mut Conn, before: Timestamp) -> QueryResult<()> {
    let lasting = incidents::table.filter(incidents::ended_at.is_null()).select(incidents::ticket_id);
    let over = webhooks::state.ne("waiting").and(webhooks::created_at.lt(moment(before)));
    diesel::delete(webhooks::table.filter(over.and(webhooks::ticket_id.ne_all(lasting))))
        .execute(conn)
        .await
        .map(drop)
}

/// What was told about a ticket, in order.
pub async fn of(conn: &mut Conn, ticket: TicketId) -> QueryResult<Vec<Webhook>> {
    webhooks::table
        .filter(webhooks::ticket_id.eq(ticket.0))
        .order(webhooks::id)
        .select(Webhook::as_select())
        .load(conn)
        .await
}
