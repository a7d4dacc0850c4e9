//! What is both in and out, and what is said twice.

use std::collections::{BTreeMap, BTreeSet};

use crate::clauses::{Clause, Fields};
use crate::diagnostic::{Diagnostic, MOST_REMARKS};

pub(super) fn check(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let entries: Vec<Entry<'_>> = clauses.iter().filter(|k| k.is("perimeter")).map(Entry::of).collect();
    // Only those that name an item in common, or both a whole class, have something to say of each other.
    let mut naming: BTreeMap<Named<'_>, Vec<usize>> = BTreeMap::new();
    for (i, b) in entries.iter().enumerate() {
        let mut earlier: BTreeSet<usize> = BTreeSet::new();
        for name in b.names() {
            let known = naming.entry(name).or_default();
            earlier.extend(known.iter());
            known.push(i);
        }
        for a in earlier.iter().map(|at| &entries[*at]) {
            if found.len() > MOST_REMARKS {
                return;
            }
            let (earlier, later) = (a.clause, b.clause);
            if let Some(what) = contradiction(a, b) {
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
            } else if let Some(what) = repeated(a, b) {
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
fn repeated(a: &Entry<'_>, b: &Entry<'_>) -> Option<String> {
    if status(a.clause) != status(b.clause) || a.sites != b.sites {
        return None;
    }
    common(a, b)
}

/// An entry, and what it lists.
struct Entry<'a> {
    clause: &'a Clause,
    items: BTreeSet<String>,
    sites: BTreeSet<String>,
}

/// What an entry speaks of.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Named<'a> {
    Item(&'a str),
    Class(&'a str),
}

impl Entry<'_> {
    fn of(clause: &Clause) -> Entry<'_> {
        let set = |field: &str| Fields::new(clause).texts(field).into_iter().collect();
        Entry { clause, items: set("items"), sites: set("sites") }
    }

    /// Its items, or its class when it lists none.
    fn names(&self) -> Vec<Named<'_>> {
        match self.items.is_empty() {
            true => self.clause.text("class").map(Named::Class).into_iter().collect(),
            false => self.items.iter().map(|item| Named::Item(item)).collect(),
        }
    }
}

/// An item that both list, or the class when neither lists any.
fn common(a: &Entry<'_>, b: &Entry<'_>) -> Option<String> {
    if let Some(item) = a.items.intersection(&b.items).next() {
        return Some(item.clone());
    }
    let class = a.clause.text("class").filter(|class| b.clause.text("class") == Some(class))?;
    (a.items.is_empty() && b.items.is_empty()).then(|| class.to_owned())
}

fn status(clause: &Clause) -> &str {
    clause.text("status").unwrap_or("?")
}

/// The item, or the whole class, of which both speak differently at a common site. An item named
/// beats its class, so an item and its class do not contradict.
fn contradiction(a: &Entry<'_>, b: &Entry<'_>) -> Option<String> {
    let apart = !a.sites.is_empty() && !b.sites.is_empty() && a.sites.is_disjoint(&b.sites);
    if apart || status(a.clause) == status(b.clause) {
        return None;
    }
    common(a, b)
}
