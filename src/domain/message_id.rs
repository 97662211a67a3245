//! Message identifiers (RFC 5322 §3.6.4).

use std::fmt;

use serde::Serialize;

/// The longest identifier we keep, in bytes; longer ones cannot stand on one
/// header line (RFC 5322 §2.1.1) and match nothing.
const MAX_BYTES: usize = 900;

/// A Message-ID without its angle brackets. Never empty, one line, bounded: an
/// empty id would match every other mail without one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct MessageId(String);

impl MessageId {
    /// Reads an id with or without angle brackets. `None` when nothing usable is
    /// left: empty, with white space or control characters inside, or too long.
    pub fn parse(text: &str) -> Option<Self> {
        let inner = text.trim().trim_start_matches('<').trim_end_matches('>').trim();
        let usable = !inner.is_empty()
            && inner.len() <= MAX_BYTES
            && !inner.chars().any(|c| c.is_whitespace() || c.is_control() || c == '<' || c == '>');
        usable.then(|| MessageId(inner.to_owned()))
    }

    /// The id without angle brackets, as it is stored and compared.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which two ids are compared: some systems change the case of a
    /// domain, or of the whole, when they answer.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// The part before the last `@`.
    pub fn left(&self) -> &str {
        self.0.rsplit_once('@').map_or(&self.0, |(left, _)| left)
    }
}

impl fmt::Display for MessageId {
    /// Writes the header form, with angle brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_optional_and_not_part_of_the_id() {
        let id = MessageId::parse(" <a@example.org> ").unwrap();
        assert_eq!(id, MessageId::parse("a@example.org").unwrap());
        assert_eq!(id.to_string(), "<a@example.org>");
        assert_eq!(id.left(), "a");
    }

    #[test]
    fn an_empty_or_broken_id_is_none_at_all() {
        for text in ["", "<>", " < > ", "a b@example.org", "a\0@x", "<a@x> <b@x>"] {
            assert_eq!(MessageId::parse(text), None, "{text:?}");
        }
        assert_eq!(MessageId::parse(&"x".repeat(1000)), None);
    }
}
