//! Other cases of one's own: a call to the hotline, an outage, an order of work units. Each form is there
//! only if the text has what it asks about.

use maud::{Markup, html};

use crate::design::components::{self, Choice, Reason, Tone, badge};
use crate::design::{Lang, Text};

/// One kind of case.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The word its button sends, and what its identifiers begin with: `call`, `outage`, `order`.
    pub key: &'static str,
    pub title: Text,
    pub fields: Vec<Field>,
    pub answer: Option<Result<Vec<Line>, String>>,
}

/// One thing asked.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name it is posted under.
    pub name: &'static str,
    pub label: Text,
    pub value: String,
    pub input: Input,
}

#[derive(Clone, Debug)]
pub enum Input {
    /// `datetime-local`.
    Instant,
    /// `date`.
    Day,
    /// From, to.
    Number(u32, u32),
    Choice(Vec<Choice>),
}

/// One line of the answer.
#[derive(Clone, Debug)]
pub struct Line {
    pub what: String,
    pub figure: String,
    /// A verdict beside the figure.
    pub verdict: Option<(Tone, String)>,
    pub reasons: Vec<Reason>,
}

pub(super) fn section(trials: &[Trial], lang: Lang) -> Markup {
    html! {
        @if !trials.is_empty() {
            section.panel.trials aria-labelledby="trials" {
                h2 id="trials" tabindex="-1" { (lang.t("Et si… un appel, une panne, une commande", "What if… a call, an outage, an order")) }
                p.muted { (lang.t("Tranché par les mêmes moteurs, avant tout plafond ; rien n’est enregistré.",
                                  "Decided by the same engines, before any cap; nothing is recorded.")) }
                @for trial in trials { (draw(trial, lang)) }
            }
        }
    }
}

fn draw(trial: &Trial, lang: Lang) -> Markup {
    html! {
        details.trial open[trial.answer.is_some()] {
            summary { (trial.title) }
            div.case { @for field in &trial.fields { (self::field(field)) } }
            button type="submit" name="act" value=(format!("try-{}", trial.key)) formnovalidate { (lang.t("Essayer", "Try")) }
            div id={ "tried-" (trial.key) } aria-live="polite" { (answer(trial, lang)) }
        }
    }
}

fn field(field: &Field) -> Markup {
    let Field { name, label, value, input } = field;
    html! {
        @match input {
            Input::Choice(choices) => (components::select(name, name, label, choices, value)),
            Input::Instant => div.field { label for=(name) { (label) } input type="datetime-local" id=(name) name=(name) value=(value); },
            Input::Day => div.field { label for=(name) { (label) } input type="date" id=(name) name=(name) value=(value); },
            Input::Number(least, most) => div.field { label for=(name) { (label) } input type="number" id=(name) name=(name) value=(value) min=(least) max=(most); },
        }
    }
}

/// What the engines say of it.
pub fn answer(trial: &Trial, lang: Lang) -> Markup {
    html! {
        @match &trial.answer {
            None => {},
            Some(Err(problem)) => p.error { (components::words(problem, lang)) },
            Some(Ok(lines)) => div.simulated {
                @for line in lines {
                    div.due {
                        h3 { (components::words(&line.what, lang)) }
                        p {
                            strong { (components::words(&line.figure, lang)) }
                            @if let Some((tone, verdict)) = &line.verdict { " " (badge(*tone, components::words(verdict, lang))) }
                        }
                        @if !line.reasons.is_empty() { (components::why(lang.t("Pourquoi ?", "Why?"), &line.reasons, lang)) }
                    }
                }
            },
        }
    }
}
