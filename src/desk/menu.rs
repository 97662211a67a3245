//! What can be done with a ticket by whoever looks at it: the moves of the workflow, and everything else that rights and
//! the ticket allow at this moment. A page offers what stands here and nothing else; each deed asks again.

use futures::TryFutureExt;
use jiff::Timestamp;
use serde::Serialize;

use super::{Desk, DeskError, facts::missing_of};
use crate::{
    domain::{EmailAddress, Slot, TicketId},
    report::Presence,
    store::{self, Conn, participants::Part, presences::Present},
    ticket::{
        Severity, Status,
        command::{Move, moves},
        rights::{self, Actor, Evidence, Wish},
    },
};

/// What can be done with a ticket, and by which choices.
#[derive(Debug, Serialize)]
pub struct Menu {
    /// Its number.
    pub id: TicketId,
    /// `DG-17`.
    pub reference: String,
    /// What its status means.
    pub status: Status,
    /// What people read of it.
    pub status_label: String,
    /// It is over.
    pub closed: bool,
    /// The moves that lead on from where it stands.
    pub moves: Vec<Move>,
    /// What else is allowed.
    pub may: May,
    /// Whose it is.
    pub assignee: Option<Choice>,
    /// Whoever looks has it.
    pub mine: bool,
    /// Who else could have it.
    pub staff: Vec<Choice>,
    /// How bad it is.
    pub severity: Option<i16>,
    /// How bad it can be.
    pub severities: Vec<i16>,
    /// Who is able to help.
    pub level: Option<i16>,
    /// What it is about.
    pub product: Option<String>,
    /// What there is.
    pub products: Vec<String>,
    /// Whose work it is.
    pub queue: Option<String>,
    /// The queues there are.
    pub queues: Vec<String>,
    /// The next word is the customer's.
    pub waits: bool,
    /// It is out of the way.
    pub snoozed: bool,
    /// When it comes back by itself.
    pub snoozed_until: Option<Timestamp>,
    /// Nobody outside hears of it.
    pub spam: bool,
    /// The ticket that has its thread now.
    pub merged_into: Option<i64>,
    /// It is a problem report.
    pub report: bool,
    /// What the gate says of its facts.
    pub slots: Vec<SlotChoice>,
    /// Who reads a reply: the requester.
    pub to: Option<Choice>,
    /// And everybody else who takes part.
    pub cc: Vec<Choice>,
    /// Mails that could be tickets of their own.
    pub mails: Vec<MailChoice>,
    /// The newest entry of its thread.
    pub newest: i64,
}

/// What whoever looks may do with this ticket now.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct May {
    /// Write to the customer.
    pub reply: bool,
    /// Write among staff.
    pub note: bool,
    /// Say how bad it is.
    pub severity: bool,
    /// Say what it is about.
    pub facts: bool,
    /// Say whether it waits for the customer.
    pub wait: bool,
    /// Overrule the gate.
    pub gate: bool,
    /// Take it.
    pub take: bool,
    /// Give it to somebody.
    pub assign: bool,
    /// Put it out of the way.
    pub snooze: bool,
    /// Link it.
    pub link: bool,
    /// Call it a duplicate, or merge it.
    pub merge: bool,
    /// Call it spam.
    pub spam: bool,
    /// Say who takes part.
    pub people: bool,
}

/// Somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// As people call them.
    pub name: String,
    /// Their address.
    pub address: String,
}

/// A fact of a report.
#[derive(Clone, Debug, Serialize)]
pub struct SlotChoice {
    /// Which.
    pub slot: Slot,
    /// What the gate, or somebody, said of it.
    pub verdict: Presence,
}

/// A mail of a customer.
#[derive(Clone, Debug, Serialize)]
pub struct MailChoice {
    /// Its entry.
    pub id: i64,
    /// Who wrote it.
    pub author: String,
    /// When it came.
    pub at: Timestamp,
}

impl Desk {
    /// What can be done with a ticket by this member of staff.
    ///
    /// # Errors
    /// [`DeskError::NoTicket`].
    pub async fn menu(&self, conn: &Conn, id: TicketId, who: &EmailAddress) -> Result<Menu, DeskError> {
        let (ticket, people, slots, mails, newest) = tokio::try_join!(
            self.ticket(conn, id),
            store::participants::of(conn, id).err_into(),
            store::slots::of(conn, id).err_into(),
            store::messages::mail_lines(conn, id).err_into(),
            store::messages::newest(conn, id).err_into(),
        )?;
        let (state, actor) = (self.state_of(&ticket), self.actor_of(who));
        let complete = missing_of(&ticket, &slots).is_empty();
        let assignee = match ticket.assignee() {
            Some(person) => store::people::find(conn, person).await?,
            None => None,
        };
        let assignee = assignee.map(|person| choice(&person.name, &person.address));
        let part = |wanted: Part| {
            let of = people.iter().filter(move |(_, part)| *part == wanted);
            of.map(|(person, _)| choice(&person.name, &person.address))
        };
        let closed = ticket.status.0 == Status::Closed;
        let whole = ticket.merged_into.is_none();
        Ok(Menu {
            id,
            reference: self.reference(id),
            status: ticket.status.0,
            status_label: state.shown().to_owned(),
            closed,
            moves: if whole { moves(&self.settings.workflow, state, actor, complete) } else { Vec::new() },
            may: allowed(actor, closed, ticket.spam, whole),
            mine: assignee.as_ref().is_some_and(|it| it.address == who.as_str()),
            assignee,
            staff: self.choices().0,
            severity: ticket.severity().map(Severity::number),
            severities: self.severities(),
            level: ticket.level().map(|level| level.number()),
            product: ticket.product.clone(),
            products: self.settings.products.iter().map(|product| product.name.clone()).collect(),
            queue: ticket.queue.clone(),
            queues: self.settings.queues.iter().map(|queue| queue.name.clone()).collect(),
            waits: ticket.waiting_for_customer,
            snoozed: ticket.snoozed_at.is_some(),
            snoozed_until: ticket.snoozed_until.map(|at| at.to_jiff()),
            spam: ticket.spam,
            merged_into: ticket.merged_into,
            report: ticket.problem_report,
            slots: slots.iter().map(|row| SlotChoice { slot: row.slot.0, verdict: row.verdict.0 }).collect(),
            to: part(Part::Requester).next(),
            cc: part(Part::Cc).collect(),
            mails: mails
                .iter()
                .skip(1)
                .map(|(id, author, at)| MailChoice { id: *id, author: author.clone(), at: at.to_jiff() })
                .collect(),
            newest: newest.0,
        })
    }

