//! The sender's words as sentences with byte spans.
//!
//! Lines are looked at first: a list item, a line of a log or a short line stands
//! alone; long lines in a row were wrapped by a mail program and belong together.
//! Then each stretch is cut at sentence ends, never inside a quotation. All of it
//! is one pass; looking ahead is bounded.

use super::{fold, lists};

/// A quotation longer than this is taken for a stray quotation mark.
const LONGEST_QUOTE_CHARS: usize = 200;

/// From this width on (CJK counts two) a line may have been wrapped.
const WRAPPED_WIDTH: usize = 55;

/// From this width on it goes on even if the next line starts with a capital.
const SURELY_WRAPPED_WIDTH: usize = 66;

/// How a line is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Running text.
    Prose,
    /// An item of a list with dashes or bullets.
    Bullet,
    /// An item of a numbered list.
    Numbered,
    /// Output of a machine: log lines, stack traces, code.
    Machine,
}

/// One sentence of the sender's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// First byte in the own words.
    pub start: usize,
    /// First byte after it.
    pub end: usize,
    /// How the line it stands on is set.
    pub shape: Shape,
    /// Whether it is the first after an empty line (or of all).
    pub opens_paragraph: bool,
    /// The words as cues are matched, quotations blanked out.
    pub words: String,
}

/// Cuts `own` into sentences. `stands_alone` tells lines that must not be joined
/// to the line before or after (headings).
pub fn read(own: &str, stands_alone: impl Fn(&str) -> bool) -> Vec<Sentence> {
    let mut found = Vec::new();
    for block in blocks(own, stands_alone) {
        split(own, &block, &mut found);
    }
    found
}

struct Block {
    start: usize,
    end: usize,
    shape: Shape,
    opens_paragraph: bool,
}

fn blocks(own: &str, stands_alone: impl Fn(&str) -> bool) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let (mut after_blank, mut may_join, mut fenced) = (true, None, false);
    let counted = lists::counted_lines(own);
    let mut offset = 0;
    for raw in own.split_inclusive('\n') {
        let line = raw.trim();
        let start = offset + (raw.len() - raw.trim_start().len());
        offset += raw.len();
        let turns = line.matches("```").count() % 2 == 1;
        if is_fence(line) {
            fenced ^= turns || line.starts_with('{');
            may_join = None;
            continue;
        }
        if line.is_empty() {
            (after_blank, may_join) = (true, None);
            continue;
        }
        let (shape, marker) = match counted.binary_search_by_key(&start, |counted| counted.0) {
            _ if fenced => (Shape::Machine, 0),
            Ok(place) => (Shape::Numbered, counted[place].1),
            Err(_) => shape_of(line),
        };
        fenced ^= turns;
        let alone = shape == Shape::Machine || stands_alone(line);
        let goes_on =
            may_join == Some(true) || may_join == Some(false) && line.starts_with(char::is_lowercase);
        match blocks.last_mut() {
            Some(last) if goes_on && !alone && shape == Shape::Prose => last.end = start + line.len(),
            _ => blocks.push(Block {
                start: start + marker,
                end: start + line.len(),
                shape,
                opens_paragraph: after_blank,
            }),
        }
        after_blank = false;
        let ended = line.ends_with(['.', '!', '?', ':', '。', '：', '！', '？']);
        let wide = |width| width_reaches(line, width);
        may_join = (!alone && !ended && wide(WRAPPED_WIDTH)).then(|| wide(SURELY_WRAPPED_WIDTH));
    }
    blocks
}

/// A line that opens or closes a block of code, in Markdown or in a wiki.
fn is_fence(line: &str) -> bool {
    let wiki = |name| {
        line.strip_prefix(name)
            .and_then(|rest| rest.split_once('}'))
            .is_some_and(|(kind, rest)| kind.len() < 40 && rest.is_empty())
    };
    line.starts_with("```") || wiki("{code") || wiki("{noformat")
}

fn width_reaches(line: &str, width: usize) -> bool {
    line.chars().take(width).map(|c| if fold::unspaced(c) { 2 } else { 1 }).sum::<usize>() >= width
}

/// The shape of a line and how many bytes its list marker takes.
fn shape_of(line: &str) -> (Shape, usize) {
    if is_machine(line) {
        return (Shape::Machine, 0);
    }
    if let Some(length) = lists::bullet_marker(line) {
        return (Shape::Bullet, length);
    }
    match lists::number_marker(line) {
        Some(length) => (Shape::Numbered, length),
        None => (Shape::Prose, 0),
    }
}

