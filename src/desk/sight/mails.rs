//! What became of our mails, in plain words.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Serialize;

use super::super::{Desk, DeskError};
use crate::{
    domain::{MailboxId, Reason, TicketId, Word},
    store::{
        Conn,
        messages::Direction,
        outbox::{Line, OutboxState},
        pauses::{self, Pause},
        sight::{self, PageEntry},
        tickets::Ticket,
    },
    ticket::{Audience, Happening, story},
};

/// So many of the newest mails are looked at for what is in no thread.
const NEWEST: i64 = 60;
/// So many groups of them are shown.
const GROUPS: usize = 12;

/// How a mail to one reader fares.
#[derive(Clone, Debug, Serialize)]
pub struct Delivery {
    /// To whom.
    pub to: String,
    /// `queued`, `deferred`, `accepted`, `late`, `bounced`, `failed` or `withdrawn`.
    pub state: &'static str,
    /// Since when, where something has happened.
    pub at: Option<Timestamp>,
    /// When it is tried next.
    pub next: Option<Timestamp>,
    /// How often it was tried.
    pub attempts: i32,
    /// Why it did not arrive, as a clause; may be empty.
    pub reason: String,
    /// What the server said, in its own words; may be empty.
    pub said: String,
}

/// Mails of one occasion that are in no thread.
#[derive(Debug, Serialize)]
pub struct MailGroup {
    /// What it is: "the notice of a new ticket".
    pub notice: String,
    /// When it was written.
    pub at: Timestamp,
    /// How it fares, reader by reader.
    pub deliveries: Vec<Delivery>,
    /// One of them did not arrive.
    pub trouble: bool,
}

/// What is told of a mail of ours that came back or is late.
struct Trouble {
    reason: &'static str,
    said: String,
    late: bool,
}

impl Delivery {
    /// Whether it did not arrive, or not yet.
    pub(super) fn is_trouble(&self) -> bool {
        matches!(self.state, "deferred" | "late" | "bounced" | "failed")
    }
}

impl Desk {
    /// What became of the entries that went out, by entry.
    pub(super) async fn deliveries(
        &self,
        conn: &Conn,
        ticket: TicketId,
        entries: &[PageEntry],
        now: Timestamp,
    ) -> Result<HashMap<i64, Vec<Delivery>>, DeskError> {
        let sent: Vec<&PageEntry> = entries.iter().filter(|it| it.direction.0 == Direction::Out).collect();
        if sent.is_empty() {
            return Ok(HashMap::new());
        }
        // All mails of an occasion are queued at the moment at which its entry is written.
        let moments: Vec<_> = sent.iter().map(|entry| entry.created_at).collect();
        let lines = sight::mails_at(conn, ticket, &moments).await?;
        let judge = self.judge(conn, ticket, &lines, now).await?;
        let of = |entry: &PageEntry| {
            let same = lines.iter().filter(|line| {
                line.notice.0.as_str() == entry.kind
                    && line.created_at.to_jiff() == entry.created_at.to_jiff()
            });
            same.map(|line| judge.delivery(line)).collect::<Vec<_>>()
        };
        Ok(sent.into_iter().map(|entry| (entry.id, of(entry))).collect())
    }

    /// The newest mails that are in no thread: to staff, to who is on call, to stakeholders.
    pub(super) async fn mails_beside(
        &self,
        conn: &Conn,
        ticket: &Ticket,
        now: Timestamp,
    ) -> Result<Vec<MailGroup>, DeskError> {
        let mut lines = sight::newest_mails(conn, ticket.id, NEWEST).await?;
        lines.retain(|line| line.notice.0.audience() != Audience::Requester);
        let judge = self.judge(conn, ticket.id, &lines, now).await?;
        let mut groups: Vec<MailGroup> = Vec::new();
        for line in &lines {
            let (at, notice) = (line.created_at.to_jiff(), story::called(line.notice.0));
            let delivery = judge.delivery(line);
            let trouble = delivery.is_trouble();
            match groups.last_mut().filter(|group| group.at == at && group.notice == notice) {
                Some(group) => {
                    group.deliveries.push(delivery);
                    group.trouble |= trouble;
                }
                None => {
                    groups.push(MailGroup {
                        notice: notice.to_owned(),
                        at,
                        deliveries: vec![delivery],
                        trouble,
                    });
                }
            }
        }
        groups.truncate(GROUPS);
        Ok(groups)
    }

