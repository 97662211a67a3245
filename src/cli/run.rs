//! `deskgate run`: everything, or some roles, until it is told to stop.

use std::{process::ExitCode, sync::Arc};

use anyhow::Context;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{
    Config,
    base::{self, Base},
    telemetry,
};
use crate::{
    domain::Word,
    oidc,
    render::Console,
    tasks::{self, Node, Role},
    web::{self, Live, Site},
};

/// `deskgate run`
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Only these parts of the work: fetch, process, deliver, clock, web.
    #[arg(long, value_name = "ROLE", value_delimiter = ',')]
    role: Vec<Role>,
}

/// Runs until INT or TERM; a second one ends it at once.
pub async fn run(config: &Config, arguments: Arguments) -> anyhow::Result<ExitCode> {
    let settings = config.load()?;
    telemetry::start(&settings.log)?;
    let metrics = telemetry::count()?;
    let roles = if arguments.role.is_empty() { Role::ALL.to_vec() } else { arguments.role };
    let stop = CancellationToken::new();
    base::refuse_shared_sessions(&settings).await?;
    let base = Base::with(settings).await?;
    let ended = async {
        stop_on_signal(stop.clone())?;
        let web = match roles.contains(&Role::Web) {
            true => Some(listen(&base).await?),
            false => None,
        };
        greet(&base, &roles);
        let site = Arc::new(Site {
            desk: base.desk.clone(),
            pool: base.pool.clone(),
            live: Arc::new(Live::new(&base.url)),
            console: Console::default(),
            wrong_links: web::Brake::default(),
            oidc: elsewhere(&base)?,
            metrics: Box::new(move || metrics.render()),
        });
        let node = Arc::new(Node {
            desk: base.desk.clone(),
            pool: base.pool.clone(),
            database_url: base.url.clone(),
            name: tasks::node_name(),
            verifiers: tasks::Verifiers::new(&base.desk.settings),
        });
        let serving = async {
            match web {
                Some(listener) => {
                    web::serve(listener, site, stop.clone()).await.context("serving the web port")
                }
                None => Ok(()),
            }
        };
        let (served, ()) = tokio::join!(serving, tasks::run(node, &roles, stop.clone()));
        served
    };
    let ended = ended.await;
    base.close().await;
    info!("Stopped");
    ended.map(|()| ExitCode::SUCCESS)
}

/// The other site that says who somebody is, where one is configured.
fn elsewhere(base: &Base) -> anyhow::Result<Option<oidc::Provider>> {
    let settings = &base.desk.settings;
    let provider = settings.sign_in.oidc.clone().map(|it| oidc::Provider::new(it, &settings.site.base_url));
    provider.transpose().context("preparing `sign_in.oidc`")
}

async fn listen(base: &Base) -> anyhow::Result<TcpListener> {
    let address = base.desk.settings.web.listen;
    TcpListener::bind(address)
        .await
        .with_context(|| format!("listening on {address}; set `web.listen` to a free port"))
}

fn greet(base: &Base, roles: &[Role]) {
    let settings = &base.desk.settings;
    let roles: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
    info!(
        "Deskgate {} runs {} with {} from {}",
        env!("CARGO_PKG_VERSION"),
        roles.join(", "),
        settings.site.name,
        settings.source
    );
    if let Some(socket_dir) = base.socket_dir() {
        info!("The private database: psql -h {} -U deskgate deskgate", socket_dir.display());
    }
    for mailbox in settings.mailboxes.iter().filter(|mailbox| !mailbox.has_proof()) {
        warn!(
            mailbox = mailbox.name,
            "Mailbox `{}` has neither `authserv_id` nor `verify`: no sender is ever proven, so answers stay neutral and nobody is asked for missing facts",
            mailbox.name
        );
    }
}

fn stop_on_signal(stop: CancellationToken) -> anyhow::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt()).context("listening for INT")?;
    let mut terminate = signal(SignalKind::terminate()).context("listening for TERM")?;
    tokio::spawn(async move {
        let mut asked = false;
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if asked {
                std::process::exit(130);
            }
            asked = true;
            info!("Stopping: what is under way is finished; ask again to stop at once");
            stop.cancel();
        }
    });
    Ok(())
}
