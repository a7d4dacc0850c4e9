//! Levels of severity: each one is promised something, or waits for a release that comes.

use terms::{Dimension, Facts};

use crate::clauses::{Clause, Fields};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

pub(super) fn check(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    for clause in clauses.iter().filter(|k| k.is("maintenance")) {
        for (i, row) in Fields::new(clause).tables("severities").iter().enumerate() {
            let place = Fields::new(clause).place_of_row("severities", i);
            let (Some(level), Some(settled)) = (row.text("level"), row.text("settled")) else { continue };
            if settled == "next_release" && clause.value("release_every").is_none() {
                found.push(no_release(place, &level));
            }
            if settled == "within_commitment" && !promised(clauses, &level) {
                found.push(no_promise(place, &level));
            }
        }
    }
}

/// Some promise to restore or to resolve may govern a defect of this level.
fn promised(clauses: &[Clause], level: &str) -> bool {
    let facts = Facts::default().with(Dimension::Level, level);
    clauses
        .iter()
        .filter(|k| k.is("commitment") && matches!(k.text("promise"), Some("restore" | "resolve")))
        .any(|k| {
            k.when
                .values
                .get(&Dimension::Level)
                .is_none_or(|levels| facts.get(Dimension::Level).is_some_and(|level| levels.contains(level)))
        })
}

fn no_promise(place: Span, level: &str) -> Diagnostic {
    Diagnostic::error(
        "E-MAINTENANCE-LEVEL",
        place,
        format!("aucun délai ne promet de corriger une anomalie de niveau « {level} »"),
        format!("no delay promises to mend a defect of level “{level}”"),
    )
    .help(
        format!("ajoutez une clause commitment, promise = \"restore\", when = {{ level = [\"{level}\"] }}, ou settled = \"next_release\""),
        format!("add a clause commitment, promise = \"restore\", when = {{ level = [\"{level}\"] }}, or settled = \"next_release\""),
    )
}

fn no_release(place: Span, level: &str) -> Diagnostic {
    Diagnostic::error(
        "E-MAINTENANCE-RELEASE",
        place,
        format!("« {level} » attend la prochaine version, et rien ne dit quand elle vient"),
        format!("“{level}” waits for the next release, and nothing says when that comes"),
    )
    .help("ajoutez release_every, par exemple \"2 months\"", "add release_every, for instance \"2 months\"")
}
