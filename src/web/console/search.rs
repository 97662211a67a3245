//! `/search`: tickets by words and by what is true of them, the best first, each with the place that shows why.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Query as Asked, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    bulk::{Bar, bar},
    denial::Denial,
    guard::Reader,
    rows::{self, RowView},
    shell::{PageOf, page},
};
use crate::{
    ticket::query::{self, Query, Suggestion},
    web::Site,
};

/// Tickets on one page.
const PAGE: u16 = 30;

/// Its address.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/search", get(show))
}

#[derive(Debug, Default, Deserialize)]
struct Address {
    #[serde(default)]
    q: String,
    at: Option<String>,
}

#[derive(Default, Serialize)]
struct View {
    q: String,
    asked: bool,
    count: String,
    notes: Vec<String>,
    suggestions: Vec<Suggestion>,
    operators: Vec<Suggestion>,
    here: String,
    bulk: Bar,
    rows: Vec<RowView>,
    next: Option<String>,
    empty: String,
}

async fn show(
    State(site): State<Arc<Site>>,
    Reader { signed, mut conn }: Reader,
    Asked(asked): Asked<Address>,
) -> Result<Response, Denial> {
    let known = site.desk.names_for_queries();
    let mut view = View {
        q: asked.q.trim().to_owned(),
        here: address(asked.q.trim()),
        bulk: bar(&site),
        suggestions: query::suggest("", &known),
        operators: query::suggest("", &known),
        ..View::default()
    };
    if !view.q.is_empty() {
        let (cursor, damaged) = super::inbox::cursor_of(&site, asked.at.as_deref());
        let query = Query::parse(&view.q);
        let who = &signed.session.staff;
        let found = site.desk.search(&mut conn, who, &query, cursor.as_ref(), PAGE, Timestamp::now()).await?;
        drop(conn);
        if let Some(ticket) = found.named {
            return Ok(Redirect::to(&format!("/ticket/{ticket}")).into_response());
        }
        view.asked = true;
        view.count = count(&site, found.hits.len(), found.next.is_some() || cursor.is_some());
        view.rows = found.hits.iter().map(|hit| rows::found(&site, hit)).collect();
        view.next = found.next.map(|cursor| format!("{}&at={cursor}", view.here));
        view.notes = found.notes.into_iter().chain(damaged).collect();
        let nothing = if view.next.is_some() { "search.none-yet" } else { "search.none" };
        view.empty = site.console.say(nothing, &[]);
    }
    let title = match view.q.as_str() {
        "" => site.console.say("search.title", &[]),
        q => q.to_owned(),
    };
    page(&site, signed, &PageOf::new("search", "search", &title), &view)
}

fn count(site: &Site, found: usize, more: bool) -> String {
    let key = match (found, more) {
        (0, _) => return String::new(),
        (1, false) => "search.found-one",
        (_, false) => "search.found",
        (_, true) => "search.found-more",
    };
    site.console.say(key, &[("n", &found.to_string())])
}

/// The address of a search.
pub(super) fn address(q: &str) -> String {
    format!("/search?q={}", form_urlencoded::byte_serialize(q.as_bytes()).collect::<String>())
}
