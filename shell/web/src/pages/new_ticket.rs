//! Recording a ticket: the contract answers at once whether it is in, out or priced.

pub mod catalogue;
pub mod form;
mod samples;

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::design::components::{self, Choice};
use crate::design::layout::{self, Place};
use crate::design::table::{Column, Row, table};
use crate::design::{CustomerRef, Lang, Shell, assets};
use crate::pages::shared::{self, Other, Refusal};
use crate::pages::suggested;

use catalogue::{Offer, ServiceLine, Weighed};

pub use samples::samples;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// Idempotency key of this form.
    pub key: String,
    /// What was typed, if the form comes back.
    pub values: Values,
    pub kinds: Vec<Choice>,
    pub impacts: Vec<Choice>,
    pub urgencies: Vec<Choice>,
    pub items: Vec<Choice>,
    pub sites: Vec<Choice>,
    /// Whose site is not known must choose it.
    pub asks_site: bool,
    pub operations: Vec<Choice>,
    pub graded: form::Graded,
    /// What is asked for, when the form is that of one operation or one service: its title.
    pub request: Option<String>,
    /// What the contract asks of whoever asks for it.
    pub questions: Vec<form::Question>,
    pub offers: Vec<Offer>,
    pub services: Vec<ServiceLine>,
    /// What the contract says of it as it is written.
    pub weighed: Option<Weighed>,
    /// Articles that may answer already.
    pub suggested: Vec<suggested::Suggested>,
    /// « Scindé du ticket n° 12 », where it is tied to another from the start.
    pub tied: Option<String>,
    pub channels: Vec<Choice>,
    /// The customer's people whom it may be written down for, and nobody in particular; empty for themselves.
    pub requesters: Vec<Choice>,
    /// The contracts in force, when there are several: each gives its own choices.
    pub contracts: Vec<Other>,
    /// The title of the contract whose choices are offered, where there are several.
    pub contract_title: Option<String>,
    /// How the contract turns impact and urgency into a priority; `None` without a matrix.
    pub matrix: Option<Matrix>,
    /// What the form got wrong, by field name.
    pub errors: Vec<(String, String)>,
    /// What the contract refused.
    pub refusal: Option<Refusal>,
    /// The contract excludes it, and a quotation may be asked for.
    pub quotable: bool,
    /// The form came with files, and comes back without: a page cannot choose a file.
    pub files_lost: bool,
}

/// The fields, as text, under the names they are posted with.
#[derive(Clone, Debug, Default)]
pub struct Values {
    pub kind: String,
    pub title: String,
    pub description: String,
    pub impact: String,
    pub urgency: String,
    pub item: String,
    pub site: String,
    pub operation: String,
    pub channel: String,
    /// The e-mail of whom it is written down for.
    pub requester: String,
    pub contract: String,
    pub level: String,
    pub service: String,
    /// How it stands to the ticket `from`.
    pub tie: String,
    pub from: String,
    /// The answer of the contract that the form showed.
    pub read: String,
    /// What its questions are answered, by their short names.
    pub answers: BTreeMap<String, String>,
}

/// The priority matrix of the contract in force.
#[derive(Clone, Debug)]
pub struct Matrix {
    pub article: String,
    /// `None` for those who may not read the contract.
    pub href: Option<String>,
    /// Headings of the columns.
    pub urgencies: Vec<String>,
    /// One row per impact: its name, then a priority per urgency.
    pub rows: Vec<(String, Vec<String>)>,
}

