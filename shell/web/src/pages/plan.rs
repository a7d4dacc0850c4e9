//! A planned ticket: what it says, its dates, what became of those that came; and the form that writes it.

mod form;
mod samples;

use jiff::Zoned;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::design::components::{self, Reason};
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell, format, markdown};
use crate::pages::new_ticket::catalogue::Weighed;
use crate::pages::plans::{self, State, Turn};
use crate::pages::shared::{self, Other, Refusal};

pub use form::{Form, Values};
pub use samples::samples;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// `None` for one that is not written yet.
    pub plan: Option<Existing>,
    /// `None` for those who only read, and for one that has ended.
    pub form: Option<Form>,
    /// The dates to come, as it is written or as it was typed.
    pub dates: Vec<Planned>,
    /// What the contract would say of its ticket today.
    pub weighed: Option<Weighed>,
    /// The contracts in force, when there are several: each gives its own choices.
    pub contracts: Vec<Other>,
    pub refused: Option<Refusal>,
}

/// A plan as it stands.
#[derive(Clone, Debug)]
pub struct Existing {
    pub title: String,
    /// Markdown.
    pub description: String,
    pub rhythm: String,
    pub state: State,
    pub by: String,
    pub written: Zoned,
    pub turns: Vec<Turn>,
    /// The next page of dates.
    pub more: Option<String>,
    /// Where it is ended, and the key of that form; `None` where it cannot be.
    pub end: Option<(String, String)>,
}

/// A date to come.
#[derive(Clone, Debug)]
pub struct Planned {
    pub at: Zoned,
    /// The day it was put off from, and why.
    pub put_off: Option<(Date, Vec<Reason>)>,
}

/// `GET /c/{customer}/plans/new` and `GET /c/{customer}/plans/{plan}`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = view.plan.as_ref().map_or_else(
        || String::from(lang.t("Planifier un ticket", "Plan a ticket")),
        |plan| components::words(&plan.title, lang),
    );
    layout::page(
        shell,
        &title,
        Place::Tickets,
        html! {
            (layout::heading(
                html! {
                    a href=(view.customer.path("")) { (view.customer.name) } " / "
                    a href=(view.customer.path("/plans")) { (lang.t("Tickets planifiés", "Planned tickets")) }
                },
                &title,
                html! {},
            ))
            @if view.plan.is_none() { (shared::contracts(&view.customer, "/plans/new", &view.contracts, lang)) }
            @if let Some(refused) = &view.refused { (shared::refusal(refused, lang)) }
            @if let Some(plan) = &view.plan { (existing(plan, view.form.is_none(), lang)) }
            div.form-and-aside {
                @if let Some(form) = &view.form { (form::draw(shell, view, form)) }
                div.ticket-side { (dates(view, lang)) }
            }
            @if let Some(plan) = &view.plan { (past(shell, plan)) }
        },
    )
}

fn existing(plan: &Existing, whole: bool, lang: Lang) -> Markup {
    html! {
        (components::facts(vec![
            (html! { (lang.t("Rythme", "Rhythm")) }, html! { (plan.rhythm) }),
            (html! { (lang.t("Prochaine date", "Next date")) }, plans::state(&plan.state, lang)),
            (html! { (lang.t("Répond du plan", "Answers for it")) }, html! {
                (plan.by) ", " span.muted { (lang.t("écrit le", "written on")) " " (components::when_short(&plan.written, lang)) }
            }),
        ]))
        @if let State::Held(_) = plan.state {
            p role="status" {
                (plan.by) " "
                (lang.t("ne peut plus ouvrir de ticket pour ce client. Qui enregistre cette planification en répond, et les dates de moins de sept jours s’ouvrent aussitôt.",
                        "may no longer open tickets for this customer. Whoever saves this plan answers for it, and dates of less than seven days ago open at once."))
            }
        }
        @if whole && !plan.description.is_empty() { div.prose { (markdown::render(&plan.description, lang, &|_| None)) } }
    }
}

fn dates(view: &View, lang: Lang) -> Markup {
    html! {
        @if !view.dates.is_empty() {
            (components::section("dates", lang.t("Prochaines dates", "Next dates"), html! {
                ol.dates {
                    @for date in &view.dates {
                        li {
                            (components::when(&date.at, lang))
                            @if let Some((from, reasons)) = &date.put_off {
                                " " span.muted { (lang.t("au lieu du", "instead of")) " " (format::date(*from, lang)) }
                                (components::why(lang.t("Pourquoi ?", "Why?"), reasons, lang))
                            }
                        }
                    }
                }
            }))
        }
        @if let Some(weighed) = &view.weighed {
            (components::section("verdict", lang.t("Ce que dit le contrat aujourd’hui", "What the contract says today"), html! {
                p { (crate::pages::new_ticket::catalogue::price(weighed.price, lang))
                    @if !weighed.priority.is_empty() { " " (components::priority(&weighed.priority, lang)) } }
                (components::why(lang.t("Pourquoi cette réponse ?", "Why this answer?"), &weighed.reasons, lang))
            }))
        }
    }
}

fn past(shell: &Shell, plan: &Existing) -> Markup {
    let lang = shell.lang;
    html! {
        @if !plan.turns.is_empty() {
            (components::section("past", lang.t("Dates passées", "Past dates"), html! {
                ul.relations { @for turn in &plan.turns { li { (plans::turn(turn, lang)) } } }
                (components::pager(None, plan.more.as_deref(), lang))
            }))
        }
        @if let Some((action, key)) = &plan.end {
            (components::section("end", lang.t("Arrêter", "End"), components::act(shell, action, key, "form", html! {
                p { (lang.t("Plus aucun ticket ne s’ouvrira. Ceux qui sont ouverts le restent.", "No more ticket will open. Those that are open stay.")) }
                button type="submit" { (lang.t("Arrêter cette planification", "End this plan")) }
            })))
        }
    }
}
