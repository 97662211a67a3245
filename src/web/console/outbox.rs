//! `/outbox`: mails of ours on their way, and what keeps them.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, Query, State},
    response::Response,
    routing::{get, post},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    csrf::{Nothing, Posted},
    denial::Denial,
    frame::framed,
    guard::Signed,
    ops::{self, Tab},
    shell::{PageOf, page},
};
use crate::{
    desk::Waits,
    domain::{EmailAddress, NamedAddress, OutboxId, TicketId, Word, words::word},
    mail,
    store::{
        outbox::{self, Line},
        outgoing::{self, Counts, Stage, Wanted},
        pauses::{Pause, SERVER},
    },
    ticket::rights::Wish,
    web::Site,
};

/// So many stand on one page.
const PAGE: i64 = 50;

/// Its addresses.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/outbox", get(list))
        .route("/outbox/pause", post(end_pause))
        .route("/outbox/{id}", get(show))
        .route("/outbox/{id}/html", get(html))
        .route("/outbox/{id}/retry", post(retry))
}

/// The tabs of the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    All,
    Queued,
    Deferred,
    Failed,
    Bounced,
    Withdrawn,
    Sent,
}

word!(Shown, "stage", {
    All => "all",
    Queued => "queued",
    Deferred => "deferred",
    Failed => "failed",
    Bounced => "bounced",
    Withdrawn => "withdrawn",
    Sent => "sent",
});

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    stage: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    ticket: String,
    #[serde(default)]
    before: String,
}

#[derive(Serialize)]
struct List {
    tabs: Vec<Tab>,
    shown: Shown,
    to: String,
    ticket: String,
    filtered: bool,
    rows: Vec<Row>,
    older: Option<String>,
    pauses: Vec<PauseRow>,
    capped: bool,
    may_end: bool,
}

#[derive(Serialize)]
struct Row {
    id: OutboxId,
    stage: Stage,
    ticket: Option<i64>,
    notice: String,
    recipient: String,
    mailbox: String,
    created_at: Timestamp,
    sent_at: Option<Timestamp>,
    tries: i32,
    /// When it is tried next.
    next_at: Option<Timestamp>,
    /// What it waits for, or what the server said last.
    said: String,
}

impl Row {
    fn of(line: &Line, waits: &Waits) -> Row {
        let (next_at, why) = waits.of(line).unzip();
        let said = why.or_else(|| line.last_reply.clone()).unwrap_or_default();
        Row {
            id: line.id,
            stage: Stage::of(line),
            ticket: line.ticket_id,
            notice: line.notice.0.to_string(),
            recipient: line.recipient.clone(),
            mailbox: waits.mailbox(line).unwrap_or_default().to_owned(),
            created_at: line.created_at.to_jiff(),
            sent_at: line.sent_at.map(|at| at.to_jiff()),
            tries: line.attempts,
            next_at,
            said: ops::sentence(&said),
        }
    }
}

#[derive(Serialize)]
struct PauseRow {
    mailbox: String,
    domain: String,
    server: bool,
    deferrals: i32,
    until: Timestamp,
    reply: String,
}

impl PauseRow {
    fn of(pause: &Pause) -> PauseRow {
        PauseRow {
            mailbox: pause.mailbox.clone(),
            domain: pause.domain.clone(),
            server: pause.domain == SERVER,
            deferrals: pause.deferrals,
            until: pause.until.to_jiff(),
            reply: ops::sentence(&pause.reply),
        }
    }
}

async fn list(
    State(site): State<Arc<Site>>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Denial> {
    let shown = Shown::from_word(&asked.stage).unwrap_or(Shown::All);
    let number = asked.ticket.trim().rsplit('-').next().and_then(|number| number.parse().ok());
    let wanted = Wanted {
        stage: Stage::from_word(shown.as_str()).ok(),
        recipient: Some(asked.to.trim().to_lowercase()).filter(|to| !to.is_empty()),
        ticket: number.map(TicketId),
    };
    let now = Timestamp::now();
    let mut conn = site.pool.get().await?;
    let before = asked.before.parse().ok().map(OutboxId);
    let lines = outgoing::page(&mut conn, &wanted, before, PAGE + 1).await?;
    let counts = outgoing::counts(&mut conn).await?;
    let waits = site.desk.waits(&mut conn, now).await?;
    drop(conn);
    let (lines, more) = ops::cut(lines, PAGE);
    let view = List {
        tabs: ops::tabs("/outbox", "stage", shown, |of| count(&counts, of)),
        shown,
        filtered: wanted.recipient.is_some() || wanted.ticket.is_some(),
        older: lines.last().filter(|_| more).map(|line| older(shown, &asked, line.id)),
        rows: lines.iter().map(|line| Row::of(line, &waits)).collect(),
        pauses: waits.pauses.iter().filter(|pause| pause.lasts(now)).map(PauseRow::of).collect(),
        capped: waits.capped,
        may_end: ops::may(&site, &signed, Wish::Operate),
        to: asked.to,
        ticket: asked.ticket,
    };
    page(&site, signed, &PageOf::new("outbox", "outbox", "Outbox"), &view)
}

fn count(counts: &Counts, shown: Shown) -> Option<i64> {
    match shown {
        Shown::Queued => Some(counts.queued),
        Shown::Deferred => Some(counts.deferred),
        Shown::Failed => Some(counts.failed),
        Shown::Bounced => Some(counts.bounced),
        Shown::Withdrawn => Some(counts.withdrawn),
        Shown::All | Shown::Sent => None,
    }
}

fn older(shown: Shown, asked: &Asked, last: OutboxId) -> String {
    let before = last.to_string();
    let pairs = [
        ("stage", shown.as_str()),
        ("to", asked.to.as_str()),
        ("ticket", asked.ticket.as_str()),
        ("before", before.as_str()),
    ];
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()))
        .finish();
    format!("/outbox?{query}")
}

