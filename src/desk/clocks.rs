//! What is promised about tickets: their clocks, and whom staff tell of them.
//!
//! A timer of each ticket (`Timer::Clocks`) stands at the next moment at which something is to be told. The database
//! moves it to *now* whenever the ticket changes in a way that matters; when it fires, the clocks are computed from
//! what happened, what is due is told, and the timer is set anew, all in one transaction. So a clock that was
//! renewed, paused or moved by another severity or configuration is never told of by an old date, and nothing twice.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    Desk, DeskError,
    post::{Occasion, Reader, remembered},
};
use crate::{
    domain::TicketId,
    render::DueView,
    settings::Severities,
    store::{
        self, Conn,
        clocks::{Figures, Row},
        journal::SYSTEM,
        tickets::Ticket,
        timers::NewTimer,
    },
    ticket::{
        Happening, Notice, Severity, Status, Timer,
        clock::{Clock, Goal, Life, Standing, clocks, spans},
        policy::{Policy, Telling, Told, Whom},
    },
};

/// How often those who follow a ticket were promised a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    /// Working time from one to the next.
    pub every: SignedDuration,
    /// Whether that is plain time, day and night.
    pub always: bool,
}

/// The clocks of a ticket, and what they are computed from.
#[derive(Debug, Serialize)]
pub struct Explained {
    /// By whose policy.
    pub severity: Severity,
    /// Whether somebody has said how bad it is; else it is timed as if.
    pub rated: bool,
    /// Each clock.
    pub clocks: Vec<ClockLine>,
    /// How the ticket stood from when on.
    pub history: Vec<HistoryLine>,
    /// When persons of ours wrote to the customer.
    pub words: Vec<Timestamp>,
}

/// One clock for people and machines.
#[derive(Clone, Debug, Serialize)]
pub struct ClockLine {
    /// What it is for.
    pub goal: Goal,
    /// `running`, `paused`, `breached`, `met` or `met-late`.
    pub state: &'static str,
    /// When it began.
    pub started_at: Timestamp,
    /// When it is over, if that can be said.
    pub due_at: Option<Timestamp>,
    /// Working time that was promised, in seconds.
    pub target_seconds: i64,
    /// Working time that is left, in seconds.
    pub left_seconds: i64,
    /// Since when it pauses.
    pub paused_since: Option<Timestamp>,
    /// Working time that it paused, in seconds, apart from what ran.
    pub paused_seconds: i64,
    /// When the promise was kept.
    pub met_at: Option<Timestamp>,
    /// When it was broken.
    pub breached_at: Option<Timestamp>,
}

/// How a ticket stood.
#[derive(Clone, Debug, Serialize)]
pub struct HistoryLine {
    /// From when on.
    pub since: Timestamp,
    /// Where.
    pub status: Status,
    /// Whether the next word was the customer's.
    pub waiting_for_customer: bool,
}

impl Desk {
    /// The clocks of a ticket as they stand now, in the order of [`Goal`].
    ///
    /// # Errors
    /// [`DeskError::NoTicket`].
    pub async fn due_of(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        now: Timestamp,
    ) -> Result<Vec<Clock>, DeskError> {
        let ticket = self.ticket(conn, ticket).await?;
        self.clocks_of(conn, &ticket, now).await
    }

    /// How often stakeholders and customers of a ticket of this severity hear of it; `None` where nothing is promised.
    pub fn promised_update(&self, severity: Severity) -> Option<Promise> {
        let policy = self.settings.severity.policy(Some(severity));
        let every = policy.targets.next_update?;
        Some(Promise { every, always: policy.calendar.is_always() })
    }

