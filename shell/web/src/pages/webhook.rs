//! One webhook: its form, its secret, what it was sent; or a new one.

mod form;
mod kinds;
mod log;
mod samples;

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::icon::{Icon, icon};
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell, components};
use crate::pages::shared::{self, Refusal};
use crate::pages::webhooks::{self, State};

pub use form::{Form, kinds_chosen};
pub use kinds::kind;
pub use log::{Attempt, Delivery, Stands};
pub use samples::samples;

#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// `None` for one that is not written yet.
    pub webhook: Option<Existing>,
    pub form: Form,
    /// A secret just made, shown this once.
    pub secret: Option<String>,
    /// The operator allows no host.
    pub off: bool,
    pub refused: Option<Refusal>,
}

/// A webhook as it stands.
#[derive(Clone, Debug)]
pub struct Existing {
    /// Its own address among the pages.
    pub at: String,
    pub title: String,
    pub is_provider: bool,
    pub state: State,
    pub by: String,
    pub written: Zoned,
    pub secret_made: Zoned,
    /// Until when the secret before signs too.
    pub both_until: Option<Zoned>,
    pub deliveries: Vec<Delivery>,
    /// The next page of the log.
    pub more: Option<String>,
    /// A fresh key for each act.
    pub keys: [String; 4],
}

/// `GET /c/{customer}/webhooks/new` and `GET /c/{customer}/webhooks/{webhook}`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = view.webhook.as_ref().map_or_else(
        || String::from(lang.t("Ajouter un webhook", "Add a webhook")),
        |hook| components::words(&hook.title, lang),
    );
    layout::page(
        shell,
        &title,
        Place::Roles,
        html! {
            (layout::heading(
                html! {
                    a href=(view.customer.path("")) { (view.customer.name) } " / "
                    a href=(view.customer.path("/webhooks")) { (lang.t("Webhooks", "Webhooks")) }
                },
                &title,
                html! {},
            ))
            @if let Some(refused) = &view.refused { (shared::refusal(refused, lang)) }
            @if view.off { (webhooks::off(lang)) }
            @if let Some(secret) = &view.secret { (new_secret(secret, lang)) }
            @if let Some(hook) = &view.webhook {
                (standing(hook, lang))
                (acts(shell, hook, view.off))
                (log::draw(shell, hook, view.off))
                (components::section("settings", lang.t("Réglages", "Settings"), form::draw(shell, &view.form, hook.is_provider)))
                (secret(shell, hook))
                (removal(shell, hook))
            } @else { (form::draw(shell, &view.form, true)) }
        },
    )
}

fn new_secret(secret: &str, lang: Lang) -> Markup {
    html! {
        div.notice.good role="status" {
            (icon(Icon::Check))
            div {
                p { (lang.t("Copiez ce secret maintenant : il ne sera plus montré. Le logiciel qui reçoit s’en sert pour vérifier la signature de chaque envoi.",
                            "Copy this secret now: it will not be shown again. The receiving program uses it to verify the signature of each delivery.")) }
                p { code.secret { (secret) } }
            }
        }
    }
}

fn standing(hook: &Existing, lang: Lang) -> Markup {
    components::facts(vec![
        (html! { (lang.t("État", "State")) }, webhooks::state(&hook.state, lang)),
        (html! { (lang.t("Pour", "For")) }, html! { (webhooks::side(hook.is_provider, lang)) }),
        (
            html! { (lang.t("Enregistré par", "Saved by")) },
            html! { (hook.by) ", " (components::when_short(&hook.written, lang)) },
        ),
    ])
}

fn acts(shell: &Shell, hook: &Existing, off: bool) -> Markup {
    let lang = shell.lang;
    let act = |name: &str, key: &str, label| {
        let button = html! { button type="submit" { (label) } };
        components::act(shell, &format!("{}/{name}", hook.at), key, "inline", button)
    };
    html! {
        div.form-end {
            @if !off { (act("test", &hook.keys[0], lang.t("Envoyer un essai", "Send a test"))) " " }
            @if let State::Suspended(..) = hook.state {
                (act("start", &hook.keys[1], lang.t("Réactiver", "Start again")))
            } @else {
                (act("suspend", &hook.keys[1], lang.t("Suspendre", "Suspend")))
            }
        }
    }
}

fn secret(shell: &Shell, hook: &Existing) -> Markup {
    let lang = shell.lang;
    components::section(
        "secret",
        lang.t("Secret de signature", "Signing secret"),
        html! {
            p {
                (lang.t("Secret en service depuis le", "Secret in use since")) " " (components::when(&hook.secret_made, lang)) "."
                @if let Some(until) = &hook.both_until {
                    " " (lang.t("Le précédent signe aussi jusqu’au", "The one before signs too until")) " " (components::when(until, lang)) "."
                }
            }
            (components::act(shell, &format!("{}/rotate", hook.at), &hook.keys[2], "inline", html! {
                button type="submit" { (lang.t("Changer de secret", "Change the secret")) }
            }))
            p.muted {
                (lang.t("Pendant 24 heures, chaque envoi porte les deux signatures : le temps de remplacer le secret chez le destinataire.",
                        "For 24 hours each delivery carries both signatures: time to replace the secret at the receiver’s."))
            }
        },
    )
}

fn removal(shell: &Shell, hook: &Existing) -> Markup {
    let lang = shell.lang;
    components::section(
        "remove",
        lang.t("Supprimer", "Remove"),
        components::act(
            shell,
            &format!("{}/remove", hook.at),
            &hook.keys[3],
            "form",
            html! {
                p { (lang.t("Ce qui attend ne partira pas. Le journal du client garde la trace du webhook.",
                            "What waits will not leave. The customer’s journal keeps the trace of the webhook.")) }
                button type="submit" { (lang.t("Supprimer ce webhook", "Remove this webhook")) }
            },
        ),
    )
}
