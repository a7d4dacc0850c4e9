//! The living contract: the signed text at left; at right, clause by clause, what the machine does
//! with it, its state today, the figure and the evidence.

mod finding;
mod samples;
mod versions;

use jiff::civil::Date;
use maud::{Markup, PreEscaped, html};

use crate::design::components::{self, Tone, badge, badge_with};
use crate::design::icon::Icon;
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell};

use finding::{address, contents, deadlines, is_shown, narrowed, summary};
pub use samples::samples;
pub use versions::{Lacking, Signature, Version, VersionWhen};

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
    /// It has levels of escalation: a page says whom they tell.
    pub has_levels: bool,
    /// The part of the text that is shown on screen; on paper, all of it is.
    pub shown: Shown,
    /// The next days that somebody must not miss.
    pub deadlines: Vec<(Date, String)>,
    pub articles: Vec<Article>,
}

/// What the reader asked to see: the whole when nothing is said.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// The anchor of a title.
    pub title: Option<String>,
    pub state: Option<ClauseState>,
}

/// An article: its heading, then stretches of text each beside the clauses they carry.
#[derive(Clone, Debug)]
pub struct Article {
    /// Anchor of the article.
    pub anchor: String,
    /// 1 for a title, which holds the articles that follow.
    pub level: u8,
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
    /// The figure to the last decimal, where what is shown is cut.
    pub exact: Option<String>,
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

    /// The word used in addresses.
    pub fn code(self) -> &'static str {
        match self {
            ClauseState::Missed => "missed",
            ClauseState::AtRisk => "at-risk",
            ClauseState::Held => "held",
            ClauseState::NotYetDue => "not-yet-due",
            ClauseState::InForce => "applied",
            ClauseState::DeclaredOnly => "declared",
            ClauseState::NotRun => "not-run",
            ClauseState::Ended => "ended",
        }
    }

    pub fn from_code(code: &str) -> Option<ClauseState> {
        ClauseState::ALL.into_iter().find(|s| s.code() == code)
    }

    /// « manquées », of several clauses.
    fn plural(self, lang: Lang) -> crate::design::Text {
        match self {
            ClauseState::Missed => lang.t("manquées", "missed"),
            ClauseState::AtRisk => lang.t("à risque", "at risk"),
            ClauseState::Held => lang.t("tenues", "held"),
            ClauseState::NotYetDue => lang.t("pas encore dues", "not yet due"),
            ClauseState::InForce => lang.t("en vigueur", "in force"),
            ClauseState::DeclaredOnly => lang.t("déclaratives", "declared only"),
            ClauseState::NotRun => lang.t("pas encore exécutées", "not run yet"),
            ClauseState::Ended => lang.t("plus en vigueur", "no longer in force"),
        }
    }

    fn tone(self) -> Tone {
        match self {
            ClauseState::Missed => Tone::Bad,
            ClauseState::AtRisk => Tone::Warning,
            ClauseState::Held => Tone::Good,
            _ => Tone::Quiet,
        }
    }

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
                    @if view.has_levels {
                        a.button href=(view.customer.path("/escalation")) { (lang.t("Qui est prévenu", "Who is told")) }
                    }
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
            (deadlines(view, lang))
            (versions::timeline(&view.versions, lang))
            div.living {
                (contents(view, lang))
                div.articles {
                    p.living-heads aria-hidden="true" {
                        span { (lang.t("Le texte signé", "The signed text")) }
                        span { (lang.t("Ce que la machine en fait", "What the machine does with it")) }
                    }
                    (narrowed(view, lang))
                    @for (index, article) in view.articles.iter().enumerate() { (draw_article(view, index, article, lang)) }
                }
            }
        },
    )
}

fn clauses(view: &View) -> impl Iterator<Item = &Clause> {
    view.articles.iter().flat_map(|article| &article.passages).flat_map(|passage| &passage.clauses)
}

fn draw_article(view: &View, index: usize, article: &Article, lang: Lang) -> Markup {
    let text_lang = view.text_lang;
    let title =
        article.passages.iter().all(|passage| passage.html.trim().is_empty() && passage.clauses.is_empty());
    html! {
        article class={ "article" @if title { " title" } @if !is_shown(view, index) { " elsewhere" } } aria-labelledby=(article.anchor) {
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
                p.muted.small { (lang.t("Par exception à", "By exception to")) " " a href=(address(view, &format!("#{base}"))) { code { (base) } } }
            }
            @if let Some(figure) = &clause.figure { p.clause-figure title=[clause.exact.as_ref()] { (components::words(figure, lang)) } }
            @if !clause.evidence.is_empty() {
                details.why open[matches!(clause.state, ClauseState::Missed | ClauseState::AtRisk)] {
                    summary { (lang.t("Pourquoi ?", "Why?")) }
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
            }
            @if let Some(examples) = &clause.examples { p.muted.small { (components::words(examples, lang)) } }
        }
    }
}
