//! A ticket that is spam is closed, and nobody outside ever hears of it again.

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde_json::json;

use super::{Changed, Desk, DeskError};
use crate::{
    domain::{NamedAddress, TicketId, Word},
    store::{self, Conn, tickets},
    ticket::{ClosedAs, Happening, Status, Timer},
};

/// What closing a ticket sets: its clocks end, and its stakeholders hear of it.
const LASTS: &[Timer] = &[Timer::Clocks, Timer::Tell];

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
            let detail = json!({ "from": from, "withdrawn": withdrawn });
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
}
