//! `/quarantine`: the mails that made nothing, with why, what they say, and what can be done about each.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    csrf::{Nothing, Posted},
    denial::Denial,
    guard::Signed,
    ops::{self, Tab},
    shell::{PageOf, page},
};
use crate::{
    domain::{InboundId, Word, text},
    mail,
    store::{
        inbound::{self, InboundState},
        shelves::{self, Shelf, Shelved},
    },
    ticket::rights::Wish,
    web::Site,
};

/// So many stand on one page.
const PAGE: i64 = 50;
/// As much of a source is shown, in bytes; the file has it all.
const SHOWN_BYTES: i32 = 200_000;
/// No word that is to be covered in it is longer.
const LONGEST_WORD: i32 = 64;
const LIST: &str = "/quarantine";

/// Its addresses.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/quarantine", get(list))
        .route("/quarantine/{id}", get(show))
        .route("/quarantine/{id}/mail.eml", get(file))
        .route("/quarantine/{id}/retry", post(retry))
        .route("/quarantine/{id}/ticket", post(ticket))
        .route("/quarantine/{id}/discard", post(discard))
        .route("/quarantine/{id}/take", post(take))
}

#[derive(Deserialize)]
struct Asked {
    shelf: Option<String>,
    before: Option<String>,
}

#[derive(Serialize)]
struct List {
    tabs: Vec<Tab>,
    shelf: Shelf,
    rows: Vec<Row>,
    older: Option<String>,
}

/// A mail that made nothing.
#[derive(Serialize)]
struct Row {
    id: InboundId,
    from: String,
    subject: String,
    mailbox: String,
    stored_at: Timestamp,
    size: String,
    tries: i32,
    /// The word for why, where it failed.
    cause: Option<String>,
    /// Why, as sentences.
    why: Vec<String>,
    /// The last of them, which decided.
    decisive: String,
}

impl Row {
    fn of(shelved: &Shelved) -> Row {
        let Shelved { line, mailbox, head } = shelved;
        let head = mail::peek(&mail::source(head.clone()));
        let failed = line.state.0 == InboundState::Quarantined;
        let reasons = line.why.as_array().into_iter().flatten().filter_map(|it| it.as_str());
        let why: Vec<String> = match failed {
            true => line.error.iter().map(|error| ops::sentence(error)).collect(),
            false => reasons.map(ops::sentence).collect(),
        };
        Row {
            id: line.id,
            from: head.from,
            subject: head.subject,
            mailbox: mailbox.clone(),
            stored_at: line.stored_at.to_jiff(),
            size: ops::bytes(line.size_bytes),
            tries: line.attempts,
            cause: line.cause.filter(|_| failed).map(|cause| cause.0.to_string()),
            decisive: why.last().cloned().unwrap_or_default(),
            why,
        }
    }
}

async fn list(
    State(site): State<Arc<Site>>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Denial> {
    let shelf = asked.shelf.and_then(|word| Shelf::from_word(&word).ok()).unwrap_or(Shelf::Quarantined);
    let before = asked.before.and_then(|id| id.parse().ok());
    let mut conn = site.pool.get().await?;
    let shelved = shelves::page(&mut conn, shelf, before, PAGE + 1).await?;
    let (_, waiting) = inbound::backlog(&mut conn).await?;
    drop(conn);
    let (shelved, more) = ops::cut(shelved, PAGE);
    let last = shelved.last().filter(|_| more);
    let view = List {
        tabs: ops::tabs(LIST, "shelf", shelf, |of| (of == Shelf::Quarantined).then_some(waiting)),
        shelf,
        older: last.map(|it| format!("{LIST}?shelf={shelf}&before={}", it.line.id)),
        rows: shelved.iter().map(Row::of).collect(),
    };
    page(&site, signed, &PageOf::new("quarantine", "quarantine", "Quarantine"), &view)
}

#[derive(Serialize)]
struct Detail {
    row: Row,
    to: String,
    shelf: Option<Shelf>,
    ticket: Option<i64>,
    source: String,
    cut: bool,
    /// What may be done, as it stands and by who asks.
    may_retry: bool,
    may_ticket: bool,
    may_discard: bool,
    may_take: bool,
}

async fn show(
    State(site): State<Arc<Site>>,
    signed: Signed,
    Path(id): Path<InboundId>,
) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let shelved = shelves::find(&mut conn, id).await?.ok_or(Denial::NotFound)?;
    let source = shelves::start_of(&mut conn, id, SHOWN_BYTES + LONGEST_WORD).await?.unwrap_or_default();
    drop(conn);
    // Covered before it is cut: half of what is to be covered would not be known for it.
    let mut source = mail::source(source);
    source.truncate(usize::try_from(SHOWN_BYTES).unwrap_or(usize::MAX));
    let shelf = shelf_of(&shelved);
    let rescue = ops::may(&site, &signed, Wish::Rescue);
    let stands = |shelves: &[Shelf]| shelf.is_some_and(|shelf| shelves.contains(&shelf));
    let view = Detail {
        to: mail::peek(&mail::source(shelved.head.clone())).to,
        shelf,
        ticket: shelved.line.ticket_id,
        source: text::clean(&String::from_utf8_lossy(&source)),
        cut: shelved.line.size_bytes > i64::from(SHOWN_BYTES),
        may_retry: rescue && stands(&[Shelf::Quarantined, Shelf::Discarded]),
        may_ticket: rescue && stands(&[Shelf::Quarantined, Shelf::Discarded]),
        may_discard: stands(&[Shelf::Quarantined]) && ops::may(&site, &signed, Wish::Operate),
        may_take: rescue && stands(&[Shelf::SetAside]),
        row: Row::of(&shelved),
    };
    page(&site, signed, &PageOf::new("quarantine_mail", "quarantine", &format!("Mail {id}")), &view)
}

