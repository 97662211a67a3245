//! The way back for who has lost every second factor: somebody who runs the desk takes them away.

use diesel_async::AsyncConnection;
use jiff::Timestamp;

use super::{Caller, Session, account::session_over, token};
use crate::{
    desk::{Deed, Desk, DeskError},
    domain::{EmailAddress, NamedAddress},
    render::Context,
    settings::Staff,
    store::{
        self, Conn, Pool,
        pool::{News, announce},
    },
    ticket::{Notice, rights::Wish},
};

impl Desk {
    /// Takes all second factors of a colleague away, by an admin in their browser, who gives their own password once more
    /// where they have one. See [`Desk::drop_factors`].
    ///
    /// # Errors
    /// Somebody who may not, a wrong password, a session that was ended meanwhile, nobody of ours, somebody without a second
    /// factor, or the database's.
    pub async fn take_factors(
        &self,
        pool: &Pool,
        session: &Session,
        (whose, password): (&EmailAddress, &str),
        caller: &Caller,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let by = session.named();
        self.allows(&by.address, Wish::Accounts)?;
        let staff = self.settings.staff_by_email(whose).ok_or_else(|| DeskError::NotStaff(whose.clone()))?;
        if *whose == by.address {
            let own = "your own second factors are changed on the page of your account, with your password";
            return Err(DeskError::Hindered(own.to_owned()));
        }
        self.prove_again(pool, session, password, caller, now).await?;
        let mut conn = pool.get().await?;
        conn.transaction::<_, DeskError, _>(async |conn| {
            // Whoever ended the session meanwhile meant this, too. Both accounts are held first, always in the same order:
            // two admins may take from each other at once.
            let mut both = [whose, &by.address];
            both.sort();
            for address in both {
                store::accounts::ensure(conn, address, &token::random::<16>(), now).await?;
            }
            if !store::sessions::goes_on(conn, &by.address, session.id).await? {
                return Err(session_over());
            }
            self.without_factors(conn, staff, by.called(), now).await?;
            self.audit_from(conn, &by.address, Deed::FactorsTaken, whose.as_str(), caller, now).await
        })
        .await
    }

    /// Takes all second factors of somebody away at the command line: one-time codes, recovery codes and passkeys. All
    /// their sessions end, and they hear of it by mail. Their password stays; where their role needs a second factor,
    /// they can do nothing but set one up when they sign in with it. It is done in the name of `by`, or in nobody's.
    ///
    /// What they had, as a list for people.
    ///
    /// # Errors
    /// Somebody who may not, nobody of ours, somebody without a second factor, or the database's.
    pub async fn drop_factors(
        &self,
        conn: &mut Conn,
        whose: &EmailAddress,
        by: Option<&NamedAddress>,
        now: Timestamp,
    ) -> Result<String, DeskError> {
        if let Some(by) = by {
            self.allows(&by.address, Wish::Accounts)?;
        }
        let staff = self.settings.staff_by_email(whose).ok_or_else(|| DeskError::NotStaff(whose.clone()))?;
        conn.transaction::<_, DeskError, _>(async |conn| {
            let who = by.map_or("Somebody at the command line of the desk", NamedAddress::called);
            let had = self.without_factors(conn, staff, who, now).await?;
            let by = by.map(|by| &by.address);
            self.audit_command(conn, by, Deed::FactorsTaken, whose.as_str(), now).await?;
            Ok(had)
        })
        .await
    }

    /// What they had.
    async fn without_factors(
        &self,
        conn: &mut Conn,
        staff: &Staff,
        by: &str,
        now: Timestamp,
    ) -> Result<String, DeskError> {
        let whose = &staff.email;
        // Holds the account, so that nobody sets a factor up meanwhile.
        let account = store::accounts::ensure(conn, whose, &token::random::<16>(), now).await?;
        let passkeys = store::passkeys::remove_all(conn, whose).await?;
        let Some(had) = listed(account.totp_secret.is_some(), passkeys) else {
            return Err(DeskError::Hindered(format!("{whose} has no second factor")));
        };
        store::accounts::drop_codes(conn, whose).await?;
        store::recovery_codes::replace(conn, whose, &[]).await?;
        store::sign_in_steps::forget(conn, whose).await?;
        store::sessions::end_all(conn, whose, None).await?;
        let named = NamedAddress::new(&staff.name, whose.clone());
        let password = self.settings.sign_in.password && account.password_hash.is_some();
        self.tell_of_factors(conn, &named, by, (&had, password), now).await?;
        Ok(had)
    }

    async fn tell_of_factors(
        &self,
        conn: &mut Conn,
        whom: &NamedAddress,
        by: &str,
        (had, password): (&str, bool),
        now: Timestamp,
    ) -> Result<(), DeskError> {
        if self.settings.mailboxes.is_empty() {
            return Ok(());
        }
        let onward = match password {
            true => "Sign in with your password, as before.",
            false => "You have no password to sign in with: ask for an invitation, or sign in another way.",
        };
        let trouble = format!(
            "{by} took the second factors of your account away ({had}). You are signed out everywhere. {onward}"
        );
        let context = Context { trouble: Some(trouble), ..Context::default() };
        self.write_to(conn, Notice::StaffFactors, whom, "Your second factors", context, now).await?;
        announce(conn, News::Outbox).await?;
        Ok(())
    }
}

/// What somebody has, for people; nothing where they have nothing.
fn listed(codes: bool, passkeys: usize) -> Option<String> {
    let codes = codes.then(|| "one-time codes".to_owned());
    let passkeys = match passkeys {
        0 => None,
        1 => Some("a passkey".to_owned()),
        several => Some(format!("{several} passkeys")),
    };
    let all: Vec<String> = codes.into_iter().chain(passkeys).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_had_is_told() {
        for (codes, passkeys, told) in [
            (false, 0, None),
            (true, 0, Some("one-time codes")),
            (false, 1, Some("a passkey")),
            (true, 2, Some("one-time codes, 2 passkeys")),
        ] {
            assert_eq!(listed(codes, passkeys).as_deref(), told);
        }
    }
}
