//! Each mailbox with everything that somebody wants to know who looks after it.

use jiff::{Timestamp, tz::TimeZone};

use super::{Desk, DeskError, MailboxHealth, health::mailbox_health};
use crate::{
    settings,
    store::{self, Conn, leases, mailboxes::Mailbox, nodes, outgoing},
};

/// A mailbox, and how it is.
pub struct BoxCard<'a> {
    /// As it is configured.
    pub settings: &'a settings::Mailbox,
    /// How fetching goes; `None` where it is not fetched, or never was.
    pub health: Option<MailboxHealth>,
    /// When it was last looked through without an error.
    pub fetched_at: Option<Timestamp>,
    /// UIDVALIDITY and the highest UID that is in the database.
    pub cursor: Option<(i64, i64)>,
    /// The node that fetches it.
    pub held_by: Option<String>,
    /// Came in since the day began, went out since then, wait to be processed, wait to be sent.
    pub received: i64,
    /// See [`BoxCard::received`].
    pub sent: i64,
    /// See [`BoxCard::received`].
    pub waiting: i64,
    /// See [`BoxCard::received`].
    pub to_send: i64,
}

impl Desk {
    /// All configured mailboxes; the day begins by the clock of `zone`.
    ///
    /// # Errors
    /// The database's.
    pub async fn boxes(
        &self,
        conn: &mut Conn,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<Vec<BoxCard<'_>>, DeskError> {
        let rows = store::mailboxes::all(conn).await?;
        let midnight = now.to_zoned(zone.clone()).start_of_day().map_or(now, |begins| begins.timestamp());
        let traffic = outgoing::traffic(conn, midnight).await?;
        let names: Vec<String> = nodes::all(conn).await?.into_iter().map(|node| node.name).collect();
        let held = leases::holdings(conn, &names, now).await?;
        let card = |mailbox| {
            let row = rows.iter().find(|row| is_now(row, mailbox));
            let holder = names.iter().zip(&held).find(|(_, held)| held.mailboxes.contains(&mailbox.name));
            let traffic = traffic.iter().find(|each| each.mailbox == mailbox.name);
            let count = |of: fn(&outgoing::Traffic) -> i64| traffic.map(of).unwrap_or_default();
            BoxCard {
                settings: mailbox,
                health: row.and_then(|row| mailbox_health(self, row, now)),
                fetched_at: row.and_then(|row| row.fetched_at).map(|at| at.to_jiff()),
                cursor: row.and_then(|row| Some((row.uidvalidity?, row.last_uid))),
                held_by: holder.map(|(name, _)| name.clone()),
                received: count(|it| it.received),
                sent: count(|it| it.sent),
                waiting: count(|it| it.waiting),
                to_send: count(|it| it.to_send),
            }
        };
        Ok(self.settings.mailboxes.iter().map(card).collect())
    }
}

/// Whether a row is of the place that a mailbox is read from now.
fn is_now(row: &Mailbox, mailbox: &settings::Mailbox) -> bool {
    row.name == mailbox.name && row.source == super::source(mailbox)
}