fn shelf_of(shelved: &Shelved) -> Option<Shelf> {
    match shelved.line.state.0 {
        InboundState::Quarantined => Some(Shelf::Quarantined),
        InboundState::Discarded => Some(Shelf::Discarded),
        InboundState::Done if shelved.line.outcome.as_deref() == Some("set-aside") => Some(Shelf::SetAside),
        InboundState::Done | InboundState::Waiting => None,
    }
}

/// The mail as it came, for a mail program, save for what is its author's alone; no browser shows it.
async fn file(
    State(site): State<Arc<Site>>,
    _: Signed,
    Path(id): Path<InboundId>,
) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let raw = inbound::raw(&mut conn, id).await?.ok_or(Denial::NotFound)?;
    let covering = tokio::task::spawn_blocking(move || mail::source(raw));
    let raw = covering.await.map_err(anyhow::Error::from)?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"mail-{id}.eml\"")),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    Ok((headers, raw).into_response())
}

#[derive(Deserialize)]
struct Reason {
    #[serde(default)]
    reason: String,
}

async fn retry(
    State(site): State<Arc<Site>>,
    Path(id): Path<InboundId>,
    Posted { signed, .. }: Posted<Nothing>,
) -> Result<Response, Denial> {
    let mut acts = ops::begin(&site, &signed, Wish::Rescue).await?;
    let done = site.desk.process_again(&mut acts.conn, id, &acts.me, acts.now).await;
    ops::told(LIST, done, |()| site.console.say("quarantine.retried", &[("mail", &id.to_string())]))
}

async fn ticket(
    State(site): State<Arc<Site>>,
    Path(id): Path<InboundId>,
    Posted { signed, form }: Posted<Reason>,
) -> Result<Response, Denial> {
    let mut acts = ops::begin(&site, &signed, Wish::Rescue).await?;
    let opened = site.desk.keep_as_ticket(&mut acts.conn, id, &form.reason, &acts.me, acts.now).await;
    let path = match &opened {
        Ok(ticket) => format!("/ticket/{ticket}"),
        Err(_) => format!("{LIST}/{id}"),
    };
    ops::told(&path, opened, |_| site.console.say("quarantine.kept", &[("mail", &id.to_string())]))
}

async fn discard(
    State(site): State<Arc<Site>>,
    Path(id): Path<InboundId>,
    Posted { signed, form }: Posted<Reason>,
) -> Result<Response, Denial> {
    let mut acts = ops::begin(&site, &signed, Wish::Operate).await?;
    let done = site.desk.put_away(&mut acts.conn, id, &form.reason, &acts.me, acts.now).await;
    let path = if done.is_ok() { LIST.to_owned() } else { format!("{LIST}/{id}") };
    ops::told(&path, done, |()| site.console.say("quarantine.put-away", &[("mail", &id.to_string())]))
}

async fn take(
    State(site): State<Arc<Site>>,
    Path(id): Path<InboundId>,
    Posted { signed, .. }: Posted<Nothing>,
) -> Result<Response, Denial> {
    let mut acts = ops::begin(&site, &signed, Wish::Rescue).await?;
    let done = site.desk.take_after_all(&mut acts.conn, id, &acts.me, acts.now).await;
    let say = |()| site.console.say("quarantine.taken", &[("mail", &id.to_string())]);
    ops::told(&format!("{LIST}?shelf=set-aside"), done, say)
}
