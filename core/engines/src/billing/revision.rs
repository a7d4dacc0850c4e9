//! Price revision: from the series of an index to the prices in force after each anniversary.
//!
//! Conventions:
//! - The coefficient is rounded first, if the clause says so; then the direction, the cap and the floor
//!   bound it, so that no rounding passes a cap.
//! - The prices written in the contract and in its amendments are those of the signature: every revision
//!   up to the day applies to them, whichever text they stand in.
//! - While the index of an anniversary is not known, the price in force goes on; the statement says so.

use std::borrow::Cow;

use base::fraction::{self, Fraction};
use base::{Because, Reason};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::revision::{IndexPick, LinkMethod, PriceRevision, RevisionDirection, RevisionReference};
use terms::{History, Rule, Terms, Version};

use crate::in_force::in_force;
use crate::period::Span;

mod explain;
mod prices;

pub use prices::amount;

/// The values of an index, as its publisher gives them: data handed to the engine, with their source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexSeries {
    /// As the clause names it.
    pub index: String,
    /// Where the values were read.
    pub source: String,
    pub values: Vec<IndexValue>,
}

/// One month's value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexValue {
    /// Any day of the month it is the value of.
    pub month: Date,
    #[serde(with = "fraction::text")]
    pub value: Fraction,
    /// The day it was published.
    pub published_on: Date,
    /// The base it is computed on, `2010` or `revised`: two bases do not compare without a link.
    #[serde(default)]
    pub base: String,
}

/// What one anniversary gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coefficient {
    /// The clause's label.
    pub clause: String,
    /// The anniversary.
    pub on: Date,
    pub s0: IndexValue,
    pub s1: IndexValue,
    /// By the formula, exact.
    #[serde(with = "fraction::text")]
    pub exact: Fraction,
    /// Rounded, then bounded by direction, cap and floor: what prices are multiplied by.
    #[serde(with = "fraction::text")]
    pub kept: Fraction,
}

/// The coefficient of the anniversary `on`; the value is `None` when the series do not allow it, and
/// the reason says what is missing.
pub fn coefficient(
    rule: &Rule<PriceRevision>,
    series: &[IndexSeries],
    on: Date,
) -> Because<Option<Coefficient>> {
    let clause = &rule.then;
    let Some(series) = series.iter().find(|s| s.index == clause.index) else {
        return Because::new(None, vec![explain::no_series(rule, on)]);
    };
    let (base_on, base_pick) = base_of(clause, on);
    let (Some(s0), Some(s1)) = (series.pick(base_pick, base_on), series.pick(clause.s1, on)) else {
        return Because::new(None, vec![explain::no_value(rule, on)]);
    };
    let Some(ratio) = ratio(clause, s0, s1) else {
        return Because::new(None, vec![explain::no_link(rule, s0, s1)]);
    };
    let exact = clause.fixed + clause.variable * ratio;
    let rounded = clause.coefficient_rounding.map_or(exact, |rounding| rounding.apply(exact));
    let kept = bounded(clause, rounded);
    let value =
        Coefficient { clause: rule.label().to_owned(), on, s0: s0.clone(), s1: s1.clone(), exact, kept };
    let reasons = explain::of(rule, &series.source, &value, rounded);
    Because::new(Some(value), reasons)
}

/// The coefficients of every anniversary up to `until`, in order; those that cannot be computed yet are
/// left out, with the reason.
pub fn coefficients(
    rule: &Rule<PriceRevision>,
    series: &[IndexSeries],
    until: Date,
) -> Because<Vec<Coefficient>> {
    let mut reasons = Vec::new();
    let mut all = Vec::new();
    for on in rule.then.anniversaries(until) {
        let one = coefficient(rule, series, on);
        reasons.extend(one.reasons);
        all.extend(one.value);
    }
    Because::new(all, reasons)
}

