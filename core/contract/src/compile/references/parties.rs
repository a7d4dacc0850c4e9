//! One customer and one provider, those of the front matter; contacts of parties that are there.

use base::Bilingual;
use base::party_id::{FrenchVat, Siren, Siret};

use crate::clauses::Clause;
use crate::clauses::parties::ROLES;
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

pub(super) fn check(c: &Compiler, found: &mut Vec<Diagnostic>) {
    contacts(&c.clauses, found);
    single_contact(&c.clauses, found);
    one_of_each(&c.clauses, found);
    names(c, found);
    c.clauses.iter().filter(|k| k.is("parties")).for_each(|k| one_company(k, found));
}

/// A SIRET begins with its company's SIREN, and a French VAT number ends with it.
fn one_company(clause: &Clause, found: &mut Vec<Diagnostic>) {
    let bare = |field: &str| clause.text(field).map(|t| t.replace([' ', '\u{a0}', '\u{202f}'], ""));
    let siren = bare("siren").and_then(|t| Siren::parse(&t).ok());
    let Some(siren) = siren.as_ref().map(Siren::as_str) else { return };
    let siret = bare("siret").and_then(|t| Siret::parse(&t).ok()).filter(|t| !t.as_str().starts_with(siren));
    let vat = bare("vat").and_then(|t| FrenchVat::parse(&t).ok()).filter(|t| !t.as_str().ends_with(siren));
    for (wrong, field, code, name) in [
        (siret.is_some(), "siret", "E-PARTIES-SIRET", Bilingual::new("SIRET", "SIRET")),
        (vat.is_some(), "vat", "E-PARTIES-VAT", Bilingual::new("numéro de TVA", "VAT number")),
    ] {
        if wrong {
            found.push(
                Diagnostic::error(
                    code,
                    clause.place_of(field),
                    format!(
                        "ce {} est celui d'une autre société : il ne contient pas le SIREN {siren}",
                        name.fr
                    ),
                    format!("this {} is another company's: it does not contain the SIREN {siren}", name.en),
                )
                .related(clause.place_of("siren"), "le SIREN de la partie", "the party's SIREN")
                .help(
                    "relisez les deux numéros sur l'extrait Kbis",
                    "read both numbers again on the company's papers",
                ),
            );
        }
    }
}

/// The front matter and the clause that identifies a party give it one name.
fn names(c: &Compiler, found: &mut Vec<Diagnostic>) {
    for (role, named) in [("customer", &c.front.customer), ("provider", &c.front.provider)] {
        let clause = c.clauses.iter().find(|k| k.is("parties") && k.text("role") == Some(role));
        let (Some(clause), Some(named)) = (clause, named) else { continue };
        if let Some(name) = clause.text("name").filter(|name| name != named) {
            found.push(
                Diagnostic::warning(
                    "W-PARTIES-NAME",
                    clause.place_of("name"),
                    format!("« {name} » s'appelle « {named} » dans l'en-tête"),
                    format!("“{name}” is called “{named}” in the front matter"),
                )
                .help("écrivez le même nom aux deux endroits", "write the same name in both places"),
            );
        }
    }
}

/// A contact of a party that is not there.
fn contacts(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    for clause in clauses.iter().filter(|k| k.is("contacts")) {
        let Some(of) = clause.text("of") else { continue };
        let known = ROLES.contains(&of);
        if known && !clauses.iter().any(|k| k.is("parties") && k.text("role") == Some(of)) {
            found.push(
                Diagnostic::error(
                    "E-CONTACTS-PARTY",
                    clause.place_of("of"),
                    format!("ce contact parle pour « {of} », qui n'est pas partie au contrat"),
                    format!("this contact speaks for “{of}”, which is not a party to the contract"),
                )
                .help(
                    format!("ajoutez une clause parties, role = \"{of}\""),
                    format!("add a clause parties, role = \"{of}\""),
                ),
            );
        }
    }
}

/// « Un chargé de projet qui fait office de seul interlocuteur » (S-104): two would be none.
fn single_contact(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    for of in ROLES.iter().take(2) {
        let single = |k: &&Clause| {
            k.is("contacts") && k.text("of") == Some(of) && k.text("role") == Some("single_point_of_contact")
        };
        let all: Vec<&Clause> = clauses.iter().filter(single).collect();
        let [first, rest @ ..] = &all[..] else { continue };
        found.extend(rest.iter().map(|second| {
            Diagnostic::error(
                "E-CONTACTS-SINGLE",
                second.place_of("role"),
                "cette partie a déjà son interlocuteur unique",
                "this party already has its single point of contact",
            )
            .related(first.place_of("role"), "le voici", "here it is")
            .help(
                "écrivez role = \"deputy\" pour qui le supplée, ou une autre fonction",
                "write role = \"deputy\" for whoever stands in, or another function",
            )
        }));
    }
}

/// One customer and one provider.
fn one_of_each(clauses: &[Clause], found: &mut Vec<Diagnostic>) {
    for role in ["customer", "provider"] {
        let all: Vec<&Clause> =
            clauses.iter().filter(|k| k.is("parties") && k.text("role") == Some(role)).collect();
        if let [first, rest @ ..] = &all[..] {
            found.extend(rest.iter().map(|second| {
                Diagnostic::error(
                    "E-PARTIES-ROLE",
                    second.place_of("role"),
                    format!("le contrat a déjà un « {role} »"),
                    format!("the contract already has a “{role}”"),
                )
                .related(first.place_of("role"), "le voici", "here it is")
                .help(
                    "les autres sont subcontractor ou third_party",
                    "the others are subcontractor or third_party",
                )
            }));
        }
    }
}
