//! What staff say by mail: words for the customer, and commands, answered line by line.
//!
//! Both need all of this (see "who may do what" in the design): the author is on the staff list, the receiving
//! server proves the author's domain, and the mail comes back by something that was sent to this person alone, a reply
//! address or a Message-ID of ours about this ticket. Without it the mail is a note among staff, nothing is done, and the
//! member of staff hears of it.

mod deeds;
mod forms;
mod proof;
mod words;

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;

use super::{Desk, DeskError, case::Case};
use crate::{
    domain::{Attachment, MessageRowId, NamedAddress, PersonId, TicketId},
    render::{CommandView, TranscriptLine},
    store::{self, Conn},
    ticket::{
        Happening, Notice,
        command::{self, Command, Line, Said},
        oncall,
        reply::{self, Place},
        rights::{Actor, Evidence},
    },
};
pub(super) use deeds::refusal;
pub use forms::{Done, HeldWords, Replied, Reply, Wanted};
use words::Withheld;

/// A mail of somebody who proved that they may speak for us.
struct Hand<'a> {
    ticket: TicketId,
    /// The mail as it is kept.
    message: MessageRowId,
    agent: PersonId,
    actor: &'a NamedAddress,
    role: Actor,
    evidence: Evidence,
    /// The files that go to the customer with the words.
    files: Arc<[Attachment]>,
    /// Names of pictures within the text, which do not.
    pictures: Vec<String>,
    /// When the notice that it answers was written.
    since: Timestamp,
    now: Timestamp,
}

/// What became of a command.
enum Answer {
    Done(String),
    Refused(String),
    Help,
}

/// What is mailed back.
#[derive(Default)]
struct Transcript {
    lines: Vec<TranscriptLine>,
    help: bool,
}

impl Transcript {
    fn add(&mut self, said: &str, answer: Answer) {
        let (done, answer) = match answer {
            Answer::Done(what) => (true, what),
            Answer::Refused(why) => (false, why),
            Answer::Help => {
                self.help = true;
                (true, "the commands stand below".to_owned())
            }
        };
        self.lines.push(TranscriptLine { said: said.to_owned(), answer, done });
    }
}

impl Desk {
    /// Does what a mail of staff says, and answers it: words go to the customer, commands are carried out.
    pub(super) async fn obey(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        message: MessageRowId,
        ticket: TicketId,
        author: Option<PersonId>,
    ) -> Result<(), DeskError> {
        let said = command::read(&case.mail.body.own, &self.settings.workflow);
        let (files, pictures) = words::enclosed(&case.mail.attachments);
        let staff = case.mail.author().and_then(|author| self.settings.staff_by_email(&author.address));
        let (Some(staff), Some(agent)) = (staff, author) else { return Ok(()) };
        if said == Said::default() && files.is_empty() {
            return Ok(());
        }
        let actor = NamedAddress::new(&staff.name, staff.email.clone());
        let answered = self.answered_notice(conn, case, ticket, &actor.address).await?;
        let said = match &answered {
            Some(line) => oncall::answering(line.notice.0, said),
            None => said,
        };
        let role = self.staff_actor(staff);
        let evidence = self.evidence(case, ticket, agent, answered.is_some());
        if let Some(why) = self.refusal(conn, case, (ticket, agent), (role, evidence)).await? {
            return self.refuse(conn, &said, ticket, &actor, &why, case.now).await;
        }
        let written = answered.map(|line| line.created_at.to_jiff()).or(case.mail.date);
        let since = written.unwrap_or(case.now);
        let hand = Hand {
            ticket,
            message,
            agent,
            actor: &actor,
            role,
            evidence,
            files,
            pictures,
            since,
            now: case.now,
        };
        self.carry_out_said(conn, hand, said).await
    }

    /// Nothing of it is done, and who wrote it hears why. The mail is kept as a note.
    async fn refuse(
        &self,
        conn: &mut Conn,
        said: &Said,
        ticket: TicketId,
        actor: &NamedAddress,
        why: &str,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let mut transcript = Transcript::default();
        for line in &said.lines {
            transcript.add(&line.said, Answer::Refused(why.to_owned()));
        }
        if !said.words.is_empty() || said.lines.is_empty() {
            let answer = format!("your words went to nobody and stay here as a note among staff: {why}");
            transcript.add(words::first_line(&said.words), Answer::Refused(answer));
        }
        let detail = json!({ "why": why, "commands": said.lines.len(), "words": !said.words.is_empty() });
        store::journal::write(conn, ticket, actor.address.as_str(), Happening::CommandRefused, detail, now)
            .await?;
        self.answer_commands(conn, ticket, actor, transcript, now).await
    }

