//! The articles of a customer: all that the reader may read, and those to be read again.

use jiff::civil::Date;
use maud::{Markup, html};

use crate::design::components::{self, Choice, Tab, Tone, badge};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, format};
use crate::pages::sampling;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// The reader writes articles.
    pub writes: bool,
    /// Only those whose review is late.
    pub late: bool,
    pub state: String,
    pub audience: String,
    pub item: String,
    /// Choices for those who read drafts and internal articles; empty for others.
    pub states: Vec<Choice>,
    pub audiences: Vec<Choice>,
    pub items: Vec<Choice>,
    /// For those who read all of them.
    pub freshness: Option<Freshness>,
    pub lines: Vec<Line>,
    pub previous: Option<String>,
    pub next: Option<String>,
}

#[derive(Clone, Copy, Debug)]
pub struct Freshness {
    pub published: u64,
    pub overdue: u64,
    /// Of the published ones, read again in time; `None` while nothing is published.
    pub percent: Option<u64>,
}

/// Where an article stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Draft,
    Published,
    Retired,
}

#[derive(Clone, Debug)]
pub struct Line {
    pub number: u64,
    pub href: String,
    pub title: String,
    pub runbook: bool,
    pub state: State,
    pub internal: bool,
    /// « Serveur ERP », « Déplacement sur site ».
    pub about: Vec<String>,
    pub owner: String,
    pub review_by: Option<Date>,
    pub overdue: bool,
    /// Tickets it helped with; `None` where the reader is not told.
    pub helped: Option<u64>,
}

/// What an article is, where it stands and who reads it, in a few words each.
pub fn marks(runbook: bool, state: State, internal: bool, lang: Lang) -> Markup {
    html! {
        @if runbook { (badge(Tone::Active, lang.t("Procédure", "Runbook"))) " " }
        @match state {
            State::Draft => { (badge(Tone::Warning, lang.t("Brouillon", "Draft"))) " " },
            State::Retired => { (badge(Tone::Quiet, lang.t("Retiré", "Retired"))) " " },
            State::Published => {},
        }
        @if internal { (badge(Tone::Quiet, lang.t("Interne", "Internal"))) }
    }
}

/// The day before which it is to be read again.
pub fn review(day: Option<Date>, overdue: bool, lang: Lang) -> Markup {
    html! {
        @match day {
            Some(day) if overdue => (badge(Tone::Bad, html! { (lang.t("depuis le", "since")) " " (format::date(day, lang)) })),
            Some(day) => (format::date(day, lang)),
            None => span.muted { (lang.t("sans date", "no date")) },
        }
    }
}

/// `GET /c/{customer}/knowledge`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Base de connaissances", "Knowledge base");
    layout::page(
        shell,
        title,
        Place::Knowledge,
        html! {
            (layout::heading(
                html! { a href=(view.customer.path("")) { (view.customer.name) } },
                title,
                html! {
                    @if view.writes {
                        a.button.primary href=(view.customer.path("/knowledge/new")) { (lang.t("Écrire un article", "Write an article")) }
                    }
                },
            ))
            @if let Some(freshness) = view.freshness { (fresh(view, freshness, lang)) }
            @if !view.late { (filters(view, lang)) }
            @if view.lines.is_empty() { (nothing(view, lang)) }
            @else { (lines(view, lang)) }
            (components::pager(view.previous.as_deref(), view.next.as_deref(), lang))
        },
    )
}

fn fresh(view: &View, freshness: Freshness, lang: Lang) -> Markup {
    let Freshness { published, overdue, percent } = freshness;
    html! {
        p.lead {
            @match percent {
                Some(percent) => {
                    strong { (format::percent(i64::try_from(percent).unwrap_or(0) * 100, lang)) } " "
                    (lang.t("des articles publiés sont relus à temps", "of the published articles were reviewed in time"))
                    " (" (published - overdue) (lang.t(" sur ", " of ")) (published) ")."
                },
                None => (lang.t("Aucun article publié : rien à mesurer.", "No published article: nothing to measure.")),
            }
        }
        (components::tabs(lang.t("Quels articles", "Which articles"), &[
            Tab::new(view.customer.path("/knowledge"), lang.t("Tous", "All"), !view.late),
            Tab::new(
                view.customer.path("/knowledge?late=1"),
                html! { (lang.t("À relire", "To review")) " (" (overdue) ")" },
                view.late,
            ),
        ]))
    }
}

