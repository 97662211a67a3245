//! `/sign-in/oidc`: another site says who somebody is.
//!
//! The way back is the one GET that does something, since the other site leads here by it (OpenID Connect Core 1.0
//! §3.1.2.5): it signs in the one browser that began, once.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use axum_extra::extract::CookieJar;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tracing::warn;

use super::{
    denial::Denial,
    outside::{self, Outside, Visited, Visitor},
    sign_in::{arrived, page},
};
use crate::{
    domain::EmailAddress,
    oidc::{OidcError, Pending},
    web::Site,
};

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/sign-in/oidc", post(begin)).route("/sign-in/oidc/back", get(back))
}

#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    next: String,
}

#[derive(Serialize)]
struct OnwardView<'a> {
    url: &'a str,
    name: &'a str,
}

/// Leads to the other site by a page of ours: a form may not lead away from it (`form-action`).
async fn begin(State(site): State<Arc<Site>>, sent: Visited<Given>) -> Result<Response, Denial> {
    let provider = site.oidc.as_ref().ok_or(Denial::NotFound)?;
    let begun = match provider.begin().await {
        Ok(begun) => begun,
        Err(error) => return refused(&site, &sent.visitor, &error),
    };
    let state = json!({ "pending": begun.pending, "next": outside::onward(&sent.form.next) });
    let mut conn = site.pool.get().await?;
    let token = site.desk.begin_elsewhere(&mut conn, &state, Timestamp::now()).await?;
    drop(conn);
    let title = site.console.say("sign-in.title", &[]);
    let of = Outside { template: "sign_in_onward", title: &title, scripts: &[], status: StatusCode::OK };
    let page =
        outside::page(&site, &sent.visitor, &of, &OnwardView { url: &begun.url, name: provider.name() })?;
    let at_once = [(header::REFRESH, format!("0; url={}", begun.url))];
    Ok((CookieJar::new().add(outside::visit(&site, &token)), at_once, page).into_response())
}

#[derive(Deserialize)]
struct Back {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
}

#[derive(Deserialize)]
struct Kept {
    pending: Pending,
    next: String,
}

async fn back(
    State(site): State<Arc<Site>>,
    Query(back): Query<Back>,
    visitor: Visitor,
) -> Result<Response, Denial> {
    let provider = site.oidc.as_ref().ok_or(Denial::NotFound)?;
    let cookie = visitor.cookie.clone().unwrap_or_default();
    let state = {
        let mut conn = site.pool.get().await?;
        site.desk.take_elsewhere(&mut conn, &cookie, Timestamp::now()).await?
    };
    let Some(kept) = state.and_then(|state| serde_json::from_value::<Kept>(state).ok()) else {
        let trouble = site.console.say("sign-in.over", &[]);
        return page(&site, &visitor, StatusCode::UNPROCESSABLE_ENTITY, "", "", &trouble);
    };
    let proven: Option<EmailAddress> = match provider.end(kept.pending, &back.code, &back.state).await {
        Ok(proven) => proven,
        Err(error) => return refused(&site, &visitor, &error),
    };
    let mut conn = site.pool.get().await?;
    let (caller, now) = (&visitor.caller, Timestamp::now());
    let became = site.desk.sign_in_elsewhere(&mut conn, proven.as_ref(), caller, now).await?;
    drop(conn);
    arrived(&site, became, &kept.next).or_else(|(status, _)| {
        let trouble = site.console.say("sign-in.wrong-elsewhere", &[("name", provider.name())]);
        page(&site, &visitor, status, &kept.next, "", &trouble)
    })
}

fn refused(site: &Site, visitor: &Visitor, error: &OidcError) -> Result<Response, Denial> {
    warn!("A sign-in by another site failed: {error}");
    let trouble = site.console.say("sign-in.away", &[]);
    page(site, visitor, StatusCode::BAD_GATEWAY, "", "", &trouble)
}
