//! Who the parties are, and whom to turn to.

use base::Lang;
use terms::{Party, PartyRole, Terms};

use super::annexes::{Places, cell, heading, table};
use crate::print::{Align, Block, Inline};
use crate::typography::french;

pub(super) fn role(role: PartyRole, language: Lang) -> &'static str {
    match role {
        PartyRole::Provider => language.t("Prestataire", "Provider"),
        PartyRole::Customer => language.t("Client", "Customer"),
        PartyRole::Subcontractor => language.t("Sous-traitant", "Subcontractor"),
        PartyRole::ThirdParty => language.t("Tiers", "Third party"),
    }
}

/// Its identifiers and its address, a line each.
pub(super) fn identity(party: &Party, language: Lang) -> Vec<String> {
    let named = |name: &str, value: Option<&str>| value.map(|v| format!("{name}\u{a0}{v}"));
    let lines = [
        (!party.address.is_empty()).then(|| language.t(french(&party.address), party.address.clone())),
        named("SIREN", party.siren.as_ref().map(|id| id.as_str())),
        named("SIRET", party.siret.as_ref().map(|id| id.as_str())),
        named(language.t("TVA", "VAT"), party.vat.as_ref().map(|id| id.as_str())),
        named("LEI", party.lei.as_ref().map(|id| id.as_str())),
        named("IBAN", party.iban.as_ref().map(|id| id.as_str())),
    ];
    lines.into_iter().flatten().collect()
}

pub(super) fn blocks(terms: &Terms, places: &Places<'_>, language: Lang) -> Vec<Block> {
    let mut out = Vec::new();
    if !terms.parties.is_empty() {
        out.push(heading(places.next_id(), language.t("Parties et intervenants", "Parties and others")));
        let rows = terms
            .parties
            .iter()
            .map(|rule| {
                let party = &rule.then;
                let sites: Vec<&str> = party.sites.iter().map(|s| terms.name_of("site", s)).collect();
                vec![
                    cell(role(party.role, language)),
                    cell(party.name.as_str()),
                    lines(identity(party, language)),
                    cell(party.signatory.clone().unwrap_or_default()),
                    cell(sites.join(", ")),
                    places.article(&rule.from, language),
                ]
            })
            .collect();
        let head: [&str; 6] = language.t(
            ["Qualité", "Nom", "Identité", "Signataire", "Sites", "Source"],
            ["Role", "Name", "Identity", "Signatory", "Sites", "Source"],
        );
        out.push(table(&head, &[Align::Start; 6], rows));
    }
    if !terms.contacts.is_empty() {
        out.push(heading(places.next_id(), language.t("Interlocuteurs", "Contacts")));
        let rows = terms
            .contacts
            .iter()
            .map(|rule| {
                let contact = &rule.then;
                vec![
                    cell(role(contact.of, language)),
                    cell(function(&contact.role, language)),
                    cell(contact.name.as_str()),
                    cell(contact.email.clone().unwrap_or_default()),
                    cell(contact.phone.as_deref().unwrap_or_default().replace(' ', "\u{a0}")),
                    places.article(&rule.from, language),
                ]
            })
            .collect();
        let head: [&str; 6] = language.t(
            ["Partie", "Fonction", "Nom", "Courriel", "Téléphone", "Source"],
            ["Party", "Function", "Name", "E-mail", "Telephone", "Source"],
        );
        out.push(table(&head, &[Align::Start; 6], rows));
    }
    out
}

fn lines(lines: Vec<String>) -> Vec<Inline> {
    let mut out = Vec::new();
    for line in lines {
        if !out.is_empty() {
            out.push(Inline::Break);
        }
        out.push(Inline::text(line));
    }
    out
}

fn function(role: &str, language: Lang) -> String {
    let known = match role {
        "single_point_of_contact" => language.t("interlocuteur unique", "single point of contact"),
        "deputy" => language.t("suppléant", "deputy"),
        "director" => language.t("direction", "director"),
        other => return other.replace('_', " "),
    };
    known.to_owned()
}
