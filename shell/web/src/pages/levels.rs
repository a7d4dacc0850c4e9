//! Who is told first of each level of escalation: all levels of a customer, and one of them to be said.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::components;
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell};
use crate::pages::sampling;
use crate::pages::shared::{self, Promise, Refusal};

/// All levels, or one of them.
#[derive(Clone, Debug)]
pub enum View {
    All(All),
    One(Box<One>),
}

#[derive(Clone, Debug)]
pub struct All {
    pub customer: CustomerRef,
    pub levels: Vec<Level>,
    /// Whether several contracts are in force: each line then says which has it.
    pub several: bool,
}

/// A level of one promise of one contract.
#[derive(Clone, Debug)]
pub struct Level {
    pub contract: String,
    pub promise: Promise,
    pub level: u32,
    pub article: String,
    /// The clause in the contract.
    pub clause: String,
    /// As the clause is read back.
    pub says: String,
    /// By name; empty: whom the clause leads to.
    pub people: Vec<OnLevel>,
    /// Where it is said, for those who do.
    pub href: Option<String>,
}

/// Somebody put on a level, and whether they may still read the tickets.
#[derive(Clone, Debug)]
pub struct OnLevel {
    pub name: String,
    pub reads: bool,
}

#[derive(Clone, Debug)]
pub struct One {
    pub customer: CustomerRef,
    pub level: Level,
    /// What names it in the form: the contract's number, the clause's label.
    pub of: (String, String),
    pub people: Vec<Choosing>,
    /// The entry that said it last, for the form.
    pub since: Option<u64>,
    /// When that was, and by whom.
    pub told: Option<(Zoned, String)>,
    pub key: String,
    pub refused: Option<Refusal>,
}

/// Somebody, and whether they are put on it.
#[derive(Clone, Debug)]
pub struct Choosing {
    pub id: String,
    pub name: String,
    pub put: bool,
}

/// `GET /c/{customer}/escalation`, and one level of it.
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    match view {
        View::All(all) => all_of(shell, all, lang),
        View::One(one) => one_of(shell, one, lang),
    }
}

fn all_of(shell: &Shell, all: &All, lang: Lang) -> Markup {
    let title = lang.t("Escalade", "Escalation");
    layout::page(
        shell,
        title,
        Place::Contract,
        html! {
            (layout::heading(html! { a href=(all.customer.path("")) { (all.customer.name) } }, title, html! {}))
            p.lead {
                (lang.t("Qui est prévenu d’abord à chaque niveau : les personnes désignées ici et, à défaut, celles que la clause nomme.",
                    "Who is told first at each level: the people put on it here and, failing them, those whom the clause names."))
            }
            @if all.levels.is_empty() {
                (components::empty(
                    lang.t("Aucun niveau d’escalade", "No level of escalation"),
                    lang.t("Aucun contrat en vigueur n’a de clause « escalation ».", "No contract in force has a clause “escalation”."),
                    None,
                ))
            } @else {
                (components::section("levels", lang.t("Niveaux", "Levels"), listed(all, lang)))
            }
        },
    )
}

fn listed(all: &All, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Niveau", "Level")),
        Column::text(lang.t("Clause", "Clause")),
        Column::text(lang.t("Prévenus d’abord", "Told first")),
    ];
    let rows = all.levels.iter().map(|level| {
        Row::new(vec![
            html! {
                @match &level.href {
                    Some(href) => a href=(href) { (name(level, lang)) },
                    None => (name(level, lang)),
                }
                @if all.several { br; span.muted { (level.contract) } }
            },
            html! {
                (components::words(&level.says, lang)) " "
                a href=(level.clause) { (components::words(&level.article, lang)) }
            },
            html! {
                @if level.people.is_empty() {
                    span.muted { (lang.t("Ceux que la clause nomme", "Those whom the clause names")) }
                } @else {
                    (on_level(&level.people, lang))
                }
            },
        ])
    });
    let caption = lang
        .t("Niveaux d’escalade des contrats en vigueur", "Levels of escalation of the contracts in force");
    table("levels", caption, &columns, rows.collect())
}

/// « Inès Cazenave, Marc Leduc (ne peut plus lire les tickets) ».
pub fn on_level(people: &[OnLevel], lang: Lang) -> Markup {
    html! {
        @for (nth, person) in people.iter().enumerate() {
            @if nth > 0 { ", " }
            (person.name)
            @if !person.reads {
                " " span.muted { (lang.t("(ne peut plus lire les tickets)", "(may no longer read the tickets)")) }
            }
        }
    }
}

