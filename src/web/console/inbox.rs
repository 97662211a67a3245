//! `/inbox`: the tickets of a view, or of a query, a page at a time.

use std::sync::Arc;

use axum::{Router, extract::State, response::Response, routing::get};
use serde::Serialize;

use super::{
    denial::Denial,
    guard::Signed,
    shell::{PageOf, page},
};
use crate::web::Site;

/// Its addresses.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/inbox", get(show))
}

#[derive(Serialize)]
struct View {}

async fn show(State(site): State<Arc<Site>>, signed: Signed) -> Result<Response, Denial> {
    page(&site, signed, &PageOf::new("inbox", "inbox", "Inbox"), &View {})
}
