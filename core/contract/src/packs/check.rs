//! Comparing a contract's clauses with the packs that apply to it.

use base::fraction::{Fraction, parse_decimal, parse_percent};
use base::{Length, Money};
use toml::Value as Wanted;

use super::{Match, PackRule, Weight, applicable};
use crate::clauses::Clause;
use crate::compile::{Arrangement, Compiler, FrontMatter};
use crate::diagnostic::Diagnostic;
use crate::source::{Node, Span, Value};

pub(crate) fn check(c: &mut Compiler) {
    let end = c.terms.term.as_ref().and_then(|t| t.then.end());
    let mut found = Vec::new();
    for pack in applicable(&c.front) {
        for rule in &pack.rules {
            let due = rule.ends_after.is_none_or(|after| end.is_none_or(|end| end > after));
            let asked = rule.only_if.as_ref().is_none_or(|m| c.clauses.iter().any(|k| like(k, m)));
            if due && asked && !left_to_orders(&c.front, rule) {
                one(&c.clauses, rule, &mut found);
            }
        }
    }
    c.diagnostics.extend(found);
}

/// Price, levels and the service itself: what orders are for.
const OF_ORDERS: [&str; 11] = [
    "fee",
    "volume_bands",
    "commitment",
    "objective",
    "availability",
    "process",
    "accuracy",
    "quality_indicator",
    "hosting",
    "shared_hosting",
    "backup",
];

/// An overarching contract may leave to its orders what only they can say; each order, compiled over it,
/// is checked as a whole contract (Implementing Regulation (EU) 2024/2956, B_02.01).
fn left_to_orders(front: &FrontMatter, rule: &PackRule) -> bool {
    front.arrangement == Arrangement::Overarching
        && !rule.any.is_empty()
        && rule.any.iter().all(|m| OF_ORDERS.contains(&m.kind.as_str()))
}

fn one(clauses: &[Clause], rule: &PackRule, found: &mut Vec<Diagnostic>) {
    if !rule.any.is_empty() && !clauses.iter().any(|k| rule.any.iter().any(|m| like(k, m))) {
        // A clause of the kind that is not as it should be is where to look; else the contract as a whole.
        let near = clauses.iter().find(|k| rule.any.iter().any(|m| k.is(&m.kind)));
        found.push(remark(rule, near.map_or(Span::default(), |k| k.label_span)));
    }
    if let Some(wanted) = &rule.every {
        for clause in clauses.iter().filter(|k| k.is(&wanted.kind) && !like(k, wanted)) {
            found.push(remark(rule, place(clause, wanted)));
        }
    }
    for unwanted in &rule.none {
        for clause in clauses.iter().filter(|k| like(k, unwanted)) {
            found.push(remark(rule, place(clause, unwanted)));
        }
    }
}

fn remark(rule: &PackRule, span: Span) -> Diagnostic {
    let (fr, en) =
        (format!("{} ({})", rule.says.fr, rule.source), format!("{} ({})", rule.says.en, rule.source));
    let remark = match rule.weight {
        Weight::Mandatory | Weight::Warning => Diagnostic::warning(rule.code, span, fr, en),
        Weight::Advice => Diagnostic::advice(rule.code, span, fr, en),
    };
    remark.help(rule.help.fr.clone(), rule.help.en.clone()).of_a_pack(rule.gate_code)
}

/// The field that the comparison speaks of, or the clause.
fn place(clause: &Clause, m: &Match) -> Span {
    let fields = m.more_than.keys().chain(m.at_most.keys()).chain(m.at_least.keys()).chain(m.equals.keys());
    fields
        .map(|field| field.split('.').next().unwrap_or(field))
        .find(|field| clause.own.iter().any(|e| e.key == *field))
        .map_or(clause.label_span, |field| clause.place_of(field))
}

