//! `/mailboxes`: how each mailbox is, who fetches it, and which processes share the work.

use std::sync::Arc;

use axum::{Router, extract::State, response::Response, routing::get};
use jiff::Timestamp;
use serde::Serialize;

use super::{
    denial::Denial,
    guard::Signed,
    ops,
    shell::{PageOf, page},
};
use crate::{
    desk::{self, BoxCard, NodeHealth},
    web::Site,
};

/// Its addresses.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/mailboxes", get(show))
}

#[derive(Serialize)]
struct View {
    ok: bool,
    trouble: Vec<String>,
    boxes: Vec<Card>,
    nodes: Vec<NodeHealth>,
}

#[derive(Serialize)]
struct Card {
    name: String,
    address: String,
    /// `good`, `warn` or `bad`, for the badge; nothing where it is not fetched.
    mood: &'static str,
    state: String,
    sentence: String,
    fetched_at: Option<Timestamp>,
    place: Option<String>,
    poll: Option<String>,
    held_by: Option<String>,
    cursor: Option<String>,
    product: Option<String>,
    received: i64,
    sent: i64,
    waiting: i64,
    to_send: i64,
    notes: Vec<String>,
}

async fn show(State(site): State<Arc<Site>>, signed: Signed) -> Result<Response, Denial> {
    let now = Timestamp::now();
    let mut conn = site.pool.get().await?;
    let health = desk::health(&site.desk, &mut conn, now).await?;
    let boxes = site.desk.boxes(&mut conn, &signed.session.zone, now).await?;
    drop(conn);
    let view = View {
        ok: health.ok,
        trouble: health.trouble,
        boxes: boxes.iter().map(|card| shown(&site, card)).collect(),
        nodes: health.nodes,
    };
    page(&site, signed, &PageOf::new("mailboxes", "mailboxes", "Mailboxes"), &view)
}

fn shown(site: &Site, card: &BoxCard<'_>) -> Card {
    let mailbox = card.settings;
    let health = card.health.as_ref();
    let (mood, state) = match health {
        _ if mailbox.imap.is_none() => ("", "by-hand"),
        None => ("warn", "new"),
        Some(health) if health.overdue => ("bad", "overdue"),
        Some(health) => match health.state.as_str() {
            "ok" => ("good", "ok"),
            "new" => ("warn", "new"),
            "incomplete" => ("warn", "incomplete"),
            _ => ("bad", "trouble"),
        },
    };
    let part = desk::proof_of(&mailbox.name);
    let notes = desk::notes(&site.desk.settings);
    Card {
        name: mailbox.name.clone(),
        address: mailbox.address.to_string(),
        mood,
        state: state.to_owned(),
        sentence: health.map(|health| health.sentence.clone()).unwrap_or_default(),
        fetched_at: card.fetched_at,
        place: mailbox.imap.as_ref().map(|imap| format!("{} on {}:{}", imap.folder, imap.host, imap.port)),
        poll: mailbox.imap.as_ref().map(|imap| format!("{:?}", imap.poll)),
        held_by: card.held_by.clone(),
        cursor: card.cursor.map(|(validity, last)| format!("UID {last}, UIDVALIDITY {validity}")),
        product: mailbox.product.clone(),
        received: card.received,
        sent: card.sent,
        waiting: card.waiting,
        to_send: card.to_send,
        notes: notes
            .iter()
            .filter(|note| note.part == part)
            .map(|note| ops::sentence(note.sentence))
            .collect(),
    }
}
