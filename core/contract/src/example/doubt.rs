//! Which clauses cannot be trusted for an example: what they give then tells nothing of the example.

use std::collections::BTreeSet;

use crate::clauses::Clause;
use crate::compile::Compiler;

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
    let faulty = |clause: &&Clause, codes: &[&str]| {
        c.diagnostics.iter().any(|d| {
            d.is_error()
                && codes.iter().any(|code| d.code.starts_with(code))
                && d.span.file == clause.span.file
                && (clause.span.start..clause.span.end).contains(&d.span.start)
        })
    };
    let mut found: BTreeSet<String> =
        c.clauses.iter().filter(|k| faulty(k, &FAULTS)).map(|k| k.label.clone()).collect();
    let parent = |k: &Clause| k.exception_to.as_ref().map(|(label, _)| label.clone());
    let calendars: Vec<&Clause> = c.clauses.iter().filter(|k| k.is("calendar")).collect();
    for calendar in &calendars {
        if let Some(base) = parent(calendar).filter(|_| found.contains(&calendar.label)) {
            found.insert(base);
        }
    }
    for clause in c.clauses.iter().filter(|k| k.is("commitment")) {
        // A guard that cannot be read leaves its cases to another clause of the same promise.
        let unguarded = c.clauses.iter().any(|k| {
            k.is("commitment") && k.text("promise") == clause.text("promise") && faulty(&k, &["E-GUARD-"])
        });
        if unguarded || clause.text("calendar").is_some_and(|calendar| found.contains(calendar)) {
            found.insert(clause.label.clone());
        }
    }
    found
}
