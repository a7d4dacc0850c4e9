//! What a call is multiplied by: at night, on a public holiday, by who took it, for its priority.

use base::fraction::{Fraction, Rounding, RoundingMode};
use jiff::Timestamp;
use terms::{CallWeight, Dimension, Facts, WeighedWhen};

use super::{Call, Drawn};
use crate::calendar;
use crate::period::local_date;

/// The greatest weight of the rule that holds when the call begins, and whether others did too; `None`:
/// the call counts once. Weights never multiply one another.
pub(super) fn of<'a>(drawn: Drawn<'a>, call: &Call) -> Option<(&'a CallWeight, bool)> {
    let holding = || drawn.rule.then.weights.iter().filter(|w| holds(drawn, &w.when, call));
    // Of two as great, the first written says why.
    let greatest = holding().reduce(|best, next| if next.weight > best.weight { next } else { best })?;
    Some((greatest, holding().count() > 1))
}

fn holds(drawn: Drawn<'_>, when: &WeighedWhen, call: &Call) -> bool {
    let named = |label: &str| drawn.terms.calendar(label, &facts(drawn, call)).map(|rule| &rule.then);
    // A calendar that says nothing of the instant makes nothing count more: the compiler refuses one that
    // is unknown, or whose zone is.
    let ask = |label: &str, question: fn(&terms::Calendar, Timestamp) -> _| -> Option<bool> {
        let answer: Result<bool, calendar::CalendarError> = question(named(label)?, call.at);
        answer.ok()
    };
    match when {
        WeighedWhen::Within(label) => ask(label, calendar::open_at) == Some(true),
        WeighedWhen::Outside(label) => ask(label, calendar::open_at) == Some(false),
        WeighedWhen::HolidaysOf(label) => ask(label, calendar::holiday_at) == Some(true),
        WeighedWhen::Role(role) => call.roles.contains(role),
        WeighedWhen::Priority(priority) => call.priority.as_deref() == Some(priority),
    }
}

/// What is known of a call once it is recorded: by these facts its calendar's exceptions are chosen.
fn facts(drawn: Drawn<'_>, call: &Call) -> Facts {
    let facts = Facts { date: Some(local_date(drawn.terms, call.at)), ..Facts::default() };
    match &call.priority {
        Some(priority) => facts.with(Dimension::Priority, priority.clone()),
        None => facts,
    }
}

/// So many tickets or minutes, weighed, up to the next whole one.
pub(super) fn weighed(count: u32, weight: Fraction) -> u32 {
    let up = Rounding { digits: 0, mode: RoundingMode::Up };
    let weighed = up.scaled(Fraction::from_integer(i128::from(count)) * weight);
    u32::try_from(weighed).unwrap_or(u32::MAX)
}
