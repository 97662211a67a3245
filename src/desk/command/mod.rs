//! Commands of staff by mail: carried out only with proof, and answered line by line.
//!
//! A command needs all of this (see "who may do what" in the design): the author is on the staff list, the receiving
//! server proves the author's domain, and the mail comes back by something that was sent to this person alone, a reply
//! address or a Message-ID of ours about this ticket. Without it nothing is done, and the member of staff hears of it.

use jiff::Timestamp;
use serde_json::json;

mod deeds;

use super::{Desk, DeskError, case::Case};
use crate::{
    domain::{NamedAddress, PersonId, Proof, TicketId},
    mail,
    render::{CommandView, TranscriptLine},
    store::{self, Conn},
    ticket::{
        Notice, command,
        rights::{self, Evidence, Marks, Wish},
    },
};

/// What became of a command.
enum Answer {
    Done(String),
    Refused(String),
    Help,
}

impl Desk {
    /// Does what a staff mail commands and answers it. A mail without commands is a note and no more.
    pub(super) async fn obey(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        ticket: TicketId,
        author: Option<PersonId>,
    ) -> Result<(), DeskError> {
        let lines = command::commands(&case.mail.body.own);
        let staff = case.mail.author().and_then(|author| self.settings.staff_by_email(&author.address));
        let (false, Some(staff)) = (lines.is_empty(), staff) else { return Ok(()) };
        let actor = NamedAddress::new(&staff.name, staff.email.clone());
        let (role, evidence) = (self.staff_actor(staff), self.evidence(conn, case, ticket, author).await?);
        // No command asks for less than a note.
        let refusal = rights::may(role, evidence, Wish::Note).err();
        let (mut transcript, mut help) = (Vec::new(), false);
        for line in lines {
            let answer = match (&refusal, line.means) {
                (Some(denied), _) => Answer::Refused(denied.to_string()),
                (None, Err(mistake)) => Answer::Refused(mistake.to_string()),
                (None, Ok(command)) => match rights::may(role, evidence, command.wish()) {
                    Ok(()) => self.do_command(conn, ticket, command, &actor, case.now).await?,
                    Err(denied) => Answer::Refused(denied.to_string()),
                },
            };
            let (done, answer) = match answer {
                Answer::Done(what) => (true, what),
                Answer::Refused(why) => (false, why),
                Answer::Help => {
                    help = true;
                    (true, "the commands stand below".to_owned())
                }
            };
            transcript.push(TranscriptLine { said: line.said, answer, done });
        }
        if let Some(why) = refusal {
            let detail = json!({ "why": why.to_string(), "commands": transcript.len() });
            store::journal::write(conn, ticket, actor.address.as_str(), "command-refused", detail, case.now)
                .await?;
        }
        self.answer_commands(conn, ticket, &actor, transcript, help, case.now).await
    }

    /// What vouches for the author of a mail about a ticket, and for its words.
    async fn evidence(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        ticket: TicketId,
        author: Option<PersonId>,
    ) -> Result<Evidence, DeskError> {
        let mail = case.mail;
        let marks = Marks {
            forged: matches!(mail.proof, Proof::Fail { .. }),
            proven: mail.proven_author().is_some(),
            token: self.answers_what_they_got(conn, case, ticket, author).await?,
            our_message: false,
            handed_on: mail.body.handed_on,
        };
        Ok(marks.evidence())
    }

    /// Whether it comes back by something that was sent to its author alone.
    async fn answers_what_they_got(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        ticket: TicketId,
        author: Option<PersonId>,
    ) -> Result<bool, DeskError> {
        let Some(named) = case.mail.author() else { return Ok(false) };
        let clues = mail::clues(case.mail, &self.ours(Some(case.mailbox)));
        if clues.reply_tags.iter().any(|(of, person)| *of == ticket && Some(*person) == author) {
            return Ok(true);
        }
        let sent = match clues.ids.is_empty() {
            true => None,
            false => store::outbox::by_header_ids(conn, &clues.ids).await?,
        };
        let to_them = |sent: &store::outbox::Line| {
            sent.ticket_id == Some(ticket.0) && sent.recipient == named.address.as_str()
        };
        Ok(sent.as_ref().is_some_and(to_them))
    }

    async fn answer_commands(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        actor: &NamedAddress,
        transcript: Vec<TranscriptLine>,
        help: bool,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let stored = self.ticket(conn, ticket).await?;
        let mut occasion = self.occasion(conn, &stored).await?;
        occasion.actor = Some(&actor.address);
        occasion.context.transcript = transcript;
        if help || occasion.context.transcript.iter().any(|line| !line.done) {
            let all: Vec<&str> = command::ALL.iter().map(|entry| entry.name).collect();
            occasion.context.commands = command_views(&all);
        }
        self.owe(conn, Notice::StaffTranscript, &occasion, now).await.map(drop)
    }
}

/// The commands of these names, as a mail lists them.
pub(super) fn command_views(names: &[&str]) -> Vec<CommandView> {
    let named = command::ALL.iter().filter(|entry| names.contains(&entry.name));
    named.map(|entry| CommandView { usage: entry.usage, what: entry.what }).collect()
}
