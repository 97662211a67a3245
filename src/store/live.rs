//! Live news of tickets: what a trigger announces whenever the journal grows, and who looks at what. A hint: whoever
//! misses it sees the truth at the next look.

use diesel::{
    QueryResult,
    sql_types::{BigInt, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use futures::StreamExt;
use serde::{Deserialize, Serialize};

use super::{Conn, StoreError, pool::connection};
use crate::domain::TicketId;

/// The channel on which the database and the nodes tell it.
const CHANNEL: &str = "deskgate_ticket";

/// The word for somebody who came to a ticket, began to write, or left.
pub const HERE: &str = "here";

/// Something happened to a ticket, or before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// Which.
    pub id: i64,
    /// An address, or the system.
    pub by: String,
    /// One word: the event of the journal, or [`HERE`].
    pub what: String,
}

/// A connection that hears of tickets.
pub struct Listener(AsyncPgConnection);

impl Listener {
    /// Connects and subscribes.
    ///
    /// # Errors
    /// The database is away.
    pub async fn open(url: &str) -> Result<Listener, StoreError> {
        let mut conn = connection(url).await?;
        conn.batch_execute(&format!("LISTEN {CHANNEL}")).await?;
        Ok(Listener(conn))
    }

    /// The next news; `None` when the connection was closed. Nothing is lost when it is dropped while it waits.
    pub async fn next(&mut self) -> Option<QueryResult<Heard>> {
        let mut notes = std::pin::pin!(self.0.notifications_stream());
        loop {
            match notes.next().await? {
                Ok(note) => {
                    // What another version says in another form is news for its own kind.
                    if let Ok(heard) = serde_json::from_str(&note.payload) {
                        return Some(Ok(heard));
                    }
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// Tells every node that something changed before a ticket which no line of the journal says.
pub async fn tell(conn: &mut Conn, ticket: TicketId, by: &str, what: &str) -> QueryResult<()> {
    diesel::sql_query(
        "SELECT pg_notify($1, json_build_object('id', $2::bigint, 'by', $3::text, 'what', $4::text)::text)",
    )
    .bind::<Text, _>(CHANNEL)
    .bind::<BigInt, _>(ticket.0)
    .bind::<Text, _>(by)
    .bind::<Text, _>(what)
    .execute(conn)
    .await
    .map(drop)
}
