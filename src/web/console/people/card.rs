//! `/people/17`: somebody, their tickets, what they follow, and whether their mail is refused.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, Query, State},
    response::Response,
    routing::{get, post},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Follows;
use crate::{
    domain::{PersonId, Sender, TicketId},
    ticket::rights::Wish,
    web::{
        Site,
        console::{
            csrf::Posted,
            denial::Denial,
            guard::Signed,
            ops,
            shell::{PageOf, page},
        },
    },
};

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/people/{id}", get(card))
        .route("/people/{id}/block", post(|site, id, posted| set_block(site, id, posted, true)))
        .route("/people/{id}/unblock", post(|site, id, posted| set_block(site, id, posted, false)))
}

#[derive(Deserialize)]
struct CardAsked {
    before: Option<String>,
}

#[derive(Serialize)]
struct CardView {
    id: PersonId,
    name: String,
    address: String,
    domain: String,
    language: Option<String>,
    staff: bool,
    tickets: Vec<TicketRow>,
    older: Option<String>,
    follows: Vec<Follows>,
    blocks: Vec<BlockRow>,
    address_blocked: bool,
    domain_blocked: bool,
    may_block: bool,
    may_block_domain: bool,
}

#[derive(Serialize)]
struct TicketRow {
    id: TicketId,
    subject: String,
    status: String,
    severity: Option<String>,
    part: String,
    created_at: Timestamp,
}

#[derive(Serialize)]
struct BlockRow {
    sender: String,
    by: String,
    at: Timestamp,
}

async fn card(
    State(site): State<Arc<Site>>,
    signed: Signed,
    Path(id): Path<PersonId>,
    Query(asked): Query<CardAsked>,
) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let before = asked.before.and_then(|id| id.parse().ok()).map(TicketId);
    let card = site.desk.person_card(&mut conn, id, before).await?.ok_or(Denial::NotFound)?;
    drop(conn);
    let domain = card.person.address.rsplit('@').next().unwrap_or_default().to_owned();
    let blocked = |sender: &str| card.blocks.iter().any(|block| block.sender == sender);
    let view = CardView {
        id,
        address_blocked: blocked(&card.person.address),
        domain_blocked: blocked(&format!("@{domain}")),
        domain,
        language: card.person.language().map(|language| language.to_string()),
        name: card.person.name.clone(),
        address: card.person.address.clone(),
        staff: card.staff,
        older: card.more_before.map(|before| format!("/people/{id}?before={before}")),
        tickets: card
            .tickets
            .iter()
            .map(|(ticket, part)| TicketRow {
                id: ticket.id,
                subject: ticket.subject.clone(),
                status: site.desk.state_of(ticket).shown().to_owned(),
                severity: ticket.severity().map(|severity| severity.to_string()),
                part: part.to_string(),
                created_at: ticket.created_at.to_jiff(),
            })
            .collect(),
        follows: card.subscriptions.iter().map(|row| Follows::of(&site, row)).collect(),
        blocks: card
            .blocks
            .iter()
            .map(|block| BlockRow {
                sender: block.sender.clone(),
                by: block.blocked_by.clone(),
                at: block.blocked_at.to_jiff(),
            })
            .collect(),
        may_block: !card.staff,
        may_block_domain: !card.staff && ops::may(&site, &signed, Wish::Block),
    };
    let title = if view.name.is_empty() { view.address.clone() } else { view.name.clone() };
    page(&site, signed, &PageOf::new("person", "people", &title), &view)
}

#[derive(Deserialize)]
struct Blocking {
    sender: String,
}

async fn set_block(
    State(site): State<Arc<Site>>,
    Path(id): Path<PersonId>,
    Posted { signed, form }: Posted<Blocking>,
    blocked: bool,
) -> Result<Response, Denial> {
    let sender = meant(&form.sender)?;
    let mut acts = ops::begin(&site, &signed, blocking(&sender)).await?;
    let done = match blocked {
        true => site.desk.block(&mut acts.conn, None, Some(sender), &acts.me, acts.now).await,
        false => site.desk.unblock(&mut acts.conn, None, Some(sender), &acts.me, acts.now).await,
    };
    ops::told(&format!("/people/{id}"), done, |changed| so_now(&site, &changed.done))
}

/// Whom a form names.
fn meant(sender: &str) -> Result<Sender, Denial> {
    sender.parse().map_err(|error| Denial::Invalid(format!("{error}.")))
}

/// A whole domain is for who may block one.
fn blocking(sender: &Sender) -> Wish {
    if let Sender::Domain(_) = sender { Wish::Block } else { Wish::Spam }
}

fn so_now(site: &Site, done: &[String]) -> String {
    match done {
        [] => site.console.say("people.so-already", &[]),
        done => ops::sentence(&done.join(", ")),
    }
}
