//! The command line: one file for each command, which puts everything together.
#![expect(clippy::disallowed_methods, reason = "this floor reads the clock and hands it down as `now`")]

mod answer;
mod base;
mod block;
mod check;
mod cluster;
mod config;
mod gate;
mod inbox;
mod ingest;
mod init;
mod inspect;
mod mails;
mod oncall;
mod outbox;
mod release;
mod report;
mod run;
mod search;
mod sprint;
mod staff;
mod subscription;
mod telemetry;
mod ticket;
mod ticket_clocks;
mod ticket_deeds;
mod ticket_gate;
mod ticket_list;
mod ticket_new;
mod ticket_page;
mod ticket_show;
mod ticket_similar;
mod work;
mod workflow;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::settings::{self, Settings, SettingsError};

/// An email-driven helpdesk gateway: a support mailbox in, tickets in
/// PostgreSQL, answers out.
#[derive(Debug, Parser)]
#[command(name = "deskgate", version, max_term_width = 100)]
struct Arguments {
    /// The configuration; without it, deskgate.toml in this folder.
    #[arg(long, global = true, value_name = "PATH", env = "DESKGATE_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the desk: everything, or some roles.
    Run(run::Arguments),
    /// Write a commented sample configuration.
    Init(init::Arguments),
    /// Probe configuration, database, mail servers and templates.
    Check,
    /// The configuration in force, and where each value comes from.
    #[command(subcommand)]
    Config(config::Command),
    /// Bring the database up to date.
    Migrate,
    /// Put mails through the pipeline, from files or a pipe.
    Ingest(ingest::Arguments),
    /// Say what is read in mails and would be done, without database or network.
    Inspect(inspect::Arguments),
    /// The gate by itself: verdicts a line, held against labels, over stored mail, and what it brought.
    Gate(gate::Arguments),
    /// Work on tickets.
    #[command(subcommand)]
    Ticket(ticket::Command),
    /// Look for tickets by words and by what is true of them.
    Search(search::Arguments),
    /// The statuses of tickets, and who moves them.
    Workflow(workflow::Arguments),
    /// Who is on call, and for what; say what people on call say.
    Oncall(oncall::Arguments),
    /// Known answers, which staff send by one command.
    #[command(subcommand)]
    Answer(answer::Command),
    /// Many who ask the same: what staff were asked about, and what they said.
    #[command(subcommand)]
    Cluster(cluster::Command),
    /// Say what went into production: tickets move towards closed, and customers are asked for a last look.
    #[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
    Release(release::Arguments),
    /// Who is on duty, who is away, who has how much.
    #[command(subcommand)]
    Staff(staff::Command),
    /// What staff worked on.
    #[command(subcommand)]
    Work(work::Command),
    /// The sprint at hand, its budget, and what comes next.
    Sprint(sprint::Arguments),
    /// What the desk did: open tickets, answers and fixes, missing facts, work, mail.
    Report(report::Arguments),
    /// Who is told what, without working on it.
    #[command(subcommand)]
    Subscription(subscription::Command),
    /// Mails on their way out.
    #[command(subcommand)]
    Outbox(outbox::Command),
    /// Senders whose mail makes no ticket.
    #[command(subcommand)]
    Block(block::Command),
    /// The ledger of mails that came in.
    #[command(subcommand)]
    Inbox(inbox::Command),
}

/// Runs the program: parses the arguments, runs the command, prints what went
/// wrong. The exit codes are 0, 1 for a failure, 2 for wrong arguments, and for
/// `ingest` those of sysexits.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return usage_code(&error);
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("deskgate: starting the runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(dispatch(arguments));
    // A reader thread that hangs in a library must not keep us from ending.
    runtime.shutdown_background();
    code
}

/// 0 for help, 2 for wrong arguments; but a mail server that calls `ingest` wrongly
/// must keep the mail and not refuse it for good.
fn usage_code(error: &clap::Error) -> ExitCode {
    let ingests = std::env::args_os().any(|argument| argument == "ingest");
    match error.exit_code() {
        0 => ExitCode::SUCCESS,
        _ if ingests => ExitCode::from(ingest::EX_TEMPFAIL),
        _ => ExitCode::from(2),
    }
}

async fn dispatch(arguments: Arguments) -> ExitCode {
    let config = Config(arguments.config);
    let ended = match arguments.command {
        Command::Run(arguments) => run::run(&config, arguments).await,
        Command::Init(arguments) => init::run(&config, &arguments),
        Command::Check => check::run(&config).await,
        Command::Config(command) => config::run(&config, &command),
        Command::Migrate => base::migrate(&config).await,
        Command::Ingest(arguments) => return ingest::run(&config, arguments).await,
        Command::Inspect(arguments) => inspect::run(&config, &arguments),
        Command::Gate(arguments) => gate::run(&config, arguments).await,
        Command::Ticket(command) => ticket::run(&config, command).await,
        Command::Search(arguments) => search::run(&config, &arguments).await,
        Command::Workflow(arguments) => workflow::run(&config, &arguments),
        Command::Oncall(arguments) => oncall::run(&config, arguments).await,
        Command::Answer(command) => answer::run(&config, command).await,
        Command::Cluster(command) => cluster::run(&config, command).await,
        Command::Release(arguments) => release::run(&config, arguments).await,
        Command::Staff(command) => staff::run(&config, command).await,
        Command::Work(command) => work::run(&config, command).await,
        Command::Sprint(arguments) => sprint::run(&config, arguments).await,
        Command::Report(arguments) => report::run(&config, arguments).await,
        Command::Subscription(command) => subscription::run(&config, command).await,
        Command::Outbox(command) => outbox::run(&config, command).await,
        Command::Block(command) => block::run(&config, command).await,
        Command::Inbox(command) => inbox::run(&config, command).await,
    };
    match ended {
        Ok(code) => code,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

/// Prints an error and what caused it, in one sentence.
fn complain(error: &anyhow::Error) {
    eprintln!("deskgate: {error:#}");
}

/// Where the configuration is, before it is read.
struct Config(Option<PathBuf>);

impl Config {
    fn load(&self) -> Result<Settings, SettingsError> {
        // A variable that is not UTF-8 is none of ours.
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        settings::load(self.0.as_deref(), variables)
    }

    /// The configuration, when there is one: a named one has to be.
    fn load_if_any(&self) -> Result<Option<Settings>, SettingsError> {
        match self.load() {
            Err(SettingsError::Nothing { .. }) => Ok(None),
            other => other.map(Some),
        }
    }
}

/// How many mails a command queued, as a sentence.
fn queued(mails: usize) -> String {
    match mails {
        0 => "No mail is queued.".to_owned(),
        1 => "One mail is queued.".to_owned(),
        more => format!("{more} mails are queued."),
    }
}

/// Prints a line; a reader that has gone away (`| head`) is no error.
fn say(line: impl AsRef<str>) {
    match mention(line) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => {
            eprintln!("deskgate: writing to standard output: {error}");
            std::process::exit(1);
        }
    }
}

/// Prints a line, for commands that go on whether it can be read or not.
fn mention(line: impl AsRef<str>) -> std::io::Result<()> {
    use std::io::Write;
    writeln!(std::io::stdout(), "{}", line.as_ref())
}
