//! Levels of escalation: which one a ticket's clock has come to, when the next one comes, who is told.

use std::collections::BTreeSet;
use std::sync::Arc;

use base::{Because, Fraction, Lang, Length, Reason, lang};
use jiff::Timestamp;
use terms::{Alarm, Also, Escalation, History, Promise, Rule, Terms, governing};

use super::measure::{self, Measure};
use super::run::{self, Case, Run, Turn};
use super::{SlaError, Timeline, calendars};
use crate::calendar::{ClockCache, ServiceClock, zone};
use crate::say::{cite, list};

/// A level of escalation of a ticket, as of some instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    pub promise: Promise,
    /// The round of the promise's clock: a reopening may start it afresh, and the levels with it.
    pub round: u32,
    pub level: u32,
    /// The label of the clause.
    pub label: String,
    /// When the clock comes to it, past or to come; `None`: not started, or paused with no end in sight.
    pub at: Option<Timestamp>,
    /// The clock came to it while it ran.
    pub reached: bool,
    /// The clock stopped before: nobody is to be told.
    pub averted: bool,
    /// The clock has stopped, before the level or after it.
    pub stopped: bool,
    /// When the case last came under another delay, by a change of priority; `None`: never in this round.
    pub since: Option<Timestamp>,
    /// The labels of the contacts to tell.
    pub contacts: Vec<String>,
    pub also: Vec<Also>,
}

impl Level {
    /// Whether people who were told at an instant, under the same clause and in the same round, know of this
    /// level: not when the case came under another delay meanwhile, and its clock came to the level again.
    pub fn was_told_at(&self, told: Timestamp) -> bool {
        self.since.is_none_or(|since| since <= told || self.at.is_some_and(|at| at <= since))
    }
}

/// The levels of the clocks that count, by promise and level. Steps after `at` are not read.
pub fn levels(
    history: &History,
    version: &str,
    timeline: &Timeline,
    at: Timestamp,
    cache: &mut ClockCache,
) -> Result<Vec<Because<Level>>, SlaError> {
    let case = Case::new(history, version, timeline, at)?;
    let mut out = Vec::new();
    for promise in Promise::ALL {
        let rules = || case.terms().escalations.iter().filter(move |rule| rule.then.promise == promise);
        let numbers: BTreeSet<u32> = rules().map(|rule| rule.then.level).collect();
        if numbers.is_empty() {
            continue;
        }
        let Some(run) = run::runs(&case, promise, cache)?.pop() else { continue };
        let facts = run.facts.clone();
        let clocks = Clocks::of(&case, &run, cache)?;
        let measure = Measure::of(&case, run, cache)?;
        for number in numbers {
            let Some(rule) = governing(rules().filter(|rule| rule.then.level == number), &facts) else {
                continue;
            };
            out.push(level(&case, &measure, &clocks, rule));
        }
    }
    Ok(out)
}

/// What a time after the start is counted on: the hours of the promise, and real time for days and months.
struct Clocks {
    hours: Arc<ServiceClock>,
    real: Arc<ServiceClock>,
}

impl Clocks {
    fn of(case: &Case<'_>, run: &Run<'_>, cache: &mut ClockCache) -> Result<Clocks, SlaError> {
        let hours = calendars::hours(case, run.rule, &run.facts, cache)?.clock;
        let real = measure::real(case, run.rule, &hours, cache)?;
        Ok(Clocks { hours, real })
    }
}

fn level(case: &Case<'_>, measure: &Measure<'_>, clocks: &Clocks, rule: &Rule<Escalation>) -> Because<Level> {
    let at = instant(case, measure, clocks, rule.then.alarm);
    let stop = measure.run.stop;
    // A promise is kept at its due instant or before (C7); so is a level avoided.
    let reached = at.is_some_and(|at| at <= case.at && stop.is_none_or(|stop| at < stop));
    let changed = |turn: &Turn<'_>| match turn {
        Turn::Changed { at, .. } => Some(*at),
        Turn::GoesOn { .. } | Turn::Afresh { .. } => None,
    };
    let level = Level {
        promise: rule.then.promise,
        round: measure.run.round,
        level: rule.then.level,
        label: rule.label().to_owned(),
        at,
        reached,
        averted: !reached && stop.is_some(),
        stopped: stop.is_some(),
        since: measure.run.turns.iter().filter_map(changed).max(),
        contacts: rule.then.contacts.clone(),
        also: rule.then.also.clone(),
    };
    let reason = reason(case.terms(), rule, &level);
    Because::new(level, vec![reason])
}

