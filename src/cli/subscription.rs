//! `deskgate subscription`: who is told what, without working on it.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::{Config, base::Base, say};
use crate::{
    domain::{EmailAddress, NamedAddress},
    store::{
        people::Person,
        pool::{News, announce},
        subscriptions::{self, Subscription},
    },
    ticket::{Cadence, Topic},
};

/// `deskgate subscription`
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Who is told what, and how often.
    List {
        /// Also those that ended.
        #[arg(long)]
        all: bool,
        /// As a JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Tell somebody of some tickets from now on.
    Add(Which),
    /// Tell somebody no more of some tickets. Of one ticket they hear nothing any more, whatever else they follow.
    End(Which),
}

/// Whose, and of what.
#[derive(Debug, clap::Args)]
pub struct Which {
    /// Who.
    email: EmailAddress,
    /// all, sev1, product:NAME, customer:DOMAIN, customer:ADDRESS or ticket:NUMBER.
    #[arg(value_parser = topic)]
    topic: Topic,
    /// immediate, hourly, daily or weekly; to end, all of them where none is named.
    #[arg(long, value_name = "CADENCE")]
    cadence: Option<Cadence>,
    /// Who does it; needed when there are several staff.
    #[arg(long = "as", value_name = "EMAIL")]
    actor: Option<EmailAddress>,
}

fn topic(text: &str) -> Result<Topic, String> {
    let forms = "all, sev1, product:NAME, customer:DOMAIN, customer:ADDRESS or ticket:NUMBER";
    Topic::read(text).ok_or_else(|| format!("this is nothing to hear of; use {forms}"))
}

/// Runs one of the commands.
pub async fn run(config: &Config, command: Command) -> anyhow::Result<ExitCode> {
    let base = Base::open(config).await?;
    let ended = match command {
        Command::List { all, json } => list(&base, all, json).await,
        Command::Add(which) => change(&base, which, true).await,
        Command::End(which) => change(&base, which, false).await,
    };
    base.close().await;
    ended
}

async fn change(base: &Base, which: Which, begins: bool) -> anyhow::Result<ExitCode> {
    let by = base.actor(which.actor.as_ref())?.address;
    let mut conn = base.pool.get().await?;
    let who = NamedAddress::new("", which.email);
    let (desk, now) = (&base.desk, jiff::Timestamp::now());
    let done = match begins {
        true => {
            let cadence = which.cadence.unwrap_or(Cadence::Immediate);
            desk.subscribe(&mut conn, &who, &which.topic, cadence, &by, now).await?
        }
        false => desk.unsubscribe(&mut conn, &who, &which.topic, which.cadence, &by, now).await?,
    };
    announce(&mut conn, News::Outbox).await?;
    say(format!("{done}."));
    Ok(ExitCode::SUCCESS)
}

async fn list(base: &Base, all: bool, as_json: bool) -> anyhow::Result<ExitCode> {
    let mut conn = base.pool.get().await?;
    let mut rows = subscriptions::all(&mut conn).await?;
    rows.retain(|(row, _)| all || row.ended_at.is_none());
    if as_json {
        let rows: Vec<Value> = rows.iter().map(|(row, person)| as_value(row, person)).collect();
        say(serde_json::to_string_pretty(&rows)?);
        return Ok(ExitCode::SUCCESS);
    }
    if rows.is_empty() {
        say("Nobody is subscribed to anything.");
    }
    for (row, person) in &rows {
        let topic =
            row.topic().map(|topic| topic.to_string()).unwrap_or_else(|| "something newer".to_owned());
        let ended = match (&row.ended_by, row.ended_at) {
            (Some(by), Some(at)) => format!("; ended by {by} at {}", at.to_jiff()),
            _ => String::new(),
        };
        say(format!("{}: {topic}, {} (by {}{ended})", person.address, row.cadence.0, row.begun_by));
    }
    Ok(ExitCode::SUCCESS)
}

fn as_value(row: &Subscription, person: &Person) -> Value {
    let topic = row.topic();
    json!({
        "email": person.address,
        "what": topic.as_ref().map(Topic::what),
        "value": topic.as_ref().map(Topic::value),
        "cadence": row.cadence.0,
        "begun_by": row.begun_by,
        "begun_at": row.begun_at.to_jiff(),
        "ended_by": row.ended_by,
        "ended_at": row.ended_at.map(|at| at.to_jiff()),
    })
}
