//! What can go wrong on the way to a mailbox, each with what to do about it.

use std::time::Duration;

/// Why a mailbox could not be read. The texts name server, user and folder, never
/// the password and never a byte of mail.
#[derive(Debug, thiserror::Error)]
pub enum ImapError {
    /// No TCP connection.
    #[error(
        "cannot reach the IMAP server {server}: {why}; check `host` and `port`, and that the server is up"
    )]
    Unreachable {
        /// `host:port`.
        server: String,
        /// What the operating system said.
        why: String,
    },
    /// No TLS connection that we may trust.
    #[error(
        "no trusted TLS connection to the IMAP server {server}, so no password was sent: {why}; check the \
         certificate, `host` and `tls`, and give `ca_file` for a certificate authority of your own"
    )]
    Tls {
        /// `host:port`.
        server: String,
        /// What the check of the certificate or the handshake said.
        why: String,
    },
    /// A certificate that we must not trust.
    #[error("{}", fault.sentence(server, why))]
    Certificate {
        /// `host:port`.
        server: String,
        /// What is wrong with it.
        fault: Fault,
        /// What the check of the certificate said.
        why: String,
    },
    /// `tls = "starttls"`, and the server does not offer or refuses it.
    #[error(
        "the IMAP server {server} does not offer STARTTLS, so no password was sent; somebody may be in the \
         way, or the server wants `tls = \"tls\"` (usually port 993)"
    )]
    TlsNotOffered {
        /// `host:port`.
        server: String,
    },
    /// The server does not take user and password.
    #[error(
        "the IMAP server {server} refuses the log-in of `{user}`: {why}; check `user` and `password`; it is \
         tried again after minutes only, so that the account is not locked"
    )]
    LoginRefused {
        /// `host:port`.
        server: String,
        /// The user name.
        user: String,
        /// What the server said.
        why: String,
    },
    /// The server cannot check user and password at present.
    #[error(
        "the IMAP server {server} cannot log `{user}` in at present: {why}; that is the server's trouble, and \
         it is tried again"
    )]
    LoginUnavailable {
        /// `host:port`.
        server: String,
        /// The user name.
        user: String,
        /// What the server said.
        why: String,
    },
    /// The account has as many connections as the server allows.
    #[error(
        "the IMAP server {server} allows `{user}` no more connections: {why}; end other programs that read \
         this mailbox, or raise the server's limit; it is tried again"
    )]
    TooManyConnections {
        /// `host:port`.
        server: String,
        /// The user name.
        user: String,
        /// What the server said.
        why: String,
    },
    /// The folder cannot be opened.
    #[error(
        "the IMAP server {server} does not open the folder `{folder}` of `{user}`: {why}; check `folder` and \
         the rights on it, or create it; it is tried again"
    )]
    FolderMissing {
        /// `host:port`.
        server: String,
        /// The user name.
        user: String,
        /// The folder as configured.
        folder: String,
        /// What the server said.
        why: String,
    },
    /// The server answered NO.
    #[error("the IMAP server {server} refuses {doing}: {why}")]
    Refused {
        /// `host:port`.
        server: String,
        /// What was asked for.
        doing: String,
        /// What the server said.
        why: String,
    },
    /// Silence, or an answer that takes for ever.
    #[error("the IMAP server {server} gave no answer within {after:?} while {doing}; it is tried again")]
    Timeout {
        /// `host:port`.
        server: String,
        /// What was asked for.
        doing: String,
        /// The configured `timeout`.
        after: Duration,
    },
    /// The connection ended.
    #[error("the IMAP server {server} ended the connection while {doing}: {why}; it is tried again")]
    Closed {
        /// `host:port`.
        server: String,
        /// What was asked for.
        doing: String,
        /// The server's last words, or the error of the connection.
        why: String,
    },
    /// An answer that IMAP does not allow, or one beyond every bound.
    #[error("the IMAP server {server} does not speak IMAP as expected while {doing}: {why}")]
    Protocol {
        /// `host:port`.
        server: String,
        /// What was asked for.
        doing: String,
        /// What was wrong with the answer.
        why: String,
    },
}

/// Why a certificate is not to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Its time is over, or has not begun.
    Expired,
    /// It is for other names.
    OtherName,
    /// Nobody whom we trust has signed it.
    Untrusted,
}

