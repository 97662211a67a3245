//! The outbox to the mail servers: lease, send, record.
//!
//! No connection to the database is held while SMTP talks. A crash between the
//! server's acceptance and our record repeats the mail once, with the same
//! Message-ID; anything else is exactly once.

use std::{collections::HashSet, sync::Arc, time::Duration};

use anyhow::Context;
use diesel_async::AsyncConnection;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::{Node, Wake, supervisor};
use crate::{
    domain::{EmailAddress, OutboxId, Word, text::mask},
    smtp::{Outcome, Transport},
    store::{
        self,
        outbox::{self, Leased},
        pool::News,
    },
};

/// How long a lease lasts: longer than any SMTP conversation may.
const LEASE: Duration = Duration::from_secs(900);
/// The table is looked at this often, whoever calls or not.
const POLL: Duration = Duration::from_secs(5);
/// Pauses between tries, in seconds (RFC 5321 §4.5.4.1 asks for growing ones);
/// the last one repeats.
const PAUSES: [i64; 8] = [30, 60, 300, 900, 1800, 3600, 7200, 14_400];
/// A mail that was deferred this often, over more than four days, has failed.
const TRIES: i32 = 32;
/// Before the next try to write down what became of a mail.
const RECORD_AGAIN: Duration = Duration::from_secs(2);

/// Before the next try to lease, when the database is away while mails are under way.
const LEASE_AGAIN: Duration = Duration::from_secs(2);

/// Delivers the finished mails of one mailbox until `stop`. Each mailbox has a loop
/// and a server of its own: a slow one holds up nobody else's mail.
pub fn job(node: Arc<Node>, wake: Arc<Wake>, name: String, stop: CancellationToken) -> supervisor::Job {
    supervisor::job(move || {
        let (node, wake, name, stop) = (node.clone(), wake.clone(), name.clone(), stop.clone());
        async move {
            let smtp = &node.desk.settings.mailbox(&name).context("the mailbox is configured")?.smtp;
            let transport = Arc::new(Transport::new(smtp)?);
            let at_once = smtp.connections as usize;
            let mut news = wake.listen(News::Outbox);
            let mut sending = JoinSet::new();
            let mut under_way = HashSet::new();
            loop {
                let free = at_once.saturating_sub(sending.len());
                let mut pause = POLL;
                if free > 0 && !stop.is_cancelled() {
                    match lease(&node, &name, free).await {
                        Ok(batch) if batch.is_empty() => {}
                        Ok(batch) => {
                            // After a long outage the lease of a mail that waits to
                            // be recorded has run out; it is not sent again.
                            for item in batch.into_iter().filter(|item| under_way.insert(item.id)) {
                                sending.spawn(deliver(node.clone(), transport.clone(), item));
                            }
                            continue;
                        }
                        // What is under way is finished and recorded before this
                        // loop may end: to drop it would send it again.
                        Err(error) if sending.is_empty() => return Err(error),
                        Err(error) => {
                            warn!("{error:#}; mails that are under way are finished first");
                            pause = LEASE_AGAIN;
                        }
                    }
                }
                if stop.is_cancelled() && sending.is_empty() {
                    return Ok(());
                }
                tokio::select! {
                    Some(sent) = sending.join_next() => {
                        match sent {
                            Ok(id) => drop(under_way.remove(&id)),
                            Err(died) => error!("Sending a mail died: {died}; it is left to the next process"),
                        }
                    }
                    _ = news.changed(), if free > 0 => {}
                    () = tokio::time::sleep(pause), if free > 0 => {}
                    () = stop.cancelled(), if sending.is_empty() => {}
                }
            }
        }
    })
}

async fn lease(node: &Node, name: &str, most: usize) -> anyhow::Result<Vec<Leased>> {
    let most = i64::try_from(most).unwrap_or(1);
    let mut conn = node.pool.get().await?;
    conn.transaction(async |conn| {
        let mailboxes = store::mailboxes::ids_of(conn, name).await?;
        outbox::lease(conn, &node.name, &mailboxes, most, Timestamp::now(), LEASE).await
    })
    .await
    .with_context(|| format!("leasing mails of `{name}` to send"))
}

async fn deliver(node: Arc<Node>, transport: Arc<Transport>, item: Leased) -> OutboxId {
    let outcome = send(&transport, &item).await;
    record_surely(&node, &item, &outcome).await;
    item.id
}

