//! `deskgate inbox`: the ledger of mails that came in.

use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
};

use anyhow::Context;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Config, base::Base, say};
use crate::{
    domain::{EmailAddress, InboundId, text},
    store::{
        inbound::{self, InboundState, Line},
        pool::{News, announce},
    },
};

/// `deskgate inbox`
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// The newest mails.
    List {
        /// Only those waiting, done, quarantined or discarded.
        #[arg(long)]
        state: Option<InboundState>,
        /// At most so many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// As a JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Print a mail exactly as it came; on a terminal, without what could control it.
    Show {
        /// Its number.
        number: InboundId,
    },
    /// Put quarantined mails through the pipeline again.
    Retry {
        /// Their numbers.
        #[arg(required = true)]
        numbers: Vec<InboundId>,
    },
    /// Make a ticket of a quarantined mail as it is, unread: what its first lines say, and the
    /// whole mail as a file. It is answered to nobody.
    Ticket {
        /// Its number.
        number: InboundId,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Who does it; needed when there are several staff.
        #[arg(long = "as", value_name = "EMAIL")]
        actor: Option<EmailAddress>,
    },
    /// Decide that nothing is to be made of a quarantined mail; its bytes stay.
    Discard {
        /// Its number.
        number: InboundId,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Who does it; without it the first admin, lead or agent.
        #[arg(long = "as", value_name = "EMAIL")]
        actor: Option<EmailAddress>,
    },
    /// Take a mail in that was set aside: a ticket is made of it, whatever it is.
    Take {
        /// Its number.
        number: InboundId,
        /// Who does it; without it the first admin, lead or agent.
        #[arg(long = "as", value_name = "EMAIL")]
        actor: Option<EmailAddress>,
    },
    /// Say why a mail became what it became.
    Explain {
        /// Its number.
        number: InboundId,
        /// As a JSON object.
        #[arg(long)]
        json: bool,
    },
}

/// Runs one of the commands.
pub async fn run(config: &Config, command: Command) -> anyhow::Result<ExitCode> {
    let base = Base::open(config).await?;
    let ended = match command {
        Command::List { state, limit, json } => list(&base, state, limit, json).await,
        Command::Show { number } => show(&base, number).await,
        Command::Retry { numbers } => retry(&base, &numbers).await,
        Command::Ticket { number, reason, actor } => ticket(&base, number, &reason, actor.as_ref()).await,
        Command::Discard { number, reason, actor } => discard(&base, number, &reason, actor.as_ref()).await,
        Command::Take { number, actor } => take(&base, number, actor.as_ref()).await,
        Command::Explain { number, json } => explain(&base, number, json).await,
    };
    base.close().await;
    ended
}

