//! `deskgate ticket`: the desk from a terminal.

use std::{io::Read, process::ExitCode};

use anyhow::Context;
use jiff::Timestamp;
use serde_json::json;

use super::{
    Config, base::Base, queued, say, ticket_clocks, ticket_deeds, ticket_gate, ticket_list, ticket_new,
    ticket_page, ticket_show, ticket_similar,
};
use crate::{
    desk::Change,
    domain::{EmailAddress, TicketId},
    ticket::{ClosedAs, Level, OnCall, Severity},
};

/// `deskgate ticket`
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// The newest tickets.
    List(ticket_list::List),
    /// Everything about one ticket.
    Show(ticket_show::Show),
    /// What is promised of it, and why its clocks stand as they do.
    Clocks(ticket_clocks::Arguments),
    /// Change a ticket, and mail whom the change owes a mail.
    Set(Set),
    /// Say that the report has what the gate misses: all, or these facts.
    Complete(ticket_gate::Slots),
    /// Ask the customer for what is missing, or for these facts.
    Ask(ticket_gate::Slots),
    /// Say that it is no problem report, and lacks nothing.
    NoReport(ticket_gate::About),
    /// Say that you have it, when you are called: nobody else is then.
    Ack(Ack),
    /// The tickets that look like it.
    Similar(ticket_similar::Similar),
    /// Send a known answer to the customer.
    Answer(ticket_similar::Answer),
    /// Leave a note among staff.
    Note(Words),
    /// Write to the customer.
    Reply(Words),
    /// Send the words of yours that were held, as they are.
    Send(ticket_deeds::One),
    /// Make its thread part of another ticket of the same people.
    Merge(ticket_deeds::Merge),
    /// Make one of its mails a ticket of its own.
    Split(ticket_deeds::Split),
    /// Say that two have to do with each other.
    Link(ticket_deeds::Pair),
    /// Take that back.
    Unlink(ticket_deeds::Pair),
    /// Write down what a customer said on the telephone or in a chat, as their ticket.
    New(ticket_new::New),
    /// Put it out of the way until a time, or until the customer writes.
    Snooze(ticket_deeds::Snooze),
    /// Close it; nobody outside is written to about it.
    Spam(ticket_deeds::Spam),
    /// Set aside what its requester, or somebody else, sends from now on.
    Block(ticket_deeds::Block),
    /// Take that back.
    Unblock(ticket_deeds::Block),
    /// Write it as a page with its files, to open in a browser or to hand over.
    Page(ticket_page::Arguments),
}

