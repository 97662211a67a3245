//! Headings: `Steps to reproduce:`, `**Expected**`, `## 3. Actual`, `【再現手順】`.
//!
//! A heading gives the sentences below it to its slot, until the next heading, or
//! until a paragraph after the first filled one. A heading over nothing, or over
//! "n/a", says nothing; the heading itself is never evidence.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    cues,
    fold::{fold, unspaced},
    sentences::{self, Sentence, Shape},
};
use crate::domain::Slot;

/// The longest heading, in bytes of the line; longer is a sentence.
const LONGEST: usize = 120;

/// The most characters of a script without spaces in a heading that no table names:
/// "点击保存按钮后页面提示：" is a sentence that goes on below.
const MOST_UNSPACED: usize = 7;

/// What a heading announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// One of the three facts.
    Slot(Slot),
    /// Something else: "Environment:", a Markdown heading.
    Other,
}

/// The heading that opens `text`, and how many bytes it takes with its colon.
pub fn heading(text: &str) -> Option<(Topic, usize)> {
    let head = crate::domain::text::prefix(text, LONGEST);
    if let Some((colon, mark)) =
        head.char_indices().find(|(_, c)| matches!(c, ':' | '：' | '】' | '］' | '='))
        && let Some(slot) = named(&head[..colon])
    {
        let length = colon + mark.len_utf8();
        let closing = text[length..].len()
            - text[length..].trim_start_matches(['*', '_', ':', '：', ']', ' ', '=']).len();
        return Some((Topic::Slot(slot), length + closing));
    }
    if text.len() > LONGEST {
        return None;
    }
    let line = text.lines().next().unwrap_or_default();
    if let Some(slot) = named_exactly(line).or_else(|| decorated(line).then(|| named(line)).flatten()) {
        return Some((Topic::Slot(slot), line.len()));
    }
    if line.starts_with('【')
        && let Some(closing) = line.find('】')
    {
        return Some((Topic::Other, closing + '】'.len_utf8()));
    }
    let few = line.split(' ').count() <= 3 && line.chars().filter(|&c| unspaced(c)).count() <= MOST_UNSPACED;
    let other = line.starts_with('#') && line.trim_start_matches('#').starts_with(' ')
        || few && line.ends_with([':', '：']) && !announces_more(line);
    other.then_some((Topic::Other, line.len()))
}

/// A sentence and the heading it stands under.
#[derive(Debug)]
pub struct Placed {
    /// The sentence, without a heading on the same line.
    pub sentence: Sentence,
    /// The slot of its heading.
    pub under: Option<Slot>,
}

/// Takes the headings out and places every other sentence under its own.
pub fn place(own: &str, sentences: Vec<Sentence>) -> Vec<Placed> {
    let mut placed = Vec::new();
    let (mut topic, mut filled) = (None, false);
    for mut sentence in sentences {
        let found =
            (sentence.shape != Shape::Machine).then(|| heading(&own[sentence.start..sentence.end])).flatten();
        if let Some((next, length)) = found {
            topic = match next {
                Topic::Slot(slot) => Some(slot),
                Topic::Other => None,
            };
            filled = false;
            let rest = &own[sentence.start + length..sentence.end];
            if rest.trim().is_empty() {
                continue;
            }
            sentence.start = sentence.end - rest.trim_start().len();
            sentence.words = sentences::words(rest);
        } else if filled && sentence.opens_paragraph && sentence.shape == Shape::Prose {
            topic = None;
        }
        let text = &own[sentence.start..sentence.end];
        // The words of a quotation are blank; under a heading it is an answer all the same.
        let quotes = topic.is_some() && sentence.words.is_empty() && text.contains(char::is_alphabetic);
        let bare_number = topic == Some(Slot::Steps) && !text.contains(char::is_alphabetic);
        if bare_number || says_nothing(&sentence.words) && !quotes {
            continue;
        }
        filled = true;
        placed.push(Placed { under: topic, sentence });
    }
    placed
}

/// "n/a", "-", "none", "なし": words that fill a form without saying anything.
pub fn says_nothing(words: &str) -> bool {
    static NOTHING: LazyLock<Vec<String>> =
        LazyLock::new(|| cues::ALL.iter().flat_map(|cues| cues.nothing).map(|text| fold(text)).collect());
    words.is_empty() || words.len() < 40 && NOTHING.iter().any(|nothing| nothing == words)
}

