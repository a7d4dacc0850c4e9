//! The two forms of the page of duties: a duty done, and what happened to the contract.

use maud::{Markup, html};

use super::{Forms, View};
use crate::design::components;
use crate::design::{Shell, Text};

pub(super) fn draw(shell: &Shell, view: &View, forms: &Forms) -> Markup {
    let lang = shell.lang;
    html! {
        div id="record" tabindex="-1" {
            @if let Some(key) = forms.duty.as_ref().filter(|_| !forms.owed.is_empty()) {
                (components::section("record-duty", lang.t("Enregistrer une obligation faite", "Record a duty done"),
                    components::act(shell, &view.customer.path("/duties/done"), key, "form", duty(view, forms, lang))))
            }
            @if let Some(key) = &forms.life {
                (components::section("record-life", lang.t("Dire ce qui est arrivé au contrat", "Tell what happened to the contract"),
                    components::act(shell, &view.customer.path("/duties/event"), key, "form", life(view, forms, lang))))
            }
        }
    }
}

fn duty(view: &View, forms: &Forms, lang: crate::design::Lang) -> Markup {
    html! {
        input type="hidden" name="contract" value=(view.contract);
        (components::select("duty-what", "duty", lang.t("L’obligation", "The duty"), &forms.owed, &forms.chosen))
        (date("duty-on", "on", lang.t("Faite le", "Done on"), &forms.today.to_string(), true))
        (components::select("duty-proof", "proof", lang.t("La preuve donnée", "The proof given"), &forms.proofs, ""))
        (components::input("duty-reference", "reference", lang.t("Sa référence (procès-verbal, note, attestation)", "Its reference (minutes, note, certificate)"), ""))
        (date("duty-until", "valid_until", lang.t("Valable jusqu’au (certificat ou police renouvelés ; facultatif)", "Valid until (a certificate or policy renewed; optional)"), "", false))
        p { button.primary type="submit" { (lang.t("Enregistrer l’obligation", "Record the duty")) } }
    }
}

fn life(view: &View, forms: &Forms, lang: crate::design::Lang) -> Markup {
    html! {
        input type="hidden" name="contract" value=(view.contract);
        (components::select("life-fact", "fact", lang.t("Ce qui est arrivé, ou est prévu", "What happened, or is planned"), &forms.facts, ""))
        div.field {
            label for="life-at" { (lang.t("Quand", "When")) }
            input type="datetime-local" id="life-at" name="at" value=(forms.now.strftime("%Y-%m-%dT%H:%M").to_string()) required;
        }
        (components::input("life-about", "about", lang.t("De quoi il s’agit, et où le lire", "What it is, and where to read it"), ""))
        (date("life-last", "last", lang.t("Dernier jour du contrat (congé seulement)", "Last day of the contract (notice only)"), "", false))
        p { button type="submit" { (lang.t("Inscrire au journal", "Enter in the journal")) } }
    }
}

fn date(id: &str, name: &str, label: Text, value: &str, required: bool) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            input type="date" id=(id) name=(name) value=(value) required[required];
        }
    }
}
