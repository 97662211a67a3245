//! Who a mail says it is from, and what about: from its first bytes alone, for lists of mails that may be unreadable.

use super::{
    encoded_words,
    unread::{field_bytes, header},
};
use crate::domain::text;

/// What stands at the head of a mail. Nothing of it is proven.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Peek {
    /// The From field; empty where there is none.
    pub from: String,
    /// The Subject field; empty where there is none.
    pub subject: String,
    /// The To field; empty where there is none.
    pub to: String,
}

/// Looks at the head of a mail. It never fails, and reads no more than the header.
pub fn peek(raw: &[u8]) -> Peek {
    let head = header(raw);
    let field = |name| {
        let value = field_bytes(head, name).unwrap_or_default();
        text::line(&encoded_words::decode(value, None))
    };
    Peek { from: field("from"), subject: field("subject"), to: field("to") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_is_told_for_people() {
        let raw = b"From: =?utf-8?q?Bj=C3=B6rn?= <b@example.org>\r\nSubject: =?utf-8?b?R3LDvMOfZQ==?=\r\n\r\nSubject: body\r\n";
        let peek = peek(raw);
        assert_eq!(
            (peek.from.as_str(), peek.subject.as_str()),
            ("Bj\u{f6}rn <b@example.org>", "Gr\u{fc}\u{df}e")
        );
        assert_eq!(peek.to, "");
    }

    #[test]
    fn whatever_it_is_it_is_one_safe_line() {
        assert_eq!(super::peek(b""), Peek::default());
        let odd = super::peek(b"Subject: a\x1b[2J\x00b\xff\n\n").subject;
        assert!(!odd.contains('\x1b') && !odd.contains('\0'), "{odd:?}");
    }
}
