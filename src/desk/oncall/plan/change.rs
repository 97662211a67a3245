//! What those who plan say about a plan: it stands, there is none, a shift is somebody else's.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{people_of, subject};
use crate::{
    desk::{Desk, DeskError},
    domain::{EmailAddress, NamedAddress},
    store::{
        self, Conn,
        incidents::Incident,
        shifts::{self as plans, Plan, PlanState},
        tickets::Ticket,
        timers::{self, NewTimer},
    },
    ticket::{
        Happening, PlanWord, Timer,
        shifts::{self, Shift},
    },
};

impl Desk {
    /// Does what a lead says about the plan.
    pub(in crate::desk::oncall) async fn change_plan(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        incident: &Incident,
        word: &PlanWord,
        by: &NamedAddress,
        now: Timestamp,
    ) -> Result<Vec<String>, DeskError> {
        let proposed = plans::of(conn, ticket.id, PlanState::Proposed).await?;
        match word {
            PlanWord::Confirm => {
                let plan = proposed.ok_or_else(no_plan)?;
                self.confirm_plan(conn, ticket, &plan, by, now).await
            }
            PlanWord::Decline => {
                let plan = proposed.ok_or_else(no_plan)?;
                plans::decide(conn, plan.id, PlanState::Declined, Some(&by.address), now).await?;
                timers::clear(conn, ticket.id, &[Timer::ShiftsUnanswered]).await?;
                let detail = json!({ "plan": plan.id });
                store::journal::write(
                    conn,
                    ticket.id,
                    by.address.as_str(),
                    Happening::ShiftsDeclined,
                    detail,
                    now,
                )
                .await?;
                Ok(vec!["there are no shifts; the chain is called as before".into()])
            }
            PlanWord::Give(number, who) => {
                let who = self.named_colleague(who)?;
                let edit =
                    |planned: &mut [Shift<EmailAddress>]| shifts::give(planned, *number, who).map(drop);
                self.edit_plan(conn, ticket, incident, proposed, edit, by, now).await
            }
            PlanWord::Swap(number, with) => {
                let other = with.trim_start_matches('#').parse::<u32>().ok();
                let who = match other {
                    Some(_) => None,
                    None => Some(self.named_colleague(with)?),
                };
                let edit = |planned: &mut [Shift<EmailAddress>]| {
                    let other = match (other, &who) {
                        (None, Some(who)) => shifts::nearest(planned, *number, who)?,
                        (other, _) => other.unwrap_or(*number),
                    };
                    shifts::swap(planned, *number, other)
                };
                self.edit_plan(conn, ticket, incident, proposed, edit, by, now).await
            }
        }
    }

    fn named_colleague(&self, who: &str) -> Result<EmailAddress, DeskError> {
        match self.colleague(who) {
            Ok(Some(who)) => Ok(who),
            Ok(None) => Err(DeskError::NotMeant("a shift is somebody's".into())),
            Err(why) => Err(DeskError::NotMeant(why)),
        }
    }

    async fn confirm_plan(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        plan: &Plan,
        by: &NamedAddress,
        now: Timestamp,
    ) -> Result<Vec<String>, DeskError> {
        plans::decide(conn, plan.id, PlanState::Confirmed, Some(&by.address), now).await?;
        let planned = plans::shifts_of(conn, plan.id).await?;
        let detail = json!({ "plan": plan.id });
        store::journal::write(conn, ticket.id, by.address.as_str(), Happening::ShiftsConfirmed, detail, now)
            .await?;
        timers::clear(conn, ticket.id, &[Timer::ShiftsUnanswered]).await?;
        let mut set = Vec::new();
        let subjects: Vec<String> = planned.iter().map(|shift| subject(plan.id, shift.number)).collect();
        for (shift, subject) in planned.iter().zip(&subjects) {
            if shift.start > now {
                set.push(NewTimer {
                    subject,
                    ..NewTimer::of_ticket(Timer::ShiftBegins, ticket.id, shift.start - REMIND)
                });
            }
        }
        if let Some(last) = planned.last() {
            set.push(NewTimer::of_ticket(Timer::ProposeShifts, ticket.id, last.end - AHEAD));
        }
        timers::set(conn, &set).await?;
        let everybody = people_of(&planned);
        for who in &everybody {
            self.mail_shifts(conn, ticket, plan, who, &planned, &[], now).await?;
        }
        Ok(vec![format!("the shifts stand, and {} people get theirs by mail", everybody.len())])
    }

