//! Items and classes that are in, out or shared on one side and otherwise on the other.
//!
//! Coverage is not settled by exceptions alone: an item named beats its class, and the stricter of two
//! statements wins. So the engine itself is asked, on one case of each group that the texts tell apart,
//! and only where a statement that changed has something to say.

use std::collections::{BTreeMap, BTreeSet};

use base::{Bilingual, Provenance};
use engines::perimeter::{self, Covered, Decision};
use jiff::civil::Date;
use terms::{Dimension, Facts, PerimeterEntry, Rule, Terms};

use super::boxes::{Closed, TooMany};
use super::cases::{Cases, Days, Values, merge};
use super::meaning::{Answer, CaseChange, Question};
use super::words;

/// The engine is asked about so many cases at most.
const MOST_CASES: usize = 20_000;
/// Beyond so many of them that differ, they are not put together again.
const MOST_DIFFERING: usize = 3_000;
/// The cases name so many items at most between them.
const MOST_NAMED: usize = 300_000;
/// What the engine may look at in all: an item or a site of a statement, for one case.
const MOST_LOOKS: usize = 30_000_000;

/// What the perimeter says of a case, without its reasons.
pub(super) fn key(terms: &Terms, facts: &Facts) -> String {
    let Decision { covered, sensitive, .. } = decide(terms, facts).0;
    format!("{covered:?} {sensitive}")
}

/// The cases in which coverage differs.
pub(super) fn boxes(a: &Terms, b: &Terms, closed: &Closed) -> Result<Vec<CaseChange>, TooMany> {
    let changed = changed(a, b);
    if changed.is_empty() {
        return Ok(Vec::new());
    }
    let axes = Axes::new(a, b, &changed, closed);
    let (count, looks) = (axes.count(), looks(a).saturating_add(looks(b)));
    if count > MOST_CASES || axes.named() > MOST_NAMED || count.saturating_mul(looks) > MOST_LOOKS {
        return Err(TooMany);
    }
    let mut found = Vec::new();
    axes.each(&mut |cases| {
        let facts = cases.sample();
        let ((x, was), (y, is)) = (decide(a, &facts), decide(b, &facts));
        if (&x.covered, x.sensitive) != (&y.covered, y.sensitive) {
            found.push((cases.clone(), (says(&x), was, says(&y), is)));
        }
    });
    if found.len() > MOST_DIFFERING {
        return Err(TooMany);
    }
    let answer = |says, clause| Answer { says, clause };
    let whole = |cases: &mut Cases| {
        cases.values.retain(|d, values| closed.get(d).is_none_or(|known| !known.is_subset(&values.only)));
    };
    Ok(merge(found)
        .into_iter()
        .map(|(mut cases, change)| {
            // Every site of the contract is no condition.
            whole(&mut cases);
            (cases, change)
        })
        .map(|(cases, (was, from, is, to))| CaseChange {
            question: Question::Perimeter,
            cases,
            before: answer(was, from),
            after: answer(is, to),
        })
        .collect())
}

/// What the engine looks at to decide one case.
fn looks(terms: &Terms) -> usize {
    terms.perimeter.iter().map(|r| 1 + r.then.items.len() + r.then.sites.len()).sum()
}

fn decide(terms: &Terms, facts: &Facts) -> (Decision, Option<Provenance>) {
    let mut facts = facts.clone();
    facts.values.remove(&Dimension::Operation);
    let because = perimeter::decide(terms, &facts, 0);
    let clause = because.reasons.iter().find_map(|r| r.cites.clone());
    (because.value, clause)
}

fn says(decision: &Decision) -> Bilingual {
    words::both(|lang| {
        let place = match &decision.covered {
            Covered::In => lang.t("dans le périmètre", "inside the perimeter").to_owned(),
            Covered::Out => lang.t("hors du périmètre", "outside the perimeter").to_owned(),
            Covered::Shared { third_party } => {
                let third = third_party.as_deref().unwrap_or(lang.t("un tiers", "a third party"));
                lang.t(format!("partagé avec {third}"), format!("shared with {third}"))
            }
        };
        let care = if decision.sensitive { lang.t(", signalé sensible", ", marked sensitive") } else { "" };
        place + care
    })
}

