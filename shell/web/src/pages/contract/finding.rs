//! Finding one's way in a contract: its clauses by state, its deadlines, its titles; one title at a time
//! on screen, the whole on paper.

use maud::{Markup, html};

use super::{Article, ClauseState, View, clauses};
use crate::design::components::{self, Tone, badge};
use crate::design::{Lang, format};

/// The address of the page, narrowed or whole.
pub(super) fn address(view: &View, narrowed: &str) -> String {
    view.customer.path(&format!("/contracts/{}{narrowed}", view.id))
}

/// How many clauses stand in each state: what needs attention is one step away.
pub(super) fn summary(view: &View, lang: Lang) -> Markup {
    html! {
        nav.state-summary aria-label=(lang.t("Clauses par état", "Clauses by state")) {
            p { (lang.t("État au", "State on")) " " (format::full_date(view.as_of, lang)) }
            ul {
                @for state in ClauseState::ALL {
                    @let count = clauses(view).filter(|clause| clause.state == state).count();
                    @if count > 0 {
                        li {
                            a href=(address(view, &format!("?state={}", state.code()))) aria-current=[(view.shown.state == Some(state)).then_some("true")] {
                                (badge(state.tone(), html! { (state.plural(lang)) " (" (count) ")" }))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What part of the text is on screen, and the way back to the whole.
pub(super) fn narrowed(view: &View, lang: Lang) -> Markup {
    let titled = view.shown.title.as_ref().and_then(|t| view.articles.iter().find(|a| a.anchor == *t));
    html! {
        @if titled.is_some() || view.shown.state.is_some() {
            p.narrowed {
                @if let Some(state) = view.shown.state {
                    (lang.t("Articles qui portent des clauses", "Articles with clauses")) " " strong { (state.plural(lang)) } ". "
                }
                @if let Some(title) = titled {
                    span lang=(view.text_lang.code()) { (components::words(&title.heading, view.text_lang)) } ". "
                }
                a href=(address(view, "")) { (lang.t("Voir tout le contrat", "See the whole contract")) }
            }
        }
    }
}

pub(super) fn deadlines(view: &View, lang: Lang) -> Markup {
    html! {
        @if !view.deadlines.is_empty() {
            p.contract-deadlines {
                @for (on, text) in &view.deadlines {
                    span { time datetime=(on) { strong { (format::date(*on, lang)) } } " " (components::words(text, lang)) }
                    ". "
                }
                a href=(view.customer.path(&format!("/duties?contract={}", view.id))) { (lang.t("Toutes les échéances et obligations", "All deadlines and duties")) }
            }
        }
    }
}

/// The title that an article stands under: the last one of level 1 before it.
fn title_of(view: &View, index: usize) -> Option<&Article> {
    view.articles[..=index].iter().rev().find(|a| a.level == 1)
}

pub(super) fn is_shown(view: &View, index: usize) -> bool {
    let article = &view.articles[index];
    let titled = view
        .shown
        .title
        .as_ref()
        .is_none_or(|wanted| title_of(view, index).is_some_and(|t| t.anchor == *wanted));
    let stated = view
        .shown
        .state
        .is_none_or(|wanted| article.passages.iter().flat_map(|p| &p.clauses).any(|c| c.state == wanted));
    titled && stated
}

/// By title where the contract has several: each opens alone.
pub(super) fn contents(view: &View, lang: Lang) -> Markup {
    let several = view.articles.iter().filter(|a| a.level == 1).count() > 1;
    html! {
        nav.contents aria-label=(lang.t("Sommaire du contrat", "Contents of the contract")) {
            p.contents-title { (lang.t("Sommaire", "Contents")) }
            ol {
                @for (index, article) in view.articles.iter().enumerate() {
                    @let title = several && article.level == 1;
                    li class=[title.then_some("contents-part")] {
                        a href=(contents_href(view, index, title)) lang=(view.text_lang.code())
                            aria-current=[(title && view.shown.title.as_ref() == Some(&article.anchor)).then_some("true")] {
                            (components::words(&article.heading, view.text_lang))
                        }
                        @if let Some(worst) = worst(article) { (worst) }
                    }
                }
            }
        }
    }
}

fn contents_href(view: &View, index: usize, title: bool) -> String {
    let anchor = &view.articles[index].anchor;
    if title {
        address(view, &format!("?title={anchor}"))
    } else if is_shown(view, index) {
        format!("#{anchor}")
    } else {
        address(view, &format!("#{anchor}"))
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
