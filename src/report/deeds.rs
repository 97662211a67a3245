//! Who does what in a sentence: by the verbs of the cue tables, and where those
//! end, by the forms in which English tells a deed of any verb.

use super::{
    cues::{Hit, Role},
    sentences::Shape,
};

/// Bytes of folded words between an action and the word that makes it somebody's.
const CLOSE: usize = 14;

/// Bytes of folded words from one action to the next of the same story.
const CHAIN: usize = 60;

/// Bytes of folded words before a condition that still opens the sentence: "however, when".
const FRONT: usize = 12;

/// The same where the trouble stands first: "the app crashes when".
const TROUBLE_FIRST: usize = 24;

/// So many adverbs may stand between a person and the verb: "I then just simply".
const MOST_ADVERBS: usize = 3;

/// Bytes of folded words that say where or when to act: "in the sidebar of the editor, click".
const LEAD: usize = 40;

#[rustfmt::skip]
const LEADS: &[&str] = &[
    "in the ", "in a ", "in an ", "in your ", "in my ", "on the ", "on a ", "on any ", "in any ", "from the ", "from a ", "at the ",
    "under the ", "inside the ", "inside a ", "with the ", "with a ", "within the ", "now ", "next ", "finally ", "afterwards ", "again ", "second ",
];

/// Conditions that tell what came before rather than how to get there: "after
/// upgrading it fails".
const AFTERWARDS: &[&str] = &["after", "once", "upon", "by", "during", "while", "as i", "on doing"];

/// Actors that are none where they stand behind a condition: "once first".
const ORDER_WORDS: &[&str] = &["then", "first", "just"];

const ADVERBS: &[&str] = &["then", "just", "now", "first", "also", "only"];

/// Before an action: it is possible, done to a thing, long done, or a noun.
#[rustfmt::skip]
const NOT_DONE: &[&str] = &[
    "can", "could", "cannot", "can't", "may", "might", "would", "should", "shall", "will", "must", "is", "are",
    "was", "were", "be", "been", "being", "gets", "have", "has", "i've", "we've", "the", "a", "an", "this", "of",
    "no", "not", "only",
];

/// "I try to open it" opens it.
#[rustfmt::skip]
const TRYING: &[&str] = &[
    "try", "tried", "trying", "attempt", "attempted", "attempting", "go", "went", "going", "used", "proceed",
    "continue",
];

/// Small words of English and of no other of the ten languages.
#[rustfmt::skip]
const ENGLISH: &[&str] = &[
    "the", "and", "this", "with", "that", "of", "it", "if", "you", "your", "for", "from", "when", "are",
];

/// A condition in which somebody does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Condition {
    /// "It fails after upgrading": what came before.
    Before,
    /// "It fails when upgrading".
    WithinWithout,
    /// "It fails when I upgrade".
    Within,
    /// "When upgrading, it fails": who does it goes without saying.
    OpeningWithout,
    /// "When I upgrade, it fails".
    Opening,
}

/// Who acts in a condition does something, whatever the verb, unless it is one of
/// wanting, being able or thinking. What opens a sentence is the way to the
/// fault; behind it, it may be an afterthought, and "even if" changes nothing.
pub(super) fn condition(words: &str, hits: &[Hit]) -> Option<Condition> {
    let opens = |hit: &Hit| hit.role == Role::Condition && hit.needs_actor;
    hits.iter()
        .filter(|hit| opens(hit) && !words[..hit.start].ends_with("even "))
        .filter_map(|hit| {
            let by_somebody = person(hits, hit.end + 1).is_some_and(|end| acts(words, hits, end + 1));
            let without = is_doing(words, hits, hit.end + 1);
            let before = AFTERWARDS.contains(&hit.name);
            match (by_somebody, without, !before && stands_in_front(hit, hits)) {
                (true, _, true) => Some(Condition::Opening),
                (true, _, false) => Some(Condition::Within),
                (_, true, true) => Some(Condition::OpeningWithout),
                (_, true, false) if before => Some(Condition::Before),
                (_, true, false) => Some(Condition::WithinWithout),
                _ => None,
            }
        })
        .max()
}

