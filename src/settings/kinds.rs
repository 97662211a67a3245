//! The kinds of values a key can take: how each is read, what a message says it
//! expected, and how it is shown.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::{Span, SpanRelativeTo};

use super::value::Value;
use crate::domain::{EmailAddress, Word};

/// A type that a key can have.
pub(super) trait Setting: Sized {
    /// Whether the value must never be shown.
    const SECRET: bool = false;

    /// Whether the file has it without quotes.
    const BARE: bool = false;

    /// What the key takes, as the end of "expected …".
    fn expected() -> String;

    /// Reads a value; relative paths are relative to `folder`.
    fn read(value: &Value, folder: &Path) -> Result<Self, Misread>;

    /// Stands for a value that could not be read, until all faults are told.
    fn stand_in() -> Self;

    /// The value for people.
    fn show(&self) -> String;
}

/// Why a value cannot be read.
pub(super) enum Misread {
    /// It is something else than expected.
    Unexpected,
    /// It is the right kind, but will not do.
    Because(String),
}

impl Setting for String {
    fn expected() -> String {
        "text".to_owned()
    }

    fn read(value: &Value, _: &Path) -> Result<Self, Misread> {
        let text = filled(value)?;
        if text.chars().any(char::is_control) {
            return Err(Misread::Because("it has a control character or a line break in it".to_owned()));
        }
        Ok(text.to_owned())
    }

    fn stand_in() -> Self {
        String::new()
    }

    fn show(&self) -> String {
        self.clone()
    }
}

impl Setting for bool {
    const BARE: bool = true;

    fn expected() -> String {
        "true or false".to_owned()
    }

    fn read(value: &Value, _: &Path) -> Result<Self, Misread> {
        match value {
            Value::Flag(flag) => Ok(*flag),
            Value::Variable(text) => text.trim().to_lowercase().parse().map_err(|_| Misread::Unexpected),
            _ => Err(Misread::Unexpected),
        }
    }

    fn stand_in() -> Self {
        false
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Setting for PathBuf {
    fn expected() -> String {
        "the path of a file or folder".to_owned()
    }

    fn read(value: &Value, folder: &Path) -> Result<Self, Misread> {
        Ok(folder.join(String::read(value, folder)?))
    }

    fn stand_in() -> Self {
        PathBuf::new()
    }

    fn show(&self) -> String {
        self.display().to_string()
    }
}

impl Setting for EmailAddress {
    fn expected() -> String {
        "a mail address such as \"support@example.org\"".to_owned()
    }

    fn read(value: &Value, _: &Path) -> Result<Self, Misread> {
        filled(value)?.parse().map_err(|error| Misread::Because(format!("{error}")))
    }

    fn stand_in() -> Self {
        "unread@settings.invalid".parse().expect("this is a plain address")
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Setting for SocketAddr {
    fn expected() -> String {
        "an IP address and a port, such as \"127.0.0.1:8080\" or \"[::1]:8080\"".to_owned()
    }

    fn read(value: &Value, _: &Path) -> Result<Self, Misread> {
        filled(value)?.trim().parse().map_err(|_| Misread::Unexpected)
    }

    fn stand_in() -> Self {
        ([127, 0, 0, 1], 0).into()
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Setting for Duration {
    fn expected() -> String {
        "a length of time with its unit, such as \"60s\", \"10m\", \"1h 30m\" or \"14d\"".to_owned()
    }

    fn read(value: &Value, _: &Path) -> Result<Self, Misread> {
        let span: Span = filled(value)?.trim().parse().map_err(|_| Misread::Unexpected)?;
        let length =
            span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| Misread::Unexpected)?;
        Duration::try_from(length).map_err(|_| Misread::Unexpected)
    }

    fn stand_in() -> Self {
        Duration::ZERO
    }

    fn show(&self) -> String {
        let seconds = self.as_secs();
        let units = [("d", 86_400), ("h", 3_600), ("m", 60)];
        let whole = units.iter().find(|(_, size)| seconds > 0 && seconds.is_multiple_of(*size));
        match whole {
            _ if self.subsec_nanos() > 0 => format!("{self:?}"),
            Some((unit, size)) => format!("{}{unit}", seconds / size),
            None => format!("{seconds}s"),
        }
    }
}

impl<W: Word> Setting for W {
    fn expected() -> String {
        let words: Vec<String> = W::ALL.iter().map(|word| format!("\"{word}\"")).collect();
        format!("one of {}", words.join(", "))
    }

    fn read(value: &Value, _: &Path) -> Result<Self, Misread> {
        W::from_word(filled(value)?).map_err(|unknown| Misread::Because(unknown.to_string()))
    }

    fn stand_in() -> Self {
        *W::ALL.first().expect("an enum of words has at least one")
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl<W: Word> Setting for Vec<W> {
    fn expected() -> String {
        format!("a list in brackets, of {}", W::expected().trim_start_matches("one of "))
    }

    fn read(value: &Value, folder: &Path) -> Result<Self, Misread> {
        list(value, folder)
    }

    fn stand_in() -> Self {
        Vec::new()
    }

    fn show(&self) -> String {
        self.iter().map(W::to_string).collect::<Vec<_>>().join(", ")
    }
}

impl Setting for Vec<String> {
    fn expected() -> String {
        "a list of texts in brackets".to_owned()
    }

    fn read(value: &Value, folder: &Path) -> Result<Self, Misread> {
        list(value, folder)
    }

    fn stand_in() -> Self {
        Vec::new()
    }

    fn show(&self) -> String {
        self.join(", ")
    }
}

impl Setting for Vec<EmailAddress> {
    fn expected() -> String {
        "a list of addresses in brackets".to_owned()
    }

    fn read(value: &Value, folder: &Path) -> Result<Self, Misread> {
        list(value, folder)
    }

    fn stand_in() -> Self {
        Vec::new()
    }

    fn show(&self) -> String {
        self.iter().map(EmailAddress::to_string).collect::<Vec<_>>().join(", ")
    }
}

/// A list in brackets; in a variable, with commas.
pub(super) fn list<T: Setting>(value: &Value, folder: &Path) -> Result<Vec<T>, Misread> {
    match value {
        Value::List(items) => items.iter().map(|item| T::read(&item.value, folder)).collect(),
        Value::Variable(text) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            parts.map(|part| T::read(&Value::Variable(part.to_owned()), folder)).collect()
        }
        _ => Err(Misread::Unexpected),
    }
}

/// What to say of quotes behind "expected …": those that are missing, or too many.
pub(super) fn quotes(value: &Value, bare: bool) -> &'static str {
    match value {
        Value::Text(_) if bare => ", without quotes",
        Value::Number(_) | Value::Flag(_) | Value::Other(_) if !bare => ", in quotes",
        _ => "",
    }
}

/// A text with something in it.
pub(super) fn filled(value: &Value) -> Result<&str, Misread> {
    value.text().filter(|text| !text.trim().is_empty()).ok_or(Misread::Unexpected)
}
