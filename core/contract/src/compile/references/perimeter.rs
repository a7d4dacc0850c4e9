//! What is both in and out, and what is said twice.

use std::collections::BTreeSet;

use crate::clauses::{Clause, Fields};
use crate::diagnostic::Diagnostic;

pub(super) fn check(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let entries: Vec<&Clause> = clauses.iter().filter(|k| k.is("perimeter")).collect();
    for (i, later) in entries.iter().enumerate() {
        for earlier in &entries[..i] {
            if let Some(what) = contradiction(earlier, later) {
                found.push(
                    Diagnostic::error(
                        "E-PERIMETER-CONFLICT",
                        later.place_of("status"),
                        format!(
                            "« {what} » est dit de deux façons : {} et {}",
                            status(earlier),
                            status(later)
                        ),
                        format!("“{what}” is given two ways: {} and {}", status(earlier), status(later)),
                    )
                    .related(earlier.place_of("status"), "l'autre dit", "the other says")
                    .help(
                        "retirez-le de l'une des deux listes, ou distinguez les sites",
                        "take it out of one of the lists, or tell the sites apart",
                    ),
                );
            } else if let Some(what) = repeated(earlier, later) {
                found.push(
                    Diagnostic::warning(
                        "W-PERIMETER-TWICE",
                        later.label_span,
                        format!(
                            "« {what} » est déjà dit par « {} », pour les mêmes sites et de même façon",
                            earlier.label
                        ),
                        format!("“{what}” is already said by “{}”, for the same sites", earlier.label),
                    )
                    .related(earlier.label_span, "dit ici", "said here")
                    .help(
                        "gardez une seule déclaration : un avenant qui n'en change qu'une laisserait l'autre",
                        "keep one statement: an amendment that changed one would leave the other",
                    ),
                );
            }
        }
    }
}

/// The item, or the whole class, that both state in the same way for the same sites.
fn repeated(a: &Clause, b: &Clause) -> Option<String> {
    let set = |k: &Clause, field: &str| Fields::new(k).texts(field).into_iter().collect::<BTreeSet<String>>();
    if status(a) != status(b) || set(a, "sites") != set(b, "sites") {
        return None;
    }
    let (items_a, items_b) = (set(a, "items"), set(b, "items"));
    if let Some(item) = items_a.intersection(&items_b).next() {
        return Some(item.clone());
    }
    let class = a.text("class").filter(|class| b.text("class") == Some(class))?;
    (items_a.is_empty() && items_b.is_empty()).then(|| class.to_owned())
}

fn status(clause: &Clause) -> &str {
    clause.text("status").unwrap_or("?")
}

/// The item, or the whole class, of which both speak differently at a common site. An item named
/// beats its class, so an item and its class do not contradict.
fn contradiction(a: &Clause, b: &Clause) -> Option<String> {
    let set = |k: &Clause, field: &str| Fields::new(k).texts(field).into_iter().collect::<BTreeSet<String>>();
    let (sites_a, sites_b) = (set(a, "sites"), set(b, "sites"));
    let apart = !sites_a.is_empty() && !sites_b.is_empty() && sites_a.is_disjoint(&sites_b);
    if apart || status(a) == status(b) {
        return None;
    }
    let (items_a, items_b) = (set(a, "items"), set(b, "items"));
    if let Some(item) = items_a.intersection(&items_b).next() {
        return Some(item.clone());
    }
    let class = a.text("class").filter(|class| b.text("class") == Some(class))?;
    (items_a.is_empty() && items_b.is_empty()).then(|| class.to_owned())
}
