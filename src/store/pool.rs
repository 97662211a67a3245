//! Connections: a pool, the migrations, and the wake-up calls.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use diesel::{
    ConnectionError, QueryResult,
    result::{DatabaseErrorKind, Error},
    sql_types::{BigInt, Text},
};
use diesel_async::{
    AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection,
    pooled_connection::{
        AsyncDieselConnectionManager, ManagerConfig, PoolError, RecyclingMethod,
        bb8::{self, RunError},
    },
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use futures::{FutureExt, StreamExt};
use tokio::time::{Instant, sleep};

use super::connect::{connect, one_line, reach};

/// The migrations, compiled in.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");
/// The advisory lock under which migrations run: "deskgate" in ASCII.
const MIGRATION_LOCK: i64 = 0x6465_736b_6761_7465;
/// How long somebody waits for a connection before the database counts as away.
const PATIENCE: Duration = Duration::from_secs(10);
/// A connection that could not be made is tried again after so long: a server that is
/// back after a restart or a failover is used within a second.
const AGAIN: Duration = Duration::from_millis(500);

/// What went wrong between us and the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No connection could be had.
    #[error("connecting to the database: {0}")]
    Unreachable(String),
    /// A pooler lends out sessions by the transaction.
    #[error(
        "the pooler before the database lends out its sessions by the transaction (pool_mode of pgbouncer); \
         Deskgate needs one for each connection, for LISTEN and locks: set pool_mode = session for this database"
    )]
    SharedSessions,
    /// A statement failed.
    #[error("asking the database")]
    Query(#[from] diesel::result::Error),
    /// The migrations could not be run.
    #[error("migrating the database: {0}")]
    Migration(String),
}

/// A pool of connections to one database.
#[derive(Clone)]
pub struct Pool {
    inner: bb8::Pool<AsyncPgConnection>,
    last_refusal: Refusal,
}

/// Why the last connection could not be made.
type Refusal = Arc<Mutex<Option<String>>>;

/// A connection on loan from the pool.
pub type Loan<'a> = bb8::PooledConnection<'a, AsyncPgConnection>;

impl Pool {
    /// A pool of at most `connections`; the first is made when it is needed.
    pub async fn new(url: &str, connections: u32) -> Result<Pool, StoreError> {
        let last_refusal = Refusal::default();
        let refusal = last_refusal.clone();
        let mut config = ManagerConfig::default();
        config.custom_setup = Box::new(move |url| {
            let (url, refusal) = (url.to_owned(), refusal.clone());
            async move { connect_patiently(&url, &refusal).await }.boxed()
        });
        config.recycling_method =
            RecyclingMethod::CustomFunction(Box::new(|conn| takes_writes(conn).boxed()));
        let manager = AsyncDieselConnectionManager::<AsyncPgConnection>::new_with_config(url, config);
        let inner = bb8::Pool::builder()
            .max_size(connections)
            .connection_timeout(PATIENCE)
            .build(manager)
            .await
            .map_err(|error| StoreError::Unreachable(error.to_string()))?;
        Ok(Pool { inner, last_refusal })
    }

    /// A connection that takes writes, waited for at most ten seconds.
    pub async fn get(&self) -> Result<Loan<'_>, StoreError> {
        self.inner.get().await.map_err(|error| self.unreachable(error))
    }

    /// The same, to be handed on.
    pub async fn get_owned(&self) -> Result<Loan<'static>, StoreError> {
        self.inner.get_owned().await.map_err(|error| self.unreachable(error))
    }

    fn unreachable(&self, error: RunError) -> StoreError {
        StoreError::Unreachable(match error {
            RunError::User(PoolError::ConnectionError(error)) => one_line(&error),
            RunError::User(PoolError::QueryError(error)) => error.to_string(),
            RunError::TimedOut => self.timed_out(),
        })
    }

    fn timed_out(&self) -> String {
        let seconds = PATIENCE.as_secs();
        match &*self.last_refusal.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) {
            Some(why) => format!("no connection within {seconds} seconds: {why}"),
            None => {
                format!(
                    "no connection within {seconds} seconds: the database does not answer on those we have, or all are at work and `database.connections` is too low"
                )
            }
        }
    }
}

/// Makes a connection, trying for as long as somebody may wait for it. The pool's own
/// pauses grow to seconds, which would be lost when the server is back.
async fn connect_patiently(url: &str, refusal: &Refusal) -> Result<AsyncPgConnection, ConnectionError> {
    let end = Instant::now() + PATIENCE;
    loop {
        let made = connect(url).await;
        *refusal.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = made.as_ref().err().map(one_line);
        if made.is_ok() || Instant::now() > end {
            return made;
        }
        sleep(AGAIN).await;
    }
}

// As functions, so that the statements are prepared once for each connection.
diesel::define_sql_function! {
    /// A setting of the session.
    fn current_setting(name: Text) -> Text;
}
diesel::define_sql_function! {
    /// Announces something when the transaction commits.
    fn pg_notify(channel: Text, payload: Text);
}

/// Fails when the server does not answer, or has become a standby.
async fn takes_writes(conn: &mut AsyncPgConnection) -> QueryResult<()> {
    let read_only: String = diesel::select(current_setting("transaction_read_only")).get_result(conn).await?;
    match read_only.as_str() {
        "off" => Ok(()),
        _ => Err(Error::DatabaseError(
            DatabaseErrorKind::ReadOnlyTransaction,
            Box::new("the server takes no writes; it is a standby".to_owned()),
        )),
    }
}

/// Whether the server is there for us on this connection: it answers and takes writes.
pub async fn answers(conn: &mut AsyncPgConnection) -> bool {
    takes_writes(conn).await.is_ok()
}

/// One connection, tried for once.
pub async fn connection(url: &str) -> Result<AsyncPgConnection, StoreError> {
    reach(url).await
}

/// Brings the database up to date, one process at a time. Returns the names of
/// the migrations that ran.
pub async fn migrate(url: &str) -> Result<Vec<String>, StoreError> {
    let mut conn = reach(url).await?;
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
    let conn = reach(url).await?;
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
    diesel::select(pg_notify(news.channel(), "")).execute(conn).await.map(drop)
}

/// A connection that hears the announcements of all nodes.
pub struct Listener(AsyncPgConnection);

impl Listener {
    /// Connects and subscribes. What is written here, signs of life, need not outlive
    /// the server, nor wait for the disk or for a standby.
    pub async fn open(url: &str) -> Result<Listener, StoreError> {
        let mut conn = reach(url).await?;
        conn.batch_execute("SET synchronous_commit = off").await?;
        for news in [News::Inbound, News::Outbox] {
            diesel::sql_query(format!("LISTEN {}", news.channel())).execute(&mut conn).await?;
        }
        Ok(Listener(conn))
    }

    /// The next announcement; `None` when the connection was closed. Nothing is lost
    /// when it is dropped while it waits.
    pub async fn next(&mut self) -> Option<QueryResult<News>> {
        let heard = std::pin::pin!(self.0.notifications_stream()).next().await?;
        Some(heard.map(|note| match note.channel.as_str() {
            "deskgate_outbox" => News::Outbox,
            _ => News::Inbound,
        }))
    }

    /// The connection, for what lasts as long as it does.
    pub fn conn(&mut self) -> &mut AsyncPgConnection {
        &mut self.0
    }
}
