//! Choices that are the same at each preparation: from a seed, never used for a key or a secret.

use app::entropy::{Entropy, Seeded};

pub struct Dice(Seeded);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(Seeded::new(seed))
    }

    /// A number under `bound`.
    pub fn under(&mut self, bound: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        // The bias of a remainder over 64 bits is nothing here.
        usize::try_from(u64::from_le_bytes(bytes) % u64::try_from(bound.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = usize::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.under(width)).unwrap_or(0)
    }

    /// True `percent` times in a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.under(100) < percent
    }

    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.under(list.len())]
    }
}
