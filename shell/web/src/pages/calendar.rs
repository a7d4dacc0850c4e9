//! A month, a week or a day: duties, last days, changes, maintenance, who is on call, months that end.

use jiff::civil::Date;
use maud::{Markup, html};

use crate::design::components::{self, Tab};
use crate::design::icon::{Icon, icon};
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell, Text, format};

mod samples;

pub use samples::samples;

#[derive(Clone, Debug)]
pub struct View {
    /// The one customer it is about; `None` over all.
    pub customer: Option<CustomerRef>,
    pub range: Range,
    /// The first day of what is shown.
    pub first: Date,
    /// Whole weeks, from Monday; or one day.
    pub weeks: Vec<Vec<Day>>,
    pub previous: String,
    pub next: String,
    /// The address of each, around the same day.
    pub tabs: [(Range, String); 3],
}

/// How many days are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    Month,
    Week,
    Day,
}

impl Range {
    pub const ALL: [Range; 3] = [Range::Month, Range::Week, Range::Day];

    /// As the address says it.
    pub fn key(self) -> &'static str {
        match self {
            Range::Month => "month",
            Range::Week => "week",
            Range::Day => "day",
        }
    }

    fn word(self, lang: Lang) -> Text {
        match self {
            Range::Month => lang.t("Mois", "Month"),
            Range::Week => lang.t("Semaine", "Week"),
            Range::Day => lang.t("Jour", "Day"),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Day {
    pub on: Date,
    /// Not of the month before or after.
    pub inside: bool,
    pub today: bool,
    pub items: Vec<Item>,
    /// How many more there are, listed at `href`.
    pub others: usize,
    pub href: String,
}

/// Something dated.
#[derive(Clone, Debug)]
pub struct Item {
    pub kind: Kind,
    pub text: String,
    pub href: String,
    pub customer: String,
}

/// In the order of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Late,
    Deadline,
    Duty,
    /// It may begin in its window, or has begun.
    Change,
    /// Approvals are awaited.
    ChangeAwaited,
    /// Silence decides of a delivery.
    AcceptanceEnd,
    Maintenance,
    OnCall,
    Done,
    ChangeEnded,
    MonthEnd,
}

impl Kind {
    const ALL: [Kind; 11] = [
        Kind::Late,
        Kind::Deadline,
        Kind::Duty,
        Kind::Change,
        Kind::ChangeAwaited,
        Kind::AcceptanceEnd,
        Kind::Maintenance,
        Kind::OnCall,
        Kind::Done,
        Kind::ChangeEnded,
        Kind::MonthEnd,
    ];

    fn word(self, lang: Lang) -> Text {
        match self {
            Kind::Late => lang.t("Obligation en retard", "Late duty"),
            Kind::Deadline => lang.t("Échéance du contrat", "Date of the contract"),
            Kind::Duty => lang.t("Obligation", "Duty"),
            Kind::Change => lang.t("Changement", "Change"),
            Kind::ChangeAwaited => lang.t("Changement à approuver", "Change to be approved"),
            Kind::AcceptanceEnd => lang.t("Fin de recette", "End of acceptance"),
            Kind::ChangeEnded => lang.t("Changement terminé", "Change ended"),
            Kind::Maintenance => lang.t("Maintenance", "Maintenance"),
            Kind::OnCall => lang.t("Astreinte", "On call"),
            Kind::Done => lang.t("Obligation faite", "Duty done"),
            Kind::MonthEnd => lang.t("Fin de mois", "End of month"),
        }
    }

    fn icon(self) -> Icon {
        match self {
            Kind::Late => Icon::Alert,
            Kind::Deadline => Icon::Contract,
            Kind::Duty => Icon::Clock,
            Kind::Change => Icon::Arrow,
            Kind::ChangeAwaited => Icon::Pause,
            Kind::AcceptanceEnd => Icon::Star,
            Kind::Maintenance => Icon::Pulse,
            Kind::OnCall => Icon::Phone,
            Kind::Done | Kind::ChangeEnded => Icon::Check,
            Kind::MonthEnd => Icon::Money,
        }
    }
}

/// `GET /calendar`, `GET /c/{customer}/calendar`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Calendrier", "Calendar");
    let above = match &view.customer {
        Some(customer) => html! { a href=(customer.path("")) { (customer.name) } },
        None => html! { (lang.t("Tous les clients", "All customers")) },
    };
    let beside = html! {
        a.button.plain href=(view.previous) rel="prev" { (lang.t("← Avant", "← Before")) }
        a.button.plain href=(view.next) rel="next" { (lang.t("Après →", "After →")) }
    };
    let shown = shown(view, lang);
    layout::page(
        shell,
        title,
        Place::Calendar,
        html! {
            (layout::heading(above, title, beside))
            (components::tabs(
                lang.t("Durée montrée", "Time shown"),
                &view.tabs.each_ref().map(|(range, href)| Tab::new(href, range.word(lang), *range == view.range)),
            ))
            h2 { (shown) }
            (legend(view, lang))
            @match view.range {
                Range::Month => (grid(view, &shown, lang)),
                Range::Week | Range::Day => (by_day(view, &shown, lang)),
            }
        },
    )
}

