//! Header text as people wrote it: encoded words (RFC 2047) and bytes of eight bits.
//!
//! Programs break the rules in known ways, and all of them are read: characters split
//! between two words, spaces inside a word, a missing `?=`, words glued to other text
//! or written into quoted strings. Only the text comes out; what is an address or a
//! separator is decided before any word is decoded.

use std::borrow::Cow;

use super::{charsets, charsets::Hint, transfer};

/// Text, or a run of encoded words.
enum Piece<'v> {
    Plain(&'v [u8]),
    Word(Word<'v>),
}

#[derive(Clone, Copy)]
struct Word<'v> {
    charset: &'v str,
    is_base64: bool,
    data: &'v [u8],
}

/// Where a word may stand: in free text, or between the special characters of an
/// address field, which then end it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Address,
}

/// The text of an unstructured field, of a phrase or of a file name.
pub(super) fn decode(value: &[u8], hint: Hint) -> String {
    let mut out = String::with_capacity(value.len());
    for_each_text(value, Place::Text, hint, |text, _| out.push_str(text));
    out
}

/// An address field in which every run of encoded words is one in UTF-8 and every
/// other byte is UTF-8: nothing else is changed, so that the addresses stay the same.
pub(super) fn canonical(value: &[u8], hint: Hint) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    for_each_text(value, Place::Address, hint, |text, was_encoded| {
        if was_encoded {
            let encoded = data_encoding::BASE64.encode(text.as_bytes());
            out.extend_from_slice(format!("=?utf-8?B?{encoded}?=").as_bytes());
        } else {
            out.extend_from_slice(text.as_bytes());
        }
    });
    out
}

/// Calls with each piece of text and whether it stood in encoded words.
fn for_each_text(value: &[u8], place: Place, hint: Hint, mut with: impl FnMut(&str, bool)) {
    let pieces = pieces(value, place);
    let mut run: Vec<Word<'_>> = Vec::new();
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        at += 1;
        match piece {
            Piece::Word(word) => run.push(*word),
            // White space between two words is not text (RFC 2047 §6.2).
            Piece::Plain(gap) if is_gap(gap, !run.is_empty(), pieces.get(at)) => {}
            Piece::Plain(plain) => {
                say_run(&mut run, hint, &mut with);
                with(&charsets::decode(plain, None, hint), false);
            }
        }
    }
    say_run(&mut run, hint, &mut with);
}

fn is_gap(gap: &[u8], after_word: bool, next: Option<&Piece<'_>>) -> bool {
    after_word && matches!(next, Some(Piece::Word(_))) && gap.iter().all(u8::is_ascii_whitespace)
}

fn say_run(run: &mut Vec<Word<'_>>, hint: Hint, with: &mut impl FnMut(&str, bool)) {
    if !run.is_empty() {
        with(&text_of(run, hint), true);
        run.clear();
    }
}

/// The bytes of neighbours in one charset are joined before they are decoded, since
/// many programs split characters; and base64 that ends in the middle of a group too.
fn text_of(run: &[Word<'_>], hint: Hint) -> String {
    let mut out = String::new();
    let same = |a: &Word<'_>, b: &Word<'_>| a.charset.eq_ignore_ascii_case(b.charset);
    for words in run.chunk_by(same) {
        let (mut bytes, mut open) = (Vec::new(), Vec::new());
        for word in words {
            if !word.is_base64 {
                close(&mut open, &mut bytes);
                bytes.extend(q_word(word.data));
                continue;
            }
            open.extend(word.data.iter().filter(|byte| !byte.is_ascii_whitespace()));
            if open.len() % 4 == 0 || open.ends_with(b"=") {
                close(&mut open, &mut bytes);
            }
        }
        close(&mut open, &mut bytes);
        out.push_str(&charsets::decode(&bytes, Some(words[0].charset), hint));
    }
    out
}

fn close(open: &mut Vec<u8>, bytes: &mut Vec<u8>) {
    if let Some((decoded, _)) = transfer::base64(open) {
        bytes.extend(decoded);
    }
    open.clear();
}

/// The Q encoding: quoted-printable with `_` for a space (RFC 2047 §4.2).
fn q_word(data: &[u8]) -> Vec<u8> {
    let spaced: Cow<'_, [u8]> = data.iter().map(|&byte| if byte == b'_' { b' ' } else { byte }).collect();
    let mut out = Vec::with_capacity(data.len());
    transfer::escapes(&spaced, &mut out);
    out
}

fn pieces(value: &[u8], place: Place) -> Vec<Piece<'_>> {
    let (mut pieces, mut plain_from, mut at) = (Vec::new(), 0, 0);
    while at < value.len() {
        let found = value[at..].starts_with(b"=?").then(|| word(&value[at + 2..], place)).flatten();
        let Some((word, length)) = found else {
            at += 1;
            continue;
        };
        if plain_from < at {
            pieces.push(Piece::Plain(&value[plain_from..at]));
        }
        pieces.push(Piece::Word(word));
        at += 2 + length;
        plain_from = at;
    }
    if plain_from < value.len() {
        pieces.push(Piece::Plain(&value[plain_from..]));
    }
    pieces
}

