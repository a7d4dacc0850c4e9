//! One matter of the history: the words of the other tool, as they were.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Shell, Text, components};
use crate::pages::sampling;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// `GLPI 4127`.
    pub number: String,
    pub declared: Zoned,
    pub over: Zoned,
    /// When it was brought in, and by whom.
    pub brought: Zoned,
    pub by: String,
    /// Its entry in the journal: what an erasure names.
    pub entry: u64,
    /// `None` once they are erased.
    pub words: Option<Words>,
}

/// Each empty when the tool told none.
#[derive(Clone, Debug, Default)]
pub struct Words {
    pub title: String,
    pub description: String,
    pub solution: String,
    pub kind: String,
    pub state: String,
    pub priority: String,
    pub requester: String,
    pub assignee: String,
    pub category: String,
    pub item: String,
    pub site: String,
}

/// `GET /c/{customer}/history/{entry}`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = match &view.words {
        Some(words) => words.title.clone(),
        None => lang.t("Contenu effacé", "Erased").into(),
    };
    let mut facts = vec![
        (html! { (lang.t("Numéro", "Number")) }, html! { (view.number) }),
        (html! { (lang.t("Déclaré", "Declared")) }, components::when(&view.declared, lang)),
        (html! { (lang.t("Clos", "Over")) }, components::when(&view.over, lang)),
    ];
    if let Some(words) = &view.words {
        let said = [
            (lang.t("Demandeur", "Requester"), &words.requester),
            (lang.t("Technicien", "Technician"), &words.assignee),
            (lang.t("État", "State"), &words.state),
            (lang.t("Priorité", "Priority"), &words.priority),
            (lang.t("Nature", "Kind"), &words.kind),
            (lang.t("Catégorie", "Category"), &words.category),
            (lang.t("Élément", "Item"), &words.item),
            (lang.t("Site", "Site"), &words.site),
        ];
        let said = said.into_iter().filter(|(_, fact)| !fact.is_empty());
        facts.extend(said.map(|(name, fact)| (html! { (name) }, html! { (fact) })));
    }
    layout::page(
        shell,
        &title,
        Place::Tickets,
        html! {
            (layout::heading(
                html! {
                    (layout::under_tickets(&view.customer, lang)) " / "
                    a href=(view.customer.path("/history")) { (lang.t("Historique repris", "History brought in")) }
                },
                &title,
                html! {},
            ))
            (components::facts(facts))
            @match &view.words {
                Some(words) => {
                    (text("description", lang.t("Description", "Description"), &words.description))
                    (text("solution", lang.t("Solution", "Solution"), &words.solution))
                }
                None => p { (lang.t("Ces mots ont été effacés à la demande d’une personne ou au terme de leur conservation.",
                                    "These words were erased at somebody’s request or at the end of their retention.")) }
            }
            p.muted {
                (lang.t("Repris le", "Brought in on")) " " (components::when(&view.brought, lang)) ", " (view.by) ". "
                (lang.t("Entrée", "Entry")) " " (view.entry) " " (lang.t("du journal.", "of the journal."))
            }
        },
    )
}

/// As it was typed there: lines are kept, and nothing in it is markup.
fn text(id: &str, title: Text, said: &str) -> Markup {
    html! {
        @if !said.is_empty() {
            (components::section(id, title, html! {
                @for line in said.split("\n\n") { p { @for (index, line) in line.lines().enumerate() { @if index > 0 { br; } (line) } } }
            }))
        }
    }
}

/// Views for the gallery and the tests.
pub fn samples(lang: crate::design::Lang) -> Vec<(&'static str, View)> {
    let words = Words {
        title: lang.t("L’imprimante ne répond plus", "The printer does not answer").into(),
        description: lang
            .t("Voyant « ERR » allumé.\n\nDepuis ce matin.", "The “ERR” light is on.\n\nSince this morning.")
            .into(),
        solution: lang.t("Toner changé.", "Toner changed.").into(),
        state: lang.t("Clos", "Closed").into(),
        requester: "Nadaud Paul".into(),
        ..Words::default()
    };
    let read = View {
        customer: sampling::garonne(),
        number: "GLPI 3981".into(),
        declared: sampling::at("2025-01-06T09:00"),
        over: sampling::at("2025-01-06T11:20"),
        brought: sampling::at("2026-11-03T09:41"),
        by: "Inès Cazenave".into(),
        entry: 411,
        words: Some(words),
    };
    let erased = View { words: None, ..read.clone() };
    vec![("read", read), ("erased", erased)]
}