/// Lines that no person typed: stack frames, log lines, prompts, mark-up, code.
fn is_machine(line: &str) -> bool {
    let frame = ["at ", "File \"", "Traceback", "Caused by", "Exception in", "#0 ", "java.", "org.", "com."];
    let looks_like_code =
        |l: &str| l.contains('(') && l.contains(')') && (l.contains('.') || l.contains(':'));
    if frame.iter().any(|start| line.starts_with(start))
        && (looks_like_code(line) || line.starts_with("Traceback"))
    {
        return true;
    }
    if line.starts_with(['{', '}', '<', '|', '>']) && !line.starts_with("{{")
        || line.ends_with(['{', ';']) && !line.contains(". ")
    {
        return true;
    }
    if announces_code(line) || ["//", "/*", "+#", "+//"].iter().any(|start| line.starts_with(start)) {
        return true;
    }
    let stamp = line.trim_start_matches(['[', '<']);
    let digits_first = stamp.bytes().take(8).filter(u8::is_ascii_digit).count() >= 6;
    digits_first && stamp.bytes().take(24).filter(|b| b"-:/".contains(b)).count() >= 2
}

/// `E-204: …`, `HALT: …`, `Error 0x31: …`: a short code before a colon.
fn announces_code(line: &str) -> bool {
    let Some((code, rest)) = line.split_once(": ").or_else(|| line.split_once('：')) else { return false };
    let short = code.len() <= 24 && code.split(' ').count() <= 2 && !rest.is_empty();
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    let capitals = code.bytes().filter(u8::is_ascii_uppercase).count();
    let all_capitals = capitals >= 3 && !code.bytes().any(|b| b.is_ascii_lowercase() || b == b' ');
    short && (digits >= 2 || all_capitals)
}

fn split(own: &str, block: &Block, found: &mut Vec<Sentence>) {
    let text = &own[block.start..block.end];
    let quotes = if block.shape == Shape::Machine { Vec::new() } else { quotations(text) };
    let mut opens_paragraph = block.opens_paragraph;
    let mut emit = |from: usize, to: usize| {
        let piece = &text[from..to];
        let start = block.start + from + (piece.len() - piece.trim_start().len());
        let end = block.start + from + piece.trim_end().len();
        if start < end {
            let words = words_outside(text, from, to, &quotes);
            found.push(Sentence { start, end, shape: block.shape, opens_paragraph, words });
            opens_paragraph = false;
        }
    };
    let mut from = 0;
    if block.shape != Shape::Machine {
        for end in sentence_ends(text, &quotes) {
            emit(from, end);
            from = end;
        }
    }
    emit(from, text.len());
}

/// Byte ranges between matching quotation marks, marks excluded.
fn quotations(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut busy_until = 0;
    for (at, open) in text.char_indices() {
        let Some(closing) = closing_marks(open).filter(|_| at >= busy_until) else { continue };
        let inside = at + open.len_utf8();
        let close =
            text[inside..].char_indices().take(LONGEST_QUOTE_CHARS).find(|(_, c)| closing.contains(*c));
        if let Some((length, mark)) = close {
            found.push((inside, inside + length));
            busy_until = inside + length + mark.len_utf8();
        }
    }
    found
}

fn closing_marks(open: char) -> Option<&'static str> {
    Some(match open {
        '"' | '＂' => "\"＂",
        '“' => "”“",
        '„' => "“”\"",
        '”' => "”",
        '«' => "»",
        '»' => "«",
        '「' => "」",
        '『' => "』",
        '《' => "》",
        '`' => "`",
        _ => return None,
    })
}

fn sentence_ends(text: &str, quotes: &[(usize, usize)]) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut quotes = quotes.iter().peekable();
    let mut chars = text.char_indices().peekable();
    let mut word_start = 0;
    while let Some((at, c)) = chars.next() {
        while quotes.next_if(|quote| quote.1 <= at).is_some() {}
        if quotes.peek().is_some_and(|quote| quote.0 <= at) {
            continue;
        }
        if c.is_whitespace() {
            word_start = at + c.len_utf8();
        }
        if !matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？') {
            continue;
        }
        let wide = matches!(c, '。' | '！' | '？');
        let mut end = at + c.len_utf8();
        while let Some((next, mark)) = chars.next_if(|(_, c)| ".!?…。！？)]）」』”\"»".contains(*c))
        {
            end = next + mark.len_utf8();
        }
        let rest = chars.clone().map(|(_, c)| c);
        if wide || ends_here(&text[..word_start], &text[word_start..at], c, rest) {
            ends.push(end);
        }
    }
    ends
}

