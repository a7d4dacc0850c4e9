//! The views kept over a list of tickets, or over the desk: links above it, and a form that keeps another.

use maud::{Markup, html};

use crate::design::components::{self, Tab, act};
use crate::design::{CustomerRef, Lang, Shell};

/// A view that the reader may open.
#[derive(Clone, Debug)]
pub struct SavedView {
    pub id: String,
    pub name: String,
    pub href: String,
    pub current: bool,
    pub shared: bool,
    /// Who shared it, when it is somebody else's: only its owner removes it.
    pub of: Option<String>,
}

/// What the views are kept over.
#[derive(Clone, Copy)]
pub struct Over<'a> {
    /// The address of the whole list, where the tabs begin with it.
    pub all: Option<&'a str>,
    /// Where views are sent to be kept.
    pub to: &'a str,
    /// Whether they may be shared.
    pub shares: bool,
    /// Idempotency key of the forms.
    pub key: &'a str,
}

/// The views as tabs; nothing when there are none.
pub fn tabs(shell: &Shell, over: Over, views: &[SavedView]) -> Markup {
    let lang = shell.lang;
    if views.is_empty() {
        return html! {};
    }
    let none = !views.iter().any(|view| view.current);
    let all = over.all.map(|href| Tab::new(href, lang.t("Tous", "All"), none));
    let mut tabs: Vec<Tab> = all.into_iter().collect();
    tabs.extend(views.iter().map(|view| Tab::new(&view.href, &view.name, view.current)));
    html! {
        (components::tabs(lang.t("Vues enregistrées", "Saved views"), &tabs))
        @for view in views.iter().filter(|view| view.current) {
            (current(shell, over, view))
        }
    }
}

/// What the view in sight is, and how its owner removes it.
fn current(shell: &Shell, over: Over, view: &SavedView) -> Markup {
    let lang = shell.lang;
    html! {
        div.saved-view {
            @match (&view.of, view.shared) {
                (Some(of), _) => span.muted.small { (lang.t("Vue partagée par", "View shared by")) " " (of) },
                (None, true) => span.muted.small { (lang.t("Votre vue, partagée", "Your view, shared")) },
                (None, false) => span.muted.small { (lang.t("Votre vue", "Your view")) },
            }
            @if view.of.is_none() {
                (act(shell, &format!("{}/{}/remove", over.to, view.id), over.key, "inline", html! {
                    button.quiet type="submit" { (lang.t("Retirer cette vue", "Remove this view")) }
                }))
            }
        }
    }
}

/// Keeps what is in sight under a name.
pub fn form(shell: &Shell, over: Over, query: &str) -> Markup {
    let lang = shell.lang;
    html! {
        details.save-view {
            summary { (lang.t("Enregistrer cette vue", "Save this view")) }
            (act(shell, over.to, over.key, "filters", html! {
                input type="hidden" name="query" value=(query);
                div.field {
                    label for="view-name" { (lang.t("Nom de la vue", "Name of the view")) }
                    input type="text" id="view-name" name="name" required maxlength="60";
                }
                @if over.shares {
                    label.check {
                        input type="checkbox" name="shared" value="1";
                        " " (lang.t("La partager avec mes collègues", "Share it with my colleagues"))
                    }
                }
                button type="submit" { (lang.t("Enregistrer", "Save")) }
            }))
        }
    }
}

/// What is said when no view is kept yet and nothing filters.
pub fn samples(lang: Lang, customer: &CustomerRef) -> Vec<SavedView> {
    let href = |query: &str| customer.path(&format!("/tickets?{query}"));
    vec![
        SavedView {
            id: "v1".into(),
            name: lang.t("Ouverts", "Open").to_string(),
            href: href("state=open"),
            current: true,
            shared: true,
            of: None,
        },
        SavedView {
            id: "v2".into(),
            name: lang.t("Demandes en retard", "Late requests").to_string(),
            href: href("state=late&kind=service_request"),
            current: false,
            shared: true,
            of: Some("Nadia Roy".into()),
        },
    ]
}
