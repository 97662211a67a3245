//! Who is signed in to the console.

use jiff::{Timestamp, tz::TimeZone};

use super::{Desk, DeskError};
use crate::{domain::PersonId, settings::Staff, store::Conn};

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who, as the configuration has them now.
    pub staff: Staff,
    /// Their row.
    pub person: PersonId,
    /// What a page of this session must send along with a form.
    pub csrf: String,
    /// In which they read times.
    pub zone: TimeZone,
    /// `auto`, `light` or `dark`.
    pub theme: String,
}

impl Desk {
    /// Whose session a token is of; `None` when it is over, or was none.
    ///
    /// # Errors
    /// The database's.
    pub async fn session(&self, _: &mut Conn, _: &str, _: Timestamp) -> Result<Option<Session>, DeskError> {
        Ok(None)
    }
}