/// Whether a clause is what a rule describes.
fn like(clause: &Clause, m: &Match) -> bool {
    clause.is(&m.kind)
        && m.equals.iter().all(|(field, wanted)| values(clause, field).iter().any(|v| equals(v, wanted)))
        && m.has.iter().all(|field| value(clause, field).is_some_and(is_set))
        && m.lacks.iter().all(|field| !value(clause, field).is_some_and(is_set))
        && m.at_most.iter().all(|(f, limit)| compared(clause, f, limit).is_some_and(|o| o.is_le()))
        && m.at_least.iter().all(|(f, limit)| compared(clause, f, limit).is_some_and(|o| o.is_ge()))
        && m.more_than.iter().all(|(f, limit)| compared(clause, f, limit).is_some_and(|o| o.is_gt()))
}

/// A field, or a field of a table: `help.rights`.
fn value<'a>(clause: &'a Clause, path: &str) -> Option<&'a Value> {
    let mut parts = path.split('.');
    let mut current = clause.value(parts.next()?)?;
    for part in parts {
        current = current.get(part)?;
    }
    Some(current)
}

/// The same through tables in a list: `measures.section` is the section of any measure.
fn values<'a>(clause: &'a Clause, path: &str) -> Vec<&'a Value> {
    let mut parts = path.split('.');
    let mut current: Vec<&Value> = parts.next().and_then(|first| clause.value(first)).into_iter().collect();
    for part in parts {
        let rows = |v: &'a Value| v.as_array().map_or_else(|| vec![v], |rows| rows.iter().collect());
        current = current.into_iter().flat_map(rows).filter_map(|v| v.get(part)).collect();
    }
    current
}

/// An empty text or list settles nothing.
fn is_set(value: &Value) -> bool {
    match &value.node {
        Node::Text(text) => !text.trim().is_empty(),
        Node::Array(values) => !values.is_empty(),
        Node::Table(entries) => !entries.is_empty(),
        _ => true,
    }
}

/// One of the values wanted; a list must hold all of them.
fn equals(value: &Value, wanted: &Wanted) -> bool {
    match (&value.node, wanted) {
        (Node::Array(values), Wanted::Array(all)) => all.iter().all(|w| values.iter().any(|v| equals(v, w))),
        (Node::Array(values), one) => values.iter().any(|v| equals(v, one)),
        (Node::Table(entries), Wanted::String(key)) => entries.iter().any(|e| e.key == *key),
        (Node::Table(entries), Wanted::Array(all)) => {
            all.iter().all(|w| entries.iter().any(|e| w.as_str() == Some(&e.key)))
        }
        (_, Wanted::Array(any)) => any.iter().any(|w| equals(value, w)),
        (Node::Text(text), Wanted::String(wanted)) => text == wanted,
        (Node::Integer(n), Wanted::Integer(wanted)) => n == wanted,
        (Node::Flag(flag), Wanted::Boolean(wanted)) => flag == wanted,
        _ => false,
    }
}

/// The order of a field and a limit; `None` when they are not of the same measure.
fn compared(clause: &Clause, field: &str, limit: &Wanted) -> Option<std::cmp::Ordering> {
    let value = value(clause, field)?;
    match (&value.node, limit) {
        (Node::Integer(n), Wanted::Integer(limit)) => Some(n.cmp(limit)),
        (Node::Text(text), Wanted::String(limit)) => {
            let lengths = || Some((days(text)?, days(limit)?));
            let shares = || Some((parse_percent(text)?, parse_percent(limit)?));
            let amounts = || Some((Money::parse(text).ok()?.exact(), Money::parse(limit).ok()?.exact()));
            let numbers = || Some((parse_decimal(text)?, parse_decimal(limit)?));
            let (a, b) = lengths().or_else(shares).or_else(amounts).or_else(numbers)?;
            Some(a.cmp(&b))
        }
        _ => None,
    }
}

/// A length in days, near enough to compare it with what a law gives: a twelfth of a year for a month,
/// seven fifths for a working day.
fn days(text: &str) -> Option<Fraction> {
    Some(match Length::parse(text).ok()? {
        Length::Seconds(s) => Fraction::new(i128::from(s), 86_400),
        Length::Days(n) => Fraction::from_integer(i128::from(n)),
        Length::WorkingDays(n) => Fraction::new(i128::from(n) * 7, 5),
        Length::Months(n) => Fraction::new(i128::from(n) * 365, 12),
    })
}
