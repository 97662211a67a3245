//! Lists of tickets: what somebody asked for, a page at a time; the search; and the lists that people keep.
//!
//! A [`Query`] is what was typed; `resolve` gives its names their meaning on this desk. Spam and what was merged into another ticket
//! are in no list that does not ask for them.

mod looks;
mod resolve;
mod search;
mod too_long;
mod views;

use jiff::Timestamp;
use serde::Serialize;

use super::{Desk, DeskError};
use crate::{
    settings::Staff,
    store::{
        Conn,
        finder::{
            list,
            rows::{self, SAID_CHARS},
        },
    },
    ticket::{
        clock::Goal,
        query::{Cursor, Known, Query, Sort, Way, one_line},
    },
};

pub use search::{Found, Hit};
pub use views::{SavedView, Tally};

/// The beginning of the last word is so long in a list, in bytes.
const BEGINNING: usize = 160;

/// A page of a list.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// The tickets, in order.
    pub rows: Vec<Row>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
    /// Where the page before it begins, if there is one.
    pub prev: Option<Cursor>,
    /// What of the query was not understood, a sentence each.
    pub notes: Vec<String>,
}

/// A ticket as a list shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Its number.
    pub id: i64,
    /// `DG-17`
    pub reference: String,
    /// Subject of the first mail; may be empty.
    pub subject: String,
    /// What its status means: one of the five words.
    pub status: &'static str,
    /// What people read of it.
    pub label: String,
    /// 1 to 4.
    pub severity: Option<i16>,
    /// 1 to 3.
    pub level: Option<i16>,
    /// The name of a product.
    pub product: Option<String>,
    /// The name of a queue.
    pub queue: Option<String>,
    /// Who reported it.
    pub requester: Option<Person>,
    /// Whose it is.
    pub assignee: Option<Person>,
    /// The next word is the customer's.
    pub waiting_for_customer: bool,
    /// A person takes over what could not be asked for.
    pub incomplete: bool,
    /// Words of staff for the customer wait for a decision.
    pub held: bool,
    /// It is spam.
    pub spam: bool,
    /// It is out of the way.
    pub snoozed: bool,
    /// When it comes back by itself.
    pub snoozed_until: Option<Timestamp>,
    /// The ticket that has its thread now.
    pub merged_into: Option<i64>,
    /// The last word that a person wrote.
    pub last: Option<Said>,
    /// It has a file that is no picture within the text.
    pub has_attachments: bool,
    /// What is owed next.
    pub due: Option<Due>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
}

/// Somebody, as a list names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Their name; their address where they gave none.
    pub name: String,
    /// Their address.
    pub address: String,
}

/// The last word of a thread.
#[derive(Clone, Debug, Serialize)]
pub struct Said {
    /// How it begins, on one line.
    pub text: String,
    /// Who wrote it, as the mail named them.
    pub by: String,
    /// `in`, `out` or `note`.
    pub way: &'static str,
    /// When.
    pub at: Timestamp,
}

/// What is promised next.
#[derive(Clone, Debug, Serialize)]
pub struct Due {
    /// What.
    pub goal: Goal,
    /// By when; `None` while its clock pauses.
    pub at: Option<Timestamp>,
    /// That is over.
    pub breached: bool,
    /// Its clock pauses.
    pub paused: bool,
}

impl Desk {
    /// A page of the tickets that a query asks for. A cursor of another order counts as none.
    ///
    /// # Errors
    /// Trouble with the database.
    pub async fn inbox(
        &self,
        conn: &mut Conn,
        who: &Staff,
        query: &Query,
        (sort, cursor): (Sort, Option<&Cursor>),
        limit: u16,
        now: Timestamp,
    ) -> Result<Listing, DeskError> {
        let wanted = self.resolved(conn, who, query, now).await?;
        let limit = usize::from(limit.clamp(1, MOST_ROWS));
        let beside = cursor.filter(|cursor| cursor.sort == sort);
        let one_more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
        let mut places = list::page(conn, &wanted.conditions, sort, beside, one_more).await?;
        let back = beside.is_some_and(|cursor| cursor.way == Way::Back);
        let more = places.len() > limit;
        if more && back {
            places.remove(0);
        }
        places.truncate(limit);
        let before = if back { more } else { beside.is_some() };
        let behind = back || more;
        Ok(Listing {
            prev: places.first().filter(|_| before).map(|place| place.cursor(sort, Way::Back)),
            next: places.last().filter(|_| behind).map(|place| place.cursor(sort, Way::Next)),
            rows: self.listed(conn, &places.iter().map(|place| place.id).collect::<Vec<_>>(), now).await?,
            notes: wanted.notes,
        })
    }

    /// These tickets as a list shows them, in this order.
    pub(super) async fn listed(
        &self,
        conn: &Conn,
        ids: &[i64],
        now: Timestamp,
    ) -> Result<Vec<Row>, DeskError> {
        let lines = rows::lines(conn, ids).await?;
        Ok(lines.into_iter().map(|line| self.listed_one(line, now)).collect())
    }

    fn listed_one(&self, line: rows::Line, now: Timestamp) -> Row {
        let state = self.settings.workflow.state(line.status.0, line.status_name.as_deref());
        let called = |name: Option<String>, address: String| {
            let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| address.clone());
            Person { name, address }
        };
        let staff = |address: String| {
            let staff = self.settings.staff.iter().find(|staff| staff.email.as_str() == address);
            called(staff.map(|staff| staff.name.clone()), address)
        };
        let due = line.due_at.map(|at| at.to_jiff());
        let said = line.said.zip(line.said_at).zip(line.said_way);
        Row {
            id: line.id,
            reference: self.reference(crate::domain::TicketId(line.id)),
            status: crate::domain::Word::as_str(line.status.0),
            label: state.shown().to_owned(),
            severity: line.severity,
            level: line.level,
            product: line.product,
            queue: line.queue,
            requester: line.requester_address.map(|address| called(line.requester_name, address)),
            assignee: line.assignee.map(staff),
            waiting_for_customer: line.waiting_for_customer,
            incomplete: line.incomplete,
            held: line.held,
            spam: line.spam,
            snoozed: line.snoozed,
            snoozed_until: line.snoozed_until.map(|at| at.to_jiff()),
            merged_into: line.merged_into,
            last: said.map(|((text, at), way)| Said {
                text: one_line(&self.without_links_in(&text, SAID_CHARS), BEGINNING),
                by: line.said_by.unwrap_or_default(),
                way: crate::domain::Word::as_str(way.0),
                at: at.to_jiff(),
            }),
            has_attachments: line.files,
            due: line.goal.map(|goal| Due {
                goal: goal.0,
                at: due,
                breached: due.is_some_and(|due| due <= now),
                paused: line.paused_since.is_some(),
            }),
            created_at: line.created_at.to_jiff(),
            changed_at: line.changed_at.to_jiff(),
            subject: line.subject,
        }
    }

    /// The names of this desk that may stand in a query.
    pub fn names_for_queries(&self) -> Known {
        let settings = &self.settings;
        Known {
            statuses: settings.workflow.statuses.iter().map(|state| state.name.clone()).collect(),
            products: settings.products.iter().map(|product| product.name.clone()).collect(),
            queues: settings.queues.iter().map(|queue| queue.name.clone()).collect(),
            mailboxes: settings.mailboxes.iter().map(|mailbox| mailbox.name.clone()).collect(),
            staff: settings.staff.iter().map(|staff| staff.email.to_string()).collect(),
        }
    }
}

/// No page has more.
const MOST_ROWS: u16 = 200;
