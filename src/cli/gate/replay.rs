//! `deskgate gate replay`: today's gate over the stored mails that opened tickets, beside what was
//! said of them when they came. Nothing is changed, and nobody is asked.

use std::process::ExitCode;

use jiff::{Span, Timestamp};

use super::since;
use crate::cli::{Config, base::Base, say};

/// `deskgate gate replay`
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Mails that came within this time: 90d, 12mo, 2w.
    #[arg(long, value_name = "TIME", default_value = "90d", value_parser = since::parse)]
    since: Span,
    /// So many mails of each sort are shown, the newest, with the words that were found.
    #[arg(long, value_name = "N", default_value_t = 5)]
    samples: usize,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
}

/// Prints what would be asked, and what differs.
pub async fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let since = since::before(Timestamp::now(), arguments.since)?;
    let base = Base::open(config).await?;
    let replayed = base.desk.replay(&base.pool, since, arguments.samples, &mut |_| ()).await;
    base.close().await;
    let tally = replayed?;
    match arguments.json {
        true => say(serde_json::to_string_pretty(&tally.object(since))?),
        false => tally.lines(since).iter().for_each(say),
    }
    Ok(ExitCode::SUCCESS)
}
