//! What became of the mails, written down.

use std::{sync::Arc, time::Duration};

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tracing::{error, info, warn};

use super::{Courier, lease::automatic_to_customers, pace};
use crate::{
    domain::{OutboxId, text::mask},
    smtp::{Outcome, Trouble},
    store::{
        self, Conn,
        delivery::{self, Leased},
        pauses::{self, SERVER},
    },
    ticket::{Happening, Notice},
};

/// At most so many are written down together.
const TOGETHER: usize = 256;
/// Before the next try to write down what became of mails.
const RECORD_AGAIN: Duration = Duration::from_secs(2);

/// A mail that is no longer under way.
pub(super) struct Done {
    pub mail: Leased,
    pub ended: Ended,
}

/// How its way ended.
pub(super) enum Ended {
    /// It was offered to the server.
    Said(Outcome),
    /// It was not: its domain or the server deferred meanwhile, or we are to stop.
    Untried,
}

/// What a batch comes to.
#[derive(Default)]
struct Sorted<'a> {
    accepted: Vec<(OutboxId, String)>,
    /// Of these, automatic mails to customers.
    automatic: Vec<OutboxId>,
    back: Vec<OutboxId>,
    deferred: Vec<(&'a Leased, Trouble, &'a str)>,
    failed: Vec<(&'a Leased, &'a str)>,
    /// Domains that answered, for better or worse.
    answered: Vec<&'a str>,
    /// Why the server could not be reached.
    away: Option<&'a str>,
}

impl Courier {
    /// Records until nobody sends any more, and tells which mails are settled.
    pub(super) async fn keep_records(
        self: Arc<Self>,
        mut ended: UnboundedReceiver<Done>,
        settled: UnboundedSender<Vec<OutboxId>>,
    ) {
        let mut batch = Vec::new();
        // While one batch is written down the next one gathers.
        while ended.recv_many(&mut batch, TOGETHER).await > 0 {
            self.record(&batch).await;
            drop(settled.send(batch.drain(..).map(|done| done.mail.id).collect()));
        }
    }

    /// However long the database is away: a mail that was taken and not recorded would be
    /// sent twice. Each failure is recorded on its own, so that what is tried again is
    /// that alone.
    async fn record(&self, batch: &[Done]) {
        let (sorted, now) = (sort(batch), Timestamp::now());
        let twice = loop {
            match self.settle(&sorted, now).await {
                Ok(twice) => break twice,
                Err(why) => warn!("Recording what became of {} mails: {why:#}; trying again", batch.len()),
            }
            tokio::time::sleep(RECORD_AGAIN).await;
        };
        for done in batch {
            report(done, &twice);
        }
        for (mail, reply) in &sorted.failed {
            while let Err(why) = self.settle_failed(mail, reply, now).await {
                warn!("Recording that mail {} failed: {why:#}; trying again", mail.id);
                tokio::time::sleep(RECORD_AGAIN).await;
            }
        }
    }

    async fn settle(&self, sorted: &Sorted<'_>, now: Timestamp) -> anyhow::Result<Vec<OutboxId>> {
        let mut conn = self.node.pool.get().await?;
        Ok(conn.transaction(async |conn| self.record_together(conn, sorted, now).await).await?)
    }

    async fn settle_failed(&self, mail: &Leased, reply: &str, now: Timestamp) -> anyhow::Result<()> {
        let mut conn = self.node.pool.get().await?;
        Ok(conn.transaction(async |conn| self.fail(conn, mail, reply, now).await).await?)
    }

    /// Returns the mails that another process sent, too.
    async fn record_together(
        &self,
        conn: &mut Conn,
        sorted: &Sorted<'_>,
        now: Timestamp,
    ) -> diesel::QueryResult<Vec<OutboxId>> {
        let holder = &self.node.name;
        let mut twice = Vec::new();
        if !sorted.accepted.is_empty() {
            let sent = delivery::sent(conn, holder, &sorted.accepted, now).await?;
            let again: Vec<OutboxId> =
                sorted.accepted.iter().map(|(id, _)| *id).filter(|id| !sent.contains(id)).collect();
            if !again.is_empty() {
                twice = delivery::sent_by_others(conn, holder, &again).await?;
            }
            let automatic = sorted.automatic.iter().filter(|id| sent.contains(id)).count();
            if automatic > 0 {
                pauses::count_automatic(conn, automatic, now).await?;
            }
        }
        if !sorted.back.is_empty() {
            delivery::hand_back(conn, holder, &sorted.back).await?;
        }
        if !sorted.answered.is_empty() && self.lanes.any_pause() {
            pauses::end(conn, &self.name, &sorted.answered).await?;
        }
        if let Some(why) = sorted.away {
            pauses::begin(conn, &self.name, SERVER, why, now, pace::of_server).await?;
        }
        for &(mail, trouble, reply) in &sorted.deferred {
            let due = now + pace::of_mail(mail.attempts);
            let due = match trouble {
                Trouble::Domain => {
                    let domain = &mail.recipient_domain;
                    let until = pauses::begin(conn, &self.name, domain, reply, now, pace::of_domain).await?;
                    due.max(until)
                }
                Trouble::Server | Trouble::Broken | Trouble::Recipient => due,
            };
            delivery::deferred(conn, holder, mail.id, reply, due).await?;
        }
        Ok(twice)
    }

