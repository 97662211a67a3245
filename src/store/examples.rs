//! What staff say of the gate's reading: labelled examples.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use serde_json::json;

use super::{Conn, Stored, moment, schema::gate_examples, schema::messages, schema::tickets};
use crate::{
    domain::{Language, MessageRowId, TicketId},
    report::{Evidence, Presence},
    ticket::{Part, StaffSay},
};

/// One word of staff about one part of a report.
#[derive(Clone, Debug)]
pub struct NewExample<'a> {
    /// The ticket.
    pub ticket: TicketId,
    /// The last of the customer's mails: it is about all up to it.
    pub message: Option<MessageRowId>,
    /// Which part.
    pub part: Part,
    /// What the gate said.
    pub gate_said: Presence,
    /// The words it went by.
    pub evidence: Vec<Evidence>,
    /// What staff say.
    pub staff_say: StaffSay,
    /// Who says it.
    pub by: &'a str,
}

/// Writes them down.
pub async fn write(conn: &mut Conn, new: &[NewExample<'_>], now: Timestamp) -> QueryResult<()> {
    let row = |new: &NewExample<'_>| {
        (
            gate_examples::ticket_id.eq(new.ticket.0),
            gate_examples::message_id.eq(new.message.map(|id| id.0)),
            gate_examples::part.eq(Stored(new.part)),
            gate_examples::gate_said.eq(Stored(new.gate_said)),
            gate_examples::evidence.eq(json!(new.evidence)),
            gate_examples::staff_say.eq(Stored(new.staff_say)),
            gate_examples::said_by.eq(new.by.to_owned()),
            gate_examples::said_at.eq(moment(now)),
        )
    };
    let rows: Vec<_> = new.iter().map(row).collect();
    diesel::insert_into(gate_examples::table).values(rows).execute(conn).await.map(drop)
}

/// What staff said, with the ticket that it is about.
#[derive(Clone, Debug, Queryable)]
pub struct Example {
    /// The ticket.
    #[diesel(deserialize_as = i64)]
    pub ticket: TicketId,
    /// It is about the mails up to this one.
    pub message: i64,
    /// Which part.
    pub part: Stored<Part>,
    /// What staff say.
    pub staff_say: Stored<StaffSay>,
    /// The subject of the ticket.
    pub subject: String,
    /// The language of the ticket.
    pub language: Stored<Language>,
}

/// All of them whose mail is still there, by ticket and mail, in the order in which they were said.
pub async fn all(conn: &mut Conn) -> QueryResult<Vec<Example>> {
    gate_examples::table
        .inner_join(tickets::table)
        .filter(gate_examples::message_id.is_not_null())
        .order((gate_examples::ticket_id, gate_examples::message_id, gate_examples::id))
        .select((
            gate_examples::ticket_id,
            gate_examples::message_id.assume_not_null(),
            gate_examples::part,
            gate_examples::staff_say,
            tickets::subject,
            tickets::language,
        ))
        .load(conn)
        .await
}

/// How many times staff spoke of the gate's reading.
pub async fn count(conn: &mut Conn) -> QueryResult<i64> {
    gate_examples::table.filter(gate_examples::message_id.is_not_null()).count().get_result(conn).await
}

/// What a ticket's customers newly wrote, mail by mail, the oldest first.
pub async fn customers_words(conn: &mut Conn, ticket: TicketId) -> QueryResult<Vec<(MessageRowId, String)>> {
    let rows: Vec<(i64, String)> = messages::table
        .filter(messages::ticket_id.eq(ticket.0))
        .filter(messages::direction.eq("in").and(messages::staff_only.eq(false)))
        .order(messages::id)
        .select((messages::id, messages::own_text))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(id, words)| (MessageRowId(id), words)).collect())
}
