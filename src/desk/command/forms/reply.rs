//! Words to the customer by a form.
//!
//! A reply is held when somebody else was faster, as one that is mailed; here its author sees at once what was said
//! meanwhile, and sends it all the same, says it otherwise, or lets it be.

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde_json::json;

use super::{
    super::{
        Hand, Transcript,
        words::{MOST_BETWEEN, is_between},
    },
    Done, done_before, may,
};
use crate::{
    desk::{Desk, DeskError},
    domain::{Attachment, EmailAddress, MessageRowId, NamedAddress, TicketId},
    store::{
        self, Conn, drafts,
        forms::FormKey,
        held::{Held, NewHeld, Settled},
        messages::Public,
        pool::{News, announce},
    },
    ticket::{
        Happening,
        command::{self, Command, Said},
        rights::Wish,
    },
};

/// The kind of an entry that keeps held words.
const HELD: &str = "held";

/// Words for the customer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The words; names of facts among them are filled in.
    pub words: String,
    /// The files that go along.
    pub files: Vec<Attachment>,
    /// They take the place of words that were held, whose files go along, and what was to be done with them, where nothing
    /// else is.
    pub of_held: bool,
    /// What is to be done in the same step.
    pub then: Option<Command>,
    /// How that command is written.
    pub then_line: String,
    /// The newest entry of the thread that its author had before them.
    pub seen: MessageRowId,
}

/// What became of a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replied {
    /// It is on its way.
    Sent(Done),
    /// Others wrote meanwhile, and it is kept.
    Held,
}

/// Words of somebody that were not sent, with what was said meanwhile.
#[derive(Clone, Debug)]
pub struct HeldWords {
    /// The words.
    pub words: String,
    /// What was to be done with them, a command a line.
    pub commands: String,
    /// Why they were held.
    pub why: String,
    /// Since when.
    pub since: Timestamp,
    /// The names of their files.
    pub files: Vec<String>,
    /// What others said, as far as its author had not seen it.
    pub between: Vec<Public>,
}

