//! A calendar as a clock: elapsed time, due instants and working days, over any span of time.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, civil};
use terms::Calendar;

use super::compiled::{CompiledCalendar, Reached};
use super::{CalendarError, Pauses, zone};

const MICROS: i64 = 1_000_000;

/// A calendar and its compiled windows; shared by `Arc` between threads.
///
/// Two years around the instant given at first are compiled at once. Questions beyond are answered
/// from windows of eleven years that are compiled when first needed and kept; what was compiled never
/// changes an answer, only its cost.
#[derive(Debug)]
pub struct ServiceClock {
    calendar: Calendar,
    zone: TimeZone,
    near: CompiledCalendar,
    /// By the UTC year they begin in.
    far: RwLock<BTreeMap<i16, Arc<CompiledCalendar>>>,
}

impl ServiceClock {
    /// Compiles from six months before `around` to eighteen months after.
    pub fn new(calendar: &Calendar, around: Timestamp) -> Result<ServiceClock, CalendarError> {
        let name = calendar.zone().ok_or(CalendarError::NothingToCompose)?;
        let half_year = 183.days();
        let near = CompiledCalendar::compile(
            calendar,
            shift(around, -half_year),
            shift(around, half_year.checked_mul(3).expect("549 days is a span")),
        )?;
        Ok(ServiceClock { zone: zone(name)?, calendar: calendar.clone(), near, far: RwLock::default() })
    }

    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The zone its local days are counted in.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Whole seconds of open time in `[start, at)` outside the pauses (C5); 0 before `start`.
    pub fn elapsed(&self, start: Timestamp, at: Timestamp, pauses: &Pauses) -> i64 {
        self.elapsed_micros(start, at, pauses).div_euclid(MICROS)
    }

    /// As [`Self::elapsed`], exact.
    pub fn elapsed_micros(&self, start: Timestamp, at: Timestamp, pauses: &Pauses) -> i64 {
        let (start, at) = (start.as_microsecond(), at.as_microsecond());
        if self.near.holds(start, at) {
            return self.near.elapsed(start, at, pauses);
        }
        let (mut cursor, mut total) = (start, 0);
        while cursor < at {
            let window = self.window(cursor, at);
            let end = at.min(window.until());
            total += window.elapsed(cursor, end, pauses);
            if end <= cursor {
                break;
            }
            cursor = end;
        }
        total
    }

    /// The earliest instant at which `target_seconds` have run since `start` (C6).
    ///
    /// A target of zero is due at `start`. `None`: still paused before the target, or not reached
    /// within ten years of `start`.
    pub fn due(&self, start: Timestamp, target_seconds: i64, pauses: &Pauses) -> Option<Timestamp> {
        if target_seconds <= 0 {
            return Some(start);
        }
        let from = start.as_microsecond();
        let wanted = target_seconds.checked_mul(MICROS)?;
        if self.near.holds(from, from) {
            match self.near.due(from, wanted, pauses) {
                Reached::At(at) => return Some(instant(at)),
                Reached::Never => return None,
                Reached::Beyond => {}
            }
        }
        match self.far(from).due(from, wanted, pauses) {
            Reached::At(at) => Some(instant(at)).filter(|due| *due <= ten_years_after(start)),
            Reached::Never | Reached::Beyond => None,
        }
    }

    /// The last close of the `days`-th open local day after the day of `start` (C9).
    ///
    /// A close that falls in a pause does not count, so a clock is never due while it is paused. Zero
    /// days are due at `start`; `None` as for [`Self::due`].
    pub fn due_working_days(&self, start: Timestamp, days: u32, pauses: &Pauses) -> Option<Timestamp> {
        if days == 0 {
            return Some(start);
        }
        let limit = ten_years_after(start).as_microsecond();
        let mut left = days;
        let mut date = start.to_zoned(self.zone.clone()).date().tomorrow().ok()?;
        let mut begin = self.midnight(date)?;
        loop {
            date = date.tomorrow().ok()?;
            let end = self.midnight(date)?;
            if begin > limit {
                return None;
            }
            let close = self.window(begin, end).last_close(begin, end);
            if let Some(close) = close.filter(|close| !pauses.covers_until(*close)) {
                left -= 1;
                if left == 0 {
                    return Some(close).filter(|close| *close <= limit).map(instant);
                }
            }
            begin = end;
        }
    }

