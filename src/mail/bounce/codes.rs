//! Reply codes (RFC 5321 §4.2) and enhanced status codes (RFC 3463) in a text.

/// The codes by which servers refuse.
#[rustfmt::skip]
const REFUSALS: &[u16] = &[
    421, 432, 450, 451, 452, 453, 454, 455, 459, 471, 500, 501, 502, 503, 504, 510, 511, 512, 513, 521, 523, 525,
    530, 534, 535, 538, 541, 550, 551, 552, 553, 554, 555, 556, 557, 559, 570, 571, 572,
];
/// As much of a text as is looked at, in bytes.
const MAX_SCAN_BYTES: usize = 32 * 1024;

/// The first reply code of a refusal.
pub(super) fn reply_code(text: &str) -> Option<u16> {
    Some(find_reply_code(text)?.0)
}

/// The text from its first reply code on; the whole where it has none.
pub(super) fn from_reply_code(text: &str) -> &str {
    find_reply_code(text).map_or(text, |(_, from)| from)
}

fn find_reply_code(text: &str) -> Option<(u16, &str)> {
    let text = crate::domain::text::prefix(text, MAX_SCAN_BYTES);
    let mut before = ' ';
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let (digits, after) = rest.split_at(end);
            let free = !before.is_alphanumeric() && !"./=_@+".contains(before);
            let ends = after.chars().next().is_none_or(|c| !c.is_alphanumeric() && !"./@_%".contains(c))
                || after.starts_with(". ");
            let code = digits.parse().ok().filter(|code| digits.len() == 3 && REFUSALS.contains(code));
            if let (Some(code), true, true) = (code, free, ends) {
                return Some((code, rest));
            }
            before = '0';
            rest = after;
        } else {
            before = c;
            rest = &rest[c.len_utf8()..];
        }
    }
    None
}

/// The enhanced status code that says most: the first with a subject and a detail,
/// else the first.
pub(super) fn status_code(text: &str) -> Option<String> {
    let text = crate::domain::text::prefix(text, MAX_SCAN_BYTES);
    let words = text.split(|c: char| !c.is_ascii_digit() && c != '.').map(|word| word.trim_matches('.'));
    let codes: Vec<_> = words.filter(|word| is_status(word)).take(20).collect();
    let best = codes.iter().find(|code| !code.ends_with(".0")).or(codes.first());
    best.map(|&code| code.to_owned())
}

fn is_status(word: &str) -> bool {
    let pieces: Vec<_> = word.splitn(4, '.').collect();
    let [class, subject, detail] = pieces.as_slice() else { return false };
    matches!(*class, "4" | "5")
        && matches!(subject.as_bytes(), [b'0'..=b'7'])
        && (1..=3).contains(&detail.len())
        && detail.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a status code says nothing but its class: `5.0.0`.
pub(super) fn is_generic(status: &str) -> bool {
    status.ends_with(".0.0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reply_codes_are_told_from_other_numbers() {
        for (text, expected) in [
            ("550 5.1.1 no such user", Some(550)),
            ("host mx said: 554-5.7.1 spam", Some(554)),
            ("<<< 421 try later", Some(421)),
            ("[SMTP Error Code 550]", Some(550)),
            ("smtp;550", Some(550)),
            ("192.0.2.550 id 550a", None),
            ("at 12:45, 4500 bytes, 450.5", None),
            ("IB551b 600", None),
        ] {
            assert_eq!(reply_code(text), expected, "{text}");
        }
    }

    #[test]
    fn the_status_that_says_most_is_taken() {
        for (text, expected) in [
            ("550 5.1.1 <a@example.org>", Some("5.1.1")),
            ("5.1.0 - unknown 550-'5.2.2 mailbox full'", Some("5.2.2")),
            ("5.0.0 (undefined status)", Some("5.0.0")),
            ("mx 5.12.1 at 192.0.2.5, sendmail 8.14.1", None),
            ("(#5.1.1)", Some("5.1.1")),
            ("5.1.10 RESOLVER", Some("5.1.10")),
        ] {
            assert_eq!(status_code(text).as_deref(), expected, "{text}");
        }
    }
}
