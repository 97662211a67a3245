//! Lists of tickets, narrowed by what staff asked for.

use diesel::{dsl::not, prelude::*};
use diesel_async::RunQueryDsl;

use super::Ticket;
use crate::{
    domain::{PersonId, TicketId},
    store::{
        Conn, Stored,
        people::Person,
        schema::{people, tickets},
    },
    ticket::{Severity, Status, workflow::Kept},
};

/// Which tickets a list shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// In a status that means this.
    pub status: Option<Status>,
    /// Among those, by the site's own names.
    pub status_name: Kept,
    /// Of this severity.
    pub severity: Option<Severity>,
    /// Of this person.
    pub assignee: Option<PersonId>,
    /// Waiting for the customer, or not.
    pub waiting: Option<bool>,
    /// One of these.
    pub among: Option<Vec<TicketId>>,
    /// About this product.
    pub product: Option<String>,
    /// In this queue.
    pub queue: Option<String>,
    /// Out of the way for a time, or not.
    pub snoozed: Option<bool>,
}

/// The newest tickets that match, with the requester's name and address.
pub async fn list(
    conn: &mut Conn,
    filter: &Filter,
    limit: i64,
) -> QueryResult<Vec<(Ticket, Option<Person>)>> {
    let ids = matching(filter).select(tickets::id);
    tickets::table
        .left_join(people::table.on(people::id.nullable().eq(tickets::requester_id)))
        .filter(tickets::id.eq_any(ids))
        .order(tickets::id.desc())
        .limit(limit)
        .select((Ticket::as_select(), Option::<Person>::as_select()))
        .load(conn)
        .await
}

/// How many tickets match.
pub async fn count(conn: &mut Conn, filter: &Filter) -> QueryResult<i64> {
    matching(filter).count().get_result(conn).await
}

fn matching(filter: &Filter) -> tickets::BoxedQuery<'static, diesel::pg::Pg> {
    let mut query = tickets::table.into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(tickets::status.eq(Stored(status)));
    }
    match &filter.status_name {
        Kept::Any => {}
        Kept::As(name) => query = query.filter(tickets::status_name.eq(name.clone())),
        Kept::ButNot(others) => {
            let other = tickets::status_name.eq_any(others.clone());
            query = query.filter(tickets::status_name.is_null().or(not(other)));
        }
    }
    if let Some(severity) = filter.severity {
        query = query.filter(tickets::severity.eq(severity.number()));
    }
    if let Some(person) = filter.assignee {
        query = query.filter(tickets::assignee_id.eq(person.0));
    }
    if let Some(waiting) = filter.waiting {
        query = query.filter(tickets::waiting_for_customer.eq(waiting));
    }
    if let Some(product) = &filter.product {
        query = query.filter(tickets::product.eq(product.clone()));
    }
    if let Some(among) = &filter.among {
        query = query.filter(tickets::id.eq_any(among.iter().map(|id| id.0).collect::<Vec<_>>()));
    }
    if let Some(queue) = &filter.queue {
        query = query.filter(tickets::queue.eq(queue.clone()));
    }
    // What is closed is out of the way for good.
    let snoozed = || tickets::snoozed_at.is_not_null().and(tickets::status.ne("closed"));
    match filter.snoozed {
        Some(true) => query.filter(snoozed()),
        Some(false) => query.filter(not(snoozed())),
        None => query,
    }
}
