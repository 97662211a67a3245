//! What is due by time alone: timers, mails that bring the process down, mailboxes that
//! nobody has looked at for too long, and the figures for `/metrics`.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use tracing::error;

use super::{Node, supervisor};
use crate::{
    desk,
    domain::Word,
    store::{self, quarantine::Cause},
    ticket::Status,
};

/// How often the clock looks for timers that are due.
const TICK: Duration = Duration::from_secs(2);

/// How often it looks at everything else.
const SWEEP: Duration = Duration::from_secs(15);

/// So many customers who do not answer are given up at a time; the others at the next tick.
const MOST_SILENT: i64 = 100;

/// Ticks until `stop`.
pub fn job(node: Arc<Node>, stop: CancellationToken) -> supervisor::Job {
    supervisor::job(move || {
        let (node, stop) = (node.clone(), stop.clone());
        async move {
            let (mut told, mut swept) = (BTreeSet::new(), None::<Instant>);
            let mut conn = node.pool.get().await?;
            node.desk.wind_outdated(&mut conn).await?;
            drop(conn);
            while !stop.is_cancelled() {
                fire(&node).await?;
                if swept.is_none_or(|at| at.elapsed() >= SWEEP) {
                    swept = Some(Instant::now());
                    sweep(&node, &mut told, Timestamp::now()).await?;
                }
                tokio::select! {
                    () = tokio::time::sleep(TICK) => {}
                    () = stop.cancelled() => {}
                }
            }
            Ok(())
        }
    })
}

async fn fire(node: &Node) -> anyhow::Result<()> {
    let mut conn = node.pool.get().await?;
    let shared = store::timers::shared_time(&mut conn).await?;
    node.desk.fire_due(&mut conn, shared).await?;
    Ok(())
}

async fn sweep(node: &Node, told: &mut BTreeSet<String>, now: Timestamp) -> anyhow::Result<()> {
    let mut conn = node.pool.get().await?;
    node.desk.set_repeating(&mut conn, now).await?;
    for id in store::inbound::quarantine_crashers(&mut conn, now).await? {
        error!(inbound.id = %id, "Mail {id} is in quarantine: work on it was cut short {} times", store::inbound::CRASHES);
    }
    conn.transaction(async |conn| node.desk.tell_of_quarantine(conn, now).await).await?;
    conn.transaction(async |conn| node.desk.give_up_on_silence(conn, MOST_SILENT, now).await).await?;
    let open = store::tickets::open_counts(&mut conn).await?;
    for status in Status::ALL.iter().filter(|status| **status != Status::Closed) {
        // A status without tickets has no row, and its gauge goes back to nothing.
        let count = open.iter().find(|(name, _)| name == status.as_str()).map_or(0, |(_, count)| *count);
        metrics::gauge!("deskgate_open_tickets", "status" => status.as_str()).set(count as f64);
    }
    let counts = store::quarantine::by_cause(&mut conn).await?;
    for &cause in Cause::ALL {
        let count = counts.iter().find(|(word, _)| word == cause.as_str()).map_or(0, |(_, count)| *count);
        metrics::gauge!("deskgate_quarantined_mails", "cause" => cause.as_str()).set(count as f64);
    }
    let health = desk::health(&node.desk, &mut conn, now).await?;
    for (name, count) in [
        ("deskgate_inbound_waiting", health.waiting),
        ("deskgate_inbound_quarantined", health.quarantined),
        ("deskgate_outbox_waiting", health.to_send),
        ("deskgate_outbox_failed", health.failed),
    ] {
        metrics::gauge!(name).set(count as f64);
    }
    for mailbox in &health.mailboxes {
        if let Some(age) = mailbox.age_seconds {
            metrics::gauge!("deskgate_mailbox_age_seconds", "mailbox" => mailbox.name.clone())
                .set(age as f64);
        }
        // What a fetcher found out it tells itself.
        let unseen = mailbox.overdue && matches!(mailbox.state.as_str(), "ok" | "new");
        if is_news(told, &mailbox.name, unseen) {
            error!(mailbox = mailbox.name, "{}", mailbox.sentence);
        }
    }
    Ok(())
}

/// Whether something that lasts is to be told now: when it begins, and not again until it
/// was over.
fn is_news(told: &mut BTreeSet<String>, name: &str, lasts: bool) -> bool {
    if lasts {
        return told.insert(name.to_owned());
    }
    told.remove(name);
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lasts_is_told_when_it_begins() {
        let mut told = BTreeSet::new();
        let news: Vec<bool> = [false, true, true, true, false, true]
            .into_iter()
            .map(|lasts| is_news(&mut told, "support", lasts))
            .collect();
        assert_eq!(news, [false, true, false, false, false, true]);
    }
}
