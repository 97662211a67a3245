//! The outbox to the mail servers: lease, send, record.
//!
//! No connection to the database is held while SMTP talks. A crash between the
//! server's acceptance and our record repeats the mail once, with the same
//! Message-ID; anything else is exactly once. What a server took is recorded at once
//! when nothing else is being recorded, and together with the others when something is.
//!
//! A domain that defers pauses, and a server that is away: see [`store::delivery`].

mod lanes;
mod lease;
mod pace;
mod record;

use std::{
    collections::HashMap,
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use futures::FutureExt;
use jiff::Timestamp;
use tokio::{
    sync::{
        mpsc::{self, UnboundedReceiver, UnboundedSender},
        watch,
    },
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use self::{
    lanes::Lanes,
    lease::{Batch, Moment},
    record::{Done, Ended},
};
use super::{Node, Wake, supervisor, wake::Database};
use crate::{
    domain::{EmailAddress, OutboxId},
    smtp::{Outcome, Transport, Trouble},
    store::{delivery::Leased, pool::News},
};

/// At most so many mails are on lease at a time, those being sent included.
const WINDOW: usize = 256;
/// The table is looked at this often, whoever calls or not.
const POLL: Duration = Duration::from_secs(5);
/// And no more often than this while mails are under way: a few are leased together.
const GATHER: Duration = Duration::from_millis(20);
/// Before the next try to lease, when the database is away while mails are under way.
const LEASE_AGAIN: Duration = Duration::from_secs(2);
/// A leased mail waits at most this long for its turn; then it is handed back.
const TURN: Duration = Duration::from_secs(120);
/// A lease outlasts the wait and the longest conversation by this much, for the record.
const MARGIN: Duration = Duration::from_secs(60);

/// Delivers the finished mails of one mailbox until `stop`. Each mailbox has a loop
/// and a server of its own: a slow one holds up nobody else's mail.
pub fn job(node: Arc<Node>, wake: Arc<Wake>, name: String, stop: CancellationToken) -> supervisor::Job {
    supervisor::job(move || {
        let (node, wake, name, stop) = (node.clone(), wake.clone(), name.clone(), stop.clone());
        async move {
            let smtp = &node.desk.settings.mailbox(&name).context("the mailbox is configured")?.smtp;
            let transport = Transport::new(smtp)?;
            let lanes = Lanes::new(smtp.connections as usize);
            let news = wake.listen(News::Outbox);
            let database = wake.database();
            let courier = Arc::new(Courier { node, name, transport, lanes, database, stop });
            courier.run(news).await
        }
    })
}

/// Everything that the mails of one mailbox share on their way out.
struct Courier {
    node: Arc<Node>,
    name: String,
    transport: Transport,
    lanes: Lanes,
    database: Database,
    stop: CancellationToken,
}

/// The mails on lease, by the domain they go to.
#[derive(Default)]
struct UnderWay {
    mails: HashMap<OutboxId, String>,
    to: HashMap<String, usize>,
    /// Leased once more before they were settled.
    again: Vec<Leased>,
}

impl Courier {
    async fn run(self: Arc<Self>, mut news: watch::Receiver<()>) -> anyhow::Result<()> {
        let (done, ended) = mpsc::unbounded_channel();
        let (settled, mut recorded) = mpsc::unbounded_channel();
        let recorder = tokio::spawn(self.clone().keep_records(ended, settled));
        let led = self.lead(&mut news, done, &mut recorded).await;
        // What is under way is recorded before this loop may end: to drop it would
        // send it again.
        recorder.await.context("recording what became of mails")?;
        led
    }

    async fn lead(
        self: &Arc<Self>,
        news: &mut watch::Receiver<()>,
        done: UnboundedSender<Done>,
        recorded: &mut UnboundedReceiver<Vec<OutboxId>>,
    ) -> anyhow::Result<()> {
        let mut under_way = UnderWay::default();
        let mut sending = JoinSet::new();
        let (mut ask, mut looked, mut look_again) = (true, None, Instant::now());
        loop {
            let stopping = self.stop.is_cancelled();
            let soonest: Option<Instant> = looked.filter(|_| !under_way.is_empty()).map(|at| at + GATHER);
            if ask && under_way.has_room() && !stopping && soonest.is_none_or(|at| at <= Instant::now()) {
                let batch = match self.lease(&under_way).await {
                    Ok(batch) => batch,
                    Err(error) if under_way.is_empty() => return Err(error),
                    Err(error) => {
                        warn!("{error:#}; mails that are under way are finished first");
                        Batch { next: LEASE_AGAIN, ..Batch::default() }
                    }
                };
                (ask, looked, look_again) = (batch.more, Some(Instant::now()), Instant::now() + batch.next);
                self.send_all(batch, &mut under_way, &mut sending, &done);
                continue;
            }
            if stopping && under_way.is_empty() {
                return Ok(());
            }
            let at = if ask && under_way.has_room() { soonest.unwrap_or(look_again) } else { look_again };
            tokio::select! {
                ids = recorded.recv() => {
                    let Some(ids) = ids else { bail!("nobody records what becomes of mails any more") };
                    for mail in under_way.settle(&ids) {
                        under_way.add(&mail);
                        drop(done.send(Done { mail, ended: Ended::Untried }));
                    }
                    ask = true;
                }
                Some(_) = sending.join_next() => {}
                _ = news.changed() => ask = true,
                () = tokio::time::sleep_until(at.into()), if under_way.has_room() => ask = true,
                () = self.stop.cancelled(), if !stopping => {}
            }
        }
    }

    fn send_all(
        self: &Arc<Self>,
        batch: Batch,
        under_way: &mut UnderWay,
        sending: &mut JoinSet<()>,
        done: &UnboundedSender<Done>,
    ) {
        self.lanes.open(batch.mails.iter().map(|(mail, _)| mail.recipient_domain.as_str()));
        for (mail, probe) in batch.mails {
            // One that is under way already is not sent beside itself: it was just handed
            // back and we have not heard of it yet, or its lease ran out in a long outage.
            if !under_way.add(&mail) {
                under_way.again.push(mail);
            } else {
                let (courier, done) = (self.clone(), done.clone());
                let leased = batch.at;
                sending.spawn(async move { drop(done.send(courier.deliver(mail, probe, leased).await)) });
            }
        }
    }

    async fn deliver(&self, mail: Leased, probe: bool, leased: Moment) -> Done {
        let domain = mail.recipient_domain.clone();
        let turn = tokio::select! {
            turn = self.lanes.turn(&domain, probe) => turn,
            () = self.stop.cancelled() => return Done { mail, ended: Ended::Untried },
        };
        let late = Timestamp::now() > leased.at + TURN;
        // Who was taken for dead owns nothing any more: somebody else sends it.
        if late
            || !self.database.lives_since(leased.asked)
            || self.stop.is_cancelled()
            || self.lanes.is_closed(&domain)
        {
            return Done { mail, ended: Ended::Untried };
        }
        let sent = AssertUnwindSafe(self.send(&mail)).catch_unwind().await;
        let outcome = sent.unwrap_or_else(|_| {
            Outcome::Deferred(Trouble::Broken, "sending it made a library panic".to_owned())
        });
        self.lanes.learn(&domain, &outcome);
        drop(turn);
        Done { mail, ended: Ended::Said(outcome) }
    }

    async fn send(&self, mail: &Leased) -> Outcome {
        let parse = |address: &str| address.parse::<EmailAddress>();
        match (parse(&mail.envelope_from), parse(&mail.recipient)) {
            (Ok(from), Ok(to)) => self.transport.send(Some(&from), &to, &mail.bytes).await,
            (Err(error), _) | (_, Err(error)) => Outcome::Refused(error.to_string()),
        }
    }
}

impl UnderWay {
    fn is_empty(&self) -> bool {
        self.mails.is_empty()
    }

    /// Leasing a few at a time would cost more than sending them.
    fn has_room(&self) -> bool {
        self.mails.len() <= WINDOW / 2
    }

    /// `false` when it is under way already.
    fn add(&mut self, mail: &Leased) -> bool {
        let fresh = self.mails.insert(mail.id, mail.recipient_domain.clone()).is_none();
        if fresh {
            *self.to.entry(mail.recipient_domain.clone()).or_default() += 1;
        }
        fresh
    }

    /// Forgets these. Returns what was leased once more meanwhile, to be handed back.
    fn settle(&mut self, ids: &[OutboxId]) -> Vec<Leased> {
        for domain in ids.iter().filter_map(|id| self.mails.remove(id)) {
            if let Some(count) = self.to.get_mut(&domain) {
                *count -= 1;
                if *count == 0 {
                    self.to.remove(&domain);
                }
            }
        }
        self.again.extract_if(.., |mail| ids.contains(&mail.id)).collect()
    }
}
