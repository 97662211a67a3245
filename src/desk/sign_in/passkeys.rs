//! Passkeys (Web Authentication, level 3). The browser shows those that it has for this site, so nobody has to be
//! named first, and nobody learns who has one. Each is used only when its device has asked for its owner, which
//! makes it two factors in one.

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Uuid, Webauthn, WebauthnBuilder,
};

use super::{Caller, Session, SignIn, SignedInBy, Token, step::Kind, token};
use crate::{
    desk::{Deed, Desk, DeskError},
    store::{self, Conn, Pool},
};

/// The longest name of a passkey, in characters.
const LONGEST_NAME: usize = 60;

impl Desk {
    /// Whether passkeys can be used here: browsers have them only under a name, and only where nobody can listen.
    pub fn has_passkeys(&self) -> bool {
        self.webauthn().is_some()
    }

    fn webauthn(&self) -> Option<Webauthn> {
        let site = &self.settings.site;
        let url = Url::parse(&site.base_url).ok()?;
        let host = url.domain()?.to_owned();
        if url.scheme() != "https" && host != "localhost" {
            return None;
        }
        WebauthnBuilder::new(&host, &url).ok()?.rp_name(&site.name).build().ok()
    }

    /// What a browser asks its passkeys, for whoever they are of. The answer must come with the same cookie.
    ///
    /// # Errors
    /// A site that has no passkeys, or the database's.
    pub async fn begin_passkey_sign_in(
        &self,
        conn: &mut Conn,
        cookie: &str,
        now: Timestamp,
    ) -> Result<Value, DeskError> {
        let webauthn = self.webauthn().ok_or_else(no_passkeys)?;
        let (mut challenge, state) = webauthn.start_discoverable_authentication().map_err(refused)?;
        // A button was pressed; it is no hint in a field.
        challenge.mediation = None;
        self.begin_step(conn, cookie, Kind::Passkey, None, &kept(&state), now).await?;
        Ok(kept(&challenge.public_key))
    }

