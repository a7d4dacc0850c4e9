//! The on-call roster: who can be reached when, and what a roster about to be published does not keep.
//!
//! Code du travail, L3121-12: each person knows their periods fifteen days ahead or, in exceptional
//! circumstances, one clear day ahead; the contract may say otherwise and its figures are the ones read.
//! L3131-1: eleven hours of daily rest. Hours on call during which nobody calls count as rest (L3121-10),
//! so a roster alone never takes the rest away; what it can leave too short is the time between two
//! periods of one person, where a call at the end of the first would.

use base::id::AccountId;
use base::{Because, Lang, Length, Reason, lang};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use serde::{Deserialize, Serialize};
use terms::{Calendar, Rule, Statement, Terms};

use crate::calendar::{CalendarError, ServiceClock};
use crate::say::cite;

/// What a clause `on_call` asks of a roster.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    pub clause: &'a Rule<Statement>,
    /// How many people take turns.
    pub people: u32,
    /// How long ahead each person knows their periods.
    pub notice: Length,
    /// How long ahead in exceptional circumstances, in clear days.
    pub exceptional: Length,
    /// The daily rest kept.
    pub rest: Length,
    /// The hours during which somebody can be reached; `None` when the contract states no such calendar.
    pub calendar: Option<Calendar>,
}

/// Somebody can be reached, from an instant to another, which is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shift {
    pub from: Timestamp,
    pub until: Timestamp,
    pub person: AccountId,
}

/// What a roster does not keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Breach {
    /// Somebody learns too late that they are on call.
    Notice,
    /// Even for exceptional circumstances.
    ExceptionalNotice,
    /// Between two periods of one person.
    DailyRest,
    /// Nobody can be reached during hours that the contract promises.
    Nobody,
}

/// A breach, of whom and over which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Found {
    pub from: Timestamp,
    pub until: Timestamp,
    pub breach: Breach,
    /// `None` when it is nobody's own.
    pub person: Option<AccountId>,
}

impl Breach {
    pub fn code(self) -> &'static str {
        match self {
            Breach::Notice => "roster.notice",
            Breach::ExceptionalNotice => "roster.exceptional_notice",
            Breach::DailyRest => "roster.daily_rest",
            Breach::Nobody => "roster.nobody",
        }
    }
}

impl Found {
    /// What names it, for who confirms that very breach and no other.
    pub fn key(&self) -> String {
        let person = self.person.map_or_else(|| "-".to_owned(), |p| p.to_string());
        format!("{}/{}/{person}", self.breach.code(), self.from)
    }
}

/// The clauses of a contract that ask for a roster, in the order of the text.
pub fn asked(terms: &Terms) -> Vec<Asked<'_>> {
    terms.statements.iter().filter(|r| r.then.topic == "on_call").filter_map(|r| read(terms, r)).collect()
}

fn read<'a>(terms: &Terms, clause: &'a Rule<Statement>) -> Option<Asked<'a>> {
    let length = |field| Length::parse(clause.then.get(field)?).ok();
    let label = clause.then.get("calendar")?;
    let stated = terms.calendars.iter().find(|r| r.label() == label).map(|r| r.then.clone());
    let always = || (label == "24x7").then(|| Calendar::always(terms.zone.clone()));
    Some(Asked {
        clause,
        people: clause.then.get("people")?.parse().ok()?,
        notice: length("roster_notice")?,
        // The law's own, for what an old text leaves unsaid.
        exceptional: length("exceptional_notice").unwrap_or(Length::Days(1)),
        rest: length("daily_rest")?,
        calendar: stated.or_else(always),
    })
}

/// The roster after another one is published: the new one stands alone over the time it spans.
///
/// By instant; periods of one person that touch or overlap are one.
pub fn published(before: &[Shift], new: &[Shift]) -> Vec<Shift> {
    let Some(from) = new.iter().map(|s| s.from).min() else { return joined(before.to_vec()) };
    let until = new.iter().map(|s| s.until).max().unwrap_or(from);
    let outside = before.iter().flat_map(|s| left(s, (from, until)));
    joined(outside.chain(new.iter().copied()).collect())
}

