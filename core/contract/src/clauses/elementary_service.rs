//! `elementary_service`: one node of the tree of services: what it covers, who owns it, where it is done.

use base::{Bilingual, Lang};
use terms::{PartyRole, Service, Terms};

use super::parties::{self, ROLES};
use super::read::{self, list};
use super::says::{colon, parts};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, questions};
use crate::compile::Compiler;

pub const FAMILIES: &[&str] =
    &["fleet", "project", "security", "training", "hosting", "application", "process", "support", "network"];
const PLACES: &[&str] = &["on_site", "remote", "provider_datacentre", "cloud"];

pub const KIND: Kind = Kind {
    name: "elementary_service",
    doc: ("un service élémentaire, dans l'arbre des services", "an elementary service, in the tree of services"),
    example: r#"kind = "elementary_service"
label = "support-utilisateurs"
then.service = "support"
then.title = "Support aux utilisateurs"
then.family = "support"
then.nature = "run"
then.manner = "centre de services, puis déplacement si la prise en main à distance échoue"
then.places = ["remote", "on_site"]
then.owner = "provider"
then.ask = [
  { name = "who", fr = "Personne concernée", en = "Person concerned", type = "text", required = true },
  { name = "when", fr = "Quand la joindre", en = "When to reach them", type = "choice", of = ["Le matin", "L'après-midi"], of_en = ["In the morning", "In the afternoon"] },
]
"#,
    family: Family::Perimeter,
    run: Run::Engine,
    mode: Mode::Exclusive(&["service"]),
    guarded: false,
    fields: &[
        Field::required("service", Type::Text, "le service, par son nom court", "the service, by its short name"),
        Field::required("title", Type::Text, "son nom dans les mots des parties", "its name in the parties' words"),
        Field::optional("part_of", Type::Text, "nom court du service dont il fait partie", "short name of the service it is part of"),
        Field::required("family", Type::Choice(FAMILIES), "famille du service", "family of the service"),
        Field::required("nature", Type::Choice(&["build", "audit", "run"]), "réalisation, audit ou exploitation", "build, audit or run"),
        Field::required("manner", Type::Text, "modalités d'exécution", "how it is rendered"),
        Field::required("places", Type::Choices(PLACES), "lieux où il est rendu", "where it is rendered"),
        Field::required("owner", Type::Choice(ROLES), "qui en répond", "who answers for it"),
        Field::default("covers", Type::Texts, "[]", "classes d'éléments couvertes", "classes of items covered"),
        Field::optional("fee", Type::Label(&["fee"]), "étiquette du prix qui le paie ; sinon, celui du service dont il fait partie, ou le forfait s'il y en a un", "label of the fee that pays for it; else that of the service it is part of, or the flat fee if there is one"),
        Field::default(
            "promises",
            Type::Labels(&["commitment", "objective", "availability"]),
            "[]",
            "étiquettes de ses engagements de niveau de service",
            "labels of its service-level promises",
        ),
        questions::FIELD,
    ],
    words: &[
        ("fleet", "gestion du parc", "fleet"),
        ("project", "projet", "project"),
        ("security", "sécurité", "security"),
        ("training", "formation", "training"),
        ("hosting", "hébergement", "hosting"),
        ("application", "applications", "applications"),
        ("process", "processus métier", "business process"),
        ("support", "assistance", "support"),
        ("network", "réseaux et télécommunications", "networks and telecoms"),
        ("build", "réalisation", "build"),
        ("audit", "audit", "audit"),
        ("run", "exploitation", "run"),
        ("on_site", "sur site", "on site"),
        ("remote", "à distance", "remotely"),
        ("provider_datacentre", "dans le centre de traitement du Prestataire", "in the Provider's data centre"),
        ("cloud", "en nuage", "in the cloud"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let service = Service {
        service: f.text("service")?,
        title: f.text("title")?,
        part_of: f.text("part_of"),
        family: f.text("family")?,
        nature: f.text("nature")?,
        manner: f.text("manner")?,
        places: f.texts("places"),
        owner: f.one_of("owner")?,
        covers: f.texts("covers"),
        fee: f.text("fee"),
        promises: f.texts("promises"),
        ask: questions::read(f, c)?,
    };
    c.name_all("service", vec![(service.service.clone(), service.title.clone())]);
    let rule = c.rule(f, service);
    c.terms.services.push(rule);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.services, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let word = |key: &str| KIND.word(lang, key).into_owned();
        let places: Vec<String> = then.places.iter().map(|p| word(p)).collect();
        let places = list(lang, &places.iter().map(String::as_str).collect::<Vec<_>>());
        let owner = parties::role(then.owner);
        let kind = format!("{}, {}", word(&then.family), word(&then.nature));
        let first = lang.t(
            format!("« {} » ({kind}) est rendu {places} sous la responsabilité de {}{}{}", then.title, owner.fr, colon(lang), then.manner),
            format!("“{}” ({kind}) is rendered {places}, {} answering for it: {}", then.title, owner.en, then.manner),
        );
        parts(lang, &[first.replace("de le ", "du ").replace("de un ", "d'un "), part_of(lang, then, terms), covers(lang, then, terms), paid(lang, then), questions::sentence(lang, &then.ask)])
    }))
}

fn part_of(lang: Lang, then: &Service, terms: &Terms) -> String {
    then.part_of.as_ref().map_or_else(String::new, |parent| {
        let parent = terms.name_of("service", parent);
        lang.t(format!("il fait partie de « {parent} »"), format!("it is part of “{parent}”"))
    })
}

fn covers(lang: Lang, then: &Service, terms: &Terms) -> String {
    if then.covers.is_empty() {
        return String::new();
    }
    let classes: Vec<&str> = then.covers.iter().map(|c| terms.name_of("item_class", c)).collect();
    let classes = list(lang, &classes);
    lang.t(format!("il couvre{}{classes}", colon(lang)), format!("it covers: {classes}"))
}

/// What pays for it, and what sets its levels. A service without a price of its own is told as such: which fee
/// pays for it then is for the catalogue to find, not for the clause to say.
fn paid(lang: Lang, then: &Service) -> String {
    let promises: Vec<String> = then.promises.iter().map(|p| format!("[{p}]")).collect();
    let promises = list(lang, &promises.iter().map(String::as_str).collect::<Vec<_>>());
    let fee = match &then.fee {
        Some(fee) => lang.t(format!("il est payé par [{fee}]"), format!("[{fee}] pays for it")),
        // What another party renders is not in what the provider is paid.
        None if then.owner != PartyRole::Provider => String::new(),
        None => lang.t("il n'a pas de prix propre".to_owned(), "it has no price of its own".to_owned()),
    };
    match (fee.is_empty(), then.promises.is_empty()) {
        (_, true) => fee,
        (true, false) => lang.t(format!("il suit {promises}"), format!("{promises} set its levels")),
        (false, false) => lang.t(format!("{fee} et suit {promises}"), format!("{fee} and {promises} set its levels")),
    }
}
