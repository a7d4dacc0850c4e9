//! `shared_hosting`: what stands beside other customers' systems, how they are kept apart, and how that is proved.
//!
//! Seed 004: a neighbour's attack, crossed data and unwanted changes are the risks of hosting several services
//! on one machine (S-259 to S-268).

use base::Bilingual;
use terms::boundary::{Boundary, SharedHosting};
use terms::{DutyDue, DutyProof, Terms, Trigger};

use super::read::{self, list};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, owed};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "shared_hosting",
    doc: (
        "l'hébergement mutualisé : ce qui est partagé, comment c'est cloisonné, et l'essai qui le prouve",
        "shared hosting: what is shared, how it is kept apart, and the test that proves it",
    ),
    example: r#"kind = "shared_hosting"
label = "plateforme-partagee"
then = { items = ["bases des bibliothèques"], separation = "database_per_customer", test_every = "3 months", isolate_within = "1 h", change_notice = "5 working_days", follow_up = ["updates", "maintenance", "backups"], follow_up_every = "1 month" }
"#,
    family: Family::Security,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("items", Type::Texts, "éléments ou services partagés", "items or services that are shared"),
        Field::required(
            "separation",
            Type::Choice(&["database_per_customer", "schema", "container", "virtual_machine", "network", "physical"]),
            "mode de cloisonnement",
            "how they are kept apart",
        ),
        Field::required("test_every", Type::Length, "rythme des essais de cloisonnement", "how often the separation is tested"),
        Field::optional("first_test", Type::Date, "premier essai", "first test"),
        Field::required("isolate_within", Type::ClockTime, "délai pour isoler un voisin attaqué", "delay to isolate an attacked neighbour"),
        Field::required("change_notice", Type::Length, "préavis d'un changement qui touche les voisins", "notice of a change that touches neighbours"),
        Field::required(
            "follow_up",
            Type::Choices(&["updates", "maintenance", "backups", "incidents", "capacity"]),
            "ce que le compte rendu d'hébergement suit",
            "what the hosting report follows",
        ),
        Field::required("follow_up_every", Type::Length, "rythme du compte rendu d'hébergement", "how often the hosting report is due"),
    ],
    words: &[
        ("database_per_customer", "une base de données par client", "one database for each customer"),
        ("schema", "un schéma de base par client", "one database schema for each customer"),
        ("container", "un conteneur par client", "one container for each customer"),
        ("virtual_machine", "une machine virtuelle par client", "one virtual machine for each customer"),
        ("network", "un réseau par client", "one network for each customer"),
        ("physical", "des machines distinctes", "separate machines"),
        ("updates", "mises à jour", "updates"),
        ("maintenance", "maintenances", "maintenance"),
        ("backups", "sauvegardes", "backups"),
        ("incidents", "incidents", "incidents"),
        ("capacity", "capacité", "capacity"),
        ("isolation_test", "un essai de cloisonnement", "a test of the separation"),
        ("containment", "l'isolement du voisin attaqué", "isolating the attacked neighbour"),
        ("neighbour_notice", "l'annonce d'un changement qui touche les voisins", "notice of a change that touches neighbours"),
        ("hosting_report", "le compte rendu d'hébergement", "the hosting report"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let hosting = SharedHosting { items: f.texts("items"), separation: f.text("separation")? };
    let every = |period, first| DutyDue::Every { period, first };
    let test = every(f.length("test_every")?, f.date("first_test"));
    owed::owe(f, c, &KIND, "isolation_test", test, DutyProof::TestRecord);
    let isolate = DutyDue::Within { length: f.length("isolate_within")?, of: Trigger::SecurityIncident };
    owed::owe(f, c, &KIND, "containment", isolate, DutyProof::Declaration);
    let notice = DutyDue::Before { length: f.length("change_notice")?, of: Trigger::MaintenancePlanned };
    owed::owe(f, c, &KIND, "neighbour_notice", notice, DutyProof::Notice);
    let report = every(f.length("follow_up_every")?, None);
    owed::owe(f, c, &KIND, "hosting_report", report, DutyProof::Document);
    let rule = c.rule(f, Boundary::SharedHosting(hosting));
    c.terms.boundaries.push(rule);
    super::says::push_plain(f, c);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.boundaries, label)?;
    let Boundary::SharedHosting(then) = &rule.then else { return None };
    let stated = super::says::find(label, &KIND, terms)?;
    Some(read::sentence(rule, terms, |lang| {
        let items = list(lang, &then.items.iter().map(String::as_str).collect::<Vec<_>>());
        let apart = KIND.word(lang, &then.separation);
        let follows = stated.list("follow_up", lang);
        let head = lang.t(
            format!("hébergement mutualisé ({items}), cloisonné par {apart}, avec suivi{}: {follows}", '\u{a0}'),
            format!("{items}: shared hosting, kept apart by {apart}, with follow-up of {follows}"),
        );
        owed::then_duties(&KIND, lang, head, label, terms)
    }))
}
