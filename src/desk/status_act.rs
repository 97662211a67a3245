//! What somebody does on the page of a ticket. It goes the way that a mail of theirs goes.

use diesel_async::AsyncConnection;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{
    Departure, Desk, DeskError, actors::customer, handle::By, post::line_of, status_page::Visitor,
    trial::Word,
};
use crate::{
    domain::{Purpose, text},
    store::{
        self, Conn,
        messages::{Direction, NewMessage},
        participants::Part,
        pool::{News, announce},
        tickets::{self, Change, Ticket},
    },
    ticket::{Status, workflow},
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

/// What became of it.
#[derive(Clone, Debug)]
pub enum Acted {
    /// It is done, or was done already.
    Done,
    /// They take part no longer: their link leads nowhere from now on.
    Left(Departure),
    /// They sent too much within an hour.
    TooMuch,
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
        words: &str,
        now: Timestamp,
    ) -> Result<Acted, DeskError> {
        let Some((id, person)) = self.key.open_link(Purpose::Page, token) else { return Ok(Acted::Nowhere) };
        let id = self.whole(conn, id).await?;
        conn.transaction(async |conn| {
            let Some(ticket) = tickets::lock(conn, id).await? else { return Ok(Acted::Nowhere) };
            let Some(visitor) = self.visitor(conn, &ticket, person, now).await? else {
                return Ok(Acted::Nowhere);
            };
            if act == Act::Leave {
                return self.leave_from_page(conn, &ticket, &visitor, now).await;
            }
            let words = text::clean(words).trim().to_owned();
            if !words.is_empty() {
                let hour_ago = now - SignedDuration::from_hours(1);
                if store::messages::count_of(conn, visitor.person.id, KIND, hour_ago).await? >= MOST_AN_HOUR {
                    return Ok(Acted::TooMuch);
                }
                self.enter_words(conn, &ticket, &visitor, &words, now).await?;
            }
            self.do_on_page(conn, &ticket, &visitor, act, &words, now).await?;
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
        if visitor.part != Part::Cc {
            return Ok(Acted::Done);
        }
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
        words: &str,
        now: Timestamp,
    ) -> Result<(), DeskError> {
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
            text: words,
            own_text: words,
            quoted_text: "",
            signature_text: "",
            html: None,
            language: visitor.person.language(),
            written: Some(now),
        };
        store::messages::record(conn, &[entry], now).await?;
        let by = visitor.named.address.as_str();
        Ok(store::journal::write(conn, ticket.id, by, "joined", json!({ "by": "the page" }), now).await?)
    }

    async fn do_on_page(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        visitor: &Visitor,
        act: Act,
        words: &str,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let word = Word { who: &visitor.named, words, by: "page", answers: None, now };
        let theirs = visitor.part == Part::Requester;
        let moved = match act {
            Act::Works if theirs => self.it_works(conn, ticket, &word).await?,
            Act::Fails if theirs => self.still_fails(conn, ticket, &word).await?,
            Act::Works | Act::Fails | Act::Say | Act::Leave => false,
        };
        if moved || words.is_empty() {
            return Ok(());
        }
        if ticket.status.0 == Status::Closed && !ticket.spam {
            let who = customer(ticket, Some(visitor.person.id));
            let step = self.step(ticket, workflow::Event::Reopen, who)?;
            let by = By {
                actor: Some(&visitor.named.address),
                words: Some(words.to_owned()),
                staffs_words: false,
                now,
            };
            return self.make_step(conn, ticket, &step, by).await.map(drop);
        }
        let heard = Change { waiting_for_customer: Some(false), ..Change::default() };
        tickets::change(conn, ticket.id, heard, now).await?;
        self.tell_of_trial(conn, ticket, &word, "It came by the page of the ticket.").await?;
        self.stop_silence(conn, ticket.id).await
    }
}
