//! From what the rules and the vote found to a verdict.
//!
//! A letter is judged by the vote, which has learned from letters and sees what the rules
//! saw; an entry of a tracker by the rules, since letters teach little about it, and so is
//! what stands under headings, which say best what is there; what may be either by both. The less the vote is sure of a letter, the more the rules count.

use super::{
    Evidence, Finding, Presence, Verdict, letter,
    rules::{self, MOST_EVIDENCE, evidence, is_technical},
    signals::{Read, Weight},
    vote::{ASPECTS, LETTER, REPORT, Vote, logit, sigmoid},
};
use crate::domain::Slot;

/// From this logit of "is a letter" on, the vote counts beside the rules.
const PERHAPS_A_LETTER: f32 = 0.9;
/// From this logit on, it decides.
const SURELY_A_LETTER: f32 = 2.2;

/// How likely a fact must be to be taken as there.
const PRESENT: f32 = 0.7;
/// How likely it must be to be said back rather than asked for.
const UNSURE: f32 = 0.5;

/// Below this logit the vote knows better than the rules that a sentence does not tell a fact.
const DOUBTFUL: f32 = -1.5;

/// The vote is never surer than this logit beside the rules.
const MOST_SURE: f32 = 4.0;

/// How likely it must be a problem report: an order that is asked for steps is odder than a report
/// that staff have to ask about.
const LIKELY_REPORT: f32 = 0.55;

/// In a letter, too, the rules have a say in whether it is a problem report.
const RULES_ON_REPORTS: f32 = 0.25;

/// The verdict over all sentences. `subject` is read the same way and only tells
/// whether this is a problem report. The vote is only called for where it may count.
pub fn verdict(
    own: &str,
    body: &[Read],
    subject: &[Read],
    vote: impl FnOnce(&str, &[Read], &[Read]) -> Vote,
) -> Verdict {
    let rules = rules::verdict(own, body, subject);
    let headed = body.iter().any(|read| read.placed.under.is_some());
    if headed || is_technical(own) && !letter::is_letter(own, body) {
        return rules;
    }
    let vote = &vote(own, body, subject);
    let lean = lean(vote);
    let slot = |slot| match lean {
        0.0 => rules.of(slot).clone(),
        _ => found(own, body, vote, slot, lean, rules.of(slot).verdict),
    };
    let says_something = body.iter().chain(subject).any(is_of_matter);
    Verdict {
        problem_report: says_something && is_report(lean, body, vote, rules.problem_report),
        steps: slot(Slot::Steps),
        actual: slot(Slot::Actual),
        expected: slot(Slot::Expected),
    }
}

/// How much the vote counts beside the rules: 0 to 1.
fn lean(vote: &Vote) -> f32 {
    let letter = logit(vote.mail[LETTER]);
    ((letter - PERHAPS_A_LETTER) / (SURELY_A_LETTER - PERHAPS_A_LETTER)).clamp(0.0, 1.0)
}

/// Not "FYI", "See attached." or a greeting: whoever wrote no more is not asked for three
/// parts of a report.
fn is_of_matter(read: &Read) -> bool {
    read.substantial || read.troubles > 0 || !read.signals.is_empty()
}

fn is_report(lean: f32, body: &[Read], vote: &Vote, by_rules: bool) -> bool {
    let told = [Slot::Actual, Slot::Expected].iter().all(|&slot| floor(body, vote, slot) > 0.0);
    let rules = match (by_rules, told) {
        // Who says what happens and what should happen reports a problem, unless all else speaks against it.
        (true, true) => 4.0,
        (true, false) => 1.5,
        (false, _) => -1.0,
    };
    blend(lean * (1.0 - RULES_ON_REPORTS), vote.mail[REPORT], rules) >= LIKELY_REPORT
}

/// What the vote and the rules together find for a slot.
fn found(own: &str, body: &[Read], vote: &Vote, slot: Slot, lean: f32, by_rules: Presence) -> Finding {
    let rules = match by_rules {
        Presence::Present => 1.5,
        Presence::Unsure => 0.3,
        Presence::Missing => -1.5,
    };
    let (likely, least) = (blend(lean, vote.mail[slot as usize], rules), floor(body, vote, slot));
    let verdict = match likely.max(least) {
        likely if likely >= PRESENT => Presence::Present,
        likely if likely >= UNSURE => Presence::Unsure,
        _ => return Finding::default(),
    };
    // Where the rules had the last word, they say which sentence it is.
    let evidence = shown(own, body, vote, slot, if least > likely { 0.0 } else { lean });
    if evidence.is_empty() {
        return Finding::default();
    }
    Finding { verdict, present: verdict == Presence::Present, evidence }
}

/// One probability of the vote's and a logit of the rules'.
fn blend(lean: f32, vote: f32, rules: f32) -> f32 {
    sigmoid(lean * logit(vote).clamp(-MOST_SURE, MOST_SURE) + (1.0 - lean) * rules)
}

/// What the vote cannot outvote: a filled heading is there, and what the rules plainly see is
/// said back at the least. Nobody who wrote "it should be green" is asked what they expected.
/// Words of trouble are in many sentences, so of what happened the vote may know better.
fn floor(body: &[Read], vote: &Vote, slot: Slot) -> f32 {
    let least = |(read, logits): (&Read, &[f32; ASPECTS])| match read.weight(slot) {
        Some(Weight::Heading) => PRESENT,
        Some(Weight::Strong) if slot != Slot::Actual || logits[slot as usize] > DOUBTFUL => UNSURE,
        _ => 0.0,
    };
    body.iter().zip(&vote.body).map(least).fold(0.0, f32::max)
}

/// The sentences that say it, best first: the best whatever it is, others only if they
/// speak for the fact.
fn shown(own: &str, body: &[Read], vote: &Vote, slot: Slot, lean: f32) -> Vec<Evidence> {
    let rank = |(read, logits)| (rank(read, logits, slot, lean), read);
    let mut ranked: Vec<(f32, &Read)> = body.iter().zip(&vote.body).map(rank).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let speaks = |(place, (rank, read)): (usize, (f32, &Read))| {
        (place == 0 || rank > 0.0).then(|| evidence(own, read))
    };
    ranked.into_iter().enumerate().filter_map(speaks).take(MOST_EVIDENCE).collect()
}

/// How well a sentence says a fact. What stands under its heading comes first.
fn rank(read: &Read, logits: &[f32; ASPECTS], slot: Slot, lean: f32) -> f32 {
    let vote = logits[slot as usize];
    let rules = read.points(slot) as f32 - Weight::Fair.points() as f32 + 0.3 * vote;
    let heading = if read.weight(slot) == Some(Weight::Heading) { 8.0 } else { 0.0 };
    lean * vote + (1.0 - lean) * rules + heading
}
