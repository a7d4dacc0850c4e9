//! The calendars day by day, for each year of the contract: what a person checks before signing.

use base::Lang;
use base::lang;
use engines::calendar::ServiceClock;
use jiff::civil::{Date, Weekday};
use jiff::{Span, Timestamp, tz::TimeZone};
use terms::{Calendar, Opening, Rule, Terms, WeeklyCalendar};

use super::annexes::{Places, guard, heading, paragraph};
use crate::print::{Block, DayClass, Month};

/// No more years than this are drawn: a contract for ninety-nine years is signed on its rules.
const MOST_YEARS: usize = 10;

/// Every calendar in force; nothing when there is none.
pub(super) fn blocks(terms: &Terms, places: &Places<'_>, language: Lang) -> Vec<Block> {
    let years = years(terms);
    let mut out = Vec::new();
    for rule in &terms.calendars {
        let label = rule.label();
        let title =
            language.t(format!("Calendrier «\u{202f}{label}\u{202f}»"), format!("Calendar “{label}”"));
        out.push(heading(places.next_id(), &title));
        out.push(paragraph(places.cited(&described(rule, terms, language), &rule.from, language)));
        let drawn = years.iter().take(MOST_YEARS).filter_map(|year| self::year(&rule.then, *year, language));
        out.extend(drawn);
        if years.len() > MOST_YEARS {
            let rest = years.len() - MOST_YEARS;
            out.push(paragraph(vec![crate::print::Inline::text(language.t(
                format!("Les {rest} années suivantes suivent les mêmes horaires hebdomadaires."),
                format!("The {rest} years that follow keep the same weekly hours."),
            ))]));
        }
    }
    out
}

/// The contract years of the first period: first day, and first day of the next.
fn years(terms: &Terms) -> Vec<(Date, Date)> {
    let Some(term) = terms.term.as_ref().map(|t| &t.then) else { return Vec::new() };
    let Some(end) = term.end() else { return Vec::new() };
    let mut out: Vec<(Date, Date)> = Vec::new();
    let mut day = term.start;
    while day <= end && out.len() < 200 {
        let Some((_, next)) = term.contract_year(day).filter(|(_, next)| *next > day) else { break };
        out.push((day, next.min(end.tomorrow().unwrap_or(end))));
        day = next;
    }
    out
}

