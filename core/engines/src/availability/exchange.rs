//! Availability cases as JSON: a calendar, a period, maintenance, weighted outages, a target.
//!
//! Reads the format of the oracle, told by its `schema`. As for clocks, keys that it does not know are
//! left alone, and a value that it cannot read is an error naming the case and the field.

use base::fraction::{Fraction, Rounding, parse_decimal};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use terms::Calendar;

use super::count::micros;
use super::{Loss, count, reached};
use crate::calendar::ServiceClock;
use crate::calendar::exchange::ExchangeError;
use crate::calendar::exchange::read::{self, Place, Read};

/// One question: how much was agreed and lost over a period, and was it enough?
#[derive(Clone, Debug)]
pub struct AvailabilityCase {
    pub id: String,
    pub calendar: Calendar,
    pub from: Timestamp,
    pub until: Timestamp,
    /// Windows that leave agreed time.
    pub maintenance: Vec<(Timestamp, Timestamp)>,
    pub losses: Vec<Loss>,
    /// Counted in seconds of each user, when given.
    pub users: Option<u32>,
    pub target: Fraction,
    /// The values the file expects: the key and the value as written.
    expected: Vec<(&'static str, Value)>,
}

/// The answer to a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AvailabilityAnswer {
    pub id: String,
    /// Whole seconds as a number; otherwise a decimal text, six digits after the point.
    pub agreed_seconds: Value,
    pub downtime_seconds: Value,
    /// Rounded half up for display, after the comparison; null when nothing was agreed.
    pub percent_6dp: Option<String>,
    /// Compared before rounding; null when nothing was agreed.
    pub met: Option<bool>,
    /// What the file expects otherwise; absent when all agree.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differs: Vec<String>,
}

/// Whether a file says that it holds availability cases.
pub fn is_availability(json: &str) -> bool {
    serde_json::from_str::<Value>(json.trim_start_matches('\u{feff}')).is_ok_and(|file| {
        file.get("schema").and_then(Value::as_str).is_some_and(|schema| schema.contains("availability"))
    })
}

/// All cases of a file, in order.
pub fn cases(json: &str) -> Result<Vec<AvailabilityCase>, ExchangeError> {
    let file: Value = serde_json::from_str(json.trim_start_matches('\u{feff}'))
        .map_err(|e| ExchangeError::Json(e.to_string()))?;
    let list = file.get("cases").ok_or(ExchangeError::NoCases)?;
    Place::file().key("cases").list(list)?.into_iter().map(|(place, value)| case(&place, value)).collect()
}

const EXPECTED: [&str; 4] =
    ["expected_agreed_seconds", "expected_downtime_seconds", "expected_percent_6dp", "expected_met"];

fn case(place: &Place, value: &Value) -> Read<AvailabilityCase> {
    let (id, place) = read::case_place(place, value)?;
    let object = place.object(value)?;
    let (at, json) = place.needed(object, "calendar")?;
    let calendar = read::calendar(&at, json)?;
    let (at, json) = place.needed(object, "period")?;
    let (from, until) = span(&at, json)?;
    let users = match place.optional(object, "users_total") {
        Some((at, json)) => Some(whole(&at, json, 1)?),
        None => None,
    };
    let (at, json) = place.needed(object, "target_percent")?;
    let target = number(&at, json)? / Fraction::from_integer(100);
    Ok(AvailabilityCase {
        calendar,
        from,
        until,
        maintenance: match place.optional(object, "maintenance") {
            Some((at, json)) => {
                at.list(json)?.iter().map(|(at, json)| span(at, json)).collect::<Read<_>>()?
            }
            None => Vec::new(),
        },
        losses: match place.optional(object, "outages") {
            Some((at, json)) => {
                at.list(json)?.iter().map(|(at, json)| loss(at, json, users, until)).collect::<Read<_>>()?
            }
            None => Vec::new(),
        },
        users,
        target,
        expected: EXPECTED.into_iter().filter_map(|key| Some((key, object.get(key)?.clone()))).collect(),
        id,
    })
}

fn span(place: &Place, value: &Value) -> Read<(Timestamp, Timestamp)> {
    let pair = place.list(value)?;
    let [(from_at, from), (until_at, until)] = &pair[..] else {
        return place.wrong("expected a pair of instants, [from, to]");
    };
    let (from, until) = (read::instant(from_at, from)?, read::instant(until_at, until)?);
    if until < from {
        return until_at.wrong("it ends before it begins");
    }
    Ok((from, until))
}

