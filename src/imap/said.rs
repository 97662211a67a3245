//! The words for people in a server's answer (RFC 3501 §7.1).

use crate::domain::text;

/// The words as part of a sentence of ours: one line, no full stop, and the same each time for the
/// same trouble.
pub(super) fn said(information: Option<&str>) -> String {
    let words = information.map(text::line).unwrap_or_default();
    let words = without_times(&words).trim_end_matches('.');
    if words.is_empty() { "no reason given".to_owned() } else { words.to_owned() }
}

/// Without the times that Dovecot adds: `(0.001 + 0.000 secs).`
fn without_times(words: &str) -> &str {
    let times = |end: &str| {
        end.starts_with(|c: char| c.is_ascii_digit()) && end.trim_end_matches('.').ends_with(" secs)")
    };
    match words.rsplit_once(" (") {
        Some((reason, end)) if times(end) => reason,
        _ => words,
    }
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn the_same_trouble_reads_the_same_each_time() {
        let cases = [
            ("Mailbox doesn't exist: Desk (0.001 + 0.000 secs).", "Mailbox doesn't exist: Desk"),
            ("Search completed (12.5 + 0.1 + 3 secs).", "Search completed"),
            ("Over quota (ask the (very) patient secs)", "Over quota (ask the (very) patient secs)"),
            ("Try later.", "Try later"),
            (" \t", "no reason given"),
            ("(0.001 secs)", "(0.001 secs)"),
        ];
        for (given, expected) in cases {
            assert_eq!(said(Some(given)), expected);
        }
        assert_eq!(said(None), "no reason given");
    }
}