async fn list(base: &Base, state: Option<InboundState>, limit: u32, json: bool) -> anyhow::Result<ExitCode> {
    let mut conn = base.pool.get().await?;
    let lines = inbound::list(&mut conn, state, i64::from(limit)).await?;
    if json {
        let all: Vec<Value> = lines.iter().map(object).collect();
        say(serde_json::to_string_pretty(&all)?);
        return Ok(ExitCode::SUCCESS);
    }
    if lines.is_empty() {
        say("No mails.");
    }
    for line in lines {
        let ticket = line.ticket_id.map(|id| format!("ticket {id}")).unwrap_or_default();
        let cause = line.cause.map(|cause| format!("{}: ", cause.0)).unwrap_or_default();
        let what = line.outcome.or(line.error.map(|error| cause + &error)).unwrap_or_default();
        say(format!(
            "{:<6} {:.19} {:<11} {:>9} bytes  {what} {ticket}",
            line.id.0,
            line.stored_at.to_jiff().to_string(),
            line.state.0.to_string(),
            line.size_bytes
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn object(line: &Line) -> Value {
    json!({
        "id": line.id, "mailbox": line.mailbox_id, "uid": line.uid, "stored_at": line.stored_at.to_jiff(),
        "size": line.size_bytes, "state": line.state.0, "attempts": line.attempts, "outcome": line.outcome,
        "why": line.why, "error": line.error,
        "cause": line.cause.map(|cause| cause.0), "ticket": line.ticket_id,
    })
}

async fn show(base: &Base, id: InboundId) -> anyhow::Result<ExitCode> {
    let mut conn = base.pool.get().await?;
    let raw = inbound::raw(&mut conn, id).await?.with_context(|| format!("there is no mail {id}"))?;
    let mut out = std::io::stdout().lock();
    let shown = match out.is_terminal() {
        true => text::clean(&String::from_utf8_lossy(&raw)).into_bytes(),
        false => raw,
    };
    out.write_all(&shown).context("writing the mail to standard output")?;
    Ok(ExitCode::SUCCESS)
}

async fn retry(base: &Base, numbers: &[InboundId]) -> anyhow::Result<ExitCode> {
    let mut conn = base.pool.get().await?;
    let mut code = ExitCode::SUCCESS;
    for &id in numbers {
        if inbound::retry(&mut conn, id, Timestamp::now()).await? {
            say(format!("Mail {id} is processed again."));
        } else {
            code = ExitCode::FAILURE;
            say(format!("Mail {id} is not there, or is not in quarantine."));
        }
    }
    announce(&mut conn, News::Inbound).await?;
    Ok(code)
}

async fn ticket(
    base: &Base,
    id: InboundId,
    reason: &str,
    actor: Option<&EmailAddress>,
) -> anyhow::Result<ExitCode> {
    let actor = base.actor(actor)?;
    let mut conn = base.pool.get().await?;
    let opened = base.desk.open_unread(&mut conn, id, &text::line(reason), &actor, Timestamp::now()).await?;
    let Some(ticket) = opened else {
        say(format!("Mail {id} is not there, or is not in quarantine."));
        return Ok(ExitCode::FAILURE);
    };
    say(format!("Mail {id} is kept with ticket {ticket}, whole and unread; nobody was answered."));
    Ok(ExitCode::SUCCESS)
}

async fn discard(
    base: &Base,
    id: InboundId,
    reason: &str,
    actor: Option<&EmailAddress>,
) -> anyhow::Result<ExitCode> {
    let actor = base.actor(actor)?;
    let mut conn = base.pool.get().await?;
    base.desk.put_away(&mut conn, id, reason, &actor, Timestamp::now()).await?;
    say(format!("Mail {id} is discarded; `deskgate inbox retry {id}` takes that back."));
    Ok(ExitCode::SUCCESS)
}

async fn take(base: &Base, id: InboundId, actor: Option<&EmailAddress>) -> anyhow::Result<ExitCode> {
    let actor = base.actor(actor)?;
    let mut conn = base.pool.get().await?;
    base.desk.take_after_all(&mut conn, id, &actor, Timestamp::now()).await?;
    say(format!("Mail {id} is read again, and a ticket is made of it."));
    Ok(ExitCode::SUCCESS)
}

async fn explain(base: &Base, id: InboundId, json: bool) -> anyhow::Result<ExitCode> {
    let mut conn = base.pool.get().await?;
    let line = inbound::find(&mut conn, id).await?.with_context(|| format!("there is no mail {id}"))?;
    if json {
        say(serde_json::to_string_pretty(&object(&line))?);
        return Ok(ExitCode::SUCCESS);
    }
    let ticket = line.ticket_id.map(|id| format!(", ticket {id}")).unwrap_or_default();
    say(format!(
        "Mail {id} is {}: {}{ticket}",
        line.state.0,
        line.outcome.as_deref().unwrap_or("not processed")
    ));
    for why in line.why.as_array().into_iter().flatten() {
        say(format!("  {}", why.as_str().unwrap_or_default()));
    }
    if let Some(error) = &line.error {
        let cause = line.cause.map(|cause| format!(" ({})", cause.0)).unwrap_or_default();
        say(format!("  The last try failed{cause}: {error}"));
    }
    Ok(ExitCode::SUCCESS)
}
