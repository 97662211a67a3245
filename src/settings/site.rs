//! `[site]`: what the desk is called, and the secret its signatures are made with.

use std::path::PathBuf;
use std::time::Duration;

use super::error::SettingsError;
use super::kinds::Setting;
use jiff::tz::TimeZone;

use super::reader::Reader;
use super::secret::{Secret, SecretSource};
use super::secret_file;
use crate::domain::Language;
use crate::domain::reference::SigningKey;

/// The desk as a whole.
#[derive(Clone, Debug)]
pub struct Site {
    /// What the desk is called in mails and on pages.
    pub name: String,
    /// Where its pages are reached from outside, without a slash at the end.
    pub base_url: String,
    /// Where the signing secret is.
    pub secret: SecretSource,
    /// What stands before the number in `[DG-17]`.
    pub reference: String,
    /// A folder whose templates replace the built-in ones of the same name.
    pub templates: Option<PathBuf>,
    /// How long after closing a customer's reply opens the ticket again; later
    /// it becomes a follow-up.
    pub reopen_for: Duration,
    /// The zone of times in mails, unless their reader has one, and of calendars that name none.
    pub zone: TimeZone,
    /// How long after a release customers may take a last look, before what is verified closes by silence.
    pub last_look: Duration,
    /// The language of mails to people whose language is not known.
    pub language: Language,
}

impl Site {
    pub(super) fn read(t: &mut Reader<'_>) -> Site {
        Site {
            name: t.required("name"),
            base_url: base_url(t),
            secret: secret(t),
            reference: reference(t),
            templates: t.optional("templates"),
            reopen_for: t.duration("reopen_for", Duration::from_hours(14 * 24), Duration::ZERO),
            zone: t.or("zone", TimeZone::UTC),
            last_look: t.duration("last_look", Duration::from_hours(7 * 24), Duration::from_secs(1)),
            language: t.or("language", Language::En),
        }
    }

    /// The key all signatures are made with. A secret file that is not there is
    /// made, with 64 random hex digits and for its owner alone.
    ///
    /// # Errors
    /// When the file can be neither read nor made, when every user can open it,
    /// or when the secret is shorter than [`SigningKey::MIN_BYTES`].
    pub fn signing_key(&self) -> Result<SigningKey, SettingsError> {
        match &self.secret {
            SecretSource::Value(secret) => signing_key(secret).map_err(SettingsError::ShortSecret),
            SecretSource::File(path) => secret_file::open(path),
        }
    }
}

impl Site {
    /// The key, where its secret is there already; makes no file.
    pub fn existing_key(&self) -> Option<SigningKey> {
        match &self.secret {
            SecretSource::File(path) if !path.exists() => None,
            _ => self.signing_key().ok(),
        }
    }
}

fn signing_key(secret: &Secret) -> Result<SigningKey, String> {
    let bytes = secret.expose().as_bytes();
    SigningKey::new(bytes.to_vec()).ok_or_else(|| secret_file::too_short(bytes.len()))
}

fn secret(t: &mut Reader<'_>) -> SecretSource {
    let default = t.folder().join("deskgate.secret");
    let source = t.secret(["secret", "secret_file", "secret_env"]);
    if let Some(SecretSource::Value(secret)) = &source
        && *secret != Secret::stand_in()
        && let Err(why) = signing_key(secret)
    {
        let key = if t.has("secret") { "secret" } else { "secret_env" };
        t.refuse(key, format!("`{}`: {why}", t.name(key)));
    }
    source.unwrap_or_else(|| SecretSource::File(t.or("secret_file", default)))
}

fn base_url(t: &mut Reader<'_>) -> String {
    let url: String = t.required("base_url");
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or_default();
    let host = rest.split('/').next().unwrap_or_default();
    if host.is_empty() || rest.contains(|c: char| c.is_whitespace() || "?#@".contains(c)) {
        t.refuse(
            "base_url",
            format!(
                "`site.base_url` is the text \"{url}\"; expected where people reach the desk, starting with \
                 https:// or http://, such as \"https://desk.example.org\""
            ),
        );
    }
    url.trim_end_matches('/').to_owned()
}

fn reference(t: &mut Reader<'_>) -> String {
    let prefix: String = t.or("reference", "DG".to_owned());
    if prefix.len() > 10 || !prefix.bytes().all(|b| b.is_ascii_alphanumeric()) {
        t.refuse(
            "reference",
            format!(
                "`site.reference` is the text \"{prefix}\"; expected up to 10 letters and digits, such as \"DG\" \
                 for [DG-17]"
            ),
        );
    }
    prefix
}
