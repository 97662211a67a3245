//! The outbox to the mail servers: lease, send, record.
//!
//! No connection to the database is held while SMTP talks. A crash between the
//! server's acceptance and our record repeats the mail once, with the same
//! Message-ID; anything else is exactly once.

use std::{collections::HashMap, sync::Arc, time::Duration};

use anyhow::Context;
use diesel_async::AsyncConnection;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::{Node, Wake, supervisor};
use crate::{
    domain::{EmailAddress, MailboxId, Word, text::mask},
    smtp::{Outcome, Transport},
    store::{
        self,
        outbox::{self, Leased},
    },
    ticket::Audience,
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

/// Delivers finished mails until `stop`.
pub fn job(node: Arc<Node>, wake: Arc<Wake>, stop: CancellationToken) -> supervisor::Job {
    supervisor::job(move || {
        let (node, wake, stop) = (node.clone(), wake.clone(), stop.clone());
        async move {
            let transports = Arc::new(Transports::new(&node).await?);
            let mut sending = JoinSet::new();
            loop {
                let free = transports.at_once - sending.len() as i64;
                if free > 0 && !stop.is_cancelled() && work(&node, &transports, &mut sending, free).await? {
                    continue;
                }
                if stop.is_cancelled() && sending.is_empty() {
                    return Ok(());
                }
                tokio::select! {
                    Some(sent) = sending.join_next() => sent.context("sending a mail died")?,
                    () = wake.outbox.notified(), if free > 0 => {}
                    () = tokio::time::sleep(POLL), if free > 0 => {}
                    () = stop.cancelled(), if sending.is_empty() => {}
                }
            }
        }
    })
}

/// One way out for each mailbox.
struct Transports {
    by_mailbox: HashMap<MailboxId, Arc<Transport>>,
    at_once: i64,
}

impl Transports {
    async fn new(node: &Node) -> anyhow::Result<Transports> {
        let mut conn = node.pool.get().await?;
        let mut by_mailbox = HashMap::new();
        let mut at_once = 0;
        for mailbox in &node.desk.settings.mailboxes {
            let id = store::mailboxes::ensure(&mut conn, &mailbox.name, &mailbox.address).await?.id;
            by_mailbox.insert(id, Arc::new(Transport::new(&mailbox.smtp)?));
            at_once += i64::from(mailbox.smtp.connections);
        }
        Ok(Transports { by_mailbox, at_once })
    }
}

/// Starts to deliver what is due, as far as there are connections for it; a slow
/// server holds up only its own mail. `false` when there was nothing to do.
async fn work(
    node: &Arc<Node>,
    transports: &Arc<Transports>,
    sending: &mut JoinSet<()>,
    most: i64,
) -> anyhow::Result<bool> {
    let batch = lease(node, most).await?;
    let any = !batch.is_empty();
    for item in batch {
        let (node, transports) = (node.clone(), transports.clone());
        sending.spawn(async move {
            let outcome = send(&transports, &item).await;
            record_surely(&node, &item, &outcome).await;
        });
    }
    Ok(any)
}

async fn lease(node: &Node, most: i64) -> anyhow::Result<Vec<Leased>> {
    let mut conn = node.pool.get().await?;
    conn.transaction(async |conn| outbox::lease(conn, &node.name, most, Timestamp::now(), LEASE).await)
        .await
        .context("leasing mails to send")
}

async fn send(transports: &Transports, item: &Leased) -> Outcome {
    let Some(transport) = transports.by_mailbox.get(&item.mailbox_id) else {
        return Outcome::Deferred("its mailbox is no longer in the configuration".into());
    };
    let parse = |address: &str| address.parse::<EmailAddress>();
    let from = match item.envelope_from.as_deref().map(parse).transpose() {
        Ok(from) => from,
        Err(error) => return Outcome::Refused(error.to_string()),
    };
    match parse(&item.recipient) {
        Ok(to) => transport.send(from.as_ref(), &to, &item.bytes).await,
        Err(error) => Outcome::Refused(error.to_string()),
    }
}

/// Writes down what became of a mail, for as long as the lease lasts: a mail that
/// was taken and not recorded would be sent twice.
async fn record_surely(node: &Node, item: &Leased, outcome: &Outcome) {
    let give_up = tokio::time::Instant::now() + LEASE / 2;
    loop {
        let tried = record(node, item, outcome).await;
        let Err(why) = tried else { return };
        if tokio::time::Instant::now() >= give_up {
            error!(outbox.id = %item.id, "Could not record what became of mail {}: {why:#}", item.id);
            return;
        }
        warn!(outbox.id = %item.id, "Recording what became of mail {}: {why:#}; trying again", item.id);
        tokio::time::sleep(RECORD_AGAIN).await;
    }
}

async fn record(node: &Node, item: &Leased, outcome: &Outcome) -> anyhow::Result<()> {
    let (id, ticket, to) = (item.id, item.ticket_id, mask(&item.recipient));
    let now = Timestamp::now();
    let mut conn = node.pool.get().await?;
    let notice = item.notice.0.as_str();
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
            warn!(outbox.id = %id, ticket.id = %ticket, "Could not send {notice} for ticket {ticket} to {to} yet: {reply}");
        }
        Outcome::Deferred(reply) | Outcome::Refused(reply) => {
            fail(node, &mut conn, item, reply, now).await?;
            count("refused");
            error!(outbox.id = %id, ticket.id = %ticket, "Cannot send {notice} for ticket {ticket} to {to}: {reply}");
        }
    }
    Ok(())
}

/// A mail that will never leave is told to staff, with a mark on its ticket.
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
        store::journal::write(conn, item.ticket_id, store::journal::SYSTEM, "undeliverable", detail, now).await?;
        // A notice to staff that cannot be delivered is not told by another one.
        let for_staff = matches!(item.notice.0.audience(), Audience::Staff | Audience::Assignee);
        if !for_staff {
            let trouble = format!("{}: {reply}", item.recipient);
            node.desk.tell_of_trouble(conn, item.ticket_id, &trouble, now).await?;
        }
        Ok::<_, crate::desk::DeskError>(())
    })
    .await
    .with_context(|| format!("recording that mail {} failed", item.id))
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
