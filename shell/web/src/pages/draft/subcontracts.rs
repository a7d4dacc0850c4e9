//! What the text rests on: the subcontractors that it names, and the texts of their contracts.

use maud::{Markup, html};

use crate::design::components::{self, Tone, badge};
use crate::design::{Lang, format};

#[derive(Clone, Debug, Default)]
pub struct Subcontracts {
    /// In the order of the text.
    pub named: Vec<Named>,
    /// In the order they were given.
    pub attached: Vec<Attached>,
    /// What the form says, if it comes back.
    pub name: String,
    pub text: String,
}

/// A subcontractor that the text names.
#[derive(Clone, Debug)]
pub struct Named {
    pub name: String,
    /// The labels of the promises that rest on it.
    pub relied_on_for: Vec<String>,
    /// Its contract is with another subcontractor, not with the provider.
    pub below: bool,
    /// The name of its contract's text, if it is given.
    pub given: Option<String>,
}

/// The text of a subcontract.
#[derive(Clone, Debug)]
pub struct Attached {
    pub id: String,
    pub name: String,
    /// SHA-256 of the text, lower-case hex.
    pub hash: String,
    pub given: jiff::Zoned,
    pub bytes: usize,
}

pub(super) fn section(view: &Subcontracts, closed: bool, lang: Lang) -> Markup {
    html! {
        section.panel.subcontracts aria-labelledby="subcontracts" {
            h2 id="subcontracts" tabindex="-1" { (lang.t("Sous-contrats", "Subcontracts")) }
            p.muted {
                (lang.t("Chaque promesse faite au client est comparée à ce qui est acheté ; le résultat est dans la liste de la signature.",
                        "Each promise to the customer is compared with what is bought; the result is in the list of the signature."))
            }
            @if !view.named.is_empty() {
                ul.subcontractors { @for named in &view.named { (subcontractor(named, lang)) } }
            }
            @if !view.attached.is_empty() {
                h3 { (lang.t("Textes donnés", "Texts given")) }
                ul.subcontractors { @for attached in &view.attached { (given(attached, closed, lang)) } }
            }
            @if !closed { (form(view, lang)) }
        }
    }
}

fn subcontractor(named: &Named, lang: Lang) -> Markup {
    html! {
        li {
            p {
                strong { (named.name) } " "
                @match &named.given {
                    Some(text) => { (badge(Tone::Good, lang.t("Texte donné", "Text given"))) " " span.muted { (text) } },
                    None if named.below => (badge(Tone::Quiet, lang.t("Répond à un autre sous-traitant", "Answers to another subcontractor"))),
                    None if named.relied_on_for.is_empty() => (badge(Tone::Quiet, lang.t("Texte non donné ; aucune promesse n’en dépend", "Text not given; no promise rests on it"))),
                    None => (badge(Tone::Bad, lang.t("Texte non donné", "Text not given"))),
                }
            }
            @if !named.relied_on_for.is_empty() {
                p.small.muted {
                    (lang.t("En dépendent :", "Resting on it:"))
                    @for label in &named.relied_on_for { " " code { (label) } }
                }
            }
        }
    }
}

fn given(attached: &Attached, closed: bool, lang: Lang) -> Markup {
    html! {
        li {
            p {
                strong { (attached.name) } " "
                span.muted {
                    (format::count(attached.bytes as u64, lang)) " " (lang.t("octets", "bytes")) ", "
                    (components::when_short(&attached.given, lang))
                }
                @if !closed {
                    " " button.link type="submit" name="act" value={ "detach:" (attached.id) } formnovalidate
                        aria-label={ (lang.t("Retirer", "Take away")) " " (attached.name) } { (lang.t("Retirer", "Take away")) }
                }
            }
            p.small { "SHA-256 " code.sub { (attached.hash) } }
        }
    }
}

fn form(view: &Subcontracts, lang: Lang) -> Markup {
    html! {
        details open[!view.text.is_empty() || view.attached.is_empty()] {
            summary { (lang.t("Donner le texte d’un sous-contrat", "Give the text of a subcontract")) }
            div.field {
                label for="subcontract_name" { (lang.t("Nom du texte", "Name of the text")) }
                p.hint id="subcontract-name-hint" { (lang.t("Tel que les remarques le citeront.", "As remarks will quote it.")) }
                input type="text" id="subcontract_name" name="subcontract_name" value=(view.name) maxlength="120"
                    placeholder="sous-contrat.md" aria-describedby="subcontract-name-hint";
            }
            // Shown by the script, which reads the file into the field below.
            div.field id="subcontract-file-field" hidden {
                label for="subcontract-file" { (lang.t("Choisir un fichier", "Choose a file")) }
                input type="file" id="subcontract-file" accept=".md,text/markdown,text/plain";
            }
            div.field {
                label for="subcontract_text" { (lang.t("Texte (Markdown et règles en TOML)", "Text (Markdown, and rules in TOML)")) }
                textarea id="subcontract_text" name="subcontract_text" rows="6" spellcheck="false" { "\n" (view.text) }
            }
            button type="submit" name="act" value="attach" { (lang.t("Enregistrer et comparer", "Save and compare")) }
        }
    }
}
