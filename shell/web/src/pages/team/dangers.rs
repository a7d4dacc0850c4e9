//! What is in danger over all customers: objectives about to be missed, meters overrun.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::components::{self, Tone, badge};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang};
use crate::pages::team::Pages;

/// What is about to be missed, over all customers.
#[derive(Clone, Debug, Default)]
pub struct Dangers {
    /// The objectives missed first, then those that can take the fewest failures.
    pub objectives: Vec<Danger>,
    pub objectives_pages: Pages,
    /// Meters that are empty, or nearly so.
    pub meters: Vec<Danger>,
    pub meters_pages: Pages,
    /// The customers of which nothing is said.
    pub left_out: LeftOut,
    /// When the oldest of it was worked out.
    pub since: Option<Zoned>,
}

/// Customers that a figure over all of them leaves out, by name.
#[derive(Clone, Debug, Default)]
pub struct LeftOut {
    /// Their vault could not be read.
    pub failing: Vec<String>,
    /// They are read with the next page.
    pub waiting: Vec<String>,
}

impl LeftOut {
    pub fn is_empty(&self) -> bool {
        self.failing.is_empty() && self.waiting.is_empty()
    }
}

/// A clause in danger.
#[derive(Clone, Debug)]
pub struct Danger {
    pub customer: CustomerRef,
    /// « Rétablissement », « disponibilité : ERP »; the contract's number for a meter.
    pub what: String,
    pub article: String,
    pub href: String,
    pub missed: bool,
    /// « 18 sur 20, soit 90 % ».
    pub figure: String,
    /// The figure to the last decimal, where what is shown is cut.
    pub exact: Option<String>,
    /// What may still go wrong.
    pub margin: String,
}

/// What is missed, and what little is left of the rest, by the living contract's own figures.
pub(super) fn objectives(of: &Dangers, lang: Lang) -> Markup {
    html! {
        (listed(of, lang))
        (of.objectives_pages.shown(lang.t("Pages des objectifs", "Pages of objectives"), lang))
        (left_out(&of.left_out, lang))
        @if let Some(since) = &of.since {
            p.muted {
                (lang.t("D’après les contrats, au", "By the contracts, as of")) " " (components::when_short(since, lang))
                (lang.t(" ; refait toutes les dix minutes au plus.", "; worked out every ten minutes at most."))
            }
        }
    }
}

/// Who is left out: a figure over all customers never keeps it to itself.
pub fn left_out(of: &LeftOut, lang: Lang) -> Markup {
    html! {
        @if !of.failing.is_empty() {
            p {
                (badge(Tone::Bad, lang.t("illisible", "unreadable"))) " "
                (lang.t("Non comptés, leurs données n’ont pas pu être lues :", "Left out, their data could not be read:"))
                " " (of.failing.join(", ")) "."
            }
        }
        @if !of.waiting.is_empty() {
            p {
                (badge(Tone::Warning, lang.t("à suivre", "to follow"))) " "
                (lang.t("Pas encore comptés, ils le sont avec les prochaines pages :", "Not counted yet, the next pages count them:"))
                " " (of.waiting.join(", ")) "."
            }
        }
    }
}

fn listed(of: &Dangers, lang: Lang) -> Markup {
    if of.objectives.is_empty() {
        let none = lang
            .t("Aucun objectif n’est manqué ni près de l’être.", "No objective is missed or about to be.");
        return html! { p { (none) } };
    }
    let columns = [
        Column::name(lang.t("Client", "Customer")),
        Column::text(lang.t("Objectif", "Objective")),
        Column::text(lang.t("Où il en est", "How it stands")),
        Column::text(lang.t("Marge", "Margin")),
    ];
    let rows = of.objectives.iter().map(|danger| {
        let (tone, word) = match danger.missed {
            true => (Tone::Bad, lang.t("manqué", "missed")),
            false => (Tone::Warning, lang.t("en danger", "in danger")),
        };
        let margin = html! { (badge(tone, word)) " " (components::words(&danger.margin, lang)) };
        Row { class: if danger.missed { "late" } else { "" }, cells: cells(danger, margin, lang) }
    });
    let caption = lang.t(
        "Objectifs manqués ou près de l’être, par client, d’après les contrats",
        "Objectives missed or about to be, by customer, as contracts have them",
    );
    table("dangers", caption, &columns, rows.collect())
}

pub(super) fn meters(of: &Dangers, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Client", "Customer")),
        Column::text(lang.t("Compteur", "Meter")),
        Column::text(lang.t("Reste", "Left")),
        Column::text(lang.t("À savoir", "To be known")),
    ];
    let rows = of.meters.iter().map(|danger| {
        let margin = html! { (components::words(&danger.margin, lang)) };
        Row { class: if danger.missed { "late" } else { "" }, cells: cells(danger, margin, lang) }
    });
    let caption =
        lang.t("Compteurs d’assistance dépassés ou presque vides", "Meters overrun or nearly empty");
    html! {
        (table("dangers", caption, &columns, rows.collect()))
        (of.meters_pages.shown(lang.t("Pages des compteurs", "Pages of meters"), lang))
    }
}

fn cells(danger: &Danger, margin: Markup, lang: Lang) -> Vec<Markup> {
    vec![
        html! { a href=(danger.customer.path("")) { (danger.customer.name) } },
        html! {
            (components::words(&danger.what, lang)) " "
            a href=(danger.href) { (components::words(&danger.article, lang)) }
        },
        html! { span title=[danger.exact.as_ref()] { (components::words(&danger.figure, lang)) } },
        margin,
    ]
}
