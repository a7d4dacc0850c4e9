//! What a clock shows.

use base::{Length, Provenance};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use terms::Promise;

/// One promise's clock on one ticket, as of some instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    pub promise: Promise,
    /// 1, and one more each time a reopening started the promise afresh.
    pub round: u32,
    /// The label of the commitment that governs.
    pub label: String,
    /// The commitment's clause.
    pub from: Provenance,
    pub target: Length,
    /// How long that is on this clock; `None` for working days, days and months before the clock has
    /// started, and for working days whose end is not known.
    pub target_seconds: Option<i64>,
    /// The label of the calendar it is counted on, and the zone of its days.
    pub calendar: String,
    pub zone: String,
    pub started: Option<Timestamp>,
    /// `None`: not started, paused before the target with no end set, or never within ten years.
    pub due: Option<Timestamp>,
    pub stopped: Option<Timestamp>,
    /// Time counted so far, floored to the second.
    pub elapsed_seconds: i64,
    /// Time still to count, while the clock has started and not stopped; `None` also when working
    /// days are counted and no due instant is known.
    pub remaining_seconds: Option<i64>,
    /// Past due, counted on this clock: closed hours and pauses left out. Rounded up to the second, so
    /// that whoever is late by less than a second is late.
    pub late_seconds: i64,
    /// Past due in real time, likewise.
    pub late_wall_seconds: i64,
    pub verdict: Verdict,
    /// Every interval from the opening on, in order, without gap: to the stop or the instant asked, and
    /// on to the due instant when it is less than a month away. Empty in the answers of [`super::values`].
    pub ledger: Vec<Span>,
}

impl Clock {
    pub fn late_on_clock(&self) -> Lateness {
        Lateness { clock_seconds: self.late_seconds, wall_seconds: self.late_wall_seconds }
    }
}

/// Seconds past due: on the promise's own clock, and in real time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lateness {
    pub clock_seconds: i64,
    pub wall_seconds: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The event that starts it has not happened.
    NotStarted,
    Running,
    Paused,
    /// Stopped at its due instant or before (C7).
    Met,
    /// Past due and not stopped.
    Late,
    /// Stopped after its due instant.
    Missed,
}

/// One interval of a ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub from: Timestamp,
    pub to: Timestamp,
    #[serde(flatten)]
    pub kind: SpanKind,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SpanKind {
    /// Before the event that starts the clock, or left behind when it was started afresh.
    Before,
    Counted,
    /// Counted, past due.
    Overdue,
    /// Outside the calendar's hours; a pause there takes nothing.
    Closed,
    /// Inside the hours, not counted; `reason` is the label of the contract's pause.
    Paused {
        reason: String,
    },
    /// Restored or resolved.
    Settled,
}
