//! The cue words of the ten languages, and one matcher for all of them.
//!
//! Each language is a file of plain tables that a native speaker can review. A cue
//! is one or more words. They are matched as whole words in any letter case, with
//! or without accents; `*` at an end leaves that end open (`click*` also finds
//! *clicking*), `^` ties the cue to the start of a sentence, and ` … ` is a gap of
//! any length within the sentence. Cues in Japanese or Chinese match anywhere.
//!
//! All languages are matched at once: people mix them, and a language guessed
//! wrong must not make the gate deaf.

mod de;
mod en;
mod es;
mod fr;
mod it;
mod ja;
mod nl;
mod pl;
mod pt;
mod zh;

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::fold::{fold, unspaced};
use crate::domain::Language;

/// The tables of one language.
pub struct Cues {
    /// Whose words these are.
    pub language: Language,
    /// Headings over the steps.
    pub steps_headings: &'static [&'static str],
    /// Headings over what happened.
    pub actual_headings: &'static [&'static str],
    /// Headings over what was expected.
    pub expected_headings: &'static [&'static str],
    /// Words that fill a form without saying anything.
    pub nothing: &'static [&'static str],
    /// Phrases that announce or tell steps by themselves.
    pub steps: &'static [&'static str],
    /// Words that open a condition: "when", "as soon as".
    pub conditions: &'static [&'static str],
    /// What people do with software and devices, as they tell or order it.
    pub actions: &'static [&'static str],
    /// Words for who acts. Where they are listed, an action counts only close
    /// behind one, at the start of a sentence, or in a chain of actions; where
    /// the verb alone tells the person, the list is empty.
    pub actors: &'static [&'static str],
    /// Verbs that do nothing to a machine: "want", "need". Where actors are listed,
    /// any other word behind "when I" tells a step.
    pub idle: &'static [&'static str],
    /// Words of trouble: what went wrong.
    pub trouble: &'static [&'static str],
    /// Words that say there is trouble without saying which, or only ask to look.
    pub vague: &'static [&'static str],
    /// Words that state an expectation.
    pub expected: &'static [&'static str],
    /// Words that may state one.
    pub hoped: &'static [&'static str],
    /// Phrases that look like an expectation and are none ("you should fix").
    pub not_expected: &'static [&'static str],
    /// Words of another errand: orders, thanks, how-to questions.
    pub errands: &'static [&'static str],
    /// Greetings, closings and other words around the matter.
    pub courtesy: &'static [&'static str],
}

/// Every language's tables.
pub const ALL: [&Cues; 10] = [
    &en::CUES,
    &de::CUES,
    &fr::CUES,
    &es::CUES,
    &pt::CUES,
    &it::CUES,
    &nl::CUES,
    &pl::CUES,
    &ja::CUES,
    &zh::CUES,
];

/// What a cue speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as the fields of `Cues`")]
pub enum Role {
    Steps,
    Condition,
    Action,
    Actor,
    Idle,
    Trouble,
    Vague,
    Expected,
    Hoped,
    NotExpected,
    Errand,
    Courtesy,
}

/// A cue found in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What it speaks for.
    pub role: Role,
    /// The cue as its table spells it.
    pub name: &'static str,
    /// First byte in the folded words.
    pub start: usize,
    /// First byte after it; where the cue is open-ended, the end of what it spells.
    pub end: usize,
    /// Whether its language lists who acts.
    pub needs_actor: bool,
}

/// A sentence is judged by its first cues; more are only found in hostile ones.
const MOST_HITS: usize = 200;

/// The cues in a sentence's folded words, in the order they end, at most
/// `MOST_HITS`.
pub fn hits(words: &str) -> Vec<Hit> {
    MATCHER.hits(words)
}

struct Cue {
    role: Role,
    name: &'static str,
    needs_actor: bool,
    pieces: usize,
}

/// One stretch of a cue between gaps.
struct Piece {
    cue: usize,
    place: usize,
    first_word: bool,
    open_start: bool,
    open_end: bool,
}

struct Matcher {
    cues: Vec<Cue>,
    pieces: Vec<Piece>,
    automaton: AhoCorasick,
}

static MATCHER: LazyLock<Matcher> = LazyLock::new(Matcher::build);

