//! Our own check of who sent a mail, for mailboxes whose server writes no
//! Authentication-Results: DKIM (RFC 6376), SPF (RFC 7208) where our server's own
//! Received line gives the client's address, and the DMARC policy (RFC 7489).
//!
//! The verdict is as strict as the one on a server's word: a good signature or an SPF
//! pass proves exactly the domain that it is for, a parent or sub-domain proves
//! nothing, and a mail is refuted only where its domain asks for that and everything
//! could be looked up. Whatever cannot be told in time proves nothing.
//!
//! ARC is left out: who seals a chain vouches for others, and nobody says whom to
//! believe.

mod received;
mod signed;

use std::{net::SocketAddr, time::Duration};

use mail_auth::{
    AuthenticatedMessage, DkimOutput, DkimResult, Error, MessageAuthenticator, SpfOutput, SpfResult,
    common::{crypto::Algorithm, verify::DomainKey},
    dmarc::{Dmarc, Policy, verify::DmarcParameters},
    hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts},
    spf::verify::SpfParameters,
};

use crate::{
    domain::{EmailAddress, EnvelopeSender, InboundMail, Proof, text},
    settings,
};

/// More signatures than this of the author's domain are not looked at; each costs a
/// question to a name server that a stranger chose.
const MAX_SIGNATURES: usize = 4;
/// Names of headers that a signature may list.
const MAX_SIGNED_FIELDS: usize = 200;
/// `t=y` of a key: its owner only tries it out (RFC 6376 §3.6.1).
const TESTING: u64 = 0x10;

/// Asks the DNS about mails of one mailbox.
pub struct Verifier {
    dns: MessageAuthenticator,
    asked: String,
    received_by: Option<String>,
    time_limit: Duration,
}

/// Why nothing can be verified.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// There is no resolver to ask.
    #[error("finding the name servers to ask: {0}; name one with `dns = \"192.0.2.53:53\"`")]
    NoResolver(String),
    /// It does not answer.
    #[error("asking {asked} for the DMARC policy of {domain}: {why}")]
    Unanswered {
        /// Whom.
        asked: String,
        /// About which domain.
        domain: String,
        /// What went wrong.
        why: String,
    },
}

/// The name servers could not be asked; another time they may answer. Until then nothing
/// is proven.
#[derive(Debug, thiserror::Error)]
#[error("our own check: the name servers of {domain} could not be asked: {why}")]
pub struct Unasked {
    domain: String,
    why: String,
}

impl Verifier {
    /// Asks the configured name server, or those of the system.
    ///
    /// # Errors
    /// [`VerifyError::NoResolver`].
    pub fn new(settings: &settings::Verify) -> Result<Verifier, VerifyError> {
        let dns = match settings.dns {
            Some(server) => MessageAuthenticator::new(only(server), options(settings.time_limit)),
            None => MessageAuthenticator::new_system_conf(),
        };
        Ok(Verifier {
            dns: dns.map_err(|error| VerifyError::NoResolver(error.to_string()))?,
            asked: settings.dns.map_or("the system's name servers".into(), |server| server.to_string()),
            received_by: settings.received_by.clone(),
            time_limit: settings.time_limit,
        })
    }

    /// How long the check of one mail may take.
    pub fn time_limit(&self) -> Duration {
        self.time_limit
    }

