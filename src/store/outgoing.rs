//! The mails of ours, newest first, a page at a time: for those who look after the outbox.

use diesel::{
    prelude::*,
    sql_types::{BigInt, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    Conn, Moment, moment,
    outbox::{Line, OutboxState},
    pauses::SERVER,
    schema::{mailboxes, outbox},
};
use crate::domain::{OutboxId, TicketId, words::word};

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// To be sent, and not tried yet.
    Queued,
    /// Tried, and to be tried again.
    Deferred,
    /// Refused for good.
    Failed,
    /// Taken by a server, and come back.
    Bounced,
    /// Not to leave any more.
    Withdrawn,
    /// Taken by a server.
    Sent,
}

word!(Stage, "stage of an outgoing mail", {
    Queued => "queued",
    Deferred => "deferred",
    Failed => "failed",
    Bounced => "bounced",
    Withdrawn => "withdrawn",
    Sent => "sent",
});

impl Stage {
    /// Where a mail stands.
    pub fn of(line: &Line) -> Stage {
        match line.state.0 {
            _ if line.bounced_at.is_some() => Stage::Bounced,
            OutboxState::Waiting if line.attempts > 0 => Stage::Deferred,
            OutboxState::Waiting => Stage::Queued,
            OutboxState::Sent => Stage::Sent,
            OutboxState::Failed => Stage::Failed,
            OutboxState::Withdrawn => Stage::Withdrawn,
        }
    }
}

/// Which mails are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// At this stage.
    pub stage: Option<Stage>,
    /// To this address.
    pub recipient: Option<String>,
    /// About this ticket.
    pub ticket: Option<TicketId>,
}

/// The next of them behind one, newest first.
pub async fn page(
    conn: &mut Conn,
    wanted: &Wanted,
    before: Option<OutboxId>,
    limit: i64,
) -> QueryResult<Vec<Line>> {
    let mut query =
        outbox::table.select(Line::as_select()).order(outbox::id.desc()).limit(limit).into_boxed();
    query = match wanted.stage {
        None => query,
        Some(Stage::Queued) => query.filter(outbox::state.eq("waiting").and(outbox::attempts.eq(0))),
        Some(Stage::Deferred) => query.filter(outbox::state.eq("waiting").and(outbox::attempts.gt(0))),
        Some(Stage::Failed) => query.filter(outbox::state.eq("failed")),
        Some(Stage::Bounced) => query.filter(outbox::bounced_at.is_not_null()),
        Some(Stage::Withdrawn) => query.filter(outbox::state.eq("withdrawn")),
        Some(Stage::Sent) => query.filter(outbox::state.eq("sent").and(outbox::bounced_at.is_null())),
    };
    if let Some(recipient) = &wanted.recipient {
        query = query.filter(outbox::recipient.eq(recipient.clone()));
    }
    if let Some(ticket) = wanted.ticket {
        query = query.filter(outbox::ticket_id.eq(ticket.0));
    }
    if let Some(before) = before {
        query = query.filter(outbox::id.lt(before.0));
    }
    query.load(conn).await
}

/// No more are counted: nobody reads more than that there are many.
pub const MOST_COUNTED: i64 = 1000;

/// How many mails stand where somebody may have to look; one more than [`MOST_COUNTED`] for more than that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, QueryableByName)]
pub struct Counts {
    /// To be sent, not tried yet.
    #[diesel(sql_type = BigInt)]
    pub queued: i64,
    /// To be tried again.
    #[diesel(sql_type = BigInt)]
    pub deferred: i64,
    /// Refused for good.
    #[diesel(sql_type = BigInt)]
    pub failed: i64,
    /// Come back.
    #[diesel(sql_type = BigInt)]
    pub bounced: i64,
    /// Not to leave any more.
    #[diesel(sql_type = BigInt)]
    pub withdrawn: i64,
}

