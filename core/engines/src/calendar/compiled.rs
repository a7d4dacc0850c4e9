//! A calendar over one window: open spans and their running totals.

use jiff::Timestamp;
use terms::Calendar;

use super::compile::open_spans;
use super::pauses::{Pauses, STILL};
use super::{CalendarError, spans};

const MICROS: i64 = 1_000_000;

/// The open spans of a calendar inside a window, ready for binary searches.
///
/// It knows nothing outside its window; [`super::ServiceClock`] chooses windows.
#[derive(Clone, Debug)]
pub struct CompiledCalendar {
    from: i64,
    until: i64,
    /// Three columns rather than rows: a search then touches one of them only.
    opens: Vec<i64>,
    closes: Vec<i64>,
    /// Open time of the window before each span.
    before: Vec<i64>,
}

/// The answer to "when": inside the window, never, or not inside this window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reached {
    At(i64),
    Never,
    Beyond,
}

impl CompiledCalendar {
    /// Compiles over `[from, until)`, widened to whole seconds.
    pub fn compile(
        calendar: &Calendar,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<CompiledCalendar, CalendarError> {
        let window = (from.as_microsecond().div_euclid(MICROS), until.as_second().saturating_add(1));
        Ok(Self::from_spans(open_spans(calendar, window)?, window))
    }

    pub(super) fn from_spans(open: Vec<spans::Span>, (from, until): spans::Span) -> CompiledCalendar {
        let mut total = 0;
        let mut compiled = CompiledCalendar {
            from: from * MICROS,
            until: until * MICROS,
            opens: Vec::with_capacity(open.len()),
            closes: Vec::with_capacity(open.len()),
            before: Vec::with_capacity(open.len()),
        };
        for (open, close) in open {
            compiled.opens.push(open * MICROS);
            compiled.closes.push(close * MICROS);
            compiled.before.push(total);
            total += (close - open) * MICROS;
        }
        compiled
    }

    /// How many open spans the window holds.
    pub fn len(&self) -> usize {
        self.opens.len()
    }

    pub fn is_empty(&self) -> bool {
        self.opens.is_empty()
    }

    pub(super) fn holds(&self, from: i64, to: i64) -> bool {
        self.from <= from && to <= self.until
    }

    pub(super) fn until(&self) -> i64 {
        self.until
    }

    /// Open microseconds of `[from, to)`.
    pub(super) fn open_between(&self, from: i64, to: i64) -> i64 {
        self.open_before(to) - self.open_before(from)
    }

    /// Open microseconds of `[from, to)` outside the pauses.
    pub(super) fn elapsed(&self, from: i64, to: i64, pauses: &Pauses) -> i64 {
        if to <= from {
            return 0;
        }
        let mut total = self.open_between(from, to);
        for &(begin, end) in pauses.spans() {
            let (begin, end) = (begin.max(from), end.min(to));
            if begin < end {
                total -= self.open_between(begin, end);
            }
        }
        total
    }

    /// The earliest instant at which `wanted` microseconds have run since `start`; `wanted` is positive.
    pub(super) fn due(&self, start: i64, wanted: i64, pauses: &Pauses) -> Reached {
        let (mut cursor, mut left) = (start, wanted);
        for &(begin, end) in pauses.spans() {
            if end <= cursor {
                continue;
            }
            if begin > cursor {
                // Reached exactly as a pause begins is reached (SLA-031).
                let runs = self.open_between(cursor, begin.min(self.until));
                if runs >= left || begin >= self.until {
                    return self.after(cursor, left);
                }
                left -= runs;
            }
            if end == STILL {
                return Reached::Never;
            }
            cursor = end;
        }
        self.after(cursor, left)
    }

    /// Whether the instant is open; the window must hold it.
    pub(super) fn is_open(&self, at: i64) -> bool {
        let begun = self.begun(at);
        begun > 0 && at < self.closes[begun - 1]
    }

    /// The next opening or closing after this instant.
    pub(super) fn next_change(&self, at: i64) -> Reached {
        let begun = self.begun(at);
        if begun > 0 && at < self.closes[begun - 1] {
            let close = self.closes[begun - 1];
            return if close < self.until { Reached::At(close) } else { Reached::Beyond };
        }
        self.opens.get(begun).map_or(Reached::Beyond, |open| Reached::At(*open))
    }

    /// The last close inside `[from, to)`, `to` included when it is still open there; `None`: closed throughout.
    pub(super) fn last_close(&self, from: i64, to: i64) -> Option<i64> {
        let begun = self.opens.partition_point(|open| *open < to);
        let close = *self.closes.get(begun.checked_sub(1)?)?;
        (close > from).then(|| close.min(to))
    }

    /// Open spans clipped to `[from, to)`.
    pub(super) fn intervals(&self, from: i64, to: i64) -> impl Iterator<Item = (i64, i64)> + '_ {
        let first = self.closes.partition_point(|close| *close <= from);
        (first..self.opens.len())
            .map(move |i| (self.opens[i].max(from), self.closes[i].min(to)))
            .take_while(|(open, close)| open < close)
    }

    fn begun(&self, at: i64) -> usize {
        self.opens.partition_point(|open| *open <= at)
    }

    /// Open microseconds of the window before `at`.
    fn open_before(&self, at: i64) -> i64 {
        match self.begun(at) {
            0 => 0,
            begun => self.before[begun - 1] + at.min(self.closes[begun - 1]) - self.opens[begun - 1],
        }
    }

    /// As [`Self::due`], without pauses: at a closing time, not at the next opening (SLA-003).
    fn after(&self, start: i64, wanted: i64) -> Reached {
        let goal = self.open_before(start) + wanted;
        let Some(last) = self.before.partition_point(|before| *before < goal).checked_sub(1) else {
            return Reached::Beyond;
        };
        let at = self.opens[last] + goal - self.before[last];
        if at <= self.closes[last] { Reached::At(at) } else { Reached::Beyond }
    }
}
