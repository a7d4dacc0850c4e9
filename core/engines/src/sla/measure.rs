//! A round of a promise measured on its calendar: due, elapsed, late.

use std::sync::Arc;

use base::Length;
use jiff::{Timestamp, ToSpan};
use terms::commitment::PauseRule;
use terms::rule::Rule;
use terms::{Calendar, Commitment, Promise};

use super::calendars::{self, Part};
use super::run::{Case, Run};
use super::{Clock, Lateness, SlaError, Span, Verdict, What, ledger};
use crate::calendar::{ClockCache, Pauses, ServiceClock};

/// A round with its calendar and its pauses.
pub(super) struct Measure<'a> {
    pub run: Run<'a>,
    pub promise: Promise,
    /// The clock it is counted on: the calendar's, or real time for days and months.
    pub clock: Arc<ServiceClock>,
    pub parts: Vec<Part<'a>>,
    pub halts: Vec<Halt<'a>>,
    pub pauses: Pauses,
    pub goal: Goal,
    pub due: Option<Timestamp>,
}

/// A pause of the timeline, seen from one promise.
pub(super) struct Halt<'a> {
    pub from: Timestamp,
    /// `None`: still paused.
    pub to: Option<Timestamp>,
    pub label: &'a str,
    /// `None`: the contract has no such reason.
    pub rule: Option<&'a Rule<PauseRule>>,
    /// Whether it stops this promise's clock.
    pub counts: bool,
    /// It ended by itself.
    pub ended_alone: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    Seconds(i64),
    WorkingDays(u32),
}

impl<'a> Measure<'a> {
    pub fn of(case: &Case<'a>, run: Run<'a>, cache: &mut ClockCache) -> Result<Measure<'a>, SlaError> {
        let hours = calendars::hours(case, run.rule, &run.facts, cache)?;
        let promise = run.rule.then.promise;
        let halts = halts(case, &run, promise, &hours.clock);
        let pauses = Pauses::new(
            halts
                .iter()
                .filter(|halt| halt.counts)
                .map(|halt| (halt.from, halt.to))
                .chain(run.settled.iter().map(|&(from, to)| (from, Some(to)))),
        );
        let (clock, goal) = match (run.rule.then.within, run.start) {
            (Length::Seconds(seconds), _) => (hours.clock, Goal::Seconds(seconds)),
            (Length::WorkingDays(days), _) => (hours.clock, Goal::WorkingDays(days)),
            (dates, start) => {
                let real = real(case, run.rule, &hours.clock, cache)?;
                let length = start.and_then(|start| real_seconds(&real, start, dates));
                (real, Goal::Seconds(length.unwrap_or(0)))
            }
        };
        let due = run.start.and_then(|start| match goal {
            Goal::Seconds(seconds) => clock.due(start, seconds, &pauses),
            Goal::WorkingDays(days) => clock.due_working_days(start, days, &pauses),
        });
        Ok(Measure { run, promise, clock, parts: hours.parts, halts, pauses, goal, due })
    }

    /// How late it was when it stopped, or is at `at`.
    pub fn lateness(&self, at: Timestamp) -> Lateness {
        let end = self.run.stop.unwrap_or(at);
        match self.due {
            Some(due) if due < end => Lateness {
                clock_seconds: ceil_seconds(self.clock.elapsed_micros(due, end, &self.pauses)),
                wall_seconds: ceil_seconds(end.as_microsecond() - due.as_microsecond()),
            },
            _ => Lateness::default(),
        }
    }

    /// The clock without its intervals, which cost far more than its figures.
    pub fn clock(&self, case: &Case<'_>) -> Clock {
        let (run, at) = (&self.run, case.at);
        let end = run.stop.unwrap_or(at);
        let elapsed = run.start.map_or(0, |start| self.clock.elapsed(start, end, &self.pauses));
        let late = self.lateness(at);
        Clock {
            promise: self.promise,
            round: run.round,
            label: run.rule.label().to_owned(),
            from: run.rule.from.clone(),
            target: run.rule.then.within,
            target_seconds: self.target_seconds(),
            calendar: run.rule.then.calendar.clone(),
            zone: self.clock.calendar().zone().unwrap_or_default().to_owned(),
            started: run.start,
            due: self.due,
            stopped: run.stop,
            elapsed_seconds: elapsed,
            remaining_seconds: self.remaining(elapsed, at),
            late_seconds: late.clock_seconds,
            late_wall_seconds: late.wall_seconds,
            verdict: self.verdict(at),
            ledger: Vec::new(),
        }
    }

    pub fn ledger(&self, case: &Case<'_>) -> Vec<Span> {
        let end = self.run.stop.unwrap_or(case.at);
        ledger::ledger(self, case.timeline.opened, self.shown_until(end))
    }

    fn target_seconds(&self) -> Option<i64> {
        match (self.goal, self.run.rule.then.within) {
            (Goal::Seconds(seconds), Length::Seconds(_)) => Some(seconds),
            (Goal::Seconds(seconds), _) => self.run.start.map(|_| seconds),
            (Goal::WorkingDays(_), _) => Some(self.clock.elapsed(self.run.start?, self.due?, &self.pauses)),
        }
    }

    fn remaining(&self, elapsed: i64, at: Timestamp) -> Option<i64> {
        if self.run.start.is_none() || self.run.stop.is_some() {
            return None;
        }
        match self.goal {
            Goal::Seconds(target) => Some((target - elapsed).max(0)),
            Goal::WorkingDays(_) => {
                self.due.map(|due| ceil_seconds(self.clock.elapsed_micros(at, due, &self.pauses)))
            }
        }
    }

    fn verdict(&self, at: Timestamp) -> Verdict {
        let past = |instant: Timestamp| self.due.is_some_and(|due| due < instant);
        match (self.run.start, self.run.stop) {
            (None, _) => Verdict::NotStarted,
            (_, Some(stop)) if past(stop) => Verdict::Missed,
            (_, Some(_)) => Verdict::Met,
            _ if past(at) => Verdict::Late,
            _ if self.pauses.contains(at) => Verdict::Paused,
            _ => Verdict::Running,
        }
    }

    /// A due instant years away would draw thousands of intervals.
    fn shown_until(&self, end: Timestamp) -> Timestamp {
        let month = end.saturating_add((31 * 24).hours()).unwrap_or(end);
        self.due.map_or(end, |due| due.min(month).max(end))
    }
}

