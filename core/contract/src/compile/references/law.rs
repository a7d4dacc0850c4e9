//! What law clauses need of one another: protection of the customer, penalties of what is only means, the data
//! and the sources of an application that the provider owns.

use crate::clauses::{Clause, Fields};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;
use crate::source::{Node, Value};

pub(super) fn check(c: &Compiler, found: &mut Vec<Diagnostic>) {
    protection(&c.clauses, found);
    penalties(&c.clauses, found);
    escrow(c, found);
    data(c, found);
}

fn provider_liability(clauses: &[Clause]) -> Option<&Clause> {
    clauses.iter().find(|k| k.is("liability") && k.text("party") == Some("provider"))
}

/// Seed 004: « soit une limitation de la mise en cause du donneur d'ordres, soit des moyens de contrôle » (S-273).
fn protection(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let Some(clause) = provider_liability(clauses) else { return };
    if clause.value("protection").is_none() {
        found.push(
            Diagnostic::error(
                "E-LIAB-PROTECT",
                clause.label_span,
                "le contrat ne limite pas la mise en cause du donneur d'ordres et ne lui donne pas de moyens de contrôle",
                "the contract neither limits claims against the customer nor gives it means of control",
            )
            .help(
                "ajoutez protection = [\"limited_claims\"], [\"means_of_control\"], ou les deux",
                "add protection = [\"limited_claims\"], [\"means_of_control\"], or both",
            ),
        );
    }
}

/// S-073: a penalty punishes a result that was not reached, so the promise is more than a duty of means.
fn penalties(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let Some(liability) = provider_liability(clauses).filter(|k| k.text("nature") == Some("means")) else {
        return;
    };
    let rows = liability.value("failures").and_then(Value::as_array).unwrap_or_default();
    let promised: Vec<&str> = rows
        .iter()
        .filter(|row| row.get("nature").and_then(Value::as_text) != Some("means"))
        .filter_map(|row| row.get("of")?.as_array())
        .flatten()
        .filter_map(|label| {
            clauses.iter().find(|k| Some(k.label.as_str()) == label.as_text())?.text("promise")
        })
        .collect();
    for penalty in clauses.iter().filter(|k| k.is("penalty")) {
        let Some(on) = penalty.text("on").filter(|on| !promised.contains(on)) else { continue };
        found.push(
            Diagnostic::error(
                "E-OBL-TYPE",
                penalty.place_of("on"),
                format!("« {on} » n'est qu'une obligation de moyens : son retard ne peut pas être pénalisé"),
                format!("“{on}” is only an obligation of means: its lateness cannot be penalised"),
            )
            .related(liability.place_of("nature"), "obligation de moyens", "obligation of means")
            .help(
                "écrivez nature = \"means_with_result_target\", ou une ligne de failures en \"result\" pour cette promesse",
                "write nature = \"means_with_result_target\", or a row of failures as \"result\" for this promise",
            ),
        );
    }
}

/// S-289: with an application that its host owns, the customer leaves with sources or finds them in escrow.
fn escrow(c: &Compiler, found: &mut Vec<Diagnostic>) {
    if !c.front.trades.iter().any(|t| t == "asp") {
        return;
    }
    let yes = |k: &Clause, field: &str| k.value(field).is_some_and(|v| v.node == Node::Flag(true));
    for clause in c.clauses.iter().filter(|k| k.is("software_ownership")) {
        let kept = clause.text("mode") == Some("licensed") && clause.text("nature") == Some("application");
        if kept && !yes(clause, "sources") && !yes(clause, "escrow") {
            let of = Fields::new(clause).text("of").unwrap_or_default();
            found.push(
                Diagnostic::error(
                    "E-IP-ESCROW",
                    clause.place_of("escrow"),
                    format!("si le Prestataire disparaît, le Client perd l'usage de « {of} »"),
                    format!("if the Provider disappears, the Customer loses the use of “{of}”"),
                )
                .help(
                    "écrivez escrow = true : les sources sont déposées chez un tiers, ou sources = true",
                    "write escrow = true: the sources are held by a third party, or sources = true",
                ),
            );
        }
    }
}

/// « C'est la société tierce qui est propriétaire de l'application » (S-145): the data in it stays the customer's,
/// and is written down apart from the application, or a dispute on one is a dispute on the other.
fn data(c: &Compiler, found: &mut Vec<Diagnostic>) {
    if !c.front.trades.iter().any(|t| t == "asp") {
        return;
    }
    let owned = |k: &&Clause| k.is("software_ownership");
    let kept = c
        .clauses
        .iter()
        .filter(owned)
        .find(|k| k.text("mode") == Some("licensed") && k.text("nature") == Some("application"));
    let theirs = |k: &Clause| k.text("nature") == Some("database") && k.text("mode") == Some("customer");
    let (Some(application), false) = (kept, c.clauses.iter().filter(owned).any(theirs)) else { return };
    let of = application.text("of").unwrap_or(&application.label);
    found.push(
        Diagnostic::error(
            "E-DATA-OWN",
            application.place_of("mode"),
            format!("« {of} » reste au Prestataire, et rien ne dit que les données qu'il contient sont au Client"),
            format!("“{of}” stays the Provider's, and nothing says that the data in it is the Customer's"),
        )
        .help(
            "ajoutez une clause software_ownership sur les données : nature = \"database\", mode = \"customer\"",
            "add a clause software_ownership on the data: nature = \"database\", mode = \"customer\"",
        ),
    );
}
