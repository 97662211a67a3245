//! Queues: whose work a ticket is, who hears of it, and how it moves on.

use jiff::Timestamp;
use serde_json::json;

use super::{Changed, Desk, DeskError, assign::Given};
use crate::{
    domain::{EmailAddress, NamedAddress, TicketId, text},
    settings::{Mode, Queue, Role, Staff},
    store::{
        self, Conn,
        tickets::{self, Ticket},
    },
    ticket::{Happening, Status},
};

impl Desk {
    /// Moves a ticket to another queue: the one that staff name, or the one that its product and level ask for. Returns
    /// whether it moved.
    pub(super) async fn settle_queue(
        &self,
        conn: &mut Conn,
        id: TicketId,
        named: Option<Option<&Queue>>,
        actor: &NamedAddress,
        changed: &mut Changed,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        let ticket = self.ticket(conn, id).await?;
        let queue = match named {
            Some(queue) => queue,
            None => self.queue_after_change(conn, &ticket).await?,
        };
        let name = queue.map(|queue| queue.name.clone());
        if name == ticket.queue {
            return Ok(false);
        }
        changed.done.push(format!("queue is {}", name.as_deref().unwrap_or("none")));
        let detail = json!({ "from": ticket.queue, "to": name });
        let fact = tickets::Change { queue: Some(name), ..Default::default() };
        tickets::change(conn, id, fact, now).await?;
        store::journal::write(conn, id, actor.address.as_str(), Happening::Queue, detail, now).await?;
        Ok(true)
    }

    /// Where the desk assigns, a ticket in whose queue its assignee does not work finds somebody who does.
    pub(super) async fn settle_assignee(
        &self,
        conn: &mut Conn,
        id: TicketId,
        actor: &NamedAddress,
        changed: &mut Changed,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let ticket = self.ticket(conn, id).await?;
        let queue = ticket.queue.as_deref().and_then(|name| self.settings.queue(name));
        let has_it = self.assignee_of(conn, &ticket).await?;
        let works_there = |email: &EmailAddress| queue.is_none_or(|queue| queue.members.contains(email));
        let settled = has_it.as_ref().is_some_and(works_there);
        if self.settings.assignment.mode == Mode::Off || settled || !is_open(&ticket) {
            return Ok(());
        }
        self.pass_on(conn, &ticket, actor, changed, now).await
    }

    /// The configured queue of this name.
    pub(super) fn queue(&self, name: &str) -> Result<&Queue, DeskError> {
        self.settings.queue(name).ok_or_else(|| {
            let known: Vec<&str> = self.settings.queues.iter().map(|queue| queue.name.as_str()).collect();
            DeskError::NoQueue { name: text::line(name), known: known.join(", ") }
        })
    }

    /// The queue that a new ticket goes into.
    pub(super) fn queue_for(&self, product: Option<&str>, mailbox: &str) -> Option<&Queue> {
        self.settings.queues.iter().find(|queue| queue.takes(product, None, mailbox))
    }

    /// Whether somebody gets the notice of a new ticket: whose it is, and who wants to know; where it is nobody's, all who
    /// work on its queue.
    pub(super) fn hears_of_new(&self, staff: &Staff, ticket: &Ticket, given: &Given<'_>) -> bool {
        match given.to {
            Some(to) => staff.watch || staff.email == to.email,
            None => staff.notify && self.hears_of_queue(staff, ticket.queue.as_deref()),
        }
    }

    /// Whether somebody hears of tickets of a queue that are nobody's: who works there, and leads.
    pub(super) fn hears_of_queue(&self, staff: &Staff, queue: Option<&str>) -> bool {
        let queue = queue.and_then(|name| self.settings.queue(name));
        queue.is_none_or(|queue| queue.members.contains(&staff.email) || staff.role >= Role::Lead)
    }

    async fn queue_after_change(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
    ) -> Result<Option<&Queue>, DeskError> {
        let mailbox = self.mailbox(conn, ticket.mailbox_id).await?;
        let takes = |queue: &&Queue| queue.takes(ticket.product.as_deref(), ticket.level(), &mailbox.name);
        let now_in = ticket.queue.as_deref().and_then(|name| self.settings.queue(name));
        Ok(now_in.filter(takes).or_else(|| self.settings.queues.iter().find(takes)))
    }

    /// What left the queue of its assignee is somebody's of the new one, or nobody's.
    async fn pass_on(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        actor: &NamedAddress,
        changed: &mut Changed,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let nobody = tickets::Change { assignee_id: Some(None), ..Default::default() };
        tickets::change(conn, ticket.id, nobody, now).await?;
        let mut team = self.team(conn, now).await?;
        let given = self.give(conn, &mut team, ticket).await?;
        match (given.to, given.because) {
            (Some(staff), Some(because)) => {
                changed.done.push(format!("assigned to {} ({because})", staff.email));
                changed.mails += self.tell_assignee(conn, ticket.id, Some(because), Some(actor), now).await?;
            }
            (_, because) => {
                let because = because.unwrap_or_default();
                changed.done.push(format!("nobody could be assigned: {because}"));
            }
        }
        Ok(())
    }
}

fn is_open(ticket: &Ticket) -> bool {
    matches!(ticket.status.0, Status::New | Status::Accepted)
}
