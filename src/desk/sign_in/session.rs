//! Sessions: whose a cookie is, and for how long.

use diesel_async::AsyncConnection;
use jiff::{Timestamp, tz::TimeZone};
use std::time::Duration;

use super::{Caller, Token, token};
use crate::{
    desk::{Deed, Desk, DeskError},
    domain::{EmailAddress, NamedAddress, PersonId, Word, words::word},
    settings::{self, Role, Staff},
    store::{self, Conn, sessions::NewSession},
};

/// That a session was used is written down no more often than this.
const NOTED_EVERY: Duration = Duration::from_mins(5);

/// What proved who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedInBy {
    /// A password alone.
    Password,
    /// A password, and a one-time code.
    Code,
    /// A password, and a recovery code.
    Recovery,
    /// A passkey, which asked for its owner.
    Passkey,
    /// Another site.
    Oidc,
}

word!(SignedInBy, "way to sign in", {
    Password => "password",
    Code => "code",
    Recovery => "recovery",
    Passkey => "passkey",
    Oidc => "oidc",
});

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its row.
    pub id: i64,
    /// Who, as the staff list has them now.
    pub staff: settings::Staff,
    /// Their row among people.
    pub person: PersonId,
    /// What their forms carry: made of the cookie, which cannot be told from it.
    pub csrf: String,
    /// In which zone they read times.
    pub zone: TimeZone,
    /// The colours of pages: `light` or `dark` where they chose, else `auto`, as the device has it.
    pub theme: String,
    /// What proved who they are.
    pub signed_in_by: SignedInBy,
    /// Their role asks for a second factor, and they came without: they may set one up, and nothing else.
    pub owes_second_factor: bool,
}

impl Session {
    /// Who, as mails name them.
    pub fn named(&self) -> NamedAddress {
        NamedAddress::new(&self.staff.name, self.staff.email.clone())
    }
}

impl Desk {
    /// Whose a cookie is. Nobody's when it is none of ours, when the session was ended, was not used for too long or
    /// is too old, when its owner is not on the staff list any more, and when they have another role than they
    /// signed in with. `used` says whether that is a sign of its owner.
    ///
    /// # Errors
    /// The database's.
    pub async fn session(
        &self,
        conn: &mut Conn,
        token: &str,
        used: bool,
        now: Timestamp,
    ) -> Result<Option<Session>, DeskError> {
        let Some(known) = store::sessions::by_token(conn, &token::digest(token)).await? else {
            return Ok(None);
        };
        let Some(session) = self.still_good(&known, token, now) else { return Ok(None) };
        if used && known.last_seen_at.to_jiff() + NOTED_EVERY < now {
            store::sessions::seen(conn, known.id, now).await?;
        }
        Ok(Some(session))
    }

    fn still_good(&self, known: &store::sessions::Known, token: &str, now: Timestamp) -> Option<Session> {
        let staff = self.settings.staff_by_email(&known.address.parse().ok()?)?;
        let signed_in_by = SignedInBy::from_word(&known.signed_in_by).ok()?;
        let idle = known.last_seen_at.to_jiff() + self.settings.sign_in.idle;
        let good = now < known.expires_at.to_jiff() && now < idle && known.role == staff.role.as_str();
        good.then(|| Session {
            id: known.id,
            person: known.person(),
            csrf: self.key.form_value(token),
            zone: known.zone.as_deref().and_then(zone_called).unwrap_or_else(|| staff.zone.clone()),
            theme: known.theme.clone().unwrap_or_else(|| "auto".to_owned()),
            owes_second_factor: signed_in_by == SignedInBy::Password && self.asks_two_factors(staff.role),
            signed_in_by,
            staff: staff.clone(),
        })
    }

    fn asks_two_factors(&self, role: Role) -> bool {
        self.settings.sign_in.second_factor.contains(&role)
    }

    /// Begins a session, with a cookie that nobody had before.
    pub(super) async fn begin_session(
        &self,
        conn: &mut Conn,
        staff: &Staff,
        by: SignedInBy,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Token, DeskError> {
        let token = Token::new();
        let named = NamedAddress::new(&staff.name, staff.email.clone());
        conn.transaction::<_, DeskError, _>(async |conn| {
            store::people::learn(conn, &named, None, now).await?;
            store::accounts::ensure(conn, &staff.email, &token::random::<16>(), now).await?;
            store::sessions::sweep(conn, now).await?;
            let new = NewSession {
                token_hash: &token.digest(),
                address: &staff.email,
                role: staff.role.as_str(),
                expires_at: now + self.settings.sign_in.lifetime,
                device: &caller.device,
                network: &caller.network,
                signed_in_by: by.as_str(),
            };
            Ok(store::sessions::add(conn, &new, now).await?)
        })
        .await?;
        Ok(token)
    }

    /// What the forms of a browser carry that has this cookie.
    pub fn form_value(&self, cookie: &str) -> String {
        self.key.form_value(cookie)
    }

    /// Ends the session of a cookie, which is good no longer.
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_out(
        &self,
        conn: &mut Conn,
        session: &Session,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        store::sessions::end(conn, &session.staff.email, session.id).await?;
        self.audit_from(conn, &session.staff.email, Deed::SignedOut, "", caller, now).await
    }
}

/// The zone of a name that was checked when it was kept.
fn zone_called(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

/// A member of staff by what somebody typed.
pub(super) fn typed(address: &str) -> Option<EmailAddress> {
    address.trim().parse().ok()
}
