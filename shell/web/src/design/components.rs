//! The pieces pages are made of.

use jiff::Zoned;
use maud::{Markup, Render, html};

use super::format;
use super::icon::{Icon, icon};
use super::lang::{Lang, Text, spaced};
use super::shell::Shell;

/// What a state means to the reader; always shown with a word and a sign, never by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Kept, done, included.
    Good,
    /// Needs attention before it is too late.
    Warning,
    /// Missed, refused, late.
    Bad,
    /// Running normally; the accent.
    Active,
    /// Nothing to judge: waiting, closed, not started.
    Quiet,
}

impl Tone {
    /// The class that colours it.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Warning => "warning",
            Tone::Bad => "bad",
            Tone::Active => "active",
            Tone::Quiet => "quiet",
        }
    }

    /// The sign that goes with it.
    pub fn icon(self) -> Icon {
        match self {
            Tone::Good => Icon::Check,
            Tone::Warning => Icon::Alert,
            Tone::Bad => Icon::Cross,
            Tone::Active => Icon::Clock,
            Tone::Quiet => Icon::Minus,
        }
    }
}

/// One reason behind a result: an article, what it says here, and the arithmetic if there is any.
#[derive(Clone, Debug)]
pub struct Reason {
    /// « Article 7 », with its amendment if that matters.
    pub article: String,
    /// The clause's label in the contract file.
    pub label: String,
    /// One sentence, in the reader's language.
    pub text: String,
    /// « 240 min de 16:00 à 18:00 puis de 09:00 à 11:00 ».
    pub arithmetic: Option<String>,
    /// The clause's anchor in the living contract.
    pub href: Option<String>,
}

/// A state in a word, with its sign.
pub fn badge(tone: Tone, word: impl Render) -> Markup {
    html! { span class={ "badge " (tone.class()) } { (icon(tone.icon())) (word) } }
}

/// A state in a word, with a sign of its own.
pub fn badge_with(tone: Tone, sign: Icon, word: impl Render) -> Markup {
    html! { span class={ "badge " (tone.class()) } { (icon(sign)) (word) } }
}

/// A ticket's priority, weighted by how urgent it is: the contract's code, in words where it is one.
pub fn priority(code: &str, lang: Lang) -> Markup {
    let word = match code {
        "critical" => lang.t("Critique", "Critical"),
        "blocking" => lang.t("Bloquante", "Blocking"),
        "major" => lang.t("Majeure", "Major"),
        "minor" => lang.t("Mineure", "Minor"),
        "high" => lang.t("Haute", "High"),
        "medium" => lang.t("Moyenne", "Medium"),
        "low" => lang.t("Basse", "Low"),
        _ => return html! { span.priority data-level=(code) { (code) } },
    };
    html! { span.priority data-level=(code) { (word) } }
}

/// An instant, readable by people and machines.
pub fn when(at: &Zoned, lang: Lang) -> Markup {
    html! { time datetime=(format::machine(at)) { (format::instant(at, lang)) } }
}

/// An instant of this year, readable by people and machines.
pub fn when_short(at: &Zoned, lang: Lang) -> Markup {
    html! { time datetime=(format::machine(at)) { (format::short_instant(at, lang)) } }
}

/// Words given by the view, with French spaces where they belong.
pub fn words(text: &str, lang: Lang) -> String {
    match lang {
        Lang::Fr => spaced(text),
        Lang::En => text.to_owned(),
    }
}

/// The reasons of a result, each leading to its article.
pub fn reasons(list: &[Reason], lang: Lang) -> Markup {
    html! {
        ol.reasons {
            @for (index, reason) in list.iter().enumerate() {
                li {
                    @if names_its_source(list, index) {
                        p.reason-source {
                            @match &reason.href {
                                Some(href) => a href=(href) { (reason.article) },
                                None => span { (reason.article) },
                            }
                            " " code { (reason.label) }
                        }
                    }
                    p { (words(&reason.text, lang)) }
                    @if let Some(arithmetic) = &reason.arithmetic {
                        p.arithmetic { (words(arithmetic, lang)) }
                    }
                }
            }
        }
    }
}

/// A clause that gives several reasons in a row is named once; a plain fact names none.
fn names_its_source(list: &[Reason], index: usize) -> bool {
    let source = |reason: &Reason| (reason.article.clone(), reason.label.clone());
    let here = source(&list[index]);
    let before = index.checked_sub(1).and_then(|at| list.get(at)).map(source);
    !here.0.is_empty() && before != Some(here)
}

/// Reasons folded under a question.
pub fn why(question: impl Render, list: &[Reason], lang: Lang) -> Markup {
    html! {
        // Whoever may read no reason is asked no question either.
        @if !list.is_empty() {
            details.why {
                summary { (question) }
                (reasons(list, lang))
            }
        }
    }
}

/// A section with its heading; `id` is its anchor.
pub fn section(id: &str, title: impl Render, body: Markup) -> Markup {
    html! {
        section.panel aria-labelledby=(id) {
            h2 id=(id) { (title) }
            (body)
        }
    }
}

/// A section whose heading carries something at its right.
pub fn section_with(id: &str, title: impl Render, aside: Markup, body: Markup) -> Markup {
    html! {
        section.panel aria-labelledby=(id) {
            div.panel-head { h2 id=(id) { (title) } div.panel-aside { (aside) } }
            (body)
        }
    }
}