/// `GET /c/{customer}/tickets/new`, and the answer to a refused `POST /c/{customer}/tickets`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Nouveau ticket", "New ticket");
    layout::page(
        shell,
        title,
        Place::Tickets,
        html! {
            (layout::heading(
                layout::under_tickets(&view.customer, lang),
                title,
                html! {},
            ))
            (shared::contracts(&view.customer, "/tickets/new", &view.contracts, lang))
            @if let Some(title) = &view.contract_title { p.lead { (components::words(title, lang)) } }
            @if let Some(refusal) = &view.refusal { (shared::refusal(refusal, lang)) }
            @if !view.errors.is_empty() { (summary(view, lang)) }
            @if let Some(tied) = &view.tied { p.lead { (components::words(tied, lang)) } }
            div.form-and-aside {
                (components::act_with_files(shell, &view.customer.path("/tickets"), &view.key, "panel form", fields(view, lang)))
                div.ticket-side {
                    (catalogue::aside(view, lang))
                    @if let Some(matrix) = &view.matrix { (matrix_table(matrix, lang)) }
                }
            }
            script src=(assets::url("suggest.js")) defer {}
            script src=(assets::url("questions.js")) defer {}
        },
    )
}

fn summary(view: &View, lang: Lang) -> Markup {
    html! {
        div.refusal role="alert" {
            p.refusal-title { (lang.t("Le ticket n’est pas enregistré : à compléter", "The ticket is not recorded: please complete")) }
            ul {
                @for (field, message) in &view.errors {
                    li { a href={ "#" (field) } { (components::words(message, lang)) } }
                }
            }
        }
    }
}

fn fields(view: &View, lang: Lang) -> Markup {
    let values = &view.values;
    let hidden = |name: &str, value: &str| {
        html! { @if !value.is_empty() { input type="hidden" name=(name) value=(value); } }
    };
    html! {
        @if !view.contracts.is_empty() { input type="hidden" name="contract" value=(values.contract); }
        (hidden("tie", &values.tie)) (hidden("from", &values.from)) (hidden("service", &values.service))
        @match &view.request {
            Some(title) => {
                h2 { (components::words(title, lang)) }
                (hidden("kind", &values.kind)) (hidden("operation", &values.operation))
            }
            None => (select("kind", lang.t("Nature", "Kind"), &view.kinds, &values.kind)),
        }
        (free(view, "title", &lang.t("Titre", "Title").to_string(), &title_hint(view, lang).to_string(), &values.title, 1))
        (free(view, "description", &lang.t("Description", "Description").to_string(), &lang.t("Depuis quand, pour qui, avec quel message d’erreur.", "Since when, for whom, with which error message.").to_string(), &values.description, 5))
        (form::grading(view, lang))
        div.pair {
            (select("item", lang.t("Élément du parc", "Item"), &view.items, &values.item))
            @if view.asks_site {
                (must_choose(view, "site", lang.t("Site", "Site"), &view.sites, &values.site, lang))
            } @else {
                (select("site", lang.t("Site", "Site"), &view.sites, &values.site))
            }
        }
        @if view.request.is_none() || !view.channels.is_empty() {
            div.pair {
                @if view.request.is_none() {
                    (select("operation", lang.t("Opération", "Operation"), &view.operations, &values.operation))
                }
                @if !view.channels.is_empty() { (select("channel", lang.t("Canal", "Channel"), &view.channels, &values.channel)) }
            }
        }
        @if !view.requesters.is_empty() {
            (select("requester", lang.t("Pour qui ? Le ticket sera le sien", "For whom? The ticket will be theirs"), &view.requesters, &values.requester))
        }
        (form::region(view, lang))
        (components::files("files", lang))
        @if view.files_lost { p.error role="alert" { (lang.t("Vos fichiers n’ont pas été gardés : choisissez-les de nouveau.", "Your files were not kept: choose them again.")) } }
        div data-suggests=(view.customer.path("/knowledge/suggestions")) { (suggested::region(&view.suggested, lang)) }
        @if let Some(weighed) = &view.weighed { (catalogue::weighed(weighed, lang)) }
        (hidden("read", &values.read))
        div.form-end {
            // What is refused as it stands is most likely asked for on a quotation.
            @if view.quotable {
                button.primary type="submit" name="on_quote" value="yes" { (lang.t("Demander un devis", "Ask for a quotation")) }
            }
            button.primary[!view.quotable] type="submit" { (lang.t("Enregistrer le ticket", "Record the ticket")) }
            button type="submit" formaction={ (view.customer.path("/tickets/weigh")) "#weighed" }
                formenctype="application/x-www-form-urlencoded" formnovalidate {
                (lang.t("Voir ce que dit le contrat", "See what the contract says"))
            }
            @if view.quotable {
                p {
                    (lang.t("Ce travail est exclu du contrat. Un devis peut être demandé : le ticket l’attend, et rien n’est fait ni facturé avant l’accord du client.",
                            "This work is excluded from the contract. A quotation may be asked for: the ticket waits for it, and nothing is done or billed before the customer agrees."))
                }
            }
            p.muted {
                (lang.t("Le contrat décide à cet instant : compris, payant ou hors périmètre, avec l’article.",
                        "The contract decides right now: included, charged or outside the perimeter, with the article."))
            }
        }
    }
}

