//! Tickets.

mod list;

use diesel::{
    dsl::{exists, not},
    prelude::*,
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    Conn, Moment, Stored, moment,
    schema::{messages, report_slots, tickets},
};
use crate::{
    domain::{Language, MailboxId, PersonId, TicketId},
    ticket::{ClosedAs, Level, Severity, Source, Status},
};

pub use list::{Filter, count, list};

/// A ticket as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = tickets, check_for_backend(diesel::pg::Pg))]
pub struct Ticket {
    /// Its number.
    #[diesel(deserialize_as = i64)]
    pub id: TicketId,
    /// The mailbox it came in by, and out of which it is answered.
    #[diesel(deserialize_as = i64)]
    pub mailbox_id: MailboxId,
    /// Subject of the first mail.
    pub subject: String,
    /// What the status in which it stands means.
    pub status: Stored<Status>,
    /// The site's own name of that status, where it is not the first of its meaning.
    pub status_name: Option<String>,
    /// Why it is closed.
    pub closed_as: Option<Stored<ClosedAs>>,
    severity: Option<i16>,
    level: Option<i16>,
    /// Where it came from.
    pub source: Stored<Source>,
    /// The language its requester is written to in.
    pub language: Stored<Language>,
    requester_id: Option<i64>,
    assignee_id: Option<i64>,
    /// The next word is the customer's.
    pub waiting_for_customer: bool,
    /// It reads as a problem report.
    pub problem_report: bool,
    /// How often its requester was asked for facts.
    pub asks: i32,
    /// When they were last asked.
    pub last_asked_at: Option<Moment>,
    /// Asked as often as we may, and something is still missing.
    pub incomplete: bool,
    /// The closed ticket it continues.
    pub follow_up_of: Option<i64>,
    /// The ticket it doubles.
    pub duplicate_of: Option<i64>,
    /// A question that quotes its words may go to its requester.
    pub requester_proven: bool,
    /// The name of a configured product, where it is known.
    pub product: Option<String>,
    /// The ticket that has its thread now.
    pub merged_into: Option<i64>,
    /// Nobody outside is written to about it.
    pub spam: bool,
    /// Since when it is out of the way.
    pub snoozed_at: Option<Moment>,
    /// When it comes back by itself; without it the customer brings it back.
    pub snoozed_until: Option<Moment>,
    /// The name of a configured queue.
    pub queue: Option<String>,
    /// When it was opened.
    pub created_at: Moment,
    /// When it last changed.
    pub changed_at: Moment,
    /// When it was closed.
    pub closed_at: Option<Moment>,
}

impl Ticket {
    /// How bad it is, once somebody has said so.
    pub fn severity(&self) -> Option<Severity> {
        self.severity.and_then(|number| number.to_string().parse().ok())
    }

    /// Who is able to help, once somebody has said so.
    pub fn level(&self) -> Option<Level> {
        self.level.and_then(|number| number.to_string().parse().ok())
    }

    /// Who reported it.
    pub fn requester(&self) -> Option<PersonId> {
        self.requester_id.map(PersonId)
    }

    /// Whose it is.
    pub fn assignee(&self) -> Option<PersonId> {
        self.assignee_id.map(PersonId)
    }
}

/// What is known of a ticket when it is opened.
#[derive(Clone, Debug)]
pub struct NewTicket<'a> {
    /// The mailbox it came in by.
    pub mailbox: MailboxId,
    /// One safe line.
    pub subject: &'a str,
    /// Where it came from.
    pub source: Source,
    /// The language to answer in.
    pub language: Language,
    /// Who reported it.
    pub requester: Option<PersonId>,
    /// Whether it reads as a problem report.
    pub problem_report: bool,
    /// The closed ticket it continues.
    pub follow_up_of: Option<TicketId>,
    /// Its requester surely wrote it.
    pub requester_proven: bool,
    /// Its requester is asked for what is missing, at once.
    pub asked: bool,
    /// The product it is about.
    pub product: Option<&'a str>,
    /// The queue it goes into.
    pub queue: Option<&'a str>,
    /// How bad it is, where that is settled.
    pub severity: Option<Severity>,
}