fn shown(view: &View, lang: Lang) -> String {
    match view.range {
        Range::Month => crate::site::words::capital(&format::month(view.first, lang)),
        Range::Week => format!("{} {}", lang.t("Semaine du", "Week of"), format::date(view.first, lang)),
        Range::Day => crate::site::words::capital(&format::full_date(view.first, lang)),
    }
}

/// What the signs of this page mean.
fn legend(view: &View, lang: Lang) -> Markup {
    let has = |kind| view.weeks.iter().flatten().flat_map(|day| &day.items).any(|item| item.kind == kind);
    let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| has(*kind)).collect();
    html! {
        @if kinds.is_empty() {
            p.muted { (lang.t("Rien n’est daté de ces jours.", "Nothing is dated on these days.")) }
        } @else {
            ul.legend {
                @for kind in kinds { li { (icon(kind.icon())) " " (kind.word(lang)) } }
            }
        }
    }
}

fn grid(view: &View, caption: &str, lang: Lang) -> Markup {
    let names = view.weeks.first().map_or(&[][..], Vec::as_slice);
    html! {
        table class="calendar standalone" role="table" {
            caption { (caption) }
            thead role="rowgroup" {
                tr role="row" {
                    @for day in names {
                        th scope="col" role="columnheader" { (format::weekday(day.on, lang)) }
                    }
                }
            }
            tbody role="rowgroup" {
                @for week in &view.weeks {
                    tr role="row" {
                        @for day in week { (cell(view, day, lang)) }
                    }
                }
            }
        }
    }
}

/// A day of the month shows so many things; the last of a quarter has dozens.
const IN_A_CELL: usize = 5;

fn cell(view: &View, day: &Day, lang: Lang) -> Markup {
    let void = if day.items.is_empty() { "void" } else { "" };
    html! {
        td role="cell" class=(void) aria-current=[day.today.then_some("date")] {
            @if day.inside {
                time.day datetime=(day.on.to_string()) {
                    span.weekday { (format::weekday(day.on, lang)) " " }
                    (day.on.day())
                    @if day.today { span.hidden { " " (lang.t("(aujourd’hui)", "(today)")) } }
                }
                (items(view, day.items.get(..IN_A_CELL).unwrap_or(&day.items), lang))
                @if let Some(rest) = day.items.get(IN_A_CELL..).filter(|rest| !rest.is_empty()) {
                    details.rest {
                        summary { (rest.len()) " " (others(rest.len(), lang)) }
                        (items(view, rest, lang))
                    }
                }
                (elsewhere(day, lang))
            }
        }
    }
}

/// Where the rest of a busy day is listed.
fn elsewhere(day: &Day, lang: Lang) -> Markup {
    html! {
        @if day.others > 0 {
            p.rest { a href=(day.href) {
                (day.others) " " (others(day.others, lang))
                span.hidden { " " (format::short_day(day.on, lang)) }
            } }
        }
    }
}

fn others(count: usize, lang: Lang) -> Text {
    match count {
        1 => lang.t("autre…", "more…"),
        _ => lang.t("autres…", "more…"),
    }
}

fn by_day(view: &View, caption: &str, lang: Lang) -> Markup {
    html! {
        table class="days standalone" role="table" {
            caption { (caption) }
            thead role="rowgroup" {
                tr role="row" {
                    th scope="col" role="columnheader" { (lang.t("Jour", "Day")) }
                    th scope="col" role="columnheader" { (lang.t("À faire ou prévu", "To do or planned")) }
                }
            }
            tbody role="rowgroup" {
                @for day in view.weeks.iter().flatten() {
                    tr role="row" {
                        th scope="row" role="rowheader" aria-current=[day.today.then_some("date")] {
                            time datetime=(day.on.to_string()) { (format::short_day(day.on, lang)) }
                            @if day.today { " " span.muted { (lang.t("(aujourd’hui)", "(today)")) } }
                        }
                        td role="cell" {
                            @if day.items.is_empty() { span.muted { (lang.t("Rien", "Nothing")) } }
                            (items(view, &day.items, lang))
                            (elsewhere(day, lang))
                        }
                    }
                }
            }
        }
    }
}

fn items(view: &View, items: &[Item], lang: Lang) -> Markup {
    html! {
        @if !items.is_empty() {
            ul.dated {
                @for item in items {
                    li.late[item.kind == Kind::Late] {
                        a href=(item.href) {
                            (icon(item.kind.icon()))
                            span.hidden { (item.kind.word(lang)) " " }
                            (components::words(&item.text, lang))
                        }
                        @if view.customer.is_none() { " " span.muted { (item.customer) } }
                    }
                }
            }
        }
    }
}
