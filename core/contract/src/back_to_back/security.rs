//! Security that flows down the chain: what the customer's contract asks for is asked of the subcontractor too.
//!
//! Seed 004, line 43: « la sous-traitance ne rendra pas inefficace les contraintes de sécurité » (S-232).

use super::Pair;
use crate::diagnostic::Diagnostic;

/// The kinds of clause that bind whoever reaches the data, whatever it does there. Sessions, postures and
/// shared hosting bind only those who do that work.
const FLOW_DOWN: [(&str, &str, &str); 7] = [
    ("confidentiality", "la confidentialité", "confidentiality"),
    ("security_measures", "les mesures de sécurité", "the security measures"),
    ("incident_response", "la réaction à un incident", "the response to an incident"),
    ("data_location", "le lieu des données", "the location of data"),
    ("retention", "la conservation des traces", "the retention of traces"),
    ("audit", "le droit d'audit", "the right to audit"),
    ("erasure", "l'effacement", "erasure"),
];

pub(super) fn check(pair: &Pair<'_>, out: &mut Vec<Diagnostic>) {
    for (kind, fr, en) in FLOW_DOWN {
        let asked = pair.customer.clauses.iter().find(|k| k.is(kind));
        let (Some(asked), false) = (asked, pair.subcontract.clauses.iter().any(|k| k.is(kind))) else {
            continue;
        };
        let label = &asked.label;
        out.push(
            Diagnostic::error(
                "E-BACK-SECURITY",
                pair.nowhere(),
                format!("ce sous-contrat ne dit rien de ce que [{label}] exige : {fr}"),
                format!("this subcontract says nothing of what [{label}] asks for: {en}"),
            )
            .related(pair.here(label), "ce que le client exige", "what the customer asks for")
            .help(
                format!("ajoutez une clause {kind} au sous-contrat"),
                format!("add a clause {kind} to the subcontract"),
            ),
        );
    }
}
