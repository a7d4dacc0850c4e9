//! From a calendar to its open spans over a window.

use std::sync::LazyLock;

use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, civil};
use terms::Calendar;
use terms::calendar::{CalendarVersion, WeeklyCalendar};

use super::CalendarError;
use super::spans::{self, Span};

const DAY: i64 = 86_400;

/// The zone of this IANA name, from the data built into the program: a contract's clock must not
/// depend on the host's copy.
pub fn zone(name: &str) -> Result<TimeZone, CalendarError> {
    static BUNDLED: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);
    BUNDLED.get(name).map_err(|_| CalendarError::UnknownZone { zone: name.to_owned() })
}

/// Open spans inside `window`, sorted, disjoint, not touching.
pub(super) fn open_spans(calendar: &Calendar, window: Span) -> Result<Vec<Span>, CalendarError> {
    match calendar {
        Calendar::Weekly(weekly) => weekly_spans(weekly, window),
        Calendar::Intersection(of) => fold(of, window, |all, next| spans::intersection(&all, &next)),
        Calendar::Union(of) => fold(of, window, |all, next| spans::union(all, &next)),
        Calendar::Complement(of) => Ok(spans::complement(&open_spans(of, window)?, window)),
        Calendar::Versions(of) => version_spans(of, window),
    }
}

fn fold(
    of: &[Calendar],
    window: Span,
    combine: impl Fn(Vec<Span>, Vec<Span>) -> Vec<Span>,
) -> Result<Vec<Span>, CalendarError> {
    let (first, rest) = of.split_first().ok_or(CalendarError::NothingToCompose)?;
    rest.iter().try_fold(open_spans(first, window)?, |all, next| Ok(combine(all, open_spans(next, window)?)))
}

/// Walks the zone's stretches of constant offset; in each, local time is UTC plus the offset.
fn weekly_spans(weekly: &WeeklyCalendar, window: Span) -> Result<Vec<Span>, CalendarError> {
    let zone = zone(&weekly.zone)?;
    let (from, until) = window;
    let mut out = Vec::new();
    let mut begin = from;
    let mut offset = i64::from(zone.to_offset(instant(from)).seconds());
    for change in zone.following(instant(from)) {
        let at = change.timestamp().as_second();
        if at >= until {
            break;
        }
        stretch(weekly, (begin, at), offset, &mut out);
        (begin, offset) = (at, i64::from(change.offset().seconds()));
    }
    stretch(weekly, (begin, until), offset, &mut out);
    Ok(spans::normalise(out))
}

/// The openings of every local date that the stretch touches, clipped to it.
fn stretch(weekly: &WeeklyCalendar, (begin, end): Span, offset: i64, out: &mut Vec<Span>) {
    let mut midnight = (begin + offset).div_euclid(DAY) * DAY;
    let mut date = local_date(midnight);
    while midnight < end + offset {
        for opening in weekly.openings(date) {
            let open = (midnight + i64::from(opening.open) - offset).max(begin);
            let close = (midnight + i64::from(opening.close) - offset).min(end);
            if open < close {
                out.push((open, close));
            }
        }
        midnight += DAY;
        match date.tomorrow() {
            Ok(next) => date = next,
            Err(_) => break,
        }
    }
}

/// Each version holds from its own start to the next one's; before the first start, nothing is open.
fn version_spans(of: &[CalendarVersion], window: Span) -> Result<Vec<Span>, CalendarError> {
    let mut starts = of
        .iter()
        .map(|version| Ok((version_start(version)?, &version.calendar)))
        .collect::<Result<Vec<_>, CalendarError>>()?;
    if starts.is_empty() {
        return Err(CalendarError::NothingToCompose);
    }
    starts.sort_by_key(|(start, _)| *start);
    let mut out = Vec::new();
    for (i, (start, calendar)) in starts.iter().enumerate() {
        let end = starts.get(i + 1).map_or(i64::MAX, |(next, _)| *next);
        let part = (window.0.max(*start), window.1.min(end));
        if part.0 < part.1 {
            out.extend(open_spans(calendar, part)?);
        } else {
            // A zone that nobody knows is an error wherever it stands.
            open_spans(calendar, (window.0, window.0 + 1))?;
        }
    }
    Ok(spans::normalise(out))
}

pub(super) fn version_start(version: &CalendarVersion) -> Result<i64, CalendarError> {
    let Some(local) = version.from_local else {
        return Ok(i64::MIN);
    };
    let name = version.calendar.zone().ok_or(CalendarError::NothingToCompose)?;
    zone(name)?
        .to_timestamp(local)
        .map(Timestamp::as_second)
        .map_err(|_| CalendarError::OutOfRange { at: local.to_string(), zone: name.to_owned() })
}

fn instant(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("windows are clamped to the range of instants")
}

/// The date whose midnight is so many seconds after that of 1970-01-01, in the same local time.
fn local_date(midnight: i64) -> civil::Date {
    let days = jiff::Span::new().try_days(midnight / DAY).expect("a window's days are in range");
    civil::date(1970, 1, 1).saturating_add(days)
}
