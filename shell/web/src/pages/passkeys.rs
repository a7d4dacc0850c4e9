//! Passkeys: the parts of pages that make one, ask for one and list them.
//!
//! Parts that need script come hidden, and `passkey.js` shows them where the browser has passkeys.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::icon::{Icon, icon};
use crate::design::table::{Column, Row, table};
use crate::design::{Lang, Shell, assets, components};
use crate::pages::sampling;

/// What an authenticator is asked to sign.
#[derive(Clone, Debug)]
pub struct Ask {
    pub challenge: String,
    pub site: String,
    /// The passkeys that may answer; any when empty.
    pub held: Vec<String>,
}

/// What an authenticator is asked to make.
#[derive(Clone, Debug)]
pub struct Offer {
    pub challenge: String,
    pub site: String,
    /// The account, as the authenticator keeps it and as it shows it.
    pub user: String,
    pub email: String,
    pub person: String,
    /// The passkeys already there.
    pub held: Vec<String>,
    /// The algorithms that we verify, by number.
    pub algorithms: Vec<i64>,
    /// A name for it: the device, as its owner says it.
    pub suggested: String,
    pub longest_name: usize,
}

/// A passkey in the list.
#[derive(Clone, Debug)]
pub struct Held {
    pub id: String,
    pub name: String,
    /// It may be on several devices.
    pub copied: bool,
    /// The address that it serves for, when it is not this one.
    pub elsewhere: Option<String>,
    pub created: Zoned,
    pub last_used: Option<Zoned>,
}

/// Asks for a passkey within a form; `alone` when nothing else can be sent with it.
pub fn asking(ask: &Ask, alone: bool, lang: Lang) -> Markup {
    html! {
        div.passkey data-passkey="sign" hidden data-challenge=(ask.challenge) data-site=(ask.site) data-held=(ask.held.join(" ")) {
            @for name in ["passkey_credential", "passkey_client", "passkey_authenticator", "passkey_signature", "passkey_user"] {
                input type="hidden" name=(name);
            }
            (failed(lang))
            @if !alone { p.or { (lang.t("ou", "or")) } }
            button.wide type="button" data-passkey-go { (icon(Icon::Key)) (lang.t("Utiliser une clé d’accès", "Use a passkey")) }
        }
        script src=(assets::url("passkey.js")) defer {}
    }
}

fn failed(lang: Lang) -> Markup {
    html! {
        div.notice.bad role="alert" hidden data-passkey-failed {
            (icon(Icon::Alert))
            p { (lang.t("Aucune clé d’accès n’a répondu. Recommencez, ou passez par une autre voie.", "No passkey answered. Start again, or take another way.")) }
        }
    }
}

/// The form that makes one.
pub fn adding(shell: &Shell, offer: &Offer) -> Markup {
    let lang = shell.lang;
    let algorithms = offer.algorithms.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    html! {
        form.form method="post" action="/account/passkeys" {
            input type="hidden" name="csrf" value=(shell.csrf);
            div.passkey data-passkey="make" hidden data-challenge=(offer.challenge) data-site=(offer.site)
                data-held=(offer.held.join(" ")) data-user=(offer.user) data-user-name=(offer.email)
                data-user-display=(offer.person) data-algorithms=(algorithms) {
                @for name in ["made_client", "made_attestation"] { input type="hidden" name=(name); }
                (failed(lang))
                div.field {
                    label for="passkey-name" { (lang.t("Nom de cette clé d’accès", "Name of this passkey")) }
                    input type="text" id="passkey-name" name="name" value=(offer.suggested) maxlength=(offer.longest_name) required;
                }
                div.form-end { button type="submit" data-passkey-go { (lang.t("Ajouter une clé d’accès", "Add a passkey")) } }
            }
        }
        p.hint data-without-passkeys {
            (lang.t("Ce navigateur ne sait pas en créer, ou JavaScript y est désactivé.", "This browser cannot make one, or JavaScript is disabled in it."))
        }
        script src=(assets::url("passkey.js")) defer {}
    }
}

/// Those of an account, each with its removal.
pub fn list(shell: &Shell, held: &[Held]) -> Markup {
    let lang = shell.lang;
    let columns = [
        Column::name(lang.t("Nom", "Name").to_string()),
        Column::text(lang.t("Où elle est", "Where it is").to_string()),
        Column::text(lang.t("Ajoutée", "Added").to_string()),
        Column::text(lang.t("Servie", "Used").to_string()),
        Column::text(lang.t("Retirer", "Remove").to_string()),
    ];
    let rows = held.iter().map(|key| {
        let place = match key.copied {
            true => lang.t("Synchronisée entre vos appareils", "Synchronised between your devices"),
            false => lang.t("Sur un seul appareil", "On a single device"),
        };
        Row::new(vec![
            html! { (key.name) },
            html! {
                (place)
                @if let Some(site) = &key.elsewhere { span.muted { ", " (lang.t("pour", "for")) " " (site) } }
            },
            components::when(&key.created, lang),
            html! {
                @match &key.last_used {
                    Some(at) => (components::when(at, lang)),
                    None => (lang.t("Jamais", "Never")),
                }
            },
            html! {
                form method="post" action="/account/passkeys/remove" {
                    input type="hidden" name="csrf" value=(shell.csrf);
                    input type="hidden" name="id" value=(key.id);
                    button.link type="submit" aria-label={ (lang.t("Retirer", "Remove")) " " (key.name) } { (lang.t("Retirer", "Remove")) }
                }
            },
        ])
    });
    table("passkeys", lang.t("Vos clés d’accès", "Your passkeys"), &columns, rows.collect())
}

/// An offer for the samples of pages.
pub(super) fn sample_offer() -> Offer {
    Offer {
        challenge: "c2FtcGxl".into(),
        site: "localhost".into(),
        user: "c2FtcGxl".into(),
        email: "ines@regie-occitane.example".into(),
        person: "Inès Cazenave".into(),
        held: vec!["c2FtcGxl".into()],
        algorithms: vec![-7, -8, -257],
        suggested: "Firefox, Linux".into(),
        longest_name: 80,
    }
}

/// A question for the samples of pages.
pub(super) fn sample_ask() -> Ask {
    Ask { challenge: "c2FtcGxl".into(), site: "localhost".into(), held: Vec::new() }
}

/// Two passkeys for the samples of pages.
pub(super) fn sample_held(lang: Lang) -> Vec<Held> {
    vec![
        Held {
            id: "0199-sample-1".into(),
            name: lang.t("Téléphone", "Phone").to_string(),
            copied: true,
            elsewhere: None,
            created: sampling::at("2026-10-12T09:20"),
            last_used: Some(sampling::at("2026-11-03T08:01")),
        },
        Held {
            id: "0199-sample-2".into(),
            name: lang.t("Clé du coffre", "Key of the safe").to_string(),
            copied: false,
            elsewhere: Some("desk.regie-occitane.example".into()),
            created: sampling::at("2026-10-12T09:31"),
            last_used: None,
        },
    ]
}
