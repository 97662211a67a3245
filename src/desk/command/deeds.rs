//! What each command does, by the use cases that are there for it.

use super::{Answer, Hand};
use crate::{
    desk::{Change, Changed, Desk, DeskError, Telling, overrule::Enclosed},
    domain::{EmailAddress, NamedAddress},
    store::{self, Conn},
    ticket::{Topic, command::Command, rights},
};

impl Desk {
    /// Carries out one command, all or nothing; what stands against it is the answer.
    pub(super) async fn do_command(
        &self,
        conn: &mut Conn,
        hand: &Hand<'_>,
        command: Command,
    ) -> Result<Answer, DeskError> {
        match rights::may(hand.role, hand.evidence, command.wish()) {
            Ok(()) => self.deed(conn, hand, command).await,
            Err(denied) => Ok(Answer::Refused(denied.to_string())),
        }
    }

    pub(super) async fn deed(
        &self,
        conn: &mut Conn,
        hand: &Hand<'_>,
        command: Command,
    ) -> Result<Answer, DeskError> {
        let Hand { ticket, actor, now, .. } = *hand;
        let change = match command {
            Command::Help => return Ok(Answer::Help),
            Command::Gate(word) => return answer(self.overrule(conn, ticket, &word, actor, now).await),
            Command::OnCall(said) => return answer(self.on_call(conn, ticket, &said, actor, now).await),
            Command::Answer(wanted) => {
                return answer(Box::pin(self.send_answer(conn, ticket, &wanted, actor, now)).await);
            }
            Command::Release(name) => {
                return answer(Box::pin(self.release_one(conn, ticket, &name, actor, now)).await);
            }
            Command::Note(Some(words)) => {
                self.note(conn, ticket, &words, actor, now).await?;
                let noted = match words.contains('\n') {
                    true => "noted, with the lines right below it; an empty line ends a note",
                    false => "noted",
                };
                return Ok(Answer::Done(noted.into()));
            }
            Command::Subscribe(who, cadence) => {
                let who = who.map_or_else(|| actor.clone(), |address| NamedAddress::new("", address));
                let topic = Topic::Ticket(ticket);
                return said(self.subscribe(conn, &who, &topic, cadence, &actor.address, now).await);
            }
            Command::Unsubscribe(who) => {
                let who = who.map_or_else(|| actor.clone(), |address| NamedAddress::new("", address));
                let topic = Topic::Ticket(ticket);
                return said(self.unsubscribe(conn, &who, &topic, None, &actor.address, now).await);
            }
            // The mail is a note already; what `#send` does was done with its words.
            Command::Note(None) => return Ok(Answer::Done("your words stay among staff".into())),
            Command::Send => return Ok(Answer::Done("nothing holds your words back".into())),
            Command::Merge(into, words) => {
                let telling = Telling { words, ..Telling::default() };
                return answer(self.merge(conn, (ticket, into), &telling, actor, now).await);
            }
            Command::Split(subject) => return self.split_notice(conn, hand, subject.as_deref()).await,
            Command::Link(other) => return answer(self.relate(conn, (ticket, other), actor, now).await),
            Command::Unlink(other) => return answer(self.unrelate(conn, (ticket, other), actor, now).await),
            Command::Spam => return answer(self.spam(conn, ticket, actor, now).await),
            Command::NoSpam => return answer(self.no_spam(conn, ticket, actor, now).await),
            Command::Awake => return answer(self.bring_back(conn, ticket, actor, now).await),
            Command::Block(who) => return answer(self.block(conn, Some(ticket), who, actor, now).await),
            Command::Unblock(who) => return answer(self.unblock(conn, Some(ticket), who, actor, now).await),
            Command::Snooze(until) => return answer(self.snooze(conn, ticket, until, actor, now).await),
            Command::Duplicate(of, reason) => Change { duplicate_of: Some(of), reason, ..Change::default() },
            Command::Move(status, closed_as, reason) => {
                Change { status: Some(status), closed_as, reason, ..Change::default() }
            }
            Command::To(name, _, closed_as, reason) => {
                Change { status_name: Some(name), closed_as, reason, ..Change::default() }
            }
            Command::Severity(severity, reason) => {
                Change { severity: Some(severity), reason, ..Change::default() }
            }
            Command::Queue(name) => {
                let queue = Some(Some(name).filter(|name| !name.eq_ignore_ascii_case("none")));
                Change { queue, ..Change::default() }
            }
            Command::Team(word) => return answer(self.team_word(conn, ticket, word, actor, now).await),
            Command::Wait(waits) => Change { waits: Some(waits), ..Change::default() },
            Command::Level(level) => Change { level: Some(level), ..Change::default() },
            Command::Product(name) => {
                let product = Some(Some(name).filter(|name| !name.eq_ignore_ascii_case("none")));
                Change { product, ..Change::default() }
            }
            Command::Take => Change { assignee: Some(Some(actor.address.clone())), ..Change::default() },
            Command::Assign(who) if who.eq_ignore_ascii_case("auto") => {
                Change { assign_anew: true, ..Change::default() }
            }
            Command::Assign(who) => match self.colleague(&who) {
                Ok(assignee) => Change { assignee: Some(assignee), ..Change::default() },
                Err(why) => return Ok(Answer::Refused(why)),
            },
        };
        answer(self.change(conn, ticket, &change, actor, now).await)
    }