/// Who is on call at an instant.
pub fn at(shifts: &[Shift], now: Timestamp) -> Vec<Shift> {
    shifts.iter().copied().filter(|s| s.from <= now && now < s.until).collect()
}

/// Whether the contract promises that somebody can be reached at an instant.
pub fn is_promised(asked: &Asked<'_>, now: Timestamp) -> Result<bool, CalendarError> {
    let Some(calendar) = &asked.calendar else { return Ok(false) };
    Ok(ServiceClock::new(calendar, now)?.is_open(now))
}

/// The periods that stand as a roster is about to be published.
#[derive(Clone, Copy, Debug, Default)]
pub struct Around<'a> {
    /// Under its own clause.
    pub before: &'a [Shift],
    /// Under the other clauses of the same customer.
    pub elsewhere: &'a [Shift],
    /// Of the same people for other customers, of which nothing may be told: rest is a person's, not a
    /// contract's.
    pub beyond: &'a [Shift],
}

/// What a roster would not keep, were it published now over the one that stands; by instant.
pub fn check(
    asked: &Asked<'_>,
    zone: &TimeZone,
    around: Around<'_>,
    new: &[Shift],
    exceptional: bool,
    now: Timestamp,
) -> Result<Vec<Because<Found>>, CalendarError> {
    let after = published(around.before, new);
    let mut found = late(asked, zone, around.before, new, exceptional, now);
    let here = joined(after.iter().chain(around.elsewhere).copied().collect());
    found.extend(short_rests(asked, zone, (&here, around.beyond), new));
    found.extend(unmanned(asked, zone, &after, new, now)?);
    found.sort_by_key(|f| f.value);
    Ok(found)
}

/// Periods that their person learns too late: those that they already knew need no notice.
fn late(
    asked: &Asked<'_>,
    zone: &TimeZone,
    before: &[Shift],
    new: &[Shift],
    exceptional: bool,
    now: Timestamp,
) -> Vec<Because<Found>> {
    let (length, breach) = match exceptional {
        true => (asked.exceptional, Breach::ExceptionalNotice),
        false => (asked.notice, Breach::Notice),
    };
    let mut out = Vec::new();
    for shift in joined(new.to_vec()) {
        let known = before.iter().filter(|s| s.person == shift.person);
        let unknown = known.fold(vec![shift], |parts, known| {
            parts.iter().flat_map(|part| left(part, (known.from, known.until))).collect()
        });
        for part in unknown {
            if is_ahead(now, part.from, length, exceptional, zone) {
                continue;
            }
            let value = Found { from: part.from, until: part.until, breach, person: Some(part.person) };
            out.push(Because::new(value, vec![notice_reason(asked, zone, &value, length, now)]));
        }
    }
    out
}

fn notice_reason(asked: &Asked<'_>, zone: &TimeZone, found: &Found, owed: Length, now: Timestamp) -> Reason {
    cite(found.breach.code(), asked.clause, |l| {
        let (begins, today) = (when(l, found.from, zone), lang::date(l, day(now, zone)));
        let clear =
            if matches!(owed, Length::Days(0 | 1) | Length::WorkingDays(0 | 1)) { "franc" } else { "francs" };
        let owed = owed.in_words(l);
        match found.breach {
            Breach::ExceptionalNotice => l.t(
                format!("la période commence le {begins} et n'est portée à la connaissance de la personne que le {today}\u{a0}: même en cas de circonstances exceptionnelles, elle en est avertie {owed} {clear} à l'avance au moins (Code du travail, L3121-12)"),
                format!("the period begins on {begins} and the person only learns of it on {today}: even in exceptional circumstances it is told {owed} clear ahead at least (Code du travail, L3121-12)"),
            ),
            _ => l.t(
                format!("la période commence le {begins} et n'est portée à la connaissance de la personne que le {today}\u{a0}: le programme est connu {owed} à l'avance (Code du travail, L3121-12)"),
                format!("the period begins on {begins} and the person only learns of it on {today}: the roster is known {owed} ahead (Code du travail, L3121-12)"),
            ),
        }
    })
}

