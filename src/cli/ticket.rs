//! `deskgate ticket`: the desk from a terminal.

use std::{io::Read, process::ExitCode};

use anyhow::Context;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};

use super::{
    Config, base::Base, queued, say, ticket_clocks, ticket_deeds, ticket_gate, ticket_page, ticket_similar,
};
use crate::{
    desk::{self, Change, Desk, TicketView},
    domain::{EmailAddress, TicketId, reference, text},
    store::tickets::{self, Filter},
    ticket::{ClosedAs, Level, OnCall, Severity},
};

/// `deskgate ticket`
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// The newest tickets.
    List(List),
    /// Everything about one ticket.
    Show(Show),
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
    /// Put it out of the way until a time, or until the customer writes.
    Snooze(ticket_deeds::Snooze),
    /// Close it; nobody outside is written to about it.
    Spam(ticket_deeds::One),
    /// Set aside what its requester, or somebody else, sends from now on.
    Block(ticket_deeds::Block),
    /// Take that back.
    Unblock(ticket_deeds::Block),
    /// Write it as a page with its files, to open in a browser or to hand over.
    Page(ticket_page::Arguments),
}

#[derive(Debug, clap::Args)]
pub struct List {
    /// Only those new, accepted, resolved, verified or closed, or in a status of the site's own.
    #[arg(long, value_name = "NAME")]
    status: Option<String>,
    /// Only those of this severity, 1 to 4.
    #[arg(long)]
    severity: Option<Severity>,
    /// Only those of this member of staff.
    #[arg(long, value_name = "EMAIL")]
    assignee: Option<EmailAddress>,
    /// Only those about this product.
    #[arg(long, value_name = "NAME")]
    product: Option<String>,
    /// Only those in this queue.
    #[arg(long, value_name = "NAME")]
    queue: Option<String>,
    /// Only those that wait for the customer.
    #[arg(long)]
    waiting: bool,
    /// Only those of which something promised is over or soon will be, the most pressing first.
    #[arg(long)]
    breaching: bool,
    /// At most so many.
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// As a JSON array.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct Show {
    /// Its number.
    number: TicketId,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
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
        Command::List(arguments) => list(&base, &arguments).await,
        Command::Show(arguments) => show(&base, &arguments).await,
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
        Command::Snooze(arguments) => ticket_deeds::snooze(&base, arguments).await,
        Command::Spam(arguments) => ticket_deeds::spam(&base, arguments).await,
        Command::Block(arguments) => ticket_deeds::block(&base, arguments).await,
        Command::Unblock(arguments) => ticket_deeds::unblock(&base, arguments).await,
        Command::Page(arguments) => ticket_page::run(&base, &arguments).await,
    };
    base.close().await;
    ended.map(|()| ExitCode::SUCCESS)
}

