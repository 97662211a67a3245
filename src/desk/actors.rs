//! Who somebody is, where rights are asked for ([`rights`](crate::ticket::rights)), who leads, and where a ticket stands.

use super::{Desk, case::Case};
use crate::{
    domain::{EmailAddress, NamedAddress, PersonId},
    settings::{Role, Staff},
    store::tickets::Ticket,
    ticket::{
        rights::{self, Actor, Denied, Marks, Wish},
        workflow::{Event, Refused, State, Step},
    },
};

impl Desk {
    /// What a member of staff is. Where nobody is named lead or admin, everybody leads: a desk of a few people
    /// has nobody else to ask. Where nobody is named admin, those who lead run the desk, too.
    pub fn staff_actor(&self, staff: &Staff) -> Actor {
        let leads = staff.role >= Role::Lead || self.nobody_leads();
        match leads {
            true if staff.role == Role::Admin || self.nobody_runs_it() => Actor::Admin,
            true => Actor::Lead,
            false => Actor::Agent,
        }
    }

    fn nobody_runs_it(&self) -> bool {
        self.settings.staff.iter().all(|each| each.role != Role::Admin)
    }

    /// Whether nobody is named lead or admin.
    pub(super) fn nobody_leads(&self) -> bool {
        self.settings.staff.iter().all(|each| each.role == Role::Agent)
    }

    /// Who is told what is for leads: they, then the admins; where nobody is either, everybody who hears of what concerns
    /// all.
    pub(super) fn who_leads(&self) -> Vec<NamedAddress> {
        let leads =
            |staff: &&Staff| if self.nobody_leads() { staff.notify } else { staff.role >= Role::Lead };
        let mut leading: Vec<&Staff> = self.settings.staff.iter().filter(leads).collect();
        leading.sort_by_key(|staff| staff.role);
        leading.into_iter().map(|staff| NamedAddress::new(&staff.name, staff.email.clone())).collect()
    }

    /// Who acts inside the desk under this address.
    pub(super) fn actor_of(&self, address: &EmailAddress) -> Actor {
        self.settings.staff_by_email(address).map_or(Actor::Stranger, |staff| self.staff_actor(staff))
    }

    /// The status in which a ticket stands.
    pub fn state_of(&self, ticket: &Ticket) -> &State {
        self.settings.workflow.state(ticket.status.0, ticket.status_name.as_deref())
    }

    /// What people read of the status to which a step leads.
    pub(super) fn label_of(&self, step: &Step) -> &str {
        self.settings.workflow.state(step.to, Some(&step.name)).shown()
    }

    /// The move that follows what happened to a ticket.
    pub(super) fn step(&self, ticket: &Ticket, event: Event, actor: Actor) -> Result<Step, Refused> {
        self.settings.workflow.step(self.state_of(ticket), event, actor)
    }

    /// Whether the author of a proven answer to a mail that was sent to them alone may have a wish.
    pub(super) fn may_by_answer(
        &self,
        case: &Case<'_>,
        author: &EmailAddress,
        wish: Wish,
    ) -> Result<(), Denied> {
        let owner = |email: &EmailAddress| {
            self.settings.stakeholders.iter().any(|each| each.product_owner && each.email == *email)
        };
        let actor = match self.settings.staff_by_email(author) {
            _ if wish == Wish::Order && owner(author) => Actor::ProductOwner,
            Some(staff) => self.staff_actor(staff),
            None => Actor::Stranger,
        };
        let marks =
            Marks { proven: true, token: true, handed_on: case.mail.body.handed_on, ..Marks::default() };
        rights::may(actor, marks.evidence(), wish)
    }
}

/// Which customer of a ticket somebody is who takes part in it.
pub(super) fn customer(ticket: &Ticket, person: Option<PersonId>) -> Actor {
    match person.is_some() && person == ticket.requester() {
        true => Actor::Requester,
        false => Actor::Participant,
    }
}
