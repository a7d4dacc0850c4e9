//! The team: who has how much, what runs out soon, and what nobody has yet.

use jiff::Zoned;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::design::components::{self, Choice, Tab};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, Text, format};
use crate::pages::shared::{TicketRow, TicketState, time_left};

mod dangers;
mod samples;

pub use dangers::{Danger, Dangers, LeftOut, left_out};
pub use samples::samples;

/// The open work of everybody, as of now.
#[derive(Clone, Debug)]
pub struct View {
    /// What is due within this many hours is counted apart.
    pub hours: u32,
    /// Nobody first, then those with the soonest due instant.
    pub people: Vec<Person>,
    /// Those with the soonest due instant first.
    pub customers: Vec<Customer>,
    pub customers_pages: Pages,
    /// What nobody has, soonest due first.
    pub to_give: Vec<ToGive>,
    /// Address of the rest of it.
    pub more: Option<String>,
    /// Idempotency key of the forms.
    pub key: String,
    pub pauses: Pauses,
    pub dangers: Dangers,
    /// The latest first.
    pub bad_marks: Vec<BadMark>,
    /// Customers whose marks could not be read.
    pub unjudged: LeftOut,
}

/// What somebody was not satisfied with.
#[derive(Clone, Debug)]
pub struct BadMark {
    pub customer: String,
    /// The ticket, where it is judged.
    pub href: String,
    pub number: u64,
    pub title: String,
    pub score: u8,
    pub at: Zoned,
}

/// Where the rest of a long list is.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    pub previous: Option<String>,
    pub next: Option<String>,
    /// Rows of all its pages.
    pub total: usize,
}

impl Pages {
    /// How many there are, and the way to the others, under a name; nothing when all are shown.
    fn shown(&self, name: Text, lang: Lang) -> Markup {
        if self.previous.is_none() && self.next.is_none() {
            return html! {};
        }
        let total = format::count(u64::try_from(self.total).unwrap_or(u64::MAX), lang);
        html! {
            p.muted { (total) " " (lang.t("lignes, les plus graves d’abord", "rows, the gravest first")) }
            (components::pager_of(name, (self.previous.as_deref(), self.next.as_deref()), lang))
        }
    }
}

/// The pauses that each person began in a month.
#[derive(Clone, Debug)]
pub struct Pauses {
    /// Its first day.
    pub month: Date,
    /// Addresses of the months beside it; `None` past the present one.
    pub previous: String,
    pub next: Option<String>,
    /// Name, how many, and minutes of real time.
    pub people: Vec<(String, u64, i64)>,
    pub left_out: LeftOut,
}

/// One person's open work, or nobody's.
#[derive(Clone, Debug)]
pub struct Person {
    /// Name, and the address of their tickets; `None` for what nobody has.
    pub who: Option<(String, String)>,
    /// How many in each state, in the order of [`STATES`].
    pub states: [u64; 4],
    pub risk: Risk,
}

#[derive(Clone, Debug)]
pub struct Customer {
    pub customer: CustomerRef,
    pub open: u64,
    pub unassigned: u64,
    pub risk: Risk,
}

/// What is late and what soon will be.
#[derive(Clone, Debug, Default)]
pub struct Risk {
    pub late: u64,
    pub soon: u64,
    pub next: Option<Zoned>,
}

/// A ticket that nobody has, and who may be handed it; nobody when the reader gives nothing out.
#[derive(Clone, Debug)]
pub struct ToGive {
    pub row: TicketRow,
    pub people: Vec<Choice>,
}

/// The states of open work, in the order of the table.
pub const STATES: [TicketState; 4] =
    [TicketState::New, TicketState::Taken, TicketState::Paused, TicketState::Restored];

/// The hours offered.
pub const HOURS: [u32; 4] = [4, 8, 24, 72];

