//! Sets of cases: what a line of the comparison is true of.

use std::collections::{BTreeMap, BTreeSet};

use base::{Lang, lang};
use jiff::civil::Date;
use serde::Serialize;
use terms::{Dimension, Facts};

/// A box over the dimensions: every dimension named has one of its values, the day is one of the spans.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Cases {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<Dimension, Values>,
    /// In order and apart; empty: every day.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Days>,
}

/// The values of one dimension.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Values {
    pub only: BTreeSet<String>,
    /// Every value but these as well; `None`: none but `only`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub any_but: Option<BTreeSet<String>>,
    /// The case in which the value is not known.
    pub unknown: bool,
}

/// A span of days, both included; `None`: without a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Days {
    pub from: Option<Date>,
    pub until: Option<Date>,
}

/// The names a contract gives to the values of its dimensions, as `terms::Terms::names`.
pub type Names = BTreeMap<String, BTreeMap<String, String>>;

impl Values {
    pub fn one(value: &str) -> Values {
        Values { only: BTreeSet::from([value.to_owned()]), ..Values::default() }
    }

    pub fn contains(&self, value: Option<&str>) -> bool {
        match value {
            None => self.unknown,
            Some(v) => self.only.contains(v) || self.any_but.as_ref().is_some_and(|but| !but.contains(v)),
        }
    }

    /// All of the sets at once; `None`: they are every value there is.
    pub(super) fn together<'a>(sets: impl IntoIterator<Item = &'a Values>) -> Option<Values> {
        let mut all = Values::default();
        for set in sets {
            all.unknown |= set.unknown;
            all.only.extend(set.only.iter().cloned());
            all.any_but = match (all.any_but.take(), &set.any_but) {
                (Some(a), Some(b)) => Some(a.intersection(b).cloned().collect()),
                (a, b) => a.or_else(|| b.clone()),
            };
        }
        if let Some(but) = &mut all.any_but {
            but.retain(|value| !all.only.contains(value));
            all.only.clear();
        }
        (!all.is_any()).then_some(all)
    }

    /// Every value, known or not.
    fn is_any(&self) -> bool {
        self.unknown && self.any_but.as_ref().is_some_and(BTreeSet::is_empty)
    }

    /// A value of the set that is spelt like none of the contract's; `None`: the unknown one.
    fn sample(&self) -> Option<String> {
        if let Some(first) = self.only.iter().next() {
            return Some(first.clone());
        }
        // Longer than each that is excepted, so none of them.
        let longest = self.any_but.as_ref()?.iter().max_by_key(|v| v.len()).cloned().unwrap_or_default();
        Some(format!("{longest}*"))
    }
}

impl Cases {
    pub fn contains(&self, facts: &Facts) -> bool {
        let values = self.values.iter().all(|(dimension, values)| values.contains(facts.get(*dimension)));
        let days = self.days.is_empty()
            || facts.date.is_some_and(|date| self.days.iter().any(|span| span.contains(date)));
        values && days
    }

    /// One case of the set.
    pub fn sample(&self) -> Facts {
        let mut facts = Facts::default();
        for (dimension, values) in &self.values {
            if let Some(value) = values.sample() {
                facts.values.insert(*dimension, value);
            }
        }
        let any_day = jiff::civil::date(2026, 1, 1);
        facts.date = Some(self.days.first().and_then(|span| span.from.or(span.until)).unwrap_or(any_day));
        facts
    }

    /// The two sets as one box, when they differ in one dimension only.
    fn merged(&self, other: &Cases) -> Option<Cases> {
        let mine = self.values.iter().filter(|(d, v)| other.values.get(d) != Some(v)).map(|(d, _)| *d);
        let theirs = other.values.keys().filter(|d| !self.values.contains_key(d)).copied();
        // A third that differs would change nothing.
        let differ: Vec<Dimension> = mine.chain(theirs).take(2).collect();
        match (&differ[..], self.days == other.days) {
            ([], true) => Some(self.clone()),
            ([], false) => {
                let days = joined(self.days.iter().chain(&other.days).copied().collect());
                Some(Cases { values: self.values.clone(), days })
            }
            ([one], true) => {
                let mut values = self.values.clone();
                match (self.values.get(one), other.values.get(one)) {
                    (Some(a), Some(b)) => match Values::together([a, b]) {
                        Some(both) => values.insert(*one, both),
                        None => values.remove(one),
                    },
                    _ => values.remove(one),
                };
                Some(Cases { values, days: self.days.clone() })
            }
            _ => None,
        }
    }

    /// « priorité P1, site Strasbourg », « dans tous les cas ».
    pub fn show(&self, lang: Lang, names: &Names) -> String {
        let named_item = self.values.get(&Dimension::Item).is_some_and(|v| !v.only.is_empty());
        let mut parts: Vec<String> = self
            .values
            .iter()
            // The class of a named item is the item's own affair.
            .filter(|(d, _)| !(named_item && **d == Dimension::ItemClass))
            .map(|(dimension, values)| show_values(lang, *dimension, values, names))
            .collect();
        if !self.days.is_empty() {
            let spans: Vec<String> = self.days.iter().map(|d| d.show(lang)).collect();
            parts.push(spans.join(lang.t(" et ", " and ")));
        }
        if parts.is_empty() {
            return lang.t("dans tous les cas", "in every case").to_owned();
        }
        parts.join(", ")
    }
}

