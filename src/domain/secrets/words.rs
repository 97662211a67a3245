//! Secrets that stand behind a word for them: "password: …", "Passwort lautet …", "パスワードは…".

mod list;

use std::{ops::Range, sync::LazyLock};

use aho_corasick::{AhoCorasick, MatchKind};

use super::{Found, MARK, Secret};
use crate::domain::text::prefix;

use list::{Kind, NO_VALUES, PROSE, SURE, WORDS};

/// How far behind its word a value may stand: "the password for the staging portal is …". In bytes.
const REACH: usize = 48;

/// The longest name of a parameter, in bytes.
const NAME: usize = 32;

/// So many bytes of a value tell whether it is one; it is covered as far as it goes.
const PROBE: usize = 256;

static FINDER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    // Letters outside ASCII are folded only there where these words have them.
    let upper = WORDS.iter().map(|(word, _)| word.to_uppercase());
    let all = WORDS.iter().map(|(word, _)| (*word).to_owned()).chain(upper);
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(all)
        .expect("a few short words make an automaton")
});

/// Finds what stands behind the words.
pub(super) fn find(text: &str, found: &mut Vec<Found>) {
    let mut done = 0;
    for word in FINDER.find_iter(text) {
        let (name, kind) = WORDS[word.pattern().as_usize() % WORDS.len()];
        // The value of the word before.
        if word.start() < done || !begins_a_word(text, word.start(), name) || is_in_a_mark(text, word.start())
        {
            continue;
        }
        let in_address = is_parameter(&text[..word.end()]);
        let Some(behind) = end_of_word(text, word.end(), name) else { continue };
        if let Some(probe) = value_behind(text, behind, kind, in_address) {
            let value = probe.start..whole(text, &probe, in_address);
            done = value.end;
            let secret = match kind {
                Kind::Password | Kind::Pin => Secret::Password,
                Kind::Token | Kind::Key => Secret::Token,
            };
            found.push((value, secret));
        }
    }
}

/// Whether a mark of ours says the word.
fn is_in_a_mark(text: &str, at: usize) -> bool {
    let before = &text[text.floor_char_boundary(at.saturating_sub(24))..at];
    before.rfind(MARK).is_some_and(|mark| !before[mark..].contains(']'))
}

/// Whether the name that ends here is one behind `?` or `&` of an address.
fn is_parameter(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let name = bytes.iter().rev().take(NAME).take_while(is_name).count();
    bytes[..bytes.len() - name].ends_with(b"?") || bytes[..bytes.len() - name].ends_with(b"&")
}

/// A short word stands alone, `DB_PASSWORD` and `userPassword` end with a longer one.
fn begins_a_word(text: &str, at: usize, name: &str) -> bool {
    match text[..at].chars().next_back() {
        Some(before) if before.is_alphanumeric() && name.is_ascii() => {
            name.len() >= 6 || before.is_lowercase() && text[at..].starts_with(char::is_uppercase)
        }
        _ => true,
    }
}

/// Behind `s`, or what is joined to it: `password_2`, `tokens`. `None` inside another word.
fn end_of_word(text: &str, at: usize, name: &str) -> Option<usize> {
    let rest = &text[at..];
    if !name.is_ascii() {
        return Some(at);
    }
    let tail = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').unwrap_or(rest.len());
    let joined = &rest[..tail];
    let fits = joined.is_empty()
        || joined == "s"
        || joined.len() <= 16 && joined.starts_with(|c: char| c == '_' || c.is_ascii_digit())
        || joined.len() <= 16 && name.len() >= 6 && joined.starts_with('-')
        || joined.starts_with(|c: char| c > '\u{2e7f}');
    let whole = if joined.starts_with(|c: char| c > '\u{2e7f}') { 0 } else { tail };
    fits.then_some(at + whole)
}

fn value_behind(text: &str, at: usize, kind: Kind, in_address: bool) -> Option<Range<usize>> {
    let near = prefix(&text[at..], REACH);
    let line = near.split('\n').next().unwrap_or_default();
    // `"password": …` and `**Password** …`
    let close = line.len() - line.trim_start_matches(['"', '\'', '`', '*', ')', ']']).len();
    let rest = &text[at + close..];
    let gap = rest.len() - rest.trim_start_matches([' ', '\t', '\u{3000}']).len();
    let start = at + close + gap;
    let of_kind =
        |value: &Range<usize>| is_value(&text[value.clone()], kind) || in_address && value.len() >= 4;
    let sign = SURE.iter().find(|sign| text[start..].starts_with(**sign)).map(|sign| sign.len());
    // `<password>…`
    let sign = sign.or((close + gap == 0 && rest.starts_with('>')).then_some(1));
    if let Some(value) = sign.and_then(|length| value_at(text, start + length, in_address)).filter(of_kind) {
        return Some(value);
    }
    let direct = |value: &Range<usize>| is_secret(&text[value.clone()], kind);
    if let Some(value) = value_at(text, start, false).filter(|value| gap > 0 && direct(value)) {
        return Some(value);
    }
    behind_prose(text, at + close, line.len() - close, kind)
}