/// `GET /team`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Équipe", "Team");
    layout::page(
        shell,
        title,
        Place::Team,
        html! {
            (layout::heading(html! { (lang.t("Tous les clients", "All customers")) }, title, html! {}))
            (hours(view, lang))
            (layout::live("live-team", "desk", html! {
                @if view.people.iter().all(|p| p.states == [0; 4]) {
                    (components::empty(
                        lang.t("Aucun ticket ouvert", "No open tickets"),
                        lang.t("Tout est résolu.", "Everything is resolved."),
                        None,
                    ))
                } @else {
                    (components::section("people", lang.t("Par personne", "By person"), people(view, lang)))
                    (components::section("customers", lang.t("Par client", "By customer"), customers(view, lang)))
                    @if !view.to_give.is_empty() {
                        (components::section("to-give", lang.t("À confier", "To assign"), to_give(shell, view)))
                    }
                }
            }))
            (components::section("dangers", lang.t("Objectifs en danger", "Objectives in danger"), dangers::objectives(&view.dangers, lang)))
            @if !view.dangers.meters.is_empty() {
                (components::section("meters", lang.t("Compteurs dépassés ou presque vides", "Meters overrun or nearly empty"), dangers::meters(&view.dangers, lang)))
            }
            @if !view.bad_marks.is_empty() || !view.unjudged.is_empty() {
                (components::section("bad-marks", lang.t("Clients insatisfaits depuis trente jours", "Dissatisfied customers over thirty days"), bad_marks(view, lang)))
            }
            (components::section("pauses", lang.t("Suspensions du mois", "Pauses of the month"), pauses(&view.pauses, lang)))
        },
    )
}

/// Marks of 1 and 2, each with the way to what was said.
fn bad_marks(view: &View, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Ticket", "Ticket")),
        Column::text(lang.t("Client", "Customer")),
        Column::figure(lang.t("Note", "Mark")),
        Column::text(lang.t("Quand", "When")),
    ];
    let row = |mark: &BadMark| {
        Row::new(vec![
            html! { a href=(mark.href) { (mark.number) " · " (components::words(&mark.title, lang)) } },
            html! { (mark.customer) },
            html! { (mark.score) " / 5" },
            components::when_short(&mark.at, lang),
        ])
    };
    html! {
        @if !view.bad_marks.is_empty() {
            (table(
                "bad-marks",
                lang.t("Notes de 1 ou 2 sur 5, les plus récentes d’abord", "Marks of 1 or 2 out of 5, the latest first"),
                &columns,
                view.bad_marks.iter().map(row).collect(),
            ))
        }
        (dangers::left_out(&view.unjudged, lang))
    }
}

/// How long each person's pauses lasted, and all of them together.
fn pauses(of: &Pauses, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Personne", "Person")),
        Column::figure(lang.t("Suspensions", "Pauses")),
        Column::figure(lang.t("Temps suspendu, nuits comprises", "Time paused, nights included")),
    ];
    let row = |name: &str, count: u64, minutes: i64| {
        Row::new(vec![
            html! { (name) },
            html! { (format::count(count, lang)) },
            html! { (format::minutes(minutes, lang)) },
        ])
    };
    let mut rows: Vec<Row> =
        of.people.iter().map(|(name, count, minutes)| row(name, *count, *minutes)).collect();
    let (count, minutes) = of.people.iter().fold((0, 0), |sum, p| (sum.0 + p.1, sum.1 + p.2));
    rows.push(row(&String::from(lang.t("Ensemble", "Together")), count, minutes));
    html! {
        p {
            a href=(of.previous) { (lang.t("← Mois précédent", "← Month before")) } " "
            strong { (format::month(of.month, lang)) }
            @if let Some(next) = &of.next { " " a href=(next) { (lang.t("Mois suivant →", "Month after →")) } }
        }
        @if of.people.is_empty() {
            p { (lang.t("Aucun ticket n’était suspendu ce mois-là.", "No ticket was paused that month.")) }
        } @else {
            (table("pauses", lang.t("Temps de suspension des tickets, par personne", "Time that tickets were paused, by person"), &columns, rows))
        }
        (dangers::left_out(&of.left_out, lang))
    }
}

fn hours(view: &View, lang: Lang) -> Markup {
    let tab = |hours| Tab::new(format!("/team?hours={hours}"), within(hours, lang), hours == view.hours);
    components::tabs(lang.t("Ce qui échoit", "What falls due"), &HOURS.map(tab))
}

fn within(hours: u32, lang: Lang) -> String {
    match lang {
        Lang::Fr => format!("Sous {hours}\u{a0}h"),
        Lang::En => format!("Within {hours}\u{a0}h"),
    }
}

fn figure(count: u64, class: &'static str, lang: Lang) -> Markup {
    html! {
        @if count == 0 { span.muted { "0" } }
        @else { span class=(class) { (format::count(count, lang)) } }
    }
}

fn risk(risk: &Risk, lang: Lang) -> [Markup; 3] {
    [
        figure(risk.late, "left bad", lang),
        figure(risk.soon, "left warning", lang),
        html! {
            @match &risk.next {
                Some(at) => (components::when_short(at, lang)),
                None => span.muted { (lang.t("rien n’échoit", "nothing due")) },
            }
        },
    ]
}

fn risk_columns(hours: u32, lang: Lang) -> [Column; 3] {
    [
        Column::figure(lang.t("En retard", "Late")),
        Column::figure(within(hours, lang)),
        Column::text(lang.t("Prochaine échéance", "Next due")),
    ]
}

