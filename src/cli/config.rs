//! `deskgate config`: what is in force, and where each value comes from.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::{Config, say};
use crate::settings::{KeyValue, Settings};

/// `deskgate config`
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Every key with the value in force, and the line, variable or default it comes from. Secrets are not shown.
    Show {
        /// Only keys that begin so, such as `mailbox` or `site.name`.
        #[arg(default_value = "")]
        start: String,
        /// As a JSON array.
        #[arg(long)]
        json: bool,
    },
}

/// Runs one of the commands.
pub fn run(config: &Config, command: &Command) -> anyhow::Result<ExitCode> {
    let Command::Show { start, json } = command;
    let settings = config.load()?;
    let shown: Vec<&KeyValue> = settings.key_values().iter().filter(|it| it.key.starts_with(start)).collect();
    match json {
        true => {
            let all: Vec<Value> = shown.iter().map(|it| object(&settings, it)).collect();
            say(serde_json::to_string_pretty(&all)?);
        }
        false if shown.is_empty() => say(format!("No key begins with `{start}`.")),
        false => table(&settings, &shown),
    }
    Ok(ExitCode::SUCCESS)
}

fn object(settings: &Settings, it: &KeyValue) -> Value {
    json!({ "key": it.key, "value": it.value, "from": it.origin.describe(&settings.source) })
}

fn table(settings: &Settings, shown: &[&KeyValue]) {
    let width = |of: fn(&KeyValue) -> &str| shown.iter().map(|it| of(it).chars().count()).max().unwrap_or(0);
    let (keys, values) = (width(|it| &it.key), width(|it| &it.value).min(40));
    for it in shown {
        say(format!("{:<keys$}  {:<values$}  {}", it.key, it.value, it.origin.describe(&settings.source)));
    }
}
