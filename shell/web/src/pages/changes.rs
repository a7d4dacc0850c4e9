//! The schedule of changes: week by week, with what collides.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::components::{self, Tab, Tone, badge};
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell};
use crate::pages::sampling;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// Those to come; else all of them since the first.
    pub coming: bool,
    pub weeks: Vec<Week>,
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// The changes whose window begins in one week.
#[derive(Clone, Debug)]
pub struct Week {
    /// « Semaine du 23 novembre 2026 ».
    pub title: String,
    pub changes: Vec<Planned>,
}

#[derive(Clone, Debug)]
pub struct Planned {
    pub number: u64,
    pub href: String,
    pub title: String,
    /// « Changement normal ».
    pub model: String,
    /// « Prévu », and how grave that is.
    pub state: (String, Tone),
    pub items: Vec<String>,
    pub from: Zoned,
    pub until: Zoned,
    pub downtime_minutes: u32,
    /// Numbers and addresses.
    pub collisions: Vec<(u64, String)>,
}

/// `GET /c/{customer}/changes`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Changements", "Changes");
    let path = |all: bool| view.customer.path(if all { "/changes?all=1" } else { "/changes" });
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
            (components::tabs(lang.t("Quels changements", "Which changes"), &[
                Tab::new(path(false), lang.t("À venir", "To come"), view.coming),
                Tab::new(path(true), lang.t("Tous", "All"), !view.coming),
            ]))
            @if view.weeks.is_empty() {
                (components::empty(
                    lang.t("Aucun changement prévu", "No change planned"),
                    lang.t("Un ticket de changement se planifie sur sa page ; sa fenêtre paraît ici, avec celles qui touchent les mêmes éléments.",
                        "A ticket that is a change is planned on its page; its window shows here, with those that touch the same items."),
                    None,
                ))
            }
            @for (index, week) in view.weeks.iter().enumerate() {
                (components::section(&format!("week-{index}"), &week.title, html! {
                    ul.relations { @for change in &week.changes { li { (draw(change, lang)) } } }
                }))
            }
            (components::pager(view.previous.as_deref(), view.next.as_deref(), lang))
        },
    )
}

fn draw(change: &Planned, lang: Lang) -> Markup {
    html! {
        p {
            a href=(change.href) { (change.number) " · " (components::words(&change.title, lang)) } " "
            (badge(change.state.1, &change.state.0)) " " span.muted { (change.model) }
        }
        p {
            (components::when(&change.from, lang)) " – " (components::when(&change.until, lang)) ", "
            (change.items.join(", "))
            @if change.downtime_minutes > 0 {
                ", " (lang.t("interruption :", "interruption:")) " " (change.downtime_minutes) " min"
            }
        }
        @if !change.collisions.is_empty() {
            p {
                (badge(Tone::Warning, lang.t("Même élément, même moment", "Same item, same time")))
                @for (number, href) in &change.collisions { " " a href=(href) { (lang.t("n°", "ticket")) " " (number) } }
            }
        }
    }
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let href = |number: u64| format!("/c/ateliers-garonne/tickets/{number}");
    let change = Planned {
        number: 431,
        href: href(431),
        title: lang.t("Passer l’ERP en version 7.3", "Move the ERP to version 7.3").into(),
        model: lang.t("changement normal", "normal change").into(),
        state: (lang.t("Prévu", "Planned").into(), Tone::Active),
        items: vec!["srv-erp".into()],
        from: sampling::at("2026-11-28T08:00"),
        until: sampling::at("2026-11-28T10:00"),
        downtime_minutes: 60,
        collisions: vec![(433, href(433))],
    };
    let other = Planned {
        number: 433,
        href: href(433),
        title: lang.t("Disque de srv-erp à remplacer", "Disk of srv-erp to be replaced").into(),
        model: lang.t("changement urgent", "emergency change").into(),
        state: (lang.t("En cours", "Under way").into(), Tone::Active),
        downtime_minutes: 0,
        collisions: vec![(431, href(431))],
        ..change.clone()
    };
    let title = lang.t("Semaine du 23 novembre 2026", "Week of 23 November 2026").into();
    let some = View {
        customer: sampling::garonne(),
        coming: true,
        weeks: vec![Week { title, changes: vec![change, other] }],
        previous: None,
        next: Some("/c/ateliers-garonne/changes?after=1790000000000000.433".into()),
    };
    let none = View { coming: false, weeks: Vec::new(), next: None, ..some.clone() };
    vec![("some", some), ("none", none)]
}
