//! `parties`: who contracts, with identifiers whose check digits are verified.

use base::party_id::{FrenchVat, Iban, Lei, Siren, Siret};
use base::{Bilingual, Lang};
use terms::{Party, PartyRole, Terms};

use super::read::{self, list};
use super::{Family, Field, Fields, Kind, Mode, Run, Type};
use crate::compile::Compiler;

pub(crate) const ROLES: &[&str] = &["provider", "customer", "subcontractor", "third_party"];

pub const KIND: Kind = Kind {
    name: "parties",
    doc: ("les parties au contrat, et leurs sites", "the parties to the contract, and their sites"),
    example: r#"kind = "parties"
label = "client"
then = { role = "customer", name = "Ateliers Garonne SAS", siren = "000000125", siret = "00000012500013", vat = "FR96000000125", address = "12 rue des Sept-Troubadours, 31000 Toulouse", sites = { tls = "Toulouse", str = "Strasbourg" } }
"#,
    family: Family::Parties,
    run: Run::Declared,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("role", Type::Choice(ROLES), "qualité de la partie", "what the party is"),
        Field::required("name", Type::Text, "dénomination sociale", "registered name"),
        Field::optional("siren", Type::Siren, "numéro SIREN", "SIREN number"),
        Field::optional("siret", Type::Siret, "numéro SIRET de l'établissement", "SIRET of the establishment"),
        Field::optional("vat", Type::Vat, "numéro de TVA intracommunautaire", "VAT number"),
        Field::optional("lei", Type::Lei, "identifiant LEI", "LEI"),
        Field::optional("iban", Type::Iban, "compte où payer", "account to pay to"),
        Field::required("address", Type::Text, "adresse du siège", "address of the registered office"),
        Field::optional("signatory", Type::Text, "qui signe, et en quelle qualité", "who signs, and as what"),
        Field::default("sites", Type::Names, "[]", "sites, par nom court", "sites, by short name"),
    ],
    words: &[],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let party = Party {
        role: f.one_of("role")?,
        name: f.text("name")?,
        siren: f.parsed("siren", |t| Siren::parse(t).ok()),
        siret: f.parsed("siret", |t| Siret::parse(t).ok()),
        vat: f.parsed("vat", |t| FrenchVat::parse(t).ok()),
        lei: f.parsed("lei", |t| Lei::parse(t).ok()),
        iban: f.parsed("iban", |t| Iban::parse(t).ok()),
        address: f.text("address")?,
        signatory: f.text("signatory"),
        sites: f.texts("sites"),
    };
    c.name_all("site", f.titles("sites"));
    let rule = c.rule(f, party);
    c.terms.parties.push(rule);
    Some(())
}

pub(super) fn role(role: PartyRole) -> Bilingual {
    match role {
        PartyRole::Provider => Bilingual::new("le Prestataire", "the Provider"),
        PartyRole::Customer => Bilingual::new("le Client", "the Customer"),
        PartyRole::Subcontractor => Bilingual::new("un sous-traitant", "a subcontractor"),
        PartyRole::ThirdParty => Bilingual::new("un tiers", "a third party"),
    }
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.parties, label)?;
    let party = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let siren = party.siren.as_ref().map_or_else(String::new, |s| format!(", SIREN {}", s.as_str()));
        let (name, address, role) = (&party.name, &party.address, role(party.role));
        let mut text = lang.t(
            format!("{name}, {address}{siren}, est {}", role.fr),
            format!("{name}, {address}{siren}, is {}", role.en),
        );
        if !party.sites.is_empty() {
            let names: Vec<&str> = party.sites.iter().map(|s| terms.name_of("site", s)).collect();
            let word = match (lang, names.len()) {
                (Lang::Fr, 1) => "site",
                (Lang::Fr, _) => "sites",
                (Lang::En, 1) => "site",
                (Lang::En, _) => "sites",
            };
            text += &format!(" ({word}{} {})", lang.t("\u{a0}:", ":"), list(lang, &names));
        }
        text
    }))
}
