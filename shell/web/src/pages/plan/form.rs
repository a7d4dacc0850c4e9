//! The form of a planned ticket: what it says, what it is about, when it comes back.

use maud::{Markup, html};

use super::View;
use crate::design::components::{self, Choice};
use crate::design::{Lang, Shell, Text};

/// What is chosen from, and what was typed.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    pub key: String,
    pub values: Values,
    pub kinds: Vec<Choice>,
    pub items: Vec<Choice>,
    pub sites: Vec<Choice>,
    pub operations: Vec<Choice>,
    /// Regular duties of the provider's, which its tickets may do; the first choice is none.
    pub duties: Vec<Choice>,
    /// Severities of defects; one choice where the contract has no application maintenance.
    pub levels: Vec<Choice>,
    /// Empty without a matrix.
    pub priorities: Vec<Choice>,
    pub units: Vec<Choice>,
    /// What becomes of the closed days of each calendar.
    pub closed: Vec<Choice>,
}

/// The fields, as text, under the names they are posted with.
#[derive(Clone, Debug, Default)]
pub struct Values {
    pub contract: String,
    pub title: String,
    pub description: String,
    pub kind: String,
    pub item: String,
    pub site: String,
    pub operation: String,
    /// `label/what` of the duty that its tickets do.
    pub duty: String,
    pub level: String,
    pub priority: String,
    pub every: String,
    pub unit: String,
    pub first: String,
    pub until: String,
    pub at: String,
    /// `next:ho`, `skip:ho`; empty when every day counts.
    pub closed: String,
}

pub(super) fn draw(shell: &Shell, view: &View, form: &Form) -> Markup {
    let (lang, values) = (shell.lang, &form.values);
    components::act(
        shell,
        &form.action,
        &form.key,
        "panel form",
        html! {
            input type="hidden" name="contract" value=(values.contract);
            div.field {
                label for="title" { (lang.t("Titre de chaque ticket", "Title of each ticket")) }
                input type="text" id="title" name="title" value=(values.title) required maxlength="200";
            }
            div.field {
                label for="description" { (lang.t("Ce qu’il y a à faire", "What there is to do")) }
                textarea id="description" name="description" rows="5" { (values.description) }
            }
            (rhythm(form, lang))
            (about(form, lang))
            div.form-end {
                button.primary type="submit" name="do" value="save" { (save(view, lang)) } " "
                button type="submit" name="do" value="weigh" { (lang.t("Voir les dates", "See the dates")) }
                p.muted {
                    (lang.t("Chaque ticket s’ouvre en votre nom, avec vos droits du moment. Le contrat décide à chaque date.",
                            "Each ticket opens in your name, with the rights you have then. The contract decides on each date."))
                }
            }
        },
    )
}

fn save(view: &View, lang: Lang) -> Text {
    if view.plan.is_some() { lang.t("Enregistrer", "Save") } else { lang.t("Planifier", "Plan") }
}

fn rhythm(form: &Form, lang: Lang) -> Markup {
    let values = &form.values;
    let field = |id: &str, label: Text, kind: &str, value: &str, required: bool| {
        html! {
            div.field {
                label for=(id) { (label) }
                input type=(kind) id=(id) name=(id) value=(value) required[required]
                    min=[(kind == "number").then_some("1")] max=[(kind == "number").then_some("366")];
            }
        }
    };
    html! {
        fieldset.part {
            legend { (lang.t("Quand", "When")) }
            div.pair {
                (field("every", lang.t("Tous les", "Every"), "number", &values.every, true))
                (components::select("unit", "unit", lang.t("Unité", "Unit"), &form.units, &values.unit))
            }
            div.pair {
                (field("first", lang.t("À partir du", "From"), "date", &values.first, true))
                (field("at", lang.t("À (heure du contrat)", "At (the contract’s time)"), "time", &values.at, true))
            }
            div.pair {
                (field("until", lang.t("Jusqu’au (facultatif)", "Until (optional)"), "date", &values.until, false))
                (components::select("closed", "closed", lang.t("Jours fermés", "Closed days"), &form.closed, &values.closed))
            }
        }
    }
}

fn about(form: &Form, lang: Lang) -> Markup {
    let values = &form.values;
    html! {
        fieldset.part {
            legend { (lang.t("Sur quoi", "About what")) }
            div.pair {
                (components::select("kind", "kind", lang.t("Nature", "Kind"), &form.kinds, &values.kind))
                (components::select("operation", "operation", lang.t("Opération", "Operation"), &form.operations, &values.operation))
            }
            div.pair {
                (components::select("item", "item", lang.t("Élément du parc", "Item"), &form.items, &values.item))
                (components::select("site", "site", lang.t("Site", "Site"), &form.sites, &values.site))
            }
            @if !form.priorities.is_empty() {
                (components::select("priority", "priority", lang.t("Priorité", "Priority"), &form.priorities, &values.priority))
            }
            @if form.levels.len() > 1 {
                (components::select("level", "level", lang.t("Gravité de l’anomalie", "Severity of the defect"), &form.levels, &values.level))
            }
            @if form.duties.len() > 1 {
                (components::select("duty", "duty", lang.t("Obligation du contrat remplie", "Duty of the contract that is done"), &form.duties, &values.duty))
            }
        }
    }
}