/// What to do when there is nothing to show.
pub fn empty(title: impl Render, advice: impl Render, act: Option<(String, String)>) -> Markup {
    html! {
        div.empty {
            p.empty-title { (title) }
            p { (advice) }
            @if let Some((href, label)) = act {
                p { a.button href=(href) { (label) } }
            }
        }
    }
}

/// A form that acts: it always carries the session's proof and an idempotency key.
pub fn act(shell: &Shell, action: &str, key: &str, class: &str, body: Markup) -> Markup {
    html! {
        form method="post" action=(action) class=(class) {
            input type="hidden" name="csrf" value=(shell.csrf);
            input type="hidden" name="key" value=(key);
            (body)
        }
    }
}

/// As [`act`], for a form that also carries files; they are its last field.
pub fn act_with_files(shell: &Shell, action: &str, key: &str, class: &str, body: Markup) -> Markup {
    html! {
        form method="post" action=(action) class=(class) enctype="multipart/form-data" {
            // The proof is the first field: no file is read before it.
            input type="hidden" name="csrf" value=(shell.csrf);
            input type="hidden" name="key" value=(key);
            (body)
        }
    }
}

/// The files that go with a message or a ticket.
pub fn files(id: &str, lang: Lang) -> Markup {
    let hint = format!("{id}-hint");
    html! {
        div.field {
            label for=(id) { (lang.t("Joindre des fichiers", "Attach files")) }
            input type="file" id=(id) name="files" multiple aria-describedby=(hint);
            span.hint id=(hint) { (lang.t("20 Mio chacun, 10 à la fois ; pas de programme.", "20 MiB each, 10 at once; no program.")) }
        }
    }
}

/// A choice offered by a select.
#[derive(Clone, Debug)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Choice { value: value.into(), label: label.into() }
    }
}

/// A labelled select; an empty first choice when nothing is chosen yet.
pub fn select(id: &str, name: &str, label: impl Render, choices: &[Choice], chosen: &str) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            select id=(id) name=(name) {
                @for choice in choices {
                    option value=(choice.value) selected[choice.value == chosen] { (choice.label) }
                }
            }
        }
    }
}

/// Boxes to tick, each sent under the same name; nothing when there is nothing to choose.
pub fn boxes(
    id: &str,
    name: &str,
    label: impl Render,
    choices: &[Choice],
    chosen: &[String],
    lang: Lang,
) -> Markup {
    html! {
        @if !choices.is_empty() {
            fieldset.checks id=(id) {
                legend { (label) }
                div.boxes {
                    @for (index, choice) in choices.iter().enumerate() {
                        div.check {
                            input type="checkbox" id={ (id) "-" (index) } name=(name) value=(choice.value)
                                checked[chosen.contains(&choice.value)];
                            label for={ (id) "-" (index) } { (words(&choice.label, lang)) }
                        }
                    }
                }
            }
        }
    }
}

/// A labelled text area.
pub fn text_area(id: &str, name: &str, label: impl Render, rows: u8, value: &str) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            textarea id=(id) name=(name) rows=(rows) required { (value) }
        }
    }
}

/// A labelled text area that may stay empty.
pub fn optional_area(id: &str, name: &str, label: impl Render, rows: u8, value: &str) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            textarea id=(id) name=(name) rows=(rows) { (value) }
        }
    }
}

/// A labelled one-line input of type text.
pub fn input(id: &str, name: &str, label: impl Render, value: &str) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            input type="text" id=(id) name=(name) value=(value) required;
        }
    }
}

/// Pairs of a name and a value.
pub fn facts(pairs: Vec<(Markup, Markup)>) -> Markup {
    html! {
        dl.facts {
            @for (name, value) in pairs {
                div { dt { (name) } dd { (value) } }
            }
        }
    }
}

/// One of the views that tabs lead to.
pub struct Tab {
    href: String,
    label: Markup,
    current: bool,
}

impl Tab {
    /// `current` is the one in sight.
    pub fn new(href: impl Into<String>, label: impl Render, current: bool) -> Self {
        Tab { href: href.into(), label: label.render(), current }
    }
}

/// Views of a page, one beside the other; links, which work without script and can be kept.
pub fn tabs(label: impl Render, tabs: &[Tab]) -> Markup {
    html! {
        nav.tabs aria-label=(label) {
            ul {
                @for tab in tabs {
                    li { a href=(tab.href) aria-current=[tab.current.then_some("page")] { (tab.label) } }
                }
            }
        }
    }
}

/// The links to the neighbouring pages of a list, the only one of its page.
pub fn pager(previous: Option<&str>, next: Option<&str>, lang: Lang) -> Markup {
    pager_of(lang.t("Pages de la liste", "Pages of the list"), (previous, next), lang)
}

/// The same for one of several, named after its list: each landmark of a page has a name of its own.
pub fn pager_of(name: Text, (previous, next): (Option<&str>, Option<&str>), lang: Lang) -> Markup {
    html! {
        @if previous.is_some() || next.is_some() {
            nav.pager aria-label=(name) {
                @if let Some(href) = previous {
                    a.button.plain href=(href) rel="prev" { (lang.t("← Précédents", "← Previous")) }
                }
                @if let Some(href) = next {
                    a.button.plain href=(href) rel="next" { (lang.t("Suivants →", "Next →")) }
                }
            }
        }
    }
}
