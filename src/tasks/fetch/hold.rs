//! The right to fetch a mailbox: one node has it at a time.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::{
    task::JoinHandle,
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::{
    domain::MailboxId,
    store,
    tasks::{Node, wake::Database},
};

/// How long a node may fetch a mailbox without renewing its right to: so long
/// after a node was lost another one takes over.
const HOLD: Duration = Duration::from_secs(30);
/// The right is renewed this often.
const RENEW_EVERY: Duration = Duration::from_secs(10);
/// How long renewing it may take: a database that hangs must not make us believe
/// that we still have it.
const RENEW_WITHIN: Duration = Duration::from_secs(5);

/// Waits until no other node fetches this mailbox. `false` when we are to stop.
pub(super) async fn wait_for(
    node: &Arc<Node>,
    id: MailboxId,
    stop: &CancellationToken,
) -> anyhow::Result<bool> {
    while !stop.is_cancelled() {
        if hold(node, id).await? {
            return Ok(true);
        }
        tokio::select! {
            () = tokio::time::sleep(RENEW_EVERY / 2) => {}
            () = stop.cancelled() => {}
        }
    }
    Ok(false)
}

/// Renews the right until the guard is dropped, and cancels `lost` when that could not be
/// done for as long as it lasts. Another node may then fetch; that nothing of ours
/// is kept any more is seen to by the commits, which ask for the right again.
///
/// A database that comes back may be a standby that knows less than we marked on the
/// server: `lost` is cancelled then too, and a new session looks at every UID.
pub(super) fn keep(
    node: &Arc<Node>,
    id: MailboxId,
    mut database: Database,
    lost: &CancellationToken,
) -> Keeper {
    let (node, lost) = (node.clone(), lost.clone());
    Keeper(tokio::spawn(async move {
        tokio::select! {
            () = renew(|| hold(&node, id)) => {}
            () = database.came_back() => {}
        }
        lost.cancel();
    }))
}

/// Gives the right back, so that another node need not wait.
pub(super) async fn release(node: &Node, id: MailboxId) -> anyhow::Result<()> {
    let mut conn = node.pool.get().await?;
    Ok(store::mailboxes::release(&mut conn, id, &node.name).await?)
}

/// Stops renewing when it is dropped.
pub(super) struct Keeper(JoinHandle<()>);

impl Drop for Keeper {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn hold(node: &Node, id: MailboxId) -> anyhow::Result<bool> {
    let mut conn = node.pool.get().await?;
    Ok(store::mailboxes::hold(&mut conn, id, &node.name, Timestamp::now(), HOLD).await?)
}

/// Returns when the right is gone: somebody else has it, or it has run out.
async fn renew<F>(mut hold: impl FnMut() -> F)
where
    F: Future<Output = anyhow::Result<bool>>,
{
    let mut end = Instant::now() + HOLD;
    while Instant::now() + RENEW_WITHIN < end {
        tokio::time::sleep(RENEW_EVERY.min(end - RENEW_WITHIN - Instant::now())).await;
        let asked = Instant::now();
        match timeout(RENEW_WITHIN, hold()).await {
            Ok(Ok(true)) => end = asked + HOLD,
            Ok(Ok(false)) => return,
            Ok(Err(error)) => warn!("Renewing the right to fetch a mailbox: {error:#}"),
            Err(_) => warn!("Renewing the right to fetch a mailbox: no answer within {RENEW_WITHIN:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_database_that_hangs_ends_the_right_before_another_node_can_have_it() {
        let start = Instant::now();
        renew(pending::<anyhow::Result<bool>>).await;
        assert!(start.elapsed() <= HOLD, "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn the_right_stays_as_long_as_it_is_renewed_and_ends_when_another_has_it() {
        let (start, mut left) = (Instant::now(), 20);
        renew(|| {
            left -= 1;
            ready(if left == 10 { Err(anyhow::anyhow!("one hiccup")) } else { Ok(left > 0) })
        })
        .await;
        assert_eq!(left, 0);
        assert_eq!(start.elapsed(), 20 * RENEW_EVERY);
    }
}
