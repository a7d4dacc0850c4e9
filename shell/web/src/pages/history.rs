//! What another tool held and was over: kept to be read, found by its words.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::icon::{Icon, icon};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, components};
use crate::pages::sampling;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// The words looked for; `""` for all of it.
    pub query: String,
    pub lines: Vec<Line>,
    pub first: Option<String>,
    pub next: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Line {
    pub href: String,
    /// `GLPI 4127`.
    pub number: String,
    /// `None` once it is erased.
    pub title: Option<String>,
    pub requester: String,
    pub declared: Zoned,
    pub over: Zoned,
}

/// `GET /c/{customer}/history`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Historique repris", "History brought in");
    layout::page(
        shell,
        title,
        Place::Tickets,
        html! {
            (layout::heading(layout::under_tickets(&view.customer, lang), title, html! {}))
            p {
                (lang.t("Ce qui était clos dans l’outil d’avant, tel qu’il y était écrit. Ce ne sont pas des tickets : le contrat n’y mesure rien.",
                        "What was over in the tool before, as it was written there. These are no tickets: the contract measures nothing of them."))
            }
            form.wide-search role="search" method="get" action=(view.customer.path("/history")) {
                label for="q" { (lang.t("Mots à chercher", "Words to look for")) }
                div.search-line {
                    div.search {
                        (icon(Icon::Search))
                        input type="search" id="q" name="q" value=(view.query) maxlength="200" autocomplete="off";
                    }
                    button.primary type="submit" { (lang.t("Chercher", "Search")) }
                }
            }
            @if view.lines.is_empty() && view.next.is_none() { (nothing(view, lang)) }
            @if !view.lines.is_empty() { (lines(view, lang)) }
            (components::pager(view.first.as_deref(), view.next.as_deref(), lang))
        },
    )
}

fn nothing(view: &View, lang: Lang) -> Markup {
    match view.query.is_empty() {
        true => components::empty(
            lang.t("Aucun historique", "No history"),
            lang.t(
                "Rien n’a été repris d’un autre outil pour ce client.",
                "Nothing was brought in from another tool for this customer.",
            ),
            None,
        ),
        false => components::empty(
            lang.t("Rien trouvé", "Nothing found"),
            lang.t(
                "Essayez moins de mots, ou le début du dernier.",
                "Try fewer words, or the beginning of the last one.",
            ),
            None,
        ),
    }
}

fn lines(view: &View, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Sujet", "Subject")),
        Column::text(lang.t("Numéro", "Number")),
        Column::text(lang.t("Demandeur", "Requester")),
        Column::text(lang.t("Déclaré", "Declared")),
        Column::text(lang.t("Clos", "Over")),
    ];
    let rows = view.lines.iter().map(|line| {
        let title = line.title.clone().unwrap_or_else(|| lang.t("(effacé)", "(erased)").into());
        Row::new(vec![
            html! { a href=(line.href) data-item { (title) } },
            html! { (line.number) },
            html! { (line.requester) },
            components::when(&line.declared, lang),
            components::when(&line.over, lang),
        ])
    });
    table(
        "history",
        lang.t("Historique, le dernier d’abord", "History, latest first"),
        &columns,
        rows.collect(),
    )
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let customer = sampling::garonne();
    let line = |entry: u64, number: &str, title: Option<String>, requester: &str| Line {
        href: customer.path(&format!("/history/{entry}")),
        number: number.into(),
        title,
        requester: requester.into(),
        declared: sampling::at("2025-01-06T09:00"),
        over: sampling::at("2025-01-06T11:20"),
    };
    let printer = lang.t("L’imprimante ne répond plus", "The printer does not answer").to_string();
    let share = lang.t("Accès au partage « Études »", "Access to the share “Études”").to_string();
    let lines = vec![
        line(412, "GLPI 4127", Some(share), "Nadaud Paul"),
        line(411, "GLPI 3981", Some(printer), "Roussel Inès"),
        line(410, "iTop R-000123", None, ""),
    ];
    let next = Some(customer.path("/history?before=1736150400000000.410"));
    let all = View { customer: customer.clone(), query: String::new(), lines, first: None, next };
    let none = View { lines: Vec::new(), query: "fax".into(), next: None, ..all.clone() };
    let empty = View { query: String::new(), ..none.clone() };
    vec![("all", all), ("nothing", none), ("empty", empty)]
}
