//! Reading cases by hand, so that an error names the case and the field rather than a byte.

use std::collections::{BTreeMap, BTreeSet};

use base::fraction::{Fraction, parse_decimal};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde_json::{Map, Value};
use terms::calendar::{CalendarVersion, WeeklyCalendar};
use terms::{Calendar, Opening};

use super::{ClockCase, ExchangeError, Target};
use crate::calendar::{Pauses, zone};

pub(crate) type Read<T> = Result<T, ExchangeError>;

/// Where in the file a value stands.
#[derive(Clone)]
pub(crate) struct Place {
    case: String,
    path: String,
}

impl Place {
    pub(crate) fn file() -> Place {
        Place { case: "(file)".to_owned(), path: String::new() }
    }

    pub(crate) fn key(&self, key: &str) -> Place {
        let dot = if self.path.is_empty() { "" } else { "." };
        Place { case: self.case.clone(), path: format!("{}{dot}{key}", self.path) }
    }

    pub(crate) fn wrong<T>(&self, message: impl Into<String>) -> Read<T> {
        let (case, field) = (self.case.clone(), self.path.clone());
        Err(ExchangeError::Field { case, field, message: message.into() })
    }

    pub(crate) fn list<'v>(&self, value: &'v Value) -> Read<Vec<(Place, &'v Value)>> {
        let Some(values) = value.as_array() else {
            return self.wrong(format!("expected a list, found {}", kind(value)));
        };
        let at = |i| Place { case: self.case.clone(), path: format!("{}[{i}]", self.path) };
        Ok(values.iter().enumerate().map(|(i, v)| (at(i), v)).collect())
    }

    pub(crate) fn object<'v>(&self, value: &'v Value) -> Read<&'v Map<String, Value>> {
        match value.as_object() {
            Some(object) => Ok(object),
            None => self.wrong(format!("expected an object, found {}", kind(value))),
        }
    }

    pub(crate) fn text<'v>(&self, value: &'v Value) -> Read<&'v str> {
        match value.as_str() {
            Some(text) => Ok(text),
            None => self.wrong(format!("expected a text, found {}", kind(value))),
        }
    }

    pub(crate) fn needed<'v>(&self, object: &'v Map<String, Value>, key: &str) -> Read<(Place, &'v Value)> {
        match object.get(key) {
            Some(value) => Ok((self.key(key), value)),
            None => self.key(key).wrong("missing"),
        }
    }

    /// A key that may be absent or null.
    pub(crate) fn optional<'v>(
        &self,
        object: &'v Map<String, Value>,
        key: &str,
    ) -> Option<(Place, &'v Value)> {
        object.get(key).filter(|v| !v.is_null()).map(|v| (self.key(key), v))
    }

    fn parse<T: std::str::FromStr>(&self, value: &Value, shape: &str) -> Read<T> {
        let text = self.text(value)?;
        match text.parse() {
            Ok(parsed) => Ok(parsed),
            Err(_) => self.wrong(format!("{text:?} is not {shape}")),
        }
    }
}

/// The place of a case, from now on known by its id.
pub(crate) fn case_place(place: &Place, value: &Value) -> Read<(String, Place)> {
    place.object(value)?;
    let id = match value.get("id") {
        Some(Value::String(id)) => id.clone(),
        Some(other) => return place.key("id").wrong(format!("expected a text, found {}", kind(other))),
        None => return place.key("id").wrong("missing"),
    };
    let place = Place { case: id.clone(), path: String::new() };
    Ok((id, place))
}

pub(super) fn case(place: &Place, value: &Value) -> Read<ClockCase> {
    let (id, place) = case_place(place, value)?;
    let object = place.object(value)?;
    let (at, json) = place.needed(object, "calendar")?;
    let calendar = calendar(&at, json)?;
    let (at, json) = place.needed(object, "start")?;
    let start = instant(&at, json)?;
    Ok(ClockCase {
        calendar,
        start,
        pauses: pauses(&place, object)?,
        target: target(&place, object)?,
        instants: instants(&place, object)?,
        id,
    })
}