/// Times too short between two periods of one person, where the new roster has one of the two.
///
/// Where the other period is of another customer, what is found is placed at the new period and nothing says
/// when the other one is: breaches that are confirmed stand in this customer's journal.
fn short_rests(
    asked: &Asked<'_>,
    zone: &TimeZone,
    (here, beyond): (&[Shift], &[Shift]),
    new: &[Shift],
) -> Vec<Because<Found>> {
    let Some(rest) = asked.rest.as_seconds() else { return Vec::new() };
    let everywhere = joined(here.iter().chain(beyond).copied().collect());
    let mut out = Vec::new();
    let mut people: Vec<AccountId> = new.iter().map(|s| s.person).collect();
    people.sort_unstable();
    people.dedup();
    for person in people {
        let own: Vec<&Shift> = everywhere.iter().filter(|s| s.person == person).collect();
        for pair in own.windows(2) {
            let (first, second) = (pair[0], pair[1]);
            let free = second.from.duration_since(first.until).as_secs();
            let is_new =
                |s: &Shift| new.iter().any(|n| n.person == person && n.from < s.until && s.from < n.until);
            if free >= rest || !(is_new(first) || is_new(second)) {
                continue;
            }
            let ours = |edge: &dyn Fn(&Shift) -> bool| here.iter().any(|s| s.person == person && edge(s));
            if !ours(&|s| s.until == first.until) || !ours(&|s| s.from == second.from) {
                let touched =
                    |n: &&Shift| n.person == person && n.from < second.until && first.from < n.until;
                if let Some(near) = new.iter().filter(touched).min_by_key(|n| distance(n, first.until)) {
                    out.push(short_of_another(asked, zone, near));
                }
                continue;
            }
            let value = Found {
                from: first.until,
                until: second.from,
                breach: Breach::DailyRest,
                person: Some(person),
            };
            let reason = cite(value.breach.code(), asked.clause, |l| {
                let (ends, begins) = (when(l, value.from, zone), when(l, value.until, zone));
                let (free, rest) = (lang::elapsed(l, free), asked.rest.in_words(l));
                l.t(
                    format!("{free} seulement entre la période qui finit le {ends} et celle qui commence le {begins}\u{a0}: après une intervention à la fin de la première, le repos quotidien de {rest} n'est pas assuré (Code du travail, L3131-1\u{202f}; sans intervention, l'astreinte compte comme repos, L3121-10)"),
                    format!("only {free} between the period that ends on {ends} and the one that begins on {begins}: after an intervention at the end of the first, the daily rest of {rest} is not kept for certain (Code du travail, L3131-1; with no intervention, being on call counts as rest, L3121-10)"),
                )
            });
            out.push(Because::new(value, vec![reason]));
        }
    }
    out
}

/// How far a period is from an instant, in seconds.
fn distance(shift: &Shift, at: Timestamp) -> i64 {
    let edges = [shift.from, shift.until].map(|edge| edge.duration_since(at).as_secs().abs());
    edges[0].min(edges[1])
}

/// A rest too short beside a period that is another customer's.
fn short_of_another(asked: &Asked<'_>, zone: &TimeZone, near: &Shift) -> Because<Found> {
    let value =
        Found { from: near.from, until: near.until, breach: Breach::DailyRest, person: Some(near.person) };
    let reason = cite(value.breach.code(), asked.clause, |l| {
        let (begins, rest) = (when(l, value.from, zone), asked.rest.in_words(l));
        l.t(
            format!("la période qui commence le {begins} est à moins de {rest} d'une autre astreinte de la même personne\u{a0}: après une intervention, le repos quotidien n'est pas assuré (Code du travail, L3131-1\u{202f}; sans intervention, l'astreinte compte comme repos, L3121-10)"),
            format!("the period that begins on {begins} is less than {rest} away from another on-call period of the same person: after an intervention, the daily rest is not kept for certain (Code du travail, L3131-1; with no intervention, being on call counts as rest, L3121-10)"),
        )
    });
    Because::new(value, vec![reason])
}

