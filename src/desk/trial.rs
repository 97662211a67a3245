//! The reporter tried a fix: it works, it still fails. By a reply and by the page alike.

use jiff::Timestamp;
use serde_json::json;

use super::{Desk, DeskError, handle::By, post::line_of};
use crate::{
    domain::{Attachment, MessageId, NamedAddress},
    render::GateView,
    store::{self, Conn, tickets::Ticket},
    ticket::{
        Happening, Notice, Status,
        rights::Actor,
        workflow::{self, Given, Goal, Step},
    },
};

/// The reporter's word about a fix.
pub(super) struct Word<'a> {
    /// Whose.
    pub who: &'a NamedAddress,
    /// In their words; may be empty.
    pub words: &'a str,
    /// The files that came with them.
    pub files: &'a [Attachment],
    /// How it came: `reply`, `page`.
    pub by: &'static str,
    /// The mail that it came by.
    pub answers: Option<&'a MessageId>,
    pub now: Timestamp,
}

impl Desk {
    /// The move that somebody's yes to a fix makes: it is verified, or the ticket is over where the workflow has that, or
    /// where it was verified before. `None` where the workflow leaves no move to them.
    pub(super) fn yes(&self, ticket: &Ticket, whose: Actor) -> Option<Step> {
        let goals: &[Status] = match ticket.status.0 {
            Status::Resolved => &[Status::Verified, Status::Closed],
            Status::Verified => &[Status::Closed],
            Status::New | Status::Accepted | Status::Closed => &[],
        };
        let (state, workflow) = (self.state_of(ticket), &self.settings.workflow);
        let given = Given { complete: true, reason: true, closed_as: None };
        goals.iter().find_map(|&goal| workflow.go(state, &Goal::Means(goal), given, whose).ok())
    }

    /// What the reporter's yes does now: one to what is verified counts when that is live, and was to be looked at once
    /// more.
    pub(super) async fn reporters_yes(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
    ) -> Result<Option<Step>, DeskError> {
        if ticket.status.0 == Status::Verified && !self.is_live(conn, ticket.id).await? {
            return Ok(None);
        }
        Ok(self.yes(ticket, Actor::Requester))
    }

    /// It works: a resolved ticket is verified, and one that is live and was to be looked at once
    /// more is done. `false` when there is nothing to be said yes to.
    pub(super) async fn it_works(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        word: &Word<'_>,
    ) -> Result<bool, DeskError> {
        let Some(step) = self.reporters_yes(conn, ticket).await? else { return Ok(false) };
        self.note_trial(conn, ticket, word, "works").await?;
        let by = By { actor: Some(&word.who.address), words: None, staffs_words: false, now: word.now };
        self.make_step(conn, ticket, &step, by).await?;
        let after = self.ticket(conn, ticket.id).await?;
        self.tell_of_trial(conn, &after, word, "Who reported it says that the fix works.", None).await?;
        Ok(true)
    }

    /// It still fails: the ticket goes back, with their words, and they hear that we heard.
    /// `false` when there is no fix to be tried.
    pub(super) async fn still_fails(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        word: &Word<'_>,
    ) -> Result<bool, DeskError> {
        if !matches!(ticket.status.0, Status::Resolved | Status::Verified) {
            return Ok(false);
        }
        // Where the workflow leaves it to others, staff read what was written.
        let Ok(step) = self.step(ticket, workflow::Event::StillFails, Actor::Requester) else {
            return Ok(false);
        };
        self.note_trial(conn, ticket, word, "fails").await?;
        let words = Some(word.words.to_owned()).filter(|words| !words.trim().is_empty());
        let by = By { actor: Some(&word.who.address), words, staffs_words: false, now: word.now };
        self.make_step(conn, ticket, &step, by).await?;
        let after = self.ticket(conn, ticket.id).await?;
        let mut occasion = self.occasion(conn, &after).await?;
        occasion.answers = word.answers;
        occasion.actor = Some(&word.who.address);
        self.owe(conn, Notice::Heard, &occasion, word.now).await?;
        Ok(true)
    }

    async fn note_trial(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        word: &Word<'_>,
        outcome: &str,
    ) -> Result<(), DeskError> {
        let detail = json!({ "outcome": outcome, "by": word.by });
        Ok(store::journal::write(
            conn,
            ticket.id,
            word.who.address.as_str(),
            Happening::Tried,
            detail,
            word.now,
        )
        .await?)
    }

    /// The assignee reads what was written, whatever became of it.
    pub(super) async fn tell_of_trial(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        word: &Word<'_>,
        hint: &str,
        gate: Option<GateView>,
    ) -> Result<(), DeskError> {
        let mut occasion = self.occasion(conn, ticket).await?;
        occasion.actor = Some(&word.who.address);
        occasion.context.gate = gate;
        occasion.context.hint = Some(hint.to_owned());
        occasion.context.words = Some(word.words.to_owned()).filter(|words| !words.trim().is_empty());
        occasion.context.author = Some(line_of(word.who));
        occasion.context.attachments = word.files.iter().map(|file| file.name.clone()).collect();
        self.owe(conn, Notice::StaffReply, &occasion, word.now).await.map(drop)
    }
}
