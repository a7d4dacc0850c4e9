//! Who knows what: the elements of the perimeter, those known by too few first, and what each person knows.

use maud::{Markup, html};

use crate::design::components::{self, Reason, Tone, badge};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, format};
use crate::pages::sampling;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// What the clauses in force promise.
    pub promised: Vec<Promise>,
    /// Elements, on this page or not, and how many are known by too few.
    pub total: u64,
    pub short: u64,
    pub lines: Vec<Line>,
    /// Whether several contracts are in force: each line then says which covers it.
    pub several: bool,
    /// Empty on the pages that follow the first.
    pub people: Vec<Person>,
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// « Article 42 : 2 personnes au moins ».
#[derive(Clone, Debug)]
pub struct Promise {
    pub contract: String,
    pub article: String,
    pub href: Option<String>,
    pub people: u32,
}

#[derive(Clone, Debug)]
pub struct Line {
    pub name: String,
    /// Where it is told who knows it, for those who do.
    pub href: Option<String>,
    pub contract: String,
    /// Each person, and whether the others ask them.
    pub people: Vec<(String, bool)>,
    pub known: u32,
    pub wanted: u32,
    pub reasons: Vec<Reason>,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    pub known: u64,
    pub led: u64,
    pub alone: u64,
}

/// `GET /c/{customer}/skills`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Compétences", "Skills");
    layout::page(
        shell,
        title,
        Place::Skills,
        html! {
            (layout::heading(html! { a href=(view.customer.path("")) { (view.customer.name) } }, title, html! {}))
            @if view.total == 0 {
                (components::empty(
                    lang.t("Aucun élément au périmètre", "No element in the perimeter"),
                    lang.t("Les éléments que le contrat en vigueur confie au prestataire paraissent ici, avec les personnes qui les connaissent.",
                        "The elements that the contract in force entrusts to the provider appear here, with the people who know them."),
                    None,
                ))
            } @else {
                (standing(view, lang))
                (components::section("elements", lang.t("Qui connaît quoi", "Who knows what"), html! {
                    (elements(view, lang))
                    (components::pager(view.previous.as_deref(), view.next.as_deref(), lang))
                }))
                @if !view.people.is_empty() {
                    (components::section("people", lang.t("Par personne", "By person"), people(view, lang)))
                }
            }
        },
    )
}

/// How the whole stands, and with which promise.
fn standing(view: &View, lang: Lang) -> Markup {
    html! {
        p {
            @match view.short {
                0 => (badge(Tone::Good, lang.t("Chaque élément est connu d’assez de personnes", "Enough people know each element"))),
                short => {
                    (badge(Tone::Bad, lang.t("Trop peu de personnes", "Too few people"))) " "
                    (lang.t("pour", "for")) " " (format::count(short, lang)) " "
                    (lang.t(if short > 1 { "éléments" } else { "élément" }, if short == 1 { "element" } else { "elements" })) " "
                    (lang.t("sur", "of")) " " (format::count(view.total, lang)) "."
                }
            }
        }
        @for promise in &view.promised {
            p.muted {
                @if view.several { (promise.contract) ", " }
                @match &promise.href {
                    Some(href) => a href=(href) { (promise.article) },
                    None => (promise.article),
                }
                (lang.t(" : ", ": ")) (least(promise.people, lang))
            }
        }
        @if view.promised.is_empty() {
            p.muted {
                (lang.t("Aucune clause ne dit combien de personnes connaissent chaque élément : deux au moins, pour qu’une absence n’arrête rien.",
                    "No clause says how many people know each element: at least two, so that no absence stops anything."))
            }
        }
    }
}

fn least(people: u32, lang: Lang) -> String {
    match (lang, people) {
        (Lang::Fr, 1) => "une personne au moins par élément.".to_owned(),
        (Lang::Fr, n) => format!("{n}\u{a0}personnes au moins par élément."),
        (Lang::En, 1) => "at least one person for each element.".to_owned(),
        (Lang::En, n) => format!("at least {n} people for each element."),
    }
}

