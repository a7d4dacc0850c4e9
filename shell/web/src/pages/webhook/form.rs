//! The form of a webhook: where, what for, and which events.

use maud::{Markup, html};

use super::kinds::{group, kind};
use crate::design::components::{self, Choice};
use crate::design::{Lang, Shell};

/// What was typed, and what may be chosen.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    pub key: String,
    pub url: String,
    pub description: String,
    /// The events that are ticked.
    pub chosen: Vec<String>,
    /// Whose a new one becomes, for the provider's people.
    pub side: Option<String>,
    /// Whether the webhook is there already: the form is then a part of its page.
    pub is_written: bool,
    /// Whether events internal to the provider are offered.
    pub internal: bool,
}

/// The events that a form offers, under their titles.
fn groups(internal: bool, lang: Lang) -> Vec<(String, Vec<Choice>)> {
    let mut groups: Vec<(String, Vec<Choice>)> = Vec::new();
    for key in app::webhook::KINDS.into_iter().filter(|k| internal || !app::webhook::is_internal(k)) {
        let (title, choice) = (group(key, lang).to_string(), Choice::new(key, kind(key, lang)));
        match groups.last_mut().filter(|(last, _)| *last == title) {
            Some((_, choices)) => choices.push(choice),
            None => groups.push((title, vec![choice])),
        }
    }
    groups
}

/// What a new webhook hears until somebody chooses: what a ticket's life is made of.
pub fn kinds_chosen() -> Vec<String> {
    ["ticket.opened", "ticket.taken_over", "ticket.restored", "ticket.resolved", "ticket.breached"]
        .map(str::to_owned)
        .to_vec()
}

pub(super) fn draw(shell: &Shell, form: &Form, is_provider: bool) -> Markup {
    let lang = shell.lang;
    let sides = [
        Choice::new("customer", lang.t("Le client", "The customer")),
        Choice::new("provider", lang.t("Le prestataire", "The provider")),
    ];
    components::act(
        shell,
        &form.action,
        &form.key,
        if form.is_written { "form" } else { "panel form" },
        html! {
            div.field {
                label for="url" { (lang.t("Adresse qui reçoit", "Receiving address")) }
                input type="url" id="url" name="url" value=(form.url) required maxlength="2000";
            }
            div.field {
                label for="description" { (lang.t("À quoi sert-il ? (facultatif)", "What is it for? (optional)")) }
                input type="text" id="description" name="description" value=(form.description) maxlength="200";
            }
            @if let Some(side) = &form.side {
                (components::select("side", "side", lang.t("Pour", "For"), &sides, side))
                p.muted {
                    (lang.t("Les événements internes au prestataire ne partent que sur les webhooks du prestataire, que le client ne voit pas.",
                            "Events internal to the provider leave only on the provider’s webhooks, which the customer does not see."))
                }
            }
            @for (index, (title, choices)) in groups(form.internal && is_provider, lang).iter().enumerate() {
                (components::boxes(&format!("kinds-{index}"), "kinds", title, choices, &form.chosen, lang))
            }
            div.form-end { button.primary type="submit" { (lang.t("Enregistrer", "Save")) } }
        },
    )
}