/// How many there are of each, by their indexes. What failed, came back or was withdrawn is never forgotten, so no more
/// than a few of it are looked at.
pub async fn counts(conn: &mut Conn) -> QueryResult<Counts> {
    diesel::sql_query(
        "SELECT (SELECT count(*) FROM (SELECT 1 FROM outbox WHERE state = 'waiting' AND attempts = 0 LIMIT $1) AS few) AS queued, \
                (SELECT count(*) FROM (SELECT 1 FROM outbox WHERE state = 'waiting' AND attempts > 0 LIMIT $1) AS few) AS deferred, \
                (SELECT count(*) FROM (SELECT 1 FROM outbox WHERE state = 'failed' LIMIT $1) AS few) AS failed, \
                (SELECT count(*) FROM (SELECT 1 FROM outbox WHERE bounced_at IS NOT NULL LIMIT $1) AS few) AS bounced, \
                (SELECT count(*) FROM (SELECT 1 FROM outbox WHERE state = 'withdrawn' LIMIT $1) AS few) AS withdrawn",
    )
    .bind::<BigInt, _>(MOST_COUNTED + 1)
    .get_result(conn)
    .await
}

/// The bytes of one mail.
pub async fn bytes(conn: &mut Conn, id: OutboxId) -> QueryResult<Option<Vec<u8>>> {
    outbox::table.find(id.0).select(outbox::bytes).first(conn).await.optional()
}

/// Lets the waiting mails of a mailbox be tried at once: to one domain, or to all where it is the [`SERVER`]. How many.
pub async fn hurry(conn: &mut Conn, mailbox: &str, domain: &str, now: Timestamp) -> QueryResult<usize> {
    let of_mailbox = mailboxes::table.filter(mailboxes::name.eq(mailbox)).select(mailboxes::id);
    let until = outbox::leased_until.assume_not_null();
    let free = outbox::leased_until.is_null().or(until.lt(moment(now)));
    let waiting = outbox::state.eq("waiting").and(outbox::mailbox_id.eq_any(of_mailbox));
    let theirs = outbox::recipient_domain.eq(domain).or(domain.to_owned().into_sql::<Text>().eq(SERVER));
    diesel::update(outbox::table.filter(waiting.and(theirs)).filter(free))
        .set((outbox::due_at.eq(moment(now)), outbox::leased_until.eq(None::<Moment>)))
        .execute(conn)
        .await
}

/// How many mails came in and went out by a mailbox since a moment.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct Traffic {
    /// The name of the mailbox.
    #[diesel(sql_type = Text)]
    pub mailbox: String,
    /// Came in.
    #[diesel(sql_type = BigInt)]
    pub received: i64,
    /// Went out.
    #[diesel(sql_type = BigInt)]
    pub sent: i64,
    /// Wait to be processed.
    #[diesel(sql_type = BigInt)]
    pub waiting: i64,
    /// Wait to be sent.
    #[diesel(sql_type = BigInt)]
    pub to_send: i64,
}

/// The traffic of each mailbox, under all places that it was ever read from.
pub async fn traffic(conn: &mut Conn, since: Timestamp) -> QueryResult<Vec<Traffic>> {
    diesel::sql_query(
        "SELECT name AS mailbox, \
                sum((SELECT count(*) FROM inbound WHERE mailbox_id = mailboxes.id AND stored_at >= $1))::bigint AS received, \
                sum((SELECT count(*) FROM outbox WHERE mailbox_id = mailboxes.id AND sent_at >= $1))::bigint AS sent, \
                sum((SELECT count(*) FROM inbound WHERE mailbox_id = mailboxes.id AND state = 'waiting'))::bigint AS waiting, \
                sum((SELECT count(*) FROM outbox WHERE mailbox_id = mailboxes.id AND state = 'waiting'))::bigint AS to_send \
         FROM mailboxes GROUP BY name ORDER BY name",
    )
    .bind::<Timestamptz, _>(moment(since))
    .load(conn)
    .await
}
