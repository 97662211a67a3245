//! Pages for who is not signed in, and their forms.
//!
//! Each browser gets a random cookie with the first page, and each form a value that is made of it, so that nobody
//! can sign a stranger's browser in (login CSRF). What a browser has begun, such as a sign-in of which the code is
//! still to come, hangs on a cookie of the same name, which is made anew then.

use std::sync::Arc;

use axum::{
    body::to_bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};

use super::{assets, caller::Knock, csrf, denial::Denial, guard, said};
use crate::{
    desk::{Caller, Token},
    web::Site,
};

/// The longest form, in bytes: a passkey's answer is the longest.
const MOST_BYTES: usize = 64 * 1024;

/// Somebody who is not signed in, or was not asked.
pub struct Visitor {
    /// From where.
    pub caller: Caller,
    /// The cookie of their browser, where it has one.
    pub cookie: Option<String>,
    /// What their last deed came to; may be empty.
    pub told: String,
}

/// A form of one of these pages.
pub struct Visited<T> {
    /// Who.
    pub visitor: Visitor,
    /// Their cookie, of which the form had the value.
    pub cookie: String,
    /// What they sent.
    pub form: T,
}

impl FromRequestParts<Arc<Site>> for Visitor {
    type Rejection = Denial;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        site: &Arc<Site>,
    ) -> Result<Visitor, Denial> {
        let Ok(Knock(caller)) = Knock::from_request_parts(parts, site).await;
        let jar = CookieJar::from_headers(&parts.headers);
        let cookie = jar.get(visit_cookie(site)).map(|cookie| cookie.value().to_owned());
        let told = said::of(&jar).map(|said| said.text).unwrap_or_default();
        Ok(Visitor { caller, cookie, told })
    }
}

impl<T: DeserializeOwned> FromRequest<Arc<Site>> for Visited<T> {
    type Rejection = Denial;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Visited<T>, Denial> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, site).await?;
        csrf::refuse_cross_site(&parts.headers)?;
        let body = to_bytes(body, MOST_BYTES).await.map_err(|_| csrf::too_long())?;
        let cookie = visitor.cookie.clone().unwrap_or_default();
        let sent = form_urlencoded::parse(&body).find(|(name, _)| name == "csrf").map(|(_, value)| value);
        csrf::prove(&parts.headers, sent.as_deref(), &site.desk.form_value(&cookie)).map_err(|_| stale())?;
        let true = !cookie.is_empty() else { return Err(stale()) };
        Ok(Visited { form: csrf::read(&body)?, cookie, visitor })
    }
}

fn stale() -> Denial {
    Denial::Forbidden(
        "This was not sent from a page of ours, or your browser keeps no cookies. Go back, load the page again and \
         send it once more."
            .to_owned(),
    )
}

/// What the pages are surrounded by.
#[derive(Serialize)]
struct OutsideShell<'a> {
    title: &'a str,
    site: &'a str,
    csrf: String,
    style: String,
    scripts: Vec<String>,
    zone: &'a str,
    now: Timestamp,
}

#[derive(Serialize)]
struct Whole<'a, T> {
    shell: OutsideShell<'a>,
    #[serde(flatten)]
    view: &'a T,
}

/// A page in the plain layout.
pub struct Outside<'a> {
    /// Its template, in `templates/console/`.
    pub template: &'static str,
    /// What the tab of the browser says.
    pub title: &'a str,
    /// Scripts that it needs; the others of the console are not loaded here.
    pub scripts: &'static [&'static str],
    /// How it is answered.
    pub status: StatusCode,
}

/// Writes a page; a browser without a cookie gets one.
///
/// # Errors
/// The template's; it is logged.
pub fn page<T: Serialize>(
    site: &Site,
    visitor: &Visitor,
    of: &Outside<'_>,
    view: &T,
) -> Result<Response, Denial> {
    let (cookie, jar) = match &visitor.cookie {
        Some(cookie) if !cookie.is_empty() => (cookie.clone(), CookieJar::new()),
        _ => {
            let token = Token::new();
            (token.expose().to_owned(), CookieJar::new().add(visit(site, &token)))
        }
    };
    let shell = OutsideShell {
        title: of.title,
        site: &site.desk.settings.site.name,
        csrf: csrf::masked(&site.desk.form_value(&cookie)),
        style: assets::style(),
        scripts: of.scripts.iter().map(|name| assets::address(name)).collect(),
        zone: site.desk.settings.site.zone.iana_name().unwrap_or("UTC"),
        now: Timestamp::now(),
    };
    let html = site.console.write(of.template, &Whole { shell, view })?;
    let mut response = (of.status, jar, Html(html)).into_response();
    if !visitor.told.is_empty() {
        said::forget(&mut response);
    }
    Ok(response)
}

/// The cookie of a browser whose owner is not signed in, or not yet.
pub fn visit(site: &Site, token: &Token) -> Cookie<'static> {
    cookie(site, visit_cookie(site), token)
}

/// The cookie of a session.
pub fn session(site: &Site, token: &Token) -> Cookie<'static> {
    cookie(site, guard::cookie_name(site), token)
}

/// Cookies that take the other's place: who signs in is no visitor any more.
pub fn signed_in(site: &Site, token: &Token) -> CookieJar {
    CookieJar::new().add(session(site, token)).add(gone(site, visit_cookie(site)))
}

/// Takes the cookie of a session away.
pub fn signed_out(site: &Site) -> CookieJar {
    CookieJar::new().add(gone(site, guard::cookie_name(site)))
}

fn visit_cookie(site: &Site) -> &'static str {
    if guard::is_secure(site) { "__Host-deskgate-visit" } else { "deskgate-visit" }
}

fn cookie(site: &Site, name: &'static str, token: &Token) -> Cookie<'static> {
    built(site, name, token.expose().to_owned())
}

fn gone(site: &Site, name: &'static str) -> Cookie<'static> {
    let mut cookie = built(site, name, String::new());
    cookie.make_removal();
    cookie
}

fn built(site: &Site, name: &'static str, value: String) -> Cookie<'static> {
    // Lax, since a link in a mail and another site that vouches for somebody lead here from outside.
    Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(guard::is_secure(site))
        .build()
}

/// A path of ours to go on to; anything else leads to the inbox.
pub fn onward(next: &str) -> &str {
    let ours = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && next.bytes().all(|byte| byte.is_ascii_graphic());
    match ours && !next.starts_with("/sign-") {
        true => next,
        false => "/inbox",
    }
}

#[cfg(test)]
mod tests {
    use super::onward;

    #[test]
    fn one_goes_on_to_a_path_of_ours_only() {
        for ours in ["/inbox", "/ticket/17?a=b#c", "/"] {
            assert_eq!(onward(ours), ours);
        }
        for other in [
            "",
            "//evil.test/",
            "https://evil.test",
            "/\\evil.test",
            "/a\r\nb",
            "evil",
            "/sign-in?next=/sign-in",
            "/ ä",
        ] {
            assert_eq!(onward(other), "/inbox", "{other}");
        }
    }
}
