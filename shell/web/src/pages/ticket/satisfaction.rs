//! What whoever asked for the ticket thought of it: the question, once it is resolved, and the answer.

use jiff::Zoned;
use maud::{Markup, html};

use super::View;
use crate::design::components::{self, Tone, badge};
use crate::design::{Lang, Shell, Text};

/// The answer, and the question where the reader is asked.
#[derive(Clone, Debug)]
pub struct Satisfaction {
    pub told: Option<Told>,
    /// The reader may answer, or change the answer, until then; with the key of the form.
    pub asked: Option<(Zoned, String)>,
}

#[derive(Clone, Debug)]
pub struct Told {
    pub score: u8,
    pub words: Option<String>,
    pub by: String,
    pub at: Zoned,
}

/// What a mark says.
pub fn mark(score: u8, lang: Lang) -> Text {
    match score {
        1 => lang.t("Pas du tout satisfait", "Not at all satisfied"),
        2 => lang.t("Peu satisfait", "Hardly satisfied"),
        3 => lang.t("Moyennement satisfait", "Fairly satisfied"),
        4 => lang.t("Satisfait", "Satisfied"),
        _ => lang.t("Très satisfait", "Very satisfied"),
    }
}

fn tone(score: u8) -> Tone {
    match score {
        1 | 2 => Tone::Bad,
        3 => Tone::Warning,
        _ => Tone::Good,
    }
}

pub(super) fn section(shell: &Shell, view: &View, of: &Satisfaction) -> Markup {
    let lang = shell.lang;
    if of.told.is_none() && of.asked.is_none() {
        return html! {};
    }
    components::section(
        "satisfaction",
        lang.t("Satisfaction", "Satisfaction"),
        html! {
            @if let Some(told) = &of.told {
                p {
                    (badge(tone(told.score), html! { (told.score) " / 5" })) " " (mark(told.score, lang)) ", "
                    span.muted { (told.by) ", " (components::when_short(&told.at, lang)) }
                }
                @if let Some(words) = &told.words { blockquote { (components::words(words, lang)) } }
            }
            @if let Some((until, key)) = &of.asked { (form(shell, view, of.told.as_ref(), until, key)) }
        },
    )
}

fn form(shell: &Shell, view: &View, told: Option<&Told>, until: &Zoned, key: &str) -> Markup {
    let lang = shell.lang;
    let action = view.customer.path(&format!("/tickets/{}/satisfaction", view.number));
    let body = components::act(
        shell,
        &action,
        key,
        "form",
        html! {
            fieldset.part {
                legend { (lang.t("Qu’avez-vous pensé du traitement de ce ticket ?", "What did you think of how this ticket was dealt with?")) }
                @for score in (1..=5).rev() {
                    @let id = format!("score-{score}");
                    p {
                        input type="radio" id=(id) name="score" value=(score) required checked[told.is_some_and(|t| t.score == score)];
                        " " label for=(id) { (score) ", " (mark(score, lang)) }
                    }
                }
            }
            div.field {
                label for="satisfaction-words" { (lang.t("Pourquoi ? (facultatif ; les deux parties le lisent)", "Why? (optional; both parties read it)")) }
                textarea id="satisfaction-words" name="words" rows="3" maxlength="2000" {
                    (told.and_then(|t| t.words.clone()).unwrap_or_default())
                }
            }
            p {
                button.primary type="submit" { (lang.t("Donner mon avis", "Give my opinion")) } " "
                span.muted { (lang.t("jusqu’au", "until")) " " (components::when_short(until, lang)) }
            }
        },
    );
    html! {
        @match told {
            // Asked once: who answered finds the question folded.
            Some(_) => details.act { summary { (lang.t("Changer mon avis…", "Change my opinion…")) } (body) },
            None => (body),
        }
    }
}

/// An answer that may still be changed, for the gallery.
pub(super) fn sample(lang: Lang, at: Zoned) -> Satisfaction {
    let words = lang.t("Vite rétabli, et expliqué clairement.", "Soon restored, and clearly explained.");
    let told = Told { score: 4, words: Some(words.into()), by: "Claire Fabre".into(), at: at.clone() };
    Satisfaction { told: Some(told), asked: Some((at, "sample-satisfaction".into())) }
}
