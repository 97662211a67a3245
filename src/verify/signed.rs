//! Which fields a signature must cover to vouch for a mail (RFC 6376 §5.4, §8.15).
//!
//! A signature says nothing about fields that it does not list, and anybody may add
//! those to an old mail of somebody else. What rights hang on must be listed.

use mail_auth::AuthenticatedMessage;

use crate::domain::InboundMail;

/// The fields on which rights hang: who writes, to which ticket, and who is brought in.
const RIGHTS: [&str; 7] = ["From", "To", "Cc", "Subject", "In-Reply-To", "References", "Message-ID"];

/// Those of them that the mail has. `None` where one stands twice, or where the reader
/// that checks the signature does not see what we see.
pub(super) fn fields(message: &AuthenticatedMessage<'_>, mail: &InboundMail) -> Option<Vec<&'static str>> {
    let seen = |name: &str| {
        message.headers.iter().filter(|(given, _)| given.eq_ignore_ascii_case(name.as_bytes())).count()
    };
    let ours = |name: &str| match name {
        "From" => !mail.from.is_empty(),
        "To" => !mail.to.is_empty(),
        "Cc" => !mail.cc.is_empty(),
        "Subject" => !mail.subject.is_empty(),
        "References" => !mail.references.is_empty(),
        "Message-ID" => mail.message_id.is_some(),
        // A receipt may tell in its parts, which are signed, what it answers.
        _ => false,
    };
    let is_unclear = |name: &&str| seen(name) > 1 || seen(name) == 0 && ours(name);
    let present = || RIGHTS.into_iter().filter(|name| seen(name) > 0);
    (!RIGHTS.iter().any(is_unclear)).then(|| present().collect())
}

/// Whether a list of signed fields has all of these.
pub(super) fn covers(signed: &[String], fields: &[&str]) -> bool {
    fields.iter().all(|name| signed.iter().any(|given| given.trim().eq_ignore_ascii_case(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{Ours, read};

    fn of(raw: &str) -> Option<Vec<&'static str>> {
        let message = AuthenticatedMessage::parse(raw.as_bytes()).unwrap();
        fields(&message, &read(raw.as_bytes(), &Ours::nobody()))
    }

    #[test]
    fn what_the_mail_has_must_be_signed() {
        let needed = of("From: a@b.test\r\nCc: c@b.test\r\nSubject: x\r\nDate: x\r\n\r\nHello\r\n").unwrap();
        assert_eq!(needed, ["From", "Cc", "Subject"]);
        let signed = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert!(covers(&signed(&["subject", "cc", "from", "date"]), &needed));
        assert!(!covers(&signed(&["subject", "from", "date"]), &needed));
    }

    #[test]
    fn two_of_a_field_and_one_that_the_other_reader_does_not_see_are_unclear() {
        assert_eq!(of("Cc: m@x.test\r\nFrom: a@b.test\r\nCc: c@b.test\r\n\r\nHello\r\n"), None);
        // A line without a colon ends the header for one reader and not for the other.
        assert_eq!(of("From: a@b.test\r\nno field\r\nSubject: [DG-1]\r\n\r\nHello\r\n"), None);
    }
}
