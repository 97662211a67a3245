//! Another site says who somebody is (OpenID Connect). This room speaks to no network: it keeps what the answer is
//! held against, and lets in whom the other site has named.

use jiff::Timestamp;
use serde_json::Value;

use super::{Caller, SignIn, SignedInBy, Token, step::Kind};
use crate::{
    desk::{Deed, Desk, DeskError},
    domain::EmailAddress,
    store::Conn,
};

impl Desk {
    /// Keeps what the other site's answer will be held against; the cookie that the browser has to bring along with it.
    ///
    /// # Errors
    /// The database's.
    pub async fn begin_elsewhere(
        &self,
        conn: &mut Conn,
        state: &Value,
        now: Timestamp,
    ) -> Result<Token, DeskError> {
        let token = Token::new();
        self.begin_step(conn, token.expose(), Kind::Oidc, None, state, now).await?;
        Ok(token)
    }

    /// What the answer is held against; it is over then.
    ///
    /// # Errors
    /// The database's.
    pub async fn take_elsewhere(
        &self,
        conn: &mut Conn,
        cookie: &str,
        now: Timestamp,
    ) -> Result<Option<Value>, DeskError> {
        Ok(self.take_step(conn, cookie, Kind::Oidc, now).await?.map(|(_, state)| state))
    }

    /// Lets somebody in whose address the other site has proven, if they are on the staff list.
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_in_elsewhere(
        &self,
        conn: &mut Conn,
        proven: Option<&EmailAddress>,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<SignIn, DeskError> {
        match proven.and_then(|address| self.settings.staff_by_email(address)) {
            Some(staff) => self.admit(conn, staff, SignedInBy::Oidc, caller, now).await.map(SignIn::In),
            None => {
                let named = proven.map_or("", EmailAddress::as_str);
                self.note_refusal(conn, named, Deed::SignInFailed, caller, now).await?;
                Ok(SignIn::Wrong)
            }
        }
    }
}
