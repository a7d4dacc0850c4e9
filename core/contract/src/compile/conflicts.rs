//! Siblings that can hold at once: never settled by the order of lines.

use std::collections::BTreeMap;

use base::Lang;
use base::lang;
use terms::Guard;

use super::Compiler;
use crate::clauses::{Clause, Mode};
use crate::diagnostic::{Diagnostic, MOST_REMARKS};

pub(super) fn check(c: &mut Compiler) {
    let mut found = Vec::new();
    // Rivals share their kind and their parent: only those are compared.
    let mut groups: BTreeMap<(&str, Option<&str>), Vec<&Clause>> = BTreeMap::new();
    let mut of_label: BTreeMap<&str, &Clause> = BTreeMap::new();
    for clause in &c.clauses {
        of_label.entry(&clause.label).or_insert(clause);
        let alone = parent(clause).is_none() && !matches!(clause.kind.mode, Mode::Exclusive(_));
        if !alone {
            groups.entry((clause.kind.name, parent(clause))).or_default().push(clause);
        }
    }
    'groups: for ((_, parent), group) in &groups {
        let parent = parent.and_then(|label| of_label.get(label).copied());
        for (i, later) in group.iter().enumerate() {
            for earlier in &group[..i] {
                if rivals(earlier, later) && meet(earlier, later, parent) {
                    found.push(conflict(earlier, later));
                    if found.len() > MOST_REMARKS {
                        break 'groups;
                    }
                }
            }
        }
    }
    c.diagnostics.extend(found);
}

/// Two clauses of which at most one may govern a case.
fn rivals(a: &Clause, b: &Clause) -> bool {
    if a.kind.name != b.kind.name || parent(a) != parent(b) || a.label == b.label {
        return false;
    }
    match (parent(a).is_some(), a.kind.mode) {
        (true, _) => true,
        (false, Mode::Exclusive(group)) => group.iter().all(|field| match (a.value(field), b.value(field)) {
            (Some(x), Some(y)) => x.node == y.node,
            // A field that neither needs to write does not tell them apart.
            (None, None) => a.kind.field(field).is_some_and(|f| f.when.is_some()),
            _ => false,
        }),
        (false, Mode::Additive | Mode::ByLabel) => false,
    }
}

fn parent(clause: &Clause) -> Option<&str> {
    clause.exception_to.as_ref().map(|(label, _)| label.as_str())
}

/// Some case meets both, and the clause they both except.
fn meet(a: &Clause, b: &Clause, parent: Option<&Clause>) -> bool {
    let within = |k: &Clause| parent.is_none_or(|p| k.when.overlaps(&p.when));
    a.when.overlaps(&b.when) && within(a) && within(b)
}

fn conflict(earlier: &Clause, later: &Clause) -> Diagnostic {
    let case = |lang| common(lang, &earlier.when, &later.when);
    let (a, b) = (&earlier.label, &later.label);
    let code = match later.kind.name {
        "commitment" => "E-COMMITMENT-CONFLICT",
        "availability" => "E-AVAILABILITY-CONFLICT",
        "objective" => "E-OBJECTIVE-CONFLICT",
        "penalty" => "E-PENALTY-CONFLICT",
        "penalty_cap" => "E-PENALTY_CAP-CONFLICT",
        "calendar" => "E-CALENDAR-CONFLICT",
        "hotline" => "E-HOTLINE-CONFLICT",
        "term" => "E-TERM-CONFLICT",
        "priority_matrix" => "E-PRIORITY-CONFLICT",
        _ => "E-CLAUSE-CONFLICT",
    };
    let (fr, en) = if later.kind.guarded {
        (
            format!(
                "dites laquelle l'emporte : exception_to = \"{a}\" dans « {b} », ou des conditions when qui s'excluent"
            ),
            format!(
                "say which one wins: exception_to = \"{a}\" in “{b}”, or conditions that exclude each other"
            ),
        )
    } else {
        ("gardez-en une seule".to_owned(), "keep only one".to_owned())
    };
    Diagnostic::error(
        code,
        later.label_span,
        format!("« {a} » et « {b} » peuvent s'appliquer au même cas{}", case(Lang::Fr)),
        format!("“{a}” and “{b}” can apply to the same case{}", case(Lang::En)),
    )
    .related(earlier.label_span, "l'autre clause", "the other clause")
    .help(fr, en)
}

/// A case both hold for, in words.
fn common(lang: Lang, a: &Guard, b: &Guard) -> String {
    let mut parts = Vec::new();
    for dimension in a.values.keys().chain(b.values.keys()) {
        let both = match (a.values.get(dimension), b.values.get(dimension)) {
            (Some(x), Some(y)) => x.intersection(y).next(),
            (Some(x), None) | (None, Some(x)) => x.iter().next(),
            (None, None) => None,
        };
        let part = both.map(|v| format!("{} = {v}", dimension.key()));
        parts.extend(part.filter(|p| !parts.contains(p)));
    }
    if let Some(from) = a.from.max(b.from) {
        parts.push(lang::date(lang, from));
    }
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}
