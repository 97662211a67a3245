//! Lines that say whose words follow: `On 3 March 2016 at 10:12, Bob wrote:`.

use super::{
    Answering,
    line::{Line, has_clock, has_date, starts_with_year},
    quote,
    words::{ends_with_verb, has_opener, has_verb, is_verb, openers_within},
};

/// The most lines over which an attribution extends.
const MAX_WRAP: usize = 5;

/// The most places in a line at which an attribution is looked for.
const MAX_STARTS: usize = 8;

/// The most words of an attribution that names neither day nor address: `Bob Miller wrote:`.
const MAX_SHORT: usize = 8;

/// The fewest digits of a day with the time.
const DIGITS: usize = 8;

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
pub(super) fn lines(rest: &[Line<'_>], answering: Answering) -> usize {
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
        match found(&joined, answering) {
            Found::Sure => return n + 1,
            Found::BeforeQuote if quote::is_next(&rest[n + 1..]) => return n + 1,
            _ => joined.push(' '),
        }
    }
    0
}

/// Where an attribution begins within a line, behind words of the sender: `Yes. On
/// Wed, Apr 4, 2012 at 3:59 PM, Bob wrote:`. Only where a marked quote follows.
pub(super) fn shared(rest: &[Line<'_>], answering: Answering) -> Option<usize> {
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
            let rows = lines(&halved, answering);
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

fn found(joined: &str, answering: Answering) -> Found {
    let end = joined.trim_end_matches(['-', ' ', '‐', '–', '—', '*', '_']);
    let said = end.trim_end_matches([':', '：', ' ', ',', '，']);
    let marks = Marks {
        said,
        colon: end.ends_with([':', '：']),
        address: joined.contains('@'),
        date: has_date(joined),
        clock: has_clock(joined),
        opens: has_opener(joined),
        verb: has_verb(said),
    };
    let sure = match answering {
        Answering::Mail => marks.sure_in_an_answer(joined),
        Answering::Nothing => marks.complete(),
    };
    match () {
        () if sure => Found::Sure,
        () if marks.before_quote(answering) => Found::BeforeQuote,
        () => Found::No,
    }
}

/// What an attribution is told by.
struct Marks<'t> {
    /// Without the colon.
    said: &'t str,
    colon: bool,
    address: bool,
    date: bool,
    clock: bool,
    opens: bool,
    verb: bool,
}

impl Marks<'_> {
    /// All that a mail program can write: nothing less is one in a mail that answers nothing.
    fn complete(&self) -> bool {
        self.address && self.date && self.clock && (self.colon && self.verb || self.opens && self.closes())
    }

    /// The address or the verb ends it.
    fn closes(&self) -> bool {
        self.colon && self.said.ends_with(['>', ')', ']']) || ends_with_verb(self.said)
    }

    fn sure_in_an_answer(&self, joined: &str) -> bool {
        let bracketed = self.address && self.said.ends_with(['>', ')', ']']);
        let numbered = joined.starts_with(|c: char| c.is_numeric());
        let opened = self.opens && self.address && joined.contains(['<', '(']);
        // "The log of 10:15 writes:" is a sentence; "Bob wrote on 2 Nov:" is none.
        // `Dne 02. 11. 20 v 10:12`: a day with spaces.
        let digits = joined.bytes().filter(u8::is_ascii_digit).count();
        let day = self.date || self.clock && self.opens && digits >= DIGITS;
        let dated = day && (self.opens || numbered || !names_program(joined));
        self.address && self.date && self.said.ends_with('>') && is_name_after_day(joined)
            || self.date && self.clock && self.colon && (bracketed && !is_log(joined) || opened)
            || self.verb && self.colon && (self.address || dated)
            || (self.date || self.clock || self.address)
                && joined.starts_with("on ")
                && (ends_with_verb(self.said) || self.said.ends_with(" sent"))
    }

    fn before_quote(&self, answering: Answering) -> bool {
        let known = self.date || self.clock;
        let told = self.verb || self.said.ends_with(" said") || self.address && known;
        let short = self.said.split_whitespace().take(MAX_SHORT + 1).count() <= MAX_SHORT;
        let alone = answering == Answering::Mail || short || self.opens && known || self.address;
        self.colon && told && alone
    }
}

/// Whether a sentence begins here, about what writes rather than about who wrote.
fn names_program(joined: &str) -> bool {
    const ARTICLES: &[&str] = &["the ", "a ", "das ", "der ", "die ", "um ", "la ", "les ", "los ", "las "];
    ARTICLES.iter().any(|article| joined.starts_with(article))
}

/// `2013/7/20 Bob Miller <bob@example.org>`, with no verb and no colon.
fn is_name_after_day(joined: &str) -> bool {
    let Some((before, address)) = joined.rsplit_once('<') else { return false };
    let name = before.trim_start_matches(|c: char| !c.is_alphabetic());
    let words = name.split_whitespace().take(MAX_SHORT).count();
    starts_with_year(joined)
        && address.contains('@')
        && (1..MAX_SHORT).contains(&words)
        && !is_log(name)
        && !name.contains(|c: char| c.is_ascii_digit() || "[]:=".contains(c))
}

/// Whether a level of a log stands in it: `10:12 ERROR user <anna@example.org>:`
fn is_log(joined: &str) -> bool {
    const LEVELS: &[&str] =
        &["error", "warn", "warning", "info", "debug", "fatal", "notice", "trace", "denied"];
    joined.split(|c: char| !c.is_alphabetic()).any(|word| LEVELS.contains(&word))
}