    pub fn is_open(&self, at: Timestamp) -> bool {
        let at = at.as_microsecond();
        self.window(at, at + 1).is_open(at)
    }

    /// The next opening or closing after `at`; `None`: nothing changes within ten years.
    pub fn next_change(&self, at: Timestamp) -> Option<Timestamp> {
        let from = at.as_microsecond();
        let near =
            if self.near.holds(from, from + 1) { self.near.next_change(from) } else { Reached::Beyond };
        match near {
            Reached::At(change) => Some(instant(change)),
            _ => match self.far(from).next_change(from) {
                Reached::At(change) => Some(instant(change)),
                _ => None,
            },
        }
    }

    /// The open intervals of `[from, to)`, clipped to it, in order.
    pub fn intervals(&self, from: Timestamp, to: Timestamp) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let (mut cursor, to) = (from.as_microsecond(), to.as_microsecond());
        let mut out: Vec<(i64, i64)> = Vec::new();
        while cursor < to {
            let window = self.window(cursor, to);
            let end = to.min(window.until());
            for (open, close) in window.intervals(cursor, end) {
                match out.last_mut() {
                    // The same opening, cut where two windows meet.
                    Some(last) if last.1 == open => last.1 = close,
                    _ => out.push((open, close)),
                }
            }
            if end <= cursor {
                break;
            }
            cursor = end;
        }
        out.into_iter().map(|(open, close)| (instant(open), instant(close)))
    }

    fn midnight(&self, date: civil::Date) -> Option<i64> {
        self.zone.to_timestamp(date.at(0, 0, 0, 0)).ok().map(Timestamp::as_microsecond)
    }

    /// A window that holds `[from, to)`, or at least begins at or before `from`.
    fn window(&self, from: i64, to: i64) -> Window<'_> {
        if self.near.holds(from, to) { Window::Near(&self.near) } else { Window::Far(self.far(from)) }
    }

    /// From the first of January of the year of `from`, for eleven years.
    fn far(&self, from: i64) -> Arc<CompiledCalendar> {
        let year = instant(from).to_zoned(TimeZone::UTC).year();
        if let Some(window) = self.far.read().unwrap_or_else(PoisonError::into_inner).get(&year) {
            return Arc::clone(window);
        }
        let window =
            CompiledCalendar::compile(&self.calendar, first_of(year), first_of(year.saturating_add(11)))
                .expect("a calendar that compiled over one window compiles over another");
        let window = Arc::new(window);
        self.far.write().unwrap_or_else(PoisonError::into_inner).insert(year, Arc::clone(&window));
        window
    }
}

enum Window<'a> {
    Near(&'a CompiledCalendar),
    Far(Arc<CompiledCalendar>),
}

impl Deref for Window<'_> {
    type Target = CompiledCalendar;
    fn deref(&self) -> &CompiledCalendar {
        match self {
            Window::Near(window) => window,
            Window::Far(window) => window,
        }
    }
}

fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX)
}

fn first_of(year: i16) -> Timestamp {
    civil::Date::new(year, 1, 1)
        .ok()
        .and_then(|date| TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok())
        .unwrap_or(LAST)
}

/// A day before the last instant there is, so that local times around it exist.
const LAST: Timestamp = Timestamp::constant(253_402_000_000, 0);

fn shift(at: Timestamp, days: jiff::Span) -> Timestamp {
    at.to_zoned(TimeZone::UTC).saturating_add(days).timestamp().clamp(first_of(-9998), LAST)
}

fn ten_years_after(start: Timestamp) -> Timestamp {
    start.to_zoned(TimeZone::UTC).saturating_add(10.years()).timestamp()
}
