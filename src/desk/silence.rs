//! Silence ends as announced: who was asked to try a fix, or to look at it once more when it
//! is live, and says nothing, is reminded once; when the announced time is over, it counts
//! as a yes. Any mail of theirs ends the waiting.
//!
//! A ticket does not close on the strength of a mail that bounced: when nothing that asked
//! them arrived, silence says nothing, and staff decide.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, civil::Date};
use serde_json::json;

use super::{Desk, DeskError, handle::By};
use crate::{
    domain::TicketId,
    store::{
        self, Conn,
        journal::SYSTEM,
        reached::{self, Reached},
        tickets::Ticket,
        timers::{self, NewTimer, Row},
    },
    ticket::{Happening, Notice, Status, Timer, rights::Actor},
};

/// What somebody is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// To try a fix: silence makes the ticket verified.
    Trial,
    /// To look once more at what is live: silence makes the ticket done.
    LastLook,
}

impl Awaited {
    const ALL: [Awaited; 2] = [Awaited::Trial, Awaited::LastLook];

    fn ends(self) -> Timer {
        match self {
            Awaited::Trial => Timer::TrialSilence,
            Awaited::LastLook => Timer::LastLookSilence,
        }
    }

    /// The status in which it is awaited.
    fn status(self) -> Status {
        match self {
            Awaited::Trial => Status::Resolved,
            Awaited::LastLook => Status::Verified,
        }
    }
}

const ALL: [Timer; 3] = [Timer::TrialReminder, Timer::TrialSilence, Timer::LastLookSilence];

/// A shorter wait is none of days.
const DAY: Duration = Duration::from_hours(24);

/// So long a mail that is held back is waited for before silence is counted again.
const HELD: SignedDuration = SignedDuration::from_hours(24);

impl Desk {
    /// Begins to wait for the requester, who is being asked in the same commit. Until when,
    /// as a day to be named in that mail; `None` where silence never counts.
    pub(super) async fn start_silence(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        awaited: Awaited,
        now: Timestamp,
    ) -> Result<Option<Date>, DeskError> {
        self.stop_silence(conn, ticket.id).await?;
        let Some(within) = self.silence_counts(ticket, awaited) else { return Ok(None) };
        let due = self.end_of_wait(now + within, within);
        let detail = json!({ "asked_at": now });
        let timer =
            |kind, due| NewTimer { detail: detail.clone(), ..NewTimer::of_ticket(kind, ticket.id, due) };
        // Late enough for everybody who would have answered, and with a third of the time left.
        let reminder = timer(Timer::TrialReminder, now + within * 2 / 3);
        timers::set(conn, &[timer(awaited.ends(), due), reminder]).await?;
        Ok(Some(self.last_day(due)))
    }

    /// After how long silence counts as a yes; `None` where it never does. What the site's workflow does not let silence do,
    /// nobody is told of.
    pub(super) fn silence_counts(&self, ticket: &Ticket, awaited: Awaited) -> Option<Duration> {
        let within = match awaited {
            Awaited::Trial => self.settings.limits.verify_within,
            Awaited::LastLook => self.settings.site.last_look,
        };
        let counts = self.yes(ticket, Actor::Clock).is_some() && ticket.requester().is_some();
        Some(within).filter(|within| counts && !within.is_zero())
    }

    /// Days are whole ones by the clock of the site: who is told a day has all of it.
    fn end_of_wait(&self, due: Timestamp, within: Duration) -> Timestamp {
        let midnight = || {
            let next = due.to_zoned(self.settings.site.zone.clone()).tomorrow().ok()?;
            Some(next.start_of_day().ok()?.timestamp())
        };
        if within < DAY { due } else { midnight().unwrap_or(due) }
    }

    /// The last day before a moment, as mails name it.
    pub(super) fn last_day(&self, due: Timestamp) -> Date {
        let before = due.saturating_sub(SignedDuration::from_nanos(1)).unwrap_or(due);
        before.to_zoned(self.settings.site.zone.clone()).date()
    }

    /// Waits no longer.
    pub(super) async fn stop_silence(&self, conn: &mut Conn, ticket: TicketId) -> Result<(), DeskError> {
        Ok(timers::clear(conn, ticket, &ALL).await?)
    }

