//! `deskgate outbox`: mails on their way out.

use std::process::ExitCode;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Config, base::Base, say};
use crate::{
    domain::OutboxId,
    store::{
        outbox::{self, Line, OutboxState},
        pauses,
        pool::{News, announce},
    },
};

/// `deskgate outbox`
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// The newest mails.
    List {
        /// Only those waiting, sent, failed or withdrawn.
        #[arg(long)]
        state: Option<OutboxState>,
        /// At most so many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// As a JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Send mails now that wait or failed.
    Retry {
        /// Their numbers.
        #[arg(required = true)]
        numbers: Vec<OutboxId>,
    },
}

/// Runs one of the commands.
pub async fn run(config: &Config, command: Command) -> anyhow::Result<ExitCode> {
    let base = Base::open(config).await?;
    let ended = match command {
        Command::List { state, limit, json } => list(&base, state, limit, json).await,
        Command::Retry { numbers } => retry(&base, &numbers).await,
    };
    base.close().await;
    ended
}

async fn list(base: &Base, state: Option<OutboxState>, limit: u32, json: bool) -> anyhow::Result<ExitCode> {
    let mut conn = base.pool.get().await?;
    let lines = outbox::list(&mut conn, state, i64::from(limit)).await?;
    let waits = base.desk.waits(&mut conn, Timestamp::now()).await?;
    if json {
        let all: Vec<Value> = lines.iter().map(|line| object(line, waits.of(line))).collect();
        say(serde_json::to_string_pretty(&all)?);
        return Ok(ExitCode::SUCCESS);
    }
    if lines.is_empty() {
        say("No mails.");
    }
    for line in lines {
        let notice = line.notice.0.to_string();
        let about = line.ticket_id.map_or_else(|| "the desk".to_owned(), |id| format!("ticket {id}"));
        let said = match waits.of(&line) {
            Some((until, why)) => format!("next try {:.19}: {why}", until.to_string()),
            None => line.last_reply.clone().unwrap_or_default(),
        };
        say(format!(
            "{:<6} {:.19} {:<8} {about:<13} {notice:<20} {:<32} {said}",
            line.id.0,
            line.created_at.to_jiff().to_string(),
            line.state.0.to_string(),
            line.recipient
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn object(line: &Line, waits: Option<(Timestamp, String)>) -> Value {
    json!({
        "id": line.id, "ticket": line.ticket_id, "notice": line.notice.0, "recipient": line.recipient,
        "message_id": line.header_id, "state": line.state.0, "attempts": line.attempts,
        "due_at": line.due_at.to_jiff(), "last_reply": line.last_reply,
        "bounced_at": line.bounced_at.map(|at| at.to_jiff()), "created_at": line.created_at.to_jiff(),
        "sent_at": line.sent_at.map(|at| at.to_jiff()),
        "next_try_at": waits.as_ref().map(|(until, _)| until), "waits_for": waits.as_ref().map(|(_, why)| why),
    })
}

async fn retry(base: &Base, numbers: &[OutboxId]) -> anyhow::Result<ExitCode> {
    let mut conn = base.pool.get().await?;
    let mut code = ExitCode::SUCCESS;
    for &id in numbers {
        if outbox::retry(&mut conn, id, Timestamp::now()).await? {
            pauses::end_for(&mut conn, id).await?;
            let waits = base.desk.waits(&mut conn, Timestamp::now()).await?;
            say(match outbox::line(&mut conn, id).await?.and_then(|line| waits.kept_by(&line)) {
                Some(why) => format!("Mail {id} is sent as soon as it may: {why}."),
                None => format!("Mail {id} is sent now."),
            });
        } else {
            code = ExitCode::FAILURE;
            say(format!("Mail {id} is not there, or was sent or withdrawn already."));
        }
    }
    announce(&mut conn, News::Outbox).await?;
    Ok(code)
}
