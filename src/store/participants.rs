//! Who takes part in a ticket from outside, and as what.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    Conn, Stored, moment,
    people::Person,
    schema::{participants, people, tickets},
};
use crate::{
    domain::{PersonId, TicketId, words::word},
    ticket::rights::Actor,
};

/// What somebody from outside is to a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// They reported it.
    Requester,
    /// They were named by its proven requester, or added by staff.
    Cc,
}

word!(Part, "role in a ticket", {
    Requester => "requester",
    Cc => "cc",
});

impl Part {
    /// The same where rights are asked for.
    pub fn actor(self) -> Actor {
        match self {
            Part::Requester => Actor::Requester,
            Part::Cc => Actor::Participant,
        }
    }
}

/// Somebody who is to take part in a ticket.
#[derive(Clone, Debug)]
pub struct Joiner {
    /// In which.
    pub ticket: TicketId,
    /// Who.
    pub person: PersonId,
    /// As what.
    pub part: Part,
    /// Who brought them in: an address, or the system.
    pub added_by: String,
}

/// Lets people take part; who already does stays what they are, and whom staff took
/// out stays outside.
pub async fn add(conn: &mut Conn, joiners: &[Joiner], now: Timestamp) -> QueryResult<()> {
    let row = |joiner: &Joiner| {
        (
            participants::ticket_id.eq(joiner.ticket.0),
            participants::person_id.eq(joiner.person.0),
            participants::role.eq(Stored(joiner.part)),
            participants::added_by.eq(joiner.added_by.clone()),
            participants::added_at.eq(moment(now)),
        )
    };
    diesel::insert_into(participants::table)
        .values(joiners.iter().map(row).collect::<Vec<_>>())
        .on_conflict_do_nothing()
        .execute(conn)
        .await
        .map(drop)
}

/// The same by staff, for one: who was taken out comes back. `false` when they took
/// part all along.
pub async fn bring_back(conn: &mut Conn, joiner: &Joiner, now: Timestamp) -> QueryResult<bool> {
    let there = participants::table.find((joiner.ticket.0, joiner.person.0));
    let taken_out: Option<bool> =
        there.select(participants::removed_at.is_not_null()).first(conn).await.optional()?;
    match taken_out {
        Some(false) => return Ok(false),
        None => add(conn, std::slice::from_ref(joiner), now).await?,
        Some(true) => {
            diesel::update(there)
                .set((
                    participants::added_by.eq(joiner.added_by.clone()),
                    participants::added_at.eq(moment(now)),
                    participants::removed_by.eq(None::<String>),
                    participants::removed_at.eq(None::<super::Moment>),
                ))
                .execute(conn)
                .await?;
        }
    }
    Ok(true)
}

/// Takes somebody out who was on Cc. `false` when there is nobody such.
pub async fn take_out(
    conn: &mut Conn,
    ticket: TicketId,
    person: PersonId,
    by: &str,
    now: Timestamp,
) -> QueryResult<bool> {
    let there = participants::table
        .find((ticket.0, person.0))
        .filter(participants::removed_at.is_null().and(participants::role.eq(Stored(Part::Cc))));
    let rows = diesel::update(there)
        .set((participants::removed_by.eq(by), participants::removed_at.eq(moment(now))))
        .execute(conn)
        .await?;
    Ok(rows == 1)
}

/// Makes somebody the requester; who was it is on Cc from now on.
pub async fn hand_over(
    conn: &mut Conn,
    ticket: TicketId,
    person: PersonId,
    by: &str,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::update(participants::table.filter(participants::ticket_id.eq(ticket.0)))
        .filter(participants::role.eq(Stored(Part::Requester)))
        .set(participants::role.eq(Stored(Part::Cc)))
        .execute(conn)
        .await?;
    let joiner = Joiner { ticket, person, part: Part::Requester, added_by: by.to_owned() };
    bring_back(conn, &joiner, now).await?;
    diesel::update(participants::table.find((ticket.0, person.0)))
        .set(participants::role.eq(Stored(Part::Requester)))
        .execute(conn)
        .await?;
    diesel::update(tickets::table.find(ticket.0))
        .set((tickets::requester_id.eq(person.0), tickets::changed_at.eq(moment(now))))
        .execute(conn)
        .await
        .map(drop)
}

