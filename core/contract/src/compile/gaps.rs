//! Gaps: cases for which a promise that the contract makes has no rule.
//!
//! The cases are a box over the values that guards name; each rule takes its box away; what is left
//! is the gap. Dates are cut where guards cut them, from the contract's first day on.

use std::collections::{BTreeMap, BTreeSet};

use base::{Lang, lang};
use jiff::civil::Date;
use terms::{Dimension, Guard, Promise};

use super::Compiler;
use super::guards::Declared;
use crate::clauses::Clause;
use crate::diagnostic::Diagnostic;

/// A set of cases: for each dimension its values, and the numbers of the spans of time.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cases<'a> {
    values: BTreeMap<Dimension, BTreeSet<&'a str>>,
    times: BTreeSet<usize>,
}

/// Stands for every value of an open dimension that no guard names.
const OTHERS: &str = "*";
/// Beyond so many boxes cut, the text is hostile rather than subtle: nothing is said of its gaps.
const MOST: usize = 100_000;

pub(super) fn check(c: &mut Compiler) {
    let declared = Declared::of(&c.clauses);
    let first = c.terms.term.as_ref().map(|t| t.then.start);
    let mut found = Vec::new();
    for promise in Promise::ALL {
        let rules: Vec<&Clause> = c
            .clauses
            .iter()
            .filter(|k| k.is("commitment") && k.exception_to.is_none())
            .filter(|k| k.text("promise") == Some(promise.key()))
            .collect();
        let accepted = rules.iter().any(|k| k.default_none) || rules.iter().any(|k| k.always());
        if let (Some(place), false) = (rules.first(), accepted) {
            let guards: Vec<&Guard> = rules.iter().map(|k| &k.when).collect();
            let (gap, times) = gap(&guards, &declared, first);
            if let Some(case) = gap.first() {
                found.push(diagnostic(promise, place, case, &times));
            }
        }
    }
    c.diagnostics.extend(found);
}

/// The spans of time between which guards change: `(first day, day after the last)`.
type Times = Vec<(Option<Date>, Option<Date>)>;

fn times(guards: &[&Guard], first: Option<Date>) -> Times {
    let mut cuts: BTreeSet<Date> = guards.iter().filter_map(|g| g.from).collect();
    cuts.extend(guards.iter().filter_map(|g| g.until?.tomorrow().ok()));
    let cuts: Vec<Date> = cuts.into_iter().filter(|d| first.is_none_or(|f| *d > f)).collect();
    let starts = std::iter::once(first).chain(cuts.iter().copied().map(Some));
    let ends = cuts.iter().copied().map(Some).chain(std::iter::once(None));
    starts.zip(ends).collect()
}

fn gap<'a>(guards: &[&'a Guard], declared: &'a Declared, first: Option<Date>) -> (Vec<Cases<'a>>, Times) {
    let times = times(guards, first);
    let mut values: BTreeMap<Dimension, BTreeSet<&'a str>> = BTreeMap::new();
    for (dimension, named) in guards.iter().flat_map(|g| &g.values) {
        let all = values.entry(*dimension).or_default();
        match declared.values(*dimension) {
            Some(known) => all.extend(known.iter().map(String::as_str)),
            None => {
                all.extend(named.iter().map(String::as_str));
                all.insert(OTHERS);
            }
        }
    }
    let mut left = vec![Cases { values, times: (0..times.len()).collect() }];
    let mut work = 0;
    for guard in guards {
        work += left.len();
        if work > MOST {
            return (Vec::new(), times);
        }
        left = left.iter().flat_map(|cases| without(cases, guard, &times)).collect();
    }
    (left, times)
}

/// The cases that a guard does not take, as disjoint boxes.
fn without<'a>(cases: &Cases<'a>, guard: &Guard, times: &Times) -> Vec<Cases<'a>> {
    let mut rest = cases.clone();
    let mut out = Vec::new();
    for (dimension, taken) in &guard.values {
        let Some(mine) = rest.values.get(dimension) else { continue };
        let (inside, outside): (BTreeSet<&str>, BTreeSet<&str>) =
            mine.iter().partition(|v| taken.contains(**v));
        if !outside.is_empty() {
            let mut left = rest.clone();
            left.values.insert(*dimension, outside);
            out.push(left);
        }
        if inside.is_empty() {
            return vec![cases.clone()];
        }
        rest.values.insert(*dimension, inside);
    }
    let holds = |i: &usize| {
        let (from, end) = times[*i];
        let begun = guard.from.is_none_or(|g| from.is_some_and(|f| g <= f));
        let over = guard.until.is_some_and(|u| end.is_none_or(|e| u < e.yesterday().unwrap_or(e)));
        begun && !over
    };
    let outside: BTreeSet<usize> = rest.times.iter().copied().filter(|i| !holds(i)).collect();
    if !outside.is_empty() {
        out.push(Cases { times: outside, ..rest });
    }
    out
}

fn diagnostic(promise: Promise, place: &Clause, case: &Cases<'_>, times: &Times) -> Diagnostic {
    let name = promise.name();
    let (fr, en) = (describe(Lang::Fr, case, times), describe(Lang::En, case, times));
    Diagnostic::error(
        "E-COMMITMENT-GAP",
        place.label_span,
        format!("aucun délai de {} n'est promis dans ce cas : {fr}", name.fr),
        format!("no {} time is promised in this case: {en}", name.en),
    )
    .help(
        "ajoutez une clause pour ces cas, ou default = \"none\" si les parties n'y promettent rien",
        "add a clause for these cases, or default = \"none\" if the parties promise nothing there",
    )
}

fn describe(lang: Lang, case: &Cases<'_>, times: &Times) -> String {
    let mut parts: Vec<String> = case
        .values
        .iter()
        .map(|(dimension, values)| {
            let values: Vec<&str> = values
                .iter()
                .map(|v| if *v == OTHERS { lang.t("toute autre valeur", "any other value") } else { *v })
                .collect();
            format!("{} = {}", dimension.key(), values.join(", "))
        })
        .collect();
    let days: Vec<String> = case
        .times
        .iter()
        .filter(|_| times.len() > 1)
        .map(|i| match times[*i] {
            (Some(from), _) => lang.t(
                format!("à partir du {}", lang::date(lang, from)),
                format!("from {}", lang::date(lang, from)),
            ),
            (None, Some(end)) => lang.t(
                format!("avant le {}", lang::date(lang, end)),
                format!("before {}", lang::date(lang, end)),
            ),
            (None, None) => String::new(),
        })
        .collect();
    parts.extend(days.into_iter().next());
    parts.join(", ")
}
