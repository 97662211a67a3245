//! What each sentence says for or against each of the three facts.
//!
//! A signal names its reason, so that a verdict can be explained and a later vote
//! can weigh the same signals instead of counting them.

use super::{
    actual,
    cues::{self, Role},
    expected,
    fold::word_count,
    headings::Placed,
    sentences::Shape,
    steps,
};
use crate::domain::Slot;

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
        let read = read(own, each);
        let tells_trouble =
            read.weight(Slot::Actual) == Some(Weight::Strong) && read.weight(Slot::Expected).is_none();
        output = announces && tells_trouble || output && !opens;
        reads.push(read);
    }
    reads
}

/// Reads one placed sentence.
pub fn read(own: &str, placed: Placed) -> Read {
    let text = &own[placed.sentence.start..placed.sentence.end];
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
        signals.extend(steps::signals(text, &placed, &hits));
        signals.extend(actual::signals(&placed, &hits));
        signals.extend(expected::signals(&placed, &hits));
    }
    let courteous = count(Role::Courtesy) > 0 && word_count(words) <= 6;
    let vague = count(Role::Vague);
    let substantial = !courteous && vague == 0 && word_count(words) >= 3;
    let errands = if placed.sentence.shape == Shape::Machine { 0 } else { count(Role::Errand) };
    Read { errands, troubles: count(Role::Trouble) + vague, substantial, signals, placed }
}
