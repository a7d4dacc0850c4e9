//! What opens a right: a will, a breach, an event, misses in a row, a cap reached again and again.

use base::fraction::Fraction;
use base::lang::{date as day, percent};
use base::{Lang, Reason};
use jiff::Span as Step;
use jiff::civil::Date;
use terms::Rule;
use terms::right::{Right, RightTrigger};

use super::{LifeFacts, PeriodFigure, after};
use crate::period::Span;
use crate::say::say;

/// The day the trigger happened; its reasons are added.
pub(super) fn triggered(
    rule: &Rule<Right>,
    facts: &LifeFacts,
    on: Date,
    reasons: &mut Vec<Reason>,
) -> Option<Date> {
    let past = |date: &Date| *date <= on;
    match &rule.then.trigger {
        RightTrigger::Will => Some(Date::MIN),
        RightTrigger::Breach => facts.breaches.iter().copied().filter(past).min(),
        RightTrigger::ForceMajeure { longer_than } => {
            after(facts.force_majeure_since?, *longer_than).filter(past)
        }
        RightTrigger::Event { event } => {
            facts.events.iter().filter(|(e, d)| e == event && past(d)).map(|(_, d)| *d).max()
        }
        RightTrigger::Authority => facts.authority.filter(past),
        // The figures are those of the clause, so of its period.
        RightTrigger::Missed { objective, under, times, of, .. } => {
            missed(facts, objective, *under, (*times, *of), on, reasons)
        }
        RightTrigger::CapReached { times, of } => capped(&facts.capped_months, (*times, *of), on, reasons),
    }
}

/// The day after the period that made `times` misses in the last `of`, while that still holds.
fn missed(
    facts: &LifeFacts,
    label: &str,
    under: Fraction,
    (times, of): (u32, u32),
    on: Date,
    reasons: &mut Vec<Reason>,
) -> Option<Date> {
    let mut periods: Vec<&PeriodFigure> =
        facts.figures.iter().filter(|f| f.label == label && f.period.last() < on).collect();
    periods.sort_by_key(|f| f.period.first);
    let of = usize::try_from(of).unwrap_or(usize::MAX);
    let mut since = None;
    for end in 1..=periods.len() {
        let window = &periods[end.saturating_sub(of)..end];
        let misses = window.iter().filter(|f| f.reached < under).count();
        let enough = misses >= usize::try_from(times).unwrap_or(usize::MAX);
        since = match (enough, since) {
            (true, None) => Some(periods[end - 1].period.next),
            (true, already) => already,
            (false, _) => None,
        };
    }
    let window = &periods[periods.len().saturating_sub(of)..];
    reasons.push(say("right.measured", |lang| {
        let figures: Vec<String> = window
            .iter()
            .map(|f| format!("{} {}", day(lang, f.period.last()), percent(lang, f.reached)))
            .collect();
        let (under, figures) = (percent(lang, under), figures.join(lang.t("\u{202f}; ", "; ")));
        lang.t(
            format!(
                "[{label}] sous {under} dans {times} des {of} dernières périodes : {}.",
                none(lang, &figures)
            ),
            format!("[{label}] under {under} in {times} of the last {of} periods: {}.", none(lang, &figures)),
        )
    }));
    since
}

fn none(lang: Lang, text: &str) -> String {
    if text.is_empty() {
        lang.t("rien de mesuré encore", "nothing measured yet").to_owned()
    } else {
        text.to_owned()
    }
}

fn capped(months: &[Date], (times, of): (u32, u32), on: Date, reasons: &mut Vec<Reason>) -> Option<Date> {
    let mut ends: Vec<Date> = months.iter().map(|d| Span::month(*d).last()).filter(|d| *d < on).collect();
    ends.sort_unstable();
    ends.dedup();
    let back =
        |end: Date| Span::month(end).first.checked_sub(Step::new().try_months(i64::from(of) - 1).ok()?).ok();
    let since = ends
        .iter()
        .rfind(|end| {
            let first = back(**end);
            let count = ends.iter().filter(|d| *d <= *end && first.is_some_and(|f| **d >= f)).count();
            count >= usize::try_from(times).unwrap_or(usize::MAX)
        })
        .map(|end| end.tomorrow().unwrap_or(*end));
    reasons.push(say("right.capped", |lang| {
        let count = ends.len();
        lang.t(
            format!("Plafond de pénalités atteint {count} mois, pour {times} sur {of} exigés."),
            format!("Cap of penalties reached in {count} months; {times} of {of} are needed."),
        )
    }));
    since
}
