//! The source of a mail for others than its author, without what is its author's alone: reply addresses, Message-IDs and
//! links of ours carry seals, and whoever shows one counts as the person it was made for.
//!
//! Each character of a seal becomes a `*`, and every other byte stays, so that lines are as long and parts as large as
//! they were. Base64 is looked into wherever it stands in whole lines, in mails within the mail, too.

use std::ops::Range;

use data_encoding::BASE64;

use crate::domain::link::seal_behind;

/// What stands in the place of each character of a seal.
const COVER: u8 = b'*';
/// No seal is longer, with the hyphen before it spelled by its number.
const LONGEST: usize = 64;
/// Base64 within base64 is looked into so many times.
const DEEPEST: usize = 4;

/// The same bytes with their seals covered.
pub fn source(mut raw: Vec<u8>) -> Vec<u8> {
    cover(&mut raw, DEEPEST);
    raw
}

fn cover(raw: &mut [u8], deeper: usize) {
    cover_words(raw);
    let Some(deeper) = deeper.checked_sub(1) else { return };
    let (mut run, mut at) = (0..0, 0);
    while at < raw.len() {
        let end = raw[at..].iter().position(|&byte| byte == b'\n').map_or(raw.len(), |found| at + found + 1);
        if is_base64(raw[at..end].trim_ascii_end()) {
            run = if run.is_empty() { at..end } else { run.start..end };
        } else {
            cover_encoded(raw, std::mem::take(&mut run), deeper);
        }
        at = end;
    }
    cover_encoded(raw, run, deeper);
}

/// Covers the seals that can be read as they stand. Quoted-printable breaks lines within words, by `=` at their end.
fn cover_words(raw: &mut [u8]) {
    let mut word: Vec<usize> = Vec::new();
    let (mut before, mut at) = (0, 0);
    while at <= raw.len() {
        let broken = [&b"=\r\n"[..], b"=\n"].into_iter().find(|end| raw[at..].starts_with(end));
        if let Some(end) = broken {
            at += end.len();
            continue;
        }
        match raw.get(at).copied() {
            Some(byte) if byte.is_ascii_alphanumeric() => {
                if word.len() <= LONGEST {
                    word.push(at);
                }
            }
            other => {
                let text: String = word.iter().map(|&at| char::from(raw[at])).collect();
                let begins = seal_behind(char::from(before), &text).unwrap_or(word.len());
                word.drain(..).skip(begins).for_each(|at| raw[at] = COVER);
                before = other.unwrap_or_default();
            }
        }
        at += 1;
    }
}

fn is_base64(line: &[u8]) -> bool {
    let letters = line.strip_suffix(b"=").unwrap_or(line);
    let letters = letters.strip_suffix(b"=").unwrap_or(letters);
    !letters.is_empty() && letters.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte))
}

