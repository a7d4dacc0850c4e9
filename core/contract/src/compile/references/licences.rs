//! Rights to use what the service runs on: since when the provider has them, and under a licence in force.

use base::{Lang, lang};
use jiff::civil::Date;

use crate::clauses::{Clause, Fields};
use crate::diagnostic::Diagnostic;
use crate::source::{Node, Span};

pub(super) fn check(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let start = clauses.iter().find(|k| k.is("term")).and_then(|k| Fields::new(k).date("start"));
    for licence in clauses.iter().filter(|k| k.is("licences")) {
        found.extend(start.and_then(|start| expired(licence, start)));
        if licence.text("holder") == Some("provider") && forbidden(licence) {
            found.push(useless(licence.place_of("provider_may_use"), licence));
        }
    }
    for work in clauses.iter().filter(|k| k.is("software_ownership")) {
        found.extend(entrusted(work));
        found.extend(lent(work, clauses));
    }
}

/// « En possession des licences d'utilisation valides » (S-102): one that has run out before the first day is
/// not one of them.
fn expired(licence: &Clause, start: Date) -> Option<Diagnostic> {
    let fields = Fields::new(licence);
    let expires = fields.date("expires").filter(|day| *day < start)?;
    let product = fields.text("product")?;
    let day = |lang| (lang::date(lang, expires), lang::date(lang, start));
    let ((fr_last, fr_first), (en_last, en_first)) = (day(Lang::Fr), day(Lang::En));
    Some(
        Diagnostic::error(
            "E-LICENCES-EXPIRED",
            licence.place_of("expires"),
            format!("la licence de « {product} » s'achève le {fr_last}, avant le premier jour du contrat, le {fr_first}"),
            format!("the licence of “{product}” ends on {en_last}, before the first day of the contract, {en_first}"),
        )
        .help(
            "écrivez le dernier jour de la licence en cours, ou retirez la clause si le produit n'est plus utilisé",
            "write the last day of the licence in force, or remove the clause if the product is no longer used",
        ),
    )
}

fn forbidden(licence: &Clause) -> bool {
    licence.value("provider_may_use").is_some_and(|v| v.node == Node::Flag(false))
}

fn useless(place: Span, licence: &Clause) -> Diagnostic {
    let product = licence.text("product").unwrap_or(&licence.label);
    Diagnostic::error(
        "E-LICENCES-USE",
        place,
        format!("le Prestataire se servirait de « {product} » pour le service sans en avoir le droit"),
        format!("the Provider would use “{product}” for the service without any right to"),
    )
    .help(
        "obtenez ce droit du titulaire, puis écrivez provider_may_use = true dans la licence",
        "get that right from the owner, then write provider_may_use = true in the licence",
    )
}

/// What belongs to a third party and is run by the provider, under a licence that keeps the provider out.
fn lent(work: &Clause, clauses: &[Clause]) -> Option<Diagnostic> {
    let label = work.text("licence")?;
    let licence = clauses.iter().find(|k| k.is("licences") && k.label == label)?;
    forbidden(licence).then(|| {
        useless(work.place_of("licence"), licence).related(
            licence.place_of("provider_may_use"),
            "la licence l'exclut",
            "the licence leaves it out",
        )
    })
}

/// « Éléments logiciels nécessaires dans le cadre de l'exploitation confiés au prestataire » (S-071): the day
/// from which the provider may use them is what tells a loan from a copy that nobody allowed.
fn entrusted(work: &Clause) -> Option<Diagnostic> {
    let software = matches!(work.text("nature"), Some("application" | "script" | "configuration"));
    let others = matches!(work.text("mode"), Some("customer" | "third_party"));
    if !software || !others || work.value("entrusted_from").is_some() {
        return None;
    }
    let of = work.text("of")?;
    Some(
        Diagnostic::warning(
            "W-OWNERSHIP-ENTRUSTED",
            work.place_of("mode"),
            format!("rien ne dit depuis quand le Prestataire peut se servir de « {of} »"),
            format!("nothing says since when the Provider may use “{of}”"),
        )
        .help(
            "ajoutez entrusted_from = 2026-03-01, le jour où il le reçoit pour l'exploiter",
            "add entrusted_from = 2026-03-01, the day it is received to be run",
        ),
    )
}
