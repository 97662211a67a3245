//! What a deed came to, carried to the next page in a cookie that this page uses up.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use data_encoding::BASE64URL_NOPAD;

use crate::render::Said;

const COOKIE: &str = "deskgate-said";
/// Cookies carry four thousand bytes.
const MOST_CHARS: usize = 700;

/// What the last deed came to.
pub(super) fn of(jar: &CookieJar) -> Option<Said> {
    let bytes = BASE64URL_NOPAD.decode(jar.get(COOKIE)?.value().as_bytes()).ok()?;
    let (kind, text) = std::str::from_utf8(&bytes).ok()?.split_once(' ')?;
    matches!(kind, "done" | "refused").then(|| Said { kind: kind.to_owned(), text: text.to_owned() })
}

/// Goes on to a path of ours, where it is told that something was done.
pub(super) fn done(path: &str, text: &str) -> Response {
    told(path, "done", text)
}

/// Goes on to a path of ours, where it is told why nothing was done.
pub(super) fn refused(path: &str, text: &str) -> Response {
    told(path, "refused", text)
}

fn told(path: &str, kind: &str, text: &str) -> Response {
    let text: String = text.chars().take(MOST_CHARS).collect();
    let value = BASE64URL_NOPAD.encode(format!("{kind} {text}").as_bytes());
    let cookie = Cookie::build((COOKIE, value)).path("/").http_only(true).same_site(SameSite::Strict);
    (CookieJar::new().add(cookie), Redirect::to(path)).into_response()
}

/// Uses it up.
pub(super) fn forget(response: &mut Response) {
    let cookie = format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