pub(crate) fn calendar(place: &Place, value: &Value) -> Read<Calendar> {
    let object = place.object(value)?;
    let Some((at, op)) = place.optional(object, "op") else {
        return weekly(place, object).map(|weekly| Calendar::Weekly(Box::new(weekly)));
    };
    let (of, json) = place.needed(object, "of")?;
    match at.text(op)? {
        "intersection" => parts(&of, json).map(Calendar::Intersection),
        "union" => parts(&of, json).map(Calendar::Union),
        "versions" => versions(&of, json).map(Calendar::Versions),
        "complement" => match json {
            Value::Array(one) if one.len() == 1 => calendar(&of, &one[0]),
            Value::Object(_) => calendar(&of, json),
            _ => of.wrong("a complement is of one calendar"),
        }
        .map(|of| Calendar::Complement(Box::new(of))),
        other => at.wrong(format!("{other:?} is not one of intersection, union, complement, versions")),
    }
}

fn parts(place: &Place, value: &Value) -> Read<Vec<Calendar>> {
    let parts = place.list(value)?;
    if parts.is_empty() {
        return place.wrong("needs at least one calendar");
    }
    parts.iter().map(|(at, part)| calendar(at, part)).collect()
}

fn versions(place: &Place, value: &Value) -> Read<Vec<CalendarVersion>> {
    let versions = place.list(value)?;
    if versions.is_empty() {
        return place.wrong("needs at least one version");
    }
    let version = |(at, json): &(Place, &Value)| {
        let object = at.object(json)?;
        let from_local = match at.optional(object, "from_local") {
            Some((at, json)) => Some(local(&at, json)?),
            None => None,
        };
        let (at, json) = at.needed(object, "calendar")?;
        Ok(CalendarVersion { from_local, calendar: calendar(&at, json)? })
    };
    versions.iter().map(version).collect()
}

/// A date, or a date and time, without an offset: jiff's parser would take one and leave it aside.
fn local(place: &Place, value: &Value) -> Read<DateTime> {
    const SHAPE: &str = "a local date and time such as 2026-06-15T00:00:00";
    let text = place.text(value)?;
    let time = text.get(10..).unwrap_or("");
    if time.contains(['+', '-', '[', 'Z', 'z']) {
        return place.wrong(format!("{text:?} is not {SHAPE}"));
    }
    place.parse::<DateTime>(value, SHAPE)
}

/// A date alone: jiff's parser would take a time too and leave it aside.
fn date(place: &Place, value: &Value) -> Read<Date> {
    match place.text(value)? {
        text if text.len() != DATE_LENGTH => place.wrong(format!("{text:?} is not {DATE}")),
        _ => place.parse::<Date>(value, DATE),
    }
}

const DATE_LENGTH: usize = "2026-05-01".len();