/// What a statement says, and what the one that it excepts says.
type Said = (String, Option<String>);

/// The statements that one side makes and the other does not, whatever their labels.
fn changed<'a>(a: &'a Terms, b: &'a Terms) -> Vec<&'a Rule<PerimeterEntry>> {
    // How many are covered is a matter for the price, not for the case at hand.
    let own = |rule: &Rule<PerimeterEntry>| {
        let then = PerimeterEntry { count: None, ..rule.then.clone() };
        serde_json::json!([then, rule.when]).to_string()
    };
    let said = |terms: &'a Terms| -> Vec<(&'a Rule<PerimeterEntry>, Said)> {
        let mut of_label: BTreeMap<&str, String> = BTreeMap::new();
        for rule in &terms.perimeter {
            of_label.entry(rule.label()).or_insert_with(|| own(rule));
        }
        let parent = |rule: &Rule<PerimeterEntry>| of_label.get(rule.exception_to.as_deref()?).cloned();
        terms.perimeter.iter().map(|rule| (rule, (own(rule), parent(rule)))).collect()
    };
    let (x, y) = (said(a), said(b));
    let all = |said: &[(_, Said)]| -> BTreeSet<Said> { said.iter().map(|(_, what)| what.clone()).collect() };
    let (of_x, of_y) = (all(&x), all(&y));
    let only_x = x.iter().filter(|(_, what)| !of_y.contains(what));
    let only_y = y.iter().filter(|(_, what)| !of_x.contains(what));
    only_x.chain(only_y).map(|(rule, _)| *rule).collect()
}

/// What a request may be about, and the values and days that statements about it tell apart.
struct Axes {
    /// An item and its class, as values; items that no statement tells apart go together.
    subjects: Vec<(Values, Option<String>)>,
    others: Vec<(Dimension, Vec<Values>)>,
    days: Vec<Days>,
}

impl Axes {
    fn new(a: &Terms, b: &Terms, changed: &[&Rule<PerimeterEntry>], closed: &Closed) -> Axes {
        let all: Vec<&Rule<PerimeterEntry>> = a.perimeter.iter().chain(&b.perimeter).collect();
        let subjects = subjects(&all, changed);
        // Statements about other classes and items have no part in it.
        let items: BTreeSet<&String> = subjects.iter().flat_map(|(items, _)| &items.only).collect();
        let classes: BTreeSet<&String> = subjects.iter().filter_map(|(_, class)| class.as_ref()).collect();
        let about: Vec<&Rule<PerimeterEntry>> = all
            .into_iter()
            .filter(|r| {
                r.then.items.iter().any(|i| items.contains(i))
                    || r.then.class.as_ref().is_some_and(|c| classes.contains(c))
            })
            .collect();
        let mut named: BTreeMap<Dimension, BTreeSet<String>> = BTreeMap::new();
        let mut cuts: BTreeSet<Date> = BTreeSet::new();
        for rule in &about {
            if !rule.then.sites.is_empty() {
                named.entry(Dimension::Site).or_default().extend(rule.then.sites.iter().cloned());
            }
            for (dimension, values) in &rule.when.values {
                named.entry(*dimension).or_default().extend(values.iter().cloned());
            }
            cuts.extend(rule.when.from);
            cuts.extend(rule.when.until.and_then(|u| u.tomorrow().ok()));
        }
        named.remove(&Dimension::Item);
        named.remove(&Dimension::ItemClass);
        let others = named
            .into_iter()
            .map(|(dimension, mut values)| {
                let known = closed.get(&dimension);
                values.extend(known.into_iter().flatten().cloned());
                let mut groups: Vec<Values> = values.iter().map(|v| Values::one(v)).collect();
                if known.is_none() {
                    // A site that is not known meets every statement about a site, as the engine reads it.
                    groups.push(Values { unknown: true, ..Values::default() });
                    groups.push(Values { any_but: Some(values), ..Values::default() });
                }
                (dimension, groups)
            })
            .collect();
        let starts = std::iter::once(None).chain(cuts.iter().copied().map(Some));
        let ends = cuts.iter().map(|c| c.yesterday().ok()).chain(std::iter::once(None));
        let days = starts.zip(ends).map(|(from, until)| Days { from, until }).collect();
        Axes { subjects, others, days }
    }

