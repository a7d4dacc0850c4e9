//! Who is on call for a customer: now, in the weeks to come; and the form that publishes a roster.

mod form;
mod samples;

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::components::{self, Tone, badge};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, format};
use crate::pages::shared::{self, Refusal};

pub use form::{Breach, Form, RowTyped};
pub use samples::samples;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// One for each clause in force that asks for a roster.
    pub boards: Vec<Board>,
    pub refused: Option<Refusal>,
}

/// The roster of one clause.
#[derive(Clone, Debug)]
pub struct Board {
    /// The contract's number.
    pub contract: String,
    /// « Article 12 », and the clause in the living contract for those who may read it.
    pub article: (String, Option<String>),
    pub label: String,
    pub now: Vec<Turn>,
    /// Whether the contract promises somebody now.
    pub promised: bool,
    pub to_come: Vec<Turn>,
    /// `None` for those who only read.
    pub form: Option<Form>,
}

/// Somebody's period, in the contract's zone.
#[derive(Clone, Debug)]
pub struct Turn {
    pub name: String,
    pub from: Zoned,
    pub until: Zoned,
}

/// `GET /c/{customer}/on-call`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Astreinte", "On call");
    layout::page(
        shell,
        title,
        Place::Elsewhere,
        html! {
            (layout::heading(html! { a href=(view.customer.path("")) { (view.customer.name) } }, title, html! {}))
            @if let Some(refused) = &view.refused { (shared::refusal(refused, lang)) }
            @if view.boards.is_empty() {
                (components::empty(
                    lang.t("Aucune astreinte au contrat", "No on-call duty in the contract"),
                    lang.t("Le programme s’écrit ici lorsqu’une clause en vigueur prévoit une astreinte.",
                           "The roster is written here when a clause in force provides for on-call duty."),
                    None,
                ))
            }
            @for (nth, board) in view.boards.iter().enumerate() { (one(shell, view, board, nth)) }
        },
    )
}

fn one(shell: &Shell, view: &View, board: &Board, nth: usize) -> Markup {
    let lang = shell.lang;
    let source = html! {
        span.muted {
            (lang.t("contrat", "contract")) " " (board.contract) ", "
            @match &board.article.1 {
                Some(href) => a href=(href) { (board.article.0) },
                None => (board.article.0),
            }
        }
    };
    html! {
        (components::section_with(&format!("now-{nth}"), lang.t("En ce moment", "Now"), source, now(board, lang)))
        (components::section(&format!("weeks-{nth}"), lang.t("Semaines à venir", "Weeks to come"), html! {
            @if board.to_come.is_empty() {
                p { (lang.t("Aucun programme n’est publié pour les semaines à venir.", "No roster is published for the weeks to come.")) }
            } @else { (weeks(board, lang)) }
        }))
        @if let Some(form) = &board.form {
            (components::section(&format!("publish-{nth}"), lang.t("Publier un programme", "Publish a roster"),
                form::draw(shell, &view.customer.path("/on-call"), board, form, nth)))
        }
    }
}

/// Who can be reached, as the customer's page says it too.
fn now(board: &Board, lang: Lang) -> Markup {
    html! {
        @for turn in &board.now {
            p {
                strong { (turn.name) } " "
                (lang.t("jusqu’au", "until")) " " (components::when(&turn.until, lang))
            }
        }
        @if board.now.is_empty() { (nobody(board.promised, lang)) }
    }
}

/// Nobody is on call: wrong at some hours, as agreed at others.
pub fn nobody(promised: bool, lang: Lang) -> Markup {
    html! {
        @if promised {
            p { (badge(Tone::Bad, lang.t("Personne n’est d’astreinte", "Nobody is on call"))) " "
                (lang.t("alors que le contrat le promet à cette heure.", "although the contract promises somebody at this hour.")) }
        } @else {
            p { (lang.t("Hors des heures d’astreinte.", "Outside the hours on call.")) }
        }
    }
}

fn weeks(board: &Board, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Semaine du", "Week of")),
        Column::text(lang.t("Personne", "Person")),
        Column::text(lang.t("Du", "From")),
        Column::text(lang.t("Au", "Until")),
    ];
    let rows = board.to_come.iter().map(|turn| {
        let monday = base::week::monday(turn.from.date());
        Row::new(vec![
            html! { time datetime=(monday) { (format::date(monday, lang)) } },
            html! { (turn.name) },
            components::when_short(&turn.from, lang),
            components::when_short(&turn.until, lang),
        ])
    });
    table("on-call", lang.t("Programme d’astreinte", "On-call roster"), &columns, rows.collect())
}
