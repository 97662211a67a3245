//! What a page sends, with the proof that one of our pages sent it.
//!
//! A session has a token that only its own pages know; each page masks it anew, since an answer that is compressed
//! and repeats what was asked could otherwise be measured out (BREACH). Beside it the browser's own word counts: a
//! request that it calls cross-site is refused, whatever it carries. Cookies are `SameSite=Lax` as well.

use std::sync::Arc;

use axum::{
    body::{Bytes, to_bytes},
    extract::{FromRequest, FromRequestParts, Multipart, Request},
    http::{HeaderMap, header},
};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, de::DeserializeOwned};

use super::{denial::Denial, guard::Signed, unsent};
use crate::web::Site;

/// The longest form without files, in bytes.
pub(super) const MOST_BYTES: usize = 1 << 20;

/// A form (`application/x-www-form-urlencoded`) that somebody sent from one of our pages.
pub struct Posted<T> {
    /// Who.
    pub signed: Signed,
    /// What they sent.
    pub form: T,
}

/// A form with files (`multipart/form-data`) that somebody sent from one of our pages. The token stands before the
/// files, so that no file of a stranger's is kept. Routes set their own limit of the body (`DefaultBodyLimit`).
pub struct PostedFiles<T> {
    /// Who.
    pub signed: Signed,
    /// What they sent beside the files.
    pub form: T,
    /// The files, in order; fields that were left empty are none.
    pub files: Vec<PostedFile>,
}

/// What a form has that is a button alone.
#[derive(Deserialize)]
pub struct Nothing {}

/// One file of a form.
pub struct PostedFile {
    /// Its name as the browser gave it.
    pub name: String,
    /// Its type as the browser gave it.
    pub mime: String,
    /// Its content.
    pub bytes: Bytes,
}

impl<T: DeserializeOwned> FromRequest<Arc<Site>> for Posted<T> {
    type Rejection = Denial;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Posted<T>, Denial> {
        let (mut parts, body) = request.into_parts();
        let signed = match Signed::from_request_parts(&mut parts, site).await {
            Ok(signed) => signed,
            Err(denial) => return Err(unsent::refusing(denial, parts, body).await),
        };
        refuse_cross_site(&parts.headers)?;
        let body = to_bytes(body, MOST_BYTES).await.map_err(|_| too_long())?;
        let fields: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
        let sent = fields.iter().find(|(name, _)| name == "csrf").map(|(_, value)| value.as_str());
        prove(&parts.headers, sent, &signed.session.csrf)
            .map_err(|denial| unsent::giving_back(denial, parts.uri.path(), &fields))?;
        Ok(Posted { form: read(&body)?, signed })
    }
}

impl<T: DeserializeOwned> FromRequest<Arc<Site>> for PostedFiles<T> {
    type Rejection = Denial;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<PostedFiles<T>, Denial> {
        let (mut parts, body) = request.into_parts();
        let signed = match Signed::from_request_parts(&mut parts, site).await {
            Ok(signed) => signed,
            Err(denial) => return Err(unsent::refusing(denial, parts, body).await),
        };
        refuse_cross_site(&parts.headers)?;
        let (headers, path) = (parts.headers.clone(), parts.uri.path().to_owned());
        let mut proven = prove(&headers, None, &signed.session.csrf).is_ok();
        let broken = |_| Denial::Invalid("The form broke off, or was too long; send it again.".to_owned());
        let mut multipart =
            Multipart::from_request(Request::from_parts(parts, body), site).await.map_err(|_| too_long())?;
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut files = Vec::new();
        while let Some(mut field) = multipart.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            if let Some(file) = field.file_name().map(str::to_owned) {
                if !proven {
                    // It is read on: else the browser tells of a broken connection and not what we say.
                    while let Ok(Some(_)) = field.chunk().await {}
                    continue;
                }
                let mime = field.content_type().unwrap_or("application/octet-stream").to_owned();
                let bytes = field.bytes().await.map_err(broken)?;
                if !(file.is_empty() && bytes.is_empty()) {
                    files.push(PostedFile { name: file, mime, bytes });
                }
                continue;
            }
            let value = field.text().await.map_err(broken)?;
            proven |= name == "csrf" && prove(&headers, Some(&value), &signed.session.csrf).is_ok();
            fields.push((name, value));
        }
        let true = proven else { return Err(unsent::giving_back(Denial::Stale, &path, &fields)) };
        let fields = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        Ok(PostedFiles { form: read(fields.as_bytes())?, signed, files })
    }
}

