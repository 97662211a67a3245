//! A mail over the size limit, reduced to its header.

/// A mail of the header fields of another one, whose body says what was left out.
/// Content fields are dropped: they describe a body that is not there.
pub fn oversized(header: &[u8], size_bytes: u64, limit_bytes: u64) -> Vec<u8> {
    let mut out = Vec::with_capacity(header.len() + 256);
    let mut keep = true;
    for line in header.split_inclusive(|&b| b == b'\n') {
        if line.iter().all(u8::is_ascii_whitespace) {
            break;
        }
        // A folded line belongs to the field above it (RFC 5322 §2.2.3).
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            keep = !describes_body(line);
        }
        if keep {
            out.extend_from_slice(line);
        }
    }
    if !out.ends_with(b"\n") {
        out.extend_from_slice(b"\r\n");
    }
    let note = format!(
        "\r\n[This mail has {size_bytes} bytes, more than the {limit_bytes} that the desk takes. \
         Its text and files were left in the mailbox.]\r\n"
    );
    out.extend_from_slice(note.as_bytes());
    out
}

fn describes_body(line: &[u8]) -> bool {
    let starts = |name: &[u8]| line.len() >= name.len() && line[..name.len()].eq_ignore_ascii_case(name);
    starts(b"content-") || starts(b"mime-version")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{Ours, read};

    #[test]
    fn the_header_stays_readable_and_the_body_says_why_it_is_not_there() {
        let header = b"From: a@example.org\r\nSubject: Big\r\n one\r\nContent-Type: multipart/mixed;\r\n boundary=x\r\nMessage-ID: <1@example.org>\r\n\r\n";
        let mail = read(&oversized(header, 60_000_000, 50_000_000), &Ours::nobody());
        assert_eq!(mail.subject, "Big one");
        assert_eq!(mail.message_id.unwrap().as_str(), "1@example.org");
        assert!(mail.text.contains("60000000 bytes") && mail.attachments.is_empty(), "{}", mail.text);
    }
}
