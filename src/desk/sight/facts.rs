//! What is known of a ticket beside its thread.

use jiff::Timestamp;
use serde::Serialize;

use super::super::{Desk, DeskError};
use crate::{
    domain::{EmailAddress, PersonId, TicketId},
    store::{self, Conn, participants::Part, people::Person, sight::Follower, tickets::Ticket},
    ticket::{Cadence, ClosedAs, Source, Status, Timer},
};

/// The facts of a ticket.
#[derive(Debug, Serialize)]
pub struct FactsSight {
    /// Its number.
    pub number: TicketId,
    /// `DG-17`.
    pub reference: String,
    /// Subject of the first mail; may be empty.
    pub subject: String,
    /// What its status means.
    pub status: Status,
    /// What people read of it.
    pub status_label: String,
    /// The way there and on.
    pub way: Vec<Step>,
    /// Why it is closed.
    pub closed_as: Option<ClosedAs>,
    /// 1 to 4.
    pub severity: Option<i16>,
    /// 1 to 3.
    pub level: Option<i16>,
    /// What it is about.
    pub product: Option<String>,
    /// Where it is worked on.
    pub queue: Option<String>,
    /// Where it came from.
    pub source: Source,
    /// The mailbox it came in by.
    pub mailbox: Option<String>,
    /// The language in which its requester is written to.
    pub language: String,
    /// Who reported it.
    pub requester: Option<PersonSight>,
    /// Nothing proves that it is theirs.
    pub unproven: bool,
    /// Whose it is.
    pub assignee: Option<PersonSight>,
    /// Why it is nobody's.
    pub unassigned_because: Option<String>,
    /// The next word is the customer's.
    pub waiting: bool,
    /// A fact is missing, and nobody is asked for it any more.
    pub incomplete: bool,
    /// Nobody outside is written to about it.
    pub spam: bool,
    /// Since when it is out of the way.
    pub snoozed_at: Option<Timestamp>,
    /// Until when.
    pub snoozed_until: Option<Timestamp>,
    /// Until when the requester may try the fix, before silence counts.
    pub silence_until: Option<Timestamp>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
}

/// A status on the way of a ticket.
#[derive(Debug, Serialize)]
pub struct Step {
    /// What the site calls it.
    pub label: String,
    /// `past`, `now` or `ahead`.
    pub place: &'static str,
}

/// Somebody.
#[derive(Debug, Serialize)]
pub struct PersonSight {
    /// Their name, or their address where they gave none.
    pub name: String,
    /// Their address.
    pub address: String,
    /// What they are to the ticket: `requester`, `cc`; how often they are told: `daily`; may be empty.
    pub role: String,
    /// When they were last told of it, for who reads along.
    pub told_at: Option<Timestamp>,
}

/// Somebody is called for a ticket.
#[derive(Debug, Serialize)]
pub struct IncidentSight {
    /// Since when.
    pub since: Timestamp,
    /// Who was called, by name.
    pub called: Vec<String>,
    /// Who has it, by name.
    pub held_by: Option<String>,
    /// When the next are called, unless somebody has it.
    pub next_at: Option<Timestamp>,
    /// By when news were promised.
    pub update_due: Option<Timestamp>,
}

impl PersonSight {
    fn of(person: &Person, role: &str) -> PersonSight {
        let name = if person.name.trim().is_empty() { &person.address } else { &person.name };
        PersonSight {
            name: name.clone(),
            address: person.address.clone(),
            role: role.to_owned(),
            told_at: None,
        }
    }

    /// Somebody who takes part from outside.
    pub(super) fn taking_part(person: &Person, part: Part) -> PersonSight {
        PersonSight::of(person, &part.to_string())
    }
}

/// Who reads along.
pub(super) fn followers(all: Vec<Follower>) -> Vec<PersonSight> {
    let sight = |each: Follower| PersonSight {
        name: if each.name.is_empty() { each.address.clone() } else { each.name },
        role: each.cadence.map(|cadence: Cadence| cadence.to_string()).unwrap_or_default(),
        told_at: each.told_at.map(|at| at.to_jiff()),
        address: each.address,
    };
    all.into_iter().map(sight).collect()
}

