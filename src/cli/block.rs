//! `deskgate block`: senders whose mail makes no ticket.

use std::process::ExitCode;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Config, base::Base, say};
use crate::{
    desk::Changed,
    domain::{EmailAddress, Sender},
    store::blocks,
};

/// `deskgate block`
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Who is blocked, by whom, since when.
    List {
        /// As a JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Set aside what comes from an address or a whole domain from now on.
    Add(One),
    /// Take it in again.
    Remove(One),
}

#[derive(Debug, clap::Args)]
pub struct One {
    /// An address, or @ and a domain.
    sender: Sender,
    /// Who does it; without it the first admin, lead or agent.
    #[arg(long = "as", value_name = "EMAIL")]
    actor: Option<EmailAddress>,
}

/// Runs one of the commands.
pub async fn run(config: &Config, command: Command) -> anyhow::Result<ExitCode> {
    let base = Base::open(config).await?;
    let ended = match command {
        Command::List { json } => list(&base, json).await,
        Command::Add(one) => add(&base, one).await,
        Command::Remove(one) => remove(&base, one).await,
    };
    base.close().await;
    ended.map(|()| ExitCode::SUCCESS)
}

async fn list(base: &Base, as_json: bool) -> anyhow::Result<()> {
    let mut conn = base.pool.get().await?;
    let blocks = blocks::all(&mut conn).await?;
    if as_json {
        let line = |each: &blocks::Block| json!({ "sender": each.sender, "blocked_by": each.blocked_by, "blocked_at": each.blocked_at.to_jiff(), "ticket": each.ticket_id });
        let all: Vec<Value> = blocks.iter().map(line).collect();
        say(serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    if blocks.is_empty() {
        say("Nobody is blocked.");
    }
    for each in blocks {
        let since = each.blocked_at.to_jiff().strftime("%Y-%m-%d").to_string();
        let ticket = each.ticket_id.map(|id| format!(" (ticket {id})")).unwrap_or_default();
        say(format!("{:<40} by {} on {since}{ticket}", each.sender, each.blocked_by));
    }
    Ok(())
}

async fn add(base: &Base, one: One) -> anyhow::Result<()> {
    let actor = base.actor(one.actor.as_ref())?;
    let mut conn = base.pool.get().await?;
    let changed = base.desk.block(&mut conn, None, Some(one.sender), &actor, Timestamp::now()).await?;
    tell(&changed);
    Ok(())
}

async fn remove(base: &Base, one: One) -> anyhow::Result<()> {
    let actor = base.actor(one.actor.as_ref())?;
    let mut conn = base.pool.get().await?;
    let changed = base.desk.unblock(&mut conn, None, Some(one.sender), &actor, Timestamp::now()).await?;
    tell(&changed);
    Ok(())
}

fn tell(changed: &Changed) {
    match changed.done.is_empty() {
        true => say("It is so already."),
        false => say(format!("Done: {}.", changed.done.join(", "))),
    }
}
