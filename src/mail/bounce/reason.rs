//! Why a mail did not arrive: what the server says first, since many answer 5.1.1
//! or 5.0.0 to everything; then the status code (RFC 3463 §3), then the reply code.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::{
    codes,
    words::{REASONS, VAGUE},
};
use crate::domain::{Reason, text};

/// As much of a text as is looked at, in bytes.
const MAX_SCAN_BYTES: usize = 16 * 1024;

struct Words {
    automaton: AhoCorasick,
    /// The group of each word.
    groups: Vec<usize>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let (mut patterns, mut groups): (Vec<&str>, Vec<usize>) = Default::default();
    for (group, (_, words)) in REASONS.iter().chain(VAGUE).enumerate() {
        patterns.extend(*words);
        groups.extend(words.iter().map(|_| group));
    }
    let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(patterns);
    Words { automaton: automaton.expect("some hundred short words make an automaton"), groups }
});

/// The reason by what the server answered about this recipient (`diagnostic`), its
/// codes, and what the report says around it (`told`).
pub(super) fn reason(diagnostic: &str, status: Option<&str>, reply_code: Option<u16>, told: &str) -> Reason {
    // A gateway puts its own words before those of the server that refused.
    let said = by_words(codes::from_reply_code(diagnostic)).or_else(|| by_words(diagnostic));
    said.filter(|said| said.is_clear)
        .map(|said| said.reason)
        .or_else(|| status.and_then(by_status))
        .or(said.map(|said| said.reason))
        .or_else(|| Some(by_words(told)?.reason))
        .or_else(|| reply_code.and_then(by_reply_code))
        .unwrap_or_default()
}

#[derive(Clone, Copy)]
struct Said {
    reason: Reason,
    /// Whether the words name a cause.
    is_clear: bool,
}

/// The first group of which a word is found. Names of people and hosts say nothing.
fn by_words(said: &str) -> Option<Said> {
    let said = text::prefix(said, MAX_SCAN_BYTES).to_lowercase();
    let words = said.split_whitespace().filter(|word| !word.contains('@') && !word.contains("://"));
    let said = words.collect::<Vec<_>>().join(" ");
    let hits = WORDS.automaton.find_overlapping_iter(&said);
    let group = hits.map(|hit| WORDS.groups[hit.pattern().as_usize()]).min()?;
    let (reason, _) = REASONS.iter().chain(VAGUE).nth(group)?;
    Some(Said { reason: *reason, is_clear: group < REASONS.len() })
}

/// RFC 3463 §3 and RFC 7372. Exchange says 5.1.10 of unknown recipients, where RFC
/// 7505 means domains without mail; 5.7.6xx is Exchange Online's list of senders.
fn by_status(status: &str) -> Option<Reason> {
    let (_, rest) = status.split_once('.')?;
    let (subject, detail) = rest.split_once('.')?;
    Some(match (subject, detail.parse::<u16>().ok()?) {
        ("1", 1 | 3 | 4 | 10) => Reason::UserUnknown,
        ("1", 2) => Reason::HostUnknown,
        ("1", 6) => Reason::Moved,
        ("1", 7 | 8) => Reason::SenderRefused,
        ("2", 0) => Reason::Refused,
        ("2", 1) | ("7", 13) => Reason::MailboxDisabled,
        ("2", 2) => Reason::MailboxFull,
        ("2", 3) | ("3", 4) => Reason::TooBig,
        ("3", 2) => Reason::TakesNoMail,
        ("3", _) | ("4", 3) => Reason::System,
        ("4", 1 | 2 | 6) => Reason::Unreachable,
        ("4", 4) => Reason::HostUnknown,
        ("4", 7) => Reason::Expired,
        ("5", 3) => Reason::TooMany,
        ("6", _) => Reason::Content,
        ("7", 20..=24 | 26 | 30) => Reason::Authentication,
        ("7", 25 | 606..=649) => Reason::Blocked,
        ("7", 27) => Reason::SenderRefused,
        ("7", 1..) => Reason::Policy,
        _ => return None,
    })
}

