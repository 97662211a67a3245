//! Passwords: hashed with Argon2id, and looked at no faster for somebody we do not know.
//!
//! A hash takes 64 MiB and some tenths of a second of one core. It is made on a thread of its own, a few at a time,
//! and nobody holds a connection to the database meanwhile.

use std::{sync::Arc, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use jiff::Timestamp;
use tokio::{sync::Semaphore, task};

use super::{Caller, SignedInBy, Token, session::typed, token};
use crate::{
    desk::{Deed, Desk, DeskError},
    domain::{EmailAddress, Word},
    settings::Staff,
    store::{self, Pool, accounts::Account},
};

/// RFC 9106 §4, second recommended option: 64 MiB, three passes, four lanes.
const PARAMS: Params = match Params::new(64 * 1024, 3, 4, None) {
    Ok(params) => params,
    Err(_) => Params::DEFAULT,
};
/// So many are hashed at a time.
const AT_ONCE: usize = 2;
/// The shortest password, in characters (NIST SP 800-63B asks for no less than 8, and advises more).
const SHORTEST: usize = 12;
/// The longest, in bytes.
const LONGEST: usize = 1024;
/// A password has so many different characters.
const DIFFERENT: usize = 5;

/// What became of a try to sign in.
pub enum SignIn {
    /// It was right, and nothing else is asked for: the new cookie.
    In(Token),
    /// It was right, and a code is asked for: the cookie that the browser has to bring along with it.
    Code(Token),
    /// It belongs to nothing that this browser has begun, or that was too long ago.
    Over,
    /// It was wrong, or its owner is unknown, or has none: nobody is told which.
    Wrong,
    /// Too many were wrong; the next one is looked at from then on.
    Later(Timestamp),
}

/// Hashes passwords, a few at a time.
pub struct Passwords {
    at_once: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Passwords { at_once: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Passwords {
    /// A new hash of a password, as a PHC string.
    pub(super) async fn hash(&self, password: &str) -> String {
        let password = password.to_owned();
        self.on_a_thread(move || hash(password.as_bytes())).await
    }

    /// Whether a password is the one of a hash. Without a hash it is no, after the same time.
    pub(super) async fn is(&self, password: &str, of: Option<String>) -> bool {
        let password = password.to_owned();
        self.on_a_thread(move || match of {
            Some(hash) => verify(password.as_bytes(), &hash),
            None => {
                hash(password.as_bytes());
                false
            }
        })
        .await
    }

    async fn on_a_thread<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let permit = self.at_once.clone().acquire_owned().await.expect("nobody closes it");
        let done = task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        });
        done.await.expect("hashing does not panic")
    }
}

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, PARAMS)
}

fn hash(password: &[u8]) -> String {
    let hashed = argon2().hash_password_with_salt(password, &token::random::<16>());
    hashed.expect("the length of the password and the parameters are within what Argon2 takes").to_string()
}

/// By the parameters that the hash was made with.
fn verify(password: &[u8], of: &str) -> bool {
    PasswordHash::new(of).is_ok_and(|of| argon2().verify_password(password, &of).is_ok())
}

/// Whether a hash was made as we make them now.
fn is_current(hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| {
        hash.algorithm.as_str() == Algorithm::Argon2id.as_str()
            && Params::try_from(&hash).is_ok_and(|params| {
                (params.m_cost(), params.t_cost(), params.p_cost())
                    == (PARAMS.m_cost(), PARAMS.t_cost(), PARAMS.p_cost())
            })
    })
}

/// Why a password will not do for somebody, as a sentence; `None` when it does.
pub(super) fn unfit(password: &str, whose: &EmailAddress) -> Option<&'static str> {
    let mut different: Vec<char> = password.chars().collect();
    different.sort_unstable();
    different.dedup();
    let (folded, address) = (password.to_lowercase(), whose.as_str());
    let name = address.split('@').next().unwrap_or_default();
    match () {
        () if password.chars().count() < SHORTEST => {
            Some("Take at least 12 characters: some words that come to no one else's mind are good.")
        }
        () if password.len() > LONGEST => Some("Take at most 1024 bytes."),
        () if different.len() < DIFFERENT => Some("Take more different characters."),
        () if folded.replace(name, "").chars().count() < SHORTEST / 2 => {
            Some("Take something that is not your own address.")
        }
        () => None,
    }
}

