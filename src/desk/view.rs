//! A ticket as a whole, for the terminal, for JSON, and later for the console.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{ClockLine, Desk, DeskError};
use crate::{
    domain::TicketId,
    store::{self, Conn, messages::File},
    ticket::{ClosedAs, Source, Status},
};

/// Everything about one ticket.
#[derive(Debug, Serialize)]
pub struct TicketView {
    /// Its number.
    pub id: TicketId,
    /// `DG-17`.
    pub reference: String,
    /// Subject of the first mail; may be empty.
    pub subject: String,
    /// What the status in which it stands means: one of the five words.
    pub status: Status,
    /// The site's own name of it.
    pub status_name: String,
    /// What people read of it.
    pub status_label: String,
    /// Why it is closed.
    pub closed_as: Option<ClosedAs>,
    /// 1 to 4.
    pub severity: Option<i16>,
    /// 1 to 3.
    pub level: Option<i16>,
    /// The name of a product, where it is known.
    pub product: Option<String>,
    /// The name of a queue, where there are queues.
    pub queue: Option<String>,
    /// Where it came from.
    pub source: Source,
    /// `{name, address}`.
    pub requester: Option<Value>,
    /// An address.
    pub assignee: Option<String>,
    /// Why the desk found nobody to assign, as long as it looks for somebody.
    pub unassigned_because: Option<String>,
    /// `customer` when the next word is theirs.
    pub waiting_on: Option<&'static str>,
    /// What the gate knows, slot by slot.
    pub gate: Value,
    /// `{name, address, role}` each.
    pub participants: Vec<Value>,
    /// The thread, oldest first.
    pub messages: Vec<Value>,
    /// What is promised, and how it stands.
    pub clocks: Vec<ClockLine>,
    /// What happened and why.
    pub journal: Vec<Value>,
    /// The closed ticket that it continues.
    pub follow_up_of: Option<i64>,
    /// The ticket that it doubles.
    pub duplicate_of: Option<i64>,
    /// The ticket that has its thread now.
    pub merged_into: Option<i64>,
    /// Nobody outside is written to about it.
    pub spam: bool,
    /// It is out of the way.
    pub snoozed: bool,
    /// When it comes back by itself.
    pub snoozed_until: Option<Timestamp>,
    /// Words of staff for the customer that were not sent at once.
    pub held: Vec<Value>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
}

/// Collects everything about one ticket.
///
/// # Errors
/// [`DeskError::NoTicket`].
pub async fn show(
    desk: &Desk,
    conn: &mut Conn,
    id: TicketId,
    now: Timestamp,
) -> Result<TicketView, DeskError> {
    let ticket = desk.ticket(conn, id).await?;
    let clocks = desk.due_of(conn, id, now).await?;
    let requester = match ticket.requester() {
        Some(person) => store::people::find(conn, person).await?,
        None => None,
    };
    let assignee = match ticket.assignee() {
        Some(person) => store::people::find(conn, person).await?,
        None => None,
    };
    Ok(TicketView {
        id,
        reference: desk.reference(id),
        status: ticket.status.0,
        status_name: desk.state_of(&ticket).name.clone(),
        status_label: desk.state_of(&ticket).shown().to_owned(),
        closed_as: ticket.closed_as.map(|stored| stored.0),
        severity: ticket.severity().map(|severity| severity.number()),
        level: ticket.level().map(|level| level.number()),
        product: ticket.product.clone(),
        queue: ticket.queue.clone(),
        source: ticket.source.0,
        requester: requester.map(|person| json!({ "name": person.name, "address": person.address })),
        unassigned_because: match assignee {
            None => store::assignees::because(conn, id).await?,
            Some(_) => None,
        },
        assignee: assignee.map(|person| person.address),
        waiting_on: ticket.waiting_for_customer.then_some("customer"),
        gate: gate(conn, &ticket).await?,
        participants: participants(conn, id).await?,
        messages: messages(conn, id).await?,
        clocks: clocks.iter().map(|clock| ClockLine::of(clock, now)).collect(),
        journal: journal(conn, id).await?,
        follow_up_of: ticket.follow_up_of,
        duplicate_of: ticket.duplicate_of,
        merged_into: ticket.merged_into,
        spam: ticket.spam,
        snoozed: ticket.snoozed_at.is_some(),
        snoozed_until: ticket.snoozed_until.map(|at| at.to_jiff()),
        held: held(conn, id).await?,
        created_at: ticket.created_at.to_jiff(),
        changed_at: ticket.changed_at.to_jiff(),
        subject: ticket.subject,
    })
}

async fn gate(conn: &mut Conn, ticket: &store::tickets::Ticket) -> Result<Value, DeskError> {
    let mut gate = Map::new();
    gate.insert("problem_report".into(), ticket.problem_report.into());
    gate.insert("asks".into(), ticket.asks.into());
    gate.insert("incomplete".into(), ticket.incomplete.into());
    for row in store::slots::of(conn, ticket.id).await? {
        let slot = json!({
            "verdict": row.verdict.0, "evidence": row.evidence(), "message": row.message_id,
            "decided_by": row.decided_by,
        });
        gate.insert(row.slot.0.to_string(), slot);
    }
    Ok(gate.into())
}

async fn participants(conn: &mut Conn, id: TicketId) -> Result<Vec<Value>, DeskError> {
    let people = store::participants::of(conn, id).await?;
    let line = |(person, part): (store::people::Person, store::participants::Part)| json!({ "name": person.name, "address": person.address, "role": part.to_string() });
    Ok(people.into_iter().map(line).collect())
}

async fn messages(conn: &mut Conn, id: TicketId) -> Result<Vec<Value>, DeskError> {
    let files = store::messages::files_of(conn, id).await?;
    let messages = store::messages::of(conn, id).await?;
    let line = |message: store::messages::Message| {
        let own = files.iter().filter(|file| file.message == message.id.0);
        json!({
            "id": message.id, "direction": message.direction.0, "kind": message.kind,
            "staff_only": message.staff_only, "from": message.author, "subject": message.subject,
            "message_id": message.header_id, "text": message.text, "own_text": message.own_text,
            "at": message.created_at.to_jiff(), "attachments": own.map(file).collect::<Vec<_>>(),
        })
    };
    Ok(messages.into_iter().map(line).collect())
}

async fn held(conn: &mut Conn, id: TicketId) -> Result<Vec<Value>, DeskError> {
    let line = |(held, agent): (store::held::Held, String)| json!({ "agent": agent, "words": held.words, "commands": held.commands, "why": held.why, "held_at": held.held_at.to_jiff(), "settled_as": held.settled_as.map(|stored| stored.0) });
    Ok(store::held::of(conn, id).await?.into_iter().map(line).collect())
}

fn file(file: &File) -> Value {
    json!({
        "name": file.name, "mime": file.mime, "inline": file.inline, "size": file.size_bytes,
        "sha256": data_encoding::HEXLOWER.encode(&file.sha256),
    })
}

async fn journal(conn: &mut Conn, id: TicketId) -> Result<Vec<Value>, DeskError> {
    let entries = store::journal::of(conn, id).await?;
    let line = |entry: store::journal::Entry| json!({ "at": entry.at.to_jiff(), "actor": entry.actor, "event": entry.event, "detail": entry.detail });
    Ok(entries.into_iter().map(line).collect())
}
