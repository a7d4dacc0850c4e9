//! Adding a second factor: the secret, its first code, then the recovery codes, shown once.

use maud::{Markup, html};

use crate::design::icon::{Icon, icon};
use crate::design::qr::qr;
use crate::design::{Lang, Shell, components, layout};
use crate::pages::passkeys::{self, Offer};

/// The two steps.
#[derive(Clone, Debug)]
pub enum View {
    Enrol {
        /// Base32, to type in.
        secret: String,
        /// `otpauth://`, in the drawing.
        uri: String,
        /// Comes back with the code.
        sealed: String,
        /// The account can do nothing before.
        required: bool,
        /// A passkey may be made instead, where the address is a name.
        passkey: Option<Box<Offer>>,
        /// Why the last code was refused.
        problem: Option<String>,
    },
    /// Shown once; the page cannot be asked for again.
    Codes(Vec<String>),
}

/// `GET` and `POST /account/second-factor`, and the answer to `POST /account/recovery-codes`
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = match view {
        View::Enrol { .. } => lang.t("Ajouter un second facteur", "Add a second factor"),
        View::Codes(_) => lang.t("Vos codes de secours", "Your recovery codes"),
    };
    let body = match view {
        View::Enrol { secret, uri, sealed, required, passkey, problem } => html! {
            @if let Some(problem) = problem {
                div.notice.bad role="alert" { (icon(Icon::Alert)) p { (components::words(problem, lang)) } }
            }
            p {
                @if *required {
                    (lang.t("Les comptes du prestataire ouvrent les dossiers de tous ses clients : ils demandent un second facteur, avant toute autre page.",
                            "The provider’s accounts open the files of all its customers: they need a second factor, before any other page."))
                } @else {
                    (lang.t("Une application de codes, sur un téléphone ou dans un gestionnaire de mots de passe.",
                            "An application of codes, on a phone or in a password manager."))
                }
            }
            ol.steps {
                li {
                    p { (lang.t("Scannez ce dessin avec l’application.", "Scan this drawing with the application.")) }
                    (qr(uri, &lang.t("Code QR du secret ; il est aussi écrit dessous", "QR code of the secret; it is also written below").to_string()))
                    p.hint { (lang.t("Ou saisissez ce secret :", "Or type this secret:")) }
                    p { code.secret { (grouped(secret)) } }
                }
                li {
                    form.form method="post" action="/account/second-factor" {
                        input type="hidden" name="csrf" value=(shell.csrf);
                        input type="hidden" name="sealed" value=(sealed);
                        div.field {
                            label for="code" { (lang.t("Saisissez le code à six chiffres qu’elle affiche.", "Type the six-digit code that it shows.")) }
                            input.short type="text" id="code" name="code" inputmode="numeric" pattern="[0-9 ]{6,7}"
                                maxlength="7" autocomplete="one-time-code" required;
                        }
                        button.primary.wide type="submit" { (lang.t("Confirmer", "Confirm")) }
                    }
                }
            }
            @if let Some(offer) = passkey.as_ref().filter(|_| *required) {
                section.instead aria-labelledby="instead" {
                    h2 id="instead" { (lang.t("Ou une clé d’accès", "Or a passkey")) }
                    p { (lang.t("Le téléphone ou l’ordinateur vous reconnaît, d’un geste ou d’un code, et remplace l’application comme le mot de passe.",
                                "The phone or the computer recognises you, by a gesture or a code, and stands for the application as for the password.")) }
                    (passkeys::adding(shell, offer))
                }
            }
            @if *required {
                form method="post" action="/sign-out" {
                    input type="hidden" name="csrf" value=(shell.csrf);
                    button.link type="submit" { (lang.t("Se déconnecter", "Sign out")) }
                }
            } @else {
                p { a href="/account" { (lang.t("Revenir au compte", "Back to the account")) } }
            }
        },
        View::Codes(codes) => html! {
            div.notice.good role="status" {
                (icon(Icon::Check))
                p { (lang.t("Le second facteur est en service.", "The second factor is in use.")) }
            }
            p {
                (lang.t("Gardez ces codes hors de ce téléphone : chacun remplace une fois l’application, si vous la perdez. Ils ne seront plus montrés.",
                        "Keep these codes away from this phone: each replaces the application once, should you lose it. They will not be shown again."))
            }
            ul.recovery-codes { @for code in codes { li { code { (code) } } } }
            p { a.button href="/account" { (lang.t("Je les ai gardés", "I have kept them")) } }
        },
    };
    layout::bare(shell, title, html! { div.sign-in { p.brand { (layout::brand()) } h1 { (title) } (body) } })
}

/// By four, as people read them.
fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    let enrol = |required, problem| View::Enrol {
        secret: secret.into(),
        uri: format!(
            "otpauth://totp/Regisseur:ines%40regie-occitane.example?secret={secret}&issuer=Regisseur"
        ),
        sealed: "c2FtcGxl".into(),
        required,
        passkey: Some(Box::new(passkeys::sample_offer())),
        problem,
    };
    let wrong =
        lang.t("Ce code n’est pas celui du moment.", "This is not the code of the moment.").to_string();
    let codes = (0..10).map(|n| format!("K7QA-2M{n}X-PZ4C-WL6T")).collect();
    vec![("required", enrol(true, None)), ("wrong", enrol(false, Some(wrong))), ("codes", View::Codes(codes))]
}
