//! Connections: a pool, the migrations, and the wake-up calls.

use std::time::Duration;

use diesel::{ConnectionError, sql_types::BigInt};
use diesel_async::{
    AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl,
    pooled_connection::{
        AsyncDieselConnectionManager, ManagerConfig, PoolError,
        bb8::{self, RunError},
    },
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use futures::{FutureExt, Stream};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio_postgres::config::SslMode;

/// The migrations, compiled in.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");
/// The advisory lock under which migrations run: "deskgate" in ASCII.
const MIGRATION_LOCK: i64 = 0x6465_736b_6761_7465;
/// How long somebody waits for a connection before the database counts as away.
const PATIENCE: Duration = Duration::from_secs(10);

/// What went wrong between us and the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No connection could be had.
    #[error("connecting to the database: {0}")]
    Unreachable(String),
    /// A statement failed.
    #[error("asking the database")]
    Query(#[from] diesel::result::Error),
    /// The migrations could not be run.
    #[error("migrating the database: {0}")]
    Migration(String),
}

/// A pool of connections to one database.
#[derive(Clone)]
pub struct Pool(bb8::Pool<AsyncPgConnection>);

/// A connection on loan from the pool.
pub type Loan<'a> = bb8::PooledConnection<'a, AsyncPgConnection>;

impl Pool {
    /// A pool of at most `connections`; the first is made when it is needed.
    pub async fn new(url: &str, connections: u32) -> Result<Pool, StoreError> {
        let mut config = ManagerConfig::default();
        config.custom_setup = Box::new(|url| {
            let url = url.to_owned();
            async move { connect(&url).await }.boxed()
        });
        let manager = AsyncDieselConnectionManager::<AsyncPgConnection>::new_with_config(url, config);
        let pool = bb8::Pool::builder()
            .max_size(connections)
            .connection_timeout(PATIENCE)
            .build(manager)
            .await
            .map_err(|error| StoreError::Unreachable(error.to_string()))?;
        Ok(Pool(pool))
    }

    /// A connection, waited for at most ten seconds.
    pub async fn get(&self) -> Result<Loan<'_>, StoreError> {
        self.0.get().await.map_err(|error| {
            StoreError::Unreachable(match error {
                RunError::User(PoolError::ConnectionError(error)) => one_line(&error),
                RunError::User(PoolError::QueryError(error)) => error.to_string(),
                RunError::TimedOut => format!("no connection within {} seconds", PATIENCE.as_secs()),
            })
        })
    }
}

/// Makes one connection. TLS is used when the URL says `sslmode=require`, and
/// then the certificate is always checked; without it the connection is plain.
async fn connect(url: &str) -> Result<AsyncPgConnection, ConnectionError> {
    let refuse = |error: &dyn std::error::Error| ConnectionError::BadConnection(chain(error));
    let mut config: tokio_postgres::Config =
        url.parse().map_err(|error: tokio_postgres::Error| refuse(&error))?;
    config.connect_timeout(PATIENCE);
    if config.get_application_name().is_none() {
        config.application_name("deskgate");
    }
    if config.get_ssl_mode() == SslMode::Require {
        let tls =
            tokio_postgres_rustls::MakeRustlsConnect::new(tls_config().map_err(|error| refuse(&error))?);
        let (client, connection) = config.connect(tls).await.map_err(|error| refuse(&error))?;
        return AsyncPgConnection::try_from_client_and_connection(client, connection).await;
    }
    config.ssl_mode(SslMode::Disable);
    let (client, connection) = config.connect(tokio_postgres::NoTls).await.map_err(|error| refuse(&error))?;
    AsyncPgConnection::try_from_client_and_connection(client, connection).await
}

fn tls_config() -> Result<rustls::ClientConfig, rustls::Error> {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    Ok(rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth())
}

