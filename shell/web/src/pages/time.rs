//! A person's weekly sheet: what was done for each customer, submitted, then approved.

use jiff::civil::Date;
use jiff::{ToSpan, Zoned};
use maud::{Markup, html};

use crate::design::components::{self, Tone, badge};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{Lang, Shell, Text, format};
use crate::pages::sampling;
use crate::pages::time_correction::{self, Correction};

#[derive(Clone, Debug)]
pub struct View {
    /// Its Monday.
    pub week: Date,
    /// The id of the person whose sheet it is, and their name.
    pub person: (String, String),
    pub state: State,
    /// Why it was given back or reopened.
    pub why: Option<String>,
    /// By customer, then in order of time.
    pub customers: Vec<Customer>,
    /// Everybody's sheets, by name, for those who approve: id and name.
    pub people: Vec<(String, String)>,
    pub acts: Vec<Act>,
    /// Idempotency key of the forms.
    pub key: String,
}

/// Where a sheet stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    Submitted,
    Approved,
    Returned,
    Reopened,
}

/// What the reader may do with the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Submit,
    Approve,
    Return,
    Reopen,
}

/// The part of the week spent for one customer.
#[derive(Clone, Debug)]
pub struct Customer {
    pub name: String,
    pub lines: Vec<Line>,
}

/// Some time spent on a ticket.
#[derive(Clone, Debug)]
pub struct Line {
    pub at: Zoned,
    pub ticket: u64,
    pub href: String,
    /// « À distance », « Nuit ».
    pub what: String,
    pub minutes: i64,
    /// Rounded up by the contract's rate.
    pub counted: i64,
    /// `None` for a third party's people, who read how long and no more.
    pub paid_by: Option<String>,
    /// At the contract's rate; not billed.
    pub worth_cents: Option<i64>,
    /// Not shown to the customer.
    pub comment: Option<String>,
    /// For whoever may correct it.
    pub correction: Option<Correction>,
}

impl Customer {
    fn minutes(&self) -> i64 {
        self.lines.iter().map(|l| l.minutes).sum()
    }
}

/// `GET /time`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Feuille de temps", "Time sheet");
    layout::page(
        shell,
        title,
        Place::Time,
        html! {
            (layout::heading(html! { (view.person.1) }, title, html! {}))
            (weeks(view, lang))
            p.ticket-line { (view.state.badge(lang)) span { (lang.t("Total", "Total")) " " strong { (format::minutes(view.customers.iter().map(Customer::minutes).sum(), lang)) } } }
            @if let Some(why) = &view.why { p { (lang.t("Motif :", "Why:")) " " (components::words(why, lang)) } }
            @if view.customers.is_empty() {
                (components::empty(
                    lang.t("Rien cette semaine", "Nothing this week"),
                    lang.t("Le temps se saisit depuis chaque ticket.", "Time is entered from each ticket."),
                    None,
                ))
            }
            @for customer in &view.customers { (part(shell, customer)) }
            (acts(shell, view))
            @if !view.people.is_empty() { (people(view, lang)) }
        },
    )
}

impl State {
    fn badge(self, lang: Lang) -> Markup {
        match self {
            State::Open => badge(Tone::Active, lang.t("En cours de saisie", "Being filled in")),
            State::Submitted => {
                badge(Tone::Warning, lang.t("Remise, à approuver", "Submitted, to be approved"))
            }
            State::Approved => badge(Tone::Good, lang.t("Approuvée", "Approved")),
            State::Returned => badge(Tone::Bad, lang.t("Rendue à son auteur", "Given back")),
            State::Reopened => {
                badge(Tone::Warning, lang.t("Rouverte, à remettre", "Reopened, to be submitted"))
            }
        }
    }
}

fn weeks(view: &View, lang: Lang) -> Markup {
    let moved = |days: i64| view.week.checked_add(days.days()).unwrap_or(view.week);
    let href = |week: Date| format!("/time?week={week}&person={}", view.person.0);
    let (before, after) = (href(moved(-7)), href(moved(7)));
    let (first, last) = (format::date(view.week, lang), format::date(moved(6), lang));
    html! {
        p { (lang.t("Semaine du", "Week of")) " " strong { (first) } " " (lang.t("au", "to")) " " strong { (last) } }
        (components::pager(Some(&before), Some(&after), lang))
    }
}

