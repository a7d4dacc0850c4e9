//! Exceptions: which clause each one excepts, and the fields it inherits from it.

use std::collections::BTreeMap;

use super::Compiler;
use crate::clauses::{self, Clause, Mode, Origin};
use crate::diagnostic::{Diagnostic, MOST_REMARKS, suggestion};

/// Fills the fields of each clause, parents first, and checks them.
pub(super) fn resolve(c: &mut Compiler) {
    let order = order(c);
    let mut room = MOST_INHERITED;
    for (index, parent) in order {
        let taken = parent.map_or(0, |p| inherited(&c.clauses[index], &c.clauses[p]));
        if taken > room {
            too_much(c, index);
        }
        // A list too long to be inherited is left out, and what is lacking for it is not said.
        let parent = parent.filter(|_| taken <= room);
        room = room.saturating_sub(taken);
        let dangling = parent.is_none() && c.clauses[index].exception_to.is_some();
        let excepted = parent.map(|p| &c.clauses[p]);
        let clause = &c.clauses[index];
        let merged = clauses::merge(&clause.own, clause.kind.fields, excepted);
        c.clauses[index].merged = merged;

        let (clause, excepted) = (&c.clauses[index], parent.map(|p| &c.clauses[p]));
        let mut found = Vec::new();
        clauses::check(clause, &mut found);
        if dangling {
            // What it would have inherited is unknown: only what it says itself can be judged.
            found.retain(|d| d.code != "E-FIELD-MISSING" && d.code != "E-FIELD-UNUSED");
        }
        let changed = excepted.map(|parent| fixed(clause, parent)).unwrap_or_default();
        c.clauses[index].sound = !dangling && changed.is_empty();
        c.diagnostics.extend(found.into_iter().chain(changed));
    }
}

/// So many values are inherited in a whole contract: a long list, excepted by thousands of clauses, would
/// be copied as many times.
const MOST_INHERITED: usize = 200_000;

/// How many values a clause takes from the one it excepts.
fn inherited(clause: &Clause, parent: &Clause) -> usize {
    let own = |key: &str| clause.own.iter().any(|e| e.key == key);
    let taken = parent.merged.iter().filter(|m| m.origin != Origin::Default && !own(&m.entry.key));
    taken.map(|m| m.entry.value.size()).sum()
}

fn too_much(c: &mut Compiler, index: usize) {
    let Some((_, span)) = c.clauses[index].exception_to.clone() else { return };
    if c.diagnostics.iter().any(|d| d.code == "E-SOURCE-SIZE") {
        return;
    }
    c.push(
        Diagnostic::error(
            "E-SOURCE-SIZE",
            span,
            format!(
                "les exceptions reprennent plus de {MOST_INHERITED} valeurs des clauses qu'elles exceptent"
            ),
            format!("exceptions inherit more than {MOST_INHERITED} values from the clauses they except"),
        )
        .help(
            "raccourcissez la liste que les exceptions reprennent, ou écrivez moins d'exceptions",
            "shorten the list that exceptions inherit, or write fewer exceptions",
        ),
    );
}

/// What makes clauses rivals (the promise, the period) is the same along a chain of exceptions: an
/// exception is looked for only among those of its own promise.
fn fixed(clause: &Clause, parent: &Clause) -> Vec<Diagnostic> {
    let Mode::Exclusive(group) = clause.kind.mode else { return Vec::new() };
    let mut found = Vec::new();
    for field in group {
        if clause.value(field).map(|v| &v.node) != parent.value(field).map(|v| &v.node) {
            found.push(
                Diagnostic::error(
                    "E-EXCEPTION-FIXED",
                    clause.place_of(field),
                    format!("une exception ne change pas « {field} »"),
                    format!("an exception does not change “{field}”"),
                )
                .related(parent.place_of(field), "la clause exceptée", "the clause it excepts")
                .help(
                    format!("retirez {field}, ou écrivez une clause à part, sans exception_to"),
                    format!("remove {field}, or write a clause of its own, without exception_to"),
                ),
            );
        }
    }
    found
}

