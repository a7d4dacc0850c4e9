//! Imports of a customer: a file to send, and those that were sent.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::components::{self, Choice, Tone, badge};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, Text, format};
use crate::pages::sampling;
use crate::pages::shared::{self, Refusal};

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    pub form: Form,
    pub lines: Vec<Line>,
    pub first: Option<String>,
    pub next: Option<String>,
    pub refused: Option<Refusal>,
}

/// What a file may be.
#[derive(Clone, Debug)]
pub struct Form {
    pub key: String,
    /// What the reader may bring in.
    pub subjects: Vec<Subject>,
    pub subject: Subject,
    /// Key and name of each tool.
    pub sources: Vec<(String, String)>,
    pub source: String,
    /// Of the largest file.
    pub mebibytes: u64,
}

/// What a file is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Tickets,
    People,
    Items,
}

impl Subject {
    /// What it is called in forms and addresses.
    pub fn key(self) -> &'static str {
        match self {
            Subject::Tickets => "tickets",
            Subject::People => "people",
            Subject::Items => "items",
        }
    }

    pub fn word(self, lang: Lang) -> Text {
        match self {
            Subject::Tickets => lang.t("Tickets", "Tickets"),
            Subject::People => lang.t("Personnes", "People"),
            Subject::Items => lang.t("Équipements", "Equipment"),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Line {
    pub href: String,
    /// The file's.
    pub name: String,
    pub subject: Subject,
    pub source: String,
    pub sent: Zoned,
    pub by: String,
    pub standing: Standing,
    pub counts: Counts,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Staged,
    Running,
    Stopped,
    Done,
}

impl Standing {
    pub fn badge(self, lang: Lang) -> Markup {
        match self {
            Standing::Staged => badge(Tone::Quiet, lang.t("À relire", "To be looked at")),
            Standing::Running => badge(Tone::Active, lang.t("En cours", "Running")),
            Standing::Stopped => badge(Tone::Warning, lang.t("Arrêté", "Stopped")),
            Standing::Done => badge(Tone::Good, lang.t("Terminé", "Done")),
        }
    }
}

/// Lines by what became of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub total: u64,
    pub made: u64,
    pub kept: u64,
    pub known: u64,
    pub skipped: u64,
}

impl Counts {
    pub fn done(self) -> u64 {
        self.made + self.kept + self.known + self.skipped
    }
}

/// `GET /c/{customer}/imports`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Reprise de données", "Bringing data in");
    layout::page(
        shell,
        title,
        Place::Tickets,
        html! {
            (layout::heading(
                html! { a href=(view.customer.path("")) { (view.customer.name) } },
                title,
                html! {
                    a.button.plain href=(view.customer.path("/history")) { (lang.t("Historique repris", "History brought in")) }
                },
            ))
            p {
                (lang.t("Un export de GLPI, d’iTop, ou un fichier CSV fait à la main. Il est d’abord relu, ligne par ligne : rien n’est repris avant que vous ne le lanciez.",
                        "An export of GLPI, of iTop, or a CSV file made by hand. It is first looked at, line by line: nothing is brought in before you run it."))
            }
            @if let Some(refused) = &view.refused { (shared::refusal(refused, lang)) }
            (components::section("send", lang.t("Envoyer un fichier", "Send a file"), form(shell, view)))
            (components::section("sent", lang.t("Fichiers envoyés", "Files sent"), html! {
                (layout::live("live-imports", &format!("imports/{}", view.customer.slug), lines(view, lang)))
            }))
        },
    )
}

fn form(shell: &Shell, view: &View) -> Markup {
    let (lang, form) = (shell.lang, &view.form);
    let subjects: Vec<Choice> = form.subjects.iter().map(|s| Choice::new(s.key(), s.word(lang))).collect();
    let sources: Vec<Choice> = form.sources.iter().map(|(key, name)| Choice::new(key, name)).collect();
    components::act_with_files(
        shell,
        &view.customer.path("/imports"),
        &form.key,
        "form",
        html! {
            (components::select("what", "what", lang.t("Que contient-il ?", "What does it hold?"), &subjects, form.subject.key()))
            (components::select("source", "source", lang.t("D’où vient-il ?", "Where does it come from?"), &sources, &form.source))
            ul.hint {
                li { (lang.t("Tickets : ceux qui sont ouverts s’ouvrent ici, sous le contrat ; les autres sont gardés pour être lus.",
                             "Tickets: those still open open here, under the contract; the others are kept to be read.")) }
                @if form.subjects.contains(&Subject::People) {
                    li { (lang.t("Personnes : chacune est invitée, avec un rôle du client.", "People: each is invited, with a role of the customer’s.")) }
                }
                li { (lang.t("Équipements : ils sont comparés au périmètre signé, qui ne change pas.",
                             "Equipment: it is compared with the signed perimeter, which does not change.")) }
            }
            div.field {
                label for="file" { (lang.t("Fichier CSV", "CSV file")) }
                input type="file" id="file" name="file" required accept=".csv,.txt,text/csv,text/plain" aria-describedby="file-hint";
                span.hint id="file-hint" {
                    (format::count(form.mebibytes, lang)) "\u{a0}"
                    (lang.t("Mio au plus ; une ligne d’en-têtes. Le fichier est supprimé dès la reprise terminée, ou après 14 jours.",
                            "MiB at most; a line of headings. The file is removed once it is brought in, or after 14 days."))
                }
            }
            div.form-end { button.primary type="submit" { (lang.t("Envoyer et relire", "Send and look")) } }
        },
    )
}

