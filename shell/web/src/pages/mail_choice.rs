//! How somebody wishes to be told by mail: the language, and for each thing each time, once a day or never.

use maud::{Markup, html};

use crate::design::components::{self, Choice};
use crate::design::layout::{self, Place};
use crate::design::{Lang, Shell};

#[derive(Clone, Debug)]
pub struct View {
    /// Where it is sent.
    pub email: String,
    /// `fr` or `en`.
    pub lang: String,
    pub notices: Vec<Line>,
}

/// A thing that one is told of.
#[derive(Clone, Debug)]
pub struct Line {
    pub key: String,
    pub words: String,
    /// `each`, `daily` or `none`.
    pub how: String,
}

/// `GET /account/mail`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Courriels reçus de la plateforme", "Mail from the platform");
    let languages = [Choice::new("fr", "Français"), Choice::new("en", "English")];
    let rhythms = [
        Choice::new("each", lang.t("À chaque fois", "Each time").to_string()),
        Choice::new("daily", lang.t("Une fois par jour, à 7 h", "Once a day, at 7").to_string()),
        Choice::new("none", lang.t("Jamais", "Never").to_string()),
    ];
    layout::page(
        shell,
        title,
        Place::Elsewhere,
        html! {
            (layout::heading(html! { a href="/account" { (lang.t("Mon compte", "My account")) } }, title, html! {}))
            div.narrow {
                (components::section("choices", lang.t("Ce que je reçois", "What I receive"), html! {
                    p.muted { (lang.t("Envoyé à", "Sent to")) " " (view.email) }
                    form.form method="post" action="/account/mail" {
                        input type="hidden" name="csrf" value=(shell.csrf);
                        (components::select("lang", "lang", lang.t("Langue", "Language"), &languages, &view.lang))
                        @for line in &view.notices {
                            (components::select(&line.key, &line.key, components::words(&line.words, lang), &rhythms, &line.how))
                        }
                        div.form-end {
                            button.primary type="submit" { (lang.t("Enregistrer", "Save")) }
                            p.hint { (lang.t(
                                "Vous n’êtes pas prévenu de ce que vous faites vous-même. Les liens de mot de passe partent toujours.",
                                "You are not told of what you do yourself. Password links are always sent.",
                            )) }
                        }
                    }
                }))
            }
        },
    )
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let line = |key: &str, words: crate::design::Text, how: &str| Line {
        key: key.into(),
        words: words.to_string(),
        how: how.into(),
    };
    let notices = vec![
        line("opened", lang.t("Ticket ouvert", "Ticket opened"), "each"),
        line("replied", lang.t("Réponse", "Reply"), "daily"),
        line("paused", lang.t("Suspension", "Pause"), "none"),
    ];
    vec![("choices", View { email: "ines@regie-occitane.example".into(), lang: "fr".into(), notices })]
}
