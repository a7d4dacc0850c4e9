//! What the two texts decide differently, question by question.

use std::collections::BTreeMap;

use base::{Bilingual, Provenance};
use serde::Serialize;
use terms::penalty::Breach;
use terms::{Dimension, Facts, Operation, Promise, Rule, Terms, governing};

use super::boxes::{self, Closed, Parent, Ruled, Steps};
use super::calendars::{self, CalendarChange};
use super::cases::{Cases, Names};
use super::rules::{self, RuleChange};
use super::{coverage, words};
use crate::compile::Compiled;

/// The differences of meaning: empty when every case is decided alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Meaning {
    /// The cases decided differently, question by question.
    pub cases: Vec<CaseChange>,
    /// Hours and days that differ in calendars of the same name.
    pub calendars: Vec<CalendarChange>,
    /// Rules that differ, where no case is at hand: prices, meters, caps, term, parties…
    pub rules: Vec<RuleChange>,
    /// Questions with too many differing cases to name: their rules are among `rules` instead.
    pub beyond: Vec<Question>,
    /// The names of values, for whoever shows the cases.
    #[serde(skip)]
    pub names: Names,
}

/// What is asked of a contract about a case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum Question {
    /// The priority that an impact and an urgency give.
    Priority,
    /// How long the provider has.
    Commitment { promise: Promise },
    /// Whether an item is in, out or shared.
    Perimeter,
    /// On what terms a kind of work is done.
    Operation { operation: String },
    /// What a promise missed costs.
    Penalty { promise: Promise },
}

/// Cases that the two texts decide differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseChange {
    pub question: Question,
    pub cases: Cases,
    pub before: Answer,
    pub after: Answer,
}

/// What one text says of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub says: Bilingual,
    /// The clause that says so; `None` when it follows from no clause saying otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<Provenance>,
}

impl Meaning {
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty() && self.calendars.is_empty() && self.rules.is_empty() && self.beyond.is_empty()
    }
}

/// Compares what two versions decide.
pub fn meaning(before: &Compiled, after: &Compiled) -> Meaning {
    let same = calendars::renamed(&before.terms, &after.terms);
    let renamed = calendars::relabelled(&after.terms, &same);
    let (a, b) = (&before.terms, &renamed);
    let mut out = Meaning { names: names(a, b), ..Meaning::default() };
    let closed = closed(a, b);
    let mut steps = Steps::default();
    priorities(a, b, &mut out);
    for promise in Promise::ALL {
        let of = |t: &Terms| t.commitments.iter().filter(|r| r.then.promise == promise).cloned().collect();
        let (x, y): (Vec<_>, Vec<_>) = (of(a), of(b));
        compare(Question::Commitment { promise }, &x, &y, (&closed, &mut steps), &mut out, words::commitment);
    }
    match coverage::boxes(a, b, &closed) {
        Ok(found) => out.cases.extend(found),
        Err(boxes::TooMany) => out.beyond.push(Question::Perimeter),
    }
    for (operation, (x, y)) in operations(a, b) {
        let question = Question::Operation { operation };
        compare(question, &x, &y, (&closed, &mut steps), &mut out, words::operation);
    }
    for promise in Promise::ALL {
        let of = |t: &Terms| {
            t.penalties.iter().filter(|r| r.then.on == Breach::Promise(promise)).cloned().collect()
        };
        let (x, y): (Vec<_>, Vec<_>) = (of(a), of(b));
        compare(Question::Penalty { promise }, &x, &y, (&closed, &mut steps), &mut out, words::penalty);
    }
    out.calendars = calendars::compare(a, b);
    out.rules = rules::compare(before, after, &renamed, &same, &out);
    out
}

/// The newer terms as they are compared: calendars that only changed their name bear the older one.
pub fn aligned(before: &Terms, after: &Terms) -> Terms {
    calendars::relabelled(after, &calendars::renamed(before, after))
}

/// What governs a case in terms, as the comparison sees it: for whoever checks a line of it.
pub fn answer(terms: &Terms, question: &Question, facts: &Facts) -> Option<String> {
    fn key<T: Serialize>(rule: Option<&Rule<T>>) -> Option<String> {
        rule.map(|r| words::key(&r.then))
    }
    match question {
        Question::Priority => {
            let (impact, urgency) = (facts.get(Dimension::Impact)?, facts.get(Dimension::Urgency)?);
            let matrix = &terms.priorities.as_ref()?.then;
            matrix.priority(impact, urgency).map(str::to_owned)
        }
        Question::Commitment { promise } => key(terms.commitment(*promise, facts)),
        Question::Perimeter => Some(coverage::key(terms, facts)),
        Question::Operation { operation } => {
            key(governing(terms.operations.iter().filter(|r| r.then.operation == *operation), facts))
        }
        Question::Penalty { promise } => {
            let on = Breach::Promise(*promise);
            key(governing(terms.penalties.iter().filter(|r| r.then.on == on), facts))
        }
    }
}

