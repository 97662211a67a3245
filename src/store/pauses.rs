//! Where no mail is sent for a while, and how much was sent of late.

use std::time::Duration;

use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Text},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    Conn, Moment,
    delivery::Wish,
    moment,
    schema::{mailboxes, outbox, send_pauses, sent_minutes},
};
use crate::{
    domain::{OutboxId, Word},
    ticket::Notice,
};

/// The name of the server itself among the domains of a mailbox's pauses.
pub const SERVER: &str = "";

/// A domain to which, or a server to which, nothing is sent for a while.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = send_pauses, check_for_backend(diesel::pg::Pg))]
pub struct Pause {
    /// The name of the mailbox.
    pub mailbox: String,
    /// The domain, or [`SERVER`].
    pub domain: String,
    /// How many followed one another.
    pub deferrals: i32,
    /// One mail is tried after this.
    pub until: Moment,
    /// What the server said.
    pub reply: String,
}

impl Pause {
    /// Whether it still lasts. What lies further ahead than we ever plan was written
    /// before the clock was set back.
    pub fn lasts(&self, now: Timestamp) -> bool {
        let until = self.until.to_jiff();
        until > now && until <= now + super::LONGEST_PAUSE
    }
}

/// The pauses of one mailbox, or of all.
pub async fn of(conn: &mut Conn, mailbox: Option<&str>) -> QueryResult<Vec<Pause>> {
    let all = send_pauses::table.order((send_pauses::mailbox, send_pauses::domain));
    match mailbox {
        Some(name) => all.filter(send_pauses::mailbox.eq(name)).select(Pause::as_select()).load(conn).await,
        None => all.select(Pause::as_select()).load(conn).await,
    }
}

/// The pause of one domain, locked until the transaction ends. `None` when it is over
/// or another holder has it.
pub async fn lock(conn: &mut Conn, mailbox: &str, domain: &str) -> QueryResult<Option<Pause>> {
    send_pauses::table
        .find((mailbox, domain))
        .for_update()
        .skip_locked()
        .select(Pause::as_select())
        .first(conn)
        .await
        .optional()
}

/// Begins a pause, or prolongs it. `lengths` gives its length from how many followed
/// one another. One that still lasts is left alone. Returns its end.
pub async fn begin(
    conn: &mut Conn,
    mailbox: &str,
    domain: &str,
    reply: &str,
    now: Timestamp,
    lengths: impl Fn(i32) -> Duration + Send,
) -> QueryResult<Timestamp> {
    let key = (send_pauses::mailbox, send_pauses::domain);
    let before: Option<Pause> = send_pauses::table
        .find((mailbox, domain))
        .for_update()
        .select(Pause::as_select())
        .first(conn)
        .await
        .optional()?;
    if let Some(running) = before.as_ref().filter(|pause| pause.lasts(now)) {
        return Ok(running.until.to_jiff());
    }
    let deferrals = before.map_or(0, |pause| pause.deferrals).saturating_add(1);
    let until = now + lengths(deferrals);
    let values = (
        send_pauses::deferrals.eq(deferrals),
        send_pauses::until.eq(moment(until)),
        send_pauses::reply.eq(reply),
    );
    diesel::insert_into(send_pauses::table)
        .values((send_pauses::mailbox.eq(mailbox), send_pauses::domain.eq(domain), values))
        .on_conflict(key)
        .do_update()
        .set(values)
        .execute(conn)
        .await?;
    Ok(until)
}

/// Ends the pauses of these domains.
pub async fn end(conn: &mut Conn, mailbox: &str, domains: &[&str]) -> QueryResult<()> {
    diesel::delete(send_pauses::table)
        .filter(send_pauses::mailbox.eq(mailbox).and(send_pauses::domain.eq_any(domains)))
        .execute(conn)
        .await
        .map(drop)
}

/// Ends the pauses that keep one mail waiting.
pub async fn end_for(conn: &mut Conn, id: OutboxId) -> QueryResult<()> {
    let (name, domain): (String, String) = outbox::table
        .inner_join(mailboxes::table)
        .filter(outbox::id.eq(id.0))
        .select((mailboxes::name, outbox::recipient_domain))
        .first(conn)
        .await?;
    end(conn, &name, &[SERVER, &domain]).await
}

/// Ends those of these domains' pauses for which nothing waits any more, and the
/// server's when nothing waits at all.
pub async fn end_idle(conn: &mut Conn, wish: &Wish<'_>, mailbox: &str, domains: &[&str]) -> QueryResult<()> {
    let mailboxes: Vec<i64> = wish.mailboxes.iter().map(|id| id.0).collect();
    diesel::sql_query(
        "DELETE FROM send_pauses WHERE mailbox = $1 AND (domain = ANY($2) OR domain = '') AND NOT EXISTS ( \
             SELECT FROM outbox \
             WHERE state = 'waiting' AND mailbox_id = ANY($3) \
               AND (send_pauses.domain = '' OR recipient_domain = send_pauses.domain))",
    )
    .bind::<Text, _>(mailbox)
    .bind::<Array<Text>, _>(domains)
    .bind::<Array<BigInt>, _>(mailboxes)
    .execute(conn)
    .await
    .map(drop)
}

/// How many mails of these notices wait.
pub async fn waiting_of(conn: &mut Conn, notices: &[Notice]) -> QueryResult<i64> {
    outbox::table
        .filter(outbox::state.eq("waiting"))
        .filter(outbox::notice.eq_any(notices.iter().map(|notice| notice.as_str())))
        .count()
        .get_result(conn)
        .await
}

/// Counts automatic mails to customers that were taken just now.
pub async fn count_automatic(conn: &mut Conn, mails: usize, now: Timestamp) -> QueryResult<()> {
    let mails = i64::try_from(mails).unwrap_or(i64::MAX);
    let second = now.as_second();
    let minute = Timestamp::from_second(second - second.rem_euclid(60)).unwrap_or(now);
    diesel::insert_into(sent_minutes::table)
        .values((sent_minutes::minute.eq(moment(minute)), sent_minutes::automatic.eq(mails)))
        .on_conflict(sent_minutes::minute)
        .do_update()
        .set(sent_minutes::automatic.eq(sent_minutes::automatic + mails))
        .execute(conn)
        .await
        .map(drop)
}

/// How many automatic mails to customers were taken since then, by the minute.
pub async fn automatic_in_all(conn: &mut Conn, since: Timestamp) -> QueryResult<i64> {
    let counts: Vec<i64> = sent_minutes::table
        .filter(sent_minutes::minute.gt(moment(since)))
        .select(sent_minutes::automatic)
        .load(conn)
        .await?;
    Ok(counts.into_iter().sum())
}

/// Forgets what was counted before then.
pub async fn forget_counts(conn: &mut Conn, before: Timestamp) -> QueryResult<()> {
    diesel::delete(sent_minutes::table.filter(sent_minutes::minute.lt(moment(before))))
        .execute(conn)
        .await
        .map(drop)
}
