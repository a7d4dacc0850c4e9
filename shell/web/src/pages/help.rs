//! Help: the keys, and the words that matter.

use maud::{Markup, html};

use crate::design::layout::{self, Place};
use crate::design::{Lang, Shell, components};

/// The help page shows nothing of its own.
#[derive(Clone, Copy, Debug, Default)]
pub struct View;

/// `GET /help`
pub fn page(shell: &Shell, _view: &View) -> Markup {
    let lang = shell.lang;
    layout::page(
        shell,
        lang.t("Aide", "Help"),
        Place::Help,
        html! {
            (layout::heading(html! {}, lang.t("Aide et clavier", "Help and keyboard"), html! {}))
            div.narrow {
                (components::section("keys", lang.t("Au clavier", "On the keyboard"), html! {
                    dl.keys {
                        div { dt { kbd { "/" } } dd { (lang.t("aller à la recherche", "go to the search box")) } }
                        div { dt { kbd { "j" } " " kbd { "k" } } dd { (lang.t("suivant, précédent dans une liste", "next, previous in a list")) } }
                        div { dt { kbd { (lang.t("Entrée", "Enter")) } } dd { (lang.t("ouvrir le ticket choisi", "open the chosen ticket")) } }
                        div { dt { kbd { "t" } } dd { (lang.t("dans une liste : aller à « Prendre » du ticket choisi", "in a list: go to “Take” of the chosen ticket")) } }
                        div { dt { kbd { "n" } } dd { (lang.t("nouveau ticket", "new ticket")) } }
                        div { dt { kbd { "a" } } dd { (lang.t("noter un appel à l’assistance (prestataire)", "record a call to the hotline (provider)")) } }
                        div { dt { kbd { "r" } " " kbd { "i" } } dd { (lang.t("sur un ticket : répondre, écrire une note interne", "on a ticket: reply, write an internal note")) } }
                        div { dt { kbd { "t" } " " kbd { "c" } } dd { (lang.t("sur un ticket : le prendre en charge, le confier", "on a ticket: take it over, assign it")) } }
                        div { dt { kbd { "s" } " " kbd { "f" } } dd { (lang.t("sur un ticket : service rétabli, résoudre", "on a ticket: service restored, resolve")) } }
                        div { dt { kbd { "h" } } dd { (lang.t("sur un ticket : saisir du temps", "on a ticket: enter time")) } }
                        div { dt { kbd { "?" } } dd { (lang.t("cette page", "this page")) } }
                    }
                    div.check {
                        input type="checkbox" id="single-keys" data-single-keys checked;
                        label for="single-keys" { (lang.t("Utiliser ces touches dans ce navigateur", "Use these keys in this browser")) }
                    }
                }))
                (components::section("messages", lang.t("Dans un message", "In a message"), html! {
                    dl.facts.wide {
                        (word(lang.t("@Hélène Castaing", "@Hélène Castaing"), lang.t("prévient cette personne, si elle peut lire le message ; son nom ou son adresse avant l’arobase, accents et majuscules à volonté.", "tells this person, if they may read the message; their name, or their address up to the at sign, accents and capitals or not.")))
                        (word(lang.t("**gras**, - liste, `code`, [texte](adresse)", "**bold**, - list, `code`, [text](address)"), lang.t("la mise en forme Markdown ; « Aperçu » la montre avant l’envoi.", "Markdown; “Preview” shows it before it is sent.")))
                    }
                }))
                (components::section("words", lang.t("Les mots", "The words"), html! {
                    dl.facts.wide {
                        (word(lang.t("Tenu, à risque, manqué", "Held, at risk, missed"), lang.t("L’état d’une promesse aujourd’hui, calculé par le contrat à partir des faits du journal.", "The state of a promise today, computed by the contract from the journal’s facts.")))
                        (word(lang.t("Déclaratif", "Declared only"), lang.t("Le contrat le promet, la machine l’enregistre, mais rien ne le prouve.", "The contract promises it, the machine records it, but nothing proves it.")))
                        (word(lang.t("Provisoire", "Not final"), lang.t("Le chiffre peut encore changer, jusqu’à la clôture du mois.", "The figure may still change, until the month is closed.")))
                        (word(lang.t("Suspendu", "Suspended"), lang.t("L’horloge est arrêtée pour un motif que le contrat liste.", "The clock is stopped for a reason the contract lists.")))
                        (word(lang.t("Journal", "Journal"), lang.t("La suite inaltérable des faits du contrat ; vous pouvez la vérifier sans nous.", "The tamper-evident sequence of the contract’s facts; you can verify it without us.")))
                    }
                }))
            }
        },
    )
}

fn word(name: crate::design::Text, meaning: crate::design::Text) -> Markup {
    html! { div { dt { (name) } dd { (meaning) } } }
}

/// Views for the gallery and the tests.
pub fn samples(_lang: Lang) -> Vec<(&'static str, View)> {
    vec![("keys", View)]
}
