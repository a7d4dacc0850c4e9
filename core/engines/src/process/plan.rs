//! The date of a step in a period, before anything moves it.

use jiff::civil::{Date, DateTime, Time};
use jiff::{Span, Zoned};
use terms::service::{ClosedDay, ProcessStep};

use crate::calendar::ServiceClock;

/// A calendar that stays closed this long has no working day to offer.
const FARTHEST: u32 = 400;

/// Midnight of the first day of the month that holds this day.
pub(super) fn period_start(period: Date) -> DateTime {
    period.first_of_month().at(0, 0, 0, 0)
}

/// `None`: the calendar has no open day near, or the date is out of range.
pub(super) fn planned(step: &ProcessStep, period: Date, clock: &ServiceClock) -> Option<Zoned> {
    let mut day = day_of(step, period)?;
    for _ in 0..step.working_days_before {
        day = open_day(day, clock, Date::yesterday)?;
    }
    if step.working_days_before == 0 && !is_open(day, clock) {
        day = match step.on_closed_day {
            ClosedDay::Stays => day,
            ClosedDay::PreviousOpenDay => open_day(day, clock, Date::yesterday)?,
            ClosedDay::NextOpenDay => open_day(day, clock, Date::tomorrow)?,
        };
    }
    day.to_datetime(time_of(step)?).to_zoned(clock.zone().clone()).ok()
}

/// The day of the month, or its last day when the month is shorter.
fn day_of(step: &ProcessStep, period: Date) -> Option<Date> {
    let first = period.first_of_month().checked_add(Span::new().try_months(step.month_offset).ok()?).ok()?;
    let day = i8::try_from(step.day).unwrap_or(i8::MAX).clamp(1, first.days_in_month());
    Date::new(first.year(), first.month(), day).ok()
}

fn time_of(step: &ProcessStep) -> Option<Time> {
    let part = |n: u32| i8::try_from(n).ok();
    Time::new(part(step.time / 3600)?, part(step.time % 3600 / 60)?, part(step.time % 60)?, 0).ok()
}

/// The nearest open day in one direction, this day excluded.
fn open_day(from: Date, clock: &ServiceClock, next: fn(Date) -> Result<Date, jiff::Error>) -> Option<Date> {
    let mut day = from;
    for _ in 0..FARTHEST {
        day = next(day).ok()?;
        if is_open(day, clock) {
            return Some(day);
        }
    }
    None
}

fn is_open(day: Date, clock: &ServiceClock) -> bool {
    let begin = |day: Date| Some(day.to_zoned(clock.zone().clone()).ok()?.timestamp());
    match (begin(day), day.tomorrow().ok().and_then(begin)) {
        (Some(from), Some(to)) => clock.intervals(from, to).next().is_some(),
        _ => false,
    }
}
