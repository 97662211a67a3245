//! `/health`: what needs a person now, in the words of `/healthz`.

use std::sync::Arc;

use axum::{Router, extract::State, response::Response, routing::get};
use jiff::Timestamp;

use super::{
    denial::Denial,
    guard::Signed,
    shell::{PageOf, page},
};
use crate::{desk, web::Site};

/// Its addresses.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/health", get(show))
}

async fn show(State(site): State<Arc<Site>>, signed: Signed) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let health = desk::health(&site.desk, &mut conn, Timestamp::now()).await?;
    drop(conn);
    page(&site, signed, &PageOf::new("health", "health", "Health"), &health)
}