async fn send(transport: &Transport, item: &Leased) -> Outcome {
    let parse = |address: &str| address.parse::<EmailAddress>();
    match (parse(&item.envelope_from), parse(&item.recipient)) {
        (Ok(from), Ok(to)) => transport.send(Some(&from), &to, &item.bytes).await,
        (Err(error), _) | (_, Err(error)) => Outcome::Refused(error.to_string()),
    }
}

/// Writes down what became of a mail, however long the database is away: a mail
/// that was taken and not recorded would be sent twice.
async fn record_surely(node: &Node, item: &Leased, outcome: &Outcome) {
    while let Err(why) = record(node, item, outcome).await {
        warn!(outbox.id = %item.id, "Recording what became of mail {}: {why:#}; trying again", item.id);
        tokio::time::sleep(RECORD_AGAIN).await;
    }
}

async fn record(node: &Node, item: &Leased, outcome: &Outcome) -> anyhow::Result<()> {
    let (id, ticket, to) = (item.id, item.ticket_id, mask(&item.recipient));
    let now = Timestamp::now();
    let mut conn = node.pool.get().await?;
    let notice = item.notice.0.as_str();
    // Servers like to repeat the address they speak of.
    let said = |reply: &str| reply.replace(&item.recipient, &to);
    match outcome {
        Outcome::Accepted(reply) => {
            outbox::sent(&mut conn, id, reply, now).await?;
            count("accepted");
            info!(outbox.id = %id, ticket.id = %ticket, "Sent {notice} for ticket {ticket} to {to}");
        }
        Outcome::Deferred(reply) if item.attempts < TRIES => {
            let pause = SignedDuration::from_secs(pause(item.attempts));
            outbox::deferred(&mut conn, id, reply, now + pause).await?;
            count("deferred");
            warn!(outbox.id = %id, ticket.id = %ticket, "Could not send {notice} for ticket {ticket} to {to} yet: {}", said(reply));
        }
        Outcome::Deferred(reply) | Outcome::Refused(reply) => {
            fail(node, &mut conn, item, reply, now).await?;
            count("refused");
            error!(outbox.id = %id, ticket.id = %ticket, "Cannot send {notice} for ticket {ticket} to {to}: {}", said(reply));
        }
    }
    Ok(())
}

/// A mail that will never leave is marked on its ticket, and told to staff.
async fn fail(
    node: &Node,
    conn: &mut store::Conn,
    item: &Leased,
    reply: &str,
    now: Timestamp,
) -> anyhow::Result<()> {
    conn.transaction(async |conn| {
        outbox::failed(conn, item.id, reply).await?;
        let detail = json!({ "notice": item.notice.0, "recipient": item.recipient, "reply": reply, "outbox": item.id });
        store::journal::write(conn, item.ticket_id, store::journal::SYSTEM, "undeliverable", detail, now).await
    })
    .await
    .with_context(|| format!("recording that mail {} failed", item.id))?;
    if item.notice.0.is_for_staff() {
        return Ok(());
    }
    // Settled above, so that trouble with the notice is not trouble with the mail.
    let trouble = format!("{}: {reply}", item.recipient);
    let told = conn
        .transaction(async |conn| node.desk.tell_of_trouble(conn, item.ticket_id, &trouble, now).await)
        .await;
    if let Err(error) = told {
        error!(outbox.id = %item.id, "Telling staff that mail {} failed: {:#}", item.id, anyhow::Error::new(error));
    }
    Ok(())
}

fn pause(attempts: i32) -> i64 {
    let step = usize::try_from(attempts - 1).unwrap_or(0);
    PAUSES[step.min(PAUSES.len() - 1)]
}

fn count(outcome: &'static str) {
    metrics::counter!("deskgate_deliveries_total", "outcome" => outcome).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_the_tries_span_at_least_four_days() {
        assert!(PAUSES.is_sorted());
        assert_eq!((pause(0), pause(1), pause(8), pause(99)), (30, 30, 14_400, 14_400));
        // RFC 5321 §4.5.4.1: "the give-up time generally needs to be at least 4-5 days".
        let total: i64 = (1..TRIES).map(pause).sum();
        assert!(total >= 4 * 86_400, "{total}");
    }
}
