//! What is learned from.

use std::ops::Range;

use super::{Known, table::Example};
use crate::{
    domain::{InboundMail, Slot, Word, text},
    report::{
        MOST_BYTES, Verdict, decide, read,
        score::Case,
        signals::Read,
        vote::{
            ASPECTS, LETTER, REPORT, Vote, Weights,
            features::Place,
            placed,
            summary::{self, FEATURES},
            vote_with,
        },
    },
};

/// All of it.
#[derive(Debug, Default)]
pub struct Lessons {
    /// Labelled mails.
    pub mails: Vec<Lesson>,
    /// Labelled sentences without a mail around them.
    pub sentences: Vec<Sentence>,
}

/// A labelled mail.
#[derive(Debug)]
pub struct Lesson {
    own: String,
    body: Vec<Read>,
    subject: Vec<Read>,
    /// What is known of it as a whole.
    pub known: Known,
    pub(super) examples: Vec<Example>,
    /// How much it counts for the judges; 0 leaves it out.
    pub judged: f32,
}

/// A labelled sentence.
#[derive(Debug)]
pub struct Sentence {
    pub(super) example: Example,
}

/// What a labelled mail is good for.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    /// How much each of its sentences counts.
    pub sentences: f32,
    /// How much the whole mail counts for the judges; 0 leaves it out.
    pub mails: f32,
    /// Whether it is a letter, not an entry of a tracker.
    pub letter: bool,
    /// Whether its labels are learned from, beside its being a letter or none.
    pub facts: bool,
}

impl Lesson {
    /// A mail as it is read (`mail`, of the words of `case`), with its labels. `places` says where a
    /// span of the own words stands in the text of the case.
    pub fn of(
        case: &Case,
        mail: &InboundMail,
        places: impl Fn(&Range<usize>) -> Vec<Range<usize>>,
        of_use: Use,
    ) -> Self {
        let own = text::prefix(&mail.body.own, MOST_BYTES).to_owned();
        let (body, subject) = (read(&own), read(&mail.subject));
        let report = Some(case.is_report());
        let known = |facts: &dyn Fn(Slot) -> Option<bool>| match of_use.facts {
            true => known(facts, report, Some(of_use.letter)),
            false => known(&|_| None, None, Some(of_use.letter)),
        };
        let in_body = |read: &Read| {
            let stretches = places(&(read.placed.sentence.start..read.placed.sentence.end));
            known(&|slot| match case.has(slot) {
                Some(true) if case.is_report() => case.says(slot, &stretches),
                None if case.is_report() => case.says(slot, &stretches),
                _ => Some(false),
            })
        };
        let in_subject = known(&|slot| case.subject_says(slot));
        let weight = of_use.sentences;
        let body_examples =
            placed(&body).map(|(read, place)| Example::of(read, place, in_body(read), weight));
        let subject_examples =
            subject.iter().map(|read| Example::of(read, Place::Subject, in_subject, weight));
        let examples = body_examples.chain(subject_examples).collect();
        let known = known(&|slot| case.has(slot));
        Lesson { own, body, subject, known, examples, judged: of_use.mails }
    }

    /// How it is voted on.
    pub fn voted(&self, weights: &Weights) -> Vote {
        vote_with(weights, &self.own, &self.body, &self.subject)
    }

    /// The verdict that follows from a vote on it.
    pub fn verdict(&self, vote: &Vote) -> Verdict {
        decide::verdict(&self.own, &self.body, &self.subject, |_, _, _| vote.clone())
    }

    pub(super) fn summary(&self, weights: &Weights) -> [f32; FEATURES] {
        summary::of(weights, &self.own, &self.body, &self.subject).0
    }
}

impl Sentence {
    /// Reads a line of a collection of sentences: letters for what it says, a tab, the sentence.
    /// `S` steps, `O` what happened, `E` what was expected, `N` none of them in a problem
    /// report, `Q` the matter of a mail that is none.
    ///
    /// # Errors
    /// What is wrong with the line.
    pub fn read(line: &str, weight: f32) -> Result<Option<Self>, String> {
        let (code, text) = line.split_once('\t').ok_or("there is no tab between letters and sentence")?;
        if code.is_empty() || !code.bytes().all(|letter| b"SOENQ".contains(&letter)) {
            return Err(format!("{code:?} is made of other letters than S, O, E, N and Q"));
        }
        let report = if code == "Q" {
            Some(false)
        } else if code == "N" {
            None
        } else {
            Some(true)
        };
        let says = |slot| {
            Some(code.contains(match slot {
                Slot::Steps => 'S',
                Slot::Actual => 'O',
                Slot::Expected => 'E',
            }))
        };
        let known = known(&says, report, Some(true));
        let reads = read(text);
        // Several sentences on a line: who knows which of them says it.
        let [one] = reads.as_slice() else { return Ok(None) };
        Ok(Some(Sentence { example: Example::of(one, Place::Middle, known, weight) }))
    }
}

fn known(facts: &dyn Fn(Slot) -> Option<bool>, report: Option<bool>, letter: Option<bool>) -> Known {
    let mut all: Known = [None; ASPECTS];
    for &slot in Slot::ALL {
        all[slot as usize] = facts(slot);
    }
    all[REPORT] = report;
    all[LETTER] = letter;
    all
}
