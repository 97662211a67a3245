//! The place of a text that shows why it was found.

use serde::Serialize;

use super::{Query, What};
use crate::domain::text;

/// A stretch of text that was looked for, or one between.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// What it says, on one line.
    pub text: String,
    /// It was looked for.
    pub hit: bool,
}

/// What counts as found: words of a query in small letters, and their stems.
#[derive(Clone, Debug, Default)]
pub struct Needles {
    words: Vec<String>,
    stems: Vec<String>,
    /// What a word may begin with: the last one is perhaps not typed to its end.
    begin: Option<String>,
}

/// Characters before the first hit.
const BEFORE: usize = 60;
/// Characters that an excerpt has.
const LONGEST: usize = 220;
/// A word may be so much longer than its stem, in characters.
const ENDING: usize = 4;
/// Stems that are shorter stand in too many words.
const SHORTEST_STEM: usize = 3;

impl Needles {
    /// The words of a query, with the stems that the database made of them.
    pub fn new(query: &Query, stems: Vec<String>) -> Needles {
        let mut needles = Needles::default();
        for term in query.terms.iter().filter(|term| !term.negated) {
            let (What::Word(said) | What::Phrase(said)) = &term.what else { continue };
            needles.words.extend(words(said).map(|(_, word)| word.to_lowercase()));
            needles.begin =
                matches!(term.what, What::Word(_)).then(|| needles.words.last().cloned()).flatten();
        }
        needles.stems = stems.into_iter().filter(|stem| stem.chars().count() >= SHORTEST_STEM).collect();
        needles
    }

    fn hits(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        let length = word.chars().count();
        let stemmed =
            |stem: &String| word.starts_with(stem.as_str()) && length <= stem.chars().count() + ENDING;
        self.words.contains(&word)
            || self.begin.as_ref().is_some_and(|begin| word.starts_with(begin.as_str()))
            || self.stems.iter().any(stemmed)
            || self
                .words
                .iter()
                .any(|needle| needle.chars().all(is_eastern) && word.contains(needle.as_str()))
    }
}

/// What stands around the first hit, or how the text begins where there is none.
pub fn excerpt(whole: &str, needles: &Needles) -> Vec<Piece> {
    let found: Vec<(usize, usize)> = words(whole)
        .flat_map(|(at, word)| places(word, needles).into_iter().map(move |(from, to)| (at + from, at + to)))
        .take(200)
        .collect();
    let start = found.first().map_or(0, |(at, _)| back(whole, *at, BEFORE));
    let end = forward(whole, start, LONGEST);
    let mut pieces = Vec::new();
    if start > 0 {
        push(&mut pieces, "… ", false);
    }
    let mut done = start;
    for (from, to) in found.into_iter().filter(|(_, to)| *to <= end) {
        push(&mut pieces, &whole[done..from], false);
        push(&mut pieces, &whole[from..to], true);
        done = to;
    }
    push(&mut pieces, &whole[done..end], false);
    if end < whole.len() && !whole[end..].trim().is_empty() {
        push(&mut pieces, " …", false);
    }
    pieces
}

/// A text on one line of at most so many bytes.
pub fn one_line(whole: &str, most: usize) -> String {
    let mut line = String::new();
    for word in whole.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        let space = if line.is_empty() { "" } else { " " };
        if line.len() + space.len() + word.len() > most {
            line.push_str(space);
            let left = most.saturating_sub(line.len());
            line.push_str(text::prefix(word, left));
            line.truncate(line.trim_end().len());
            line.push('…');
            return line;
        }
        line.push_str(space);
        line.push_str(word);
    }
    line
}

/// Where in a word is what was looked for: all of it, or the characters of a language that parts no words.
fn places(word: &str, needles: &Needles) -> Vec<(usize, usize)> {
    if !word.chars().any(is_eastern) {
        return if needles.hits(word) { vec![(0, word.len())] } else { Vec::new() };
    }
    let eastern = needles.words.iter().filter(|needle| needle.chars().all(is_eastern));
    let mut found: Vec<(usize, usize)> = eastern
        .flat_map(|needle| word.match_indices(needle.as_str()).map(|(at, it)| (at, at + it.len())))
        .collect();
    found.sort_unstable();
    let mut end = 0;
    found.retain(|(from, to)| {
        let behind = *from >= end;
        end = if behind { *to } else { end };
        behind
    });
    found
}

/// The words of a text, with where each begins.
fn words(whole: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let from = rest + whole[rest..].find(char::is_alphanumeric)?;
        let end = whole[from..].find(|c: char| !c.is_alphanumeric()).map_or(whole.len(), |at| from + at);
        rest = end;
        Some((from, &whole[from..end]))
    })
}

fn is_eastern(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '々')
}

/// So many characters before a place, then to the beginning of a word.
fn back(whole: &str, at: usize, count: usize) -> usize {
    let from = whole[..at].char_indices().rev().take(count).last().map_or(at, |(from, _)| from);
    if from == 0 {
        return 0;
    }
    let space = whole[from..at].find(char::is_whitespace);
    space.map_or(from, |space| from + space)
}

fn forward(whole: &str, from: usize, count: usize) -> usize {
    whole[from..].char_indices().nth(count).map_or(whole.len(), |(at, _)| from + at)
}

/// Adds a piece on one line; what is of one sort becomes one piece.
fn push(pieces: &mut Vec<Piece>, said: &str, hit: bool) {
    let mut line = String::with_capacity(said.len());
    for c in said.chars() {
        let c = if c.is_whitespace() || c.is_control() { ' ' } else { c };
        let after = line.chars().last().or_else(|| pieces.last()?.text.chars().last()).unwrap_or(' ');
        if c != ' ' || after != ' ' {
            line.push(c);
        }
    }
    match pieces.last_mut() {
        _ if line.is_empty() => {}
        Some(last) if last.hit == hit => last.text.push_str(&line),
        _ => pieces.push(Piece { text: line, hit }),
    }
}