/// Clauses with their parents, parents first; what is dangling, of another kind, or in a cycle has none.
fn order(c: &mut Compiler) -> Vec<(usize, Option<usize>)> {
    let mut of_label: BTreeMap<String, usize> = BTreeMap::new();
    for (i, clause) in c.clauses.iter().enumerate() {
        of_label.entry(clause.label.clone()).or_insert(i);
    }
    let mut found = Vec::new();
    let parents: Vec<Option<usize>> =
        (0..c.clauses.len()).map(|i| parent(&c.clauses, &of_label, i, &mut found)).collect();
    c.diagnostics.append(&mut found);
    let mut order: Vec<(usize, usize, Option<usize>)> = Vec::new();
    for (i, parent) in parents.iter().enumerate() {
        let (depth, cyclic) = depth(i, &parents);
        if cyclic {
            cycle(c, i);
        } else if depth == DEEPEST + 1 {
            deep(c, i);
        }
        order.push((depth, i, parent.filter(|_| !cyclic)));
    }
    order.sort_unstable();
    order.into_iter().map(|(_, i, parent)| (i, parent)).collect()
}

/// Engines follow a chain of exceptions so far (`terms::rule`), and no further.
const DEEPEST: usize = 32;

fn deep(c: &mut Compiler, index: usize) {
    let Some((_, span)) = c.clauses[index].exception_to.clone() else { return };
    c.push(
        Diagnostic::error(
            "E-EXCEPTION-DEEP",
            span,
            format!("plus de {DEEPEST} exceptions s'emboîtent : celle-ci ne serait jamais atteinte"),
            format!("more than {DEEPEST} exceptions are nested: this one would never be reached"),
        )
        .help(
            "faites exception à la règle générale, avec une condition when plus précise",
            "except the general rule, with a more precise when",
        ),
    );
}

/// How many exceptions deep a clause is, and whether it excepts itself in the end.
fn depth(index: usize, parents: &[Option<usize>]) -> (usize, bool) {
    let (mut at, mut steps) = (index, 0);
    while let Some(next) = parents[at] {
        at = next;
        steps += 1;
        if at == index || steps > parents.len() {
            break;
        }
    }
    (steps, at == index && steps > 0)
}

fn parent(
    clauses: &[Clause],
    of_label: &BTreeMap<String, usize>,
    index: usize,
    found: &mut Vec<Diagnostic>,
) -> Option<usize> {
    let clause = &clauses[index];
    let (label, span) = clause.exception_to.clone()?;
    // Each remark is an error and compares its word with many: a thousand are enough.
    let enough = found.len() > MOST_REMARKS;
    let diagnostic = match of_label.get(&label).copied() {
        _ if label == clause.label => Diagnostic::error(
            "E-EXCEPTION-SELF",
            span,
            "une clause ne fait pas exception à elle-même",
            "a clause is not an exception to itself",
        )
        .help("nommez la clause générale", "name the general clause"),
        None if enough => return None,
        None => {
            let kind = clause.kind.name;
            let known = clauses.iter().filter(|k| k.kind.name == kind && k.label != clause.label);
            let help = suggestion(&label, known.map(|k| k.label.as_str()));
            Diagnostic::error(
                "E-EXCEPTION-DANGLING",
                span,
                format!("aucune clause ne s'appelle « {label} »"),
                format!("no clause is called “{label}”"),
            )
            .help(help.fr, help.en)
        }
        Some(other) if clauses[other].kind.name != clause.kind.name => Diagnostic::error(
            "E-EXCEPTION-KIND",
            span,
            format!(
                "« {label} » est une clause « {} », pas « {} »",
                clauses[other].kind.name, clause.kind.name
            ),
            format!("“{label}” is a clause “{}”, not “{}”", clauses[other].kind.name, clause.kind.name),
        )
        .related(clauses[other].label_span, "écrite ici", "written here")
        .help(
            "une exception est de la même sorte que sa règle",
            "an exception is of the same kind as its rule",
        ),
        Some(other) => return Some(other),
    };
    found.push(diagnostic);
    None
}

fn cycle(c: &mut Compiler, index: usize) {
    let clause = &c.clauses[index];
    let Some((label, span)) = clause.exception_to.clone() else { return };
    c.diagnostics.push(
        Diagnostic::error(
            "E-EXCEPTION-CYCLE",
            span,
            format!("« {} » et « {label} » se font exception l'une à l'autre", clause.label),
            format!("“{}” and “{label}” except each other", clause.label),
        )
        .help("retirez exception_to de la règle générale", "remove exception_to from the general rule"),
    );
}