    /// A mail that will never leave is marked on its ticket, and told to staff: all or
    /// nothing. Only what is wrong with the word to staff itself keeps nobody from the rest.
    async fn fail(
        &self,
        conn: &mut Conn,
        mail: &Leased,
        reply: &str,
        now: Timestamp,
    ) -> diesel::QueryResult<()> {
        let moved = delivery::failed(conn, &self.node.name, mail.id, reply).await?;
        let Some(ticket) = mail.ticket().filter(|_| moved) else { return Ok(()) };
        let detail = json!({ "notice": mail.notice.0, "recipient": mail.recipient, "reply": reply, "outbox": mail.id });
        store::journal::write(conn, ticket, store::journal::SYSTEM, Happening::Undeliverable, detail, now)
            .await?;
        let desk = &self.node.desk;
        let told = match mail.notice.0 {
            Notice::Page | Notice::PagedAgain => {
                let lost =
                    async |conn: &mut Conn| desk.call_was_lost(conn, ticket, &mail.recipient, now).await;
                conn.transaction(lost).await
            }
            notice if notice.is_for_staff() => return Ok(()),
            _ => {
                let trouble = format!("{}: {reply}", mail.recipient);
                conn.transaction(async |conn| desk.tell_of_trouble(conn, ticket, "", &trouble, now).await)
                    .await
            }
        };
        // A connection that broke shows when the whole is committed.
        if let Err(error) = told {
            error!(outbox.id = %mail.id, "Telling staff that mail {} failed: {:#}", mail.id, anyhow::Error::new(error));
        }
        Ok(())
    }
}

fn sort(batch: &[Done]) -> Sorted<'_> {
    let mut sorted = Sorted::default();
    for Done { mail, ended } in batch {
        let domain = mail.recipient_domain.as_str();
        match ended {
            Ended::Untried => sorted.back.push(mail.id),
            Ended::Said(Outcome::Accepted(reply)) => {
                sorted.accepted.push((mail.id, reply.clone()));
                sorted.automatic.extend(automatic_to_customers().contains(&mail.notice.0).then_some(mail.id));
                sorted.answered.extend([domain, SERVER]);
            }
            Ended::Said(Outcome::Deferred(Trouble::Server, why)) => {
                sorted.back.push(mail.id);
                sorted.away = Some(why);
            }
            Ended::Said(Outcome::Deferred(trouble, why)) => {
                match trouble {
                    Trouble::Broken | Trouble::Server => sorted.away = Some(why),
                    Trouble::Domain => sorted.answered.push(SERVER),
                    Trouble::Recipient => sorted.answered.extend([domain, SERVER]),
                }
                match mail.attempts < pace::TRIES {
                    true => sorted.deferred.push((mail, *trouble, why)),
                    false => sorted.failed.push((mail, why)),
                }
            }
            Ended::Said(Outcome::Refused(reply)) => {
                sorted.answered.extend([domain, SERVER]);
                sorted.failed.push((mail, reply));
            }
        }
    }
    sorted.answered.sort_unstable();
    sorted.answered.dedup();
    sorted
}

/// One line for each mail, and the figures.
fn report(done: &Done, twice: &[OutboxId]) {
    let Done { mail, ended } = done;
    let Ended::Said(outcome) = ended else { return };
    let (id, notice, to) = (mail.id, mail.notice.0, mask(&mail.recipient));
    let ticket = mail.ticket().map(|id| format!(" for ticket {id}")).unwrap_or_default();
    // Servers like to repeat the address they speak of.
    let said = |reply: &str| reply.replace(&mail.recipient, &to);
    let counted = match outcome {
        Outcome::Accepted(_) => {
            info!(outbox.id = %id, "Sent {notice}{ticket} to {to}");
            if twice.contains(&id) {
                warn!(outbox.id = %id, "Mail {id} was sent twice: its lease had run out, and another process sent it, too");
            }
            "accepted"
        }
        Outcome::Deferred(_, reply) if mail.attempts < pace::TRIES => {
            warn!(outbox.id = %id, "Could not send {notice}{ticket} to {to} yet: {}", said(reply));
            "deferred"
        }
        Outcome::Deferred(_, reply) | Outcome::Refused(reply) => {
            error!(outbox.id = %id, "Cannot send {notice}{ticket} to {to}: {}", said(reply));
            "refused"
        }
    };
    metrics::counter!("deskgate_deliveries_total", "outcome" => counted).increment(1);
}
