//! `deskgate ticket complete`, `ask` and `no-report`: what the gate read wrongly, or is to ask.

use jiff::Timestamp;
use serde_json::json;

use super::{base::Base, queued, say};
use crate::{
    domain::{EmailAddress, Slot, TicketId},
    ticket::Overrule,
};

#[derive(Debug, clap::Args)]
pub struct Slots {
    /// Whose word it is, and how it is told.
    #[command(flatten)]
    about: About,
    /// Which of them: steps, actual, expected.
    #[arg(value_name = "FACT")]
    slots: Vec<Slot>,
}

#[derive(Debug, clap::Args)]
pub struct About {
    /// Its number.
    number: TicketId,
    /// Who says it; without it the first admin, lead or agent.
    #[arg(long = "as", value_name = "EMAIL")]
    actor: Option<EmailAddress>,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
}

pub async fn complete(base: &Base, arguments: Slots) -> anyhow::Result<()> {
    overrule(base, &arguments.about, Overrule::Complete(arguments.slots)).await
}

pub async fn ask(base: &Base, arguments: Slots) -> anyhow::Result<()> {
    overrule(base, &arguments.about, Overrule::Ask(arguments.slots)).await
}

pub async fn no_report(base: &Base, about: About) -> anyhow::Result<()> {
    overrule(base, &about, Overrule::NoReport).await
}

async fn overrule(base: &Base, about: &About, word: Overrule) -> anyhow::Result<()> {
    let actor = base.actor(about.actor.as_ref())?;
    let mut conn = base.pool.get().await?;
    let changed = base.desk.overrule(&mut conn, about.number, &word, &actor, Timestamp::now()).await?;
    match (about.json, changed.done.is_empty()) {
        (true, _) => {
            say(json!({ "id": about.number, "done": changed.done, "mails": changed.mails }).to_string());
        }
        (false, true) => say(format!("Ticket {}: it is so already.", about.number)),
        (false, false) => {
            say(format!("Ticket {}: {}. {}", about.number, changed.done.join(", "), queued(changed.mails)))
        }
    }
    Ok(())
}
