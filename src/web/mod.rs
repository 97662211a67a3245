//! The web port: the console of staff, what customers' links lead to, `/healthz` and `/metrics`. Every GET is
//! harmless.
#![expect(clippy::disallowed_methods, reason = "this floor reads the clock and hands it down as `now`")]

mod answer;
mod brake;
mod console;
mod download;
mod leave;
mod page;
mod page_form;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{State, connect_info::IntoMakeServiceWithConnectInfo},
    http::{HeaderValue, StatusCode, header},
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::get,
};
use jiff::Timestamp;
use serde_json::json;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing::warn;

pub use brake::Brake;

use crate::{
    desk::{self, Desk},
    oidc,
    render::Console,
    store::Pool,
};

pub use console::Live;

/// How long requests under way may take to end when we are asked to stop.
const GRACE: Duration = Duration::from_secs(5);

/// What the pages need.
pub struct Site {
    /// The use cases.
    pub desk: Arc<Desk>,
    /// The database.
    pub pool: Pool,
    /// The pages of staff.
    pub console: Console,
    /// Paces whoever tries links.
    pub wrong_links: Brake,
    /// Those who hear live news.
    pub live: Arc<Live>,
    /// Another site that says who somebody is.
    pub oidc: Option<oidc::Provider>,
    /// Prints the figures in the Prometheus text format.
    pub metrics: Box<dyn Fn() -> String + Send + Sync>,
}

/// Serves until `stop`, and lets requests under way end.
pub async fn serve(listener: TcpListener, site: Arc<Site>, stop: CancellationToken) -> std::io::Result<()> {
    let live = site.live.clone();
    let serving = axum::serve(listener, service(site)).with_graceful_shutdown(stop.clone().cancelled_owned());
    // A request that never ends must not keep us from ending.
    let too_long = async {
        stop.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    let serving = async {
        tokio::select! {
            served = serving => served,
            () = too_long => Ok(()),
        }
    };
    let (served, ()) = tokio::join!(serving, live.listen(&stop));
    served
}

/// The pages, with the address of whoever asks.
fn service(site: Arc<Site>) -> IntoMakeServiceWithConnectInfo<Router, SocketAddr> {
    router(site).into_make_service_with_connect_info()
}

fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/metrics", get(metrics))
        .merge(page::routes())
        .route("/leave/{purpose}/{token}", get(leave::show).post(leave::leave))
        .merge(console::routes(site.clone()))
        .layer(map_response(harden))
        .with_state(site)
}

/// 200 when nothing asks for a person, else 503; why, as sentences, in JSON.
async fn healthz(State(site): State<Arc<Site>>) -> Response {
    match look(&site).await {
        Ok(health) => {
            let status = if health.ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
            (status, Json(health)).into_response()
        }
        Err(error) => {
            warn!("/healthz: {error:#}");
            let body = json!({ "ok": false, "trouble": ["The database does not answer; the log says why."] });
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
    }
}

async fn look(site: &Site) -> anyhow::Result<desk::Health> {
    let mut conn = site.pool.get().await?;
    Ok(desk::health(&site.desk, &mut conn, Timestamp::now()).await?)
}

async fn metrics(State(site): State<Arc<Site>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (site.metrics)())
}

/// Headers that every answer carries.
async fn harden(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ] {
        // A page of ours may allow a little more itself.
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
