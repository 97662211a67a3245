//! What a reply repeats of the mail of ours that it answers, where the mail program left
//! no marks: Outlook's replies, and answers written into our own form.

use std::collections::HashSet;

use super::{Place, line::Line};
use crate::domain::Severed;

/// So many words in a row that are ours are no coincidence.
const WORDS: usize = 4;

/// The same body, in which what stands in the texts that we `sent` is quoted; `None` where nothing
/// of ours is among the own words. Line breaks and marks of quotes do not matter. A short
/// line such as "Hello," is ours only beside one that is; a heading above words of the sender
/// stays with them, since it says what they answer.
pub fn without_ours(body: &Severed, sent: &[&str]) -> Option<Severed> {
    let lines: Vec<Line<'_>> = body.own.lines().map(Line::of).collect();
    let places = places(&lines, &Sent::of(sent));
    if !places.contains(&Place::Quoted) {
        return None;
    }
    let own = super::gathered(&lines, &places, Place::Own);
    let mut quoted = body.quoted.clone();
    if !quoted.is_empty() {
        quoted.push('\n');
    }
    quoted.push_str(&super::gathered(&lines, &places, Place::Quoted));
    Some(Severed { own, quoted, ..body.clone() })
}

/// Our texts, as what can be looked up.
struct Sent<'s> {
    /// Whole lines.
    lines: HashSet<Vec<&'s str>>,
    /// A line and the next that has anything on it.
    pairs: HashSet<[Vec<&'s str>; 2]>,
    /// Every few words in a row, over the ends of lines.
    runs: HashSet<[&'s str; WORDS]>,
}

impl<'s> Sent<'s> {
    fn of(texts: &[&'s str]) -> Self {
        let mut sent = Sent { lines: HashSet::new(), pairs: HashSet::new(), runs: HashSet::new() };
        for text in texts {
            let lines: Vec<_> = text.lines().map(words).filter(|words| !words.is_empty()).collect();
            sent.pairs.extend(lines.windows(2).filter_map(|pair| <[_; 2]>::try_from(pair.to_vec()).ok()));
            let all = lines.concat();
            sent.runs.extend(all.windows(WORDS).filter_map(|run| <[&str; WORDS]>::try_from(run).ok()));
            sent.lines.extend(lines);
        }
        sent
    }

    /// Whether every few words in a row of a line are ours.
    fn has_run(&self, words: &[&str]) -> bool {
        words.len() >= WORDS
            && words
                .windows(WORDS)
                .all(|run| <[&str; WORDS]>::try_from(run).is_ok_and(|run| self.runs.contains(&run)))
    }
}

/// The words of a line without marks of quotes, lists and emphasis.
pub(super) fn words(line: &str) -> Vec<&str> {
    let bare = |word: &str| !word.chars().all(|c| ">|*_-•".contains(c));
    line.trim_start_matches(['>', '|', ' '])
        .split_whitespace()
        .filter(|word| bare(word))
        .map(|word| word.trim_matches(['*', '_']))
        .collect()
}

fn places(lines: &[Line<'_>], sent: &Sent<'_>) -> Vec<Place> {
    let filled: Vec<usize> = (0..lines.len()).filter(|n| !lines[*n].is_blank()).collect();
    let said: Vec<Vec<&str>> = filled.iter().map(|n| words(lines[*n].text)).collect();
    let mut ours: Vec<bool> = said.iter().map(|words| sent.has_run(words)).collect();
    let whole: Vec<bool> = said.iter().map(|words| words.is_empty() || sent.lines.contains(words)).collect();
    for n in 1..ours.len() {
        if sent.pairs.contains(&[said[n - 1].clone(), said[n].clone()]) {
            (ours[n - 1], ours[n]) = (true, true);
        }
    }
    for n in 1..ours.len() {
        ours[n] |= whole[n] && ours[n - 1];
    }
    for n in (1..ours.len()).rev() {
        ours[n - 1] |= whole[n - 1] && ours[n];
    }
    let mut places = vec![Place::Own; lines.len()];
    for (n, line) in filled.iter().enumerate() {
        let heads = lines[*line].mark.ends_with([':', '：']) && ours.get(n + 1) == Some(&false);
        if ours[n] && !heads {
            places[*line] = Place::Quoted;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASK: &str = "Hello Anna,\n\nThank you for your message. It has arrived, and someone from our team\n\
                       will look at it.\n\nExpected result:\n\nActual result:\n\nKind regards\nExample Desk\n\n\
                       Your reference is DG-1.";

    fn own(own: &str) -> Option<String> {
        let body = Severed { own: own.to_owned(), quoted: "Before".to_owned(), ..Severed::default() };
        let without = without_ours(&body, &[ASK])?;
        let count = |text: &str| text.lines().filter(|line| !line.trim().is_empty()).count();
        assert_eq!(count(&without.own) + count(&without.quoted), count(own) + 1);
        Some(without.own)
    }

    #[test]
    fn what_we_sent_is_quoted_however_it_is_wrapped() {
        assert_eq!(own(ASK).unwrap(), "");
        let wrapped = "Thank you for your message. It has arrived, and someone from our team will look at it.\nThanks, but when?";
        assert_eq!(own(wrapped).unwrap(), "Thanks, but when?");
        assert_eq!(own(&format!("No.\n{}", ASK.replace('\n', "\n> "))).unwrap(), "No.");
    }

    #[test]
    fn a_heading_of_ours_stays_above_its_answer() {
        let answered = ASK.replace("Expected result:\n", "Expected result:\nPaper.\n");
        assert_eq!(own(&answered).unwrap(), "Expected result:\nPaper.");
    }

    #[test]
    fn short_lines_are_ours_in_our_order() {
        assert_eq!(own("Paper.\n\nKind regards\nExample Desk").unwrap(), "Paper.");
        assert_eq!(own("Paper.\n\nKind regards\nAnna"), None);
    }

    #[test]
    fn a_short_line_alone_is_the_senders() {
        assert_eq!(own("Hello Anna,\nthe reference is gone.\nKind regards"), None);
        assert_eq!(own(""), None);
    }
}
