//! When a duty is owed: the days, from the terms and from what happened.

use base::Length;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span as Step, Timestamp};
use terms::{Calendar, Duty, DutyDue, Rule, Terms, Trigger};

use super::{Done, DutyFacts, Happened, after, day_of};
use crate::calendar::{CalendarError, Pauses, ServiceClock};
use crate::period::Span;

/// One time a duty is owed.
pub(super) struct Owed {
    pub from: Date,
    pub on: Option<Date>,
    pub limit: Option<Timestamp>,
    /// What it counts from, when something happened.
    pub about: Option<String>,
}

impl Owed {
    fn by(from: Date, on: Date) -> Owed {
        Owed { from, on: Some(on), limit: None, about: None }
    }
}

/// So many occurrences at most are looked at: a duty of every minute over a century is a mistake.
const MOST: usize = 4096;

/// The occurrences that begin before the end of `span`, by date.
pub(super) fn owed(
    terms: &Terms,
    rule: &Rule<Duty>,
    facts: &DutyFacts,
    span: Span,
    zone: &TimeZone,
    today: Date,
) -> Result<Vec<Owed>, CalendarError> {
    let told = || facts.happened.iter().filter(|h| concerns(terms, h, rule));
    let start = terms.term.as_ref().map_or(span.first, |t| t.then.start);
    Ok(match &rule.then.due {
        DutyDue::By { date } => vec![Owed::by(start.min(*date), *date)],
        DutyDue::Renew { expires } => renewals(rule, start, *expires, &facts.done),
        // What comes round within a week is watched, not written down one by one: two hundred daily
        // copies are no list that anyone reads.
        DutyDue::Every { period, .. } if within_a_week(*period) => {
            vec![watched(rule, start, *period, &facts.done, today)]
        }
        DutyDue::Always => vec![Owed { from: start, on: None, limit: None, about: None }],
        DutyDue::Every { period, first } => every(start, *period, *first, span),
        DutyDue::PerYear { times } => per_year(terms, start, *times, span),
        DutyDue::Within { length, of } => {
            let mut out = Vec::new();
            for event in events(terms, told(), *of, zone) {
                out.extend(within(terms, event, *length, zone)?);
            }
            out
        }
        DutyDue::Before { length, of } => {
            events(terms, told(), *of, zone).into_iter().filter_map(|e| before(e, *length, zone)).collect()
        }
    })
}

fn within_a_week(period: Length) -> bool {
    match period {
        Length::Seconds(seconds) => seconds < 7 * 86_400,
        Length::Days(days) => days < 7,
        Length::WorkingDays(days) => days < 5,
        Length::Months(_) => false,
    }
}

/// One line for all the times: late once the last one written down is a period behind.
///
/// Nothing written down yet is no lateness: what a machine does every night is proved by its own record,
/// on demand, until the parties begin to write it down here.
fn watched(rule: &Rule<Duty>, start: Date, period: Length, done: &[Done], today: Date) -> Owed {
    let mine = done.iter().filter(|d| d.label == rule.label() && d.what == rule.then.what);
    let last = mine.map(|d| d.on).filter(|on| *on <= today).max();
    let next = last.and_then(|last| Some((last.tomorrow().ok()?, next_day(last, period)?)));
    match next {
        Some((from, on)) if on < today => Owed::by(from, on),
        _ => Owed { from: start, on: None, limit: None, about: None },
    }
}

/// The last day of the period after a day: what is done is dated by the day, so one at least.
fn next_day(day: Date, period: Length) -> Option<Date> {
    match period {
        Length::WorkingDays(n) => weekdays_on(day, n.max(1)),
        Length::Seconds(seconds) => {
            plus(day, Length::Days(u32::try_from((seconds + 86_399) / 86_400).ok()?.max(1)), 1)
        }
        Length::Days(n) => plus(day, Length::Days(n.max(1)), 1),
        Length::Months(_) => plus(day, period, 1),
    }
}

/// Whether what was told starts the duties of this clause: it names none, or this one, or one of which
/// this is an exception (or the other way round), since one of them governs.
fn concerns(terms: &Terms, told: &Happened, rule: &Rule<Duty>) -> bool {
    let root = |label| super::general(terms, label);
    told.clause.as_deref().is_none_or(|clause| root(clause) == root(rule.label()))
}

/// The n-th is counted from the first, not from the one before: 31 January, 28 February, 31 March.
fn every(start: Date, period: Length, first: Option<Date>, span: Span) -> Vec<Owed> {
    let anchor = first.unwrap_or(start);
    // Without a first day, the first is due one period after the start, and at the end of a period after.
    let offset = u32::from(first.is_none());
    let mut out: Vec<Owed> = Vec::new();
    let mut from = start.min(anchor);
    for n in offset.. {
        let Some(on) = plus(anchor, period, n) else { break };
        let on = if first.is_none() { on.yesterday().unwrap_or(on) } else { on };
        if on >= span.next || out.len() == MOST {
            break;
        }
        let next = on.tomorrow().unwrap_or(on);
        if on >= from {
            out.push(Owed::by(from, on));
        }
        from = next;
    }
    out
}

/// What is held runs out; each renewal that says until when it runs makes the next one.
fn renewals(rule: &Rule<Duty>, start: Date, expires: Date, done: &[Done]) -> Vec<Owed> {
    let mut out = vec![Owed::by(start.min(expires), expires)];
    let mut renewed: Vec<&Done> =
        done.iter().filter(|d| d.label == rule.label() && d.what == rule.then.what).collect();
    renewed.sort_by_key(|d| d.on);
    for done in renewed {
        let last = out.last().and_then(|o| o.on).unwrap_or(expires);
        if let Some(until) = done.valid_until.filter(|until| *until > last) {
            out.push(Owed::by(done.on.tomorrow().unwrap_or(done.on), until));
        }
    }
    out
}

