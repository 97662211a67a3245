//! The chain as it stands at a moment: whom each step means, without those who are away or off duty.

use jiff::Timestamp;

use super::super::{Desk, DeskError, duty::scheduled};
use crate::{
    domain::{EmailAddress, NamedAddress},
    store::{self, Conn, tickets::Ticket},
};

/// The steps that are called one after the other.
pub(super) struct Chain {
    /// Who is there; nobody where a step is passed over. The first is whoever has the shift.
    pub steps: Vec<Vec<NamedAddress>>,
    /// Why nobody of a step is there.
    missing: Vec<Option<String>>,
}

impl Chain {
    /// Why the steps between these two have nobody.
    pub(super) fn passed_over(&self, behind: u32, step: u32) -> Vec<String> {
        let place = |number| usize::try_from(number).unwrap_or(usize::MAX);
        let between = self.missing.iter().take(place(step)).skip(place(behind));
        between.flatten().cloned().collect()
    }
}

impl Desk {
    /// The steps of the chain, each with the people it means now. Whoever has the shift is the first.
    pub(super) async fn call_chain(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        now: Timestamp,
    ) -> Result<Chain, DeskError> {
        let mut chain = Chain { steps: Vec::new(), missing: Vec::new() };
        let on_shift = store::shifts::at(conn, ticket.id, now).await?;
        let meant: Vec<EmailAddress> = on_shift.map(|shift| shift.who).into_iter().collect();
        let there = self.there(conn, &meant, now).await?;
        chain.missing.push(there.is_empty().then(|| self.absent(&meant)).flatten());
        chain.steps.push(there);
        for step in &self.settings.oncall.chain {
            let there = self.step_of_chain(conn, step, now).await?;
            chain.missing.push(there.is_empty().then(|| self.why_nobody(step, now)).flatten());
            chain.steps.push(there);
        }
        Ok(chain)
    }

    /// Whom a step of the chain means now; nobody who is away or off duty.
    pub(super) async fn step_of_chain(
        &self,
        conn: &mut Conn,
        step: &str,
        now: Timestamp,
    ) -> Result<Vec<NamedAddress>, DeskError> {
        match self.settings.rota(step) {
            Some(rota) => Ok(self.on_duty(conn, rota, now).await?.into_iter().map(super::named).collect()),
            None => self.there(conn, &self.meant_by(step), now).await,
        }
    }

    /// The members of staff of these addresses who are not away.
    async fn there(
        &self,
        conn: &mut Conn,
        people: &[EmailAddress],
        now: Timestamp,
    ) -> Result<Vec<NamedAddress>, DeskError> {
        let away = self.away(conn, now).await?;
        let there = people.iter().filter(|who| !away.contains(*who));
        Ok(there.filter_map(|who| self.staff_member(who)).collect())
    }

    /// Why a step has nobody, as words for people.
    fn why_nobody(&self, step: &str, now: Timestamp) -> Option<String> {
        let Some(rota) = self.settings.rota(step) else { return self.absent(&self.meant_by(step)) };
        let scheduled: Vec<EmailAddress> = scheduled(rota, now).cloned().collect();
        let off_duty = || Some(format!("nobody of {} is on duty", rota.name));
        self.absent(&scheduled).or_else(off_duty)
    }

    /// Whom a step names by address.
    fn meant_by(&self, step: &str) -> Vec<EmailAddress> {
        let staff = self.settings.staff.iter().map(|staff| &staff.email);
        staff.filter(|email| email.as_str().eq_ignore_ascii_case(step.trim())).cloned().collect()
    }

    /// `Ann Example and Bob Example are away`; nothing where nobody is meant.
    fn absent(&self, people: &[EmailAddress]) -> Option<String> {
        let names: Vec<String> = people.iter().map(|who| self.name_of_member(who)).collect();
        match names.as_slice() {
            [] => None,
            [one] => Some(format!("{one} is away")),
            several => Some(format!("{} are away", several.join(" and "))),
        }
    }

    /// Everybody who may have to work round the clock: the people of the chain, whether it is their turn or not, else all
    /// staff.
    pub(super) fn people_for_shifts(&self) -> Vec<NamedAddress> {
        let whole = |step: &String| match self.settings.rota(step) {
            Some(rota) => rota.members.clone(),
            None => self.meant_by(step),
        };
        let mut people: Vec<NamedAddress> = Vec::new();
        for who in self.settings.oncall.chain.iter().flat_map(whole) {
            people.extend(self.staff_member(&who).filter(|member| !people.contains(member)));
        }
        match people.is_empty() {
            true => self.settings.staff.iter().filter(|staff| staff.notify).map(super::named).collect(),
            false => people,
        }
    }
}
