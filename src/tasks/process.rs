//! Raw mails into tickets.
//!
//! Reading is fenced: it runs on a thread of its own, within a time limit, and a
//! panic in a library costs one try of one mail. A mail that fails three times
//! is quarantined in sight of staff, and the next one goes on.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::{Node, Wake, supervisor};
use crate::{
    desk::DeskError,
    domain::{InboundId, InboundMail},
    mail::{self, Ours},
    report::{self, Verdict},
    store::{
        self,
        inbound::{InboundState, Leased},
    },
};

/// Mails leased together.
const BATCH: i64 = 16;
/// How long a lease lasts; reading all of a batch has to fit.
const LEASE: Duration = Duration::from_secs(300);
/// The table is looked at this often, whoever calls or not.
const POLL: Duration = Duration::from_secs(5);
/// Before another try of a mail that failed.
const RETRY_AFTER: SignedDuration = SignedDuration::from_secs(10);

/// Processes raw mails until `stop`.
pub fn job(node: Arc<Node>, wake: Arc<Wake>, stop: CancellationToken) -> supervisor::Job {
    supervisor::job(move || {
        let (node, wake, stop) = (node.clone(), wake.clone(), stop.clone());
        async move {
            while !stop.is_cancelled() {
                if work(&node, &wake, &stop).await? {
                    continue;
                }
                tokio::select! {
                    () = wake.inbound.notified() => {}
                    () = tokio::time::sleep(POLL) => {}
                    () = stop.cancelled() => {}
                }
            }
            Ok(())
        }
    })
}

/// Processes one batch. `false` when there was nothing to do.
async fn work(node: &Node, wake: &Wake, stop: &CancellationToken) -> anyhow::Result<bool> {
    let mut conn = node.pool.get().await?;
    use diesel_async::AsyncConnection;
    let batch = conn
        .transaction(async |conn| {
            store::inbound::lease(conn, &node.name, BATCH, Timestamp::now(), LEASE).await
        })
        .await
        .context("leasing raw mails")?;
    if batch.is_empty() {
        return Ok(false);
    }
    // There may be more than one batch: the next worker has a look.
    wake.inbound.notify_one();
    for leased in batch {
        if stop.is_cancelled() {
            store::inbound::hand_back(&mut conn, leased.id, Timestamp::now()).await?;
            continue;
        }
        take_in(node, &mut conn, leased).await?;
    }
    Ok(true)
}

/// Processes one mail that was just stored, unless another worker has it already.
///
/// # Errors
/// When the database is away; the mail is processed later then.
pub async fn process_one(node: &Node, conn: &mut store::Conn, id: InboundId) -> anyhow::Result<()> {
    match store::inbound::lease_one(conn, id, &node.name, Timestamp::now(), LEASE).await? {
        Some(leased) => take_in(node, conn, leased).await,
        None => Ok(()),
    }
}

/// One mail. An error means that the database is away and the loop starts over.
async fn take_in(node: &Node, conn: &mut store::Conn, leased: Leased) -> anyhow::Result<()> {
    let id = leased.id;
    match attempt(node, conn, &leased).await {
        Ok(taken) => {
            metrics::counter!("deskgate_mails_processed_total", "outcome" => taken.word).increment(1);
            match taken.ticket {
                Some(ticket) => {
                    info!(inbound.id = %id, ticket.id = %ticket, "Mail {id} {} ticket {ticket}", taken.word)
                }
                None => info!(inbound.id = %id, "Mail {id} was {}", taken.word),
            }
            Ok(())
        }
        Err(Trouble::Database(error)) => {
            // Not the mail's fault: its try does not count, if we can still say so.
            let _ = store::inbound::hand_back(conn, id, Timestamp::now() + RETRY_AFTER).await;
            Err(error)
        }
        Err(Trouble::Mail(why)) => {
            metrics::counter!("deskgate_mails_failed_total").increment(1);
            let retry_at = Timestamp::now() + RETRY_AFTER;
            let state = store::inbound::fail(conn, &leased, &why, retry_at).await?;
            match state {
                InboundState::Quarantined => error!(
                    inbound.id = %id,
                    "Mail {id} failed {} times and is in quarantine: {why}; see `deskgate inbox show {id}`",
                    leased.attempts
                ),
                _ => warn!(inbound.id = %id, "Mail {id} failed and is tried again: {why}"),
            }
            Ok(())
        }
    }
}

/// Whose fault it was.
enum Trouble {
    Database(anyhow::Error),
    Mail(String),
}

async fn attempt(
    node: &Node,
    conn: &mut store::Conn,
    leased: &Leased,
) -> Result<crate::desk::Taken, Trouble> {
    let judge = |error: DeskError| match error.is_database() {
        true => Trouble::Database(anyhow::Error::new(error)),
        false => Trouble::Mail(format!("{:#}", anyhow::Error::new(error))),
    };
    let mailbox = node.desk.mailbox(conn, leased.mailbox_id).await.map_err(judge)?;
    let ours = node.desk.ours(mailbox);
    let limit = node.desk.settings.limits.read_time;
    let (mail, verdict) = read(leased.raw.clone(), ours, limit).await.map_err(Trouble::Mail)?;
    node.desk
        .take_in(conn, leased.id, leased.mailbox_id, &mail, &verdict, Timestamp::now())
        .await
        .map_err(judge)
}

/// Reads a mail on a thread of its own.
///
/// # Errors
/// A sentence, when it took longer than `limit` or a library panicked.
async fn read(raw: Vec<u8>, ours: Ours, limit: Duration) -> Result<(InboundMail, Verdict), String> {
    let reading = tokio::task::spawn_blocking(move || {
        let mail = mail::read(&raw, &ours);
        let verdict = report::gate(&mail);
        (mail, verdict)
    });
    match tokio::time::timeout(limit, reading).await {
        Ok(Ok(read)) => Ok(read),
        Ok(Err(_)) => Err("reading it made a library panic".into()),
        Err(_) => Err(format!("reading it took longer than {limit:?}")),
    }
}
