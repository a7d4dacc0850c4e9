//! Two versions of an article, word by word.

use maud::{Markup, html};

use crate::design::components::{self, Choice};
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell};
use crate::pages::contract_compare::Change;
use crate::pages::sampling;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    pub number: u64,
    pub title: String,
    pub versions: Vec<Choice>,
    pub from: String,
    pub to: String,
    /// The titles, when they differ.
    pub titles: Option<(String, String)>,
    pub pieces: Vec<(Option<Change>, String)>,
    /// What the reader is told when the texts are too long for all their words.
    pub remark: Option<String>,
}

/// `GET /c/{customer}/knowledge/{n}/compare`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let here = view.customer.path(&format!("/knowledge/{}", view.number));
    let same = view.titles.is_none() && view.pieces.iter().all(|(change, _)| change.is_none());
    layout::page(
        shell,
        html! { (lang.t("Comparer", "Compare")) " · " (view.title) },
        Place::Knowledge,
        html! {
            (layout::heading(
                html! {
                    a href=(view.customer.path("")) { (view.customer.name) } " / "
                    a href=(view.customer.path("/knowledge")) { (lang.t("Base de connaissances", "Knowledge base")) }
                    " / " a href=(here) { (view.number) }
                },
                lang.t("Comparer deux versions", "Compare two versions"),
                html! {},
            ))
            form.toolbar method="get" action={ (here) "/compare" } {
                (components::select("from", "from", lang.t("De", "From"), &view.versions, &view.from))
                (components::select("to", "to", lang.t("À", "To"), &view.versions, &view.to))
                button type="submit" { (lang.t("Comparer", "Compare")) }
            }
            section.panel aria-labelledby="text" {
                h2 id="text" { (components::words(&view.title, lang)) }
                @if let Some((before, after)) = &view.titles {
                    p { del { (components::words(before, lang)) } " → " ins { (components::words(after, lang)) } }
                }
                @if same { p.muted { (lang.t("Les deux textes sont les mêmes, mot pour mot.", "The two texts are the same, word for word.")) } }
                @else {
                    p.article-words {
                        @for (change, text) in &view.pieces {
                            @match change {
                                None => (text),
                                Some(Change::Removed) => del { (text) },
                                Some(_) => ins { (text) },
                            }
                        }
                    }
                }
                @if let Some(remark) = &view.remark { p.muted.small { (components::words(remark, lang)) } }
            }
        },
    )
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let changed = View {
        customer: sampling::garonne(),
        number: 3,
        title: lang.t("Redémarrer le serveur ERP", "Restart the ERP server").into(),
        versions: vec![Choice::new("2", "2"), Choice::new("1", "1")],
        from: "1".into(),
        to: "2".into(),
        titles: None,
        pieces: vec![
            (None, lang.t("Prévenir ", "Warn ").into()),
            (Some(Change::Removed), lang.t("après", "after").into()),
            (Some(Change::Added), lang.t("avant", "before").into()),
            (None, lang.t(" de couper.", " cutting.").into()),
        ],
        remark: None,
    };
    let same = View { to: "1".into(), pieces: vec![(None, "x".into())], ..changed.clone() };
    vec![("changed", changed), ("same", same)]
}
