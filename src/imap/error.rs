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
    #[error("the IMAP server {server} refuses the log-in of `{user}`: {why}; check `user` and `password`")]
    LoginRefused {
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
         the rights on it"
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
    #[error("the IMAP server {server} gave no answer for {after:?} while {doing}; it is tried again")]
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

impl ImapError {
    /// A short name for metrics and health.
    pub fn state(&self) -> &'static str {
        match self {
            ImapError::Unreachable { .. } => "unreachable",
            ImapError::Tls { .. } => "tls",
            ImapError::TlsNotOffered { .. } => "tls-not-offered",
            ImapError::LoginRefused { .. } => "login-refused",
            ImapError::FolderMissing { .. } => "folder-missing",
            ImapError::Refused { .. } => "refused",
            ImapError::Timeout { .. } => "timeout",
            ImapError::Closed { .. } => "closed",
            ImapError::Protocol { .. } => "protocol",
        }
    }
}
