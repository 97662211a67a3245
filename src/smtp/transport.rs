//! The way out: a few connections, kept for a while, one mail at a time on each.

use std::{
    borrow::Cow,
    time::{Duration, Instant},
};

use lettre::{
    Address,
    address::Envelope,
    transport::smtp::{Error, client::AsyncSmtpConnection, extension::Extension, response::Response},
};
use tokio::{
    sync::{Mutex, Semaphore},
    time::timeout,
};

use super::{
    Outcome, SmtpError,
    connection::{Dialer, words},
    outcome::of_reply,
};
use crate::{
    domain::EmailAddress,
    settings::{Smtp, Tls},
};

/// How long an unused connection is kept. Servers hang up after some minutes.
const IDLE_AT_MOST: Duration = Duration::from_secs(30);

/// The slowest line we wait for, in bytes per second.
const SLOWEST: u64 = 4 << 10;

/// Sends finished mail. Cheap to share; give every task the same one.
pub struct Transport {
    dialer: Dialer,
    tls: Tls,
    user: Option<String>,
    slots: Semaphore,
    idle: Mutex<Vec<Idle>>,
}

struct Idle {
    connection: AsyncSmtpConnection,
    since: Instant,
}

impl Transport {
    /// Prepares the way, without touching the network. Fails on a `ca_file` that
    /// cannot be used.
    pub fn new(smtp: &Smtp) -> Result<Transport, SmtpError> {
        Ok(Transport {
            dialer: Dialer::new(smtp)?,
            tls: smtp.tls,
            user: smtp.user.clone(),
            slots: Semaphore::new(smtp.connections.max(1) as usize),
            idle: Mutex::new(Vec::new()),
        })
    }

    /// Offers one mail to the server, once. `from` is the envelope sender; `None` is the
    /// null sender `<>` of notices that must not be answered (RFC 5321 §4.5.5).
    pub async fn send(&self, from: Option<&EmailAddress>, to: &EmailAddress, bytes: &[u8]) -> Outcome {
        let envelope = match envelope(from, to) {
            Ok(envelope) => envelope,
            Err(why) => return Outcome::Refused(why),
        };
        let _slot = self.slots.acquire().await.expect("the semaphore is never closed");
        let mut connection = match self.connection().await {
            Ok(connection) => connection,
            Err(error) => return Outcome::Deferred(error.to_string()),
        };
        if let Some(why) = cannot_carry(&connection, &envelope, bytes) {
            self.keep(connection).await;
            return Outcome::Refused(why);
        }
        let bytes = with_crlf(bytes);
        let limit = self.dialer.timeout() + Duration::from_secs(bytes.len() as u64 / SLOWEST);
        // A connection given up here is closed, never used again.
        match timeout(limit, connection.send(&envelope, &bytes)).await {
            Ok(reply) => {
                self.keep(connection).await;
                outcome(reply)
            }
            Err(_) => Outcome::Deferred(format!(
                "the SMTP server {} gave no answer for {limit:?} while taking the mail",
                self.dialer.server()
            )),
        }
    }

    /// Connects, logs in, and says in one sentence what was found.
    pub async fn probe(&self) -> Result<String, SmtpError> {
        let mut connection = self.dialer.open().await?;
        let over = match self.tls {
            Tls::None => "in clear",
            Tls::Starttls => "with STARTTLS",
            Tls::Implicit => "over TLS",
        };
        let who = match &self.user {
            Some(user) => format!("`{user}` is logged in"),
            None => "without a log-in".to_owned(),
        };
        let info = connection.server_info();
        let utf8 = if info.supports_feature(Extension::SmtpUtfEight) { "yes" } else { "no" };
        let sentence = format!("{} ({}) {over}: {who}, SMTPUTF8 {utf8}", self.dialer.server(), info.name());
        let _ = timeout(self.dialer.timeout(), connection.quit()).await;
        Ok(sentence)
    }

