//! `deskgate report`: the reports of the console on the command line.

use std::{io::Write, process::ExitCode};

use anyhow::{Context, bail};
use jiff::{Timestamp, civil::Date};
use serde_json::json;

use super::{Config, base::Base, say, sprint};
use crate::{
    desk::{Asked, ReportName},
    domain::Word,
    render::reports::{Report, Section},
    store::reports::Scope,
    ticket::period::{Length, Period},
};

/// `deskgate report`
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
    /// Each one's share of maintenance and feature work in a sprint, and the tickets they resolved.
    Balance(sprint::Balance),
}

#[derive(Debug, clap::Args)]
struct Show {
    /// A report (open, promises, gate, clusters, work, mail) or one of its tables; without it, what there is.
    name: Option<String>,
    /// Up to today: 30d, quarter or 12mo.
    #[arg(long, default_value = "30d", conflicts_with_all = ["from", "to"])]
    period: Length,
    /// From this day on, such as 2026-10-01.
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    /// To this day, included; without it, today.
    #[arg(long, value_name = "DAY", requires = "from")]
    to: Option<Date>,
    /// Tickets of this product only.
    #[arg(long)]
    product: Option<String>,
    /// Tickets of this queue only.
    #[arg(long)]
    queue: Option<String>,
    /// What came in or left by this mailbox only.
    #[arg(long)]
    mailbox: Option<String>,
    /// One table as CSV.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub async fn run(config: &Config, arguments: Arguments) -> anyhow::Result<ExitCode> {
    if let Some(Command::Balance(balance)) = arguments.command {
        return sprint::balance_of(config, balance).await;
    }
    let Some(name) = arguments.show.name.clone() else {
        list();
        return Ok(ExitCode::SUCCESS);
    };
    let base = Base::open(config).await?;
    let ended = show(&base, &name, &arguments.show).await;
    base.close().await;
    ended.map(|()| ExitCode::SUCCESS)
}

fn list() {
    for report in ReportName::ALL {
        say(format!("{:<10} {}", report.as_str(), report.title()));
        say(format!("{:<10} tables: {}", "", report.sections().join(", ")));
    }
    say("balance    Each one's share of maintenance in a sprint");
}

async fn show(base: &Base, name: &str, arguments: &Show) -> anyhow::Result<()> {
    let table = ReportName::of_section(name);
    let report = match table {
        Some(report) => report,
        None => name
            .parse::<ReportName>()
            .context("`deskgate report` without a name lists the reports and their tables")?,
    };
    let now = Timestamp::now();
    let asked = arguments.asked(base, now)?;
    let mut conn = base.pool.get().await?;
    let done = base.desk.report(&mut conn, report, &asked, now).await?;
    let sections: Vec<&Section> =
        done.sections.iter().filter(|section| table.is_none() || section.name == name).collect();
    match (arguments.csv, arguments.json) {
        (true, _) => match sections.as_slice() {
            [one] => std::io::stdout()
                .write_all(one.table.csv().as_bytes())
                .context("writing to standard output")?,
            _ => bail!(
                "{report} has several tables, and CSV holds one; name it: {}",
                report.sections().join(", ")
            ),
        },
        (_, true) => say(serde_json::to_string_pretty(&object(&done, &sections, &asked))?),
        _ => sections.iter().for_each(|section| plain(section, &asked)),
    }
    Ok(())
}

fn object(report: &Report, sections: &[&Section], asked: &Asked) -> serde_json::Value {
    let tables: serde_json::Map<String, serde_json::Value> =
        sections.iter().map(|section| (section.name.to_owned(), section.table.json())).collect();
    json!({ "title": report.title, "from": asked.period.from, "to": asked.period.to, "tables": tables })
}

fn plain(section: &Section, asked: &Asked) {
    say(format!("{} ({} to {})", section.title, asked.period.from, asked.period.to));
    section.charts.iter().for_each(|chart| say(format!("  {}", chart.says)));
    section.table.plain(&asked.period.zone).iter().for_each(|line| say(format!("  {line}")));
    say("");
}

impl Show {
    fn asked(&self, base: &Base, now: Timestamp) -> anyhow::Result<Asked> {
        let zone = base.desk.settings.site.zone.clone();
        let period = match self.from {
            None => Period::last(self.period, now, zone),
            Some(from) => {
                let to = self.to.unwrap_or_else(|| now.to_zoned(zone.clone()).date());
                Period::between(from, to, zone)?
            }
        };
        let scope =
            Scope { product: self.product.clone(), queue: self.queue.clone(), mailbox: self.mailbox.clone() };
        Ok(Asked { period, scope })
    }
}