/// Covers the seals within lines of base64 that stand one below the other.
fn cover_encoded(raw: &mut [u8], run: Range<usize>, deeper: usize) {
    let is_letter = |byte: &u8| !byte.is_ascii_whitespace();
    let mut letters: Vec<u8> = raw[run.clone()].iter().copied().filter(is_letter).collect();
    letters.truncate(letters.len() / 4 * 4);
    // What fills the end up decodes to zero bytes.
    letters.iter_mut().filter(|letter| **letter == b'=').for_each(|letter| *letter = b'A');
    let Ok(mut bytes) = BASE64.decode(&letters) else { return };
    cover(&mut bytes, deeper);
    BASE64.encode_mut(&bytes, &mut letters);
    for (place, letter) in raw[run].iter_mut().filter(|byte| is_letter(byte)).zip(letters) {
        if *place != b'=' {
            *place = letter;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{PersonId, Purpose, TicketId, reference::SigningKey};

    fn key() -> SigningKey {
        SigningKey::new(vec![7; 32]).unwrap()
    }

    /// A seal of each sort, and the words around it.
    fn sealed() -> Vec<(String, String)> {
        let (ticket, person) = (TicketId(17), PersonId(4));
        let tag = key().reply_tag(ticket, person);
        let id = key().message_id(ticket, 9, "desk.test");
        let link = key().link(Purpose::Page, ticket, person);
        let seal = |token: &str| token.rsplit(['-', '.']).next().unwrap().to_owned();
        vec![
            (format!("To: Desk <support+{tag}@desk.test>\r\n"), seal(&tag)),
            (format!("for <SUPPORT+{}@desk.test>;", tag.to_uppercase()), seal(&tag).to_uppercase()),
            (format!("In-Reply-To: <{}>\r\n", id.as_str()), seal(id.left())),
            (format!("see https://desk.test/page/{link}\n"), seal(&link)),
            (format!("u=https-3A__desk_page_{}&d=x", link.replace('-', "-2D")), seal(&link)),
            (format!("url=https%3A%2F%2Fdesk%2Fpage%2F{}&d=x", link.replace('-', "%2D")), seal(&link)),
            (format!("https://desk.test/page/{}\r\n", link.replace('-', "=2D")), seal(&link)),
            (format!("In-Reply-To: <{}>\r\n", id.as_str().replace('.', "=2E")), seal(id.left())),
        ]
    }

    fn covered(raw: &str) -> String {
        String::from_utf8(source(raw.into())).unwrap()
    }

    #[test]
    fn seals_are_covered_and_nothing_else() {
        for (line, seal) in sealed() {
            let whole = format!("Subject: x\r\n{line}\r\nafter\r\n");
            assert_eq!(covered(&whole), whole.replace(&seal, &"*".repeat(seal.len())));
        }
        for plain in [
            "",
            "Message-ID: <a-b.c@d>",
            "-- \nBob",
            "x-0123456789abcdef0123456789abcdef\n",
            &format!("é-{}", "a".repeat(53)),
        ] {
            assert_eq!(covered(plain), plain);
        }
    }

    #[test]
    fn seals_are_covered_where_a_line_of_quoted_printable_breaks() {
        for (line, seal) in sealed() {
            let at = line.find(&seal).unwrap() + 5;
            for end in ["=\r\n", "=\n"] {
                let broken = format!("{}{end}{}", &line[..at], &line[at..]);
                let stars = "*".repeat(seal.len());
                let expected = line.replace(&seal, &stars);
                assert_eq!(covered(&broken), format!("{}{end}{}", &expected[..at], &expected[at..]));
            }
        }
    }

    #[test]
    fn seals_are_covered_within_base64() {
        for (line, seal) in sealed() {
            for shift in 0..5 {
                let text = format!("{}{line} and so on", "x".repeat(shift));
                let folded: Vec<String> = BASE64
                    .encode(text.as_bytes())
                    .as_bytes()
                    .chunks(37)
                    .map(|line| String::from_utf8_lossy(line).into_owned())
                    .collect();
                let mail =
                    |body: &str| format!("Content-Transfer-Encoding: base64\r\n\r\n{body}\r\n--x--\r\n");
                let shown = covered(&mail(&folded.join("\r\n")));
                assert_eq!(shown.len(), mail(&folded.join("\r\n")).len());
                let (_, body) = shown.split_once("\r\n\r\n").unwrap();
                let body = body.trim_end_matches("\r\n--x--\r\n").replace("\r\n", "");
                let decoded = String::from_utf8(BASE64.decode(body.as_bytes()).unwrap()).unwrap();
                assert_eq!(decoded, text.replace(&seal, &"*".repeat(seal.len())));
            }
        }
    }

    /// Lines of base64 below a header, as they stand in a mail.
    fn attached(within: &[u8]) -> String {
        let encoded = BASE64.encode(within);
        let lines: Vec<&str> =
            encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!("--x\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--x--\r\n", lines.join("\r\n"))
    }

    #[test]
    fn seals_are_covered_within_mails_that_are_attached_as_base64_themselves() {
        for (line, seal) in sealed() {
            let (mut mail, mut expected) = (line.clone(), line.replace(&seal, &"*".repeat(seal.len())));
            for depth in 0..DEEPEST + 2 {
                let shown = covered(&mail);
                let wanted = if depth <= DEEPEST { &expected } else { &mail };
                assert_eq!(&shown, wanted, "{depth}");
                (mail, expected) = (attached(mail.as_bytes()), attached(expected.as_bytes()));
            }
        }
    }

    #[test]
    fn many_seals_and_many_short_lines_are_covered_in_their_places() {
        let (_, seal) = sealed().remove(0);
        let whole = format!("a-{seal}.b\r\n").repeat(3000);
        assert_eq!(covered(&whole), whole.replace(&seal, &"*".repeat(seal.len())));
        let letters = BASE64.encode(whole.as_bytes());
        let narrow: String = letters.chars().map(|letter| format!("{letter}\n")).collect();
        let shown = covered(&narrow);
        assert_eq!(shown.len(), narrow.len());
        let decoded = BASE64.decode(shown.replace('\n', "").as_bytes()).unwrap();
        assert_eq!(decoded, covered(&whole).into_bytes());
    }

    proptest! {
        #[test]
        fn whatever_has_no_seal_stays_as_it_is(raw: Vec<u8>) {
            prop_assert_eq!(source(raw.clone()), raw);
        }

        #[test]
        fn no_lines_make_it_panic(raw in "([A-Za-z2-7=]{0,60}[-.=]?\r?\n?){0,8}") {
            prop_assert_eq!(source(raw.clone().into_bytes()).len(), raw.len());
        }
    }
}
