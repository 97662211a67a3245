//! The ledger: raw mails, committed before anything else happens to them.

mod queue;

use std::collections::HashMap;

use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Jsonb, Nullable, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    Conn, Moment, moment,
    quarantine::Cause,
    schema::{inbound, mailboxes},
};
use crate::domain::{InboundId, MailboxId, MessageRowId, TicketId, words::word};

pub use queue::{
    CRASHES, Earlier, Leased, TRIES, earlier, fail, hand_back, lease, lease_one, put_off, quarantine_crashers,
};

/// Where a raw mail stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InboundState {
    /// To be processed.
    Waiting,
    /// Processed; the outcome says into what.
    Done,
    /// Failed too often; a person decides.
    Quarantined,
    /// A person decided that nothing is to be made of it.
    Discarded,
}

word!(InboundState, "state of a raw mail", {
    Waiting => "waiting",
    Done => "done",
    Quarantined => "quarantined",
    Discarded => "discarded",
});

/// A mail as the server handed it over.
#[derive(Clone, Debug)]
pub struct RawMail {
    /// UID under the folder's UIDVALIDITY; `None` for a piped mail.
    pub uid: Option<u32>,
    /// INTERNALDATE.
    pub received: Option<Timestamp>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Writes raw mails in one statement. Those whose key is already there are left
/// alone, so that a repeat changes nothing. Returns the new rows.
pub async fn store(
    conn: &mut Conn,
    mailbox: MailboxId,
    uidvalidity: Option<u32>,
    mails: &[RawMail],
    now: Timestamp,
) -> QueryResult<Vec<InboundId>> {
    let rows: Vec<_> = mails
        .iter()
        .map(|mail| {
            (
                inbound::mailbox_id.eq(mailbox.0),
                inbound::uidvalidity.eq(mail.uid.and(uidvalidity).map(i64::from)),
                inbound::uid.eq(mail.uid.map(i64::from)),
                inbound::received_at.eq(mail.received.map(moment)),
                inbound::stored_at.eq(moment(now)),
                inbound::size_bytes.eq(mail.bytes.len() as i64),
                inbound::sha256.eq(Sha256::digest(&mail.bytes).to_vec()),
                inbound::raw.eq(mail.bytes.as_slice()),
                inbound::due_at.eq(moment(now)),
            )
        })
        .collect();
    let ids: Vec<i64> = diesel::insert_into(inbound::table)
        .values(&rows)
        .on_conflict_do_nothing()
        .returning(inbound::id)
        .get_results(conn)
        .await?;
    Ok(ids.into_iter().map(InboundId).collect())
}

/// Finishes those of these fresh mails whose very bytes made an entry before: they
/// are duplicates, also when this version reads them otherwise than the one that
/// made the entry. In the transaction that stored them, so that nobody else finished one.
pub async fn settle_twins(conn: &mut Conn, fresh: &[InboundId], now: Timestamp) -> QueryResult<()> {
    let (new, old) = diesel::alias!(inbound as new, inbound as old);
    let ids: Vec<i64> = fresh.iter().map(|id| id.0).collect();
    let twins: Vec<(i64, Option<i64>, Option<i64>)> = new
        .inner_join(old.on(old.field(inbound::sha256).eq(new.field(inbound::sha256))))
        .filter(new.field(inbound::id).eq_any(ids))
        .filter(old.field(inbound::state).eq("done"))
        .filter(old.field(inbound::message_id).is_not_null())
        .select((new.field(inbound::id), old.field(inbound::ticket_id), old.field(inbound::message_id)))
        .order((new.field(inbound::id), old.field(inbound::id)))
        .distinct_on(new.field(inbound::id))
        .load(conn)
        .await?;
    if twins.is_empty() {
        return Ok(());
    }
    let duplicate = |(id, ticket, message): (i64, Option<i64>, Option<i64>)| {
        let outcome = Outcome {
            word: "duplicate",
            why: vec!["The same bytes came before and made an entry; it came twice.".to_owned()],
            ticket: ticket.map(TicketId),
            message: message.map(MessageRowId),
        };
        (InboundId(id), outcome)
    };
    let outcomes: Vec<_> = twins.into_iter().map(duplicate).collect();
    finish(conn, &outcomes, now).await.map(drop)
}

/// The UIDs of a folder that are committed, of those given.
pub async fn stored_uids(
    conn: &mut Conn,
    mailbox: MailboxId,
    uidvalidity: u32,
    uids: &[u32],
) -> QueryResult<Vec<u32>> {
    let wanted: Vec<i64> = uids.iter().copied().map(i64::from).collect();
    let found: Vec<Option<i64>> = inbound::table
        .filter(inbound::mailbox_id.eq(mailbox.0))
        .filter(inbound::uidvalidity.eq(i64::from(uidvalidity)))
        .filter(inbound::uid.eq_any(wanted))
        .select(inbound::uid)
        .load(conn)
        .await?;
    Ok(found.into_iter().flatten().filter_map(|uid| u32::try_from(uid).ok()).collect())
}

/// UIDs that are committed but not yet marked on the server, oldest first.
pub async fn unmarked(
    conn: &mut Conn,
    mailbox: MailboxId,
    uidvalidity: u32,
    limit: i64,
) -> QueryResult<Vec<u32>> {
    let found: Vec<Option<i64>> = inbound::table
        .filter(inbound::mailbox_id.eq(mailbox.0))
        .filter(inbound::uidvalidity.eq(i64::from(uidvalidity)))
        .filter(inbound::uid.is_not_null())
        .filter(inbound::marked_at.is_null())
        .order(inbound::uid)
        .limit(limit)
        .select(inbound::uid)
        .load(conn)
        .await?;
    Ok(found.into_iter().flatten().filter_map(|uid| u32::try_from(uid).ok()).collect())
}

/// Records that these were marked on the server.
pub async fn mark(
    conn: &mut Conn,
    mailbox: MailboxId,
    uidvalidity: u32,
    uids: &[u32],
    now: Timestamp,
) -> QueryResult<()> {
    let uids: Vec<i64> = uids.iter().copied().map(i64::from).collect();
    diesel::update(inbound::table)
        .filter(inbound::mailbox_id.eq(mailbox.0))
        .filter(inbound::uidvalidity.eq(i64::from(uidvalidity)))
        .filter(inbound::uid.eq_any(uids))
        .set(inbound::marked_at.eq(moment(now)))
        .execute(conn)
        .await
        .map(drop)
}

/// What became of a mail.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// One word: `opened`, `joined`, `noted`, `answer`, `duplicate`, `bounce`, `set-aside`.
    pub word: &'static str,
    /// The reasons, as sentences in order.
    pub why: Vec<String>,
    /// The ticket it went to.
    pub ticket: Option<TicketId>,
    /// The entry it made.
    pub message: Option<MessageRowId>,
}

