//! The living contract: the signed text at left; at right, clause by clause, what the machine does
//! with it, its state today, the figure and the evidence.

mod samples;

use jiff::civil::Date;
use maud::{Markup, PreEscaped, html};

use crate::design::components::{self, Tone, badge, badge_with};
use crate::design::icon::Icon;
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell, format};

pub use samples::samples;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    pub id: String,
    pub title: String,
    /// « entre Régie Numérique Occitane SAS et Ateliers Garonne SAS ».
    pub parties: String,
    /// The language the text was signed in, which may not be the reader's.
    pub text_lang: Lang,
    /// Oldest first.
    pub versions: Vec<Version>,
    /// The day its state is shown for.
    pub as_of: Date,
    /// The reader signs for their party: an amendment is offered.
    pub may_sign: bool,
    /// The reader may prepare an amendment.
    pub may_draft: bool,
    pub articles: Vec<Article>,
}

/// One signed text of the contract.
#[derive(Clone, Debug)]
pub struct Version {
    /// « Contrat initial », « Avenant 1 ».
    pub label: String,
    pub signed: Date,
    pub effective: Date,
    pub when: VersionWhen,
    /// First characters of the text's hash.
    pub hash: String,
    /// What it changed, in one sentence.
    pub changes: String,
    pub href: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionWhen {
    Past,
    InForce,
    Future,
}

/// An article: its heading, then stretches of text each beside the clauses they carry.
#[derive(Clone, Debug)]
pub struct Article {
    /// Anchor of the article.
    pub anchor: String,
    /// « Article 7 – Délais de rétablissement ».
    pub heading: String,
    pub passages: Vec<Passage>,
}

/// Signed text and the clauses that follow it in the file.
#[derive(Clone, Debug)]
pub struct Passage {
    /// Trusted HTML, made from the signed Markdown with raw HTML escaped.
    pub html: String,
    pub clauses: Vec<Clause>,
}

/// A clause as the machine reads and runs it. Its anchor in the page is its label.
#[derive(Clone, Debug)]
pub struct Clause {
    pub label: String,
    /// « engagement », « périmètre ».
    pub kind: String,
    /// The compiler's sentence.
    pub reading_back: String,
    pub exception_to: Option<String>,
    pub state: ClauseState,
    /// « 94,12 % à temps ce trimestre ».
    pub figure: Option<String>,
    /// What the figure is made of, and where to see it.
    pub evidence: Vec<Evidence>,
    /// « 3 exemples vérifiés ».
    pub examples: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClauseState {
    Held,
    AtRisk,
    Missed,
    NotYetDue,
    /// The machine applies it; it is not a promise that can be missed.
    InForce,
    /// The machine records it and proves nothing.
    DeclaredOnly,
    /// The machine does not run this kind yet.
    NotRun,
    /// Replaced or ended by an amendment.
    Ended,
}

impl ClauseState {
    /// All states, worst first, as the summary lists them.
    pub const ALL: [ClauseState; 8] = [
        ClauseState::Missed,
        ClauseState::AtRisk,
        ClauseState::Held,
        ClauseState::NotYetDue,
        ClauseState::InForce,
        ClauseState::DeclaredOnly,
        ClauseState::NotRun,
        ClauseState::Ended,
    ];

    /// The edge of the clause in the page: only what needs attention is coloured.
    fn class(self) -> &'static str {
        match self {
            ClauseState::Missed => "bad",
            ClauseState::AtRisk => "warning",
            _ => "",
        }
    }