/// One question over guarded rules.
fn compare<T: Serialize>(
    question: Question,
    before: &[Rule<T>],
    after: &[Rule<T>],
    (closed, steps): (&Closed, &mut Steps),
    out: &mut Meaning,
    say: impl Fn(Option<&T>, Option<&T>, &Names) -> (Bilingual, Bilingual),
) {
    let mut answers: BTreeMap<String, usize> = BTreeMap::new();
    let mut ruled = |rules: &'_ [Rule<T>]| -> Vec<(usize, Parent)> {
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, rule) in rules.iter().enumerate() {
            places.entry(rule.label()).or_insert(at);
        }
        rules
            .iter()
            .map(|rule| {
                let next = answers.len();
                let answer = *answers.entry(words::key(&rule.then)).or_insert(next);
                let parent = match &rule.exception_to {
                    None => Parent::None,
                    Some(label) => places.get(label.as_str()).map_or(Parent::Absent, |at| Parent::At(*at)),
                };
                (answer, parent)
            })
            .collect()
    };
    let (x, y) = (ruled(before), ruled(after));
    fn with<'a, T>(rules: &'a [Rule<T>], heads: &[(usize, Parent)]) -> Vec<Ruled<'a>> {
        rules
            .iter()
            .zip(heads)
            .map(|(rule, (answer, parent))| Ruled { when: &rule.when, parent: *parent, answer: *answer })
            .collect()
    }
    match boxes::boxes(&with(before, &x), &with(after, &y), closed, steps) {
        Err(boxes::TooMany) => out.beyond.push(question),
        Ok(found) => {
            for (cases, (a, b)) in found {
                let (a, b) = (a.map(|i| &before[i]), b.map(|i| &after[i]));
                let (was, is) = say(a.map(|r| &r.then), b.map(|r| &r.then), &out.names);
                out.cases.push(CaseChange {
                    question: question.clone(),
                    cases,
                    before: Answer { says: was, clause: a.map(|r| r.from.clone()) },
                    after: Answer { says: is, clause: b.map(|r| r.from.clone()) },
                });
            }
        }
    }
}

/// Impact × urgency: the cells that give another priority.
fn priorities(a: &Terms, b: &Terms, out: &mut Meaning) {
    let (x, y) = (a.priorities.as_ref(), b.priorities.as_ref());
    let pairs = |rule: Option<&Rule<terms::PriorityMatrix>>| -> Vec<(String, String)> {
        let cells = rule.map(|r| &r.then.cells);
        cells
            .into_iter()
            .flatten()
            .flat_map(|(impact, row)| row.keys().map(|urgency| (impact.clone(), urgency.clone())))
            .collect()
    };
    let mut all = pairs(x);
    all.extend(pairs(y));
    all.sort();
    all.dedup();
    let mut found = Vec::new();
    for (impact, urgency) in all {
        let of = |rule: Option<&Rule<terms::PriorityMatrix>>| {
            rule.and_then(|r| r.then.priority(&impact, &urgency)).map(str::to_owned)
        };
        let (was, is) = (of(x), of(y));
        if was != is {
            let mut cases = Cases::default();
            cases.values.insert(Dimension::Impact, super::cases::Values::one(&impact));
            cases.values.insert(Dimension::Urgency, super::cases::Values::one(&urgency));
            found.push((cases, (was, is)));
        }
    }
    for (cases, (was, is)) in super::cases::merge(found) {
        let answer = |value: Option<String>, rule: Option<&Rule<terms::PriorityMatrix>>| Answer {
            says: value.map_or_else(words::nothing, Bilingual::same),
            clause: rule.map(|r| r.from.clone()),
        };
        out.cases.push(CaseChange {
            question: Question::Priority,
            cases,
            before: answer(was, x),
            after: answer(is, y),
        });
    }
}

/// The rules of one side, then of the other.
type Both<T> = (Vec<Rule<T>>, Vec<Rule<T>>);

/// The rules of both sides on each operation.
fn operations(a: &Terms, b: &Terms) -> BTreeMap<String, Both<Operation>> {
    let mut all: BTreeMap<String, Both<Operation>> = BTreeMap::new();
    for rule in &a.operations {
        all.entry(rule.then.operation.clone()).or_default().0.push(rule.clone());
    }
    for rule in &b.operations {
        all.entry(rule.then.operation.clone()).or_default().1.push(rule.clone());
    }
    all
}

/// The dimensions of which every case has one of the values that a contract lists, when both list some.
fn closed(a: &Terms, b: &Terms) -> Closed {
    let mut out = Closed::new();
    let matrix = |t: &Terms, of: fn(&terms::PriorityMatrix) -> &Vec<String>| -> Vec<String> {
        t.priorities.as_ref().map(|r| of(&r.then).clone()).unwrap_or_default()
    };
    let sites =
        |t: &Terms| -> Vec<String> { t.parties.iter().flat_map(|p| p.then.sites.iter().cloned()).collect() };
    let mut add = |dimension: Dimension, x: Vec<String>, y: Vec<String>| {
        if !x.is_empty() && !y.is_empty() {
            out.insert(dimension, x.into_iter().chain(y).collect());
        }
    };
    add(Dimension::Priority, matrix(a, |m| &m.priorities), matrix(b, |m| &m.priorities));
    add(Dimension::Impact, matrix(a, |m| &m.impacts), matrix(b, |m| &m.impacts));
    add(Dimension::Urgency, matrix(a, |m| &m.urgencies), matrix(b, |m| &m.urgencies));
    add(Dimension::Site, sites(a), sites(b));
    out
}

/// The names of both, those of the newer text where they differ.
fn names(a: &Terms, b: &Terms) -> Names {
    let mut out = a.names.clone();
    for (dimension, names) in &b.names {
        out.entry(dimension.clone()).or_default().extend(names.clone());
    }
    out
}
