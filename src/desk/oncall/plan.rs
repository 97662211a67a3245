//! Shifts round the clock: proposed to the leads, changed and confirmed by them, and kept.

mod change;
mod mails;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::super::{Desk, DeskError};
use crate::{
    domain::{EmailAddress, NamedAddress},
    render::OnCallView,
    store::{
        self, Conn,
        incidents::Incident,
        journal::SYSTEM,
        shifts::{self as plans, PlanState},
        tickets::Ticket,
        timers::{self, NewTimer},
    },
    ticket::{
        Happening, Notice, Timer,
        shifts::{self, Shift, Worker},
    },
};

pub(super) use mails::span;

/// How far ahead a plan reaches.
const DAYS: u8 = 3;

/// Leads who do not answer are asked again after so long.
const ASK_AGAIN: SignedDuration = SignedDuration::from_hours(4);

/// Staff hear of a plan that nobody confirms once in this time.
const ALARM_EVERY: std::time::Duration = std::time::Duration::from_hours(4);

impl Desk {
    /// Proposes shifts from the end of those there are, else from now on.
    pub(super) async fn propose_shifts(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        incident: &Incident,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let confirmed = plans::confirmed(conn, ticket.id).await?;
        let confirmed: Vec<Shift<EmailAddress>> = confirmed.into_iter().map(|(_, shift)| shift).collect();
        let ends = confirmed.iter().map(|shift| shift.end).max().filter(|end| *end > now);
        let busy = |person: &NamedAddress| {
            let last =
                confirmed.iter().filter(|shift| shift.who == person.address).map(|shift| shift.end).max();
            let at_it = incident.acknowledged_by().as_ref() == Some(&person.address);
            last.or(at_it.then_some(now))
        };
        let away = self.times_away(conn, now).await?;
        let worker = |person: &NamedAddress| Worker {
            who: person.address.clone(),
            busy_until: busy(person),
            away: away.get(&person.address).cloned().unwrap_or_default(),
        };
        let workers: Vec<Worker<EmailAddress>> = self.people_for_shifts().iter().map(worker).collect();
        // The first one begins where the last one ends.
        let after = ends.map_or(now, |end| end - SignedDuration::from_secs(1));
        let planned =
            shifts::plan(&workers, &self.duty_zone(), after, self.settings.oncall.shift_hours, DAYS);
        if planned.is_empty() {
            let detail = json!({ "why": "there is nobody to give shifts to" });
            return Ok(
                store::journal::write(conn, ticket.id, SYSTEM, Happening::NoShifts, detail, now).await?
            );
        }
        if let Some(old) = plans::of(conn, ticket.id, PlanState::Proposed).await? {
            plans::decide(conn, old.id, PlanState::Over, None, now).await?;
        }
        let plan = plans::propose(conn, ticket.id, &planned, now).await?;
        let detail =
            json!({ "plan": plan.id, "shifts": planned.len(), "from": planned.first().map(|it| it.start) });
        store::journal::write(conn, ticket.id, SYSTEM, Happening::ShiftsProposed, detail, now).await?;
        timers::set(conn, &[NewTimer::of_ticket(Timer::ShiftsUnanswered, ticket.id, now + ASK_AGAIN)])
            .await?;
        self.mail_plan(conn, ticket, incident, &plan, false, now).await
    }

    /// Nobody confirmed the plan: the leads are asked again, about a new one where its first shift has begun.
    pub(super) async fn ask_about_shifts_again(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        incident: &Incident,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let Some(plan) = plans::of(conn, ticket.id, PlanState::Proposed).await? else { return Ok(()) };
        let reference = self.reference(ticket.id);
        let title = format!("The shifts for {reference} are not confirmed");
        let words = format!(
            "A plan of shifts round the clock for {reference} ({}) waits for an answer since {}. Until it is confirmed the chain is \
             called as ever. Whoever got the plan answers it with \"yes\", or runs `deskgate oncall confirm {}`. You hear of \
             this every four hours.",
            ticket.subject,
            self.time_in_words(plan.created_at.to_jiff(), now),
            ticket.id
        );
        self.alarm(conn, &format!("shifts {}", ticket.id), ALARM_EVERY, (&title, &words), now).await?;
        let planned = plans::shifts_of(conn, plan.id).await?;
        if planned.first().is_some_and(|first| first.start <= now) {
            return self.propose_shifts(conn, ticket, incident, now).await;
        }
        store::journal::write(
            conn,
            ticket.id,
            SYSTEM,
            Happening::ShiftsAskedAgain,
            json!({ "plan": plan.id }),
            now,
        )
        .await?;
        timers::set(conn, &[NewTimer::of_ticket(Timer::ShiftsUnanswered, ticket.id, now + ASK_AGAIN)])
            .await?;
        self.mail_plan(conn, ticket, incident, &plan, true, now).await
    }

    /// Who has the next shift and who hands over to them.
    pub(super) async fn remind_of_shift(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        incident: &Incident,
        subject_of: &str,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let confirmed = plans::confirmed(conn, ticket.id).await?;
        let found = confirmed.iter().find(|(plan, shift)| subject(*plan, shift.number) == subject_of);
        let Some((_, shift)) = found else { return Ok(()) };
        let before = confirmed.iter().map(|(_, shift)| shift).find(|earlier| earlier.end == shift.start);
        let before = before.map(|earlier| earlier.who.clone()).or_else(|| incident.acknowledged_by());
        let before = before.filter(|who| *who != shift.who);
        let detail = json!({ "shift": shift.number, "who": shift.who, "from": before });
        store::journal::write(conn, ticket.id, SYSTEM, Happening::ShiftBegins, detail, now).await?;
        let people: Vec<NamedAddress> = [Some(shift.who.clone()), before.clone()]
            .into_iter()
            .flatten()
            .filter_map(|who| self.staff_member(&who))
            .collect();
        let view = OnCallView {
            shifts: self.shift_views(std::slice::from_ref(shift)),
            hands_over: before.map(|who| self.name_of_member(&who)),
            ..OnCallView::default()
        };
        self.tell_view(conn, Notice::ShiftSoon, ticket, &people, view, now).await
    }

    /// It is over: nobody has to come.
    pub(super) async fn end_plans(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        if let Some(plan) = plans::of(conn, ticket.id, PlanState::Proposed).await? {
            plans::decide(conn, plan.id, PlanState::Over, None, now).await?;
        }
        while let Some(plan) = plans::of(conn, ticket.id, PlanState::Confirmed).await? {
            plans::decide(conn, plan.id, PlanState::Over, None, now).await?;
            let planned = plans::shifts_of(conn, plan.id).await?;
            let off: Vec<Shift<EmailAddress>> = planned.into_iter().filter(|shift| shift.end > now).collect();
            for who in people_of(&off) {
                let lost: Vec<Shift<EmailAddress>> =
                    off.iter().filter(|shift| shift.who == who).cloned().collect();
                self.mail_shifts(conn, ticket, &plan, &who, &[], &lost, now).await?;
            }
        }
        Ok(())
    }
}

fn people_of(planned: &[Shift<EmailAddress>]) -> Vec<EmailAddress> {
    let mut people: Vec<EmailAddress> = planned.iter().map(|shift| shift.who.clone()).collect();
    people.sort();
    people.dedup();
    people
}

/// What the timer of a shift is about.
fn subject(plan: i64, number: u32) -> String {
    format!("{plan}.{number}")
}
