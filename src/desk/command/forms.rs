//! What staff do and say by the forms of the console: the commands and words that they also mail, each form once.

mod bulk;
mod reply;
mod undo;

use std::sync::Arc;

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Answer, Hand};
use crate::{
    desk::{Change, Desk, DeskError},
    domain::{Attachment, MessageRowId, NamedAddress, TicketId},
    store::{
        self, Conn, drafts,
        forms::FormKey,
        pool::{News, announce},
    },
    ticket::{
        command::Command,
        rights::{self, Evidence, Wish},
    },
};

pub use reply::{HeldWords, Replied, Reply};

/// What a form asks for, other than words to the customer.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// What a command does, with these words for who reads its mail.
    Command(Command, String),
    /// Who takes part, and whose ticket it is.
    People(Change),
    /// One of its mails becomes a ticket of its own, with this subject.
    Split(MessageRowId, Option<String>),
    /// Words and files among staff.
    Note(String, Arc<[Attachment]>),
    /// What this form did is taken back.
    Undo(FormKey),
}

/// What a form did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// One sentence for each change.
    pub said: Vec<String>,
    /// What takes it back, where that can be done: a command a line.
    pub undo: Option<String>,
    /// It was done before, by the same form.
    pub again: bool,
    /// The words were held back.
    pub held: bool,
}

impl Desk {
    /// Does what a form asks for, all or nothing; the same form again does nothing.
    ///
    /// # Errors
    /// [`DeskError::Hindered`] with the sentence that stands against it.
    pub async fn do_form(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        deed: &Wanted,
        form: &FormKey,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Done, DeskError> {
        conn.transaction(async |conn| {
            let before = store::tickets::lock(conn, ticket).await?.ok_or(DeskError::NoTicket(ticket))?;
            if let Some(done) = done_before(conn, form, Some(ticket), actor, now).await? {
                return Ok(done);
            }
            let hand = self.typing(conn, ticket, actor, now).await?;
            let newest = store::outbox::newest_about(conn, ticket).await?;
            let (said, command) = match deed {
                Wanted::Undo(of) => (self.take_back(conn, &hand, &before, of).await?, None),
                other => (self.try_wanted(conn, &hand, other).await?, other.command().cloned()),
            };
            let told = store::outbox::to_customers_since(conn, ticket, newest).await?;
            let undo = match (&command, deed) {
                (Some(command), Wanted::Command(..)) if said != SO_ALREADY => {
                    let after = self.ticket(conn, ticket).await?;
                    undo::opposite(conn, (&before, &after), command, !told.is_empty()).await?
                }
                _ => None,
            };
            let done = Done { said: vec![said], undo, ..Done::default() };
            self.keep_form(conn, &hand, form, &done).await?;
            announce(conn, News::Outbox).await?;
            Ok(done)
        })
        .await
    }

    async fn typing<'a>(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        actor: &'a NamedAddress,
        now: Timestamp,
    ) -> Result<Hand<'a>, DeskError> {
        let staff = self.settings.staff_by_email(&actor.address);
        let staff = staff.ok_or_else(|| DeskError::NotStaff(actor.address.clone()))?;
        let (role, evidence) = (self.staff_actor(staff), Evidence::Inside);
        let agent = store::people::learn(conn, actor, None, now).await?.id;
        // No entry has its words yet.
        let message = MessageRowId(0);
        let (files, pictures) = (Arc::default(), Vec::new());
        Ok(Hand { ticket, message, agent, actor, role, evidence, files, pictures, since: now, now })
    }

    /// What a deed says of itself; what is refused is an error, so that nothing of it is kept.
    async fn try_wanted(&self, conn: &mut Conn, hand: &Hand<'_>, deed: &Wanted) -> Result<String, DeskError> {
        let Hand { ticket, actor, now, .. } = *hand;
        let changed = match deed {
            Wanted::Command(command, words) if words.is_empty() => {
                return done(self.do_command(conn, hand, command.clone()).await?);
            }
            Wanted::Command(command, words) => {
                let command = command.clone().saying(words);
                return done(self.do_enclosing(conn, hand, command, words).await?);
            }
            Wanted::People(change) => {
                may(hand, Wish::People)?;
                self.change(conn, ticket, change, actor, now).await?
            }
            Wanted::Split(message, subject) => {
                may(hand, Wish::Merge)?;
                self.split(conn, ticket, *message, subject.as_deref(), actor, now).await?
            }
            Wanted::Note(words, files) => {
                may(hand, Wish::Note)?;
                self.note_with(conn, ticket, words, files, actor, now).await?;
                let draft = drafts::Of { ticket, address: actor.address.as_str(), kind: drafts::Kind::Note };
                drafts::forget(conn, draft).await?;
                return Ok("noted".to_owned());
            }
            Wanted::Undo(_) => return Err(DeskError::Hindered("that is taken back only once".to_owned())),
        };
        Ok(if changed.done.is_empty() { SO_ALREADY.to_owned() } else { changed.done.join(", ") })
    }

    /// Keeps what a form did, and that its author writes no longer.
    async fn keep_form(
        &self,
        conn: &mut Conn,
        hand: &Hand<'_>,
        form: &FormKey,
        done: &Done,
    ) -> Result<(), DeskError> {
        let after = self.ticket(conn, hand.ticket).await?;
        let outcome = json!({
            "said": done.said, "undo": done.undo, "held": done.held, "changed_at": after.changed_at.to_jiff(),
            "newest": store::messages::newest(conn, hand.ticket).await?.0,
        });
        store::forms::done(conn, form, &outcome).await?;
        let by = hand.actor.address.as_str();
        if store::presences::leave(conn, hand.ticket, by).await? {
            store::live::tell(conn, hand.ticket, by, store::live::HERE).await?;
        }
        Ok(())
    }
}

/// Said where nothing was to be done.
const SO_ALREADY: &str = "it is so already";

impl Wanted {
    fn command(&self) -> Option<&Command> {
        match self {
            Wanted::Command(command, _) => Some(command),
            Wanted::People(_) | Wanted::Split(..) | Wanted::Note(..) | Wanted::Undo(_) => None,
        }
    }
}

impl Done {
    /// What a form did, as it was kept.
    pub fn of(outcome: &Value) -> Done {
        let said = outcome["said"].as_array().into_iter().flatten();
        Done {
            said: said.filter_map(|line| line.as_str().map(str::to_owned)).collect(),
            undo: outcome["undo"].as_str().map(str::to_owned),
            again: true,
            held: outcome["held"] == true,
        }
    }
}

/// What the same form did before; else it is taken, and is to be carried out.
async fn done_before(
    conn: &mut Conn,
    form: &FormKey,
    ticket: Option<TicketId>,
    actor: &NamedAddress,
    now: Timestamp,
) -> Result<Option<Done>, DeskError> {
    let address = actor.address.as_str();
    if store::forms::take(conn, form, address, ticket, now).await? {
        return Ok(None);
    }
    let before = store::forms::find(conn, form, address, ticket).await?.ok_or(DeskError::Raced)?;
    Ok(Some(Done::of(&before.outcome)))
}

fn may(hand: &Hand<'_>, wish: Wish) -> Result<(), DeskError> {
    rights::may(hand.role, hand.evidence, wish).map_err(|denied| DeskError::Hindered(denied.to_string()))
}

fn done(answer: Answer) -> Result<String, DeskError> {
    match answer {
        Answer::Done(said) => Ok(said),
        Answer::Refused(why) => Err(DeskError::Hindered(why)),
        Answer::Help => Ok(String::new()),
    }
}
