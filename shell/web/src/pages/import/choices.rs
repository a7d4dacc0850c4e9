//! How a file is read: its columns, its contract, the words of its priorities.

use maud::{Markup, html};

use crate::design::components::{self, Choice};
use crate::design::{Lang, Shell};

#[derive(Clone, Debug, Default)]
pub struct Choices {
    pub columns: Vec<Heading>,
    /// The headings of the file.
    pub headings: Vec<String>,
    /// The contracts in force, when there is a choice.
    pub contracts: Vec<String>,
    pub contract: String,
    /// `import` or `declared`; `None` where nothing opens.
    pub since: Option<String>,
    /// Each word of the tool for a priority, and the contract's for it.
    pub words: Vec<(String, String)>,
    pub priorities: Vec<String>,
    /// The roles that people may be given; none for anything else.
    pub roles: Vec<(String, String)>,
    pub role: String,
}

/// A field, and the heading it is read from.
#[derive(Clone, Debug)]
pub struct Heading {
    pub key: String,
    pub name: String,
    pub heading: String,
    pub required: bool,
}

pub(super) fn draw(shell: &Shell, action: &str, key: &str, view: &Choices) -> Markup {
    let lang = shell.lang;
    components::act(
        shell,
        action,
        key,
        "form",
        html! {
            @if !view.contracts.is_empty() { (contract(view, lang)) }
            @if let Some(since) = &view.since { (clocks(since, lang)) }
            @if !view.roles.is_empty() {
                (components::select("role", "role", lang.t("Rôle donné à tous", "Role given to all"),
                    &view.roles.iter().map(|(key, name)| Choice::new(key, name)).collect::<Vec<_>>(), &view.role))
            }
            @if !view.words.is_empty() && !view.priorities.is_empty() { (words(view, lang)) }
            @if !view.columns.is_empty() { (columns(view, lang)) }
            div.form-end { button type="submit" { (lang.t("Relire ainsi", "Read it so")) } }
        },
    )
}

fn contract(view: &Choices, lang: Lang) -> Markup {
    let none = Choice::new("", lang.t("À choisir", "To be chosen"));
    let choices: Vec<Choice> = std::iter::once(none)
        .chain(view.contracts.iter().map(|number| Choice::new(number, number)))
        .collect();
    components::select("contract", "contract", lang.t("Contrat", "Contract"), &choices, &view.contract)
}

fn clocks(since: &str, lang: Lang) -> Markup {
    let choices = [
        Choice::new("import", lang.t("Du jour de la reprise", "From the day it is brought in")),
        Choice::new(
            "declared",
            lang.t(
                "Du jour de sa déclaration dans l’autre outil",
                "From the day it was declared in the other tool",
            ),
        ),
    ];
    components::select(
        "since",
        "since",
        lang.t("Délais des tickets encore ouverts", "Clocks of the tickets still open"),
        &choices,
        since,
    )
}

fn words(view: &Choices, lang: Lang) -> Markup {
    let mut choices = vec![Choice::new("", lang.t("La plus douce", "The mildest"))];
    choices.extend(view.priorities.iter().map(|priority| Choice::new(priority, priority)));
    html! {
        fieldset {
            legend { (lang.t("Priorités de l’autre outil", "Priorities of the other tool")) }
            @for (index, (word, here)) in view.words.iter().enumerate() {
                input type="hidden" name="word" value=(word);
                (components::select(&format!("here-{index}"), "here", word, &choices, here))
            }
        }
    }
}

fn columns(view: &Choices, lang: Lang) -> Markup {
    let mut choices = vec![Choice::new("", lang.t("Aucune colonne", "No column"))];
    choices.extend(view.headings.iter().map(|heading| Choice::new(heading, heading)));
    html! {
        details open[view.columns.iter().any(|c| c.required && c.heading.is_empty())] {
            summary { (lang.t("Colonnes du fichier", "Columns of the file")) }
            @for column in &view.columns {
                input type="hidden" name="field" value=(column.key);
                (components::select(&format!("column-{}", column.key), "heading", html! {
                    (components::words(&column.name, lang))
                    @if column.required { " " span.muted { (lang.t("(nécessaire)", "(needed)")) } }
                }, &choices, &column.heading))
            }
        }
    }
}
