//! `deskgate ticket merge`, `split`, `spam` and the like: what staff also command by mail.

use jiff::Timestamp;
use serde_json::json;

use super::{base::Base, queued, say};
use crate::{
    desk::{Changed, Telling},
    domain::{EmailAddress, MessageRowId, Sender, TicketId},
    ticket::snooze::Until,
};

#[derive(Debug, clap::Args)]
pub struct Who {
    /// Who does it; without it the first admin, lead or agent.
    #[arg(long = "as", value_name = "EMAIL")]
    actor: Option<EmailAddress>,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct Merge {
    /// The ticket that becomes part of the other.
    number: TicketId,
    /// The other.
    into: TicketId,
    /// Words for the requester, who is told.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    who: Who,
}

#[derive(Debug, clap::Args)]
pub struct Split {
    /// The ticket that has the mail.
    number: TicketId,
    /// The mail, by its id in `ticket show --json`.
    #[arg(long, value_name = "ID")]
    message: i64,
    /// The subject of the new ticket; without it that of the mail.
    #[arg(long, value_name = "TEXT")]
    subject: Option<String>,
    #[command(flatten)]
    who: Who,
}

#[derive(Debug, clap::Args)]
pub struct Pair {
    /// One ticket.
    number: TicketId,
    /// The other.
    other: TicketId,
    #[command(flatten)]
    who: Who,
}

#[derive(Debug, clap::Args)]
pub struct One {
    /// Its number.
    number: TicketId,
    #[command(flatten)]
    who: Who,
}

#[derive(Debug, clap::Args)]
pub struct Spam {
    /// Its number.
    number: TicketId,
    /// It was no spam, and stands where it stood before.
    #[arg(long)]
    off: bool,
    #[command(flatten)]
    who: Who,
}

#[derive(Debug, clap::Args)]
pub struct Snooze {
    /// Its number.
    number: TicketId,
    /// 12h, 3d, 2w, a day such as 2026-12-01, reply, or off.
    #[arg(value_parser = until)]
    until: Pause,
    #[command(flatten)]
    who: Who,
}

#[derive(Debug, clap::Args)]
pub struct Block {
    /// Its number.
    number: TicketId,
    /// An address, or @ and a domain; without it the requester.
    sender: Option<Sender>,
    #[command(flatten)]
    who: Who,
}

/// Out of the way, or no longer.
#[derive(Clone, Copy, Debug)]
enum Pause {
    Until(Until),
    Off,
}

fn until(text: &str) -> Result<Pause, String> {
    let read = if text == "off" { Some(Pause::Off) } else { Until::read(text).map(Pause::Until) };
    read.ok_or_else(|| "give 12h, 3d, 2w, a day such as 2026-12-01, reply, or off".to_owned())
}

pub async fn merge(base: &Base, arguments: Merge) -> anyhow::Result<()> {
    let actor = base.actor(arguments.who.actor.as_ref())?;
    let mut conn = base.pool.get().await?;
    let telling = Telling { words: arguments.reason, ..Telling::default() };
    let both = (arguments.number, arguments.into);
    let changed = base.desk.merge(&mut conn, both, &telling, &actor, Timestamp::now()).await?;
    tell(arguments.number, &changed, arguments.who.json);
    Ok(())
}

pub async fn split(base: &Base, arguments: Split) -> anyhow::Result<()> {
    let actor = base.actor(arguments.who.actor.as_ref())?;
    let mut conn = base.pool.get().await?;
    let (message, subject) = (MessageRowId(arguments.message), arguments.subject.as_deref());
    let number = arguments.number;
    let changed = base.desk.split(&mut conn, number, message, subject, &actor, Timestamp::now()).await?;
    tell(arguments.number, &changed, arguments.who.json);
    Ok(())
}

pub async fn link(base: &Base, arguments: Pair) -> anyhow::Result<()> {
    let actor = base.actor(arguments.who.actor.as_ref())?;
    let mut conn = base.pool.get().await?;
    let both = (arguments.number, arguments.other);
    let changed = base.desk.relate(&mut conn, both, &actor, Timestamp::now()).await?;
    tell(arguments.number, &changed, arguments.who.json);
    Ok(())
}

pub async fn unlink(base: &Base, arguments: Pair) -> anyhow::Result<()> {
    let actor = base.actor(arguments.who.actor.as_ref())?;
    let mut conn = base.pool.get().await?;
    let both = (arguments.number, arguments.other);
    let changed = base.desk.unrelate(&mut conn, both, &actor, Timestamp::now()).await?;
    tell(arguments.number, &changed, arguments.who.json);
    Ok(())
}

pub async fn spam(base: &Base, arguments: Spam) -> anyhow::Result<()> {
    let actor = base.actor(arguments.who.actor.as_ref())?;
    let mut conn = base.pool.get().await?;
    let changed = match arguments.off {
        false => base.desk.spam(&mut conn, arguments.number, &actor, Timestamp::now()).await?,
        true => base.desk.no_spam(&mut conn, arguments.number, &actor, Timestamp::now()).await?,
    };
    tell(arguments.number, &changed, arguments.who.json);
    Ok(())
}

pub async fn send(base: &Base, arguments: One) -> anyhow::Result<()> {
    let actor = base.actor(arguments.who.actor.as_ref())?;
    let mut conn = base.pool.get().await?;
    let changed = base.desk.send_held(&mut conn, arguments.number, &actor, Timestamp::now()).await?;
    tell(arguments.number, &changed, arguments.who.json);
    Ok(())
}

pub async fn snooze(base: &Base, arguments: Snooze) -> anyhow::Result<()> {
    let actor = base.actor(arguments.who.actor.as_ref())?;
    let mut conn = base.pool.get().await?;
    let (number, until) = (arguments.number, arguments.until);
    let changed = match until {
        Pause::Until(until) => base.desk.snooze(&mut conn, number, until, &actor, Timestamp::now()).await?,
        Pause::Off => base.desk.bring_back(&mut conn, number, &actor, Timestamp::now()).await?,
    };
    tell(arguments.number, &changed, arguments.who.json);
    Ok(())
}

pub async fn block(base: &Base, arguments: Block) -> anyhow::Result<()> {
    let actor = base.actor(arguments.who.actor.as_ref())?;
    let mut conn = base.pool.get().await?;
    let (ticket, sender) = (Some(arguments.number), arguments.sender);
    let changed = base.desk.block(&mut conn, ticket, sender, &actor, Timestamp::now()).await?;
    tell(arguments.number, &changed, arguments.who.json);
    Ok(())
}

pub async fn unblock(base: &Base, arguments: Block) -> anyhow::Result<()> {
    let actor = base.actor(arguments.who.actor.as_ref())?;
    let mut conn = base.pool.get().await?;
    let (ticket, sender) = (Some(arguments.number), arguments.sender);
    let changed = base.desk.unblock(&mut conn, ticket, sender, &actor, Timestamp::now()).await?;
    tell(arguments.number, &changed, arguments.who.json);
    Ok(())
}

fn tell(number: TicketId, changed: &Changed, as_json: bool) {
    match (as_json, changed.done.is_empty()) {
        (true, _) => say(json!({ "id": number, "done": changed.done, "mails": changed.mails }).to_string()),
        (false, true) => say(format!("Ticket {number}: it is so already.")),
        (false, false) => {
            say(format!("Ticket {number}: {}. {}", changed.done.join(", "), queued(changed.mails)));
        }
    }
}
