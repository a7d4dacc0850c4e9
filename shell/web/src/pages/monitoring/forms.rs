//! What the provider's staff write down: an outage, its end, what was wrong, a maintenance window.

use jiff::Zoned;
use maud::{Markup, html};

use super::{Forms, Outage, Window};
use crate::design::components::{self, Choice};
use crate::design::{CustomerRef, Lang, Shell};

/// Recording an outage, and announcing maintenance.
pub(super) fn new(shell: &Shell, customer: &CustomerRef, forms: &Forms) -> Markup {
    let lang = shell.lang;
    html! {
        div.columns {
            (components::section("record", lang.t("Consigner une interruption", "Record an outage"), html! {
                (components::act(shell, &customer.path("/monitoring/outages"), &forms.key, "stack", html! {
                    (outage(forms, "new", None, lang))
                    button.primary type="submit" { (lang.t("Consigner l’interruption", "Record the outage")) }
                }))
            }))
            (components::section("announce", lang.t("Annoncer une maintenance", "Announce maintenance"), html! {
                (components::act(shell, &customer.path("/monitoring/maintenance"), &forms.key, "stack", html! {
                    (components::select("window-item", "item", lang.t("Service ou élément", "Service or item"), &forms.items, ""))
                    (moment("window-from", "from", lang.t("Début", "From"), "", true))
                    (moment("window-until", "until", lang.t("Fin", "Until"), "", true))
                    p.muted { (lang.t(
                        "L’annonce est datée de maintenant : le préavis du contrat court de cet instant.",
                        "The announcement is dated now: the contract’s notice runs from this instant.",
                    )) }
                    button.primary type="submit" { (lang.t("Annoncer la maintenance", "Announce the maintenance")) }
                }))
            }))
        }
    }
}

/// What can be done about an outage told before: its end, a correction, its withdrawal.
pub(super) fn about(shell: &Shell, customer: &CustomerRef, forms: &Forms, told: &Outage) -> Markup {
    let lang = shell.lang;
    let path = |act: &str| customer.path(&format!("/monitoring/outages/{}/{act}", told.id));
    let key = format!("{}-{}", forms.key, told.id);
    html! {
        @if told.ended.is_none() {
            details.act open {
                summary { (lang.t("Consigner la fin…", "Record its end…")) }
                (components::act(shell, &path("end"), &key, "stack", html! {
                    (moment(&format!("end-{}", told.id), "ended", lang.t("Service rétabli le", "Service back on"), &forms.now, true))
                    button.primary type="submit" { (lang.t("Consigner la fin", "Record its end")) }
                }))
            }
        }
        details.act {
            summary { (lang.t("Corriger…", "Correct…")) }
            (components::act(shell, &path("correct"), &key, "stack", html! {
                (outage(forms, &told.id, Some(told), lang))
                button type="submit" { (lang.t("Corriger l’interruption", "Correct the outage")) }
            }))
            (components::act(shell, &path("cancel"), &key, "stack", html! {
                p.muted { (lang.t("Elle n’a pas eu lieu ? Ce qui a été consigné reste au journal.", "It never happened? What was recorded stays in the journal.")) }
                button type="submit" { (lang.t("Retirer l’interruption", "Withdraw the outage")) }
            }))
        }
    }
}

/// Giving a window up before it begins.
pub(super) fn give_up(shell: &Shell, customer: &CustomerRef, forms: &Forms, window: &Window) -> Markup {
    let path = customer.path(&format!("/monitoring/maintenance/{}/cancel", window.id));
    let key = format!("{}-{}", forms.key, window.id);
    components::act(
        shell,
        &path,
        &key,
        "",
        html! { button.link type="submit" { (shell.lang.t("Annuler cette maintenance", "Cancel this maintenance")) } },
    )
}

/// The fields of an outage; `prefix` makes their ids unique.
fn outage(forms: &Forms, prefix: &str, told: Option<&Outage>, lang: Lang) -> Markup {
    let id = |name: &str| format!("{name}-{prefix}");
    let at = |at: Option<&Zoned>| at.map(local).unwrap_or_default();
    let item = told.and_then(|t| t.items.first()).map_or("", String::as_str);
    html! {
        @if let Some(told) = told.filter(|t| t.items.len() > 1) {
            // Several items were told through the API: the form keeps them.
            input type="hidden" name="item" value=(told.items.join(","));
            p { (lang.t("Éléments\u{a0}: ", "Items: ")) (told.items.join(", ")) }
        } @else {
            (components::select(&id("item"), "item", lang.t("Service ou élément", "Service or item"), &forms.items, item))
        }
        (components::select(&id("state"), "state", lang.t("État du service", "State of the service"), &forms.states, told.map_or("down", |t| &t.state_key)))
        (moment(&id("detected"), "detected", lang.t("Vue par une sonde le", "Seen by a probe on"), &at(told.and_then(|t| t.detected.as_ref())), false))
        (moment(&id("declared"), "declared", lang.t("Déclarée par le client le", "Declared by the customer on"), &at(told.and_then(|t| t.declared.as_ref())), false))
        p.muted { (lang.t("L’un des deux au moins.", "At least one of the two.")) }
        (moment(&id("ended"), "ended", lang.t("Rétabli le (vide : elle dure encore)", "Back on (empty: it goes on)"), &at(told.and_then(|t| t.ended.as_ref())), false))
        (components::select(&id("origin"), "origin", lang.t("Du fait de", "Caused by"), &forms.origins, told.map_or("provider", |t| &t.origin_key)))
        @if forms.users {
            div.field {
                label for=(id("users")) { (lang.t("Utilisateurs touchés (vide : tous)", "Users touched (empty: all)")) }
                input.short type="number" id=(id("users")) name="users" min="1" value=[told.and_then(|t| t.users)];
            }
        }
    }
}

/// A local instant, to the minute.
fn moment(id: &str, name: &str, label: impl maud::Render, value: &str, required: bool) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            input type="datetime-local" id=(id) name=(name) value=(value) required[required];
        }
    }
}

/// `2026-08-12T10:55`, as the field wants it.
pub(super) fn local(at: &Zoned) -> String {
    at.strftime("%Y-%m-%dT%H:%M").to_string()
}

/// Choices of what an outage is and whose it is, in the reader's language.
pub fn states(lang: Lang) -> Vec<Choice> {
    vec![
        Choice::new("down", lang.t("Interrompu", "Down")),
        Choice::new("degraded", lang.t("Dégradé", "Degraded")),
        Choice::new("unknown", lang.t("Sans mesure", "Not measured")),
    ]
}

pub fn origins(lang: Lang) -> Vec<Choice> {
    vec![
        Choice::new("provider", lang.t("Prestataire", "Provider")),
        Choice::new("customer", lang.t("Client", "Customer")),
        Choice::new("third_party", lang.t("Un tiers", "A third party")),
        Choice::new("force_majeure", lang.t("Force majeure", "Force majeure")),
    ]
}