async fn list(base: &Base, arguments: &List) -> anyhow::Result<()> {
    let mut conn = base.pool.get().await?;
    let assignee = match &arguments.assignee {
        None => None,
        Some(address) => {
            let person = crate::store::people::by_address(&mut conn, address).await?;
            Some(person.with_context(|| format!("no ticket was ever assigned to {address}"))?.id)
        }
    };
    let pressing = match arguments.breaching {
        true => crate::store::clocks::pressing(&mut conn, Timestamp::now()).await?,
        false => Vec::new(),
    };
    let workflow = &base.desk.settings.workflow;
    let goal = arguments.status.as_deref().map(|name| workflow.goal(name)).transpose()?;
    let filter = Filter {
        status: goal.as_ref().map(|(_, means)| *means),
        status_name: goal.map(|(goal, _)| workflow.kept(&goal)).unwrap_or_default(),
        severity: arguments.severity,
        assignee,
        waiting: arguments.waiting.then_some(true),
        among: arguments.breaching.then(|| pressing.clone()),
        product: arguments.product.clone(),
        queue: arguments.queue.clone(),
    };
    let mut rows = tickets::list(&mut conn, &filter, i64::from(arguments.limit)).await?;
    rows.sort_by_key(|(ticket, _)| pressing.iter().position(|id| *id == ticket.id));
    let prefix = &base.desk.settings.site.reference;
    if arguments.json {
        let all: Vec<Value> =
            rows.iter().map(|(ticket, requester)| line(&base.desk, ticket, requester.as_ref())).collect();
        say(serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    if rows.is_empty() {
        say("No tickets.");
    }
    for (ticket, requester) in rows {
        let severity = ticket.severity().map_or("–".into(), |severity| format!("sev {severity}"));
        let waiting = match (ticket.waiting_for_customer, ticket.incomplete) {
            (true, _) => " (waiting for the customer)",
            (false, true) => " (incomplete)",
            (false, false) => "",
        };
        let who = requester.map_or("nobody".into(), |person| person.address);
        let reference = reference::reference(prefix, ticket.id);
        let status = base.desk.state_of(&ticket).shown();
        say(format!(
            "{reference:<8} {status:<9} {severity:<6} {who:<32} {}{waiting}",
            titled(&ticket.subject)
        ));
    }
    Ok(())
}

fn line(desk: &Desk, ticket: &tickets::Ticket, requester: Option<&crate::store::people::Person>) -> Value {
    let (prefix, state) = (&desk.settings.site.reference, desk.state_of(ticket));
    json!({
        "id": ticket.id, "reference": reference::reference(prefix, ticket.id), "subject": ticket.subject,
        "status": ticket.status.0, "status_name": state.name, "status_label": state.shown(), "severity": ticket.severity().map(|severity| severity.number()),
        "level": ticket.level().map(|level| level.number()), "source": ticket.source.0,
        "product": ticket.product, "queue": ticket.queue,
        "requester": requester.map(|person| json!({ "name": person.name, "address": person.address })),
        "waiting_on": ticket.waiting_for_customer.then_some("customer"),
        "incomplete": ticket.incomplete,
        "created_at": ticket.created_at.to_jiff(), "changed_at": ticket.changed_at.to_jiff(),
    })
}

async fn show(base: &Base, arguments: &Show) -> anyhow::Result<()> {
    let mut conn = base.pool.get().await?;
    let view = desk::show(&base.desk, &mut conn, arguments.number, Timestamp::now()).await?;
    match arguments.json {
        true => say(serde_json::to_string_pretty(&view)?),
        false => print(&view, &base.desk.settings.site.zone),
    }
    Ok(())
}

fn print(view: &TicketView, zone: &TimeZone) {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    say(format!("{}  {}", view.reference, titled(&view.subject)));
    let severity = view.severity.map_or("no severity".into(), |number| format!("severity {number}"));
    let level = view.level.map_or("no level".into(), |number| format!("level {number}"));
    let waiting = if view.waiting_on.is_some() { ", waiting for the customer" } else { "" };
    let incomplete = if view.gate["incomplete"] == true { ", incomplete" } else { "" };
    say(format!("  {}, {severity}, {level}{waiting}{incomplete}", view.status_label));
    if let Some(requester) = &view.requester {
        say(format!("  from {} <{}>", word(&requester["name"]), word(&requester["address"])));
    }
    if let Some(product) = &view.product {
        say(format!("  about {product}"));
    }
    if let Some(queue) = &view.queue {
        say(format!("  in the queue {queue}"));
    }
    if let Some(assignee) = &view.assignee {
        say(format!("  assigned to {assignee}"));
    }
    for clock in &view.clocks {
        say(format!("  {}", ticket_clocks::line(clock, zone)));
    }
    print_aside(view);
    if let Some(because) = &view.unassigned_because {
        say(format!("  assigned to nobody: {because}"));
    }
    let company = view.participants.iter().filter(|who| who["role"] != "requester");
    for who in company {
        say(format!("  {} {} <{}>", word(&who["role"]), word(&who["name"]), word(&who["address"])));
    }
    for slot in ["steps", "actual", "expected"] {
        if let Some(found) = view.gate.get(slot) {
            let quote = text::line(found["evidence"][0]["text"].as_str().unwrap_or_default());
            say(format!("  {slot:<9} {:<8} {quote}", word(&found["verdict"])));
        }
    }
    for message in &view.messages {
        say("");
        let author = word(&message["from"]);
        say(format!(
            "  {} {} {} {author}",
            word(&message["at"]),
            word(&message["direction"]),
            word(&message["kind"])
        ));
        for line in word(&message["own_text"]).trim().lines() {
            say(format!("  │ {line}"));
        }
        for file in message["attachments"].as_array().into_iter().flatten() {
            say(format!("  + {} ({} bytes)", word(&file["name"]), file["size"]));
        }
    }
    say("");
    for entry in &view.journal {
        say(format!(
            "  {} {} {} {}",
            word(&entry["at"]),
            word(&entry["actor"]),
            word(&entry["event"]),
            entry["detail"]
        ));
    }
}

/// What keeps it, or words about it, out of the way.
fn print_aside(view: &TicketView) {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if let Some(into) = view.merged_into {
        say(format!("  part of ticket {into} now"));
    }
    if view.spam {
        say("  spam: nobody outside is written to about it");
    }
    if view.snoozed {
        let until = view.snoozed_until.map_or("the customer writes".into(), |at| at.to_string());
        say(format!("  snoozed until {until}"));
    }
    for held in view.held.iter().filter(|held| held["settled_as"].is_null()) {
        say(format!("  held: words of {}: {}", word(&held["agent"]), word(&held["why"])));
        for line in word(&held["words"]).lines().chain(word(&held["commands"]).lines()) {
            say(format!("  │ {line}"));
        }
    }
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

fn titled(subject: &str) -> &str {
    if subject.is_empty() { "(no subject)" } else { subject }
}
