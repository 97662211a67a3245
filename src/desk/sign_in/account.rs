//! What somebody sees and changes of their own account.

use diesel_async::AsyncConnection;
use jiff::Timestamp;

use super::{Caller, Session, SignedInBy, Token, password::unfit, session::zone_called};
use crate::{
    desk::{Deed, Desk, DeskError},
    store::{self, Conn, Pool, passkeys::PasskeyLine, sessions::SessionLine},
};

/// An account as its owner sees it.
pub struct OwnAccount {
    /// Since when they have this password.
    pub password_at: Option<Timestamp>,
    /// Since when they are asked for one-time codes.
    pub codes_at: Option<Timestamp>,
    /// How many recovery codes are left.
    pub recovery_codes: i64,
    /// Their passkeys.
    pub passkeys: Vec<PasskeyLine>,
    /// Where they are signed in, the one that was used last first.
    pub sessions: Vec<SessionLine>,
    /// The zone that they chose; empty for that of the staff list.
    pub zone: String,
}

impl Desk {
    /// The account of somebody.
    ///
    /// # Errors
    /// The database's.
    pub async fn own_account(&self, conn: &mut Conn, session: &Session) -> Result<OwnAccount, DeskError> {
        let whose = &session.staff.email;
        let account = store::accounts::find(conn, whose).await?.ok_or(diesel::result::Error::NotFound)?;
        Ok(OwnAccount {
            password_at: account.password_at.map(|at| at.to_jiff()),
            codes_at: account.totp_at.map(|at| at.to_jiff()),
            recovery_codes: store::recovery_codes::count(conn, whose).await?,
            passkeys: store::passkeys::of(conn, whose).await?,
            sessions: store::sessions::of(conn, whose).await?,
            zone: account.zone.unwrap_or_default(),
        })
    }

    /// Keeps zone and colours of somebody's pages; empty ones are those of the staff list and of the device.
    ///
    /// # Errors
    /// A zone or theme that there is not, or the database's.
    pub async fn choose_looks(
        &self,
        conn: &mut Conn,
        session: &Session,
        zone: &str,
        theme: &str,
    ) -> Result<(), DeskError> {
        let zone = Some(zone.trim()).filter(|zone| !zone.is_empty());
        if zone.is_some_and(|zone| zone_called(zone).is_none()) {
            return Err(DeskError::Hindered(
                "There is no such time zone; name one such as Europe/Berlin.".to_owned(),
            ));
        }
        let theme = match theme {
            "" | "auto" => None,
            "light" | "dark" => Some(theme),
            _ => return Err(DeskError::Hindered("Pages are light or dark.".to_owned())),
        };
        Ok(store::accounts::set_looks(conn, &session.staff.email, zone, theme).await?)
    }

    /// Asks somebody who is signed in for their password once more, before they change what they or a colleague sign in
    /// with: a browser that was left open shall not lose its owner their account. Who has none, or may not use it any more, is not asked.
    ///
    /// # Errors
    /// A wrong one, too many wrong ones, or the database's.
    pub(super) async fn prove_again(
        &self,
        pool: &Pool,
        session: &Session,
        password: &str,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let whose = &session.staff.email;
        let hash = {
            let mut conn = pool.get().await?;
            // A password alone must not stand in for the passkey that is asked for beside it.
            if session.owes_second_factor && !store::passkeys::credentials(&mut conn, whose).await?.is_empty()
            {
                return Err(DeskError::Hindered(
                    "You have a passkey: sign in with it, and change this then.".to_owned(),
                ));
            }
            if !self.settings.sign_in.password {
                return Ok(());
            }
            let account = store::accounts::find(&mut conn, whose).await?;
            let Some(hash) = account.and_then(|account| account.password_hash) else { return Ok(()) };
            if self.begin_try(&mut conn, whose.as_str(), caller, now).await?.is_some() {
                return Err(DeskError::Hindered(
                    "Too many passwords were wrong; try again later.".to_owned(),
                ));
            }
            hash
        };
        let right = self.passwords.is(password, Some(hash)).await;
        let mut conn = pool.get().await?;
        if !right {
            self.note_refusal(&mut conn, whose.as_str(), Deed::SignInFailed, caller, now).await?;
            return Err(DeskError::Hindered("This is not your password.".to_owned()));
        }
        Ok(store::sign_in_tries::forget(&mut conn, whose.as_str(), &caller.network).await?)
    }

    /// What somebody signs in with has changed: all their sessions end, and the browser in front of them gets a new
    /// one.
    pub(super) async fn begin_anew(
        &self,
        conn: &mut Conn,
        session: &Session,
        by: SignedInBy,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Token, DeskError> {
        // Whoever ended it meanwhile meant this, too. The account is held first, as by those who end sessions.
        store::accounts::ensure(conn, &session.staff.email, &super::token::random::<16>(), now).await?;
        if !store::sessions::end(conn, &session.staff.email, session.id).await? {
            return Err(session_over());
        }
        store::sessions::end_all(conn, &session.staff.email, None).await?;
        self.begin_session(conn, &session.staff, by, caller, now).await
    }

    /// Gives somebody another password. All their other sessions end.
    ///
    /// # Errors
    /// A wrong old one, a new one that will not do, a desk without passwords, or the database's.
    pub async fn change_password(
        &self,
        pool: &Pool,
        session: &Session,
        (old, new): (&str, &str),
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Token, DeskError> {
        let whose = &session.staff.email;
        if !self.settings.sign_in.password {
            return Err(DeskError::Hindered("Nobody signs in with a password here.".to_owned()));
        }
        if let Some(why) = unfit(new, whose) {
            return Err(DeskError::Hindered(why.to_owned()));
        }
        self.prove_again(pool, session, old, caller, now).await?;
        let hash = self.passwords.hash(new).await;
        let mut conn = pool.get().await?;
        conn.transaction::<_, DeskError, _>(async |conn| {
            self.keep_password(conn, &session.staff, &hash, now).await?;
            self.audit_from(conn, whose, Deed::PasswordSet, "", caller, now).await?;
            self.begin_session(conn, &session.staff, session.signed_in_by, caller, now).await
        })
        .await
    }

    /// Ends one other session of somebody, or all others. How many ended.
    ///
    /// # Errors
    /// The database's.
    pub async fn end_sessions(
        &self,
        conn: &mut Conn,
        session: &Session,
        which: Option<i64>,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<usize, DeskError> {
        let whose = &session.staff.email;
        let ended = match which {
            Some(id) if id == session.id => false.into(),
            Some(id) => store::sessions::end(conn, whose, id).await?.into(),
            None => store::sessions::end_all(conn, whose, Some(session.id)).await?,
        };
        if ended > 0 {
            self.audit_from(conn, whose, Deed::SessionEnded, whose.as_str(), caller, now).await?;
        }
        Ok(ended)
    }
}

/// Somebody ended a session while its owner did something with it.
pub(super) fn session_over() -> DeskError {
    DeskError::Hindered("This session has ended; sign in again.".to_owned())
}
