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

/// Who says in which zone somebody reads times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZoneFrom {
    /// They chose it for their account.
    Account,
    /// It stands beside them in the staff list.
    Staff,
    /// Their browser.
    Browser,
    /// Nobody; it is that of the site.
    Site,
}

word!(ZoneFrom, "origin of a zone", {
    Account => "account",
    Staff => "staff",
    Browser => "browser",
    Site => "site",
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
    /// Who says so.
    pub zone_from: ZoneFrom,
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

    /// Their browser says in which zone it is. That counts where neither they nor the staff list said, and only for a
    /// zone that there is.
    pub fn hear_zone(&mut self, zone: &str) {
        if self.zone_from == ZoneFrom::Site
            && let Some(zone) = zone_called(zone)
        {
            (self.zone, self.zone_from) = (zone, ZoneFrom::Browser);
        }
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
        let (zone, zone_from) = match known.zone.as_deref().and_then(zone_called) {
            Some(chosen) => (chosen, ZoneFrom::Account),
            None if staff.zone_is_own => (staff.zone.clone(), ZoneFrom::Staff),
            None => (staff.zone.clone(), ZoneFrom::Site),
        };
        good.then(|| Session {
            id: known.id,
            person: known.person(),
            csrf: self.key.form_value(token),
            zone,
            zone_from,
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

/// The zone of this name in the database of time zones.
pub(super) fn zone_called(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok().filter(|zone| zone.iana_name().is_some())
}

/// A member of staff by what somebody typed.
pub(super) fn typed(address: &str) -> Option<EmailAddress> {
    address.trim().parse().ok()
}
