//! Numbers that prove themselves: payment cards and bank accounts.

use super::{Found, Secret, is_inside_a_word};

/// Digits of a card (ISO/IEC 7812-1).
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// Finds cards and accounts.
pub(super) fn find(text: &str, found: &mut Vec<Found>) {
    cards(text, found);
    accounts(text, found);
}

/// Groups of digits with one separator between them; each group may begin a card.
fn cards(text: &str, found: &mut Vec<Found>) {
    let groups = groups(text);
    let mut first = 0;
    while first < groups.len() {
        match card_from(text, &groups[first..]) {
            Some(count) => {
                found.push((groups[first].start..groups[first + count - 1].end, Secret::CardNumber));
                first += count;
            }
            None => first += 1,
        }
    }
}

/// Digits in a row, and whether a single separator joins them to those before.
struct Group {
    start: usize,
    end: usize,
    joined: bool,
}

fn groups(text: &str) -> Vec<Group> {
    let bytes = text.as_bytes();
    let mut groups: Vec<Group> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        let joined = groups.last().is_some_and(|last| is_separator(&text[last.end..start]));
        groups.push(Group { start, end: at, joined });
    }
    groups
}

fn is_separator(between: &str) -> bool {
    matches!(between, " " | "-" | "." | "\u{a0}" | "\u{202f}" | "\u{2011}" | "\u{2013}")
}

/// How many of these groups are a card's number; none when they are something else.
fn card_from(text: &str, groups: &[Group]) -> Option<usize> {
    let start = groups.first()?.start;
    // Behind a plus sign stands a telephone number; behind a letter and a hyphen a part of an id.
    let mut before = text[..start].chars().rev();
    let (last, last_but_one) = (before.next(), before.next());
    let inside = is_inside_a_word(last) || last == Some('+');
    let hyphened =
        last.is_some_and(|c| c == '-' || c == '.') && last_but_one.is_some_and(char::is_alphabetic);
    if inside || hyphened {
        return None;
    }
    let mut digits: Vec<u8> = Vec::new();
    for (count, group) in groups.iter().enumerate() {
        let small = group.end - group.start < 3;
        if count > 0 && (!group.joined || small && digits.len() < 12) || small && count == 0 {
            return None;
        }
        digits.extend(text.as_bytes()[group.start..group.end].iter().take(20).map(|digit| digit - b'0'));
        if digits.len() > *CARD_DIGITS.end() {
            return None;
        }
        let ends = !is_inside_a_word(text[group.end..].chars().next());
        if ends && CARD_DIGITS.contains(&digits.len()) && is_issued(&digits) && luhn(&digits) {
            return Some(count + 1);
        }
    }
    None
}

/// Whether a network hands out numbers that begin so and are so long.
fn is_issued(digits: &[u8]) -> bool {
    let begins =
        |count: usize| digits.iter().take(count).fold(0u32, |sum, &digit| sum * 10 + u32::from(digit));
    match (begins(1), begins(2), begins(3), begins(4)) {
        (4, ..) => matches!(digits.len(), 13 | 16 | 19),
        (_, 51..=55, ..) | (.., 2221..=2720) => digits.len() == 16,
        (_, 34 | 37, ..) => digits.len() == 15,
        (_, _, 300..=305, _) | (_, 36 | 38 | 39, ..) => (14..=19).contains(&digits.len()),
        (.., 3528..=3589) | (_, 62 | 65, ..) | (_, _, 644..=649, _) | (.., 6011) => digits.len() >= 16,
        // Maestro, where it is as long as the others.
        (_, 50 | 56..=58 | 63 | 67, ..) => digits.len() >= 16,
        _ => false,
    }
}

/// The check digit of ISO/IEC 7812-1, annex B.
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = (digits.iter().rev().enumerate())
        .map(|(place, &digit)| match (place % 2, u32::from(digit) * 2) {
            (0, _) => u32::from(digit),
            (_, doubled) => doubled / 10 + doubled % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// How long the account numbers of a country are (the IBAN registry).
const LENGTHS: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 \
                       EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 \
                       KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 \
                       PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 \
                       XK20";

fn accounts(text: &str, found: &mut Vec<Found>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at + 4 <= bytes.len() {
        let head = &bytes[at..at + 4];
        let may_begin =
            head[..2].iter().all(u8::is_ascii_alphabetic) && head[2..].iter().all(u8::is_ascii_digit);
        let fits = may_begin && !is_inside_a_word(text[..at].chars().next_back());
        match fits.then(|| account_end(text, at)).flatten() {
            Some(end) => {
                found.push((at..end, Secret::AccountNumber));
                at = end;
            }
            None => at += 1,
        }
    }
}

/// Where the account number that begins here ends: as long as its country has them, one space between groups.
fn account_end(text: &str, start: usize) -> Option<usize> {
    let country = text.get(start..start + 2)?.to_ascii_uppercase();
    let listed = LENGTHS.split_whitespace().find_map(|entry| entry.strip_prefix(country.as_str()))?;
    let length: usize = listed.parse().ok()?;
    let (mut number, mut end, mut spaced) = (String::with_capacity(length), start, true);
    for (place, c) in text[start..].char_indices() {
        if number.len() == length {
            break;
        }
        if c.is_ascii_alphanumeric() {
            number.push(c.to_ascii_uppercase());
            end = start + place + 1;
            spaced = false;
        } else if matches!(c, ' ' | '\u{a0}' | '-') && !spaced {
            spaced = true;
        } else {
            return None;
        }
    }
    let whole = number.len() == length && !is_inside_a_word(text[end..].chars().next());
    (whole && remainder(&number) == 1).then_some(end)
}

/// Modulo 97 with the first four characters last and letters as 10 to 35 (ISO 7064, MOD 97-10).
fn remainder(number: &str) -> u32 {
    let turned = number[4..].chars().chain(number[..4].chars());
    turned.filter_map(|c| c.to_digit(36)).fold(0, |rest, value| {
        let shifted = if value > 9 { rest * 100 } else { rest * 10 };
        (shifted + value) % 97
    })
}
