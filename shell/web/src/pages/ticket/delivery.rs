//! The delivery that a ticket of maintenance is: estimated, ordered, verified, in production, under warranty.

mod forms;
mod samples;

use jiff::Zoned;
use maud::{Markup, html};

use super::View;
use crate::design::components::{self, Reason, Tone, badge};
use crate::design::{Lang, Shell, markdown};

pub use forms::DeliveryAct;
use forms::draw;
pub(super) use samples::sample;

/// A delivery as it stands.
#[derive(Clone, Debug, Default)]
pub struct Delivery {
    /// « Chiffrage à commander », and how grave that is.
    pub stage: String,
    pub tone: Option<Tone>,
    pub estimate: Option<Estimate>,
    pub book: Option<Book>,
    pub steps: Vec<Verification>,
    /// What production asks for, and where it is.
    pub needs: Vec<Need>,
    pub warranty_until: Option<Zoned>,
    /// Where the reader declares a defect of it.
    pub declare: Option<String>,
    /// What the articles say of where it stands.
    pub reasons: Vec<Reason>,
    pub to_close: Vec<Reason>,
    /// What the reader may do.
    pub acts: Vec<DeliveryAct>,
}

#[derive(Clone, Debug)]
pub struct Estimate {
    /// « 2 × moyenne », « 1 × simple ».
    pub pieces: Vec<String>,
    /// « 6 UO, 3 240,00 € HT ».
    pub total: String,
    pub until: Option<String>,
    pub ordered: Option<Zoned>,
    /// Markdown.
    pub body: String,
    pub reasons: Vec<Reason>,
}

/// What is left of the book of units.
#[derive(Clone, Debug)]
pub struct Book {
    /// « 194 unités restantes sur 200, dont 6 commandées ».
    pub sentence: String,
    pub alert: bool,
    pub reasons: Vec<Reason>,
}

/// A step of the acceptance.
#[derive(Clone, Debug)]
pub struct Verification {
    pub name: String,
    /// « en cours », « acceptée avec réserves ».
    pub state: String,
    /// « réponse attendue avant le », « par silence le ».
    pub told: String,
    pub tone: Tone,
    pub begins: Option<Zoned>,
    /// By when the customer answers, or when it came out.
    pub ends: Option<Zoned>,
}

#[derive(Clone, Debug)]
pub struct Need {
    pub what: String,
    pub there: bool,
    pub reference: Option<String>,
}

/// Before the conversation.
pub(super) fn section(shell: &Shell, view: &View, delivery: &Delivery) -> Markup {
    let lang = shell.lang;
    components::section(
        "delivery",
        lang.t("Livraison", "Delivery"),
        html! {
            p {
                (badge(delivery.tone.unwrap_or(Tone::Quiet), &delivery.stage))
                @if let Some(until) = &delivery.warranty_until {
                    " " (lang.t("Garantie jusqu’au", "Warranty until")) " " (components::when(until, lang))
                }
            }
            @if let Some(estimate) = &delivery.estimate { (draw_estimate(estimate, lang)) }
            @if let Some(book) = &delivery.book {
                p {
                    (book.sentence)
                    @if book.alert { " " (badge(Tone::Warning, lang.t("Seuil d’alerte atteint", "Threshold reached"))) }
                }
                (components::why(lang.t("Comment le carnet est-il compté ?", "How is the book counted?"), &book.reasons, lang))
            }
            (verifications(&delivery.steps, lang))
            @if !delivery.reasons.is_empty() {
                (components::why(lang.t("Que dit le contrat de cette recette ?", "What does the contract say of this acceptance?"), &delivery.reasons, lang))
            }
            (needs(&delivery.needs, lang))
            @if !delivery.to_close.is_empty() {
                h3 { (lang.t("Avant de clore", "Before closing")) }
                (components::reasons(&delivery.to_close, lang))
            }
            @if let Some(declare) = &delivery.declare {
                p { a href=(declare) { (lang.t("Déclarer une anomalie de cette livraison", "Declare a defect of this delivery")) } }
            }
            @if !delivery.acts.is_empty() {
                div.acts {
                    @for act in &delivery.acts { (draw(shell, view, act)) }
                }
            }
        },
    )
}

fn draw_estimate(estimate: &Estimate, lang: Lang) -> Markup {
    let mut pairs = vec![
        (html! { (lang.t("Chiffrage", "Estimate")) }, html! { (estimate.pieces.join(", ")) }),
        (html! { (lang.t("Soit", "Which is")) }, html! { (estimate.total) }),
    ];
    if let Some(at) = &estimate.ordered {
        pairs.push((html! { (lang.t("Commandé le", "Ordered on")) }, components::when(at, lang)));
    } else if let Some(until) = &estimate.until {
        pairs.push((html! { (lang.t("À commander jusqu’au", "To be ordered until")) }, html! { (until) }));
    }
    html! {
        (components::facts(pairs))
        div.said { (markdown::render(&estimate.body, lang, &|_| None)) }
        (components::why(lang.t("D’où vient ce prix ?", "Where does this price come from?"), &estimate.reasons, lang))
    }
}

fn verifications(steps: &[Verification], lang: Lang) -> Markup {
    html! {
        @if steps.iter().any(|step| step.begins.is_some()) {
            h3 { (lang.t("Recette", "Acceptance")) }
            (components::facts(steps.iter().map(|step| {
                let value = html! {
                    (badge(step.tone, &step.state))
                    @if let Some(ends) = &step.ends { " " (step.told) " " (components::when(ends, lang)) }
                };
                (html! { (step.name) }, value)
            }).collect()))
        }
    }
}

fn needs(needs: &[Need], lang: Lang) -> Markup {
    html! {
        @if !needs.is_empty() {
            h3 { (lang.t("Avant la mise en production", "Before production")) }
            (components::facts(needs.iter().map(|need| {
                let state = match (need.there, &need.reference) {
                    (true, Some(reference)) => html! { (components::words(reference, lang)) },
                    (true, None) => html! { (lang.t("oui", "yes")) },
                    (false, _) => html! { span.muted { (lang.t("manque", "missing")) } },
                };
                (html! { (need.what) }, state)
            }).collect()))
        }
    }
}
