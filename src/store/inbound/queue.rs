//! Raw mails in the order of their turn: leases, failures, and what breaks off.

use std::time::Duration;

use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Binary, Bool, Nullable, Timestamptz},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::InboundState;
use crate::{
    domain::{InboundId, MailboxId, MessageId, text},
    store::{
        Conn, LONGEST_PAUSE, Moment, Stored, latest_end, moment,
        quarantine::Cause,
        schema::{inbound, mailboxes},
    },
};

/// A mail may fail this often before it is set apart in sight of staff.
pub const TRIES: i32 = 3;
/// A mail may be found with an expired lease this often: the process died while
/// it was being read, which need not be the mail's fault.
pub const CRASHES: i32 = 8;

/// A raw mail on lease. Its bytes are asked for by [`super::raws`], so that a batch of
/// large mails is never in memory together.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = inbound, check_for_backend(diesel::pg::Pg))]
pub struct Leased {
    /// Which.
    #[diesel(deserialize_as = i64)]
    pub id: InboundId,
    /// The mailbox it came into.
    #[diesel(deserialize_as = i64)]
    pub mailbox_id: MailboxId,
    /// How often it was leased, this time included.
    pub attempts: i32,
    /// How often it failed.
    pub failures: i32,
    /// How often it was put off.
    pub put_off: i32,
    /// How many bytes it has.
    pub size_bytes: i64,
    /// Who wants it taken in although it was set aside.
    pub wanted_by: Option<String>,
}

