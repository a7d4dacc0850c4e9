//! Which clauses cannot be trusted for an example: what they give then tells nothing of the example.

use std::collections::BTreeSet;

use crate::clauses::Clause;
use crate::compile::Compiler;
use crate::source::Span;

/// Faults that change what a clause decides. An unknown key beside complete fields does not.
const FAULTS: [&str; 9] = [
    "E-LENGTH-",
    "E-PERCENT-",
    "E-FIELD-TYPE",
    "E-FIELD-CHOICE",
    "E-GUARD-",
    "E-CALENDAR-",
    "E-PENALTY-PHASE",
    "E-PENALTY-PROMISE",
    "E-BLOCK-",
];

/// The labels of commitments and penalties that are at fault, or count on a calendar at fault.
pub(super) fn labels(c: &Compiler) -> BTreeSet<String> {
    let faulty = |clause: &&Clause, faults: &[Span]| {
        let first = faults.partition_point(|s| (s.file, s.start) < (clause.span.file, clause.span.start));
        faults.get(first).is_some_and(|s| s.file == clause.span.file && s.start < clause.span.end)
    };
    let (all, guards) = (faults(c, &FAULTS), faults(c, &["E-GUARD-"]));
    let mut found: BTreeSet<String> =
        c.clauses.iter().filter(|k| faulty(k, &all)).map(|k| k.label.clone()).collect();
    // A guard that cannot be read leaves its cases to another clause of the same promise.
    let unguarded: BTreeSet<Option<&str>> = c
        .clauses
        .iter()
        .filter(|k| k.is("commitment") && faulty(k, &guards))
        .map(|k| k.text("promise"))
        .collect();
    let parent = |k: &Clause| k.exception_to.as_ref().map(|(label, _)| label.clone());
    let calendars: Vec<&Clause> = c.clauses.iter().filter(|k| k.is("calendar")).collect();
    for calendar in &calendars {
        if let Some(base) = parent(calendar).filter(|_| found.contains(&calendar.label)) {
            found.insert(base);
        }
    }
    for clause in c.clauses.iter().filter(|k| k.is("commitment")) {
        let unguarded = unguarded.contains(&clause.text("promise"));
        if unguarded || clause.text("calendar").is_some_and(|calendar| found.contains(calendar)) {
            found.insert(clause.label.clone());
        }
    }
    found
}

/// Where errors of these codes stand, in the order of the files and lines.
fn faults(c: &Compiler, codes: &[&str]) -> Vec<Span> {
    let of = |code: &str| codes.iter().any(|start| code.starts_with(start));
    let mut found: Vec<Span> =
        c.diagnostics.iter().filter(|d| d.is_error() && of(d.code)).map(|d| d.span).collect();
    found.sort_unstable();
    found
}
