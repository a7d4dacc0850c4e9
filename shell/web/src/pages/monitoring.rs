//! Supervision: each availability promised, its month drawn, what interrupted it and what was announced.

mod forms;
mod samples;
mod strip;

use jiff::Zoned;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::design::components::{self, Choice, Reason, Tone};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, format};

pub use forms::{origins, states};
pub use samples::samples;
pub use strip::{Mark, Strip};

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// First day of the month shown.
    pub month: Date,
    pub state: MonthState,
    /// The months beside it; `None` where the contract has none.
    pub previous: Option<Date>,
    pub next: Option<Date>,
    pub services: Vec<Service>,
    /// Those that touch the month, oldest first.
    pub outages: Vec<Outage>,
    pub windows: Vec<Window>,
    /// For those who may write; `None` for the others, and when no availability is promised.
    pub forms: Option<Forms>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthState {
    Running,
    /// It has ended and is not closed: its figures may still change.
    Ended,
    Closed,
    ToCome,
}

/// One availability, over its period.
#[derive(Clone, Debug)]
pub struct Service {
    /// The clause's label; unique in the page.
    pub label: String,
    pub name: String,
    pub items: Vec<String>,
    /// « du 1er août 2026 au 31 août 2026 »: the part of its period that the contract covers.
    pub from: Date,
    pub to: Date,
    /// « 99,206349 % »; `None` when no time was agreed.
    pub reached: Option<String>,
    pub target: String,
    pub tone: Tone,
    /// « tenue », « manquée à ce jour ».
    pub verdict: String,
    /// « 1 h 15 perdue pour 47 min admises ».
    pub lost: String,
    pub strip: Strip,
    pub reasons: Vec<Reason>,
}

/// An outage as it stands.
#[derive(Clone, Debug)]
pub struct Outage {
    pub id: String,
    pub items: Vec<String>,
    /// In words, and as forms name it.
    pub state: String,
    pub state_key: String,
    pub origin: String,
    pub origin_key: String,
    pub users: Option<u32>,
    pub detected: Option<Zoned>,
    pub declared: Option<Zoned>,
    /// `None`: it goes on.
    pub ended: Option<Zoned>,
    pub by: String,
    pub corrected: bool,
    pub cancelled: bool,
    /// The services for which it counts.
    pub counts: Vec<String>,
    /// Why it does not, for the others.
    pub notes: Vec<Reason>,
}

/// A maintenance window as it was announced.
#[derive(Clone, Debug)]
pub struct Window {
    pub id: String,
    pub items: Vec<String>,
    pub from: Zoned,
    pub until: Zoned,
    pub announced: Zoned,
    pub by: String,
    pub cancelled: bool,
    /// It has not begun: it may still be given up.
    pub to_come: bool,
    pub notes: Vec<Reason>,
}

/// What the forms offer.
#[derive(Clone, Debug)]
pub struct Forms {
    /// A form sent twice acts once.
    pub key: String,
    /// Services, then items.
    pub items: Vec<Choice>,
    pub states: Vec<Choice>,
    pub origins: Vec<Choice>,
    /// `2026-08-12T10:55`, the business instant: what the fields start from.
    pub now: String,
    /// Whether outages say how many users they touch.
    pub users: bool,
}

/// `GET /c/{customer}/monitoring`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let open = view.outages.iter().any(|o| o.ended.is_none() && !o.cancelled);
    layout::page(
        shell,
        lang.t("Supervision", "Monitoring"),
        Place::Monitoring,
        html! {
            (layout::heading(
                html! { a href=(view.customer.path("")) { (view.customer.name) } },
                html! { (lang.t("Supervision", "Monitoring")) ", " (format::month(view.month, lang)) },
                html! {
                    (state(view.state, lang))
                    @if open { (components::badge(Tone::Bad, lang.t("interruption en cours", "outage under way"))) }
                },
            ))
            (months(view, lang))
            @if view.services.is_empty() {
                (components::empty(
                    lang.t("Aucune disponibilité promise", "No availability is promised"),
                    lang.t(
                        "Le contrat en vigueur ce mois-là ne promet la disponibilité d’aucun service.",
                        "The contract in force that month promises the availability of no service.",
                    ),
                    None,
                ))
            }
            @for service in &view.services { (card(service, lang)) }
            @if !view.services.is_empty() || !view.outages.is_empty() {
                (outages(shell, view))
                (windows(shell, view))
            }
            @if let Some(forms) = &view.forms { (forms::new(shell, &view.customer, forms)) }
        },
    )
}

