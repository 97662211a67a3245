//! Words of staff for customers that were not sent.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    Conn, Moment, Stored, moment,
    schema::{held_replies, people},
};
use crate::domain::{MessageRowId, PersonId, TicketId, words::word};

/// What became of held words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// They were sent as they were.
    Sent,
    /// The same person said something else, sent or held.
    Replaced,
    /// Who wrote them wants them no more.
    Discarded,
}

word!(Settled, "end of held words", {
    Sent => "sent",
    Replaced => "replaced",
    Discarded => "discarded",
});

/// Words to be held.
#[derive(Clone, Copy, Debug)]
pub struct NewHeld<'a> {
    /// The ticket whose customer they are for.
    pub ticket: TicketId,
    /// Who wrote them.
    pub agent: PersonId,
    /// The mail they stood in, or the entry that keeps them.
    pub message: MessageRowId,
    /// The words.
    pub words: &'a str,
    /// The commands that are held with them, a line each.
    pub commands: &'a str,
    /// Why, as a sentence.
    pub why: &'a str,
    /// The newest entry that their author had before them; `None` where a mail says when it was written.
    pub seen: Option<MessageRowId>,
}

/// Held words as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = held_replies, check_for_backend(diesel::pg::Pg))]
pub struct Held {
    /// Which.
    pub id: i64,
    /// The mail they stood in.
    #[diesel(deserialize_as = i64)]
    pub message_id: MessageRowId,
    /// The words.
    pub words: String,
    /// The commands that are held with them, a line each.
    pub commands: String,
    /// Why, as a sentence.
    pub why: String,
    /// Since when.
    pub held_at: Moment,
    /// The newest entry that their author had before them.
    pub seen_id: Option<i64>,
    /// What became of them.
    pub settled_as: Option<Stored<Settled>>,
}

/// Holds words in the place of those that the same person has held for this ticket.
pub async fn hold(conn: &mut Conn, new: NewHeld<'_>, now: Timestamp) -> QueryResult<()> {
    settle(conn, new.ticket, new.agent, Settled::Replaced, now).await?;
    diesel::insert_into(held_replies::table)
        .values((
            held_replies::ticket_id.eq(new.ticket.0),
            held_replies::agent_id.eq(new.agent.0),
            held_replies::message_id.eq(new.message.0),
            held_replies::words.eq(new.words),
            held_replies::commands.eq(new.commands),
            held_replies::why.eq(new.why),
            held_replies::seen_id.eq(new.seen.map(|id| id.0)),
            held_replies::held_at.eq(moment(now)),
        ))
        .execute(conn)
        .await
        .map(drop)
}

/// What this person has held for this ticket.
pub async fn open(mut conn: &Conn, ticket: TicketId, agent: PersonId) -> QueryResult<Option<Held>> {
    held_replies::table
        .filter(held_replies::ticket_id.eq(ticket.0).and(held_replies::agent_id.eq(agent.0)))
        .filter(held_replies::settled_at.is_null())
        .select(Held::as_select())
        .first(&mut conn)
        .await
        .optional()
}

/// What this person has held for this ticket is held no longer.
pub async fn settle(
    conn: &mut Conn,
    ticket: TicketId,
    agent: PersonId,
    as_: Settled,
    now: Timestamp,
) -> QueryResult<()> {
    let open = held_replies::table
        .filter(held_replies::ticket_id.eq(ticket.0).and(held_replies::agent_id.eq(agent.0)))
        .filter(held_replies::settled_at.is_null());
    diesel::update(open)
        .set((held_replies::settled_as.eq(Stored(as_)), held_replies::settled_at.eq(moment(now))))
        .execute(conn)
        .await
        .map(drop)
}

/// All that was ever held for a ticket, with the addresses of who wrote it, oldest first.
pub async fn of(mut conn: &Conn, ticket: TicketId) -> QueryResult<Vec<(Held, String)>> {
    held_replies::table
        .inner_join(people::table)
        .filter(held_replies::ticket_id.eq(ticket.0))
        .order(held_replies::id)
        .select((Held::as_select(), people::address))
        .load(&mut conn)
        .await
}
