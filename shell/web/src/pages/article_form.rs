//! Writing an article, or its next version.

use maud::{Markup, html};

use crate::design::components::{self, Choice};
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell, markdown};
use crate::pages::sampling;
use crate::pages::shared::{self, Other, Refusal};

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    pub key: String,
    /// The article and the version that is replaced; `None` for a new one.
    pub replaces: Option<(u64, u32)>,
    pub values: Values,
    pub contracts: Vec<Other>,
    pub items: Vec<Choice>,
    pub classes: Vec<Choice>,
    pub operations: Vec<Choice>,
    pub kinds: Vec<Choice>,
    pub owners: Vec<Choice>,
    pub errors: Vec<(String, String)>,
    pub refusal: Option<Refusal>,
    /// The text as it will look, if the author asked.
    pub preview: bool,
}

/// The fields, under the names they are posted with.
#[derive(Clone, Debug, Default)]
pub struct Values {
    pub title: String,
    pub body: String,
    /// `article` or `runbook`.
    pub kind: String,
    /// `internal` or `parties`.
    pub audience: String,
    pub contract: String,
    pub items: Vec<String>,
    pub classes: Vec<String>,
    pub operations: Vec<String>,
    pub kinds: Vec<String>,
    pub owner: String,
    pub review_by: String,
    pub ticket: String,
}

/// `GET /c/{customer}/knowledge/new`, `GET …/knowledge/{n}/edit`, and the answers to what is not right.
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = match view.replaces {
        None => lang.t("Nouvel article", "New article"),
        Some(_) => lang.t("Modifier l’article", "Edit the article"),
    };
    let action = match view.replaces {
        None => view.customer.path("/knowledge"),
        Some((number, _)) => view.customer.path(&format!("/knowledge/{number}")),
    };
    layout::page(
        shell,
        title,
        Place::Knowledge,
        html! {
            (layout::heading(
                html! {
                    a href=(view.customer.path("")) { (view.customer.name) } " / "
                    a href=(view.customer.path("/knowledge")) { (lang.t("Base de connaissances", "Knowledge base")) }
                    @if let Some((number, _)) = view.replaces { " / " a href=(action) { (number) } }
                },
                title,
                html! {},
            ))
            @if view.replaces.is_none() { (shared::contracts(&view.customer, "/knowledge/new", &view.contracts, lang)) }
            @if let Some(refusal) = &view.refusal { (shared::refusal(refusal, lang)) }
            @if !view.errors.is_empty() { (summary(view, lang)) }
            (components::act(shell, &action, &view.key, "panel form", fields(view, lang)))
        },
    )
}

fn summary(view: &View, lang: Lang) -> Markup {
    html! {
        div.refusal role="alert" {
            p.refusal-title { (lang.t("L’article n’est pas enregistré : à compléter", "The article is not recorded: please complete")) }
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
    let kinds = [
        Choice::new(
            "article",
            lang.t("Article : comprendre, s’aider soi-même", "Article: to understand, to help oneself"),
        ),
        Choice::new("runbook", lang.t("Procédure : faire, pas à pas", "Runbook: to do, step by step")),
    ];
    let audiences = [
        Choice::new("internal", lang.t("Le prestataire seul", "The provider only")),
        Choice::new("parties", lang.t("Les deux parties", "Both parties")),
    ];
    html! {
        @if let Some((_, version)) = view.replaces { input type="hidden" name="based_on" value=(version); }
        @if !values.contract.is_empty() { input type="hidden" name="contract" value=(values.contract); }
        @if !values.ticket.is_empty() { input type="hidden" name="ticket" value=(values.ticket); }
        @if view.preview {
            section.preview id="preview" aria-label=(lang.t("Le texte, tel qu’il se lira", "The text, as it will read")) {
                div.said { (markdown::render(&values.body, lang, &|_| None)) }
            }
        }
        (components::input("title", "title", lang.t("Titre", "Title"), &values.title))
        (components::text_area("body", "body", lang.t("Texte (Markdown)", "Text (Markdown)"), 16, &values.body))
        div.pair {
            (components::select("kind", "kind", lang.t("Type", "Type"), &kinds, &values.kind))
            (components::select("audience", "audience", lang.t("Qui le lira, une fois publié", "Who reads it, once published"), &audiences, &values.audience))
        }
        div.pair {
            (components::select("owner", "owner", lang.t("Responsable", "Owner"), &view.owners, &values.owner))
            div.field {
                label for="review_by" { (lang.t("À relire avant le", "To review by")) }
                input type="date" id="review_by" name="review_by" value=(values.review_by);
            }
        }
        (components::boxes("items", "item", lang.t("Éléments du parc", "Items"), &view.items, &values.items, lang))
        (components::boxes("classes", "class", lang.t("Catégories d’éléments", "Classes of items"), &view.classes, &values.classes, lang))
        (components::boxes("operations", "operation", lang.t("Opérations", "Operations"), &view.operations, &values.operations, lang))
        (components::boxes("kinds", "ticket-kind", lang.t("Natures de tickets", "Kinds of tickets"), &view.kinds, &values.kinds, lang))
        div.form-end {
            button.primary type="submit" { (lang.t("Enregistrer", "Save")) }
            button type="submit" name="preview" value="1" formnovalidate { (lang.t("Voir le texte", "See the text")) }
            p.muted {
                @match view.replaces {
                    None => (lang.t("Un brouillon, tant qu’il n’est pas publié.", "A draft until it is published.")),
                    Some(_) => (lang.t("Une version de plus ; les précédentes restent.", "One more version; those before stay.")),
                }
            }
        }
    }
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let blank = View {
        customer: sampling::garonne(),
        key: "sample-key".into(),
        replaces: None,
        values: Values { contract: "CTR-2026-001".into(), ..Values::default() },
        contracts: Vec::new(),
        items: vec![Choice::new("srv-erp", "srv-erp"), Choice::new("srv-fic", "srv-fic")],
        classes: vec![Choice::new("server", lang.t("Serveurs", "Servers"))],
        operations: vec![Choice::new("user_support", lang.t("Assistance aux utilisateurs", "User support"))],
        kinds: vec![Choice::new("incident", "Incident")],
        owners: vec![Choice::new("hugo@regie.example", "Hugo Delmas")],
        errors: Vec::new(),
        refusal: None,
        preview: false,
    };
    let written = View {
        replaces: Some((3, 2)),
        values: Values {
            title: lang.t("Redémarrer le serveur ERP", "Restart the ERP server").into(),
            body: lang.t("Prévenir **avant** de couper.", "Warn **before** cutting.").into(),
            kind: "runbook".into(),
            audience: "internal".into(),
            items: vec!["srv-erp".into()],
            review_by: "2026-11-01".into(),
            ..blank.values.clone()
        },
        errors: vec![("review_by".into(), lang.t("un jour à venir", "a day to come").into())],
        preview: true,
        ..blank.clone()
    };
    vec![("new", blank), ("edit", written)]
}
