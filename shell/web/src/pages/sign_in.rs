//! Signing in: an address, a password, and a code for those who have one.

use maud::{Markup, html};

use crate::design::icon::{Icon, icon};
use crate::design::{Lang, Shell, format, layout};

/// The form as it was last sent.
#[derive(Clone, Debug, Default)]
pub struct View {
    pub email: String,
    /// Where to go once signed in; a path of this site.
    pub back: String,
    pub problem: Option<Problem>,
    /// The demonstration's accounts; empty elsewhere.
    pub demo_accounts: Vec<DemoAccount>,
}

/// Why the last attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Unknown address or wrong password; the page does not say which.
    WrongCredentials,
    /// This account wants its six-digit code.
    CodeRequired,
    WrongCode,
    /// Too many attempts; minutes before another one is heard.
    Locked {
        minutes: i64,
    },
    /// The session ended by itself.
    Expired,
}

/// An account one may try the demonstration with.
#[derive(Clone, Debug)]
pub struct DemoAccount {
    pub role: String,
    pub email: String,
}

/// `GET /sign-in`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let problem = view.problem.map(|problem| sentence(problem, lang));
    let code_wrong = matches!(view.problem, Some(Problem::WrongCode | Problem::CodeRequired));
    layout::bare(
        shell,
        lang.t("Se connecter", "Sign in"),
        html! {
            div.sign-in {
                p.brand { (layout::brand()) }
                p.promise {
                    (lang.t("Le contrat signé est le programme.", "The signed contract is the program."))
                }
                h1 { (lang.t("Se connecter", "Sign in")) }
                @if let Some(problem) = problem {
                    div.notice.bad id="problem" role="alert" { (icon(Icon::Alert)) p { (problem) } }
                }
                form method="post" action="/sign-in" {
                    input type="hidden" name="csrf" value=(shell.csrf);
                    input type="hidden" name="back" value=(view.back);
                    div.field {
                        label for="email" { (lang.t("Adresse électronique", "Email address")) }
                        input type="email" id="email" name="email" value=(view.email) autocomplete="username"
                            required autofocus[view.email.is_empty()];
                    }
                    div.field {
                        label for="password" { (lang.t("Mot de passe", "Password")) }
                        input type="password" id="password" name="password" autocomplete="current-password" required;
                    }
                    div.field {
                        label for="code" { (lang.t("Code à six chiffres", "Six-digit code")) }
                        p.hint id="code-hint" {
                            (lang.t("Si votre compte en demande un ; sinon, laissez vide.", "If your account asks for one; otherwise leave it empty."))
                        }
                        input.short type="text" id="code" name="code" inputmode="numeric" pattern="[0-9]{6}"
                            maxlength="6" autocomplete="one-time-code" aria-describedby="code-hint"
                            aria-invalid=[code_wrong.then_some("true")];
                    }
                    button.primary.wide type="submit" { (lang.t("Se connecter", "Sign in")) }
                }
                @if !view.demo_accounts.is_empty() { (demo(&view.demo_accounts, lang)) }
            }
        },
    )
}

fn demo(accounts: &[DemoAccount], lang: Lang) -> Markup {
    html! {
        aside.demo-accounts aria-labelledby="demo-accounts" {
            h2 id="demo-accounts" { (lang.t("Comptes de la démonstration", "Demonstration accounts")) }
            dl {
                @for account in accounts {
                    div { dt { (account.role) } dd { code { (account.email) } } }
                }
            }
            p.muted {
                (lang.t("Les mots de passe sont affichés dans le terminal qui a lancé la démonstration.",
                        "Passwords are printed in the terminal that started the demonstration."))
            }
        }
    }
}

fn sentence(problem: Problem, lang: Lang) -> String {
    match problem {
        Problem::WrongCredentials => lang
            .t(
                "Adresse ou mot de passe incorrect. Vérifiez les deux, puis recommencez.",
                "Wrong address or password. Check both, then try again.",
            )
            .into(),
        Problem::CodeRequired => lang
            .t(
                "Ce compte demande un code : saisissez celui de votre application.",
                "This account asks for a code: type the one from your application.",
            )
            .into(),
        Problem::WrongCode => lang
            .t(
                "Ce code n’est pas le bon, ou il a expiré. Attendez le suivant et recommencez.",
                "That code is wrong or has expired. Wait for the next one and try again.",
            )
            .into(),
        Problem::Locked { minutes } => format!(
            "{} {}.",
            lang.t("Trop d’essais. Réessayez dans", "Too many attempts. Try again in"),
            format::minutes(minutes, lang)
        ),
        Problem::Expired => lang
            .t(
                "Votre session a expiré ; rien n’a été perdu. Reconnectez-vous pour continuer.",
                "Your session has expired; nothing was lost. Sign in again to go on.",
            )
            .into(),
    }
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let account =
        |role: crate::design::Text, email: &str| DemoAccount { role: role.into(), email: email.into() };
    let demo = View {
        back: "/".into(),
        demo_accounts: vec![
            account(
                lang.t("Technicienne du prestataire", "Provider’s technician"),
                "ines@regie-occitane.example",
            ),
            account(lang.t("Responsable du service", "Service manager"), "marc@regie-occitane.example"),
            account(lang.t("Dirigeante, cliente", "Customer’s director"), "claire@ateliers-garonne.example"),
        ],
        ..View::default()
    };
    let refused = |problem| View {
        email: "ines@regie-occitane.example".into(),
        problem: Some(problem),
        ..View::default()
    };
    vec![
        ("demo", demo),
        ("wrong", refused(Problem::WrongCredentials)),
        ("code", refused(Problem::CodeRequired)),
        ("wrong-code", refused(Problem::WrongCode)),
        ("locked", refused(Problem::Locked { minutes: 15 })),
        ("expired", refused(Problem::Expired)),
    ]
}
