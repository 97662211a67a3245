//! One-time codes (RFC 6238), and recovery codes for who has lost the device that makes them.

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use diesel_async::AsyncConnection;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret, Totp};

use super::{Caller, Session, SignIn, SignedInBy, Token, step::Kind, token};
use crate::{
    desk::{Deed, Desk, DeskError},
    domain::EmailAddress,
    settings::Staff,
    store::{self, Conn, Pool},
};

/// Bytes of a secret (RFC 4226 §4 recommends 160 bits).
const SECRET: usize = 20;
/// Bytes of a recovery code.
const RECOVERY: usize = 10;
/// So many recovery codes somebody gets.
const RECOVERY_CODES: usize = 10;

/// A secret for a device, not in force yet.
pub struct NewCodes {
    /// What the device reads from a picture: an `otpauth:` address.
    pub url: String,
    /// The same for who types it: base 32.
    pub secret: String,
    /// What comes back with the first code, since nothing is kept until then.
    pub sealed: String,
}

impl Desk {
    /// A new secret for the one-time codes of somebody.
    ///
    /// # Errors
    /// A name that cannot stand in the address.
    pub fn new_codes(&self, session: &Session) -> Result<NewCodes, DeskError> {
        let secret = token::random::<SECRET>();
        let whose = &session.staff.email;
        let cannot =
            |_| DeskError::Hindered("The name of the site cannot stand in an otpauth address.".to_owned());
        let totp = self.totp(whose, &secret);
        Ok(NewCodes {
            url: totp.to_url().map_err(cannot)?,
            secret: BASE32_NOPAD.encode(&secret),
            sealed: BASE64URL_NOPAD.encode(&self.seal(whose, &secret)),
        })
    }

    fn totp(&self, whose: &EmailAddress, secret: &[u8]) -> Totp {
        let site = self.settings.site.name.replace(':', " ");
        Builder::new()
            .with_secret(Secret::from(secret.to_vec()))
            .with_account_name(whose.as_str().replace(':', " "))
            .with_issuer(Some(site))
            .build_noncompliant()
    }

