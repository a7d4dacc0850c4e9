//! `parties`: who contracts, with identifiers whose check digits are verified.

use base::party_id::{FrenchVat, Iban, Lei, Siren, Siret};
use base::{Bilingual, Lang};
use terms::{Party, PartyRole, Terms};

use super::read::{self, list};
use super::{Family, Field, Fields, Kind, Mode, Run, Type};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

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
        Field::optional("form", Type::Text, "forme juridique : SAS, SARL, EI…", "legal form: SAS, SARL, EI…"),
        Field::default(
            "called",
            Type::Texts,
            "[]",
            "comment les documents l'appellent encore : le Donneur d'ordre, le Maître d'ouvrage…",
            "what else the documents call it: the Principal, the Project owner…",
        ),
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
        form: f.text("form"),
        called: f.texts("called"),
        siren: f.parsed("siren", |t| Siren::parse(t).ok()),
        siret: f.parsed("siret", |t| Siret::parse(t).ok()),
        vat: f.parsed("vat", |t| FrenchVat::parse(t).ok()),
        lei: f.parsed("lei", |t| Lei::parse(t).ok()),
        iban: f.parsed("iban", |t| Iban::parse(t).ok()),
        address: f.text("address")?,
        signatory: f.text("signatory"),
        sites: f.texts("sites"),
    };
    natural_person(f, c, &party);
    c.name_all("site", f.titles("sites"));
    let rule = c.rule(f, party);
    c.terms.parties.push(rule);
    Some(())
}

/// How a person who trades in her own name is written: « entrepreneur individuel » or « EI » stands beside
/// the name (Code de commerce, R. 526-27).
const NATURAL_PERSONS: &[&str] = &[
    "ei",
    "entrepreneur individuel",
    "entrepreneuse individuelle",
    "entreprise individuelle",
    "micro-entreprise",
    "micro-entrepreneur",
    "auto-entrepreneur",
    "personne physique",
];

/// S-099: « intervenir en tant que personne morale ». No law was found that asks for it, hence a warning.
fn natural_person(f: &Fields<'_>, c: &mut Compiler, party: &Party) {
    let form = party.form.as_deref().unwrap_or_default().trim().to_lowercase();
    let named = party.name.split([' ', '\u{a0}']).any(|word| word == "EI");
    if party.role != PartyRole::Provider || !(named || NATURAL_PERSONS.contains(&form.as_str())) {
        return;
    }
    let field = if party.form.is_some() { "form" } else { "name" };
    c.push(
        Diagnostic::warning(
            "W-LEGAL-FORM",
            f.place_of(field),
            "le prestataire est une personne physique : aucune loi trouvée ne l'interdit, mais le service repose sur une seule personne",
            "the provider is a natural person: no law was found that forbids it, but the service rests on one person",
        )
        .help(
            "vérifiez sa forme au registre, son assurance et qui la remplace, ou contractez avec une personne morale",
            "check its form in the register, its insurance and who stands in for it, or contract with a company",
        ),
    );
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
        let form = party.form.as_ref().map_or_else(String::new, |form| format!(", {form}"));
        let (name, address, role) = (&party.name, &party.address, role(party.role));
        let mut text = lang.t(
            format!("{name}{form}, {address}{siren}, est {}{}", role.fr, called(lang, &party.called)),
            format!("{name}{form}, {address}{siren}, is {}{}", role.en, called(lang, &party.called)),
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

/// « , aussi appelée « le Donneur d'ordre » ».
fn called(lang: Lang, names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let quoted: Vec<String> = names.iter().map(|n| lang.t(format!("« {n} »"), format!("“{n}”"))).collect();
    let all = list(lang, &quoted.iter().map(String::as_str).collect::<Vec<_>>());
    lang.t(format!(", que les documents appellent aussi {all}"), format!(", which documents also call {all}"))
}
