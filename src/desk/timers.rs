//! What is due by time alone, each once.
//!
//! A timer is taken away in the transaction that does what it is for: whatever ends a process in between, it
//! either happened and is gone, or did not and is there. Two nodes never fire the same one.

use diesel_async::AsyncConnection;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tracing::warn;

use super::{Desk, DeskError, silence::Awaited};
use crate::{
    store::{
        self, Conn,
        journal::SYSTEM,
        pool::{News, announce},
        timers::{NewTimer, Row},
    },
    ticket::{Happening, Timer},
};

/// So many are asked for at a time, so often; what is left then comes at the next tick.
const BATCH: u8 = 100;
const BATCHES: usize = 20;

/// The first pause after a failure; each is twice as long, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(30);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// So long it can be looked up what pagers were told.
const WEBHOOKS_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Staff hear of timers that fail once in this time for each kind.
const TOLD_EVERY: std::time::Duration = std::time::Duration::from_hours(24);

impl Desk {
    /// Sets the timers that repeat themselves, where they are not set.
    ///
    /// # Errors
    /// Trouble with the database.
    pub async fn set_repeating(&self, conn: &mut Conn, now: Timestamp) -> Result<(), DeskError> {
        for kind in [Timer::Forget, Timer::Remember, Timer::Assign] {
            store::timers::ensure(conn, &NewTimer::of_desk(kind, now)).await?;
        }
        // By the clock of all nodes: to one that is behind, what was asked just now would lie ahead.
        let shared = store::timers::shared_time(conn).await?;
        if let Some(question) = self.weekly_question(shared) {
            store::timers::ensure(conn, &question).await?;
            store::timers::move_ahead(conn, &question, shared).await?;
        }
        for rota in &self.settings.rotas {
            self.await_handover(conn, rota, now).await?;
        }
        Ok(())
    }

    /// Does what is due, and says how many timers fired. One that fails waits, the longer the oftener, and
    /// keeps no other from firing.
    ///
    /// # Errors
    /// Trouble with the database as a whole.
    pub async fn fire_due(&self, conn: &mut Conn, now: Timestamp) -> Result<usize, DeskError> {
        let mut fired = 0;
        for _ in 0..BATCHES {
            let batch = store::timers::due(conn, now, i64::from(BATCH)).await?;
            for due in &batch {
                fired += usize::from(self.fire_or_put_off(conn, due, now).await?);
            }
            if batch.len() < usize::from(BATCH) {
                break;
            }
        }
        Ok(fired)
    }

    async fn fire_or_put_off(&self, conn: &mut Conn, due: &Row, now: Timestamp) -> Result<bool, DeskError> {
        match conn.transaction(async |conn| Box::pin(self.fire(conn, due, now)).await).await {
            Err(DeskError::MailboxGone(mailbox)) if due.ticket().is_some() => {
                self.give_up(conn, due, &mailbox, now).await.map(|()| false)
            }
            Err(error) if error.may_pass() => self.put_off(conn, due, error, now).await.map(|()| false),
            Err(error) if error.is_database() => Err(error),
            Err(error) => self.put_off(conn, due, error, now).await.map(|()| false),
            fired => fired,
        }
    }