    /// Whether it is in production, and its requester was asked to look once more.
    pub(super) async fn is_live(&self, conn: &mut Conn, ticket: TicketId) -> Result<bool, DeskError> {
        Ok(store::releases::live_in(conn, ticket).await?.is_some())
    }

    /// Two thirds of the time are over: one reminder, where the question arrived.
    pub(super) async fn remind_of_trial(
        &self,
        conn: &mut Conn,
        due: &Row,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let Some(id) = due.ticket() else { return Ok(()) };
        let set = timers::of(conn, id).await?;
        let ending = |timer: &Row| Awaited::ALL.into_iter().find(|awaited| awaited.ends() == timer.kind.0);
        let Some((awaited, ends)) = set.iter().find_map(|timer| Some((ending(timer)?, timer))) else {
            return Ok(());
        };
        let Some(ticket) = self.awaiting(conn, due, awaited.status()).await? else { return Ok(()) };
        if self.reached(conn, &ticket, due).await? == Reached::No {
            return Ok(());
        }
        let mut occasion = self.occasion(conn, &ticket).await?;
        occasion.context.until = Some(self.last_day(ends.due_at.to_jiff()));
        occasion.context.in_production = self.is_live(conn, ticket.id).await?;
        store::journal::write(conn, ticket.id, SYSTEM, Happening::Reminded, json!({}), now).await?;
        self.owe(conn, Notice::TrialReminder, &occasion, now).await.map(drop)
    }

    /// The announced time is over.
    pub(super) async fn end_silence(
        &self,
        conn: &mut Conn,
        due: &Row,
        awaited: Awaited,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let Some(ticket) = self.awaiting(conn, due, awaited.status()).await? else { return Ok(()) };
        let until = self.last_day(due.due_at.to_jiff());
        match self.reached(conn, &ticket, due).await? {
            Reached::Yes => {
                // The workflow may be another by now, in which silence says nothing.
                let Some(step) = self.yes(&ticket, Actor::Clock) else { return Ok(()) };
                let detail = json!({ "until": until });
                store::journal::write(conn, ticket.id, SYSTEM, Happening::Silence, detail, now).await?;
                let by = By { actor: None, words: None, staffs_words: false, now };
                self.make_step(conn, &ticket, &step, by).await.map(drop)
            }
            Reached::NotYet => {
                let later = NewTimer::of_ticket(awaited.ends(), ticket.id, now + HELD);
                Ok(timers::set(conn, &[NewTimer { detail: due.detail.clone(), ..later }]).await?)
            }
            Reached::No => {
                self.stop_silence(conn, ticket.id).await?;
                self.tell_of_void_silence(conn, &ticket, until, now).await
            }
        }
    }

    /// Nobody was asked, since no mail arrived: that they said nothing says nothing.
    async fn tell_of_void_silence(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        until: Date,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let detail = json!({ "until": until });
        store::journal::write(conn, ticket.id, SYSTEM, Happening::SilenceVoid, detail, now).await?;
        let mut occasion = self.occasion(conn, ticket).await?;
        occasion.context.hint = Some(format!(
            "We waited until {until} for a word of who reported this, but a mail that asked them did not arrive. So their \
             silence says nothing, and the ticket stays {}: ask them in another way, or decide.",
            ticket.status.0
        ));
        self.owe(conn, Notice::StaffUndeliverable, &occasion, now).await.map(drop)
    }

    /// The ticket of a timer, as long as it stands where somebody is waited for.
    async fn awaiting(
        &self,
        conn: &mut Conn,
        due: &Row,
        status: Status,
    ) -> Result<Option<Ticket>, DeskError> {
        let Some(id) = due.ticket() else { return Ok(None) };
        let ticket = store::tickets::find(conn, id).await?;
        Ok(ticket.filter(|ticket| ticket.status.0 == status))
    }

    async fn reached(&self, conn: &mut Conn, ticket: &Ticket, due: &Row) -> Result<Reached, DeskError> {
        let requester = match ticket.requester() {
            Some(id) => store::people::find(conn, id).await?,
            None => None,
        };
        let asked_at = due.detail.get("asked_at").and_then(|at| at.as_str()?.parse().ok());
        let (Some(requester), Some(asked_at)) = (requester, asked_at) else { return Ok(Reached::No) };
        Ok(reached::since(conn, ticket.id, &requester.address, asked_at).await?)
    }
}