    /// Signs somebody in by what their passkey answered.
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_in_by_passkey(
        &self,
        conn: &mut Conn,
        cookie: &str,
        answer: &str,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<SignIn, DeskError> {
        let Some((_, state)) = self.take_step(conn, cookie, Kind::Passkey, now).await? else {
            return Ok(SignIn::Over);
        };
        let became = conn
            .transaction::<_, DeskError, _>(async |conn| {
                let Some((id, address, passkey)) = self.passkey_of(conn, &state, answer).await? else {
                    return Ok(None);
                };
                let staff = address.parse().ok().and_then(|address| self.settings.staff_by_email(&address));
                let Some(staff) = staff else { return Ok(None) };
                store::passkeys::used(conn, id, &passkey, now).await?;
                self.admit(conn, staff, SignedInBy::Passkey, caller, now).await.map(Some)
            })
            .await?;
        match became {
            Some(token) => Ok(SignIn::In(token)),
            None => {
                self.note_refusal(conn, "", Deed::SignInFailed, caller, now).await?;
                Ok(SignIn::Wrong)
            }
        }
    }

    /// Row and owner of the passkey that gave a good answer, and the passkey as it is now.
    async fn passkey_of(
        &self,
        conn: &mut Conn,
        state: &Value,
        answer: &str,
    ) -> Result<Option<(i64, String, Value)>, DeskError> {
        let read = || {
            let state: DiscoverableAuthentication = serde_json::from_value(state.clone()).ok()?;
            let answer: PublicKeyCredential = serde_json::from_str(answer).ok()?;
            Some((self.webauthn()?, state, answer))
        };
        let Some((webauthn, state, answer)) = read() else { return Ok(None) };
        let Ok((handle, credential)) = webauthn.identify_discoverable_authentication(&answer) else {
            return Ok(None);
        };
        let found = store::passkeys::by_credential(conn, credential, handle.as_bytes()).await?;
        let Some((id, address, stored)) = found else { return Ok(None) };
        let Ok(mut passkey) = serde_json::from_value::<Passkey>(stored) else { return Ok(None) };
        let Ok(result) = webauthn.finish_discoverable_authentication_v2(&answer, state, &passkey) else {
            return Ok(None);
        };
        if !result.user_verified() {
            return Ok(None);
        }
        passkey.update_credential(&result);
        Ok(Some((id, address, kept(&passkey))))
    }

    /// What a browser asks a device for a new passkey of somebody.
    ///
    /// # Errors
    /// A wrong password, a site that has no passkeys, or the database's.
    pub async fn begin_passkey(
        &self,
        pool: &Pool,
        session: &Session,
        password: &str,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Value, DeskError> {
        let webauthn = self.webauthn().ok_or_else(no_passkeys)?;
        self.prove_again(pool, session, password, caller, now).await?;
        let (whose, name) = (&session.staff.email, &session.staff.name);
        let mut conn = pool.get().await?;
        let account = store::accounts::ensure(&mut conn, whose, &token::random::<16>(), now).await?;
        let handle = Uuid::from_slice(&account.handle).map_err(|_| no_passkeys())?;
        let known = store::passkeys::credentials(&mut conn, whose).await?;
        let known = Some(known);
        let (challenge, state) =
            webauthn.start_passkey_registration(handle, whose.as_str(), name, known).map_err(refused)?;
        // The state does not hold the answer to this: a key that its device cannot find by itself is of no use here.
        let mut options = kept(&challenge.public_key);
        options["authenticatorSelection"]["residentKey"] = json!("required");
        options["authenticatorSelection"]["requireResidentKey"] = json!(true);
        self.begin_step(&mut conn, &session.csrf, Kind::NewPasskey, Some(whose), &kept(&state), now).await?;
        Ok(options)
    }

    /// Keeps a new passkey of somebody; all their other sessions end.
    ///
    /// # Errors
    /// An answer that does not fit, or the database's.
    pub async fn add_passkey(
        &self,
        conn: &mut Conn,
        session: &Session,
        (name, answer): (&str, &str),
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Token, DeskError> {
        let whose = &session.staff.email;
        let begun = self.take_step(conn, &session.csrf, Kind::NewPasskey, now).await?;
        let read = || {
            let state: PasskeyRegistration = serde_json::from_value(begun?.1).ok()?;
            let answer: RegisterPublicKeyCredential = serde_json::from_str(answer).ok()?;
            self.webauthn()?.finish_passkey_registration(&answer, &state).ok()
        };
        let passkey = read().ok_or_else(|| {
            DeskError::Hindered(
                "The device did not give a passkey that can be used here; try again.".to_owned(),
            )
        })?;
        let name: String = match name.trim() {
            "" => caller.device.clone(),
            name => name.chars().take(LONGEST_NAME).collect(),
        };
        conn.transaction::<_, DeskError, _>(async |conn| {
            if !store::passkeys::add(conn, whose, passkey.cred_id(), &name, &kept(&passkey), now).await? {
                return Err(DeskError::Hindered("This passkey is known already.".to_owned()));
            }
            self.audit_from(conn, whose, Deed::PasskeyAdded, &name, caller, now).await?;
            self.begin_anew(conn, session, SignedInBy::Passkey, caller, now).await
        })
        .await
    }

    /// Removes a passkey of somebody; all their other sessions end.
    ///
    /// # Errors
    /// A wrong password, one that is not there, or the database's.
    pub async fn remove_passkey(
        &self,
        pool: &Pool,
        session: &Session,
        (id, password): (i64, &str),
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Token, DeskError> {
        self.prove_again(pool, session, password, caller, now).await?;
        let whose = &session.staff.email;
        let mut conn = pool.get().await?;
        conn.transaction::<_, DeskError, _>(async |conn| {
            let name = store::passkeys::remove(conn, whose, id).await?;
            let name = name.ok_or_else(|| DeskError::Hindered("This passkey is gone already.".to_owned()))?;
            self.audit_from(conn, whose, Deed::PasskeyRemoved, &name, caller, now).await?;
            self.begin_anew(conn, session, session.signed_in_by, caller, now).await
        })
        .await
    }
}

fn kept(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).expect("what Web Authentication exchanges is made for JSON")
}

fn no_passkeys() -> DeskError {
    DeskError::Hindered(
        "There are no passkeys here: `site.base_url` has to begin with https:// and name a host.".to_owned(),
    )
}

fn refused(error: webauthn_rs::prelude::WebauthnError) -> DeskError {
    DeskError::Hindered(format!("Asking for a passkey failed: {error}."))
}
