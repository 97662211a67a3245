//! The one connection that a process keeps for itself: it hears the announcements of
//! all nodes and passes them on to the loops here, holds the lock that shows that
//! this node lives, and is the first to know when the database goes away and
//! comes back.

use std::{future::Future, sync::Arc, time::Duration};

use anyhow::Context;
use diesel::QueryResult;
use tokio::{
    sync::watch,
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{
    Node,
    supervisor::{self, jittered},
};
use crate::store::{
    leases,
    nodes::{self, NodeId, SILENT_AFTER},
    pool::{Listener, News},
};

/// A node gives a sign of life this often; three may be missed.
const SIGN_EVERY: Duration = Duration::from_secs(2);
/// A connection on which a statement takes longer is given up.
const PATIENCE: Duration = Duration::from_secs(5);
/// Before the next try to connect.
const AGAIN: Duration = Duration::from_millis(500);

/// Who listens for news of one sort. Every loop has a receiver of its own, and news
/// that came while it worked is not lost on it.
pub struct Wake {
    inbound: watch::Sender<()>,
    outbox: watch::Sender<()>,
    /// The connection; `None` while there is none.
    connected: watch::Sender<Option<Standing>>,
}

/// The connection, as long as it stands.
#[derive(Clone, Copy)]
struct Standing {
    since: Instant,
    /// When the last sign of life that the server took was begun.
    sign: Instant,
}

impl Wake {
    /// Nobody listens yet.
    pub fn new() -> Wake {
        Wake {
            inbound: watch::Sender::new(()),
            outbox: watch::Sender::new(()),
            connected: watch::Sender::new(None),
        }
    }

    /// Hears of this sort of news from now on.
    pub fn listen(&self, news: News) -> watch::Receiver<()> {
        self.sender(news).subscribe()
    }

    /// Hears of the database from now on.
    pub fn database(&self) -> Database {
        Database(self.connected.subscribe())
    }

    fn sender(&self, news: News) -> &watch::Sender<()> {
        match news {
            News::Inbound => &self.inbound,
            News::Outbox => &self.outbox,
        }
    }

    /// The connection stands, from now on; the first sign of life was begun at `sign`.
    pub(super) fn connected(&self, sign: Instant) {
        self.connected.send_replace(Some(Standing { since: Instant::now(), sign }));
        // What was announced while nobody listened is found by looking.
        self.inbound.send_replace(());
        self.outbox.send_replace(());
    }

    /// One more sign of life was taken, begun at this moment. That is news for nobody.
    fn gave_sign(&self, sign: Instant) {
        self.connected.send_if_modified(|standing| {
            if let Some(standing) = standing {
                standing.sign = sign;
            }
            false
        });
    }
}

/// Whether the database is there.
#[derive(Clone)]
pub struct Database(watch::Receiver<Option<Standing>>);

impl Database {
    /// Whether the connection stands.
    pub fn is_there(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Whether it has stood for so long.
    pub fn has_been_there_for(&self, time: Duration) -> bool {
        self.0.borrow().is_some_and(|standing| standing.since.elapsed() >= time)
    }

    /// Whether nobody can have taken this node for dead since that moment: what it leased
    /// then is still its own.
    pub fn lives_since(&self, moment: Instant) -> bool {
        let standing = *self.0.borrow();
        standing.is_some_and(|it| it.since <= moment && it.sign.elapsed() < SILENT_AFTER)
    }

    /// What happened so far does not count.
    pub fn forget(&mut self) {
        self.0.mark_unchanged();
    }

    /// Waits until it is there anew.
    pub async fn came_back(&mut self) {
        while self.0.changed().await.is_ok() {
            if self.0.borrow_and_update().is_some() {
                return;
            }
        }
        // Nobody tells any more: we are stopping.
        std::future::pending().await
    }
}

/// Keeps the connection until `stop`, and leaves the nodes of this database then.
pub fn job(node: Arc<Node>, wake: Arc<Wake>, roles: String, stop: CancellationToken) -> supervisor::Job {
    supervisor::job(move || {
        let (node, wake, roles, stop) = (node.clone(), wake.clone(), roles.clone(), stop.clone());
        async move {
            let mut away = None;
            while !stop.is_cancelled() {
                let sign = Instant::now();
                let ended = match Present::join(&node, &roles).await {
                    Ok(present) => {
                        if let Some(since) = away.take() {
                            info!("The database is back after {:.1?}", Instant::elapsed(&since));
                        }
                        wake.connected(sign);
                        present.stay(&wake, &stop).await
                    }
                    Err(error) => Err(error),
                };
                wake.connected.send_replace(None);
                if let Err(error) = ended
                    && away.is_none()
                {
                    warn!("The database is away: {error:#}; work goes on when it is back");
                    away = Some(Instant::now());
                }
                tokio::select! {
                    () = sleep(jittered(AGAIN)) => {}
                    () = stop.cancelled() => {}
                }
            }
            Ok(())
        }
    })
}

/// A node among the others.
struct Present<'a> {
    node: &'a Node,
    roles: &'a str,
    id: NodeId,
    listener: Listener,
}

impl Present<'_> {
    async fn join<'a>(node: &'a Node, roles: &'a str) -> anyhow::Result<Present<'a>> {
        let mut listener = Listener::open(&node.database_url).await?;
        let id = in_time(join(node, roles, &mut listener)).await?;
        Ok(Present { node, roles, id, listener })
    }

    /// Passes on what is heard and gives signs of life, until the connection breaks.
    async fn stay(mut self, wake: &Wake, stop: &CancellationToken) -> anyhow::Result<()> {
        let mut signs = interval(SIGN_EVERY);
        signs.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return self.leave().await,
                heard = self.listener.next() => {
                    let news = heard.context("the connection that listens was closed")??;
                    wake.sender(news).send_replace(());
                }
                _ = signs.tick() => self.give_sign(wake).await?,
            }
        }
    }

    async fn give_sign(&mut self, wake: &Wake) -> anyhow::Result<()> {
        let sign = Instant::now();
        if in_time(nodes::give_sign(self.listener.conn(), self.id)).await? {
            wake.gave_sign(sign);
            return Ok(());
        }
        warn!("The other nodes took this one for dead, and what it held; it starts over");
        self.id = in_time(join(self.node, self.roles, &mut self.listener)).await?;
        wake.connected(sign);
        Ok(())
    }

    /// Nothing here works any more: what is still on lease is for the others.
    async fn leave(mut self) -> anyhow::Result<()> {
        let (conn, name) = (self.listener.conn(), &self.node.name);
        in_time(async {
            leases::release_all(conn, std::slice::from_ref(name), jiff::Timestamp::now()).await?;
            nodes::leave(conn, name).await
        })
        .await
    }
}

