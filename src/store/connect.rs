//! One connection: over TLS or plain, to whichever of several hosts takes writes,
//! and so that either side soon notices when the other is gone.

use std::time::Duration;

use diesel::ConnectionError;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio_postgres::{
    NoTls,
    config::{Host, SslMode, TargetSessionAttrs},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::StoreError;
use crate::domain::text;

/// How long one host may take to accept a connection.
const HOST_PATIENCE: Duration = Duration::from_secs(4);
/// How long it may take until a session is ready, over all hosts.
const PATIENCE: Duration = Duration::from_secs(10);
/// A server whose host is gone is noticed after so long.
const GONE_AFTER: Duration = Duration::from_secs(15);
/// A quiet connection is probed this often.
const PROBE_EVERY: Duration = Duration::from_secs(5);
/// What libpq and tokio-postgres take where a URL does not say how long a connection
/// may be quiet before it is probed.
const DEFAULT_IDLE: Duration = Duration::from_secs(2 * 60 * 60);

/// The same the other way round: so soon the server ends the session of a host that
/// is gone, and with it its locks. Set in the session, not at its start: pgbouncer
/// refuses parameters there that it does not know. Compiling a statement takes half a second, and none of ours runs
/// so long.
const SESSION: &str = "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 2; \
     SET tcp_user_timeout = 15000; SET idle_in_transaction_session_timeout = 60000; SET jit = off";

/// Makes one connection to the first host of the URL that takes writes. TLS is used
/// when the URL says `sslmode=require`, and then the certificate is always checked;
/// without it the connection is plain.
pub async fn connect(url: &str) -> Result<AsyncPgConnection, ConnectionError> {
    in_time(url, async |config| {
        let mut conn = if config.get_ssl_mode() == SslMode::Require {
            let (client, connection) = config.connect(tls()?).await?;
            AsyncPgConnection::try_from_client_and_connection(client, connection).await?
        } else {
            let (client, connection) = config.connect(NoTls).await?;
            AsyncPgConnection::try_from_client_and_connection(client, connection).await?
        };
        conn.batch_execute(SESSION).await?;
        Ok(conn)
    })
    .await
}

/// The same for those who tell people.
pub async fn reach(url: &str) -> Result<AsyncPgConnection, StoreError> {
    connect(url).await.map_err(|error| StoreError::Unreachable(one_line(&error)))
}

/// A connection for plain questions, without anything set in its session.
pub async fn bare(url: &str) -> Result<tokio_postgres::Client, StoreError> {
    let made = in_time(url, async |config| {
        if config.get_ssl_mode() == SslMode::Require {
            let (client, connection) = config.connect(tls()?).await?;
            tokio::spawn(connection);
            return Ok(client);
        }
        let (client, connection) = config.connect(NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    });
    made.await.map_err(|error| StoreError::Unreachable(one_line(&error)))
}

/// Does so within [`PATIENCE`]; a failure tells the hosts that were tried.
async fn in_time<T>(
    url: &str,
    make: impl AsyncFnOnce(&tokio_postgres::Config) -> anyhow::Result<T>,
) -> Result<T, ConnectionError> {
    let config = config(url)
        .map_err(|error| ConnectionError::BadConnection(format!("{:#}", anyhow::Error::new(error))))?;
    let made = tokio::time::timeout(PATIENCE, make(&config)).await;
    let why = match made {
        Ok(Ok(made)) => return Ok(made),
        Ok(Err(error)) => format!("{error:#}"),
        Err(_) => format!("no session within {} seconds", PATIENCE.as_secs()),
    };
    Err(ConnectionError::BadConnection(format!("{}: {why}", hosts(&config))))
}

/// What the URL says, and our own wishes where it is silent.
pub(super) fn config(url: &str) -> Result<tokio_postgres::Config, tokio_postgres::Error> {
    let mut config: tokio_postgres::Config = url.parse()?;
    if config.get_application_name().is_none() {
        config.application_name("deskgate");
    }
    if config.get_ssl_mode() != SslMode::Require {
        config.ssl_mode(SslMode::Disable);
    }
    // Nothing here works on a standby, whoever forgets to say so.
    config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(HOST_PATIENCE);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(GONE_AFTER);
    }
    if config.get_keepalives_idle() == DEFAULT_IDLE {
        config.keepalives_idle(PROBE_EVERY).keepalives_interval(PROBE_EVERY).keepalives_retries(2);
    }
    Ok(config)
}

fn hosts(config: &tokio_postgres::Config) -> String {
    let port = |at: usize| config.get_ports().get(at).or(config.get_ports().first()).copied().unwrap_or(5432);
    let hosts = config.get_hosts().iter().enumerate().map(|(at, host)| match host {
        Host::Tcp(name) => format!("{name}:{}", port(at)),
        Host::Unix(folder) => folder.display().to_string(),
    });
    hosts.collect::<Vec<_>>().join(", ")
}

fn tls() -> Result<MakeRustlsConnect, rustls::Error> {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// A failure to connect as one line of text.
pub(super) fn one_line(error: &ConnectionError) -> String {
    text::line(&error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_hosts_are_tried_for_one_that_takes_writes() {
        let config = config("postgres://desk@a.test:5433,b.test:5434/desk?connect_timeout=2").unwrap();
        assert_eq!(hosts(&config), "a.test:5433, b.test:5434");
        assert_eq!(config.get_target_session_attrs(), TargetSessionAttrs::ReadWrite);
        assert_eq!(config.get_connect_timeout(), Some(&Duration::from_secs(2)), "as the URL says");
    }

    #[test]
    fn a_server_that_is_gone_is_noticed_unless_the_url_knows_better() {
        let ours = config("postgres://desk@a.test/desk").unwrap();
        assert_eq!(ours.get_keepalives_idle(), PROBE_EVERY);
        assert_eq!(ours.get_tcp_user_timeout(), Some(&GONE_AFTER));
        assert_eq!(hosts(&ours), "a.test:5432");
        let theirs = config("postgres://desk@a.test/desk?keepalives_idle=60&tcp_user_timeout=90").unwrap();
        assert_eq!(theirs.get_keepalives_idle(), Duration::from_secs(60));
        assert_eq!(theirs.get_tcp_user_timeout(), Some(&Duration::from_secs(90)));
    }
}