/// Opens tickets, in this order.
pub async fn open(conn: &mut Conn, new: &[NewTicket<'_>], now: Timestamp) -> QueryResult<Vec<Ticket>> {
    let row = |new: &NewTicket<'_>| {
        (
            tickets::mailbox_id.eq(new.mailbox.0),
            tickets::subject.eq(new.subject.to_owned()),
            tickets::source.eq(Stored(new.source)),
            tickets::language.eq(Stored(new.language)),
            tickets::requester_id.eq(new.requester.map(|id| id.0)),
            tickets::problem_report.eq(new.problem_report),
            tickets::follow_up_of.eq(new.follow_up_of.map(|id| id.0)),
            tickets::requester_proven.eq(new.requester_proven),
            tickets::product.eq(new.product.map(str::to_owned)),
            tickets::queue.eq(new.queue.map(str::to_owned)),
            tickets::severity.eq(new.severity.map(Severity::number)),
            tickets::asks.eq(i32::from(new.asked)),
            tickets::last_asked_at.eq(new.asked.then(|| moment(now))),
            tickets::waiting_for_customer.eq(new.asked),
            tickets::created_at.eq(moment(now)),
            tickets::changed_at.eq(moment(now)),
        )
    };
    diesel::insert_into(tickets::table)
        .values(new.iter().map(row).collect::<Vec<_>>())
        .returning(Ticket::as_returning())
        .get_results(conn)
        .await
}

/// One ticket.
pub async fn find(mut conn: &Conn, id: TicketId) -> QueryResult<Option<Ticket>> {
    tickets::table.find(id.0).select(Ticket::as_select()).first(&mut conn).await.optional()
}

/// Tickets by their numbers.
pub async fn these(conn: &mut Conn, ids: &[TicketId]) -> QueryResult<Vec<Ticket>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    tickets::table
        .filter(tickets::id.eq_any(ids))
        .order(tickets::id)
        .select(Ticket::as_select())
        .load(conn)
        .await
}

/// The subjects and statuses of tickets, for a list of them.
pub async fn titles(mut conn: &Conn, ids: &[TicketId]) -> QueryResult<Vec<(TicketId, String, Status)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows = tickets::table.filter(tickets::id.eq_any(ids)).select((
        tickets::id,
        tickets::subject,
        tickets::status,
    ));
    let rows: Vec<(i64, String, Stored<Status>)> = rows.load(&mut conn).await?;
    Ok(rows.into_iter().map(|(id, subject, status)| (TicketId(id), subject, status.0)).collect())
}

/// One ticket, locked until the transaction ends. Rows that name it may come meanwhile.
pub async fn lock(conn: &mut Conn, id: TicketId) -> QueryResult<Option<Ticket>> {
    tickets::table.find(id.0).for_no_key_update().select(Ticket::as_select()).first(conn).await.optional()
}

/// Moves a ticket on from the status it was in, to one of this meaning and, where it is not the first of it, of this
/// name. `false` when it has left its status meanwhile.
pub async fn move_on(
    conn: &mut Conn,
    before: &Ticket,
    (to, name): (Status, Option<&str>),
    closed_as: Option<ClosedAs>,
    waits: bool,
    now: Timestamp,
) -> QueryResult<bool> {
    let still_there = tickets::status
        .eq(Stored(before.status.0))
        .and(tickets::status_name.is_not_distinct_from(before.status_name.clone()));
    let moved = diesel::update(tickets::table.find(before.id.0).filter(still_there))
        .set((
            tickets::status.eq(Stored(to)),
            tickets::status_name.eq(name),
            tickets::closed_as.eq(closed_as.map(Stored)),
            tickets::closed_at.eq((to == Status::Closed).then(|| moment(now))),
            tickets::waiting_for_customer.eq(waits),
            tickets::changed_at.eq(moment(now)),
            // Once it is taken up again it is a duplicate no longer.
            (closed_as != Some(ClosedAs::Duplicate)).then_some(tickets::duplicate_of.eq(None::<i64>)),
        ))
        .execute(conn)
        .await?;
    Ok(moved == 1)
}

