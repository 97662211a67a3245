//! Mails that stand aside, in or out, and what staff do about them: process again, put away, take in after all, send
//! again.

use diesel_async::AsyncConnection;
use jiff::Timestamp;

use super::{Deed, Desk, DeskError};
use crate::{
    domain::{EmailAddress, InboundId, NamedAddress, OutboxId, TicketId, text},
    store::{
        self, Conn, outgoing, pauses,
        pool::{News, announce},
        shelves,
    },
    ticket::rights::{self, Evidence, Wish},
};

impl Desk {
    /// Whether somebody inside the desk may have a wish.
    ///
    /// # Errors
    /// [`DeskError::Hindered`] with what stands against it.
    pub fn allows(&self, who: &EmailAddress, wish: Wish) -> Result<(), DeskError> {
        let asked = rights::may(self.actor_of(who), Evidence::Inside, wish);
        asked.map_err(|denied| DeskError::Hindered(denied.to_string()))
    }

    /// Puts a mail that stands in quarantine or was discarded through the pipeline again.
    ///
    /// # Errors
    /// [`DeskError::Hindered`] when it stands elsewhere, or the actor may not.
    pub async fn process_again(
        &self,
        conn: &mut Conn,
        id: InboundId,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        self.allows(&actor.address, Wish::Rescue)?;
        stands(store::inbound::retry(conn, id, now).await?, id, "in quarantine")?;
        self.audit(conn, &actor.address, Deed::MailRetried, &mail(id), now).await?;
        Ok(announce(conn, News::Inbound).await?)
    }

    /// Decides that nothing is to be made of a quarantined mail; its bytes stay, and so does the reason.
    ///
    /// # Errors
    /// As [`Desk::process_again`].
    pub async fn put_away(
        &self,
        conn: &mut Conn,
        id: InboundId,
        reason: &str,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        self.allows(&actor.address, Wish::Operate)?;
        let reason = text::line(reason);
        if reason.is_empty() {
            return Err(DeskError::Hindered("say why nothing is to be made of the mail".to_owned()));
        }
        let told = format!("{} discarded it: {reason}", actor.address);
        stands(store::inbound::discard(conn, id, &told).await?, id, "in quarantine")?;
        self.audit(conn, &actor.address, Deed::MailDiscarded, &mail(id), now).await
    }

    /// Makes a ticket of a mail in quarantine as it is, unread.
    ///
    /// # Errors
    /// As [`Desk::process_again`].
    pub async fn keep_as_ticket(
        &self,
        conn: &mut Conn,
        id: InboundId,
        reason: &str,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<TicketId, DeskError> {
        self.allows(&actor.address, Wish::Rescue)?;
        let opened = self.open_unread(conn, id, &text::line(reason), actor, now).await?;
        let ticket = opened.ok_or_else(|| elsewhere(id, "in quarantine"))?;
        self.audit(conn, &actor.address, Deed::MailKept, &mail(id), now).await?;
        announce(conn, News::Outbox).await?;
        Ok(ticket)
    }

    /// Takes a mail in that was set aside: it is read again, and makes a ticket whatever it is. Nobody is answered who
    /// would not be anyway.
    ///
    /// # Errors
    /// As [`Desk::process_again`].
    pub async fn take_after_all(
        &self,
        conn: &mut Conn,
        id: InboundId,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        self.allows(&actor.address, Wish::Rescue)?;
        stands(
            shelves::want(conn, id, actor.address.as_str(), now).await?,
            id,
            "among the mails that are set aside",
        )?;
        self.audit(conn, &actor.address, Deed::MailTaken, &mail(id), now).await?;
        Ok(announce(conn, News::Inbound).await?)
    }

    /// Sends a mail now that waits or failed, whatever pause its server asked for.
    ///
    /// # Errors
    /// [`DeskError::Hindered`] when it was sent or withdrawn already, or the actor may not.
    pub async fn send_again(
        &self,
        conn: &mut Conn,
        id: OutboxId,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        self.allows(&actor.address, Wish::Rescue)?;
        conn.transaction(async |conn| {
            if !store::outbox::retry(conn, id, now).await? {
                let why = format!("mail {id} is not there, is on its way, or was sent or withdrawn already");
                return Err(DeskError::Hindered(why));
            }
            pauses::end_for(conn, id).await?;
            self.audit(conn, &actor.address, Deed::MailSentAgain, &format!("mail {id}"), now).await?;
            Ok(announce(conn, News::Outbox).await?)
        })
        .await
    }

    /// Ends a pause, so that what waits for a domain, or for the server of a mailbox, is tried at once. How many mails
    /// that are.
    ///
    /// # Errors
    /// [`DeskError::Hindered`] when the actor may not.
    pub async fn end_pause(
        &self,
        conn: &mut Conn,
        mailbox: &str,
        domain: &str,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<usize, DeskError> {
        self.allows(&actor.address, Wish::Operate)?;
        conn.transaction(async |conn| {
            pauses::end(conn, mailbox, &[domain]).await?;
            let mails = outgoing::hurry(conn, mailbox, domain, now).await?;
            let whom = if domain.is_empty() { "the server" } else { domain };
            let about = format!("{whom}, mailbox {mailbox}");
            self.audit(conn, &actor.address, Deed::PauseEnded, &about, now).await?;
            announce(conn, News::Outbox).await?;
            Ok(mails)
        })
        .await
    }
}

fn mail(id: InboundId) -> String {
    format!("mail {id}")
}

fn stands(it_does: bool, id: InboundId, place: &str) -> Result<(), DeskError> {
    if it_does { Ok(()) } else { Err(elsewhere(id, place)) }
}

fn elsewhere(id: InboundId, place: &str) -> DeskError {
    DeskError::Hindered(format!("mail {id} is not there, or is not {place} any more"))
}
