//! Own words, quotes and signature of a mail's text.
//!
//! Every line goes to exactly one of the three, whole; nothing is deleted. Only
//! the own words are ever read as the sender's: by the gate, and as commands. So
//! in doubt between own and quoted the line is quoted where a mail program's mark
//! says so: a mail that only forwards or quotes has no own words at all, or else
//! the words of the person quoted would be taken for the sender's.
//!
//! One pass from top to bottom; each line is looked at a bounded number of times.

use super::reply_words::{BARE_SEPARATORS, DEVICES, FOOTERS, Label, OPENERS, SEPARATORS, WROTE, label};
use crate::domain::Severed;

/// Longer lines, in bytes, are prose: no mark of a mail program is that long.
const MAX_MARK_BYTES: usize = 500;
/// The most lines over which an attribution or a header block's gap extends.
const MAX_WRAP: usize = 4;
/// The most lines of a header block, wrapped recipients included.
const MAX_BLOCK: usize = 14;
/// The most lines of a signature with its disclaimer; more is a listing below a rule.
const MAX_SIGNATURE: usize = 25;
/// The most lines below a rule of underscores that are a list's footer.
const MAX_RULED_FOOTER: usize = 6;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Own,
    Quoted,
    Signature,
}

/// Takes a text apart.
pub fn sever(text: &str) -> Severed {
    let lines: Vec<&str> = text.lines().collect();
    let places = places(&lines);
    let gather = |wanted: Place| {
        let chosen = lines.iter().zip(&places).filter(|(_, place)| **place == wanted);
        let chosen: Vec<_> = chosen.map(|(line, _)| *line).collect();
        without_blank_ends(&chosen).join("\n")
    };
    Severed { own: gather(Place::Own), quoted: gather(Place::Quoted), signature: gather(Place::Signature) }
}

fn without_blank_ends<'a, 'l>(lines: &'a [&'l str]) -> &'a [&'l str] {
    let is_text = |line: &&str| !line.trim().is_empty();
    match (lines.iter().position(is_text), lines.iter().rposition(is_text)) {
        (Some(first), Some(last)) => &lines[first..=last],
        _ => &[],
    }
}

/// The place of each line.
fn places(lines: &[&str]) -> Vec<Place> {
    let mut places = Vec::with_capacity(lines.len());
    let mut place = Place::Own;
    while places.len() < lines.len() {
        let at = places.len();
        let rest = &lines[at..];
        if starts_quoted_rest(rest) {
            break;
        }
        let attribution = attribution(rest);
        if attribution > 0 {
            places.resize(at + attribution, Place::Quoted);
            if !next_is_quote(&rest[attribution..]) {
                break;
            }
            place = Place::Own;
        } else if is_quote(rest[0]) || is_torn_quote(rest, at.checked_sub(1).map(|before| lines[before])) {
            places.push(Place::Quoted);
            place = Place::Own;
        } else if is_signature_mark(rest) {
            place = Place::Signature;
            places.push(place);
        } else if is_footer(rest[0]) {
            places.push(Place::Signature);
        } else {
            places.push(place);
        }
    }
    places.resize(lines.len(), Place::Quoted);
    places
}

/// A line of a mail program, trimmed and in lower case; empty for long ones.
fn mark(line: &str) -> String {
    if line.len() > MAX_MARK_BYTES { String::new() } else { line.trim().to_lowercase() }
}

fn is_quote(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

fn next_is_quote(rest: &[&str]) -> bool {
    rest.iter().find(|line| !line.trim().is_empty()).is_some_and(|line| is_quote(line))
}

/// The rest of a long quoted link that lost its `>` when the line was wrapped.
fn is_torn_quote(rest: &[&str], before: Option<&str>) -> bool {
    let line = rest[0].trim();
    let torn = line.contains("://") || line.ends_with([')', '>']);
    torn && !line.is_empty()
        && line.split_whitespace().count() <= 2
        && before.is_some_and(is_quote)
        && rest.get(1).is_some_and(|line| is_quote(line))
}

/// Whether everything from here on is a quoted mail: a separator, or the header
/// lines of Outlook, with or without a rule above.
fn starts_quoted_rest(rest: &[&str]) -> bool {
    is_separator(rest[0])
        || is_header_block(rest)
        || is_rule(rest[0]) && {
            let below = rest[1..].iter().take(3).position(|line| !line.trim().is_empty());
            below.is_some_and(|blank| is_header_block(&rest[1 + blank..]))
        }
}

/// `-----Original Message-----` and its kin.
fn is_separator(line: &str) -> bool {
    let mark = mark(line);
    if BARE_SEPARATORS.contains(&mark.as_str()) {
        return true;
    }
    let inside = mark.trim_matches(['-', '_', '=', '*', ' ', ':', '—', '－']);
    let dashes = mark.starts_with("--")
        || mark.starts_with("__")
        || mark.starts_with("==")
        || mark.starts_with("－－");
    dashes && SEPARATORS.iter().any(|words| inside.starts_with(words))
}

/// A line of nothing but dashes, underscores or the like.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 5 && line.chars().all(|c| "-_=*—–".contains(c))
}

/// `From: … Sent: … To: … Subject: …` in any of the languages. Three kinds of line
/// are enough; two are, where one has an address.
fn is_header_block(rest: &[&str]) -> bool {
    if !matches!(header_label(rest[0]), Some(Label::From | Label::Date)) {
        return false;
    }
    let (mut kinds, mut strangers, mut address) = (Vec::new(), 0, false);
    for line in rest.iter().take(MAX_BLOCK) {
        match header_label(line) {
            Some(label) if !kinds.contains(&label) => kinds.push(label),
            Some(_) => {}
            None if line.trim().is_empty() => break,
            None => strangers += 1,
        }
        if strangers > MAX_WRAP {
            break;
        }
        address |= line.contains('@');
    }
    kinds.len() >= 3 || kinds.len() == 2 && address
}

