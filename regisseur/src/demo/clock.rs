//! The demonstration's business clock: it stands until the folder has said where to go on, then runs.

use std::sync::OnceLock;

use app::clock::{Clock, RunningFrom};
use jiff::Timestamp;

pub struct DemoClock {
    before: Timestamp,
    running: OnceLock<RunningFrom>,
}

impl DemoClock {
    pub fn new(before: Timestamp) -> DemoClock {
        DemoClock { before, running: OnceLock::new() }
    }

    /// Starts it, once.
    pub fn start_at(&self, instant: Timestamp) {
        self.running.get_or_init(|| RunningFrom::new(instant));
    }
}

impl Clock for DemoClock {
    fn now(&self) -> Timestamp {
        self.running.get().map_or(self.before, Clock::now)
    }
}
