//! Finished mails on their way out.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    Conn, Moment, Stored, moment,
    schema::{mailboxes, outbox},
};
use crate::{
    domain::{EmailAddress, MailboxId, MessageId, OutboxId, TicketId, Word, words::word},
    ticket::{Audience, Notice},
};

/// Where a mail of ours stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutboxState {
    /// To be sent, now or at its due time.
    Waiting,
    /// A server took it.
    Sent,
    /// A server refused it for good.
    Failed,
    /// It was not to leave any more.
    Withdrawn,
}

word!(OutboxState, "state of an outgoing mail", {
    Waiting => "waiting",
    Sent => "sent",
    Failed => "failed",
    Withdrawn => "withdrawn",
});

/// A finished mail to be queued.
#[derive(Clone, Debug)]
pub struct NewItem {
    /// The mailbox it is sent for.
    pub mailbox: MailboxId,
    /// The ticket it is about; none for a word about the desk as a whole.
    pub ticket: Option<TicketId>,
    /// The occasion.
    pub notice: Notice,
    /// To whom, one each.
    pub recipient: EmailAddress,
    /// Whom failures are told.
    pub envelope_from: EmailAddress,
    /// Its Message-ID.
    pub header_id: MessageId,
    /// The bytes, headers and all.
    pub bytes: Vec<u8>,
}

/// Queues mails, in the transaction of the change they announce.
pub async fn queue(conn: &mut Conn, new: Vec<NewItem>, now: Timestamp) -> QueryResult<()> {
    let row = |new: NewItem| {
        (
            outbox::mailbox_id.eq(new.mailbox.0),
            outbox::ticket_id.eq(new.ticket.map(|ticket| ticket.0)),
            outbox::notice.eq(Stored(new.notice)),
            outbox::automatic.eq(!new.notice.is_correspondence()),
            outbox::recipient.eq(new.recipient.as_str().to_owned()),
            outbox::envelope_from.eq(new.envelope_from.as_str().to_owned()),
            outbox::header_id.eq(new.header_id.as_str().to_owned()),
            outbox::bytes.eq(new.bytes),
            outbox::due_at.eq(moment(now)),
            outbox::created_at.eq(moment(now)),
        )
    };
    let rows: Vec<_> = new.into_iter().map(row).collect();
    diesel::insert_into(outbox::table).values(rows).execute(conn).await.map(drop)
}

/// Keeps whatever people outside were to get about a ticket from leaving, save what is being sent at this moment. The
/// notices that stay here.
pub async fn withdraw(conn: &mut Conn, ticket: TicketId, now: Timestamp) -> QueryResult<Vec<Notice>> {
    let outside = Notice::ALL.iter().filter(|notice| !notice.is_for_staff()).map(|notice| notice.as_str());
    let until = outbox::leased_until.assume_not_null();
    let free = outbox::leased_until.is_null().or(until.lt(moment(now)));
    let waiting = outbox::ticket_id.eq(ticket.0).and(outbox::state.eq("waiting"));
    let withdrawn: Vec<Stored<Notice>> = diesel::update(outbox::table.filter(waiting).filter(free))
        .filter(outbox::notice.eq_any(outside))
        .set((outbox::state.eq(Stored(OutboxState::Withdrawn)), outbox::leased_until.eq(None::<Moment>)))
        .returning(outbox::notice)
        .get_results(conn)
        .await?;
    Ok(withdrawn.into_iter().map(|stored| stored.0).collect())
}

/// What was kept back about a ticket leaves after all; how many mails.
pub async fn send_after_all(conn: &mut Conn, ticket: TicketId, now: Timestamp) -> QueryResult<usize> {
    let kept = outbox::ticket_id.eq(ticket.0).and(outbox::state.eq(Stored(OutboxState::Withdrawn)));
    diesel::update(outbox::table.filter(kept))
        .set((outbox::state.eq(Stored(OutboxState::Waiting)), outbox::due_at.eq(moment(now))))
        .execute(conn)
        .await
}