fn described(rule: &Rule<Calendar>, terms: &Terms, language: Lang) -> String {
    let mut parts = Vec::new();
    if let Some(excepted) = &rule.exception_to {
        parts.push(language.t(
            format!("par exception à «\u{202f}{excepted}\u{202f}»"),
            format!("as an exception to “{excepted}”"),
        ));
    }
    parts.extend(guard(&rule.when, terms, language));
    match &rule.then {
        Calendar::Weekly(weekly) => parts.push(week(weekly, language)),
        _ => parts.push(
            language.t("calendrier composé d’autres calendriers", "a calendar composed of others").to_owned(),
        ),
    }
    let zone = rule.then.zone().unwrap_or(&terms.zone);
    let sentence = format!("{} ({zone}).", parts.join(language.t("\u{202f}; ", "; ")));
    let mut chars = sentence.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// « du lundi au vendredi 09:00–12:30, 14:00–18:00 ».
fn week(weekly: &WeeklyCalendar, language: Lang) -> String {
    let days: Vec<Weekday> = Weekday::Monday.cycle_forward().take(7).collect();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for day in 0..7 {
        match runs.last_mut() {
            Some((first, last)) if weekly.week[*first] == weekly.week[day] => *last = day,
            _ => runs.push((day, day)),
        }
    }
    let open = runs.into_iter().filter(|(first, _)| !weekly.week[*first].is_empty());
    let parts: Vec<String> = open
        .map(|(first, last)| {
            let name = |i: usize| lang::weekday_name(language, days[i]);
            let span = match last - first {
                0 => name(first).to_owned(),
                1 => format!("{}{}{}", name(first), language.t(" et ", " and "), name(last)),
                _ => language.t(
                    format!("du {} au {}", name(first), name(last)),
                    format!("{} to {}", name(first), name(last)),
                ),
            };
            format!("{span} {}", hours(&weekly.week[first]))
        })
        .collect();
    if parts.is_empty() {
        return language.t("aucune heure ouverte dans la semaine", "no open hour in the week").to_owned();
    }
    parts.join(language.t("\u{202f}; ", "; "))
}

fn hours(openings: &[Opening]) -> String {
    openings.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The months of one contract year, the days that differ said in words.
fn year(calendar: &Calendar, (first, next): (Date, Date), language: Lang) -> Option<Block> {
    let days = classes(calendar, first, next)?;
    let mut months: Vec<Month> = Vec::new();
    let mut day = Date::new(first.year(), first.month(), 1).ok()?;
    while day < next {
        let count = day.days_in_month();
        let name = lang::month(language, day);
        let of = |n: i8| {
            let date = Date::new(day.year(), day.month(), n).ok()?;
            Some(date).filter(|d| *d >= first && *d < next).and_then(|d| days.iter().find(|(at, _)| *at == d))
        };
        let classes = (1..=count).map(|n| of(n).map_or(DayClass::Outside, |(_, class)| *class)).collect();
        months.push(Month {
            name,
            skip: day.weekday().to_monday_zero_offset().unsigned_abs(),
            days: classes,
        });
        day = day.checked_add(Span::new().months(1)).ok()?;
    }
    let last = next.yesterday().ok()?;
    let title = language.t(
        format!("Du {} au {}", lang::date(language, first), lang::date(language, last)),
        format!("{} to {}", lang::date(language, first), lang::date(language, last)),
    );
    let mut used: Vec<DayClass> = days.iter().map(|(_, class)| *class).collect();
    used.sort_unstable();
    used.dedup();
    let legend = used.into_iter().map(|class| (class, name(class, language))).collect();
    Some(Block::Year { title, months, legend, special: special(calendar, &days, language) })
}

fn name(class: DayClass, language: Lang) -> String {
    let (fr, en) = match class {
        DayClass::Open => ("ouvert", "open"),
        DayClass::Shut => ("fermé chaque semaine", "shut every week"),
        DayClass::Holiday => ("férié", "holiday"),
        DayClass::Closed => ("fermeture convenue", "agreed closure"),
        DayClass::Changed => ("horaires particuliers", "special hours"),
        DayClass::Outside => ("hors période", "outside the period"),
    };
    language.t(fr, en).to_owned()
}

fn classes(calendar: &Calendar, first: Date, next: Date) -> Option<Vec<(Date, DayClass)>> {
    let days = first.series(Span::new().days(1)).take_while(|d| *d < next);
    let Calendar::Weekly(weekly) = calendar else { return composed(calendar, days) };
    Some(days.map(|day| (day, class(weekly, day))).collect())
}

/// The order is that of precedence: see `WeeklyCalendar::openings`.
fn class(weekly: &WeeklyCalendar, day: Date) -> DayClass {
    if weekly.exceptions.contains_key(&day) {
        DayClass::Changed
    } else if weekly.closed.contains(&day) {
        DayClass::Closed
    } else if weekly.holidays.contains(&day) {
        DayClass::Holiday
    } else if weekly.openings(day).is_empty() {
        DayClass::Shut
    } else {
        DayClass::Open
    }
}

/// Of a composed calendar, the engine says which days have an open instant.
fn composed(calendar: &Calendar, days: impl Iterator<Item = Date>) -> Option<Vec<(Date, DayClass)>> {
    let mut clock: Option<ServiceClock> = None;
    let mut out = Vec::new();
    for day in days {
        let zone = clock.as_ref().map_or(TimeZone::UTC, |c| c.zone().clone());
        let start = |d: Date, zone: &TimeZone| d.to_zoned(zone.clone()).ok().map(|z| z.timestamp());
        if clock.is_none() {
            clock = ServiceClock::new(calendar, start(day, &zone).unwrap_or(Timestamp::UNIX_EPOCH)).ok();
        }
        let clock = clock.as_ref()?;
        let (from, until) = (start(day, clock.zone())?, start(day.tomorrow().ok()?, clock.zone())?);
        let open = clock.intervals(from, until).next().is_some();
        out.push((day, if open { DayClass::Open } else { DayClass::Shut }));
    }
    Some(out)
}

/// Holidays, closures and special hours, in words.
fn special(calendar: &Calendar, days: &[(Date, DayClass)], language: Lang) -> Vec<(String, String)> {
    let Calendar::Weekly(weekly) = calendar else { return Vec::new() };
    let of = |class: DayClass| days.iter().filter(move |(_, c)| *c == class).map(|(d, _)| *d);
    let worded = |day: Date| {
        let weekday = lang::weekday_name(language, day.weekday());
        let holds = weekly.openings(day);
        let hours = if holds.is_empty() { String::new() } else { format!(" ({})", hours(holds)) };
        format!("{weekday} {}{hours}", lang::date(language, day))
    };
    [DayClass::Holiday, DayClass::Closed, DayClass::Changed]
        .into_iter()
        .map(|class| (name(class, language), of(class).map(worded).collect::<Vec<_>>().join(", ")))
        .filter(|(_, days)| !days.is_empty())
        .collect()
}