/// RFC 5321 §4.2.3; 521 and 556 of RFC 7504.
fn by_reply_code(code: u16) -> Option<Reason> {
    Some(match code {
        452 | 552 => Reason::MailboxFull,
        521 | 556 => Reason::TakesNoMail,
        525 => Reason::MailboxDisabled,
        530 | 534 | 535 | 538 => Reason::Policy,
        551 => Reason::Moved,
        _ => return None,
    })
}

/// Whether the address will never take mail: the reason lies in it, and the server
/// does not call that temporary.
pub(super) fn is_hard(reason: Reason, status: Option<&str>, reply_code: Option<u16>) -> bool {
    let temporary = match status {
        Some(status) if !codes::is_generic(status) || reply_code.is_none() => status.starts_with('4'),
        _ => reply_code.is_some_and(|code| code < 500),
    };
    reason.is_about_the_address() && !temporary
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_speak_before_codes_and_causes_before_symptoms() {
        for (diagnostic, status, expected) in [
            ("550 5.1.1 <a@example.org>... User unknown", Some("5.1.1"), Reason::UserUnknown),
            (
                "550 5.1.1 <spam@example.org>: see https://example.org/rbl#virus",
                Some("5.1.1"),
                Reason::UserUnknown,
            ),
            ("5.1.0 - Unknown address error 554-'5.7.1 Access denied'", Some("5.7.1"), Reason::Policy),
            ("550 5.1.1 Mailbox is full", Some("5.1.1"), Reason::MailboxFull),
            ("552 user is over quota", None, Reason::MailboxFull),
            (
                "550-5.7.26 Unauthenticated email is not accepted due to domain's DMARC policy",
                None,
                Reason::Authentication,
            ),
            (
                "554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org",
                Some("5.7.1"),
                Reason::Blocked,
            ),
            ("554 5.7.1 <a@example.org>: Relay access denied", Some("5.7.1"), Reason::Relaying),
            ("550 high spam score", Some("5.0.0"), Reason::Spam),
            (
                "Host or domain name not found. Name service error for name=x.example",
                Some("5.4.4"),
                Reason::HostUnknown,
            ),
            (
                "connect to mx.example.org[192.0.2.1]:25: Connection refused",
                Some("4.4.1"),
                Reason::Unreachable,
            ),
            ("552 5.3.4 Message size exceeds fixed limit", Some("5.3.4"), Reason::TooBig),
            ("550 5.2.1 The email account is disabled", Some("5.2.1"), Reason::MailboxDisabled),
            ("554 5.4.7 message has been tried, giving up", Some("5.4.7"), Reason::Expired),
            ("550 Benutzer unbekannt", None, Reason::UserUnknown),
            ("", Some("5.7.13"), Reason::MailboxDisabled),
            ("", Some("5.0.0"), Reason::Unknown),
        ] {
            assert_eq!(reason(diagnostic, status, None, ""), expected, "{diagnostic} {status:?}");
        }
        assert_eq!(reason("", None, Some(552), ""), Reason::MailboxFull);
        assert_eq!(reason("", None, None, "As their mailbox is full."), Reason::MailboxFull);
    }

    #[test]
    fn hard_is_what_lies_in_the_address_and_lasts() {
        assert!(is_hard(Reason::UserUnknown, Some("5.1.1"), Some(550)));
        assert!(is_hard(Reason::HostUnknown, None, None));
        assert!(is_hard(Reason::UserUnknown, Some("4.0.0"), Some(550)));
        assert!(!is_hard(Reason::UserUnknown, Some("4.1.1"), Some(450)));
        assert!(!is_hard(Reason::UserUnknown, None, Some(450)));
        assert!(!is_hard(Reason::MailboxFull, Some("5.2.2"), Some(552)));
    }
}
