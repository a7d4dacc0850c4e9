//! The hotline's meters: what is left, what expires first, and every call with what it took.

use jiff::Zoned;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::design::components::{self, Tone, badge};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, format};
use crate::pages::sampling;
use crate::pages::shared::{self, Meter, Other};

/// The meters of a contract, as both parties read them.
#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// The contract's number.
    pub contract: String,
    /// Every contract of the customer; chosen from when there are several.
    pub others: Vec<Other>,
    pub meters: Vec<Metered>,
    /// The reader may write down a call.
    pub may_record: bool,
}

#[derive(Clone, Debug)]
pub struct Metered {
    /// Its label in the contract.
    pub label: String,
    /// `None` where nothing is used up: an unlimited hotline.
    pub meter: Option<Meter>,
    /// No more is left than the contract's threshold.
    pub alert: bool,
    /// Calls of the period.
    pub served: u32,
    /// The clauses whose calls count on it, each with its address, where there are several.
    pub shared_by: Vec<Clause>,
    /// What had come over and expires first, in the order it is spent: « 12 tickets », the day it is lost.
    pub lots: Vec<(String, Date)>,
    /// Packs bought in the period.
    pub packs_bought: u32,
    pub calls: Vec<Call>,
    /// The address of earlier calls.
    pub next: Option<String>,
}

/// « Article 8 », its label, its address in the signed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    pub article: String,
    pub label: String,
    pub href: String,
}

/// A call, and what it took.
#[derive(Clone, Debug)]
pub struct Call {
    pub at: Zoned,
    pub by: String,
    pub minutes: i64,
    /// Its number and its address.
    pub ticket: Option<(u64, String)>,
    /// « 1 ticket », « 0 h 30 ».
    pub counted: String,
    /// « 1,5 », when it counted for more or less than it lasted.
    pub weight: Option<String>,
    pub covered: bool,
    pub price_cents: Option<i64>,
    /// Why, in a few sentences.
    pub because: String,
    /// The clauses that it rests on, each once.
    pub clauses: Vec<Clause>,
}

/// `GET /c/{customer}/meters`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Compteurs d’assistance", "Support meters");
    layout::page(
        shell,
        title,
        Place::Meters,
        html! {
            (layout::heading(
                html! { a href=(view.customer.path("")) { (view.customer.name) } },
                title,
                html! {
                    @if view.may_record {
                        a.button.primary href={ "/calls/new?customer=" (format::query(&view.customer.slug)) } {
                            (lang.t("Noter un appel", "Record a call"))
                        }
                    }
                },
            ))
            (shared::contracts(&view.customer, "/meters", &view.others, lang))
            @if view.meters.is_empty() {
                (components::empty(
                    lang.t("Aucun compteur", "No meter"),
                    lang.t("Ce contrat ne compte pas les appels à l’assistance.", "This contract does not count calls to the hotline."),
                    None,
                ))
            }
            (layout::live("live-meters", &format!("meters/{}", view.customer.slug), html! {
                @for metered in &view.meters { (draw(metered, lang)) }
            }))
        },
    )
}

fn draw(metered: &Metered, lang: Lang) -> Markup {
    let calls = match lang {
        Lang::Fr if metered.served < 2 => format!("{} appel dans la période", metered.served),
        Lang::Fr => format!("{} appels dans la période", metered.served),
        Lang::En if metered.served == 1 => "1 call in the period".to_owned(),
        Lang::En => format!("{} calls in the period", metered.served),
    };
    html! {
        section aria-label={ (lang.t("Compteur", "Meter")) " " (metered.label) } {
            h2.hidden { (lang.t("Compteur", "Meter")) " " (metered.label) }
            @if metered.alert {
                p { (badge(Tone::Warning, lang.t("Seuil d’alerte du contrat atteint", "The contract’s alert threshold is reached"))) }
            }
            @match &metered.meter {
                Some(meter) => (shared::meter(meter, lang)),
                None => p { (badge(Tone::Good, lang.t("Assistance illimitée", "Unlimited support"))) " " (calls) },
            }
            @if metered.shared_by.len() > 1 {
                p {
                    (lang.t("Compteur partagé :", "Shared meter:"))
                    @for clause in &metered.shared_by { " " (cited(clause)) }
                }
            }
            @if !metered.lots.is_empty() {
                h3 { (lang.t("Pris d’abord, perdu ensuite", "Spent first, lost next")) }
                ul.plain-list {
                    @for (left, expires) in &metered.lots {
                        li { strong { (left) } " " span.muted { (lang.t("à prendre avant le", "to be taken before")) " " (format::date(*expires, lang)) } }
                    }
                }
            }
            @if metered.packs_bought > 0 {
                p { (lang.t("Carnets rachetés dans la période :", "Packs bought in the period:")) " " strong { (metered.packs_bought) } }
            }
            (calls_table(metered, lang))
        }
    }
}

