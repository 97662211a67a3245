//! What staff do and say by the forms of the console: the commands and words that they also mail, each form once.
//!
//! A reply is held when somebody else was faster, as one that is mailed; here its author sees at once what was said
//! meanwhile, and sends it all the same, says it otherwise, or lets it be.

use std::sync::Arc;

use diesel_async::AsyncConnection;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    Answer, Hand, Transcript,
    words::{MOST_BETWEEN, is_between},
};
use crate::{
    desk::{Change, Desk, DeskError},
    domain::{Attachment, EmailAddress, MessageRowId, NamedAddress, TicketId},
    store::{
        self, Conn, drafts,
        forms::FormKey,
        held::{Held, NewHeld, Settled},
        messages::Public,
        pool::{News, announce},
        tickets::Ticket,
    },
    ticket::{
        Happening,
        command::{self, Command, Said},
        rights::{self, Evidence, Wish},
    },
};

/// What was done is taken back by one click for so long.
const TAKEN_BACK_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// And the click is offered for so long.
const OFFERED_FOR: SignedDuration = SignedDuration::from_mins(2);

/// The kind of an entry that keeps held words.
pub(in crate::desk) const HELD: &str = "held";

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

/// Words for the customer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The words; names of facts among them are filled in.
    pub words: String,
    /// The files that go along.
    pub files: Vec<Attachment>,
    /// The files of the words that were held go along, too.
    pub with_held_files: bool,
    /// What is to be done in the same step.
    pub then: Option<Command>,
    /// How that command is written.
    pub then_line: String,
    /// The newest entry of the thread that its author had before them.
    pub seen: MessageRowId,
}

