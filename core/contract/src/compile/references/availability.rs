//! Services whose components nobody listed: an outage is recorded against items of the perimeter.

use terms::Dimension;

use super::own_names;
use crate::clauses::Clause;
use crate::compile::guards::{Declared, undeclared};
use crate::diagnostic::Diagnostic;

pub(super) fn check(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let declared = Declared::of(clauses);
    let Some(known) = declared.values(Dimension::Item).filter(|known| !known.is_empty()) else { return };
    for clause in clauses.iter().filter(|k| k.is("availability")) {
        for (item, span) in own_names(clause, "items") {
            if !known.contains(&item) {
                found.push(undeclared("E-AVAILABILITY-ITEM", Dimension::Item, &item, span, known));
            }
        }
    }
}
