//! What can be done on a ticket: one plain form per act.

use maud::{Markup, html};

use super::{Act, View, beside};
use crate::design::components::{self, Choice};
use crate::design::{Lang, Shell, Text, assets, markdown};

/// So few acts need no folding: whoever declines a price or reopens has one gesture less to make.
const FEW: usize = 3;

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
                Act::Reply => (message(shell, view, "reply", lang.t("Répondre", "Reply"), html! {
                    button.primary type="submit" { (lang.t("Envoyer la réponse", "Send the reply")) }
                })),
                Act::Note => details.act open[draft(view, "note").is_some()] {
                    summary { (lang.t("Ajouter une note interne", "Add an internal note")) }
                    (message(shell, view, "note", lang.t("Note interne, invisible au client", "Internal note, hidden from the customer"), html! {
                        button type="submit" { (lang.t("Enregistrer la note", "Save the note")) }
                    }))
                },
                _ => {}
            }
        }
    }
}

/// The form of a message: its words in Markdown, its files, and a look at it before it is sent.
fn message(shell: &Shell, view: &View, name: &str, label: Text, send: Markup) -> Markup {
    let lang = shell.lang;
    let (text_id, hint_id) = (format!("{name}-text"), format!("{name}-text-hint"));
    let text = draft(view, name);
    let preview = view.customer.path(&format!("/tickets/{}/preview", view.number));
    let action = view.customer.path(&format!("/tickets/{}/{name}", view.number));
    components::act_with_files(
        shell,
        &action,
        &format!("{}-{name}", view.key),
        "form",
        html! {
            @if let Some(text) = text {
                section.preview id="preview" aria-label=(lang.t("Aperçu", "Preview")) {
                    div.said { (markdown::render(text, lang, &|_| None)) }
                }
            }
            @if name == "reply" { (templates(view, &preview, lang)) }
            div.field {
                label for=(text_id) { (label) }
                textarea id=(text_id) name="text" rows="4" aria-describedby=(hint_id) { (text.unwrap_or_default()) }
                span.hint id=(hint_id) { (lang.t(
                    "Markdown ; « @ » puis un nom prévient cette personne, si elle lit ce ticket.",
                    "Markdown; “@” then a name tells this person, if they read this ticket.")) }
            }
            (components::files(&format!("{name}-files"), lang))
            div.message-end {
                (send)
                button type="submit" name="act" value=(name) formaction={ (preview) "#preview" }
                    formenctype="application/x-www-form-urlencoded" { (lang.t("Aperçu", "Preview")) }
            }
        },
    )
}

/// A template to begin with: the answer comes back filled, to read and change.
fn templates(view: &View, preview: &str, lang: Lang) -> Markup {
    html! {
        @if !view.beside.templates.is_empty() {
            div.field {
                label for="reply-template" { (lang.t("Commencer par un modèle", "Begin with a template")) }
                div.search-line { select id="reply-template" name="template" {
                    option value="" { (lang.t("Aucun", "None")) }
                    @for choice in &view.beside.templates {
                        option value=(choice.value) { (components::words(&choice.label, lang)) }
                    }
                }
                button type="submit" name="act" value="fill" formaction={ (preview) "#reply-text" }
                    formenctype="application/x-www-form-urlencoded" { (lang.t("Insérer", "Insert")) }
                }
                @if let Some(href) = &view.beside.keeps_templates {
                    a href=(href) { (lang.t("Tenir les modèles", "Keep the templates")) }
                }
            }
            script src=(assets::url("answers.js")) defer {}
        } @else if let Some(href) = &view.beside.keeps_templates {
            p { a href=(href) { (lang.t("Écrire un modèle de réponse", "Write an answer template")) } }
        }
    }
}

/// What the reader is writing there, if they asked to see it.
fn draft<'a>(view: &'a View, name: &str) -> Option<&'a str> {
    view.draft.as_ref().filter(|d| d.act == name).map(|d| d.text.as_str())
}