/// Sends a failed or waiting mail now. `false` when it was sent or withdrawn already, or is
/// being sent at this moment.
pub async fn retry(conn: &mut Conn, id: OutboxId, now: Timestamp) -> QueryResult<bool> {
    let until = outbox::leased_until.assume_not_null();
    let free = outbox::leased_until.is_null().or(until.lt(moment(now)));
    let open = outbox::table.find(id.0).filter(outbox::state.eq_any(["waiting", "failed"]));
    let moved = diesel::update(open.filter(free))
        .set((
            outbox::state.eq("waiting"),
            outbox::attempts.eq(0),
            outbox::due_at.eq(moment(now)),
            outbox::leased_until.eq(None::<Moment>),
        ))
        .execute(conn)
        .await?;
    Ok(moved == 1)
}

/// How many automatic mails went to these addresses as customers' since then. Who got
/// none is not in it.
pub async fn automatic_since(
    conn: &mut Conn,
    recipients: &[&EmailAddress],
    since: Timestamp,
) -> QueryResult<HashMap<String, i64>> {
    let recipients: Vec<&str> = recipients.iter().map(|address| address.as_str()).collect();
    let counts: Vec<(String, i64)> = outbox::table
        .filter(outbox::automatic.eq(true))
        .filter(outbox::recipient.eq_any(recipients))
        .filter(outbox::created_at.ge(moment(since)))
        .filter(outbox::notice.eq_any(Notice::ALL.iter().filter(for_customers).map(|notice| notice.as_str())))
        .group_by(outbox::recipient)
        .select((outbox::recipient, diesel::dsl::count_star()))
        .load(conn)
        .await?;
    Ok(counts.into_iter().collect())
}

fn for_customers(notice: &&Notice) -> bool {
    notice.audience() == Audience::Requester
}

/// For each of these addresses, how many automatic mails about a ticket it got since
/// then, and how many about anything. Who got none is not in it.
pub async fn automatic_counts(
    conn: &mut Conn,
    ticket: TicketId,
    recipients: &[&EmailAddress],
    since: Timestamp,
) -> QueryResult<HashMap<String, (i64, i64)>> {
    use diesel::dsl::{count, count_star};
    let recipients: Vec<&str> = recipients.iter().map(|address| address.as_str()).collect();
    let about_it = outbox::ticket_id.assume_not_null().eq(ticket.0);
    let counts: Vec<(String, i64, i64)> = outbox::table
        .filter(outbox::automatic.eq(true))
        .filter(outbox::recipient.eq_any(recipients))
        .filter(outbox::created_at.ge(moment(since)))
        .group_by(outbox::recipient)
        .select((outbox::recipient, count(outbox::id).aggregate_filter(about_it), count_star()))
        .load(conn)
        .await?;
    Ok(counts.into_iter().map(|(recipient, about_it, all)| (recipient, (about_it, all))).collect())
}

/// A mail of ours without its bytes.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = outbox, check_for_backend(diesel::pg::Pg))]
pub struct Line {
    /// Which.
    #[diesel(deserialize_as = i64)]
    pub id: OutboxId,
    /// The mailbox it is sent for.
    pub mailbox_id: i64,
    /// The ticket it is about; none for a word about the desk as a whole.
    pub ticket_id: Option<i64>,
    /// No person wrote it.
    pub automatic: bool,
    /// The occasion.
    pub notice: Stored<Notice>,
    /// To whom.
    pub recipient: String,
    /// Its Message-ID without angle brackets.
    pub header_id: String,
    /// Where it stands.
    pub state: Stored<OutboxState>,
    /// How often it was tried.
    pub attempts: i32,
    /// When it is next due.
    pub due_at: Moment,
    /// What the relay last said.
    pub last_reply: Option<String>,
    /// When a bounce for it came back.
    pub bounced_at: Option<Moment>,
    /// When it was queued.
    pub created_at: Moment,
    /// When it was taken.
    pub sent_at: Option<Moment>,
}

