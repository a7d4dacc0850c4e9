//! The undertaking of confidentiality: the articles as signed, and the button that binds who reads them.

use maud::{Markup, PreEscaped, html};

use crate::design::components;
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell};
use crate::pages::sampling;
use crate::pages::shared::{self, Refusal};

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// Who undertakes.
    pub name: String,
    /// What is still to be signed.
    pub passages: Vec<Passage>,
    pub key: String,
    /// The page that was wanted, shown once it is signed.
    pub back: String,
    pub refused: Option<Refusal>,
}

/// An article that asks for an undertaking.
#[derive(Clone, Debug)]
pub struct Passage {
    /// The contract's number.
    pub contract: String,
    pub title: String,
    /// Safe HTML.
    pub html: String,
    pub lang: Lang,
    /// Its hash: what the journal will say was read.
    pub text: String,
}

/// `GET /c/{customer}/undertaking`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Engagement de confidentialité", "Undertaking of confidentiality");
    let texts: Vec<&str> = view.passages.iter().map(|passage| passage.text.as_str()).collect();
    layout::page(
        shell,
        title,
        Place::Elsewhere,
        html! {
            (layout::heading(html! { (view.customer.name) }, title, html! {}))
            @if let Some(refused) = &view.refused { (shared::refusal(refused, lang)) }
            p {
                (lang.t("Le contrat demande à chaque personne qui intervient de s’engager au secret avant son premier accès aux tickets de ce client. Lisez ce qui suit : votre nom, la date et l’empreinte du texte sont inscrits au journal, que le client lit.",
                        "The contract asks each person who takes part to undertake secrecy before their first access to this customer’s tickets. Read what follows: your name, the date and the hash of the text are written in the journal, which the customer reads."))
            }
            @for (nth, passage) in view.passages.iter().enumerate() {
                section.panel aria-labelledby={ "article-" (nth) } {
                    div.panel-head {
                        h2 id={ "article-" (nth) } lang=(passage.lang.code()) { (components::words(&passage.title, passage.lang)) }
                        div.panel-aside { span.muted { (lang.t("contrat", "contract")) " " (passage.contract) } }
                    }
                    div.signed lang=(passage.lang.code()) { (PreEscaped(components::words(&passage.html, passage.lang))) }
                }
            }
            (components::act(shell, &view.customer.path("/undertaking"), &view.key, "form", html! {
                input type="hidden" name="texts" value=(texts.join(","));
                input type="hidden" name="wanted" value=(view.back);
                p {
                    (lang.t("Je soussigné(e)", "I, the undersigned,")) " " strong { (view.name) } ", "
                    (lang.t("reconnais avoir lu ce qui précède et m’engage à le respecter, y compris après la fin de mon intervention.",
                            "acknowledge that I have read the above and undertake to keep to it, after my work has ended as well."))
                }
                p { button.primary type="submit" { (lang.t("J’ai lu et je m’engage", "I have read this and undertake to keep it")) } }
            }))
        },
    )
}

/// Views for the gallery and the tests.
pub fn samples(_: Lang) -> Vec<(&'static str, View)> {
    let passage = Passage {
        contract: "CTR-2026-002".into(),
        title: "Article 40 – Confidentialité".into(),
        html: "<p>40.1. Chaque Partie tient confidentielles les informations de toute nature dont elle a connaissance à l\u{2019}occasion du contrat.</p><p>40.2. Toute personne intervenant pour le Prestataire signe avant son premier accès un engagement individuel.</p>".into(),
        lang: Lang::Fr,
        text: "5d41402abc4b2a76b9719d911017c592".into(),
    };
    let view = View {
        customer: sampling::garonne(),
        name: "Marc Leduc".into(),
        passages: vec![passage],
        key: "sample".into(),
        back: "/c/ateliers-garonne/tickets".into(),
        refused: None,
    };
    vec![("undertaking", view)]
}