/// The end of the actor that starts at `start`.
fn person(hits: &[Hit], start: usize) -> Option<usize> {
    let is_person =
        |hit: &&Hit| hit.role == Role::Actor && hit.start == start && !ORDER_WORDS.contains(&hit.name);
    hits.iter().filter(is_person).map(|hit| hit.end).max()
}

fn stands_in_front(condition: &Hit, hits: &[Hit]) -> bool {
    let behind_trouble = || hits.iter().any(|hit| hit.role == Role::Trouble && hit.end < condition.start);
    condition.start <= FRONT || condition.start <= TROUBLE_FIRST && behind_trouble()
}

/// Whether the word at `place`, or the one behind adverbs there, is no idle verb.
fn acts(words: &str, hits: &[Hit], mut place: usize) -> bool {
    for _ in 0..=MOST_ADVERBS {
        let word = word_at(words, place);
        let adverb = word.len() > 4 && word.ends_with("ly") || ADVERBS.contains(&word);
        if !adverb {
            return !word.is_empty() && !is_idle(hits, place);
        }
        place += word.len() + 1;
    }
    false
}

fn word_at(words: &str, place: usize) -> &str {
    words.get(place..).and_then(|rest| rest.split(' ').next()).unwrap_or_default()
}

fn is_idle(hits: &[Hit], place: usize) -> bool {
    hits.iter().any(|hit| hit.role == Role::Idle && hit.start == place)
}

/// "Resizing the window freezes it."
pub(super) fn opens_with_doing(words: &str, hits: &[Hit]) -> bool {
    is_doing(words, hits, 0)
}

/// Whether the word at `place` is the -ing form of a verb that does something.
fn is_doing(words: &str, hits: &[Hit], place: usize) -> bool {
    let word = word_at(words, place);
    word.len() >= 5 && word.ends_with("ing") && !is_idle(hits, place)
}

/// "I upgraded", "we renamed": the past of a regular verb behind a person.
pub(super) fn tells_the_past(words: &str, hits: &[Hit]) -> bool {
    hits.iter().filter(|hit| hit.role == Role::Actor && hit.needs_actor).any(|hit| {
        let next = word_at(words, hit.end + 1);
        next.len() > 4 && next.ends_with("ed") && !is_idle(hits, hit.end + 1)
    })
}

/// Where the actions of a person start: told of somebody, ordered at the start of
/// the sentence, in a condition, or following another action of a person.
pub(super) fn actions(words: &str, hits: &[Hit], shape: Shape) -> Vec<usize> {
    let english = reads_english(words);
    let mut found: Vec<&Hit> =
        hits.iter().filter(|hit| hit.role == Role::Action && (hit.needs_actor || !english)).collect();
    found.sort_unstable_by_key(|hit| hit.start);
    found.dedup_by(|next, kept| next.start < kept.end);
    found.retain(|hit| !hit.needs_actor || is_done(words, hit.start));
    let mut last: Option<usize> = None;
    let mut personal = Vec::new();
    let mut before = None;
    for hit in found {
        // "Pressed Save": the second is the name of what was pressed.
        let named = before.replace(hit.end + 1) == Some(hit.start);
        if named && hit.needs_actor {
            continue;
        }
        let chained = last.is_some_and(|last| hit.start - last <= CHAIN);
        if !hit.needs_actor || chained || is_ordered(words, hit, shape) || is_told(hit, hits) {
            last = Some(hit.start);
            personal.push(hit.start);
        } else if hit.start == 0 {
            // "Renaming it and saving": the subject is no step by itself, but begins a chain.
            last = Some(0);
        }
    }
    personal
}

/// An order opens a sentence; in a list, a word or two may stand before it, and
/// anywhere the place or the turn: "in the sidebar, click", "now click".
fn is_ordered(words: &str, action: &Hit, shape: Shape) -> bool {
    let verb = word_at(words, action.start);
    let plain = !verb.ends_with("ing") && !verb.ends_with("ed");
    let led = action.needs_actor
        && plain
        && action.start <= LEAD
        && LEADS.iter().any(|lead| words.starts_with(lead));
    match shape {
        Shape::Bullet | Shape::Numbered => action.start <= FRONT || led,
        Shape::Prose | Shape::Machine => action.start == 0 && !action.name.ends_with("ing") || led,
    }
}