fn instant(case: &Case<'_>, measure: &Measure<'_>, clocks: &Clocks, alarm: Alarm) -> Option<Timestamp> {
    let (start, pauses) = (measure.run.start?, &measure.pauses);
    match alarm {
        Alarm::Share { of_delay } => {
            let target = measure.clock(case).target_seconds?;
            let share = (of_delay * Fraction::from_integer(i128::from(target))).ceil().to_integer();
            measure.clock.due(start, i64::try_from(share).ok()?, pauses)
        }
        Alarm::After { length: Length::Seconds(seconds) } => measure.clock.due(start, seconds, pauses),
        Alarm::After { length: Length::WorkingDays(days) } => {
            clocks.hours.due_working_days(start, days, pauses)
        }
        // As a delay in days is: a pause puts it off by as much as it lasted.
        Alarm::After { length } => {
            clocks.real.due(start, measure::real_seconds(&clocks.real, start, length)?, pauses)
        }
    }
}

/// The same level as it was told: reached at that instant, whatever was written down late since.
pub fn as_told(terms: &Terms, level: Level, reached: Timestamp) -> Because<Level> {
    let level = Level { at: Some(reached), reached: true, averted: false, ..level };
    let rule = terms.escalations.iter().find(|rule| rule.label() == level.label);
    let reasons = rule.map(|rule| reason(terms, rule, &level)).into_iter().collect();
    Because::new(level, reasons)
}

fn reason(terms: &Terms, rule: &Rule<Escalation>, level: &Level) -> Reason {
    let zone = zone(&terms.zone).ok();
    cite("escalation.level", rule, |lang| {
        let of = level.promise.name();
        let when = match rule.then.alarm {
            Alarm::Share { of_delay } => {
                let share = lang::percent(lang, of_delay);
                lang.t(format!("à {share} du délai"), format!("at {share} of the delay"))
            }
            Alarm::After { length } => {
                let length = length.in_words(lang);
                lang.t(format!("après {length}"), format!("after {length}"))
            }
        };
        let instant = level.at.zip(zone.clone()).map(|(at, zone)| lang::date_time(lang, &at.to_zoned(zone)));
        let instant = match instant {
            Some(at) => lang.t(format!(", soit le {at}"), format!(", that is {at}")),
            None => String::new(),
        };
        let (number, who) = (level.level, told(lang, terms, level));
        lang.t(
            format!("{}, niveau {number}\u{a0}: {when}{instant}, prévenir {who}.", capital(&of.fr)),
            format!("{}, level {number}: {when}{instant}, tell {who}.", capital(&of.en)),
        )
    })
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}", chars.as_str())
}

/// « Claire Fabre (interlocuteur unique) et la personne d'astreinte ».
pub fn told(lang: Lang, terms: &Terms, level: &Level) -> String {
    let named = level.contacts.iter().map(|label| {
        let contact = terms.contacts.iter().find(|contact| contact.label() == label);
        contact.map_or_else(
            || label.clone(),
            |c| format!("{} ({})", c.then.name, terms.role_name(lang, &c.then.role)),
        )
    });
    let also = level.also.iter().map(|also| match also {
        Also::Assignee => lang.t("la personne en charge du ticket", "whoever works on the ticket").to_owned(),
        Also::OnCall => lang.t("la personne d'astreinte", "whoever is on call").to_owned(),
    });
    let all: Vec<String> = named.chain(also).collect();
    list(lang, &all.iter().map(String::as_str).collect::<Vec<_>>())
}
