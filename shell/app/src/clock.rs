//! What time it is for the business: real, running from a set start, or set by a test.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use jiff::Timestamp;

/// The business clock. Security (sessions, codes) uses [`System`] whatever the business clock says.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
pub struct System;

impl Clock for System {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Starts at an instant of its own and runs at the speed of time: the demo's clock.
pub struct RunningFrom {
    start: Timestamp,
    began: Instant,
}

impl RunningFrom {
    pub fn new(start: Timestamp) -> RunningFrom {
        RunningFrom { start, began: Instant::now() }
    }
}

impl Clock for RunningFrom {
    fn now(&self) -> Timestamp {
        let ran = jiff::SignedDuration::try_from(self.began.elapsed()).unwrap_or_default();
        self.start.checked_add(ran).unwrap_or(self.start)
    }
}

/// Stands where it is put: replays and tests.
pub struct Set(AtomicI64);

impl Set {
    pub fn at(instant: Timestamp) -> Set {
        Set(AtomicI64::new(instant.as_microsecond()))
    }

    pub fn move_to(&self, instant: Timestamp) {
        self.0.store(instant.as_microsecond(), Ordering::SeqCst);
    }
}

impl Clock for Set {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}
