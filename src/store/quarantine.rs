//! Mails that could not be made into tickets, and wait for a person.

use diesel::{
    prelude::*,
    sql_types::{Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    Conn, Moment,
    inbound::{Line, Outcome},
    moment,
    schema::{alarms, inbound},
};
use crate::domain::{InboundId, words::word};

/// What staff were told of, among the [`alarms`](super::alarms): this and the mail's number.
const TOLD: &str = "quarantined ";

/// Why a mail failed, as a word; the error beside it is a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Reading it took longer than it may.
    TookTooLong,
    /// It is larger than any mail may be.
    TooLarge,
    /// It made a library panic.
    ReaderPanicked,
    /// The database refused what was made of it.
    RefusedByDatabase,
    /// The process, or its connection, ended again and again while at work on it.
    CutShort,
    /// It was read, and could not be processed.
    NotProcessed,
}

word!(Cause, "cause of quarantine", {
    TookTooLong => "took-too-long",
    TooLarge => "too-large",
    ReaderPanicked => "reader-panicked",
    RefusedByDatabase => "refused-by-database",
    CutShort => "cut-short",
    NotProcessed => "not-processed",
});

/// A mail in quarantine or discarded, locked until the transaction ends. `None` when it
/// stands elsewhere.
pub async fn lock(conn: &mut Conn, id: InboundId) -> QueryResult<Option<Line>> {
    inbound::table
        .find(id.0)
        .filter(inbound::state.eq_any(["quarantined", "discarded"]))
        .for_update()
        .select(Line::as_select())
        .first(conn)
        .await
        .optional()
}

/// Finishes a mail that a person made something of; to be locked by [`lock`].
pub async fn finish(conn: &mut Conn, id: InboundId, outcome: &Outcome, now: Timestamp) -> QueryResult<()> {
    diesel::update(inbound::table.find(id.0))
        .set((
            inbound::state.eq("done"),
            inbound::outcome.eq(outcome.word),
            inbound::why.eq(serde_json::json!(outcome.why)),
            inbound::ticket_id.eq(outcome.ticket.map(|id| id.0)),
            inbound::message_id.eq(outcome.message.map(|id| id.0)),
            inbound::leased_until.eq(None::<Moment>),
            inbound::done_at.eq(moment(now)),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// How many mails are in quarantine, by their cause.
pub async fn by_cause(conn: &mut Conn) -> QueryResult<Vec<(String, i64)>> {
    let causes: Vec<(Option<String>, i64)> = inbound::table
        .filter(inbound::state.eq("quarantined"))
        .group_by(inbound::cause)
        .select((inbound::cause, diesel::dsl::count_star()))
        .load(conn)
        .await?;
    Ok(causes.into_iter().map(|(cause, count)| (cause.unwrap_or_else(|| "failed".into()), count)).collect())
}

/// Whether there are mails in quarantine that staff were not told of.
pub async fn any_untold(conn: &mut Conn) -> QueryResult<bool> {
    let told = alarms::table.select(alarms::topic).filter(alarms::topic.like(format!("{TOLD}%")));
    let told: Vec<String> = told.load(conn).await?;
    let ids: Vec<i64> =
        inbound::table.filter(inbound::state.eq("quarantined")).select(inbound::id).load(conn).await?;
    let told: std::collections::HashSet<String> = told.into_iter().collect();
    Ok(ids.into_iter().any(|id| !told.contains(&format!("{TOLD}{id}"))))
}

/// Staff were told of all mails in quarantine.
pub async fn all_told(conn: &mut Conn, now: Timestamp) -> QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO alarms (topic, told_at) SELECT $1 || id, $2 FROM inbound WHERE state = 'quarantined' \
         ON CONFLICT (topic) DO UPDATE SET told_at = excluded.told_at",
    )
    .bind::<Text, _>(TOLD)
    .bind::<Timestamptz, _>(moment(now))
    .execute(conn)
    .await
    .map(drop)
}
