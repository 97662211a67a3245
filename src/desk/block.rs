//! Senders whose mail makes no ticket: it stays in the ledger, set aside, and nobody is told.

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde_json::json;

use super::{Changed, Desk, DeskError};
use crate::{
    domain::{EmailAddress, NamedAddress, Sender, TicketId},
    store::{self, Conn, blocks::Block},
    ticket::{
        Happening,
        rights::{self, Evidence, Wish},
    },
};

impl Desk {
    /// Sets aside what comes from this sender from now on; by a ticket, its requester where nobody is named.
    ///
    /// # Errors
    /// [`DeskError::Hindered`] when they are ours, when it takes a lead, or when there is nobody to block.
    pub async fn block(
        &self,
        conn: &mut Conn,
        ticket: Option<TicketId>,
        sender: Option<Sender>,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Changed, DeskError> {
        conn.transaction(async |conn| {
            let sender = self.meant(conn, ticket, sender).await?;
            self.may_block(&sender, actor)?;
            let by = actor.address.as_str();
            if !store::blocks::add(conn, &sender, by, ticket, now).await? {
                return Ok(Changed::default());
            }
            if let Some(ticket) = ticket {
                let detail = json!({ "sender": sender.to_string() });
                store::journal::write(conn, ticket, by, Happening::Blocked, detail, now).await?;
            }
            let done = format!("mail from {sender} is set aside from now on");
            Ok(Changed { done: vec![done], mails: 0 })
        })
        .await
    }

    /// Takes mail from this sender in again.
    ///
    /// # Errors
    /// As [`Desk::block`].
    pub async fn unblock(
        &self,
        conn: &mut Conn,
        ticket: Option<TicketId>,
        sender: Option<Sender>,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Changed, DeskError> {
        conn.transaction(async |conn| {
            let sender = self.meant(conn, ticket, sender).await?;
            self.may_block(&sender, actor)?;
            if !store::blocks::remove(conn, &sender).await? {
                return Ok(Changed::default());
            }
            if let Some(ticket) = ticket {
                let detail = json!({ "sender": sender.to_string() });
                store::journal::write(conn, ticket, actor.address.as_str(), Happening::Unblocked, detail, now).await?;
            }
            let done = format!(
                "mail from {sender} is taken in again; what was set aside stays in the ledger (`deskgate inbox list`)"
            );
            Ok(Changed { done: vec![done], mails: 0 })
        })
        .await
    }

    /// Why this sender's mail is set aside, if it is.
    pub(super) fn blocked_by(blocks: &[Block], address: &EmailAddress) -> Option<String> {
        let keys = Sender::keys(address);
        let block = blocks.iter().find(|block| keys.contains(&block.sender))?;
        let since = block.blocked_at.to_jiff().strftime("%Y-%m-%d").to_string();
        Some(format!("{} blocked {} on {since}", block.blocked_by, block.sender))
    }

    async fn meant(
        &self,
        conn: &mut Conn,
        ticket: Option<TicketId>,
        sender: Option<Sender>,
    ) -> Result<Sender, DeskError> {
        if let Some(sender) = sender {
            return Ok(sender);
        }
        let requester = match ticket {
            Some(id) => self.ticket(conn, id).await?.requester(),
            None => None,
        };
        let person = match requester {
            Some(id) => store::people::find(conn, id).await?.and_then(|person| person.named()),
            None => None,
        };
        let nobody =
            || DeskError::Hindered("the ticket has no requester to block; name an address".to_owned());
        Ok(Sender::Address(person.ok_or_else(nobody)?.address))
    }

    fn may_block(&self, sender: &Sender, actor: &NamedAddress) -> Result<(), DeskError> {
        let ours = self.ours(None);
        let is_ours = match sender {
            Sender::Address(address) => ours.is_ours(address) || self.is_staff(address),
            Sender::Domain(domain) => {
                let addresses =
                    ours.addresses.iter().chain(self.settings.staff.iter().map(|staff| &staff.email));
                addresses.into_iter().any(|address| address.domain() == domain)
            }
        };
        if is_ours {
            return Err(DeskError::Hindered(format!("{sender} is ours; nobody of us is blocked")));
        }
        let staff = self.settings.staff_by_email(&actor.address);
        let role = staff.ok_or_else(|| DeskError::NotStaff(actor.address.clone()))?;
        match sender {
            Sender::Address(_) => Ok(()),
            Sender::Domain(_) => rights::may(self.staff_actor(role), Evidence::Inside, Wish::Block)
                .map_err(|_| DeskError::Hindered("only a lead or an admin blocks a whole domain".to_owned())),
        }
    }
}
