//! How the pages of customers are answered: with headers that let nothing run, load or be
//! remembered, and with one and the same page for every link that leads nowhere.

use std::sync::LazyLock;

use axum::{
    body::{Body, to_bytes},
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use data_encoding::BASE64;
use sha2::{Digest, Sha256};
use tracing::warn;

use super::Site;
use crate::{
    domain::Language,
    render::{Page, STYLE, StatusPage, Unsent},
};

/// The one style of our own may be used, and forms may be sent to where they came from.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let style = BASE64.encode(&Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).expect("base64 and plain words make a header")
});

/// The same, and one small script of our own: times in the reader's zone.
static POLICY_WITH_SCRIPT: LazyLock<HeaderValue> = LazyLock::new(|| {
    let policy = format!("{}; script-src 'self'", POLICY.to_str().expect("it was made of a text"));
    HeaderValue::from_str(&policy).expect("base64 and plain words make a header")
});

/// The page of a ticket.
pub(super) fn status(site: &Site, language: Language, shown: StatusPage) -> Response {
    let mut response = page(site, StatusCode::OK, language, &Page::Status(Box::new(shown)));
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY_WITH_SCRIPT.clone());
    response
}

/// A page of ours.
pub(super) fn page(site: &Site, status: StatusCode, language: Language, page: &Page) -> Response {
    match site.desk.written(language, page) {
        Ok(html) => {
            let mut response = (status, Html(html)).into_response();
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_SECURITY_POLICY, POLICY.clone());
            headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
            response
        }
        Err(error) => {
            warn!("A page could not be written: {error}");
            (StatusCode::INTERNAL_SERVER_ERROR, "This page cannot be shown.\n").into_response()
        }
    }
}

/// A link that leads nowhere: wrong, too old, about a ticket that is not there. All are one, and who tries many waits.
pub(super) async fn gone(site: &Site) -> Response {
    site.wrong_links.wait().await;
    page(site, StatusCode::NOT_FOUND, site.desk.settings.site.language, &Page::Gone)
}

/// Something of ours failed; the log says what. Words that were sent are given back.
pub(super) fn later(site: &Site, error: &anyhow::Error, unsent: Option<Unsent>) -> Response {
    warn!("A page for a customer failed: {error:#}");
    page(site, StatusCode::SERVICE_UNAVAILABLE, site.desk.settings.site.language, &Page::Later(unsent))
}

/// What was sent, as far as it is short enough; `None` when it is longer, or breaks off.
pub(super) async fn sent(body: Body, most_bytes: usize) -> Option<Vec<u8>> {
    to_bytes(body, most_bytes).await.ok().map(|bytes| bytes.to_vec())
}