fn state(state: MonthState, lang: Lang) -> Markup {
    match state {
        MonthState::Running => components::badge(
            Tone::Active,
            lang.t("mois en cours, provisoire", "month under way, provisional"),
        ),
        MonthState::Ended => {
            components::badge(Tone::Warning, lang.t("terminé, à clôturer", "ended, to be closed"))
        }
        MonthState::Closed => components::badge(Tone::Quiet, lang.t("clos, définitif", "closed, final")),
        MonthState::ToCome => components::badge(Tone::Quiet, lang.t("à venir", "to come")),
    }
}

fn months(view: &View, lang: Lang) -> Markup {
    let link = |month: Date| view.customer.path(&format!("/monitoring?month={}", month.strftime("%Y-%m")));
    html! {
        nav.pager aria-label=(lang.t("Autres mois", "Other months")) {
            @if let Some(month) = view.previous {
                a.button.plain href=(link(month)) rel="prev" { "← " (format::month(month, lang)) }
            }
            @if let Some(month) = view.next {
                a.button.plain href=(link(month)) rel="next" { (format::month(month, lang)) " →" }
            }
        }
    }
}

fn card(service: &Service, lang: Lang) -> Markup {
    let (from, to) = (format::date(service.from, lang), format::date(service.to, lang));
    components::section_with(
        &format!("service-{}", service.label),
        html! { (service.name) },
        components::badge(service.tone, &service.verdict),
        html! {
            p.availability-figure {
                strong { (service.reached.as_deref().unwrap_or("–")) }
                " " span { (lang.t("pour", "for")) " " (service.target) " " (lang.t("promis", "promised")) }
            }
            p.muted {
                (lang.t("Du", "From")) " " (from) " " (lang.t("au", "to")) " " (to) ". "
                (components::words(&service.lost, lang))
            }
            p.muted { (lang.t("Éléments", "Items")) (lang.t("\u{a0}: ", ": ")) (names(&service.items)) }
            (strip::draw(&service.strip, lang))
            (components::why(lang.t("D’où vient ce chiffre", "Where this figure comes from"), &service.reasons, lang))
        },
    )
}

fn names(items: &[String]) -> Markup {
    html! { @for (index, item) in items.iter().enumerate() { @if index > 0 { ", " } code { (item) } } }
}

fn outages(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let columns = [
        Column::name(lang.t("Début", "Began")),
        Column::text(lang.t("Fin", "Ended")),
        Column::text(lang.t("Élément", "Item")),
        Column::text(lang.t("Compte", "Counts")),
        Column::text(lang.t("Consignée", "Recorded")),
    ];
    let rows = view.outages.iter().map(|outage| Row {
        class: if outage.cancelled { "void-row" } else { "" },
        cells: vec![
            began(outage, lang),
            html! {
                @match &outage.ended {
                    Some(at) => (components::when_short(at, lang)),
                    None if outage.cancelled => "–",
                    None => (components::badge(Tone::Bad, lang.t("en cours", "under way"))),
                }
            },
            html! { (names(&outage.items)) span.sub { (outage.state) ", " (outage.origin) } },
            counts(outage, lang),
            html! {
                (outage.by)
                @if outage.corrected && !outage.cancelled { span.sub { (lang.t("corrigée depuis", "corrected since")) } }
                @if let Some(forms) = view.forms.as_ref().filter(|_| !outage.cancelled) {
                    (forms::about(shell, &view.customer, forms, outage))
                }
            },
        ],
    });
    let rows: Vec<Row> = rows.collect();
    components::section(
        "outages",
        lang.t("Interruptions", "Outages"),
        html! {
            @if rows.is_empty() {
                p.muted { (lang.t("Aucune interruption n’est consignée ce mois-ci.", "No outage is recorded this month.")) }
            } @else {
                (table("outages", lang.t("Interruptions du mois, dans l’ordre", "The month’s outages, in order"), &columns, rows))
            }
        },
    )
}