    /// Whether there is such a ticket.
    ///
    /// # Errors
    /// [`DeskError::NoTicket`].
    pub async fn ticket_is_there(&self, conn: &mut Conn, id: TicketId) -> Result<(), DeskError> {
        self.ticket(conn, id).await.map(drop)
    }

    /// Who can have tickets, and how bad they can be.
    pub fn choices(&self) -> (Vec<Choice>, Vec<i16>) {
        let staff = self.settings.staff.iter().map(|it| choice(&it.name, it.email.as_str()));
        (staff.collect(), self.severities())
    }

    fn severities(&self) -> Vec<i16> {
        let all = [Severity::One, Severity::Two, Severity::Three, Severity::Four];
        all.into_iter().filter(|each| self.settings.severity.has(*each)).map(Severity::number).collect()
    }

    /// Somebody has a ticket open. Tells the others when that is news.
    ///
    /// # Errors
    /// [`DeskError::NoTicket`].
    pub async fn is_here(
        &self,
        conn: &mut Conn,
        id: TicketId,
        who: &EmailAddress,
        writes: bool,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        self.ticket(conn, id).await?;
        if store::presences::see(conn, id, who.as_str(), writes, now).await? {
            store::live::tell(conn, id, who.as_str(), store::live::HERE).await?;
        }
        Ok(())
    }

    /// Somebody left a ticket.
    ///
    /// # Errors
    /// The database's.
    pub async fn is_gone(&self, conn: &mut Conn, id: TicketId, who: &EmailAddress) -> Result<(), DeskError> {
        if store::presences::leave(conn, id, who.as_str()).await? {
            store::live::tell(conn, id, who.as_str(), store::live::HERE).await?;
        }
        Ok(())
    }

    /// Who else has a ticket open, and whether they write.
    ///
    /// # Errors
    /// The database's.
    pub async fn others_here(
        &self,
        conn: &Conn,
        id: TicketId,
        but: &EmailAddress,
        now: Timestamp,
    ) -> Result<Vec<(String, bool)>, DeskError> {
        let present = store::presences::of(conn, id, now).await?;
        let others = present.into_iter().filter(|present| present.address != but.as_str());
        Ok(others.map(|present| (self.name_at(&present), present.writes)).collect())
    }

    fn name_at(&self, present: &Present) -> String {
        let staff = self.settings.staff.iter().find(|staff| staff.email.as_str() == present.address);
        staff.map_or_else(|| present.address.clone(), |staff| staff.name.clone())
    }
}

fn choice(name: &str, address: &str) -> Choice {
    let name = if name.is_empty() { address } else { name };
    Choice { name: name.to_owned(), address: address.to_owned() }
}

/// What somebody may do with a ticket that is closed, spam, or whole.
fn allowed(actor: Actor, closed: bool, spam: bool, whole: bool) -> May {
    let may = |wish: Wish| rights::may(actor, Evidence::Inside, wish).is_ok();
    let open = !closed && whole;
    May {
        reply: may(Wish::Reply) && !spam && whole,
        note: may(Wish::Note),
        severity: may(Wish::Severity) && open,
        facts: may(Wish::Facts) && open,
        wait: may(Wish::Facts) && open,
        gate: may(Wish::Gate) && open,
        take: may(Wish::Take) && open,
        assign: may(Wish::Assign) && open,
        snooze: may(Wish::Snooze) && open,
        link: may(Wish::Merge),
        merge: may(Wish::Merge) && whole,
        spam: may(Wish::Spam) && whole,
        people: may(Wish::People) && whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_takes_no_more_work_and_what_is_merged_no_words() {
        let open = allowed(Actor::Agent, false, false, true);
        assert!(open.reply && open.snooze && open.take && open.merge && open.people);
        let closed = allowed(Actor::Agent, true, false, true);
        assert!(closed.reply && closed.note && !closed.snooze && !closed.severity && !closed.take);
        let spam = allowed(Actor::Agent, true, true, true);
        assert!(!spam.reply && spam.note && spam.spam);
        let merged = allowed(Actor::Agent, true, false, false);
        assert!(!merged.reply && !merged.merge && merged.note && merged.link);
        let stranger = allowed(Actor::Stranger, false, false, true);
        assert!(!stranger.reply && !stranger.note && !stranger.take && !stranger.spam);
    }
}
