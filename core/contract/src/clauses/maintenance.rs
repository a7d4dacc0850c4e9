//! `maintenance`: application maintenance: preventive, corrective by severity, evolutive, adaptive.
//!
//! The delays themselves stay `commitment` clauses guarded on `level`: this clause names the levels, and
//! says which of them wait for the next release.

use base::{Bilingual, Lang};
use terms::{DutyDue, DutyProof, Terms, Trigger};

use super::says::{self, Says, colon, parts};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

const TERMS: &[&str] = &["included", "work_units", "quoted", "excluded"];
const ESTIMATED: &[&str] = &["work_units", "quoted"];
const HEALTH: &[&str] = &["backlog_age", "defects", "obsolescence", "patch_level"];

pub const KIND: Kind = Kind {
    name: "maintenance",
    doc: (
        "la tierce maintenance applicative : préventive, corrective, adaptative et évolutive",
        "application maintenance: preventive, corrective, adaptive and evolutive",
    ),
    example: r#"kind = "maintenance"
label = "tma"
then.application = "Bibliotek"
then.preventive_every = "3 months"
then.severities = [
  { level = "blocking", title = "Bloquante", means = "l'application ou une fonction essentielle est inutilisable", settled = "next_release" },
]
then.release_every = "2 months"
then.adaptive = "included"
then.evolutive = "work_units"
then.estimate_within = "5 working_days"
then.refused_estimate = "free"
then.announced_before = "10 days"
then.health = ["backlog_age", "defects", "obsolescence", "patch_level"]
then.health_every = "1 month"
"#,
    family: Family::Maintenance,
    run: Run::Engine,
    mode: Mode::Exclusive(&["application"]),
    guarded: false,
    fields: &[
        Field::required("application", Type::Text, "l'application maintenue", "the application maintained"),
        Field::required("preventive_every", Type::Length, "rythme du plan de maintenance préventive", "how often preventive maintenance is planned"),
        Field::required(
            "severities",
            Type::Tables(&[
                Field::required("level", Type::Text, "niveau, par son nom court, que les délais nomment", "level, by its short name, as the delays name it"),
                Field::required("title", Type::Text, "son nom dans les mots des parties", "its name in the parties' words"),
                Field::required("means", Type::Text, "ce qui en relève", "what belongs to it"),
                Field::required(
                    "settled",
                    Type::Choice(&["within_commitment", "next_release"]),
                    "corrigée dans le délai promis, ou à la prochaine version",
                    "mended within the delay promised, or in the next release",
                ),
            ]),
            "gravités des anomalies, de la plus haute à la plus basse",
            "severities of defects, highest first",
        ),
        Field::optional("release_every", Type::Length, "rythme des versions", "how often a release comes"),
        Field::required("adaptive", Type::Choice(TERMS), "maintenance adaptative : comprise, en unités d'œuvre, sur devis ou exclue", "adaptive maintenance: included, in work units, quoted or excluded"),
        Field::required("evolutive", Type::Choice(TERMS), "maintenance évolutive : comprise, en unités d'œuvre, sur devis ou exclue", "evolutive maintenance: included, in work units, quoted or excluded"),
        Field::required("estimate_within", Type::Length, "délai pour chiffrer une évolution", "how soon an evolution is estimated").when("evolutive", ESTIMATED),
        Field::required("refused_estimate", Type::Choice(&["free", "charged"]), "chiffrage refusé : gratuit ou facturé", "estimate refused: free or charged").when("evolutive", ESTIMATED),
        Field::optional("health", Type::Choices(HEALTH), "santé de l'application : âge de l'arriéré, anomalies, obsolescence, niveau de correctifs", "health of the application: age of the backlog, defects, obsolescence, patch level"),
        Field::optional("health_every", Type::Length, "rythme du relevé de cette santé", "how often that health is reported"),
        Field::optional("announced_before", Type::Length, "information des utilisateurs avant une livraison", "notice to users before a delivery"),
    ],
    words: &[
        ("included", "comprise dans le forfait", "included in the fee"),
        ("work_units", "décomptée en unités d'œuvre", "counted in work units"),
        ("quoted", "sur devis", "quoted"),
        ("excluded", "exclue", "excluded"),
        ("free", "gratuit", "free"),
        ("charged", "facturé", "charged"),
        ("within_commitment", "corrigée dans le délai promis", "mended within the delay promised"),
        ("next_release", "corrigée à la version suivante", "mended in the next release"),
        ("preventive_plan", "le plan de maintenance préventive et son compte rendu", "the preventive maintenance plan and its report"),
        ("release", "une version corrective", "a corrective release"),
        ("evolution_estimate", "le chiffrage d'une évolution demandée", "the estimate of an evolution asked for"),
        ("backlog_age", "âge de l'arriéré", "age of the backlog"),
        ("defects", "anomalies", "defects"),
        ("obsolescence", "obsolescence", "obsolescence"),
        ("patch_level", "niveau de correctifs", "patch level"),
        ("health_report", "le relevé de la santé de l'application", "the report on the health of the application"),
        ("delivery_notice", "l'annonce d'une livraison aux utilisateurs", "notice of a delivery to the users"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let every = |period| DutyDue::Every { period, first: None };
    let due = every(f.length("preventive_every")?);
    duties::push(f, c, duties::of_kind(&KIND, c, "preventive_plan", due, DutyProof::Document));
    if let Some(period) = f.length("release_every") {
        duties::push(f, c, duties::of_kind(&KIND, c, "release", every(period), DutyProof::Document));
    }
    if let Some(length) = f.length("estimate_within") {
        let due = DutyDue::Within { length, of: Trigger::Request };
        duties::push(f, c, duties::of_kind(&KIND, c, "evolution_estimate", due, DutyProof::Document));
    }
    if let Some(length) = f.length("announced_before") {
        let due = DutyDue::Before { length, of: Trigger::Delivery };
        duties::push(f, c, duties::of_kind(&KIND, c, "delivery_notice", due, DutyProof::Notice));
    }
    health(f, c)?;
    let mut rows = Vec::new();
    let mut names = Vec::new();
    for (i, row) in f.tables("severities").iter().enumerate() {
        let (level, title) = (row.text("level")?, row.text("title")?);
        let key = |what: &str| format!("severities.{:02}.{what}", i + 1);
        rows.push((key("title"), title.clone()));
        rows.push((key("means"), row.text("means")?));
        rows.push((key("settled"), row.text("settled")?));
        names.push((level, title));
    }
    c.name_all("level", names);
    says::push_with(f, c, rows);
    Some(())
}

/// What is followed and how often go together: one without the other would be followed by nobody.
fn health(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    match (f.texts("health").is_empty(), f.length("health_every")) {
        (true, None) => {}
        (false, Some(period)) => {
            let due = DutyDue::Every { period, first: None };
            duties::push(f, c, duties::of_kind(&KIND, c, "health_report", due, DutyProof::Document));
        }
        (followed, _) => {
            let (place, missing) = if followed { ("health_every", "health") } else { ("health", "health_every") };
            c.push(
                Diagnostic::error(
                    "E-MAINTENANCE-HEALTH",
                    f.place_of(place),
                    format!("« {place} » ne va pas sans « {missing} »"),
                    format!("“{place}” does not go without “{missing}”"),
                )
                .help(
                    "écrivez health = [\"backlog_age\", \"defects\"] et health_every = \"1 month\", ou retirez les deux",
                    "write health = [\"backlog_age\", \"defects\"] and health_every = \"1 month\", or remove both",
                ),
            );
            return None;
        }
    }
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let application = says.text("application");
        let severities = severities(lang, &says);
        let first = lang.t(
            format!("maintenance de « {application} »{}{severities}", colon(lang)),
            format!("maintenance of “{application}”: {severities}"),
        );
        let (adaptive, evolutive) = (says.word("adaptive", lang), says.word("evolutive", lang));
        let kinds = lang.t(
            format!("la maintenance adaptative est {adaptive}, l'évolutive {evolutive}"),
            format!("adaptive maintenance is {adaptive}, evolutive maintenance {evolutive}"),
        );
        let refused = says.get("refused_estimate").map_or_else(String::new, |_| {
            let word = says.word("refused_estimate", lang);
            lang.t(format!("un chiffrage refusé par le Client est {word}"), format!("an estimate that the Customer refuses is {word}"))
        });
        let health = says.list("health", lang);
        let health = match health.is_empty() {
            true => health,
            false => lang.t(format!("sa santé se suit sur{}{health}", colon(lang)), format!("its health is followed on: {health}")),
        };
        parts(lang, &[first, kinds, refused, health, duties::sentences_of(&KIND, lang, label, terms)])
    }))
}

fn severities(lang: Lang, says: &Says<'_>) -> String {
    let rows = says.rows("severities").filter_map(|(key, title)| Some((key.strip_suffix(".title")?, title)));
    let all: Vec<String> = rows
        .map(|(row, title)| {
            let means = says.text(&format!("severities.{row}.means"));
            let settled = says.word(&format!("severities.{row}.settled"), lang);
            lang.t(
                format!("une anomalie « {title} » ({means}) est {settled}"),
                format!("a defect “{title}” ({means}) is {settled}"),
            )
        })
        .collect();
    all.join(", ")
}
