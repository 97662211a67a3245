//! The judges: logistic regressions over the summaries of whole mails.

use super::Lesson;
use crate::report::vote::{
    REPORT,
    summary::{self, FEATURES, Judge},
};

const ROUNDS: usize = 3000;
const STEP: f32 = 0.3;
const MOMENTUM: f32 = 0.9;
/// Pull of the weights towards zero, against the mean loss of a mail.
const DECAY: f32 = 0.008;

/// Learns the judge of one aspect. The facts are only judged in problem reports.
pub fn learn(aspect: usize, summaries: &[(&Lesson, [f32; FEATURES])]) -> Judge {
    let known = |(mail, features): &(&Lesson, [f32; FEATURES])| {
        let counts = aspect >= REPORT || mail.known[REPORT] == Some(true);
        let holds = mail.known[aspect].filter(|_| counts)?;
        Some((*features, f32::from(u8::from(holds)), mail.judged))
    };
    let cases: Vec<([f32; FEATURES], f32, f32)> = summaries.iter().filter_map(known).collect();
    let scale = Scale::of(&cases);
    let mut judge = Judge::default();
    let (mut speed, mut bias_speed) = ([0.0; FEATURES], 0.0);
    let scaled: Vec<_> =
        cases.iter().map(|(features, holds, weight)| (scale.apply(features), *holds, *weight)).collect();
    let all: f32 = cases.iter().map(|(.., weight)| weight).sum::<f32>().max(1.0);
    for _ in 0..ROUNDS {
        let (mut slope, mut bias_slope) = (judge.weights.map(|weight| weight * DECAY), 0.0);
        for (features, holds, weight) in &scaled {
            let error = (judge.probability(features) - holds) * weight / all;
            bias_slope += error;
            slope.iter_mut().zip(features).for_each(|(slope, feature)| *slope += error * feature);
        }
        for place in (0..FEATURES).filter(|&place| summary::concerns(place, aspect)) {
            speed[place] = MOMENTUM * speed[place] - STEP * slope[place];
            judge.weights[place] += speed[place];
        }
        bias_speed = MOMENTUM * bias_speed - STEP * bias_slope;
        judge.bias += bias_speed;
    }
    scale.fold_into(judge)
}

/// Mean and spread of each feature.
struct Scale {
    mean: [f32; FEATURES],
    spread: [f32; FEATURES],
}

impl Scale {
    fn of(cases: &[([f32; FEATURES], f32, f32)]) -> Self {
        let count = cases.len().max(1) as f32;
        let mut mean = [0.0; FEATURES];
        for (features, ..) in cases {
            mean.iter_mut().zip(features).for_each(|(mean, feature)| *mean += feature / count);
        }
        let mut spread = [1e-4; FEATURES];
        for (features, ..) in cases {
            for place in 0..FEATURES {
                let distance = features[place] - mean[place];
                spread[place] += distance * distance / count;
            }
        }
        Scale { mean, spread: spread.map(f32::sqrt) }
    }

    fn apply(&self, features: &[f32; FEATURES]) -> [f32; FEATURES] {
        std::array::from_fn(|place| (features[place] - self.mean[place]) / self.spread[place])
    }

    /// The same judge over features as they come.
    fn fold_into(&self, judge: Judge) -> Judge {
        let weights: [f32; FEATURES] = std::array::from_fn(|place| judge.weights[place] / self.spread[place]);
        let shift: f32 = weights.iter().zip(&self.mean).map(|(weight, mean)| weight * mean).sum();
        Judge { bias: judge.bias - shift, weights }
    }
}
