//! Another site says who somebody is: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636), state and nonce.
//!
//! Speaks to that site, and knows no database. What is asked for again when the answer comes ([`Pending`]) is kept by
//! whoever calls. Only an address counts that the other site calls verified.

use std::time::Duration;

use openidconnect::{
    AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    TokenResponse,
    core::{CoreClient, CoreProviderMetadata, CoreResponseType},
};
use serde::{Deserialize, Serialize};

use crate::{domain::EmailAddress, settings};

/// How long the other site may take for one answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The other site, as it is configured.
pub struct Provider {
    settings: settings::Oidc,
    redirect: String,
    http: reqwest::Client,
}

/// A sign-in that was begun there.
#[derive(Debug)]
pub struct Begun {
    /// Where the reader goes.
    pub url: String,
    /// What the answer is held against.
    pub pending: Pending,
}

/// What the answer is held against: secret, of one browser, good once.
#[derive(Serialize, Deserialize)]
pub struct Pending {
    state: String,
    nonce: String,
    verifier: String,
}

impl std::fmt::Debug for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pending(…)")
    }
}

/// Why the other site proved nobody.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// It does not answer, or not as it should. The text has no secret.
    #[error("asking {issuer} {what}: {why}")]
    Away {
        /// Whom.
        issuer: String,
        /// For what.
        what: &'static str,
        /// What went wrong.
        why: String,
    },
    /// Its answer is none to what was asked.
    #[error("the answer of {issuer} cannot be believed: {why}")]
    Unbelievable {
        /// Whose.
        issuer: String,
        /// Why.
        why: String,
    },
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Provider {
    /// The other site; `base_url` is where we are reached.
    ///
    /// # Errors
    /// Certificates of the system that cannot be read.
    pub fn new(settings: settings::Oidc, base_url: &str) -> anyhow::Result<Provider> {
        let http = reqwest::Client::builder()
            // What the other site says is not followed anywhere else.
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()?;
        Ok(Provider { redirect: format!("{base_url}/sign-in/oidc/back"), settings, http })
    }

    /// What its button says.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Begins a sign-in.
    ///
    /// # Errors
    /// The other site is away.
    pub async fn begin(&self) -> Result<Begun, OidcError> {
        let client = self.client().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let (url, state, nonce) = client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let pending = Pending {
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
        };
        Ok(Begun { url: url.into(), pending })
    }

    /// Ends it with what the reader brought back: whose address the other site has verified, where it names one.
    ///
    /// # Errors
    /// The other site is away, or its answer cannot be believed.
    pub async fn end(
        &self,
        pending: Pending,
        code: &str,
        state: &str,
    ) -> Result<Option<EmailAddress>, OidcError> {
        // Both are random and long; how many letters of a guess fit tells nothing of use.
        if state != pending.state {
            return Err(self.unbelievable("it is not the answer to what this browser asked"));
        }
        let client = self.client().await?;
        let tokens = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| self.away("for its address of tokens", &error))?
            .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier))
            .request_async(&self.http)
            .await
            .map_err(|error| self.away("for a token", &error))?;
        let token = tokens.id_token().ok_or_else(|| self.unbelievable("it has no ID token"))?;
        let claims = token
            .claims(&client.id_token_verifier(), &Nonce::new(pending.nonce))
            .map_err(|error| self.unbelievable(&told(&error)))?;
        let verified = claims.email_verified() == Some(true);
        let address = claims.email().filter(|_| verified).and_then(|address| address.parse().ok());
        Ok(address)
    }

    /// What the other site says of itself is asked for each time: keys change, and sign-ins are few.
    async fn client(&self) -> Result<Client, OidcError> {
        let issuer =
            IssuerUrl::new(self.settings.issuer.clone()).map_err(|error| self.away("what it is", &error))?;
        let metadata = CoreProviderMetadata::discover_async(issuer, &self.http)
            .await
            .map_err(|error| self.away("what it is", &error))?;
        let redirect =
            RedirectUrl::new(self.redirect.clone()).map_err(|error| self.away("to come back", &error))?;
        let (id, secret) = (&self.settings.client_id, self.settings.client_secret.expose());
        let secret = ClientSecret::new(secret.to_owned());
        Ok(CoreClient::from_provider_metadata(metadata, ClientId::new(id.clone()), Some(secret))
            .set_redirect_uri(redirect))
    }

    fn away(&self, what: &'static str, error: &dyn std::error::Error) -> OidcError {
        OidcError::Away { issuer: self.settings.issuer.clone(), what, why: told(error) }
    }

    fn unbelievable(&self, why: &str) -> OidcError {
        OidcError::Unbelievable { issuer: self.settings.issuer.clone(), why: why.to_owned() }
    }
}

/// An error with its causes, in one line.
fn told(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        told.push_str(": ");
        told.push_str(&error.to_string());
        cause = error.source();
    }
    told
}
