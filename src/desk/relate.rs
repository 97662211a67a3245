//! Tickets that have to do with each other: linked for staff, or one made part of the other.
//!
//! When tickets merge, nobody gets to read what was written before they were there. Whose ticket goes must take part in the
//! other one already; and where anybody in that one did not take part in the ticket that goes, what was said in it comes
//! along for staff alone.

use std::{collections::HashSet, sync::Arc};

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde_json::json;

use super::{Change, Changed, Desk, DeskError};
use crate::{
    domain::{Attachment, NamedAddress, PersonId, TicketId},
    store::{
        self, Conn,
        participants::{self, Joiner, Part},
        tickets::{self, Ticket},
    },
    ticket::{Happening, Link, Status},
};

/// So many times a ticket may have been merged on before we stop to look.
const MOST_MERGED: usize = 5;

/// What goes to the requester in the mail that tells of a merge.
#[derive(Clone, Debug, Default)]
pub struct Telling {
    /// An agent's words.
    pub words: Option<String>,
    /// Files.
    pub files: Arc<[Attachment]>,
}

impl Desk {
    /// Says that two tickets have to do with each other.
    ///
    /// # Errors
    /// [`DeskError::NoTicket`]; [`DeskError::Hindered`] for a ticket and itself.
    pub async fn relate(
        &self,
        conn: &mut Conn,
        (one, other): (TicketId, TicketId),
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Changed, DeskError> {
        conn.transaction(async |conn| {
            self.two_tickets(conn, one, other).await?;
            let by = actor.address.as_str();
            if !store::links::link(conn, (one, other), Link::Related, by, now).await? {
                return Ok(Changed::default());
            }
            for (at, to) in [(one, other), (other, one)] {
                store::journal::write(conn, at, by, Happening::Linked, json!({ "to": to }), now).await?;
            }
            Ok(Changed { done: vec![format!("linked with {}", self.reference(other))], mails: 0 })
        })
        .await
    }

    /// Takes that back.
    ///
    /// # Errors
    /// As [`Desk::relate`].
    pub async fn unrelate(
        &self,
        conn: &mut Conn,
        (one, other): (TicketId, TicketId),
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Changed, DeskError> {
        conn.transaction(async |conn| {
            self.two_tickets(conn, one, other).await?;
            // Also what the desk linked by itself, when it took a report for one of many of one cause.
            let mut gone = false;
            for kind in [Link::Related, Link::Cause] {
                gone |= store::links::unlink(conn, one, other, kind).await?;
            }
            if !gone {
                return Ok(Changed::default());
            }
            let by = actor.address.as_str();
            for (at, to) in [(one, other), (other, one)] {
                store::journal::write(conn, at, by, Happening::Unlinked, json!({ "from": to }), now).await?;
            }
            Ok(Changed { done: vec![format!("no longer linked with {}", self.reference(other))], mails: 0 })
        })
        .await
    }

    async fn two_tickets(&self, conn: &mut Conn, one: TicketId, other: TicketId) -> Result<(), DeskError> {
        if one == other {
            return Err(DeskError::Hindered("it is this ticket; name another one".to_owned()));
        }
        self.ticket(conn, one).await?;
        self.ticket(conn, other).await.map(drop)
    }

    /// Makes the thread of one ticket part of another. The one closes as its duplicate, and what answers it later joins the
    /// other.
    ///
    /// # Errors
    /// [`DeskError::Hindered`] says why the two stay apart.
    pub async fn merge(
        &self,
        conn: &mut Conn,
        (from, into): (TicketId, TicketId),
        telling: &Telling,
        actor: &NamedAddress,
        now: Timestamp,
    ) -> Result<Changed, DeskError> {
        conn.transaction(async |conn| {
            let (goes, stays) = self.lock_both(conn, from, into).await?;
            self.may_merge(&goes, &stays)?;
            let people = self.people_of_both(conn, &goes, &stays).await?;
            let mut changed = Changed::default();
            if goes.status.0 != Status::Closed {
                let closing = Change {
                    duplicate_of: Some(into),
                    reason: telling.words.clone(),
                    files: telling.files.clone(),
                    ..Change::default()
                };
                changed = self.change(conn, from, &closing, actor, now).await?;
            }
            let merged = tickets::Change {
                duplicate_of: Some(into.0),
                merged_into: Some(into.0),
                ..tickets::Change::default()
            };
            tickets::change(conn, from, merged, now).await?;
            store::messages::hand_over(conn, from, into, people.hides_the_past).await?;
            store::references::hand_over(conn, from, into).await?;
            let by = actor.address.as_str();
            let joiner =
                |&person: &PersonId| Joiner { ticket: into, person, part: Part::Cc, added_by: by.to_owned() };
            let joiners: Vec<Joiner> = people.newcomers.iter().map(joiner).collect();
            if !joiners.is_empty() {
                participants::add(conn, &joiners, now).await?;
            }
            let hidden = people.hides_the_past;
            store::journal::write(conn, from, by, Happening::Merged, json!({ "into": into }), now).await?;
            let detail = json!({ "from": from, "among_staff": hidden, "joined": joiners.len() });
            store::journal::write(conn, into, by, Happening::MergedWith, detail, now).await?;
            let past = if hidden {
                "; what was said in it is there for staff only, since others take part"
            } else {
                ""
            };
            changed.done =
                vec![format!("{} is part of {} now{past}", self.reference(from), self.reference(into))];
            Ok(changed)
        })
        .await
    }

    /// The ticket that this one is part of by now; itself where it was never merged.
    pub(super) async fn whole(&self, conn: &mut Conn, id: TicketId) -> Result<TicketId, DeskError> {
        let mut whole = id;
        for _ in 0..MOST_MERGED {
            match tickets::merged(conn, &[whole]).await?.first() {
                Some((_, into)) => whole = *into,
                None => break,
            }
        }
        Ok(whole)
    }

    /// What is part of another ticket has no life of its own: it is not opened again.
    pub(super) fn is_whole(&self, ticket: &Ticket) -> Result<(), DeskError> {
        let Some(into) = ticket.merged_into else { return Ok(()) };
        let (this, into) = (self.reference(ticket.id), self.reference(TicketId(into)));
        Err(DeskError::Hindered(format!("{this} is part of {into} now; change that one")))
    }

    /// What is said of a ticket that was worked on to its end, and is now to be a part or a duplicate of another.
    pub(super) fn reopened_first(&self, ticket: &Ticket) -> DeskError {
        let (this, stands) = (self.reference(ticket.id), &self.state_of(ticket).name);
        DeskError::Hindered(format!("{this} is {stands}; reopen it first"))
    }

    /// In the order of their numbers, so that two merges never wait for each other.
    async fn lock_both(
        &self,
        conn: &mut Conn,
        from: TicketId,
        into: TicketId,
    ) -> Result<(Ticket, Ticket), DeskError> {
        if from == into {
            return Err(DeskError::Hindered("it is this ticket; name another one".to_owned()));
        }
        let lower = tickets::lock(conn, from.min(into)).await?.ok_or(DeskError::NoTicket(from.min(into)))?;
        let higher = tickets::lock(conn, from.max(into)).await?.ok_or(DeskError::NoTicket(from.max(into)))?;
        Ok(if from < into { (lower, higher) } else { (higher, lower) })
    }

    fn may_merge(&self, goes: &Ticket, stays: &Ticket) -> Result<(), DeskError> {
        let (from, into) = (self.reference(goes.id), self.reference(stays.id));
        let why = match (goes.merged_into, stays.merged_into) {
            (Some(there), _) => format!("{from} is part of {} already", self.reference(TicketId(there))),
            (None, Some(there)) => {
                format!("{into} is part of {} now; merge with that one", self.reference(TicketId(there)))
            }
            (None, None) if stays.status.0 == Status::Closed => format!("{into} is closed; reopen it first"),
            (None, None) => return Ok(()),
        };
        Err(DeskError::Hindered(why))
    }

    /// Whether somebody was brought into a ticket after its beginning, of which they know nothing.
    async fn came_later(
        &self,
        conn: &mut Conn,
        ticket: &Ticket,
        person: PersonId,
    ) -> Result<bool, DeskError> {
        let part = participants::taking_part(conn, ticket.id, person).await?;
        Ok(part.is_some_and(|(part, since)| part == Part::Cc && since > ticket.created_at.to_jiff()))
    }

    async fn people_of_both(
        &self,
        conn: &mut Conn,
        goes: &Ticket,
        stays: &Ticket,
    ) -> Result<People, DeskError> {
        let ids = |people: Vec<(store::people::Person, Part)>| -> HashSet<PersonId> {
            people.into_iter().map(|(person, _)| person.id).collect()
        };
        let of_goes = ids(participants::of(conn, goes.id).await?);
        let of_stays = ids(participants::of(conn, stays.id).await?);
        if goes.requester().is_some_and(|requester| !of_stays.contains(&requester)) {
            let (from, into) = (self.reference(goes.id), self.reference(stays.id));
            return Err(DeskError::Hindered(format!(
                "who reported {from} takes no part in {into}, and each would read the other's mail; #duplicate {0} closes this one \
                 and #link {0} keeps both, or let them take part first: `deskgate ticket set {0} --add-participant EMAIL`",
                stays.id
            )));
        }
        let newcomers: Vec<PersonId> = of_goes.difference(&of_stays).copied().collect();
        let mut hides_the_past = !of_stays.is_subset(&of_goes);
        for person in of_stays.intersection(&of_goes) {
            hides_the_past |= self.came_later(conn, goes, *person).await?;
        }
        Ok(People { hides_the_past, newcomers })
    }
}

/// Who takes part in two tickets that become one.
struct People {
    /// Somebody would read what was said when they were not there.
    hides_the_past: bool,
    /// Take part in the ticket that goes alone.
    newcomers: Vec<PersonId>,
}
