//! The editor: the text, and beside it what the compiler says, reads back and would decide.
//!
//! Everything works by forms. The script only saves the trips: it numbers the lines, marks them, and
//! asks for the same checks on each pause of typing.

mod checked;
mod month;
mod samples;
mod signature;
mod simulation;
mod subcontracts;
mod trial;

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::components::{self, Choice, Tone};
use crate::design::icon::{Icon, icon};
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell, assets};
use crate::pages::drafts::{Kind, Stage};

pub use checked::{Article, Checked, Clause, ClauseState, Remark, Severity, checked, remark};
pub use month::{Figure, Month, Moved, Ticket, draw as moved, result as month_result};
pub use samples::samples;
pub use signature::{Party, Signature};
pub use simulation::{
    Due, Penalty, Simulated, Simulation, fields as simulation_fields, result as simulation_result,
};
pub use subcontracts::{Attached, Named, Subcontracts};
pub use trial::{Field, Input, Line, Trial, answer as trial_answer};

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// The address of the draft, under the customer's.
    pub path: String,
    /// Idempotency key of its forms.
    pub key: String,
    pub title: String,
    pub kind: Kind,
    /// The contract it amends, and where to read it.
    pub base: Option<(String, String)>,
    /// As saved, or as sent and not saved yet.
    pub text: String,
    /// The language that it is written in, which may not be the reader's.
    pub text_lang: Lang,
    /// The version it was written from.
    pub version: u32,
    /// The preparation file, in TOML; may be empty.
    pub preparation: String,
    pub saved: Zoned,
    pub saved_by: String,
    pub stage: Stage,
    pub may_write: bool,
    /// True when what is shown is not what is saved.
    pub unsaved: bool,
    pub checked: Checked,
    pub simulation: Simulation,
    /// Other cases that the text has an answer for.
    pub trials: Vec<Trial>,
    /// Offered on a text that amends a contract, to those who see its money.
    pub month: Option<Month>,
    /// What can be added, by family: the kind's name and what it is for.
    pub kinds: Vec<(String, Vec<Choice>)>,
    /// A block of each kind, to insert where the caret is.
    pub snippets: Vec<(String, String)>,
    /// Where it can be added: the index of a heading and its title.
    pub articles: Vec<Choice>,
    /// What it rests on; `None` when it names no subcontractor and holds no subcontract.
    pub subcontracts: Option<Subcontracts>,
    pub signature: Signature,
    pub problem: Option<Problem>,
}

/// Why a form came back.
#[derive(Clone, Debug)]
pub struct Problem {
    pub sentence: String,
    pub advice: String,
    /// Somebody saved another text meanwhile: keep this one apart, or read theirs.
    pub conflict: bool,
}

/// `GET /c/{customer}/drafts/{id}`, and the answer to a `POST` that does not lead elsewhere
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let path = view.customer.path(&view.path);
    layout::page(
        shell,
        html! { (view.title) },
        Place::Contract,
        html! {
            (layout::heading(
                html! {
                    a href=(view.customer.path("")) { (view.customer.name) } " / "
                    a href=(view.customer.path("/drafts")) { (lang.t("Textes en préparation", "Texts being written")) }
                },
                html! { (components::words(&view.title, lang)) },
                html! { a.button href={ (path) "/read" } { (lang.t("Lire et imprimer", "Read and print")) } },
            ))
            (state(view, lang))
            @if let Some(problem) = &view.problem { (told(problem, &path, lang)) }
            // Buttons elsewhere in the page send the text too: they name this form.
            form id="draft" method="post" action=(path) {
                input type="hidden" name="csrf" value=(shell.csrf);
                input type="hidden" name="key" value=(view.key);
                (workbench(view, lang))
            }
            (signature::section(shell, view, lang))
            @if view.may_write && !matches!(view.stage, Stage::Signed(_)) { (throw_away(shell, view, lang)) }
            script src=(assets::url("draft.js")) defer {}
        },
    )
}

fn state(view: &View, lang: Lang) -> Markup {
    html! {
        p.ticket-line {
            (view.stage.badge(lang))
            span { (view.kind.word(lang)) }
            @if let Some((number, href)) = &view.base { span { (lang.t("au contrat", "to contract")) " " a href=(href) { (number) } } }
            span {
                (lang.t("version", "version")) " " (view.version) ", " (lang.t("enregistrée par", "saved by")) " " (view.saved_by)
                " " (components::when_short(&view.saved, lang))
            }
            @if let Stage::Signed(number) = &view.stage {
                a href=(view.customer.path(&format!("/contracts/{number}"))) { (lang.t("Voir le contrat qui s’exécute", "See the contract that runs")) }
            }
        }
    }
}

fn told(problem: &Problem, path: &str, lang: Lang) -> Markup {
    html! {
        div.refusal role="alert" {
            p.refusal-title { (icon(Icon::Cross)) (components::words(&problem.sentence, lang)) }
            p { (components::words(&problem.advice, lang)) }
            @if problem.conflict {
                p { a href=(path) target="_blank" { (lang.t("Ouvrir le texte enregistré, dans un autre onglet", "Open the saved text, in another tab")) } }
                p { button type="submit" form="draft" name="act" value="copy" { (lang.t("Garder mon texte à part, comme un autre brouillon", "Keep my text apart, as another draft")) } }
            }
        }
    }
}