fn cited(clause: &Clause) -> Markup {
    html! { a href=(clause.href) { (clause.article) } " " code { (clause.label) } }
}

fn calls_table(metered: &Metered, lang: Lang) -> Markup {
    if metered.calls.is_empty() {
        return components::empty(
            lang.t("Aucun appel", "No calls"),
            lang.t(
                "Les appels décomptés de la période s’affichent ici.",
                "The calls counted in the period are shown here.",
            ),
            None,
        );
    }
    let columns = [
        Column::name(lang.t("Appel", "Call")),
        Column::text(lang.t("Par", "By")),
        Column::text(lang.t("Ticket", "Ticket")),
        Column::figure(lang.t("Durée", "Length")),
        Column::figure(lang.t("Décompté", "Counted")),
        Column::figure(lang.t("Prix HT", "Price excl. VAT")),
        Column::text(lang.t("Pourquoi", "Why")),
    ];
    let rows = metered.calls.iter().map(|call| row(call, lang)).collect();
    html! {
        div data-list="calls" {
            (table("calls", lang.t("Appels de la période, du plus récent au plus ancien", "Calls of the period, newest first"), &columns, rows))
        }
        (components::pager(None, metered.next.as_deref(), lang))
    }
}

fn row(call: &Call, lang: Lang) -> Row {
    let ticket = html! {
        @match &call.ticket {
            Some((number, href)) => a href=(href) { (number) },
            None => span.muted { (lang.t("sans ticket", "no ticket")) },
        }
    };
    let price = html! {
        @match (call.price_cents, call.covered) {
            (Some(cents), _) => (format::money(cents, lang)),
            (None, true) => span.muted { (lang.t("compris", "included")) },
            (None, false) => span.muted { (lang.t("non facturé", "not billed")) },
        }
    };
    Row::new(vec![
        components::when_short(&call.at, lang),
        html! { (call.by) },
        ticket,
        html! { (format::minutes(call.minutes, lang)) },
        html! {
            (call.counted)
            @if let Some(weight) = &call.weight { " " span.muted { "(× " (weight) ")" } }
        },
        price,
        html! {
            (components::words(&call.because, lang))
            @for clause in &call.clauses { " " (cited(clause)) }
        },
    ])
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let clause = |label: &str| Clause {
        article: "Article 12".into(),
        label: label.into(),
        href: format!("/c/ateliers-garonne/contracts/CTR-2026-001#{label}"),
    };
    let call = |at: &str, ticket: Option<u64>, price_cents: Option<i64>| Call {
        at: sampling::at(at),
        by: "Inès Cazenave".into(),
        minutes: 12,
        ticket: ticket.map(|n| (n, format!("/c/ateliers-garonne/tickets/{n}"))),
        counted: lang.t("1 ticket", "1 ticket").into(),
        weight: None,
        covered: price_cents.is_none(),
        price_cents,
        because: lang.t("Un ticket du carnet.", "One ticket of the pack.").into(),
        clauses: vec![clause("carnet")],
    };
    let night = Call {
        counted: lang.t("2 tickets", "2 tickets").into(),
        weight: Some("2".into()),
        because: lang
            .t(
                "Appel commencé à 22 h 10, hors des heures du calendrier « ho » : 1 × 2 = 2 tickets.",
                "Call begun at 22:10, outside the hours of the calendar “ho”: 1 × 2 = 2 tickets.",
            )
            .into(),
        clauses: vec![clause("carnet"), clause("carnet-str")],
        ..call("2026-11-03T22:10", Some(421), None)
    };
    let pack = Metered {
        label: "carnet".into(),
        meter: Some(sampling::pack(lang, "meter-sample")),
        alert: true,
        served: 41,
        lots: vec![(lang.t("12 tickets", "12 tickets").into(), sampling::day("2027-02-28"))],
        packs_bought: 1,
        shared_by: vec![clause("carnet"), clause("carnet-str")],
        calls: vec![
            night,
            call("2026-11-03T09:40", Some(417), None),
            call("2026-11-02T16:05", None, Some(2_400)),
        ],
        next: Some("/c/ateliers-garonne/meters?before=1".into()),
    };
    let unlimited = Metered {
        meter: None,
        alert: false,
        lots: Vec::new(),
        shared_by: Vec::new(),
        packs_bought: 0,
        calls: Vec::new(),
        next: None,
        ..pack.clone()
    };
    let view = |meters: Vec<Metered>| View {
        customer: sampling::garonne(),
        contract: "CTR-2026-001".into(),
        others: vec![
            Other { number: "CTR-2026-001".into(), current: true },
            Other { number: "CTR-2026-002".into(), current: false },
        ],
        meters,
        may_record: true,
    };
    vec![("pack", view(vec![pack])), ("unlimited", view(vec![unlimited])), ("none", view(Vec::new()))]
}
