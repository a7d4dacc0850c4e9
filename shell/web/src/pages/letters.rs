//! In whose name letters leave for the people of one customer, and how they end.

use maud::{Markup, html};

use crate::design::components;
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell};
use crate::pages::sampling;
use crate::pages::shared::{self, Refusal};

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// Beside the address of the sender; empty: the one that the operator chose for all.
    pub name: String,
    /// The last lines of each letter; empty: that name.
    pub signature: String,
    /// The address they leave from, the operator's choice; `None` where no mail is exchanged.
    pub from: Option<String>,
    pub key: String,
    pub refused: Option<Refusal>,
}

/// `GET /c/{customer}/letters`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Lettres de ce client", "This customer’s letters");
    let action = view.customer.path("/letters");
    layout::page(
        shell,
        title,
        Place::Roles,
        html! {
            (layout::heading(
                html! {
                    a href=(view.customer.path("")) { (view.customer.name) } " / "
                    a href=(view.customer.path("/people")) { (lang.t("Personnes", "People")) }
                },
                title,
                html! {},
            ))
            p.lead { (lang.t(
                "Ce que lisent les personnes de ce client, en tête et au bas des lettres qui leur annoncent leurs tickets.",
                "What this customer’s people read at the head and at the foot of the letters about their tickets.",
            )) }
            @if let Some(from) = &view.from {
                p { (lang.t("Elles partent de", "They leave from")) " " strong { (from) } " " span.muted { (lang.t("(réglage de l’exploitant)", "(set by the operator)")) } }
            }
            @if let Some(refused) = &view.refused { (shared::refusal(refused, lang)) }
            (components::section(
                "letters-identity",
                lang.t("Au nom de qui", "In whose name"),
                components::act(shell, &action, &view.key, "form", html! {
                    div.field {
                        label for="letters-name" { (lang.t("Nom de l’expéditeur (vide : celui de tous les clients)", "Name of the sender (empty: the one of all customers)")) }
                        input type="text" id="letters-name" name="name" value=(view.name) autocomplete="off";
                    }
                    (components::optional_area(
                        "letters-signature",
                        "signature",
                        lang.t("Signature (vide : le nom de l’expéditeur)", "Signature (empty: the name of the sender)"),
                        4,
                        &view.signature,
                    ))
                    button.primary type="submit" { (lang.t("Enregistrer", "Save")) }
                }),
            ))
        },
    )
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let set = View {
        customer: sampling::garonne(),
        name: lang.t("Assistance Ateliers Garonne", "Ateliers Garonne support").into(),
        signature: lang
            .t(
                "Le centre de services\n05 61 00 00 00, de 9 h à 18 h",
                "The service desk\n05 61 00 00 00, 9 am to 6 pm",
            )
            .into(),
        from: Some("assistance@ateliers-garonne.example".into()),
        key: "sample".into(),
        refused: None,
    };
    let none = View { name: String::new(), signature: String::new(), from: None, ..set.clone() };
    vec![("set", set), ("none", none)]
}
