//! The trained vote: how much each sentence, and then the whole mail, reads like a report
//! that holds each fact.
//!
//! Two small linear models, one on the other. The first gives each sentence five logits (the
//! three facts, whether the mail it stands in is a problem report, and whether it is a letter) from hashed
//! features, by a table of one byte a weight. The second, over a summary, weighs the best
//! sentences beside what the rules saw and the length of the mail, and gives probabilities.
//! Both come out of `deskgate gate train` ([`train`]) and are compiled in.

mod features;
mod summary;
#[cfg(test)]
mod tests;
pub mod train;
mod weights;

use std::sync::LazyLock;

use super::signals::Read;
use features::{Block, Place};
pub(super) use summary::{logit, sigmoid};
pub use weights::Weights;

/// What is voted on: the three facts in the order of [`crate::domain::Slot`], and two more.
pub const ASPECTS: usize = 5;
/// The aspect "is a problem report".
pub const REPORT: usize = 3;
/// The aspect "is a letter", as people write to people, and no entry of a tracker.
pub const LETTER: usize = 4;

/// The vote on one mail.
#[derive(Clone, Debug, PartialEq)]
pub struct Vote {
    /// Logits of each sentence of the body.
    pub body: Vec<[f32; ASPECTS]>,
    /// Probabilities for the whole mail: that it holds each fact, is a problem report, is a letter.
    pub mail: [f32; ASPECTS],
}

/// Votes with the weights that are compiled in.
pub fn vote(own: &str, body: &[Read], subject: &[Read]) -> Vote {
    static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
        Weights::parse(include_bytes!("weights.bin"))
            .expect("the committed weights are whole, as a test checks")
    });
    vote_with(&WEIGHTS, own, body, subject)
}

/// Votes with given weights.
pub fn vote_with(weights: &Weights, own: &str, body: &[Read], subject: &[Read]) -> Vote {
    let (features, body) = summary::of(weights, own, body, subject);
    Vote { body, mail: std::array::from_fn(|aspect| weights.judges[aspect].probability(&features)) }
}

/// The sentences of a body with their places.
fn placed(body: &[Read]) -> impl Iterator<Item = (&Read, Place)> {
    body.iter().enumerate().map(|(n, read)| match n {
        0 => (read, Place::First),
        _ if n + 1 == body.len() => (read, Place::Last),
        _ => (read, Place::Middle),
    })
}

impl Weights {
    /// How much a sentence reads like each aspect.
    fn logits(&self, read: &Read, place: Place) -> [f32; ASPECTS] {
        let mut sums = [[0i32; ASPECTS]; Block::COUNT];
        let mut counts = [0u32; Block::COUNT];
        features::each(read, place, &mut |block, hash| {
            counts[block as usize] += 1;
            let row = self.row(hash);
            for (sum, &weight) in sums[block as usize].iter_mut().zip(row) {
                *sum += i32::from(i8::from_le_bytes([weight]));
            }
        });
        std::array::from_fn(|aspect| {
            let blocks = sums.iter().zip(counts).zip(Block::SCALES);
            let sum: f32 = blocks.map(|((sum, count), scale)| sum[aspect] as f32 * share(scale, count)).sum();
            self.bias[aspect] + self.unit[aspect] * sum
        })
    }
}

/// What one feature counts among `count` of its block.
fn share(scale: f32, count: u32) -> f32 {
    scale / (count.max(1) as f32).sqrt()
}
