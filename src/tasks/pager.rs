//! Tells pagers what they are to be told: lease, POST, record. No connection of the database is held meanwhile.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use diesel_async::AsyncConnection;
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{Node, Wake, supervisor};
use crate::{
    pager::Pager,
    store::{
        pool::News,
        webhooks::{self, Webhook},
    },
};

/// Without news there is a look this often, for what is to be tried again.
const POLL: Duration = Duration::from_secs(5);
/// Beside the time that a request may take.
const MARGIN: Duration = Duration::from_secs(30);
/// The first pause after a failure; each is twice as long, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(5);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(10);
/// What a pager did not take for so long it need not know any more.
const GIVE_UP: SignedDuration = SignedDuration::from_hours(24);
/// Staff hear of a pager that does not answer after so many tries, and then once in a while.
const TELL_AFTER: i32 = 3;
const TELL_EVERY: Duration = Duration::from_hours(1);

/// Tells until `stop`.
pub fn job(node: Arc<Node>, wake: Arc<Wake>, stop: CancellationToken) -> supervisor::Job {
    supervisor::job(move || {
        let (node, stop, mut news) = (node.clone(), stop.clone(), wake.listen(News::Outbox));
        async move {
            let Some(webhook) = node.desk.settings.oncall.webhook.as_ref() else { return Ok(()) };
            let pager = Pager::new(webhook)?;
            while !stop.is_cancelled() {
                while !stop.is_cancelled() && tell_one(&node, &pager).await? {}
                tokio::select! {
                    _ = news.changed() => {}
                    () = tokio::time::sleep(POLL) => {}
                    () = stop.cancelled() => {}
                }
            }
            Ok(())
        }
    })
}

/// `false` when nothing is due.
async fn tell_one(node: &Node, pager: &Pager) -> anyhow::Result<bool> {
    let now = Timestamp::now();
    let leased = {
        let mut conn = node.pool.get().await?;
        let time = pager.longest() + MARGIN;
        conn.transaction(async |conn| webhooks::lease(conn, now, time).await)
            .await
            .context("leasing what pagers are to be told")?
    };
    let Some(webhook) = leased else { return Ok(false) };
    let told = pager.tell(&webhook.key, &webhook.payload, now).await;
    let now = Timestamp::now();
    let mut conn = node.pool.get().await?;
    match told {
        Ok(answer) => {
            info!(ticket.id = %webhook.ticket(), webhook.id = webhook.id, "The pager was told of ticket {}: {answer}", webhook.ticket());
            webhooks::sent(&mut conn, webhook.id, &answer, now).await?;
        }
        Err(error) => {
            let again = again(&webhook, now);
            warn!(ticket.id = %webhook.ticket(), webhook.id = webhook.id, "The pager was not told of ticket {}: {error}", webhook.ticket());
            webhooks::put_off(&mut conn, webhook.id, &error.to_string(), again).await?;
            if webhook.attempts >= TELL_AFTER {
                tell_staff(node, &mut conn, &error.to_string(), now).await?;
            }
        }
    }
    Ok(true)
}

/// When it is tried again; never, once it is of no use any more.
fn again(webhook: &Webhook, now: Timestamp) -> Option<Timestamp> {
    let doublings = u32::try_from(webhook.attempts - 1).unwrap_or(0).min(16);
    let again = now + (FIRST_PAUSE * 2_i32.pow(doublings)).min(LONGEST_PAUSE);
    (again.duration_since(webhook.created_at.to_jiff()) < GIVE_UP).then_some(again)
}

async fn tell_staff(
    node: &Node,
    conn: &mut crate::store::Conn,
    why: &str,
    now: Timestamp,
) -> anyhow::Result<()> {
    let words = format!(
        "The pager of [oncall.webhook] does not take what it is told ({why}). It is tried again at growing pauses of up to ten \
         minutes, for a day; people are called by mail all the same. `deskgate oncall` says how much waits. You hear of \
         this once an hour."
    );
    conn.transaction(async |conn| {
        node.desk.alarm(conn, "pager", TELL_EVERY, ("The pager cannot be told", &words), now).await
    })
    .await?;
    Ok(())
}
