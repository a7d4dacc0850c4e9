//! Asking again who it is, before a sensitive act; the act's own form is carried along.

use maud::{Markup, html};

use crate::design::icon::{Icon, icon};
use crate::design::layout::{self, Place};
use crate::design::{Lang, Shell};
use crate::pages::passkeys::{self, Ask};

/// The act that waits.
#[derive(Clone, Debug)]
pub struct View {
    /// Where the form was going.
    pub action: String,
    /// What it held, but for its proofs.
    pub fields: Vec<(String, String)>,
    /// False for whom only a passkey proves anything.
    pub wants_password: bool,
    pub wants_code: bool,
    pub passkey: Option<Ask>,
    pub problem: Option<Problem>,
}

/// Why the last proof was not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    Wrong,
    /// Too many wrong ones.
    Locked,
}

/// The answer to a sensitive `POST` whose person proved nothing for five minutes
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Confirmez que c’est vous", "Confirm that it is you");
    layout::page(
        shell,
        title,
        Place::Elsewhere,
        html! {
            (layout::heading(html! {}, title, html! {}))
            form.panel.form.narrow method="post" action=(view.action) {
                @if let Some(problem) = view.problem {
                    div.notice.bad role="alert" { (icon(Icon::Alert)) p { (sentence(problem, lang)) } }
                }
                p {
                    (lang.t("Cet acte engage ou donne accès : il demande à savoir que c’est vous. Rien de ce que vous avez saisi n’est perdu, et il ne vous sera plus demandé pendant cinq minutes.",
                            "This act commits or gives access: it asks whether it is you. Nothing that you typed is lost, and you will not be asked again for five minutes."))
                }
                input type="hidden" name="csrf" value=(shell.csrf);
                @for (name, value) in &view.fields { input type="hidden" name=(name) value=(value); }
                @if view.wants_password {
                    div.field {
                        label for="proof_password" { (lang.t("Mot de passe", "Password")) }
                        input type="password" id="proof_password" name="proof_password"
                            autocomplete="current-password" required autofocus;
                    }
                    @if view.wants_code {
                        div.field {
                            label for="proof_code" { (lang.t("Code à six chiffres, ou code de secours", "Six-digit code, or recovery code")) }
                            input.short type="text" id="proof_code" name="proof_code" maxlength="24"
                                autocomplete="one-time-code" required;
                        }
                    }
                    div.form-end { button.primary type="submit" { (lang.t("Confirmer et continuer", "Confirm and go on")) } }
                }
                @if let Some(ask) = &view.passkey { (passkeys::asking(ask, !view.wants_password, lang)) }
            }
        },
    )
}

fn sentence(problem: Problem, lang: Lang) -> crate::design::Text {
    match problem {
        Problem::Wrong => lang.t(
            "Ce mot de passe, ce code ou cette clé d’accès n’est pas le bon. Un code ne sert qu’une fois : attendez le suivant.",
            "This password, this code or this passkey is wrong. A code serves once: wait for the next one.",
        ),
        Problem::Locked => lang.t(
            "Trop d’essais. Réessayez dans quelques minutes.",
            "Too many attempts. Try again in a few minutes.",
        ),
    }
}

/// Views for the gallery and the tests.
pub fn samples(_lang: Lang) -> Vec<(&'static str, View)> {
    let fields = [("month", "2026-10"), ("key", "01K9-sample")];
    let asked = View {
        action: "/c/ateliers-garonne/money/close".into(),
        fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        wants_password: true,
        wants_code: true,
        passkey: Some(passkeys::sample_ask()),
        problem: None,
    };
    let wrong = View { problem: Some(Problem::Wrong), wants_code: false, passkey: None, ..asked.clone() };
    let only = View { wants_password: false, wants_code: false, ..asked.clone() };
    let locked = View { problem: Some(Problem::Locked), ..asked.clone() };
    vec![("asked", asked), ("wrong", wrong), ("locked", locked), ("passkey", only)]
}
