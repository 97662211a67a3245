//! What each sentence says for or against each of the three facts.
//!
//! A signal names its reason, so that a verdict can be explained and a later vote
//! can weigh the same signals instead of counting them.

use super::{
    actual,
    cues::{self, Hit, Role},
    expected,
    fold::word_count,
    headings::Placed,
    samples,
    sentences::Shape,
    steps,
};
use crate::domain::Slot;

/// How much a signal is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Speaks against: the words look like the fact and are none.
    Against,
    /// Is seen near the fact, and elsewhere; adds up at most.
    Trace,
    /// May be the fact.
    Weak,
    /// Is as often the fact as not.
    Fair,
    /// Is the fact more often than not.
    Likely,
    /// Is the fact by itself.
    Strong,
    /// Stands under a heading that says so.
    Heading,
}

impl Weight {
    /// What it adds to the points of a report, see `rules::weigh`.
    pub fn points(self) -> usize {
        match self {
            Weight::Against => 0,
            Weight::Trace => 1,
            Weight::Weak => 2,
            Weight::Fair => 4,
            Weight::Likely => 6,
            Weight::Strong => 8,
            Weight::Heading => 16,
        }
    }
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
#[derive(Debug)]
pub struct Read {
    /// The sentence and its heading.
    pub placed: Placed,
    /// Its signals.
    pub signals: Vec<Signal>,
    /// Cues of another errand (orders, thanks, how-to questions).
    pub errands: usize,
    /// Cues of trouble.
    pub troubles: usize,
    /// Whether it greets, thanks or takes leave.
    pub courteous: bool,
    /// The cues it was read by.
    pub hits: Vec<Hit>,
    /// Whether it ends as a question does.
    pub asks: bool,
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

    /// Whether anything speaks for a slot.
    pub fn tells(&self, slot: Slot) -> bool {
        self.weight(slot).is_some()
    }

    /// What the sentence adds for a slot: its best signal, and a little for every
    /// further reason of another name.
    pub fn points(&self, slot: Slot) -> usize {
        let Some(best) = self.weight(slot) else { return 0 };
        let mut names: Vec<&str> =
            self.signals.iter().filter(|signal| signal.slot == slot).map(|signal| signal.name).collect();
        names.sort_unstable();
        names.dedup();
        best.points() + names.len().min(MOST_REASONS) - 1
    }
}

/// More reasons than this make a sentence no plainer.
const MOST_REASONS: usize = 4;

/// Reads placed sentences in order. What follows "it shows this:" up to the next
/// empty line is what a machine said, not what a person expects, unless it
/// announces something in its turn ("It should show this:").
pub fn read_all(own: &str, placed: Vec<Placed>) -> Vec<Read> {
    let mut output = false;
    let mut reads = Vec::with_capacity(placed.len());
    for mut each in placed {
        let opens = each.sentence.opens_paragraph;
        let announces = own[each.sentence.start..each.sentence.end].ends_with([':', '：']);
        if output && !announces && each.under.is_none() && each.sentence.shape == Shape::Prose {
            each.sentence.shape = Shape::Machine;
        }
        let read = read(own, each);
        let tells_trouble =
            read.weight(Slot::Actual) == Some(Weight::Strong) && read.weight(Slot::Expected).is_none();
        output = announces && tells_trouble || output && !opens;
        reads.push(read);
    }
    samples::announcements(own, &mut reads);
    steps::orders_in_a_row(&mut reads);
    expected::forget_repeated(&mut reads);
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
        signals.extend(samples::signal(text));
    } else {
        signals.extend(steps::signals(text, &placed, &hits));
        signals.extend(actual::signals(&placed, &hits));
        signals.extend(expected::signals(text, &placed, &hits));
        forget_hints_in_steps(&mut signals);
    }
    if let Some(slot) = placed.under {
        // What stands under one heading tells another part only where it says so plainly.
        signals.retain(|signal| signal.slot == slot || signal.weight == Weight::Strong);
    }
    let asks = text.ends_with(['?', '？']);
    let courteous = count(Role::Courtesy) > 0 && word_count(words) <= 6;
    let vague = count(Role::Vague);
    let substantial = !courteous && vague == 0 && word_count(words) >= 3;
    let errands = if placed.sentence.shape == Shape::Machine { 0 } else { count(Role::Errand) };
    let troubles = count(Role::Trouble) + vague;
    Read { errands, troubles, courteous, substantial, signals, hits, asks, placed }
}

/// "I paid for two and ticked the box as agreed": words that merely hint at an
/// expectation hint at nothing where somebody tells what they did.
fn forget_hints_in_steps(signals: &mut Vec<Signal>) {
    if signals.iter().any(|signal| signal.slot == Slot::Steps) {
        signals.retain(|signal| signal.slot != Slot::Expected || signal.weight > Weight::Weak);
    }
}