/// The kind of header line, for `*From:* Alice` as for `Von: Alice`.
fn header_label(line: &str) -> Option<Label> {
    let line = line.trim_start_matches([' ', '\t', '*', '|', '\u{a0}']);
    let (word, value) = line.split_once([':', '：'])?;
    if word.len() > 40 || value.trim_matches(['*', ' ']).is_empty() {
        return None;
    }
    label(word.trim_matches(['*', ' ', '\u{a0}']).to_lowercase().as_str())
}

/// How many lines an attribution has that begins here: `On … Alice wrote:`, also
/// wrapped. Prose is kept out: there is a date, a clock or an address in it, or
/// quoted lines follow.
fn attribution(rest: &[&str]) -> usize {
    let first = mark(rest[0]);
    let first = first.trim_start_matches(['-', ' ', '*', '_']);
    if !may_begin_attribution(first) {
        return 0;
    }
    let dated = has_time(first) || first.contains('@');
    let mut joined = String::new();
    for (n, line) in rest.iter().take(if dated { MAX_WRAP } else { 1 }).enumerate() {
        let line = mark(line);
        if n > 0
            && (line.is_empty()
                || joined.ends_with(['.', '!', '?'])
                || is_quote(&line) && !closes_address(&line))
        {
            return 0;
        }
        joined.push_str(if n == 0 { first } else { &line });
        if is_attribution(&joined) || next_is_quote(&rest[n + 1..]) && announces_quote(&joined) {
            return n + 1;
        }
        joined.push(' ');
    }
    0
}

/// `> wrote:`, the end of a wrapped address rather than a quoted line.
fn closes_address(line: &str) -> bool {
    let said = line.trim_start_matches(['>', ' ']).trim_end_matches([':', '：', ' ']);
    said.is_empty() || WROTE.contains(&said)
}

fn may_begin_attribution(first: &str) -> bool {
    let opens = OPENERS.iter().any(|opener| first.starts_with(opener));
    opens || first.contains('@') || first.starts_with(|c: char| c.is_ascii_digit()) || has_verb(first)
}

/// Sure by itself: a date or an address, and a verb or a bare `2017-02-05 Alice <a@b>:`.
fn is_attribution(joined: &str) -> bool {
    let end = joined.trim_end_matches(['-', ' ', '–', '—', '*', '_', '\u{a0}']);
    let colon = end.ends_with([':', '：']);
    let address = joined.contains('@');
    if starts_with_year(joined) && address && (colon || end.ends_with('>')) {
        return true;
    }
    let dated = has_time(joined);
    let said = end.trim_end_matches([':', '：', ' ', '\u{a0}']);
    let ends_with_verb = said.ends_with("sent") || WROTE.iter().any(|verb| said.ends_with(verb));
    (dated || address) && (colon && has_verb(said) || joined.starts_with("on ") && ends_with_verb)
}

/// Sure because a quote follows: `Alice wrote:`, `Thu, 26 Jun 2014 от Alice <a@b>:`.
fn announces_quote(joined: &str) -> bool {
    let colon = joined.trim_end().ends_with([':', '：']);
    colon && (has_verb(joined) || joined.contains('@') && has_time(joined))
}

fn has_verb(text: &str) -> bool {
    WROTE.iter().any(|verb| text.contains(verb))
}

/// `2017-02-05`, `2013/7/20`, `2020年1月1日`
fn starts_with_year(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits == 4 && text[4..].starts_with(['-', '/', '.', '年'])
}

/// A clock (`18:32`, `13.16`) or a year.
fn has_time(text: &str) -> bool {
    let runs = text.split(|c: char| !c.is_ascii_digit());
    let year = runs.clone().any(|run| run.len() == 4 && (run.starts_with("19") || run.starts_with("20")));
    let clock = text.as_bytes().windows(4).any(|w| {
        w[0].is_ascii_digit() && matches!(w[1], b':' | b'.') && w[2].is_ascii_digit() && w[3].is_ascii_digit()
    });
    year || clock
}

/// `-- ` on its own line (RFC 3676 §4.3), also without the space that programs
/// drop, and the rule above a mailing list's footer at the very end.
fn is_signature_mark(rest: &[&str]) -> bool {
    let line = rest[0].trim();
    if matches!(line, "--" | "—" | "ᐧ" | "__") {
        let below =
            rest[1..].iter().take_while(|line| !is_quote(line)).filter(|line| !line.trim().is_empty());
        return below.take(MAX_SIGNATURE + 1).count() <= MAX_SIGNATURE;
    }
    let ruled = line.len() >= 15 && line.bytes().all(|b| b == b'_');
    ruled && rest.len() <= 3 * MAX_RULED_FOOTER && {
        let below = rest[1..].iter().filter(|line| !line.trim().is_empty()).count();
        (1..=MAX_RULED_FOOTER).contains(&below)
    }
}

/// `Sent from my iPhone`, alone on its line. A sentence that only begins so names
/// no device, or goes on after a comma.
fn is_footer(line: &str) -> bool {
    let mark = mark(line);
    let mark = mark.trim_start_matches(['-', '*', '_', '[', ' ', '>', '(', '•']);
    let Some(footer) = FOOTERS.iter().find(|footer| mark.starts_with(*footer)) else { return false };
    let rest = &mark[footer.len()..];
    let words = rest.split_whitespace().count();
    let device = DEVICES.iter().any(|device| mark.contains(device));
    let sentence = rest.contains(", ") || rest.contains(". ") || words > 12;
    !sentence && (device || *footer == "sent from my " && (1..=3).contains(&words))
}

#[cfg(test)]
mod tests;
