//! `/welcome/<link>`: a password is chosen by a link; `/forgotten`: such a link is asked for.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
    routing::get,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tracing::error;

use super::{
    denial::Denial,
    outside::{self, Outside, Visited, Visitor},
    said,
};
use crate::web::Site;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/welcome/{link}", get(show).post(choose))
        .route("/forgotten", get(forgotten).post(send))
}

#[derive(Serialize)]
struct View<'a> {
    link: &'a str,
    name: &'a str,
    address: &'a str,
    trouble: &'a str,
}

async fn show(
    State(site): State<Arc<Site>>,
    Path(link): Path<String>,
    visitor: Visitor,
) -> Result<Response, Denial> {
    page(&site, &visitor, StatusCode::OK, &link, "").await
}

/// The page; whatever is wrong with a link, there is nothing behind it.
async fn page(
    site: &Site,
    visitor: &Visitor,
    status: StatusCode,
    link: &str,
    trouble: &str,
) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let welcome = site.desk.welcome(&mut conn, link, Timestamp::now()).await?.ok_or(Denial::NotFound)?;
    drop(conn);
    let title = site.console.say("welcome.title", &[]);
    let view = View { link, name: &welcome.name, address: welcome.address.as_str(), trouble };
    outside::page(site, visitor, &Outside { template: "welcome", title: &title, scripts: &[], status }, &view)
}

#[derive(Deserialize)]
struct Chosen {
    #[serde(default)]
    password: String,
}

async fn choose(
    State(site): State<Arc<Site>>,
    Path(link): Path<String>,
    sent: Visited<Chosen>,
) -> Result<Response, Denial> {
    let (caller, now) = (&sent.visitor.caller, Timestamp::now());
    let set = site.desk.set_password_by_link(&site.pool, &link, &sent.form.password, caller, now).await;
    match set.map_err(Denial::from) {
        Ok(true) => Ok(said::done("/sign-in", &site.console.say("welcome.done", &[]))),
        Ok(false) => Err(Denial::NotFound),
        Err(Denial::Invalid(why)) => {
            page(&site, &sent.visitor, StatusCode::UNPROCESSABLE_ENTITY, &link, &why).await
        }
        Err(other) => Err(other),
    }
}

#[derive(Serialize)]
struct ForgottenView {
    sent: bool,
}

async fn forgotten(State(site): State<Arc<Site>>, visitor: Visitor) -> Result<Response, Denial> {
    forgotten_page(&site, &visitor, false)
}

fn forgotten_page(site: &Site, visitor: &Visitor, sent: bool) -> Result<Response, Denial> {
    if !site.desk.mails_links() || !site.desk.settings.sign_in.password {
        return Err(Denial::NotFound);
    }
    let title = site.console.say("forgotten.title", &[]);
    let of = Outside { template: "forgotten", title: &title, scripts: &[], status: StatusCode::OK };
    outside::page(site, visitor, &of, &ForgottenView { sent })
}

#[derive(Deserialize)]
struct Forgotten {
    #[serde(default)]
    address: String,
}

/// Everybody hears the same, and as fast: what there is to be done is done behind the answer.
async fn send(State(site): State<Arc<Site>>, sent: Visited<Forgotten>) -> Result<Response, Denial> {
    let page = forgotten_page(&site, &sent.visitor, true)?;
    let (caller, address) = (sent.visitor.caller, sent.form.address);
    tokio::spawn(async move {
        let done = async {
            let mut conn = site.pool.get().await?;
            anyhow::Ok(site.desk.forgot(&mut conn, &address, &caller, Timestamp::now()).await?)
        };
        if let Err(error) = done.await {
            error!("A link to set a password could not be sent: {error:#}");
        }
    });
    Ok(page)
}
