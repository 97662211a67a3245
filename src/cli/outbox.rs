//! `deskgate outbox`: mails on their way out.

use std::process::ExitCode;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Config, base::Base, say};
use crate::{
    domain::{OutboxId, Word},
    store::{
        Conn,
        mailboxes::{self, Mailbox},
        outbox::{self, Line, OutboxState},
        pauses::{self, Pause},
        pool::{News, announce},
    },
    ticket::Notice,
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
    let waits = Waits::load(base, &mut conn).await?;
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

/// What keeps mails waiting beside their own time.
struct Waits {
    now: Timestamp,
    mailboxes: Vec<Mailbox>,
    pauses: Vec<Pause>,
    /// The desk as a whole sent as many automatic mails as it may.
    capped: bool,
    /// Mails that come after an earlier one of their ticket.
    behind: Vec<i64>,
}

impl Waits {
    async fn load(base: &Base, conn: &mut Conn) -> anyhow::Result<Waits> {
        let now = Timestamp::now();
        let sent = pauses::automatic_in_all(conn, now - SignedDuration::from_hours(1)).await?;
        let capped = sent >= i64::from(base.desk.settings.limits.automatic_per_hour);
        let automatic = |notice: &Notice| capped && notice.is_automatic_to_customers();
        let held: Vec<Notice> = Notice::ALL.iter().copied().filter(automatic).collect();
        Ok(Waits {
            now,
            mailboxes: mailboxes::all(conn).await?,
            pauses: pauses::of(conn, None).await?,
            capped,
            behind: outbox::behind_others(conn, &held).await?,
        })
    }

    /// What keeps a mail waiting whatever its server says.
    fn kept_by(&self, line: &Line) -> Option<&'static str> {
        if self.capped && line.notice.0.is_automatic_to_customers() {
            return Some("held back, `automatic_per_hour` is reached");
        }
        self.behind.contains(&line.id.0).then_some("it comes after an earlier mail about its ticket")
    }

    /// When a waiting mail is tried next at the soonest, and what it waits for.
    fn of(&self, line: &Line) -> Option<(Timestamp, String)> {
        if line.state.0 != OutboxState::Waiting {
            return None;
        }
        let name = self.mailboxes.iter().find(|mailbox| mailbox.id.0 == line.mailbox_id);
        let domain = line.recipient.rsplit('@').next().unwrap_or_default();
        let pause = |of: &str| {
            let theirs = |pause: &&Pause| name.is_some_and(|mailbox| mailbox.name == pause.mailbox);
            self.pauses.iter().filter(theirs).find(|pause| pause.domain == of)
        };
        let due = line.due_at.to_jiff().max(self.now);
        let kept = self.kept_by(line);
        Some(match (pause(pauses::SERVER), pause(domain)) {
            (Some(server), _) => {
                (due.max(server.until.to_jiff()), format!("the mail server takes nothing: {}", server.reply))
            }
            (None, Some(domain)) => {
                (due.max(domain.until.to_jiff()), format!("its domain defers mail: {}", domain.reply))
            }
            (None, None) if line.attempts == 0 || kept.is_some() => {
                (due, kept.unwrap_or("it is its turn").to_owned())
            }
            (None, None) => (due, line.last_reply.clone().unwrap_or_else(|| "it is being sent".to_owned())),
        })
    }
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
            let waits = Waits::load(base, &mut conn).await?;
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