impl Desk {
    pub(super) async fn facts_sight(
        &self,
        conn: &Conn,
        ticket: &Ticket,
        company: &[(Person, Part)],
        now: Timestamp,
    ) -> Result<FactsSight, DeskError> {
        let person = async |id: Option<PersonId>| match id {
            Some(id) => match company.iter().find(|(person, _)| person.id == id) {
                Some((person, _)) => Ok(Some(person.clone())),
                None => store::people::find(conn, id).await,
            },
            None => Ok(None),
        };
        let (requester, assignee, because, timers) = tokio::try_join!(
            person(ticket.requester()),
            person(ticket.assignee()),
            store::assignees::because(conn, ticket.id),
            store::timers::of(conn, ticket.id),
        )?;
        let because = because.filter(|_| assignee.is_none());
        let silence =
            timers.iter().find(|timer| matches!(timer.kind.0, Timer::TrialSilence | Timer::LastLookSilence));
        let mailbox = match self.mailbox(conn, ticket.mailbox_id).await {
            Ok(mailbox) => Some(mailbox.name.clone()),
            Err(DeskError::MailboxGone(_)) => None,
            Err(error) => return Err(error),
        };
        let moment = |at: Option<store::Moment>| at.map(|at| at.to_jiff());
        Ok(FactsSight {
            number: ticket.id,
            reference: self.reference(ticket.id),
            subject: ticket.subject.clone(),
            status: ticket.status.0,
            status_label: self.state_of(ticket).shown().to_owned(),
            way: self.way(ticket),
            closed_as: ticket.closed_as.map(|stored| stored.0),
            severity: ticket.severity().map(|severity| severity.number()),
            level: ticket.level().map(|level| level.number()),
            product: ticket.product.clone(),
            queue: ticket.queue.clone(),
            source: ticket.source.0,
            mailbox,
            language: ticket.language.0.to_string(),
            requester: requester.map(|person| PersonSight::of(&person, "requester")),
            unproven: !ticket.requester_proven,
            assignee: assignee.map(|person| self.as_staff(&person)),
            unassigned_because: because,
            waiting: ticket.waiting_for_customer,
            incomplete: ticket.incomplete,
            spam: ticket.spam,
            snoozed_at: moment(ticket.snoozed_at),
            snoozed_until: moment(ticket.snoozed_until),
            silence_until: silence.map(|timer| timer.due_at.to_jiff()).filter(|due| *due > now),
            created_at: ticket.created_at.to_jiff(),
            changed_at: ticket.changed_at.to_jiff(),
        })
    }

    /// A member of staff as the staff list calls them.
    fn as_staff(&self, person: &Person) -> PersonSight {
        let mut sight = PersonSight::of(person, "");
        if let Ok(address) = person.address.parse::<EmailAddress>()
            && let Some(staff) = self.settings.staff_by_email(&address)
        {
            sight.name = staff.name.clone();
        }
        sight
    }

    pub(super) async fn incident_sight(
        &self,
        conn: &Conn,
        ticket: &Ticket,
        now: Timestamp,
    ) -> Result<Option<IncidentSight>, DeskError> {
        let Some(incident) = store::incidents::open_of(conn, ticket.id).await? else { return Ok(None) };
        let name = |address: &EmailAddress| {
            self.settings
                .staff_by_email(address)
                .map_or_else(|| address.to_string(), |staff| staff.name.clone())
        };
        let held_by = incident.acknowledged_by();
        let timers = store::timers::of(conn, ticket.id).await?;
        let next = timers.iter().find(|timer| timer.kind.0 == Timer::Escalate && held_by.is_none());
        Ok(Some(IncidentSight {
            since: incident.began_at.to_jiff(),
            called: incident.called().iter().map(name).collect(),
            held_by: held_by.as_ref().map(name),
            next_at: next.map(|timer| timer.due_at.to_jiff().max(now)),
            update_due: incident.update_due_at.map(|due| due.to_jiff()),
        }))
    }
}
