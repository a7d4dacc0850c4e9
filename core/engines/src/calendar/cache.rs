//! A memo of compiled calendars, so that a list of tickets compiles each calendar once.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use jiff::Timestamp;
use terms::Calendar;

use super::{CalendarError, ServiceClock};

/// Compiled calendars by content. It changes the cost of an answer and never the answer.
#[derive(Debug, Default)]
pub struct ClockCache {
    /// By hash; calendars of one hash are told apart by comparing them.
    clocks: BTreeMap<u64, Vec<Arc<ServiceClock>>>,
}

/// A provider of thousands of customers still fits; beyond, the memo starts again.
const MOST: usize = 4096;

impl ClockCache {
    pub fn new() -> ClockCache {
        ClockCache::default()
    }

    /// The clock of this calendar, compiled around `around` if it is met for the first time.
    pub fn clock(
        &mut self,
        calendar: &Calendar,
        around: Timestamp,
    ) -> Result<Arc<ServiceClock>, CalendarError> {
        // `DefaultHasher::new` has fixed keys, unlike the hasher of a `HashMap`.
        let mut hasher = DefaultHasher::new();
        calendar.hash(&mut hasher);
        let key = hasher.finish();
        let known = self.clocks.get(&key).and_then(|same| same.iter().find(|c| c.calendar() == calendar));
        if let Some(clock) = known {
            return Ok(Arc::clone(clock));
        }
        let clock = Arc::new(ServiceClock::new(calendar, around)?);
        if self.clocks.len() >= MOST {
            self.clocks.clear();
        }
        self.clocks.entry(key).or_default().push(Arc::clone(&clock));
        Ok(clock)
    }
}
