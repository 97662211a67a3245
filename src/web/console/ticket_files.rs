//! What a mail of a ticket brought along, each under an address of that ticket: files, HTML, source.
//!
//! Everything here was made by strangers. A file is handed over as a file and never shown as a page; HTML is made inert
//! and shown in a frame of its own that can run and load nothing; a source is plain text.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderName, HeaderValue, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use serde::Serialize;

use super::{denial::Denial, guard::Signed};
use crate::{
    desk::is_picture,
    domain::{MessageRowId, TicketId, text},
    web::{Site, download::download},
};

/// A file runs nothing and loads nothing, whatever a browser takes it for.
const FILE_POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";
/// HTML of a mail may look as it likes and show its own pictures. The frame has the origin of the page, without which
/// its pictures would be asked for without a session; nothing in it can run.
const HTML_POLICY: &str = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; form-action 'none'; \
                           base-uri 'none'; frame-ancestors 'self'; \
                           sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox";
/// So much of a source is shown; all of it can be downloaded.
const SHOWN_BYTES: usize = 256 * 1024;

/// Their addresses.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/ticket/{id}/file/{file}", get(file))
        .route("/ticket/{id}/mail/{entry}/html", get(html))
        .route("/ticket/{id}/mail/{entry}/text", get(whole_text))
        .route("/ticket/{id}/mail/{entry}/source", get(source))
        .route("/ticket/{id}/mail/{entry}/eml", get(whole_mail))
}

async fn file(
    State(site): State<Arc<Site>>,
    _: Signed,
    Path((id, file)): Path<(TicketId, String)>,
) -> Result<Response, Denial> {
    let (row, digest) = file.split_once('-').ok_or(Denial::NotFound)?;
    let row = row.parse().map_err(|_| Denial::NotFound)?;
    let mut conn = site.pool.get().await?;
    let found = site.desk.ticket_file(&mut conn, id, row, digest).await?;
    let (name, bytes) = found.ok_or(Denial::NotFound)?;
    // Only a picture is what it says it is, and only by its own bytes.
    let mime = is_picture(&bytes).unwrap_or("application/octet-stream");
    let mut response = download(&name, mime, bytes);
    set(&mut response, header::CACHE_CONTROL, "private, max-age=600");
    Ok(response)
}

async fn whole_mail(
    State(site): State<Arc<Site>>,
    _: Signed,
    Path((id, entry)): Path<(TicketId, MessageRowId)>,
) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let source = site.desk.entry_source(&mut conn, id, entry).await?.ok_or(Denial::NotFound)?;
    Ok(download(&format!("ticket-{id}-mail-{entry}.eml"), "message/rfc822", source))
}

async fn source(
    State(site): State<Arc<Site>>,
    _: Signed,
    Path((id, entry)): Path<(TicketId, MessageRowId)>,
) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let source = site.desk.entry_source(&mut conn, id, entry).await?.ok_or(Denial::NotFound)?;
    let shown = source.get(..SHOWN_BYTES).unwrap_or(&source);
    let mut words = text::clean(&String::from_utf8_lossy(shown));
    if shown.len() < source.len() {
        let bytes = source.len().to_string();
        words.push_str(&format!("\n\n{}\n", site.console.say("ticket-mail.cut", &[("n", &bytes)])));
    }
    Ok(plain(words))
}

async fn whole_text(
    State(site): State<Arc<Site>>,
    _: Signed,
    Path((id, entry)): Path<(TicketId, MessageRowId)>,
) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    Ok(plain(site.desk.entry_text(&mut conn, id, entry).await?))
}

#[derive(Serialize)]
struct Framed {
    html: Option<String>,
    left_out: usize,
}

async fn html(
    State(site): State<Arc<Site>>,
    _: Signed,
    Path((id, entry)): Path<(TicketId, MessageRowId)>,
) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let picture = |row: i64, digest: &str| format!("/ticket/{id}/file/{row}-{digest}");
    let (html, left_out) = match site.desk.entry_html(&mut conn, (id, entry), picture).await? {
        Some((html, left_out)) => (Some(html), left_out),
        None => (None, 0),
    };
    let page = site.console.write("ticket_mail", &Framed { html, left_out })?;
    let mut response = Html(page).into_response();
    set(&mut response, header::CONTENT_SECURITY_POLICY, HTML_POLICY);
    Ok(response)
}

fn plain(words: String) -> Response {
    let mut response = ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], words).into_response();
    set(&mut response, header::CONTENT_SECURITY_POLICY, FILE_POLICY);
    response
}

fn set(response: &mut Response, name: HeaderName, value: &'static str) {
    response.headers_mut().insert(name, HeaderValue::from_static(value));
}
