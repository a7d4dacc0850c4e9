//! How each shape of field is asked for.

use maud::{Markup, html};

use crate::design::Lang;
use crate::design::components::{self, Choice};

/// One thing asked.
#[derive(Clone, Debug)]
pub struct Input {
    /// `then.rate`; also makes its `id`.
    pub name: String,
    /// What the field means, as the compiler's table says it.
    pub label: String,
    /// The field's name in the text.
    pub field: String,
    pub required: bool,
    /// « par défaut : [] », « ex. : 4 h », « seulement si … ».
    pub hints: Vec<String>,
    pub shape: Shape,
    pub value: String,
}

#[derive(Clone, Debug)]
pub enum Shape {
    Line,
    Number,
    Flag,
    Date,
    /// One of these.
    Choice(Vec<Choice>),
    /// Any of these.
    Choices(Vec<Choice>),
    /// Several lines.
    Lines,
    /// Fields of their own, once or several times; the last row is blank.
    Rows(Vec<Vec<Input>>),
}

pub(super) fn draw(input: &Input, lang: Lang) -> Markup {
    match &input.shape {
        Shape::Rows(rows) => group(input, rows, lang),
        Shape::Choices(choices) => checks(input, choices, lang),
        _ => field(input, lang),
    }
}

fn named(input: &Input, lang: Lang) -> Markup {
    html! {
        (components::words(&sentence(&input.label), lang)) " " code.field-name { (input.field) }
        @if input.required { " " span.required { (lang.t("obligatoire", "required")) } }
    }
}

fn hints(input: &Input, id: &str, lang: Lang) -> Markup {
    html! {
        @if !input.hints.is_empty() {
            p.hint id={ (id) "-hint" } { (components::words(&input.hints.join(" · "), lang)) }
        }
    }
}

fn field(input: &Input, lang: Lang) -> Markup {
    let id = input.name.replace('.', "-");
    let described = (!input.hints.is_empty()).then(|| format!("{id}-hint"));
    html! {
        div.field {
            label for=(id) { (named(input, lang)) }
            (hints(input, &id, lang))
            @match &input.shape {
                Shape::Choice(choices) => {
                    select id=(id) name=(input.name) aria-describedby=[described] {
                        option value="" selected[input.value.is_empty()] { (lang.t("Non précisé", "Not stated")) }
                        @for choice in choices {
                            option value=(choice.value) selected[choice.value == input.value] { (components::words(&choice.label, lang)) }
                        }
                        // What the text says is never lost, known or not.
                        @if !input.value.is_empty() && choices.iter().all(|c| c.value != input.value) {
                            option value=(input.value) selected { (input.value) }
                        }
                    }
                }
                Shape::Flag => {
                    select id=(id) name=(input.name) aria-describedby=[described] {
                        option value="" selected[input.value.is_empty()] { (lang.t("Non précisé", "Not stated")) }
                        option value="true" selected[input.value == "true"] { (lang.t("Oui", "Yes")) }
                        option value="false" selected[input.value == "false"] { (lang.t("Non", "No")) }
                    }
                }
                Shape::Lines => {
                    textarea id=(id) name=(input.name) rows=(input.value.lines().count().clamp(2, 12)) spellcheck="false"
                        aria-describedby=[described] { "\n" (input.value) }
                }
                Shape::Number => input type="text" inputmode="numeric" id=(id) name=(input.name) value=(input.value) aria-describedby=[described];,
                Shape::Date if input.value.is_empty() || is_date(&input.value) => {
                    input type="date" id=(id) name=(input.name) value=(input.value) aria-describedby=[described];
                }
                _ => input type="text" id=(id) name=(input.name) value=(input.value) aria-describedby=[described] spellcheck="false";,
            }
        }
    }
}

/// A browser shows nothing of a date it cannot read; such a value is shown as text, to be mended.
fn is_date(text: &str) -> bool {
    text.parse::<jiff::civil::Date>().is_ok()
}

fn checks(input: &Input, choices: &[Choice], lang: Lang) -> Markup {
    let id = input.name.replace('.', "-");
    let chosen: Vec<&str> = input.value.lines().collect();
    html! {
        fieldset.checks aria-describedby=[(!input.hints.is_empty()).then(|| format!("{id}-hint"))] {
            legend { (named(input, lang)) }
            (hints(input, &id, lang))
            // Says that the question was asked, when nothing is ticked.
            input type="hidden" name=(input.name) value="";
            @for (index, choice) in choices.iter().enumerate() {
                div.check {
                    input type="checkbox" id={ (id) "-" (index) } name=(input.name) value=(choice.value) checked[chosen.contains(&choice.value.as_str())];
                    label for={ (id) "-" (index) } { (components::words(&choice.label, lang)) }
                }
            }
        }
    }
}

fn group(input: &Input, rows: &[Vec<Input>], lang: Lang) -> Markup {
    let id = input.name.replace('.', "-");
    html! {
        fieldset.rows aria-describedby=[(!input.hints.is_empty()).then(|| format!("{id}-hint"))] {
            legend { (named(input, lang)) }
            (hints(input, &id, lang))
            @for (index, row) in rows.iter().enumerate() {
                @if rows.len() > 1 {
                    p.row-title {
                        @if index + 1 == rows.len() { (lang.t("À ajouter", "To add")) }
                        @else { (lang.t("N°", "No.")) " " (index + 1) span.muted { " " (lang.t("(videz ses champs pour la retirer)", "(empty its fields to remove it)")) } }
                    }
                }
                div.case { @for input in row { (draw(input, lang)) } }
            }
        }
    }
}

/// The table's words begin in lower case, to stand inside a sentence.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}