impl Matcher {
    fn build() -> Matcher {
        let (mut cues, mut pieces, mut patterns) = (Vec::new(), Vec::new(), Vec::new());
        for (tables, (role, name)) in
            ALL.iter().flat_map(|tables| tables.roles().map(move |cue| (tables, cue)))
        {
            let parts: Vec<&str> = name.split(" … ").collect();
            for (place, part) in parts.iter().enumerate() {
                let text = fold(part);
                pieces.push(Piece {
                    cue: cues.len(),
                    place,
                    first_word: part.starts_with('^'),
                    open_start: part.starts_with('*') || text.starts_with(unspaced),
                    open_end: part.ends_with('*') || text.ends_with(unspaced),
                });
                patterns.push(text);
            }
            cues.push(Cue { role, name, needs_actor: !tables.actors.is_empty(), pieces: parts.len() });
        }
        let automaton = AhoCorasick::new(patterns).expect("a few thousand short words make an automaton");
        Matcher { cues, pieces, automaton }
    }

    fn hits(&self, words: &str) -> Vec<Hit> {
        let mut found: Vec<Hit> = Vec::new();
        // Cues with gaps that have begun: cue, pieces seen, start, end of the last piece.
        let mut begun: Vec<(usize, usize, usize, usize)> = Vec::new();
        for hit in self.automaton.find_overlapping_iter(words) {
            if found.len() == MOST_HITS {
                break;
            }
            let piece = &self.pieces[hit.pattern().as_usize()];
            let cue = &self.cues[piece.cue];
            if !fits(piece, words, hit.start(), hit.end()) {
                continue;
            }
            let whole = Hit {
                role: cue.role,
                name: cue.name,
                start: hit.start(),
                end: hit.end(),
                needs_actor: cue.needs_actor,
            };
            if cue.pieces == 1 {
                found.push(whole);
                continue;
            }
            match begun.iter_mut().find(|(id, ..)| *id == piece.cue) {
                Some((_, seen, start, end)) if *seen == piece.place && hit.start() >= *end => {
                    (*seen, *end) = (*seen + 1, hit.end());
                    if *seen == cue.pieces {
                        found.push(Hit { start: *start, ..whole });
                    }
                }
                None if piece.place == 0 => begun.push((piece.cue, 1, hit.start(), hit.end())),
                _ => {}
            }
        }
        found
    }
}

fn fits(piece: &Piece, words: &str, start: usize, end: usize) -> bool {
    let word = |c: char| c.is_alphanumeric() && !unspaced(c);
    if piece.first_word && start != 0 {
        return false;
    }
    (piece.open_start || !words[..start].ends_with(word))
        && (piece.open_end || !words[end..].starts_with(word))
}

impl Cues {
    fn roles(&self) -> impl Iterator<Item = (Role, &'static str)> + use<> {
        [
            (Role::Steps, self.steps),
            (Role::Condition, self.conditions),
            (Role::Action, self.actions),
            (Role::Actor, self.actors),
            (Role::Idle, self.idle),
            (Role::Trouble, self.trouble),
            (Role::Vague, self.vague),
            (Role::Expected, self.expected),
            (Role::Hoped, self.hoped),
            (Role::NotExpected, self.not_expected),
            (Role::Errand, self.errands),
            (Role::Courtesy, self.courtesy),
        ]
        .into_iter()
        .flat_map(|(role, table)| table.iter().map(move |&name| (role, name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Word;

    #[test]
    fn every_language_has_every_table() {
        for cues in ALL {
            let tables =
                cues.roles().map(|(role, _)| role as usize).collect::<std::collections::BTreeSet<_>>();
            let english = usize::from(!cues.actors.is_empty()) + usize::from(!cues.idle.is_empty());
            assert_eq!(tables.len(), 10 + english, "{}", cues.language);
            assert!(!cues.steps_headings.is_empty() && !cues.actual_headings.is_empty(), "{}", cues.language);
            assert!(!cues.expected_headings.is_empty() && !cues.nothing.is_empty(), "{}", cues.language);
        }
        let languages: Vec<Language> = ALL.iter().map(|cues| cues.language).collect();
        assert_eq!(languages, Language::ALL);
    }

    #[test]
    fn no_cue_is_empty_after_folding() {
        for (role, name) in ALL.iter().flat_map(|cues| cues.roles()) {
            assert!(name.split(" … ").all(|piece| fold(piece).chars().count() > 0), "{role:?} {name:?}");
        }
    }

    #[test]
    fn cues_are_whole_words_unless_left_open() {
        let has = |words: &str, role| hits(words).iter().any(|hit| hit.role == role);
        assert!(has("it should open", Role::Expected));
        assert!(!has("a shoulder", Role::Expected));
        assert!(has("clicking it", Role::Action));
    }
}
