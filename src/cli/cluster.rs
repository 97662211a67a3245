//! `deskgate cluster`: many who ask the same.

use std::process::ExitCode;

use jiff::Timestamp;
use serde_json::json;

use super::{Config, base::Base, say};
use crate::{desk::ClusterVerdict, domain::EmailAddress};

/// `deskgate cluster`
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// The newest clusters, and what was said of them.
    List(List),
    /// Open one level-3 ticket for the cause, linked to all.
    Open(Decide),
    /// Say that there is no one cause.
    Dismiss(Decide),
}

#[derive(Debug, clap::Args)]
pub struct List {
    /// At most so many.
    #[arg(long, default_value_t = 20)]
    limit: u32,
    /// As a JSON array.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct Decide {
    /// Its number.
    number: i64,
    /// Who says so; without it the first admin, lead or agent.
    #[arg(long = "as", value_name = "EMAIL")]
    actor: Option<EmailAddress>,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
}

/// Runs one of the commands.
pub async fn run(config: &Config, command: Command) -> anyhow::Result<ExitCode> {
    let base = Base::open(config).await?;
    let ended = match command {
        Command::List(arguments) => list(&base, &arguments).await,
        Command::Open(arguments) => decide(&base, &arguments, ClusterVerdict::Open).await,
        Command::Dismiss(arguments) => decide(&base, &arguments, ClusterVerdict::Dismiss).await,
    };
    base.close().await;
    ended.map(|()| ExitCode::SUCCESS)
}

async fn list(base: &Base, arguments: &List) -> anyhow::Result<()> {
    let mut conn = base.pool.get().await?;
    let found = base.desk.clusters(&mut conn, i64::from(arguments.limit)).await?;
    if arguments.json {
        say(serde_json::to_string_pretty(&found)?);
        return Ok(());
    }
    if found.is_empty() {
        say("No clusters: nothing was asked often enough within `clusters.window`.");
    }
    for cluster in found {
        let cause = cluster.ticket.map(|reference| format!(", {reference}")).unwrap_or_default();
        say(format!("{:<4} {}{cause}: {}", cluster.id, cluster.state, cluster.tickets.join(", ")));
    }
    Ok(())
}

async fn decide(base: &Base, arguments: &Decide, verdict: ClusterVerdict) -> anyhow::Result<()> {
    let actor = base.actor(arguments.actor.as_ref())?;
    let mut conn = base.pool.get().await?;
    let now = Timestamp::now();
    let said = base.desk.decide_on_cluster(&mut conn, arguments.number, verdict, &actor, now).await?;
    match arguments.json {
        true => say(json!({ "id": arguments.number, "done": said }).to_string()),
        false => say(format!("Cluster {}: {said}.", arguments.number)),
    }
    Ok(())
}