async fn join(node: &Node, roles: &str, listener: &mut Listener) -> QueryResult<NodeId> {
    let mailboxes: Vec<&str> = node.desk.settings.mailbox_names().collect();
    nodes::join(listener.conn(), &node.name, roles, &mailboxes).await
}

async fn in_time<T>(statements: impl Future<Output = QueryResult<T>>) -> anyhow::Result<T> {
    let done = timeout(PATIENCE, statements).await;
    Ok(done.with_context(|| format!("the database did not answer within {PATIENCE:?}"))??)
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[tokio::test]
    async fn whoever_missed_announcements_looks_when_the_connection_is_back() {
        let wake = Wake::new();
        let (mut inbound, mut outbox) = (wake.listen(News::Inbound), wake.listen(News::Outbox));
        let mut database = wake.database();
        assert!(!database.is_there() && inbound.changed().now_or_never().is_none());
        wake.connected(Instant::now());
        assert!(inbound.changed().now_or_never().is_some() && outbox.changed().now_or_never().is_some());
        assert!(database.came_back().now_or_never().is_some() && database.is_there());
        assert!(database.came_back().now_or_never().is_none(), "told once");
        wake.connected.send_replace(None);
        assert!(database.came_back().now_or_never().is_none() && !database.is_there());
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_is_new_has_not_been_there_for_long() {
        let wake = Wake::new();
        let database = wake.database();
        wake.connected(Instant::now());
        tokio::time::advance(Duration::from_secs(9)).await;
        assert!(!database.has_been_there_for(Duration::from_secs(10)));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(database.has_been_there_for(Duration::from_secs(10)));
        wake.connected(Instant::now());
        assert!(!database.has_been_there_for(Duration::from_secs(1)));
    }

    #[tokio::test(start_paused = true)]
    async fn whose_signs_stay_out_or_who_was_away_owns_nothing_for_sure() {
        let wake = Wake::new();
        let (database, start) = (wake.database(), Instant::now());
        assert!(!database.lives_since(start));
        wake.connected(start);
        assert!(database.lives_since(start));
        tokio::time::advance(SILENT_AFTER / 2).await;
        wake.gave_sign(Instant::now());
        tokio::time::advance(SILENT_AFTER / 2).await;
        assert!(database.lives_since(start), "a sign was given meanwhile");
        tokio::time::advance(SILENT_AFTER / 2).await;
        assert!(!database.lives_since(start), "others may have taken us for dead");
        wake.connected(Instant::now());
        assert!(!database.lives_since(start), "they may have done so before we came back");
        assert!(database.lives_since(Instant::now()));
    }
}
