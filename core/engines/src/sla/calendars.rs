//! The calendar a commitment is counted on, and its versions when amendments reach open tickets.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;
use terms::calendar::CalendarVersion;
use terms::commitment::AmendmentPolicy;
use terms::{Calendar, Commitment, Facts};

use super::SlaError;
use super::run::Case;
use crate::calendar::{ClockCache, ServiceClock};
use terms::rule::Rule;

/// The name of the calendar that every contract has without defining it.
const ALWAYS: &str = "24x7";

/// The calendar from some day on.
pub(super) struct Part<'a> {
    /// `None` for the ticket's own version.
    pub from: Option<Date>,
    /// `None` for the calendar that needs no clause.
    pub rule: Option<&'a Rule<Calendar>>,
    pub calendar: Cow<'a, Calendar>,
}

/// The calendar of a commitment, as one clock and as its parts in time.
pub(super) struct Hours<'a> {
    pub clock: Arc<ServiceClock>,
    pub parts: Vec<Part<'a>>,
}

pub(super) fn hours<'a>(
    case: &Case<'a>,
    rule: &Rule<Commitment>,
    facts: &Facts,
    cache: &mut ClockCache,
) -> Result<Hours<'a>, SlaError> {
    let parts = parts(case, rule, facts)?;
    let composed;
    let calendar = match &parts[..] {
        [only] => only.calendar.as_ref(),
        several => {
            composed = Calendar::Versions(several.iter().map(version).collect());
            &composed
        }
    };
    let clock = cache
        .clock(calendar, case.timeline.opened)
        .map_err(|why| SlaError::Calendar { rule: rule.label().to_owned(), why })?;
    Ok(Hours { clock, parts })
}

fn version(part: &Part<'_>) -> CalendarVersion {
    CalendarVersion {
        from_local: part.from.map(|date| date.at(0, 0, 0, 0)),
        calendar: part.calendar.clone().into_owned(),
    }
}

fn parts<'a>(case: &Case<'a>, rule: &Rule<Commitment>, facts: &Facts) -> Result<Vec<Part<'a>>, SlaError> {
    let label = &rule.then.calendar;
    let own = part(case.terms(), label, facts, None).ok_or_else(|| SlaError::UnknownCalendar {
        rule: rule.label().to_owned(),
        calendar: label.clone(),
    })?;
    let mut parts = vec![own];
    if rule.then.on_amendment == AmendmentPolicy::EffectiveDated {
        for later in case.later_versions() {
            // An amendment that ends the calendar leaves the open tickets on the one they have.
            let Some(next) = part(&later.terms, label, facts, Some(later.effective)) else { continue };
            if parts.last().is_some_and(|last| last.calendar != next.calendar) {
                parts.push(next);
            }
        }
    }
    Ok(parts)
}

fn part<'a>(terms: &'a terms::Terms, label: &str, facts: &Facts, from: Option<Date>) -> Option<Part<'a>> {
    match terms.calendar(label, facts) {
        Some(rule) => Some(Part { from, rule: Some(rule), calendar: Cow::Borrowed(&rule.then) }),
        None if label == ALWAYS => {
            Some(Part { from, rule: None, calendar: Cow::Owned(Calendar::always(&*terms.zone)) })
        }
        None => None,
    }
}
