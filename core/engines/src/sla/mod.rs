//! From a contract's terms and a ticket's timeline to clocks: due, elapsed, verdict, and why.
//!
//! Each promise that governs the ticket has its own clock, on its own calendar, with its own pauses:
//! a pause stops only the promises that its clause names. Amendments, changes of priority and
//! reopenings do what the commitment's own policies say (C11); nothing is decided here that the
//! contract could have decided.

mod calendars;
mod clock;
mod days;
mod explain;
mod ledger;
mod levels;
pub(crate) mod measure;
mod run;
mod timeline;

use std::collections::BTreeMap;

use base::Because;
use jiff::Timestamp;
use terms::{History, Promise};

pub use clock::{Clock, Lateness, Span, SpanKind, Verdict};
pub use levels::{Level, as_told, levels, told};
pub use timeline::{Step, Timeline, What};

use self::measure::Measure;
use self::run::Case;
use crate::calendar::{CalendarError, ClockCache};

/// Why no clock can be given: the terms do not hold together, or are not those of the ticket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlaError {
    #[error("the contract has no version {0}")]
    UnknownVersion(String),
    #[error("[{rule}] counts on the calendar {calendar:?}, which the contract does not define for this case")]
    UnknownCalendar { rule: String, calendar: String },
    #[error("the calendar of [{rule}]: {why}")]
    Calendar { rule: String, why: CalendarError },
}

/// The clocks of a ticket as of `at`, in the order of [`Promise::ALL`]; steps after `at` are not read.
///
/// `version` is the hash of the contract version that the ticket opened under. A promise that has been
/// started afresh by a reopening gives one clock for each round, the last one being the live one.
pub fn clocks(
    history: &History,
    version: &str,
    timeline: &Timeline,
    at: Timestamp,
    cache: &mut ClockCache,
) -> Result<Vec<Because<Clock>>, SlaError> {
    let case = Case::new(history, version, timeline, at)?;
    let mut out = Vec::new();
    for promise in Promise::ALL {
        for run in run::runs(&case, promise, cache)? {
            let measure = Measure::of(&case, run, cache)?;
            let clock = Clock { ledger: measure.ledger(&case), ..measure.clock(&case) };
            let reasons = explain::reasons(&case, &measure, &clock);
            out.push(Because::new(clock, reasons));
        }
    }
    Ok(out)
}

/// [`clocks`] without the reasons and the intervals (`ledger` is empty): what a write records. They can be
/// asked for at any time.
pub fn values(
    history: &History,
    version: &str,
    timeline: &Timeline,
    at: Timestamp,
    cache: &mut ClockCache,
) -> Result<Vec<Clock>, SlaError> {
    let case = Case::new(history, version, timeline, at)?;
    let mut out = Vec::new();
    for promise in Promise::ALL {
        for run in run::runs(&case, promise, cache)? {
            out.push(Measure::of(&case, run, cache)?.clock(&case));
        }
    }
    Ok(out)
}

/// The earliest due instant among the clocks that run, past or to come; for lists, without reasons.
///
/// `None`: every promise is kept, missed, not started, or paused with no end in sight.
pub fn next_due(
    history: &History,
    version: &str,
    timeline: &Timeline,
    at: Timestamp,
    cache: &mut ClockCache,
) -> Result<Option<(Promise, Timestamp)>, SlaError> {
    let case = Case::new(history, version, timeline, at)?;
    let mut earliest: Option<(Promise, Timestamp)> = None;
    for promise in Promise::ALL {
        let Some(run) = run::runs(&case, promise, cache)?.pop().filter(|run| run.stop.is_none()) else {
            continue;
        };
        let due = Measure::of(&case, run, cache)?.due;
        if let Some(due) = due.filter(|due| earliest.is_none_or(|(_, first)| *due < first)) {
            earliest = Some((promise, due));
        }
    }
    Ok(earliest)
}

/// How late a promise is or was, as of `at`, on its own clock and in real time; the rounds of a promise
/// reopened afresh are added. `None`: nothing of the kind is promised for this ticket.
pub fn late_on_clock(
    history: &History,
    version: &str,
    timeline: &Timeline,
    promise: Promise,
    at: Timestamp,
    cache: &mut ClockCache,
) -> Result<Option<Lateness>, SlaError> {
    let case = Case::new(history, version, timeline, at)?;
    let mut total: Option<Lateness> = None;
    for run in run::runs(&case, promise, cache)? {
        let late = Measure::of(&case, run, cache)?.lateness(at);
        let sum = total.get_or_insert_default();
        sum.clock_seconds += late.clock_seconds;
        sum.wall_seconds += late.wall_seconds;
    }
    Ok(total)
}

/// The clock that counts for each promise: the last round of each.
pub fn live(clocks: &[Because<Clock>]) -> BTreeMap<Promise, &Because<Clock>> {
    clocks.iter().map(|clock| (clock.value.promise, clock)).collect()
}
