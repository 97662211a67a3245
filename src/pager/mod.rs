//! The wire to pagers: one signed HTTP POST at a time.
//!
//! Requests are signed as "Standard Webhooks" (standardwebhooks.com) says: `webhook-id` names what is told and stays the
//! same when it is told again, `webhook-timestamp` is the time of this try in Unix seconds, and
//! `webhook-signature` is `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`. `Idempotency-Key` says the
//! id once more, for receivers that know this header.
//!
//! Only the configured URL is ever asked, and a redirect is an answer like any other: whoever could send one would
//! else decide where our words go.

mod wire;

use std::time::Duration;

use bytes::Bytes;
use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use http_body_util::Full;
use hyper::{Method, Request, StatusCode, Uri, header};
use jiff::Timestamp;
use sha2::Sha256;
use tokio::time::timeout;

use crate::settings;

/// What stands before a secret in base64, as makers of webhooks hand it out.
const BASE64_SECRET: &str = "whsec_";

/// A pager, ready to be told something.
pub struct Pager {
    url: Uri,
    secret: Vec<u8>,
    timeout: Duration,
}

/// Why a pager was not told, for people. Neither the secret nor a body is in it.
#[derive(Debug, thiserror::Error)]
pub enum PagerError {
    /// The URL is none that can be asked.
    #[error("the URL of [oncall.webhook] cannot be used: {0}")]
    Url(String),
    /// There is no connection.
    #[error("connecting to {host}: {why}")]
    Unreachable {
        /// Where.
        host: String,
        /// What went wrong.
        why: String,
    },
    /// The connection broke.
    #[error("asking {host}: {why}")]
    Broken {
        /// Where.
        host: String,
        /// What went wrong.
        why: String,
    },
    /// There was no answer in time.
    #[error("{host} did not answer within {limit:?}")]
    Slow {
        /// Where.
        host: String,
        /// How long it had.
        limit: Duration,
    },
    /// It answered that it does not take it.
    #[error("{host} answered {status}")]
    Refused {
        /// Where.
        host: String,
        /// With which status.
        status: StatusCode,
    },
}

impl Pager {
    /// A pager as configured.
    ///
    /// # Errors
    /// [`PagerError::Url`].
    pub fn new(webhook: &settings::Webhook) -> Result<Pager, PagerError> {
        let url: Uri = webhook.url.parse().map_err(|error| PagerError::Url(format!("{error}")))?;
        if url.host().is_none() {
            return Err(PagerError::Url("it names no host".into()));
        }
        Ok(Pager { url, secret: key_of(webhook.secret.expose()), timeout: webhook.timeout })
    }

    /// How long telling something takes at most.
    pub fn longest(&self) -> Duration {
        self.timeout
    }

    /// Tells the pager something, and what it answered.
    ///
    /// # Errors
    /// Everything but an answer of the sort 2xx.
    pub async fn tell(&self, id: &str, body: &str, now: Timestamp) -> Result<String, PagerError> {
        let host = self.url.host().unwrap_or_default().to_owned();
        let request = self.request(id, body, now)?;
        let asked = timeout(self.timeout, wire::ask(&self.url, request)).await;
        let status = asked.map_err(|_| PagerError::Slow { host: host.clone(), limit: self.timeout })??;
        match status.is_success() {
            true => Ok(status.to_string()),
            false => Err(PagerError::Refused { host, status }),
        }
    }

    fn request(&self, id: &str, body: &str, now: Timestamp) -> Result<Request<Full<Bytes>>, PagerError> {
        let seconds = now.as_second();
        let path = self.url.path_and_query().map_or("/", |path| path.as_str());
        let host = self.url.authority().map_or("", |authority| authority.as_str());
        Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::HOST, host)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, concat!("deskgate/", env!("CARGO_PKG_VERSION")))
            .header("idempotency-key", id)
            .header("webhook-id", id)
            .header("webhook-timestamp", seconds)
            .header("webhook-signature", signature(&self.secret, id, seconds, body))
            .body(Full::new(Bytes::copy_from_slice(body.as_bytes())))
            .map_err(|error| PagerError::Url(error.to_string()))
    }
}

/// The bytes that are signed with.
fn key_of(secret: &str) -> Vec<u8> {
    let decoded =
        secret.strip_prefix(BASE64_SECRET).and_then(|text| BASE64.decode(text.trim().as_bytes()).ok());
    decoded.unwrap_or_else(|| secret.as_bytes().to_vec())
}

fn signature(secret: &[u8], id: &str, seconds: i64, body: &str) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret).expect("an HMAC takes a key of any length (RFC 2104 §3)");
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn requests_are_signed_as_the_standard_says() {
        let secret = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let signed =
            signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_is_taken_as_it_is_unless_it_says_base64() {
        assert_eq!(key_of("change me"), b"change me");
        assert_eq!(key_of("whsec_YWJj"), b"abc");
        assert_eq!(key_of("whsec_%%%"), b"whsec_%%%");
    }
}
