//! What is known of a whole mail, in some forty numbers, and the judge that weighs them.

use super::{ASPECTS, LETTER, REPORT, Weights, features::Place, placed};
use crate::{
    domain::{Slot, Word, text},
    report::{
        errand, fold, rules,
        sentences::Shape,
        signals::{Read, Weight},
    },
};

/// Numbers for each fact.
const OF_A_SLOT: usize = 9;
/// Numbers about the mail as a whole.
const OF_THE_MAIL: usize = 20;
/// All of them.
pub const FEATURES: usize = 3 * OF_A_SLOT + OF_THE_MAIL;

/// Whether a number says something about an aspect. One fact is no reason for or against
/// another: that people who tell steps and expectation forget what happened is so in
/// collections, and would be an odd reason to ask somebody.
pub fn concerns(place: usize, aspect: usize) -> bool {
    place >= 3 * OF_A_SLOT || aspect >= REPORT || place / OF_A_SLOT == aspect
}

/// The logit of a fact in a text without a sentence.
const NOTHING: f32 = -5.0;

/// A linear judge over [`features`].
#[derive(Clone, Debug, PartialEq)]
pub struct Judge {
    /// Its inclination before it has seen anything.
    pub bias: f32,
    /// One for each feature.
    pub weights: [f32; FEATURES],
}

impl Default for Judge {
    fn default() -> Self {
        Judge { bias: 0.0, weights: [0.0; FEATURES] }
    }
}

impl Judge {
    /// How likely it is.
    pub fn probability(&self, features: &[f32; FEATURES]) -> f32 {
        let sum: f32 = self.weights.iter().zip(features).map(|(weight, feature)| weight * feature).sum();
        sigmoid(self.bias + sum)
    }
}

/// The logistic function.
pub fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + libm::expf(-logit))
}

/// Its inverse, for probabilities that are neither 0 nor 1; those are taken for nearly so.
pub fn logit(probability: f32) -> f32 {
    let bounded = probability.clamp(1e-6, 1.0 - 1e-6);
    libm::logf(bounded / (1.0 - bounded))
}

/// The numbers of one mail, and the logits of its body's sentences.
pub fn of(
    weights: &Weights,
    own: &str,
    body: &[Read],
    subject: &[Read],
) -> ([f32; FEATURES], Vec<[f32; ASPECTS]>) {
    let in_body: Vec<_> = placed(body).map(|(read, place)| weights.logits(read, place)).collect();
    let in_subject: Vec<_> = subject.iter().map(|read| weights.logits(read, Place::Subject)).collect();
    (features(own, body, subject, &in_body, &in_subject), in_body)
}

fn features(
    own: &str,
    body: &[Read],
    subject: &[Read],
    body_logits: &[[f32; ASPECTS]],
    subject_logits: &[[f32; ASPECTS]],
) -> [f32; FEATURES] {
    let slots = Slot::ALL.iter().flat_map(|&slot| of_a_slot(slot, body, body_logits, subject_logits));
    let mail = of_the_mail(own, body, subject, body_logits, subject_logits);
    let mut all = slots.chain(mail);
    std::array::from_fn(|_| all.next().unwrap_or_default())
}

fn of_a_slot(
    slot: Slot,
    body: &[Read],
    body_logits: &[[f32; ASPECTS]],
    subject_logits: &[[f32; ASPECTS]],
) -> [f32; OF_A_SLOT] {
    let logits = || body_logits.iter().map(|logits| logits[slot as usize]);
    let best = logits().fold(NOTHING, f32::max);
    let (mut first, mut second) = (NOTHING, NOTHING);
    for logit in logits() {
        if logit > first {
            (first, second) = (logit, first);
        } else if logit > second {
            second = logit;
        }
    }
    let together: f32 = logits().map(|logit| libm::expf(logit.clamp(-20.0, 20.0))).sum();
    let in_subject = subject_logits.iter().map(|logits| logits[slot as usize]).fold(NOTHING, f32::max);
    let weights = || body.iter().flat_map(|read| &read.signals).filter(move |signal| signal.slot == slot);
    let points = || body.iter().map(|read| read.points(slot));
    let has = |weight| f32::from(u8::from(weights().any(|signal| signal.weight == weight)));
    [
        best,
        second,
        libm::logf(together + 0.007),
        in_subject,
        has(Weight::Against),
        has(Weight::Heading),
        points().max().unwrap_or_default() as f32 / Weight::Strong.points() as f32,
        grown(points().sum()),
        grown(weights().count()),
    ]
}

fn of_the_mail(
    own: &str,
    body: &[Read],
    subject: &[Read],
    body_logits: &[[f32; ASPECTS]],
    subject_logits: &[[f32; ASPECTS]],
) -> [f32; OF_THE_MAIL] {
    let letter = || body_logits.iter().chain(subject_logits).map(|logits| logits[LETTER]);
    let letters: f32 = letter().sum();
    let subject_words = || subject.iter().map(|read| fold::word_count(&read.placed.sentence.words));
    let report = || body_logits.iter().chain(subject_logits).map(|logits| logits[REPORT]);
    let sentences = (body.len() + subject.len()).max(1) as f32;
    let sum: f32 = report().sum();
    let all = || body.iter().chain(subject);
    let shaped = |shape| body.iter().filter(|read| read.placed.sentence.shape == shape).count();
    let errands: usize = all().map(|read| read.errands).sum();
    let length = text::prefix(own, crate::report::MOST_BYTES).chars().count();
    [
        sum / sentences,
        sum / sentences.sqrt(),
        report().fold(f32::NEG_INFINITY, f32::max).max(NOTHING),
        report().fold(f32::INFINITY, f32::min).min(-NOTHING),
        grown(length),
        grown(body.len()),
        errands.min(8) as f32,
        grown(all().map(|read| read.troubles).sum()),
        grown(body.iter().filter(|read| read.substantial).count()),
        grown(shaped(Shape::Machine)),
        f32::from(u8::from(shaped(Shape::Numbered) > 0)),
        grown(shaped(Shape::Bullet)),
        f32::from(u8::from(rules::is_technical(own))),
        grown(body.iter().filter(|read| read.asks).count()),
        letters / sentences,
        letters / sentences.sqrt(),
        subject_logits.iter().map(|logits| logits[LETTER]).sum(),
        grown(subject_words().sum()),
        f32::from(u8::from(body.iter().any(|read| read.courteous))),
        f32::from(u8::from(errand::is_problem_report(own, body, subject))),
    ]
}

fn grown(count: usize) -> f32 {
    libm::log1pf(count as f32)
}
