//! Which mails are sent next: what is due, and what is to be tried again.

use std::time::Duration;

use anyhow::Context;
use diesel_async::AsyncConnection;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::{Courier, MARGIN, POLL, TURN, UnderWay, WINDOW};
use crate::{
    domain::Word,
    store::{
        self, Conn,
        delivery::{self, Leased, Wish},
        pauses::{self, Pause, SERVER},
    },
    ticket::Notice,
};

/// At most so many bytes are leased together.
const BYTES: usize = 8 << 20;
/// At most so many domains are tried again at a time.
const PROBES: usize = 16;
/// When somebody else is trying, before the next look.
const SOON: Duration = Duration::from_secs(1);

/// Mails on lease.
pub(super) struct Batch {
    /// Each, and whether it tries something that deferred.
    pub mails: Vec<(Leased, bool)>,
    /// There may be more.
    pub more: bool,
    /// When to look again.
    pub next: Duration,
    /// When they were leased.
    pub at: Moment,
}

/// When mails were leased.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    /// What the lease counts from.
    pub at: Timestamp,
    /// Just before we asked for it, on a clock that nobody sets.
    pub asked: Instant,
}

impl Moment {
    fn now() -> Moment {
        Moment { at: Timestamp::now(), asked: Instant::now() }
    }
}

impl Default for Batch {
    fn default() -> Batch {
        Batch { mails: Vec::new(), more: false, next: POLL, at: Moment::now() }
    }
}

impl Courier {
    /// Leases what fits beside the mails that are under way.
    pub(super) async fn lease(&self, under_way: &UnderWay) -> anyhow::Result<Batch> {
        let at = Moment::now();
        if !self.database.lives_since(at.asked) {
            return Ok(Batch { next: SOON, ..Batch::default() });
        }
        let now = at.at;
        let mut conn = self.node.pool.get().await?;
        let held = self.held(&mut conn, under_way, now).await.context("counting automatic mails")?;
        let room = WINDOW - under_way.mails.len();
        let batch = conn
            .transaction(async |conn| {
                let mailboxes = store::mailboxes::ids_of(conn, &self.name).await?;
                let wish = Wish {
                    holder: &self.node.name,
                    mailboxes: &mailboxes,
                    most: room.min(held.allowed),
                    bytes: BYTES,
                    per_domain: WINDOW / 2,
                    under_way: &under_way.to,
                    held: held.notices,
                    now,
                    lease: TURN + self.transport.longest() + MARGIN,
                };
                let pausing = pauses::of(conn, Some(&self.name)).await?;
                self.lanes.saw_pauses(!pausing.is_empty());
                match pausing.iter().find(|pause| pause.domain == SERVER) {
                    Some(server) => self.try_server(conn, &wish, server).await,
                    None => self.lease_open(conn, &wish, &pausing).await,
                }
            })
            .await
            .with_context(|| format!("leasing mails of `{}` to send", self.name))?;
        Ok(Batch { at, ..batch })
    }

    /// While the server is away one mail at a time asks for it.
    async fn try_server(
        &self,
        conn: &mut Conn,
        wish: &Wish<'_>,
        server: &Pause,
    ) -> diesel::QueryResult<Batch> {
        let mut batch = Batch::default();
        if !server.lasts(wish.now) {
            pauses::end_idle(conn, wish, &self.name, &[]).await?;
        }
        if !self.try_pause(conn, wish, server, None, &mut batch.mails).await? {
            batch.next = left(server, wish.now);
        }
        Ok(batch)
    }

