//! `deskgate sprint` and `deskgate report balance`: how the time of the team is spent, and what comes next.

use std::process::ExitCode;

use anyhow::{Context, ensure};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Config, base::Base, say};
use crate::{
    desk::{Budget, Share},
    domain::{TicketId, reference},
    store::sprint::Waiting,
    ticket::{sprint::Sprint, work::spelled},
};

/// `deskgate sprint`
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    show: Show,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// The sprint, its budget for severity 2, and what may come in it or in the next.
    Show(Show),
    /// Ask the product owners now for the order of the next sprint.
    Ask,
}

#[derive(Debug, clap::Args)]
struct Show {
    /// The sprint of this number instead of the one at hand.
    #[arg(long, value_name = "NUMBER")]
    sprint: Option<i32>,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
}

/// `deskgate report balance`
#[derive(Debug, clap::Args)]
pub struct Balance {
    /// The sprint of this number instead of the one at hand.
    #[arg(long, value_name = "NUMBER")]
    sprint: Option<i32>,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
}

/// Runs `deskgate sprint`.
pub async fn run(config: &Config, arguments: Arguments) -> anyhow::Result<ExitCode> {
    let base = Base::open(config).await?;
    let ended = match arguments.command {
        Some(Command::Ask) => ask(&base).await,
        Some(Command::Show(show)) => shown(&base, &show).await,
        None => shown(&base, &arguments.show).await,
    };
    base.close().await;
    ended.map(|()| ExitCode::SUCCESS)
}

/// Runs `deskgate report balance`.
pub async fn balance_of(config: &Config, arguments: Balance) -> anyhow::Result<ExitCode> {
    let base = Base::open(config).await?;
    let ended = balance(&base, &arguments).await;
    base.close().await;
    ended.map(|()| ExitCode::SUCCESS)
}

async fn ask(base: &Base) -> anyhow::Result<()> {
    sprint(base, None, Timestamp::now())?;
    let mut conn = base.pool.get().await?;
    let asked = base.desk.ask_for_order(&mut conn, Timestamp::now()).await?;
    ensure!(
        asked > 0,
        "nobody was asked: no open ticket is of severity 3, or no [[stakeholder]] has product_owner = true"
    );
    say(format!("Asked {asked} product owners."));
    Ok(())
}

async fn shown(base: &Base, arguments: &Show) -> anyhow::Result<()> {
    let now = Timestamp::now();
    let sprint = sprint(base, arguments.sprint, now)?;
    // What is planned is the next one, unless one is named.
    let planned = match arguments.sprint {
        Some(_) => sprint,
        None => base.desk.next_sprint(now).unwrap_or(sprint),
    };
    let mut conn = base.pool.get().await?;
    let budget = base.desk.budget(&mut conn, &sprint).await?;
    let candidates = base.desk.candidates_of(&mut conn, &planned).await?;
    let prefix = &base.desk.settings.site.reference;
    if arguments.json {
        let candidates: Vec<Value> = candidates.iter().map(|each| candidate(prefix, each)).collect();
        let budget = budget.map(
            |budget| json!({ "minutes": budget.minutes, "spent": budget.spent, "left": budget.minutes - budget.spent }),
        );
        say(serde_json::to_string_pretty(&json!({
            "sprint": sprint.number, "from": sprint.from, "to": sprint.to, "sev2_budget": budget,
            "planned": planned.number, "candidates": candidates,
        }))?);
        return Ok(());
    }
    say(format!("Sprint {}, {} to {}", sprint.number, sprint.from, sprint.to));
    say(match budget {
        Some(budget) => told(&budget),
        None => "  no budget for severity 2 (`sev2_budget` under [sprint])".to_owned(),
    });
    say(format!("Candidates for sprint {}:", planned.number));
    if candidates.is_empty() {
        say("  none: no open ticket is of severity 3");
    }
    for (each, place) in candidates.iter().zip(1..) {
        let subject = if each.subject.is_empty() { "(no subject)" } else { &each.subject };
        let reference = reference::reference(prefix, TicketId(each.id));
        say(format!(
            "  {place:>3}. {reference:<8} {subject}  (customers: {}, links: {})",
            each.customers, each.links
        ));
    }
    Ok(())
}

fn candidate(prefix: &str, each: &Waiting) -> Value {
    json!({
        "id": each.id, "reference": reference::reference(prefix, TicketId(each.id)), "subject": each.subject,
        "product": each.product, "customers": each.customers, "links": each.links, "created_at": each.created_at(),
        "position": each.position,
    })
}

fn told(budget: &Budget) -> String {
    let left = budget.minutes - budget.spent;
    let left = match left {
        0.. => format!("{} left", spelled(left)),
        over => format!("{} too much", spelled(-over)),
    };
    format!(
        "  severity 2: {} of {} ({}%), {left}",
        spelled(budget.spent),
        spelled(budget.minutes),
        budget.percent()
    )
}

async fn balance(base: &Base, arguments: &Balance) -> anyhow::Result<()> {
    let sprint = sprint(base, arguments.sprint, Timestamp::now())?;
    let mut conn = base.pool.get().await?;
    let shares = base.desk.balance(&mut conn, &sprint).await?;
    let most = base.desk.settings.sprint.maintenance;
    if arguments.json {
        let rows: Vec<Value> = shares.iter().map(|share| figures(share, most)).collect();
        say(serde_json::to_string_pretty(&json!({
            "sprint": sprint.number, "from": sprint.from, "to": sprint.to, "maintenance_at_most": most, "rows": rows,
        }))?);
        return Ok(());
    }
    say(format!("Sprint {}, {} to {}", sprint.number, sprint.from, sprint.to));
    say(format!("{:<32} {:>11} {:>9} {:>6} {:>9}", "", "maintenance", "feature", "share", "resolved"));
    for share in shares {
        let percent = share.percent().map_or("–".to_owned(), |percent| format!("{percent}%"));
        let over = if is_over(&share, most) { "  more maintenance than planned" } else { "" };
        say(format!(
            "{:<32} {:>11} {:>9} {percent:>6} {:>9}{over}",
            share.name.as_deref().unwrap_or(&share.address),
            spelled(share.maintenance),
            spelled(share.feature),
            share.resolved
        ));
    }
    Ok(())
}

fn figures(share: &Share, most: Option<u32>) -> Value {
    json!({
        "name": share.name, "address": share.address, "maintenance_minutes": share.maintenance,
        "feature_minutes": share.feature, "maintenance_percent": share.percent(), "resolved": share.resolved,
        "over": is_over(share, most),
    })
}

fn is_over(share: &Share, most: Option<u32>) -> bool {
    most.is_some_and(|most| share.percent().is_some_and(|percent| percent > i64::from(most)))
}

fn sprint(base: &Base, number: Option<i32>, now: Timestamp) -> anyhow::Result<Sprint> {
    let settings = &base.desk.settings;
    let sprints = settings.sprint.sprints.as_ref().with_context(|| {
        format!(
            "there are no sprints; set the first day of the first one, `starts` under [sprint], in {}",
            settings.source
        )
    })?;
    match number {
        Some(number) => sprints.number(number).with_context(|| format!("there is no sprint {number}")),
        None => sprints.at(now).context("the first sprint lies beyond the calendar"),
    }
}
