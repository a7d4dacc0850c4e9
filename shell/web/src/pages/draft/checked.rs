//! What the compiler says of the text as it stands: the remarks, then each article read back.

use maud::{Markup, html};

use super::tone;
use crate::design::components::{self, Tone, badge};
use crate::design::icon::icon;
use crate::design::{Lang, Text, format};

#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// In the order of the text.
    pub remarks: Vec<Remark>,
    pub articles: Vec<Article>,
}

/// One remark.
#[derive(Clone, Debug)]
pub struct Remark {
    pub severity: Severity,
    pub code: String,
    /// In the text itself, from 1; `None`: in the contract that it amends.
    pub line: Option<u32>,
    /// « ligne 12 », or the place in the other text.
    pub place: String,
    pub message: String,
    pub help: String,
    /// Other places that take part.
    pub related: Vec<(Option<u32>, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    Error,
    Warning,
    Advice,
}

impl Severity {
    pub fn word(self, lang: Lang) -> Text {
        match self {
            Severity::Error => lang.t("Erreur", "Error"),
            Severity::Warning => lang.t("À regarder", "To look at"),
            Severity::Advice => lang.t("Conseil", "Advice"),
        }
    }

    /// As the script and the style sheet name it.
    pub fn code(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Advice => "advice",
        }
    }
}

/// An article and the rules under it.
#[derive(Clone, Debug)]
pub struct Article {
    pub title: String,
    pub level: u8,
    pub line: u32,
    pub clauses: Vec<Clause>,
}

#[derive(Clone, Debug)]
pub struct Clause {
    pub label: String,
    /// The kind's name, as the text writes it.
    pub kind: String,
    pub line: u32,
    /// Empty when it did not compile.
    pub reading: String,
    pub state: ClauseState,
    /// It can be edited by form.
    pub has_form: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClauseState {
    Sound,
    Broken,
}

/// The part of the page that follows the text as it is typed.
pub fn checked(view: &Checked, closed: bool, text_lang: Lang, lang: Lang) -> Markup {
    html! {
        section.panel aria-labelledby="remarks" {
            div.panel-head {
                h2 id="remarks" tabindex="-1" { (lang.t("Remarques", "Remarks")) }
                p.remark-count id="remark-count" role="status" { (count(&view.remarks, lang)) }
            }
            @if view.remarks.is_empty() {
                p.muted { (lang.t("Le texte compile : chaque règle se lit d’une seule façon.", "The text compiles: each rule reads one way only.")) }
            } @else {
                ol.remarks { @for remark in &view.remarks { (self::remark(remark, lang)) } }
            }
        }
        section.panel aria-labelledby="reading" {
            h2 id="reading" tabindex="-1" { (lang.t("Ce que la machine en lit", "What the machine reads")) }
            ol.outline {
                @for article in &view.articles {
                    li {
                        p class={ "outline-article level-" (article.level) } lang=[(article.level > 0).then_some(text_lang.code())] { (line_link(Some(article.line), html! { (components::words(&article.title, lang)) })) }
                        @for clause in &article.clauses { (draw_clause(clause, closed, lang)) }
                    }
                }
            }
        }
    }
}

/// « 2 erreurs, 1 avertissement ».
fn count(remarks: &[Remark], lang: Lang) -> Markup {
    let of = |severity| remarks.iter().filter(|r| r.severity == severity).count();
    let (errors, warnings, advice) = (of(Severity::Error), of(Severity::Warning), of(Severity::Advice));
    let plural = |n: usize| if n > 1 { "s" } else { "" };
    html! {
        @if errors > 0 {
            (badge(Tone::Bad, match lang {
                Lang::Fr => format!("{errors} erreur{}", plural(errors)),
                Lang::En => format!("{errors} error{}", plural(errors)),
            }))
        } @else { (badge(Tone::Good, lang.t("Compile", "Compiles"))) }
        @if warnings > 0 {
            " " (badge(Tone::Warning, match lang {
                Lang::Fr => format!("{warnings} à regarder"),
                Lang::En => format!("{warnings} to look at"),
            }))
        }
        @if advice > 0 {
            " " (badge(Tone::Quiet, match lang {
                Lang::Fr => format!("{advice} conseil{}", plural(advice)),
                Lang::En => format!("{advice} advice"),
            }))
        }
    }
}

/// One remark, in a list.
pub fn remark(remark: &Remark, lang: Lang) -> Markup {
    let tone = tone(remark.severity);
    html! {
        li class={ "remark " (tone.class()) } data-severity=(remark.severity.code()) data-line=[remark.line]
            data-message=(components::words(&remark.message, lang)) {
            p.remark-head {
                (icon(tone.icon())) strong { (remark.severity.word(lang)) }
                " " (line_link(remark.line, html! { (remark.place) }))
                " " code { (remark.code) }
            }
            p { (components::words(&remark.message, lang)) }
            @if !remark.help.is_empty() { p.help { (components::words(&remark.help, lang)) } }
            @for (line, message) in &remark.related {
                p.small.muted { (components::words(message, lang)) @if let Some(number) = line { ", " (line_link(*line, html! { (lang.t("ligne", "line")) " " (format::count(u64::from(*number), lang)) })) } }
            }
        }
    }
}

/// Leads to a line of the text: by the script, to the line; without it, to the text.
fn line_link(line: Option<u32>, words: Markup) -> Markup {
    html! {
        @match line {
            Some(line) => a.line-link href="#text" data-go=(line) { (words) },
            None => span { (words) },
        }
    }
}

fn draw_clause(clause: &Clause, closed: bool, lang: Lang) -> Markup {
    html! {
        div.outline-clause id={ "clause-" (clause.label) } data-line=(clause.line) {
            p.clause-head {
                code { (line_link(Some(clause.line), html! { (clause.label) })) }
                span.muted { (clause.kind) }
                @if clause.state == ClauseState::Broken { (badge(Tone::Bad, lang.t("Ne compile pas", "Does not compile"))) }
                @if clause.has_form && !closed {
                    button.link type="submit" form="draft" name="act" value={ "edit:" (clause.label) }
                        aria-label={ (lang.t("Modifier par formulaire", "Edit by form")) " " (clause.label) } { (lang.t("Formulaire", "Form")) }
                }
            }
            @if !clause.reading.is_empty() { p.reading { (components::words(&clause.reading, lang)) } }
        }
    }
}
