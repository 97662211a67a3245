//! Who asks: nobody gets past this to a page without a session.

use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{Method, request::Parts},
};
use axum_extra::extract::CookieJar;
use form_urlencoded::byte_serialize;
use jiff::Timestamp;

use super::{denial::Denial, ops};
use crate::{
    desk::Session,
    render::Said,
    store::Loan,
    ticket::rights::{self, Actor, Evidence, Wish},
    web::Site,
};

/// In which the script `zone.js` says in which zone the browser is.
const ZONE_COOKIE: &str = "deskgate-zone";

/// Somebody who is signed in, and what their last deed came to.
pub struct Signed {
    /// Their session.
    pub session: Session,
    /// To be told on this page.
    pub said: Option<Said>,
}

/// Somebody who is signed in, and the connection that knew it, by which the page asks on: it takes a while to get another.
pub struct Reader {
    /// Who.
    pub signed: Signed,
    /// The connection.
    pub conn: Loan<'static>,
}

impl FromRequestParts<Arc<Site>> for Reader {
    type Rejection = Denial;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Reader, Denial> {
        let jar = CookieJar::from_headers(&parts.headers);
        let Some(cookie) = jar.get(cookie_name(site)) else { return Err(Denial::SignIn(wanted(parts))) };
        let mut conn = site.pool.get_owned().await?;
        let found = site.desk.session(&mut conn, cookie.value(), !by_itself(parts), Timestamp::now()).await?;
        let Some(mut session) = found else { return Err(Denial::SignIn(wanted(parts))) };
        if session.owes_second_factor && !may_set_up(parts) {
            return Err(Denial::SecondFactor);
        }
        may_read(site.desk.staff_actor(&session.staff))?;
        if let Some(zone) = jar.get(ZONE_COOKIE) {
            session.hear_zone(zone.value());
        }
        Ok(Reader { signed: Signed { session, said: super::said::of(&jar) }, conn })
    }
}

impl FromRequestParts<Arc<Site>> for Signed {
    type Rejection = Denial;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Signed, Denial> {
        Ok(Reader::from_request_parts(parts, site).await?.signed)
    }
}

impl OptionalFromRequestParts<Arc<Site>> for Signed {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Option<Signed>, Infallible> {
        Ok(<Signed as FromRequestParts<Arc<Site>>>::from_request_parts(parts, site).await.ok())
    }
}

/// Every page of the console tells of tickets, so who may not read them sees none.
fn may_read(role: Actor) -> Result<(), Denial> {
    let asked = rights::may(role, Evidence::Inside, Wish::ReadPage);
    asked.map_err(|denied| Denial::Forbidden(ops::sentence(&denied.to_string())))
}

/// What the cookie of the session is called. Where the site is served by TLS its name makes the browser refuse one
/// that another host, or plain HTTP, tries to set (RFC 6265bis §4.1.3.2).
pub(super) fn cookie_name(site: &Site) -> &'static str {
    if is_secure(site) { "__Host-deskgate" } else { "deskgate" }
}

/// Whether readers come by TLS.
pub(super) fn is_secure(site: &Site) -> bool {
    site.desk.settings.site.base_url.starts_with("https://")
}

/// Whether a page is one of those on which somebody sets up how they sign in, or out.
fn may_set_up(parts: &Parts) -> bool {
    let path = parts.uri.path();
    path == "/account" || path.starts_with("/account/") || path == "/sign-out"
}

/// Whether an open page asks by itself, which is no sign of somebody before it: pieces that load anew, live news, and
/// that a page is open. A browser that was left open shall not keep its session.
fn by_itself(parts: &Parts) -> bool {
    let path = parts.uri.path();
    parts.headers.contains_key("hx-request") || path == "/live" || path.ends_with("/here")
}

/// Where they wanted to go, if that can be asked for again.
fn wanted(parts: &Parts) -> String {
    match parts.method {
        Method::GET => parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        _ => String::new(),
    }
}

/// The address of the sign-in page that leads on to a path of ours.
pub(super) fn sign_in_at(path: &str) -> String {
    match path {
        "" | "/" | "/inbox" => "/sign-in".to_owned(),
        path => format!("/sign-in?next={}", byte_serialize(path.as_bytes()).collect::<String>()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Word;

    #[test]
    fn staff_alone_read_the_pages_of_staff() {
        for role in Actor::ALL {
            assert_eq!(may_read(*role).is_ok(), role.is_staff(), "{role}");
        }
    }
}
