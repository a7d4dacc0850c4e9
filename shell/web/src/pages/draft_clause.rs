//! One clause as a form, made from the compiler's own table of fields.

mod inputs;
mod samples;

use maud::{Markup, html};

use crate::design::components::{self, Choice};
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell};
use crate::pages::draft::Remark;

pub use inputs::{Input, Shape};
pub use samples::samples;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// The draft's address, under the customer's, and its title.
    pub draft: String,
    pub draft_title: String,
    /// Where the form goes, under the customer's address.
    pub action: String,
    pub key: String,
    /// Of the draft it was filled in from.
    pub version: u32,
    /// The kind's name, and what it is for.
    pub kind: String,
    pub doc: String,
    /// `None` for a clause being added: its article is asked.
    pub label: Option<String>,
    pub head: Head,
    pub inputs: Vec<Input>,
    /// Where it can be added, and where it will be.
    pub articles: Vec<Choice>,
    pub under: String,
    /// The block as it will stand in the text; empty before anything is said.
    pub block: String,
    /// How the machine reads it; empty when it does not compile.
    pub reading: String,
    /// What the compiler says of this block.
    pub remarks: Vec<Remark>,
    /// Why the form came back.
    pub problem: Option<String>,
}

/// What every clause says before its own fields.
#[derive(Clone, Debug, Default)]
pub struct Head {
    pub label: String,
    /// It takes a guard and may except another rule.
    pub guarded: bool,
    pub exception_to: String,
    /// The rules that it may except.
    pub excepted: Vec<Choice>,
    /// By dimension: its key, its word, the values named, those the text declares.
    pub when: Vec<(String, String, String, Vec<String>)>,
    pub from: String,
    pub until: String,
    pub default_none: bool,
}

/// `GET` of a clause's form, and the answer to a `POST` that only checks
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = match &view.label {
        Some(label) => format!("{} {label}", lang.t("Clause", "Clause")),
        None => lang.t("Nouvelle clause", "New clause").to_string(),
    };
    layout::page(
        shell,
        &title,
        Place::Contract,
        html! {
            (layout::heading(
                html! {
                    a href=(view.customer.path("/drafts")) { (lang.t("Textes en préparation", "Texts being written")) } " / "
                    a href=(view.customer.path(&view.draft)) { (components::words(&view.draft_title, lang)) }
                },
                &title,
                html! {},
            ))
            p.lead { code { (view.kind) } " " (components::words(&view.doc, lang)) }
            @if let Some(problem) = &view.problem {
                div.refusal role="alert" { p.refusal-title { (components::words(problem, lang)) } }
            }
            div.form-and-aside.clause-page {
                (components::act(shell, &view.customer.path(&view.action), &view.key, "panel form", fields(view, lang)))
                (aside(view, lang))
            }
        },
    )
}

fn fields(view: &View, lang: Lang) -> Markup {
    let head = &view.head;
    html! {
        input type="hidden" name="version" value=(view.version);
        @if view.label.is_none() {
            input type="hidden" name="kind" value=(view.kind);
            (components::select("under", "under", lang.t("Sous l’article", "Under the article"), &view.articles, &view.under))
        }
        div.field {
            label for="label" { (lang.t("Étiquette, unique dans le texte", "Label, unique in the text")) }
            p.hint id="label-hint" { (lang.t("Lettres, chiffres et tirets ; le texte la cite par elle.", "Letters, digits and hyphens; the text cites it by this name.")) }
            input type="text" id="label" name="label" value=(head.label) maxlength="100" required aria-describedby="label-hint" autocapitalize="off" spellcheck="false";
        }
        @for input in &view.inputs { (inputs::draw(input, lang)) }
        @if head.guarded { (guard(head, lang)) }
        div.form-end.toolbar {
            button type="submit" name="act" value="check" { (lang.t("Vérifier", "Check")) }
            button.primary type="submit" name="act" value="save" {
                @if view.label.is_some() { (lang.t("Enregistrer la clause", "Save the clause")) }
                @else { (lang.t("Ajouter la clause", "Add the clause")) }
            }
        }
    }
}

fn guard(head: &Head, lang: Lang) -> Markup {
    let written = head.when.iter().any(|(_, _, values, _)| !values.is_empty())
        || !head.exception_to.is_empty()
        || !head.from.is_empty()
        || !head.until.is_empty()
        || head.default_none;
    html! {
        details open[written] {
            summary { (lang.t("Quand elle s’applique, et ce qu’elle excepte", "When it applies, and what it excepts")) }
            div.case {
                (components::select("exception_to", "exception_to", lang.t("Par exception à", "By exception to"), &head.excepted, &head.exception_to))
                @for (name, word, values, known) in &head.when {
                    div.field {
                        label for={ "when-" (name) } { (components::words(word, lang)) }
                        @if !known.is_empty() { p.hint id={ "when-" (name) "-hint" } { (known.join(", ")) } }
                        input type="text" id={ "when-" (name) } name={ "when." (name) } value=(values)
                            aria-describedby=[(!known.is_empty()).then(|| format!("when-{name}-hint"))] autocapitalize="off" spellcheck="false";
                    }
                }
                div.field { label for="when-from" { (lang.t("À partir du", "From")) } input type="date" id="when-from" name="when.from" value=(head.from); }
                div.field { label for="when-until" { (lang.t("Jusqu’au, inclus", "Until, included")) } input type="date" id="when-until" name="when.until" value=(head.until); }
            }
            div.check {
                input type="checkbox" id="default-none" name="default" value="none" checked[head.default_none];
                label for="default-none" { (lang.t("Les autres cas n’ont pas de promesse, d’un commun accord", "Other cases have no promise, by common accord")) }
            }
        }
    }
}

fn aside(view: &View, lang: Lang) -> Markup {
    html! {
        aside.panel aria-labelledby="block" {
            h2 id="block" { (lang.t("Dans le texte", "In the text")) }
            @if view.block.is_empty() {
                p.muted { (lang.t("Vérifiez pour voir le bloc et sa lecture.", "Check to see the block and its reading.")) }
            } @else { pre.diagnostics tabindex="0" { (view.block) } }
            @if !view.reading.is_empty() {
                h3 { (lang.t("Ce que la machine en lit", "What the machine reads")) }
                p.reading { (components::words(&view.reading, lang)) }
            }
            @if !view.remarks.is_empty() {
                h3 { (lang.t("Remarques", "Remarks")) }
                ol.remarks { @for remark in &view.remarks { (crate::pages::draft::remark(remark, lang)) } }
            }
        }
    }
}
