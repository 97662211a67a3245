//! Known answers are kept, tried and taken away.

use diesel_async::AsyncConnection;
use jiff::Timestamp;

use super::{Deed, Desk, DeskError, OPERATOR};
use crate::{
    domain::{EmailAddress, Language, TicketId},
    render::{AnswerFacts, fill_answer},
    store::{self, Conn, answers},
    ticket::{command::is_answer_name, rights::Wish},
};

/// The longest answer that is taken, in bytes.
pub const LONGEST_ANSWER: usize = 100_000;

impl Desk {
    /// Keeps an answer, in place of the one of this name and language. `true` when there was one. `actor` is who wants it,
    /// where somebody at the command line says so.
    ///
    /// # Errors
    /// [`DeskError::Hindered`] with what stands against it: its name, its words, or who wants it.
    pub async fn keep_answer(
        &self,
        conn: &mut Conn,
        name: &str,
        language: Language,
        text: &str,
        actor: Option<&EmailAddress>,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        if let Some(actor) = actor {
            self.allows(actor, Wish::Operate)?;
        }
        sound(name, text).map_err(DeskError::Hindered)?;
        let by = actor.map_or(OPERATOR, EmailAddress::as_str);
        conn.transaction(async |conn| {
            let replaced = answers::put(conn, name, language, text.trim_end(), by, now).await?;
            let about = format!("{name} ({language})");
            self.audit_command(conn, actor, Deed::AnswerKept, &about, now).await?;
            Ok(replaced)
        })
        .await
    }

    /// Takes an answer away, in one language or in all. In how many it was there.
    ///
    /// # Errors
    /// [`DeskError::NoAnswer`]; [`DeskError::Hindered`] when the actor may not.
    pub async fn remove_answer(
        &self,
        conn: &mut Conn,
        name: &str,
        language: Option<Language>,
        actor: Option<&EmailAddress>,
        now: Timestamp,
    ) -> Result<usize, DeskError> {
        if let Some(actor) = actor {
            self.allows(actor, Wish::Operate)?;
        }
        match answers::remove(conn, name, language).await? {
            0 => Err(DeskError::NoAnswer {
                name: crate::domain::text::line(name),
                known: "`deskgate answer list` has them all".to_owned(),
            }),
            gone => {
                self.audit_command(conn, actor, Deed::AnswerRemoved, name, now).await?;
                Ok(gone)
            }
        }
    }

    /// An answer as the requester of a ticket would get it; without a ticket for an example.
    ///
    /// # Errors
    /// [`DeskError::Hindered`] with why it is no template; [`DeskError::NoTicket`].
    pub async fn try_answer(
        &self,
        conn: &mut Conn,
        text: &str,
        ticket: Option<TicketId>,
    ) -> Result<String, DeskError> {
        let mut facts = example();
        facts.site.clone_from(&self.settings.site.name);
        if let Some(id) = ticket {
            let ticket = self.ticket(conn, id).await?;
            let requester = match ticket.requester() {
                Some(id) => store::people::find(conn, id).await?,
                None => None,
            };
            facts.name = requester.map(|person| person.name).unwrap_or_default();
            facts.reference = self.reference(id);
            facts.subject = ticket.subject;
        }
        fill_answer(text, &facts).map_err(|why| DeskError::Hindered(unusable(&why)))
    }
}

fn example() -> AnswerFacts {
    AnswerFacts {
        name: "Anna Example".to_owned(),
        reference: "DG-1".to_owned(),
        subject: "Printer does not print".to_owned(),
        site: String::new(),
    }
}

fn unusable(why: &str) -> String {
    format!(
        "the answer cannot be used: {why}; it may name {{{{name}}}}, {{{{reference}}}}, {{{{subject}}}} and {{{{site}}}}"
    )
}

/// Whether an answer can be kept.
///
/// # Errors
/// Why it cannot, and what would do.
pub fn sound(name: &str, text: &str) -> Result<(), String> {
    if !is_answer_name(name) {
        let name = crate::domain::text::line(name);
        return Err(format!(
            "`{name}` is no name for an answer; it takes up to 40 of a-z, 0-9 and -, such as reset-password"
        ));
    }
    if text.trim().is_empty() {
        return Err("the answer has no words".to_owned());
    }
    if text.len() > LONGEST_ANSWER {
        return Err(format!("the answer is longer than {LONGEST_ANSWER} bytes"));
    }
    fill_answer(text, &example()).map(drop).map_err(|why| unusable(&why))
}