static NAMES: LazyLock<HashMap<String, Slot>> = LazyLock::new(|| {
    let mut names = HashMap::new();
    for cues in cues::ALL {
        for (slot, headings) in [
            (Slot::Steps, cues.steps_headings),
            (Slot::Actual, cues.actual_headings),
            (Slot::Expected, cues.expected_headings),
        ] {
            names.extend(headings.iter().map(|text| (fold(text), slot)));
        }
    }
    names
});

fn bare(text: &str) -> String {
    let folded = fold(text);
    let plain = folded.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
    let plain =
        plain.split_once(' ').filter(|(number, _)| is_cjk_numeral(number)).map_or(plain, |(_, rest)| rest);
    plain.strip_prefix("h3 ").or(plain.strip_prefix("h2 ")).unwrap_or(plain).to_owned()
}

fn is_cjk_numeral(word: &str) -> bool {
    word.chars().all(|c| "一二三四五六七八九十".contains(c))
}

/// "It should be:" is a sentence that goes on below, not the name of a section.
fn announces_more(line: &str) -> bool {
    let words = fold(line);
    [" should", " should be", " must be"].iter().any(|end| words.ends_with(end))
}

fn named_exactly(text: &str) -> Option<Slot> {
    NAMES.get(&bare(text)).copied()
}

/// A heading of two or more words may be followed by up to five more ("Steps to
/// reproduce the problem in 4.2").
fn named(text: &str) -> Option<Slot> {
    let bare = bare(text);
    if let Some(slot) = NAMES.get(&bare) {
        return Some(*slot);
    }
    let ends: Vec<usize> = bare.match_indices(' ').map(|(at, _)| at).collect();
    let spaced = ends.iter().skip(1).rev().find_map(|&end| NAMES.get(&bare[..end]).copied());
    (ends.len() <= 7).then_some(spaced).flatten().filter(|_| !bare.chars().any(unspaced))
}

fn decorated(line: &str) -> bool {
    line.starts_with(['#', '*', '_', '【', '[', '=', '<', '■', '●', '◆', '▼'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_and_the_unusual_forms_are_headings() {
        use Slot::*;
        let table = [
            ("Steps to reproduce:", Steps),
            ("## Steps To Reproduce", Steps),
            ("**Expected behaviour**", Expected),
            ("**Actual result:**", Actual),
            ("3. Expected behavior", Expected),
            ("h3. Actual results", Actual),
            ("What I expected", Expected),
            ("Steps to reproduce the problem in 4.2:", Steps),
            ("Schritte zum Reproduzieren:", Steps),
            ("Erwartetes Verhalten", Expected),
            ("Comportement attendu :", Expected),
            ("Pasos para reproducirlo:", Steps),
            ("Comportamento observado:", Actual),
            ("Passi per riprodurre:", Steps),
            ("Verwacht gedrag:", Expected),
            ("Kroki do odtworzenia:", Steps),
            ("【再現手順】", Steps),
            ("■期待する動作", Expected),
            ("实际结果：", Actual),
            ("【复现步骤】", Steps),
            ("二、重现方法：", Steps),
        ];
        for (line, slot) in table {
            assert_eq!(heading(line).map(|found| found.0), Some(Topic::Slot(slot)), "{line}");
        }
    }

    #[test]
    fn sentences_are_no_headings() {
        for line in
            ["I expected more.", "The steps to the cellar are wet", "Expected it to work", "", "Hello"]
        {
            assert_eq!(heading(line), None, "{line}");
        }
    }

    #[test]
    fn what_stands_behind_brackets_is_no_heading() {
        let text = "【至急】画面が白いです。";
        let (topic, length) = heading(text).unwrap();
        assert_eq!((topic, &text[length..]), (Topic::Other, "画面が白いです。"));
        assert_eq!(heading("点击保存按钮后页面提示："), None);
        assert_eq!(heading("環境："), Some((Topic::Other, "環境：".len())));
    }

    #[test]
    fn words_after_the_colon_are_what_it_holds() {
        let text = "Expected: a green light";
        let (_, length) = heading(text).unwrap();
        assert_eq!(&text[length..], "a green light");
    }
}
