//! What several measures share: a generator of numbers, and contracts as large as any that is signed.

pub mod fuzz;
pub mod ground;
pub mod large;
pub mod shapes;

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// The program's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What this thread has spent of the processor, in milliseconds: the time on the wall when nothing else
/// runs, and the only figure worth having when something does.
pub fn processor_ms() -> f64 {
    let spent = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(spent.tv_sec.unsigned_abs(), u32::try_from(spent.tv_nsec).unwrap_or(0)).as_secs_f64() * 1e3
}

/// Knuth's multiplicative generator: the same numbers at each run of the same seed, on every machine.
#[derive(Clone, Debug)]
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64) -> Numbers {
        Numbers(seed.wrapping_mul(2).wrapping_add(1))
    }

    /// From 0 to `below` less one; 0 when `below` is 0.
    pub fn below(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % below.max(1)
    }

    /// One of a list that is not empty.
    pub fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}
