//! Shifts round the clock: proposed to the leads, changed and confirmed by them, and kept.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::json;

use super::super::{Desk, DeskError, command::command_views};
use crate::{
    domain::{EmailAddress, NamedAddress},
    render::{Appointment, Context, OnCallView, ShiftView, calendar},
    store::{
        self, Conn,
        incidents::Incident,
        journal::SYSTEM,
        shifts::{self as plans, Plan, PlanState},
        tickets::Ticket,
        timers::{self, NewTimer},
    },
    ticket::{
        Notice, PlanWord, Timer,
        shifts::{self, Shift, Worker},
    },
};

/// How far ahead a plan reaches.
const DAYS: u8 = 3;

/// Leads who do not answer are asked again after so long.
const ASK_AGAIN: SignedDuration = SignedDuration::from_hours(4);

/// The next plan is proposed so long before the last one ends.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// So long before a shift its people are reminded.
const REMIND: SignedDuration = SignedDuration::from_mins(30);

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
            return Ok(store::journal::write(conn, ticket.id, SYSTEM, "no-shifts", detail, now).await?);
        }
        if let Some(old) = plans::of(conn, ticket.id, PlanState::Proposed).await? {
            plans::decide(conn, old.id, PlanState::Over, None, now).await?;
        }
        let plan = plans::propose(conn, ticket.id, &planned, now).await?;
        let detail =
            json!({ "plan": plan.id, "shifts": planned.len(), "from": planned.first().map(|it| it.start) });
        store::journal::write(conn, ticket.id, SYSTEM, "shifts-proposed", detail, now).await?;
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
        store::journal::write(conn, ticket.id, SYSTEM, "shifts-asked-again", json!({ "plan": plan.id }), now)
            .await?;
        timers::set(conn, &[NewTimer::of_ticket(Timer::ShiftsUnanswered, ticket.id, now + ASK_AGAIN)])
            .await?;
        self.mail_plan(conn, ticket, incident, &plan, true, now).await
    }

    async fn mail_plan(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        incident: &Incident,
        plan: &Plan,
        again: bool,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let planned = plans::shifts_of(conn, plan.id).await?;
        let waits_since = again.then(|| self.time_in_words(plan.created_at.to_jiff(), now));
        let view = OnCallView {
            shifts: self.shift_views(&planned),
            warnings: self.plan_warnings(conn, &planned, now).await?,
            waits_since,
            ..self.view_of(incident, now)
        };
        let fill = |context: &mut Context| {
            context.oncall = Some(view);
            context.commands = command_views(&["confirm", "swap", "shift", "decline"]);
        };
        // Where nobody leads, everybody may confirm it: those who would have the shifts are asked.
        let asked = match self.nobody_leads() {
            true => people_of(&planned).iter().filter_map(|who| self.staff_member(who)).collect(),
            false => self.who_leads(),
        };
        self.tell_on_call(conn, Notice::ShiftPlan, ticket, &asked, fill, now).await
    }

    /// What a lead should know before they say yes.
    async fn plan_warnings(
        &self,
        conn: &mut Conn,
        planned: &[Shift<EmailAddress>],
        now: Timestamp,
    ) -> Result<Vec<String>, DeskError> {
        let (people, needed) =
            (people_of(planned).len(), shifts::people_needed(self.settings.oncall.shift_hours));
        let mut warnings = Vec::new();
        if people < needed {
            let (hours, rest) = (self.settings.oncall.shift_hours, shifts::REST.as_hours());
            warnings.push(format!(
                "Shifts of {hours} hours with {rest} hours of rest between them take {needed} people, and there {}. Add \
                 people to the chain, or give shifts to others.",
                if people == 1 { "is 1".to_owned() } else { format!("are {people}") }
            ));
        }
        let away = self.times_away(conn, now).await?;
        let is_away =
            |shift: &&Shift<EmailAddress>| away.get(&shift.who).is_some_and(|times| shift.meets(times));
        let mut wrong: Vec<(u32, String)> = planned
            .iter()
            .filter(is_away)
            .map(|shift| (shift.number, format!("{} is away then.", self.name_of_member(&shift.who))))
            .collect();
        wrong.extend(shifts::short_rests(planned).iter().map(|short| {
            let (who, hours) = (self.name_of_member(&short.who), short.rest.as_hours());
            let least = shifts::REST.as_hours();
            (short.number, format!("{who} has {hours} hours of rest before it, fewer than {least}."))
        }));
        warnings
            .extend(wrong.iter().take(MOST_WARNINGS).map(|(number, why)| format!("Shift {number}: {why}")));
        if let Some(more) = wrong.len().checked_sub(MOST_WARNINGS).filter(|more| *more > 0) {
            warnings.push(format!("{more} more shifts are somebody's who is away or has too little rest."));
        }
        Ok(warnings)
    }

    fn shift_views(&self, planned: &[Shift<EmailAddress>]) -> Vec<ShiftView> {
        let zone = self.duty_zone();
        let view = |shift: &Shift<EmailAddress>| ShiftView {
            number: shift.number,
            when: span(shift, &zone),
            who: self.name_of_member(&shift.who),
        };
        planned.iter().map(view).collect()
    }

    /// Does what a lead says about the plan.
    pub(super) async fn change_plan(
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
                store::journal::write(conn, ticket.id, by.address.as_str(), "shifts-declined", detail, now)
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
        store::journal::write(conn, ticket.id, by.address.as_str(), "shifts-confirmed", detail, now).await?;
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
        store::journal::write(conn, ticket.id, by.address.as_str(), "shifts-changed", detail, now).await?;
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

    /// Somebody's shifts that are still to come, with a calendar file; where they have none left, those they lost.
    #[expect(clippy::too_many_arguments, reason = "one mail to one person about one plan")]
    async fn mail_shifts(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        plan: &Plan,
        who: &EmailAddress,
        planned: &[Shift<EmailAddress>],
        lost: &[Shift<EmailAddress>],
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let Some(member) = self.staff_member(who) else { return Ok(()) };
        let to_come = |shift: &&Shift<EmailAddress>| shift.end > now;
        let theirs: Vec<Shift<EmailAddress>> =
            planned.iter().filter(to_come).filter(|shift| shift.who == *who).cloned().collect();
        let lost: Vec<Shift<EmailAddress>> = lost.iter().filter(to_come).cloned().collect();
        let shown = if theirs.is_empty() { &lost } else { &theirs };
        if shown.is_empty() {
            return Ok(());
        }
        let event = |shift: &Shift<EmailAddress>, cancelled| {
            self.shift_appointment(ticket, plan, shift, who, cancelled)
        };
        let mut events: Vec<Appointment> = theirs.iter().map(|shift| event(shift, false)).collect();
        events.extend(lost.iter().map(|shift| event(shift, true)));
        let view = OnCallView {
            shifts: self.shift_views(shown),
            cancelled: theirs.is_empty(),
            ..OnCallView::default()
        };
        let fill = |context: &mut Context| {
            context.oncall = Some(view);
            context.files = [calendar(&events, now)].into();
        };
        self.tell_on_call(conn, Notice::Shifts, ticket, &[member], fill, now).await
    }

    fn shift_appointment(
        &self,
        ticket: &Ticket,
        plan: &Plan,
        shift: &Shift<EmailAddress>,
        who: &EmailAddress,
        cancelled: bool,
    ) -> Appointment {
        let reference = self.reference(ticket.id);
        Appointment {
            // A shift that changes hands is another appointment for another person.
            id: format!("shift-{}-{}-{who}", plan.id, shift.number),
            version: plan.version(),
            start: shift.start,
            end: shift.end,
            title: format!("On call: {reference}"),
            about: format!("{}\nShift {} of the plan for {reference}.", ticket.subject, shift.number),
            cancelled,
        }
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
        store::journal::write(conn, ticket.id, SYSTEM, "shift-begins", detail, now).await?;
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

/// More warnings than this are told as a number.
const MOST_WARNINGS: usize = 5;

fn no_plan() -> DeskError {
    DeskError::NotMeant("there is no plan of shifts for this ticket".into())
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

/// `Sat 21 Nov 22:00 to 06:00 CET`.
pub(super) fn span(shift: &Shift<EmailAddress>, zone: &TimeZone) -> String {
    let (start, end) = (shift.start.to_zoned(zone.clone()), shift.end.to_zoned(zone.clone()));
    format!("{} to {}", start.strftime("%a %-d %b %H:%M"), end.strftime("%H:%M %Z"))
}
