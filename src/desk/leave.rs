//! People leave what they no longer want to hear of: by one reply, by a page, by the one
//! click of their mail program (RFC 8058).
//!
//! Whoever has left is taken out as staff would take them out: no later Cc brings them back,
//! only staff do. They are told once, since a mail that was passed on carries its link along.

use jiff::Timestamp;
use serde_json::json;

use diesel_async::AsyncConnection;

use super::{Desk, DeskError, post::Reader};
use crate::{
    domain::{EmailAddress, Language, PersonId, Purpose, TicketId},
    render::{Page, RenderError},
    store::{
        self, Conn,
        participants::{self, Part},
        people::Person,
        pool::{News, announce},
        tickets::{self, Ticket},
    },
    ticket::{
        Happening, Notice,
        rights::{self, Evidence, Wish},
    },
};

/// What stands behind a link that leaves.
#[derive(Clone, Debug)]
pub struct Departure {
    /// What would be left, for people: `DG-17`.
    pub reference: String,
    /// Its subject; may be empty.
    pub subject: String,
    /// The language of whose link it is.
    pub language: Language,
    /// It was left already.
    pub gone: bool,
    /// It is a list that its reader is on, and no ticket.
    pub list: bool,
}

impl Desk {
    /// A page for customers, in a language.
    ///
    /// # Errors
    /// A template that fails on these facts.
    pub fn written(&self, language: Language, page: &Page) -> Result<String, RenderError> {
        self.renderer.page(&self.settings.site.name, language, page)
    }

    /// What a link leads out of; `None` when it leads nowhere. Changes nothing.
    ///
    /// # Errors
    /// The database's.
    pub async fn departure(
        &self,
        conn: &mut Conn,
        purpose: Purpose,
        token: &str,
    ) -> Result<Option<Departure>, DeskError> {
        let Some((ticket, person)) = self.key.open_link(purpose, token) else { return Ok(None) };
        match purpose {
            Purpose::Page => Ok(None),
            Purpose::Updates | Purpose::Hourly | Purpose::Daily | Purpose::Weekly => {
                self.list_departure(conn, purpose, person).await
            }
            Purpose::Ticket => {
                let ticket = self.whole(conn, ticket).await?;
                let Some(ticket) = tickets::find(conn, ticket).await? else { return Ok(None) };
                Ok(self.out_of(conn, &ticket, person).await?.map(|(_, departure)| departure))
            }
        }
    }

    /// Leaves what a link leads out of, once however often it is asked; `None` when it
    /// leads nowhere.
    ///
    /// # Errors
    /// The database's; nothing was changed then.
    pub async fn leave(
        &self,
        conn: &mut Conn,
        purpose: Purpose,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<Departure>, DeskError> {
        let Some((ticket, person)) = self.key.open_link(purpose, token) else { return Ok(None) };
        match purpose {
            Purpose::Page => Ok(None),
            Purpose::Updates | Purpose::Hourly | Purpose::Daily | Purpose::Weekly => {
                self.leave_list(conn, purpose, person, now).await
            }
            Purpose::Ticket => {
                let ticket = self.whole(conn, ticket).await?;
                conn.transaction(async |conn| {
                    let Some(ticket) = tickets::lock(conn, ticket).await? else { return Ok(None) };
                    let Some((person, departure)) = self.out_of(conn, &ticket, person).await? else {
                        return Ok(None);
                    };
                    if !departure.gone {
                        self.leaves(conn, &ticket, &person, "the link", now).await?;
                    }
                    Ok(Some(Departure { gone: true, ..departure }))
                })
                .await
            }
        }
    }

    /// Somebody on Cc leaves by a reply; the ticket is locked.
    pub(super) async fn leaves_by_reply(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        person: PersonId,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let ticket = self.ticket(conn, ticket).await?;
        match self.out_of(conn, &ticket, person).await? {
            Some((person, Departure { gone: false, .. })) => {
                self.leaves(conn, &ticket, &person, "a reply", now).await
            }
            _ => Ok(()),
        }
    }

    /// Whoever may leave by what was sent to them alone has a way out; a requester has none.
    async fn out_of(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        person: PersonId,
    ) -> Result<Option<(Person, Departure)>, DeskError> {
        let standing = participants::standing(conn, ticket.id, person).await?;
        let leaves = |part: Part| rights::may(part.actor(), Evidence::PageLink, Wish::Leave).is_ok();
        let Some((_, gone)) = standing.filter(|(part, _)| leaves(*part)) else { return Ok(None) };
        let Some(person) = store::people::find(conn, person).await? else { return Ok(None) };
        let language = person.language().unwrap_or(ticket.language.0);
        let departure = Departure {
            reference: self.reference(ticket.id),
            subject: ticket.subject.clone(),
            language,
            gone,
            list: false,
        };
        Ok(Some((person, departure)))
    }

    /// Somebody on Cc takes part no longer, and is told so.
    pub(super) async fn leaves(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        person: &Person,
        by: &str,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let Some(named) = person.named() else { return Ok(()) };
        let who: EmailAddress = named.address.clone();
        if !participants::take_out(conn, ticket.id, person.id, who.as_str(), now).await? {
            return Ok(());
        }
        store::journal::write(conn, ticket.id, who.as_str(), Happening::Left, json!({ "by": by }), now)
            .await?;
        let occasion = self.occasion(conn, ticket).await?;
        let language = person.language().unwrap_or(ticket.language.0);
        let reader = Reader { person: person.id, named, language, part: None };
        let readers = self.within_caps(conn, Notice::Left, &occasion, vec![reader], now).await?;
        let mut letters = Vec::new();
        for reader in &readers {
            let thread = store::messages::header_ids(conn, ticket.id).await?;
            let last = thread.last().cloned();
            letters.push(self.compose(Notice::Left, &occasion, reader, (last, thread), now)?);
        }
        self.send_out(conn, letters, now).await?;
        Ok(announce(conn, News::Outbox).await?)
    }
}
