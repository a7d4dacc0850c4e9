//! The signature gate: what is missing, what is signed, who has signed, and the reader's own signature.

use app::draft::sign::{LONGEST_REASON, SHORTEST_REASON};
use maud::{Markup, html};

use super::View;
use super::checked::{self, Remark};
use crate::design::components::{self, Tone, badge};
use crate::design::icon::Icon;
use crate::design::{Lang, Shell};
use crate::pages::drafts::Stage;

#[derive(Clone, Debug)]
pub struct Signature {
    /// SHA-256 of the saved text, lower-case hex.
    pub hash: String,
    /// What lacks, and what no subcontract keeps.
    pub missing: Vec<Remark>,
    /// What nobody can compare by computing, to be read again.
    pub to_read: Vec<Remark>,
    /// The reason as it was sent, when the form comes back.
    pub despite: String,
    pub provider: Party,
    pub customer: Party,
    /// The reader can sign this text, for their party.
    pub may_sign: bool,
    /// The reader's e-mail, shown beside the password asked again.
    pub email: String,
    /// What the last attempt got wrong.
    pub problem: Option<String>,
}

/// One side of the contract.
#[derive(Clone, Debug)]
pub struct Party {
    pub name: String,
    /// Who signed, and when.
    pub signed: Option<(String, jiff::Zoned)>,
    /// Why they signed although something lacked.
    pub reason: Option<String>,
}

pub(super) fn section(shell: &Shell, view: &View, lang: Lang) -> Markup {
    let signature = &view.signature;
    let done = matches!(view.stage, Stage::Signed(_));
    html! {
        section.panel.signature aria-labelledby="signature" {
            h2 id="signature" tabindex="-1" { (lang.t("Signature", "Signature")) }
            @if view.unsaved {
                p { (lang.t("Le texte affiché n’est pas enregistré : enregistrez-le pour le signer.", "The text shown is not saved: save it to sign it.")) }
            } @else {
                p.unsaved-note hidden { (lang.t("Le texte affiché n’est pas enregistré : enregistrez-le pour le signer.", "The text shown is not saved: save it to sign it.")) }
                @if !done { (gate(signature, lang)) }
                div.pair {
                    (party(&signature.provider, lang.t("Pour le prestataire", "For the provider"), done, lang))
                    (party(&signature.customer, lang.t("Pour le client", "For the customer"), done, lang))
                }
                p { (lang.t("Empreinte SHA-256 du texte", "SHA-256 of the text")) " " code.sub { (signature.hash) } }
                @if signature.may_sign { (form(shell, view, lang)) }
            }
        }
    }
}

fn gate(signature: &Signature, lang: Lang) -> Markup {
    html! {
        @if signature.missing.is_empty() {
            p { (badge(Tone::Good, lang.t("Rien ne manque pour signer", "Nothing is missing to sign"))) }
        } @else {
            p { (badge(Tone::Warning, lang.t("Manque pour signer en règle", "Missing for a signature in good order"))) }
            ol.remarks { @for remark in &signature.missing { (checked::remark(remark, lang)) } }
        }
        @if !signature.to_read.is_empty() {
            p { (badge(Tone::Quiet, lang.t("À relire avec les sous-contrats", "To be read again with the subcontracts"))) }
            ol.remarks { @for remark in &signature.to_read { (checked::remark(remark, lang)) } }
        }
    }
}

fn party(party: &Party, title: crate::design::Text, done: bool, lang: Lang) -> Markup {
    html! {
        div.signatory {
            h3 { (title) }
            p { (party.name) }
            @match &party.signed {
                Some((name, at)) => p { (badge(Tone::Good, lang.t("Signé", "Signed"))) " " (name) ", " (components::when(at, lang)) },
                None if done => p { (badge(Tone::Good, lang.t("Signé", "Signed"))) },
                None => p { (components::badge_with(Tone::Quiet, Icon::Clock, lang.t("En attente", "Awaited"))) },
            }
            @if let Some(reason) = &party.reason {
                p.small { (lang.t("Signe sans attendre ce qui manque :", "Signs without what is missing:")) }
                blockquote.reason { (reason) }
            }
        }
    }
}

fn form(shell: &Shell, view: &View, lang: Lang) -> Markup {
    let signature = &view.signature;
    let body = html! {
        input type="hidden" name="hash" value=(signature.hash);
        input type="hidden" name="version" value=(view.version);
        @if let Some(problem) = &signature.problem { p.error role="alert" { (components::words(problem, lang)) } }
        p {
            (lang.t("En signant, vous engagez votre partie sur ce texte et sur la lecture qu’en fait la machine, ",
                    "By signing, you bind your party to this text and to the machine’s reading of it, "))
            a href={ (view.customer.path(&view.path)) "/read" } { (lang.t("à relire ici", "to be read again here")) } "."
        }
        div.pair {
            div.field {
                label for="sign-password" { (lang.t("Votre mot de passe", "Your password")) }
                p.hint id="sign-hint" { (signature.email) }
                input type="password" id="sign-password" name="password" autocomplete="current-password" required aria-describedby="sign-hint";
            }
            div.field {
                label for="sign-code" { (lang.t("Code à six chiffres", "Six-digit code")) }
                p.hint id="code-hint" { (lang.t("Si votre compte en a un.", "If your account has one.")) }
                input.short type="text" id="sign-code" name="code" inputmode="numeric" autocomplete="one-time-code" aria-describedby="code-hint";
            }
        }
        @if !signature.missing.is_empty() {
            div.field {
                label for="despite" { (lang.t("Pourquoi signer sans attendre ce qui manque ci-dessus ?", "Why sign without what is missing above?")) }
                p.hint id="despite-hint" {
                    (lang.t("En vos mots, 10 à 2 000 caractères : la raison entre au journal avec la liste de ce qui manque.",
                            "In your words, 10 to 2,000 characters: the reason goes into the journal with the list of what is missing."))
                }
                textarea id="despite" name="despite" rows="3" minlength=(SHORTEST_REASON) maxlength=(LONGEST_REASON) required
                    aria-describedby="despite-hint" { "\n" (signature.despite) }
            }
        }
        div.form-end { button.primary type="submit" { (lang.t("Signer ce texte", "Sign this text")) } }
    };
    components::act(
        shell,
        &view.customer.path(&format!("{}/sign", view.path)),
        &view.key,
        "form sign-form",
        body,
    )
}