fn filters(view: &View, lang: Lang) -> Markup {
    html! {
        form.toolbar method="get" action=(view.customer.path("/knowledge")) {
            @if !view.states.is_empty() {
                (components::select("state", "state", lang.t("État", "State"), &view.states, &view.state))
                (components::select("audience", "audience", lang.t("Lecteurs", "Readers"), &view.audiences, &view.audience))
            }
            (components::select("item", "item", lang.t("Élément du parc", "Item"), &view.items, &view.item))
            button type="submit" { (lang.t("Filtrer", "Filter")) }
        }
    }
}

fn nothing(view: &View, lang: Lang) -> Markup {
    if view.late {
        return components::empty(
            lang.t("Tout est relu à temps", "Everything was reviewed in time"),
            lang.t(
                "Un article dont la date de relecture est passée paraît ici, avec la personne qui en répond.",
                "An article whose date of review has passed shows here, with the person who answers for it.",
            ),
            None,
        );
    }
    components::empty(
        lang.t("Aucun article", "No article"),
        lang.t(
            "Ce qui est su d’un élément, d’une opération ou d’une panne s’écrit une fois et se lit ici.",
            "What is known of an item, an operation or a breakdown is written once and read here.",
        ),
        None,
    )
}

fn lines(view: &View, lang: Lang) -> Markup {
    let columns = [
        Column::name(lang.t("Article", "Article")),
        Column::text(lang.t("À propos de", "About")),
        Column::text(lang.t("Responsable", "Owner")),
        Column::text(lang.t("À relire avant le", "To review by")),
        Column::text(lang.t("A aidé", "Helped")),
    ];
    let rows = view.lines.iter().map(|line| {
        Row::new(vec![
            html! {
                a href=(line.href) { (components::words(&line.title, lang)) } " "
                (marks(line.runbook, line.state, line.internal, lang))
            },
            html! { (components::words(&line.about.join(", "), lang)) },
            html! { (line.owner) },
            review(line.review_by, line.overdue, lang),
            html! { @if let Some(helped) = line.helped { (format::count(helped, lang)) } },
        ])
    });
    table("articles", lang.t("Articles et procédures", "Articles and runbooks"), &columns, rows.collect())
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let line = |number, title: crate::design::Text, state, internal, overdue| Line {
        number,
        href: format!("/c/ateliers-garonne/knowledge/{number}"),
        title: title.into(),
        runbook: number == 3,
        state,
        internal,
        about: vec!["srv-erp".into(), lang.t("Assistance aux utilisateurs", "User support").into()],
        owner: "Hugo Delmas".into(),
        review_by: Some(sampling::day(if overdue { "2026-09-30" } else { "2027-04-30" })),
        overdue,
        helped: Some(number),
    };
    let all = View {
        customer: sampling::garonne(),
        writes: true,
        late: false,
        state: String::new(),
        audience: String::new(),
        item: String::new(),
        states: vec![Choice::new("", lang.t("Tous", "All"))],
        audiences: vec![Choice::new("", lang.t("Tous", "All"))],
        items: vec![Choice::new("", lang.t("Tous", "All"))],
        freshness: Some(Freshness { published: 3, overdue: 1, percent: Some(66) }),
        lines: vec![
            line(
                3,
                lang.t("Redémarrer le serveur ERP", "Restart the ERP server"),
                State::Published,
                true,
                true,
            ),
            line(2, lang.t("Se connecter de chez soi", "Connect from home"), State::Published, false, false),
            line(1, lang.t("Changer le toner", "Change the toner"), State::Draft, true, false),
        ],
        previous: None,
        next: Some("/c/ateliers-garonne/knowledge?before=1".into()),
    };
    let late = View { late: true, lines: vec![all.lines[0].clone()], next: None, ..all.clone() };
    let reader = View {
        writes: false,
        states: Vec::new(),
        audiences: Vec::new(),
        freshness: None,
        lines: vec![all.lines[1].clone()],
        next: None,
        ..all.clone()
    };
    let none = View { lines: Vec::new(), ..reader.clone() };
    vec![("all", all), ("late", late), ("reader", reader), ("none", none)]
}