/// Leases up to `most` mails that are due, of the mailboxes of these names: what a node
/// does not know it leaves to others. They come in the order in which they arrived, a
/// reply after what it answers. The more often one was tried, the fewer come with it, so
/// that it takes no others down with it.
pub async fn lease(
    conn: &mut Conn,
    holder: &str,
    mailboxes: &[&str],
    most: usize,
    now: Timestamp,
    lease: Duration,
) -> QueryResult<Vec<Leased>> {
    let due = due(conn, mailboxes, most, now, lease).await?;
    let ids: Vec<i64> = due[..together(&due, most)].iter().map(|(id, _)| *id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut leased: Vec<Leased> = diesel::update(inbound::table)
        .filter(inbound::id.eq_any(ids))
        .set((
            inbound::attempts.eq(inbound::attempts + 1),
            inbound::leased_by.eq(holder),
            inbound::leased_until.eq(moment(now + lease)),
        ))
        .returning(Leased::as_returning())
        .get_results(conn)
        .await?;
    leased.sort_by_key(|mail| mail.id);
    Ok(leased)
}

/// How many of these mails, each with how often it was tried, come together.
fn together(due: &[(i64, i32)], most: usize) -> usize {
    let mut room = most;
    let fits = |&(at, (_, tried)): &(usize, &(i64, i32))| {
        room = room.min(match tried {
            ..=0 => most,
            1 => most / 4,
            _ => 1,
        });
        at == 0 || at < room
    };
    due.iter().enumerate().take_while(fits).count()
}

/// Leases one mail, unless somebody has it or it is done.
pub async fn lease_one(
    conn: &mut Conn,
    id: InboundId,
    holder: &str,
    now: Timestamp,
    lease: Duration,
) -> QueryResult<Option<Leased>> {
    let open = inbound::table.find(id.0).filter(inbound::state.eq("waiting"));
    diesel::update(open.filter(inbound::leased_until.is_null()))
        .set((
            inbound::attempts.eq(inbound::attempts + 1),
            inbound::leased_by.eq(holder),
            inbound::leased_until.eq(moment(now + lease)),
        ))
        .returning(Leased::as_returning())
        .get_result(conn)
        .await
        .optional()
}

async fn due(
    conn: &mut Conn,
    mailboxes: &[&str],
    most: usize,
    now: Timestamp,
    lease: Duration,
) -> QueryResult<Vec<(i64, i32)>> {
    // What lies further ahead than we ever plan was written before the clock was
    // set back.
    let until = inbound::leased_until.assume_not_null();
    let free = inbound::leased_until.is_null().or(until.lt(moment(now))).or(until.gt(latest_end(now, lease)));
    let due = inbound::due_at.le(moment(now)).or(inbound::due_at.gt(moment(now + LONGEST_PAUSE)));
    let known = mailboxes::table.filter(mailboxes::name.eq_any(mailboxes)).select(mailboxes::id);
    inbound::table
        .filter(inbound::state.eq("waiting"))
        // As an array, which is made once and leaves the order to the index.
        .filter(inbound::mailbox_id.eq_any(diesel::dsl::array(known)))
        .filter(due)
        .filter(free)
        .order((inbound::due_at, inbound::id))
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .for_update()
        .skip_locked()
        .select((inbound::id, inbound::attempts))
        .load(conn)
        .await
}

/// Records a failure: another try later, or quarantine after `tries`. `None` when
/// somebody else has the lease by now, and nothing was recorded.
pub async fn fail(
    conn: &mut Conn,
    leased: &Leased,
    holder: &str,
    (cause, error): (Cause, &str),
    tries: i32,
    retry_at: Timestamp,
) -> QueryResult<Option<InboundState>> {
    let last = leased.failures + 1 >= tries;
    let state = if last { InboundState::Quarantined } else { InboundState::Waiting };
    let mine = inbound::state.eq("waiting").and(inbound::leased_by.eq(holder));
    let moved = diesel::update(inbound::table.find(leased.id.0).filter(mine))
        .set((
            inbound::state.eq(Stored(state)),
            inbound::failures.eq(inbound::failures + 1),
            inbound::cause.eq(Stored(cause)),
            inbound::error.eq(text::clean(error)),
            inbound::due_at.eq(moment(retry_at)),
            inbound::leased_until.eq(None::<Moment>),
        ))
        .execute(conn)
        .await?;
    Ok((moved == 1).then_some(state))
}

/// Puts a mail off until then: what it takes is not there yet, which is no failure, and
/// the try does not count. `false` when somebody else has the lease by now, and nothing
/// was recorded.
pub async fn put_off(
    conn: &mut Conn,
    id: InboundId,
    holder: &str,
    why: &str,
    until: Timestamp,
) -> QueryResult<bool> {
    let mine = inbound::state.eq("waiting").and(inbound::leased_by.eq(holder));
    let moved = diesel::update(inbound::table.find(id.0).filter(mine))
        .set((
            inbound::attempts.eq(inbound::attempts - 1),
            inbound::put_off.eq(inbound::put_off + 1),
            inbound::cause.eq(None::<Stored<Cause>>),
            inbound::error.eq(text::clean(why)),
            inbound::due_at.eq(moment(until)),
            inbound::leased_until.eq(None::<Moment>),
        ))
        .execute(conn)
        .await?;
    Ok(moved == 1)
}

/// What becomes of a mail that another answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// Somebody is at work on it now.
    AtWork,
    /// It was put off.
    PutOff,
}

/// Whether a mail that came before this one, and has one of these Message-IDs somewhere in it,
/// is at work now, by whomever, or was put off and still waits.
pub async fn earlier(
    conn: &mut Conn,
    id: InboundId,
    among: &[MessageId],
    now: Timestamp,
) -> QueryResult<Option<Earlier>> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = Nullable<Bool>)]
        at_work: Option<bool>,
    }
    let found: Found = diesel::sql_query(
        "SELECT bool_or(leased_until IS NOT NULL AND leased_until > $2) AS at_work
         FROM inbound, unnest($3) AS header_id
         WHERE state = 'waiting' AND id < $1 AND (leased_until > $2 OR put_off > 0)
               AND position(header_id IN raw) > 0",
    )
    .bind::<BigInt, _>(id.0)
    .bind::<Timestamptz, _>(moment(now))
    .bind::<Array<Binary>, _>(among.iter().map(|id| id.as_str().as_bytes()).collect::<Vec<_>>())
    .get_result(conn)
    .await?;
    Ok(found.at_work.map(|at_work| if at_work { Earlier::AtWork } else { Earlier::PutOff }))
}

