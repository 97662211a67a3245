//! `/inbox`: the tickets of a view, or of a query, a page at a time, in an order of the reader's choice.
//!
//! Everything that is shown stands in the address: `?view=mine`, or `?q=…`, with `&sort=…` and `&at=…`, the place in
//! the list. A query with words goes to the search, which ranks.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, Query as Asked, State},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    bulk::{Bar, bar},
    csrf::Posted,
    denial::Denial,
    guard::{Reader, Signed},
    rows::{self, RowView},
    said,
    shell::{PageOf, page},
};
use crate::{
    desk::SavedView,
    domain::Word,
    ticket::query::{self, Cursor, Query, Sort, Suggestion, VIEWS},
    web::Site,
};

/// Tickets on one page.
const PAGE: u16 = 50;
/// Where somebody begins who asks for nothing.
const FIRST: &str = "open";

/// Its addresses.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/inbox", get(show))
        .route("/inbox/views", get(views).post(save))
        .route("/inbox/views/{id}", post(change))
}

/// What an address may ask for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Address {
    view: Option<String>,
    q: Option<String>,
    sort: Option<String>,
    at: Option<String>,
}

#[derive(Serialize)]
struct View {
    heading: String,
    count: String,
    q: String,
    sort: Sort,
    sorts: Vec<SortView>,
    suggestions: Vec<Suggestion>,
    notes: Vec<String>,
    may_save: bool,
    saved: Option<i64>,
    here: String,
    /// What can be done with several of them.
    bulk: Bar,
    rows: Vec<RowView>,
    next: Option<String>,
    prev: Option<String>,
    empty: String,
}

#[derive(Serialize)]
struct SortView {
    value: Sort,
    label: String,
    chosen: bool,
}

/// What is listed: a query, its order, and whose name it goes by.
struct List {
    heading: String,
    query: Query,
    sort: Sort,
    built_in: bool,
    saved: Option<i64>,
}

async fn show(
    State(site): State<Arc<Site>>,
    Reader { signed, mut conn }: Reader,
    Asked(asked): Asked<Address>,
) -> Result<Response, Denial> {
    let now = Timestamp::now();
    let list = match list(&site, &asked, &[]) {
        Some(list) => list,
        None => {
            let saved = site.desk.saved_views(&mut conn, &signed.session.staff).await?;
            let own = list(&site, &asked, &saved);
            let first = Address { view: None, sort: asked.sort.clone(), ..Address::default() };
            own.or_else(|| list(&site, &first, &saved)).expect("FIRST is a view")
        }
    };
    let q = list.query.to_string();
    if list.query.has_words() {
        return Ok(Redirect::to(&super::search::address(&q)).into_response());
    }
    let (cursor, damaged) = cursor_of(&site, asked.at.as_deref());
    let staff = &signed.session.staff;
    let place = (list.sort, cursor.as_ref());
    let listing = site.desk.inbox(&mut conn, staff, &list.query, place, PAGE, now).await?;
    drop(conn);
    let place = |cursor: Option<Cursor>| cursor.map(|cursor| address(&asked, Some(cursor)));
    let word = |key: &str| site.console.say(key, &[]);
    let view = View {
        count: match listing.rows.len() {
            1 => word("inbox.one"),
            rows if listing.next.is_some() || listing.prev.is_some() => {
                site.console.say("inbox.some", &[("n", &rows.to_string())])
            }
            rows => site.console.say("inbox.all", &[("n", &rows.to_string())]),
        },
        q,
        sort: list.sort,
        sorts: Sort::ALL
            .iter()
            .map(|&value| SortView {
                value,
                label: word(&format!("inbox-sort.{value}")),
                chosen: value == list.sort,
            })
            .collect(),
        suggestions: query::suggest("", &site.desk.names_for_queries()),
        notes: listing.notes.into_iter().chain(damaged).collect(),
        may_save: !list.built_in && list.saved.is_none() && list.query.notes.is_empty(),
        saved: list.saved,
        here: address(&asked, cursor),
        bulk: bar(&site),
        rows: listing.rows.iter().map(|row| rows::listed(&site, row)).collect(),
        next: place(listing.next),
        prev: place(listing.prev),
        empty: word(if list.built_in { "inbox.empty-view" } else { "inbox.empty-query" }),
        heading: list.heading,
    };
    let heading = view.heading.clone();
    page(&site, signed, &PageOf::new("inbox", "inbox", &heading), &view)
}

/// What an address asks for: a view by its name, one of the reader's own by its number, or a query. Nothing for a view
/// that is neither built in nor among these.
fn list(site: &Site, asked: &Address, saved: &[SavedView]) -> Option<List> {
    let sort = asked.sort.as_deref().and_then(|word| Sort::from_word(word).ok());
    let built_in = |name: &str| {
        let view = query::View::named(name)?;
        Some(List {
            heading: site.console.say(&format!("views.{}", view.name), &[]),
            query: view.parsed(),
            sort: sort.unwrap_or(view.sort),
            built_in: true,
            saved: None,
        })
    };
    let own = |name: &str| {
        let view = saved.iter().find(|view| view.id.to_string() == name)?;
        Some(List {
            heading: view.name.clone(),
            query: Query::parse(&view.query),
            sort: sort.unwrap_or(view.sort),
            built_in: false,
            saved: Some(view.id),
        })
    };
    let typed = asked.q.as_deref().map(str::trim);
    if let Some(q) = typed {
        let query = Query::parse(q);
        let same = VIEWS.iter().find(|view| view.parsed() == query);
        let typed = List {
            heading: site.console.say("inbox.title", &[]),
            query,
            sort: sort.unwrap_or_default(),
            built_in: false,
            saved: None,
        };
        return same.and_then(|view| built_in(view.name)).or(Some(typed));
    }
    let name = asked.view.as_deref().unwrap_or(FIRST);
    built_in(name).or_else(|| own(name))
}

