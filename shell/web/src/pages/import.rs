//! One import: how its file would become, its run, and what became of each line.

mod choices;
mod progress;
mod samples;

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::components::{self, Tone, badge};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, format};
use crate::pages::imports::{Counts, Standing, Subject};
use crate::pages::shared::{self, Refusal};

pub use choices::{Choices, Heading};
pub use samples::samples;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// Its own address among the pages.
    pub at: String,
    /// The file's.
    pub name: String,
    pub subject: Subject,
    pub source: String,
    pub sent: Zoned,
    pub by: String,
    pub standing: Standing,
    /// Why it stopped, when nobody asked.
    pub why: Option<String>,
    /// Of what was run.
    pub counts: Counts,
    /// While the file waits.
    pub outlook: Option<Outlook>,
    pub report: Option<Report>,
    /// A fresh key for each act.
    pub keys: [String; 4],
    /// The reader may begin drafts.
    pub may_amend: bool,
    pub refused: Option<Refusal>,
}

/// The file, as it would become.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// Why nothing can be brought in.
    pub problem: Option<String>,
    pub choices: Choices,
    pub counts: Counts,
    /// The first lines.
    pub lines: Vec<Line>,
    /// The first remarks, and how many there are.
    pub remarks: Vec<Remark>,
    pub all_remarks: usize,
    /// What the signed perimeter does not name, as clauses.
    pub clauses: Option<String>,
}

/// A line, as it would become.
#[derive(Clone, Debug)]
pub struct Line {
    pub line: u64,
    pub number: String,
    pub title: String,
    pub future: Future,
}

#[derive(Clone, Debug)]
pub enum Future {
    /// With its priority, and what the contract says of its price.
    Opens(String),
    Kept,
    Invited,
    Known,
    Skipped(String),
}

#[derive(Clone, Debug)]
pub struct Remark {
    pub line: u64,
    pub text: String,
    pub advice: String,
    /// The line is left out.
    pub fault: bool,
}

/// What became of lines.
#[derive(Clone, Debug)]
pub struct Report {
    pub lines: Vec<Told>,
    /// Those of one fate only: its key.
    pub fate: Option<String>,
    pub first: Option<String>,
    pub next: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Told {
    pub line: u64,
    pub number: String,
    /// `made`, `kept`, `known`, `skipped` or `note`.
    pub fate: String,
    /// Number and address of the ticket.
    pub ticket: Option<(u64, String)>,
    pub text: String,
}

/// `GET /c/{customer}/imports/{import}`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let ready = view.outlook.as_ref().is_some_and(|o| o.problem.is_none() && o.counts.total > 0);
    layout::page(
        shell,
        &view.name,
        Place::Tickets,
        html! {
            (layout::heading(
                html! {
                    a href=(view.customer.path("")) { (view.customer.name) } " / "
                    a href=(view.customer.path("/imports")) { (lang.t("Reprise de données", "Bringing data in")) }
                },
                &view.name,
                html! {},
            ))
            @if let Some(refused) = &view.refused { (shared::refusal(refused, lang)) }
            (progress::draw(shell, view))
            @if let Some(outlook) = &view.outlook {
                (foreseen(shell, view, outlook))
                @if ready { (start(shell, view)) }
            }
            @if let Some(report) = &view.report { (told(view, report, lang)) }
            @if view.standing != Standing::Running { (removal(shell, view)) }
        },
    )
}

fn start(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let act = if view.subject == Subject::People { "invite" } else { "run" };
    let label = match (view.standing, view.subject) {
        (Standing::Stopped, _) => lang.t("Reprendre où elle s’est arrêtée", "Go on where it stopped"),
        (_, Subject::Tickets) => lang.t("Lancer la reprise", "Bring them in"),
        (_, Subject::People) => lang.t("Inviter ces personnes", "Invite these people"),
        (_, Subject::Items) => lang.t("Établir le rapport", "Write the report"),
    };
    components::section(
        "start",
        lang.t("Lancer", "Run"),
        components::act(
            shell,
            &format!("{}/{act}", view.at),
            &view.keys[0],
            "form",
            html! {
                p { (lang.t("Ce qui est repris ne l’est qu’une fois : un export plus récent, ou le même fichier corrigé, se renvoie sans dommage.",
                            "What is brought in is so once: a later export, or the same file corrected, can be sent again without harm.")) }
                div.form-end { button.primary type="submit" { (label) } }
            },
        ),
    )
}

