//! Agreed time: the open time of a clause's calendar over its period, through the amendments in it.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use terms::{Availability, Facts, History, Rule, Terms};

use super::count::{Micros, micros};
use crate::calendar::ClockCache;
use crate::calendar::spans::normalise;
use crate::in_force::{binding, in_force, last_bound};
use crate::period::Span;

/// Open time over the part of a period that the contract covers.
pub(super) struct Agreed {
    pub period: Span,
    /// The contract's zone: months and figures of the clock are read in it.
    pub zone: TimeZone,
    /// Sorted, disjoint.
    pub open: Vec<Micros>,
}

impl Agreed {
    /// From the first instant of the period to the first after it.
    pub fn edges(&self) -> (Timestamp, Timestamp) {
        (midnight(self.period.first, &self.zone), midnight(self.period.next, &self.zone))
    }
}

/// `None` when a calendar cannot be compiled.
pub(super) fn of(
    history: &History,
    rule: &Rule<Availability>,
    whole: Span,
    clocks: &mut ClockCache,
) -> Option<Agreed> {
    let zone = binding(history, last_bound(history, whole)?)
        .and_then(|terms| crate::calendar::zone(&terms.zone).ok())
        .unwrap_or(TimeZone::UTC);
    let mut open = Vec::new();
    let mut covered: Option<Span> = None;
    for (part, terms) in parts(history, rule, whole) {
        let calendar = terms.calendar(&rule.then.calendar, &Facts::default())?;
        let (from, until) = (midnight(part.first, &zone), midnight(part.next, &zone));
        let clock = clocks.clock(&calendar.then, from).ok()?;
        open.extend(clock.intervals(from, until).map(|(a, b)| micros(a, b)));
        covered = Some(Span { first: covered.map_or(part.first, |c| c.first), next: part.next });
    }
    Some(Agreed { period: covered.unwrap_or(whole), zone, open: normalise(open) })
}

/// The days of the period on which the clause binds, with the terms of each run of them.
fn parts<'a>(history: &'a History, rule: &Rule<Availability>, whole: Span) -> Vec<(Span, &'a Terms)> {
    let mut parts: Vec<(Span, &Terms)> = Vec::new();
    let days = whole.first.series(jiff::Span::new().days(1)).take_while(|day| *day < whole.next);
    for day in days {
        let Some(terms) = binding(history, day) else { continue };
        if !promised(terms, rule, day) {
            continue;
        }
        let next = day.tomorrow().unwrap_or(day);
        match parts.last_mut() {
            Some((part, same)) if part.next == day && std::ptr::eq(*same, terms) => part.next = next,
            _ => parts.push((Span { first: day, next }, terms)),
        }
    }
    parts
}

/// Whether the version in force that day promises it: this clause, what it excepts, or what excepts it.
fn promised(terms: &Terms, rule: &Rule<Availability>, day: Date) -> bool {
    let root = rule.exception_to.as_deref().unwrap_or(rule.label());
    in_force(&terms.availabilities, day)
        .iter()
        .any(|r| r.label() == rule.label() || r.exception_to.as_deref().unwrap_or(r.label()) == root)
}

/// The first instant of a local day, on the day itself where midnight is skipped.
pub(super) fn midnight(day: Date, zone: &TimeZone) -> Timestamp {
    day.to_zoned(zone.clone()).map_or(Timestamp::MAX, |at| at.timestamp())
}