    async fn pauses_of(&self, conn: &Conn, lines: &[Line]) -> Result<Vec<Pause>, DeskError> {
        let waiting: Vec<&Line> = lines.iter().filter(|line| line.state.0 == OutboxState::Waiting).collect();
        let Some(first) = waiting.first() else { return Ok(Vec::new()) };
        let mailbox = match self.mailbox(conn, MailboxId(first.mailbox_id)).await {
            Ok(mailbox) => mailbox,
            Err(DeskError::MailboxGone(_)) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let domains: Vec<&str> = waiting.iter().map(|line| domain_of(line)).collect();
        Ok(sight::pauses(conn, &mailbox.name, &domains).await?)
    }

    async fn judge(
        &self,
        conn: &Conn,
        ticket: TicketId,
        lines: &[Line],
        now: Timestamp,
    ) -> Result<Judge, DeskError> {
        let pauses = self.pauses_of(conn, lines).await?;
        let sent = lines.iter().any(|line| line.state.0 == OutboxState::Sent);
        let told = if sent { sight::troubles(conn, ticket).await? } else { Vec::new() };
        let trouble = |(event, detail): &(String, serde_json::Value)| {
            let word = |key: &str| detail.get(key).and_then(|it| it.as_str()).unwrap_or_default();
            let reason = Reason::from_word(word("reason")).unwrap_or_default();
            let late = event == Happening::Delayed.as_str();
            let trouble =
                Trouble { reason: story::reason_in_words(reason), said: word("diagnostic").to_owned(), late };
            Some((detail.get("outbox")?.as_i64()?, trouble))
        };
        Ok(Judge { now, pauses, troubles: told.iter().filter_map(trouble).collect() })
    }
}

/// The domain of a recipient.
fn domain_of(line: &Line) -> &str {
    line.recipient.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default()
}

/// What is known beside the outbox of how mails fare.
struct Judge {
    now: Timestamp,
    pauses: Vec<Pause>,
    /// By the row of the outbox; what was told last counts.
    troubles: HashMap<i64, Trouble>,
}

impl Judge {
    fn delivery(&self, line: &Line) -> Delivery {
        let trouble = self.troubles.get(&line.id.0);
        let said = line.last_reply.clone().unwrap_or_default();
        let plain = Delivery {
            to: line.recipient.clone(),
            state: "queued",
            at: None,
            next: None,
            attempts: line.attempts,
            reason: String::new(),
            said,
        };
        let sent_at = line.sent_at.map(|at| at.to_jiff());
        match (line.state.0, line.bounced_at, trouble) {
            (OutboxState::Waiting, ..) => self.waiting(line, plain),
            (OutboxState::Failed, ..) => Delivery { state: "failed", ..plain },
            (OutboxState::Withdrawn, ..) => Delivery { state: "withdrawn", ..plain },
            (OutboxState::Sent, Some(at), trouble) => Delivery {
                state: "bounced",
                at: Some(at.to_jiff()),
                reason: trouble.map(|it| it.reason.to_owned()).unwrap_or_default(),
                said: trouble
                    .map(|it| it.said.clone())
                    .filter(|said| !said.is_empty())
                    .unwrap_or(plain.said.clone()),
                ..plain
            },
            (OutboxState::Sent, None, Some(trouble)) if trouble.late => Delivery {
                state: "late",
                at: sent_at,
                reason: trouble.reason.to_owned(),
                said: trouble.said.clone(),
                ..plain
            },
            (OutboxState::Sent, None, _) => Delivery { state: "accepted", at: sent_at, ..plain },
        }
    }

    /// A mail that waits was tried before, or waits for its domain, or is simply next.
    fn waiting(&self, line: &Line, plain: Delivery) -> Delivery {
        let domain = domain_of(line);
        let theirs = |pause: &&Pause| {
            pause.lasts(self.now) && (pause.domain == domain || pause.domain == pauses::SERVER)
        };
        let pause = self.pauses.iter().find(theirs);
        let due = line.due_at.to_jiff();
        let next = pause.map_or(due, |pause| pause.until.to_jiff().max(due));
        match (line.attempts, pause) {
            (0, None) => plain,
            (0, Some(pause)) => {
                Delivery { state: "deferred", next: Some(next), said: pause.reply.clone(), ..plain }
            }
            (..) => Delivery { state: "deferred", next: Some(next), ..plain },
        }
    }
}