/// Reads a form, without zero bytes: no text has one, and the database would refuse it.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Denial> {
    let fields = form_urlencoded::parse(body).map(|(name, value)| (name, value.replace('\0', "")));
    let plain = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    serde_html_form::from_str(&plain).map_err(|error| {
        Denial::Invalid(format!("The form could not be read: {error}. Open the page again."))
    })
}

/// A browser says itself where a request comes from (Fetch Metadata); an older one names the origin.
///
/// # Errors
/// It comes from somewhere else.
pub(super) fn refuse_cross_site(headers: &HeaderMap) -> Result<(), Denial> {
    let silent = !headers.contains_key("sec-fetch-site") && !headers.contains_key(header::ORIGIN);
    (silent || is_same_origin(headers)).then_some(()).ok_or(Denial::Stale)
}

/// Whether a browser says that a page of ours sent this.
pub(super) fn is_same_origin(headers: &HeaderMap) -> bool {
    let said = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match (headers.get("sec-fetch-site"), said(header::ORIGIN), said(header::HOST)) {
        (Some(site), _, _) => site.as_bytes() == b"same-origin",
        (None, Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, place)| place == host),
        _ => false,
    }
}

/// Asks for the token of the session, in the form or in the header `X-Csrf`.
pub(super) fn prove(headers: &HeaderMap, sent: Option<&str>, own: &str) -> Result<(), Denial> {
    let header = headers.get("x-csrf").and_then(|value| value.to_str().ok());
    let token = sent.or(header).and_then(unmask).ok_or(Denial::Stale)?;
    let own = own.as_bytes();
    // Both have the same length, or the answer is no; the rest is compared without an early end.
    let same = token.len() == own.len() && token.iter().zip(own).fold(0, |all, (a, b)| all | (a ^ b)) == 0;
    same.then_some(()).ok_or(Denial::Stale)
}

pub(super) fn too_long() -> Denial {
    Denial::Invalid("What was sent is too long, or broke off on its way. Send it in parts.".to_owned())
}

/// A token as a page carries it: with a mask that is new each time.
pub(super) fn masked(token: &str) -> String {
    let mut mask = vec![0; token.len()];
    getrandom::fill(&mut mask).expect("the system gives random bytes");
    let hidden: Vec<u8> = token.bytes().zip(&mask).map(|(byte, mask)| byte ^ mask).collect();
    BASE64URL_NOPAD.encode(&[mask, hidden].concat())
}

fn unmask(sent: &str) -> Option<Vec<u8>> {
    let bytes = BASE64URL_NOPAD.decode(sent.as_bytes()).ok()?;
    let (mask, hidden) = bytes.split_at_checked(bytes.len() / 2)?;
    Some(mask.iter().zip(hidden).map(|(mask, byte)| mask ^ byte).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_masked_anew_each_time_and_comes_back() {
        let (one, two) = (masked("0123456789abcdef"), masked("0123456789abcdef"));
        assert_ne!(one, two);
        for masked in [one, two] {
            assert_eq!(unmask(&masked).unwrap(), b"0123456789abcdef");
        }
        assert_eq!(unmask("ä"), None);
        assert_eq!(unmask(""), Some(vec![]));
    }

    #[test]
    fn a_form_is_read_without_zero_bytes() {
        let read = |body: &[u8]| read::<std::collections::BTreeMap<String, String>>(body).unwrap();
        for body in [&b"q=a%00b"[..], b"q=a\0b", b"q=%00%00ab", b"q=ab"] {
            assert_eq!(read(body)["q"], "ab");
        }
        assert_eq!(read(b"q=%2500&r=%0%000")["q"], "%00", "what only looks like one stays");
    }

    #[test]
    fn what_comes_from_elsewhere_is_refused() {
        let own = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            refuse_cross_site(&headers).is_ok()
        };
        assert!(own(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(own(&[("origin", "http://desk.test:8080"), ("host", "desk.test:8080")]));
        assert!(own(&[]), "no browser; the token decides");
        for foreign in ["cross-site", "same-site", "none"] {
            assert!(!own(&[("sec-fetch-site", foreign)]), "{foreign}");
        }
        for origin in ["http://evil.test", "null", "http://desk.test"] {
            assert!(!own(&[("origin", origin), ("host", "desk.test:8080")]), "{origin}");
        }
    }
}
