//! Who is meant: the chain as it stands now, the leads, whoever works on a ticket.

use jiff::Timestamp;

use super::super::{Desk, DeskError};
use crate::{
    domain::{EmailAddress, NamedAddress},
    settings::{Role, Staff},
    store::{self, Conn, incidents::Incident, tickets::Ticket},
};

impl Desk {
    /// The steps of the chain, each with the people it means now. Whoever has the shift is the first.
    pub(super) async fn call_chain(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        now: Timestamp,
    ) -> Result<Vec<Vec<NamedAddress>>, DeskError> {
        let on_shift = store::shifts::at(conn, ticket.id, now).await?;
        let on_shift = on_shift.and_then(|shift| self.staff_member(&shift.who));
        let steps = self.settings.oncall.chain.iter().map(|step| self.step_of_chain(step, now));
        Ok(on_shift.map(|member| vec![member]).into_iter().chain(steps).collect())
    }

    /// Whom a step of the chain means now.
    pub(super) fn step_of_chain(&self, step: &str, now: Timestamp) -> Vec<NamedAddress> {
        if let Some(rota) = self.settings.rota(step) {
            let on_duty = rota.turns.on_duty(now).into_iter().filter_map(|place| rota.members.get(place));
            return on_duty.filter_map(|who| self.staff_member(who)).collect();
        }
        let meant = |staff: &&Staff| staff.email.as_str().eq_ignore_ascii_case(step.trim());
        self.settings.staff.iter().filter(meant).map(named).collect()
    }

    /// Everybody who may have to work round the clock: the people of the chain, else all staff.
    pub(super) fn people_for_shifts(&self) -> Vec<NamedAddress> {
        let mut people: Vec<NamedAddress> = Vec::new();
        let whole = |step: &String| match self.settings.rota(step) {
            Some(rota) => rota.members.iter().filter_map(|who| self.staff_member(who)).collect(),
            None => self.step_of_chain(step, Timestamp::UNIX_EPOCH),
        };
        for member in self.settings.oncall.chain.iter().flat_map(whole) {
            if !people.contains(&member) {
                people.push(member);
            }
        }
        match people.is_empty() {
            true => self.settings.staff.iter().filter(|staff| staff.notify).map(named).collect(),
            false => people,
        }
    }

    /// The leads; the admins where there are none; all staff where there are none of these either.
    pub(in crate::desk) fn planners(&self) -> Vec<NamedAddress> {
        let of = |role: Role| -> Vec<NamedAddress> {
            self.settings.staff.iter().filter(|staff| staff.role == role).map(named).collect()
        };
        let found = [Role::Lead, Role::Admin].map(of).into_iter().find(|people| !people.is_empty());
        found.unwrap_or_else(|| self.settings.staff.iter().filter(|staff| staff.notify).map(named).collect())
    }

    /// Who is at it: the assignee, else who has it, else everybody who was called, else all staff.
    pub(super) async fn who_is_at_it(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        incident: &Incident,
    ) -> Result<Vec<NamedAddress>, DeskError> {
        let assignee = match ticket.assignee() {
            Some(id) => store::people::find(conn, id).await?,
            None => None,
        };
        let assignee = assignee.and_then(|person| self.staff_member(&person.named()?.address));
        let holder = || incident.acknowledged_by().and_then(|by| self.staff_member(&by));
        if let Some(one) = assignee.or_else(holder) {
            return Ok(vec![one]);
        }
        let called: Vec<NamedAddress> =
            incident.called().iter().filter_map(|who| self.staff_member(who)).collect();
        match called.is_empty() {
            true => Ok(self.settings.staff.iter().filter(|staff| staff.notify).map(named).collect()),
            false => Ok(called),
        }
    }

    /// Somebody on the staff list.
    pub(super) fn staff_member(&self, address: &EmailAddress) -> Option<NamedAddress> {
        self.settings.staff_by_email(address).map(named)
    }

    /// What somebody is called.
    pub(super) fn name_of_member(&self, address: &EmailAddress) -> String {
        self.staff_member(address).map_or_else(|| address.to_string(), |member| member.called().to_owned())
    }
}

fn named(staff: &Staff) -> NamedAddress {
    NamedAddress::new(&staff.name, staff.email.clone())
}
