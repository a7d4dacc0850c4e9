//! Exceptions: which clause each one excepts, and the fields it inherits from it.

use super::Compiler;
use crate::clauses::{self, Clause, Mode};
use crate::diagnostic::{Diagnostic, suggestion};

/// Fills the fields of each clause, parents first, and checks them.
pub(super) fn resolve(c: &mut Compiler) {
    let order = order(c);
    for (index, parent) in order {
        let parent = parent.map(|p| c.clauses[p].clone());
        let dangling = parent.is_none() && c.clauses[index].exception_to.is_some();
        let clause = &mut c.clauses[index];
        clause.merged = clauses::merge(&clause.own, clause.kind.fields, parent.as_ref());
        let mut found = Vec::new();
        clauses::check(clause, &mut found);
        if dangling {
            // What it would have inherited is unknown: only what it says itself can be judged.
            found.retain(|d| d.code != "E-FIELD-MISSING" && d.code != "E-FIELD-UNUSED");
        }
        clause.sound = !dangling;
        if let Some(parent) = &parent {
            fixed(clause, parent, &mut found);
        }
        c.diagnostics.extend(found);
    }
}

/// What makes clauses rivals (the promise, the period) is the same along a chain of exceptions: an
/// exception is looked for only among those of its own promise.
fn fixed(clause: &mut Clause, parent: &Clause, found: &mut Vec<Diagnostic>) {
    let Mode::Exclusive(group) = clause.kind.mode else { return };
    for field in group {
        if clause.value(field).map(|v| &v.node) != parent.value(field).map(|v| &v.node) {
            clause.sound = false;
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
}

/// Clauses with their parents, parents first; what is dangling, of another kind, or in a cycle has none.
fn order(c: &mut Compiler) -> Vec<(usize, Option<usize>)> {
    let parents: Vec<Option<usize>> = (0..c.clauses.len()).map(|i| parent(c, i)).collect();
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

fn parent(c: &mut Compiler, index: usize) -> Option<usize> {
    let clause = &c.clauses[index];
    let (label, span) = clause.exception_to.clone()?;
    let found = c.clauses.iter().position(|k| k.label == label);
    let diagnostic = match found {
        _ if label == clause.label => Diagnostic::error(
            "E-EXCEPTION-SELF",
            span,
            "une clause ne fait pas exception à elle-même",
            "a clause is not an exception to itself",
        )
        .help("nommez la clause générale", "name the general clause"),
        None => {
            let kind = clause.kind.name;
            let known = c.clauses.iter().filter(|k| k.kind.name == kind && k.label != clause.label);
            let help = suggestion(&label, known.map(|k| k.label.as_str()));
            Diagnostic::error(
                "E-EXCEPTION-DANGLING",
                span,
                format!("aucune clause ne s'appelle « {label} »"),
                format!("no clause is called “{label}”"),
            )
            .help(help.fr, help.en)
        }
        Some(other) if c.clauses[other].kind.name != clause.kind.name => Diagnostic::error(
            "E-EXCEPTION-KIND",
            span,
            format!(
                "« {label} » est une clause « {} », pas « {} »",
                c.clauses[other].kind.name, clause.kind.name
            ),
            format!("“{label}” is a clause “{}”, not “{}”", c.clauses[other].kind.name, clause.kind.name),
        )
        .related(c.clauses[other].label_span, "écrite ici", "written here")
        .help(
            "une exception est de la même sorte que sa règle",
            "an exception is of the same kind as its rule",
        ),
        Some(other) => return Some(other),
    };
    c.push(diagnostic);
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