impl Desk {
    /// Signs somebody in by their password.
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_in(
        &self,
        pool: &Pool,
        address: &str,
        password: &str,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<SignIn, DeskError> {
        if !self.settings.sign_in.password {
            return Ok(SignIn::Wrong);
        }
        // Whatever was typed is counted and looked for alike.
        let key: String = address.trim().to_lowercase().chars().take(320).collect();
        let known = {
            let mut conn = pool.get().await?;
            if let Some(until) = self.begin_try(&mut conn, &key, caller, now).await? {
                self.note_refusal(&mut conn, address, Deed::SignInRefused, caller, now).await?;
                return Ok(SignIn::Later(until));
            }
            self.known(&mut conn, address).await?
        };
        let old = known.as_ref().and_then(|(_, account)| account.password_hash.clone());
        let right = password.len() <= LONGEST && self.passwords.is(password, old.clone()).await;
        let (Some((staff, account)), Some(old), true) = (known, old, right) else {
            let mut conn = pool.get().await?;
            self.note_refusal(&mut conn, address, Deed::SignInFailed, caller, now).await?;
            return Ok(SignIn::Wrong);
        };
        let new = match is_current(&old) {
            true => None,
            false => Some(self.passwords.hash(password).await),
        };
        let mut conn = pool.get().await?;
        if let Some(new) = new {
            store::accounts::rehash(&mut conn, &staff.email, &old, &new).await?;
        }
        if account.totp_secret.is_some() {
            return self.ask_for_code(&mut conn, staff, now).await;
        }
        self.admit(&mut conn, staff, SignedInBy::Password, caller, now).await.map(SignIn::In)
    }

    /// Somebody who may sign in by what they typed, as far as there is an account.
    async fn known(
        &self,
        conn: &mut store::Conn,
        address: &str,
    ) -> Result<Option<(&Staff, Account)>, DeskError> {
        // Asked for whoever it is: a question to the database can be measured.
        let asked =
            typed(address).unwrap_or_else(|| "nobody@sign-in.invalid".parse().expect("it is an address"));
        let account = store::accounts::find(conn, &asked).await?;
        Ok(self.settings.staff_by_email(&asked).zip(account))
    }

    /// A session for somebody who has proven everything that is asked for.
    pub(super) async fn admit(
        &self,
        conn: &mut store::Conn,
        staff: &Staff,
        by: SignedInBy,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Token, DeskError> {
        let token = self.begin_session(conn, staff, by, caller, now).await?;
        store::sign_in_tries::forget(conn, staff.email.as_str(), &caller.network).await?;
        self.audit_from(conn, &staff.email, Deed::SignedIn, by.as_str(), caller, now).await?;
        Ok(token)
    }

    /// Keeps that somebody was not let in. What was typed is kept only as far as it is an address: some type their
    /// password into the wrong field.
    pub(super) async fn note_refusal(
        &self,
        conn: &mut store::Conn,
        address: &str,
        deed: Deed,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        // Once for a network and a while: nothing is taken out of the log, and whoever tries on shall not fill it.
        let lately = now - Duration::from_mins(15);
        if deed == Deed::SignInRefused
            && store::audit::was_from(conn, deed.as_str(), &caller.network, lately).await?
        {
            return Ok(());
        }
        let address = typed(address);
        let line = store::audit::NewLine {
            actor: address.as_ref().map_or("", EmailAddress::as_str),
            deed: deed.as_str(),
            about: "",
            network: &caller.network,
        };
        Ok(store::audit::add(conn, &line, now).await?)
    }

    /// Gives a member of staff a password at the command line. All their sessions end, and links to set one are good no longer.
    ///
    /// # Errors
    /// A password that will not do, somebody who is not on the staff list, or the database's.
    pub async fn set_password(
        &self,
        pool: &Pool,
        whose: &EmailAddress,
        password: &str,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let Some(staff) = self.settings.staff_by_email(whose) else {
            return Err(DeskError::NotStaff(whose.clone()));
        };
        if let Some(why) = unfit(password, whose) {
            return Err(DeskError::Hindered(why.to_owned()));
        }
        let hash = self.passwords.hash(password).await;
        let mut conn = pool.get().await?;
        self.keep_password(&mut conn, staff, &hash, now).await?;
        self.audit_command(&mut conn, None, Deed::PasswordSet, whose.as_str(), now).await
    }

    /// Keeps a new password of somebody, ends all their sessions and takes their links back.
    pub(super) async fn keep_password(
        &self,
        conn: &mut store::Conn,
        staff: &Staff,
        hash: &str,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        use diesel_async::AsyncConnection;
        conn.transaction::<_, DeskError, _>(async |conn| {
            store::accounts::ensure(conn, &staff.email, &token::random::<16>(), now).await?;
            store::accounts::set_password(conn, &staff.email, hash, now).await?;
            store::welcome_links::forget(conn, &staff.email).await?;
            store::sessions::end_all(conn, &staff.email, None).await?;
            Ok(())
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_argon2id_as_rfc_9106_recommends_it() {
        let one = hash(b"correct horse battery staple");
        assert!(one.starts_with("$argon2id$v=19$m=65536,t=3,p=4$"), "{one}");
        assert_ne!(one, hash(b"correct horse battery staple"), "each has its own salt");
        assert!(is_current(&one));
        assert!(verify(b"correct horse battery staple", &one));
        assert!(!verify(b"correct horse battery stable", &one));
    }

    #[test]
    fn an_older_hash_is_taken_and_is_not_current() {
        let old =
            Argon2::default().hash_password_with_salt(b"hunter42", b"saltsaltsaltsalt").unwrap().to_string();
        assert!(verify(b"hunter42", &old));
        assert!(!is_current(&old));
        assert!(!verify(b"hunter42", "no hash"));
    }

    #[test]
    fn short_plain_and_own_passwords_will_not_do() {
        let whose: EmailAddress = "bob.builder@example.org".parse().unwrap();
        for (password, fits) in [
            ("", false),
            ("elevenchars", false),
            ("twelve chars", true),
            ("aaaaaaaaaaaaaaaa", false),
            ("abababababababab", false),
            ("bob.builder123", false),
            ("Bob.Builder@example.org", true),
            ("korrekt pferd batterie heftklammer", true),
            ("正しい馬の電池の針を覚えて", true),
        ] {
            assert_eq!(unfit(password, &whose).is_none(), fits, "{password}");
        }
        assert!(unfit(&"abcdefg".repeat(200), &whose).is_some());
    }
}
