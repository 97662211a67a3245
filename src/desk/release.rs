//! Releases: what shipped goes towards Closed.
//!
//! A ticket that is resolved or verified is *live* then: customers and stakeholders are told, and asked for a last look in
//! production. Silence for the announced time closes what was verified. What nobody resolved is left alone
//! and listed. Naming a release again changes only what is new about it.

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::{Changed, Desk, DeskError, handle::By, silence::Awaited};
use crate::{
    domain::{NamedAddress, TicketId, text},
    store::{
        self, Conn,
        pool::{News, announce},
        releases,
        tickets::Ticket,
    },
    ticket::{ClosedAs, Happening, Notice, Status, release::Outcome, rights::Actor, workflow},
};

/// The longest name of a release, in bytes.
const LONGEST_NAME: usize = 80;
/// More tickets are not taken at a time.
const MOST_TICKETS: usize = 2_000;

/// What a release does to a ticket that it names.
#[derive(Clone, Debug, Serialize)]
pub struct Shipped {
    /// Its number.
    pub id: TicketId,
    /// Its reference.
    pub reference: String,
    /// Its subject.
    pub subject: String,
    /// Where it stands; none for a number that no ticket has.
    pub status: Option<Status>,
    /// What became of it.
    pub outcome: Option<Outcome>,
    /// It was told to be live before, so nobody is told again.
    pub again: bool,
    /// It closes when nobody says for the announced time that it fails in production.
    pub closes: bool,
    /// How many mails were queued.
    pub mails: usize,
}

impl Desk {
    /// Says that a release with these tickets is in production. With `dry` nothing is kept or sent.
    ///
    /// # Errors
    /// [`DeskError::ReleaseName`], [`DeskError::TooManyTickets`], and trouble with the database or a mail; nothing was
    /// kept then.
    pub async fn release(
        &self,
        conn: &mut Conn,
        name: &str,
        tickets: &[TicketId],
        actor: &NamedAddress,
        dry: bool,
        now: Timestamp,
    ) -> Result<Vec<Shipped>, DeskError> {
        let name = release_name(name)?;
        // In one order, so that two who name the same tickets do not wait for each other.
        let mut ids = tickets.to_vec();
        ids.sort_unstable_by_key(|id| id.0);
        ids.dedup();
        if ids.len() > MOST_TICKETS {
            return Err(DeskError::TooManyTickets(MOST_TICKETS));
        }
        if dry {
            let mut planned = Vec::new();
            for id in ids {
                planned.push(self.plan(conn, id).await?.0);
            }
            return Ok(planned);
        }
        conn.transaction(async |conn| {
            let mut shipped = Vec::new();
            // The row of the release is locked after those of the tickets, as everywhere.
            for id in &ids {
                store::tickets::lock(conn, *id).await?;
            }
            let release = releases::ensure(conn, &name, actor.address.as_str(), now).await?;
            for id in ids {
                let (mut planned, ticket) = self.plan(conn, id).await?;
                if let (Some(ticket), Some(outcome)) = (&ticket, planned.outcome) {
                    if outcome == Outcome::Live && !planned.again {
                        planned.mails = self.go_live(conn, ticket, &name, actor, now).await?;
                    }
                    releases::note(conn, release.id, id, outcome, now).await?;
                }
                shipped.push(planned);
            }
            if shipped.iter().any(|each| each.mails > 0) {
                announce(conn, News::Outbox).await?;
            }
            Ok(shipped)
        })
        .await
    }