    /// A connection that answered just now, or a new one.
    async fn connection(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        while let Some(Idle { mut connection, since }) = self.take_idle().await {
            let answers = timeout(self.dialer.timeout(), connection.test_connected());
            if since.elapsed() < IDLE_AT_MOST && answers.await.unwrap_or(false) {
                return Ok(connection);
            }
        }
        self.dialer.open().await
    }

    async fn take_idle(&self) -> Option<Idle> {
        self.idle.lock().await.pop()
    }

    async fn keep(&self, connection: AsyncSmtpConnection) {
        if !connection.has_broken() {
            self.idle.lock().await.push(Idle { connection, since: Instant::now() });
        }
    }
}

fn envelope(from: Option<&EmailAddress>, to: &EmailAddress) -> Result<Envelope, String> {
    let address = |address: &EmailAddress| {
        address
            .as_str()
            .parse::<Address>()
            .map_err(|error| format!("`{address}` cannot stand on an envelope: {error}"))
    };
    let from = from.map(address).transpose()?;
    Envelope::new(from, vec![address(to)?]).map_err(|error| error.to_string())
}

/// What this server has no way to carry (RFC 6531, RFC 6152).
fn cannot_carry(connection: &AsyncSmtpConnection, envelope: &Envelope, bytes: &[u8]) -> Option<String> {
    let info = connection.server_info();
    let plain = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
    if !envelope.from().into_iter().chain(envelope.to()).all(plain)
        && !info.supports_feature(Extension::SmtpUtfEight)
    {
        return Some(
            "the address has characters beyond ASCII, and the mail server does not carry such addresses (it has \
             no SMTPUTF8)"
                .to_owned(),
        );
    }
    if !bytes.is_ascii() && !info.supports_feature(Extension::EightBitMime) {
        return Some(
            "the mail has raw 8-bit text, and the mail server does not carry it (no 8BITMIME)".to_owned(),
        );
    }
    None
}

fn outcome(reply: Result<Response, Error>) -> Outcome {
    match reply {
        Ok(reply) => of_reply(Some(reply.code().into()), &reply.message().collect::<Vec<_>>().join(" ")),
        Err(error) => of_reply(error.status().map(u16::from), &words(&error)),
    }
}

/// Every line end as CR LF. A lone LF or CR in front of a dot is read as the end of
/// the mail by some servers, and what follows as a mail of its own ("SMTP smuggling").
fn with_crlf(bytes: &[u8]) -> Cow<'_, [u8]> {
    let lone = |at: usize| match bytes[at] {
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        b'\n' => at == 0 || bytes[at - 1] != b'\r',
        _ => false,
    };
    if !(0..bytes.len()).any(lone) {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 32);
    for (at, &byte) in bytes.iter().enumerate() {
        if lone(at) { out.extend_from_slice(b"\r\n") } else { out.push(byte) }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lone_line_ends_become_whole_ones() {
        assert_eq!(&*with_crlf(b"a\n.\nb\r.\r\nc\r\r\n"), b"a\r\n.\r\nb\r\n.\r\nc\r\n\r\n");
        assert!(matches!(with_crlf(b"a\r\n.\r\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn the_null_sender_and_unicode_addresses_make_an_envelope() {
        let to: EmailAddress = "δοκιμή@example.org".parse().unwrap();
        assert_eq!(envelope(None, &to).unwrap().from(), None);
        assert_eq!(envelope(Some(&to), &to).unwrap().to().len(), 1);
    }

    proptest! {
        #[test]
        fn no_lone_line_end_leaves(bytes in "[a.\r\n]{0,20}") {
            let out = with_crlf(bytes.as_bytes()).into_owned();
            prop_assert_eq!(&*with_crlf(&out), &*out);
            prop_assert!(matches!(with_crlf(&out), Cow::Borrowed(_)));
        }

        #[test]
        fn no_address_of_ours_panics(text in "[a-zé.+-]{1,10}@[a-zé.-]{1,12}") {
            if let Ok(address) = text.parse::<EmailAddress>() {
                let _ = envelope(Some(&address), &address);
            }
        }
    }
}