/// « Rétablissement, niveau 2 ».
fn name(level: &Level, lang: Lang) -> String {
    format!("{}, {} {}", level.promise.word(lang), lang.t("niveau", "level"), level.level)
}

fn one_of(shell: &Shell, one: &One, lang: Lang) -> Markup {
    let title = name(&one.level, lang);
    layout::page(
        shell,
        &title,
        Place::Contract,
        html! {
            (layout::heading(
                html! {
                    a href=(one.customer.path("")) { (one.customer.name) } " / "
                    a href=(one.customer.path("/escalation")) { (lang.t("Escalade", "Escalation")) }
                },
                &title,
                html! {},
            ))
            @if let Some(refusal) = &one.refused { (shared::refusal(refusal, lang)) }
            p {
                (components::words(&one.level.says, lang)) " "
                a href=(one.level.clause) { (components::words(&one.level.article, lang)) }
            }
            (components::section("who", lang.t("Prévenus d’abord", "Told first"), form(shell, one)))
        },
    )
}

fn form(shell: &Shell, one: &One) -> Markup {
    let lang = shell.lang;
    html! {
        @if let Some((at, by)) = &one.told {
            p.muted { (lang.t("Consigné le", "Recorded on")) " " (components::when(at, lang)) " " (lang.t("par", "by")) " " (by) "." }
        }
        (components::act(shell, &one.customer.path("/escalation/level"), &one.key, "form", html! {
            input type="hidden" name="contract" value=(one.of.0);
            input type="hidden" name="clause" value=(one.of.1);
            @if let Some(since) = one.since { input type="hidden" name="since" value=(since); }
            fieldset.checks {
                legend { (lang.t("Ils tiennent lieu des interlocuteurs de la clause ; personne de coché : elle s’applique telle quelle.",
                    "They stand for the contacts of the clause; nobody ticked: it applies as it is.")) }
                div.boxes {
                    @for person in &one.people {
                        div.check {
                            input type="checkbox" id={ "person-" (person.id) } name={ "person-" (person.id) } value="yes" checked[person.put];
                            label for={ "person-" (person.id) } { (person.name) }
                        }
                    }
                }
            }
            button.primary type="submit" { (lang.t("Enregistrer", "Save")) }
        }))
    }
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let customer = sampling::garonne();
    let level = |level: u32, says: (&'static str, &'static str), people: &[&str]| Level {
        contract: "CTR-2026-001".into(),
        promise: Promise::Restore,
        level,
        article: "Article 54".into(),
        clause: customer.path("/contracts/CTR-2026-001#escalade-1"),
        says: lang.t(says.0, says.1).into(),
        people: people
            .iter()
            .map(|name| OnLevel { name: (*name).into(), reads: *name != "Marc Leduc" })
            .collect(),
        href: Some(customer.path("/escalation/level?contract=CTR-2026-001&clause=escalade-1")),
    };
    let half = (
        "Dès que 50 % du délai de rétablissement sont écoulés, l’escalade atteint le niveau 1 : le Prestataire prévient Claire Vasseur.",
        "Once 50% of the restoration delay is gone, the escalation reaches level 1: the Provider tells Claire Vasseur.",
    );
    let whole = (
        "Dès que 100 % du délai de rétablissement sont écoulés, l’escalade atteint le niveau 2 : le Prestataire prévient Étienne Laborde.",
        "Once 100% of the restoration delay is gone, the escalation reaches level 2: the Provider tells Étienne Laborde.",
    );
    let person = |id: &str, name: &str, put| Choosing { id: id.into(), name: name.into(), put };
    let all = All {
        levels: vec![level(1, half, &["Inès Cazenave", "Marc Leduc"]), level(2, whole, &[])],
        several: true,
        customer: customer.clone(),
    };
    let none = All { levels: Vec::new(), several: false, customer: customer.clone() };
    let one = One {
        level: level(1, half, &["Inès Cazenave"]),
        of: ("CTR-2026-001".into(), "escalade-1".into()),
        people: vec![person("a", "Inès Cazenave", true), person("b", "Claire Vasseur", false)],
        since: Some(420),
        told: Some((sampling::at("2026-10-12T09:20"), "Hélène Marchand".into())),
        key: "sample".into(),
        refused: None,
        customer,
    };
    vec![("all", View::All(all)), ("none", View::All(none)), ("one", View::One(Box::new(one)))]
}