/// All of a contract year's are due on its last day: the contract does not say when in the year.
fn per_year(terms: &Terms, start: Date, times: u32, span: Span) -> Vec<Owed> {
    let year = |date| Span::of(terms::commitment::Period::ContractYear, terms, date);
    let mut out = Vec::new();
    let mut current = year(start);
    while current.last() < span.next && out.len() < MOST {
        out.extend((0..times.min(366)).map(|_| Owed::by(current.first, current.last())));
        current = year(current.next);
    }
    out
}

struct Event {
    at: Timestamp,
    about: Option<String>,
}

/// The start and the signature are in the terms; the rest is told.
fn events<'a>(
    terms: &Terms,
    happened: impl Iterator<Item = &'a Happened>,
    of: Trigger,
    zone: &TimeZone,
) -> Vec<Event> {
    let mut out: Vec<Event> = happened
        .filter(|h| h.trigger == of)
        .map(|h| Event { at: h.at, about: Some(h.about.clone()) })
        .collect();
    if of == Trigger::ContractStart {
        let start = terms.term.as_ref().and_then(|t| t.then.start.to_zoned(zone.clone()).ok());
        out.extend(start.map(|z| Event { at: z.timestamp(), about: None }));
    }
    out.sort_by_key(|e| e.at);
    out
}

fn within(
    terms: &Terms,
    event: Event,
    length: Length,
    zone: &TimeZone,
) -> Result<Option<Owed>, CalendarError> {
    let from = day_of(event.at, zone);
    let about = event.about;
    Ok(match length {
        Length::Seconds(seconds) => after(event.at, seconds).map(|limit| Owed {
            from,
            on: Some(day_of(limit, zone)),
            limit: Some(limit),
            about,
        }),
        Length::WorkingDays(days) => {
            let clock = ServiceClock::new(&working_days(terms), event.at)?;
            let limit = clock.due_working_days(event.at, days, &Pauses::default());
            limit.map(|limit| Owed { from, on: Some(day_of(limit, zone)), limit: Some(limit), about })
        }
        Length::Days(_) | Length::Months(_) => {
            plus(from, length, 1).map(|on| Owed { from, on: Some(on), limit: None, about })
        }
    })
}

/// The last day on which it is still `length` ahead.
fn before(event: Event, length: Length, zone: &TimeZone) -> Option<Owed> {
    let day = day_of(event.at, zone);
    let (on, limit) = match length {
        Length::Seconds(seconds) => {
            let limit = after(event.at, -seconds)?;
            (day_of(limit, zone), Some(limit))
        }
        // Counted back on the civil calendar: a notice in working days is rarer than a wrong one.
        Length::WorkingDays(n) => (weekdays_back(day, n)?, None),
        Length::Days(n) => (day.checked_sub(Step::new().try_days(i64::from(n)).ok()?).ok()?, None),
        Length::Months(n) => (day.checked_sub(Step::new().try_months(i64::from(n)).ok()?).ok()?, None),
    };
    Some(Owed { from: Date::MIN, on: Some(on), limit, about: event.about })
}

/// Whether something told then leaves at least `length` before what is planned, counted as duties are.
pub(crate) fn in_time(planned: Timestamp, length: Length, zone: &TimeZone, told: Timestamp) -> bool {
    let event = Event { at: planned, about: None };
    before(event, length, zone).is_some_and(|owed| match (owed.limit, owed.on) {
        (Some(limit), _) => told <= limit,
        (None, Some(on)) => day_of(told, zone) <= on,
        (None, None) => false,
    })
}

fn weekdays_on(mut day: Date, count: u32) -> Option<Date> {
    for _ in 0..count {
        day = day.tomorrow().ok()?;
        while day.weekday().to_monday_zero_offset() > 4 {
            day = day.tomorrow().ok()?;
        }
    }
    Some(day)
}

fn weekdays_back(mut day: Date, count: u32) -> Option<Date> {
    for _ in 0..count {
        day = day.yesterday().ok()?;
        while day.weekday().to_monday_zero_offset() > 4 {
            day = day.yesterday().ok()?;
        }
    }
    Some(day)
}

/// The contract's first calendar of its own counts its working days; without one, Monday to Friday.
pub(crate) fn working_days(terms: &Terms) -> Calendar {
    terms
        .calendars
        .iter()
        .find(|r| r.exception_to.is_none() && r.label() != "24x7")
        .map_or_else(|| monday_to_friday(&terms.zone), |r| r.then.clone())
}

fn monday_to_friday(zone: &str) -> Calendar {
    let Calendar::Weekly(mut weekly) = Calendar::always(zone) else { return Calendar::always(zone) };
    weekly.week[5].clear();
    weekly.week[6].clear();
    Calendar::Weekly(weekly)
}

/// `n` lengths after a day; `None` for lengths that are not of days, or past what dates can hold.
fn plus(day: Date, length: Length, n: u32) -> Option<Date> {
    let times = |count: u32| i64::from(count).checked_mul(i64::from(n));
    let step = match length {
        Length::Months(count) => Step::new().try_months(times(count)?).ok()?,
        Length::Days(count) => Step::new().try_days(times(count)?).ok()?,
        Length::WorkingDays(count) => Step::new().try_days(times(count)?.checked_mul(7)? / 5).ok()?,
        Length::Seconds(seconds) => Step::new().try_days(seconds.checked_mul(i64::from(n))? / 86_400).ok()?,
    };
    day.checked_add(step).ok()
}
