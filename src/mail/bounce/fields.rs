//! The fields of message/delivery-status (RFC 3464 §2), also where they stand in
//! a text, and where blank lines between recipients are missing.

use super::notification;
use crate::domain::{Action, EmailAddress};

/// The most recipients looked at in one report.
const MAX_RECIPIENTS: usize = 50;

/// What a report says for the whole mail and for each recipient.
#[derive(Debug, Default)]
pub(super) struct Status {
    pub reporting_mta: Option<String>,
    pub recipients: Vec<Recipient>,
}

/// What a report says about one recipient (RFC 3464 §2.3).
#[derive(Debug, Default)]
pub(super) struct Recipient {
    original: Option<EmailAddress>,
    last: Option<EmailAddress>,
    actual: Option<EmailAddress>,
    pub action: Option<Action>,
    pub status: String,
    pub diagnostic: String,
}

impl Recipient {
    /// The address as it was written to us, else the one that it became. What a
    /// forwarding changed means nothing to whoever wrote the mail.
    pub fn address(&self) -> Option<&EmailAddress> {
        self.original.as_ref().or(self.last.as_ref()).or(self.actual.as_ref())
    }
}

impl From<notification::Recipient> for Recipient {
    fn from(told: notification::Recipient) -> Recipient {
        Recipient {
            last: told.email_address.parse().ok(),
            action: action(&told.action),
            status: told.status,
            diagnostic: untyped(&told.diagnostic_code).to_owned(),
            ..Recipient::default()
        }
    }
}

impl Status {
    /// Reads the fields; lines that are none are passed over.
    pub fn of(body: &str) -> Status {
        let unfolded = super::unfolded(body);
        let mut status = Status::default();
        let mut at_hand = Draft::default();
        for line in unfolded.lines() {
            let line = line.trim_start_matches(['>', ' ', '\t']);
            match line.split_once(':') {
                _ if line.trim().is_empty() => at_hand.close(&mut status, false),
                Some((name, value)) => {
                    let name = name.trim().to_ascii_lowercase();
                    if name == "reporting-mta" && status.reporting_mta.is_none() {
                        status.reporting_mta = Some(untyped(value).to_owned());
                    }
                    at_hand.take(&name, value.trim(), &mut status);
                }
                None => {}
            }
        }
        at_hand.close(&mut status, true);
        status
    }
}

/// The recipient whose fields are being read.
#[derive(Default)]
struct Draft {
    recipient: Recipient,
    /// The names of the fields that were seen, to tell where the next one begins.
    seen: Vec<String>,
}

impl Draft {
    fn take(&mut self, name: &str, value: &str, status: &mut Status) {
        let names_somebody = matches!(name, "original-recipient" | "final-recipient");
        if names_somebody && self.seen.iter().any(|seen| seen == name) {
            self.close(status, true);
        }
        let recipient = &mut self.recipient;
        match name {
            "original-recipient" => recipient.original = address(value),
            "final-recipient" => recipient.last = address(value),
            "x-actual-recipient" => recipient.actual = address(value),
            "action" if recipient.action.is_none() => recipient.action = action(value),
            "status" if recipient.status.is_empty() => value.clone_into(&mut recipient.status),
            "diagnostic-code" if recipient.diagnostic.is_empty() => {
                untyped(value).clone_into(&mut recipient.diagnostic);
            }
            _ => return,
        }
        self.seen.push(name.to_owned());
    }

    /// Keeps what was read. A blank line within the fields of one recipient ends
    /// nothing: they are whole when there is a recipient and what became of it.
    fn close(&mut self, status: &mut Status, at_end: bool) {
        let named = self.recipient.address().is_some();
        let told = self.recipient.action.is_some() || !self.recipient.status.is_empty();
        if at_end || told && named {
            let done = std::mem::take(self);
            if told && status.recipients.len() < MAX_RECIPIENTS {
                status.recipients.push(done.recipient);
            }
        }
    }
}

/// What stands behind the type: `smtp; 550 5.1.1 unknown`.
fn untyped(value: &str) -> &str {
    match value.split_once(';') {
        Some((kind, rest)) if !kind.trim().contains(' ') && kind.len() < 30 => rest.trim(),
        _ => value.trim(),
    }
}

/// `rfc822; <a@example.org>`, `utf-8; ü@example.org`. Addresses of other worlds
/// (x400) are none.
fn address(value: &str) -> Option<EmailAddress> {
    let (kind, written) = value.rsplit_once(';').unwrap_or(("rfc822", value));
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind.contains("x400") || kind.contains("x.400") {
        return None;
    }
    let written = written.trim_matches(['<', '>', ' ', '"', '\t']);
    let written = if kind == "utf-8" { from_utf8_xtext(written) } else { from_xtext(written) };
    // A source route (RFC 5321 appendix C) ends in the address proper.
    let written = match written.strip_prefix('@').and_then(|route| route.split_once(':')) {
        Some((_, address)) => address.to_owned(),
        None => written,
    };
    written.parse().ok()
}

