//! What a list shows of each ticket.

use diesel::{
    QueryResult,
    prelude::*,
    sql_query,
    sql_types::{Array, BigInt, Bool, Integer, Nullable, SmallInt, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;

use crate::{
    store::{Conn, Moment, Stored, kept::kept, messages::Direction},
    ticket::{Status, clock::Goal},
};

/// So many characters of the last words are fetched.
pub const SAID_CHARS: i32 = 400;

/// A ticket as a list shows it.
#[derive(Clone, Debug, QueryableByName)]
pub struct Line {
    /// Its number.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// Subject of the first mail.
    #[diesel(sql_type = Text)]
    pub subject: String,
    /// What its status means.
    #[diesel(sql_type = Text)]
    pub status: Stored<Status>,
    /// The site's own name of it, where it is not the first of its meaning.
    #[diesel(sql_type = Nullable<Text>)]
    pub status_name: Option<String>,
    /// 1 to 4, once somebody has said so.
    #[diesel(sql_type = Nullable<SmallInt>)]
    pub severity: Option<i16>,
    /// 1 to 3, once somebody has said so.
    #[diesel(sql_type = Nullable<SmallInt>)]
    pub level: Option<i16>,
    /// The name of a product.
    #[diesel(sql_type = Nullable<Text>)]
    pub product: Option<String>,
    /// The name of a queue.
    #[diesel(sql_type = Nullable<Text>)]
    pub queue: Option<String>,
    /// Who reported it, by name; may be empty.
    #[diesel(sql_type = Nullable<Text>)]
    pub requester_name: Option<String>,
    /// Their address.
    #[diesel(sql_type = Nullable<Text>)]
    pub requester_address: Option<String>,
    /// The address of whose it is.
    #[diesel(sql_type = Nullable<Text>)]
    pub assignee: Option<String>,
    /// The next word is the customer's.
    #[diesel(sql_type = Bool)]
    pub waiting_for_customer: bool,
    /// A person takes over what could not be asked for.
    #[diesel(sql_type = Bool)]
    pub incomplete: bool,
    /// It is spam.
    #[diesel(sql_type = Bool)]
    pub spam: bool,
    /// Words of staff for the customer wait for a decision.
    #[diesel(sql_type = Bool)]
    pub held: bool,
    /// It is out of the way.
    #[diesel(sql_type = Bool)]
    pub snoozed: bool,
    /// When it comes back by itself.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub snoozed_until: Option<Moment>,
    /// The ticket that has its thread now.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub merged_into: Option<i64>,
    /// When it was opened.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: Moment,
    /// When it last changed.
    #[diesel(sql_type = Timestamptz)]
    pub changed_at: Moment,
    /// A message has a file that is no picture within the text.
    #[diesel(sql_type = Bool)]
    pub files: bool,
    /// How the last entry that a person wrote begins, cut to [`SAID_CHARS`].
    #[diesel(sql_type = Nullable<Text>)]
    pub said: Option<String>,
    /// Who wrote it, as the mail gave it.
    #[diesel(sql_type = Nullable<Text>)]
    pub said_by: Option<String>,
    /// When.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub said_at: Option<Moment>,
    /// Which way it went.
    #[diesel(sql_type = Nullable<Text>)]
    pub said_way: Option<Stored<Direction>>,
    /// What is owed next.
    #[diesel(sql_type = Nullable<Text>)]
    pub goal: Option<Stored<Goal>>,
    /// By when.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub due_at: Option<Moment>,
    /// Since when its clock pauses.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub paused_since: Option<Moment>,
}

/// These tickets, in this order. What the desk wrote by itself is nobody's last word.
pub async fn lines(mut conn: &Conn, ids: &[i64]) -> QueryResult<Vec<Line>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    kept(sql_query(
        "SELECT tickets.id, tickets.subject, tickets.status, status_name, tickets.severity, level, product, queue, \
           requester.name AS requester_name, requester.address AS requester_address, owner.address AS assignee, \
           waiting_for_customer, incomplete, spam, snoozed_at IS NOT NULL AS snoozed, snoozed_until, merged_into, \
           tickets.created_at, tickets.changed_at, \
           EXISTS (SELECT FROM held_replies WHERE held_replies.ticket_id = tickets.id AND settled_at IS NULL) AS held, \
           EXISTS (SELECT FROM messages JOIN attachments ON message_id = messages.id \
             WHERE messages.ticket_id = tickets.id AND NOT inline) AS files, \
           last.said, last.author AS said_by, last.created_at AS said_at, last.direction AS said_way, \
           clock.goal, clock.due_at, clock.paused_since \
         FROM unnest($1) WITH ORDINALITY AS wanted (id, place) \
         JOIN tickets ON tickets.id = wanted.id \
         LEFT JOIN people AS requester ON requester.id = requester_id \
         LEFT JOIN people AS owner ON owner.id = assignee_id \
         LEFT JOIN LATERAL (SELECT left(own_text, $2) AS said, author, messages.created_at, direction FROM messages \
           WHERE messages.ticket_id = tickets.id AND (direction <> 'out' OR author_id IS NOT NULL) \
           ORDER BY messages.id DESC LIMIT 1) AS last ON true \
         LEFT JOIN LATERAL (SELECT goal, clocks.due_at, paused_since FROM clocks \
           WHERE clocks.ticket_id = tickets.id AND met_at IS NULL AND tickets.status <> 'closed' \
           ORDER BY clocks.due_at NULLS LAST, goal LIMIT 1) AS clock ON true \
         ORDER BY place",
    )
    .bind::<Array<BigInt>, _>(ids)
    .bind::<Integer, _>(SAID_CHARS))
    .load(&mut conn)
    .await
}