/// Hours promised, within the time that the new roster spans, during which nobody can be reached.
fn unmanned(
    asked: &Asked<'_>,
    zone: &TimeZone,
    after: &[Shift],
    new: &[Shift],
    now: Timestamp,
) -> Result<Vec<Because<Found>>, CalendarError> {
    let span = new.iter().map(|s| s.from).min().zip(new.iter().map(|s| s.until).max());
    let (Some(calendar), Some((from, until))) = (&asked.calendar, span) else { return Ok(Vec::new()) };
    // What is past can no longer be manned.
    let from = from.max(now);
    let clock = ServiceClock::new(calendar, from)?;
    let mut out = Vec::new();
    for (open, close) in clock.intervals(from, until) {
        let nobody = after.iter().fold(vec![(open, close)], |parts, s| {
            parts.into_iter().flat_map(|part| without(part, (s.from, s.until))).collect()
        });
        for (from, until) in nobody {
            let value = Found { from, until, breach: Breach::Nobody, person: None };
            let reason = cite(value.breach.code(), asked.clause, |l| {
                let (begins, ends) = (when(l, value.from, zone), when(l, value.until, zone));
                l.t(
                    format!("personne n'est d'astreinte du {begins} au {ends}, et le contrat le promet à ces heures"),
                    format!("nobody is on call from {begins} to {ends}, hours at which the contract promises somebody"),
                )
            });
            out.push(Because::new(value, vec![reason]));
        }
    }
    Ok(out)
}

/// Whether an instant is known long enough ahead; `clear`: neither the day of the one nor of the other counts.
fn is_ahead(now: Timestamp, from: Timestamp, length: Length, clear: bool, zone: &TimeZone) -> bool {
    let (today, first) = (day(now, zone), day(from, zone));
    let last = match length {
        Length::Seconds(seconds) => return from.duration_since(now) >= SignedDuration::from_secs(seconds),
        Length::Days(n) => first.checked_sub(Span::new().days(i64::from(n))).ok(),
        Length::Months(n) => first.checked_sub(Span::new().months(i64::from(n))).ok(),
        Length::WorkingDays(n) => weekdays_back(first, n),
    };
    // A day that cannot be written is before every publication.
    last.is_some_and(|last| if clear { today < last } else { today <= last })
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

/// What is left of a period outside another span of time.
fn left(shift: &Shift, cut: (Timestamp, Timestamp)) -> Vec<Shift> {
    let parts = without((shift.from, shift.until), cut);
    parts.into_iter().map(|(from, until)| Shift { from, until, ..*shift }).collect()
}

fn without(
    (from, until): (Timestamp, Timestamp),
    cut: (Timestamp, Timestamp),
) -> Vec<(Timestamp, Timestamp)> {
    let parts = [(from, until.min(cut.0)), (from.max(cut.1), until)];
    parts.into_iter().filter(|(from, until)| from < until).collect()
}

/// By instant, each person's touching periods made one.
fn joined(mut shifts: Vec<Shift>) -> Vec<Shift> {
    shifts.sort_by_key(|s| (s.person, s.from, s.until));
    let mut out: Vec<Shift> = Vec::with_capacity(shifts.len());
    for shift in shifts {
        match out.last_mut() {
            Some(last) if last.person == shift.person && shift.from <= last.until => {
                last.until = last.until.max(shift.until);
            }
            _ => out.push(shift),
        }
    }
    out.sort_unstable();
    out
}

fn day(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

fn when(l: Lang, at: Timestamp, zone: &TimeZone) -> String {
    lang::date_time(l, &at.to_zoned(zone.clone()))
}

#[cfg(test)]
mod tests;
