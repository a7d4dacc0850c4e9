//! What crosses the places that `data_location` allows: sessions from elsewhere, transfers nobody framed.

use std::collections::BTreeSet;

use super::own_texts;
use crate::clauses::{Clause, Fields};
use crate::diagnostic::Diagnostic;

pub(super) fn check(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    sessions(clauses, found);
    transfers(clauses, found);
}

/// The countries that the contract allows for these purposes, and the first clause that says so; `None` when it
/// speaks of none of them.
pub(super) fn allowed<'a>(
    clauses: &'a [Clause],
    purposes: &[&str],
) -> Option<(BTreeSet<String>, &'a Clause)> {
    let places: Vec<&Clause> = clauses
        .iter()
        .filter(|k| k.is("data_location"))
        .filter(|k| purposes.is_empty() || k.text("purpose").is_some_and(|p| purposes.contains(&p)))
        .collect();
    let countries = places.iter().flat_map(|k| Fields::new(k).texts("countries")).collect();
    Some((countries, places.first()?))
}

/// « FR, BE »; a list that no contract would hold is cut.
pub(super) fn shown(countries: &BTreeSet<String>) -> String {
    const MOST: usize = 40;
    let more = if countries.len() > MOST { ", …" } else { "" };
    format!("{}{more}", countries.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", "))
}

/// A session from a country where nobody may administer.
fn sessions(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let Some((allowed, place)) = allowed(clauses, &["administration", "support"]) else { return };
    for clause in clauses.iter().filter(|k| k.is("remote_access")) {
        for (country, value) in own_texts(clause, "from_countries") {
            if !allowed.contains(country) {
                let (here, there, list) = (&clause.article, &place.article, shown(&allowed));
                found.push(
                    Diagnostic::error(
                        "E-ACCESS-COUNTRY",
                        value.span,
                        format!(
                            "« {here} » ouvre un accès depuis {country}, que « {there} » n'admet pas ({list})"
                        ),
                        format!(
                            "“{here}” opens access from {country}, which “{there}” does not allow ({list})"
                        ),
                    )
                    .related(place.place_of("countries"), "pays admis", "countries allowed")
                    .help(
                        format!("retirez {country}, ou ajoutez-le au lieu d'administration"),
                        format!("remove {country}, or add it to the place of administration"),
                    ),
                );
            }
        }
    }
}

/// The European Economic Area, where GDPR chapter V asks nothing: EEA Agreement, joint committee decision
/// 154/2018.
const EEA: &[&str] = &[
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT",
    "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Data kept or reached outside the EEA, though no clause on personal data frames a transfer there.
fn transfers(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    let personal: Vec<&Clause> = clauses.iter().filter(|k| k.is("personal_data")).collect();
    let Some(first) = personal.first() else { return };
    let framed: BTreeSet<String> =
        personal.iter().flat_map(|k| Fields::new(k).texts("transfer_countries")).collect();
    for clause in clauses.iter().filter(|k| k.is("data_location")) {
        for (country, value) in own_texts(clause, "countries") {
            if !EEA.contains(&country) && !framed.contains(country) {
                found.push(
                    Diagnostic::error(
                        "E-LOCATION-TRANSFER",
                        value.span,
                        format!(
                            "« {} » admet {country}, hors de l'Espace économique européen, et « {} » n'encadre aucun transfert vers ce pays",
                            clause.article, first.article
                        ),
                        format!(
                            "“{}” allows {country}, outside the European Economic Area, and “{}” frames no transfer there",
                            clause.article, first.article
                        ),
                    )
                    .related(first.place_of("transfers"), "transferts prévus", "transfers provided for")
                    .help(
                        format!(
                            "retirez {country}, ou dites comment le transfert est encadré : transfers, transfer_countries (RGPD, art. 44 à 49)"
                        ),
                        format!(
                            "remove {country}, or say how the transfer is framed: transfers, transfer_countries (GDPR, art. 44 to 49)"
                        ),
                    ),
                );
            }
        }
    }
}
