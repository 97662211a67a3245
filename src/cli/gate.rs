//! `deskgate gate`: the gate by itself, over labelled reports, over stored mail, and what
//! it brought.

mod eval;
mod examples;
mod jsonl;
mod replay;
mod report;
mod since;
mod train;

use std::process::ExitCode;

use super::Config;

/// `deskgate gate`
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true, args_conflicts_with_subcommands = true)]
pub struct Arguments {
    /// Read one JSON object a line from standard input, `{"id", "title", "text"}`, and write
    /// one for each: the verdict with its evidence, as bytes into the text.
    #[arg(long)]
    jsonl: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Hold the gate against labelled reports: how often it asks rightly, and needlessly.
    Eval(eval::Arguments),
    /// Read stored mails anew: what would be asked now, and what was said of them then. Changes nothing.
    Replay(replay::Arguments),
    /// Reports complete at the first mail, questions until they were, and hours lost to missing facts.
    Report(report::Arguments),
    /// What staff said of the gate's reading (#complete, #ask, #no-report): labelled reports,
    /// one JSON object a line.
    Examples,
    /// Learn the weights of the gate's vote anew from labelled mails and sentences.
    Train(train::Arguments),
}

/// Runs one of the commands; those without a database need no configuration.
pub async fn run(config: &Config, arguments: Arguments) -> anyhow::Result<ExitCode> {
    match arguments.command {
        Some(Command::Eval(arguments)) => eval::run(&arguments),
        Some(Command::Replay(arguments)) => replay::run(config, &arguments).await,
        Some(Command::Report(arguments)) => report::run(config, &arguments).await,
        Some(Command::Examples) => examples::run(config).await,
        Some(Command::Train(arguments)) => train::run(&arguments),
        None => jsonl::run(),
    }
}