    /// The same for a command in whose mail to the customer the words and files of the mail at hand stand.
    pub(super) async fn do_enclosing(
        &self,
        conn: &mut Conn,
        hand: &Hand<'_>,
        command: Command,
        words: &str,
    ) -> Result<Answer, DeskError> {
        if let Err(denied) = rights::may(hand.role, hand.evidence, command.wish()) {
            return Ok(Answer::Refused(denied.to_string()));
        }
        let Hand { ticket, actor, now, .. } = *hand;
        match command {
            Command::Move(status, closed_as, reason) => {
                let files = hand.files.clone();
                let change = Change { status: Some(status), closed_as, reason, files, ..Change::default() };
                answer(self.change(conn, ticket, &change, actor, now).await)
            }
            Command::To(name, _, closed_as, reason) => {
                let files = hand.files.clone();
                let change =
                    Change { status_name: Some(name), closed_as, reason, files, ..Change::default() };
                answer(self.change(conn, ticket, &change, actor, now).await)
            }
            Command::Duplicate(of, reason) => {
                let files = hand.files.clone();
                let change = Change { duplicate_of: Some(of), reason, files, ..Change::default() };
                answer(self.change(conn, ticket, &change, actor, now).await)
            }
            Command::Merge(into, words) => {
                let telling = Telling { words, files: hand.files.clone() };
                answer(self.merge(conn, (ticket, into), &telling, actor, now).await)
            }
            Command::Gate(word) => {
                let enclosed = Enclosed {
                    words: (!words.is_empty()).then(|| words.to_owned()),
                    files: hand.files.clone(),
                };
                answer(self.overrule_with(conn, ticket, &word, &enclosed, actor, now).await)
            }
            other => self.deed(conn, hand, other).await,
        }
    }

    /// The mail that the answered notice is about becomes a ticket of its own. Both were written in the same moment.
    async fn split_notice(
        &self,
        conn: &mut Conn,
        hand: &Hand<'_>,
        subject: Option<&str>,
    ) -> Result<Answer, DeskError> {
        let mails = store::messages::mails_of(conn, hand.ticket).await?;
        match mails.iter().find(|mail| mail.at.to_jiff() == hand.since) {
            Some(mail) => answer(self.split(conn, hand.ticket, mail.id, subject, hand.actor, hand.now).await),
            None => Ok(Answer::Refused(
                "this notice is about no mail of a customer; reply to the one that told you of it".to_owned(),
            )),
        }
    }

    /// Whom a word means: an address, a whole name, the part of an address before the @, or the beginning of a name
    /// that only one has.
    pub(in crate::desk) fn colleague(&self, who: &str) -> Result<Option<EmailAddress>, String> {
        let who = who.trim().to_lowercase();
        if who == "nobody" {
            return Ok(None);
        }
        let staff = &self.settings.staff;
        let exactly = |name: &str, email: &EmailAddress| {
            name.to_lowercase() == who || email.as_str() == who || email.local().to_lowercase() == who
        };
        let begins = |name: &str| name.to_lowercase().split_whitespace().any(|part| part.starts_with(&who));
        let mut meant: Vec<_> = staff.iter().filter(|each| exactly(&each.name, &each.email)).collect();
        if meant.is_empty() {
            meant = staff.iter().filter(|each| begins(&each.name)).collect();
        }
        match meant.as_slice() {
            [one] => Ok(Some(one.email.clone())),
            [] => Err(format!("nobody on the staff list is called {who}")),
            several => {
                let names: Vec<&str> = several.iter().map(|each| each.email.as_str()).collect();
                Err(format!("{who} could be {}; give the address", names.join(" or ")))
            }
        }
    }
}

/// The same for one that says itself what is so now.
fn said(tried: Result<String, DeskError>) -> Result<Answer, DeskError> {
    match tried {
        Ok(done) => Ok(Answer::Done(done)),
        Err(error) => refusal(error).map(Answer::Refused),
    }
}

/// What a use case that was tried says to who commanded it.
fn answer(tried: Result<Changed, DeskError>) -> Result<Answer, DeskError> {
    match tried {
        Ok(changed) if changed.done.is_empty() => Ok(Answer::Done("it is so already".into())),
        Ok(changed) => Ok(Answer::Done(changed.done.join(", "))),
        Err(error) => refusal(error).map(Answer::Refused),
    }
}

/// What stands against a wish, as a sentence for who had it.
///
/// # Errors
/// What nobody who writes to us can have caused; the whole mail waits then.
pub(in crate::desk) fn refusal(error: DeskError) -> Result<String, DeskError> {
    match error {
        DeskError::Refused(_)
        | DeskError::NotStaff(_)
        | DeskError::NobodyToAssign { .. }
        | DeskError::NoQueue { .. }
        | DeskError::NoView(_)
        | DeskError::NoAbsence(_)
        | DeskError::NobodyToAnswer(_)
        | DeskError::NotFromOutside(_)
        | DeskError::NotSubscribed(_)
        | DeskError::NoProduct { .. }
        | DeskError::NotOnCc(..)
        | DeskError::NoSuchSeverity { .. }
        | DeskError::NotAsked { .. }
        | DeskError::NoIncident(_)
        | DeskError::NotMeant(_)
        | DeskError::Hindered(_)
        | DeskError::NoTicket(_)
        | DeskError::NoAnswer { .. }
        | DeskError::AnswerBroken { .. }
        | DeskError::ReleaseName(_)
        | DeskError::TooManyTickets(_)
        | DeskError::NoCluster(_)
        | DeskError::MailboxGone(_)
        | DeskError::DuplicateIsClosed
        | DeskError::DuplicateOfItself => Ok(error.to_string()),
        DeskError::LoweredWithoutReason => {
            Ok("lowering the severity asks for a note: #sev 3 the workaround".to_owned())
        }
        DeskError::Database(_)
        | DeskError::Unreachable(_)
        | DeskError::Render(_)
        | DeskError::Panicked(_)
        | DeskError::TooEarly(_)
        | DeskError::Raced => Err(error),
    }
}
