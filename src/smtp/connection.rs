//! One connection to the server, ready to take mail.

use std::{error::Error as _, fs, time::Duration};

use lettre::transport::smtp::{
    Error,
    authentication::{Credentials, Mechanism},
    client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters},
    extension::ClientId,
};
use tokio::time::timeout;

use super::SmtpError;
use crate::{
    domain::text,
    settings::{Smtp, Tls},
};

/// How to reach the server, prepared once.
pub(super) struct Dialer {
    smtp: Smtp,
    trust: Option<TlsParameters>,
    hello: ClientId,
}

impl Dialer {
    pub(super) fn new(smtp: &Smtp) -> Result<Dialer, SmtpError> {
        let trust = match smtp.tls {
            Tls::None => None,
            Tls::Starttls | Tls::Implicit => {
                Some(trust(smtp).map_err(|why| SmtpError::Tls { server: server(smtp), why })?)
            }
        };
        Ok(Dialer { smtp: smtp.clone(), trust, hello: ClientId::default() })
    }

    /// `host:port`.
    pub(super) fn server(&self) -> String {
        server(&self.smtp)
    }

    /// The configured limit for one answer.
    pub(super) fn timeout(&self) -> Duration {
        self.smtp.timeout
    }

    /// Connects, encrypts and logs in as the settings ask, all within the limit.
    pub(super) async fn open(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let mut connection = self.within("opening the connection", self.connect()).await?;
        if let Some(user) = &self.smtp.user {
            self.within("logging in", self.log_in(&mut connection, user)).await?;
        }
        Ok(connection)
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let address = (self.smtp.host.as_str(), self.smtp.port);
        let (first, later) = match self.smtp.tls {
            Tls::Implicit => (self.trust.clone(), None),
            Tls::Starttls => (None, self.trust.clone()),
            Tls::None => (None, None),
        };
        let mut connection = AsyncSmtpConnection::connect_tokio1(address, None, &self.hello, first, None)
            .await
            .map_err(|error| self.failed(&error))?;
        if let Some(trust) = later {
            if !connection.can_starttls() {
                return Err(SmtpError::TlsNotOffered { server: self.server() });
            }
            connection.starttls(trust, &self.hello).await.map_err(|error| self.failed(&error))?;
        }
        Ok(connection)
    }

    async fn log_in(&self, connection: &mut AsyncSmtpConnection, user: &str) -> Result<(), SmtpError> {
        let password = self.smtp.password.as_ref().map_or("", |secret| secret.expose());
        let refused = |why: String| {
            let why = if password.is_empty() { why } else { why.replace(password, "…") };
            SmtpError::LoginRefused { server: self.server(), user: user.to_owned(), why }
        };
        let credentials = Credentials::new(user.to_owned(), password.to_owned());
        match connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await {
            Ok(reply) if reply.has_code(235) => Ok(()),
            // Anything but 235 answers another question (RFC 4954 §6): a line that
            // somebody put in before TLS began would shift all the answers.
            Ok(reply) => Err(refused(format!("it answers {} to the log-in", reply.code()))),
            Err(error) if error.status().is_some() || error.is_client() => Err(refused(reply(&error))),
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// The result of this work, or that it took longer than the limit.
    pub(super) async fn within<T>(
        &self,
        doing: &'static str,
        work: impl Future<Output = Result<T, SmtpError>>,
    ) -> Result<T, SmtpError> {
        let after = self.smtp.timeout;
        let server = self.server();
        timeout(after, work).await.unwrap_or(Err(SmtpError::Timeout { server, doing, after }))
    }

    /// What an error that is no answer means.
    pub(super) fn failed(&self, error: &Error) -> SmtpError {
        let (server, why) = (self.server(), reply(error));
        if error.is_tls() || is_handshake(error) {
            SmtpError::Tls { server, why }
        } else {
            SmtpError::Unreachable { server, why }
        }
    }
}

fn trust(smtp: &Smtp) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(smtp.host.clone());
    if let Some(path) = &smtp.ca_file {
        let unusable =
            |why: &dyn std::fmt::Display| format!("`ca_file` {} cannot be used: {why}", path.display());
        let pem = fs::read(path).map_err(|error| unusable(&error))?;
        let certificate = Certificate::from_pem(&pem).map_err(|error| unusable(&error))?;
        builder = builder.certificate_store(CertificateStore::None).add_root_certificate(certificate);
    }
    builder.build_rustls().map_err(|error| words(&error))
}

/// The cause of an error, or the server's reply without its code, as one line.
pub(super) fn words(error: &Error) -> String {
    match error.source() {
        Some(cause) => cause.downcast_ref().map_or_else(|| text::line(&cause.to_string()), words),
        None => text::line(&error.to_string()),
    }
}

/// As [`words`], with the code in front.
fn reply(error: &Error) -> String {
    error.status().map_or_else(|| words(error), |code| format!("{code} {}", words(error)))
}

/// rustls reports a refused certificate as an I/O error around its own.
fn is_handshake(error: &Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if error.is::<rustls::Error>() || inner.is_some_and(|inner| inner.is::<rustls::Error>()) {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Whether the server said something that is no text: lettre reads replies as UTF-8
/// and keeps nothing of another.
pub(super) fn is_unreadable(error: &Error) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<std::io::Error>());
    cause.is_some_and(|cause| cause.kind() == std::io::ErrorKind::InvalidData)
}

fn server(smtp: &Smtp) -> String {
    format!("{}:{}", smtp.host, smtp.port)
}