/// Whoever saw it first, and the other if they differ.
fn began(outage: &Outage, lang: Lang) -> Markup {
    let (sonde, client) = (lang.t("vue par une sonde", "seen by a probe"), lang.t("déclarée", "declared"));
    html! {
        @match (&outage.detected, &outage.declared) {
            (Some(seen), Some(told)) if seen.timestamp() == told.timestamp() => {
                (components::when_short(seen, lang)) span.sub { (sonde) ", " (client) }
            }
            (Some(seen), Some(told)) if seen.timestamp() < told.timestamp() => {
                (components::when_short(seen, lang)) span.sub { (sonde) (lang.t("\u{202f}; ", "; ")) (client) " " (format::short_instant(told, lang)) }
            }
            (Some(seen), Some(told)) => {
                (components::when_short(told, lang)) span.sub { (client) (lang.t("\u{202f}; ", "; ")) (sonde) " " (format::short_instant(seen, lang)) }
            }
            (Some(at), None) => { (components::when_short(at, lang)) span.sub { (sonde) } }
            (None, Some(at)) => { (components::when_short(at, lang)) span.sub { (client) } }
            (None, None) => "–",
        }
    }
}

fn counts(outage: &Outage, lang: Lang) -> Markup {
    html! {
        @if outage.cancelled {
            (components::badge(Tone::Quiet, lang.t("retirée", "withdrawn")))
        } @else if outage.counts.is_empty() {
            (components::badge(Tone::Quiet, lang.t("ne compte pas", "does not count")))
        } @else {
            (components::badge(Tone::Warning, html! { (lang.t("compte pour", "counts for")) " " (outage.counts.join(", ")) }))
        }
        @if !outage.cancelled && !outage.notes.is_empty() { (components::reasons(&outage.notes, lang)) }
    }
}

fn windows(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let columns = [
        Column::name(lang.t("Début", "Begins")),
        Column::text(lang.t("Fin", "Ends")),
        Column::text(lang.t("Élément", "Item")),
        Column::text(lang.t("Hors du calcul", "Left out")),
        Column::text(lang.t("Annoncée", "Announced")),
    ];
    let rows: Vec<Row> = view
        .windows
        .iter()
        .map(|window| Row {
            class: if window.cancelled { "void-row" } else { "" },
            cells: vec![
                components::when_short(&window.from, lang),
                components::when_short(&window.until, lang),
                names(&window.items),
                left_out(window, lang),
                html! {
                    (components::when_short(&window.announced, lang)) span.sub { (window.by) }
                    @if let Some(forms) = view.forms.as_ref().filter(|_| window.to_come && !window.cancelled) {
                        (forms::give_up(shell, &view.customer, forms, window))
                    }
                },
            ],
        })
        .collect();
    components::section(
        "maintenance",
        lang.t("Maintenances annoncées", "Announced maintenance"),
        html! {
            @if rows.is_empty() {
                p.muted { (lang.t("Aucune maintenance n’est annoncée ce mois-ci.", "No maintenance is announced this month.")) }
            } @else {
                (table("windows", lang.t("Maintenances du mois, dans l’ordre", "The month’s maintenance, in order"), &columns, rows))
            }
        },
    )
}

fn left_out(window: &Window, lang: Lang) -> Markup {
    html! {
        @if window.cancelled {
            (components::badge(Tone::Quiet, lang.t("annulée", "cancelled")))
        } @else if window.notes.is_empty() {
            (components::badge(Tone::Good, lang.t("oui, dans le temps convenu", "yes, within agreed time")))
        } @else {
            (components::badge(Tone::Warning, lang.t("non", "no")))
            (components::reasons(&window.notes, lang))
        }
    }
}
