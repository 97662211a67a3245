//! Words that somebody writes on the page of a ticket are read as those of a reply are.

use jiff::{SignedDuration, Timestamp};
use tracing::warn;

use super::{Desk, DeskError, status_page::Visitor};
use crate::{
    domain::{InboundMail, Kind, Severed},
    report::{self, Verdict},
    store::{self, Conn, tickets::Ticket},
    triage::{self, Candidate, Joining, Signal},
};

/// Words of the page, as if they had come by mail, and what the gate found in them.
pub(super) struct Read {
    mail: InboundMail,
    verdict: Verdict,
}

/// Reads words. Reading takes a while, and no transaction waits for it.
pub(super) async fn read(words: &str) -> Read {
    let body = Severed { own: words.to_owned(), ..Severed::default() };
    let mail = InboundMail { kind: Kind::Human, text: words.to_owned(), body, ..InboundMail::default() };
    let copy = mail.clone();
    let verdict = tokio::task::spawn_blocking(move || report::gate(&copy)).await.unwrap_or_else(|_| {
        // They are an entry all the same; what they bring, staff see.
        warn!("Words of a page are taken as they are, since reading them made a library panic");
        Verdict::default()
    });
    Read { mail, verdict }
}

impl Desk {
    /// What words of the page bring to the ticket's report.
    pub(super) async fn brought_by_page(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        visitor: &Visitor,
        read: &Read,
        now: Timestamp,
    ) -> Result<Joining, DeskError> {
        let address = &visitor.named.address;
        let hour_ago = now - SignedDuration::from_hours(1);
        let automatic = store::outbox::automatic_since(conn, &[address], hour_ago).await?;
        let author = self.author(address, automatic.get(address.as_str()).copied().unwrap_or_default());
        let part = (Some(visitor.person.id), Some(visitor.part));
        let candidate = self.bears_on(conn, ticket, Signal::ReplyAddress, part).await?;
        // Their link was made for them alone, as a reply address is.
        let candidate = Candidate { holds_token: true, ..candidate };
        let policy = self.policy(self.mailbox(conn, ticket.mailbox_id).await?);
        Ok(triage::decide_by_page(&read.mail, &read.verdict, &candidate, author, &policy, now))
    }
}
