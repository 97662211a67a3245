//! A ticket as lists show it, inbox and search alike.

use jiff::Timestamp;
use serde::Serialize;

use super::shell::initials;
use crate::{
    desk::{Hit, Row},
    ticket::query::Piece,
    web::Site,
};

/// One line of a list.
#[derive(Serialize)]
pub(super) struct RowView {
    number: i64,
    reference: String,
    subject: Vec<Piece>,
    from: String,
    excerpt: Vec<Piece>,
    badges: Vec<Badge>,
    severity: Option<i16>,
    assignee: Option<String>,
    initials: String,
    due: Option<Timestamp>,
    late: bool,
    goal: String,
    changed: Timestamp,
}

#[derive(Serialize)]
struct Badge {
    kind: &'static str,
    label: String,
}

/// A ticket of a list: how the last word in it begins.
pub(super) fn listed(site: &Site, row: &Row) -> RowView {
    let excerpt = row.last.as_ref().map(|said| said.text.clone()).unwrap_or_default();
    line(site, row, plain(&row.subject), plain(&excerpt))
}

/// A ticket that was found: the place that shows why.
pub(super) fn found(site: &Site, hit: &Hit) -> RowView {
    line(site, &hit.row, hit.subject.clone(), hit.excerpt.clone())
}

fn plain(text: &str) -> Vec<Piece> {
    match text {
        "" => Vec::new(),
        text => vec![Piece { text: text.to_owned(), hit: false }],
    }
}

fn line(site: &Site, row: &Row, subject: Vec<Piece>, excerpt: Vec<Piece>) -> RowView {
    let due = row.due.as_ref().filter(|due| !due.paused);
    RowView {
        number: row.id,
        reference: row.reference.clone(),
        subject,
        from: row.requester.as_ref().map(|person| person.name.clone()).unwrap_or_default(),
        excerpt,
        badges: badges(site, row),
        severity: row.severity,
        initials: row.assignee.as_ref().map(|person| initials(&person.name)).unwrap_or_default(),
        assignee: row.assignee.as_ref().map(|person| person.name.clone()),
        due: due.and_then(|due| due.at),
        late: due.is_some_and(|due| due.breached),
        goal: due.map(|due| site.console.say(&format!("goal.{}", due.goal), &[])).unwrap_or_default(),
        changed: row.last.as_ref().map_or(row.changed_at, |said| said.at.max(row.created_at)),
    }
}

/// What somebody who looks through a list must know of a ticket, the most pressing first.
fn badges(site: &Site, row: &Row) -> Vec<Badge> {
    let own = |holds: bool, kind: &'static str, word: &str| {
        holds.then(|| Badge { kind, label: site.console.say(&format!("inbox-badge.{word}"), &[]) })
    };
    let status = (row.status != "new").then(|| Badge { kind: "", label: row.label.clone() });
    [
        own(row.held, "bad", "held"),
        own(row.spam, "bad", "spam"),
        own(row.incomplete, "warn", "incomplete"),
        own(row.snoozed, "info", "snoozed"),
        own(row.waiting_for_customer, "info", "waiting"),
        own(row.has_attachments, "plain", "files"),
        status,
    ]
    .into_iter()
    .flatten()
    .collect()
}
