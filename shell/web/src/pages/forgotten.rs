//! A password forgotten: asking for a link, before anybody is known.

use maud::{Markup, html};

use crate::design::icon::{Icon, icon};
use crate::design::{Lang, Shell, Text, layout};

/// The form, and what answers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    Ask,
    /// Said of every address, whether or not it has an account.
    Asked,
    /// No mail is exchanged: somebody hands the link over.
    Unmailed,
}

/// `GET` and `POST /sign-in/forgotten`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = match view {
        View::Ask | View::Unmailed => lang.t("Mot de passe oublié", "Forgotten password"),
        View::Asked => lang.t("Consultez votre courrier", "Check your mail"),
    };
    let body = match view {
        View::Ask => form(shell),
        View::Asked => asked(lang),
        View::Unmailed => html! { p { (whom_to_ask(lang)) } },
    };
    layout::bare(
        shell,
        title,
        html! {
            div.sign-in {
                p.brand { (layout::brand()) }
                h1 { (title) }
                (body)
                p { a href="/sign-in" { (lang.t("Retour à la connexion", "Back to sign-in")) } }
            }
        },
    )
}

/// Said where no mail leaves.
pub(super) fn whom_to_ask(lang: Lang) -> Text {
    lang.t(
        "Mot de passe oublié ? Demandez un lien à l’administrateur des accès, chez votre prestataire.",
        "Forgotten your password? Ask your provider’s administrator of accounts for a link.",
    )
}

fn form(shell: &Shell) -> Markup {
    let lang = shell.lang;
    html! {
        p {
            (lang.t(
                "Un lien vous sera envoyé pour en choisir un autre. Votre second facteur reste demandé.",
                "A link will be sent to you to choose another. Your second factor is still asked for.",
            ))
        }
        form method="post" action="/sign-in/forgotten" {
            input type="hidden" name="csrf" value=(shell.csrf);
            div.field {
                label for="email" { (lang.t("Adresse électronique", "Email address")) }
                input type="email" id="email" name="email" autocomplete="username" maxlength="254" required autofocus;
            }
            button.primary.wide type="submit" { (lang.t("Envoyer le lien", "Send the link")) }
        }
    }
}

fn asked(lang: Lang) -> Markup {
    html! {
        div.notice.good role="status" {
            (icon(Icon::Check))
            p {
                (lang.t(
                    "Si cette adresse a un compte en service, un message lui est envoyé.",
                    "If this address has an account in use, a message is sent to it.",
                ))
            }
        }
        p {
            (lang.t(
                "Son lien sert une fois, pendant une demi-heure ; d’ici là, une autre demande n’en envoie pas d’autre.",
                "Its link serves once, for half an hour; until then, asking again sends no other.",
            ))
        }
        p {
            (lang.t(
                "Rien n’arrive ? Regardez parmi les indésirables, puis demandez un lien à l’administrateur des accès, chez votre prestataire.",
                "Nothing comes? Look among the junk, then ask your provider’s administrator of accounts for a link.",
            ))
        }
    }
}

/// Views for the gallery and the tests.
pub fn samples(_: Lang) -> Vec<(&'static str, View)> {
    vec![("ask", View::Ask), ("asked", View::Asked), ("unmailed", View::Unmailed)]
}
