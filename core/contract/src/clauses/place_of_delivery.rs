//! `place_of_delivery`: where the service is rendered, and what moves to get there.

use base::{Bilingual, Lang};
use terms::Terms;

use super::read;
use super::says::{self, Says, colon, parts};
use super::{Family, Field, Fields, Kind, Mode, Run, Type};
use crate::compile::Compiler;

const AWAY: &[&str] = &["provider_datacentre", "workload_only", "cloud"];

pub const KIND: Kind = Kind {
    name: "place_of_delivery",
    doc: ("le lieu d'exécution, et ce qui y est transféré", "where the service is rendered, and what moves there"),
    example: r#"kind = "place_of_delivery"
label = "lieu-sur-site"
then = { place = "on_site", services = "support et administration", access = "accès accompagné aux locaux techniques, aux heures de service" }
"#,
    family: Family::Perimeter,
    run: Run::Declared,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required(
            "place",
            Type::Choice(&["on_site", "provider_datacentre", "workload_only", "cloud", "remote"]),
            "sur site, centre de traitement du prestataire (matériel déplacé), traitements seuls, nuage, à distance",
            "on site, the provider's data centre (equipment moved), workloads only, cloud, remote",
        ),
        Field::required("services", Type::Text, "les prestations dont il s'agit", "the services it is about"),
        Field::default("sites", Type::Names, "[]", "sites du client concernés", "the customer's sites concerned"),
        Field::required("access", Type::Text, "conditions d'accès aux locaux", "conditions of access to the premises").when("place", &["on_site"]),
        Field::required("address", Type::Text, "adresse du lieu", "address of the place").when("place", AWAY),
        Field::optional("operator", Type::Label(&["parties"]), "partie qui exploite le lieu", "party that operates the place").when("place", AWAY),
        Field::required("moved_equipment", Type::Texts, "éléments du parc déplacés", "items that are moved").when("place", &["provider_datacentre"]),
        Field::required(
            "moved_by",
            Type::Choice(&["provider", "customer"]),
            "qui transporte, et supporte le risque du transport",
            "who moves them, and bears the risk meanwhile",
        )
        .when("place", &["provider_datacentre"]),
        Field::optional("moved_on", Type::Date, "date du déplacement", "date of the move").when("place", &["provider_datacentre"]),
        Field::required("moved_workloads", Type::Texts, "traitements et logiciels transférés", "workloads and software transferred").when("place", &["workload_only"]),
    ],
    words: &[
        ("on_site", "sur site", "on site"),
        ("provider_datacentre", "centre de traitement du Prestataire", "the Provider's data centre"),
        ("workload_only", "traitements et logiciels seuls", "workloads and software only"),
        ("cloud", "nuage", "cloud"),
        ("remote", "à distance", "remote"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    f.text("place")?;
    f.text("services")?;
    says::push(f, c);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let (services, address) = (says.text("services"), says.text("address"));
        let place = match says.text("place") {
            "on_site" => lang.t("dans les locaux du Client, par le personnel du Prestataire".to_owned(), "on the Customer's premises, by the Provider's staff".to_owned()),
            "provider_datacentre" => lang.t(format!("dans le centre de traitement du Prestataire ({address})"), format!("in the Provider's data centre ({address})")),
            "workload_only" => lang.t(format!("chez le Prestataire ({address}), le matériel restant chez le Client"), format!("at the Provider's ({address}), the equipment staying with the Customer")),
            "cloud" => lang.t(format!("en nuage ({address})"), format!("in the cloud ({address})")),
            _ => lang.t("à distance".to_owned(), "remotely".to_owned()),
        };
        let first = lang.t(format!("{services}{}exécution {place}", colon(lang)), format!("{services}: rendered {place}"));
        parts(lang, &[first + &sites(lang, &says, terms), access(lang, &says), operator(lang, &says, terms), moved(lang, &says)])
    }))
}

fn sites(lang: Lang, says: &Says<'_>, terms: &Terms) -> String {
    let sites: Vec<&str> =
        says.text("sites").split(", ").filter(|s| !s.is_empty()).map(|s| terms.name_of("site", s)).collect();
    let words = read::list(lang, &sites);
    match sites.len() {
        0 => String::new(),
        1 => lang.t(format!(", site de {words}"), format!(", at the {words} site")),
        _ => lang.t(format!(", sites de {words}"), format!(", at the {words} sites")),
    }
}

fn access(lang: Lang, says: &Says<'_>) -> String {
    says.get("access").map_or_else(String::new, |access| {
        lang.t(format!("accès aux locaux{}{access}", colon(lang)), format!("access to the premises: {access}"))
    })
}

fn operator(lang: Lang, says: &Says<'_>, terms: &Terms) -> String {
    let party = says.get("operator").and_then(|label| read::find(&terms.parties, label));
    party.map_or_else(String::new, |party| {
        lang.t(format!("{} exploite ce lieu", party.then.name), format!("{} operates the place", party.then.name))
    })
}

fn moved(lang: Lang, says: &Says<'_>) -> String {
    let (equipment, workloads) = (says.list("moved_equipment", lang), says.list("moved_workloads", lang));
    if !workloads.is_empty() {
        return lang.t(format!("sont transférés{}{workloads}", colon(lang)), format!("what moves: {workloads}"));
    }
    if equipment.is_empty() {
        return String::new();
    }
    let (fr, en) = match says.text("moved_by") {
        "customer" => ("le Client", "the Customer"),
        _ => ("le Prestataire", "the Provider"),
    };
    let on = says.date("moved_on", lang).map_or_else(String::new, |d| lang.t(format!(" le {d}"), format!(" on {d}")));
    lang.t(
        format!("{fr} déplace {equipment}{on} et supporte le risque du transport"),
        format!("{en} moves {equipment}{on} and bears the risk of the move"),
    )
}
