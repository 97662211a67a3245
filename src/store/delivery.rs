//! How finished mails leave: leased, sent, recorded.
//!
//! A holder records only what it still has on lease, so that a mail which somebody
//! took over is not overwritten. That a server took a mail is recorded whoever has the
//! lease: it is the truth, and keeps the mail from being sent once more.

use std::{collections::HashMap, time::Duration};

use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{Conn, Moment, Stored, moment, outbox::OutboxState, schema::outbox};
use crate::{
    domain::{MailboxId, OutboxId, TicketId, Word},
    ticket::Notice,
};

/// A mail of ours on lease.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = outbox, check_for_backend(diesel::pg::Pg))]
pub struct Leased {
    /// Which.
    #[diesel(deserialize_as = i64)]
    pub id: OutboxId,
    /// The ticket it is about; none for a word about the desk as a whole.
    pub ticket_id: Option<i64>,
    /// The occasion.
    pub notice: Stored<Notice>,
    /// To whom.
    pub recipient: String,
    /// What stands behind the @.
    pub recipient_domain: String,
    /// Whom failures are told.
    pub envelope_from: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// How often it was leased, this time included.
    pub attempts: i32,
}

impl Leased {
    /// The ticket it is about.
    pub fn ticket(&self) -> Option<TicketId> {
        self.ticket_id.map(TicketId)
    }
}

/// Who leases, for which mailboxes, and how much.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// The process.
    pub holder: &'a str,
    /// The rows of the configured mailbox.
    pub mailboxes: &'a [MailboxId],
    /// At most so many mails.
    pub most: usize,
    /// At most so many bytes, and always one mail.
    pub bytes: usize,
    /// At most so many mails to one domain.
    pub per_domain: usize,
    /// How many mails this holder has on lease already, by domain.
    pub under_way: &'a HashMap<String, usize>,
    /// Notices that wait, whoever they are for.
    pub held: &'a [Notice],
    /// The time.
    pub now: Timestamp,
    /// How long the lease lasts.
    pub lease: Duration,
}

/// Mails that are due and nobody else's. One person gets the mails of one ticket in
/// order: a later one waits until the earlier one is settled. What lies further ahead
/// than we ever plan was written before the clock was set back.
macro_rules! due {
    ($wish:expr) => {{
        let Wish { mailboxes, now, lease, held, .. } = *$wish;
        let earlier = diesel::alias!(outbox as earlier);
        let until = outbox::leased_until.assume_not_null();
        let free = outbox::leased_until
            .is_null()
            .or(until.lt(moment(now)))
            .or(until.gt(super::latest_end(now, lease)));
        let due = outbox::due_at.le(moment(now)).or(outbox::due_at.gt(moment(now + super::LONGEST_PAUSE)));
        let mailboxes: Vec<i64> = mailboxes.iter().map(|id| id.0).collect();
        let held: Vec<&str> = held.iter().map(|notice| notice.as_str()).collect();
        let held_up = diesel::dsl::exists(
            earlier
                .filter(earlier.field(outbox::state).eq("waiting"))
                .filter(earlier.field(outbox::ticket_id).eq(outbox::ticket_id))
                .filter(earlier.field(outbox::recipient).eq(outbox::recipient))
                // What is held back holds up nobody.
                .filter(earlier.field(outbox::notice).ne_all(held.clone()))
                .filter(earlier.field(outbox::id).lt(outbox::id)),
        );
        outbox::table
            .filter(outbox::state.eq("waiting"))
            .filter(outbox::mailbox_id.eq_any(mailboxes))
            .filter(due)
            .filter(free)
            .filter(outbox::notice.ne_all(held))
            .filter(diesel::dsl::not(held_up))
            .select((outbox::id, outbox::recipient_domain, octet_length(outbox::bytes)))
    }};
}

diesel::define_sql_function! {
    /// How many bytes; the value itself is not read for it.
    fn octet_length(bytes: diesel::sql_types::Binary) -> Integer;
}

