//! What the pieces of a preparation say: their headings, the whole cost, the decision to go on, the
//! licences, and what the contract takes from the protocol.
//!
//! Seed 004, lines 31 to 33 (S-198 to S-209): each study has its headings, and an audit settles who may use
//! which software before the contract is signed.

use std::collections::BTreeSet;

use base::Money;
use engines::total_cost::{CostPlan, total};

use super::pieces::FIELDS;
use super::preparation::{get, rows, text};
use crate::clauses::{Field, Type};
use crate::compile::Compiled;
use crate::diagnostic::{Diagnostic, suggestion};
use crate::source::{Entry, Node, Span, Value};

/// The headings that a piece sets out, or says why not by its absence.
const HEADINGS: &[(&str, &[&str])] = &[
    ("opportunity_study", &["strategy", "user_needs", "conclusion"]),
    ("feasibility_study", &["resources", "costs", "risks", "constraints", "total_cost"]),
    ("requirements", &["budget"]),
    ("technical_audit", &["functions", "means"]),
    ("legal_audit", &["licences"]),
    ("protocol", &["clauses"]),
];

pub(super) fn check(compiled: &Compiled, entries: &[Entry], head: Span, out: &mut Vec<Diagnostic>) {
    for (piece, headings) in HEADINGS {
        if let Some(value) = get(entries, piece) {
            out.extend(lacking(piece, headings, value));
        }
    }
    if let Some(cost) = get(entries, "feasibility_study").and_then(|study| study.get("total_cost")) {
        out.extend(whole_cost(cost));
    }
    decision(entries, head, out);
    licences(entries, out);
    protocol(compiled, entries, out);
}

/// One remark for all the headings that a piece lacks.
fn lacking(piece: &str, headings: &[&str], value: &Value) -> Option<Diagnostic> {
    let fields = FIELDS.iter().find(|f| f.name == piece)?;
    let Type::Table(table) = fields.ty else { return None };
    let missing: Vec<&Field> = headings
        .iter()
        .filter(|h| blank(value.get(h)))
        .filter_map(|h| table.iter().find(|f| f.name == *h))
        .collect();
    if missing.is_empty() {
        return None;
    }
    let names = missing.iter().map(|f| f.name).collect::<Vec<_>>().join(", ");
    let list =
        |name: fn(&Field) -> &'static str| missing.iter().map(|f| name(f)).collect::<Vec<_>>().join(", ");
    Some(
        Diagnostic::warning(
            "W-PREPARATION-HEADING",
            value.span,
            format!("{} : il y manque : {}", fields.fr, list(|f| f.fr)),
            format!("{}: it lacks: {}", fields.en, list(|f| f.en)),
        )
        .help(format!("ajoutez dans [{piece}] : {names}"), format!("add to [{piece}]: {names}")),
    )
}

fn blank(value: Option<&Value>) -> bool {
    match value.map(|v| &v.node) {
        None => true,
        Some(Node::Text(text)) => text.trim().is_empty(),
        Some(Node::Array(values)) => values.is_empty(),
        Some(_) => false,
    }
}

/// The whole cost that the study gives is the one that its parts add up to.
fn whole_cost(cost: &Value) -> Option<Diagnostic> {
    let money = |key: &str| text(cost, key).and_then(|t| Money::parse(t).ok());
    let years = match cost.get("years")?.node {
        Node::Integer(n) => u32::try_from(n).ok()?,
        _ => return None,
    };
    let (yearly, told) = (money("yearly")?, money("total")?);
    let zero = Money::zero(yearly.currency);
    let once = |key: &str| money(key).unwrap_or(zero);
    let parts = ["transition", "reversibility", "retained_yearly"].map(once);
    // Amounts of two currencies have no sum; the contract's own check says so of its clauses.
    if parts.iter().chain([&told]).any(|m| m.currency != yearly.currency) {
        return None;
    }
    let [transition, reversibility, retained_yearly] = parts;
    let found = total(&CostPlan { years, yearly, transition, reversibility, retained_yearly });
    let right = found.value;
    let sum = found.reasons.first().map(|r| r.text.clone())?;
    (right != told).then(|| {
        Diagnostic::error(
            "E-PREPARATION-COST",
            cost.get("total").map_or(cost.span, |v| v.span),
            format!("ce coût complet n'est pas la somme de ses parties : {}", sum.fr),
            format!("this whole cost is not the sum of its parts: {}", sum.en),
        )
        .help(
            format!(
                "écrivez total = \"{}.{:02} {}\"",
                right.cents / 100,
                right.cents % 100,
                right.currency.code()
            ),
            format!(
                "write total = \"{}.{:02} {}\"",
                right.cents / 100,
                right.cents % 100,
                right.currency.code()
            ),
        )
    })
}

/// S-202: « l'entreprise juge de la pertinence de poursuite de ce projet », and says so.
fn decision(entries: &[Entry], head: Span, out: &mut Vec<Diagnostic>) {
    let Some(decision) = get(entries, "decision") else {
        out.push(
            Diagnostic::warning(
                "W-PREPARATION-DECISION",
                head,
                "rien ne dit qui a décidé de poursuivre le projet, ni quand",
                "nothing says who decided to go on with the project, nor when",
            )
            .help(
                "ajoutez [decision] avec date, decided = \"go\", by et document",
                "add [decision] with date, decided = \"go\", by and document",
            ),
        );
        return;
    };
    if text(decision, "decided") == Some("no_go") {
        let place = decision.get("decided").map_or(decision.span, |v| v.span);
        out.push(
            Diagnostic::error(
                "E-PREPARATION-DECISION",
                place,
                "la décision est de ne pas poursuivre : ce contrat ne se signe pas",
                "the decision is not to go on: this contract is not signed",
            )
            .help(
                "versez au dossier la décision qui la remplace, decided = \"go\"",
                "put on file the decision that replaces it, decided = \"go\"",
            ),
        );
    }
}

/// S-209: « clarifie les droits de propriété intellectuelle (licences d'exploitation) »: none is left unknown.
fn licences(entries: &[Entry], out: &mut Vec<Diagnostic>) {
    let Some(audit) = get(entries, "legal_audit") else { return };
    for licence in rows(audit, "licences").iter().filter(|l| text(l, "provider_may_use") == Some("unknown")) {
        let software = text(licence, "software").unwrap_or_default();
        out.push(
            Diagnostic::error(
                "E-PREPARATION-LICENCE",
                licence.get("provider_may_use").map_or(licence.span, |v| v.span),
                format!("on ignore si le Prestataire peut se servir de « {software} »"),
                format!("nobody knows whether the Provider may use “{software}”"),
            )
            .help(
                "lisez la licence ou demandez à son titulaire : yes, no ou on_consent",
                "read the licence or ask its holder: yes, no or on_consent",
            ),
        );
    }
}

/// S-206: the contract shows what came from the protocol.
fn protocol(compiled: &Compiled, entries: &[Entry], out: &mut Vec<Diagnostic>) {
    let Some(protocol) = get(entries, "protocol") else { return };
    let labels: BTreeSet<&str> = compiled.labels().collect();
    for clause in rows(protocol, "clauses") {
        let Some(label) = clause.as_text().filter(|l| !labels.contains(l)) else { continue };
        let help = suggestion(label, labels.iter().copied());
        out.push(
            Diagnostic::error(
                "E-PREPARATION-PROTOCOL",
                clause.span,
                format!("le protocole annonce « {label} », et le contrat n'a pas cette clause"),
                format!("the protocol announces “{label}”, and the contract has no such clause"),
            )
            .help(help.fr, help.en),
        );
    }
}
