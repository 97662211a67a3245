//! What is mailed about shifts: a plan to be confirmed, what is wrong with it, and to everybody theirs.

use jiff::{Timestamp, tz::TimeZone};

use super::people_of;
use crate::{
    desk::{Desk, DeskError, command::command_views},
    domain::EmailAddress,
    render::{Appointment, Context, OnCallView, ShiftView, calendar},
    store::{
        Conn,
        incidents::Incident,
        shifts::{self as plans, Plan},
        tickets::Ticket,
    },
    ticket::{
        Notice,
        shifts::{self, Shift},
    },
};

impl Desk {
    pub(super) async fn mail_plan(
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
    pub(super) async fn plan_warnings(
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

    pub(super) fn shift_views(&self, planned: &[Shift<EmailAddress>]) -> Vec<ShiftView> {
        let zone = self.duty_zone();
        let view = |shift: &Shift<EmailAddress>| ShiftView {
            number: shift.number,
            when: span(shift, &zone),
            who: self.name_of_member(&shift.who),
        };
        planned.iter().map(view).collect()
    }

    /// Somebody's shifts that are still to come, with a calendar file; where they have none left, those they lost.
    #[expect(clippy::too_many_arguments, reason = "one mail to one person about one plan")]
    pub(super) async fn mail_shifts(
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
}

/// More warnings than this are told as a number.
const MOST_WARNINGS: usize = 5;

/// `Sat 21 Nov 22:00 to 06:00 CET`.
pub(in crate::desk::oncall) fn span(shift: &Shift<EmailAddress>, zone: &TimeZone) -> String {
    let (start, end) = (shift.start.to_zoned(zone.clone()), shift.end.to_zoned(zone.clone()));
    format!("{} to {}", start.strftime("%a %-d %b %H:%M"), end.strftime("%H:%M %Z"))
}
