//! A ticket that is spam is closed, and nobody outside ever hears of it again.

use diesel_async::AsyncConnection;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Changed, Desk, DeskError};
use crate::{
    domain::{NamedAddress, TicketId, Word},
    store::{
        self, Conn,
        pool::{News, announce},
        tickets,
    },
    ticket::{ClosedAs, Happening, Status, Timer},
};

/// What closing a ticket sets: its clocks end, and its stakeholders hear of it.
const LASTS: &[Timer] = &[Timer::Clocks, Timer::Tell];

/// What was kept back leaves after all when the mark is younger; later it would only puzzle.
const FRESH: SignedDuration = SignedDuration::from_hours(1);

impl Desk {
    /// Closes a ticket as spam. The workflow is not asked, since it would owe mails. Reopening takes the mark away.
    ///
    /// # Errors
    /// [`DeskError::NoTicket`].
    pub async fn spam(
        &self,
        conn: &mut Conn,
        id: TicketId,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Changed, DeskError> {
        conn.transaction(async |conn| {
            let before = tickets::lock(conn, id).await?.ok_or(DeskError::NoTicket(id))?;
            if before.spam {
                return Ok(Changed::default());
            }
            let from = before.status.0;
            if from != Status::Closed {
                let as_ = Some(ClosedAs::Declined);
                let to = (Status::Closed, None);
                if !tickets::move_on(conn, &before, to, as_, false, now).await? {
                    return Err(DeskError::Raced);
                }
                self.follow(conn, &before, Some(&actor.address), now).await?;
            }
            let spam = tickets::Change { spam: Some(true), ..Default::default() };
            tickets::change(conn, id, spam, now).await?;
            let over: Vec<Timer> =
                Timer::ALL.iter().copied().filter(|timer| !LASTS.contains(timer)).collect();
            store::timers::clear(conn, id, &over).await?;
            let withdrawn = store::outbox::withdraw(conn, id, now).await?;
            let detail = json!({
                "from": from, "from_name": before.status_name, "waiting": before.waiting_for_customer,
                "withdrawn": withdrawn,
            });
            store::journal::write(conn, id, actor.address.as_str(), Happening::Spam, detail, now).await?;
            let mut done = vec!["closed as spam; nobody outside is written to about it".to_owned()];
            match withdrawn.len() {
                0 => {}
                1 => done.push("one mail that had not left yet stays here".to_owned()),
                mails => done.push(format!("{mails} mails that had not left yet stay here")),
            }
            Ok(Changed { done, mails: 0 })
        })
        .await
    }

    /// It was no spam: the ticket stands again where it stood, and nobody outside is told. What was to leave goes out after
    /// all, if that was a short while ago.
    ///
    /// # Errors
    /// [`DeskError::NoTicket`].
    pub async fn no_spam(
        &self,
        conn: &mut Conn,
        id: TicketId,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Changed, DeskError> {
        conn.transaction(async |conn| {
            let before = tickets::lock(conn, id).await?.ok_or(DeskError::NoTicket(id))?;
            if !before.spam {
                return Ok(Changed::default());
            }
            let marked = store::journal::last(conn, id, Happening::Spam).await?;
            let stood = marked.as_ref().map(|entry| Stood::of(&entry.detail)).unwrap_or_default();
            let mut done = vec!["it is no spam".to_owned()];
            if stood.status != Status::Closed && before.status.0 == Status::Closed {
                let name = self.settings.workflow.state(stood.status, stood.name.as_deref());
                let to = (stood.status, self.settings.workflow.stored_name(stood.status, &name.name));
                if !tickets::move_on(conn, &before, to, None, stood.waiting, now).await? {
                    return Err(DeskError::Raced);
                }
                done.push(format!("status is {} as before", name.shown()));
            }
            let no_spam = tickets::Change { spam: Some(false), ..Default::default() };
            tickets::change(conn, id, no_spam, now).await?;
            self.follow(conn, &before, Some(&actor.address), now).await?;
            let fresh = marked.is_some_and(|entry| now.duration_since(entry.at.to_jiff()) < FRESH);
            let mails = if fresh { store::outbox::send_after_all(conn, id, now).await? } else { 0 };
            match mails {
                0 => {}
                1 => done.push("one mail that was kept back leaves after all".to_owned()),
                mails => done.push(format!("{mails} mails that were kept back leave after all")),
            }
            if mails > 0 {
                announce(conn, News::Outbox).await?;
            }
            let detail = json!({ "to": stood.status, "mails": mails });
            store::journal::write(conn, id, actor.address.as_str(), Happening::NoSpam, detail, now).await?;
            Ok(Changed { done, mails })
        })
        .await
    }
}

/// Where a ticket stood before it was spam, as the journal says. What is not said there was new.
#[derive(Debug, Default, PartialEq, Eq)]
struct Stood {
    status: Status,
    name: Option<String>,
    waiting: bool,
}

impl Stood {
    fn of(detail: &Value) -> Stood {
        let status = detail["from"].as_str().and_then(|word| Status::from_word(word).ok());
        Stood {
            status: status.unwrap_or_default(),
            name: detail["from_name"].as_str().map(str::to_owned),
            waiting: detail["waiting"] == true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_journal_says_where_a_ticket_stood() {
        let whole = json!({ "from": "accepted", "from_name": "in-review", "waiting": true });
        let stood = Stood::of(&whole);
        assert_eq!(stood, Stood { status: Status::Accepted, name: Some("in-review".into()), waiting: true });
        assert_eq!(Stood::of(&json!({ "from": "new" })), Stood::default());
        assert_eq!(Stood::of(&json!({})), Stood::default());
    }
}
