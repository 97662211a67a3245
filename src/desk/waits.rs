//! What keeps mails of ours from leaving beside their own time.

use jiff::{SignedDuration, Timestamp};

use super::{Desk, DeskError};
use crate::{
    domain::Word,
    store::{
        Conn,
        mailboxes::{self, Mailbox},
        outbox::{self, Line, OutboxState},
        pauses::{self, Pause},
    },
    ticket::Notice,
};

/// What keeps mails waiting at a moment.
pub struct Waits {
    now: Timestamp,
    mailboxes: Vec<Mailbox>,
    /// Where nothing is sent for a while.
    pub pauses: Vec<Pause>,
    /// The desk as a whole sent as many automatic mails as it may.
    pub capped: bool,
    /// Mails that come after an earlier one of their ticket.
    behind: Vec<i64>,
}

impl Desk {
    /// What keeps mails waiting now.
    ///
    /// # Errors
    /// The database's.
    pub async fn waits(&self, conn: &mut Conn, now: Timestamp) -> Result<Waits, DeskError> {
        let sent = pauses::automatic_in_all(conn, now - SignedDuration::from_hours(1)).await?;
        let capped = sent >= i64::from(self.settings.limits.automatic_per_hour);
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
}

impl Waits {
    /// What keeps a mail waiting whatever its server says.
    pub fn kept_by(&self, line: &Line) -> Option<&'static str> {
        if self.capped && line.notice.0.is_automatic_to_customers() {
            return Some("held back, `automatic_per_hour` is reached");
        }
        self.behind.contains(&line.id.0).then_some("it comes after an earlier mail about its ticket")
    }

    /// The name of the mailbox that a mail is sent for.
    pub fn mailbox(&self, line: &Line) -> Option<&str> {
        let named = self.mailboxes.iter().find(|mailbox| mailbox.id.0 == line.mailbox_id);
        named.map(|mailbox| mailbox.name.as_str())
    }

    /// When a waiting mail is tried next at the soonest, and what it waits for.
    pub fn of(&self, line: &Line) -> Option<(Timestamp, String)> {
        if line.state.0 != OutboxState::Waiting {
            return None;
        }
        let name = self.mailbox(line);
        let domain = line.recipient.rsplit('@').next().unwrap_or_default();
        let pause = |of: &str| {
            let theirs = |pause: &&Pause| name == Some(pause.mailbox.as_str());
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
