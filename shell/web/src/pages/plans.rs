//! Planned tickets of a customer: what opens when, in whose name, and what became of the last date.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::components::{self, Tone, badge};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell};
use crate::pages::sampling;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    pub plans: Vec<Line>,
    /// Regular duties of the provider's that no plan was made of here; empty for those who only read.
    pub suggested: Vec<Suggestion>,
    pub may_write: bool,
    pub previous: Option<String>,
    pub next: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Line {
    pub href: String,
    pub title: String,
    /// « tous les 3 mois à 8 h 30, à partir du 1er juillet 2026 ».
    pub rhythm: String,
    /// Where several contracts are in force.
    pub contract: Option<String>,
    pub state: State,
    /// Who answers for it.
    pub by: String,
    pub last: Option<Turn>,
}

/// How a plan stands.
#[derive(Clone, Debug)]
pub enum State {
    Next(Zoned),
    /// Nobody who may opens its tickets, since then.
    Held(Zoned),
    Over,
    Ended(Zoned),
}

/// What became of a date, or of several that went by together.
#[derive(Clone, Debug)]
pub struct Turn {
    pub due: Zoned,
    /// When its ticket was opened, where that is later.
    pub late: Option<Zoned>,
    /// The number and the address of the ticket, or why there is none.
    pub became: Result<(u64, String), String>,
}

/// A regular duty that a plan could carry out.
#[derive(Clone, Debug)]
pub struct Suggestion {
    pub title: String,
    /// « tous les 3 mois ».
    pub every: String,
    pub article: (String, Option<String>),
    /// The form, filled.
    pub href: String,
}

/// `GET /c/{customer}/plans`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Tickets planifiés", "Planned tickets");
    layout::page(
        shell,
        title,
        Place::Tickets,
        html! {
            (layout::heading(
                html! {
                    a href=(view.customer.path("")) { (view.customer.name) } " / "
                    a href=(view.customer.path("/tickets")) { (lang.t("Tickets", "Tickets")) }
                },
                title,
                html! {
                    @if view.may_write {
                        a.button.primary href=(view.customer.path("/plans/new")) { (lang.t("Planifier un ticket", "Plan a ticket")) }
                    }
                },
            ))
            @if view.plans.is_empty() {
                (components::empty(
                    lang.t("Aucun ticket planifié", "No planned ticket"),
                    lang.t("Un travail qui revient s’écrit une fois ; son ticket s’ouvre seul à chaque date.",
                           "Work that comes back is written once; its ticket opens by itself on each date."),
                    None,
                ))
            } @else { (lines(view, lang)) }
            (components::pager(view.previous.as_deref(), view.next.as_deref(), lang))
            @if !view.suggested.is_empty() {
                (components::section("suggested", lang.t("Ce que le contrat prévoit régulièrement", "What the contract asks for regularly"), html! {
                    ul.relations { @for one in &view.suggested { li { (suggestion(one, lang)) } } }
                }))
            }
        },
    )
}

fn lines(view: &View, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Ticket", "Ticket")),
        Column::text(lang.t("Prochaine date", "Next date")),
        Column::text(lang.t("Dernière date", "Last date")),
        Column::text(lang.t("Répond du plan", "Answers for it")),
    ];
    let rows = view.plans.iter().map(|plan| {
        Row::new(vec![
            html! {
                a href=(plan.href) { (components::words(&plan.title, lang)) }
                br; span.muted { (plan.rhythm) @if let Some(contract) = &plan.contract { ", " (contract) } }
            },
            state(&plan.state, lang),
            html! { @if let Some(last) = &plan.last { (turn(last, lang)) } },
            html! { (plan.by) },
        ])
    });
    table("plans", lang.t("Tickets planifiés", "Planned tickets"), &columns, rows.collect())
}