fn foreseen(shell: &Shell, view: &View, outlook: &Outlook) -> Markup {
    let lang = shell.lang;
    html! {
        @if let Some(problem) = &outlook.problem {
            div.notice.warning role="alert" {
                (crate::design::icon::icon(crate::design::icon::Icon::Alert))
                p { (lang.t("Le fichier ne peut pas être repris ainsi :", "The file cannot be brought in so:")) " " (components::words(problem, lang)) "." }
            }
        }
        (components::section("choices", lang.t("Comment le lire", "How to read it"), choices::draw(shell, &format!("{}/choose", view.at), &view.keys[1], &outlook.choices)))
        @if outlook.problem.is_none() {
            (components::section("outlook", lang.t("Ce qu’il deviendrait", "What it would become"), html! {
                (components::facts(summary(view.subject, outlook.counts, lang)))
                (lines(outlook, view.subject, lang))
            }))
            @if !outlook.remarks.is_empty() { (remarks(view, outlook, lang)) }
        }
        @if let Some(clauses) = &outlook.clauses {
            (components::section("clauses", lang.t("Hors du périmètre signé", "Outside the signed perimeter"), html! {
                p { (lang.t("Le périmètre ne change que par un avenant. Voici ces éléments en clauses, à reprendre et à relire dans un texte à signer.",
                            "The perimeter changes by an amendment only. Here are these items as clauses, to take up and read over in a text to be signed.")) }
                pre tabindex="0" { (clauses) }
                @if view.may_amend { (amendment(shell, view)) }
            }))
        }
    }
}

/// One press makes the draft; nothing but signatures makes more of it.
fn amendment(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    components::act(
        shell,
        &format!("{}/amend", view.at),
        &view.keys[3],
        "form",
        html! {
            p { (lang.t("Le brouillon d’avenant reprend ces clauses, couvertes, à relire et à compléter. Ces éléments n’entrent au contrat qu’une fois l’avenant signé des deux parties.",
                        "The draft of an amendment takes up these clauses, covered, to be read over and completed. These items come into the contract only once both parties have signed the amendment.")) }
            div.form-end { button.primary type="submit" { (lang.t("Préparer un avenant", "Prepare an amendment")) } }
        },
    )
}

fn summary(subject: Subject, counts: Counts, lang: Lang) -> Vec<(Markup, Markup)> {
    let figure = |value: u64| html! { (format::count(value, lang)) };
    let mut facts = Vec::new();
    match subject {
        Subject::Tickets => {
            facts.push((html! { (lang.t("S’ouvriraient", "Would open")) }, figure(counts.made)));
            facts.push((html! { (lang.t("Gardés pour être lus", "Kept to be read")) }, figure(counts.kept)));
            facts.push((html! { (lang.t("Déjà repris", "Already brought in")) }, figure(counts.known)));
        }
        Subject::People => {
            facts.push((html! { (lang.t("À inviter", "To be invited")) }, figure(counts.made)));
            facts.push((
                html! { (lang.t("Ont déjà un compte", "Have an account already")) },
                figure(counts.known),
            ));
        }
        Subject::Items => {
            facts.push((
                html! { (lang.t("Au périmètre signé", "In the signed perimeter")) },
                figure(counts.known),
            ));
        }
    }
    let left = match subject {
        Subject::Items => lang.t("Hors du périmètre, ou illisibles", "Outside it, or unreadable"),
        Subject::Tickets | Subject::People => lang.t("Laissés de côté", "Left out"),
    };
    facts.push((html! { (left) }, figure(counts.skipped)));
    facts
}

fn lines(outlook: &Outlook, subject: Subject, lang: Lang) -> Markup {
    let (number, title) = match subject {
        Subject::Tickets => (lang.t("Numéro", "Number"), lang.t("Titre", "Title")),
        Subject::People => (lang.t("Adresse", "Address"), lang.t("Nom", "Name")),
        Subject::Items => (lang.t("Élément", "Item"), lang.t("Classe", "Class")),
    };
    let columns = [
        Column::figure(lang.t("Ligne", "Line")),
        Column::name(number),
        Column::text(title),
        Column::text(lang.t("Deviendrait", "Would become")),
    ];
    let rows = outlook.lines.iter().map(|line| {
        Row::new(vec![
            html! { (line.line) },
            html! { (line.number) },
            html! { (line.title) },
            future(&line.future, lang),
        ])
    });
    html! {
        (table("outlook", lang.t("Les premières lignes", "The first lines"), &columns, rows.collect()))
        @if outlook.counts.total > outlook.lines.len() as u64 {
            p.muted {
                (lang.t("Lignes du fichier :", "Lines of the file:")) " " (format::count(outlook.counts.total, lang)) ". "
                (lang.t("Toutes comptent dans les totaux.", "All count in the totals."))
            }
        }
    }
}