fn draw(shell: &Shell, view: &View, act: &Act) -> Markup {
    let lang = shell.lang;
    match act {
        Act::Reply | Act::Note => html! {},
        Act::Diagnose | Act::KnownError | Act::Relate { .. } | Act::Watch | Act::Unwatch => {
            beside::draw(shell, view, act).unwrap_or_default()
        }
        Act::TakeOver => {
            button(shell, view, "take-over", "primary", lang.t("Prendre en charge", "Take over"))
        }
        Act::Assign { people } => folded(
            lang.t("Confier à quelqu’un…", "Assign to somebody…"),
            form(
                shell,
                view,
                "assign",
                html! {
                    (components::select("assign-to", "to", lang.t("Confier à", "Assign to"), people, ""))
                    button type="submit" { (lang.t("Confier", "Assign")) }
                },
            ),
        ),
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
            html! {
                (beside::diagnosis(view, "restore", lang))
                button.primary type="submit" { (lang.t("Déclarer le rétablissement", "Declare restoration")) }
            },
        ),
        Act::Resolve => told(
            shell,
            view,
            "resolve",
            lang.t("Résoudre…", "Resolve…"),
            lang.t("Cause et solution", "Cause and solution"),
            html! {
                (beside::diagnosis(view, "resolve", lang))
                button.primary type="submit" { (lang.t("Résoudre", "Resolve")) }
            },
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
        Act::Priority { impacts, urgencies } => html! {
            details.act open[view.beside.what_if.is_some()] {
                summary { (lang.t("Changer la priorité…", "Change priority…")) }
                (priority(shell, view, impacts, urgencies))
            }
        },
        Act::Quote { currency } => folded(
            lang.t("Établir un devis…", "Make a quotation…"),
            form(
                shell,
                view,
                "quote",
                html! {
                    input type="hidden" name="currency" value=(currency);
                    div.field {
                        label for="quote-price" { (lang.t("Montant HT", "Amount excl. VAT")) " (" (currency) ")" }
                        input.short type="text" inputmode="decimal" id="quote-price" name="price" required;
                    }
                    div.field {
                        label for="quote-until" { (lang.t("Valable jusqu’au (facultatif)", "Holds until (optional)")) }
                        input type="date" id="quote-until" name="until";
                    }
                    (components::text_area("quote-text", "text", lang.t("Ce qui sera fait", "What will be done"), 3, ""))
                    button type="submit" { (lang.t("Soumettre le devis", "Submit the quotation")) }
                },
            ),
        ),
        Act::AgreePrice { price, quotation, shown, reference } => {
            let hidden = html! { input type="hidden" name="price" value=(price); (answered(*quotation)) };
            agree(shell, view, hidden, shown, *reference)
        }
        Act::DeclinePrice { quotation, asked } => told(
            shell,
            view,
            "decline-price",
            match asked {
                true => lang.t("Refuser le prix…", "Decline the price…"),
                false => lang.t("Renoncer à ce travail…", "Give this work up…"),
            },
            lang.t("Pourquoi", "Why"),
            html! {
                (answered(*quotation))
                button type="submit" {
                    @if *asked { (lang.t("Refuser", "Decline")) } @else { (lang.t("Renoncer", "Give up")) }
                }
            },
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

/// The quotation that an answer is to: another may be made while the page is read.
fn answered(quotation: Option<u64>) -> Markup {
    html! { @if let Some(entry) = quotation { input type="hidden" name="quotation" value=(entry); } }
}

/// One button for the customer; the provider says where the customer wrote it.
fn agree(shell: &Shell, view: &View, hidden: Markup, shown: &str, reference: bool) -> Markup {
    let lang = shell.lang;
    if reference {
        return folded(
            lang.t("Consigner l’accord du client…", "Record the customer’s agreement…"),
            form(
                shell,
                view,
                "agree-price",
                html! {
                    (hidden)
                    p { (lang.t("Prix accepté :", "Price agreed:")) " " strong { (shown) } }
                    (components::input("agree-text", "text", lang.t("Son écrit : date et objet du message", "What they wrote: date and subject of the message"), ""))
                    button type="submit" { (lang.t("Consigner l’accord", "Record the agreement")) }
                },
            ),
        );
    }
    let button = html! {
        (hidden)
        button.wide.primary type="submit" { (lang.t("Accepter le prix :", "Agree to the price:")) " " (shown) }
    };
    form(shell, view, "agree-price", button)
}

/// An act that asks for a few lines and nothing else.
fn told(shell: &Shell, view: &View, name: &str, title: Text, question: Text, button: Markup) -> Markup {
    let area = components::text_area(&format!("{name}-text"), "text", question, 3, "");
    let beside = view.acts.iter().filter(|act| !matches!(act, Act::Reply | Act::Note)).count();
    html! {
        details.act open[beside <= FEW] {
            summary { (title) }
            (form(shell, view, name, html! { (area) (button) }))
        }
    }
}

/// The priority that impact and urgency give, and first, for who asks, the due instants it would give.
fn priority(shell: &Shell, view: &View, impacts: &[Choice], urgencies: &[Choice]) -> Markup {
    let lang = shell.lang;
    let asked = view.beside.what_if.as_ref();
    let (impact, urgency) = asked.map_or(("", ""), |w| (w.impact.as_str(), w.urgency.as_str()));
    let preview = view.customer.path(&format!("/tickets/{}/preview", view.number));
    form(
        shell,
        view,
        "priority",
        html! {
            @if let Some(what_if) = asked { (beside::what_if(what_if, lang)) }
            (components::select("priority-impact", "impact", lang.t("Impact", "Impact"), impacts, impact))
            (components::select("priority-urgency", "urgency", lang.t("Urgence", "Urgency"), urgencies, urgency))
            button type="submit" name="act" value="priority" formaction={ (preview) "#what-if" } formnovalidate {
                (lang.t("Voir les échéances", "See the due instants"))
            }
            (components::input("priority-text", "text", lang.t("Pourquoi", "Why"), asked.map_or("", |w| w.why.as_str())))
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
pub(super) fn form(shell: &Shell, view: &View, name: &str, body: Markup) -> Markup {
    let action = view.customer.path(&format!("/tickets/{}/{name}", view.number));
    components::act(shell, &action, &format!("{}-{name}", view.key), "form", body)
}
