//! When open tickets come to their next level of escalation, kept in memory: it is worked out from the
//! contract and the ticket's life, so nothing is lost with it.

use std::collections::{BTreeMap, BTreeSet};

/// The alarms of one vault.
#[derive(Default)]
pub(crate) struct Alarms {
    /// How many versions of contracts they were worked out with; `None`: nothing was yet.
    versions: Option<u64>,
    /// Tickets that something happened to since.
    touched: BTreeSet<u64>,
    next: BTreeMap<u64, i64>,
    by_time: BTreeSet<(i64, u64)>,
}

impl Alarms {
    /// Something happened to a ticket: its clocks may have moved.
    pub fn touch(&mut self, number: u64) {
        self.touched.insert(number);
    }

    /// Whether every open ticket is to be looked at: after a start, and when a contract was signed.
    pub fn is_stale(&self, versions: u64) -> bool {
        self.versions != Some(versions)
    }

    /// Every open ticket is about to be looked at.
    pub fn begin(&mut self, versions: u64, open: impl IntoIterator<Item = u64>) {
        self.versions = Some(versions);
        self.next.clear();
        self.by_time.clear();
        self.touched.extend(open);
    }

    /// The tickets to look at now, taken away.
    pub fn take(&mut self, now: i64) -> BTreeSet<u64> {
        let mut all = std::mem::take(&mut self.touched);
        all.extend(self.by_time.iter().take_while(|(at, _)| *at <= now).map(|(_, number)| *number));
        for number in &all {
            self.forget(*number);
        }
        all
    }

    /// When the next ticket is to be looked at, if nothing happens before.
    pub fn soonest(&self) -> Option<i64> {
        self.by_time.first().map(|(at, _)| *at)
    }

    /// When a ticket is to be looked at again if nothing happens to it; `None`: never.
    pub fn set(&mut self, number: u64, next: Option<i64>) {
        self.forget(number);
        if let Some(at) = next {
            self.next.insert(number, at);
            self.by_time.insert((at, number));
        }
    }

    fn forget(&mut self, number: u64) {
        if let Some(at) = self.next.remove(&number) {
            self.by_time.remove(&(at, number));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_looked_at_when_its_instant_comes_or_something_happens_to_it() {
        let mut alarms = Alarms::default();
        assert!(alarms.is_stale(1));
        alarms.begin(1, [1, 2, 3]);
        assert!(!alarms.is_stale(1) && alarms.is_stale(2));
        assert_eq!(alarms.take(0), BTreeSet::from([1, 2, 3]));
        alarms.set(1, Some(100));
        alarms.set(2, Some(50));
        alarms.set(2, Some(70));
        alarms.set(3, None);
        assert_eq!(alarms.take(60), BTreeSet::new());
        alarms.touch(3);
        assert_eq!(alarms.take(70), BTreeSet::from([2, 3]));
        // Once taken, it waits for what comes next.
        assert_eq!((alarms.take(99), alarms.soonest()), (BTreeSet::new(), Some(100)));
        assert_eq!((alarms.take(100), alarms.soonest()), (BTreeSet::from([1]), None));
    }
}
