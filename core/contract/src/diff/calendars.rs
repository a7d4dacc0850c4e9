//! Service hours compared: the days of the week, the holidays, the closures, the exceptions.

use std::collections::BTreeMap;

use base::{Bilingual, Lang, Provenance, lang};
use jiff::civil::{Date, Weekday};
use serde::Serialize;
use terms::{Calendar, Opening, Rule, Terms, WeeklyCalendar, WeighedWhen};

use super::words::both;

/// A calendar of which the hours differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CalendarChange {
    pub label: String,
    pub before: Provenance,
    pub after: Provenance,
    /// One sentence for each difference: hours of days of the week, holidays, closures, zone.
    pub details: Vec<Bilingual>,
    /// The labels of the commitments counted on it.
    pub counted_on: Vec<String>,
}

/// Calendars of both sides that say the same under another label: the newer label, then the older.
pub(super) fn renamed(a: &Terms, b: &Terms) -> BTreeMap<String, String> {
    let there = |terms: &Terms, label: &str| terms.calendars.iter().any(|r| r.label() == label);
    let mut out = BTreeMap::new();
    for new in b.calendars.iter().filter(|r| !there(a, r.label())) {
        let old = a.calendars.iter().find(|old| {
            !there(b, old.label())
                && (&old.then, &old.when, &old.exception_to) == (&new.then, &new.when, &new.exception_to)
                && !out.values().any(|taken| taken == old.label())
        });
        if let Some(old) = old {
            out.insert(new.label().to_owned(), old.label().to_owned());
        }
    }
    out
}

/// The newer terms with the older labels of calendars that only changed their name.
pub(super) fn relabelled(terms: &Terms, same: &BTreeMap<String, String>) -> Terms {
    let mut terms = terms.clone();
    if same.is_empty() {
        return terms;
    }
    let put = |label: &mut String| {
        if let Some(old) = same.get(label) {
            label.clone_from(old);
        }
    };
    for rule in &mut terms.calendars {
        put(&mut rule.from.label);
        rule.exception_to.as_mut().map(put);
    }
    for rule in &mut terms.commitments {
        put(&mut rule.then.calendar);
    }
    for rule in &mut terms.meters {
        rule.then.hours.as_mut().map(put);
        for weight in &mut rule.then.weights {
            if let WeighedWhen::Within(label) | WeighedWhen::Outside(label) | WeighedWhen::HolidaysOf(label) =
                &mut weight.when
            {
                put(label);
            }
        }
    }
    terms
}

/// The weekly calendars of the same label whose hours differ.
pub(super) fn compare(a: &Terms, b: &Terms) -> Vec<CalendarChange> {
    let mut out = Vec::new();
    for (at, old) in a.calendars.iter().enumerate() {
        // A label given twice is an error of its own: the first stands for both.
        if a.calendars[..at].iter().any(|r| r.label() == old.label()) {
            continue;
        }
        let Some(new) = b.calendars.iter().find(|r| r.label() == old.label()) else { continue };
        let Some(details) = told(old, new) else { continue };
        let mut counted_on: Vec<String> = a
            .commitments
            .iter()
            .chain(&b.commitments)
            .filter(|r| r.then.calendar == old.label() || old.exception_to.as_ref() == Some(&r.then.calendar))
            .map(|r| r.label().to_owned())
            .collect();
        counted_on.sort();
        counted_on.dedup();
        out.push(CalendarChange {
            label: old.label().to_owned(),
            before: old.from.clone(),
            after: new.from.clone(),
            details,
            counted_on,
        });
    }
    out
}

/// The differences between two calendars of one label; `None` when there are none, or when they are
/// composed otherwise than by the week, which their sentences tell better.
pub(super) fn told(old: &Rule<Calendar>, new: &Rule<Calendar>) -> Option<Vec<Bilingual>> {
    let (Calendar::Weekly(x), Calendar::Weekly(y)) = (&old.then, &new.then) else { return None };
    let details = weekly(x, y);
    (!details.is_empty()).then_some(details)
}

