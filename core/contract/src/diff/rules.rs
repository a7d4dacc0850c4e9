//! Rules compared by label, field by field: whatever no case is at hand for, kinds to come included.

use std::collections::{BTreeMap, BTreeSet};

use base::{Bilingual, Provenance};
use serde::Serialize;
use serde_json::Value;
use terms::Terms;

use super::calendars;
use super::meaning::{Meaning, Question};
use super::words::plain;
use crate::compile::Compiled;

/// A rule added, removed or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleChange {
    /// The kind of the clause, `fee`; `contract` for what the front matter says.
    pub kind: String,
    pub label: String,
    /// What the machine does, read back; `None`: the rule is not in this text.
    pub before: Option<Stated>,
    pub after: Option<Stated>,
    /// The fields that differ, as the terms hold them; empty for a rule added or removed.
    pub fields: Vec<FieldChange>,
}

/// A rule as one text states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stated {
    pub says: Bilingual,
    pub clause: Provenance,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    pub field: String,
    pub before: String,
    pub after: String,
}

/// A rule without its provenance.
type Content = (String, Value);

/// The rules that differ and that no case of `told` accounts for.
pub(super) fn compare(
    before: &Compiled,
    after: &Compiled,
    renamed: &Terms,
    same: &BTreeMap<String, String>,
    told: &Meaning,
) -> Vec<RuleChange> {
    let (a, b) = (contents(&before.terms), contents(renamed));
    let labels: Vec<&String> = a.keys().chain(b.keys().filter(|k| !a.contains_key(*k))).collect();
    let text = |(key, rules): &Content| format!("{key} {rules}");
    let gone = |from: &BTreeMap<String, Content>, other: &BTreeMap<String, Content>| -> BTreeSet<String> {
        from.iter().filter(|(k, _)| !other.contains_key(*k)).map(|(_, v)| text(v)).collect()
    };
    let (removed, added) = (gone(&a, &b), gone(&b, &a));
    let mut out: Vec<RuleChange> = head(&before.terms, &after.terms).into_iter().collect();
    for label in labels {
        let (x, y) = (a.get(label), b.get(label));
        // The same rule under another label is no difference.
        let moved = match (x, y) {
            (Some(x), None) => added.contains(&text(x)),
            (None, Some(y)) => removed.contains(&text(y)),
            _ => x == y,
        };
        let key = x.or(y).map(|(key, _)| key.as_str()).unwrap_or_default();
        if moved || by_cases(key, label, before, renamed, told) {
            continue;
        }
        let newest = same.iter().find(|(_, old)| *old == label).map_or(label, |(new, _)| new);
        out.push(RuleChange {
            kind: kind(before, label).or_else(|| kind(after, newest)).unwrap_or(key).to_owned(),
            label: label.clone(),
            before: x.and_then(|_| stated(before, label)),
            after: y.and_then(|_| stated(after, newest)),
            fields: fields(x, y),
        });
    }
    out
}

/// Rules that are told case by case, or by the hours that differ.
fn by_cases(key: &str, label: &str, before: &Compiled, after: &Terms, told: &Meaning) -> bool {
    let beyond = |found: fn(&Question) -> bool| told.beyond.iter().any(found);
    match key {
        "commitments" => !beyond(|q| matches!(q, Question::Commitment { .. })),
        "operations" => !beyond(|q| matches!(q, Question::Operation { .. })),
        "penalties" => !beyond(|q| matches!(q, Question::Penalty { .. })),
        "perimeter" => {
            // How many are covered decides no case, and yet is agreed.
            let count = |t: &Terms| t.perimeter.iter().find(|r| r.label() == label).map(|r| r.then.count);
            let counted = count(&before.terms).zip(count(after)).is_some_and(|(x, y)| x != y);
            !counted && !beyond(|q| matches!(q, Question::Perimeter))
        }
        "priorities" => true,
        "calendars" => {
            let of = |t: &'_ Terms| t.calendars.iter().find(|r| r.label() == label).cloned();
            match (of(&before.terms), of(after)) {
                (Some(x), Some(y)) => {
                    (&x.when, &x.exception_to) == (&y.when, &y.exception_to)
                        && calendars::told(&x, &y).is_some()
                }
                _ => false,
            }
        }
        _ => false,
    }
}

