//! Chance that repeats: splitmix64 (Steele, Lea, Flood 2014), from a seed.

use std::{ops::Range, time::Duration};

/// Everything that a run draws comes from here, so that its seed repeats it.
pub struct Dice(u64);

impl Dice {
    /// The same seed throws the same.
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number of the range.
    pub fn between(&mut self, range: Range<u64>) -> u64 {
        range.start + self.throw() % (range.end - range.start)
    }

    /// A number below `end`, small ones as likely as large ones: each order of magnitude the same.
    pub fn spread(&mut self, end: u64) -> usize {
        let share = self.throw() as f64 / u64::MAX as f64;
        (end as f64).powf(share) as usize
    }

    /// A length of time, in milliseconds.
    pub fn millis(&mut self, range: Range<u64>) -> Duration {
        Duration::from_millis(self.between(range))
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.between(0..all.len() as u64) as usize]
    }

    /// One of these, each as likely as its weight says.
    pub fn weighed<T: Copy>(&mut self, all: &[(u64, T)]) -> T {
        let mut left = self.between(0..all.iter().map(|(weight, _)| weight).sum());
        for (weight, each) in all {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return *each,
            }
        }
        unreachable!("the weights were summed above")
    }
}