    /// The time step whose code somebody typed, spaces aside.
    fn step_of(&self, whose: &EmailAddress, secret: &[u8], code: &str, now: Timestamp) -> Option<i64> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let seconds = u64::try_from(now.as_second()).ok()?;
        let step = self.totp(whose, secret).check(&code, seconds)?;
        i64::try_from(step).ok()
    }

    /// Asks somebody for one-time codes from now on, when they show that their device makes them. They get recovery
    /// codes, and all their other sessions end.
    ///
    /// # Errors
    /// A wrong password or code, or the database's.
    pub async fn codes_on(
        &self,
        pool: &Pool,
        session: &Session,
        (sealed, code, password): (&str, &str, &str),
        caller: &Caller,
        now: Timestamp,
    ) -> Result<(Token, Vec<String>), DeskError> {
        self.prove_again(pool, session, password, caller, now).await?;
        let whose = &session.staff.email;
        let secret = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok().and_then(|it| self.unseal(whose, &it));
        let secret =
            secret.ok_or_else(|| DeskError::Hindered("Begin anew: this page is too old.".to_owned()))?;
        let Some(step) = self.step_of(whose, &secret, code, now) else {
            return Err(DeskError::Hindered(
                "This is not the code that belongs to the picture. Check that the clock of your device is right."
                    .to_owned(),
            ));
        };
        let (codes, digests) = recovery_codes(whose);
        let mut conn = pool.get().await?;
        let token = conn
            .transaction::<_, DeskError, _>(async |conn| {
                store::accounts::set_codes(conn, whose, &self.seal(whose, &secret), step, now).await?;
                store::recovery_codes::replace(conn, whose, &digests).await?;
                self.audit_from(conn, whose, Deed::CodesOn, "", caller, now).await?;
                self.begin_anew(conn, session, SignedInBy::Code, caller, now).await
            })
            .await?;
        Ok((token, codes))
    }

    /// Asks somebody for no one-time codes any more.
    ///
    /// # Errors
    /// A wrong password, or the database's.
    pub async fn codes_off(
        &self,
        pool: &Pool,
        session: &Session,
        password: &str,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Token, DeskError> {
        self.prove_again(pool, session, password, caller, now).await?;
        let whose = &session.staff.email;
        let mut conn = pool.get().await?;
        conn.transaction::<_, DeskError, _>(async |conn| {
            store::accounts::drop_codes(conn, whose).await?;
            store::recovery_codes::replace(conn, whose, &[]).await?;
            self.audit_from(conn, whose, Deed::CodesOff, "", caller, now).await?;
            let by = match session.signed_in_by {
                SignedInBy::Code | SignedInBy::Recovery => SignedInBy::Password,
                other => other,
            };
            self.begin_anew(conn, session, by, caller, now).await
        })
        .await
    }

    /// New recovery codes in place of those that somebody had.
    ///
    /// # Errors
    /// A wrong password, nobody who is asked for codes, or the database's.
    pub async fn new_recovery_codes(
        &self,
        pool: &Pool,
        session: &Session,
        password: &str,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Vec<String>, DeskError> {
        self.prove_again(pool, session, password, caller, now).await?;
        let whose = &session.staff.email;
        let mut conn = pool.get().await?;
        if store::accounts::find(&mut conn, whose).await?.is_none_or(|account| account.totp_secret.is_none())
        {
            return Err(DeskError::Hindered("Set up one-time codes first.".to_owned()));
        }
        let (codes, digests) = recovery_codes(whose);
        conn.transaction::<_, DeskError, _>(async |conn| {
            store::recovery_codes::replace(conn, whose, &digests).await?;
            self.audit_from(conn, whose, Deed::RecoveryCodesMade, "", caller, now).await
        })
        .await?;
        Ok(codes)
    }

    /// Asks for a code after a password that was right.
    pub(super) async fn ask_for_code(
        &self,
        conn: &mut Conn,
        staff: &Staff,
        now: Timestamp,
    ) -> Result<SignIn, DeskError> {
        let token = Token::new();
        self.begin_step(conn, token.expose(), Kind::Code, Some(&staff.email), &serde_json::Value::Null, now)
            .await?;
        Ok(SignIn::Code(token))
    }

    /// Whether a browser is asked for a code.
    ///
    /// # Errors
    /// The database's.
    pub async fn awaits_code(
        &self,
        conn: &mut Conn,
        cookie: &str,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        Ok(self.begun(conn, cookie, Kind::Code, now).await?.is_some())
    }

    /// Signs somebody in by the code that was asked for, one-time or recovery.
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_in_by_code(
        &self,
        conn: &mut Conn,
        cookie: &str,
        code: &str,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<SignIn, DeskError> {
        let Some((Some(address), _)) = self.begun(conn, cookie, Kind::Code, now).await? else {
            return Ok(SignIn::Over);
        };
        let Some(staff) = address.parse().ok().and_then(|address| self.settings.staff_by_email(&address))
        else {
            return Ok(SignIn::Over);
        };
        if let Some(until) = self.begin_try(conn, &address, caller, now).await? {
            self.note_refusal(conn, &address, Deed::SignInRefused, caller, now).await?;
            return Ok(SignIn::Later(until));
        }
        let became = conn
            .transaction::<_, DeskError, _>(async |conn| {
                let Some(by) = self.take_code(conn, &staff.email, code, now).await? else {
                    return Ok(None);
                };
                if self.take_step(conn, cookie, Kind::Code, now).await?.is_none() {
                    return Ok(None);
                }
                self.admit(conn, staff, by, caller, now).await.map(Some)
            })
            .await?;
        match became {
            Some(token) => Ok(SignIn::In(token)),
            None => {
                self.note_refusal(conn, &address, Deed::SignInFailed, caller, now).await?;
                Ok(SignIn::Wrong)
            }
        }
    }

    /// Uses a code up, where it is right.
    async fn take_code(
        &self,
        conn: &mut Conn,
        whose: &EmailAddress,
        code: &str,
        now: Timestamp,
    ) -> Result<Option<SignedInBy>, DeskError> {
        let account = store::accounts::find(conn, whose).await?;
        let sealed = account.and_then(|account| account.totp_secret);
        let secret = sealed.and_then(|sealed| self.unseal(whose, &sealed));
        let step = secret.and_then(|secret| self.step_of(whose, &secret, code, now));
        if let Some(step) = step {
            let fresh = store::accounts::take_step(conn, whose, step).await?;
            return Ok(fresh.then_some(SignedInBy::Code));
        }
        let digest = recovery_digest(whose, code);
        let known = store::recovery_codes::take(conn, whose, &digest).await?;
        Ok(known.then_some(SignedInBy::Recovery))
    }
}

/// New recovery codes of somebody, as they write them down and as we keep them.
fn recovery_codes(whose: &EmailAddress) -> (Vec<String>, Vec<[u8; 32]>) {
    let code = |_| {
        let text = BASE32_NOPAD.encode(&token::random::<RECOVERY>()).to_lowercase();
        let parts: Vec<&str> = [0..4, 4..8, 8..12, 12..16].into_iter().map(|part| &text[part]).collect();
        parts.join("-")
    };
    let codes: Vec<String> = (0..RECOVERY_CODES).map(code).collect();
    let digests = codes.iter().map(|code| recovery_digest(whose, code)).collect();
    (codes, digests)
}

/// What is kept of a recovery code, however its letters and hyphens were typed.
fn recovery_digest(whose: &EmailAddress, code: &str) -> [u8; 32] {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    Sha256::digest(format!("{whose}\0{}", code.to_ascii_lowercase())).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovery_codes_are_many_different_and_forgiving() {
        let whose: EmailAddress = "bob@example.org".parse().unwrap();
        let (codes, digests) = recovery_codes(&whose);
        assert_eq!((codes.len(), digests.len()), (10, 10));
        assert_eq!(codes[0].len(), 19, "80 bits in four groups: {}", codes[0]);
        let mut different = codes.clone();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), 10);
        assert_eq!(recovery_digest(&whose, &codes[3].to_uppercase().replace('-', " ")), digests[3]);
        let other: EmailAddress = "anna@example.org".parse().unwrap();
        assert_ne!(recovery_digest(&other, &codes[3]), digests[3]);
    }
}
