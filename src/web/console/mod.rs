//! The console: the pages of staff.
//!
//! A page is a file here and a template of the same name in `templates/console/`. A handler reads what was asked,
//! calls one use case of `desk`, and lays its answer out; it has no rule of its own. Whoever asks is [`Signed`] or
//! sent to sign in; whatever is sent comes as [`Posted`], which nobody gets without the page's own token. No GET
//! changes anything.

mod assets;
mod caller;
mod csrf;
mod denial;
mod guard;
mod inbox;
mod outside;
mod rows;
mod said;
mod search;
mod shell;
mod sign_in;

use std::sync::Arc;

use axum::{Router, middleware, response::Redirect, routing::get};
use tower_http::compression::CompressionLayer;

use super::Site;

/// All pages of the console.
pub(super) fn routes(site: Arc<Site>) -> Router<Arc<Site>> {
    Router::new()
        .route("/", get(|| async { Redirect::to("/inbox") }))
        .merge(assets::routes())
        .merge(inbox::routes())
        .merge(sign_in::routes())
        .merge(search::routes())
        .layer(middleware::map_response_with_state(site, denial::dress))
        .layer(middleware::map_response(shell::guard_page))
        .layer(CompressionLayer::new())
}