    fn badge(self, lang: Lang) -> Markup {
        match self {
            ClauseState::Held => badge(Tone::Good, lang.t("Tenue", "Held")),
            ClauseState::AtRisk => badge(Tone::Warning, lang.t("À risque", "At risk")),
            ClauseState::Missed => badge(Tone::Bad, lang.t("Manquée", "Missed")),
            ClauseState::NotYetDue => {
                badge_with(Tone::Quiet, Icon::Clock, lang.t("Pas encore due", "Not yet due"))
            }
            ClauseState::InForce => badge(Tone::Quiet, lang.t("En vigueur", "In force")),
            ClauseState::DeclaredOnly => {
                badge_with(Tone::Quiet, Icon::Pen, lang.t("Déclaratif", "Declared only"))
            }
            ClauseState::NotRun => badge(Tone::Quiet, lang.t("Pas encore exécutée", "Not run yet")),
            ClauseState::Ended => badge(Tone::Quiet, lang.t("Plus en vigueur", "No longer in force")),
        }
    }
}

/// A fact behind a figure.
#[derive(Clone, Debug)]
pub struct Evidence {
    pub text: String,
    pub href: Option<String>,
}

/// `GET /c/{customer}/contracts/{contract}`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    layout::page(
        shell,
        html! { (view.title) " " (view.id) },
        Place::Contract,
        html! {
            (layout::heading(
                html! { a href=(view.customer.path("")) { (view.customer.name) } " / " (view.id) },
                html! { (components::words(&view.title, lang)) },
                html! {
                    @if view.may_draft {
                        a.button href=(view.customer.path(&format!("/drafts?start=amendment:{}", view.id))) { (lang.t("Préparer un avenant", "Prepare an amendment")) }
                    }
                    @if view.may_sign {
                        a.button href=(view.customer.path("/contracts/new")) { (lang.t("Signer un avenant", "Sign an amendment")) }
                    }
                },
            ))
            p.lead { (components::words(&view.parties, lang)) }
            (summary(view, lang))
            (versions(&view.versions, lang))
            div.living {
                (contents(view, lang))
                div.articles {
                    p.living-heads aria-hidden="true" {
                        span { (lang.t("Le texte signé", "The signed text")) }
                        span { (lang.t("Ce que la machine en fait", "What the machine does with it")) }
                    }
                    @for article in &view.articles { (draw_article(view, article, lang)) }
                }
            }
        },
    )
}

fn clauses(view: &View) -> impl Iterator<Item = &Clause> {
    view.articles.iter().flat_map(|article| &article.passages).flat_map(|passage| &passage.clauses)
}

fn summary(view: &View, lang: Lang) -> Markup {
    html! {
        div.state-summary {
            p { (lang.t("État au", "State on")) " " (format::full_date(view.as_of, lang)) }
            ul {
                @for state in ClauseState::ALL {
                    @let count = clauses(view).filter(|clause| clause.state == state).count();
                    // To the first of them, so that what needs attention is one step away.
                    @if let Some(first) = clauses(view).find(|clause| clause.state == state) {
                        li { a href={ "#" (anchor(view, first)) } { strong { (count) } " " (state.badge(lang)) } }
                    }
                }
            }
        }
    }
}

fn versions(list: &[Version], lang: Lang) -> Markup {
    html! {
        section.versions aria-labelledby="versions" {
            h2.hidden id="versions" { (lang.t("Versions du contrat", "Versions of the contract")) }
            ol {
                @for version in list {
                    li class=[(version.when == VersionWhen::InForce).then_some("in-force")] {
                        p.version-name {
                            a href=(version.href) aria-current=[(version.when == VersionWhen::InForce).then_some("true")] { (version.label) }
                            @match version.when {
                                VersionWhen::InForce => (badge(Tone::Active, lang.t("en vigueur", "in force"))),
                                VersionWhen::Future => (badge(Tone::Quiet, lang.t("à venir", "to come"))),
                                VersionWhen::Past => {},
                            }
                        }
                        p { (components::words(&version.changes, lang)) }
                        p.muted.small {
                            (lang.t("Signé le", "Signed on")) " " (format::date(version.signed, lang)) ", "
                            (lang.t("effet le", "effective")) " " (format::date(version.effective, lang)) ", "
                            (lang.t("empreinte", "hash")) " " code { (version.hash) }
                        }
                    }
                }
            }
        }
    }
}

