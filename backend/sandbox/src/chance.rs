//! Seeded chance. Every cardholder, household and employer has a stream of its own, so that the bank can be made in any order.
//!
//! The distributions are written out here, over the generator's words: the same seed then gives the same bank whatever
//! version of a sampling library is at hand.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};

/// What a stream of chance is for. Two purposes never share one.
#[derive(Debug, Clone, Copy)]
pub enum Stream {
    Staff = 1,
    Employer = 2,
    Household = 3,
    Person = 4,
    Holdings = 5,
    Destiny = 6,
    Life = 7,
    Pair = 8,
    Guarantees = 9,
    Contacts = 10,
    Offers = 11,
    Stranger = 12,
}

pub struct Chance(ChaCha8Rng);

impl Chance {
    pub fn of(seed: u64, stream: Stream, index: u64) -> Self {
        let mut key = [0_u8; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&(stream as u64).to_le_bytes());
        key[16..24].copy_from_slice(&index.to_le_bytes());
        Self(ChaCha8Rng::from_seed(key))
    }

    pub fn word(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// 0 to `n` − 1, evenly (to one part in 2³²).
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.word()) * n as u128) >> 64) as usize
    }

    /// Both ends included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = (high - low).max(0).cast_unsigned() as usize;
        low + self.below(span + 1) as i64
    }

    pub fn days(&mut self, low: i32, high: i32) -> i32 {
        self.between(i64::from(low), i64::from(high)) as i32
    }

    /// 0 ≤ x < 1.
    pub fn unit(&mut self) -> f64 {
        (self.word() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    pub fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    pub fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of `from`, which is not empty.
    pub fn one<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// The index of a running total, with the chance of its step.
    pub fn step(&mut self, running: &[f64]) -> usize {
        let total = running.last().copied().unwrap_or(0.0);
        let at = self.unit() * total;
        running.partition_point(|&sum| sum <= at).min(running.len().saturating_sub(1))
    }

    /// The index of a weight, with its chance.
    pub fn weighed(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (at, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return at;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// The standard normal (Box and Muller).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    pub fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        median * (sigma * self.normal()).exp()
    }

    /// Poisson: by Knuth's product below 30, by its normal limit above.
    pub fn count(&mut self, mean: f64) -> u32 {
        if mean <= 0.0 {
            return 0;
        }
        if mean > 30.0 {
            return (mean + mean.sqrt() * self.normal()).round().max(0.0) as u32;
        }
        let (floor, mut product, mut count) = ((-mean).exp(), self.unit(), 0);
        while product > floor {
            product *= self.unit();
            count += 1;
        }
        count
    }

    /// The free bits of a UUIDv7.
    pub fn tail(&mut self) -> u128 {
        u128::from(self.word()) << 64 | u128::from(self.word())
    }
}

/// Running totals of weights, for [`Chance::step`].
pub fn running(weights: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut sum = 0.0;
    weights
        .into_iter()
        .map(|weight| {
            sum += weight;
            sum
        })
        .collect()
}

/// A fixed scramble of a number (SplitMix64's finaliser): what stays the same for one customer of one shop.
pub fn scrambled(number: u64) -> u64 {
    let z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chance() -> Chance {
        Chance::of(7, Stream::Person, 3)
    }

    #[test]
    fn a_stream_repeats_and_its_neighbours_differ() {
        assert_eq!(chance().word(), chance().word());
        assert_ne!(chance().word(), Chance::of(7, Stream::Person, 4).word());
        assert_ne!(chance().word(), Chance::of(7, Stream::Household, 3).word());
        assert_ne!(chance().word(), Chance::of(8, Stream::Person, 3).word());
    }

    #[test]
    fn the_distributions_have_their_means() {
        let mut chance = chance();
        let mut mean = |draw: &mut dyn FnMut(&mut Chance) -> f64| {
            (0..40_000).map(|_| draw(&mut chance)).sum::<f64>() / 40_000.0
        };
        assert!((mean(&mut |c| c.unit()) - 0.5).abs() < 0.01);
        assert!(mean(&mut |c| c.normal()).abs() < 0.02);
        assert!((mean(&mut |c| c.normal().powi(2)) - 1.0).abs() < 0.03);
        assert!((mean(&mut |c| f64::from(c.count(3.5))) - 3.5).abs() < 0.05);
        assert!((mean(&mut |c| f64::from(c.count(80.0))) - 80.0).abs() < 0.3);
        assert!((mean(&mut |c| c.below(10) as f64) - 4.5).abs() < 0.06);
        assert!((mean(&mut |c| c.weighed(&[1.0, 3.0]) as f64) - 0.75).abs() < 0.01);
        assert!((mean(&mut |c| c.step(&[1.0, 4.0]) as f64) - 0.75).abs() < 0.01);
    }

    #[test]
    fn the_ends_of_a_range_are_reached_and_not_passed() {
        let mut chance = chance();
        let drawn: Vec<i64> = (0..1_000).map(|_| chance.between(-1, 1)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&-1), Some(&1)));
    }
}
