//! A mail over the size limit, reduced to its header.
//!
//! That something was left out is said by a field of ours and read back as a
//! defect, never as text, which would be the sender's own words. Whoever forges
//! the field gets that sentence and nothing else.

use super::fields::Fields;
use crate::domain::Oversized;

/// The size of the mail and the limit, in bytes, with a space between.
const MARKER: &str = "X-Deskgate-Oversized";

/// A mail of the header fields of another one, without a body and with a field that
/// says so. Content fields are dropped: they describe a body that is not there.
pub fn oversized(header: &[u8], size_bytes: u64, limit_bytes: u64) -> Vec<u8> {
    let mut out = format!("{MARKER}: {size_bytes} {limit_bytes}\r\n").into_bytes();
    let mut keep = true;
    for line in header.split_inclusive(|&b| b == b'\n') {
        if line.iter().all(u8::is_ascii_whitespace) {
            break;
        }
        // A folded line belongs to the field above it (RFC 5322 §2.2.3).
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            keep = !describes_body(line) && !is_named(line, MARKER);
        }
        if keep {
            out.extend_from_slice(line);
        }
    }
    if !out.ends_with(b"\n") {
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"\r\n");
    out
}

/// What was left out of a mail that [`oversized`] made.
pub(super) fn left_out(fields: Fields<'_>) -> Option<Oversized> {
    let marker = fields.first(MARKER)?;
    let (size, limit) = marker.split_once(' ')?;
    let (size_bytes, limit_bytes) = (size.parse().ok()?, limit.parse().ok()?);
    (size_bytes > limit_bytes).then_some(Oversized { size_bytes, limit_bytes })
}

/// The same as a defect, for people.
pub(super) fn defect(left_out: &Oversized) -> String {
    let Oversized { size_bytes, limit_bytes } = left_out;
    format!(
        "the mail has {size_bytes} bytes, more than the {limit_bytes} that the desk takes; \
         its text and files were left in the mailbox"
    )
}

fn describes_body(line: &[u8]) -> bool {
    is_named(line, "content-") || is_named(line, "mime-version")
}

fn is_named(line: &[u8], name: &str) -> bool {
    line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{Ours, read};

    #[test]
    fn the_header_stays_readable_and_a_defect_says_why_there_is_no_text() {
        let header = b"From: a@example.org\r\nSubject: Big\r\n one\r\nX-Deskgate-Oversized: 1 1\r\nContent-Type: multipart/mixed;\r\n boundary=x\r\nMessage-ID: <1@example.org>\r\n\r\n";
        let mail = read(&oversized(header, 60_000_000, 50_000_000), &Ours::nobody());
        assert_eq!(mail.subject, "Big one");
        assert_eq!(mail.message_id.unwrap().as_str(), "1@example.org");
        assert!(mail.text.trim().is_empty() && mail.attachments.is_empty(), "{}", mail.text);
        assert_eq!(mail.defects.len(), 1);
        assert!(mail.defects[0].contains("60000000 bytes, more than the 50000000"), "{}", mail.defects[0]);
    }

    #[test]
    fn a_stranger_who_writes_the_field_gets_the_sentence_and_nothing_else() {
        let with = |field: &str| {
            read(format!("From: a@example.org\n{field}Subject: x\n\nHello\n").as_bytes(), &Ours::nobody())
        };
        let (forged, plain) = (with("X-Deskgate-Oversized: 2 1\n"), with(""));
        assert_eq!((forged.defects.len(), forged.text), (1, plain.text));
        assert_eq!(with("X-Deskgate-Oversized: buy <b>this</b>\n").defects, [""; 0]);
    }
}