/// Facts of a ticket that may change without a move. `None` leaves one alone.
#[derive(Clone, Debug, Default, AsChangeset)]
#[diesel(table_name = tickets)]
pub struct Change {
    /// 1 to 4.
    pub severity: Option<i16>,
    /// 1 to 3.
    pub level: Option<i16>,
    /// Whose it is; `Some(None)` is nobody's.
    pub assignee_id: Option<Option<i64>>,
    /// The next word is the customer's.
    pub waiting_for_customer: Option<bool>,
    /// It reads as a problem report.
    pub problem_report: Option<bool>,
    /// How often asked.
    pub asks: Option<i32>,
    /// When last asked.
    pub last_asked_at: Option<Moment>,
    /// A person takes over.
    pub incomplete: Option<bool>,
    /// A question that quotes its words may go to its requester.
    pub requester_proven: Option<bool>,
    /// The ticket it doubles.
    pub duplicate_of: Option<i64>,
    /// The ticket that has its thread now.
    pub merged_into: Option<i64>,
    /// Nobody outside is written to about it.
    pub spam: Option<bool>,
    /// Since when it is out of the way; `Some(None)` brings it back.
    pub snoozed_at: Option<Option<Moment>>,
    /// When it comes back by itself.
    pub snoozed_until: Option<Option<Moment>>,
    /// The product it is about; `Some(None)` is none.
    pub product: Option<Option<String>>,
    /// The queue it is in; `Some(None)` is none.
    pub queue: Option<Option<String>>,
}

/// Changes facts of a ticket, and the time of its last change.
pub async fn change(conn: &mut Conn, id: TicketId, change: Change, now: Timestamp) -> QueryResult<()> {
    diesel::update(tickets::table.find(id.0))
        .set((change, tickets::changed_at.eq(moment(now))))
        .execute(conn)
        .await
        .map(drop)
}

/// Tickets whose requester was asked before `asked_before` and has said nothing since, nor has
/// anybody to them: the oldest question first, each locked until the transaction ends. Those
/// that somebody else has locked come later. Nobody waits for facts at severity 1.
pub async fn silent(conn: &mut Conn, asked_before: Timestamp, limit: i64) -> QueryResult<Vec<Ticket>> {
    let missing = report_slots::table
        .filter(report_slots::ticket_id.eq(tickets::id))
        .filter(report_slots::verdict.eq("missing"));
    let said_since = messages::table
        .filter(messages::ticket_id.eq(tickets::id))
        .filter(messages::staff_only.eq(false))
        .filter(messages::created_at.nullable().gt(tickets::last_asked_at));
    tickets::table
        .filter(tickets::waiting_for_customer.and(not(tickets::incomplete)).and(tickets::problem_report))
        .filter(tickets::status.eq_any(["new", "accepted"]))
        .filter(tickets::severity.is_null().or(tickets::severity.ne(1)))
        .filter(tickets::asks.gt(0).and(tickets::last_asked_at.lt(moment(asked_before))))
        .filter(exists(missing).and(not(exists(said_since))))
        .order(tickets::last_asked_at)
        .limit(limit)
        .for_no_key_update()
        .skip_locked()
        .select(Ticket::as_select())
        .load(conn)
        .await
}

/// How many tickets are in each status but closed.
pub async fn open_counts(conn: &mut Conn) -> QueryResult<Vec<(String, i64)>> {
    tickets::table
        .filter(tickets::status.eq_any(["new", "accepted", "resolved", "verified"]))
        .group_by(tickets::status)
        .select((tickets::status, diesel::dsl::count_star()))
        .load(conn)
        .await
}

/// Tickets that continue one of these, with the one that each continues, the newest first.
pub async fn continuing(conn: &mut Conn, closed: &[TicketId]) -> QueryResult<Vec<(TicketId, TicketId)>> {
    let closed: Vec<i64> = closed.iter().map(|id| id.0).collect();
    let rows: Vec<(i64, Option<i64>)> = tickets::table
        .filter(tickets::follow_up_of.eq_any(closed))
        .order(tickets::id.desc())
        .select((tickets::id, tickets::follow_up_of))
        .limit(MOST_FOLLOWERS)
        .load(conn)
        .await?;
    Ok(rows.into_iter().filter_map(|(id, of)| Some((TicketId(id), TicketId(of?)))).collect())
}

/// Those of these tickets that are part of another now, with that one.
pub async fn merged(conn: &mut Conn, ids: &[TicketId]) -> QueryResult<Vec<(TicketId, TicketId)>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<(i64, i64)> = tickets::table
        .filter(tickets::id.eq_any(ids).and(tickets::merged_into.is_not_null()))
        .select((tickets::id, tickets::merged_into.assume_not_null()))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(from, into)| (TicketId(from), TicketId(into))).collect())
}

/// The newest of more than this are enough to be looked at.
const MOST_FOLLOWERS: i64 = 20;