/// Finishes mails, in the transaction that made their tickets. `false` when one was
/// finished before, by somebody who took the lease over; then the caller undoes.
pub async fn finish(conn: &mut Conn, outcomes: &[(InboundId, Outcome)], now: Timestamp) -> QueryResult<bool> {
    let each = || outcomes.iter().map(|(_, outcome)| outcome);
    let moved = diesel::sql_query(
        "UPDATE inbound SET state = 'done', outcome = became.outcome, why = became.why,
                ticket_id = became.ticket_id, message_id = became.message_id,
                error = NULL, cause = NULL, leased_until = NULL, done_at = $6
         FROM unnest($1, $2, $3, $4, $5) AS became (id, outcome, why, ticket_id, message_id)
         WHERE inbound.id = became.id AND inbound.state = 'waiting'",
    )
    .bind::<Array<BigInt>, _>(outcomes.iter().map(|(id, _)| id.0).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(each().map(|outcome| outcome.word).collect::<Vec<_>>())
    .bind::<Array<Jsonb>, _>(each().map(|outcome| serde_json::json!(outcome.why)).collect::<Vec<_>>())
    .bind::<Array<Nullable<BigInt>>, _>(
        each().map(|outcome| outcome.ticket.map(|id| id.0)).collect::<Vec<_>>(),
    )
    .bind::<Array<Nullable<BigInt>>, _>(
        each().map(|outcome| outcome.message.map(|id| id.0)).collect::<Vec<_>>(),
    )
    .bind::<Timestamptz, _>(moment(now))
    .execute(conn)
    .await?;
    Ok(moved == outcomes.len())
}

/// Sends a mail through the pipeline again. `false` when it is not quarantined
/// or discarded: what is done stays done.
pub async fn retry(conn: &mut Conn, id: InboundId, now: Timestamp) -> QueryResult<bool> {
    let moved = diesel::update(inbound::table.find(id.0))
        .filter(inbound::state.eq_any(["quarantined", "discarded"]))
        .set((
            inbound::state.eq("waiting"),
            inbound::attempts.eq(0),
            inbound::failures.eq(0),
            inbound::put_off.eq(0),
            inbound::leased_by.eq(None::<String>),
            inbound::leased_until.eq(None::<Moment>),
            inbound::due_at.eq(moment(now)),
        ))
        .execute(conn)
        .await?;
    Ok(moved == 1)
}

/// A ledger row without its bytes.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = inbound, check_for_backend(diesel::pg::Pg))]
pub struct Line {
    /// Which.
    #[diesel(deserialize_as = i64)]
    pub id: InboundId,
    /// The mailbox it came into.
    #[diesel(deserialize_as = i64)]
    pub mailbox_id: MailboxId,
    /// Its UID there, unless it was piped in.
    pub uid: Option<i64>,
    /// When its bytes were committed.
    pub stored_at: Moment,
    /// How many bytes.
    pub size_bytes: i64,
    /// Where it stands.
    pub state: super::Stored<InboundState>,
    /// How often it was tried.
    pub attempts: i32,
    /// What became of it.
    pub outcome: Option<String>,
    /// Why.
    pub why: Value,
    /// What went wrong the last time.
    pub error: Option<String>,
    /// The same as a word.
    pub cause: Option<super::Stored<Cause>>,
    /// The ticket it went to.
    pub ticket_id: Option<i64>,
}

/// The newest rows, in one state or in all.
pub async fn list(conn: &mut Conn, state: Option<InboundState>, limit: i64) -> QueryResult<Vec<Line>> {
    let mut query = inbound::table.select(Line::as_select()).into_boxed();
    if let Some(state) = state {
        query = query.filter(inbound::state.eq(super::Stored(state)));
    }
    query.order(inbound::id.desc()).limit(limit).load(conn).await
}

/// One row.
pub async fn find(conn: &mut Conn, id: InboundId) -> QueryResult<Option<Line>> {
    inbound::table.find(id.0).select(Line::as_select()).first(conn).await.optional()
}

/// The bytes of one row.
pub async fn raw(conn: &mut Conn, id: InboundId) -> QueryResult<Option<Vec<u8>>> {
    inbound::table.find(id.0).select(inbound::raw).first(conn).await.optional()
}

/// The bytes of these rows.
pub async fn raws(conn: &mut Conn, ids: &[InboundId]) -> QueryResult<HashMap<InboundId, Vec<u8>>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<(i64, Vec<u8>)> =
        inbound::table.filter(inbound::id.eq_any(ids)).select((inbound::id, inbound::raw)).load(conn).await?;
    Ok(rows.into_iter().map(|(id, raw)| (InboundId(id), raw)).collect())
}

/// Decides that nothing is to be made of a quarantined mail; its bytes stay.
/// `false` when it is not in quarantine.
pub async fn discard(conn: &mut Conn, id: InboundId, reason: &str) -> QueryResult<bool> {
    let moved = diesel::update(inbound::table.find(id.0).filter(inbound::state.eq("quarantined")))
        .set((inbound::state.eq("discarded"), inbound::why.eq(serde_json::json!([reason]))))
        .execute(conn)
        .await?;
    Ok(moved == 1)
}

/// How many mails wait, and how many are in quarantine.
pub async fn backlog(conn: &mut Conn) -> QueryResult<(i64, i64)> {
    let count = |state: &'static str| inbound::table.filter(inbound::state.eq(state)).count();
    Ok((count("waiting").get_result(conn).await?, count("quarantined").get_result(conn).await?))
}

/// How many mails wait, for each mailbox by its name.
pub async fn waiting(conn: &mut Conn) -> QueryResult<Vec<(String, i64)>> {
    inbound::table
        .inner_join(mailboxes::table)
        .filter(inbound::state.eq("waiting"))
        .group_by(mailboxes::name)
        .select((mailboxes::name, diesel::dsl::count_star()))
        .load(conn)
        .await
}
