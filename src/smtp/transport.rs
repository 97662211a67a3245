//! The way out: connections that are kept for a while, one mail at a time on each.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use lettre::{
    Address,
    address::Envelope,
    transport::smtp::{
        client::AsyncSmtpConnection,
        commands::Ehlo,
        extension::{ClientId, Extension},
        response::Response,
    },
};
use tokio::time::timeout;

use super::{
    Outcome, SmtpError, Trouble,
    connection::{Dialer, is_unreadable, words},
    outcome::{Stage, of_reply, of_silence, out_of_step, unreadable},
    talk::{Declined, Parcel, hung_up},
};
use crate::{
    domain::EmailAddress,
    settings::{Smtp, Tls},
};

/// How long an unused connection is kept. Servers hang up after some minutes.
const IDLE_AT_MOST: Duration = Duration::from_secs(30);

/// The slowest line we wait for, in bytes per second.
const SLOWEST: u64 = 4 << 10;
/// But no mail is waited for longer than this beside the limit for one answer.
const LONGEST: Duration = Duration::from_secs(300);

/// Sends finished mail. Cheap to share; give every task the same one. How many
/// mails are sent at a time, each on a connection of its own, is the caller's.
pub struct Transport {
    dialer: Dialer,
    tls: Tls,
    user: Option<String>,
    idle: Mutex<Vec<(Link, Instant)>>,
}

/// A connection, and whether commands may be sent ahead of their replies.
struct Link {
    connection: AsyncSmtpConnection,
    pipelining: bool,
}

impl Transport {
    /// Prepares the way, without touching the network. Fails on a `ca_file` that
    /// cannot be used.
    pub fn new(smtp: &Smtp) -> Result<Transport, SmtpError> {
        Ok(Transport {
            dialer: Dialer::new(smtp)?,
            tls: smtp.tls,
            user: smtp.user.clone(),
            idle: Mutex::new(Vec::new()),
        })
    }

    /// No [`Transport::send`] takes longer than this, whatever the server does: to
    /// connect, to log in, to ask what it can, and to hand the mail over.
    pub fn longest(&self) -> Duration {
        self.dialer.timeout() * 4 + LONGEST
    }

    /// Offers one mail to the server, once. `from` is the envelope sender; `None` is the
    /// null sender `<>` of notices that must not be answered (RFC 5321 §4.5.5).
    pub async fn send(&self, from: Option<&EmailAddress>, to: &EmailAddress, bytes: &[u8]) -> Outcome {
        let envelope = match envelope(from, to) {
            Ok(envelope) => envelope,
            Err(why) => return Outcome::Refused(why),
        };
        let Some(parcel) = Parcel::new(&envelope, bytes) else {
            return Outcome::Refused("the mail has no recipient".to_owned());
        };
        let end = tokio::time::Instant::now() + self.longest();
        let mut stage = Stage::Sender;
        while let Some(link) = self.take_idle() {
            let tried =
                tokio::time::timeout_at(end, self.offer(link, &envelope, &parcel, bytes, &mut stage)).await;
            match tried {
                // The server hung up while the connection was unused, and has seen nothing of this mail.
                Ok(Offer::HungUp(_)) if stage == Stage::Sender => {}
                Ok(offer) => return offer.outcome(),
                Err(_) => return of_silence(stage, self.silence(self.longest())),
            }
        }
        let link = match self.open().await {
            Ok(link) => link,
            Err(error) => return Outcome::Deferred(Trouble::Server, error.to_string()),
        };
        match tokio::time::timeout_at(end, self.offer(link, &envelope, &parcel, bytes, &mut stage)).await {
            Ok(offer) => offer.outcome(),
            Err(_) => of_silence(stage, self.silence(self.longest())),
        }
    }

    /// Offers a mail on one connection. A connection that is given up half way is
    /// closed, never used again.
    async fn offer(
        &self,
        mut link: Link,
        envelope: &Envelope,
        parcel: &Parcel,
        bytes: &[u8],
        stage: &mut Stage,
    ) -> Offer {
        if let Some(why) = cannot_carry(&link.connection, envelope, bytes) {
            self.keep(link);
            return Offer::Said(Outcome::Refused(why));
        }
        let limit = self.dialer.timeout() + Duration::from_secs(bytes.len() as u64 / SLOWEST).min(LONGEST);
        let mut in_step = false;
        let handing = parcel.hand_over(&mut link.connection, link.pipelining, stage, &mut in_step);
        let Ok(reply) = timeout(limit, handing).await else {
            return Offer::Said(of_silence(*stage, self.silence(limit)));
        };
        if in_step {
            self.keep(link);
        }
        let said = outcome(*stage, &reply);
        match in_step || reply.is_ok() {
            true => Offer::Said(said),
            false => Offer::HungUp(said),
        }
    }

    fn silence(&self, limit: Duration) -> String {
        format!("the SMTP server {} gave no answer for {limit:?} while taking the mail", self.dialer.server())
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

    /// A new connection, and what it can do.
    async fn open(&self) -> Result<Link, SmtpError> {
        let mut connection = self.dialer.open().await?;
        // lettre keeps of the first answer only the extensions it uses itself.
        let asking = async {
            match connection.command(Ehlo::new(ClientId::default())).await {
                Ok(reply) => Ok(reply.message().any(|line| line.trim().eq_ignore_ascii_case("PIPELINING"))),
                // An answer that came late would be taken for the next one.
                Err(error) if hung_up(&error) => Err(self.dialer.failed(&error)),
                Err(_) => Ok(false),
            }
        };
        let pipelining = self.dialer.within("asking what it can do", asking).await?;
        Ok(Link { connection, pipelining })
    }

    fn take_idle(&self) -> Option<Link> {
        let mut idle = self.idle();
        idle.retain(|(_, since)| since.elapsed() < IDLE_AT_MOST);
        idle.pop().map(|(link, _)| link)
    }

    fn keep(&self, link: Link) {
        if !link.connection.has_broken() {
            self.idle().push((link, Instant::now()));
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<(Link, Instant)>> {
        self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// What one connection made of a mail.
enum Offer {
    Said(Outcome),
    /// The connection is gone.
    HungUp(Outcome),
}

impl Offer {
    fn outcome(self) -> Outcome {
        match self {
            Offer::Said(outcome) | Offer::HungUp(outcome) => outcome,
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

fn outcome(stage: Stage, reply: &Result<Response, Declined>) -> Outcome {
    let words_of = |reply: &Response| reply.message().collect::<Vec<_>>().join(" ");
    match reply {
        Ok(reply) => of_reply(stage, Some(reply.code().into()), &words_of(reply)),
        Err(Declined::OutOfStep(reply)) => out_of_step(&format!("{} {}", reply.code(), words_of(reply))),
        Err(Declined::Error(error)) if stage == Stage::Content && is_unreadable(error) => unreadable(),
        Err(Declined::Error(error)) => of_reply(stage, error.status().map(u16::from), &words(error)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_null_sender_and_unicode_addresses_make_an_envelope() {
        let to: EmailAddress = "δοκιμή@example.org".parse().unwrap();
        assert_eq!(envelope(None, &to).unwrap().from(), None);
        assert_eq!(envelope(Some(&to), &to).unwrap().to().len(), 1);
    }

    proptest! {
        #[test]
        fn no_address_of_ours_panics(text in "[a-zé.+-]{1,10}@[a-zé.-]{1,12}") {
            if let Ok(address) = text.parse::<EmailAddress>() {
                let _ = envelope(Some(&address), &address);
            }
        }
    }
}