/// The newest mails of ours, in one state or in all.
pub async fn list(conn: &mut Conn, state: Option<OutboxState>, limit: i64) -> QueryResult<Vec<Line>> {
    let mut query = outbox::table.select(Line::as_select()).into_boxed();
    if let Some(state) = state {
        query = query.filter(outbox::state.eq(Stored(state)));
    }
    query.order(outbox::id.desc()).limit(limit).load(conn).await
}

/// One of them.
pub async fn line(conn: &mut Conn, id: OutboxId) -> QueryResult<Option<Line>> {
    outbox::table.find(id.0).select(Line::as_select()).first(conn).await.optional()
}

/// The waiting mails that come after an earlier one to the same reader about the same
/// ticket. One of these `held` notices holds up nobody.
pub async fn behind_others(conn: &mut Conn, held: &[Notice]) -> QueryResult<Vec<i64>> {
    let (earlier, held) = (diesel::alias!(outbox as earlier), held.iter().map(|notice| notice.as_str()));
    let before = earlier
        .filter(earlier.field(outbox::state).eq("waiting"))
        .filter(earlier.field(outbox::ticket_id).eq(outbox::ticket_id))
        .filter(earlier.field(outbox::recipient).eq(outbox::recipient))
        .filter(earlier.field(outbox::notice).ne_all(held.collect::<Vec<_>>()))
        .filter(earlier.field(outbox::id).lt(outbox::id));
    let waiting = outbox::table.filter(outbox::state.eq("waiting"));
    waiting.filter(diesel::dsl::exists(before)).select(outbox::id).load(conn).await
}

/// The mail of ours about a ticket with one of these ids.
pub async fn by_header_ids(conn: &mut Conn, ids: &[MessageId]) -> QueryResult<Option<Line>> {
    let ids: Vec<&str> = ids.iter().map(MessageId::as_str).collect();
    outbox::table
        .filter(outbox::header_id.eq_any(ids).and(outbox::ticket_id.is_not_null()))
        .order(outbox::id.desc())
        .select(Line::as_select())
        .first(conn)
        .await
        .optional()
}

/// The mails of ours about a ticket with one of these ids that went to this address, the newest first.
pub async fn sent_to(
    conn: &mut Conn,
    ids: &[MessageId],
    ticket: TicketId,
    recipient: &EmailAddress,
) -> QueryResult<Vec<Line>> {
    let ids: Vec<&str> = ids.iter().map(MessageId::as_str).collect();
    outbox::table
        .filter(outbox::header_id.eq_any(ids).and(outbox::ticket_id.eq(ticket.0)))
        .filter(outbox::recipient.eq(recipient.as_str()))
        .order(outbox::id.desc())
        .select(Line::as_select())
        .load(conn)
        .await
}

/// The mails of ours about a ticket to people outside, behind this one: whom they went to, in order.
pub async fn to_customers_since(
    conn: &mut Conn,
    ticket: TicketId,
    last: OutboxId,
) -> QueryResult<Vec<String>> {
    outbox::table
        .filter(outbox::ticket_id.eq(ticket.0).and(outbox::id.gt(last.0)))
        .filter(outbox::notice.eq_any(Notice::ALL.iter().filter(for_customers).map(|notice| notice.as_str())))
        .order(outbox::id)
        .select(outbox::recipient)
        .load(conn)
        .await
}

/// The newest mail of ours about a ticket; 0 when there is none.
pub async fn newest_about(conn: &mut Conn, ticket: TicketId) -> QueryResult<OutboxId> {
    let of_ticket = outbox::table.filter(outbox::ticket_id.eq(ticket.0));
    let newest: Option<i64> = of_ticket.select(diesel::dsl::max(outbox::id)).first(conn).await?;
    Ok(OutboxId(newest.unwrap_or_default()))
}