/// Who takes part in a ticket, the requester first.
pub async fn of(mut conn: &Conn, ticket: TicketId) -> QueryResult<Vec<(Person, Part)>> {
    let rows: Vec<(Person, Stored<Part>)> = participants::table
        .inner_join(people::table)
        .filter(participants::ticket_id.eq(ticket.0).and(participants::removed_at.is_null()))
        .order((participants::role.desc(), participants::added_at, participants::person_id))
        .select((Person::as_select(), participants::role))
        .load(&mut conn)
        .await?;
    Ok(rows.into_iter().map(|(person, part)| (person, part.0)).collect())
}

/// Of these tickets, those in which this person takes part, and as what.
pub async fn parts_of(
    conn: &mut Conn,
    person: PersonId,
    among: &[TicketId],
) -> QueryResult<HashMap<TicketId, Part>> {
    let among: Vec<i64> = among.iter().map(|id| id.0).collect();
    let rows: Vec<(i64, Stored<Part>)> = participants::table
        .filter(participants::person_id.eq(person.0).and(participants::ticket_id.eq_any(among)))
        .filter(participants::removed_at.is_null())
        .select((participants::ticket_id, participants::role))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(ticket, part)| (TicketId(ticket), part.0)).collect())
}

/// Of these tickets, those in which this person took part, and does no longer.
pub async fn left_by(conn: &mut Conn, person: PersonId, among: &[TicketId]) -> QueryResult<Vec<TicketId>> {
    let among: Vec<i64> = among.iter().map(|id| id.0).collect();
    let rows: Vec<i64> = participants::table
        .filter(participants::person_id.eq(person.0).and(participants::ticket_id.eq_any(among)))
        .filter(participants::removed_at.is_not_null())
        .select(participants::ticket_id)
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(TicketId).collect())
}

/// What somebody is to a ticket, and whether they take part no longer; `None` when they
/// never did.
pub async fn standing(
    conn: &mut Conn,
    ticket: TicketId,
    person: PersonId,
) -> QueryResult<Option<(Part, bool)>> {
    let row: Option<(Stored<Part>, bool)> = participants::table
        .find((ticket.0, person.0))
        .select((participants::role, participants::removed_at.is_not_null()))
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(|(part, gone)| (part.0, gone)))
}

/// As what somebody takes part in a ticket, and since when; `None` when they do not.
pub async fn taking_part(
    conn: &mut Conn,
    ticket: TicketId,
    person: PersonId,
) -> QueryResult<Option<(Part, Timestamp)>> {
    let row: Option<(Stored<Part>, super::Moment)> = participants::table
        .find((ticket.0, person.0))
        .filter(participants::removed_at.is_null())
        .select((participants::role, participants::added_at))
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(|(part, since)| (part.0, since.to_jiff())))
}

/// The addresses that nobody need bring into a ticket: of who takes part, of whom staff
/// took out, and of whom they took out of the ticket that it continues.
pub async fn settled(
    conn: &mut Conn,
    ticket: TicketId,
    continued: Option<TicketId>,
) -> QueryResult<HashSet<String>> {
    let before = continued.map_or(ticket.0, |continued| continued.0);
    let addresses: Vec<String> = participants::table
        .inner_join(people::table)
        .filter(
            participants::ticket_id
                .eq(ticket.0)
                .or(participants::ticket_id.eq(before).and(participants::removed_at.is_not_null())),
        )
        .select(people::address)
        .load(conn)
        .await?;
    Ok(addresses.into_iter().collect())
}

/// How many people take part in a ticket.
pub async fn count(conn: &mut Conn, ticket: TicketId) -> QueryResult<i64> {
    participants::table
        .filter(participants::ticket_id.eq(ticket.0).and(participants::removed_at.is_null()))
        .count()
        .get_result(conn)
        .await
}
