//! The console: the pages of staff.
//!
//! A page is a file here and a template of the same name in `templates/console/`. A handler reads what was asked,
//! calls one use case of `desk`, and lays its answer out; it has no rule of its own. Whoever asks is [`Signed`] or
//! sent to sign in; whatever is sent comes as [`Posted`], which nobody gets without the page's own token. No GET
//! changes anything.

mod account;
mod account_keys;
mod accounts;
mod answers;
mod assets;
mod audit;
mod bulk;
mod caller;
mod csrf;
mod denial;
mod frame;
mod gate;
mod guard;
mod health;
mod inbox;
mod live;
mod mailboxes;
mod new_ticket;
mod ops;
mod outbox;
mod outside;
mod page_word;
mod people;
mod quarantine;
mod reports;
mod rota;
mod rows;
mod said;
mod search;
mod settings;
mod shell;
mod sign_in;
mod sign_in_oidc;
mod sign_in_passkey;
mod templates;
mod ticket;
mod ticket_deeds;
mod ticket_files;
mod unsent;
mod welcome;
mod workflow;

use std::sync::Arc;

use axum::{Router, middleware, response::Redirect, routing::get};
use tower_http::{CompressionLevel, compression::CompressionLayer};

use super::Site;
pub use live::Live;

/// The address of a file of ours by its name.
pub(super) fn asset(name: &str) -> String {
    assets::address(name)
}

/// All pages of the console.
pub(super) fn routes(site: Arc<Site>) -> Router<Arc<Site>> {
    Router::new()
        .route("/", get(|| async { Redirect::to("/inbox") }))
        .merge(assets::routes())
        .merge(inbox::routes())
        .merge(account::routes())
        .merge(account_keys::routes())
        .merge(accounts::routes())
        .merge(audit::routes())
        .merge(sign_in::routes())
        .merge(search::routes())
        .merge(running())
        .merge(sign_in_oidc::routes())
        .merge(sign_in_passkey::routes())
        .merge(welcome::routes())
        .merge(reports::routes())
        .merge(bulk::routes())
        .merge(live::routes())
        .merge(new_ticket::routes())
        .merge(ticket_deeds::routes())
        .fallback(denial::nothing)
        .merge(ticket::routes())
        .merge(ticket_files::routes())
        .layer(middleware::from_fn(denial::refuse_zeros))
        .layer(middleware::map_response_with_state(site, denial::dress))
        .layer(middleware::map_response(shell::guard_page))
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(2)))
}

/// The pages that look after the desk itself.
fn running() -> Router<Arc<Site>> {
    Router::new()
        .merge(answers::routes())
        .merge(gate::routes())
        .merge(health::routes())
        .merge(mailboxes::routes())
        .merge(outbox::routes())
        .merge(people::routes())
        .merge(quarantine::routes())
        .merge(rota::routes())
        .merge(settings::routes())
        .merge(templates::routes())
        .merge(workflow::routes())
}
