//! Service hours: weekly hours with holidays, closures and exceptions in a zone, and their compositions.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// A calendar: which instants are open. Conventions C1 to C3 and C8.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Calendar {
    Weekly(Box<WeeklyCalendar>),
    /// Open when all are.
    Intersection(Vec<Calendar>),
    /// Open when any is.
    Union(Vec<Calendar>),
    /// Open when the other is closed.
    Complement(Box<Calendar>),
    /// Each version from its own local instant on, read in that version's zone; the first may have none.
    Versions(Vec<CalendarVersion>),
}

impl Calendar {
    /// Open at every instant; local days are counted in `zone`.
    pub fn always(zone: impl Into<String>) -> Calendar {
        let all_day = vec![Opening::ALL_DAY];
        Calendar::Weekly(Box::new(WeeklyCalendar {
            zone: zone.into(),
            week: std::array::from_fn(|_| all_day.clone()),
            ..WeeklyCalendar::default()
        }))
    }

    /// The zone in which its days are counted: that of the first weekly calendar in it.
    pub fn zone(&self) -> Option<&str> {
        match self {
            Calendar::Weekly(weekly) => Some(&weekly.zone),
            Calendar::Intersection(of) | Calendar::Union(of) => of.iter().find_map(Calendar::zone),
            Calendar::Complement(of) => of.zone(),
            Calendar::Versions(of) => of.iter().find_map(|v| v.calendar.zone()),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CalendarVersion {
    pub from_local: Option<DateTime>,
    pub calendar: Calendar,
}

/// Weekly hours in local wall time. Precedence for a date: exceptions, closed days, holidays, week.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WeeklyCalendar {
    /// IANA name.
    pub zone: String,
    /// Monday first.
    pub week: [Vec<Opening>; 7],
    #[serde(default)]
    pub holidays: BTreeSet<Date>,
    /// Hours kept on holidays; none means closed. Out-of-hours calendars need them.
    #[serde(default)]
    pub holiday_hours: Vec<Opening>,
    #[serde(default)]
    pub closed: BTreeSet<Date>,
    #[serde(default)]
    pub exceptions: BTreeMap<Date, Vec<Opening>>,
}

impl WeeklyCalendar {
    /// The openings of one local date.
    pub fn openings(&self, date: Date) -> &[Opening] {
        if let Some(openings) = self.exceptions.get(&date) {
            return openings;
        }
        if self.closed.contains(&date) {
            return &[];
        }
        if self.holidays.contains(&date) {
            return &self.holiday_hours;
        }
        &self.week[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())]
    }
}

/// A half-open span `[open, close)` of one local day, in seconds from midnight; 86 400 is `24:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Opening {
    pub open: u32,
    pub close: u32,
}

impl Opening {
    pub const ALL_DAY: Opening = Opening { open: 0, close: 86_400 };

    /// Two wall times `HH:MM` or `HH:MM:SS`; the close may be `24:00` and must come after the open.
    pub fn parse(open: &str, close: &str) -> Option<Opening> {
        let (open, close) = (wall_time(open)?, wall_time(close)?);
        (open < close).then_some(Opening { open, close })
    }

    /// Reads `"09:00-12:30"`.
    pub fn parse_span(text: &str) -> Option<Opening> {
        let (open, close) = text.split_once('-')?;
        Opening::parse(open.trim(), close.trim())
    }
}

/// `09:00–12:30`.
impl fmt::Display for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hm = |s: u32| (s / 3600, s % 3600 / 60);
        let ((a, b), (c, d)) = (hm(self.open), hm(self.close));
        write!(f, "{a:02}:{b:02}–{c:02}:{d:02}")
    }
}

fn wall_time(text: &str) -> Option<u32> {
    let parts: Vec<u32> = text
        .split(':')
        .map(|p| if p.len() == 2 && p.bytes().all(|b| b.is_ascii_digit()) { p.parse().ok() } else { None })
        .collect::<Option<_>>()?;
    let (hour, minute, second) = match parts[..] {
        [h, m] => (h, m, 0),
        [h, m, s] => (h, m, s),
        _ => return None,
    };
    let valid = hour < 24 && minute < 60 && second < 60 || (hour, minute, second) == (24, 0, 0);
    valid.then_some(hour * 3600 + minute * 60 + second)
}
