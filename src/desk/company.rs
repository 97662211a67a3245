//! Who takes part in a ticket beside its requester: people whom its proven requester
//! names, and people whom staff add. Staff may take them out again.
//!
//! They are told what is public from then on and nothing of before, and may write into
//! the ticket as themselves.

use jiff::Timestamp;
use serde_json::json;

use super::{Change, Changed, Desk, DeskError, case::Case, post::line_of};
use crate::{
    domain::{EmailAddress, NamedAddress, TicketId},
    store::{
        self, Conn,
        journal::NewEntry,
        participants::{self, Joiner, Part},
        tickets::Ticket,
    },
    ticket::Happening,
    triage,
};

/// So many of them a notice to staff names.
const NAMED: usize = 5;

/// More people than this are not a conversation.
const MAX_PARTICIPANTS: i64 = 30;

/// The people whom a mail brings along, and what the journal says about them.
#[derive(Default)]
pub(super) struct Brought {
    pub joiners: Vec<Joiner>,
    pub journal: Vec<NewEntry>,
}

impl Desk {
    /// Whom the mail brings along into a ticket in which so many take part, and which may
    /// continue another. They have no name until they write themselves: only who is proven
    /// says what they are called.
    pub(super) async fn brought(
        &self,
        conn: &mut Conn,
        case: &Case<'_>,
        ticket: TicketId,
        continued: Option<TicketId>,
        there: i64,
    ) -> Result<Brought, DeskError> {
        let ours = self.ours(None);
        let mut company = triage::company(case.mail, &ours.addresses, |address| {
            ours.is_ours(address) || self.is_staff(address)
        });
        if !company.is_empty() {
            let settled = participants::settled(conn, ticket, continued).await?;
            company.retain(|address| !settled.contains(address.as_str()));
        }
        let room = usize::try_from(MAX_PARTICIPANTS - there).unwrap_or(0);
        let by = case.mail.author().map(|author| author.address.to_string()).unwrap_or_default();
        let mut brought = Brought::default();
        if company.is_empty() {
            return Ok(brought);
        }
        let (welcome, left_out) = company.split_at(room.min(company.len()));
        for address in welcome {
            let named = NamedAddress::new("", (*address).clone());
            let person = store::people::ensure(conn, &named, case.now).await?.id;
            brought.joiners.push(Joiner { ticket, person, part: Part::Cc, added_by: by.clone() });
        }
        let detail = json!({ "named": welcome, "by": by, "left_out": left_out.len() });
        brought.journal.push(NewEntry { ticket, event: Happening::BroughtIn, detail });
        Ok(brought)
    }

    /// Who takes part beside the requester, as staff read it: the first few by name, and how many more.
    pub(super) async fn on_copy(&self, conn: &mut Conn, ticket: TicketId) -> Result<Vec<String>, DeskError> {
        let people = participants::of(conn, ticket).await?;
        let on_copy = people.iter().filter(|(_, part)| *part == Part::Cc);
        let named = on_copy.filter_map(|(person, _)| person.named());
        Ok(shortened(named.map(|named| line_of(&named)).collect()))
    }

    /// Staff say whose the ticket is and who takes part in it.
    pub(super) async fn set_company(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        wanted: &Change,
        actor: &NamedAddress,
        changed: &mut Changed,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        if let Some(who) = &wanted.requester
            && self.give_to(conn, ticket, who, actor, now).await?
        {
            changed.done.push(format!("requester is {who}"));
        }
        for who in &wanted.add {
            if self.let_in(conn, ticket.id, who, actor, now).await? {
                changed.done.push(format!("{who} takes part"));
            }
        }
        for who in &wanted.remove {
            self.take_out(conn, ticket.id, who, actor, now).await?;
            changed.done.push(format!("{who} takes part no longer"));
        }
        Ok(())
    }

    /// Staff let somebody take part. `false` when they do already.
    async fn let_in(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        who: &EmailAddress,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        if self.ours(None).is_ours(who) || self.is_staff(who) {
            return Err(DeskError::NotFromOutside(who.clone()));
        }
        let by = actor.address.to_string();
        let person = store::people::ensure(conn, &NamedAddress::new("", who.clone()), now).await?.id;
        let joiner = Joiner { ticket, person, part: Part::Cc, added_by: by.clone() };
        let is_new = participants::bring_back(conn, &joiner, now).await?;
        if is_new {
            store::journal::write(conn, ticket, &by, Happening::ParticipantAdded, json!({ "who": who }), now)
                .await?;
        }
        Ok(is_new)
    }

    /// Staff take somebody out who was on Cc.
    async fn take_out(
        &self,
        conn: &mut Conn,
        ticket: TicketId,
        who: &EmailAddress,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let by = actor.address.as_str();
        let person = store::people::by_address(conn, who).await?;
        let gone = match &person {
            Some(person) => participants::take_out(conn, ticket, person.id, by, now).await?,
            None => false,
        };
        if !gone {
            return Err(DeskError::NotOnCc(who.clone(), ticket));
        }
        Ok(store::journal::write(conn, ticket, by, Happening::ParticipantRemoved, json!({ "who": who }), now)
            .await?)
    }

    /// Staff say whose ticket it is, for instance after a forward of which that could not
    /// be told. Who was it stays on Cc, unless they are one of us. `false` when it is theirs.
    async fn give_to(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        who: &EmailAddress,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        if self.ours(None).is_ours(who) || self.is_staff(who) {
            return Err(DeskError::NotFromOutside(who.clone()));
        }
        let person = store::people::ensure(conn, &NamedAddress::new("", who.clone()), now).await?.id;
        let before = match ticket.requester() {
            Some(id) if id == person => return Ok(false),
            Some(id) => store::people::find(conn, id).await?.and_then(|person| person.named()),
            None => None,
        };
        let by = actor.address.as_str();
        participants::hand_over(conn, ticket.id, person, by, now).await?;
        let vouched = store::tickets::Change { requester_proven: Some(true), ..Default::default() };
        store::tickets::change(conn, ticket.id, vouched, now).await?;
        if let (Some(named), Some(id)) = (&before, ticket.requester())
            && self.is_staff(&named.address)
        {
            participants::take_out(conn, ticket.id, id, by, now).await?;
        }
        let detail = json!({ "from": before.map(|named| named.address), "to": who });
        store::journal::write(conn, ticket.id, by, Happening::Requester, detail, now).await?;
        Ok(true)
    }
}

/// A list that one line has room for.
fn shortened(mut people: Vec<String>) -> Vec<String> {
    // One more would take no less room than saying that there is one more.
    if people.len() > NAMED + 1 {
        let more = people.len() - NAMED;
        people.truncate(NAMED);
        people.push(format!("and {more} more"));
    }
    people
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn many_people_are_a_few_and_a_number() {
        let people = |many: usize| shortened((1..=many).map(|at| format!("p{at}")).collect()).join(", ");
        assert_eq!(people(0), "");
        assert_eq!(people(6), "p1, p2, p3, p4, p5, p6");
        assert_eq!(people(7), "p1, p2, p3, p4, p5, and 2 more");
    }
}
