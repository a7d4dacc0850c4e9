//! The code of the second factor, after a provider of identity that asked for none.

use maud::{Markup, html};

use crate::design::icon::{Icon, icon};
use crate::design::{Lang, Shell, layout};

/// Who waits, sealed, and what was wrong with the last code.
#[derive(Clone, Debug)]
pub struct View {
    pub sealed: String,
    pub problem: Option<Problem>,
}

/// Why the last code opened nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    Wrong,
    /// Too many wrong ones.
    Locked,
}

/// `GET /sign-in/openid/{provider}/answer`, when a code is wanted, and `POST /sign-in/code`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Encore un code", "One more code");
    let problem = view.problem.map(|problem| match problem {
        Problem::Wrong => lang.t(
            "Ce code n’est pas le bon. Un code ne sert qu’une fois : attendez le suivant.",
            "This code is wrong. A code serves once: wait for the next one.",
        ),
        Problem::Locked => lang.t(
            "Trop d’essais. Réessayez dans quelques minutes.",
            "Too many attempts. Try again in a few minutes.",
        ),
    });
    let body = html! {
        @if let Some(problem) = problem {
            div.notice.bad role="alert" { (icon(Icon::Alert)) p { (problem) } }
        }
        p {
            (lang.t("Votre fournisseur d’identité n’a pas demandé de second facteur, et votre compte en a un.",
                    "Your identity provider asked for no second factor, and your account has one."))
        }
        form method="post" action="/sign-in/code" {
            input type="hidden" name="csrf" value=(shell.csrf);
            input type="hidden" name="sealed" value=(view.sealed);
            div.field {
                label for="code" { (lang.t("Code à six chiffres, ou code de secours", "Six-digit code, or recovery code")) }
                input.short type="text" id="code" name="code" maxlength="24" autocomplete="one-time-code" required autofocus;
            }
            button.primary.wide type="submit" { (lang.t("Se connecter", "Sign in")) }
        }
        p { a href="/sign-in" { (lang.t("Entrer autrement", "Come in another way")) } }
    };
    layout::bare(shell, title, html! { div.sign-in { p.brand { (layout::brand()) } h1 { (title) } (body) } })
}

/// Views for the gallery and the tests.
pub fn samples(_lang: Lang) -> Vec<(&'static str, View)> {
    let view = |problem| View { sealed: "c2FtcGxl".into(), problem };
    vec![
        ("asked", view(None)),
        ("wrong", view(Some(Problem::Wrong))),
        ("locked", view(Some(Problem::Locked))),
    ]
}
