//! `/sign-in/passkey`: the browser asks its device, and its answer is sent as a form.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    denial::Denial,
    outside::Visited,
    sign_in::{arrived, page},
};
use crate::{
    desk::{DeskError, SignIn},
    web::Site,
};

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/sign-in/passkey/begin", post(begin)).route("/sign-in/passkey", post(enter))
}

#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    answer: String,
    #[serde(default)]
    next: String,
}

async fn begin(State(site): State<Arc<Site>>, sent: Visited<Given>) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    told(site.desk.begin_passkey_sign_in(&mut conn, &sent.cookie, Timestamp::now()).await)
}

/// What a device is asked, or why it is not, for the script of the page.
pub(super) fn told(options: Result<Value, DeskError>) -> Result<Response, Denial> {
    match options.map_err(Denial::from) {
        Ok(options) => Ok(Json(json!({ "options": options })).into_response()),
        Err(Denial::Invalid(why)) => {
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "trouble": why }))).into_response())
        }
        Err(other) => Err(other),
    }
}

async fn enter(State(site): State<Arc<Site>>, sent: Visited<Given>) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let (caller, now) = (&sent.visitor.caller, Timestamp::now());
    let became =
        site.desk.sign_in_by_passkey(&mut conn, &sent.cookie, &sent.form.answer, caller, now).await?;
    drop(conn);
    let wrong = matches!(became, SignIn::Wrong);
    arrived(&site, became, &sent.form.next).or_else(|(status, trouble)| {
        let trouble = if wrong { site.console.say("sign-in.wrong-passkey", &[]) } else { trouble };
        page(&site, &sent.visitor, status, &sent.form.next, "", &trouble)
    })
}