/// xtext spells `+` and `=` as `+2B` and `+3D` (RFC 3461 §4); other codes are left,
/// since they are likelier a tag behind a plus sign.
fn from_xtext(written: &str) -> String {
    written.replace("+2B", "+").replace("+3D", "=")
}

/// `\x{HEX}` (RFC 6533 §3).
fn from_utf8_xtext(written: &str) -> String {
    let mut out = String::new();
    let mut pieces = written.split("\\x{");
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let decoded = piece.split_once('}').and_then(|(hex, rest)| {
            let c = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)?;
            Some((c, rest))
        });
        match decoded {
            Some((c, rest)) => {
                out.push(c);
                out.push_str(rest);
            }
            None => out.push_str(piece),
        }
    }
    out
}

/// The first word, which some follow by a remark.
fn action(value: &str) -> Option<Action> {
    let word = value.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    match word.to_ascii_lowercase().as_str() {
        "failed" | "failure" | "expired" | "error" | "undeliverable" => Some(Action::Failed),
        "delayed" | "deferred" => Some(Action::Delayed),
        "delivered" | "relayed" | "expanded" => Some(Action::Delivered),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(body: &str) -> Recipient {
        let mut status = Status::of(body);
        assert_eq!(status.recipients.len(), 1, "{body}");
        status.recipients.remove(0)
    }

    #[test]
    fn addresses_are_read_in_all_their_spellings() {
        for (field, expected) in [
            ("Final-Recipient: rfc822; <A@example.org>", Some("a@example.org")),
            ("Final-Recipient: RFC822;a@example.org", Some("a@example.org")),
            ("Final-Recipient: a@example.org", Some("a@example.org")),
            ("Final-Recipient: rfc822;rfc822;a@example.org", Some("a@example.org")),
            ("Original-Recipient: rfc822;a+2Bb+3Dc@example.org", Some("a+b=c@example.org")),
            ("Original-Recipient: rfc822;a+2024@example.org", Some("a+2024@example.org")),
            ("Final-Recipient: utf-8; \\x{FC}@example.org", Some("ü@example.org")),
            ("Final-Recipient: utf-8; ü@example.org", Some("ü@example.org")),
            ("Final-Recipient: rfc822; @mx.example.org:a@example.org", Some("a@example.org")),
            ("Final-Recipient: x400; /S=a/ADMD= /C=GB/", None),
            ("Final-Recipient: rfc822; alice", None),
        ] {
            let recipient = only(&format!("{field}\nAction: failed\n"));
            assert_eq!(recipient.address().map(EmailAddress::as_str), expected, "{field}");
        }
    }

    #[test]
    fn the_address_that_was_written_to_speaks_before_the_one_it_became() {
        let recipient = only(
            "Final-Recipient: rfc822; box17@store.example.org\nOriginal-Recipient: rfc822; a@example.org\nStatus: 5.1.1\n",
        );
        assert_eq!(recipient.address().unwrap().as_str(), "a@example.org");
        let gateway =
            only("Original-Recipient: rfc822; a@example.org\nFinal-Recipient: x400; /S=a/\nAction: failed\n");
        assert_eq!(gateway.address().unwrap().as_str(), "a@example.org");
    }

    #[test]
    fn each_recipient_has_its_own_fields() {
        let with_blanks = "Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; a@example.org\n\
            Action: failed (no such mailbox)\nStatus: 5.1.1 (unknown)\nDiagnostic-Code: smtp; 550 5.1.1\n no such user\n\n\
            Final-Recipient: rfc822; b@example.org\nAction: delayed\nStatus: 4.2.2\n";
        for body in
            [with_blanks.to_owned(), with_blanks.replace("\n\n", "\n"), with_blanks.replace('\n', "\r\n")]
        {
            let status = Status::of(&body);
            assert_eq!(status.reporting_mta.as_deref(), Some("mx.example.org"));
            let [a, b] = status.recipients.as_slice() else { panic!("{body}") };
            assert_eq!((a.action, a.diagnostic.as_str()), (Some(Action::Failed), "550 5.1.1 no such user"));
            assert_eq!((b.action, b.status.as_str()), (Some(Action::Delayed), "4.2.2"));
        }
    }

    #[test]
    fn a_blank_line_between_recipient_and_status_separates_nothing() {
        let recipient = only("Final-Recipient: rfc822; a@example.org\n\nAction: relayed\n");
        assert_eq!(recipient.action, Some(Action::Delivered));
        assert!(recipient.address().is_some());
    }
}
