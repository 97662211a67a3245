//! Whoever works on a ticket, and what people are called.

use super::super::{Desk, DeskError};
use crate::{
    domain::{EmailAddress, NamedAddress},
    settings::Staff,
    store::{self, Conn, incidents::Incident, tickets::Ticket},
};

impl Desk {
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
    pub(in crate::desk) fn staff_member(&self, address: &EmailAddress) -> Option<NamedAddress> {
        self.settings.staff_by_email(address).map(named)
    }

    /// What somebody is called.
    pub(in crate::desk) fn name_of_member(&self, address: &EmailAddress) -> String {
        self.staff_member(address).map_or_else(|| address.to_string(), |member| member.called().to_owned())
    }
}

pub(super) fn named(staff: &Staff) -> NamedAddress {
    NamedAddress::new(&staff.name, staff.email.clone())
}

/// Their addresses.
pub(super) fn addresses(people: &[NamedAddress]) -> Vec<EmailAddress> {
    people.iter().map(|person| person.address.clone()).collect()
}