/// The pauses of the timeline, each ended by a resumption, another pause, a resolution, or by itself.
fn halts<'a>(case: &Case<'a>, run: &Run<'a>, promise: Promise, clock: &ServiceClock) -> Vec<Halt<'a>> {
    let mut halts: Vec<Halt<'a>> = Vec::new();
    for step in &case.steps {
        let ends = matches!(
            step.what,
            What::Paused { .. } | What::Resumed | What::Resolved | What::Reopened | What::Closed
        );
        if let Some(open) = halts.last_mut().filter(|halt| ends && halt.to.is_none()) {
            open.to = Some(step.at);
        }
        if let What::Paused { reason } = &step.what {
            let rule = case.terms().pauses.iter().find(|rule| rule.label() == reason);
            let counts = rule.is_some_and(|rule| rule.then.stops.contains(&promise));
            halts.push(Halt { from: step.at, to: None, label: reason, rule, counts, ended_alone: false });
        }
    }
    for halt in &mut halts {
        let alone = halt.rule.and_then(|rule| after(clock, halt.from, rule.then.ends_after?));
        if let Some(end) = alone.filter(|end| halt.to.is_none_or(|to| *end < to)) {
            (halt.to, halt.ended_alone) = (Some(end), end <= case.at);
        }
        // Nothing is counted once the clock has stopped, so nothing is paused.
        if let Some(stop) = run.stop {
            halt.to = Some(halt.to.map_or(stop, |to| to.min(stop)));
        }
    }
    halts.retain(|halt| halt.to.is_none_or(|to| halt.from < to && run.begun < to));
    halts
}

/// The end of a length of real time: seconds as they pass, days and months to the end of the local
/// day, working days on the calendar. `None`: out of range.
pub(crate) fn after(clock: &ServiceClock, from: Timestamp, length: Length) -> Option<Timestamp> {
    let span = match length {
        Length::Seconds(seconds) => return from.checked_add(jiff::SignedDuration::from_secs(seconds)).ok(),
        Length::WorkingDays(days) => return clock.due_working_days(from, days, &Pauses::NONE),
        Length::Days(days) => jiff::Span::new().try_days(i64::from(days)).ok()?,
        Length::Months(months) => jiff::Span::new().try_months(i64::from(months)).ok()?,
    };
    // Code de procédure civile, 641 and 642: the day of the act does not count, and the last day
    // ends at midnight.
    let last = from.to_zoned(clock.zone().clone()).date().checked_add(span).ok()?;
    clock.zone().to_timestamp(last.tomorrow().ok()?.at(0, 0, 0, 0)).ok()
}

/// Real time in the zone of a promise's hours: what days and months are counted on.
pub(super) fn real(
    case: &Case<'_>,
    rule: &Rule<Commitment>,
    hours: &ServiceClock,
    cache: &mut ClockCache,
) -> Result<Arc<ServiceClock>, SlaError> {
    let zone = hours.calendar().zone().unwrap_or("UTC").to_owned();
    cache
        .clock(&Calendar::always(zone), case.timeline.opened)
        .map_err(|why| SlaError::Calendar { rule: rule.label().to_owned(), why })
}

/// How many real seconds a length in days or months is from an instant, when nothing is paused.
pub(super) fn real_seconds(real: &ServiceClock, from: Timestamp, length: Length) -> Option<i64> {
    Some(seconds_between(from, after(real, from, length)?))
}

fn seconds_between(from: Timestamp, to: Timestamp) -> i64 {
    ceil_seconds(to.as_microsecond() - from.as_microsecond())
}

fn ceil_seconds(micros: i64) -> i64 {
    micros.div_euclid(1_000_000) + i64::from(micros.rem_euclid(1_000_000) > 0)
}
