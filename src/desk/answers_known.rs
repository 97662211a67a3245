//! Known answers: what staff wrote once is sent by one command, in the customer's language.

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde_json::json;

use super::{Change, Changed, Desk, DeskError};
use crate::{
    domain::{Language, NamedAddress, TicketId},
    render::{AnswerFacts, fill_answer, name_facts},
    store::{self, Conn, answers::Answer, tickets::Ticket},
    ticket::{ClosedAs, Happening, Status, command::KnownAnswer},
};

impl Desk {
    /// Sends a known answer to everybody who takes part, or closes the ticket as answered with it. A warning stands in what
    /// was done when there is none in the ticket's language and that of the site, or another, was taken.
    ///
    /// # Errors
    /// [`DeskError::NoAnswer`], [`DeskError::AnswerBroken`], and what stands against writing or closing.
    pub async fn send_answer(
        &self,
        conn: &mut Conn,
        id: TicketId,
        wanted: &KnownAnswer,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Changed, DeskError> {
        conn.transaction(async |conn| {
            let ticket = self.ticket(conn, id).await?;
            let there = store::answers::list(conn, Some(&wanted.name)).await?;
            let Some(answer) = self.fitting(&ticket, &there) else {
                return Err(self.no_answer(conn, &wanted.name).await?);
            };
            let words = self.filled(conn, &ticket, answer, wanted.words.as_deref()).await?;
            let mails = match wanted.close {
                false => self.reply(conn, id, &words, actor, now).await?,
                true => {
                    let closed = Change {
                        status: Some(Status::Closed),
                        closed_as: Some(ClosedAs::Answered),
                        reason: Some(words),
                        ..Change::default()
                    };
                    self.change(conn, id, &closed, actor, now).await?.mails
                }
            };
            let detail =
                json!({ "name": answer.name, "language": answer.language.0, "closed": wanted.close });
            store::journal::write(conn, id, actor.address.as_str(), Happening::KnownAnswer, detail, now)
                .await?;
            Ok(Changed { done: told(&ticket, answer, wanted.close), mails })
        })
        .await
    }

    /// The known answers by name, each with the language in which a ticket's customer would get it.
    ///
    /// # Errors
    /// [`DeskError::NoTicket`].
    pub async fn answers_for(&self, conn: &Conn, id: TicketId) -> Result<Vec<(String, Language)>, DeskError> {
        let ticket = self.ticket(conn, id).await?;
        let there = store::answers::list(conn, None).await?;
        let named = there.chunk_by(|one, other| one.name == other.name);
        let fitting = named.filter_map(|same| self.fitting(&ticket, same));
        Ok(fitting.map(|answer| (answer.name.clone(), answer.language.0)).collect())
    }

    /// The words of a known answer as a ticket's customer would get them.
    ///
    /// # Errors
    /// [`DeskError::NoAnswer`], [`DeskError::AnswerBroken`], [`DeskError::NoTicket`].
    pub async fn answer_words(&self, conn: &mut Conn, id: TicketId, name: &str) -> Result<String, DeskError> {
        let ticket = self.ticket(conn, id).await?;
        let there = store::answers::list(conn, Some(name)).await?;
        match self.fitting(&ticket, &there) {
            Some(answer) => self.filled(conn, &ticket, answer, None).await,
            None => Err(self.no_answer(conn, name).await?),
        }
    }

    /// Somebody's words with the facts of a ticket in the place of `{{name}}`, `{{reference}}`, `{{subject}}` and `{{site}}`.
    ///
    /// # Errors
    /// [`DeskError::NoTicket`].
    pub async fn naming_facts(
        &self,
        conn: &mut Conn,
        id: TicketId,
        words: &str,
    ) -> Result<String, DeskError> {
        if !words.contains("{{") {
            return Ok(words.to_owned());
        }
        let ticket = self.ticket(conn, id).await?;
        Ok(name_facts(words, &self.answer_facts(conn, &ticket).await?))
    }

    /// In the language of the ticket, else in that of the site, else in whatever there is.
    fn fitting<'a>(&self, ticket: &Ticket, there: &'a [Answer]) -> Option<&'a Answer> {
        let wishes = [ticket.language.0, self.settings.site.language];
        let wished = wishes.iter().find_map(|wish| there.iter().find(|answer| answer.language.0 == *wish));
        wished.or(there.first())
    }

    async fn filled(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        answer: &Answer,
        words: Option<&str>,
    ) -> Result<String, DeskError> {
        let facts = self.answer_facts(conn, ticket).await?;
        let broken = |why| DeskError::AnswerBroken { name: answer.name.clone(), why };
        let text = fill_answer(&answer.text, &facts).map_err(broken)?;
        Ok(match words {
            Some(words) => format!("{}\n\n{words}", text.trim_end()),
            None => text,
        })
    }

    async fn answer_facts(&self, conn: &mut Conn, ticket: &Ticket) -> Result<AnswerFacts, DeskError> {
        let requester = match ticket.requester() {
            Some(id) => store::people::find(conn, id).await?,
            None => None,
        };
        Ok(AnswerFacts {
            name: requester.map(|person| person.name).unwrap_or_default(),
            reference: self.reference(ticket.id),
            subject: ticket.subject.clone(),
            site: self.settings.site.name.clone(),
        })
    }

    async fn no_answer(&self, conn: &mut Conn, name: &str) -> Result<DeskError, DeskError> {
        let mut known: Vec<String> =
            store::answers::list(conn, None).await?.into_iter().map(|answer| answer.name).collect();
        known.dedup();
        let known = match known.is_empty() {
            true => "there are none yet; `deskgate answer add NAME FILE` adds one".to_owned(),
            false => format!("there are: {}", known.join(", ")),
        };
        Ok(DeskError::NoAnswer { name: crate::domain::text::line(name), known })
    }
}

fn told(ticket: &Ticket, answer: &Answer, closed: bool) -> Vec<String> {
    let (name, language) = (&answer.name, answer.language.0);
    let mut done = vec![format!("answer `{name}` is on its way")];
    if language != ticket.language.0 {
        let wanted = ticket.language.0;
        done.push(format!("there is none in `{wanted}`, so it went out in `{language}`"));
    }
    if closed {
        done.push("status is closed".to_owned());
    }
    done
}