/// The bytes of the mails of ours with these ids, by id.
pub async fn bytes_of(conn: &mut Conn, ids: &[&MessageId]) -> QueryResult<Vec<(String, Vec<u8>)>> {
    let ids = ids.iter().map(|id| id.as_str());
    let ours = outbox::table.filter(outbox::header_id.eq_any(ids));
    ours.select((outbox::header_id, outbox::bytes)).load(conn).await
}

/// The last mail of ours on a ticket to an address.
pub async fn last_to(
    conn: &mut Conn,
    ticket: TicketId,
    recipient: &EmailAddress,
) -> QueryResult<Option<Line>> {
    outbox::table
        .filter(outbox::ticket_id.eq(ticket.0).and(outbox::recipient.eq(recipient.as_str())))
        .order(outbox::id.desc())
        .select(Line::as_select())
        .first(conn)
        .await
        .optional()
}

/// The newest of our mails of these notices to an address that has one of these ids.
pub async fn of_notices(
    conn: &mut Conn,
    notices: &[Notice],
    ids: &[MessageId],
    recipient: &EmailAddress,
) -> QueryResult<Option<Line>> {
    let ids: Vec<&str> = ids.iter().map(MessageId::as_str).collect();
    outbox::table
        .filter(outbox::header_id.eq_any(ids).and(outbox::recipient.eq(recipient.as_str())))
        .filter(outbox::notice.eq_any(words(notices)))
        .order(outbox::id.desc())
        .select(Line::as_select())
        .first(conn)
        .await
        .optional()
}

/// The last of our mails of these notices, about no ticket, to an address.
pub async fn last_about_no_ticket(
    conn: &mut Conn,
    notices: &[Notice],
    recipient: &EmailAddress,
) -> QueryResult<Option<Line>> {
    outbox::table
        .filter(outbox::ticket_id.is_null().and(outbox::recipient.eq(recipient.as_str())))
        .filter(outbox::notice.eq_any(words(notices)))
        .order(outbox::id.desc())
        .select(Line::as_select())
        .first(conn)
        .await
        .optional()
}

fn words(notices: &[Notice]) -> Vec<&'static str> {
    notices.iter().map(|notice| notice.as_str()).collect()
}

/// The ids of the mails of these notices about a ticket to an address, oldest first: the first and the newest twenty.
pub async fn ids_to(
    conn: &mut Conn,
    ticket: TicketId,
    recipient: &EmailAddress,
    notices: &[Notice],
) -> QueryResult<Vec<String>> {
    let mut ids: Vec<String> = outbox::table
        .filter(outbox::ticket_id.eq(ticket.0).and(outbox::recipient.eq(recipient.as_str())))
        .filter(outbox::notice.eq_any(words(notices)))
        .order(outbox::id)
        .select(outbox::header_id)
        .load(conn)
        .await?;
    if ids.len() > MOST_IDS + 1 {
        ids.drain(1..ids.len() - MOST_IDS);
    }
    Ok(ids)
}

/// More of them make a References field longer and no thread better.
const MOST_IDS: usize = 20;

/// Records that a bounce for it came back.
pub async fn bounced(conn: &mut Conn, id: OutboxId, now: Timestamp) -> QueryResult<()> {
    diesel::update(outbox::table.find(id.0))
        .set(outbox::bounced_at.eq(moment(now)))
        .execute(conn)
        .await
        .map(drop)
}

/// How many mails wait, for each mailbox by its name.
pub async fn waiting(conn: &mut Conn) -> QueryResult<Vec<(String, i64)>> {
    outbox::table
        .inner_join(mailboxes::table)
        .filter(outbox::state.eq("waiting"))
        .group_by(mailboxes::name)
        .select((mailboxes::name, diesel::dsl::count_star()))
        .load(conn)
        .await
}

/// How many mails failed for good.
pub async fn failed_count(conn: &mut Conn) -> QueryResult<i64> {
    outbox::table.filter(outbox::state.eq("failed")).count().get_result(conn).await
}