fn contents(view: &View, lang: Lang) -> Markup {
    html! {
        nav.contents aria-label=(lang.t("Sommaire du contrat", "Contents of the contract")) {
            p.contents-title { (lang.t("Sommaire", "Contents")) }
            ol {
                @for article in &view.articles {
                    li {
                        a href={ "#" (article.anchor) } lang=(view.text_lang.code()) { (components::words(&article.heading, view.text_lang)) }
                        @if let Some(worst) = worst(article) { (worst) }
                    }
                }
            }
        }
    }
}

/// A dot for an article that needs attention; its word is read, not seen.
fn worst(article: &Article) -> Option<Markup> {
    let states: Vec<ClauseState> =
        article.passages.iter().flat_map(|passage| &passage.clauses).map(|clause| clause.state).collect();
    let tone = if states.contains(&ClauseState::Missed) {
        Tone::Bad
    } else if states.contains(&ClauseState::AtRisk) {
        Tone::Warning
    } else {
        return None;
    };
    Some(html! { span class={ "sign " (tone.class()) } { (crate::design::icon::icon(tone.icon())) } })
}

fn draw_article(view: &View, article: &Article, lang: Lang) -> Markup {
    let text_lang = view.text_lang;
    let title =
        article.passages.iter().all(|passage| passage.html.trim().is_empty() && passage.clauses.is_empty());
    html! {
        article class={ "article" @if title { " title" } } aria-labelledby=(article.anchor) {
            h2 id=(article.anchor) lang=(text_lang.code()) { (components::words(&article.heading, text_lang)) }
            @for passage in &article.passages {
                div class={ "passage" @if passage.clauses.is_empty() { " prose" } } {
                    div.signed lang=(text_lang.code()) {
                        (PreEscaped(components::words(&cells(&passage.html), text_lang)))
                    }
                    @if !passage.clauses.is_empty() {
                        div.readings { @for clause in &passage.clauses { (draw_clause(view, clause, lang)) } }
                    }
                }
            }
        }
    }
}

/// Markdown's tables always have a heading row; an empty heading is no heading.
fn cells(html: &str) -> String {
    html.replace("<th></th>", "<td></td>")
}

/// The label of a clause is its anchor; a clause that an amendment replaced leaves it to the one in force.
fn anchor(view: &View, clause: &Clause) -> String {
    let ended = clause.state == ClauseState::Ended;
    let successor = |other: &Clause| other.label == clause.label && other.state != ClauseState::Ended;
    if ended && clauses(view).any(successor) {
        format!("{}-before", clause.label)
    } else {
        clause.label.clone()
    }
}

fn draw_clause(view: &View, clause: &Clause, lang: Lang) -> Markup {
    let anchor = anchor(view, clause);
    html! {
        section class={ "clause " (clause.state.class()) } id=(anchor) aria-label={ (lang.t("Clause", "Clause")) " " (anchor) } tabindex="-1" {
            p.clause-head { (clause.state.badge(lang)) code { (clause.label) } span.muted { (clause.kind) } }
            p.reading { (components::words(&clause.reading_back, lang)) }
            @if let Some(base) = &clause.exception_to {
                p.muted.small { (lang.t("Par exception à", "By exception to")) " " a href={ "#" (base) } { code { (base) } } }
            }
            @if let Some(figure) = &clause.figure { p.clause-figure { (components::words(figure, lang)) } }
            @if !clause.evidence.is_empty() {
                ul.evidence {
                    @for evidence in &clause.evidence {
                        li {
                            @match &evidence.href {
                                Some(href) => a href=(href) { (components::words(&evidence.text, lang)) },
                                None => (components::words(&evidence.text, lang)),
                            }
                        }
                    }
                }
            }
            @if let Some(examples) = &clause.examples { p.muted.small { (components::words(examples, lang)) } }
        }
    }
}
