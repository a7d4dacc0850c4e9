//! Meters and allowances that would mislead: alarms that always ring, an operation said twice, work at a rate
//! that is not there, hardware of a class that nobody covers.

use crate::clauses::{Clause, Fields};
use crate::diagnostic::{Diagnostic, suggestion};

pub(super) fn check(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    for clause in clauses {
        match clause.kind.name {
            "hotline" => alert(clause, found),
            "allowance" => twice(clause, clauses, found),
            "operations" => profile(clause, clauses, found),
            "equipment" => class(clause, clauses, found),
            _ => {}
        }
    }
}

/// An alert at more than the pack rings from the first day, so nobody hears it on the last.
fn alert(clause: &Clause, found: &mut Vec<Diagnostic>) {
    let f = Fields::new(clause);
    let pack = f.integer("alert_at").zip(f.integer("tickets"));
    let hours = f.minutes("alert_below").zip(f.minutes("max"));
    for (field, pair) in [("alert_at", pack), ("alert_below", hours)] {
        if pair.is_some_and(|(alert, whole)| alert >= whole) {
            found.push(
                Diagnostic::error(
                    "E-HOTLINE-ALERT",
                    clause.place_of(field),
                    "l'alerte sonnerait dès le premier jour : ce seuil n'est pas au-dessous de ce qui est compris",
                    "the alert would ring from the first day: this threshold is not below what is included",
                )
                .help(
                    format!("{field} est ce qui reste, par exemple un sixième du total"),
                    format!("{field} is what is left, a sixth of the total for instance"),
                ),
            );
        }
    }
}

fn twice(clause: &Clause, all: &[Clause], found: &mut Vec<Diagnostic>) {
    let operation = clause.text("operation");
    let other = all.iter().find(|k| {
        k.is("operations")
            && k.text("operation") == operation
            && operation.is_some()
            && k.when.overlaps(&clause.when)
    });
    if let Some(other) = other {
        found.push(
            Diagnostic::error(
                "E-ALLOWANCE-TWICE",
                clause.place_of("operation"),
                format!("cette opération est déjà réglée par « {} »", other.label),
                format!("this operation is already settled by “{}”", other.label),
            )
            .related(other.place_of("operation"), "l'autre clause", "the other clause")
            .help("gardez une seule clause pour chaque opération", "keep one clause for each operation"),
        );
    }
}

/// Work at a rate that the contract does not have could not be priced.
fn profile(clause: &Clause, all: &[Clause], found: &mut Vec<Diagnostic>) {
    let known = || all.iter().filter(|k| k.is("rates")).filter_map(|k| k.text("profile"));
    let Some(profile) = clause.text("profile").filter(|profile| known().all(|k| k != *profile)) else {
        return;
    };
    let profiles: Vec<&str> = known().collect();
    let diagnostic = Diagnostic::error(
        "E-OPERATIONS-PROFILE",
        clause.place_of("profile"),
        format!("aucun tarif du contrat n'est celui du profil « {profile} »"),
        format!("no rate of the contract is that of the profile “{profile}”"),
    );
    found.push(if profiles.is_empty() {
        diagnostic.help(
            "ajoutez la clause rates de ce profil, ou écrivez terms = \"quoted\"",
            "add the rates clause of this profile, or write terms = \"quoted\"",
        )
    } else {
        let help = suggestion(profile, profiles.iter().copied());
        diagnostic.help(help.fr, help.en)
    });
}

fn class(clause: &Clause, all: &[Clause], found: &mut Vec<Diagnostic>) {
    let known = || all.iter().filter(|k| k.is("perimeter")).filter_map(|k| k.text("class"));
    let Some(class) =
        clause.text("class").filter(|class| known().count() > 0 && known().all(|c| c != *class))
    else {
        return;
    };
    let classes: Vec<&str> = known().collect();
    let help = suggestion(class, classes.iter().copied());
    found.push(
        Diagnostic::warning(
            "W-EQUIPMENT-CLASS",
            clause.place_of("class"),
            format!("aucun périmètre ne couvre la classe « {class} »"),
            format!("no perimeter covers the class “{class}”"),
        )
        .help(help.fr, help.en),
    );
}