/// The history with the prices in force after each anniversary up to `until`, and the coefficients of
/// the last anniversary of each clause in force that day, or why there are none.
///
/// A revision makes no new text: the versions it adds bear the hash of the version they revise.
pub fn revised<'a>(history: &'a History, series: &[IndexSeries], until: Date) -> Because<Cow<'a, History>> {
    let Some(last) = history.at(until).map(|v| &v.terms) else {
        return Because::new(Cow::Borrowed(history), Vec::new());
    };
    let reasons = in_force(&last.price_revisions, until)
        .into_iter()
        .filter_map(|rule| Some(coefficient(rule, series, rule.then.anniversaries(until).last()?).reasons))
        .flatten()
        .collect();
    if history.versions.iter().all(|v| v.terms.price_revisions.is_empty()) {
        return Because::new(Cow::Borrowed(history), reasons);
    }
    let mut versions = Vec::new();
    for (nth, version) in history.versions.iter().enumerate() {
        let next = history.versions.get(nth + 1).map_or(Date::MAX, |v| v.effective);
        let mut days: Vec<Date> = version
            .terms
            .price_revisions
            .iter()
            .flat_map(|rule| rule.then.anniversaries(until))
            .filter(|day| version.effective < *day && *day < next)
            .collect();
        days.push(version.effective);
        days.sort();
        days.dedup();
        versions.extend(days.into_iter().map(|effective| Version {
            hash: version.hash.clone(),
            effective,
            terms: terms_on(&version.terms, series, effective),
        }));
    }
    Because::new(Cow::Owned(History { versions }), reasons)
}

/// The terms with the prices in force on a day, and the reasons of every revision up to it.
pub fn revised_terms(terms: &Terms, series: &[IndexSeries], day: Date) -> Because<Terms> {
    let reasons: Vec<Reason> = in_force(&terms.price_revisions, day)
        .into_iter()
        .flat_map(|rule| coefficients(rule, series, day).reasons)
        .collect();
    Because::new(terms_on(terms, series, day), reasons)
}

fn terms_on(terms: &Terms, series: &[IndexSeries], day: Date) -> Terms {
    let mut out = terms.clone();
    for rule in in_force(&terms.price_revisions, day) {
        let coefficients = coefficients(rule, series, day).value;
        if !coefficients.is_empty() {
            prices::revise(&mut out, &rule.then, &coefficients, day);
        }
    }
    out
}

/// The day and the rule by which S0 is read for the anniversary `on`.
fn base_of(clause: &PriceRevision, on: Date) -> (Date, IndexPick) {
    let before = clause.anniversaries(on).take_while(|day| *day < on).last();
    match (clause.reference, before) {
        (RevisionReference::Previous, Some(before)) => (before, clause.s1),
        _ => (clause.base_on, clause.s0),
    }
}

impl IndexSeries {
    fn pick(&self, pick: IndexPick, day: Date) -> Option<&IndexValue> {
        // A series outside these bounds is a typing mistake, and would not multiply exactly.
        let sound = |v: &&IndexValue| {
            let top = Fraction::from_integer(1_000_000);
            v.value > Fraction::from_integer(0) && v.value < top && *v.value.denom() <= 1_000_000
        };
        let all = self.values.iter().filter(sound);
        match pick {
            IndexPick::LastPublished => {
                all.filter(|v| v.published_on <= day).max_by_key(|v| (v.month, v.published_on))
            }
            IndexPick::OfMonth => {
                all.filter(|v| Span::month(day).contains(v.month)).max_by_key(|v| v.published_on)
            }
        }
    }
}

/// S1 / S0 on one base; `None` when the bases differ and the clause does not say how to link them.
fn ratio(clause: &PriceRevision, s0: &IndexValue, s1: &IndexValue) -> Option<Fraction> {
    if s0.base == s1.base {
        return Some(s1.value / s0.value);
    }
    let link = clause.link?;
    Some(match link.method {
        LinkMethod::ConvertBase => s1.value / (s0.value * link.value),
        LinkMethod::Ignore => s1.value / s0.value,
        LinkMethod::ApplyToNew => s1.value * link.value / s0.value,
    })
}

fn bounded(clause: &PriceRevision, coefficient: Fraction) -> Fraction {
    let one = Fraction::from_integer(1);
    let mut kept = coefficient;
    if clause.direction == RevisionDirection::UpOnly {
        kept = kept.max(one);
    }
    if let Some(cap) = clause.cap {
        kept = kept.min(one + cap);
    }
    if let Some(floor) = clause.floor {
        kept = kept.max(one - floor);
    }
    kept
}
