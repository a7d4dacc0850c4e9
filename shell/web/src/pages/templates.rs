//! Templates of answers: those of every customer, or those of one with the shared ones beside.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::components;
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell, format};
use crate::pages::sampling;
use crate::pages::shared::{self, Refusal};

#[derive(Clone, Debug)]
pub struct View {
    /// `None` for those of every customer.
    pub customer: Option<CustomerRef>,
    /// Those kept here, then those of every customer.
    pub templates: Vec<Template>,
    pub form: Form,
    /// What a template may name: in the reader's language, and what it stands for.
    pub blanks: Vec<(String, String)>,
    /// The page of those of every customer, for those who keep them.
    pub shared: Option<String>,
    pub refused: Option<Refusal>,
}

#[derive(Clone, Debug)]
pub struct Template {
    pub name: String,
    pub fr: String,
    pub en: String,
    pub by: String,
    pub written: Zoned,
    /// Where it is changed, its id, and the key that removes it; `None` for one of every customer.
    pub keep: Option<(String, String, String)>,
}

/// A template to add, or to change.
#[derive(Clone, Debug, Default)]
pub struct Form {
    pub action: String,
    pub key: String,
    /// The id of the one that is changed.
    pub id: String,
    pub name: String,
    pub fr: String,
    pub en: String,
}

/// `GET /templates` and `GET /c/{customer}/templates`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Modèles de réponse", "Answer templates");
    let context = html! {
        @match &view.customer {
            Some(customer) => {
                a href=(customer.path("")) { (customer.name) } " / "
                a href=(customer.path("/tickets")) { (lang.t("Tickets", "Tickets")) }
            }
            None => (lang.t("Tous les clients", "All customers")),
        }
    };
    let place = if view.customer.is_some() { Place::Tickets } else { Place::Elsewhere };
    layout::page(
        shell,
        title,
        place,
        html! {
            (layout::heading(context, title, html! {
                @if let Some(href) = &view.shared {
                    a.button.plain href=(href) { (lang.t("Modèles de tous les clients", "Templates of all customers")) }
                }
            }))
            @if let Some(refused) = &view.refused { (shared::refusal(refused, lang)) }
            @if view.templates.is_empty() {
                (components::empty(
                    lang.t("Aucun modèle", "No template"),
                    lang.t("Un modèle se choisit sous un ticket ; la réponse revient remplie, à relire et à changer.",
                           "A template is chosen under a ticket; the answer comes back filled, to read and change."),
                    None,
                ))
            }
            @for (nth, template) in view.templates.iter().enumerate() { (one(shell, &view.form.action, template, nth)) }
            (components::section("keep", heading(&view.form, lang), form(shell, view)))
        },
    )
}

fn heading(form: &Form, lang: Lang) -> crate::design::Text {
    if form.id.is_empty() {
        lang.t("Ajouter un modèle", "Add a template")
    } else {
        lang.t("Modifier le modèle", "Change the template")
    }
}

fn one(shell: &Shell, action: &str, template: &Template, nth: usize) -> Markup {
    let lang = shell.lang;
    let aside = html! {
        span.muted {
            @if template.keep.is_none() { (lang.t("tous les clients", "all customers")) ", " }
            (template.by) ", " (format::date(template.written.date(), lang))
        }
    };
    components::section_with(
        &format!("template-{nth}"),
        components::words(&template.name, lang),
        aside,
        html! {
            @for (tag, text) in [("fr", &template.fr), ("en", &template.en)] {
                @if !text.is_empty() { pre.said lang=(tag) { (text) } }
            }
            @if let Some((change, id, key)) = &template.keep {
                p { a.button.plain href=(change) { (lang.t("Modifier", "Change")) } }
                (components::act(shell, &format!("{action}/remove"), key, "inline", html! {
                    input type="hidden" name="id" value=(id);
                    button.link type="submit" { (lang.t("Retirer ce modèle", "Remove this template")) }
                }))
            }
        },
    )
}

fn form(shell: &Shell, view: &View) -> Markup {
    let (lang, form) = (shell.lang, &view.form);
    components::act(
        shell,
        &form.action,
        &form.key,
        "form",
        html! {
            input type="hidden" name="id" value=(form.id);
            div.field {
                label for="name" { (lang.t("Nom", "Name")) }
                input type="text" id="name" name="name" value=(form.name) required maxlength="80";
            }
            @for (name, label, value) in [("fr", lang.t("Texte en français", "Text in French"), &form.fr), ("en", lang.t("Texte en anglais", "Text in English"), &form.en)] {
                div.field {
                    label for=(name) { (label) }
                    textarea id=(name) name=(name) rows="6" lang=(name) maxlength="4000" aria-describedby="blanks" { (value) }
                }
            }
            div id="blanks" {
                p { (lang.t("Une langue suffit. Entre accolades, ce que le ticket remplit :", "One language is enough. Between braces, what the ticket fills:")) }
                (components::facts(view.blanks.iter().map(|(name, what)| (html! { code { (name) } }, html! { (what) })).collect()))
            }
            p { button.primary type="submit" { (lang.t("Enregistrer", "Save")) } }
        },
    )
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let template = |name: &str, fr: &str, en: &str, own: bool| Template {
        name: name.into(),
        fr: fr.into(),
        en: en.into(),
        by: "Hélène Vidal".into(),
        written: sampling::at("2026-10-12T09:30"),
        keep: own.then(|| {
            let id = "0190a5b0-0000-7000-8000-000000000001";
            (format!("/c/ateliers-garonne/templates?edit={id}"), id.into(), "sample-remove".into())
        }),
    };
    let received = String::from(lang.t("Accusé de réception", "Received"));
    let templates = vec![
        template(
            &received,
            "Bonjour {personne},\n\nVotre demande n° {numéro} est reçue. Elle échoit le {échéance}.",
            "Hello {person},\n\nYour request {number} is received; it is due on {due}.",
            true,
        ),
        template(
            &String::from(lang.t("Hors périmètre", "Out of perimeter")),
            "L’article {article} ne couvre pas cette demande.",
            "",
            false,
        ),
    ];
    let blanks = vec![
        ("{numéro}".to_owned(), String::from(lang.t("le numéro du ticket", "the ticket’s number"))),
        ("{échéance}".to_owned(), String::from(lang.t("la prochaine échéance", "the next due instant"))),
    ];
    let form =
        Form { action: "/c/ateliers-garonne/templates".into(), key: "sample".into(), ..Form::default() };
    let view = View {
        customer: Some(sampling::garonne()),
        templates,
        form,
        blanks,
        shared: Some("/templates".into()),
        refused: None,
    };
    let everywhere = View {
        customer: None,
        templates: Vec::new(),
        form: Form {
            action: "/templates".into(),
            key: "sample".into(),
            id: "0190a5b0-0000-7000-8000-000000000001".into(),
            name: received,
            fr: "Bonjour {prénom}".into(),
            en: String::new(),
        },
        shared: None,
        refused: Some(Refusal {
            sentence: lang.t("{prénom} n’est pas connu", "{prénom} is not known").into(),
            reasons: Vec::new(),
            journal_entry: None,
            advice: lang.t("Corrigez le texte.", "Correct the text.").into(),
        }),
        ..view.clone()
    };
    vec![("customer", view), ("everywhere", everywhere)]
}
