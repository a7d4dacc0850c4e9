//! `hosting`: where a system is hosted, beside whom, and who answers for what (S-144).

use base::{Bilingual, Lang};
use terms::{DutyDue, DutyProof, Terms};

use super::read::list;
use super::says::{self, Says, colon, parts};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

const TOPICS: &[&str] = &[
    "physical_security",
    "network",
    "operating_system",
    "middleware",
    "application",
    "data_security",
    "data_content",
    "backup",
    "access_management",
    "monitoring",
    "licences",
    "incident_response",
];

/// S-113: « visiteurs du site web de l'entreprise, des utilisateurs de son ou ses applications mobiles ou encore
/// des fournisseurs habituels ».
const POPULATIONS: &[&str] = &["web_visitors", "app_users", "suppliers"];
const EXTERNAL: &[Field] = &[
    Field::required("population", Type::Choice(POPULATIONS), "visiteurs du site, utilisateurs d'une application mobile ou fournisseurs", "visitors of the site, users of a mobile application or suppliers"),
    Field::required("told_by", Type::Text, "ce qui les prévient d'un changement, ou pourquoi rien", "what tells them of a change, or why nothing does"),
];

pub const KIND: Kind = Kind {
    name: "hosting",
    doc: ("un hébergement : sites, mutualisation et partage des responsabilités", "hosting: sites, tenancy and who answers for what"),
    example: r#"kind = "hosting"
label = "hebergement"
then.of = "Bibliotek"
then.sites = { lyon = "Lyon", mrs = "Marseille" }
then.tenancy = "shared"
then.separation = "une base de données par bibliothèque"
then.isolation_tested_every = "3 months"
then.responsibilities = [
  { topic = "data_security", by = "provider" },
  { topic = "data_content", by = "customer" },
]
then.network = "internet"
then.external_users = "lecteurs des bibliothèques"
then.external = [
  { population = "web_visitors", told_by = "bandeau sur le catalogue, cinq jours avant" },
  { population = "app_users", told_by = "notification de l'application, la veille" },
  { population = "suppliers", told_by = "courriel aux libraires, cinq jours avant" },
]
then.releases = "outside_opening_hours"
then.calendar = "24x7"
then.report_every = "1 month"
"#,
    family: Family::Hosting,
    run: Run::Engine,
    mode: Mode::Exclusive(&["of"]),
    guarded: false,
    fields: &[
        Field::required("of", Type::Text, "ce qui est hébergé", "what is hosted"),
        Field::required("sites", Type::Names, "centres d'hébergement", "data centres"),
        Field::required("tenancy", Type::Choice(&["dedicated", "shared"]), "plateforme dédiée ou mutualisée", "dedicated or shared platform"),
        Field::required("separation", Type::Text, "comment les clients sont séparés", "how customers are kept apart").when("tenancy", &["shared"]),
        Field::required("isolation_tested_every", Type::Length, "rythme de l'essai de cloisonnement", "how often the separation is tested").when("tenancy", &["shared"]),
        Field::required(
            "responsibilities",
            Type::Tables(&[
                Field::required("topic", Type::Choice(TOPICS), "sujet", "topic"),
                Field::required("by", Type::Choice(&["provider", "customer", "both"]), "qui en répond", "who answers for it"),
            ]),
            "partage des responsabilités ; la sécurité des données y figure",
            "who answers for what; data security is among them",
        ),
        Field::required("network", Type::Choice(&["internet", "vpn", "private_line", "local"]), "réseau par lequel on y accède", "network it is reached through"),
        Field::optional("version", Type::Text, "version servie au départ : image de bureau, application", "version served at first: desktop image, application"),
        Field::optional("external_users", Type::Text, "utilisateurs extérieurs au client", "users from outside the customer"),
        Field::optional("external", Type::Tables(EXTERNAL), "populations extérieures qu'un changement touche, et ce qui les prévient : les trois, ou aucune", "populations from outside that a change touches, and what tells them: all three, or none"),
        Field::optional("items", Type::Texts, "éléments du périmètre sur lesquels il repose", "items of the perimeter that it rests on"),
        Field::required(
            "releases",
            Type::Choice(&["outside_opening_hours", "any_time"]),
            "mises en production hors des heures d'ouverture, ou à toute heure",
            "releases outside opening hours, or at any time",
        ),
        Field::required("calendar", Type::Calendar, "heures d'ouverture aux utilisateurs", "hours open to users").when("releases", &["outside_opening_hours"]),
        Field::required("report_every", Type::Length, "rythme du compte rendu d'exploitation (mises à jour, maintenances, sauvegardes)", "how often operation is reported (updates, maintenance, backups)"),
    ],
    words: &[
        ("dedicated", "dédiée", "dedicated"),
        ("shared", "mutualisée", "shared"),
        ("physical_security", "la sécurité physique", "physical security"),
        ("network", "le réseau", "the network"),
        ("operating_system", "les systèmes d'exploitation", "operating systems"),
        ("middleware", "les composants intermédiaires", "middleware"),
        ("application", "l'application", "the application"),
        ("data_security", "la sécurité des données", "data security"),
        ("data_content", "le contenu des données", "the content of data"),
        ("backup", "les sauvegardes", "backups"),
        ("access_management", "la gestion des accès", "access management"),
        ("monitoring", "la supervision", "monitoring"),
        ("licences", "les licences", "licences"),
        ("incident_response", "la réponse aux incidents", "incident response"),
        ("internet", "Internet", "the Internet"),
        ("vpn", "un réseau privé virtuel", "a virtual private network"),
        ("private_line", "une liaison privée", "a private line"),
        ("local", "le réseau local", "the local network"),
        ("both", "les deux Parties", "both parties"),
        ("outside_opening_hours", "hors des heures d'ouverture", "outside opening hours"),
        ("any_time", "à toute heure", "at any time"),
        ("isolation_test", "l'essai de cloisonnement entre clients", "the test of the separation between customers"),
        ("web_visitors", "visiteurs du site web", "visitors of the web site"),
        ("app_users", "utilisateurs de l'application mobile", "users of the mobile application"),
        ("suppliers", "fournisseurs habituels", "usual suppliers"),
        ("hosting_report", "le compte rendu d'exploitation", "the report on operation"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let every = |period| DutyDue::Every { period, first: None };
    if f.text("tenancy")? == "shared" {
        let due = every(f.length("isolation_tested_every")?);
        duties::push(f, c, duties::of_kind(&KIND, c, "isolation_test", due, DutyProof::TestRecord));
    }
    let due = every(f.length("report_every")?);
    duties::push(f, c, duties::of_kind(&KIND, c, "hosting_report", due, DutyProof::Document));
    let rows: Vec<(String, String)> = f
        .tables("responsibilities")
        .iter()
        .filter_map(|r| Some((format!("responsibilities.{}", r.text("topic")?), r.text("by")?)))
        .collect();
    security(f, c, &rows);
    let external = external(f, c)?;
    let titles = f.titles("sites").into_iter().map(|(_, title)| title).collect::<Vec<_>>();
    let sites = if titles.is_empty() { f.texts("sites") } else { titles };
    let places = ("places".to_owned(), sites.join(", "));
    says::push_with(f, c, rows.into_iter().chain([places]).chain(external).collect());
    Some(())
}

/// Who is touched from outside, named in the contract's language, and what tells each of them.
fn external(f: &Fields<'_>, c: &mut Compiler) -> Option<Vec<(String, String)>> {
    let rows = f.tables("external");
    let mut said = Vec::new();
    let mut named = Vec::new();
    for row in &rows {
        let population = row.text("population")?;
        let who = KIND.word(c.lang(), &population).into_owned();
        said.push((format!("external.{population}.who"), who));
        said.push((format!("external.{population}.told_by"), row.text("told_by")?));
        named.push(population);
    }
    let missing: Vec<&str> = POPULATIONS.iter().copied().filter(|p| !named.iter().any(|n| n == p)).collect();
    if !rows.is_empty() && (!missing.is_empty() || named.len() > POPULATIONS.len()) {
        let words = |lang| list(lang, &missing.iter().map(|p| KIND.word(lang, p)).collect::<Vec<_>>().iter().map(AsRef::as_ref).collect::<Vec<&str>>());
        let (fr, en) = (words(Lang::Fr), words(Lang::En));
        c.push(
            Diagnostic::error(
                "E-IMPACT-EXT",
                f.place_of("external"),
                format!("chacune des trois populations extérieures est dite une fois ; il manque : {fr}"),
                format!("each of the three outside populations is said once; missing: {en}"),
            )
            .help(
                "ajoutez { population = \"suppliers\", told_by = \"courriel, cinq jours avant\" }, ou told_by = \"sans objet : …\"",
                "add { population = \"suppliers\", told_by = \"mail, five days before\" }, or told_by = \"none: …\"",
            ),
        );
        return None;
    }
    Some(said)
}

/// Who hosts an application answers for the security of its data, or the contract says otherwise aloud.
fn security(f: &Fields<'_>, c: &mut Compiler, rows: &[(String, String)]) {
    let by = rows.iter().find(|(topic, _)| topic == "responsibilities.data_security").map(|(_, by)| by.as_str());
    let place = f.place_of("responsibilities");
    match by {
        Some("provider" | "both") => {}
        Some(_) => c.push(
            Diagnostic::warning(
                "W-HOSTING-SECURITY",
                place,
                "la sécurité des données hébergées est laissée au client seul",
                "the security of hosted data is left to the customer alone",
            )
            .help("écrivez { topic = \"data_security\", by = \"provider\" }", "write { topic = \"data_security\", by = \"provider\" }"),
        ),
        None => c.push(
            Diagnostic::error(
                "E-HOSTING-SECURITY",
                place,
                "le partage des responsabilités ne dit pas qui assure la sécurité des données",
                "who answers for what does not say who secures the data",
            )
            .help("ajoutez { topic = \"data_security\", by = \"provider\" }", "add { topic = \"data_security\", by = \"provider\" }"),
        ),
    }
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let (of, sites) = (says.text("of"), says.list("places", lang));
        let (tenancy, network) = (says.word("tenancy", lang), says.word("network", lang));
        let first = lang.t(
            format!("« {of} » est hébergé à {sites} sur une plateforme {tenancy}, que l'on atteint par {network}"),
            format!("“{of}” is hosted in {sites} on a {tenancy} platform, reached through {network}"),
        );
        let apart = says.get("separation").map_or_else(String::new, |s| {
            lang.t(format!("les clients y sont séparés ainsi{}{s}", colon(lang)), format!("customers are kept apart thus: {s}"))
        });
        let outside = says.get("external_users").map_or_else(String::new, |u| {
            lang.t(format!("elle est ouverte à des utilisateurs extérieurs ({u})"), format!("it is open to outside users ({u})"))
        });
        let told = told(lang, &says);
        let who = responsibilities(lang, &says);
        let version = says.get("version").map_or_else(String::new, |v| {
            lang.t(format!("la version servie au départ est « {v} »"), format!("the version served at first is “{v}”"))
        });
        parts(lang, &[first, version, apart, outside, told, who, releases(lang, &says), duties::sentences_of(&KIND, lang, label, terms)])
    }))
}

