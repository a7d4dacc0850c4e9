//! Clock cases as JSON: a calendar, a start, pauses, a target; so that anyone can feed the engine.
//!
//! Reads the format of the oracle (`"cases"` and `"business_day_cases"`). Keys that it does not know
//! are left alone; a value that it cannot read is an error naming the case and the field.

pub(crate) mod read;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use terms::Calendar;

use self::read::Place;
use super::{CalendarError, Pauses, ServiceClock};

/// Why a file of cases could not be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError {
    #[error("not JSON: {0}")]
    Json(String),
    #[error("no cases: expected an object with \"cases\" or \"business_day_cases\"")]
    NoCases,
    #[error("case {case}, field {field}: {message}")]
    Field { case: String, field: String, message: String },
}

/// One question to a clock.
#[derive(Clone, Debug)]
pub struct ClockCase {
    pub id: String,
    pub calendar: Calendar,
    pub start: Timestamp,
    pub pauses: Pauses,
    pub target: Target,
    /// The instants at which the elapsed time is asked for.
    pub instants: Vec<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Seconds(i64),
    WorkingDays(u32),
}

/// The engine's answer to a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClockAnswer {
    pub id: String,
    /// `None`: never reached within ten years of the start.
    pub due: Option<Timestamp>,
    pub elapsed: Vec<ElapsedAt>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ElapsedAt {
    pub instant: Timestamp,
    pub elapsed_seconds: i64,
}

/// All cases of a file, `cases` first.
pub fn cases(json: &str) -> Result<Vec<ClockCase>, ExchangeError> {
    let file: Value = serde_json::from_str(json.trim_start_matches('\u{feff}'))
        .map_err(|e| ExchangeError::Json(e.to_string()))?;
    let clocks = file.get("cases");
    let days = file.get("business_day_cases");
    if clocks.is_none() && days.is_none() {
        return Err(ExchangeError::NoCases);
    }
    let mut out = Vec::new();
    for (list, name) in [(clocks, "cases"), (days, "business_day_cases")] {
        let Some(list) = list else { continue };
        let file = Place::file();
        for (place, case) in file.key(name).list(list)? {
            out.push(read::case(&place, case)?);
        }
    }
    Ok(out)
}

/// A calendar written as the cases write it.
pub fn calendar(json: &Value) -> Result<Calendar, ExchangeError> {
    read::calendar(&Place::file().key("calendar"), json)
}

impl ClockCase {
    pub fn answer(&self) -> Result<ClockAnswer, ExchangeError> {
        let clock = ServiceClock::new(&self.calendar, self.start).map_err(|e| self.unreadable(&e))?;
        let due = match self.target {
            Target::Seconds(seconds) => clock.due(self.start, seconds, &self.pauses),
            Target::WorkingDays(days) => clock.due_working_days(self.start, days, &self.pauses),
        };
        let elapsed = self.instants.iter().map(|&instant| ElapsedAt {
            instant,
            elapsed_seconds: clock.elapsed(self.start, instant, &self.pauses),
        });
        Ok(ClockAnswer { id: self.id.clone(), due, elapsed: elapsed.collect() })
    }

    fn unreadable(&self, error: &CalendarError) -> ExchangeError {
        let field = match error {
            CalendarError::UnknownZone { .. } => "calendar.tz",
            CalendarError::NothingToCompose => "calendar.of",
            CalendarError::OutOfRange { .. } => "calendar.of.from_local",
        };
        ExchangeError::Field { case: self.id.clone(), field: field.to_owned(), message: error.to_string() }
    }
}
