//! Signing a contract or an amendment: the text, what the compiler says of it, and two signatories.

use maud::{Markup, html};

use crate::design::components;
use crate::design::layout::{self, Place};
use crate::design::{CustomerRef, Lang, Shell};
use crate::pages::sampling;

/// The form as it was last sent.
#[derive(Clone, Debug)]
pub struct View {
    pub customer: CustomerRef,
    /// Idempotency key of this form.
    pub key: String,
    pub file: String,
    pub text: String,
    /// The e-mail of the other party's signatory.
    pub email: String,
    /// True when the reader signs for the provider, and the customer countersigns.
    pub for_provider: bool,
    /// The compiler's remarks, rendered; nothing before the first try.
    pub diagnostics: Option<String>,
    /// Why it was not signed, in one sentence.
    pub problem: Option<String>,
}

/// `GET /c/{customer}/contracts/new`, and the answer to a `POST` that signs nothing
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = lang.t("Signer un contrat ou un avenant", "Sign a contract or an amendment");
    layout::page(
        shell,
        title,
        Place::Contract,
        html! {
            (layout::heading(
                html! { a href=(view.customer.path("")) { (view.customer.name) } },
                title,
                html! {},
            ))
            @if let Some(problem) = &view.problem {
                div.refusal role="alert" { p.refusal-title { (components::words(problem, lang)) } }
            }
            @if let Some(diagnostics) = &view.diagnostics { (remarks(diagnostics, lang)) }
            (components::act(shell, &view.customer.path("/contracts"), &view.key, "panel form", fields(view, lang)))
        },
    )
}

fn remarks(diagnostics: &str, lang: Lang) -> Markup {
    components::section(
        "diagnostics",
        lang.t("Ce que dit le compilateur", "What the compiler says"),
        html! { pre.diagnostics tabindex="0" { (diagnostics) } },
    )
}

fn fields(view: &View, lang: Lang) -> Markup {
    let other = if view.for_provider {
        lang.t("Signature du client", "The customer’s signature")
    } else {
        lang.t("Signature du prestataire", "The provider’s signature")
    };
    html! {
        p.muted {
            (lang.t("Le texte signé est conservé octet pour octet ; ses règles s’exécutent à partir de sa date d’effet. Un avenant commence par « amends ».",
                    "The signed text is kept byte for byte; its rules run from its date of effect. An amendment begins with “amends”."))
        }
        (components::input("file", "file", lang.t("Nom du fichier", "Name of the file"), &view.file))
        (components::text_area("text", "text", lang.t("Texte du contrat (Markdown et blocs TOML)", "Text of the contract (Markdown and TOML blocks)"), 22, &view.text))
        fieldset {
            legend { (other) }
            p.muted {
                (lang.t("L’autre signataire s’identifie ici ; aucun mot de passe n’est conservé dans la page.",
                        "The other signatory signs in here; the page keeps no password."))
            }
            div.pair {
                div.field {
                    label for="email" { (lang.t("Adresse e-mail", "E-mail address")) }
                    input type="email" id="email" name="email" value=(view.email) autocomplete="off" required;
                }
                div.field {
                    label for="password" { (lang.t("Mot de passe", "Password")) }
                    input type="password" id="password" name="password" autocomplete="off" required;
                }
            }
            div.field {
                label for="code" { (lang.t("Code à six chiffres, si ce compte en a un", "Six-digit code, if this account has one")) }
                input.short type="text" id="code" name="code" inputmode="numeric" autocomplete="one-time-code";
            }
        }
        div.form-end {
            button.primary type="submit" { (lang.t("Signer pour les deux parties", "Sign for both parties")) }
        }
    }
}

/// Before the first try, and after a text that does not compile.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let blank = View {
        customer: sampling::garonne(),
        key: "01K9-sample".into(),
        file: "contracts/avenant-2.md".into(),
        text: String::new(),
        email: String::new(),
        for_provider: true,
        diagnostics: None,
        problem: None,
    };
    let broken = View {
        text: "+++\namends = \"CTR-2026-001\"\neffective = 2027-01-01\n+++\n\n```toml clause\nkind = \"fee\"\n```\n".into(),
        email: "direction@ateliers-garonne.example".into(),
        diagnostics: Some(
            lang.t(
                "E-LABEL-MISSING\n  × il manque une étiquette\n    ╭─[contracts/avenant-2.md:7:1]\n  7 │ kind = \"fee\"\n    · ────",
                "E-LABEL-MISSING\n  × a label is missing\n    ╭─[contracts/avenant-2.md:7:1]\n  7 │ kind = \"fee\"\n    · ────",
            )
            .into(),
        ),
        problem: Some(lang.t("Le texte ne compile pas : rien n’est signé.", "The text does not compile: nothing is signed.").into()),
        ..blank.clone()
    };
    vec![("blank", blank), ("broken", broken)]
}
