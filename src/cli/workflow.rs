//! `deskgate workflow`: the statuses and moves in force.

use std::process::ExitCode;

use super::{Config, say};
use crate::{
    domain::Word,
    ticket::workflow::{Need, State, Transition, Workflow},
};

/// `deskgate workflow`
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// As a JSON object.
    #[arg(long, conflicts_with = "dot")]
    json: bool,
    /// As a graph for Graphviz: deskgate workflow --dot | dot -Tsvg > workflow.svg
    #[arg(long)]
    dot: bool,
}

/// Prints the workflow of the configuration; without one the built-in workflow.
pub fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let workflow = config.load_if_any()?.map(|settings| settings.workflow).unwrap_or_default();
    if arguments.json {
        say(serde_json::to_string_pretty(&workflow)?);
    } else if arguments.dot {
        say(workflow.dot().trim_end());
    } else {
        table(&workflow);
    }
    Ok(ExitCode::SUCCESS)
}

fn table(workflow: &Workflow) {
    let head = ["status", "means", "people read"].map(str::to_owned);
    print(std::iter::once(head).chain(workflow.statuses.iter().map(status)).collect());
    say("");
    let head = ["from", "to", "by", "needs", "mails"].map(str::to_owned);
    print(std::iter::once(head).chain(workflow.transitions.iter().map(transition)).collect());
}

fn status(state: &State) -> [String; 3] {
    let languages = state.labels.iter().map(|(language, label)| format!(", {language}: {label}"));
    let read = std::iter::once(state.shown().to_owned()).chain(languages).collect();
    [state.name.clone(), state.means.to_string(), read]
}

fn transition(row: &Transition) -> [String; 5] {
    let closing = match row.closed_as.is_empty() {
        true => String::new(),
        false => format!(" ({})", words(&row.closed_as)),
    };
    let needs = match row.needs {
        Need::Nothing => "–".to_owned(),
        Need::Complete => "a complete report or a reason".to_owned(),
        Need::Reason => "a reason".to_owned(),
    };
    [row.from.clone(), format!("{}{closing}", row.to), words(&row.by), needs, words(&row.notices)]
}

fn words<W: Word>(words: &[W]) -> String {
    words.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(", ")
}

/// Columns as wide as their widest cell.
fn print<const N: usize>(rows: Vec<[String; N]>) {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    for row in &rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        say(cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}