    /// What is broken or soon will be, and what broke since a moment.
    ///
    /// # Errors
    /// Trouble with the database.
    pub async fn clock_figures(
        &self,
        conn: &mut Conn,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Figures, DeskError> {
        Ok(store::clocks::figures(conn, since, now).await?)
    }

    /// Why the clocks of a ticket stand as they do.
    ///
    /// # Errors
    /// [`DeskError::NoTicket`].
    pub async fn explain_clocks(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        now: Timestamp,
    ) -> Result<Explained, DeskError> {
        let ticket = self.ticket(conn, ticket).await?;
        let life = store::clocks::life(conn, ticket.id).await?;
        let policy = self.policy_of(&ticket);
        let lines = clocks(&life, policy, now).iter().map(|clock| ClockLine::of(clock, now)).collect();
        let history = |standing: &Standing| HistoryLine {
            since: standing.since,
            status: standing.status,
            waiting_for_customer: standing.waiting,
        };
        Ok(Explained {
            severity: policy.severity,
            rated: ticket.severity() == Some(policy.severity),
            clocks: lines,
            history: life.history.iter().map(history).collect(),
            words: life.words,
        })
    }

    /// Asks for all clocks anew that run by policies which are no longer in the configuration. To be called at start.
    ///
    /// # Errors
    /// Trouble with the database.
    pub async fn wind_outdated(&self, conn: &mut Conn) -> Result<(), DeskError> {
        Ok(store::clocks::wind_outdated(conn, &self.rules).await.map(drop)?)
    }

    /// A ticket's timer fires: its clocks are computed, what is due is told, and the timer is set to what comes next.
    pub(super) async fn wind_of(
        &self,
        conn: &mut Conn,
        ticket: Option<TicketId>,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let Some(id) = ticket else { return Ok(()) };
        let Some(ticket) = store::tickets::lock(conn, id).await? else { return Ok(()) };
        let policy = self.policy_of(&ticket);
        let life = store::clocks::life(conn, id).await?;
        self.keep_spans(conn, &ticket, &life).await?;
        let clocks = clocks(&life, policy, now);
        let before = store::clocks::of(conn, id).await?;
        let (mut rows, mut next) = (Vec::new(), None::<Timestamp>);
        for clock in &clocks {
            let told = before.iter().filter(|row| row.goal.0 == clock.goal).find_map(|row| row.told(clock));
            let told = told.unwrap_or_default();
            let mut telling = policy.telling(clock, told, now);
            // Both are about the next word of ours; one warning is enough.
            if clock.goal == Goal::NextUpdate && self.promises_news(conn, &ticket).await? {
                telling = Telling { warn: false, steps: (0, 0), told, ..telling };
            }
            self.tell_of_clock(conn, &ticket, clock, policy, &telling, now).await?;
            rows.push(Row::new(id, clock, telling.told, &self.rules, now));
            next = [next, telling.next].into_iter().flatten().min();
        }
        store::clocks::put(conn, &rows, Some(id)).await?;
        match next {
            Some(due) => store::timers::set(conn, &[NewTimer::of_ticket(Timer::Clocks, id, due)]).await?,
            None => store::timers::clear(conn, id, &[Timer::Clocks]).await?,
        }
        Ok(())
    }

    /// Keeps how long first answer and resolution took, for reports; not of what is no ticket.
    async fn keep_spans(&self, conn: &mut Conn, ticket: &Ticket, life: &Life) -> Result<(), DeskError> {
        if ticket.spam {
            return Ok(store::spans::clear(conn, ticket.id).await?);
        }
        let Some(started) = life.started() else { return Ok(()) };
        Ok(store::spans::put(conn, ticket.id, started, &spans(life, self.policy_of(ticket))).await?)
    }

    /// The clocks of tickets that are just opened.
    pub(super) async fn start_clocks(
        &self,
        conn: &mut Conn,
        tickets: &[Ticket],
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let (mut rows, mut timers) = (Vec::new(), Vec::new());
        for ticket in tickets {
            let (policy, clocks) = (self.policy_of(ticket), self.first_clocks(ticket, now));
            let next =
                clocks.iter().filter_map(|clock| policy.telling(clock, Told::default(), now).next).min();
            timers.extend(next.map(|due| NewTimer::of_ticket(Timer::Clocks, ticket.id, due)));
            let row = |clock| Row::new(ticket.id, clock, Told::default(), &self.rules, now);
            rows.extend(clocks.iter().map(row));
        }
        store::clocks::put(conn, &rows, None).await?;
        Ok(store::timers::set(conn, &timers).await?)
    }

    /// What is promised of a ticket, for a notice to staff about it; nothing once it is closed.
    pub(super) async fn due_views(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        now: Timestamp,
    ) -> Result<Vec<DueView>, DeskError> {
        if ticket.status.0 == Status::Closed {
            return Ok(Vec::new());
        }
        let clocks = self.clocks_of(conn, ticket, now).await?;
        Ok(clocks.iter().filter(|clock| clock.met.is_none()).map(|clock| due_view(clock, now)).collect())
    }

    /// The same of a ticket that is just being opened.
    pub(super) fn first_due_views(&self, ticket: &Ticket, now: Timestamp) -> Vec<DueView> {
        self.first_clocks(ticket, now).iter().map(|clock| due_view(clock, now)).collect()
    }

    fn first_clocks(&self, ticket: &Ticket, now: Timestamp) -> Vec<Clock> {
        let (since, waiting) = (ticket.created_at.to_jiff(), ticket.waiting_for_customer);
        let standing = Standing { since, status: ticket.status.0, waiting };
        clocks(&Life { history: vec![standing], words: Vec::new() }, self.policy_of(ticket), now)
    }

    pub(super) async fn clocks_of(
        &self,
        conn: &Conn,
        ticket: &Ticket,
        now: Timestamp,
    ) -> Result<Vec<Clock>, DeskError> {
        let life = store::clocks::life(conn, ticket.id).await?;
        Ok(clocks(&life, self.policy_of(ticket), now))
    }

    fn policy_of(&self, ticket: &Ticket) -> &Policy {
        self.settings.severity.policy(ticket.severity())
    }

    async fn tell_of_clock(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        clock: &Clock,
        policy: &Policy,
        telling: &Telling,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let steps = policy.escalate.get(telling.steps.0..telling.steps.1).unwrap_or_default();
        if !telling.warn && steps.is_empty() {
            return Ok(());
        }
        let (notice, event) = match telling.warn {
            true => (Notice::StaffDue, Happening::DueSoon),
            false => (Notice::StaffBreached, Happening::Breached),
        };
        let detail =
            json!({ "clock": clock.goal, "due": clock.due, "severity": clock.severity, "told": steps });
        store::journal::write(conn, ticket.id, SYSTEM, event, detail, now).await?;
        let mut occasion = match self.occasion(conn, ticket).await {
            // Nothing can be sent about a ticket whose mailbox is no longer configured; the journal says it.
            Err(DeskError::MailboxGone(_)) => return Ok(()),
            occasion => occasion?,
        };
        occasion.context.clock = Some(due_view(clock, now));
        match telling.warn {
            true => self.owe(conn, notice, &occasion, now).await?,
            false => {
                let readers = self.told_at(conn, steps, &occasion, now).await?;
                self.owe_to(conn, notice, &occasion, readers, now).await?
            }
        };
        Ok(())
    }

    /// Everybody in these groups, each once. A group that has nobody is everybody.
    async fn told_at(
        &self,
        conn: &mut Conn,
        steps: &[Whom],
        occasion: &Occasion<'_>,
        now: Timestamp,
    ) -> Result<Vec<Reader>, DeskError> {
        let mut readers: Vec<Reader> = Vec::new();
        for step in steps {
            let mut group = match step {
                Whom::Assignee => self.assigned_staff(conn, occasion.ticket).await?.into_iter().collect(),
                Whom::Leads => remembered(conn, self.who_leads(), None, now).await?,
                Whom::Everybody => Vec::new(),
            };
            if group.is_empty() {
                group = self.all_staff(conn, None, now).await?;
            }
            group.retain(|each| readers.iter().all(|there| there.person != each.person));
            readers.extend(group);
        }
        Ok(readers)
    }
}

impl ClockLine {
    /// A clock at a moment.
    pub fn of(clock: &Clock, now: Timestamp) -> ClockLine {
        let breached = clock.is_breached(now);
        ClockLine {
            goal: clock.goal,
            state: match (clock.met, breached, clock.paused_since) {
                (Some(_), false, _) => "met",
                (Some(_), true, _) => "met-late",
                (None, true, _) => "breached",
                (None, false, Some(_)) => "paused",
                (None, false, None) => "running",
            },
            started_at: clock.started,
            due_at: clock.due,
            target_seconds: clock.target.as_secs(),
            left_seconds: clock.left.as_secs(),
            paused_since: clock.paused_since,
            paused_seconds: clock.paused.as_secs(),
            met_at: clock.met,
            breached_at: clock.due.filter(|_| breached),
        }
    }
}

/// A digest of all that clocks are computed by.
pub(super) fn rules(severities: &Severities) -> String {
    let digest = Sha256::digest(format!("{:?}", severities.policies()));
    data_encoding::HEXLOWER.encode(digest.get(..8).unwrap_or_default())
}

fn due_view(clock: &Clock, now: Timestamp) -> DueView {
    DueView {
        goal: clock.goal,
        due: clock.due,
        over: clock.is_breached(now),
        left: clock.left,
        paused_since: clock.paused_since,
    }
}