fn title_hint(view: &View, lang: Lang) -> crate::design::Text {
    match view.request {
        Some(_) => lang.t("Ce que vous demandez, en une ligne.", "What you ask for, in one line."),
        None => lang.t("Ce qui ne va pas, en une ligne.", "What is wrong, in one line."),
    }
}

/// A select that chooses nothing for the reader: these two decide the priority, hence the deadlines.
fn must_choose(
    view: &View,
    name: &str,
    label: crate::design::Text,
    choices: &[Choice],
    chosen: &str,
    lang: Lang,
) -> Markup {
    let error = view.errors.iter().find(|(field, _)| field == name).map(|(_, message)| message);
    html! {
        div class={ "field" @if error.is_some() { " wrong" } } {
            label for=(name) { (label) }
            @if let Some(error) = error { p.error id={ (name) "-error" } { (error) } }
            select id=(name) name=(name) required aria-invalid=[error.map(|_| "true")]
                aria-describedby=[error.map(|_| format!("{name}-error"))] {
                option value="" selected[chosen.is_empty()] { (lang.t("Choisir…", "Choose…")) }
                @for choice in choices {
                    option value=(choice.value) selected[choice.value == chosen] { (choice.label) }
                }
            }
        }
    }
}

fn select(name: &str, label: crate::design::Text, choices: &[Choice], chosen: &str) -> Markup {
    components::select(name, name, label, choices, chosen)
}

fn free(view: &View, name: &str, label: &str, hint: &str, value: &str, rows: u8) -> Markup {
    let error = view.errors.iter().find(|(field, _)| field == name).map(|(_, message)| message);
    let described =
        if error.is_some() { format!("{name}-hint {name}-error") } else { format!("{name}-hint") };
    let invalid = error.map(|_| "true");
    html! {
        div class={ "field" @if error.is_some() { " wrong" } } {
            label for=(name) { (label) }
            p.hint id={ (name) "-hint" } { (hint) }
            @if let Some(error) = error { p.error id={ (name) "-error" } { (error) } }
            @if rows == 1 {
                input type="text" id=(name) name=(name) value=(value) required maxlength="200"
                    aria-describedby=(described) aria-invalid=[invalid];
            } @else {
                textarea id=(name) name=(name) rows=(rows) aria-describedby=(described) aria-invalid=[invalid] { (value) }
            }
        }
    }
}

fn matrix_table(matrix: &Matrix, lang: Lang) -> Markup {
    let mut columns = vec![Column::name(lang.t("Impact", "Impact"))];
    columns.extend(matrix.urgencies.iter().map(Column::text));
    let rows = matrix
        .rows
        .iter()
        .map(|(impact, priorities)| {
            let mut cells = vec![html! { (impact) }];
            cells.extend(priorities.iter().map(|code| components::priority(code, lang)));
            Row::new(cells)
        })
        .collect();
    html! {
        aside.panel aria-labelledby="matrix" {
            h2 id="matrix" { (lang.t("La priorité vient du contrat", "Priority comes from the contract")) }
            (table("matrix", lang.t("Priorité selon l’impact et l’urgence", "Priority by impact and urgency"), &columns, rows))
            p.reason-source { @match &matrix.href { Some(href) => a href=(href) { (matrix.article) }, None => (matrix.article) } }
        }
    }
}
