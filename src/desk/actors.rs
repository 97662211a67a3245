//! Who somebody is, where rights are asked for ([`rights`](crate::ticket::rights)).

use super::Desk;
use crate::{
    settings::{Role, Staff},
    ticket::rights::Actor,
};

impl Desk {
    /// What a member of staff is. Where nobody is named lead or admin, everybody leads: a desk of a few people
    /// has nobody else to ask.
    pub(super) fn staff_actor(&self, staff: &Staff) -> Actor {
        let nobody_leads = self.settings.staff.iter().all(|each| each.role == Role::Agent);
        match staff.role {
            Role::Admin => Actor::Admin,
            Role::Lead => Actor::Lead,
            Role::Agent if nobody_leads => Actor::Lead,
            Role::Agent => Actor::Agent,
        }
    }
}
