//! What is typed of a change, and the forms that it is typed into: its plan, and how it ended.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::components::{self, Choice};
use crate::design::{Lang, Text};

/// A plan as it is typed, its instants as `datetime-local` writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanTyped {
    pub model: String,
    pub risk: String,
    pub items: Vec<String>,
    pub from: String,
    pub until: String,
    /// Minutes.
    pub downtime: String,
    pub counted: bool,
    pub by: String,
    pub work: String,
    pub test: String,
    pub rollback: String,
}

impl Default for PlanTyped {
    fn default() -> Self {
        let empty = String::new;
        PlanTyped {
            model: "normal".into(),
            risk: "low".into(),
            items: Vec::new(),
            from: empty(),
            until: empty(),
            downtime: "0".into(),
            counted: false,
            by: empty(),
            work: empty(),
            test: empty(),
            rollback: empty(),
        }
    }
}

/// How a change ended, as it is typed; its note is a text like the other acts have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndTyped {
    pub outcome: String,
    pub down_from: String,
    pub down_until: String,
}

impl Default for EndTyped {
    fn default() -> Self {
        EndTyped { outcome: "succeeded".into(), down_from: String::new(), down_until: String::new() }
    }
}

pub(super) fn plan_form(items: &[Choice], typed: &PlanTyped, lang: Lang) -> Markup {
    let models = [
        Choice::new("normal", lang.t("Normal : approuvé avant", "Normal: approved before")),
        Choice::new(
            "standard",
            lang.t("Standard : opération du contrat", "Standard: an operation of the contract"),
        ),
        Choice::new(
            "emergency",
            lang.t("Urgent : approuvé après coup", "Emergency: approved after the fact"),
        ),
    ];
    let risks = [
        Choice::new("low", lang.t("Faible", "Low")),
        Choice::new("medium", lang.t("Moyen", "Medium")),
        Choice::new("high", lang.t("Élevé", "High")),
    ];
    html! {
        (components::select("change-model", "model", lang.t("Modèle", "Model"), &models, &typed.model))
        (components::select("change-risk", "risk", lang.t("Risque", "Risk"), &risks, &typed.risk))
        (components::boxes("change-items", "item", lang.t("Éléments touchés", "Items affected"), items, &typed.items, lang))
        (instant("change-from", "from", lang.t("Début de la fenêtre", "The window begins"), &typed.from, true))
        (instant("change-until", "until", lang.t("Fin de la fenêtre", "The window ends"), &typed.until, true))
        div.field {
            label for="change-downtime" { (lang.t("Interruption prévue, en minutes", "Interruption foreseen, in minutes")) }
            input.short type="number" id="change-downtime" name="downtime" min="0" max="44640" value=(typed.downtime) required;
        }
        p.check {
            input type="checkbox" id="change-counted" name="counted" value="1" checked[typed.counted];
            label for="change-counted" { (lang.t("Compter l’interruption si la fenêtre n’est pas exclue par le contrat", "Count the interruption if the contract does not exclude the window")) }
        }
        (instant("change-by", "by", lang.t("Urgence : à approuver avant le", "Emergency: to be approved by"), &typed.by, false))
        (components::text_area("change-work", "work", lang.t("Travaux, et pourquoi", "Work, and why"), 3, &typed.work))
        (components::text_area("change-test", "test", lang.t("Essais", "Test"), 2, &typed.test))
        (components::text_area("change-rollback", "rollback", lang.t("Retour arrière", "Rollback"), 2, &typed.rollback))
        button type="submit" { (lang.t("Planifier", "Plan")) }
    }
}

pub(super) fn end_form(now: &Zoned, typed: &EndTyped, note: &str, lang: Lang) -> Markup {
    let outcomes = [
        Choice::new("succeeded", lang.t("Réussi", "Successful")),
        Choice::new("rolled_back", lang.t("Retour arrière", "Rolled back")),
        Choice::new("failed", lang.t("Échoué", "Failed")),
    ];
    html! {
        (components::select("change-outcome", "outcome", lang.t("Résultat", "Outcome"), &outcomes, &typed.outcome))
        (instant("change-down-from", "down_from", lang.t("Début de l’interruption mesurée", "Measured interruption: start"), &typed.down_from, false))
        (instant("change-down-until", "down_until", lang.t("Fin de l’interruption mesurée", "Measured interruption: end"), &typed.down_until, false))
        p.hint { (lang.t("Vide s’il n’y en eut pas. Il est :", "Empty if there was none. It is now:")) " " (components::when(now, lang)) }
        (components::text_area("change-note", "text", lang.t("Ce qui a été fait", "What was done"), 3, note))
        button type="submit" { (lang.t("Terminer le changement", "End the change")) }
    }
}

fn instant(id: &str, name: &str, label: Text, value: &str, required: bool) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            input type="datetime-local" id=(id) name=(name) value=(value) required[required];
        }
    }
}
