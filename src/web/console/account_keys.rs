//! `/account/codes` and `/account/passkeys`: what somebody has beside, or instead of, a password.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use jiff::Timestamp;
use qrcode::{EcLevel, QrCode, render::svg};
use serde::{Deserialize, Serialize};

use super::{
    account::{renewed, told},
    caller::Knock,
    csrf::Posted,
    denial::Denial,
    guard::Signed,
    outside,
    shell::{self, PageOf},
    sign_in_passkey,
};
use crate::{desk::NewCodes, web::Site};

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/account/codes", get(offer).post(codes_on))
        .route("/account/codes/off", post(codes_off))
        .route("/account/codes/recovery", post(recovery))
        .route("/account/passkeys/begin", post(begin_passkey))
        .route("/account/passkeys", post(add_passkey))
        .route("/account/passkeys/remove", post(remove_passkey))
}

/// What the page with the picture says.
#[derive(Serialize)]
struct CodesView {
    picture: String,
    /// In groups of four letters, as people type it.
    secret: String,
    sealed: String,
    passwords: bool,
}

async fn offer(State(site): State<Arc<Site>>, signed: Signed) -> Result<Response, Denial> {
    let codes = site.desk.new_codes(&signed.session)?;
    let view = CodesView {
        picture: picture(&codes),
        secret: in_fours(&codes.secret),
        sealed: codes.sealed,
        passwords: site.desk.settings.sign_in.password,
    };
    let title = site.console.say("account-codes.title", &[]);
    shell::page(&site, signed, &PageOf::new("account_codes", "", &title), &view)
}

/// A QR code as SVG, dark on light in both themes: cameras want it so. Empty where the text is too long for one; it
/// stands beside it.
fn picture(codes: &NewCodes) -> String {
    let Ok(code) = QrCode::with_error_correction_level(&codes.url, EcLevel::M) else { return String::new() };
    let whole = code.render::<svg::Color<'_>>().min_dimensions(220, 220).build();
    whole
        .split_once("?>")
        .map(|(_, svg)| svg.replacen("<svg ", "<svg role=\"img\" aria-hidden=\"true\" ", 1))
        .unwrap_or_default()
}

fn in_fours(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[derive(Deserialize)]
struct First {
    #[serde(default)]
    sealed: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    password: String,
}

#[derive(Serialize)]
struct RecoveryView {
    codes: Vec<String>,
}

async fn codes_on(
    State(site): State<Arc<Site>>,
    Knock(caller): Knock,
    sent: Posted<First>,
) -> Result<Response, Denial> {
    let First { sealed, code, password } = &sent.form;
    let (session, proof) = (&sent.signed.session, (sealed.as_str(), code.as_str(), password.as_str()));
    match site.desk.codes_on(&site.pool, session, proof, &caller, Timestamp::now()).await {
        Ok((token, codes)) => {
            // The page is of the new session, whose forms carry another value.
            let mut signed = sent.signed;
            signed.session.csrf = site.desk.form_value(token.expose());
            Ok((outside::signed_in(&site, &token), recovery_page(&site, signed, codes)?).into_response())
        }
        Err(error) => told(&site, Err(error), ""),
    }
}

/// The one time that recovery codes are shown.
fn recovery_page(site: &Site, signed: Signed, codes: Vec<String>) -> Result<Response, Denial> {
    let title = site.console.say("account-recovery.title", &[]);
    shell::page(site, signed, &PageOf::new("account_recovery", "", &title), &RecoveryView { codes })
}

#[derive(Deserialize)]
struct Again {
    #[serde(default)]
    password: String,
}

async fn codes_off(
    State(site): State<Arc<Site>>,
    Knock(caller): Knock,
    sent: Posted<Again>,
) -> Result<Response, Denial> {
    let (session, password) = (&sent.signed.session, &sent.form.password);
    let done = site.desk.codes_off(&site.pool, session, password, &caller, Timestamp::now()).await;
    renewed(&site, done, "account.codes-off")
}

async fn recovery(
    State(site): State<Arc<Site>>,
    Knock(caller): Knock,
    sent: Posted<Again>,
) -> Result<Response, Denial> {
    let (session, password) = (&sent.signed.session, &sent.form.password);
    match site.desk.new_recovery_codes(&site.pool, session, password, &caller, Timestamp::now()).await {
        Ok(codes) => recovery_page(&site, sent.signed, codes),
        Err(error) => told(&site, Err(error), ""),
    }
}

async fn begin_passkey(
    State(site): State<Arc<Site>>,
    Knock(caller): Knock,
    sent: Posted<Again>,
) -> Result<Response, Denial> {
    let (session, password) = (&sent.signed.session, &sent.form.password);
    let options = site.desk.begin_passkey(&site.pool, session, password, &caller, Timestamp::now()).await;
    sign_in_passkey::told(options)
}

#[derive(Deserialize)]
struct NewKey {
    #[serde(default)]
    name: String,
    #[serde(default)]
    answer: String,
}

async fn add_passkey(
    State(site): State<Arc<Site>>,
    Knock(caller): Knock,
    sent: Posted<NewKey>,
) -> Result<Response, Denial> {
    let mut conn = site.pool.get().await?;
    let (session, key) = (&sent.signed.session, (sent.form.name.as_str(), sent.form.answer.as_str()));
    let done = site.desk.add_passkey(&mut conn, session, key, &caller, Timestamp::now()).await;
    renewed(&site, done, "account.passkey-added")
}

#[derive(Deserialize)]
struct OldKey {
    id: i64,
    #[serde(default)]
    password: String,
}

async fn remove_passkey(
    State(site): State<Arc<Site>>,
    Knock(caller): Knock,
    sent: Posted<OldKey>,
) -> Result<Response, Denial> {
    let (session, key) = (&sent.signed.session, (sent.form.id, sent.form.password.as_str()));
    let done = site.desk.remove_passkey(&site.pool, session, key, &caller, Timestamp::now()).await;
    renewed(&site, done, "account.passkey-removed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_in_fours_and_drawn_without_styles() {
        assert_eq!(in_fours("ABCDEFGHIJ"), "ABCD EFGH IJ");
        let url = "otpauth://totp/Desk:bob%40example.org?secret=ABCDEFGH&issuer=Desk".to_owned();
        let codes = NewCodes { url, secret: String::new(), sealed: String::new() };
        let svg = picture(&codes);
        assert!(svg.starts_with("<svg role=\"img\"") && !svg.contains("style"), "{svg}");
    }
}
