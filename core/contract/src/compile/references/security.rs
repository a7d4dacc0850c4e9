//! What security clauses need of one another: sessions, the machines they start from, their recordings; the
//! headings that shared hosting cannot do without.

use crate::clauses::Clause;
use crate::diagnostic::Diagnostic;
use crate::source::{Node, Value};

pub(super) fn check(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    sessions(clauses, found);
    prevention(clauses, found);
    shared_hosting(clauses, found);
}

fn kept(clauses: &[Clause], what: &str) -> bool {
    clauses.iter().any(|k| k.is("retention") && k.text("of") == Some(what))
}

fn sessions(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let Some(session) = clauses
        .iter()
        .find(|k| k.is("remote_access") && matches!(k.text("act"), Some("diagnosis" | "maintenance")))
    else {
        return;
    };
    if !clauses.iter().any(|k| k.is("device_posture")) {
        // Seed 004: flaws of devices that are not kept up to date (S-252).
        found.push(
            Diagnostic::warning(
                "W-ACCESS-POSTURE",
                session.label_span,
                "rien ne dit dans quel état doit être le poste d'où part la session",
                "nothing says what the machine a session starts from must be",
            )
            .help("ajoutez une clause device_posture", "add a clause device_posture"),
        );
    }
    let recorded = clauses
        .iter()
        .find(|k| k.is("remote_access") && k.value("recorded").is_some_and(|v| v.node == Node::Flag(true)));
    if let (Some(recorded), false) = (recorded, kept(clauses, "recordings")) {
        found.push(
            Diagnostic::warning(
                "W-ACCESS-RETENTION",
                recorded.place_of("recorded"),
                "les sessions sont enregistrées, et rien ne dit combien de temps on garde ces enregistrements",
                "sessions are recorded, and nothing says how long the recordings are kept",
            )
            .help(
                "ajoutez une clause retention, of = \"recordings\", keep = \"12 months\"",
                "add a clause retention, of = \"recordings\", keep = \"12 months\"",
            ),
        );
    }
}

/// Whether some clause lists a measure of this chapter.
fn has_section(clauses: &[Clause], section: &str) -> bool {
    clauses
        .iter()
        .filter(|k| k.is("security_measures"))
        .filter_map(|k| k.value("measures").and_then(Value::as_array))
        .flatten()
        .any(|row| row.get("section").and_then(Value::as_text) == Some(section))
}

/// S-266: « les modalités de prévention d'une attaque » are a chapter of the assurance plan.
fn prevention(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let Some(first) = clauses.iter().find(|k| k.is("security_measures")) else { return };
    if !has_section(clauses, "prevention") {
        found.push(
            Diagnostic::error(
                "E-PAS-PREV",
                first.place_of("measures"),
                "aucune mesure ne prévient une attaque : le plan d'assurance sécurité n'aurait pas ce chapitre",
                "no measure prevents an attack: the security assurance plan would lack that chapter",
            )
            .help(
                "ajoutez une mesure, section = \"prevention\" : correctifs, filtrage, second facteur…",
                "add a measure, section = \"prevention\": patches, filtering, a second factor…",
            ),
        );
    }
}

/// Seed 004: with shared hosting, logs, follow-up, prevention and reaction « doivent être impérativement
/// détaillés » (S-268). The clause itself brings the follow-up.
fn shared_hosting(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let Some(shared) = clauses.iter().find(|k| k.is("shared_hosting")) else { return };
    let mut say = |there: bool, code, fr: &str, en: &str, model: &str| {
        if !there {
            found.push(
                Diagnostic::warning(
                    code,
                    shared.label_span,
                    format!("un hébergement mutualisé détaille impérativement {fr}"),
                    format!("shared hosting must set out {en}"),
                )
                .help(format!("ajoutez une clause {model}"), format!("add a clause {model}")),
            );
        }
    };
    say(
        kept(clauses, "logs"),
        "W-MISSING-LOGS",
        "les journaux d'événements : sources, durée, lecteurs",
        "event logs: sources, length, readers",
        "retention, of = \"logs\"",
    );
    say(
        has_section(clauses, "prevention"),
        "W-MISSING-PREVENTION",
        "les mesures qui préviennent une attaque",
        "the measures that prevent an attack",
        "security_measures, section = \"prevention\"",
    );
    say(
        clauses.iter().any(|k| k.is("incident_response")),
        "W-MISSING-REACTION",
        "la réaction à un incident",
        "the response to an incident",
        "incident_response",
    );
}