/// Boxes of the same thing said, merged while two of them make one.
///
/// Only a box that grew may meet one that it could not meet before: the others are not tried again.
pub(super) fn merge<K: PartialEq>(boxes: Vec<(Cases, K)>) -> Vec<(Cases, K)> {
    let mut boxes: Vec<Option<(Cases, K)>> = boxes.into_iter().map(Some).collect();
    let mut at = 0;
    while at < boxes.len() {
        if !grow(&mut boxes, at, at + 1) {
            at += 1;
            continue;
        }
        while let Some((earlier, one)) = (0..at).find_map(|k| Some((k, meeting(&boxes, k, at)?))) {
            put(&mut boxes, earlier, one, at);
            grow(&mut boxes, earlier, at);
            at = earlier;
        }
    }
    boxes.into_iter().flatten().collect()
}

/// Merges into a box those from `from` on that make one with it; whether there was any.
fn grow<K: PartialEq>(boxes: &mut [Option<(Cases, K)>], at: usize, from: usize) -> bool {
    let mut grown = false;
    for other in from..boxes.len() {
        if let Some(one) = meeting(boxes, at, other) {
            put(boxes, at, one, other);
            grown = true;
        }
    }
    grown
}

fn meeting<K: PartialEq>(boxes: &[Option<(Cases, K)>], a: usize, b: usize) -> Option<Cases> {
    let ((x, said), (y, also)) = (boxes[a].as_ref()?, boxes[b].as_ref()?);
    if said == also { x.merged(y) } else { None }
}

fn put<K>(boxes: &mut [Option<(Cases, K)>], at: usize, one: Cases, gone: usize) {
    if let Some((cases, _)) = &mut boxes[at] {
        *cases = one;
    }
    boxes[gone] = None;
}

pub(super) fn joined(mut spans: Vec<Days>) -> Vec<Days> {
    spans.sort();
    let mut out: Vec<Days> = Vec::new();
    for span in spans {
        match out.last_mut() {
            Some(last)
                if last.until.is_none_or(|until| {
                    span.from.is_none_or(|from| until.tomorrow().is_ok_and(|n| from <= n))
                }) =>
            {
                last.until = match (last.until, span.until) {
                    (Some(a), Some(b)) => Some(a.max(b)),
                    _ => None,
                };
            }
            _ => out.push(span),
        }
    }
    if out == [Days { from: None, until: None }] { Vec::new() } else { out }
}

impl Days {
    pub fn contains(self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.until.is_none_or(|until| date <= until)
    }

    fn show(self, lang: Lang) -> String {
        match (self.from, self.until) {
            (Some(from), Some(until)) => {
                let (from, until) = (lang::date(lang, from), lang::date(lang, until));
                lang.t(format!("du {from} au {until} inclus"), format!("from {from} to {until} inclusive"))
            }
            (Some(from), None) => {
                let from = lang::date(lang, from);
                lang.t(format!("à partir du {from}"), format!("from {from}"))
            }
            (None, Some(until)) => {
                let until = lang::date(lang, until);
                lang.t(format!("jusqu'au {until} inclus"), format!("until {until} inclusive"))
            }
            (None, None) => lang.t("tous les jours", "every day").to_owned(),
        }
    }
}

fn show_values(lang: Lang, dimension: Dimension, values: &Values, names: &Names) -> String {
    let noun = noun(lang, dimension);
    let name = |v: &String| {
        names.get(dimension.key()).and_then(|of| of.get(v)).map_or_else(|| v.clone(), String::clone)
    };
    let list = |set: &BTreeSet<String>, word: &str| {
        let shown: Vec<String> = set.iter().map(name).collect();
        match &shown[..] {
            [] => String::new(),
            [one] => one.clone(),
            [head @ .., last] => format!("{} {word} {last}", head.join(", ")),
        }
    };
    let (or, and) = (lang.t("ou", "or"), lang.t("et", "and"));
    let unknown = lang.t("non précisé", "not stated");
    match &values.any_but {
        Some(but) if but.is_empty() => format!("{noun} {}", lang.t("quelconque", "whatever")),
        Some(but) => format!("{noun} {} {}", lang.t("hors", "other than"), list(but, and)),
        None if values.only.is_empty() => format!("{noun} {unknown}"),
        None if values.unknown => format!("{noun} {} {or} {unknown}", list(&values.only, or)),
        None => format!("{noun} {}", list(&values.only, or)),
    }
}

/// « priorité », “priority”.
fn noun(lang: Lang, dimension: Dimension) -> &'static str {
    let (fr, en) = match dimension {
        Dimension::Priority => ("priorité", "priority"),
        Dimension::Impact => ("impact", "impact"),
        Dimension::Urgency => ("urgence", "urgency"),
        Dimension::Kind => ("nature", "kind"),
        Dimension::Level => ("niveau", "level"),
        Dimension::Role => ("rôle", "role"),
        Dimension::Site => ("site", "site"),
        Dimension::Service => ("service", "service"),
        Dimension::ItemClass => ("classe", "class"),
        Dimension::Item => ("élément", "item"),
        Dimension::Channel => ("canal", "channel"),
        Dimension::Country => ("pays", "country"),
        Dimension::Operation => ("opération", "operation"),
        Dimension::Audience => ("public", "audience"),
    };
    lang.t(fr, en)
}
