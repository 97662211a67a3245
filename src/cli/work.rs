//! `deskgate work`: what staff worked on.

use std::process::ExitCode;

use jiff::Timestamp;

use super::{Config, base::Base, say};
use crate::{
    domain::{EmailAddress, TicketId},
    ticket::work::{self, Kind},
};

/// `deskgate work`
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Write down how long somebody worked, on a ticket or on something else.
    Add(Add),
}

#[derive(Debug, clap::Args)]
pub struct Add {
    /// How long: 2h, 90m, "1h 30m".
    #[arg(value_parser = length)]
    time: i32,
    /// What it was, in a few words.
    #[arg(value_name = "TEXT", default_value = "")]
    words: String,
    /// maintenance or feature.
    #[arg(long, default_value = "maintenance")]
    kind: Kind,
    /// On this ticket.
    #[arg(long, value_name = "NUMBER")]
    ticket: Option<TicketId>,
    /// Who worked; without it the first admin, lead or agent.
    #[arg(long = "as", value_name = "EMAIL")]
    actor: Option<EmailAddress>,
}

fn length(text: &str) -> Result<i32, String> {
    work::minutes(text)
        .ok_or_else(|| format!("`{text}` is no length of work; write 2h, 90m or 1h 30m, up to 40h"))
}

/// Runs the command.
pub async fn run(config: &Config, command: Command) -> anyhow::Result<ExitCode> {
    let Command::Add(arguments) = command;
    let base = Base::open(config).await?;
    let ended = add(&base, &arguments).await;
    base.close().await;
    ended.map(|()| ExitCode::SUCCESS)
}

async fn add(base: &Base, arguments: &Add) -> anyhow::Result<()> {
    let actor = base.actor(arguments.actor.as_ref())?;
    let mut conn = base.pool.get().await?;
    let work = (arguments.time, arguments.kind, arguments.words.as_str());
    let now = Timestamp::now();
    let done = base.desk.work(&mut conn, &actor.address, arguments.ticket, work, &actor, now).await?;
    say(format!("{}: {done}.", actor.address));
    Ok(())
}
