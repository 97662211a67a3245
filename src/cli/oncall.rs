//! `deskgate oncall`: who is on call, for what, and everything that people on call may say.

use std::process::ExitCode;

use jiff::Timestamp;
use serde_json::json;

use super::{Config, base::Base, say};
use crate::{
    desk::{OnCallNow, TicketOnCall},
    domain::{EmailAddress, TicketId},
    ticket::{OnCall, PlanWord},
};

/// `deskgate oncall`
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// As JSON.
    #[arg(long, global = true)]
    json: bool,
    /// Who does it; without it the first admin, lead or agent.
    #[arg(long = "as", value_name = "EMAIL", global = true)]
    actor: Option<EmailAddress>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// The chain, and the tickets for which somebody is on call (this is what happens without a command).
    Show,
    /// The tickets for which somebody is called at this moment, and nothing else.
    Now,
    /// Somebody has it: nobody else is called.
    Ack(About),
    /// Nobody has it any more: the next are called.
    Unack(About),
    /// Call somebody.
    Page {
        /// The ticket.
        number: TicketId,
        /// A name, a part of one, or an address.
        who: String,
    },
    /// News for the customer and the stakeholders.
    Update {
        /// The ticket.
        number: TicketId,
        /// The news.
        words: String,
    },
    /// The proposed shifts stand.
    Confirm(About),
    /// There are to be no shifts.
    Decline(About),
    /// A shift is somebody else's.
    Shift {
        /// The ticket.
        number: TicketId,
        /// The shift.
        shift: u32,
        /// Whose it is to be.
        who: String,
    },
    /// Two shifts change hands.
    Swap {
        /// The ticket.
        number: TicketId,
        /// The shift.
        shift: u32,
        /// The other shift, or a person whose nearest one it is.
        with: String,
    },
}

#[derive(Debug, clap::Args)]
struct About {
    /// The ticket.
    number: TicketId,
}

/// Runs the command.
pub async fn run(config: &Config, arguments: Arguments) -> anyhow::Result<ExitCode> {
    let base = Base::open(config).await?;
    let ended = dispatch(&base, arguments).await;
    base.close().await;
    ended.map(|()| ExitCode::SUCCESS)
}

async fn dispatch(base: &Base, arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { command, json, actor } = arguments;
    let (number, said) = match command.unwrap_or(Command::Show) {
        Command::Show => return show(base, json, true).await,
        Command::Now => return show(base, json, false).await,
        Command::Ack(About { number }) => (number, OnCall::Acknowledge),
        Command::Unack(About { number }) => (number, OnCall::Release),
        Command::Page { number, who } => (number, OnCall::Page(who)),
        Command::Update { number, words } => (number, OnCall::Update(words)),
        Command::Confirm(About { number }) => (number, OnCall::Plan(PlanWord::Confirm)),
        Command::Decline(About { number }) => (number, OnCall::Plan(PlanWord::Decline)),
        Command::Shift { number, shift, who } => (number, OnCall::Plan(PlanWord::Give(shift, who))),
        Command::Swap { number, shift, with } => (number, OnCall::Plan(PlanWord::Swap(shift, with))),
    };
    tell(base, number, &said, actor.as_ref(), json).await
}

/// Says something about a ticket for which somebody is on call.
pub async fn tell(
    base: &Base,
    number: TicketId,
    said: &OnCall,
    actor: Option<&EmailAddress>,
    json: bool,
) -> anyhow::Result<()> {
    let actor = base.actor(actor)?;
    let mut conn = base.pool.get().await?;
    let changed = base.desk.on_call(&mut conn, number, said, &actor, Timestamp::now()).await?;
    match (json, changed.done.is_empty()) {
        (true, _) => say(json!({ "id": number, "done": changed.done }).to_string()),
        (false, true) => say(format!("Ticket {number}: it is so already.")),
        (false, false) => say(format!("Ticket {number}: {}.", changed.done.join(", "))),
    }
    Ok(())
}

async fn show(base: &Base, json: bool, chain: bool) -> anyhow::Result<()> {
    let mut conn = base.pool.get().await?;
    let now = base.desk.on_call_now(&mut conn, Timestamp::now()).await?;
    match json {
        true => say(serde_json::to_string_pretty(&now)?),
        false => print(&now, chain),
    }
    Ok(())
}

fn print(now: &OnCallNow, chain: bool) {
    if chain {
        match now.chain.is_empty() {
            true => say("Nobody is called: [oncall] chain is empty."),
            false => say("Called, one after the other:"),
        }
        for (at, (step, people)) in (1..).zip(&now.chain) {
            let who = if people.is_empty() { "nobody at this moment".to_owned() } else { listed(people) };
            say(format!("  {at}. {step:<30} {who}"));
        }
        say(if now.pager { "Pagers are told by HTTP." } else { "No pager is configured." });
    }
    if now.tickets.is_empty() {
        say("No ticket has anybody called.");
    }
    now.tickets.iter().for_each(print_ticket);
}

fn print_ticket(ticket: &TicketOnCall) {
    say("");
    let severity = ticket.severity.map_or(String::new(), |severity| format!(", severity {severity}"));
    say(format!("{}  {}{severity}, since {}", ticket.reference, ticket.subject, ticket.since));
    match (&ticket.acknowledged_by, ticket.next_at) {
        (Some(who), _) => say(format!("  {who} has it")),
        (None, Some(at)) => say(format!(
            "  nobody has answered; called: {}; next: {} at {at}",
            listed(&ticket.called),
            listed(&ticket.next)
        )),
        (None, None) => say("  nobody is called"),
    }
    if let Some(due) = ticket.update_due {
        say(format!("  the next news are promised by {due}"));
    }
    if ticket.pager_waiting > 0 {
        say(format!("  {} requests to the pager wait", ticket.pager_waiting));
    }
    if let Some(plan) = &ticket.plan {
        say(format!("  shifts ({}):", plan.state));
        for shift in &plan.shifts {
            say(format!("    {:>2}  {}  {}", shift.number, shift.when, shift.who));
        }
    }
}

fn listed(people: &[EmailAddress]) -> String {
    let people: Vec<&str> = people.iter().map(EmailAddress::as_str).collect();
    people.join(", ")
}
