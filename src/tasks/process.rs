//! Raw mails into tickets: leased, read (`reading`), their senders checked where a
//! mailbox asks for that (`proving`), and taken in.
//!
//! A mail that fails three times is quarantined in sight of staff, and the next one
//! goes on.

mod proving;
mod reading;

use std::{
    slice,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Context;
use diesel_async::AsyncConnection;
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use self::{
    proving::Setback,
    reading::{Fault, Read, portions},
};
use super::{Node, Wake, supervisor};
use crate::{
    desk::{DeskError, Incoming, Taken},
    domain::InboundId,
    store::{
        self,
        inbound::{Earlier, InboundState, Leased, TRIES},
        pool::{News, announce},
        quarantine::Cause,
    },
};

/// No mail is at hand; ids start at 1.
const NOTHING: i64 = 0;
/// Mails leased together.
const BATCH: usize = 16;
/// The table is looked at this often, whoever calls or not.
const POLL: Duration = Duration::from_secs(5);
/// After news that led to nothing it is looked at once more, so much later: the row
/// was skipped because `fetch` was just marking it.
const SOON: Duration = Duration::from_millis(50);
/// Before another try of a mail that failed, times the tries so far.
const RETRY_AFTER: SignedDuration = SignedDuration::from_secs(10);
/// A mail waits so long for the one that it answers, looking so often; then it is put off.
const TURN: Duration = Duration::from_secs(5);
/// It is put off so often for that, over an hour; then something is wrong.
const MOST_TURNS: i32 = 30;
/// See [`TURN`].
const A_MOMENT: Duration = Duration::from_millis(20);
/// When the database refuses a mail and serves others, the mail is to blame; but a
/// full disk looks the same for a while. So many tries take over an hour.
const UNCLEAR_TRIES: i32 = 30;

/// Processes raw mails until `stop`. `number` tells this worker from the others.
pub fn job(node: Arc<Node>, wake: Arc<Wake>, number: u32, stop: CancellationToken) -> supervisor::Job {
    // Outlives a run that breaks off, and tells the next one at which mail.
    let at_work = Arc::new(AtomicI64::new(NOTHING));
    supervisor::job(move || {
        let (node, wake, stop) = (node.clone(), wake.clone(), stop.clone());
        let at_work = at_work.clone();
        async move {
            let worker = Worker { holder: format!("{}.{number}", node.name), node, at_work };
            let mut news = wake.listen(News::Inbound);
            worker.hand_back().await?;
            let mut heard = false;
            while !stop.is_cancelled() {
                if worker.work(&stop).await? {
                    continue;
                }
                let pause = if std::mem::take(&mut heard) { SOON } else { POLL };
                tokio::select! {
                    _ = news.changed() => heard = true,
                    () = tokio::time::sleep(pause) => {}
                    () = stop.cancelled() => {}
                }
            }
            worker.hand_back().await
        }
    })
}

/// Processes one mail that was just stored, unless a worker has it already.
///
/// # Errors
/// When the database is away; the mail is processed later then.
pub async fn process_one(node: &Arc<Node>, id: InboundId) -> anyhow::Result<()> {
    let at_work = Arc::new(AtomicI64::new(NOTHING));
    let worker = Worker { node: node.clone(), holder: node.name.clone(), at_work };
    let mut conn = node.pool.get().await?;
    let leased =
        store::inbound::lease_one(&mut conn, id, &worker.holder, Timestamp::now(), worker.lease()).await?;
    drop(conn);
    match leased {
        Some(leased) => {
            let taken = worker.take_in(&[leased]).await;
            if taken.is_err() {
                // Whoever runs next need not wait for our lease.
                let _ = worker.hand_back().await;
            }
            taken
        }
        None => Ok(()),
    }
}

/// One of the loops that process.
struct Worker {
    node: Arc<Node>,
    holder: String,
    /// The mail at hand, or [`NOTHING`].
    at_work: Arc<AtomicI64>,
}

/// Whose fault it was.
enum Trouble {
    /// The connection broke: the loop starts over.
    Database(anyhow::Error),
    /// The database refused, and is there: the mail's, unless it passes.
    Unclear(Fault),
    /// The mail's.
    Mail(Fault),
}

impl Worker {
    /// How long a lease lasts: reading all of a batch fits, and checking its senders
    /// even where each mail is so large that it is checked alone.
    fn lease(&self) -> Duration {
        let each = self.node.desk.settings.limits.read_time + self.node.verifiers.time_limit();
        each * u32::try_from(BATCH).unwrap_or(u32::MAX) + Duration::from_secs(60)
    }

    /// Hands back what an earlier run of this worker did not get to.
    async fn hand_back(&self) -> anyhow::Result<()> {
        let mut conn = self.node.pool.get().await?;
        let at_work = self.at_work.swap(NOTHING, Ordering::SeqCst);
        let at_work = (at_work != NOTHING).then_some(InboundId(at_work));
        store::inbound::hand_back(&mut conn, &self.holder, at_work, Timestamp::now()).await?;
        Ok(())
    }

    /// Processes one batch. `false` when there was nothing to do.
    async fn work(&self, stop: &CancellationToken) -> anyhow::Result<bool> {
        let mailboxes: Vec<&str> = self.node.desk.settings.mailbox_names().collect();
        let mut conn = self.node.pool.get().await?;
        let batch = conn
            .transaction(async |conn| {
                let (now, lease) = (Timestamp::now(), self.lease());
                store::inbound::lease(conn, &self.holder, &mailboxes, BATCH, now, lease).await
            })
            .await
            .context("leasing raw mails")?;
        drop(conn);
        for some in portions(&batch) {
            if stop.is_cancelled() {
                break;
            }
            self.take_in(some).await?;
        }
        Ok(!batch.is_empty())
    }

    /// Reads mails and takes them in. An error means that the database is away and the
    /// loop starts over.
    async fn take_in(&self, batch: &[Leased]) -> anyhow::Result<()> {
        let (mut mails, mut unread) = (Vec::new(), Vec::new());
        for (leased, read) in self.prove_all(self.read_all(batch).await?).await {
            match read {
                Ok(Read { mail, verdict, passed_on }) => {
                    let (inbound, mailbox) = (leased.id, leased.mailbox_id);
                    let wanted_by = leased.wanted_by.clone();
                    mails.push(Incoming { inbound, mailbox, mail, verdict, passed_on, wanted_by });
                }
                Err(why) => unread.push((leased, why)),
            }
        }
        let mut conn = self.node.pool.get().await?;
        for (leased, why) in unread {
            match why {
                Setback::Unasked(why) => self.put_off(&mut conn, leased, &why).await?,
                // A mail that is too large will not have shrunk by the next try.
                Setback::Fault(why @ (Cause::TooLarge, _)) => self.fail(&mut conn, leased, &why, 1).await?,
                Setback::Fault(why) => self.fail(&mut conn, leased, &why, TRIES).await?,
            }
        }
        self.node.desk.sever_from_ours(&mut conn, &mut mails).await?;
        for stretch in self.node.desk.stretches(&mails) {
            self.take_in_stretch(&mut conn, batch, stretch).await?;
        }
        self.at_work.store(NOTHING, Ordering::SeqCst);
        Ok(announce(&mut conn, News::Outbox).await?)
    }

    /// Takes mails in together, and each alone when that does not go well, so that one
    /// never keeps another back.
    async fn take_in_stretch(
        &self,
        conn: &mut store::Conn,
        batch: &[Leased],
        stretch: &[Incoming],
    ) -> anyhow::Result<()> {
        if let [first, _, ..] = stretch {
            self.at_work.store(first.inbound.0, Ordering::SeqCst);
            if let Ok(taken) = self.node.desk.take_in(conn, stretch, Timestamp::now()).await {
                stretch.iter().zip(&taken).for_each(|(incoming, taken)| tell(incoming.inbound, taken));
                return Ok(());
            }
        }
        for incoming in stretch {
            let leased = batch.iter().find(|leased| leased.id == incoming.inbound);
            let leased = leased.context("only what was leased is taken in")?;
            self.at_work.store(leased.id.0, Ordering::SeqCst);
            match self.take_in_turn(conn, incoming).await {
                Ok(taken) => taken.iter().for_each(|taken| tell(leased.id, taken)),
                Err(early @ DeskError::TooEarly(_)) if leased.put_off < MOST_TURNS => {
                    self.put_off(conn, leased, &early.to_string()).await?;
                }
                Err(error) => match judge(conn, error).await {
                    Trouble::Database(error) => return Err(error),
                    Trouble::Unclear(why) => self.fail(conn, leased, &why, UNCLEAR_TRIES).await?,
                    Trouble::Mail(why) => self.fail(conn, leased, &why, TRIES).await?,
                },
            }
        }
        Ok(())
    }

    /// Takes a mail in, after the one that it answers where another worker has that at
    /// hand: for a while, since that worker may be gone. Nobody waits here for one that
    /// was put off.
    async fn take_in_turn(
        &self,
        conn: &mut store::Conn,
        incoming: &Incoming,
    ) -> Result<Vec<Taken>, DeskError> {
        let since = Instant::now();
        loop {
            match self.node.desk.take_in(conn, slice::from_ref(incoming), Timestamp::now()).await {
                Err(DeskError::TooEarly(Earlier::AtWork)) if since.elapsed() < TURN => {
                    tokio::time::sleep(A_MOMENT).await;
                }
                other => return other,
            }
        }
    }

    async fn fail(
        &self,
        conn: &mut store::Conn,
        leased: &Leased,
        (cause, why): &Fault,
        tries: i32,
    ) -> anyhow::Result<()> {
        let id = leased.id;
        metrics::counter!("deskgate_mails_failed_total").increment(1);
        let retry_at = Timestamp::now() + RETRY_AFTER * leased.attempts;
        match store::inbound::fail(conn, leased, &self.holder, (*cause, why), tries, retry_at).await? {
            None => info!(inbound.id = %id, "Mail {id} is somebody else's by now"),
            Some(InboundState::Quarantined) => error!(
                inbound.id = %id,
                "Mail {id} failed {} times and is in quarantine ({cause}): {why}; see `deskgate inbox explain {id}`",
                leased.failures + 1
            ),
            Some(_) => warn!(inbound.id = %id, "Mail {id} failed and is tried again: {why}"),
        }
        Ok(())
    }
}

fn tell(id: InboundId, taken: &Taken) {
    metrics::counter!("deskgate_mails_processed_total", "outcome" => taken.word).increment(1);
    match taken.ticket {
        Some(ticket) => {
            info!(inbound.id = %id, ticket.id = %ticket, "Mail {id} {} ticket {ticket}", taken.word)
        }
        None => info!(inbound.id = %id, "Mail {id} was {}", taken.word),
    }
}

/// Tells a broken connection from a mail that the database refuses.
async fn judge(conn: &mut store::Conn, error: DeskError) -> Trouble {
    let database = error.is_database();
    let cause = match error {
        DeskError::Database(_) => Cause::RefusedByDatabase,
        _ => Cause::NotProcessed,
    };
    let error = anyhow::Error::new(error);
    if !database {
        return Trouble::Mail((cause, format!("{error:#}")));
    }
    match store::pool::answers(conn).await {
        true => Trouble::Unclear((cause, format!("{error:#}"))),
        false => Trouble::Database(error),
    }
}