    /// Changes the plan that is proposed, else the one that is in force.
    #[expect(clippy::too_many_arguments, reason = "one edit of one plan of one ticket, by one person")]
    async fn edit_plan(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        incident: &Incident,
        proposed: Option<Plan>,
        edit: impl FnOnce(&mut [Shift<EmailAddress>]) -> Result<(), shifts::Unchanged> + Send,
        by: &NamedAddress,
        now: Timestamp,
    ) -> Result<Vec<String>, DeskError> {
        let plan = match proposed {
            Some(plan) => plan,
            None => plans::of(conn, ticket.id, PlanState::Confirmed).await?.ok_or_else(no_plan)?,
        };
        let before = plans::shifts_of(conn, plan.id).await?;
        let mut planned = before.clone();
        edit(&mut planned).map_err(|why| DeskError::NotMeant(why.to_string()))?;
        let moved: Vec<(Shift<EmailAddress>, EmailAddress)> = planned
            .iter()
            .zip(&before)
            .filter(|(now, then)| now.who != then.who)
            .map(|(now, then)| (now.clone(), then.who.clone()))
            .collect();
        if moved.is_empty() {
            return Ok(Vec::new());
        }
        let changed: Vec<Shift<EmailAddress>> = moved.iter().map(|(shift, _)| shift.clone()).collect();
        plans::change(conn, &plan, &changed).await?;
        let told = |(shift, from): &(Shift<EmailAddress>, EmailAddress)| json!({ "shift": shift.number, "from": from, "to": shift.who });
        let detail = json!({ "plan": plan.id, "changes": moved.iter().map(told).collect::<Vec<_>>() });
        store::journal::write(conn, ticket.id, by.address.as_str(), Happening::ShiftsChanged, detail, now)
            .await?;
        let plan = plans::find(conn, plan.id).await?;
        match plan.state.0 {
            PlanState::Proposed => self.mail_plan(conn, ticket, incident, &plan, false, now).await?,
            _ => self.mail_changes(conn, ticket, &plan, &planned, &moved, now).await?,
        }
        let mut done: Vec<String> = changed
            .iter()
            .map(|shift| format!("shift {} is {}'s", shift.number, self.name_of_member(&shift.who)))
            .collect();
        done.extend(self.plan_warnings(conn, &planned, now).await?);
        Ok(done)
    }

    /// Everybody whose shifts are others now gets them anew.
    async fn mail_changes(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        plan: &Plan,
        planned: &[Shift<EmailAddress>],
        moved: &[(Shift<EmailAddress>, EmailAddress)],
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let mut touched: Vec<EmailAddress> =
            moved.iter().flat_map(|(shift, from)| [shift.who.clone(), from.clone()]).collect();
        touched.sort();
        touched.dedup();
        for who in &touched {
            let lost: Vec<Shift<EmailAddress>> =
                moved.iter().filter(|(_, from)| from == who).map(|(shift, _)| shift.clone()).collect();
            self.mail_shifts(conn, ticket, plan, who, planned, &lost, now).await?;
        }
        Ok(())
    }
}

/// The next plan is proposed so long before the last one ends.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// So long before a shift its people are reminded.
const REMIND: SignedDuration = SignedDuration::from_mins(30);

fn no_plan() -> DeskError {
    DeskError::NotMeant("there is no plan of shifts for this ticket".into())
}
