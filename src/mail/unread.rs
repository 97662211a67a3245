//! A mail that is not to be read: what its first lines say, and its digest.
//!
//! For mails on which the readers failed. Nothing here decodes, nests or follows
//! anything: fields are taken as they stand, and only ASCII of them.

use sha2::{Digest, Sha256};

use crate::domain::{Attachment, EmailAddress, InboundMail, Kind, MessageId, NamedAddress, Severed, text};

/// As much of the mail as is looked at, in bytes.
const MAX_HEADER_BYTES: usize = 64 << 10;
/// The longest field value that is taken, in bytes.
const MAX_VALUE_BYTES: usize = 500;

/// A mail that says what can be told without reading it, with the raw bytes as a file.
/// Nobody is its author: what the From field says stands in the text only.
pub fn unread(raw: &[u8], why: &str) -> InboundMail {
    let head = header(raw);
    let (from, subject) = (field(head, "from"), field(head, "subject"));
    let own = format!(
        "This mail could not be read and was made a ticket as it is: {}.\nThe whole mail is attached as a file; it may be \
         damaged or dangerous.\n\nFrom: {}\nSubject: {}\nDate: {}\nSize: {} bytes\nSHA-256: {}\n",
        text::line(why),
        from.as_deref().unwrap_or("(cannot be told)"),
        subject.as_deref().unwrap_or("(cannot be told)"),
        field(head, "date").as_deref().unwrap_or("(cannot be told)"),
        raw.len(),
        data_encoding::HEXLOWER.encode(&Sha256::digest(raw)),
    );
    InboundMail {
        message_id: field(head, "message-id").as_deref().and_then(MessageId::parse),
        from: from.as_deref().and_then(address).into_iter().collect(),
        subject: subject.unwrap_or_else(|| "A mail that could not be read".to_owned()),
        text: own.clone(),
        body: Severed { own, ..Severed::default() },
        kind: Kind::Malformed,
        kind_why: "The readers failed on it.".to_owned(),
        attachments: vec![Attachment {
            name: "mail.eml".to_owned(),
            mime: "message/rfc822".to_owned(),
            inline: false,
            content_id: None,
            bytes: raw.to_vec(),
        }],
        ..InboundMail::default()
    }
}

/// The lines up to the first empty one.
pub(super) fn header(raw: &[u8]) -> &[u8] {
    let raw = &raw[..raw.len().min(MAX_HEADER_BYTES)];
    let mut end = 0;
    for line in raw.split_inclusive(|&byte| byte == b'\n') {
        if line.trim_ascii().is_empty() {
            break;
        }
        end += line.len();
    }
    &raw[..end]
}

/// The first field of this name, without its folded lines.
fn field(head: &[u8], name: &str) -> Option<String> {
    let value = field_bytes(head, name)?;
    let ascii: String = value.iter().map(|&b| if b.is_ascii() { char::from(b) } else { '?' }).collect();
    Some(text::line(&ascii)).filter(|value| !value.is_empty())
}

/// The first value of a field as it stands, without its folded lines, not longer than it may be.
pub(super) fn field_bytes<'h>(head: &'h [u8], name: &str) -> Option<&'h [u8]> {
    let value = head.split(|&byte| byte == b'\n').find_map(|line| {
        let colon = line.iter().position(|&byte| byte == b':')?;
        line[..colon].trim_ascii().eq_ignore_ascii_case(name.as_bytes()).then(|| &line[colon + 1..])
    })?;
    Some(&value[..value.len().min(MAX_VALUE_BYTES)])
}

/// The one address in a From field, where it is plain.
fn address(from: &str) -> Option<NamedAddress> {
    let inner = from.rsplit_once('<').map_or(from, |(_, rest)| rest.split('>').next().unwrap_or_default());
    let address: EmailAddress = inner.trim().parse().ok()?;
    Some(NamedAddress::new("", address))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_lines_are_told_as_they_stand() {
        let raw = b"From: Anna <anna@example.org>\r\nSubject: =?utf-8?q?x?= \x1b[2J\xff\r\nMessage-ID: <1@example.org>\r\n\r\nSubject: body\r\n";
        let mail = unread(raw, "reading it took longer than 30s");
        assert_eq!(mail.from[0].address.as_str(), "anna@example.org");
        assert!(
            mail.subject.starts_with("=?utf-8?q?x?=") && !mail.subject.contains('\x1b'),
            "{}",
            mail.subject
        );
        assert_eq!(mail.message_id.unwrap().as_str(), "1@example.org");
        assert_eq!(mail.attachments[0].bytes, raw);
        assert!(mail.text.contains("longer than 30s") && mail.text.contains("SHA-256: "), "{}", mail.text);
        assert_eq!(mail.kind, Kind::Malformed);
    }

    #[test]
    fn nothing_at_all_is_a_mail_too() {
        let mail = unread(b"", "cut short");
        assert_eq!(mail.subject, "A mail that could not be read");
        assert!(mail.from.is_empty() && mail.text.contains("Size: 0 bytes"));
    }

    proptest! {
        #[test]
        fn it_never_panics(raw in prop::collection::vec(any::<u8>(), 0..300)) {
            unread(&raw, "x");
        }
    }
}
