//! Other tickets: of the same requester, linked, doubled, continued; and what was held or released.

use jiff::Timestamp;
use serde::Serialize;

use super::{
    super::{Desk, DeskError},
    Names,
};
use crate::{
    domain::{TicketId, Word},
    store::{
        self, Conn, Moment, Stored,
        sight::{self, Other},
        tickets::Ticket,
    },
    ticket::{Link, Status, release::Outcome},
};

/// So many other tickets of the requester are shown.
const THEIRS: i64 = 5;

/// Another ticket in a line.
#[derive(Clone, Debug, Serialize)]
pub struct OtherSight {
    /// Its number.
    pub number: TicketId,
    /// Its reference.
    pub reference: String,
    /// Its subject; may be empty.
    pub subject: String,
    /// Where it stands, for people: "closed as done".
    pub standing: String,
    /// It is closed.
    pub closed: bool,
    /// When it last changed.
    pub changed_at: Timestamp,
}

/// Tickets that have one thing to do with this one.
#[derive(Debug, Serialize)]
pub struct Relation {
    /// Which: "caused by", "continues".
    pub phrase: &'static str,
    /// The other tickets.
    pub tickets: Vec<OtherSight>,
}

/// A release that names a ticket.
#[derive(Debug, Serialize)]
pub struct ReleaseSight {
    /// What people call it.
    pub name: String,
    /// What it did to the ticket: `live`, `not-resolved`, `closed`.
    pub outcome: String,
    /// When.
    pub at: Timestamp,
}

/// Words that were not sent at once.
#[derive(Debug, Serialize)]
pub struct HeldSight {
    /// Whose, by name.
    pub agent: String,
    /// Their address.
    pub address: String,
    /// The words.
    pub words: String,
    /// The commands that were held with them, a line each.
    pub commands: String,
    /// Why.
    pub why: String,
    /// Since when.
    pub at: Timestamp,
}

impl Desk {
    pub(super) async fn theirs(&self, conn: &Conn, ticket: &Ticket) -> Result<Vec<OtherSight>, DeskError> {
        let Some(requester) = ticket.requester() else { return Ok(Vec::new()) };
        let others = sight::of_requester(conn, requester, ticket.id, THEIRS).await?;
        Ok(others.iter().map(|other| self.other(other)).collect())
    }

    pub(super) async fn relations(&self, conn: &Conn, ticket: &Ticket) -> Result<Vec<Relation>, DeskError> {
        let linked = store::links::of(conn, ticket.id).await?;
        let direct = [ticket.follow_up_of, ticket.duplicate_of, ticket.merged_into];
        let named: Vec<i64> =
            direct.into_iter().flatten().chain(linked.iter().map(|link| link.ticket.0)).collect();
        let others = sight::relatives(conn, ticket.id, &named).await?;
        let here = Some(ticket.id.0);
        let phrase = |of: &dyn Fn(&Other) -> bool, phrase: &'static str| Relation {
            phrase,
            tickets: others.iter().filter(|other| of(other)).map(|other| self.other(other)).collect(),
        };
        let mut relations = vec![
            phrase(&|it| ticket.merged_into == Some(it.id.0), "Now part of"),
            phrase(&|it| it.merged_into == here, "Took in"),
            phrase(&|it| ticket.duplicate_of == Some(it.id.0), "Duplicate of"),
            phrase(&|it| it.duplicate_of == here && it.merged_into != here, "Duplicates"),
            phrase(&|it| ticket.follow_up_of == Some(it.id.0), "Continues"),
            phrase(&|it| it.follow_up_of == here, "Continued by"),
        ];
        for &kind in Link::ALL {
            for from_here in [true, false] {
                let these = |it: &Other| {
                    linked
                        .iter()
                        .any(|link| link.ticket == it.id && link.kind == kind && link.from_here == from_here)
                };
                relations.push(phrase(&these, called(kind, from_here)));
            }
        }
        relations.retain(|relation| !relation.tickets.is_empty());
        Ok(merged(relations))
    }

    pub(super) async fn held_sight(
        &self,
        conn: &Conn,
        ticket: TicketId,
        names: &Names,
    ) -> Result<Vec<HeldSight>, DeskError> {
        let held = store::held::of(conn, ticket).await?.into_iter();
        let open = held.filter(|(held, _)| held.settled_as.is_none());
        let sight = open.map(|(held, address)| HeldSight {
            agent: names.of(&address).to_owned(),
            address,
            words: held.words,
            commands: held.commands,
            why: held.why,
            at: held.held_at.to_jiff(),
        });
        Ok(sight.collect())
    }

    fn other(&self, other: &Other) -> OtherSight {
        let state = self.settings.workflow.state(other.status.0, other.status_name.as_deref()).shown();
        OtherSight {
            number: other.id,
            reference: self.reference(other.id),
            subject: other.subject.clone(),
            standing: match other.closed_as {
                Some(closed_as) => format!("{state} as {}", closed_as.0),
                None => state.to_owned(),
            },
            closed: other.status.0 == Status::Closed,
            changed_at: other.changed_at.to_jiff(),
        }
    }
}

pub(super) fn releases(all: Vec<(String, Stored<Outcome>, Moment)>) -> Vec<ReleaseSight> {
    let sight = |(name, outcome, at): (String, Stored<Outcome>, Moment)| ReleaseSight {
        name,
        outcome: outcome.0.to_string(),
        at: at.to_jiff(),
    };
    all.into_iter().map(sight).collect()
}

/// What the other is, as a heading.
fn called(kind: Link, from_here: bool) -> &'static str {
    match (kind, from_here) {
        (Link::Related, _) => "Related",
        (Link::Cause, true) => "The cause of",
        (Link::Cause, false) => "Caused by",
        (Link::Split, true) => "Split off from",
        (Link::Split, false) => "Split into",
    }
}

/// One heading for what has the same.
fn merged(relations: Vec<Relation>) -> Vec<Relation> {
    let mut all: Vec<Relation> = Vec::new();
    for relation in relations {
        match all.iter_mut().find(|known| known.phrase == relation.phrase) {
            Some(known) => known.tickets.extend(relation.tickets),
            None => all.push(relation),
        }
    }
    all
}
