//! A call, written down in one line: who called, and for how long.

use maud::{Markup, html};

use crate::design::layout::{self, Place};
use crate::design::{Lang, Shell, components};
use crate::pages::sampling;
use crate::pages::shared::{self, Refusal};

#[derive(Clone, Debug)]
pub struct View {
    /// The line as it was sent, to be corrected.
    pub line: String,
    /// What can be typed: each customer's short name and its whole one.
    pub customers: Vec<(String, String)>,
    /// Idempotency key of the form.
    pub key: String,
    /// Why the line was not taken.
    pub refusal: Option<Refusal>,
}

/// `GET /calls/new`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Noter un appel", "Record a call");
    layout::page(
        shell,
        title,
        Place::Desk,
        html! {
            (layout::heading(html! { a href="/" { (lang.t("Mon bureau", "My desk")) } }, title, html! {}))
            div.narrow {
                @if let Some(refusal) = &view.refusal { (shared::refusal(refusal, lang)) }
                (components::act(shell, "/calls/new", &view.key, "form", html! {
                    div.field {
                        label for="call" { (lang.t("Client, minutes", "Customer, minutes")) }
                        input type="text" id="call" name="line" value=(view.line) list="call-customers"
                            autocomplete="off" autofocus required aria-describedby="call-help";
                        datalist id="call-customers" {
                            @for (slug, name) in &view.customers { option value={ (slug) " " } { (name) } }
                        }
                        p.muted id="call-help" {
                            (lang.t("Le début du nom et la durée : « garonne 12 ». Un numéro de ticket s’ajoute avec un dièse : « garonne 12 #417 » ; un numéro de contrat, tel quel.",
                                    "The start of the name and the length: “garonne 12”. Add a ticket with a hash: “garonne 12 #417”; a contract’s number as it is."))
                        }
                    }
                    button.primary type="submit" { (lang.t("Décompter l’appel", "Count the call")) }
                }))
            }
        },
    )
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let customers = [sampling::garonne(), sampling::sologne()].map(|c| (c.slug, c.name)).to_vec();
    let view = View { line: String::new(), customers, key: "sample-key".into(), refusal: None };
    let refusal = Refusal {
        sentence: lang.t("Deux clients répondent à « a ».", "Two customers answer to “a”.").into(),
        reasons: Vec::new(),
        journal_entry: None,
        advice: lang.t("Précisez le nom.", "Say more of the name.").into(),
    };
    let again = View { line: "a 12".into(), refusal: Some(refusal), ..view.clone() };
    vec![("blank", view), ("refused", again)]
}
