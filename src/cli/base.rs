//! What every command that needs the database starts with.

use std::{process::ExitCode, sync::Arc};

use anyhow::{Context, bail};
use jiff::Timestamp;

use super::{Config, say, telemetry};
use crate::{
    desk::Desk,
    domain::{EmailAddress, NamedAddress},
    render::Renderer,
    settings::{Log, Role, Settings},
    store::{self, Pool, cluster::Cluster},
};

/// The database, the desk, and the private cluster where there is one.
pub struct Base {
    pub desk: Arc<Desk>,
    pub pool: Pool,
    pub url: String,
    cluster: Option<Cluster>,
}

impl Base {
    /// Reads the configuration, reaches the database, and brings it up to date
    /// under an advisory lock.
    pub async fn open(config: &Config) -> anyhow::Result<Base> {
        let settings = config.load()?;
        quietly(&settings)?;
        Base::with(settings).await
    }

    /// The same with a configuration that was read before.
    pub async fn with(settings: Settings) -> anyhow::Result<Base> {
        let key = settings.site.signing_key()?;
        let renderer = Renderer::load(settings.site.templates.as_deref())?;
        let (url, cluster) = database(&settings).await?;
        let opened = async {
            store::pool::migrate(&url).await?;
            Pool::new(&url, settings.database.connections).await
        };
        let pool = match opened.await {
            Ok(pool) => pool,
            Err(error) => {
                close(cluster).await;
                return Err(error).with_context(|| at(&settings));
            }
        };
        let base = Base { desk: Arc::new(Desk::new(settings, key, renderer)), pool, url, cluster };
        match base.feed().await {
            Ok(()) => Ok(base),
            Err(error) => {
                base.close().await;
                Err(error).context("taking subscriptions from the configuration")
            }
        }
    }

    /// Whatever changes a ticket finds those who follow it.
    async fn feed(&self) -> anyhow::Result<()> {
        let mut conn = self.pool.get().await?;
        Ok(self.desk.feed_subscriptions(&mut conn, Timestamp::now()).await?)
    }

    /// The folder of the private cluster's socket, for `psql -h`.
    pub fn socket_dir(&self) -> Option<&std::path::Path> {
        self.cluster.as_ref().map(Cluster::socket_dir)
    }

    /// Lets the private cluster go; who leaves last stops it.
    pub async fn close(self) {
        drop(self.pool);
        close(self.cluster).await;
    }

    /// Who acts: the member of staff that `--as` names, else the first admin,
    /// lead or agent of the configuration.
    pub fn actor(&self, named: Option<&EmailAddress>) -> anyhow::Result<NamedAddress> {
        let settings = &self.desk.settings;
        let staff = match named {
            Some(address) => settings.staff_by_email(address).with_context(|| {
                format!("{address} is not on the staff list; name somebody who is with --as, or add a [[staff]] entry")
            })?,
            None => {
                let by_role = |role| settings.staff.iter().find(move |staff| staff.role == role);
                match by_role(Role::Admin).or_else(|| by_role(Role::Lead)).or_else(|| by_role(Role::Agent)) {
                    Some(staff) => staff,
                    None => bail!("nobody is on the staff list to act as; add a [[staff]] entry to {}", settings.source),
                }
            }
        };
        Ok(NamedAddress::new(&staff.name, staff.email.clone()))
    }
}

/// `deskgate migrate`.
pub async fn migrate(config: &Config) -> anyhow::Result<ExitCode> {
    let settings = config.load()?;
    quietly(&settings)?;
    let (url, cluster) = database(&settings).await?;
    let ran = store::pool::migrate(&url).await.with_context(|| at(&settings));
    close(cluster).await;
    let ran = ran?;
    match ran.is_empty() {
        true => say("The database is up to date."),
        false => ran.iter().for_each(|name| say(format!("Ran migration {name}."))),
    }
    Ok(ExitCode::SUCCESS)
}

/// The URL of the database; without one in the configuration, that of the
/// private cluster, which is started when it is down.
pub async fn database(settings: &Settings) -> anyhow::Result<(String, Option<Cluster>)> {
    match &settings.database.url {
        Some(url) => Ok((url.expose().to_owned(), None)),
        None => {
            let cluster = Cluster::open(&settings.database.data_dir).await?;
            Ok((cluster.url(), Some(cluster)))
        }
    }
}

/// Refuses a pooler that lends out sessions by the transaction. The private cluster
/// has none.
pub async fn refuse_shared_sessions(settings: &Settings) -> anyhow::Result<()> {
    match &settings.database.url {
        Some(url) => {
            let asked = store::pooler::refuse_shared_sessions(url.expose()).await;
            asked.with_context(|| at(settings))
        }
        None => Ok(()),
    }
}

/// Stops a private cluster that nobody uses any more.
pub async fn close(cluster: Option<Cluster>) {
    if let Some(cluster) = cluster
        && let Err(error) = cluster.close().await
    {
        tracing::warn!("Stopping the private PostgreSQL cluster: {error}");
    }
}

/// The log of a short command: what went wrong, and no more.
pub fn quietly(settings: &Settings) -> anyhow::Result<()> {
    telemetry::start(&Log { level: "warn".into(), ..settings.log.clone() })
}

fn at(settings: &Settings) -> String {
    match &settings.database.url {
        Some(_) => format!("opening the database of `database.url` in {}", settings.source),
        None => format!("opening the private database in {}", settings.database.data_dir.display()),
    }
}
