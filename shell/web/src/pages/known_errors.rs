//! Known errors: problems whose cause is known, with how to do without the remedy meanwhile.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::components::{self, Tab, Tone, badge};
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell, markdown};
use crate::pages::sampling;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// Those whose remedy is still to come; else those settled.
    pub open: bool,
    pub errors: Vec<KnownError>,
    pub previous: Option<String>,
    pub next: Option<String>,
}

#[derive(Clone, Debug)]
pub struct KnownError {
    /// The problem's number, and its address.
    pub number: u64,
    pub href: String,
    pub title: String,
    /// Markdown, as the workaround.
    pub cause: String,
    pub workaround: Option<String>,
    pub item: Option<String>,
    /// How many tickets it caused.
    pub caused: usize,
    pub by: String,
    pub at: Zoned,
}

/// `GET /c/{customer}/known-errors`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Erreurs connues", "Known errors");
    let path =
        |settled: bool| view.customer.path(if settled { "/known-errors?settled=1" } else { "/known-errors" });
    layout::page(
        shell,
        title,
        Place::Tickets,
        html! {
            (layout::heading(
                layout::under_tickets(&view.customer, lang),
                title,
                html! {},
            ))
            (components::tabs(lang.t("Quelles erreurs", "Which errors"), &[
                Tab::new(path(false), lang.t("Remède à venir", "Remedy to come"), view.open),
                Tab::new(path(true), lang.t("Cause supprimée", "Cause removed"), !view.open),
            ]))
            @if view.errors.is_empty() {
                (components::empty(
                    lang.t("Aucune erreur connue", "No known error"),
                    lang.t("Quand la cause d’un problème est trouvée, elle se consigne sur son ticket et paraît ici.",
                        "When the cause of a problem is found, it is recorded on its ticket and shows here."),
                    None,
                ))
            }
            @for error in &view.errors { (draw(error, view.open, lang)) }
            (components::pager(view.previous.as_deref(), view.next.as_deref(), lang))
        },
    )
}

fn draw(error: &KnownError, open: bool, lang: Lang) -> Markup {
    let id = format!("error-{}", error.number);
    html! {
        section.panel aria-labelledby=(id) {
            h2 id=(id) { a href=(error.href) { (error.number) " · " (components::words(&error.title, lang)) } }
            p {
                @if open { (badge(Tone::Warning, lang.t("Remède à venir", "Remedy to come"))) }
                @else { (badge(Tone::Good, lang.t("Cause supprimée", "Cause removed"))) }
                @if let Some(item) = &error.item { " " (item) }
                " " span.muted { (lang.t("tickets causés :", "tickets caused:")) " " (error.caused) }
            }
            @if let Some(workaround) = &error.workaround {
                h3 { (lang.t("Contournement", "Workaround")) }
                div.said { (markdown::render(workaround, lang, &|_| None)) }
            }
            h3 { (lang.t("Cause", "Cause")) }
            div.said { (markdown::render(&error.cause, lang, &|_| None)) }
            p.muted { (error.by) ", " (components::when(&error.at, lang)) }
        }
    }
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let error = KnownError {
        number: 408,
        href: "/c/ateliers-garonne/tickets/408".into(),
        title: lang.t("L’ERP tombe le mardi", "The ERP falls on Tuesdays").into(),
        cause: lang.t("Fuite de mémoire de la version 7.2.", "Memory leak of version 7.2.").into(),
        workaround: Some(
            lang.t("Redémarrer le service le lundi soir.", "Restart the service on Monday evening.").into(),
        ),
        item: Some("srv-erp".into()),
        caused: 3,
        by: "Hugo Delmas".into(),
        at: sampling::at("2026-11-03T10:00"),
    };
    let some = View {
        customer: sampling::garonne(),
        open: true,
        errors: vec![error],
        previous: None,
        next: Some("/c/ateliers-garonne/known-errors?before=408".into()),
    };
    let none = View { open: false, errors: Vec::new(), next: None, ..some.clone() };
    vec![("some", some), ("none", none)]
}