/// « visiteurs du site web : bandeau ; fournisseurs : courriel ».
fn told(lang: Lang, says: &Says<'_>) -> String {
    let all: Vec<String> = POPULATIONS
        .iter()
        .filter_map(|population| {
            let by = says.get(&format!("external.{population}.told_by"))?;
            let who = KIND.word(lang, population);
            Some(lang.t(format!("un changement est annoncé aux {who} par ceci{}{by}", colon(lang)), format!("a change is told to the {who} by this: {by}")))
        })
        .collect();
    parts(lang, &all)
}

/// « le Prestataire répond de la sécurité des données, le Client du contenu des données ».
fn responsibilities(lang: Lang, says: &Says<'_>) -> String {
    let who = [
        ("provider", "au Prestataire", "the Provider"),
        ("customer", "au Client", "the Customer"),
        ("both", "aux deux Parties", "both parties"),
    ];
    let all = who.iter().filter_map(|(key, fr, en)| {
        let topics: Vec<String> = says
            .rows("responsibilities")
            .filter(|(_, by)| by == key)
            .map(|(topic, _)| KIND.word(lang, topic).into_owned())
            .collect();
        let topics = read::list(lang, &topics.iter().map(String::as_str).collect::<Vec<_>>());
        (!topics.is_empty()).then(|| lang.t(format!("{fr}, {topics}"), format!("{en} for {topics}")))
    });
    let all = all.collect::<Vec<_>>().join(lang.t("\u{202f}; ", "; "));
    lang.t(format!("les responsabilités reviennent{} {all}", colon(lang).trim_end()), format!("those who answer: {all}"))
}

fn releases(lang: Lang, says: &Says<'_>) -> String {
    match says.get("calendar") {
        Some(calendar) => lang.t(
            format!("les mises en production se font hors des heures d'ouverture [{calendar}]"),
            format!("releases take place outside opening hours [{calendar}]"),
        ),
        None => lang.t("les mises en production se font à toute heure", "releases take place at any time").to_owned(),
    }
}
