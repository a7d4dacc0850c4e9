//! Signing in: an address, a password, and a code for those who have one.

use maud::{Markup, html};

use crate::design::icon::{Icon, icon};
use crate::design::{Lang, Shell, components, format, layout};
use crate::pages::forgotten;
use crate::pages::passkeys::{self, Ask};

/// The form as it was last sent.
#[derive(Clone, Debug, Default)]
pub struct View {
    pub email: String,
    /// Where to go once signed in; a path of this site.
    pub back: String,
    pub problem: Option<Problem>,
    /// The demonstration's accounts; empty elsewhere.
    pub demo_accounts: Vec<DemoAccount>,
    /// True where the provider's staff come in without a second factor: a demonstration says so.
    pub without_second_factor: bool,
    /// Why a provider of identity opened nothing.
    pub refusal: Option<String>,
    /// The providers of identity, by key and name.
    pub providers: Vec<(String, String)>,
    /// Where the address is a name.
    pub passkey: Option<Ask>,
    /// Links leave by mail: one may be asked for.
    pub sends_links: bool,
}

/// Why the last attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Unknown address or wrong password; the page does not say which.
    WrongCredentials,
    WrongCode,
    WrongPasskey,
    /// Too many attempts: minutes before another one is heard; zero when too many people come in at once.
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
    let code_wrong = view.problem == Some(Problem::WrongCode);
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
                @if let Some(refusal) = &view.refusal {
                    div.notice.bad role="alert" { (icon(Icon::Alert)) p { (components::words(refusal, lang)) } }
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
                        label for="code" { (lang.t("Code à six chiffres, ou code de secours", "Six-digit code, or recovery code")) }
                        p.hint id="code-hint" {
                            (lang.t("Si votre compte en demande un ; sinon, laissez vide.", "If your account asks for one; otherwise leave it empty."))
                        }
                        input.short type="text" id="code" name="code" maxlength="24"
                            autocomplete="one-time-code" aria-describedby="code-hint"
                            aria-invalid=[code_wrong.then_some("true")];
                    }
                    button.primary.wide type="submit" { (lang.t("Se connecter", "Sign in")) }
                }
                @if view.sends_links {
                    p { a href="/sign-in/forgotten" { (lang.t("Mot de passe oublié ?", "Forgotten your password?")) } }
                } @else {
                    p.muted { (forgotten::whom_to_ask(lang)) }
                }
                @if !view.providers.is_empty() {
                    div.passkey {
                        p.or { (lang.t("ou", "or")) }
                        @for (key, name) in &view.providers {
                            a.button.wide href={ "/sign-in/openid/" (key) (onward(&view.back)) } {
                                (lang.t("Se connecter avec", "Sign in with")) " " (name)
                            }
                        }
                    }
                }
                @if let Some(ask) = &view.passkey {
                    form method="post" action="/sign-in/passkey" {
                        input type="hidden" name="csrf" value=(shell.csrf);
                        input type="hidden" name="back" value=(view.back);
                        (passkeys::asking(ask, false, lang))
                    }
                }
                @if !view.demo_accounts.is_empty() { (demo(&view.demo_accounts, lang)) }
                @if view.without_second_factor {
                    p.notice.warning {
                        (icon(Icon::Alert))
                        span { (lang.t("Démonstration : le second facteur du prestataire n’y est pas exigé. Un dossier réel l’exige toujours.",
                                "Demonstration: the provider’s second factor is not required here. A real folder always requires it.")) }
                    }
                }
            }
        },
    )
}

/// Where to go on to, after a provider; nothing for the first page.
fn onward(back: &str) -> String {
    match back {
        "" | "/" => String::new(),
        back => format!("?{}", serde_urlencoded::to_string([("back", back)]).unwrap_or_default()),
    }
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
                "Adresse ou mot de passe incorrect, ou code manquant. Vérifiez-les, puis recommencez.",
                "Wrong address or password, or missing code. Check them, then try again.",
            )
            .into(),
        Problem::WrongCode => lang
            .t(
                "L’adresse, le mot de passe ou le code n’est pas le bon. Un code ne sert qu’une fois : attendez le suivant.",
                "The address, the password or the code is wrong. A code serves once: wait for the next one.",
            )
            .into(),
        Problem::WrongPasskey => lang
            .t(
                "Cette clé d’accès n’ouvre pas de compte ici, ou la page a trop attendu. Recommencez, ou entrez avec votre mot de passe.",
                "This passkey opens no account here, or the page waited too long. Start again, or come in with your password.",
            )
            .into(),
        Problem::Locked { minutes } => locked(minutes, lang),
        Problem::Expired => lang
            .t(
                "Votre session a expiré ; rien n’a été perdu. Reconnectez-vous pour continuer.",
                "Your session has expired; nothing was lost. Sign in again to go on.",
            )
            .into(),
    }
}

/// Said wherever a password is asked for, to whoever tried too often, or comes with too many others.
pub(crate) fn locked(minutes: i64, lang: Lang) -> String {
    if minutes == 0 {
        let busy = lang.t(
            "Trop de personnes se connectent à la fois. Réessayez dans un instant.",
            "Too many people are signing in at once. Try again in a moment.",
        );
        return busy.into();
    }
    let wait = lang.t("Trop d’essais. Réessayez dans", "Too many attempts. Try again in");
    format!("{wait} {}.", format::minutes(minutes, lang))
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let account =
        |role: crate::design::Text, email: &str| DemoAccount { role: role.into(), email: email.into() };
    let demo = View {
        back: "/".into(),
        without_second_factor: true,
        passkey: Some(passkeys::sample_ask()),
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
        sends_links: true,
        ..View::default()
    };
    vec![
        ("demo", demo),
        ("wrong", refused(Problem::WrongCredentials)),
        ("wrong-code", refused(Problem::WrongCode)),
        ("providers", View {
            providers: vec![("entra".into(), "Entra ID".into()), ("garonne".into(), "Ateliers Garonne".into())],
            passkey: Some(passkeys::sample_ask()),
            ..View::default()
        }),
        ("unknown", View {
            refusal: Some(lang.t("Entra ID vous reconnaît, mais n’ouvre aucun compte ici. Demandez à votre administrateur d’en inviter un à votre adresse.", "Entra ID knows you, but opens no account here. Ask your administrator to invite one at your address.").to_string()),
            providers: vec![("entra".into(), "Entra ID".into())],
            ..View::default()
        }),
        ("wrong-passkey", View { passkey: Some(passkeys::sample_ask()), ..refused(Problem::WrongPasskey) }),
        ("locked", refused(Problem::Locked { minutes: 15 })),
        ("busy", refused(Problem::Locked { minutes: 0 })),
        ("expired", refused(Problem::Expired)),
    ]
}