    /// `false` when somebody else has it, or when it was moved.
    async fn fire(&self, conn: &mut Conn, due: &Row, now: Timestamp) -> Result<bool, DeskError> {
        // Whoever changes a ticket locks it before its timers; so do we.
        if let Some(ticket) = due.ticket() {
            store::tickets::lock(conn, ticket).await?;
        }
        if !store::timers::take(conn, due).await? {
            return Ok(false);
        }
        match due.kind.0 {
            Timer::Escalate
            | Timer::UpdateDue
            | Timer::UpdateMissed
            | Timer::ProposeShifts
            | Timer::ShiftsUnanswered
            | Timer::ShiftBegins => self.on_call_due(conn, due, now).await?,
            Timer::Assign => self.look_again(conn, now).await?,
            Timer::Away => self.tell_of_absence(conn, due, now).await?,
            Timer::Handover => self.begin_turn(conn, due, now).await?,
            Timer::SprintOrder => self.ask_weekly(conn, now).await?,
            Timer::Forget => self.forget(conn, now).await?,
            Timer::Clocks => self.wind_of(conn, due.ticket(), now).await?,
            Timer::TrialReminder => self.remind_of_trial(conn, due, now).await?,
            Timer::TrialSilence => self.end_silence(conn, due, Awaited::Trial, now).await?,
            Timer::LastLookSilence => self.end_silence(conn, due, Awaited::LastLook, now).await?,
            Timer::Remember => self.remember_missing(conn, now).await?,
            Timer::Wake => {
                if let Some(ticket) = due.ticket() {
                    self.wake(conn, ticket, now).await?;
                }
            }
            Timer::Tell => {
                if let Some(ticket) = due.ticket() {
                    self.tell_stakeholders(conn, ticket, now).await?;
                }
            }
            Timer::Digest => self.send_digest(conn, &due.subject, due.due_at.to_jiff(), now).await?,
        }
        announce(conn, News::Outbox).await?;
        Ok(true)
    }

    /// Counts, times and requests that nobody asks for any more go.
    async fn forget(&self, conn: &mut Conn, now: Timestamp) -> Result<(), DeskError> {
        let yesterday = now - SignedDuration::from_hours(25);
        store::alarms::forget(conn, yesterday).await?;
        store::pauses::forget_counts(conn, yesterday).await?;
        store::webhooks::forget(conn, now - WEBHOOKS_KEPT).await?;
        // Until then a late word opens it again, and the desk looks for somebody as before.
        let final_since = now.checked_sub(self.settings.site.reopen_for).unwrap_or(Timestamp::MIN);
        store::assignees::forget(conn, final_since.min(yesterday)).await?;
        let again = NewTimer::of_desk(Timer::Forget, now + SignedDuration::from_hours(1));
        Ok(store::timers::set(conn, &[again]).await?)
    }

    /// Nothing can be sent about a ticket whose mailbox is no longer configured: the timer ends, and the journal says it.
    async fn give_up(
        &self,
        conn: &mut Conn,
        due: &Row,
        mailbox: &str,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let Some(ticket) = due.ticket() else { return Ok(()) };
        conn.transaction(async |conn| {
            store::tickets::lock(conn, ticket).await?;
            if store::timers::take(conn, due).await? {
                let detail = json!({ "timer": due.kind.0, "mailbox": mailbox });
                store::journal::write(conn, ticket, SYSTEM, Happening::MailboxGone, detail, now).await?;
            }
            Ok(())
        })
        .await
    }

    /// Others may have stood in the way once or twice; what lasts is told.
    async fn put_off(
        &self,
        conn: &mut Conn,
        due: &Row,
        error: DeskError,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let lasts = !error.may_pass() || due.failures >= 2;
        let why = format!("{:#}", anyhow::Error::new(error));
        let what = match due.ticket() {
            Some(ticket) => format!("`{}` of ticket {ticket}", due.kind.0),
            None => format!("`{}`", due.kind.0),
        };
        warn!("What was due by time did not happen and is tried again: {what}: {why}");
        let until = now + pause(due.failures);
        conn.transaction(async |conn| {
            store::timers::put_off(conn, due, until, &why).await?;
            if !lasts {
                return Ok(());
            }
            let words = format!(
                "What was due by time did not happen: {what} ({why}). It is tried again, at growing intervals of up to an \
                 hour, until it does. You hear of this once a day."
            );
            let (topic, title) = (format!("timer {}", due.kind.0), format!("A timer fails: {what}"));
            self.alarm(conn, &topic, TOLD_EVERY, (&title, &words), now).await.map(drop)
        })
        .await
    }
}

fn pause(failures: i32) -> SignedDuration {
    let doublings = u32::try_from(failures).unwrap_or(0).min(16);
    (FIRST_PAUSE * 2_i32.pow(doublings)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_an_hour() {
        let minutes = |failures| pause(failures).as_secs_f64() / 60.0;
        assert_eq!([0, 1, 2, 6, 7, 1000, -1].map(minutes), [0.5, 1.0, 2.0, 32.0, 60.0, 60.0, 0.5]);
    }
}
