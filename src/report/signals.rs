//! What each sentence says for or against each of the three facts.
//!
//! A signal names its reason, so that a verdict can be explained and a later vote
//! can weigh the same signals instead of counting them.

use super::{
    cues::{self, Hit, Role},
    fold::word_count,
    headings::Placed,
    sentences::Shape,
};
use crate::domain::Slot;

/// Bytes of folded words between an action and the word that makes it somebody's.
const CLOSE: usize = 14;

/// Bytes of folded words from one action to the next of the same story.
const CHAIN: usize = 60;

/// Words in a sentence that is too short to both name trouble and describe it.
const SHORT: usize = 12;

/// How much a signal is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Speaks against: the words look like the fact and are none.
    Against,
    /// May be the fact.
    Weak,
    /// Is the fact by itself.
    Strong,
    /// Stands under a heading that says so.
    Heading,
}

/// One reason for or against one fact, in one sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal {
    /// Which fact.
    pub slot: Slot,
    /// How much it is worth.
    pub weight: Weight,
    /// Its name: the cue, or the rule.
    pub name: &'static str,
}

/// A sentence with everything that was seen in it.
pub struct Read {
    /// The sentence and its heading.
    pub placed: Placed,
    /// Its signals.
    pub signals: Vec<Signal>,
    /// Cues of another errand (orders, thanks, how-to questions).
    pub errands: usize,
    /// Cues of trouble.
    pub troubles: usize,
    /// Whether it carries matter: not only a greeting, a name or "please help".
    pub substantial: bool,
}

impl Read {
    /// The highest weight for a slot; a signal against takes the strong and weak ones away.
    pub fn weight(&self, slot: Slot) -> Option<Weight> {
        let weights = || self.signals.iter().filter(|signal| signal.slot == slot).map(|signal| signal.weight);
        let best = weights().max()?;
        let against = weights().any(|weight| weight == Weight::Against);
        (best == Weight::Heading || !against).then_some(best)
    }
}

/// Reads placed sentences in order. What follows "it shows this:" up to the next
/// empty line is what a machine said, not what a person expects.
pub fn read_all(own: &str, placed: Vec<Placed>) -> Vec<Read> {
    let mut output = false;
    let mut reads = Vec::with_capacity(placed.len());
    for mut each in placed {
        let opens = each.sentence.opens_paragraph;
        if output && each.under.is_none() && each.sentence.shape == Shape::Prose {
            each.sentence.shape = Shape::Machine;
        }
        let announces = own[each.sentence.start..each.sentence.end].ends_with([':', '：']);
        let read = read(each);
        let tells_trouble =
            read.weight(Slot::Actual) == Some(Weight::Strong) && read.weight(Slot::Expected).is_none();
        output = announces && tells_trouble || output && !opens;
        reads.push(read);
    }
    reads
}

/// Reads one placed sentence.
pub fn read(placed: Placed) -> Read {
    let words = &placed.sentence.words;
    let hits = cues::hits(words);
    let count = |role| hits.iter().filter(|hit| hit.role == role).count();
    let mut signals = Vec::new();
    if let Some(slot) = placed.under {
        signals.push(Signal { slot, weight: Weight::Heading, name: "heading" });
    }
    if placed.sentence.shape == Shape::Machine {
        signals.push(Signal { slot: Slot::Actual, weight: Weight::Weak, name: "machine output" });
    } else {
        signals.extend(steps(&placed, &hits));
        if !only_says_trouble(words, &hits) {
            signals.extend(actual(&hits));
        }
        signals.extend(expected(&hits));
    }
    let courteous = count(Role::Courtesy) > 0 && word_count(words) <= 6;
    let vague = count(Role::Vague);
    let substantial = !courteous && vague == 0 && word_count(words) >= 3;
    let errands = if placed.sentence.shape == Shape::Machine { 0 } else { count(Role::Errand) };
    Read { errands, troubles: count(Role::Trouble) + vague, substantial, signals, placed }
}

fn steps(placed: &Placed, hits: &[Hit]) -> Vec<Signal> {
    let signal = |weight, name| Signal { slot: Slot::Steps, weight, name };
    let named = hits.iter().find(|hit| hit.role == Role::Steps);
    let actions = actions(hits, placed.sentence.shape);
    let conditional = actions.iter().any(|&action| behind(action, hits, Role::Condition));
    let mut found = Vec::new();
    if let Some(hit) = named {
        found.push(signal(if actions.is_empty() { Weight::Weak } else { Weight::Strong }, hit.name));
    }
    if actions.len() >= 2 {
        found.push(signal(Weight::Strong, "several actions"));
    }
    match placed.sentence.shape {
        Shape::Numbered => found.push(signal(Weight::Strong, "numbered item")),
        Shape::Bullet if !actions.is_empty() => found.push(signal(Weight::Strong, "action as an item")),
        _ if conditional => found.push(signal(Weight::Strong, "condition and action")),
        _ if !actions.is_empty() => found.push(signal(Weight::Weak, "action")),
        _ => {}
    }
    found
}

/// Where the actions of a person start: told of somebody, ordered at the start of
/// the sentence, in a condition, or following another action of a person.
fn actions(hits: &[Hit], shape: Shape) -> Vec<usize> {
    let mut found: Vec<&Hit> = hits.iter().filter(|hit| hit.role == Role::Action).collect();
    found.sort_unstable_by_key(|hit| hit.start);
    found.dedup_by_key(|hit| hit.start);
    let mut last: Option<usize> = None;
    let mut personal = Vec::new();
    for hit in found {
        let chained = last.is_some_and(|last| hit.start - last <= CHAIN);
        let ordered = hit.start == 0 && !hit.name.ends_with("ing") || shape == Shape::Bullet;
        let told = behind(hit.start, hits, Role::Actor) || right_behind(hit.start, hits, Role::Condition);
        if !hit.needs_actor || chained || ordered || told {
            last = Some(hit.start);
            personal.push(hit.start);
        }
    }
    personal
}

/// Whether the word before is a cue of this role: "when opening", "after pressing".
fn right_behind(place: usize, hits: &[Hit], role: Role) -> bool {
    hits.iter().any(|hit| hit.role == role && hit.start + hit.name.len() + 1 == place)
}

/// Whether a cue of this role stands close before `place`.
fn behind(place: usize, hits: &[Hit], role: Role) -> bool {
    hits.iter().any(|hit| hit.role == role && hit.start < place && place - hit.start <= CLOSE)
}

/// "Something is wrong with the lift again": trouble, but not which.
fn only_says_trouble(words: &str, hits: &[Hit]) -> bool {
    let count = |role| hits.iter().filter(|hit| hit.role == role).count();
    count(Role::Vague) > 0 && count(Role::Trouble) <= 1 && word_count(words) <= SHORT
}

fn actual(hits: &[Hit]) -> Option<Signal> {
    let hit = hits.iter().find(|hit| hit.role == Role::Trouble)?;
    Some(Signal { slot: Slot::Actual, weight: Weight::Strong, name: hit.name })
}

fn expected(hits: &[Hit]) -> impl Iterator<Item = Signal> {
    hits.iter().filter_map(|hit| {
        let weight = match hit.role {
            Role::Expected => Weight::Strong,
            Role::Hoped => Weight::Weak,
            Role::NotExpected => Weight::Against,
            _ => return None,
        };
        Some(Signal { slot: Slot::Expected, weight, name: hit.name })
    })
}