    /// The same for one ticket, by a command of staff.
    pub(super) async fn release_one(
        &self,
        conn: &mut Conn,
        id: TicketId,
        name: &str,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Changed, DeskError> {
        let shipped = self.release(conn, name, &[id], actor, false, now).await?;
        let done = shipped.iter().map(Shipped::sentence).collect();
        Ok(Changed { done, mails: shipped.iter().map(|each| each.mails).sum() })
    }

    /// A ticket that was verified when it was in production already was reverified there: it is done. Returns how many mails.
    pub(super) async fn finish_what_is_live(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        now: Timestamp,
    ) -> Result<usize, DeskError> {
        if ticket.status.0 != Status::Verified || releases::live_in(conn, ticket.id).await?.is_none() {
            return Ok(0);
        }
        self.finish(conn, ticket, now).await
    }

    /// Closes it as done, where the site's workflow lets silence do that.
    async fn finish(&self, conn: &mut Conn, ticket: &Ticket, now: Timestamp) -> Result<usize, DeskError> {
        let Ok(step) = self.step(ticket, workflow::Event::Close(ClosedAs::Done), Actor::Clock) else {
            return Ok(0);
        };
        let by = By { actor: None, words: None, staffs_words: false, now };
        Box::pin(self.make_step(conn, ticket, &step, by)).await
    }

    async fn plan(&self, conn: &mut Conn, id: TicketId) -> Result<(Shipped, Option<Ticket>), DeskError> {
        let ticket = store::tickets::find(conn, id).await?;
        let outcome = ticket.as_ref().map(|ticket| Outcome::of(ticket.status.0));
        let again = match outcome {
            Some(Outcome::Live) => releases::live_in(conn, id).await?.is_some(),
            Some(Outcome::NotResolved | Outcome::Closed) | None => false,
        };
        let waits = ticket.as_ref().filter(|ticket| ticket.status.0 == Status::Verified);
        let shipped = Shipped {
            id,
            reference: self.reference(id),
            subject: ticket.as_ref().map(|ticket| ticket.subject.clone()).unwrap_or_default(),
            status: ticket.as_ref().map(|ticket| ticket.status.0),
            outcome,
            again,
            closes: waits.is_some_and(|ticket| self.silence_counts(ticket, Awaited::LastLook).is_some()),
            mails: 0,
        };
        Ok((shipped, ticket))
    }

    /// Tells whom it concerns, and sets the end of the time for the last look.
    async fn go_live(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        name: &str,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<usize, DeskError> {
        let detail = json!({ "release": name });
        store::journal::write(conn, ticket.id, actor.address.as_str(), Happening::Live, detail, now).await?;
        let waits = store::tickets::Change { waiting_for_customer: Some(true), ..Default::default() };
        store::tickets::change(conn, ticket.id, waits, now).await?;
        let silence = match ticket.status.0 {
            Status::Verified => self.start_silence(conn, ticket, Awaited::LastLook, now).await?,
            // It is asked about anew, and may be tried for as long again.
            Status::Resolved => {
                self.start_silence(conn, ticket, Awaited::Trial, now).await?;
                None
            }
            Status::New | Status::Accepted | Status::Closed => None,
        };
        let mut occasion = self.occasion(conn, ticket).await?;
        occasion.actor = Some(&actor.address);
        occasion.context.release = Some(name.to_owned());
        occasion.context.closes_after_days = silence.map(|_| days(self.settings.site.last_look));
        let mails = self.owe(conn, Notice::Live, &occasion, now).await?;
        Ok(mails)
    }
}

impl Shipped {
    /// What became of it, for people.
    pub fn sentence(&self) -> String {
        match (self.outcome, self.status) {
            (Some(Outcome::Live), _) if self.again => "it was told to be live before".to_owned(),
            (Some(Outcome::Live), _) if self.closes => {
                "live; it closes when nobody says that it fails in production".to_owned()
            }
            (Some(Outcome::Live), Some(Status::Verified)) => {
                "live; it is verified until somebody closes it".to_owned()
            }
            (Some(Outcome::Live), _) => "live; the customer is asked to try it in production".to_owned(),
            (Some(Outcome::NotResolved), Some(status)) => {
                format!("not resolved: it is {status}, and was left alone")
            }
            (Some(Outcome::Closed), _) => "closed already".to_owned(),
            (Some(Outcome::NotResolved), None) | (None, _) => "there is no such ticket".to_owned(),
        }
    }
}

/// A name that people can say again: one line, not too long.
fn release_name(name: &str) -> Result<String, DeskError> {
    let name = text::line(name);
    match name.is_empty() || name.len() > LONGEST_NAME {
        true => Err(DeskError::ReleaseName(LONGEST_NAME)),
        false => Ok(name),
    }
}

/// Days, rounded up; at least one.
fn days(time: std::time::Duration) -> u64 {
    time.as_secs().div_ceil(86_400).max(1)
}