impl Desk {
    /// Sends words to everybody who takes part, and does what goes with them; holds both back where others wrote since
    /// their author last looked. The same form again does nothing.
    ///
    /// # Errors
    /// [`DeskError::Hindered`] with the sentence that stands against it.
    pub async fn answer_by_form(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        reply: &Reply,
        form: &FormKey,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Replied, DeskError> {
        conn.transaction(async |conn| {
            store::tickets::lock(conn, ticket).await?.ok_or(DeskError::NoTicket(ticket))?;
            if let Some(done) = done_before(conn, form, Some(ticket), actor, now).await? {
                return Ok(if done.held { Replied::Held } else { Replied::Sent(done) });
            }
            let mut hand = self.typing(conn, ticket, actor, now).await?;
            may(&hand, Wish::Reply)?;
            let held = store::held::open(conn, ticket, hand.agent).await?;
            let held = held.filter(|_| reply.of_held);
            let mut files = match &held {
                Some(held) => store::messages::enclosed(conn, held.message_id).await?,
                None => Vec::new(),
            };
            let commands = match &held {
                Some(held) if reply.then.is_none() => held.commands.clone(),
                _ => reply.then_line.clone(),
            };
            let as_it_was = held.is_some_and(|held| held.words.trim() == reply.words.trim());
            files.extend(reply.files.iter().cloned());
            hand.files = files.into();
            let words = self.naming_facts(conn, ticket, &reply.words).await?;
            let between = self.said_since(conn, &hand, reply.seen).await?;
            let replied = match between.is_empty() {
                true => {
                    if as_it_was {
                        store::held::settle(conn, ticket, hand.agent, Settled::Sent, now).await?;
                    }
                    Replied::Sent(self.send_typed(conn, &hand, &commands, words).await?)
                }
                false => {
                    self.hold_form(conn, &hand, (reply.seen, &commands), &words, &between).await?;
                    Replied::Held
                }
            };
            let done = match &replied {
                Replied::Sent(done) => done.clone(),
                Replied::Held => Done { held: true, ..Done::default() },
            };
            self.keep_form(conn, &hand, form, &done).await?;
            let draft = drafts::Of { ticket, address: actor.address.as_str(), kind: drafts::Kind::Reply };
            drafts::forget(conn, draft).await?;
            Ok(replied)
        })
        .await
    }

    /// Somebody does not want their held words any more.
    ///
    /// # Errors
    /// The database's.
    pub async fn discard_held(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        conn.transaction(async |conn| {
            let hand = self.typing(conn, ticket, actor, now).await?;
            if store::held::open(conn, ticket, hand.agent).await?.is_none() {
                return Ok(());
            }
            store::held::settle(conn, ticket, hand.agent, Settled::Discarded, now).await?;
            let by = actor.address.as_str();
            store::journal::write(conn, ticket, by, Happening::HeldDiscarded, json!({}), now).await?;
            Ok(())
        })
        .await
    }

    /// What somebody has held for a ticket, with what others said that they had not seen.
    ///
    /// # Errors
    /// The database's.
    pub async fn held_words(
        &self,
        conn: &Conn,
        ticket: TicketId,
        address: &EmailAddress,
    ) -> Result<Option<HeldWords>, DeskError> {
        let Some(person) = store::people::by_address(conn, address).await? else { return Ok(None) };
        let Some(held) = store::held::open(conn, ticket, person.id).await? else { return Ok(None) };
        let files = store::messages::enclosed(conn, held.message_id).await?;
        let between = match held.seen_id {
            Some(seen) => {
                let behind =
                    store::messages::public_behind(conn, ticket, MessageRowId(seen), MOST_BETWEEN).await?;
                behind.into_iter().filter(|entry| is_between(entry, person.id, Timestamp::MIN)).collect()
            }
            None => Vec::new(),
        };
        let Held { words, commands, why, held_at, .. } = held;
        let files = files.into_iter().map(|file| file.name).collect();
        Ok(Some(HeldWords { words, commands, why, since: held_at.to_jiff(), files, between }))
    }

    async fn send_typed(
        &self,
        conn: &mut Conn,
        hand: &Hand<'_>,
        commands: &str,
        words: String,
    ) -> Result<Done, DeskError> {
        let said = Said { lines: command::read(commands, &self.settings.workflow).lines, words };
        let mut transcript = Transcript::default();
        // Words come back only beside a command that was refused, which is seen below.
        self.do_said(conn, hand, said, &mut transcript).await?;
        let refused = transcript.lines.iter().find(|line| !line.done);
        if let Some(line) = refused {
            return Err(DeskError::Hindered(line.answer.clone()));
        }
        announce(conn, News::Outbox).await?;
        Ok(Done { said: transcript.lines.into_iter().map(|line| line.answer).collect(), ..Done::default() })
    }

    /// What others said behind an entry.
    async fn said_since(
        &self,
        conn: &mut Conn,
        hand: &Hand<'_>,
        seen: MessageRowId,
    ) -> Result<Vec<Public>, DeskError> {
        let behind = store::messages::public_behind(conn, hand.ticket, seen, MOST_BETWEEN).await?;
        Ok(behind.into_iter().filter(|entry| is_between(entry, hand.agent, Timestamp::MIN)).collect())
    }

    async fn hold_form(
        &self,
        conn: &mut Conn,
        hand: &Hand<'_>,
        (seen, commands): (MessageRowId, &str),
        words: &str,
        between: &[Public],
    ) -> Result<(), DeskError> {
        let Hand { ticket, agent, actor, now, .. } = *hand;
        let message = self.keep_inside(conn, ticket, HELD, words, &hand.files, actor, now).await?;
        let why = match between {
            [one] => format!("{} wrote while you did", one.author_line),
            several => format!("others wrote {} times while you did", several.len()),
        };
        let held = NewHeld { ticket, agent, message, words, commands, why: &why, seen: Some(seen) };
        store::held::hold(conn, held, now).await?;
        let detail = json!({ "why": why, "commands": commands });
        Ok(store::journal::write(conn, ticket, actor.address.as_str(), Happening::Held, detail, now).await?)
    }
}
