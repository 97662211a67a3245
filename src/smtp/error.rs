//! Why no mail can leave, for `check` and the log.

/// Trouble before any mail was offered. The texts name server and user, never the
/// password.
#[derive(Debug, thiserror::Error)]
pub enum SmtpError {
    /// No connection, or no SMTP server behind it.
    #[error(
        "cannot reach the SMTP server {server}: {why}; check `host` and `port`, and that the server is up"
    )]
    Unreachable {
        /// `host:port`.
        server: String,
        /// What the connection or the server said.
        why: String,
    },
    /// No TLS connection that we may trust.
    #[error(
        "no trusted TLS connection to the SMTP server {server}, so neither password nor mail was sent: {why}; \
         check the certificate, `host` and `tls`, and give `ca_file` for a certificate authority of your own"
    )]
    Tls {
        /// `host:port`.
        server: String,
        /// What the check of the certificate or the handshake said.
        why: String,
    },
    /// `tls = "starttls"`, and the server does not offer it.
    #[error(
        "the SMTP server {server} does not offer STARTTLS, so neither password nor mail was sent; somebody may \
         be in the way, or the server wants `tls = \"tls\"` (usually port 465)"
    )]
    TlsNotOffered {
        /// `host:port`.
        server: String,
    },
    /// The server does not take user and password.
    #[error("the SMTP server {server} refuses the log-in of `{user}`: {why}; check `user` and `password`")]
    LoginRefused {
        /// `host:port`.
        server: String,
        /// The user name.
        user: String,
        /// What the server said.
        why: String,
    },
    /// Silence.
    #[error("the SMTP server {server} gave no answer for {after:?} while {doing}")]
    Timeout {
        /// `host:port`.
        server: String,
        /// What was asked for.
        doing: &'static str,
        /// The limit that passed.
        after: std::time::Duration,
    },
}

impl SmtpError {
    /// A short name for metrics and health.
    pub fn state(&self) -> &'static str {
        match self {
            SmtpError::Unreachable { .. } => "unreachable",
            SmtpError::Tls { .. } => "tls",
            SmtpError::TlsNotOffered { .. } => "tls-not-offered",
            SmtpError::LoginRefused { .. } => "login-refused",
            SmtpError::Timeout { .. } => "timeout",
        }
    }
}