    /// Carries out the lines, facts first and else in their order, and sends the words where they belong, or holds both back.
    async fn carry_out_said(
        &self,
        conn: &mut Conn,
        mut hand: Hand<'_>,
        mut said: Said,
    ) -> Result<(), DeskError> {
        let mut transcript = Transcript::default();
        let anyway = self.send_anyway(conn, &mut hand, &mut said, &mut transcript).await?;
        let place = reply::place(&said, !hand.files.is_empty());
        if let Some(withheld) = self.withheld(conn, &hand, &said, place, anyway).await? {
            return self.hold(conn, &hand, said, place, withheld, transcript).await;
        }
        if let Some(words) = self.do_said(conn, &hand, said, &mut transcript).await? {
            let said = Said { lines: Vec::new(), words };
            return self.hold(conn, &hand, said, Place::Alone, Withheld::NotDone, transcript).await;
        }
        self.answer_commands(conn, hand.ticket, hand.actor, transcript, hand.now).await
    }

    /// Does what nothing holds back. Gives the words back when the command in whose mail they were to stand is refused.
    async fn do_said(
        &self,
        conn: &mut Conn,
        hand: &Hand<'_>,
        said: Said,
        transcript: &mut Transcript,
    ) -> Result<Option<String>, DeskError> {
        let place = reply::place(&said, !hand.files.is_empty());
        let Said { lines, words } = said;
        let (mut refused, mut told) = (false, Vec::new());
        let mut answers = Vec::new();
        for (at, Line { said, means }) in facts_first(lines) {
            let answer = match means {
                Err(mistake) => Answer::Refused(mistake.to_string()),
                Ok(command) if place == Place::Within(at) => {
                    let (answer, whom) = self.do_with_words(conn, hand, command, &words).await?;
                    (refused, told) = (matches!(answer, Answer::Refused(_)), whom);
                    answer
                }
                Ok(command) => self.do_command(conn, hand, command).await?,
            };
            answers.push((at, said, answer));
        }
        answers.sort_by_key(|(at, ..)| *at);
        for (_, said, answer) in answers {
            transcript.add(&said, answer);
        }
        match place {
            Place::Nowhere | Place::Inside => {}
            Place::Within(_) if refused => return Ok(Some(words)),
            Place::Within(_) if !told.is_empty() => {
                self.went_out(conn, hand, &words, &told, transcript).await?;
            }
            // The command had nothing to tell the customer: it was so already.
            Place::Alone | Place::Within(_) => self.send_words(conn, hand, &words, transcript).await?,
        }
        Ok(None)
    }

    async fn answer_commands(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        actor: &NamedAddress,
        transcript: Transcript,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        if transcript.lines.is_empty() {
            return Ok(());
        }
        let stored = self.ticket(conn, ticket).await?;
        let mut occasion = self.occasion(conn, &stored).await?;
        occasion.actor = Some(&actor.address);
        if transcript.help || transcript.lines.iter().any(|line| !line.done) {
            let all: Vec<&str> = command::ALL.iter().map(|entry| entry.name).collect();
            occasion.context.commands = command_views(&all);
        }
        occasion.context.transcript = transcript.lines;
        self.owe(conn, Notice::StaffTranscript, &occasion, now).await.map(drop)
    }
}

/// The commands of these names, as a mail lists them.
pub(super) fn command_views(names: &[&str]) -> Vec<CommandView> {
    let named = names.iter().filter_map(|name| command::ALL.iter().find(|entry| entry.name == *name));
    named.map(|entry| CommandView { usage: entry.usage, what: entry.what }).collect()
}

/// The lines with their places, in the order in which they are carried out.
fn facts_first(lines: Vec<Line>) -> Vec<(usize, Line)> {
    let is_fact = |line: &Line| line.means.as_ref().is_ok_and(Command::is_fact);
    let mut lines: Vec<(usize, Line)> = lines.into_iter().enumerate().collect();
    lines.sort_by_key(|(_, line)| !is_fact(line));
    lines
}