pub(super) fn state(state: &State, lang: Lang) -> Markup {
    html! {
        @match state {
            State::Next(at) => (components::when(at, lang)),
            State::Held(since) => {
                (badge(Tone::Bad, lang.t("En attente d’un responsable", "Waits for somebody"))) " "
                span.muted { (lang.t("depuis le", "since")) " " (components::when_short(since, lang)) }
            }
            State::Over => (badge(Tone::Quiet, lang.t("Dernière date passée", "Last date past"))),
            State::Ended(at) => {
                (badge(Tone::Quiet, lang.t("Arrêté", "Ended"))) " "
                span.muted { (lang.t("le", "on")) " " (components::when_short(at, lang)) }
            }
        }
    }
}

pub(super) fn turn(turn: &Turn, lang: Lang) -> Markup {
    html! {
        (components::when_short(&turn.due, lang)) ", "
        @match &turn.became {
            Ok((number, href)) => {
                a href=(href) { (lang.t("ticket n°", "ticket")) " " (number) }
                @if let Some(late) = &turn.late {
                    " " span.muted { (lang.t("ouvert en retard, le", "opened late, on")) " " (components::when_short(late, lang)) }
                }
            }
            Err(why) => (why),
        }
    }
}

fn suggestion(one: &Suggestion, lang: Lang) -> Markup {
    html! {
        p {
            strong { (components::words(&one.title, lang)) } ", " (one.every) " "
            span.muted { @match &one.article.1 { Some(href) => a href=(href) { (one.article.0) }, None => (one.article.0) } }
        }
        p { a.button.plain href=(one.href) { (lang.t("Planifier", "Plan")) } }
    }
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let path = |tail: &str| format!("/c/ateliers-garonne/{tail}");
    let line = |title: &str, rhythm: &str, state: State, last: Option<Turn>| Line {
        href: path("plans/0190a5b0-0000-7000-8000-000000000001"),
        title: title.into(),
        rhythm: rhythm.into(),
        contract: None,
        state,
        by: "Inès Cazenave".into(),
        last,
    };
    let opened = Turn {
        due: sampling::at("2026-11-02T08:30"),
        late: Some(sampling::at("2026-11-03T07:12")),
        became: Ok((431, path("tickets/431"))),
    };
    let passed = Turn {
        due: sampling::at("2026-10-05T08:30"),
        late: None,
        became: Err(lang
            .t(
                "3 dates sans ticket : le serveur était arrêté",
                "3 dates without a ticket: the server was stopped",
            )
            .into()),
    };
    let weekly = String::from(
        lang.t("chaque semaine à 8 h 30, à partir du 6 juillet 2026", "every week at 8:30, from 6 July 2026"),
    );
    let monthly = String::from(
        lang.t("chaque mois à 8 h 30, à partir du 1er juillet 2026", "every month at 8:30, from 1 July 2026"),
    );
    let plans = vec![
        line(
            &String::from(lang.t("Contrôle des sauvegardes", "Check of backups")),
            &weekly,
            State::Next(sampling::at("2026-11-09T08:30")),
            Some(opened),
        ),
        line(
            &String::from(lang.t("Mises à jour de sécurité", "Security updates")),
            &monthly,
            State::Held(sampling::at("2026-11-01T08:30")),
            Some(passed),
        ),
        line(&String::from(lang.t("Inventaire", "Inventory")), &weekly, State::Over, None),
        line(
            &String::from(lang.t("Revue des accès", "Review of accesses")),
            &monthly,
            State::Ended(sampling::at("2026-10-30T14:02")),
            None,
        ),
    ];
    let suggested = vec![Suggestion {
        title: lang.t("Plan de maintenance préventive", "Preventive maintenance plan").into(),
        every: lang.t("tous les 3 mois", "every 3 months").into(),
        article: ("Article 20".into(), Some(path("contracts/CTR-2026-001#tma"))),
        href: path("plans/new?duty=tma&what=preventive_plan"),
    }];
    let view = View {
        customer: sampling::garonne(),
        plans,
        suggested,
        may_write: true,
        previous: None,
        next: Some(path("plans?before=40")),
    };
    let none =
        View { plans: Vec::new(), suggested: Vec::new(), may_write: false, next: None, ..view.clone() };
    vec![("all", view), ("none", none)]
}
