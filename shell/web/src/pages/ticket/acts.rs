//! What can be done on a ticket: one plain form per act.

use maud::{Markup, html};

use super::{Act, View};
use crate::design::components::{self, Choice};
use crate::design::{Shell, Text};

/// The acts beside the conversation; writing is under it.
pub(super) fn panel(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let beside: Vec<&Act> = view.acts.iter().filter(|act| !matches!(act, Act::Reply | Act::Note)).collect();
    html! {
        @if !beside.is_empty() {
            (components::section("acts", lang.t("Agir", "Act"), html! {
                div.acts { @for act in beside { (draw(shell, view, act)) } }
            }))
        }
    }
}

/// Reply and note, under the conversation.
pub(super) fn writing(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    html! {
        @for act in &view.acts {
            @match act {
                Act::Reply => (form(shell, view, "reply", html! {
                    (components::text_area("reply-text", "text", lang.t("Répondre", "Reply"), 4, ""))
                    button.primary type="submit" { (lang.t("Envoyer la réponse", "Send the reply")) }
                })),
                Act::Note => details.act {
                    summary { (lang.t("Ajouter une note interne", "Add an internal note")) }
                    (form(shell, view, "note", html! {
                        (components::text_area("note-text", "text", lang.t("Note interne, invisible au client", "Internal note, hidden from the customer"), 3, ""))
                        button type="submit" { (lang.t("Enregistrer la note", "Save the note")) }
                    }))
                },
                _ => {}
            }
        }
    }
}

fn draw(shell: &Shell, view: &View, act: &Act) -> Markup {
    let lang = shell.lang;
    match act {
        Act::Reply | Act::Note => html! {},
        Act::TakeOver => {
            button(shell, view, "take-over", "primary", lang.t("Prendre en charge", "Take over"))
        }
        Act::Resume => {
            button(shell, view, "resume", "primary", lang.t("Reprendre l’horloge", "Resume the clock"))
        }
        Act::Restore => told(
            shell,
            view,
            "restore",
            lang.t("Service rétabli…", "Service restored…"),
            lang.t(
                "Comment le service est-il rétabli ? (contournement admis)",
                "How is service back? (a workaround is accepted)",
            ),
            html! { button.primary type="submit" { (lang.t("Déclarer le rétablissement", "Declare restoration")) } },
        ),
        Act::Resolve => told(
            shell,
            view,
            "resolve",
            lang.t("Résoudre…", "Resolve…"),
            lang.t("Cause et solution", "Cause and solution"),
            html! { button.primary type="submit" { (lang.t("Résoudre", "Resolve")) } },
        ),
        Act::Pause { reasons } => folded(
            lang.t("Suspendre…", "Suspend…"),
            form(
                shell,
                view,
                "pause",
                html! {
                    (components::select("pause-reason", "reason", lang.t("Motif prévu au contrat", "Reason listed in the contract"), reasons, ""))
                    (components::input("pause-text", "text", lang.t("Ce qui est attendu, et de qui", "What is awaited, and from whom"), ""))
                    button type="submit" { (lang.t("Suspendre l’horloge", "Suspend the clock")) }
                },
            ),
        ),
        Act::Priority { impacts, urgencies } => folded(
            lang.t("Changer la priorité…", "Change priority…"),
            priority(shell, view, impacts, urgencies),
        ),
        Act::Call => folded(
            lang.t("Noter un appel…", "Record a call…"),
            form(
                shell,
                view,
                "call",
                html! {
                    div.field {
                        label for="call-minutes" { (lang.t("Durée en minutes", "Length in minutes")) }
                        input.short type="number" id="call-minutes" name="minutes" min="1" max="600" required;
                    }
                    (components::input("call-text", "text", lang.t("Objet de l’appel", "Subject of the call"), ""))
                    button type="submit" { (lang.t("Décompter l’appel", "Count the call")) }
                },
            ),
        ),
        Act::Reopen => told(
            shell,
            view,
            "reopen",
            lang.t("Rouvrir…", "Reopen…"),
            lang.t("Ce qui ne va toujours pas", "What is still wrong"),
            html! { button type="submit" { (lang.t("Rouvrir le ticket", "Reopen the ticket")) } },
        ),
    }
}

/// An act that asks for a few lines and nothing else.
fn told(shell: &Shell, view: &View, name: &str, title: Text, question: Text, button: Markup) -> Markup {
    let area = components::text_area(&format!("{name}-text"), "text", question, 3, "");
    folded(title, form(shell, view, name, html! { (area) (button) }))
}

fn priority(shell: &Shell, view: &View, impacts: &[Choice], urgencies: &[Choice]) -> Markup {
    let lang = shell.lang;
    form(
        shell,
        view,
        "priority",
        html! {
            (components::select("priority-impact", "impact", lang.t("Impact", "Impact"), impacts, ""))
            (components::select("priority-urgency", "urgency", lang.t("Urgence", "Urgency"), urgencies, ""))
            (components::input("priority-text", "text", lang.t("Pourquoi", "Why"), ""))
            button type="submit" { (lang.t("Changer la priorité", "Change priority")) }
        },
    )
}

fn button(shell: &Shell, view: &View, name: &str, class: &str, label: Text) -> Markup {
    form(shell, view, name, html! { button class={ "wide " (class) } type="submit" { (label) } })
}

fn folded(label: Text, form: Markup) -> Markup {
    html! { details.act { summary { (label) } (form) } }
}

/// Each act has its own key, so that a note sent after a reply is not taken for its retry.
fn form(shell: &Shell, view: &View, name: &str, body: Markup) -> Markup {
    let action = view.customer.path(&format!("/tickets/{}/{name}", view.number));
    components::act(shell, &action, &format!("{}-{name}", view.key), "form", body)
}