/// Text at left, what the machine makes of it at right; one form, so that every act carries the text.
fn workbench(view: &View, lang: Lang) -> Markup {
    let closed = !view.may_write || matches!(view.stage, Stage::Signed(_));
    html! {
        input type="hidden" name="version" value=(view.version);
        div.workbench id="workbench" data-check={ (view.customer.path(&view.path)) "/check" }
            data-unsaved=(view.unsaved) data-writes=(!closed)
            data-leave=(lang.t("Le texte n’est pas enregistré.", "The text is not saved.")) {
            div.writing {
                div.field {
                    label for="title" { (lang.t("Titre de travail", "Working title")) }
                    input type="text" id="title" name="title" value=(view.title) maxlength="200" required readonly[closed];
                }
                div.toolbar {
                    button type="submit" name="act" value="check" { (lang.t("Vérifier", "Check")) }
                    @if !closed {
                        button.primary type="submit" name="act" value="save" aria-keyshortcuts="Control+S" { (lang.t("Enregistrer", "Save")) }
                    }
                    p.save-state id="save-state" role="status" {
                        @if view.unsaved { (lang.t("Modifications non enregistrées", "Unsaved changes")) }
                    }
                }
                div.field.text-field {
                    label for="text" { (lang.t("Texte (Markdown et règles en TOML)", "Text (Markdown, and rules in TOML)")) }
                    div.editor id="editor" lang=(view.text_lang.code()) {
                        textarea id="text" name="text" rows="30" spellcheck="false" autocomplete="off" autocapitalize="off"
                            readonly[closed] aria-describedby="caret-remark" { "\n" (view.text) }
                    }
                    p.caret-remark id="caret-remark" aria-live="polite" {}
                }
                @if !closed { (add(view, lang)) }
                (preparation(view, closed, lang))
                @if let Some(subcontracts) = &view.subcontracts { (subcontracts::section(subcontracts, closed, lang)) }
            }
            div.reading-side {
                nav.side-links aria-label=(lang.t("Autour du texte", "Around the text")) {
                    a href="#remarks" { (lang.t("Remarques", "Remarks")) }
                    a href="#reading" { (lang.t("Lecture", "Reading")) }
                    a href="#what-if" { (lang.t("Et si…", "What if…")) }
                    @if view.month.is_some() { a href="#real-month" { (lang.t("Un mois réel", "A real month")) } }
                    a href="#signature" { (lang.t("Signature", "Signature")) }
                }
                div id="checked" { (checked(&view.checked, closed, view.text_lang, lang)) }
                (simulation::section(&view.simulation, lang))
                (trial::section(&view.trials, lang))
                @if let Some(month) = &view.month { (month::section(month, lang)) }
            }
        }
    }
}

/// What the parties did before the contract: asked for at the signature, kept with the text.
fn preparation(view: &View, closed: bool, lang: Lang) -> Markup {
    html! {
        details.preparation open[!view.preparation.is_empty()] {
            summary { (lang.t("Dossier préparatoire : études, audits, besoins, volet social", "Preparation file: studies, audits, needs, social file")) }
            div.field {
                label for="preparation" { (lang.t("Dossier préparatoire (TOML)", "Preparation file (TOML)")) }
                p.hint id="preparation-hint" {
                    (lang.t("Chaque pièce avec sa date et son document, ou écartée avec sa raison dans « waivers ».",
                            "Each piece with its date and document, or set aside with its reason under “waivers”."))
                }
                textarea id="preparation" name="preparation" rows="8" spellcheck="false" aria-describedby="preparation-hint" readonly[closed] { "\n" (view.preparation) }
            }
        }
    }
}

fn add(view: &View, lang: Lang) -> Markup {
    html! {
        fieldset.add-clause {
            legend { (lang.t("Ajouter une clause", "Add a clause")) }
            div.pair {
                div.field {
                    label for="kind" { (lang.t("Sorte de clause", "Kind of clause")) }
                    select id="kind" name="kind" {
                        @for (family, kinds) in &view.kinds {
                            optgroup label=(family) {
                                @for kind in kinds {
                                    option value=(kind.value)
                                        data-snippet=[view.snippets.iter().find(|(name, _)| *name == kind.value).map(|(_, block)| block)] {
                                        (components::words(&kind.label, lang))
                                    }
                                }
                            }
                        }
                    }
                }
                (components::select("under", "under", lang.t("Sous l’article", "Under the article"), &view.articles,
                    view.articles.last().map(|a| a.value.as_str()).unwrap_or_default()))
            }
            div.toolbar {
                button type="submit" name="act" value="add" { (lang.t("Remplir son formulaire", "Fill in its form")) }
                button type="button" id="insert" hidden { (lang.t("Insérer un exemple au curseur", "Insert an example at the caret")) }
            }
        }
    }
}

fn throw_away(shell: &Shell, view: &View, lang: Lang) -> Markup {
    html! {
        details.act.throw-away {
            summary { (lang.t("Abandonner ce texte", "Throw this text away")) }
            (components::act(shell, &view.customer.path(&format!("{}/delete", view.path)), &view.key, "form", html! {
                input type="hidden" name="version" value=(view.version);
                p { (lang.t("Il n’engage personne et n’est pas au journal : il disparaît.", "It binds nobody and is not in the journal: it goes away.")) }
                button type="submit" { (lang.t("Abandonner", "Throw away")) }
            }))
        }
    }
}

/// The tone of a severity.
fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Error => Tone::Bad,
        Severity::Warning => Tone::Warning,
        Severity::Advice => Tone::Quiet,
    }
}
