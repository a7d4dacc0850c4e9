//! Hours of the week: reading `{ mon-fri = ["09:00-12:30"] }`, and saying it in words.

use std::collections::BTreeMap;

use base::{Lang, lang};
use jiff::civil::{Date, Weekday};
use terms::Opening;

use crate::clauses::read::list;
use crate::source::Value;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The days of a key: `mon`, `mon-fri`, `sat-sun`; `None` when it is not one.
pub(crate) fn day_range(key: &str) -> Option<std::ops::RangeInclusive<usize>> {
    let index = |k: &str| DAYS.iter().position(|d| *d == k.trim());
    let (first, last) = match key.split_once('-') {
        Some((first, last)) => (index(first)?, index(last)?),
        None => (index(key)?, index(key)?),
    };
    (first <= last).then_some(first..=last)
}

/// Openings in order; those that cannot be read were reported when the field was checked.
pub(crate) fn openings(value: &Value) -> Vec<Opening> {
    let mut all: Vec<Opening> = value
        .as_array()
        .unwrap_or_default()
        .iter()
        .filter_map(|v| Opening::parse_span(v.as_text()?))
        .collect();
    all.sort_unstable();
    all
}

pub(super) fn week(value: &Value) -> [Vec<Opening>; 7] {
    let mut week: [Vec<Opening>; 7] = Default::default();
    for entry in value.as_table().unwrap_or_default() {
        for day in day_range(&entry.key).into_iter().flatten() {
            week[day].extend(openings(&entry.value));
            week[day].sort_unstable();
        }
    }
    week
}

/// The same, from the value of a field.
pub(crate) fn week_days(lang: Lang, value: &Value) -> Vec<String> {
    days(lang, &week(value))
}

pub(super) fn dated(value: &Value) -> BTreeMap<Date, Vec<Opening>> {
    value
        .as_table()
        .unwrap_or_default()
        .iter()
        .filter_map(|e| Some((e.key.parse().ok()?, openings(&e.value))))
        .collect()
}

/// « du lundi au vendredi, 09:00–12:30, 14:00–18:00 », runs of equal days together; closed days left out.
pub(crate) fn days(lang: Lang, week: &[Vec<Opening>; 7]) -> Vec<String> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for day in 0..7 {
        match runs.last_mut() {
            Some((first, last)) if week[*first] == week[day] => *last = day,
            _ => runs.push((day, day)),
        }
    }
    let name = |day: usize| {
        let offset = i8::try_from(day).unwrap_or(0);
        Weekday::from_monday_zero_offset(offset).map_or("", |w| lang::weekday_name(lang, w))
    };
    let open: Vec<String> = runs
        .into_iter()
        .filter(|(first, _)| !week[*first].is_empty())
        .map(|(first, last)| {
            let hours = hours(lang, &week[first]);
            let days = if first == last {
                format!("{} {}", lang.t("le", "on"), name(first))
            } else {
                lang.t(
                    format!("du {} au {}", name(first), name(last)),
                    format!("{} to {}", name(first), name(last)),
                )
            };
            format!("{days}, {hours}")
        })
        .collect();
    if open.is_empty() { vec![lang.t("jamais", "never").to_owned()] } else { open }
}

/// « de 9 h à 12 h 30 et de 14 h à 18 h », “09:00–12:30 and 14:00–18:00”.
pub(super) fn hours(lang: Lang, openings: &[Opening]) -> String {
    let one = |o: &Opening| lang.t(format!("de {} à {}", wall(o.open), wall(o.close)), o.to_string());
    let all: Vec<String> = openings.iter().map(one).collect();
    list(lang, &all.iter().map(String::as_str).collect::<Vec<_>>())
}

/// « 9 h », « 12 h 30 », as French texts write a time of the day.
fn wall(second: u32) -> String {
    let (hour, minute, second) = (second / 3600, second % 3600 / 60, second % 60);
    match (minute, second) {
        (0, 0) => format!("{hour}\u{a0}h"),
        (_, 0) => format!("{hour}\u{a0}h\u{a0}{minute:02}"),
        _ => format!("{hour}\u{a0}h\u{a0}{minute:02}\u{a0}min\u{a0}{second:02}\u{a0}s"),
    }
}