/// What a form did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// One sentence for each change.
    pub said: Vec<String>,
    /// The command that takes it back, where there is one.
    pub undo: Option<String>,
    /// It was done before, by the same form.
    pub again: bool,
    /// The words were held back.
    pub held: bool,
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
                Wanted::Undo(of) => self.take_back(conn, &hand, &before, of).await?,
                other => (self.try_wanted(conn, &hand, other).await?, other.command().cloned()),
            };
            let told = store::outbox::to_customers_since(conn, ticket, newest).await?;
            let undo = match (&command, deed) {
                (Some(command), Wanted::Command(..)) if said != SO_ALREADY => {
                    opposite(conn, &before, command, !told.is_empty()).await?
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
            let mut files = match held.filter(|_| reply.with_held_files) {
                Some(held) => store::messages::enclosed(conn, held.message_id).await?,
                None => Vec::new(),
            };
            files.extend(reply.files.iter().cloned());
            hand.files = files.into();
            let words = self.naming_facts(conn, ticket, &reply.words).await?;
            let between = self.said_since(conn, &hand, reply.seen).await?;
            let replied = match between.is_empty() {
                true => Replied::Sent(self.send_typed(conn, &hand, reply, words).await?),
                false => {
                    self.hold_form(conn, &hand, reply, &words, &between).await?;
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

    /// Sends what somebody has held, from the page that shows it.
    ///
    /// # Errors
    /// As [`Desk::send_held`].
    pub async fn send_held_by_form(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        form: &FormKey,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Done, DeskError> {
        conn.transaction(async |conn| {
            if let Some(done) = done_before(conn, form, Some(ticket), actor, now).await? {
                return Ok(done);
            }
            let hand = self.typing(conn, ticket, actor, now).await?;
            may(&hand, Wish::Reply)?;
            let changed = self.send_held(conn, ticket, actor, now).await?;
            let done = Done { said: changed.done, ..Done::default() };
            self.keep_form(conn, &hand, form, &done).await?;
            Ok(done)
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

    /// Keeps what became of a form that was about several tickets.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep_bulk_transcript(
        &self,
        conn: &mut Conn,
        form: &FormKey,
        actor: &NamedAddress,
        transcript: &Value,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        conn.transaction(async |conn| {
            if store::forms::take(conn, form, actor.address.as_str(), None, now).await? {
                store::forms::done(conn, form, transcript).await?;
            }
            Ok(())
        })
        .await
    }

    /// What became of such a form, for who sent it.
    ///
    /// # Errors
    /// The database's.
    pub async fn bulk_transcript(
        &self,
        conn: &mut Conn,
        form: &FormKey,
        address: &EmailAddress,
    ) -> Result<Option<Value>, DeskError> {
        Ok(store::forms::find(conn, form, address.as_str(), None).await?.map(|form| form.outcome))
    }

    /// What somebody did to a ticket a moment ago and can take back by one click: the key of the form, and what it did.
    ///
    /// # Errors
    /// [`DeskError::NoTicket`].
    pub async fn to_take_back(
        &self,
        conn: &Conn,
        ticket: TicketId,
        address: &EmailAddress,
        now: Timestamp,
    ) -> Result<Option<(String, String)>, DeskError> {
        let since = now - OFFERED_FOR;
        let Some((key, outcome)) = store::forms::last(conn, address.as_str(), ticket, since).await? else {
            return Ok(None);
        };
        let stands = self.ticket(conn, ticket).await?;
        let same = outcome["changed_at"] == json!(stands.changed_at.to_jiff());
        let done = Done::of(&outcome);
        Ok(done.undo.filter(|_| same).map(|_| (key, done.said.join(", "))))
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

    /// Takes back what a form did a short while ago, unless the ticket changed since.
    async fn take_back(
        &self,
        conn: &mut Conn,
        hand: &Hand<'_>,
        now_is: &Ticket,
        of: &FormKey,
    ) -> Result<(String, Option<Command>), DeskError> {
        let hindered = |why: &str| DeskError::Hindered(why.to_owned());
        let form = store::forms::find(conn, of, hand.actor.address.as_str(), Some(hand.ticket)).await?;
        let form = form.filter(|form| hand.now.duration_since(form.at.to_jiff()) < TAKEN_BACK_WITHIN);
        let form = form.ok_or_else(|| hindered("it is too long ago to be taken back by a click"))?;
        if form.outcome["changed_at"] != json!(now_is.changed_at.to_jiff()) {
            return Err(hindered(
                "the ticket was changed since; look at it, and change what is to be otherwise",
            ));
        }
        let line = form.outcome["undo"].as_str().unwrap_or_default();
        let read = command::read(line, &self.settings.workflow).lines.into_iter().next();
        let command =
            read.and_then(|line| line.means.ok()).ok_or_else(|| hindered("it cannot be taken back"))?;
        let said = done(self.do_command(conn, hand, command.clone()).await?)?;
        Ok((said, Some(command)))
    }

    async fn send_typed(
        &self,
        conn: &mut Conn,
        hand: &Hand<'_>,
        reply: &Reply,
        words: String,
    ) -> Result<Done, DeskError> {
        let line =
            |command: &Command| command::Line { said: reply.then_line.clone(), means: Ok(command.clone()) };
        let said = Said { lines: reply.then.iter().map(line).collect(), words };
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
        reply: &Reply,
        words: &str,
        between: &[Public],
    ) -> Result<(), DeskError> {
        let Hand { ticket, agent, actor, now, .. } = *hand;
        let message = self.keep_inside(conn, ticket, HELD, words, &hand.files, actor, now).await?;
        let why = match between {
            [one] => format!("{} wrote while you did", one.author_line),
            several => format!("others wrote {} times while you did", several.len()),
        };
        let commands = if reply.then.is_some() { reply.then_line.as_str() } else { "" };
        let held = NewHeld { ticket, agent, message, words, commands, why: &why, seen: Some(reply.seen) };
        store::held::hold(conn, held, now).await?;
        let detail = json!({ "why": why, "commands": commands });
        Ok(store::journal::write(conn, ticket, actor.address.as_str(), Happening::Held, detail, now).await?)
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

/// The command that takes another back, where that is honest: nobody outside was told, and it leads to where the ticket
/// was before.
async fn opposite(
    conn: &mut Conn,
    before: &Ticket,
    command: &Command,
    told: bool,
) -> Result<Option<String>, DeskError> {
    Ok(match command {
        Command::Take | Command::Assign(_) => {
            let person = match before.assignee() {
                Some(id) => store::people::find(conn, id).await?,
                None => None,
            };
            Some(format!("#assign {}", person.map_or_else(|| "nobody".to_owned(), |person| person.address)))
        }
        Command::Severity(..) if !told => {
            before.severity().map(|severity| format!("#sev {severity} taken back"))
        }
        Command::Level(_) => before.level().map(|level| format!("#level {level}")),
        Command::Product(_) => Some(format!("#product {}", before.product.as_deref().unwrap_or("none"))),
        Command::Snooze(_) if before.snoozed_at.is_none() => Some("#snooze off".to_owned()),
        Command::Spam => Some("#spam off".to_owned()),
        Command::Wait(wait) => Some(if *wait { "#wait off" } else { "#wait" }.to_owned()),
        _ => None,
    })
}