fn lines(view: &View, lang: Lang) -> Markup {
    if view.lines.is_empty() {
        return components::empty(
            lang.t("Aucun fichier", "No file"),
            lang.t("Les reprises de ce client paraîtront ici.", "This customer’s imports will show here."),
            None,
        );
    }
    let columns = [
        Column::name(lang.t("Fichier", "File")),
        Column::text(lang.t("Envoyé", "Sent")),
        Column::text(lang.t("État", "State")),
        Column::figure(lang.t("Repris", "Brought in")),
        Column::figure(lang.t("Déjà là", "Already there")),
        Column::figure(lang.t("Laissés", "Left out")),
    ];
    let rows = view.lines.iter().map(|line| {
        let figure = |value: u64| html! { (format::count(value, lang)) };
        Row::new(vec![
            html! {
                a href=(line.href) { (line.name) } br;
                span.muted { (line.subject.word(lang)) ", " (line.source) }
            },
            html! { (components::when_short(&line.sent, lang)) br; span.muted { (line.by) } },
            line.standing.badge(lang),
            figure(line.counts.made + line.counts.kept),
            figure(line.counts.known),
            figure(line.counts.skipped),
        ])
    });
    html! {
        (table("imports", lang.t("Fichiers envoyés, les derniers d’abord", "Files sent, latest first"), &columns, rows.collect()))
        (components::pager(view.first.as_deref(), view.next.as_deref(), lang))
    }
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let line = |name: &str, subject, source: &str, standing, counts| Line {
        href: "/c/ateliers-garonne/imports/0190a5b0-0000-7000-8000-000000000001".into(),
        name: name.into(),
        subject,
        source: source.into(),
        sent: sampling::at("2026-11-03T09:41"),
        by: "Inès Cazenave".into(),
        standing,
        counts,
    };
    let counts = Counts { total: 4127, made: 38, kept: 4012, known: 61, skipped: 16 };
    let running = Counts { total: 900, made: 12, kept: 400, known: 0, skipped: 2 };
    let lines = vec![
        line("glpi-2026-11.csv", Subject::Tickets, "GLPI", Standing::Running, running),
        line("glpi-utilisateurs.csv", Subject::People, "GLPI", Standing::Stopped, Counts::default()),
        line("parc.csv", Subject::Items, "CSV", Standing::Staged, Counts::default()),
        line("itop-export.csv", Subject::Tickets, "iTop", Standing::Done, counts),
    ];
    let form = Form {
        key: "sample".into(),
        subjects: vec![Subject::Tickets, Subject::People, Subject::Items],
        subject: Subject::Tickets,
        sources: [("glpi", "GLPI"), ("itop", "iTop"), ("csv", "CSV")]
            .map(|(k, n)| (k.into(), n.into()))
            .to_vec(),
        source: "glpi".into(),
        mebibytes: 32,
    };
    let next = Some("/c/ateliers-garonne/imports?before=1".to_owned());
    let all = View { customer: sampling::garonne(), form, lines, first: None, next, refused: None };
    let refused = Refusal {
        sentence: lang
            .t("C’est un classeur : enregistrez-le au format CSV.", "This is a workbook: save it as CSV.")
            .into(),
        reasons: Vec::new(),
        advice: lang
            .t(
                "Corrigez et envoyez de nouveau ; rien n’a été modifié.",
                "Correct it and send again; nothing was changed.",
            )
            .into(),
        journal_entry: None,
    };
    let none = View { lines: Vec::new(), next: None, refused: Some(refused), ..all.clone() };
    vec![("all", all), ("refused", none)]
}
