//! Numbers that look random and are the same at every load: whole numbers only, so that every machine draws the same.

use crate::ids::Draw;

/// A stream of numbers that follows from its seed.
#[derive(Clone, Debug)]
pub struct Random(Draw);

impl Random {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Self {
        Random(Draw::of(seed))
    }

    /// A stream of its own for a part of a scenario, so that one part can change without moving the others.
    pub fn part(&self, number: u64) -> Self {
        Random::new(self.clone().number() ^ number.wrapping_mul(0xd6e8_feb8_6659_fd93))
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0.number()
    }

    /// A number from `low` to `high`, both included.
    pub fn range(&mut self, low: i64, high: i64) -> i64 {
        low + (self.number() % (high - low + 1).max(1) as u64) as i64
    }

    /// True in so many of a hundred cases.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.range(1, 100) <= percent
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.range(0, from.len() as i64 - 1) as usize]
    }

    /// One of several, each as often as its weight says.
    pub fn weighted<T: Copy>(&mut self, from: &[(i64, T)]) -> T {
        let mut at = self.range(1, from.iter().map(|(weight, _)| weight).sum());
        for (weight, value) in from {
            at -= weight;
            if at <= 0 {
                return *value;
            }
        }
        from[from.len() - 1].1
    }

    /// Brings a list into an order of its own.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.range(0, i as i64) as usize);
        }
    }

    /// A length of time around a median, skewed as waiting times are: half of them shorter, one in fifteen five times as long.
    pub fn spread(&mut self, median: i64) -> i64 {
        const MULTIPLES: [i64; 16] = [18, 30, 40, 50, 60, 70, 82, 95, 105, 120, 140, 165, 200, 260, 350, 520];
        let at = self.range(0, 14) as usize;
        median * self.range(MULTIPLES[at], MULTIPLES[at + 1]) / 100
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let numbers = |seed| (0..4).map(move |_| Random::new(seed).part(3).number()).collect::<Vec<_>>();
        assert_eq!(numbers(7), numbers(7));
        assert_ne!(numbers(7), numbers(8));
        assert_ne!(Random::new(7).part(1).number(), Random::new(7).part(2).number());
    }

    #[test]
    fn lengths_of_time_lie_around_their_median() {
        let mut random = Random::new(1);
        let mut all: Vec<i64> = (0..10_001).map(|_| random.spread(1_000)).collect();
        all.sort_unstable();
        assert!((900..1_100).contains(&all[5_000]), "{}", all[5_000]);
        assert!(all[0] >= 180 && all[10_000] <= 5_200);
    }
}
