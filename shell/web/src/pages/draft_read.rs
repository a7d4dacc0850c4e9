//! A text to be read and printed before it is signed: the prose, and what the machine reads beside it.

use maud::{Markup, PreEscaped, html};

use crate::design::components::{self, Tone, badge};
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell};
use crate::pages::drafts::{Kind, Stage};
use crate::pages::sampling;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// The draft's address, under the customer's, and its title.
    pub draft: String,
    pub title: String,
    pub kind: Kind,
    pub stage: Stage,
    /// The language of the text, which may not be the reader's.
    pub text_lang: Lang,
    pub version: u32,
    /// SHA-256 of the text, lower-case hex.
    pub hash: String,
    /// How many errors keep it from being signed.
    pub errors: usize,
    pub articles: Vec<Article>,
}

/// An article, its prose and its rules.
#[derive(Clone, Debug)]
pub struct Article {
    pub heading: String,
    pub level: u8,
    /// Trusted HTML, made from the Markdown with raw HTML escaped.
    pub html: String,
    /// Label, and the sentence of what the machine will do.
    pub readings: Vec<(String, String)>,
}

/// `GET /c/{customer}/drafts/{id}/read`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    layout::page(
        shell,
        html! { (view.title) },
        Place::Contract,
        html! {
            (layout::heading(
                html! {
                    a href=(view.customer.path("/drafts")) { (lang.t("Textes en préparation", "Texts being written")) } " / "
                    a href=(view.customer.path(&view.draft)) { (components::words(&view.title, lang)) }
                },
                html! { (components::words(&view.title, lang)) },
                html! { a.button href=(view.customer.path(&view.draft)) { (lang.t("Revenir au texte", "Back to the text")) } },
            ))
            p.ticket-line {
                (view.stage.badge(lang)) span { (view.kind.word(lang)) } span { (lang.t("version", "version")) " " (view.version) }
                @if view.errors > 0 { (badge(Tone::Bad, lang.t("Ce texte ne compile pas encore", "This text does not compile yet"))) }
            }
            p.small { (lang.t("Empreinte SHA-256 du texte", "SHA-256 of the text")) " " code { (view.hash) } }
            div.articles {
                p.living-heads aria-hidden="true" {
                    span { (lang.t("Le texte", "The text")) }
                    span { (lang.t("Ce que la machine en fera", "What the machine will do with it")) }
                }
                @for article in &view.articles { (draw(view, article, lang)) }
            }
        },
    )
}

fn draw(view: &View, article: &Article, lang: Lang) -> Markup {
    html! {
        section class={ "article" @if article.level <= 1 && article.readings.is_empty() && article.html.trim().is_empty() { " title" } } {
            @if !article.heading.is_empty() { h2 lang=(view.text_lang.code()) { (article.heading) } }
            div class={ "passage" @if article.readings.is_empty() { " prose" } } {
                @if !article.html.trim().is_empty() { div.signed lang=(view.text_lang.code()) { (PreEscaped(&article.html)) } }
                @if !article.readings.is_empty() {
                    div.readings {
                        @for (label, reading) in &article.readings {
                            div.clause {
                                p.clause-head { code { (label) } }
                                p.reading { (components::words(reading, lang)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A text ready to sign, and one that does not compile.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let ready = View {
        customer: sampling::garonne(),
        draft: "/drafts/01k9".into(),
        title: lang.t("Hébergement de l’ERP", "Hosting of the ERP").into(),
        kind: Kind::Contract,
        stage: Stage::Writing,
        text_lang: Lang::Fr,
        version: 4,
        hash: "9f2c7a1be03d4c58a1f09e6b7d2483c5e6f7081923a4b5c6d7e8f90123456789".into(),
        errors: 0,
        articles: vec![
            Article {
                heading: "Contrat d’hébergement n° CTR-2026-002".into(),
                level: 1,
                html: String::new(),
                readings: Vec::new(),
            },
            Article {
                heading: "Article 4 – Délai de rétablissement".into(),
                level: 2,
                html: "<p>Le Prestataire rétablit le service dans un délai de quatre heures.</p>".into(),
                readings: vec![(
                    "delai".into(),
                    lang.t(
                        "Le service est rétabli en quatre heures de service, comptées depuis la déclaration.",
                        "Service is restored within four service hours, counted from the declaration.",
                    )
                    .into(),
                )],
            },
        ],
    };
    let broken = View { errors: 2, ..ready.clone() };
    vec![("ready", ready), ("broken", broken)]
}