fn future(future: &Future, lang: Lang) -> Markup {
    html! {
        @match future {
            Future::Opens(how) => { (badge(Tone::Active, lang.t("S’ouvre", "Opens"))) " " (components::words(how, lang)) },
            Future::Kept => (badge(Tone::Quiet, lang.t("Gardé", "Kept"))),
            Future::Invited => (badge(Tone::Active, lang.t("Invitation", "Invited"))),
            Future::Known => (badge(Tone::Good, lang.t("Déjà là", "Already there"))),
            Future::Skipped(why) => { (badge(Tone::Warning, lang.t("Laissé", "Left out"))) " " (components::words(why, lang)) },
        }
    }
}

fn remarks(view: &View, outlook: &Outlook, lang: Lang) -> Markup {
    let columns = [
        Column::figure(lang.t("Ligne", "Line")),
        Column::text(lang.t("Suite", "Outcome")),
        Column::name(lang.t("Ce qui ne va pas", "What is wrong")),
        Column::text(lang.t("Que faire", "What to do")),
    ];
    let rows = outlook.remarks.iter().map(|remark| {
        let outcome = match remark.fault {
            true => badge(Tone::Warning, lang.t("Laissée", "Left out")),
            false => badge(Tone::Quiet, lang.t("Reprise quand même", "Brought in even so")),
        };
        Row::new(vec![
            html! { (remark.line) },
            outcome,
            html! { (components::words(&remark.text, lang)) },
            html! { (components::words(&remark.advice, lang)) },
        ])
    });
    components::section(
        "remarks",
        lang.t("Ligne par ligne", "Line by line"),
        html! {
            (table("foreseen", lang.t("Erreurs et réserves", "Errors and reserves"), &columns, rows.collect()))
            p {
                @if outlook.all_remarks > outlook.remarks.len() {
                    (lang.t("Total :", "In all:")) " " (format::count(outlook.all_remarks as u64, lang)) ". "
                }
                a href={ (view.at) "/remarks.csv" } { (lang.t("Toutes, en CSV", "All of them, as CSV")) }
            }
        },
    )
}

fn told(view: &View, report: &Report, lang: Lang) -> Markup {
    let columns = [
        Column::figure(lang.t("Ligne", "Line")),
        Column::name(lang.t("Numéro", "Number")),
        Column::text(lang.t("Résultat", "Outcome")),
        Column::text(lang.t("Pourquoi", "Why")),
    ];
    let rows = report.lines.iter().map(|line| {
        Row::new(vec![
            html! { (line.line) },
            html! {
                @if line.number.is_empty() { span.muted { (lang.t("sans numéro", "no number")) } } @else { (line.number) }
            },
            html! {
                (fate(&line.fate, lang))
                @if let Some((number, href)) = &line.ticket { " " a href=(href) { "#" (number) } }
            },
            html! { (components::words(&line.text, lang)) },
        ])
    });
    let tab = |key: Option<&str>, label| {
        let href = key.map_or_else(|| view.at.clone(), |key| format!("{}?fate={key}", view.at));
        components::Tab::new(href, label, report.fate.as_deref() == key)
    };
    let tabs = [
        tab(None, lang.t("Toutes", "All")),
        tab(Some("skipped"), lang.t("Laissées de côté", "Left out")),
        tab(Some("known"), lang.t("Déjà là", "Already there")),
        tab(Some("note"), lang.t("Réserves", "Reserves")),
    ];
    components::section(
        "report",
        lang.t("Rapport", "Report"),
        html! {
            p { a.button href={ (view.at) "/report.csv" } { (lang.t("Télécharger en CSV", "Download as CSV")) } }
            (components::tabs(lang.t("Lignes montrées", "Lines shown"), &tabs))
            @if report.lines.is_empty() {
                p.muted { (lang.t("Aucune ligne.", "No line.")) }
            } @else {
                (table("report", lang.t("Chaque ligne, dans l’ordre du fichier", "Each line, in the order of the file"), &columns, rows.collect()))
            }
            (components::pager(report.first.as_deref(), report.next.as_deref(), lang))
        },
    )
}

/// What became of a line, in a word.
pub fn fate(key: &str, lang: Lang) -> Markup {
    match key {
        "made" => badge(Tone::Good, lang.t("Créé", "Created")),
        "kept" => badge(Tone::Good, lang.t("Gardé", "Kept")),
        "known" => badge(Tone::Quiet, lang.t("Déjà là", "Already there")),
        "skipped" => badge(Tone::Warning, lang.t("Laissé", "Left out")),
        _ => badge(Tone::Quiet, lang.t("Réserve", "Reserve")),
    }
}

fn removal(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    components::section(
        "remove",
        lang.t("Supprimer", "Remove"),
        components::act(
            shell,
            &format!("{}/forget", view.at),
            &view.keys[2],
            "form",
            html! {
                p { (lang.t("Le fichier et son rapport sont supprimés ; ce qui est repris reste.",
                            "The file and its report are removed; what was brought in stays.")) }
                button type="submit" { (lang.t("Supprimer", "Remove")) }
            },
        ),
    )
}
