//! What a browser has begun and not ended: good for minutes, and once. It hangs on a cookie of this browser, so that
//! nobody ends in one browser what was begun in another.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::token;
use crate::{
    desk::{Desk, DeskError},
    domain::{EmailAddress, Word, words::word},
    store::{self, Conn},
};

/// So long somebody may take.
const GOOD: Duration = Duration::from_mins(10);

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A one-time code.
    Code,
    /// A passkey, to sign in.
    Passkey,
    /// A new passkey.
    NewPasskey,
    /// The word of another site.
    Oidc,
}

word!(Kind, "step", {
    Code => "code",
    Passkey => "passkey",
    NewPasskey => "new-passkey",
    Oidc => "oidc",
});

impl Desk {
    /// Keeps what the answer of a browser will be held against.
    pub(super) async fn begin_step(
        &self,
        conn: &mut Conn,
        cookie: &str,
        kind: Kind,
        whose: Option<&EmailAddress>,
        state: &Value,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        store::sign_in_steps::sweep(conn, now).await?;
        let digest = token::digest(cookie);
        Ok(store::sign_in_steps::put(conn, &digest, kind.as_str(), whose, state, now + GOOD).await?)
    }

    /// What a browser has begun.
    pub(super) async fn begun(
        &self,
        conn: &mut Conn,
        cookie: &str,
        kind: Kind,
        now: Timestamp,
    ) -> Result<Option<(Option<String>, Value)>, DeskError> {
        Ok(store::sign_in_steps::find(conn, &token::digest(cookie), kind.as_str(), now).await?)
    }

    /// The same, and it is over.
    pub(super) async fn take_step(
        &self,
        conn: &mut Conn,
        cookie: &str,
        kind: Kind,
        now: Timestamp,
    ) -> Result<Option<(Option<String>, Value)>, DeskError> {
        Ok(store::sign_in_steps::take(conn, &token::digest(cookie), kind.as_str(), now).await?)
    }
}
