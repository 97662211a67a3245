//! What the gate knows of each ticket.

use diesel::{prelude::*, upsert::excluded};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use serde_json::Value;

use super::{Conn, Stored, moment, schema::report_slots};
use crate::{
    domain::{MessageRowId, Slot, TicketId, Word},
    report::{Evidence, Finding, Presence},
};

/// Under this name the gate itself decides.
const GATE: &str = "gate";

/// One slot of one ticket.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = report_slots, check_for_backend(diesel::pg::Pg))]
pub struct SlotRow {
    /// Which of the three.
    pub slot: Stored<Slot>,
    /// The outcome.
    pub verdict: Stored<Presence>,
    /// The message that holds the evidence.
    pub message_id: Option<i64>,
    evidence: Value,
    /// `gate`, or who overruled it.
    pub decided_by: String,
}

impl SlotRow {
    /// The gate decided it, and nobody has said anything to it yet.
    pub fn is_the_gates(&self) -> bool {
        self.decided_by == GATE
    }

    /// The words that say so, best first.
    pub fn evidence(&self) -> Vec<Evidence> {
        serde_json::from_value(self.evidence.clone()).unwrap_or_default()
    }
}

/// What the gate found of one slot of a ticket.
#[derive(Clone, Copy, Debug)]
pub struct NewSlot<'a> {
    /// The ticket.
    pub ticket: TicketId,
    /// Which of the three.
    pub slot: Slot,
    /// The outcome, with its evidence.
    pub finding: &'a Finding,
    /// The message that holds the evidence.
    pub message: MessageRowId,
}

/// A person says how it is with one slot. Its evidence stays with its message, unless it is to be missing.
pub async fn decide(
    conn: &mut Conn,
    ticket: TicketId,
    slot: Slot,
    verdict: Presence,
    by: &str,
    now: Timestamp,
) -> QueryResult<()> {
    let missing = verdict == Presence::Missing;
    diesel::update(report_slots::table.find((ticket.0, slot.as_str())))
        .set((
            report_slots::verdict.eq(Stored(verdict)),
            report_slots::decided_by.eq(by),
            report_slots::decided_at.eq(moment(now)),
            missing.then_some((
                report_slots::message_id.eq(None::<i64>),
                report_slots::evidence.eq(Value::Array(Vec::new())),
            )),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// Writes slots that the gate decided, replacing what was known of each.
pub async fn put(conn: &mut Conn, new: &[NewSlot<'_>], now: Timestamp) -> QueryResult<()> {
    let row = |new: &NewSlot<'_>| {
        (
            report_slots::ticket_id.eq(new.ticket.0),
            report_slots::slot.eq(Stored(new.slot)),
            report_slots::verdict.eq(Stored(new.finding.verdict)),
            report_slots::message_id.eq(new.message.0),
            report_slots::evidence.eq(serde_json::json!(new.finding.evidence)),
            report_slots::decided_by.eq(GATE),
            report_slots::decided_at.eq(moment(now)),
        )
    };
    let rows: Vec<_> = new.iter().map(row).collect();
    diesel::insert_into(report_slots::table)
        .values(rows)
        .on_conflict((report_slots::ticket_id, report_slots::slot))
        .do_update()
        .set((
            report_slots::verdict.eq(excluded(report_slots::verdict)),
            report_slots::message_id.eq(excluded(report_slots::message_id)),
            report_slots::evidence.eq(excluded(report_slots::evidence)),
            report_slots::decided_by.eq(excluded(report_slots::decided_by)),
            report_slots::decided_at.eq(excluded(report_slots::decided_at)),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// The slots of a ticket, in the order in which a person would be asked.
pub async fn of(mut conn: &Conn, ticket: TicketId) -> QueryResult<Vec<SlotRow>> {
    let mut rows: Vec<SlotRow> = report_slots::table
        .filter(report_slots::ticket_id.eq(ticket.0))
        .select(SlotRow::as_select())
        .load(&mut conn)
        .await?;
    rows.sort_by_key(|row| row.slot.0);
    Ok(rows)
}
