//! Words that tell what a report is about.

use super::noise;
use crate::domain::Language;

/// Polish words are cut here, since PostgreSQL has no stems for them: what differs is mostly the ending.
const POLISH_STEM: usize = 6;

/// The longest word that is kept, in characters; longer ones are no words.
const LONGEST: usize = 40;

/// The words of a text in lower case that may mean something: no numbers, no greetings, no thanks. Chinese and
/// Japanese, which part no words, give each two characters that stand side by side.
pub fn telling(text: &str, language: Language) -> Vec<String> {
    let lower = text.to_lowercase();
    let mut found = Vec::new();
    for word in lower.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()) {
        for run in runs(word) {
            match run.chars().next().is_some_and(is_eastern) {
                true => found.extend(pairs(run)),
                false => found.extend(western(run, language)),
            }
        }
    }
    found
}

/// The text without addresses and links, which say who and where but not what.
pub fn without_addresses(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let words = line.split(' ').filter(|word| !word.contains('@') && !word.contains("://"));
        words.collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn western(word: &str, language: Language) -> Option<String> {
    let length = word.chars().count();
    let speaks = word.chars().any(char::is_alphabetic) && (3..=LONGEST).contains(&length);
    if !speaks || noise::is_noise(word) {
        return None;
    }
    Some(match language {
        Language::Pl => word.chars().take(POLISH_STEM).collect(),
        _ => word.to_owned(),
    })
}

/// Stretches of one script within a word.
fn runs(word: &str) -> Vec<&str> {
    let (mut runs, mut start) = (Vec::new(), 0);
    let mut script = None;
    for (at, c) in word.char_indices() {
        let this = Some(is_eastern(c));
        if script.is_some() && script != this {
            runs.push(&word[start..at]);
            start = at;
        }
        script = this;
    }
    runs.push(&word[start..]);
    runs
}

/// Each two characters that stand side by side, save those that hold sentences together.
fn pairs(run: &str) -> Vec<String> {
    let chars: Vec<char> = noise::without_courtesy(run).chars().collect();
    let telling = |pair: &&[char]| pair.iter().all(|c| is_eastern(*c) && !noise::joins(*c));
    chars.windows(2).filter(telling).map(|pair| pair.iter().collect()).collect()
}

/// Kanji and kana, Chinese characters.
fn is_eastern(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '々')
}
