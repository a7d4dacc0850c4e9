//! When planned work comes back: every so many days, weeks or months, at an hour of the contract's zone.
//!
//! The n-th date is counted from the first one, so that « every month from the 31st » is the last day of
//! short months and the 31st of the others. A closed day of a calendar of the contract's is kept, left out,
//! or put off to the next open day; two dates put off to the same day are one.
//!
//! Invariant: a function of the terms, the rhythm and an instant; a clock that stops loses nothing, since
//! what was to come before can be asked again.

use base::{Because, Lang, lang};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use terms::{Calendar, Rule, Terms};

use crate::calendar::{CalendarError, ServiceClock, zone};
use crate::say::cite;

#[cfg(test)]
mod tests;

/// The greatest number of days, weeks or months between two dates.
pub const LONGEST: u16 = 366;
/// Dates looked at before it is said that none comes any more: a calendar may close every one of them.
const TRIES: i64 = 1_000;
/// Days looked at for an open one.
const PUT_OFF: i64 = 60;

/// How often something planned comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rhythm {
    /// 1 to [`LONGEST`].
    pub every: u16,
    pub unit: Unit,
    /// The first date, from which the others are counted.
    pub first: Date,
    /// The last day on which a date may fall, before it is put off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Wall time in the contract's zone. An hour that a change of time skips is the next that exists.
    pub at: Time,
    /// The calendar whose closed days count, and what becomes of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<ClosedDays>,
}

impl Rhythm {
    /// « tous les 3 mois à 8 h 30, du 1er juillet 2026 au 30 juin 2027 ».
    pub fn said(&self, lang: Lang) -> String {
        let every = match (lang, self.unit, self.every) {
            (Lang::Fr, Unit::Days, 1) => "chaque jour".to_owned(),
            (Lang::Fr, Unit::Weeks, 1) => "chaque semaine".to_owned(),
            (Lang::Fr, Unit::Months, 1) => "chaque mois".to_owned(),
            (Lang::Fr, Unit::Days, n) => format!("tous les {n} jours"),
            (Lang::Fr, Unit::Weeks, n) => format!("toutes les {n} semaines"),
            (Lang::Fr, Unit::Months, n) => format!("tous les {n} mois"),
            (Lang::En, Unit::Days, 1) => "every day".to_owned(),
            (Lang::En, Unit::Weeks, 1) => "every week".to_owned(),
            (Lang::En, Unit::Months, 1) => "every month".to_owned(),
            (Lang::En, unit, n) => format!("every {n} {}", unit.key()),
        };
        let (at, first) = (lang::time(lang, self.at), lang::date(lang, self.first));
        match (lang, self.until) {
            (Lang::Fr, None) => format!("{every} à {at}, à partir du {first}"),
            (Lang::Fr, Some(until)) => format!("{every} à {at}, du {first} au {}", lang::date(lang, until)),
            (Lang::En, None) => format!("{every} at {at}, from {first}"),
            (Lang::En, Some(until)) => {
                format!("{every} at {at}, from {first} to {}", lang::date(lang, until))
            }
        }
    }
}

/// What the closed days of a calendar do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedDays {
    /// The label of a calendar of the contract's.
    pub calendar: String,
    pub then: OnClosed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Days,
    Weeks,
    Months,
}

impl Unit {
    pub const ALL: [Unit; 3] = [Unit::Days, Unit::Weeks, Unit::Months];

    pub fn key(self) -> &'static str {
        match self {
            Unit::Days => "days",
            Unit::Weeks => "weeks",
            Unit::Months => "months",
        }
    }

    pub fn from_key(key: &str) -> Option<Unit> {
        Unit::ALL.into_iter().find(|u| u.key() == key)
    }
}

/// What becomes of a date that falls on a closed day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnClosed {
    /// It is left out.
    Skip,
    /// It is put off to the next open day, at the same hour.
    Next,
}

impl OnClosed {
    pub const ALL: [OnClosed; 2] = [OnClosed::Skip, OnClosed::Next];

    pub fn key(self) -> &'static str {
        match self {
            OnClosed::Skip => "skip",
            OnClosed::Next => "next",
        }
    }

    pub fn from_key(key: &str) -> Option<OnClosed> {
        OnClosed::ALL.into_iter().find(|o| o.key() == key)
    }
}

/// One date of a rhythm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    pub at: Timestamp,
    /// The day it falls on before it is put off.
    pub nominal: Date,
}