#[derive(Serialize)]
struct Detail {
    row: Row,
    subject: String,
    from: String,
    to: String,
    message_id: String,
    bounced_at: Option<Timestamp>,
    text: String,
    html: bool,
    files: Vec<String>,
    reply: Option<String>,
    may_retry: bool,
}

async fn show(
    State(site): State<Arc<Site>>,
    signed: Signed,
    Path(id): Path<OutboxId>,
) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let line = outbox::line(&mut conn, id).await?.ok_or(Denial::NotFound)?;
    let bytes = outgoing::bytes(&mut conn, id).await?.unwrap_or_default();
    let waits = site.desk.waits(&mut conn, Timestamp::now()).await?;
    drop(conn);
    let mail = mail::read(&bytes, &site.desk.ours(None));
    let named = |people: &[NamedAddress]| people.iter().map(line_of).collect::<Vec<_>>().join(", ");
    let stuck = matches!(Stage::of(&line), Stage::Queued | Stage::Deferred | Stage::Failed);
    let is_key = line.notice.0.carries_a_key();
    let view = Detail {
        row: Row::of(&line, &waits),
        from: named(&mail.from),
        to: named(&mail.to),
        message_id: id_for(&signed.session.staff.email, line.recipient.as_str(), &line.header_id),
        bounced_at: line.bounced_at.map(|at| at.to_jiff()),
        html: mail.html.is_some() && !is_key,
        files: mail.attachments.iter().filter(|file| !file.inline).map(|file| file.name.clone()).collect(),
        subject: mail.subject,
        // Links in it are good for its reader alone.
        text: if is_key { site.console.say("outbox.key", &[]) } else { site.desk.without_links(&mail.text) },
        reply: line.last_reply,
        may_retry: stuck && ops::may(&site, &signed, Wish::Rescue),
    };
    page(&site, signed, &PageOf::new("outbox_mail", "outbox", &format!("Mail {id}")), &view)
}

/// A Message-ID as its reader may know it. Whoever answers it counts as the receiver of the mail, so the others see it
/// without its signature: still enough to find the mail in the log of a server.
fn id_for(reader: &EmailAddress, receiver: &str, id: &str) -> String {
    let signed = id.rsplit_once('@').and_then(|(left, domain)| Some((left.rsplit_once('.')?.0, domain)));
    match signed {
        _ if receiver == reader.as_str() => id.to_owned(),
        Some((left, domain)) => format!("{left}.…@{domain}"),
        None => "…".to_owned(),
    }
}

fn line_of(named: &NamedAddress) -> String {
    match named.name.is_empty() {
        true => named.address.to_string(),
        false => format!("{} <{}>", named.name, named.address),
    }
}

/// The HTML of a mail of ours, for a frame that lets nothing of it run.
async fn html(
    State(site): State<Arc<Site>>,
    _: Signed,
    Path(id): Path<OutboxId>,
) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let line = outbox::line(&mut conn, id).await?.filter(|line| !line.notice.0.carries_a_key());
    line.ok_or(Denial::NotFound)?;
    let bytes = outgoing::bytes(&mut conn, id).await?.ok_or(Denial::NotFound)?;
    drop(conn);
    let html = mail::read(&bytes, &site.desk.ours(None)).html.ok_or(Denial::NotFound)?;
    Ok(framed(site.desk.without_links(&html)))
}

async fn retry(
    State(site): State<Arc<Site>>,
    Path(id): Path<OutboxId>,
    Posted { signed, .. }: Posted<Nothing>,
) -> Result<Response, Denial> {
    let mut acts = ops::begin(&site, &signed, Wish::Rescue).await?;
    let done = site.desk.send_again(&mut acts.conn, id, &acts.me, acts.now).await;
    let say = |()| site.console.say("outbox.retried", &[("mail", &id.to_string())]);
    ops::told(&format!("/outbox/{id}"), done, say)
}

#[derive(Deserialize)]
struct Paused {
    mailbox: String,
    #[serde(default)]
    domain: String,
}

async fn end_pause(
    State(site): State<Arc<Site>>,
    Posted { signed, form }: Posted<Paused>,
) -> Result<Response, Denial> {
    let mut acts = ops::begin(&site, &signed, Wish::Operate).await?;
    let done = site.desk.end_pause(&mut acts.conn, &form.mailbox, &form.domain, &acts.me, acts.now).await;
    let say = |mails: usize| site.console.say("outbox.hurried", &[("n", &mails.to_string())]);
    ops::told("/outbox?stage=deferred", done, say)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_of_a_message_id_is_its_receivers_alone() {
        let bob: EmailAddress = "bob@desk.test".parse().unwrap();
        let id = |receiver: &str, id: &str| id_for(&bob, receiver, id);
        assert_eq!(id("bob@desk.test", "dg.h.1.seal@desk.test"), "dg.h.1.seal@desk.test");
        assert_eq!(id("carol@desk.test", "dg.h.1.seal@desk.test"), "dg.h.1.…@desk.test");
        assert_eq!(id("anna@customer.test", "strange"), "…");
    }
}