    /// What can be proven about the author of a mail, and why, as a sentence.
    ///
    /// # Errors
    /// [`Unasked`], where what might vouch for the author could not be looked up.
    pub async fn prove(&self, raw: &[u8], mail: &InboundMail) -> Result<(Proof, String), Unasked> {
        let Some(author) = mail.author() else {
            return Ok((Proof::None, "the From field does not name exactly one author".to_owned()));
        };
        if let Some(name) = mail.unclear_field {
            return Ok((Proof::None, crate::mail::why_unclear(name)));
        }
        if mail.oversized.is_some() {
            return Ok((Proof::None, "only its header was taken, which cannot be checked alone".to_owned()));
        }
        let raw = with_line_ends(raw);
        let Some(mut message) = AuthenticatedMessage::parse(&raw) else {
            return Ok((Proof::None, "its header cannot be checked".to_owned()));
        };
        let domain = author.address.domain();
        // Two readers of one field must not see two people.
        let agrees = |from: &String| from.parse().is_ok_and(|theirs: EmailAddress| theirs == author.address);
        if message.from.len() != 1 || !message.from.iter().all(agrees) {
            return Ok((Proof::None, "the From field can be read in two ways".to_owned()));
        }
        let Some(fields) = signed::fields(&message, mail) else {
            return Ok((Proof::None, "its fields can be read in two ways".to_owned()));
        };
        let of_domain = |header: &mail_auth::common::headers::Header<
            '_,
            mail_auth::Result<mail_auth::dkim::Signature>,
        >| {
            header.header.as_ref().is_ok_and(|signature| {
                is_related(&signature.d, domain)
                    && signature.a != Algorithm::RsaSha1
                    && signature.h.len() <= MAX_SIGNED_FIELDS
                    && signature.h.iter().any(|name| name.eq_ignore_ascii_case("from"))
            })
        };
        message.dkim_headers.retain(of_domain);
        message.dkim_headers.truncate(MAX_SIGNATURES);
        match tokio::time::timeout(self.time_limit, self.check(&message, mail, domain, &fields)).await {
            Ok(verdict) => verdict,
            Err(_) => Err(unasked(domain, format!("no answer within {:?}", self.time_limit))),
        }
    }

    async fn check(
        &self,
        message: &AuthenticatedMessage<'_>,
        mail: &InboundMail,
        domain: &str,
        fields: &[&str],
    ) -> Result<(Proof, String), Unasked> {
        let dkim = self.dns.verify_dkim(message).await;
        let mut open = dkim.iter().any(|output| {
            matches!(output.result(), DkimResult::TempError(_))
                && output.signature().is_some_and(|signature| is_domain(&signature.d, domain))
        });
        for output in dkim.iter().filter(|output| *output.result() == DkimResult::Pass) {
            if let Some(signature) = output.signature()
                && is_domain(&signature.d, domain)
                && signed::covers(&signature.h, fields)
            {
                match self.is_test(signature).await {
                    Some(true) => {}
                    Some(false) => {
                        let why = format!("our own check: the signature of {domain} is good");
                        return Ok(pass(domain, "dkim", why));
                    }
                    None => open = true,
                }
            }
        }
        let spf = self.spf(message, mail).await;
        if let Some((sender, spf)) = &spf
            && is_domain(sender, domain)
        {
            if spf.result() == SpfResult::Pass {
                let why = format!("our own check: {domain} names the server that sent it");
                return Ok(pass(domain, "spf", why));
            }
            open |= spf.result() == SpfResult::TempError;
        }
        match &spf {
            _ if open => Err(unasked(domain, "they answer with an error".to_owned())),
            Some((sender, spf)) => Ok(self.refute(message, &dkim, (sender, spf), domain).await),
            None => Ok((Proof::None, format!("our own check: no good signature of {domain}"))),
        }
    }

