//! `deskgate release`: what shipped goes towards closed.

mod git;

use std::{path::PathBuf, process::ExitCode};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Config, base::Base, queued, say};
use crate::{
    desk::Shipped,
    domain::{EmailAddress, TicketId},
    store::releases,
    ticket::shipped,
};

/// `deskgate release NAME ...`, `deskgate release list`, `deskgate release show NAME`
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    ship: Ship,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// The newest releases.
    List(List),
    /// The tickets of a release, and what became of them.
    Show(Show),
}

#[derive(Debug, clap::Args)]
struct Ship {
    /// What people call the release.
    #[arg(required = true)]
    name: Option<String>,
    /// The tickets that it fixes: DG-1,DG-2 or 1,2.
    #[arg(long, value_name = "TICKETS", value_delimiter = ',')]
    tickets: Vec<String>,
    /// Commits whose messages name the tickets (DG-17, "Fixes #17"): v1.2..v1.3. What is reverted among them does not count.
    #[arg(long, value_name = "RANGE")]
    from_git: Option<String>,
    /// Where the commits are; without it this folder.
    #[arg(long, value_name = "PATH", requires = "from_git", default_value = ".")]
    repo: PathBuf,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Who says so; without it the first admin, lead or agent.
    #[arg(long = "as", value_name = "EMAIL")]
    actor: Option<EmailAddress>,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct List {
    /// At most so many.
    #[arg(long, default_value_t = 20)]
    limit: u32,
    /// As a JSON array.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Show {
    /// Its name.
    name: String,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub async fn run(config: &Config, arguments: Arguments) -> anyhow::Result<ExitCode> {
    let base = Base::open(config).await?;
    let ended = match arguments.command {
        Some(Command::List(arguments)) => list(&base, &arguments).await,
        Some(Command::Show(arguments)) => show(&base, &arguments).await,
        None => ship(&base, arguments.ship).await,
    };
    base.close().await;
    ended.map(|()| ExitCode::SUCCESS)
}

async fn ship(base: &Base, arguments: Ship) -> anyhow::Result<()> {
    let actor = base.actor(arguments.actor.as_ref())?;
    let name = arguments.name.unwrap_or_default();
    let prefix = &base.desk.settings.site.reference;
    let mut tickets = Vec::new();
    for given in &arguments.tickets {
        tickets.push(ticket(given, prefix)?);
    }
    if let Some(range) = &arguments.from_git {
        let messages = git::messages(&arguments.repo, range).await?;
        tickets.extend(shipped::named_in_all(&messages, prefix));
    }
    anyhow::ensure!(
        arguments.from_git.is_some() || !tickets.is_empty(),
        "a release needs tickets: --tickets {prefix}-1,{prefix}-2 or --from-git v1.2..v1.3"
    );
    let mut conn = base.pool.get().await?;
    let dry = arguments.dry_run;
    let shipped = base.desk.release(&mut conn, &name, &tickets, &actor, dry, Timestamp::now()).await?;
    if arguments.json {
        say(json!({ "name": name, "dry_run": dry, "tickets": shipped }).to_string());
        return Ok(());
    }
    tell(&name, &shipped, dry);
    Ok(())
}

/// `DG-17`, `#17` or `17`.
fn ticket(given: &str, prefix: &str) -> anyhow::Result<TicketId> {
    let given = given.trim();
    let start = given.get(..prefix.len()).filter(|start| start.eq_ignore_ascii_case(prefix));
    let number = match start {
        Some(_) => given[prefix.len()..].trim_start_matches('-'),
        None => given.trim_start_matches('#'),
    };
    let read: Option<TicketId> = number.parse().ok();
    read.ok_or_else(|| anyhow::anyhow!("`{given}` is no ticket; write {prefix}-17 or 17"))
}

fn tell(name: &str, shipped: &[Shipped], dry: bool) {
    if shipped.is_empty() {
        say(format!("Release {name}: no commit names a ticket."));
    }
    for each in shipped {
        let subject = if each.subject.is_empty() { "" } else { "  " };
        say(format!("{:<8} {}{subject}{}", each.reference, each.sentence(), each.subject));
    }
    let mails: usize = shipped.iter().map(|each| each.mails).sum();
    match dry {
        true => say("Nothing was done (--dry-run)."),
        false => say(format!("Release {name}: {}", queued(mails))),
    }
}

async fn list(base: &Base, arguments: &List) -> anyhow::Result<()> {
    let mut conn = base.pool.get().await?;
    let found = releases::list(&mut conn, i64::from(arguments.limit)).await?;
    if arguments.json {
        let all: Vec<Value> = found
            .iter()
            .map(|(release, tickets)| {
                json!({
                    "name": release.name, "made_by": release.made_by,
                    "made_at": release.made_at.to_jiff(), "tickets": tickets,
                })
            })
            .collect();
        say(serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    if found.is_empty() {
        say("No releases. `deskgate release NAME --tickets ...` makes one.");
    }
    for (release, tickets) in found {
        say(format!("{:<20} {}  {tickets} tickets", release.name, release.made_at.to_jiff()));
    }
    Ok(())
}

async fn show(base: &Base, arguments: &Show) -> anyhow::Result<()> {
    let mut conn = base.pool.get().await?;
    let Some(release) = releases::find(&mut conn, &arguments.name).await? else {
        anyhow::bail!("there is no release `{}`; `deskgate release list` has them all", arguments.name);
    };
    let named = releases::tickets_of(&mut conn, release.id).await?;
    if arguments.json {
        let tickets: Vec<Value> = named
            .iter()
            .map(|each| {
                json!({
                    "id": each.ticket, "outcome": each.outcome.0, "at": each.at.to_jiff(),
                    "subject": each.subject, "status": each.status.0,
                })
            })
            .collect();
        say(json!({ "name": release.name, "made_at": release.made_at.to_jiff(), "tickets": tickets })
            .to_string());
        return Ok(());
    }
    say(format!("{}, made {} by {}", release.name, release.made_at.to_jiff(), release.made_by));
    for each in named {
        let (outcome, status) = (each.outcome.0, each.status.0);
        let reference = crate::domain::reference::reference(&base.desk.settings.site.reference, each.ticket);
        say(format!("{reference:<8} {outcome:<12} now {status:<9} {}", each.subject));
    }
    Ok(())
}
