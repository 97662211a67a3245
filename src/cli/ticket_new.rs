//! `deskgate ticket new`: what a customer said on the telephone or in a chat, written down as their ticket.

use std::io::Read;

use anyhow::Context;
use jiff::Timestamp;
use serde_json::json;

use super::{base::Base, say};
use crate::{
    desk::{Noted, Way},
    domain::{EmailAddress, NamedAddress},
    ticket::Severity,
};

#[derive(Debug, clap::Args)]
pub struct New {
    /// Whose it is: the address of the customer.
    #[arg(long, value_name = "EMAIL")]
    from: EmailAddress,
    /// What they are called.
    #[arg(long, default_value = "")]
    name: String,
    /// How it came: phone, chat or other.
    #[arg(long, default_value = "phone")]
    by: Way,
    /// What it is about.
    #[arg(long)]
    subject: String,
    /// What they said; - reads standard input.
    #[arg(default_value = "-")]
    words: String,
    /// The mailbox out of which they are answered; without it the first.
    #[arg(long)]
    mailbox: Option<String>,
    /// How bad it is.
    #[arg(long)]
    severity: Option<Severity>,
    /// Tell them that there is a ticket.
    #[arg(long)]
    tell: bool,
    /// It is yours.
    #[arg(long)]
    take: bool,
    /// Who writes it down; without it the first admin, lead or agent.
    #[arg(long = "as", value_name = "EMAIL")]
    actor: Option<EmailAddress>,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
}

pub async fn new(base: &Base, arguments: New) -> anyhow::Result<()> {
    let actor = base.actor(arguments.actor.as_ref())?;
    let mut words = arguments.words;
    if words == "-" {
        words.clear();
        std::io::stdin()
            .lock()
            .read_to_string(&mut words)
            .context("reading the words from standard input")?;
    }
    let noted = Noted {
        from: NamedAddress::new(&arguments.name, arguments.from),
        by: arguments.by,
        subject: arguments.subject,
        words,
        mailbox: arguments.mailbox,
        severity: arguments.severity,
        tell: arguments.tell,
        take: arguments.take,
    };
    let now = Timestamp::now();
    let mut conn = base.pool.get().await?;
    let id = base.desk.note_down(&mut conn, &noted, None, &actor, now).await?;
    match arguments.json {
        true => say(json!({ "id": id }).to_string()),
        false => say(format!("Ticket {id}: opened for {}.", noted.from.address)),
    }
    Ok(())
}
