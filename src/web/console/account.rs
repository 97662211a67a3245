//! `/account`: how somebody signs in, where they are signed in, and how their pages look.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    caller::Knock,
    csrf::Posted,
    denial::Denial,
    guard::Signed,
    outside, said,
    shell::{self, PageOf},
};
use crate::{
    desk::{DeskError, Token},
    domain::Word,
    web::Site,
};

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/account", get(show))
        .route("/account/looks", post(looks))
        .route("/account/password", post(password))
        .route("/account/sessions/end", post(end))
}

/// The address of the page.
pub(super) const PAGE: &str = "/account";

/// What the page says.
#[derive(Serialize)]
struct View {
    name: String,
    address: String,
    role: String,
    owes: bool,
    passwords: bool,
    password_at: Option<Timestamp>,
    codes_at: Option<Timestamp>,
    recovery_codes: i64,
    may_passkeys: bool,
    passkeys: Vec<Passkey>,
    sessions: Vec<SessionRow>,
    zone: String,
    zone_now: String,
    zone_from: &'static str,
    themes: Vec<Theme>,
}

#[derive(Serialize)]
struct Passkey {
    id: i64,
    name: String,
    made_at: Timestamp,
    used_at: Option<Timestamp>,
}

#[derive(Serialize)]
struct SessionRow {
    id: i64,
    device: String,
    network: String,
    by: String,
    made_at: Timestamp,
    seen_at: Timestamp,
    here: bool,
}

#[derive(Serialize)]
struct Theme {
    value: &'static str,
    label: String,
    chosen: bool,
}

async fn show(State(site): State<Arc<Site>>, signed: Signed) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let session = &signed.session;
    let own = site.desk.own_account(&mut conn, session).await?;
    drop(conn);
    let theme = |value: &'static str| Theme {
        value,
        label: site.console.say(&["account-theme", value].join("."), &[]),
        chosen: session.theme == value,
    };
    let view = View {
        name: session.staff.name.clone(),
        address: session.staff.email.to_string(),
        role: session.staff.role.to_string(),
        owes: session.owes_second_factor,
        passwords: site.desk.settings.sign_in.password,
        password_at: own.password_at.filter(|_| site.desk.settings.sign_in.password),
        codes_at: own.codes_at,
        recovery_codes: own.recovery_codes,
        may_passkeys: site.desk.has_passkeys(),
        passkeys: own
            .passkeys
            .into_iter()
            .map(|it| Passkey {
                id: it.id,
                name: it.name,
                made_at: it.made_at.to_jiff(),
                used_at: it.last_used_at.map(|at| at.to_jiff()),
            })
            .collect(),
        sessions: own
            .sessions
            .into_iter()
            .map(|it| SessionRow {
                here: it.id == session.id,
                id: it.id,
                by: it.signed_in_by,
                device: it.device,
                network: it.network,
                made_at: it.made_at.to_jiff(),
                seen_at: it.last_seen_at.to_jiff(),
            })
            .collect(),
        zone: own.zone,
        zone_now: session.zone.iana_name().unwrap_or("UTC").to_owned(),
        zone_from: session.zone_from.as_str(),
        themes: ["auto", "light", "dark"].map(theme).into(),
    };
    let title = site.console.say("account.title", &[]);
    let of = PageOf { scripts: &["passkey.js"], ..PageOf::new("account", "", &title) };
    shell::page(&site, signed, &of, &view)
}

/// Back to the page with what a deed came to. What a person can mend is told there.
pub(super) fn told(site: &Site, done: Result<(), DeskError>, word: &str) -> Result<Response, Denial> {
    match done.map_err(Denial::from) {
        Ok(()) => Ok(said::done(PAGE, &site.console.say(word, &[]))),
        Err(Denial::Invalid(why)) => Ok(said::refused(PAGE, &why)),
        Err(other) => Err(other),
    }
}

/// The same after a change of what somebody signs in with, which gives them another cookie.
pub(super) fn renewed(site: &Site, done: Result<Token, DeskError>, word: &str) -> Result<Response, Denial> {
    match done {
        Ok(token) => Ok((outside::signed_in(site, &token), told(site, Ok(()), word)?).into_response()),
        Err(error) => told(site, Err(error), word),
    }
}

#[derive(Deserialize)]
struct Looks {
    #[serde(default)]
    zone: String,
    #[serde(default)]
    theme: String,
}

async fn looks(State(site): State<Arc<Site>>, sent: Posted<Looks>) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let Looks { zone, theme } = &sent.form;
    told(
        &site,
        site.desk.choose_looks(&mut conn, &sent.signed.session, zone, theme).await,
        "account.looks-kept",
    )
}

#[derive(Deserialize)]
struct Passwords {
    #[serde(default)]
    old: String,
    #[serde(default)]
    new: String,
}

async fn password(
    State(site): State<Arc<Site>>,
    Knock(caller): Knock,
    sent: Posted<Passwords>,
) -> Result<Response, Denial> {
    let (session, both) = (&sent.signed.session, (sent.form.old.as_str(), sent.form.new.as_str()));
    let done = site.desk.change_password(&site.pool, session, both, &caller, Timestamp::now()).await;
    renewed(&site, done, "account.password-set")
}

#[derive(Deserialize)]
struct Which {
    /// One session; without it all others than this one.
    id: Option<i64>,
}

async fn end(
    State(site): State<Arc<Site>>,
    Knock(caller): Knock,
    sent: Posted<Which>,
) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let session = &sent.signed.session;
    let ended = site.desk.end_sessions(&mut conn, session, sent.form.id, &caller, Timestamp::now()).await;
    told(&site, ended.map(drop), "account.session-ended")
}
