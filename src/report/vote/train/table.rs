//! The table: logistic regressions over hashed features, learned together.

use super::Known;
use crate::report::signals::Read;
use crate::report::vote::{
    ASPECTS, Weights,
    features::{self, Block, Place},
    share,
    summary::sigmoid,
    weights::{BITS, row_of},
};

const EPOCHS: usize = 8;
const STEP: f32 = 0.12;
/// Pull towards zero at each step of a weight.
const DECAY: f32 = 4e-4;

/// A sentence as the table sees it.
#[derive(Clone, Debug)]
pub struct Example {
    /// Row and value of each feature.
    features: Vec<(u32, f32)>,
    known: Known,
    weight: f32,
}

impl Example {
    /// A sentence, what is known about it, and how much it counts.
    pub fn of(read: &Read, place: Place, known: Known, weight: f32) -> Self {
        let mut found: Vec<(Block, u32)> = Vec::new();
        features::each(read, place, &mut |block, hash| found.push((block, row_of(hash))));
        let mut counts = [0u32; Block::COUNT];
        found.iter().for_each(|(block, _)| counts[*block as usize] += 1);
        let value = |block: Block| share(Block::SCALES[block as usize], counts[block as usize]);
        let features = found.into_iter().map(|(block, row)| (row, value(block))).collect();
        Example { features, known, weight }
    }
}

struct Learner {
    weights: Vec<[f32; ASPECTS]>,
    squares: Vec<[f32; ASPECTS]>,
    bias: [f32; ASPECTS],
    /// What a case of each aspect counts where it holds, and where it does not.
    balance: [[f32; 2]; ASPECTS],
}

/// Learns a table; its judges know nothing yet.
pub fn learn(examples: &[&Example]) -> Weights {
    let mut learner = Learner {
        weights: vec![[0.0; ASPECTS]; 1 << BITS],
        squares: vec![[1e-3; ASPECTS]; 1 << BITS],
        bias: [0.0; ASPECTS],
        balance: std::array::from_fn(|aspect| balance(examples, aspect)),
    };
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut dice = 0x9e37_79b9_7f4a_7c15;
    for epoch in 0..EPOCHS {
        shuffle(&mut order, &mut dice);
        let step = STEP / (1.0 + epoch as f32 / 4.0);
        order.iter().for_each(|&place| learner.see(examples[place], step));
    }
    learner.quantized()
}

/// Rare aspects count more, so that both sides have the same weight in all.
fn balance(examples: &[&Example], aspect: usize) -> [f32; 2] {
    let all = |holds| {
        let known = examples.iter().filter(|example| example.known[aspect] == Some(holds));
        known.map(|example| example.weight).sum::<f32>().max(1.0)
    };
    let (no, yes) = (all(false), all(true));
    [(no + yes) / (2.0 * no), (no + yes) / (2.0 * yes)]
}

impl Learner {
    fn see(&mut self, example: &Example, step: f32) {
        let mut logits = self.bias;
        for &(row, value) in &example.features {
            for (logit, weight) in logits.iter_mut().zip(&self.weights[row as usize]) {
                *logit += value * weight;
            }
        }
        let errors: [f32; ASPECTS] = std::array::from_fn(|aspect| match example.known[aspect] {
            None => 0.0,
            Some(holds) => {
                let target = f32::from(u8::from(holds));
                (sigmoid(logits[aspect]) - target) * example.weight * self.balance[aspect][usize::from(holds)]
            }
        });
        for (bias, error) in self.bias.iter_mut().zip(errors) {
            *bias -= step * 0.05 * error;
        }
        for &(row, value) in &example.features {
            let (weights, squares) = (&mut self.weights[row as usize], &mut self.squares[row as usize]);
            for aspect in 0..ASPECTS {
                let slope = errors[aspect] * value + DECAY * weights[aspect];
                squares[aspect] += slope * slope;
                weights[aspect] -= step * slope / squares[aspect].sqrt();
            }
        }
    }

    /// The weights as bytes: the largest of each aspect is 127 units, save a few outliers that are cut.
    fn quantized(&self) -> Weights {
        let unit: [f32; ASPECTS] = std::array::from_fn(|aspect| {
            let mut sizes: Vec<f32> =
                self.weights.iter().map(|row| row[aspect].abs()).filter(|w| *w > 0.0).collect();
            sizes.sort_unstable_by(f32::total_cmp);
            let kept = sizes.len() - sizes.len() / 2000;
            sizes.get(kept.saturating_sub(1)).copied().unwrap_or(1.0) / 127.0
        });
        let byte = |weight: f32, aspect: usize| {
            #[allow(clippy::cast_possible_truncation, reason = "bounded on the line")]
            let byte = (weight / unit[aspect]).round().clamp(-127.0, 127.0) as i8;
            byte.to_le_bytes()[0]
        };
        let rows = self.weights.iter().flat_map(|row| (0..ASPECTS).map(|aspect| byte(row[aspect], aspect)));
        Weights { bias: self.bias, unit, judges: Default::default(), table: rows.collect() }
    }
}

/// Fisher and Yates, with numbers by xorshift64 (Marsaglia 2003).
fn shuffle(order: &mut [usize], dice: &mut u64) {
    for last in (1..order.len()).rev() {
        *dice ^= *dice << 13;
        *dice ^= *dice >> 7;
        *dice ^= *dice << 17;
        let other = usize::try_from(*dice % (last as u64 + 1)).expect("less than a length");
        order.swap(last, other);
    }
}
