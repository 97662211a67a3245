//! `deskgate ticket similar` and `deskgate ticket answer`.

use jiff::Timestamp;
use serde_json::json;

use super::{base::Base, queued, say};
use crate::{
    domain::{EmailAddress, TicketId},
    ticket::command::KnownAnswer,
};

#[derive(Debug, clap::Args)]
pub struct Similar {
    /// Its number.
    number: TicketId,
    /// As a JSON array.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct Answer {
    /// Its number.
    number: TicketId,
    /// The name of a known answer.
    name: String,
    /// Words to go below it.
    words: Option<String>,
    /// Close the ticket as answered with it.
    #[arg(long)]
    close: bool,
    /// Who sends it; without it the first admin, lead or agent.
    #[arg(long = "as", value_name = "EMAIL")]
    actor: Option<EmailAddress>,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
}

pub async fn similar(base: &Base, arguments: &Similar) -> anyhow::Result<()> {
    let mut conn = base.pool.get().await?;
    let found = base.desk.similar(&mut conn, arguments.number).await?;
    if arguments.json {
        say(serde_json::to_string_pretty(&found)?);
        return Ok(());
    }
    if found.is_empty() {
        say(format!("Nothing looks like ticket {}.", arguments.number));
    }
    for kin in found {
        let subject = if kin.subject.is_empty() { "(no subject)" } else { &kin.subject };
        let answers: String = kin.answers.iter().map(|name| format!(", #answer {name}")).collect();
        say(format!("{:<8} {:.2}  {subject}  ({}{answers})", kin.reference, kin.score, kin.standing()));
    }
    Ok(())
}

pub async fn answer(base: &Base, arguments: Answer) -> anyhow::Result<()> {
    let actor = base.actor(arguments.actor.as_ref())?;
    let wanted = KnownAnswer { name: arguments.name, close: arguments.close, words: arguments.words };
    let mut conn = base.pool.get().await?;
    let changed =
        base.desk.send_answer(&mut conn, arguments.number, &wanted, &actor, Timestamp::now()).await?;
    match arguments.json {
        true => {
            say(json!({ "id": arguments.number, "done": changed.done, "mails": changed.mails }).to_string())
        }
        false => say(format!(
            "Ticket {}: {}. {}",
            arguments.number,
            changed.done.join(", "),
            queued(changed.mails)
        )),
    }
    Ok(())
}
