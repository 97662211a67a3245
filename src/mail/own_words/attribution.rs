//! Lines that say whose words follow: `On 3 March 2016 at 10:12, Bob wrote:`.

use super::{
    line::{Line, has_clock, has_date, starts_with_year},
    quote,
    words::{ends_with_verb, has_opener, has_verb, is_verb, openers_within},
};

/// The most lines over which an attribution extends.
const MAX_WRAP: usize = 5;

/// The most places in a line at which an attribution is looked for.
const MAX_STARTS: usize = 8;

/// How sure an attribution is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    No,
    /// It is one if a marked quote follows.
    BeforeQuote,
    Sure,
}

/// How many lines an attribution has that begins here, also wrapped. Prose is kept
/// out: there is a date or an address in it, or quoted lines follow.
pub(super) fn lines(rest: &[Line<'_>]) -> usize {
    let Some(line) = rest.first() else { return 0 };
    let first = line.mark.trim_start_matches(['-', ' ', '‐', '–', '—', '*', '_']);
    if !may_begin(first) {
        return 0;
    }
    let wraps = has_clock(first)
        || has_date(first)
        || first.contains('@')
        || first.ends_with('<')
        || starts_in_name(first);
    let (mut joined, mut rows) = (String::new(), 0);
    for (n, line) in rest.iter().enumerate().take(if wraps { MAX_WRAP } else { 1 } + 1) {
        if line.is_blank() && n > 0 && opens_address(rest.get(n + 1)) {
            continue;
        }
        if n > 0
            && (line.is_blank() || ends_sentence(&joined) || line.is_quote() && !closes_address(&line.mark))
        {
            return 0;
        }
        rows += 1;
        if rows > if wraps { MAX_WRAP } else { 1 } {
            return 0;
        }
        joined.push_str(if n == 0 { first } else { &line.mark });
        match found(&joined) {
            Found::Sure => return n + 1,
            Found::BeforeQuote if quote::is_next(&rest[n + 1..]) => return n + 1,
            _ => joined.push(' '),
        }
    }
    0
}

/// Where an attribution begins within a line, behind words of the sender: `Yes. On
/// Wed, Apr 4, 2012 at 3:59 PM, Bob wrote:`. Only where a marked quote follows.
pub(super) fn shared(rest: &[Line<'_>]) -> Option<usize> {
    let first = rest.first()?;
    if !has_clock(&first.mark) && !has_date(&first.mark) || first.is_quote() || has_opener(&first.mark) {
        return None;
    }
    if !rest.iter().take(2 * MAX_WRAP).any(Line::is_quote) {
        return None;
    }
    let starts = openers_within(first.text).take(MAX_STARTS);
    let start =
        starts.into_iter().take_while(|&start| !first.text[..start].contains('@')).find(|&start| {
            let mut halved = vec![Line::of(&first.text[start..])];
            halved.extend(rest[1..].iter().take(2 * MAX_WRAP).map(|line| Line::of(line.text)));
            let rows = lines(&halved);
            rows > 0 && quote::is_next(&rest[rows.min(rest.len())..])
        })?;
    let before = first.text[..start].trim_end();
    let dashes = before.len() - before.trim_end_matches('-').len();
    let start = if dashes >= 2 { before.len() - dashes } else { start };
    first.text[..start].contains(char::is_alphanumeric).then_some(start)
}

fn may_begin(first: &str) -> bool {
    if has_verb(first) || first.ends_with(" said:") {
        return true;
    }
    let telling =
        first.contains(['@', ':', '：']) || first.ends_with('<') || first.bytes().any(|b| b.is_ascii_digit());
    let begins = has_opener(first) || first.contains('@') || first.ends_with('<');
    telling
        && (begins || has_clock(first) || has_date(first) || first.starts_with(|c: char| c.is_ascii_digit()))
}

/// `On Friday, Alice Miller` without any number.
fn starts_in_name(first: &str) -> bool {
    has_opener(first) && !first.contains(':')
}

fn ends_sentence(joined: &str) -> bool {
    let joined = joined.trim_end();
    joined.ends_with(['!', '?'])
        || joined.ends_with('.') && joined.rsplit(' ').next().is_some_and(|word| word.len() > 6)
}

/// `<`, `<mailto:`: an address that a program put on lines of its own.
fn opens_address(line: Option<&Line<'_>>) -> bool {
    line.is_some_and(|line| line.mark.starts_with('<') || line.mark.starts_with("[mailto:"))
}

/// `> wrote:`, the end of a wrapped address rather than a quoted line.
fn closes_address(mark: &str) -> bool {
    let said = mark.trim_start_matches(['>', ' ', ')', ',']).trim_end_matches([':', '：', ' ']);
    said.is_empty() || is_verb(said)
}

fn found(joined: &str) -> Found {
    let end = joined.trim_end_matches(['-', ' ', '‐', '–', '—', '*', '_']);
    let colon = end.ends_with([':', '：']);
    let said = end.trim_end_matches([':', '：', ' ', ',', '，']);
    let address = joined.contains('@');
    let (date, clock) = (has_date(joined), has_clock(joined));
    let bracketed = address && said.ends_with(['>', ')', ']']);
    if bracketed && date && (colon || starts_with_year(joined)) && (clock || starts_with_year(joined)) {
        return Found::Sure;
    }
    if colon && has_opener(joined) && date && clock && (joined.contains("@") && joined.contains(['<', '('])) {
        return Found::Sure;
    }
    let known = date || address || clock && !joined.starts_with("at ");
    if known && colon && has_verb(said) {
        return Found::Sure;
    }
    if (date || clock || address)
        && joined.starts_with("on ")
        && (ends_with_verb(said) || said.ends_with(" sent"))
    {
        return Found::Sure;
    }
    let told = has_verb(joined) || said.ends_with(" said") || address && (date || clock);
    if colon && told { Found::BeforeQuote } else { Found::No }
}