    /// The envelope's domain and whether it names the client that our server saw.
    async fn spf(
        &self,
        message: &AuthenticatedMessage<'_>,
        mail: &InboundMail,
    ) -> Option<(String, SpfOutput)> {
        let by = self.received_by.as_deref()?;
        let EnvelopeSender::Address(sender) = &mail.envelope_sender else { return None };
        let lines = message.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(b"Received"));
        let client = received::client(lines.map(|(_, value)| String::from_utf8_lossy(value)), by)?;
        let question = SpfParameters::verify_mail_from(client, by, by, sender.as_str());
        Some((sender.domain().to_owned(), self.dns.verify_spf(question).await))
    }

    /// A mail without any pass for its domain, where the domain asks that such mail be
    /// taken for forged, and nothing that was looked up stayed open.
    async fn refute(
        &self,
        message: &AuthenticatedMessage<'_>,
        dkim: &[DkimOutput<'_>],
        (sender, spf): (&str, &SpfOutput),
        domain: &str,
    ) -> (Proof, String) {
        let nothing = (Proof::None, format!("our own check: nothing vouches for {domain}"));
        let open =
            dkim.iter().any(|output| matches!(output.result(), DkimResult::Pass | DkimResult::TempError(_)))
                || spf.result() == SpfResult::TempError
                || spf.result() == SpfResult::Pass && is_related(sender, domain);
        if open {
            return nothing;
        }
        let asked = self.dns.verify_dmarc(DmarcParameters::new(message, dkim, sender, spf)).await;
        let Some(record) = asked.dmarc_record() else { return nothing };
        let Some(policy) = self.policy(record, domain).await else { return nothing };
        match policy {
            Policy::Reject | Policy::Quarantine => {
                let reason =
                    format!("our own check: nothing vouches for {domain}, which asks to refuse such mail");
                (Proof::Fail { reason: reason.clone() }, reason)
            }
            _ => nothing,
        }
    }

    /// What a record asks for: of the domain that has it, `p`; of one below, `sp` (RFC 7489 §6.3).
    async fn policy(&self, record: &Dmarc, domain: &str) -> Option<Policy> {
        let none = None::<&mail_auth::common::cache::NoCache<Box<str>, mail_auth::Txt>>;
        match self.dns.txt_lookup::<Dmarc>(format!("_dmarc.{domain}."), none).await {
            Ok(_) => Some(record.p),
            Err(Error::DnsRecordNotFound(_) | Error::InvalidRecordType) => Some(match record.sp {
                Policy::Unspecified => record.p,
                below => below,
            }),
            Err(_) => None,
        }
    }

    /// Whether the key is only tried out; `None` when that could not be asked.
    async fn is_test(&self, signature: &mail_auth::dkim::Signature) -> Option<bool> {
        let key = format!("{}._domainkey.{}.", signature.s, signature.d);
        let none = None::<&mail_auth::common::cache::NoCache<Box<str>, mail_auth::Txt>>;
        match self.dns.txt_lookup::<DomainKey>(key, none).await {
            Ok(key) => Some(key.has_flag(TESTING)),
            Err(Error::DnsError(_)) => None,
            Err(_) => Some(true),
        }
    }

    /// Asks one question, for `deskgate check`.
    ///
    /// # Errors
    /// [`VerifyError::Unanswered`].
    pub async fn probe(&self, domain: &str) -> Result<String, VerifyError> {
        let unanswered = |why: String| VerifyError::Unanswered {
            asked: self.asked.clone(),
            domain: domain.to_owned(),
            why,
        };
        let question = self.dns.txt_raw_lookup(format!("_dmarc.{domain}."));
        match tokio::time::timeout(self.time_limit, question).await {
            Ok(Ok(_) | Err(Error::DnsRecordNotFound(_))) => Ok(format!("{} answers", self.asked)),
            Ok(Err(error)) => Err(unanswered(error.to_string())),
            Err(_) => Err(unanswered(format!("no answer within {:?}", self.time_limit))),
        }
    }
}

fn unasked(domain: &str, why: String) -> Unasked {
    Unasked { domain: domain.to_owned(), why }
}

fn pass(domain: &str, method: &str, why: String) -> (Proof, String) {
    (Proof::Pass { domain: domain.to_owned(), method: method.to_owned() }, text::line(&why))
}

/// Compares a domain with one that is in A-labels.
fn is_domain(given: &str, domain: &str) -> bool {
    idna::domain_to_ascii_strict(given.trim_end_matches('.')).is_ok_and(|ascii| ascii == domain)
}

/// The same domain, a parent or a sub-domain: under some policy it could vouch.
fn is_related(given: &str, domain: &str) -> bool {
    let Ok(given) = idna::domain_to_ascii_strict(given.trim_end_matches('.')) else { return false };
    let is_below = |low: &str, high: &str| low.strip_suffix(high).is_some_and(|rest| rest.ends_with('.'));
    !given.is_empty() && (given == domain || is_below(&given, domain) || is_below(domain, &given))
}

/// As the mail went over the wire; a pipe takes the carriage returns away.
fn with_line_ends(raw: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    if raw.windows(2).take(64 * 1024).any(|pair| pair == b"\r\n") {
        return raw.into();
    }
    let lines: Vec<&[u8]> = raw.split(|&byte| byte == b'\n').collect();
    lines.join(b"\r\n".as_slice()).into()
}

fn only(server: SocketAddr) -> ResolverConfig {
    let mut connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()];
    connections.iter_mut().for_each(|connection| connection.port = server.port());
    let server = NameServerConfig::new(server.ip(), true, connections.into());
    ResolverConfig::from_parts(None, Vec::new(), vec![server])
}

fn options(time_limit: Duration) -> ResolverOpts {
    let mut options = ResolverOpts::default();
    options.timeout = time_limit / 3;
    options.attempts = 2;
    options
}