fn part(shell: &Shell, customer: &Customer) -> Markup {
    let lang = shell.lang;
    let mut columns = vec![
        Column::name(lang.t("Quand", "When")),
        Column::text(lang.t("Ticket", "Ticket")),
        Column::text(lang.t("Travail", "Work")),
        Column::figure(lang.t("Passé", "Spent")),
    ];
    let told = customer.lines.iter().any(|line| line.paid_by.is_some());
    if told {
        columns.extend([
            Column::figure(lang.t("Décompté", "Counted")),
            Column::text(lang.t("Payé par", "Paid by")),
            Column::figure(lang.t("Valeur HT", "Worth excl. VAT")),
        ]);
    }
    let row = |line: &Line| {
        let mut cells = vec![
            components::when_short(&line.at, lang),
            html! { a href=(line.href) { (line.ticket) } },
            html! {
                (components::words(&line.what, lang))
                @if let Some(comment) = &line.comment { span.sub { (components::words(comment, lang)) } }
                @if let Some(correction) = &line.correction { (time_correction::form(shell, correction)) }
            },
            html! { (format::minutes(line.minutes, lang)) },
        ];
        if told {
            cells.extend([
                html! { (format::minutes(line.counted, lang)) },
                html! { @if let Some(paid_by) = &line.paid_by { (components::words(paid_by, lang)) } },
                html! { @if let Some(cents) = line.worth_cents { (format::money(cents, lang)) } },
            ]);
        }
        Row::new(cells)
    };
    let rows = customer.lines.iter().map(row).collect();
    html! {
        section aria-label=(customer.name) {
            h2 { (customer.name) " · " (format::minutes(customer.minutes(), lang)) }
            (table("time", lang.t("Temps par ticket, dans l’ordre", "Time by ticket, in order"), &columns, rows))
        }
    }
}

fn acts(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let one = |name: &str, class: &str, label: Text, why: Markup| {
        components::act(
            shell,
            &format!("/time/{name}"),
            &format!("{}-{name}", view.key),
            "form",
            html! {
                input type="hidden" name="week" value=(view.week);
                input type="hidden" name="person" value=(view.person.0);
                (why)
                button class=(class) type="submit" { (label) }
            },
        )
    };
    let why = |name: &str, label: Text, required: bool| {
        let id = format!("{name}-why");
        html! { div.field {
            label for=(id) { (label) }
            input type="text" id=(id) name="why" maxlength="2000" required[required];
        } }
    };
    let folded = |title: Text, form: Markup| html! { details.act { summary { (title) } (form) } };
    let none = || html! {};
    html! {
        div.acts {
            @for act in &view.acts {
                @match act {
                    Act::Submit => (one("submit", "primary", lang.t("Remettre la semaine", "Submit the week"), none())),
                    Act::Approve => (one("approve", "primary", lang.t("Approuver la semaine", "Approve the week"), none())),
                    Act::Return => (folded(lang.t("Rendre…", "Give back…"), one("return", "", lang.t("Rendre à son auteur", "Give it back"),
                        why("return", lang.t("Pourquoi (facultatif)", "Why (optional)"), false)))),
                    Act::Reopen => (folded(lang.t("Rouvrir…", "Reopen…"), one("reopen", "", lang.t("Rouvrir la semaine", "Reopen the week"),
                        why("reopen", lang.t("Pourquoi", "Why"), true)))),
                }
            }
        }
    }
}

fn people(view: &View, lang: Lang) -> Markup {
    components::section(
        "people",
        lang.t("Feuilles de la semaine", "Sheets of the week"),
        html! {
            ul.plain-list {
                @for (id, name) in &view.people {
                    li { a href={ "/time?week=" (view.week) "&person=" (id) } aria-current=[(*id == view.person.0).then_some("true")] { (name) } }
                }
            }
        },
    )
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let line = |at: &str, ticket, minutes, worth_cents| Line {
        at: sampling::at(at),
        ticket,
        href: format!("/c/ateliers-garonne/tickets/{ticket}"),
        what: lang.t("À distance", "Remote").into(),
        minutes,
        counted: minutes,
        paid_by: Some(lang.t("Redevance", "Fee").into()),
        worth_cents,
        comment: None,
        correction: (ticket == 412).then(|| time_correction::sample(at, minutes, lang)),
    };
    let submitted = View {
        week: sampling::day("2026-11-02"),
        person: ("ines".into(), "Inès Cazenave".into()),
        state: State::Submitted,
        why: None,
        customers: vec![
            Customer {
                name: "Ateliers Garonne SAS".into(),
                lines: vec![
                    line("2026-11-02T09:10", 412, 45, None),
                    line("2026-11-03T09:40", 417, 30, Some(4_750)),
                ],
            },
            Customer {
                name: "Conserverie de Sologne SAS".into(),
                lines: vec![line("2026-11-03T11:00", 88, 20, None)],
            },
        ],
        people: vec![("ines".into(), "Inès Cazenave".into()), ("paul".into(), "Paul Roche".into())],
        acts: vec![Act::Approve, Act::Return],
        key: "sample-key".into(),
    };
    let empty = View {
        state: State::Open,
        customers: Vec::new(),
        people: Vec::new(),
        acts: vec![Act::Submit],
        ..submitted.clone()
    };
    let reopened = View {
        state: State::Reopened,
        why: Some(lang.t("Le déplacement du 3 manque.", "The travel of the 3rd is missing.").into()),
        acts: vec![Act::Submit, Act::Reopen],
        ..submitted.clone()
    };
    // A subcontractor's technician, who reads how long and no more.
    let lines = line("2026-11-02T09:10", 412, 45, None);
    let lines = vec![Line { paid_by: None, ..lines }];
    let own = View {
        person: ("abel".into(), "Abel Roux".into()),
        state: State::Open,
        customers: vec![Customer { name: "Ateliers Garonne SAS".into(), lines }],
        ..empty.clone()
    };
    vec![("submitted", submitted), ("empty", empty), ("reopened", reopened), ("subcontractor", own)]
}
