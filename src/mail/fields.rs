//! Header fields as they stand in the bytes, in document order.
//!
//! mail-parser answers with the last of several equal fields and forgives white
//! space inside a field name. Where trust hangs on a field, both matter: here a
//! name must be spelled exactly (letter case aside), and all fields are given.

use mail_parser::{Header, Message};

/// The longest field value looked at, in bytes. Far beyond any honest field; the
/// rest of a longer one is not read.
const MAX_VALUE_BYTES: usize = 64 * 1024;

/// The header fields of one mail.
#[derive(Clone, Copy)]
pub(super) struct Fields<'m> {
    headers: &'m [Header<'m>],
    raw: &'m [u8],
}

impl<'m> Fields<'m> {
    /// The fields of the mail itself, not those of its parts.
    pub fn of(message: &'m Message<'m>, raw: &'m [u8]) -> Self {
        Fields { headers: message.parts.first().map_or(&[], |root| root.headers.as_slice()), raw }
    }

    /// Every value of a field, unfolded, first in the document first.
    pub fn all(self, name: &str) -> impl Iterator<Item = String> {
        self.raw_values(name).map(|value| unfold(&String::from_utf8_lossy(value)))
    }

    /// The topmost value of a field.
    pub fn first(self, name: &str) -> Option<String> {
        self.all(name).next()
    }

    /// Whether the field is there at all.
    pub fn has(self, name: &str) -> bool {
        self.raw_values(name).next().is_some()
    }

    /// Whether any of these fields is there; gives its name for the explanation.
    pub fn any_of<'n>(self, names: &[&'n str]) -> Option<&'n str> {
        names.iter().copied().find(|name| self.has(name))
    }

    fn raw_values(self, name: &str) -> impl Iterator<Item = &'m [u8]> {
        self.headers.iter().filter(move |header| self.is_named(header, name)).map(move |h| self.value(h))
    }

    fn is_named(self, header: &Header<'_>, name: &str) -> bool {
        let written = self.raw.get(header.offset_field as usize..header.offset_start as usize);
        written.and_then(|w| w.strip_suffix(b":")).is_some_and(|w| w.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// The bytes of one field's value, bounded.
    pub fn value(self, header: &Header<'_>) -> &'m [u8] {
        let value =
            self.raw.get(header.offset_start as usize..header.offset_end as usize).unwrap_or_default();
        &value[..value.len().min(MAX_VALUE_BYTES)]
    }
}

/// A field value on one line (RFC 5322 §2.2.3).
pub(super) fn unfold(value: &str) -> String {
    value.replace(['\r', '\n'], " ").trim().to_owned()
}