/// An outage without an end goes on to the end of the period.
fn loss(place: &Place, value: &Value, users: Option<u32>, end: Timestamp) -> Read<Loss> {
    let object: &Map<String, Value> = place.object(value)?;
    let (at, json) = place.needed(object, "from")?;
    let from = read::instant(&at, json)?;
    let until = match place.optional(object, "to") {
        Some((at, json)) => match read::instant(&at, json)? {
            until if until < from => return at.wrong("the outage ends before it begins"),
            until => until,
        },
        None => end.max(from),
    };
    let mut weight = Fraction::from_integer(1);
    if let Some((at, json)) = place.optional(object, "weight") {
        weight = number(&at, json)?;
        let (zero, one) = (Fraction::from_integer(0), Fraction::from_integer(1));
        if weight < zero || weight > one || *weight.denom() > 1_000_000 {
            return at.wrong(format!("{json} is not a weight from 0 to 1, with six decimals at most"));
        }
    }
    if let (Some(all), Some((at, json))) = (users, place.optional(object, "users")) {
        let touched = whole(&at, json, 0)?.min(all);
        weight *= Fraction::new(i128::from(touched), i128::from(all));
    }
    Ok(Loss { from, until, weight })
}

fn whole(place: &Place, value: &Value, least: u32) -> Read<u32> {
    match value.as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| *n >= least) {
        Some(n) => Ok(n),
        None => place.wrong(format!("{value} is not a whole number, {least} or more")),
    }
}

/// A decimal, as a number or as a text.
fn number(place: &Place, value: &Value) -> Read<Fraction> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return place.wrong(format!("{value} is not a number")),
    };
    match parse_decimal(&text) {
        Some(number) => Ok(number),
        None => place.wrong(format!("{value} is not a decimal number such as 99.90")),
    }
}

impl AvailabilityCase {
    pub fn answer(&self) -> Result<AvailabilityAnswer, ExchangeError> {
        let clock = ServiceClock::new(&self.calendar, self.from).map_err(|error| ExchangeError::Field {
            case: self.id.clone(),
            field: "calendar".to_owned(),
            message: error.to_string(),
        })?;
        let open: Vec<_> = clock.intervals(self.from, self.until).map(|(a, b)| micros(a, b)).collect();
        let out: Vec<_> = self.maintenance.iter().map(|(from, until)| micros(*from, *until)).collect();
        let counted = count(&open, &out, &self.losses);
        let times = Fraction::from_integer(i128::from(self.users.unwrap_or(1)));
        let (agreed, lost) = (counted.agreed() * times, counted.lost() * times);
        let reached = reached(agreed, lost);
        let mut answer = AvailabilityAnswer {
            id: self.id.clone(),
            agreed_seconds: json_number(agreed),
            downtime_seconds: json_number(lost),
            percent_6dp: reached.map(|r| decimal(r * Fraction::from_integer(100))),
            met: reached.map(|r| r >= self.target),
            differs: Vec::new(),
        };
        answer.differs = self.differences(&answer);
        Ok(answer)
    }

    fn differences(&self, answer: &AvailabilityAnswer) -> Vec<String> {
        let found = |key: &str| match key {
            "expected_agreed_seconds" => answer.agreed_seconds.clone(),
            "expected_downtime_seconds" => answer.downtime_seconds.clone(),
            "expected_percent_6dp" => serde_json::json!(answer.percent_6dp),
            _ => serde_json::json!(answer.met),
        };
        self.expected
            .iter()
            .map(|(key, expected)| (key, expected, found(key)))
            .filter(|(_, expected, found)| !same(expected, found))
            .map(|(key, expected, found)| format!("{key}: {expected}, found {found}"))
            .collect()
    }
}

/// `3600`, `3600.0` and `"3600"` are one number.
fn same(a: &Value, b: &Value) -> bool {
    let exact = |v: &Value| match v {
        Value::String(text) => parse_decimal(text),
        Value::Number(number) => parse_decimal(&number.to_string()),
        _ => None,
    };
    a == b || exact(a).is_some_and(|x| exact(b) == Some(x))
}

fn json_number(value: Fraction) -> Value {
    match i64::try_from(value.to_integer()) {
        Ok(whole) if value.is_integer() => Value::from(whole),
        _ => Value::from(decimal(value)),
    }
}

/// Six digits after the point, half up.
fn decimal(value: Fraction) -> String {
    let scaled = Rounding::half_up(6).scaled(value);
    let sign = if scaled < 0 { "-" } else { "" };
    format!("{sign}{}.{:06}", scaled.abs() / 1_000_000, scaled.abs() % 1_000_000)
}