/// Hands back everything that this holder has on lease. Their try does not count,
/// save for the mail it was at work on: that one may be why it stopped. It is tried
/// again at once, and after that later and later: the database may be away for long.
pub async fn hand_back(
    conn: &mut Conn,
    holder: &str,
    at_work: Option<InboundId>,
    now: Timestamp,
) -> QueryResult<usize> {
    let mine = inbound::state
        .eq("waiting")
        .and(inbound::leased_by.eq(holder))
        .and(inbound::leased_until.is_not_null());
    if let Some(id) = at_work {
        let at_work = inbound::table.find(id.0).filter(mine);
        let tried: Option<i32> = at_work.select(inbound::attempts).first(conn).await.optional()?;
        diesel::update(at_work)
            .set((
                inbound::due_at.eq(moment(now + pause(tried.unwrap_or(0)))),
                inbound::leased_until.eq(None::<Moment>),
            ))
            .execute(conn)
            .await?;
    }
    diesel::update(inbound::table.filter(mine.and(inbound::attempts.gt(0))))
        .set((inbound::attempts.eq(inbound::attempts - 1), inbound::leased_until.eq(None::<Moment>)))
        .execute(conn)
        .await
}

/// Before the next try of a mail at which work broke off so often; [`CRASHES`] of them
/// take 20 minutes.
fn pause(tried: i32) -> Duration {
    let doublings = u32::try_from(tried - 2).ok();
    Duration::from_secs(doublings.map_or(0, |doublings| 10 << doublings.min(7)))
}

/// Sets mails apart whose attempts were cut short [`CRASHES`] times: the process, or
/// its connection, ended while it was at work on them.
pub async fn quarantine_crashers(conn: &mut Conn, now: Timestamp) -> QueryResult<Vec<InboundId>> {
    let until = inbound::leased_until.assume_not_null();
    let ids: Vec<i64> = diesel::update(inbound::table)
        .filter(inbound::state.eq("waiting"))
        .filter((inbound::attempts - inbound::failures).ge(CRASHES))
        .filter(inbound::leased_until.is_null().or(until.lt(moment(now))))
        .set((
            inbound::state.eq("quarantined"),
            inbound::cause.eq(Stored(Cause::CutShort)),
            inbound::error.eq(format!("work on this mail was cut short {CRASHES} times")),
        ))
        .returning(inbound::id)
        .get_results(conn)
        .await?;
    Ok(ids.into_iter().map(InboundId).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_often_a_mail_was_tried_the_fewer_come_with_it() {
        let together = |tried: &[i32]| {
            let due: Vec<(i64, i32)> = (1..).zip(tried.iter().copied()).collect();
            together(&due, 16)
        };
        assert_eq!(together(&[]), 0);
        assert_eq!(together(&[0; 16]), 16);
        assert_eq!(together(&[1; 16]), 4);
        assert_eq!(together(&[2; 16]), 1);
        assert_eq!(together(&[1, 0, 0, 0, 0, 0]), 4);
        assert_eq!(together(&[0, 0, 1, 0, 0, 0]), 4);
        assert_eq!(together(&[0, 0, 0, 0, 0, 1]), 5, "the sixth would be one too many beside it");
        assert_eq!(together(&[0, 2, 0]), 1);
    }

    #[test]
    fn a_mail_that_breaks_off_is_tried_at_once_and_then_over_twenty_minutes() {
        assert_eq!((pause(0), pause(1)), (Duration::ZERO, Duration::ZERO));
        assert_eq!(pause(2), Duration::from_secs(10));
        let all: Duration = (1..CRASHES).map(pause).sum();
        assert!(all >= Duration::from_secs(10 * 60), "{all:?}");
        assert!(pause(i32::MAX) < LONGEST_PAUSE);
    }
}