fn elements(view: &View, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Élément", "Element")),
        Column::text(lang.t("Connu de", "Known to")),
        Column::text(lang.t("Couverture", "Cover")),
    ];
    let rows = view.lines.iter().map(|line| {
        Row::new(vec![
            html! {
                @match &line.href {
                    Some(href) => a href=(href) { (components::words(&line.name, lang)) },
                    None => (components::words(&line.name, lang)),
                }
                @if view.several { br; span.muted { (line.contract) } }
            },
            html! {
                @for (nth, (name, leads)) in line.people.iter().enumerate() {
                    @if nth > 0 { ", " }
                    (name)
                    @if *leads { " " span.muted { (lang.t("(référent)", "(lead)")) } }
                }
                @if line.people.is_empty() { span.muted { (lang.t("Personne", "Nobody")) } }
            },
            html! {
                (cover(line.known, line.wanted, lang))
                (components::why(lang.t("Pourquoi ?", "Why?"), &line.reasons, lang))
            },
        ])
    });
    table("skills", lang.t("Éléments du périmètre", "Elements of the perimeter"), &columns, rows.collect())
}

/// How many people are missing.
fn cover(known: u32, wanted: u32, lang: Lang) -> Markup {
    let word = match (lang, wanted.saturating_sub(known)) {
        (Lang::Fr, 0) => return badge(Tone::Good, "Couvert"),
        (Lang::En, 0) => return badge(Tone::Good, "Covered"),
        (Lang::Fr, 1) => "Il manque 1\u{a0}personne".to_owned(),
        (Lang::Fr, n) => format!("Il manque {n}\u{a0}personnes"),
        (Lang::En, 1) => "1 person missing".to_owned(),
        (Lang::En, n) => format!("{n} people missing"),
    };
    badge(Tone::Bad, word)
}

fn people(view: &View, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Personne", "Person")),
        Column::figure(lang.t("Éléments connus", "Elements known")),
        Column::figure(lang.t("Dont référent", "Of which lead")),
        Column::figure(lang.t("Seul à connaître", "Nobody else knows")),
    ];
    let rows = view.people.iter().map(|person| {
        Row::new(vec![
            html! { (person.name) },
            html! { (format::count(person.known, lang)) },
            html! { (format::count(person.led, lang)) },
            html! { (format::count(person.alone, lang)) },
        ])
    });
    table("people", lang.t("Ce que connaît chacun", "What each one knows"), &columns, rows.collect())
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let customer = sampling::garonne();
    let promise = Reason {
        article: "Article 42".into(),
        label: "effectifs".into(),
        text: lang
            .t(
                "chaque élément du périmètre est connu de 2 personnes au moins",
                "each element of the perimeter is known to at least 2 people",
            )
            .into(),
        arithmetic: None,
        href: Some(customer.path("/contracts/CTR-2026-001#effectifs")),
    };
    let line = |name: &str, people: &[(&str, bool)]| Line {
        name: name.into(),
        href: Some(customer.path("/skills/element?of=item:srv-erp")),
        contract: "CTR-2026-001".into(),
        people: people.iter().map(|(name, leads)| ((*name).into(), *leads)).collect(),
        known: u32::try_from(people.len()).unwrap_or_default(),
        wanted: 2,
        reasons: vec![promise.clone()],
    };
    let (mehdi, sarah) = (("Mehdi Roussel", true), ("Sarah Delmas", false));
    let person = |name: &str, known, led, alone| Person { name: name.into(), known, led, alone };
    let full = View {
        promised: vec![Promise {
            contract: "CTR-2026-001".into(),
            article: "Article 42".into(),
            href: promise.href.clone(),
            people: 2,
        }],
        total: 4,
        short: 2,
        lines: vec![
            line(&lang.t("Solution de sauvegarde", "Backup").to_string(), &[]),
            line("srv-rh", &[mehdi]),
            line("srv-erp", &[mehdi, sarah]),
            line("srv-fic", &[mehdi, sarah]),
        ],
        several: false,
        people: vec![person("Mehdi Roussel", 3, 3, 1), person("Sarah Delmas", 2, 0, 0)],
        previous: None,
        next: Some(customer.path("/skills?after=1")),
        customer: customer.clone(),
    };
    let none = View {
        promised: Vec::new(),
        total: 0,
        short: 0,
        lines: Vec::new(),
        people: Vec::new(),
        next: None,
        ..full.clone()
    };
    vec![("board", full), ("none", none)]
}