/// A full stop ends a sentence when white space follows, the word before is no
/// abbreviation or ordinal, and the next word does not go on in lower case.
fn ends_here(before: &str, word: &str, mark: char, mut rest: impl Iterator<Item = char>) -> bool {
    if !rest.next().is_some_and(char::is_whitespace) {
        return false;
    }
    if mark != '.' {
        return true;
    }
    let letters = word.chars().take(4).filter(|c| c.is_alphanumeric()).count();
    let number = word.starts_with(|c: char| c.is_ascii_digit());
    let ordinal =
        (1..=2).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit()) && before_dates(before);
    let abbreviation =
        letters <= 1 && !number || ["e.g", "i.e", "etc", "resp", "approx", "bzw", "ca"].contains(&word);
    let next = rest.take(20).find(|c| !c.is_whitespace());
    !ordinal && (!abbreviation || next.is_none_or(|c| c == 'I'))
}

/// Words that a German ordinal follows: "am 3. Juni", "der 2. Versuch".
fn before_dates(before: &str) -> bool {
    let last = before.trim_end().rsplit(char::is_whitespace).next().unwrap_or_default();
    before.trim_end().is_empty()
        || ["am", "Am", "vom", "Vom", "zum", "bis", "den", "der", "dem", "Der", "im"].contains(&last)
}

/// The words of a stretch as cues are matched, quotations and addresses blanked out.
pub(super) fn words(text: &str) -> String {
    words_outside(text, 0, text.len(), &quotations(text))
}

fn words_outside(text: &str, from: usize, to: usize, quotes: &[(usize, usize)]) -> String {
    let first = quotes.partition_point(|quote| quote.1 <= from);
    let mut plain = String::with_capacity(to - from);
    let mut at = from;
    for &(start, end) in quotes[first..].iter().take_while(|quote| quote.0 < to) {
        plain.push_str(text.get(at..start).unwrap_or_default());
        plain.push_str(" \u{2026} ");
        at = end;
    }
    plain.push_str(text.get(at..to).unwrap_or_default());
    if !plain.contains('/') && !plain.contains('\\') {
        return fold::fold(&plain);
    }
    let spoken: Vec<&str> =
        plain.split_whitespace().map(|word| if is_address(word) { "\u{2026}" } else { word }).collect();
    fold::fold(&spoken.join(" "))
}

/// An address on the web or in a file system: what reads as a word in it was not said.
fn is_address(word: &str) -> bool {
    word.contains("://") || word.bytes().filter(|b| b"/\\".contains(b)).take(3).count() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        read(text, |_| false).iter().map(|s| &text[s.start..s.end]).collect()
    }

    #[test]
    fn sentences_end_in_latin_and_cjk_text() {
        assert_eq!(cut("I press it. Nothing happens! Why?"), ["I press it.", "Nothing happens!", "Why?"]);
        assert_eq!(cut("開きます。止まります！"), ["開きます。", "止まります！"]);
    }

    #[test]
    fn ordinals_abbreviations_and_versions_do_not_end_one() {
        assert_eq!(cut("Am 3. Juni, z. B. mit 2.4, ging es.").len(), 1);
    }

    #[test]
    fn a_quotation_is_never_cut_and_its_words_are_blank() {
        let text = "It says \"No. You should retry. Bye\" and stops.";
        let found = read(text, |_| false);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].words, "it says and stops");
        assert_eq!(cut("It is 5\" wide. Then it ends.").len(), 2);
    }

    #[test]
    fn wrapped_lines_are_joined_and_short_ones_are_not() {
        let wrapped = "This is a line that a mail program has wrapped at some column\nand that goes on here.";
        assert_eq!(cut(wrapped), [wrapped]);
        assert_eq!(cut("Hello\nit broke"), ["Hello", "it broke"]);
    }

    #[test]
    fn lists_and_logs_are_told_apart() {
        let text = "1. open\n(2) press\n- look\n2024-05-01 10:00:00 ERROR x\n  at a.b.C(D.java:1)\n③ 保存\n3.5 is fine";
        let shapes: Vec<Shape> = read(text, |_| false).iter().map(|s| s.shape).collect();
        use Shape::*;
        assert_eq!(shapes, [Numbered, Numbered, Bullet, Machine, Machine, Numbered, Prose]);
    }
}