#[derive(Debug, clap::Args)]
pub struct Ack {
    /// Its number.
    number: TicketId,
    /// Who has it; without it the first admin, lead or agent.
    #[arg(long = "as", value_name = "EMAIL")]
    actor: Option<EmailAddress>,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct Set {
    /// Its number.
    number: TicketId,
    /// new, accepted, resolved, verified or closed, or a status of the site's own.
    #[arg(long, value_name = "NAME")]
    status: Option<String>,
    /// Why it is closed: answered, duplicate, declined or done.
    #[arg(long, value_name = "WHY", requires = "status")]
    closed_as: Option<ClosedAs>,
    /// The ticket that this one doubles.
    #[arg(long, value_name = "NUMBER")]
    duplicate_of: Option<TicketId>,
    /// 1 (worst) to 3, or 4 where the configuration has it.
    #[arg(long)]
    severity: Option<Severity>,
    /// 1, 2 or 3.
    #[arg(long)]
    level: Option<Level>,
    /// Whether the next word is the customer's: the clocks pause until it comes.
    #[arg(long, value_name = "true|false")]
    waits: Option<bool>,
    /// The product it is about, or none.
    #[arg(long, value_name = "NAME")]
    product: Option<String>,
    /// The queue it goes into, or none.
    #[arg(long, value_name = "NAME")]
    queue: Option<String>,
    /// A member of staff, nobody, or auto: somebody else than has it, whom the desk chooses.
    #[arg(long, value_name = "EMAIL")]
    assignee: Option<String>,
    /// Whose ticket it is, where a forward did not tell; who was it stays on Cc.
    #[arg(long, value_name = "EMAIL")]
    requester: Option<EmailAddress>,
    /// Somebody from outside who is to take part: told what is public from now on, and may answer.
    #[arg(long, value_name = "EMAIL")]
    add_participant: Vec<EmailAddress>,
    /// Somebody on Cc who is to take part no longer, also when named again.
    #[arg(long, value_name = "EMAIL")]
    remove_participant: Vec<EmailAddress>,
    /// Why, in words that the customer may read.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Who does it; without it the first admin, lead or agent.
    #[arg(long = "as", value_name = "EMAIL")]
    actor: Option<EmailAddress>,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct Words {
    /// Its number.
    number: TicketId,
    /// The words; - reads them from standard input.
    #[arg(value_name = "TEXT", default_value = "-")]
    words: String,
    /// Who writes; without it the first admin, lead or agent.
    #[arg(long = "as", value_name = "EMAIL")]
    actor: Option<EmailAddress>,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
}

/// Runs one of the commands.
pub async fn run(config: &Config, command: Command) -> anyhow::Result<ExitCode> {
    let base = Base::open(config).await?;
    let ended = match command {
        Command::List(arguments) => ticket_list::list(&base, &arguments).await,
        Command::Show(arguments) => ticket_show::show(&base, &arguments).await,
        Command::Clocks(arguments) => ticket_clocks::run(&base, &arguments).await,
        Command::Set(arguments) => set(&base, arguments).await,
        Command::Complete(arguments) => ticket_gate::complete(&base, arguments).await,
        Command::Ask(arguments) => ticket_gate::ask(&base, arguments).await,
        Command::NoReport(arguments) => ticket_gate::no_report(&base, arguments).await,
        Command::Ack(arguments) => ack(&base, arguments).await,
        Command::Similar(arguments) => ticket_similar::similar(&base, &arguments).await,
        Command::Answer(arguments) => ticket_similar::answer(&base, arguments).await,
        Command::Note(arguments) => note(&base, arguments).await,
        Command::Reply(arguments) => reply(&base, arguments).await,
        Command::Send(arguments) => ticket_deeds::send(&base, arguments).await,
        Command::Merge(arguments) => ticket_deeds::merge(&base, arguments).await,
        Command::Split(arguments) => ticket_deeds::split(&base, arguments).await,
        Command::Link(arguments) => ticket_deeds::link(&base, arguments).await,
        Command::Unlink(arguments) => ticket_deeds::unlink(&base, arguments).await,
        Command::New(arguments) => ticket_new::new(&base, arguments).await,
        Command::Snooze(arguments) => ticket_deeds::snooze(&base, arguments).await,
        Command::Spam(arguments) => ticket_deeds::spam(&base, arguments).await,
        Command::Block(arguments) => ticket_deeds::block(&base, arguments).await,
        Command::Unblock(arguments) => ticket_deeds::unblock(&base, arguments).await,
        Command::Page(arguments) => ticket_page::run(&base, &arguments).await,
    };
    base.close().await;
    ended.map(|()| ExitCode::SUCCESS)
}

async fn set(base: &Base, arguments: Set) -> anyhow::Result<()> {
    let actor = base.actor(arguments.actor.as_ref())?;
    let assignee = match arguments.assignee.as_deref() {
        None | Some("auto") => None,
        Some("nobody") => Some(None),
        Some(address) => Some(Some(address.parse::<EmailAddress>()?)),
    };
    anyhow::ensure!(
        arguments.reason.is_none()
            || arguments.status.is_some()
            || arguments.severity.is_some()
            || arguments.duplicate_of.is_some(),
        "--reason goes with --status, --severity or --duplicate-of; `deskgate ticket note {}` keeps words without a change",
        arguments.number
    );
    let change = Change {
        status: None,
        status_name: arguments.status,
        closed_as: arguments.closed_as,
        duplicate_of: arguments.duplicate_of,
        severity: arguments.severity,
        level: arguments.level,
        waits: arguments.waits,
        product: arguments.product.map(|name| Some(name).filter(|name| !name.eq_ignore_ascii_case("none"))),
        queue: arguments.queue.map(|name| Some(name).filter(|name| !name.eq_ignore_ascii_case("none"))),
        assign_anew: arguments.assignee.as_deref() == Some("auto"),
        assignee,
        requester: arguments.requester,
        add: arguments.add_participant,
        remove: arguments.remove_participant,
        reason: arguments.reason,
        ..Change::default()
    };
    let mut conn = base.pool.get().await?;
    let changed = base.desk.change(&mut conn, arguments.number, &change, &actor, Timestamp::now()).await?;
    if arguments.json {
        say(json!({ "id": arguments.number, "done": changed.done, "mails": changed.mails }).to_string());
        return Ok(());
    }
    match changed.done.is_empty() {
        true => say(format!("Ticket {}: nothing to change.", arguments.number)),
        false => say(format!(
            "Ticket {}: {}. {}",
            arguments.number,
            changed.done.join(", "),
            queued(changed.mails)
        )),
    }
    Ok(())
}

async fn ack(base: &Base, arguments: Ack) -> anyhow::Result<()> {
    let Ack { number, actor, json } = arguments;
    super::oncall::tell(base, number, &OnCall::Acknowledge, actor.as_ref(), json).await
}

async fn note(base: &Base, arguments: Words) -> anyhow::Result<()> {
    let actor = base.actor(arguments.actor.as_ref())?;
    let words = words(&arguments)?;
    let mut conn = base.pool.get().await?;
    base.desk.note(&mut conn, arguments.number, &words, &actor, Timestamp::now()).await?;
    match arguments.json {
        true => say(json!({ "id": arguments.number, "mails": 0 }).to_string()),
        false => say(format!("Ticket {}: noted.", arguments.number)),
    }
    Ok(())
}

async fn reply(base: &Base, arguments: Words) -> anyhow::Result<()> {
    let actor = base.actor(arguments.actor.as_ref())?;
    let words = words(&arguments)?;
    let mut conn = base.pool.get().await?;
    let mails = base.desk.reply(&mut conn, arguments.number, &words, &actor, Timestamp::now()).await?;
    match arguments.json {
        true => say(json!({ "id": arguments.number, "mails": mails }).to_string()),
        false => say(format!("Ticket {}: {}", arguments.number, queued(mails))),
    }
    Ok(())
}

/// The words of the argument, or of standard input.
fn words(arguments: &Words) -> anyhow::Result<String> {
    let words = match arguments.words.as_str() {
        "-" => {
            let mut words = String::new();
            std::io::stdin()
                .lock()
                .read_to_string(&mut words)
                .context("reading the words from standard input")?;
            words
        }
        words => words.to_owned(),
    };
    anyhow::ensure!(
        !words.trim().is_empty(),
        "there are no words to write; give them as TEXT or on standard input"
    );
    Ok(words)
}

/// The subject, or that there is none.
pub(super) fn titled(subject: &str) -> &str {
    if subject.is_empty() { "(no subject)" } else { subject }
}
