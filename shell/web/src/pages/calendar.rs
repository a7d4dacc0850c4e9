//! A month or a week: duties, last days, maintenance announced and months that end.

use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::design::components::{self, Tab};
use crate::design::icon::{Icon, icon};
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell, Text, format};
use crate::pages::sampling;

#[derive(Clone, Debug)]
pub struct View {
    /// The one customer it is about; `None` over all.
    pub customer: Option<CustomerRef>,
    /// A week is shown rather than a month.
    pub week: bool,
    /// The first day of what is shown.
    pub first: Date,
    /// Whole weeks, from Monday.
    pub weeks: Vec<Vec<Day>>,
    pub previous: String,
    pub next: String,
    pub by_month: String,
    pub by_week: String,
}

#[derive(Clone, Debug)]
pub struct Day {
    pub on: Date,
    /// Not of the month before or after.
    pub inside: bool,
    pub today: bool,
    pub items: Vec<Item>,
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
    Maintenance,
    Done,
    MonthEnd,
}

impl Kind {
    const ALL: [Kind; 6] =
        [Kind::Late, Kind::Deadline, Kind::Duty, Kind::Maintenance, Kind::Done, Kind::MonthEnd];

    fn word(self, lang: Lang) -> Text {
        match self {
            Kind::Late => lang.t("Obligation en retard", "Late duty"),
            Kind::Deadline => lang.t("Échéance du contrat", "Date of the contract"),
            Kind::Duty => lang.t("Obligation", "Duty"),
            Kind::Maintenance => lang.t("Maintenance", "Maintenance"),
            Kind::Done => lang.t("Obligation faite", "Duty done"),
            Kind::MonthEnd => lang.t("Fin de mois", "End of month"),
        }
    }

    fn icon(self) -> Icon {
        match self {
            Kind::Late => Icon::Alert,
            Kind::Deadline => Icon::Contract,
            Kind::Duty => Icon::Clock,
            Kind::Maintenance => Icon::Pulse,
            Kind::Done => Icon::Check,
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
            (components::tabs(lang.t("Durée montrée", "Time shown"), &[
                Tab::new(&view.by_month, lang.t("Mois", "Month"), !view.week),
                Tab::new(&view.by_week, lang.t("Semaine", "Week"), view.week),
            ]))
            h2 { (shown) }
            (legend(view, lang))
            @if view.week { (by_day(view, &shown, lang)) } @else { (grid(view, &shown, lang)) }
        },
    )
}

fn shown(view: &View, lang: Lang) -> String {
    if view.week {
        return format!("{} {}", lang.t("Semaine du", "Week of"), format::date(view.first, lang));
    }
    crate::site::words::capital(&format::month(view.first, lang))
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
            }
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

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let item = |kind, text: Text, customer: CustomerRef| Item {
        kind,
        text: text.to_string(),
        href: customer.path("/duties"),
        customer: customer.name,
    };
    let own = |on: Date| match on.day() {
        3 => vec![
            item(Kind::Late, lang.t("Rapport mensuel", "Monthly report"), sampling::garonne()),
            item(
                Kind::Maintenance,
                lang.t("20:00 – 22:00 srv-erp", "20:00 – 22:00 srv-erp"),
                sampling::garonne(),
            ),
        ],
        12 => vec![item(Kind::Duty, lang.t("Comité de pilotage", "Steering committee"), sampling::sologne())],
        16 => vec![
            item(
                Kind::Deadline,
                lang.t("Dernier jour pour dénoncer", "Last day for notice"),
                sampling::garonne(),
            ),
            item(Kind::Done, lang.t("Test de restauration", "Restore test"), sampling::garonne()),
        ],
        30 => vec![item(Kind::MonthEnd, lang.t("Fin du mois", "End of month"), sampling::garonne())],
        _ => Vec::new(),
    };
    let weeks = |from: &str, count: i64| -> Vec<Vec<Day>> {
        let from = sampling::day(from);
        let day = |n: i64| {
            let on = from.saturating_add(n.days());
            let inside = on.month() == 11;
            let items = if inside { own(on) } else { Vec::new() };
            Day { on, inside, today: on == sampling::day("2026-11-03"), items }
        };
        (0..count).map(|week| (0..7).map(|n| day(week * 7 + n)).collect()).collect()
    };
    let view = |customer, week, first: &str, weeks| View {
        customer,
        week,
        first: sampling::day(first),
        weeks,
        previous: "/calendar?view=month&at=2026-10-31".into(),
        next: "/calendar?view=month&at=2026-12-01".into(),
        by_month: "/calendar?view=month&at=2026-11-01".into(),
        by_week: "/calendar?view=week&at=2026-11-03".into(),
    };
    let empty = weeks("2026-11-02", 1)
        .into_iter()
        .map(|week| week.into_iter().map(|day| Day { items: Vec::new(), ..day }).collect());
    vec![
        ("month", view(None, false, "2026-11-01", weeks("2026-10-26", 6))),
        ("week", view(Some(sampling::garonne()), true, "2026-11-02", weeks("2026-11-02", 1))),
        ("nothing", view(Some(sampling::garonne()), true, "2026-11-02", empty.collect())),
    ]
}