/// Every rule of the terms by label: the list it stands in, and what it says.
fn contents(terms: &Terms) -> BTreeMap<String, Content> {
    let mut out = BTreeMap::new();
    let Ok(Value::Object(lists)) = serde_json::to_value(terms) else { return out };
    for (key, value) in lists {
        let rules = match value {
            Value::Array(rules) => rules,
            one => vec![one],
        };
        for mut rule in rules {
            let from = rule.as_object_mut().and_then(|fields| fields.remove("from"));
            let label = from.as_ref().and_then(|f| f.get("label")).and_then(Value::as_str).map(str::to_owned);
            if let Some(label) = label {
                // A clause may give several terms: together they are what it says.
                let slot = out.entry(label).or_insert_with(|| (key.clone(), Value::Array(Vec::new())));
                if let Value::Array(all) = &mut slot.1 {
                    all.push(rule);
                }
            }
        }
    }
    out
}

fn fields(x: Option<&Content>, y: Option<&Content>) -> Vec<FieldChange> {
    let (Some((_, x)), Some((_, y))) = (x, y) else { return Vec::new() };
    let (Some(x), Some(y)) = (x.get(0), y.get(0)) else { return Vec::new() };
    let mut out = Vec::new();
    let flat = |rule: &Value| -> BTreeMap<String, Value> {
        let mut all = BTreeMap::new();
        for (key, value) in rule.as_object().into_iter().flatten() {
            match (key.as_str(), value) {
                ("then", Value::Object(then)) => {
                    all.extend(then.iter().map(|(k, v)| (k.clone(), v.clone())));
                }
                _ => {
                    all.insert(key.clone(), value.clone());
                }
            }
        }
        all
    };
    let (x, y) = (flat(x), flat(y));
    let names: BTreeSet<&String> = x.keys().chain(y.keys()).collect();
    for name in names {
        let (was, is) = (x.get(name).unwrap_or(&Value::Null), y.get(name).unwrap_or(&Value::Null));
        if was != is {
            out.push(FieldChange { field: name.clone(), before: plain(was), after: plain(is) });
        }
    }
    out
}

fn kind(compiled: &Compiled, label: &str) -> Option<&'static str> {
    compiled.clauses.iter().find(|c| c.label == label).map(|c| c.kind.name)
}

fn stated(compiled: &Compiled, label: &str) -> Option<Stated> {
    let clause = compiled.clauses.iter().find(|c| c.label == label)?;
    let article = compiled.document.articles.iter().flat_map(|a| &a.clauses);
    let clause_of = article.rev().find(|c| c.label == label).map(|c| c.provenance.clone());
    Some(Stated {
        says: (clause.kind.read_back)(label, &compiled.terms).unwrap_or_default(),
        clause: clause_of.unwrap_or_default(),
    })
}

/// What the front matter says and engines read.
fn head(a: &Terms, b: &Terms) -> Option<RuleChange> {
    let mut fields = Vec::new();
    let mut add = |field: &str, before: String, after: String| {
        if before != after {
            fields.push(FieldChange { field: field.to_owned(), before, after });
        }
    };
    add("currency", a.currency.code().to_owned(), b.currency.code().to_owned());
    add("zone", a.zone.clone(), b.zone.clone());
    add("semantics", a.semantics.to_string(), b.semantics.to_string());
    (!fields.is_empty()).then(|| RuleChange {
        kind: "contract".to_owned(),
        label: b.contract.clone(),
        before: None,
        after: None,
        fields,
    })
}
