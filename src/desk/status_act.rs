//! What somebody does on the page of a ticket. It goes the way that a mail of theirs goes.

use diesel_async::AsyncConnection;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{
    Departure, Desk, DeskError,
    handle::By,
    page_words::{self, Read},
    post::line_of,
    question::Answering,
    status_page::Visitor,
    trial::Word,
};
use crate::{
    domain::{Attachment, Language, MessageRowId, Purpose, text},
    store::{
        self, Conn,
        messages::{Direction, Enclosed, NewMessage},
        participants::Part,
        pool::{News, announce},
        tickets::{self, Change, Ticket},
    },
    ticket::{
        Happening, Status,
        rights::{self, Evidence, Wish},
        workflow,
    },
};

/// Words that somebody sends by the page within an hour; whoever has more to say writes a mail.
const MOST_AN_HOUR: i64 = 10;

/// The kind of an entry that came by the page.
const KIND: &str = "page";

/// What somebody does there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The fix works.
    Works,
    /// It still fails.
    Fails,
    /// They say something.
    Say,
    /// They take part no longer.
    Leave,
}

/// What they send along.
#[derive(Clone, Debug, Default)]
pub struct Contribution {
    /// Their words; may be empty.
    pub words: String,
    /// Their files.
    pub files: Vec<Attachment>,
}

/// What became of it.
#[derive(Clone, Debug)]
pub enum Acted {
    /// It is done, or was done already.
    Done,
    /// They take part no longer: their link leads nowhere from now on.
    Left(Departure),
    /// They sent too much within an hour, and it is not kept; in which language they read that.
    TooMuch(Language),
    /// The link leads nowhere.
    Nowhere,
}

impl Desk {
    /// Does what somebody asks on the page behind a link, as far as the workflow allows it now.
    ///
    /// # Errors
    /// Nothing was kept then.
    pub async fn act_on_page(
        &self,
        conn: &mut Conn,
        token: &str,
        act: Act,
        sent: &Contribution,
        now: Timestamp,
    ) -> Result<Acted, DeskError> {
        let Some((id, person)) = self.key.open_link(Purpose::Page, token) else { return Ok(Acted::Nowhere) };
        let id = self.whole(conn, id).await?;
        let words = text::clean(&sent.words).trim().to_owned();
        let read = match act {
            Act::Leave => None,
            Act::Works | Act::Fails | Act::Say if words.is_empty() && sent.files.is_empty() => None,
            Act::Works | Act::Fails | Act::Say => Some(page_words::read(&words).await),
        };
        let said = Said { words: &words, files: &sent.files };
        conn.transaction(async |conn| {
            let Some(ticket) = tickets::lock(conn, id).await? else { return Ok(Acted::Nowhere) };
            let Some(visitor) = self.visitor(conn, &ticket, person, now).await? else {
                return Ok(Acted::Nowhere);
            };
            // Not what this person may do to this ticket: there is no such button on their page.
            if rights::may(visitor.actor(), Evidence::PageLink, wish(act)).is_err() {
                return Ok(Acted::Done);
            }
            if act == Act::Leave {
                return self.leave_from_page(conn, &ticket, &visitor, now).await;
            }
            if read.is_some() && said_too_much(conn, &visitor, now).await? {
                return Ok(Acted::TooMuch(visitor.person.language().unwrap_or(ticket.language.0)));
            }
            match &read {
                Some(read) => self.say_on_page(conn, &ticket, &visitor, act, (&said, read), now).await?,
                None => {
                    let word = said.word(&visitor, now);
                    self.try_on_page(conn, &ticket, &visitor, act, &word).await?;
                }
            }
            announce(conn, News::Outbox).await?;
            Ok(Acted::Done)
        })
        .await
    }

    async fn leave_from_page(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        visitor: &Visitor,
        now: Timestamp,
    ) -> Result<Acted, DeskError> {
        self.leaves(conn, ticket, &visitor.person, "the page", now).await?;
        Ok(Acted::Left(Departure {
            reference: self.reference(ticket.id),
            subject: ticket.subject.clone(),
            language: visitor.person.language().unwrap_or(ticket.language.0),
            gone: true,
            list: false,
        }))
    }

