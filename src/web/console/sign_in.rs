//! `/sign-in` and `/sign-out`: the password, and the code where one is asked for.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use axum_extra::extract::CookieJar;
use form_urlencoded::byte_serialize;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    caller::Knock,
    csrf::{Nothing, Posted},
    denial::Denial,
    guard::Signed,
    outside::{self, Outside, Visited, Visitor},
};
use crate::{desk::SignIn, oidc, web::Site};

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/sign-in", get(show).post(enter))
        .route("/sign-in/code", get(ask).post(answer))
        .route("/sign-out", post(leave))
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    pub(super) next: String,
}

/// What the page says.
#[derive(Default, Serialize)]
struct View {
    next: String,
    address: String,
    trouble: String,
    told: String,
    passwords: bool,
    forgotten: bool,
    passkeys: bool,
    elsewhere: Option<String>,
}

async fn show(
    State(site): State<Arc<Site>>,
    Query(asked): Query<Asked>,
    signed: Option<Signed>,
    visitor: Visitor,
) -> Result<Response, Denial> {
    match signed {
        Some(_) => Ok(Redirect::to(outside::onward(&asked.next)).into_response()),
        None => page(&site, &visitor, StatusCode::OK, &asked.next, "", ""),
    }
}

/// The page, with what went wrong and what was typed.
pub(super) fn page(
    site: &Site,
    visitor: &Visitor,
    status: StatusCode,
    next: &str,
    address: &str,
    trouble: &str,
) -> Result<Response, Denial> {
    let settings = &site.desk.settings.sign_in;
    let view = View {
        next: outside::onward(next).to_owned(),
        address: address.to_owned(),
        trouble: trouble.to_owned(),
        told: visitor.told.clone(),
        passwords: settings.password,
        forgotten: settings.password && site.desk.mails_links(),
        passkeys: site.desk.has_passkeys(),
        elsewhere: site.oidc.as_ref().map(|provider: &oidc::Provider| provider.name().to_owned()),
    };
    let title = site.console.say("sign-in.title", &[]);
    let of = Outside { template: "sign_in", title: &title, scripts: &["zone.js", "passkey.js"], status };
    outside::page(site, visitor, &of, &view)
}

/// Goes on as somebody who is signed in, or to the page that asks for a code; says what went wrong otherwise.
pub(super) fn arrived(site: &Site, became: SignIn, next: &str) -> Result<Response, (StatusCode, String)> {
    let next = outside::onward(next);
    let say = |key: &str| site.console.say(key, &[]);
    match became {
        SignIn::In(token) => Ok((outside::signed_in(site, &token), Redirect::to(next)).into_response()),
        SignIn::Code(token) => {
            let next: String = byte_serialize(next.as_bytes()).collect();
            let jar = CookieJar::new().add(outside::visit(site, &token));
            Ok((jar, Redirect::to(&format!("/sign-in/code?next={next}"))).into_response())
        }
        SignIn::Wrong => Err((StatusCode::UNPROCESSABLE_ENTITY, say("sign-in.wrong"))),
        SignIn::Over => Err((StatusCode::UNPROCESSABLE_ENTITY, say("sign-in.over"))),
        SignIn::Later(until) => {
            let at = until.to_zoned(site.desk.settings.site.zone.clone()).strftime("%H:%M %Z").to_string();
            Err((StatusCode::TOO_MANY_REQUESTS, site.console.say("sign-in.later", &[("at", &at)])))
        }
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
    let (caller, now) = (&sent.visitor.caller, Timestamp::now());
    let became = site.desk.sign_in(&site.pool, &address, &password, caller, now).await?;
    arrived(&site, became, &next)
        .or_else(|(status, trouble)| page(&site, &sent.visitor, status, &next, &address, &trouble))
}

#[derive(Serialize)]
struct CodeView<'a> {
    next: &'a str,
    trouble: &'a str,
}

async fn ask(
    State(site): State<Arc<Site>>,
    Query(asked): Query<Asked>,
    visitor: Visitor,
) -> Result<Response, Denial> {
    let cookie = visitor.cookie.clone().unwrap_or_default();
    let mut conn = site.pool.get().await?;
    if !site.desk.awaits_code(&mut conn, &cookie, Timestamp::now()).await? {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    drop(conn);
    code_page(&site, &visitor, StatusCode::OK, &asked.next, "")
}

fn code_page(
    site: &Site,
    visitor: &Visitor,
    status: StatusCode,
    next: &str,
    trouble: &str,
) -> Result<Response, Denial> {
    let title = site.console.say("sign-in-code.title", &[]);
    let of = Outside { template: "sign_in_code", title: &title, scripts: &[], status };
    outside::page(site, visitor, &of, &CodeView { next: outside::onward(next), trouble })
}

#[derive(Deserialize)]
struct Code {
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

async fn answer(State(site): State<Arc<Site>>, sent: Visited<Code>) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let (caller, now) = (&sent.visitor.caller, Timestamp::now());
    let became = site.desk.sign_in_by_code(&mut conn, &sent.cookie, &sent.form.code, caller, now).await?;
    drop(conn);
    let (wrong, over) = (matches!(became, SignIn::Wrong), matches!(became, SignIn::Over));
    arrived(&site, became, &sent.form.next).or_else(|(status, trouble)| match (wrong, over) {
        (true, _) => {
            let trouble = site.console.say("sign-in-code.wrong", &[]);
            code_page(&site, &sent.visitor, status, &sent.form.next, &trouble)
        }
        (_, true) => page(&site, &sent.visitor, status, &sent.form.next, "", &trouble),
        _ => code_page(&site, &sent.visitor, status, &sent.form.next, &trouble),
    })
}

async fn leave(
    State(site): State<Arc<Site>>,
    Knock(caller): Knock,
    sent: Posted<Nothing>,
) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    site.desk.sign_out(&mut conn, &sent.signed.session, &caller, Timestamp::now()).await?;
    Ok((outside::signed_out(&site), Redirect::to("/sign-in")).into_response())
}
