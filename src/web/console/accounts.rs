//! `/accounts`: how colleagues sign in; admins invite them, end their sessions, and take lost second factors away.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    caller::Knock,
    csrf::Posted,
    denial::Denial,
    guard::Signed,
    ops,
    shell::{self, PageOf},
};
use crate::{domain::EmailAddress, ticket::rights::Wish, web::Site};

const PAGE: &str = "/accounts";

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(PAGE, get(show))
        .route("/accounts/invite", post(invite))
        .route("/accounts/end", post(end))
        .route("/accounts/factors", post(factors))
}

#[derive(Serialize)]
struct View {
    people: Vec<Colleague>,
    mails_links: bool,
    /// The reader has a password to sign in with, which is asked for once more.
    own_password: bool,
}

#[derive(Serialize)]
struct Colleague {
    name: String,
    address: String,
    role: String,
    password: bool,
    codes: bool,
    passkeys: i64,
    sessions: i64,
    seen_at: Option<Timestamp>,
}

async fn show(State(site): State<Arc<Site>>, signed: Signed) -> Result<Response, Denial> {
    ops::demand(&site, &signed, Wish::Accounts)?;
    let mut conn = site.pool.get().await?;
    let people = site.desk.accounts(&mut conn, &signed.session).await?;
    drop(conn);
    let me = &signed.session.staff.email;
    let passwords = site.desk.settings.sign_in.password;
    let own_password = passwords && people.iter().any(|line| line.staff.email == *me && line.password);
    let colleague = |line: crate::desk::AccountLine<'_>| Colleague {
        name: line.staff.name.clone(),
        address: line.staff.email.to_string(),
        role: line.staff.role.to_string(),
        password: line.password,
        codes: line.codes,
        passkeys: line.passkeys,
        sessions: line.sessions,
        seen_at: line.last_seen_at,
    };
    let people = people.into_iter().map(colleague).collect();
    let view = View { people, mails_links: site.desk.mails_links(), own_password };
    let title = site.console.say("accounts.title", &[]);
    shell::page(&site, signed, &PageOf::new("accounts", "audit", &title), &view)
}

#[derive(Deserialize)]
struct Whom {
    #[serde(default)]
    address: String,
    /// The admin's own, where it is asked for once more.
    #[serde(default)]
    password: String,
}

impl Whom {
    fn address(&self) -> Result<EmailAddress, Denial> {
        self.address.parse().map_err(|_| Denial::NotFound)
    }
}

async fn invite(State(site): State<Arc<Site>>, sent: Posted<Whom>) -> Result<Response, Denial> {
    let whom = sent.form.address()?;
    let mut conn = site.pool.get().await?;
    let done = site.desk.invite_colleague(&mut conn, &sent.signed.session, &whom, Timestamp::now()).await;
    ops::told(PAGE, done, |_| site.console.say("accounts.invited", &[]))
}

async fn end(
    State(site): State<Arc<Site>>,
    Knock(caller): Knock,
    sent: Posted<Whom>,
) -> Result<Response, Denial> {
    let (session, whom) = (&sent.signed.session, sent.form.address()?);
    let mut conn = site.pool.get().await?;
    let done = site.desk.end_sessions_of(&mut conn, session, &whom, &caller, Timestamp::now()).await;
    ops::told(PAGE, done, |_| site.console.say("accounts.ended", &[]))
}

async fn factors(
    State(site): State<Arc<Site>>,
    Knock(caller): Knock,
    sent: Posted<Whom>,
) -> Result<Response, Denial> {
    let (session, whom) = (&sent.signed.session, sent.form.address()?);
    let whose = (&whom, sent.form.password.as_str());
    let done = site.desk.take_factors(&site.pool, session, whose, &caller, Timestamp::now()).await;
    ops::told(PAGE, done, |()| site.console.say("accounts.factors-taken", &[]))
}