fn weekly(place: &Place, object: &Map<String, Value>) -> Read<WeeklyCalendar> {
    let (at, json) = place.needed(object, "tz")?;
    let name = at.text(json)?;
    if let Err(error) = zone(name) {
        return at.wrong(error.to_string());
    }
    let mut weekly = WeeklyCalendar { zone: name.to_owned(), ..WeeklyCalendar::default() };
    if let Some((at, json)) = place.optional(object, "week") {
        weekly.week = week(&at, json)?;
    }
    if let Some((at, json)) = place.optional(object, "holidays") {
        weekly.holidays = dates(&at, json)?;
    }
    if let Some((at, json)) = place.optional(object, "closed_days") {
        weekly.closed = dates(&at, json)?;
    }
    if let Some((at, json)) = place.optional(object, "holiday_hours") {
        weekly.holiday_hours = openings(&at, json)?;
    }
    if let Some((at, json)) = place.optional(object, "exceptions") {
        weekly.exceptions = at
            .object(json)?
            .iter()
            .map(|(key, json)| {
                let at = at.key(key);
                let day = date(&at, &Value::String(key.clone()))?;
                Ok((day, openings(&at, json)?))
            })
            .collect::<Read<BTreeMap<_, _>>>()?;
    }
    Ok(weekly)
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DATE: &str = "a date such as 2026-05-01";

fn week(place: &Place, value: &Value) -> Read<[Vec<Opening>; 7]> {
    let mut week: [Vec<Opening>; 7] = Default::default();
    for (key, json) in place.object(value)? {
        let at = place.key(key);
        match DAYS.iter().position(|day| day == key) {
            Some(day) => week[day] = openings(&at, json)?,
            None => return at.wrong(format!("not a day; the days are {}", DAYS.join(", "))),
        }
    }
    Ok(week)
}

fn dates(place: &Place, value: &Value) -> Read<BTreeSet<Date>> {
    place.list(value)?.iter().map(|(at, json)| date(at, json)).collect()
}

fn openings(place: &Place, value: &Value) -> Read<Vec<Opening>> {
    if value.is_null() {
        return Ok(Vec::new());
    }
    let opening = |(at, json): &(Place, &Value)| {
        let pair = at.list(json)?;
        let [(open_at, open), (close_at, close)] = &pair[..] else {
            return at.wrong("an opening is a pair such as [\"09:00\", \"12:30\"]");
        };
        let (open, close) = (open_at.text(open)?, close_at.text(close)?);
        match Opening::parse(open, close) {
            Some(opening) => Ok(opening),
            None => at.wrong(format!(
                "[{open:?}, {close:?}] is not an opening: two times HH:MM of one day, the second later, \
                 at most 24:00"
            )),
        }
    };
    place.list(value)?.iter().map(opening).collect()
}

pub(crate) fn instant(place: &Place, value: &Value) -> Read<Timestamp> {
    place.parse(value, "an instant such as 2026-03-02T08:00:00Z")
}

fn pauses(place: &Place, object: &Map<String, Value>) -> Read<Pauses> {
    let Some((place, json)) = place.optional(object, "pauses") else {
        return Ok(Pauses::NONE);
    };
    let mut spans = Vec::new();
    for (at, json) in place.list(json)? {
        let object = at.object(json)?;
        let (from_at, from) = at.needed(object, "from")?;
        let from = instant(&from_at, from)?;
        let to = match at.optional(object, "to") {
            Some((to_at, json)) => match instant(&to_at, json)? {
                to if to < from => return to_at.wrong("the pause ends before it begins"),
                to => Some(to),
            },
            None => None,
        };
        spans.push((from, to));
    }
    Ok(Pauses::new(spans))
}

fn target(place: &Place, object: &Map<String, Value>) -> Read<Target> {
    if let Some((at, json)) = place.optional(object, "target_business_days") {
        return match json.as_u64().and_then(|days| u32::try_from(days).ok()) {
            Some(days) => Ok(Target::WorkingDays(days)),
            None => at.wrong(format!("{json} is not a whole number of days")),
        };
    }
    let (at, json, unit) = match place.optional(object, "target_seconds") {
        Some((at, json)) => (at, json, 1),
        None => {
            let (at, json) = place.needed(object, "target_minutes")?;
            (at, json, 60)
        }
    };
    let exact = json.as_number().and_then(|n| parse_decimal(&n.to_string()));
    let seconds =
        exact.map(|n| n * Fraction::from_integer(unit)).filter(|s| s.is_integer() && *s >= 0.into());
    match seconds.and_then(|s| i64::try_from(s.to_integer()).ok()) {
        Some(seconds) => Ok(Target::Seconds(seconds)),
        None => at.wrong(format!("{json} is not a number of whole seconds, zero or more")),
    }
}

fn instants(place: &Place, object: &Map<String, Value>) -> Read<Vec<Timestamp>> {
    let Some((place, json)) = place.optional(object, "expected_elapsed") else {
        return Ok(Vec::new());
    };
    let instant_of = |(at, json): &(Place, &Value)| {
        let (at, json) = at.needed(at.object(json)?, "instant")?;
        instant(&at, json)
    };
    place.list(json)?.iter().map(instant_of).collect()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
