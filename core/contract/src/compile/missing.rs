//! What a managed-services contract cannot do without, of the kinds that exist: warnings in a plain
//! check, which the signature's gate turns into errors.

use super::Compiler;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

pub(super) fn check(c: &mut Compiler) {
    let has = |kind: &str| c.clauses.iter().any(|k| k.is(kind));
    let role = |role: &str| c.clauses.iter().any(|k| k.is("parties") && k.text("role") == Some(role));
    let mut found = Vec::new();
    let mut say = |there: bool, code, fr: &str, en: &str, model: &str| {
        if !there {
            found.push(
                Diagnostic::warning(code, Span::default(), fr, en)
                    .help(format!("ajoutez une clause {model}"), format!("add a clause {model}")),
            );
        }
    };
    // Seed 004, base clauses: identity of the customer and the provider, term and renewal, payment.
    say(
        role("customer"),
        "W-MISSING-CUSTOMER",
        "le contrat n'identifie pas le client : sans partie, pas de contrat (clauses de base)",
        "the contract does not identify the customer: no contract without parties (base clauses)",
        "parties, role = \"customer\"",
    );
    say(
        role("provider"),
        "W-MISSING-PROVIDER",
        "le contrat n'identifie pas le prestataire : sans partie, pas de contrat (clauses de base)",
        "the contract does not identify the provider: no contract without parties (base clauses)",
        "parties, role = \"provider\"",
    );
    say(
        has("term"),
        "W-MISSING-TERM",
        "le contrat ne dit ni sa durée ni sa reconduction (clauses de base)",
        "the contract says neither its length nor its renewal (base clauses)",
        "term",
    );
    say(
        has("fee"),
        "W-MISSING-FEE",
        "le contrat n'a pas de prix : une infogérance se paie au forfait (modalités de paiement)",
        "the contract has no price: managed services are paid by a fixed fee (payment terms)",
        "fee",
    );
    // Seed 004: the contract is a service-level agreement, with a perimeter and support hours.
    say(
        has("commitment"),
        "W-MISSING-COMMITMENT",
        "le contrat ne promet aucun délai : c'est l'objet d'un contrat de niveau de service",
        "the contract promises no delay: that is what a service-level agreement is for",
        "commitment",
    );
    say(
        has("perimeter"),
        "W-MISSING-PERIMETER",
        "le contrat ne dit pas ce qu'il couvre : le périmètre doit être délimité (clauses spécifiques)",
        "the contract does not say what it covers: the perimeter must be set out (specific clauses)",
        "perimeter",
    );
    say(
        has("hotline"),
        "W-MISSING-HOTLINE",
        "le contrat ne dit pas si l'assistance est illimitée, à tickets ou en durée maximum (clauses spécifiques)",
        "the contract does not say if support is unlimited, by tickets or up to a maximum (specific clauses)",
        "hotline",
    );
    c.diagnostics.extend(found);
}