/// "… for the staging portal is hunter2", within the reach and the line.
fn behind_prose(text: &str, at: usize, reach: usize, kind: Kind) -> Option<Range<usize>> {
    let near = &text[at..at + reach];
    if let Some(joint) = ["は", "是", "为", "為"].iter().find(|joint| near.starts_with(**joint)) {
        let value = value_at(text, at + joint.len(), false)?;
        let latin = text[value.clone()].starts_with(|c: char| c.is_ascii());
        return (latin && is_value(&text[value.clone()], kind)).then_some(value);
    }
    let mut from = at;
    for (place, word) in near.split_inclusive([' ', '\t']).filter(|word| !word.trim().is_empty()).enumerate()
    {
        from = at + near[from - at..].find(word).unwrap_or(0) + (from - at) + word.len();
        let word = word.trim();
        if word.contains(MARK) {
            return None;
        }
        let bare = word.trim_end_matches([':', '：']).to_lowercase();
        let announced = bare.len() < word.len() || SURE.contains(&bare.as_str());
        if announced || PROSE.contains(&bare.as_str()) {
            let value = value_at(text, from, false)?;
            let quoted = text[..value.start].ends_with(['"', '\'', '`', '“', '„', '«']);
            let close_by = announced && place == 0;
            let written = &text[value.clone()];
            if is_secret(written, kind) || (quoted || close_by) && is_value(written, kind) {
                return Some(value);
            }
        }
        if word.ends_with(['.', '!', '?', ';']) {
            return None;
        }
    }
    None
}

/// The value that begins here: in quotation marks, else up to white space; at most one line further down.
fn value_at(text: &str, at: usize, in_address: bool) -> Option<Range<usize>> {
    let rest = &text[at..];
    let skipped = |c: char| matches!(c, ' ' | '\t' | '\u{3000}' | '\u{a0}' | '*' | ':' | '=' | '\r' | '\n');
    let blank = rest.len() - rest.trim_start_matches(skipped).len();
    if rest[..blank].matches('\n').count() > 1 || rest[blank..].starts_with(MARK) {
        return None;
    }
    let (start, rest) = (at + blank, prefix(&rest[blank..], PROBE));
    let first = rest.chars().next()?;
    let inner = &rest[first.len_utf8()..];
    if let Some(length) =
        closing(first).and_then(|ends| inner.find(|c| ends.contains(c))).filter(|length| *length > 0)
    {
        let start = start + first.len_utf8();
        return Some(start..start + length);
    }
    let value = &rest[..run(rest, first, in_address)];
    let value = value.trim_end_matches(['.', ',', ';', ')', ']', '}', '\'', '*']);
    (!value.is_empty()).then(|| start..start + value.len())
}

/// What closes a quotation that opens so.
fn closing(opening: char) -> Option<&'static str> {
    match opening {
        '"' => Some("\""),
        '\'' => Some("'"),
        '`' => Some("`"),
        '“' | '„' => Some("”“"),
        '«' => Some("»"),
        '「' => Some("」"),
        _ => None,
    }
}

/// How far a value without quotation marks goes that begins with this letter.
fn run(text: &str, first: char, in_address: bool) -> usize {
    let ends = |c: char| {
        c.is_whitespace()
            || matches!(c, '"' | '<' | '>' | '。' | '，' | '、' | '；')
            || in_address && matches!(c, '&' | '#')
            || first.is_ascii() && c > '\u{2e7f}'
    };
    text.find(ends).unwrap_or(text.len())
}

/// Where the whole of a value ends that was looked at so far.
fn whole(text: &str, probe: &Range<usize>, in_address: bool) -> usize {
    let first = text[probe.clone()].chars().next();
    match first.filter(|_| probe.len() + 8 >= PROBE) {
        Some(first) => probe.end + run(&text[probe.end..], first, in_address),
        None => probe.end,
    }
}

/// Whether it may stand behind a sign.
fn is_value(value: &str, kind: Kind) -> bool {
    let lower = value.to_lowercase();
    if lower.contains("://") || NO_VALUES.contains(&lower.as_str()) {
        return false;
    }
    match kind {
        Kind::Password => value.chars().count() >= 3,
        Kind::Pin => is_pin(value),
        Kind::Token => is_random(value, 8),
        Kind::Key => is_random(value, 20) && turns(value) > 1,
    }
}

/// Whether it is a secret also where any word might stand.
fn is_secret(value: &str, kind: Kind) -> bool {
    let surely = match kind {
        Kind::Password => value.chars().count() >= 6 && is_mixed(value),
        Kind::Pin => value.len() >= 4,
        Kind::Token => value.len() >= 16,
        Kind::Key => true,
    };
    surely && is_value(value, kind)
}

/// Letters with digits or signs among them, as passwords have them and words do not.
fn is_mixed(value: &str) -> bool {
    let inner = value.trim_end_matches(['!', '?']);
    let sign = |c: char| {
        c.is_ascii_digit() || matches!(c, '!' | '$' | '%' | '&' | '#' | '@' | '*' | '+' | '=' | '^' | '~')
    };
    inner.contains(char::is_alphabetic) && inner.contains(sign)
}

fn is_pin(value: &str) -> bool {
    (3..=8).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit())
}

/// Long, of letters and digits, and no words of a language or paths.
fn is_random(value: &str, least: usize) -> bool {
    let plain = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '+' | '/' | '=' | ':' | '%')
    };
    let both =
        value.contains(|c: char| c.is_ascii_alphabetic()) && value.contains(|c: char| c.is_ascii_digit());
    let path = value.starts_with('/') || value.matches(['/', '.']).count() * 12 > value.len() + 24;
    value.len() >= least && both && !path && value.chars().all(plain)
}

/// How often letters turn into digits and back.
fn turns(value: &str) -> usize {
    let kinds = value.chars().filter(char::is_ascii_alphanumeric).map(|c| c.is_ascii_digit());
    let (mut last, mut turns) = (None, 0);
    for kind in kinds {
        turns += usize::from(last.is_some_and(|last| last != kind));
        last = Some(kind);
    }
    turns
}