fn is_told(action: &Hit, hits: &[Hit]) -> bool {
    action.name.starts_with("i ")
        || action.name.starts_with("we ")
        || is_behind(action.start, hits, Role::Actor)
        || hits.iter().any(|hit| hit.role == Role::Condition && hit.end + 1 == action.start)
}

/// Whether an action is somebody's doing: not what one can or should do ("you can
/// select"), not what is done to a thing ("rules are applied"), and not a purpose
/// ("press it to open"), but what is tried to be done.
fn is_done(words: &str, place: usize) -> bool {
    let before = words[..place].trim_end();
    let (rest, last) = before.rsplit_once(' ').unwrap_or(("", before));
    let purpose = last == "to" && !rest.rsplit(' ').next().is_some_and(|verb| TRYING.contains(&verb));
    !purpose && !NOT_DONE.contains(&last)
}

/// Words without accents may be a verb in one language and a noun in another; in
/// a sentence with these small words, other languages' verbs are none.
pub(super) fn reads_english(words: &str) -> bool {
    words.split(' ').any(|word| ENGLISH.contains(&word))
}

/// Whether a cue of this role stands close before `place`.
pub(super) fn is_behind(place: usize, hits: &[Hit], role: Role) -> bool {
    hits.iter().any(|hit| hit.role == role && hit.start < place && place - hit.start <= CLOSE)
}

#[cfg(test)]
mod tests {
    use super::{super::cues::hits, *};

    fn count(words: &str) -> usize {
        actions(words, &hits(words), Shape::Prose).len()
    }

    fn condition_of(words: &str) -> Option<Condition> {
        condition(words, &hits(words))
    }

    #[test]
    fn orders_tales_and_conditions_are_actions() {
        for words in [
            "in the sidebar click it",
            "now click it",
            "open the ledger",
            "yesterday i opened the ledger",
            "when saving the ledger",
            "i try to save it",
            "i set the date",
        ] {
            assert_eq!(count(words), 1, "{words}");
        }
        assert_eq!(count("i opened the ledger pressed save and closed the window"), 3);
        assert_eq!(count("renaming the ledger and pressing save loses it"), 1);
    }

    #[test]
    fn what_can_be_done_is_done_to_things_or_is_a_purpose_is_no_action() {
        for words in [
            "in the sidebar the selected row is red",
            "you can select one of them",
            "the rules are applied first",
            "a button that the user has to open it",
            "i have changed the roll",
            "then the import is slow",
            "the user should click it",
        ] {
            assert_eq!(count(words), 0, "{words}");
        }
        assert_eq!(count("press the bell to open the door"), 1);
    }

    #[test]
    fn a_condition_tells_a_deed_of_any_verb() {
        use Condition::*;
        let table = [
            ("when i maximise it the text is gone", Some(Opening)),
            ("however when we simply invert it the text is gone", Some(Opening)),
            ("the app crashes when i invert it", Some(Opening)),
            ("when inverting it the text is gone", Some(OpeningWithout)),
            ("the text of the page is gone when i invert it", Some(Within)),
            ("the text of the page is gone when inverting it", Some(WithinWithout)),
            ("after inverting it the text is gone", Some(Before)),
            ("if you want a log tell me", None),
            ("if i remember rightly it was red", None),
            ("even if i invert it the text is gone", None),
            ("when something breaks", None),
        ];
        for (words, expected) in table {
            assert_eq!(condition_of(words), expected, "{words}");
        }
    }

    #[test]
    fn adverbs_without_end_are_left() {
        let words = format!("when i {}invert it", "then ".repeat(5000));
        assert_eq!(condition_of(&words), None);
    }

    #[test]
    fn verbs_of_other_languages_are_none_in_an_english_sentence() {
        assert_eq!(count("it would be good of the desk to use it"), 0);
    }
}