/// Leases mails that are due, save those to the domains in `closed`. `true` beside them
/// when there may be more.
pub async fn lease(conn: &mut Conn, wish: &Wish<'_>, closed: &[String]) -> QueryResult<(Vec<Leased>, bool)> {
    let rows: Vec<(i64, String, i32)> = due!(wish)
        .filter(outbox::recipient_domain.ne_all(closed))
        .order((outbox::due_at, outbox::id))
        .limit(i64::try_from(wish.most).unwrap_or(i64::MAX))
        .for_update()
        .skip_locked()
        .load(conn)
        .await?;
    let more = rows.len() >= wish.most;
    Ok((take(conn, wish, within(wish, rows)).await?, more))
}

/// Which of these domains have a mail that is due.
pub async fn due_domains(conn: &mut Conn, wish: &Wish<'_>, domains: &[&str]) -> QueryResult<Vec<String>> {
    if domains.is_empty() {
        return Ok(Vec::new());
    }
    let due = due!(wish).filter(outbox::recipient_domain.eq_any(domains));
    due.select(outbox::recipient_domain).distinct().load(conn).await
}

/// Leases the first mail to a domain, or the first of all, to try whether it is taken
/// by now. Of all, one to a domain that may stall us already would say nothing soon.
pub async fn lease_probe(conn: &mut Conn, wish: &Wish<'_>, domain: Option<&str>) -> QueryResult<Vec<Leased>> {
    let first: Option<(i64, String, i32)> = match domain {
        Some(domain) => {
            let query = due!(wish).filter(outbox::recipient_domain.eq(domain)).order(outbox::id).limit(1);
            query.for_update().skip_locked().first(conn).await.optional()?
        }
        None => {
            let busy: Vec<&String> = wish.under_way.keys().collect();
            let elsewhere = due!(wish).filter(outbox::recipient_domain.ne_all(busy));
            let query = elsewhere.order((outbox::due_at, outbox::id)).limit(1);
            query.for_update().skip_locked().first(conn).await.optional()?
        }
    };
    take(conn, wish, first.into_iter().map(|(id, ..)| id).collect()).await
}

/// Those of the rows that fit into the bounds.
fn within(wish: &Wish<'_>, rows: Vec<(i64, String, i32)>) -> Vec<i64> {
    let mut bytes = 0;
    let mut to: HashMap<String, usize> = HashMap::new();
    let mut ids = Vec::new();
    for (id, domain, size) in rows {
        let already = wish.under_way.get(&domain).copied().unwrap_or(0);
        let count = to.entry(domain).or_insert(already);
        bytes += usize::try_from(size).unwrap_or(0);
        if *count >= wish.per_domain {
            continue;
        }
        if bytes > wish.bytes && !ids.is_empty() {
            break;
        }
        *count += 1;
        ids.push(id);
    }
    ids
}

async fn take(conn: &mut Conn, wish: &Wish<'_>, ids: Vec<i64>) -> QueryResult<Vec<Leased>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut leased: Vec<Leased> = diesel::update(outbox::table)
        .filter(outbox::id.eq_any(ids))
        .set((
            outbox::attempts.eq(outbox::attempts + 1),
            outbox::leased_by.eq(wish.holder),
            outbox::leased_until.eq(moment(wish.now + wish.lease)),
        ))
        .returning(Leased::as_returning())
        .get_results(conn)
        .await?;
    leased.sort_by_key(|item| item.id);
    Ok(leased)
}

/// Whether a mail to `domain` is on lease now; of all domains together, whether one
/// was leased since the pause was `over` and still is. What was leased before the server
/// paused, and stalls, says nothing about the server.
pub async fn is_probed(
    conn: &mut Conn,
    wish: &Wish<'_>,
    domain: Option<&str>,
    over: Timestamp,
) -> QueryResult<bool> {
    let mailboxes: Vec<i64> = wish.mailboxes.iter().map(|id| id.0).collect();
    let until = outbox::leased_until.assume_not_null();
    let on_lease = outbox::table
        .filter(outbox::state.eq("waiting"))
        .filter(outbox::mailbox_id.eq_any(mailboxes))
        .filter(outbox::leased_until.is_not_null())
        .filter(until.between(moment(wish.now), super::latest_end(wish.now, wish.lease)));
    match domain {
        Some(domain) => {
            diesel::select(diesel::dsl::exists(on_lease.filter(outbox::recipient_domain.eq(domain))))
                .get_result(conn)
                .await
        }
        None => {
            let since = on_lease.filter(until.ge(moment(over + wish.lease)));
            diesel::select(diesel::dsl::exists(since)).get_result(conn).await
        }
    }
}

