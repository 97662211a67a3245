//! Header fields as they stand in the bytes, in document order.
//!
//! mail-parser answers with the last of several equal fields and forgives white
//! space inside a field name. Where trust hangs on a field, both matter: here a
//! name must be spelled exactly (letter case aside), and all fields are given.

use mail_parser::{Header, HeaderName, Message};

/// The longest field value looked at, in bytes. Far beyond any honest field; the
/// rest of a longer one is not read.
const MAX_VALUE_BYTES: usize = 64 * 1024;

/// Fields that may stand once in a mail (RFC 5322 §3.6, RFC 2045 §3). Readers differ in which of
/// two counts, and a signature covers the lowest only (RFC 6376 §5.4.2).
const ONCE: &[(HeaderName<'static>, &str)] = &[
    (HeaderName::From, "From"),
    (HeaderName::To, "To"),
    (HeaderName::Cc, "Cc"),
    (HeaderName::Subject, "Subject"),
    (HeaderName::Date, "Date"),
    (HeaderName::MessageId, "Message-ID"),
    (HeaderName::InReplyTo, "In-Reply-To"),
    (HeaderName::References, "References"),
    (HeaderName::ReplyTo, "Reply-To"),
    (HeaderName::ContentType, "Content-Type"),
    (HeaderName::Sender, "Sender"),
];

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

    /// The fields of exactly this name.
    pub fn named(self, name: &str) -> impl Iterator<Item = &'m Header<'m>> {
        self.headers.iter().filter(move |header| self.is_named(header, name))
    }

    /// Whether mail-parser takes a field for this one whose name is not spelled exactly, as `:From`.
    pub fn is_inexact(self, name: &HeaderName<'_>) -> bool {
        self.headers.iter().any(|header| header.name == *name && !self.is_named(header, name.as_str()))
    }

    /// A field that may stand once and stands twice, or once more under a name that some
    /// readers forgive: which one counts, nobody can say.
    pub fn unclear(self) -> Option<&'static str> {
        let stand = |name: &HeaderName<'_>| self.headers.iter().filter(|header| header.name == *name).count();
        let is_unclear = |name: &HeaderName<'_>| stand(name) > 1 || self.is_inexact(name);
        ONCE.iter().find(|(name, _)| is_unclear(name)).map(|(_, told)| *told)
    }

    /// Whether the end of a field of this name is not read.
    pub fn is_cut(self, name: &str) -> bool {
        self.named(name).any(|header| self.whole(header).len() > MAX_VALUE_BYTES)
    }

    fn raw_values(self, name: &str) -> impl Iterator<Item = &'m [u8]> {
        self.named(name).map(move |header| self.value(header))
    }

    fn is_named(self, header: &Header<'_>, name: &str) -> bool {
        let written = self.raw.get(header.offset_field as usize..header.offset_start as usize);
        written.and_then(|w| w.strip_suffix(b":")).is_some_and(|w| w.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// The bytes of one field's value, bounded.
    pub fn value(self, header: &Header<'_>) -> &'m [u8] {
        let value = self.whole(header);
        &value[..value.len().min(MAX_VALUE_BYTES)]
    }

    fn whole(self, header: &Header<'_>) -> &'m [u8] {
        self.raw.get(header.offset_start as usize..header.offset_end as usize).unwrap_or_default()
    }
}

/// A field value on one line (RFC 5322 §2.2.3).
pub(super) fn unfold(value: &str) -> String {
    value.replace(['\r', '\n'], " ").trim().to_owned()
}