/// A rhythm under the terms of a contract.
pub struct Dates<'a> {
    rhythm: &'a Rhythm,
    zone: TimeZone,
    /// `None` when every day counts, and when the contract no longer has the calendar: what is planned goes
    /// on rather than stop in silence.
    closed: Option<(&'a Rule<Calendar>, ServiceClock, OnClosed)>,
}

impl<'a> Dates<'a> {
    /// `around` is where the calendar is compiled first; it changes no answer.
    pub fn new(terms: &'a Terms, rhythm: &'a Rhythm, around: Timestamp) -> Result<Dates<'a>, CalendarError> {
        let rule =
            |label: &str| terms.calendars.iter().find(|r| r.label() == label && r.exception_to.is_none());
        let closed = match &rhythm.closed {
            None => None,
            Some(days) => match rule(&days.calendar) {
                None => None,
                Some(rule) => Some((rule, ServiceClock::new(&rule.then, around)?, days.then)),
            },
        };
        Ok(Dates { rhythm, zone: zone(&terms.zone)?, closed })
    }

    /// The first date after an instant; `None` when no more comes.
    pub fn after(&self, instant: Timestamp) -> Option<Because<Occurrence>> {
        let day = instant.to_zoned(self.zone.clone()).date();
        (self.index_before(day)..).take(usize::try_from(TRIES).unwrap_or(usize::MAX)).find_map(
            |n| match self.nominal(n) {
                Some(nominal) => self.occurrence(nominal).filter(|o| o.value.at > instant).map(Some),
                None => Some(None),
            },
        )?
    }

    /// The dates after an instant, at most so many.
    pub fn following(&self, instant: Timestamp, most: usize) -> Vec<Because<Occurrence>> {
        let next = |last: &Because<Occurrence>| self.after(last.value.at);
        std::iter::successors(self.after(instant), next).take(most).collect()
    }

    /// The n-th date before it is put off; `None` past the last day.
    fn nominal(&self, n: i64) -> Option<Date> {
        let count = n.checked_mul(i64::from(self.rhythm.every))?;
        let span = match self.rhythm.unit {
            Unit::Days => Span::new().try_days(count),
            Unit::Weeks => Span::new().try_weeks(count),
            Unit::Months => Span::new().try_months(count),
        };
        let date = self.rhythm.first.checked_add(span.ok()?).ok()?;
        self.rhythm.until.is_none_or(|until| date <= until).then_some(date)
    }

    /// A number of a date that is surely before a day, those put off included.
    fn index_before(&self, day: Date) -> i64 {
        let days = i64::from(self.rhythm.first.until(day).map_or(0, |span| span.get_days())) - PUT_OFF - 1;
        let longest = match self.rhythm.unit {
            Unit::Days => 1,
            Unit::Weeks => 7,
            Unit::Months => 31,
        };
        (days / (longest * i64::from(self.rhythm.every.max(1)))).max(0)
    }

    fn occurrence(&self, nominal: Date) -> Option<Because<Occurrence>> {
        let at =
            |day: Date| Some(day.to_datetime(self.rhythm.at).to_zoned(self.zone.clone()).ok()?.timestamp());
        let Some((rule, clock, then)) = &self.closed else {
            return Some(Because::new(Occurrence { at: at(nominal)?, nominal }, Vec::new()));
        };
        if self.is_open(clock, nominal)? {
            return Some(Because::new(Occurrence { at: at(nominal)?, nominal }, Vec::new()));
        }
        if *then == OnClosed::Skip {
            return None;
        }
        let mut day = nominal;
        for _ in 0..PUT_OFF {
            day = day.tomorrow().ok()?;
            if self.is_open(clock, day)? {
                let reason = cite("recurrence.put_off", rule, |l| match l {
                    Lang::Fr => format!(
                        "le {} est un jour fermé du calendrier : reporté au {}",
                        lang::date(l, nominal),
                        lang::date(l, day)
                    ),
                    Lang::En => format!(
                        "{} is a closed day of the calendar: put off to {}",
                        lang::date(l, nominal),
                        lang::date(l, day)
                    ),
                });
                return Some(Because::new(Occurrence { at: at(day)?, nominal }, vec![reason]));
            }
        }
        None
    }

    /// Whether a local day has an opening.
    fn is_open(&self, clock: &ServiceClock, day: Date) -> Option<bool> {
        let midnight = |d: Date| Some(d.to_zoned(self.zone.clone()).ok()?.timestamp());
        let (from, to) = (midnight(day)?, midnight(day.checked_add(1.day()).ok()?)?);
        Some(clock.intervals(from, to).next().is_some())
    }
}