    fn count(&self) -> usize {
        self.subjects.len().saturating_mul(self.of_each())
    }

    /// How many cases each subject has.
    fn of_each(&self) -> usize {
        let others = self.others.iter().fold(1usize, |n, (_, values)| n.saturating_mul(values.len()));
        others.saturating_mul(self.days.len())
    }

    /// How many items all the cases name.
    fn named(&self) -> usize {
        let of = |values: &Values| values.only.len() + values.any_but.as_ref().map_or(0, BTreeSet::len);
        let once: usize = self.subjects.iter().map(|(items, _)| of(items)).sum();
        once.saturating_mul(self.of_each())
    }

    fn each(&self, see: &mut impl FnMut(&Cases)) {
        for (items, class) in &self.subjects {
            let mut cases = Cases::default();
            cases.values.insert(Dimension::Item, items.clone());
            let class =
                class.as_ref().map_or(Values { unknown: true, ..Values::default() }, |c| Values::one(c));
            cases.values.insert(Dimension::ItemClass, class);
            self.along(&self.others, cases, see);
        }
    }

    fn along(&self, rest: &[(Dimension, Vec<Values>)], cases: Cases, see: &mut impl FnMut(&Cases)) {
        match rest {
            [] if self.days.len() == 1 => see(&cases),
            [] => {
                for day in &self.days {
                    see(&Cases { days: vec![*day], ..cases.clone() });
                }
            }
            [(dimension, values), rest @ ..] => {
                for value in values {
                    let mut cases = cases.clone();
                    cases.values.insert(*dimension, value.clone());
                    self.along(rest, cases, see);
                }
            }
        }
    }
}

/// The items, classes and unnamed things that a changed statement can be about.
fn subjects(
    all: &[&Rule<PerimeterEntry>],
    changed: &[&Rule<PerimeterEntry>],
) -> Vec<(Values, Option<String>)> {
    let classes: BTreeSet<&String> = changed.iter().filter_map(|r| r.then.class.as_ref()).collect();
    let whole: BTreeSet<&String> =
        changed.iter().filter(|r| r.then.items.is_empty()).filter_map(|r| r.then.class.as_ref()).collect();
    let mut statements: BTreeMap<&String, Vec<usize>> = BTreeMap::new();
    for (at, rule) in all.iter().enumerate() {
        for item in &rule.then.items {
            let naming = statements.entry(item).or_default();
            if naming.last() != Some(&at) {
                naming.push(at);
            }
        }
    }
    let naming = |item: &String| statements.get(item).cloned().unwrap_or_default();
    let mut items: BTreeSet<&String> = changed.iter().flat_map(|r| &r.then.items).collect();
    let of_whole = |r: &&&Rule<PerimeterEntry>| r.then.class.as_ref().is_some_and(|c| whole.contains(c));
    items.extend(all.iter().filter(of_whole).flat_map(|r| &r.then.items));
    // Items that the same statements name, and that are of one class, are one group.
    let mut groups: BTreeMap<(Vec<usize>, Option<String>), BTreeSet<String>> = BTreeMap::new();
    for item in items {
        let naming = naming(item);
        let class = naming.last().and_then(|at| all[*at].then.class.clone());
        groups.entry((naming, class)).or_default().insert(item.clone());
    }
    let mut out: Vec<(Values, Option<String>)> =
        groups.into_iter().map(|((_, class), only)| (Values { only, ..Values::default() }, class)).collect();
    let mut named: BTreeMap<&String, BTreeSet<String>> = BTreeMap::new();
    for rule in all {
        if let Some(class) = rule.then.class.as_ref().filter(|c| classes.contains(c)) {
            named.entry(class).or_default().extend(rule.then.items.iter().cloned());
        }
    }
    for class in classes {
        let named = named.remove(class).unwrap_or_default();
        out.push((Values { any_but: Some(named), ..Values::default() }, Some(class.clone())));
        out.push((Values { unknown: true, ..Values::default() }, Some(class.clone())));
    }
    out
}
