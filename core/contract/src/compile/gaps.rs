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

impl Cases<'_> {
    /// What cutting it costs.
    fn size(&self) -> usize {
        self.times.len() + self.values.values().map(BTreeSet::len).sum::<usize>()
    }
}

/// Stands for every value of an open dimension that no guard names.
const OTHERS: &str = "*";
/// Beyond so many values of boxes looked at, the work is given up and the text is told so: it is done at
/// each pause of typing, and 700 rules told apart by one dimension stay below.
const MOST: usize = 500_000;

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
            let times = times(&guards, first);
            match gap(&guards, &declared, &times) {
                Err(TooMany) => found.push(entangled(promise, place)),
                Ok(gap) => found.extend(gap.first().map(|case| diagnostic(promise, place, case, &times))),
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

/// There are too many cases to look at each.
struct TooMany;

fn gap<'a>(guards: &[&'a Guard], declared: &'a Declared, times: &Times) -> Result<Vec<Cases<'a>>, TooMany> {
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
        work += left.iter().map(Cases::size).sum::<usize>();
        if work > MOST {
            return Err(TooMany);
        }
        left = left.iter().flat_map(|cases| without(cases, guard, times)).collect();
    }
    Ok(left)
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

/// Nobody can say whether some case is left without a rule: the parties must not believe that it was
/// checked.
fn entangled(promise: Promise, place: &Clause) -> Diagnostic {
    let name = promise.name();
    Diagnostic::warning(
        "W-COMMITMENT-ENTANGLED",
        place.label_span,
        format!(
            "les conditions des délais de {} s'enchevêtrent trop : on n'a pas pu vérifier que chaque cas en a un",
            name.fr
        ),
        format!(
            "the conditions of {} times are too entangled: it could not be checked that each case has one",
            name.en
        ),
    )
    .help(
        "ajoutez une règle générale sans when, dont les autres sont des exceptions, ou default = \"none\" si les parties ne promettent rien pour les cas restants",
        "add a general rule without when, which the others except, or default = \"none\" if the parties promise nothing for the remaining cases",
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
