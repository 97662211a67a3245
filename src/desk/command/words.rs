//! The words of staff on their way to the customer: sent, or held and returned.

use std::sync::Arc;

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde_json::json;

use super::{Answer, Hand, Transcript};
use crate::{
    desk::{Changed, Desk, DeskError},
    domain::{Attachment, NamedAddress, PersonId, TicketId, Word, link::without_seals, text},
    render::BetweenView,
    store::{
        self, Conn,
        held::{NewHeld, Settled},
        messages::{Direction, Public},
        pool::{News, announce},
    },
    ticket::{
        Happening, Notice,
        command::{self, Command, Said},
        reply::{self, Place},
        rights::Evidence,
    },
};

/// So many entries that came in between are looked at, the newest.
pub(super) const MOST_BETWEEN: i64 = 50;

/// Media types of parts that say something about a mail and are nobody's files.
const NO_FILES: &[&str] = &[
    "application/pgp-keys",
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/ms-tnef",
    "message/rfc822",
    "text/vcard",
    "text/x-vcard",
];

/// Why words are not sent.
pub(super) enum Withheld {
    /// Others said this since the notice was written.
    Between(Vec<BetweenView>),
    /// This line is no command.
    Unclear(String),
    /// The command in whose mail they were to stand was not done.
    NotDone,
}

impl Withheld {
    fn why(&self) -> String {
        match self {
            Withheld::Between(between) if between.len() == 1 => {
                "somebody else wrote after the notice that you answered was written".to_owned()
            }
            Withheld::Between(between) => {
                format!("others wrote {} times after the notice that you answered was written", between.len())
            }
            Withheld::Unclear(mistake) => {
                format!(
                    "a line that begins with # is no command, and might have been meant to keep them inside: {mistake}"
                )
            }
            Withheld::NotDone => "the command in whose mail they were to stand was not done".to_owned(),
        }
    }
}

impl Desk {
    /// Does what `#send` asks for: with words beside it, these go whatever came in between; without, what was held takes
    /// its place, lines and all. Whether nothing holds the words back.
    pub(super) async fn send_anyway(
        &self,
        conn: &mut Conn,
        hand: &mut Hand<'_>,
        said: &mut Said,
        transcript: &mut Transcript,
    ) -> Result<bool, DeskError> {
        let Some(at) = said.lines.iter().position(|line| line.means == Ok(Command::Send)) else {
            return Ok(false);
        };
        if !said.words.is_empty() || !hand.files.is_empty() {
            return Ok(true);
        }
        let Some(held) = store::held::open(conn, hand.ticket, hand.agent).await? else {
            said.lines.remove(at);
            let why = "nothing of yours is held for this ticket; write the words, too";
            transcript.add("#send", Answer::Refused(why.to_owned()));
            return Ok(false);
        };
        transcript.add("#send", Answer::Done("what was held follows".to_owned()));
        said.lines.splice(at..=at, command::read(&held.commands, &self.settings.workflow).lines);
        said.words = held.words;
        let files = store::messages::enclosed(conn, held.message_id).await?;
        (hand.files, hand.pictures) = enclosed(&files);
        hand.message = held.message_id;
        hand.since = hand.since.max(held.held_at.to_jiff());
        Ok(false)
    }