/// A row that an `UPDATE ... RETURNING` touched.
#[derive(QueryableByName)]
struct Touched {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Records that a server took these mails from this holder, and what it said. Returns those
/// that were not recorded as sent before.
pub async fn sent(
    conn: &mut Conn,
    holder: &str,
    mails: &[(OutboxId, String)],
    now: Timestamp,
) -> QueryResult<Vec<OutboxId>> {
    let ids: Vec<i64> = mails.iter().map(|(id, _)| id.0).collect();
    let replies: Vec<&str> = mails.iter().map(|(_, reply)| reply.as_str()).collect();
    let touched: Vec<Touched> = diesel::sql_query(
        "UPDATE outbox SET state = 'sent', sent_at = $1, last_reply = taken.reply, leased_by = $4, leased_until = NULL \
         FROM unnest($2, $3) AS taken (id, reply) \
         WHERE outbox.id = taken.id AND outbox.state <> 'sent' RETURNING outbox.id",
    )
    .bind::<Timestamptz, _>(moment(now))
    .bind::<Array<BigInt>, _>(ids)
    .bind::<Array<Text>, _>(replies)
    .bind::<Text, _>(holder)
    .get_results(conn)
    .await?;
    Ok(touched.into_iter().map(|row| OutboxId(row.id)).collect())
}

/// Which of these mails another holder sent.
pub async fn sent_by_others(conn: &mut Conn, holder: &str, ids: &[OutboxId]) -> QueryResult<Vec<OutboxId>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let theirs: Vec<i64> = outbox::table
        .filter(outbox::id.eq_any(ids))
        .filter(outbox::state.eq("sent").and(outbox::leased_by.ne(holder)))
        .select(outbox::id)
        .load(conn)
        .await?;
    Ok(theirs.into_iter().map(OutboxId).collect())
}

/// Gives back mails that were not tried, or whose server was away. Their try does
/// not count.
pub async fn hand_back(conn: &mut Conn, holder: &str, ids: &[OutboxId]) -> QueryResult<()> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    diesel::update(outbox::table.filter(outbox::id.eq_any(ids)))
        .filter(outbox::state.eq("waiting").and(outbox::leased_by.eq(holder)))
        .filter(outbox::leased_until.is_not_null())
        .set((outbox::attempts.eq(outbox::attempts - 1), outbox::leased_until.eq(None::<Moment>)))
        .execute(conn)
        .await
        .map(drop)
}

/// Records that a mail has to wait until `due`. `false` when somebody took it over.
pub async fn deferred(
    conn: &mut Conn,
    holder: &str,
    id: OutboxId,
    reply: &str,
    due: Timestamp,
) -> QueryResult<bool> {
    let mine = outbox::state.eq("waiting").and(outbox::leased_by.eq(holder));
    let moved = diesel::update(outbox::table.find(id.0).filter(mine))
        .set((
            outbox::due_at.eq(moment(due)),
            outbox::last_reply.eq(reply),
            outbox::leased_until.eq(None::<Moment>),
        ))
        .execute(conn)
        .await?;
    Ok(moved == 1)
}

/// Records that a mail will never leave. `false` when somebody took it over.
pub async fn failed(conn: &mut Conn, holder: &str, id: OutboxId, reply: &str) -> QueryResult<bool> {
    let mine = outbox::state.eq("waiting").and(outbox::leased_by.eq(holder));
    let moved = diesel::update(outbox::table.find(id.0).filter(mine))
        .set((
            outbox::state.eq(Stored(OutboxState::Failed)),
            outbox::last_reply.eq(reply),
            outbox::leased_until.eq(None::<Moment>),
        ))
        .execute(conn)
        .await?;
    Ok(moved == 1)
}
