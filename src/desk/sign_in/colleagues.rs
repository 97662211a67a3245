//! What admins see and do about how their colleagues sign in.

use jiff::Timestamp;

use super::{Caller, Invitation, Session};
use crate::{
    desk::{Deed, Desk, DeskError},
    domain::EmailAddress,
    settings::Staff,
    store::{
        self, Conn,
        audit::{AuditLine, Filter},
    },
    ticket::rights::Wish,
};

/// How a colleague signs in.
pub struct AccountLine<'a> {
    /// Who.
    pub staff: &'a Staff,
    /// They have a password.
    pub password: bool,
    /// They are asked for one-time codes.
    pub codes: bool,
    /// How many passkeys they have.
    pub passkeys: i64,
    /// In how many browsers they are signed in.
    pub sessions: i64,
    /// When they last did anything in one of them, to within some minutes.
    pub last_seen_at: Option<Timestamp>,
}

impl Desk {
    /// How everybody on the staff list signs in.
    ///
    /// # Errors
    /// Somebody who may not know, or the database's.
    pub async fn accounts(
        &self,
        conn: &mut Conn,
        session: &Session,
    ) -> Result<Vec<AccountLine<'_>>, DeskError> {
        self.allows(&session.staff.email, Wish::Accounts)?;
        let accounts = store::accounts::all(conn).await?;
        let passkeys = store::passkeys::counts(conn).await?;
        let sessions = store::sessions::counts(conn).await?;
        let lines = self.settings.staff.iter().map(|staff| {
            let email = &staff.email;
            let account = accounts.iter().find(|it| it.address == email.as_str());
            let theirs = sessions.iter().find(|(address, ..)| address == email.as_str());
            AccountLine {
                staff,
                password: account.is_some_and(|it| it.password_hash.is_some()),
                codes: account.is_some_and(|it| it.totp_secret.is_some()),
                passkeys: passkeys.iter().find(|(whose, _)| whose == email.as_str()).map_or(0, |(_, n)| *n),
                sessions: theirs.map_or(0, |(_, n, _)| *n),
                last_seen_at: theirs.and_then(|(.., at)| at.as_ref()).map(|at| at.to_jiff()),
            }
        });
        Ok(lines.collect())
    }

    /// Ends all sessions of a colleague. How many ended.
    ///
    /// # Errors
    /// Somebody who may not, or the database's.
    pub async fn end_sessions_of(
        &self,
        conn: &mut Conn,
        session: &Session,
        whose: &EmailAddress,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<usize, DeskError> {
        self.allows(&session.staff.email, Wish::Accounts)?;
        let ended = store::sessions::end_all(conn, whose, None).await?;
        self.audit_from(conn, &session.staff.email, Deed::SessionEnded, whose.as_str(), caller, now).await?;
        Ok(ended)
    }

    /// Sends a colleague a link to set a password.
    ///
    /// # Errors
    /// Somebody who may not, a site that mails no links, or the database's.
    pub async fn invite_colleague(
        &self,
        conn: &mut Conn,
        session: &Session,
        whom: &EmailAddress,
        now: Timestamp,
    ) -> Result<Invitation, DeskError> {
        self.allows(&session.staff.email, Wish::Accounts)?;
        if !self.mails_links() {
            return Err(DeskError::Hindered(
                "No link can be mailed: `site.base_url` does not begin with https://. \
                 `deskgate staff invite ADDRESS --print` prints one."
                    .to_owned(),
            ));
        }
        self.invite(conn, whom, Some(&session.staff.email), now).await
    }

    /// What was kept of sign-ins and other deeds, the newest first, at most so many.
    ///
    /// # Errors
    /// Somebody who may not know, or the database's.
    pub async fn audit_log(
        &self,
        conn: &mut Conn,
        session: &Session,
        filter: Filter<'_>,
        most: i64,
    ) -> Result<Vec<AuditLine>, DeskError> {
        self.allows(&session.staff.email, Wish::Audit)?;
        Ok(store::audit::list(conn, filter, most).await?)
    }
}