    async fn lease_open(
        &self,
        conn: &mut Conn,
        wish: &Wish<'_>,
        pausing: &[Pause],
    ) -> diesel::QueryResult<Batch> {
        let mut batch = Batch::default();
        let (lasting, mut over): (Vec<&Pause>, Vec<&Pause>) =
            pausing.iter().partition(|pause| pause.lasts(wish.now));
        over.sort_by_key(|pause| pause.until.to_jiff());
        let names: Vec<&str> = over.iter().map(|pause| pause.domain.as_str()).collect();
        pauses::end_idle(conn, wish, &self.name, &names).await?;
        let due = delivery::due_domains(conn, wish, &names).await?;
        for pause in over.into_iter().filter(|pause| due.contains(&pause.domain)) {
            let tried = batch.mails.len() < PROBES
                && self.try_pause(conn, wish, pause, Some(&pause.domain), &mut batch.mails).await?;
            if !tried {
                batch.next = SOON;
            }
        }
        batch.next = lasting.iter().map(|pause| left(pause, wish.now)).fold(batch.next, Duration::min);
        let mut closed: Vec<String> = pausing.iter().map(|pause| pause.domain.clone()).collect();
        // Those with as many under way as they may have: they would fill the view.
        let full = wish.under_way.iter().filter(|&(_, count)| *count >= wish.per_domain);
        closed.extend(full.map(|(domain, _)| domain.clone()));
        let (mails, more) = delivery::lease(conn, wish, &closed).await?;
        batch.mails.extend(mails.into_iter().map(|mail| (mail, false)));
        batch.more = more;
        Ok(batch)
    }

    /// When a pause is over, one mail is leased to try; one for all nodes together. `false`
    /// when none was.
    async fn try_pause(
        &self,
        conn: &mut Conn,
        wish: &Wish<'_>,
        pause: &Pause,
        to: Option<&str>,
        mails: &mut Vec<(Leased, bool)>,
    ) -> diesel::QueryResult<bool> {
        if pause.lasts(wish.now)
            || pauses::lock(conn, &self.name, &pause.domain).await?.is_none()
            || delivery::is_probed(conn, wish, to, pause.until.to_jiff()).await?
        {
            return Ok(false);
        }
        let probe = delivery::lease_probe(conn, wish, to).await?;
        let tried = !probe.is_empty();
        mails.extend(probe.into_iter().map(|mail| (mail, true)));
        Ok(tried)
    }

    /// When the desk as a whole sent as many automatic mails to customers within an hour
    /// as it may, more are held back until others are an hour old, and staff are told.
    async fn held(&self, conn: &mut Conn, under_way: &UnderWay, now: Timestamp) -> anyhow::Result<Held> {
        let limit = self.node.desk.settings.limits.automatic_per_hour as usize;
        let hour_ago = now - SignedDuration::from_hours(1);
        let sent = usize::try_from(pauses::automatic_in_all(conn, hour_ago).await?).unwrap_or(0);
        let left = limit.saturating_sub(sent).saturating_sub(under_way.mails.len());
        if left > 0 {
            return Ok(Held { notices: &[], allowed: left });
        }
        let held = Held { notices: automatic_to_customers(), allowed: usize::MAX };
        let waiting = if sent < limit { 0 } else { pauses::waiting_of(conn, held.notices).await? };
        if waiting > 0 {
            self.tell_of_held(conn, sent, waiting, now).await?;
        }
        Ok(held)
    }

    async fn tell_of_held(
        &self,
        conn: &mut Conn,
        sent: usize,
        waiting: i64,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let title = "Automatic mails are held back";
        let words = format!(
            "{sent} automatic mails went to customers within the last hour, as many as `automatic_per_hour` under \
             [limits] allows. {waiting} more are held back and leave as the hour passes; nothing is lost. If \
             something writes to us in a loop, end it and see `deskgate outbox list`; if all is well, raise the \
             limit. You hear of this once an hour."
        );
        let every = Duration::from_secs(3600);
        conn.transaction(async |conn| {
            self.node.desk.alarm(conn, "automatic-per-hour", every, (title, &words), now).await
        })
        .await?;
        Ok(())
    }
}

/// What the cap of the desk as a whole leaves.
struct Held {
    /// Notices that wait.
    notices: &'static [Notice],
    /// Mails that may be leased.
    allowed: usize,
}

fn left(pause: &Pause, now: Timestamp) -> Duration {
    let left = pause.until.to_jiff().duration_since(now);
    Duration::try_from(left).unwrap_or(SOON).clamp(Duration::from_millis(10), POLL)
}

/// Notices that no person wrote, for readers outside.
pub(super) fn automatic_to_customers() -> &'static [Notice] {
    static THESE: std::sync::LazyLock<Vec<Notice>> = std::sync::LazyLock::new(|| {
        Notice::ALL.iter().copied().filter(|notice| notice.is_automatic_to_customers()).collect()
    });
    &THESE
}
