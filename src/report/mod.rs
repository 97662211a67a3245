//! The gate: does a report say what was done, what happened, and what was expected?
//!
//! [`gate`] reads the sender's own words ([`InboundMail::body`]`.own`) and answers
//! with a [`Verdict`]: one [`Finding`] for each [`Slot`], each with the words that
//! led to it. It never guesses at attachments and never reads quoted text.
//!
//! The way is [`sentences`] → [`headings`] → [`signals`] → [`vote`] → [`decide`]:
//! sentences with byte spans, each under its heading, each with named signals (by
//! the cue tables of [`cues`]) for or against each slot, a trained vote over words
//! and signals, and a decision over all of them. All languages are matched at once,
//! so nothing depends on guessing one.
//!
//! Three outcomes keep it polite: only [`Presence::Missing`] is asked for;
//! [`Presence::Unsure`] is said back as a question; the rest is thanked for.

mod actual;
pub mod cues;
pub mod decide;
mod deeds;
mod errand;
mod expected;
pub mod fold;
pub mod headings;
mod leaving;
mod letter;
mod lists;
mod outcome;
mod rules;
mod samples;
pub mod score;
pub mod sentences;
pub mod signals;
mod steps;
#[cfg(test)]
mod tests;
mod thanks;
pub mod vote;

pub use leaving::wants_to_leave;
pub use outcome::{Outcome, outcome};
pub use thanks::is_thanks;

use serde::{Deserialize, Serialize};

use crate::domain::{InboundMail, Slot, Word, text, words::word};

/// The gate reads this much of the own words; nobody tells what happened in the
/// second half of a pasted log.
pub const MOST_BYTES: usize = 64 * 1024;

/// Reads one mail: its own words become sentences, sentences get their headings
/// and signals, signals make the verdict. Evidence spans are bytes into
/// `mail.body.own`. Takes time in proportion to the own words, of which it reads
/// the first [`MOST_BYTES`].
pub fn gate(mail: &InboundMail) -> Verdict {
    let own = text::prefix(&mail.body.own, MOST_BYTES);
    let (body, subject) = (read(own), read(&mail.subject));
    decide::verdict(own, &body, &subject, vote::vote)
}

fn read(text: &str) -> Vec<signals::Read> {
    let sentences = sentences::read(text, |line| headings::heading(line).is_some());
    signals::read_all(text, headings::place(text, sentences))
}

/// What the gate found in one mail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Whether this reads as a problem report at all; an order or a question is
    /// asked nothing.
    pub problem_report: bool,
    /// What the sender did.
    pub steps: Finding,
    /// What happened.
    pub actual: Finding,
    /// What they expected.
    pub expected: Finding,
}

impl Verdict {
    /// The finding for one slot.
    pub fn of(&self, slot: Slot) -> &Finding {
        match slot {
            Slot::Steps => &self.steps,
            Slot::Actual => &self.actual,
            Slot::Expected => &self.expected,
        }
    }

    /// The slots a sender would be asked for.
    pub fn missing(&self) -> Vec<Slot> {
        if !self.problem_report {
            return Vec::new();
        }
        Slot::ALL.iter().copied().filter(|&slot| self.of(slot).verdict == Presence::Missing).collect()
    }
}

/// Whether one fact is there, and which words say so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The outcome.
    pub verdict: Presence,
    /// `verdict == present`, for readers that want a yes or no.
    pub present: bool,
    /// The words, best first.
    pub evidence: Vec<Evidence>,
}

impl Finding {
    /// The words to say back: the best evidence, and what goes on right behind it
    /// (the next step of a list, the rest of a wrapped line), a line each.
    pub fn quote(&self) -> String {
        quote(&self.evidence)
    }
}

/// See [`Finding::quote`]; for evidence that was stored.
pub fn quote(evidence: &[Evidence]) -> String {
    let Some(best) = evidence.first() else { return String::new() };
    let mut in_order: Vec<&Evidence> = evidence.iter().filter(|each| each.start >= best.start).collect();
    in_order.sort_by_key(|each| each.start);
    let mut lines = vec![best.text.as_str()];
    let mut end = best.end;
    for next in in_order.into_iter().skip(1) {
        if next.start.saturating_sub(end) > MOST_BETWEEN {
            break;
        }
        lines.push(&next.text);
        end = next.end;
    }
    lines.join("\n")
}

/// Bytes between two stretches that still read as one: a line break, an indent
/// and a list marker.
const MOST_BETWEEN: usize = 8;

/// A stretch of the sender's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// First byte, counted in the own words.
    pub start: usize,
    /// First byte after it.
    pub end: usize,
    /// The words themselves: `own[start..end]`.
    pub text: String,
}

/// The three outcomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Presence {
    /// It is there.
    Present,
    /// Something may be it; we say it back rather than ask.
    Unsure,
    /// It is not there.
    #[default]
    Missing,
}

word!(Presence, "outcome of the gate", {
    Present => "present",
    Unsure => "unsure",
    Missing => "missing",
});
