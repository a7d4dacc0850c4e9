//! Which clauses bind on a day, when no case is at hand: the dates of their guards only.

use jiff::civil::Date;
use terms::term::Renewal;
use terms::{History, Rule, Terms};

use crate::period::Span;

/// The rules whose dates hold on the day, without those that another of them excepts.
///
/// A fee or a cap has no ticket to compare a priority with, so the other dimensions are not read.
pub(crate) fn in_force<T>(rules: &[Rule<T>], date: Date) -> Vec<&Rule<T>> {
    let dated: Vec<&Rule<T>> = rules.iter().filter(|r| holds(r, date)).collect();
    let label_holds = |label: &str| dated.iter().any(|r| r.label() == label);
    let bound: Vec<&Rule<T>> =
        dated.iter().copied().filter(|r| r.exception_to.as_deref().is_none_or(label_holds)).collect();
    let excepted =
        |rule: &Rule<T>| bound.iter().any(|other| other.exception_to.as_deref() == Some(rule.label()));
    bound.iter().copied().filter(|r| !excepted(r)).collect()
}

fn holds<T>(rule: &Rule<T>, date: Date) -> bool {
    rule.when.from.is_none_or(|from| from <= date) && rule.when.until.is_none_or(|until| date <= until)
}

/// The terms that bind on a day: `None` before the contract's start and after an end that nothing renews.
pub(crate) fn binding(history: &History, date: Date) -> Option<&Terms> {
    let terms = &history.at(date)?.terms;
    let Some(term) = &terms.term else { return Some(terms) };
    let ended =
        !matches!(term.then.renewal, Renewal::Tacit { .. }) && term.then.end().is_some_and(|end| date > end);
    (date >= term.then.start && !ended).then_some(terms)
}

/// The last day of the span on which the contract binds; `None`: it never does.
pub(crate) fn last_bound(history: &History, span: Span) -> Option<Date> {
    let mut day = span.last();
    while day >= span.first {
        if binding(history, day).is_some() {
            return Some(day);
        }
        day = day.yesterday().ok()?;
    }
    None
}