/// Where in a list an address begins; one that does not tell begins at the top, and that is said.
pub(super) fn cursor_of(site: &Site, at: Option<&str>) -> (Option<Cursor>, Option<String>) {
    match at.map(str::parse::<Cursor>) {
        None => (None, None),
        Some(Ok(cursor)) => (Some(cursor), None),
        Some(Err(_)) => (None, Some(site.console.say("inbox.damaged", &[]))),
    }
}

/// The address of a part of what is listed.
fn address(asked: &Address, cursor: Option<Cursor>) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    let cursor = cursor.map(|cursor| cursor.to_string());
    for (name, value) in [("view", &asked.view), ("q", &asked.q), ("sort", &asked.sort), ("at", &cursor)] {
        if let Some(value) = value {
            pairs.append_pair(name, value);
        }
    }
    match pairs.finish() {
        pairs if pairs.is_empty() => "/inbox".to_owned(),
        pairs => format!("/inbox?{pairs}"),
    }
}

#[derive(Serialize)]
struct Views {
    views: Vec<Place>,
}

/// A view beside the page.
#[derive(Serialize)]
struct Place {
    href: String,
    label: String,
    count: String,
    current: bool,
}

/// The views with how many wait in each, which every page loads beside itself.
async fn views(
    State(site): State<Arc<Site>>,
    signed: Signed,
    headers: axum::http::HeaderMap,
) -> Result<Response, Denial> {
    let now = Timestamp::now();
    let mut conn = site.pool.get().await?;
    let who = &signed.session.staff;
    let saved = site.desk.saved_views(&mut conn, who).await?;
    let counts = site.desk.view_counts(&mut conn, who, &saved, now).await?;
    let current = headers.get("hx-current-url").and_then(|url| url.to_str().ok()).and_then(shown);
    let built_in = VIEWS
        .iter()
        .map(|view| (view.name.to_owned(), site.console.say(&format!("views.{}", view.name), &[])));
    let own = saved.iter().map(|view| (view.id.to_string(), view.name.clone()));
    let places = built_in.chain(own).zip(counts).map(|((name, label), tally)| Place {
        href: format!("/inbox?view={name}"),
        current: current.as_deref() == Some(name.as_str()),
        label,
        count: tally
            .filter(|tally| tally.count > 0)
            .map(|tally| format!("{}{}", tally.count, if tally.more { "+" } else { "" }))
            .unwrap_or_default(),
    });
    let views = Views { views: places.collect() };
    Ok(axum::response::Html(site.console.write("views", &views)?).into_response())
}

/// The view of a page of ours at this address.
fn shown(url: &str) -> Option<String> {
    let (path, pairs) = url.split_once('?').unwrap_or((url, ""));
    let mut pairs = form_urlencoded::parse(pairs.as_bytes());
    let named = pairs.find(|(name, _)| name == "view").map(|(_, view)| view.into_owned());
    let plain = url.split_once('?').is_none().then(|| FIRST.to_owned());
    path.ends_with("/inbox").then(|| named.or(plain)).flatten()
}

#[derive(Debug, Deserialize)]
struct NewView {
    name: String,
    q: String,
    sort: String,
}

async fn save(State(site): State<Arc<Site>>, sent: Posted<NewView>) -> Result<Response, Denial> {
    let Posted { signed, form } = sent;
    let mut conn = site.pool.get().await?;
    let query = Query::parse(&form.q);
    let sort = Sort::from_word(&form.sort).map_err(|unknown| Denial::Invalid(unknown.to_string()))?;
    let who = &signed.session.staff;
    let view = site.desk.save_view(&mut conn, who, &form.name, (&query, sort)).await?;
    Ok(said::done(&format!("/inbox?view={}", view.id), &site.console.say("inbox.kept", &[])))
}

#[derive(Debug, Deserialize)]
struct ChangeView {
    act: String,
    #[serde(default)]
    name: String,
}

async fn change(
    State(site): State<Arc<Site>>,
    Path(id): Path<i64>,
    sent: Posted<ChangeView>,
) -> Result<Response, Denial> {
    let Posted { signed, form } = sent;
    let mut conn = site.pool.get().await?;
    let who = &signed.session.staff;
    match form.act.as_str() {
        "drop" => {
            site.desk.drop_view(&mut conn, who, id).await?;
            Ok(said::done("/inbox", &site.console.say("inbox.dropped", &[])))
        }
        "rename" => {
            site.desk.rename_view(&mut conn, who, id, &form.name).await?;
            Ok(said::done(&format!("/inbox?view={id}"), &site.console.say("inbox.kept", &[])))
        }
        _ => Err(Denial::NotFound),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_view_of_a_page_is_told_by_its_address() {
        for (url, want) in [
            ("http://x/inbox?view=mine&sort=due", Some("mine")),
            ("http://x/inbox", Some("open")),
            ("http://x/inbox?q=sev%3A1", None),
            ("http://x/ticket/1?view=mine", None),
            ("", None),
        ] {
            assert_eq!(shown(url).as_deref(), want, "{url}");
        }
    }

    #[test]
    fn an_address_carries_on_what_was_asked_for() {
        let asked = Address { q: Some("sev:1 from:a&b".into()), ..Address::default() };
        assert_eq!(address(&asked, None), "/inbox?q=sev%3A1+from%3Aa%26b");
        assert_eq!(address(&Address::default(), None), "/inbox");
    }
}
