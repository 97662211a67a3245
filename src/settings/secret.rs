//! Secrets: passwords and the site's signing secret, which no log, error or
//! debug print ever shows.
//!
//! Each can be given in three ways, of which a table may use one: as text
//! (`password`), as a file that holds it (`password_file`), or as the name of
//! an environment variable that holds it (`password_env`).

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use super::kinds::{Misread, Setting, filled};
use super::reader::Reader;
use super::value::Value;

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The secret itself, for the one who has to present it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Secret(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Where a secret is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// Known already: written out, or taken from a variable.
    Value(Secret),
    /// In this file.
    File(PathBuf),
}

impl Setting for Secret {
    const SECRET: bool = true;

    fn expected() -> String {
        "text".to_owned()
    }

    fn read(value: &Value, _: &Path) -> Result<Self, Misread> {
        filled(value).map(|text| Secret(text.to_owned()))
    }

    fn stand_in() -> Self {
        Secret(String::new())
    }

    fn show(&self) -> String {
        "set (not shown)".to_owned()
    }
}

impl Reader<'_> {
    /// A secret under `[key, key_file, key_env]`, exactly one of which may be
    /// set. A variable's choice beats the file's.
    pub fn secret(&mut self, keys: [&'static str; 3]) -> Option<SecretSource> {
        let [text, file, env] = keys;
        let (secret, path, name) = (self.optional(text), self.optional(file), self.optional::<String>(env));
        let mut given = keys.to_vec();
        given.retain(|key| self.has(key));
        if given.iter().any(|key| self.by_variable(key)) {
            given.retain(|key| self.by_variable(key));
        }
        match given.as_slice() {
            [] => None,
            [key] if *key == text => secret.map(SecretSource::Value),
            [key] if *key == file => path.map(SecretSource::File),
            [_] => name.map(|name| SecretSource::Value(self.secret_of(env, &name))),
            [first, second, ..] => {
                let path = self.path();
                self.refuse(
                    first,
                    format!(
                        "`{path}` has both `{first}` and `{second}`; keep one of `{text}`, `{file}` and `{env}`"
                    ),
                );
                Some(SecretSource::Value(Secret::stand_in()))
            }
        }
    }

    /// A password under `password`, `password_file` or `password_env`, read now.
    pub fn password(&mut self) -> Option<Secret> {
        self.kept_secret(["password", "password_file", "password_env"])
    }

    /// A secret under `[key, key_file, key_env]`, read now.
    pub fn kept_secret(&mut self, keys: [&'static str; 3]) -> Option<Secret> {
        let [_, file, _] = keys;
        match self.secret(keys)? {
            SecretSource::Value(secret) => Some(secret),
            SecretSource::File(path) => Some(self.secret_in(file, &path)),
        }
    }

    fn secret_of(&self, key: &str, variable: &str) -> Secret {
        let name = self.name(key);
        let problem = match self.variable(variable) {
            Some(text) if !text.trim().is_empty() => return Secret(text.to_owned()),
            Some(_) => "is empty",
            None => "is not set",
        };
        self.refuse(key, format!("`{name}`: the environment variable {variable} {problem}"));
        Secret::stand_in()
    }

    fn secret_in(&self, key: &'static str, path: &Path) -> Secret {
        let shown = path.display();
        let name = self.name(key);
        match fs::read_to_string(path) {
            Ok(text) if !text.trim().is_empty() => Secret(text.trim_end_matches(['\r', '\n']).to_owned()),
            Ok(_) => {
                self.refuse(key, format!("`{name}`: the file {shown} is empty"));
                Secret::stand_in()
            }
            Err(cause) => {
                self.refuse(key, format!("`{name}`: cannot read the file {shown}: {cause}"));
                Secret::stand_in()
            }
        }
    }
}