fn weekly(a: &WeeklyCalendar, b: &WeeklyCalendar) -> Vec<Bilingual> {
    let mut out = Vec::new();
    if a.zone != b.zone {
        out.push(both(|lang| {
            lang.t(format!("fuseau\u{a0}: {} → {}", a.zone, b.zone), format!("zone: {} → {}", a.zone, b.zone))
        }));
    }
    // Days that change in the same way are told together.
    let mut days: Vec<(Vec<usize>, &[Opening], &[Opening])> = Vec::new();
    for day in 0..7 {
        let (was, is) = (&a.week[day][..], &b.week[day][..]);
        match days.last_mut() {
            _ if was == is => {}
            Some((group, x, y)) if *x == was && *y == is && group.last() == Some(&(day.wrapping_sub(1))) => {
                group.push(day);
            }
            _ => days.push((vec![day], was, is)),
        }
    }
    for (group, was, is) in days {
        out.push(both(|lang| change(lang, &week_days(lang, &group), was, is)));
    }
    let holidays = |lang: Lang| lang.t("jours fériés", "holidays");
    let closed = |lang: Lang| lang.t("jours fermés", "closed days");
    for (name, x, y) in
        [(holidays as fn(Lang) -> &'static str, &a.holidays, &b.holidays), (closed, &a.closed, &b.closed)]
    {
        let added: Vec<Date> = y.difference(x).copied().collect();
        let removed: Vec<Date> = x.difference(y).copied().collect();
        if !added.is_empty() {
            out.push(both(|lang| {
                lang.t(
                    format!("{} ajoutés\u{a0}: {}", name(lang), dates(lang, &added)),
                    format!("{} added: {}", name(lang), dates(lang, &added)),
                )
            }));
        }
        if !removed.is_empty() {
            out.push(both(|lang| {
                lang.t(
                    format!("{} retirés\u{a0}: {}", name(lang), dates(lang, &removed)),
                    format!("{} removed: {}", name(lang), dates(lang, &removed)),
                )
            }));
        }
    }
    if a.holiday_hours != b.holiday_hours {
        out.push(both(|lang| {
            change(lang, lang.t("les jours fériés", "on holidays"), &a.holiday_hours, &b.holiday_hours)
        }));
    }
    let all = a.exceptions.keys().chain(b.exceptions.keys());
    for date in all.collect::<std::collections::BTreeSet<_>>() {
        // Without an exception, the day is what the rest of the calendar makes of it.
        let (was, is) = (a.openings(*date), b.openings(*date));
        if a.exceptions.get(date) != b.exceptions.get(date) && was != is {
            out.push(both(|lang| {
                let day = lang::date(lang, *date);
                change(lang, &lang.t(format!("le {day}"), format!("on {day}")), was, is)
            }));
        }
    }
    out
}

fn change(lang: Lang, day: &str, was: &[Opening], is: &[Opening]) -> String {
    let hours = |openings: &[Opening]| match openings {
        [] => lang.t("fermé", "closed").to_owned(),
        all => all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    };
    format!("{day}{} {} → {}", lang.t("\u{a0}:", ":"), hours(was), hours(is))
}

/// « du lundi au vendredi », « samedi ».
fn week_days(lang: Lang, group: &[usize]) -> String {
    const WEEK: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];
    let name = |at: &usize| lang::weekday_name(lang, WEEK[*at]);
    match group {
        [one] => lang.t(format!("le {}", name(one)), format!("on {}", name(one))),
        [first, .., last] => lang
            .t(format!("du {} au {}", name(first), name(last)), format!("{} to {}", name(first), name(last))),
        [] => String::new(),
    }
}

fn dates(lang: Lang, dates: &[Date]) -> String {
    dates.iter().map(|d| lang::date(lang, *d)).collect::<Vec<_>>().join(", ")
}
