//! One instant looked up in a calendar, without compiling a window of it: what weighs a call.
//!
//! An instant is open when its local date and time are inside an opening (C2), as the compiled spans say.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use terms::Calendar;
use terms::calendar::{CalendarVersion, WeeklyCalendar};

use super::CalendarError;
use super::compile::{version_start, zone};

/// Whether the calendar is open at an instant.
pub fn open_at(calendar: &Calendar, at: Timestamp) -> Result<bool, CalendarError> {
    match calendar {
        Calendar::Weekly(weekly) => {
            let (date, time) = local(weekly, at)?;
            let second = u32::try_from(time.duration_since(Time::midnight()).as_secs()).unwrap_or_default();
            Ok(weekly.openings(date).iter().any(|o| o.open <= second && second < o.close))
        }
        Calendar::Intersection(of) => some(of)?.iter().try_fold(true, |open, c| Ok(open_at(c, at)? && open)),
        Calendar::Union(of) => some(of)?.iter().try_fold(false, |open, c| Ok(open_at(c, at)? || open)),
        Calendar::Complement(of) => Ok(!open_at(of, at)?),
        Calendar::Versions(of) => version(of, at)?.map_or(Ok(false), |calendar| open_at(calendar, at)),
    }
}

/// Whether the local day of an instant is one of the calendar's public holidays: of any of those it is made
/// of, and the hours outside a calendar have its holidays.
pub fn holiday_at(calendar: &Calendar, at: Timestamp) -> Result<bool, CalendarError> {
    match calendar {
        Calendar::Weekly(weekly) => Ok(weekly.holidays.contains(&local(weekly, at)?.0)),
        Calendar::Intersection(of) | Calendar::Union(of) => {
            some(of)?.iter().try_fold(false, |found, c| Ok(holiday_at(c, at)? || found))
        }
        Calendar::Complement(of) => holiday_at(of, at),
        Calendar::Versions(of) => version(of, at)?.map_or(Ok(false), |calendar| holiday_at(calendar, at)),
    }
}

fn local(weekly: &WeeklyCalendar, at: Timestamp) -> Result<(Date, Time), CalendarError> {
    let local = zone(&weekly.zone)?.to_datetime(at);
    Ok((local.date(), local.time()))
}

fn some(of: &[Calendar]) -> Result<&[Calendar], CalendarError> {
    if of.is_empty() { Err(CalendarError::NothingToCompose) } else { Ok(of) }
}

/// The version in force at an instant; `None` before the first.
fn version(of: &[CalendarVersion], at: Timestamp) -> Result<Option<&Calendar>, CalendarError> {
    let mut last: Option<(i64, &Calendar)> = None;
    for version in of {
        let start = version_start(version)?;
        if start <= at.as_second() && last.is_none_or(|(before, _)| before <= start) {
            last = Some((start, &version.calendar));
        }
    }
    Ok(last.map(|(_, calendar)| calendar))
}
