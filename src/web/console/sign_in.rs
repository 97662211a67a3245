//! `/sign-in` and `/sign-out`.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::{
    caller::Knock,
    csrf::Posted,
    denial::Denial,
    guard::Signed,
    outside::{self, Outside, Visited, Visitor},
};
use crate::{desk::SignIn, web::Site};

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/sign-in", get(show).post(enter)).route("/sign-out", post(leave))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    next: String,
}

/// What the page says.
#[derive(Default, Serialize)]
struct View {
    next: String,
    address: String,
    trouble: String,
}

async fn show(
    State(site): State<Arc<Site>>,
    Query(asked): Query<Asked>,
    signed: Option<Signed>,
    visitor: Visitor,
) -> Result<Response, Denial> {
    let next = outside::onward(&asked.next).to_owned();
    match signed {
        Some(_) => Ok(Redirect::to(&next).into_response()),
        None => page(&site, &visitor, StatusCode::OK, &View { next, ..View::default() }),
    }
}

#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    address: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

async fn enter(State(site): State<Arc<Site>>, sent: Visited<Given>) -> Result<Response, Denial> {
    let Given { address, password, next } = sent.form;
    let next = outside::onward(&next).to_owned();
    let (caller, now) = (&sent.visitor.caller, Timestamp::now());
    let became = site.desk.sign_in(&site.pool, &address, &password, caller, now).await?;
    let (status, trouble) = match became {
        SignIn::In(token) => {
            return Ok((outside::signed_in(&site, &token), Redirect::to(&next)).into_response());
        }
        SignIn::Wrong => (StatusCode::UNPROCESSABLE_ENTITY, site.console.say("sign-in.wrong", &[])),
        SignIn::Later(until) => (StatusCode::TOO_MANY_REQUESTS, later(&site, until)),
    };
    page(&site, &sent.visitor, status, &View { next, address, trouble })
}

/// That no more tries are looked at for a while, and until when.
fn later(site: &Site, until: Timestamp) -> String {
    let zone: TimeZone = site.desk.settings.site.zone.clone();
    let at = until.to_zoned(zone).strftime("%H:%M %Z").to_string();
    site.console.say("sign-in.later", &[("at", &at)])
}

fn page(site: &Site, visitor: &Visitor, status: StatusCode, view: &View) -> Result<Response, Denial> {
    let title = site.console.say("sign-in.title", &[]);
    outside::page(site, visitor, &Outside { template: "sign_in", title: &title, scripts: &[], status }, view)
}

#[derive(Deserialize)]
struct Nothing {}

async fn leave(
    State(site): State<Arc<Site>>,
    Knock(caller): Knock,
    sent: Posted<Nothing>,
) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    site.desk.sign_out(&mut conn, &sent.signed.session, &caller, Timestamp::now()).await?;
    Ok((outside::signed_out(&site), Redirect::to("/sign-in")).into_response())
}