    /// Sends what somebody has held for a ticket, from inside. Nothing holds it back: who asks for it sees the ticket.
    ///
    /// # Errors
    /// [`DeskError::Hindered`] when nothing is held, or a command that goes with it is refused.
    pub async fn send_held(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Changed, DeskError> {
        conn.transaction(async |conn| {
            store::tickets::lock(conn, ticket).await?.ok_or(DeskError::NoTicket(ticket))?;
            let staff = self.settings.staff_by_email(&actor.address);
            let staff = staff.ok_or_else(|| DeskError::NotStaff(actor.address.clone()))?;
            let agent = store::people::learn(conn, actor, None, now).await?.id;
            let held = store::held::open(conn, ticket, agent).await?.ok_or_else(|| {
                DeskError::Hindered(format!("nothing of {} is held for ticket {ticket}", actor.address))
            })?;
            let files = store::messages::enclosed(conn, held.message_id).await?;
            let (files, pictures) = enclosed(&files);
            let (role, evidence) = (self.staff_actor(staff), Evidence::Inside);
            let message = held.message_id;
            let hand =
                Hand { ticket, message, agent, actor, role, evidence, files, pictures, since: now, now };
            let said = Said {
                lines: command::read(&held.commands, &self.settings.workflow).lines,
                words: held.words,
            };
            let mut transcript = Transcript::default();
            let before = store::outbox::newest_about(conn, ticket).await?;
            if self.do_said(conn, &hand, said, &mut transcript).await?.is_some() {
                let refused = transcript.lines.into_iter().find(|line| !line.done);
                let why = refused.map(|line| format!("{}: {}", line.said, line.answer)).unwrap_or_default();
                return Err(DeskError::Hindered(why));
            }
            let mails = store::outbox::to_customers_since(conn, ticket, before).await?.len();
            announce(conn, News::Outbox).await?;
            let done = transcript.lines.into_iter().map(|line| format!("{}: {}", line.said, line.answer));
            Ok(Changed { done: done.collect(), mails })
        })
        .await
    }

    /// Why the words, and what goes with them, must not be sent.
    pub(super) async fn withheld(
        &self,
        conn: &mut Conn,
        hand: &Hand<'_>,
        said: &Said,
        place: Place,
        anyway: bool,
    ) -> Result<Option<Withheld>, DeskError> {
        let has_words = matches!(place, Place::Within(_) | Place::Alone);
        if let Some(mistake) = reply::unclear(said).filter(|_| has_words) {
            return Ok(Some(Withheld::Unclear(mistake.to_string())));
        }
        if anyway || !reply::speaks_to_customer(said, place) {
            return Ok(None);
        }
        let since = store::messages::public_since(conn, hand.ticket, hand.since, MOST_BETWEEN).await?;
        let between: Vec<BetweenView> = since
            .iter()
            .filter(|entry| is_between(entry, hand.agent, hand.since))
            .map(between_view)
            .collect();
        Ok((!between.is_empty()).then_some(Withheld::Between(between)))
    }

    /// Keeps the words, with the commands that would write to the customer, does the rest, and returns it all to who wrote it.
    pub(super) async fn hold(
        &self,
        conn: &mut Conn,
        hand: &Hand<'_>,
        said: Said,
        place: Place,
        withheld: Withheld,
        mut transcript: Transcript,
    ) -> Result<(), DeskError> {
        let mut commands = Vec::new();
        for (at, line) in said.lines.into_iter().enumerate() {
            let answer = match line.means {
                Err(mistake) => Answer::Refused(mistake.to_string()),
                Ok(Command::Send) => {
                    Answer::Refused("your words are held all the same, as said above".to_owned())
                }
                Ok(command) if command.writes_to_customer() || place == Place::Within(at) => {
                    commands.push(line.said.clone());
                    Answer::Refused("held with your words, since it writes to the customer".to_owned())
                }
                Ok(command) => self.do_command(conn, hand, command).await?,
            };
            transcript.add(&line.said, answer);
        }
        let (why, now) = (withheld.why(), hand.now);
        let held = NewHeld {
            ticket: hand.ticket,
            agent: hand.agent,
            message: hand.message,
            words: &said.words,
            commands: &commands.join("\n"),
            why: &why,
            seen: None,
        };
        store::held::hold(conn, held, now).await?;
        let detail = json!({ "why": why, "commands": commands });
        store::journal::write(conn, hand.ticket, hand.actor.address.as_str(), Happening::Held, detail, now)
            .await?;
        let stored = self.ticket(conn, hand.ticket).await?;
        let mut occasion = self.occasion(conn, &stored).await?;
        occasion.actor = Some(&hand.actor.address);
        let context = &mut occasion.context;
        context.trouble = Some(why);
        context.words = Some(said.words);
        context.attachments = hand.files.iter().map(|file| file.name.clone()).collect();
        context.transcript = transcript.lines;
        if let Withheld::Between(between) = withheld {
            context.between = between;
        }
        self.owe(conn, Notice::StaffHeld, &occasion, now).await.map(drop)
    }

    /// Carries out a command whose mail to the customer has these words and files in it. Also says who was written to.
    pub(super) async fn do_with_words(
        &self,
        conn: &mut Conn,
        hand: &Hand<'_>,
        command: Command,
        words: &str,
    ) -> Result<(Answer, Vec<String>), DeskError> {
        let command = if words.is_empty() { command } else { command.with_words(words) };
        let before = store::outbox::newest_about(conn, hand.ticket).await?;
        let answer = self.do_enclosing(conn, hand, command, words).await?;
        Ok((answer, store::outbox::to_customers_since(conn, hand.ticket, before).await?))
    }

    /// Sends the words in a mail of their own.
    pub(super) async fn send_words(
        &self,
        conn: &mut Conn,
        hand: &Hand<'_>,
        words: &str,
        transcript: &mut Transcript,
    ) -> Result<(), DeskError> {
        let before = store::outbox::newest_about(conn, hand.ticket).await?;
        match self.reply_with(conn, hand.ticket, words, &hand.files, hand.actor, hand.now).await {
            Ok(_) => {
                let told = store::outbox::to_customers_since(conn, hand.ticket, before).await?;
                self.went_out(conn, hand, words, &told, transcript).await
            }
            Err(refused @ (DeskError::NobodyToAnswer(_) | DeskError::Hindered(_))) => {
                transcript.add(first_line(words), Answer::Refused(refused.to_string()));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// The words were sent: says to whom, and settles what was held.
    pub(super) async fn went_out(
        &self,
        conn: &mut Conn,
        hand: &Hand<'_>,
        words: &str,
        told: &[String],
        transcript: &mut Transcript,
    ) -> Result<(), DeskError> {
        let held = store::held::open(conn, hand.ticket, hand.agent).await?;
        if let Some(held) = held {
            let as_is = held.message_id == hand.message;
            let settled = if as_is { Settled::Sent } else { Settled::Replaced };
            store::held::settle(conn, hand.ticket, hand.agent, settled, hand.now).await?;
        }
        let people = store::participants::of(conn, hand.ticket).await?;
        let called = |address: &String| {
            let named = people.iter().filter(|(person, _)| person.address == *address);
            let named = named.filter_map(|(person, _)| person.named()).next();
            named.map_or_else(|| address.clone(), |named| crate::desk::post::line_of(&named))
        };
        let mut whom: Vec<String> = told.iter().map(called).collect();
        whom.dedup();
        let answer = format!("your words went to {}{}", listed(&whom), along(hand));
        transcript.add(first_line(words), Answer::Done(answer));
        Ok(())
    }
}

/// The files that go to the customer, and the names of pictures within the text, which are often a signature's.
pub(super) fn enclosed(files: &[Attachment]) -> (Arc<[Attachment]>, Vec<String>) {
    let real = files.iter().filter(|file| !NO_FILES.contains(&file.mime.as_str()));
    let (pictures, along): (Vec<_>, Vec<_>) = real.cloned().partition(|file| file.inline);
    (along.into(), pictures.into_iter().map(|file| file.name).collect())
}

/// What stands for the words in a transcript.
pub(super) fn first_line(words: &str) -> &str {
    let first = words.lines().map(str::trim).find(|line| !line.is_empty());
    first.map_or("(no words)", |line| text::prefix(line, 200))
}

/// Whether others said something at an entry after that moment.
pub(super) fn is_between(entry: &Public, agent: PersonId, since: Timestamp) -> bool {
    let notice = match entry.direction.0 {
        Direction::In => None,
        Direction::Out => match Notice::from_word(&entry.kind) {
            Ok(notice) => Some(notice),
            Err(_) => return false,
        },
        Direction::Note => return false,
    };
    let public = reply::Public { author: entry.author.map(PersonId), notice, at: entry.at.to_jiff() };
    reply::came_between(&public, agent, since)
}

fn between_view(entry: &Public) -> BetweenView {
    BetweenView {
        who: entry.author_line.clone(),
        at: entry.at.to_jiff().strftime("%Y-%m-%d %H:%M UTC").to_string(),
        words: without_seals(&entry.own_text, "…"),
    }
}

/// `Alice <a@example.org> and 2 others`
fn listed(whom: &[String]) -> String {
    match whom {
        [] => "nobody".to_owned(),
        [one] => one.clone(),
        [first, second] => format!("{first} and {second}"),
        [first, others @ ..] => format!("{first} and {} others", others.len()),
    }
}

/// What became of the files.
fn along(hand: &Hand<'_>) -> String {
    let names: Vec<&str> = hand.files.iter().map(|file| file.name.as_str()).collect();
    let along = if names.is_empty() { String::new() } else { format!(", with {}", names.join(", ")) };
    match hand.pictures.as_slice() {
        [] => along,
        pictures => format!(
            "{along}; {} stayed here, since pictures within the text may be a signature's: attach what is to go along",
            pictures.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, mime: &str, inline: bool) -> Attachment {
        Attachment { name: name.into(), mime: mime.into(), inline, content_id: None, bytes: b"x".to_vec() }
    }

    #[test]
    fn only_what_was_attached_goes_along() {
        let (along, pictures) = enclosed(&[
            file("fix.zip", "application/zip", false),
            file("logo.png", "image/png", true),
            file("smime.p7s", "application/pkcs7-signature", false),
            file("inner.eml", "message/rfc822", false),
        ]);
        assert_eq!(along.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["fix.zip"]);
        assert_eq!(pictures, ["logo.png"]);
    }

    #[test]
    fn words_are_told_by_their_first_line() {
        for (words, first) in [("", "(no words)"), ("\n  Hello\nBob", "Hello"), ("Hello", "Hello")] {
            assert_eq!(first_line(words), first);
        }
    }

    #[test]
    fn whom_words_went_to_is_one_phrase() {
        let people = ["a", "b", "c", "d"].map(str::to_owned);
        for (count, phrase) in [(0, "nobody"), (1, "a"), (2, "a and b"), (3, "a and 2 others")] {
            assert_eq!(listed(&people[..count]), phrase);
        }
    }
}