fn people(view: &View, lang: Lang) -> Markup {
    let mut columns = vec![Column::name(lang.t("Personne", "Person"))];
    columns.extend(STATES.map(|state| Column::figure(state.word(lang))));
    columns.extend(risk_columns(view.hours, lang));
    let rows = view.people.iter().map(|person| {
        let name = html! {
            @match &person.who {
                Some((name, href)) => a href=(href) { (name) },
                None => a href="/?show=unassigned" { (lang.t("Non confiés", "Unassigned")) },
            }
        };
        let mut cells = vec![name];
        cells.extend(person.states.map(|count| figure(count, "", lang)));
        cells.extend(risk(&person.risk, lang));
        Row { class: if person.risk.late > 0 { "late" } else { "" }, cells }
    });
    table(
        "team",
        lang.t("Tickets ouverts de chaque personne, par état", "Open tickets of each person, by state"),
        &columns,
        rows.collect(),
    )
}

fn customers(view: &View, lang: Lang) -> Markup {
    let mut columns = vec![
        Column::name(lang.t("Client", "Customer")),
        Column::figure(lang.t("Ouverts", "Open")),
        Column::figure(lang.t("Non confiés", "Unassigned")),
    ];
    columns.extend(risk_columns(view.hours, lang));
    let rows = view.customers.iter().map(|c| {
        let mut cells = vec![
            html! { a href=(c.customer.path("/tickets")) { (c.customer.name) } },
            figure(c.open, "", lang),
            figure(c.unassigned, "", lang),
        ];
        cells.extend(risk(&c.risk, lang));
        Row { class: if c.risk.late > 0 { "late" } else { "" }, cells }
    });
    let caption = lang.t("Tickets ouverts de chaque client", "Open tickets of each customer");
    html! {
        (table("team", caption, &columns, rows.collect()))
        (view.customers_pages.shown(lang.t("Pages des clients", "Pages of customers"), lang))
    }
}

fn to_give(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    // Who may not hand anything out reads the list without the column.
    let gives = view.to_give.iter().any(|line| !line.people.is_empty());
    let mut columns = vec![
        Column::name(lang.t("Ticket", "Ticket")),
        Column::text(lang.t("Priorité", "Priority")),
        Column::text(lang.t("Temps restant", "Time left")),
    ];
    if gives {
        columns.push(Column::text(lang.t("Confier à", "Assign to")));
    }
    let rows = view.to_give.iter().map(|line| {
        let row = &line.row;
        let mut cells = vec![
            html! {
                a.ticket-link href=(row.customer.path(&format!("/tickets/{}", row.number))) data-item {
                    span.ticket-number { (row.number) } " " span { (components::words(&row.title, lang)) }
                }
                a.ticket-customer href=(row.customer.path("")) { (row.customer.name) }
            },
            components::priority(&row.priority, lang),
            html! {
                @match &row.next {
                    Some(next) => (time_left(next, lang)),
                    None => span.muted { (lang.t("Rien ne court", "No clock running")) },
                }
            },
        ];
        if gives {
            cells.push(give(shell, view, line));
        }
        Row::new(cells)
    });
    let caption: Text = lang.t(
        "Tickets que personne n’a, du moins au plus de temps restant",
        "Tickets that nobody has, least time left first",
    );
    html! {
        div data-list="tickets" { (table("team", caption, &columns, rows.collect())) }
        (components::pager_of(
            lang.t("Pages des tickets à attribuer", "Pages of tickets to give out"),
            (None, view.more.as_deref()),
            lang,
        ))
    }
}

/// One plain form for each ticket.
fn give(shell: &Shell, view: &View, line: &ToGive) -> Markup {
    let lang = shell.lang;
    let row = &line.row;
    if line.people.is_empty() {
        return html! { span.muted { "–" } };
    }
    let action = row.customer.path(&format!("/tickets/{}/assign", row.number));
    let key = format!("{}-{}-{}", view.key, row.customer.slug, row.number);
    let label = match lang {
        Lang::Fr => format!("Confier le ticket {} de {} à", row.number, row.customer.name),
        Lang::En => format!("Assign ticket {} of {} to", row.number, row.customer.name),
    };
    components::act(
        shell,
        &action,
        &key,
        "give",
        html! {
            input type="hidden" name="back" value="team";
            select name="to" aria-label=(label) {
                @for person in &line.people { option value=(person.value) { (person.label) } }
            }
            button type="submit" { (lang.t("Confier", "Assign")) }
        },
    )
}
