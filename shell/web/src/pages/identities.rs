//! The providers of identity that an account is tied to: the part of its page that lists and unties them.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::table::{Column, Row, table};
use crate::design::{Lang, Shell, Text, components};
use crate::pages::sampling;

/// A provider that the account is tied to.
#[derive(Clone, Debug)]
pub struct Tied {
    pub issuer: String,
    /// What its button says; `None` when it lets this account in no more.
    pub name: Option<String>,
    pub since: Zoned,
    pub last_used: Option<Zoned>,
    pub left: Without,
}

/// The ways in that would be left without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Without {
    Another,
    Nothing,
    OneFactor,
}

/// Those of an account, each with its removal, or why there is none.
pub fn list(shell: &Shell, tied: &[Tied]) -> Markup {
    let lang = shell.lang;
    let columns = [
        Column::name(lang.t("Fournisseur", "Provider").to_string()),
        Column::text(lang.t("Relié", "Tied").to_string()),
        Column::text(lang.t("Servi", "Used").to_string()),
        Column::text(lang.t("Délier", "Untie").to_string()),
    ];
    let rows = tied.iter().map(|tied| {
        Row::new(vec![
            html! {
                @match &tied.name {
                    Some(name) => { (name) " " span.muted { (site(&tied.issuer)) } }
                    None => { (site(&tied.issuer)) " " span.muted { (lang.t("n’ouvre plus ce compte", "opens this account no more")) } }
                }
            },
            components::when(&tied.since, lang),
            html! {
                @match &tied.last_used {
                    Some(at) => (components::when(at, lang)),
                    None => (lang.t("Non relevé", "Not recorded")),
                }
            },
            html! {
                @match why_not(tied.left, lang) {
                    Some(why) => span.muted { (why) },
                    None => (untie(shell, tied)),
                }
            },
        ])
    });
    html! {
        p.muted {
            (lang.t("Ces fournisseurs disent qui vous êtes. Délier fait oublier le nom qu’ils vous donnent : au prochain passage, l’un d’eux qui ouvre encore votre adresse serait relié de nouveau.",
                    "These providers say who you are. Untying forgets what they call you: one of them that still opens your address would be tied again at its next use."))
        }
        (table("identities", lang.t("Fournisseurs d’identité reliés", "Tied identity providers"), &columns, rows.collect()))
    }
}

/// An issuer as it is read; the scheme shows where it is not the one that all should have.
fn site(issuer: &str) -> &str {
    issuer.strip_prefix("https://").unwrap_or(issuer)
}

fn untie(shell: &Shell, tied: &Tied) -> Markup {
    let label = shell.lang.t("Délier", "Untie");
    html! {
        form method="post" action="/account/identities/remove" {
            input type="hidden" name="csrf" value=(shell.csrf);
            input type="hidden" name="issuer" value=(tied.issuer);
            button.link type="submit" aria-label={ (label) " " (tied.name.as_deref().unwrap_or(&tied.issuer)) } { (label) }
        }
    }
}

fn why_not(left: Without, lang: Lang) -> Option<Text> {
    match left {
        Without::Another => None,
        Without::Nothing => Some(lang.t(
            "Votre seule façon d’entrer : ajoutez d’abord une clé d’accès",
            "Your only way in: add a passkey first",
        )),
        Without::OneFactor => Some(lang.t(
            "Ajoutez d’abord un second facteur d’ici : application de codes ou clé d’accès",
            "Add a second factor of ours first: application of codes or passkey",
        )),
    }
}

/// Two providers for the samples of pages.
pub(super) fn sample() -> Vec<Tied> {
    let house = Tied {
        issuer: "login.regie-occitane.example".into(),
        name: Some("La régie".into()),
        since: sampling::at("2026-02-03T08:12"),
        last_used: Some(sampling::at("2026-11-03T08:01")),
        left: Without::Another,
    };
    let gone =
        Tied { issuer: "ancien.regie-occitane.example".into(), name: None, last_used: None, ..house.clone() };
    vec![gone, house]
}