impl Fault {
    fn sentence(self, server: &str, why: &str) -> String {
        let (what, advice) = match self {
            Fault::Expired => (
                "has expired or is not valid yet",
                "renew it on the server, or set the clock of this machine",
            ),
            Fault::OtherName => ("is for another name", "set `host` to a name that the certificate has"),
            Fault::Untrusted => (
                "is signed by nobody whom we trust",
                "give `ca_file` for a certificate authority of your own; otherwise somebody may be in the way",
            ),
        };
        format!(
            "the certificate of the IMAP server {server} {what}, so no password was sent: {why}; {advice}"
        )
    }
}

/// Shortest and longest pause before another try, in seconds.
const SOON: (u64, u64) = (1, 20);
/// Where a person has something to change first.
const LATER: (u64, u64) = (5, 60);
/// Where each try costs the server something.
const SPARINGLY: (u64, u64) = (15, 120);
/// Servers lock an account after some five refusals within a quarter of an hour;
/// a changed password is noticed all the same.
const NOT_TO_BE_LOCKED_OUT: (u64, u64) = (120, 900);

impl ImapError {
    /// A short name for the mailbox table, metrics, health and log.
    pub fn state(&self) -> &'static str {
        self.manner().0
    }

    /// How long to leave the server alone before try number `tries` + 1, counted from
    /// nothing: longer each time, up to a bound.
    pub fn pause(&self, tries: u32) -> Duration {
        let (shortest, longest) = self.manner().1;
        Duration::from_secs(shortest.saturating_mul(1 << tries.min(20)).min(longest))
    }

    /// Whether another machine may fare better: the network may be what fails.
    pub fn may_be_the_network(&self) -> bool {
        matches!(self, ImapError::Unreachable { .. } | ImapError::Timeout { .. })
    }

    fn manner(&self) -> (&'static str, (u64, u64)) {
        match self {
            ImapError::Unreachable { .. } => ("unreachable", SOON),
            ImapError::Tls { .. } => ("tls", LATER),
            ImapError::Certificate { fault: Fault::Expired, .. } => ("certificate-expired", LATER),
            ImapError::Certificate { fault: Fault::OtherName, .. } => ("certificate-other-name", LATER),
            ImapError::Certificate { fault: Fault::Untrusted, .. } => ("certificate-untrusted", LATER),
            ImapError::TlsNotOffered { .. } => ("tls-not-offered", LATER),
            ImapError::LoginRefused { .. } => ("login-refused", NOT_TO_BE_LOCKED_OUT),
            ImapError::LoginUnavailable { .. } => ("login-unavailable", SPARINGLY),
            ImapError::TooManyConnections { .. } => ("too-many-connections", SPARINGLY),
            ImapError::FolderMissing { .. } => ("folder-missing", LATER),
            ImapError::Refused { .. } => ("refused", LATER),
            ImapError::Timeout { .. } => ("timeout", SOON),
            ImapError::Closed { .. } => ("closed", SOON),
            ImapError::Protocol { .. } => ("protocol", SPARINGLY),
        }
    }
}

/// What a server's words say beyond NO: the response codes of RFC 5530, which the
/// parser leaves in the text, and what servers without them write.
pub(super) enum Meaning {
    /// Later it may work.
    Passing,
    /// Too many connections.
    Limit,
    /// Nothing beyond NO.
    No,
}

impl Meaning {
    pub(super) fn of(words: &str) -> Meaning {
        let words = words.to_ascii_lowercase();
        let connections = words.contains("connection");
        let too_many = words.contains("too many") || words.contains("maximum number");
        if words.starts_with("[limit]") || (connections && too_many) {
            return Meaning::Limit;
        }
        match ["[unavailable]", "[serverbug]", "[inuse]"].iter().any(|code| words.starts_with(code)) {
            true => Meaning::Passing,
            false => Meaning::No,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_log_in_is_tried_four_times_in_a_quarter_of_an_hour() {
        let (server, user, why) = ("x:143".to_owned(), "support".to_owned(), "no".to_owned());
        let refused = ImapError::LoginRefused { server, user, why };
        let pauses: Vec<u64> = (0..6).map(|tries| refused.pause(tries).as_secs()).collect();
        assert_eq!(pauses, [120, 240, 480, 900, 900, 900]);
    }

    #[test]
    fn a_server_that_is_away_is_looked_for_every_twenty_seconds() {
        let away = ImapError::Unreachable { server: "x:143".to_owned(), why: "refused".to_owned() };
        let pauses: Vec<u64> = (0..8).map(|tries| away.pause(tries).as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 20, 20, 20]);
        assert_eq!(away.pause(u32::MAX).as_secs(), 20);
    }
}