    async fn enter_words(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        visitor: &Visitor,
        said: &Said<'_>,
        now: Timestamp,
    ) -> Result<MessageRowId, DeskError> {
        let entry = NewMessage {
            ticket: ticket.id,
            direction: Direction::In,
            kind: KIND,
            staff_only: false,
            author: Some(visitor.person.id),
            author_line: line_of(&visitor.named),
            subject: "",
            header_id: None,
            fingerprint: None,
            text: said.words,
            own_text: said.words,
            quoted_text: "",
            signature_text: "",
            html: None,
            language: visitor.person.language(),
            written: Some(now),
        };
        let recorded = store::messages::record(conn, &[entry], now).await?;
        let message = recorded.into_iter().flatten().next().ok_or(DeskError::Raced)?;
        let files: Vec<Enclosed<'_>> =
            (0..).zip(said.files).map(|(position, file)| (message, position, file)).collect();
        store::messages::attach(conn, &files).await?;
        let by = visitor.named.address.as_str();
        store::journal::write(conn, ticket.id, by, Happening::Joined, json!({ "by": "the page" }), now)
            .await?;
        Ok(message)
    }

    /// Words go the way that those of a reply go: they are an entry, may bring what a report lacks, and are told to staff.
    async fn say_on_page(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        visitor: &Visitor,
        act: Act,
        (said, read): (&Said<'_>, &Read),
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let joining = self.brought_by_page(conn, ticket, visitor, read, now).await?;
        let message = self.enter_words(conn, ticket, visitor, said, now).await?;
        self.end_snooze(conn, ticket, "the customer wrote", now).await?;
        let (who, person) = (Some(&visitor.named), Some(visitor.person.id));
        let answering = Answering { who, person, mail: None, now };
        self.fill_slots(conn, &answering, &joining, message).await?;
        let word = said.word(visitor, now);
        if !self.try_on_page(conn, ticket, visitor, act, &word).await? {
            self.hear_on_page(conn, ticket, visitor, &word, !joining.fills.is_empty()).await?;
        }
        self.settle_question(conn, &answering, &joining).await
    }

    /// What its reporter says of a fix moves the ticket, where there is one to be tried.
    async fn try_on_page(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        visitor: &Visitor,
        act: Act,
        word: &Word<'_>,
    ) -> Result<bool, DeskError> {
        let theirs = visitor.part == Part::Requester;
        match act {
            Act::Works if theirs => self.it_works(conn, ticket, word).await,
            Act::Fails if theirs => self.still_fails(conn, ticket, word).await,
            Act::Works | Act::Fails | Act::Say | Act::Leave => Ok(false),
        }
    }

    /// Words beside the buttons. `brings`: whether they bring something that the report lacked.
    async fn hear_on_page(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        visitor: &Visitor,
        word: &Word<'_>,
        brings: bool,
    ) -> Result<(), DeskError> {
        let now = word.now;
        if ticket.status.0 == Status::Closed && !ticket.spam {
            let step = self.step(ticket, workflow::Event::Reopen, visitor.actor())?;
            let words = Some(word.words.to_owned());
            let by = By { actor: Some(&visitor.named.address), words, staffs_words: false, now };
            return self.make_step(conn, ticket, &step, by).await.map(drop);
        }
        let heard = Change { waiting_for_customer: Some(false), ..Change::default() };
        tickets::change(conn, ticket.id, heard, now).await?;
        let gate = match ticket.problem_report && brings {
            true => Some(self.standing(conn, ticket.id).await?),
            false => None,
        };
        let completes = gate.as_ref().is_some_and(|gate| gate.missing.is_empty());
        let complete = if completes { " The report is complete now." } else { "" };
        let hint = format!("It came by the page of the ticket.{complete}");
        self.tell_of_trial(conn, ticket, word, &hint, gate).await?;
        self.stop_silence(conn, ticket.id).await
    }
}

/// Words and files, ready to be kept.
struct Said<'a> {
    words: &'a str,
    files: &'a [Attachment],
}

impl<'a> Said<'a> {
    fn word(&self, visitor: &'a Visitor, now: Timestamp) -> Word<'a> {
        let Said { words, files } = *self;
        Word { who: &visitor.named, words, files, by: "page", answers: None, now }
    }
}

async fn said_too_much(conn: &mut Conn, visitor: &Visitor, now: Timestamp) -> Result<bool, DeskError> {
    let hour_ago = now - SignedDuration::from_hours(1);
    Ok(store::messages::count_of(conn, visitor.person.id, KIND, hour_ago).await? >= MOST_AN_HOUR)
}

/// What somebody wants who presses a button.
fn wish(act: Act) -> Wish {
    match act {
        Act::Works | Act::Fails => Wish::Move,
        Act::Say => Wish::Say,
        Act::Leave => Wish::Leave,
    }
}
