//! What the contract asks of a request, as fields of its form.

use maud::{Markup, html};

use super::{View, must_choose};
use crate::design::components::{self, Choice};
use crate::design::{Lang, Text};

/// How the reader says how grave it is.
#[derive(Clone, Debug)]
pub enum Graded {
    /// By an impact and an urgency.
    ByMatrix,
    /// By the severity of a defect, which is a priority of the contract.
    BySeverity(Vec<Choice>),
    /// By both: the severities of defects are no priorities.
    ByBoth(Vec<Choice>),
    /// Not at all: something is asked for.
    Not,
}

/// A question of the contract.
#[derive(Clone, Debug)]
pub struct Question {
    /// `answers.date`: the name of its field, and its id.
    pub field: String,
    /// In the parties' words.
    pub asks: String,
    pub required: bool,
    pub shape: Shape,
    /// What was typed or chosen.
    pub value: String,
    /// What is wrong with that, were it sent.
    pub wrong: Option<String>,
}

/// How it is answered.
#[derive(Clone, Debug)]
pub enum Shape {
    Line,
    Lines,
    Number { unit: Option<String>, min: Option<u32>, max: Option<u32> },
    Date,
    Choice(Vec<Choice>),
}

/// Impact and urgency, or the severity, of the kind that is chosen: a script changes them as another is.
pub(super) fn grading(view: &View, lang: Lang) -> Markup {
    let values = &view.values;
    let severity = |levels: &[Choice]| {
        let label = lang.t("Gravité de l’anomalie", "Severity of the defect");
        must_choose(view, "level", label, levels, &values.level, lang)
    };
    let matrix = || {
        html! {
            div.pair {
                (must_choose(view, "impact", lang.t("Qui est touché ? (impact)", "Who is affected? (impact)"), &view.impacts, &values.impact, lang))
                (must_choose(view, "urgency", lang.t("À quel point ? (urgence)", "How badly? (urgency)"), &view.urgencies, &values.urgency, lang))
            }
        }
    };
    html! {
        div id="grading" {
            @match &view.graded {
                Graded::ByMatrix => (matrix()),
                Graded::BySeverity(levels) => (severity(levels)),
                Graded::ByBoth(levels) => { (matrix()) (severity(levels)) }
                Graded::Not => {}
            }
        }
    }
}

/// The questions, in a place of their own: a script fills it as something else is chosen.
pub(super) fn region(view: &View, lang: Lang) -> Markup {
    html! {
        div id="questions" data-questions=(view.customer.path("/tickets/new")) aria-live="polite" {
            @if !view.questions.is_empty() {
                fieldset.part {
                    legend { (lang.t("Ce que le contrat demande pour cette demande", "What the contract asks for this request")) }
                    @for question in &view.questions { (draw(view, question, lang)) }
                }
            }
        }
    }
}

fn draw(view: &View, question: &Question, lang: Lang) -> Markup {
    let id = &question.field;
    let error = view.errors.iter().find(|(field, _)| field == id).map(|(_, message)| message);
    let hint = hint(question, lang);
    let ids = [hint.as_ref().map(|_| format!("{id}-hint")), error.map(|_| format!("{id}-error"))];
    let described = Some(ids.into_iter().flatten().collect::<Vec<_>>().join(" ")).filter(|d| !d.is_empty());
    let (invalid, required) = (error.map(|_| "true"), question.required);
    html! {
        div class={ "field" @if error.is_some() { " wrong" } } {
            label for=(id) {
                (components::words(&question.asks, lang))
                @if required { " " span.required { (lang.t("obligatoire", "required")) } }
            }
            @if let Some(hint) = &hint { p.hint id={ (id) "-hint" } { (components::words(hint, lang)) } }
            @if let Some(error) = error { p.error id={ (id) "-error" } { (components::words(error, lang)) } }
            @match &question.shape {
                Shape::Line => input type="text" id=(id) name=(id) value=(question.value) maxlength="200" required[required]
                    aria-describedby=[&described] aria-invalid=[invalid];,
                Shape::Lines => {
                    textarea id=(id) name=(id) rows="4" maxlength="5000" required[required]
                        aria-describedby=[&described] aria-invalid=[invalid] { "\n" (question.value) }
                }
                // A browser shows nothing of a number or a date that it cannot read: it is shown as text, to be mended.
                Shape::Number { min, max, .. } if question.value.bytes().all(|b| b.is_ascii_digit()) => {
                    input type="number" inputmode="numeric" step="1" id=(id) name=(id) value=(question.value)
                        min=[Some(min.unwrap_or_default())] max=[max] required[required]
                        aria-describedby=[&described] aria-invalid=[invalid];
                }
                Shape::Date if question.value.is_empty() || question.value.parse::<jiff::civil::Date>().is_ok() => {
                    input type="date" id=(id) name=(id) value=(question.value) required[required]
                        aria-describedby=[&described] aria-invalid=[invalid];
                }
                Shape::Number { .. } | Shape::Date => {
                    input type="text" id=(id) name=(id) value=(question.value) required[required]
                        aria-describedby=[&described] aria-invalid=[invalid];
                }
                Shape::Choice(choices) => {
                    select id=(id) name=(id) required[required] aria-describedby=[&described] aria-invalid=[invalid] {
                        option value="" selected[question.value.is_empty()] { (nothing(required, lang)) }
                        @for choice in choices {
                            option value=(choice.value) selected[choice.value == question.value] { (components::words(&choice.label, lang)) }
                        }
                    }
                }
            }
        }
    }
}

fn nothing(required: bool, lang: Lang) -> Text {
    if required { lang.t("Choisir…", "Choose…") } else { lang.t("Non précisé", "Not stated") }
}

/// « postes, de 1 à 20 ».
fn hint(question: &Question, lang: Lang) -> Option<String> {
    let Shape::Number { unit, min, max } = &question.shape else { return None };
    let bounds = match (min, max) {
        (Some(min), Some(max)) => match lang {
            Lang::Fr => format!("de {min} à {max}"),
            Lang::En => format!("from {min} to {max}"),
        },
        (Some(min), None) => format!("{} {min}", lang.t("au moins", "at least")),
        (None, Some(max)) => format!("{} {max}", lang.t("au plus", "at most")),
        (None, None) => String::new(),
    };
    let parts: Vec<String> =
        unit.iter().cloned().chain(Some(bounds)).filter(|part| !part.is_empty()).collect();
    Some(parts.join(", ")).filter(|hint| !hint.is_empty())
}