/// A word after its `=?`, and its length. Nothing beyond the next `=?` is looked at.
fn word(rest: &[u8], place: Place) -> Option<(Word<'_>, usize)> {
    let mark = rest.iter().take(64).position(|&byte| byte == b'?')?;
    let charset = std::str::from_utf8(&rest[..mark]).ok()?;
    let charset = charset.split('*').next().unwrap_or_default();
    let is_token = |c: char| c.is_ascii_alphanumeric() || "-_.:+()'".contains(c);
    if !charset.chars().all(is_token) || rest.get(mark + 2) != Some(&b'?') {
        return None;
    }
    let is_base64 = match rest[mark + 1] {
        b'b' | b'B' => true,
        b'q' | b'Q' => false,
        _ => return None,
    };
    let data = &rest[mark + 3..];
    let (length, closing) = data_end(data, place)?;
    Some((Word { charset, is_base64, data: &data[..length] }, mark + 3 + length + closing))
}

/// How long the data is and how long what closes it. Data that nothing closes ends
/// with the blank after it.
fn data_end(data: &[u8], place: Place) -> Option<(usize, usize)> {
    let mut open = data;
    for (at, &byte) in data.iter().enumerate() {
        let next = data.get(at + 1);
        match byte {
            b'?' if next == Some(&b'=') => return Some((at, 2)),
            b'=' if next == Some(&b'?') && data.get(at + 2) != Some(&b'=') => {
                open = &data[..at];
                break;
            }
            b'<' | b'>' | b'"' | b'(' | b')' | b',' | b';' | b':' | b'@' | b'\\'
                if place == Place::Address =>
            {
                return None;
            }
            _ => {}
        }
    }
    let length = open.iter().position(u8::is_ascii_whitespace).unwrap_or(open.len());
    (place == Place::Text && length > 0).then_some((length, 0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_read_as_programs_write_them() {
        for (value, want) in [
            ("=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
            ("=?UTF-8?B?R3LDvMOfZQ==?= =?utf-8?Q?_aus?=\r\n =?utf-8?q?_K=C3=B6ln?=", "Grüße aus Köln"),
            ("=?utf-8?q?Gr=C3?= =?utf-8?q?=BC=C3=9Fe?=", "Grüße"),
            ("=?utf-8?b?R3LD?= =?utf-8?b?vMOfZQ==?=", "Grüße"),
            ("=?utf-8?b?R3LDvM?= =?utf-8?b?OfZQ?=", "Grüße"),
            ("Re: =?iso-8859-1?q?Stra=DFe?= 5", "Re: Straße 5"),
            ("a=?iso-8859-1?q?=DF?=b", "aßb"),
            ("=?iso-8859-1*de?q?mit Leerzeichen?=", "mit Leerzeichen"),
            ("=?utf-8?q?really??=", "really?"),
            ("=?utf-8?q?offen", "offen"),
            ("=?utf-8?q?offen und =?utf-8?q?zu?=", "offen und zu"),
            ("=?x-unknown?q?Gr=FC=DFe aus K=F6ln?=", "Grüße aus Köln"),
            ("=?nonsense?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
            ("=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
            ("2 =? 3", "2 =? 3"),
            ("=?iso-2022-jp?b?GyRCRnxLXBsoQg==?=", "日本"),
            ("=?utf-8?q??=", ""),
        ] {
            assert_eq!(decode(value.as_bytes(), None), want, "{value}");
        }
    }

    #[test]
    fn bytes_of_eight_bits_are_read_with_the_charset_of_the_mail() {
        assert_eq!(decode("Grüße".as_bytes(), None), "Grüße");
        assert_eq!(decode(b"Gr\xfc\xdfe", None), "Grüße");
        assert_eq!(decode(b"\xcf\xf0", Some(encoding_rs::WINDOWS_1251)), "Пр");
    }

    #[test]
    fn a_word_never_swallows_an_address() {
        let same = b"=?utf-8?q?a\" <v@example.org>, \"b?= <m@example.org>";
        assert_eq!(canonical(same, None), same);
        assert_eq!(canonical(b"J\xfcrgen <j@x>", None), "Jürgen <j@x>".as_bytes());
        assert_eq!(canonical(b"=?iso-8859-1?q?J=FCrgen M?= <j@x>", None), b"=?utf-8?B?SsO8cmdlbiBN?= <j@x>");
    }

    #[test]
    fn twenty_thousand_words_cost_little() {
        let words = "=?utf-8?q?=C3=BC?= ".repeat(20_000);
        assert_eq!(decode(words.trim_end().as_bytes(), None).chars().count(), 20_000);
        decode("=?a?q?".repeat(50_000).as_bytes(), None);
    }

    proptest! {
        #[test]
        fn nothing_makes_it_fail(value: Vec<u8>) {
            decode(&value, None);
            canonical(&value, None);
        }
    }
}
