//! What became of a form about several tickets.

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde_json::Value;

use super::undo::TAKEN_BACK_WITHIN;
use crate::{
    desk::{Desk, DeskError},
    domain::{EmailAddress, NamedAddress},
    store::{self, Conn, forms::FormKey},
};

impl Desk {
    /// Keeps what became of a form that was about several tickets.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep_bulk_transcript(
        &self,
        conn: &mut Conn,
        form: &FormKey,
        actor: &NamedAddress,
        transcript: &Value,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        conn.transaction(async |conn| {
            // Sent again, a form does what was refused before; what became of it now is what counts.
            store::forms::take(conn, form, actor.address.as_str(), None, now).await?;
            Ok(store::forms::done(conn, form, transcript).await?)
        })
        .await
    }

    /// What became of such a form, for who sent it, and whether it is fresh enough to be taken back.
    ///
    /// # Errors
    /// The database's.
    pub async fn bulk_transcript(
        &self,
        conn: &mut Conn,
        form: &FormKey,
        address: &EmailAddress,
        now: Timestamp,
    ) -> Result<Option<(Value, bool)>, DeskError> {
        let found = store::forms::find(conn, form, address.as_str(), None).await?;
        let fresh = |at: Timestamp| now.duration_since(at) < TAKEN_BACK_WITHIN;
        Ok(found.map(|form| (form.outcome, fresh(form.at.to_jiff()))))
    }
}