/// Brings the database up to date, one process at a time. Returns the names of
/// the migrations that ran.
pub async fn migrate(url: &str) -> Result<Vec<String>, StoreError> {
    let mut conn = connect(url).await.map_err(|error| StoreError::Unreachable(one_line(&error)))?;
    diesel::sql_query("SELECT pg_advisory_lock($1)")
        .bind::<BigInt, _>(MIGRATION_LOCK)
        .execute(&mut conn)
        .await?;
    let mut harness = AsyncMigrationHarness::new(conn);
    let ran = tokio::task::spawn_blocking(move || {
        harness
            .run_pending_migrations(MIGRATIONS)
            .map(|versions| versions.iter().map(ToString::to_string).collect())
            .map_err(|error| StoreError::Migration(error.to_string()))
    });
    // The lock goes with the connection, which ends here.
    ran.await.map_err(|error| StoreError::Migration(error.to_string()))?
}

/// Whether the database answers on this connection.
pub async fn answers(conn: &mut AsyncPgConnection) -> bool {
    diesel::sql_query("SELECT 1").execute(conn).await.is_ok()
}

/// How many migrations have not run yet.
pub async fn pending(conn: &mut AsyncPgConnection) -> Result<usize, StoreError> {
    let known = diesel::migration::MigrationSource::<diesel::pg::Pg>::migrations(&MIGRATIONS)
        .map_err(|error| StoreError::Migration(error.to_string()))?;
    let ran = diesel::sql_query(
        "SELECT count(*) AS count FROM pg_catalog.pg_tables WHERE tablename = '__diesel_schema_migrations'",
    );
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    if ran.get_result::<Count>(conn).await?.count == 0 {
        return Ok(known.len());
    }
    let ran = diesel::sql_query("SELECT count(*) AS count FROM __diesel_schema_migrations");
    let ran = ran.get_result::<Count>(conn).await?.count;
    Ok(known.len().saturating_sub(usize::try_from(ran).unwrap_or(0)))
}

/// Undoes every migration; for the test that goes up, down and up again.
pub async fn unmigrate(url: &str) -> Result<(), StoreError> {
    let conn = connect(url).await.map_err(|error| StoreError::Unreachable(one_line(&error)))?;
    let mut harness = AsyncMigrationHarness::new(conn);
    let undone = tokio::task::spawn_blocking(move || {
        harness
            .revert_all_migrations(MIGRATIONS)
            .map(drop)
            .map_err(|error| StoreError::Migration(error.to_string()))
    });
    undone.await.map_err(|error| StoreError::Migration(error.to_string()))?
}

/// What a wake-up call is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// A raw mail waits in the ledger.
    Inbound,
    /// A finished mail waits in the outbox.
    Outbox,
}

impl News {
    fn channel(self) -> &'static str {
        match self {
            News::Inbound => "deskgate_inbound",
            News::Outbox => "deskgate_outbox",
        }
    }
}

/// Tells every node that there is something to do, once this transaction
/// commits. A hint: whoever misses it finds the row at the next look.
pub async fn announce(conn: &mut AsyncPgConnection, news: News) -> diesel::QueryResult<()> {
    diesel::sql_query("SELECT pg_notify($1, '')")
        .bind::<diesel::sql_types::Text, _>(news.channel())
        .execute(conn)
        .await
        .map(drop)
}

/// A connection that hears the announcements of all nodes.
pub struct Listener(AsyncPgConnection);

impl Listener {
    /// Connects and subscribes.
    pub async fn open(url: &str) -> Result<Listener, StoreError> {
        let mut conn = connect(url).await.map_err(|error| StoreError::Unreachable(one_line(&error)))?;
        for news in [News::Inbound, News::Outbox] {
            diesel::sql_query(format!("LISTEN {}", news.channel())).execute(&mut conn).await?;
        }
        Ok(Listener(conn))
    }

    /// The announcements, until the connection breaks.
    pub fn news(&mut self) -> impl Stream<Item = Result<News, diesel::result::Error>> + '_ {
        use futures::StreamExt;
        self.0.notifications_stream().map(|each| {
            each.map(|note| match note.channel.as_str() {
                "deskgate_outbox" => News::Outbox,
                _ => News::Inbound,
            })
        })
    }
}

fn one_line(error: &ConnectionError) -> String {
    crate::domain::text::line(&error.to_string())
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
