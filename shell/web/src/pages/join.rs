//! What a one-time link opens: choosing a password.

use jiff::Zoned;
use maud::{Markup, html};

use crate::design::icon::{Icon, icon};
use crate::design::{Lang, Shell, components, layout};
use crate::pages::sampling;

/// The two steps.
#[derive(Clone, Debug)]
pub enum View {
    Choose(Choose),
    Done {
        /// The next sign-in asks for a code.
        has_second_factor: bool,
    },
}

#[derive(Clone, Debug)]
pub struct Choose {
    /// Comes back in the address.
    pub code: String,
    pub email: String,
    pub name: String,
    /// A new account, not one that was lost.
    pub first: bool,
    /// The second factor is taken away with the old password.
    pub factor_goes: bool,
    pub until: Zoned,
    pub shortest_password: usize,
    pub problem: Option<String>,
}

/// `GET` and `POST /join/{code}`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let (title, body) = match view {
        View::Choose(choose) => (
            if choose.first {
                lang.t("Bienvenue", "Welcome")
            } else {
                lang.t("Choisir un nouveau mot de passe", "Choose a new password")
            },
            form(shell, choose),
        ),
        View::Done { has_second_factor } => (
            lang.t("Mot de passe enregistré", "Password saved"),
            html! {
                div.notice.good role="status" {
                    (icon(Icon::Check))
                    p { (lang.t("Ce lien n’est plus valable. Vous pouvez vous connecter.", "This link is no longer valid. You can sign in.")) }
                }
                @if *has_second_factor {
                    p { (lang.t("Votre second facteur reste en service : son code vous sera demandé.", "Your second factor stays in use: its code will be asked for.")) }
                }
                p { a.button.primary href="/sign-in" { (lang.t("Se connecter", "Sign in")) } }
            },
        ),
    };
    layout::bare(shell, title, html! { div.sign-in { p.brand { (layout::brand()) } h1 { (title) } (body) } })
}

fn form(shell: &Shell, view: &Choose) -> Markup {
    let lang = shell.lang;
    html! {
        @if let Some(problem) = &view.problem {
            div.notice.bad role="alert" { (icon(Icon::Alert)) p { (components::words(problem, lang)) } }
        }
        p { strong { (view.name) } " · " (view.email) }
        p {
            @if view.first {
                (lang.t("Choisissez le mot de passe de votre compte.", "Choose the password of your account."))
            } @else if view.factor_goes {
                (lang.t("Votre second facteur sera retiré, vos sessions fermées et vos jetons révoqués.", "Your second factor will be removed, your sessions closed and your tokens revoked."))
            } @else {
                (lang.t("Vos sessions seront fermées et vos jetons révoqués.", "Your sessions will be closed and your tokens revoked."))
            }
        }
        form.form method="post" action={ "/join/" (view.code) } {
            input type="hidden" name="csrf" value=(shell.csrf);
            input type="text" name="username" value=(view.email) autocomplete="username" hidden;
            div.field {
                label for="new" { (lang.t("Nouveau mot de passe", "New password")) }
                input type="password" id="new" name="new" autocomplete="new-password" required
                    minlength=(view.shortest_password) aria-describedby="new-hint";
            }
            p.hint id="new-hint" {
                (view.shortest_password) " "
                (lang.t("caractères au moins : quelques mots sans rapport entre eux conviennent.", "characters at least: a few unrelated words will do."))
            }
            p.hint { (lang.t("Ce lien sert une seule fois, jusqu’au", "This link serves once, until")) " " (components::when(&view.until, lang)) "." }
            button.primary.wide type="submit" { (lang.t("Enregistrer", "Save")) }
        }
    }
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let choose = Choose {
        code: "sample".into(),
        email: "claire.martin@ateliers-garonne.example".into(),
        name: "Claire Martin".into(),
        first: true,
        factor_goes: false,
        until: sampling::at("2026-11-06T10:00"),
        shortest_password: 15,
        problem: None,
    };
    let refused = lang.t("Quinze caractères au moins.", "At least fifteen characters.").to_string();
    let lost = Choose { first: false, factor_goes: true, problem: Some(refused), ..choose.clone() };
    vec![
        ("first", View::Choose(choose)),
        ("lost", View::Choose(lost)),
        ("done", View::Done { has_second_factor: true }),
    ]
}
