//! One account, and what the administrator may do to it.

use maud::{Markup, html};

use super::{Link, Person, factor, last, link};
use crate::design::icon::{Icon, icon};
use crate::design::layout::{self, Place};
use crate::design::{Shell, Tone, components};
use crate::pages::security::{Act, acts};

#[derive(Clone, Debug)]
pub struct One {
    pub person: Person,
    /// The reader's own: it is changed on the account page.
    pub own: bool,
    pub link: Option<Link>,
    /// Why the last act did nothing.
    pub problem: Option<String>,
    pub acts: Vec<Act>,
}

pub fn page(shell: &Shell, view: &One) -> Markup {
    let (lang, person) = (shell.lang, &view.person);
    layout::page(
        shell,
        &person.name,
        Place::People,
        html! {
            (layout::heading(html! { a href="/people" { (lang.t("Personnes", "People")) } }, &person.name, html! {}))
            @if let Some(made) = &view.link { (link(made, lang)) }
            @if let Some(problem) = &view.problem {
                div.notice.bad role="alert" { (icon(Icon::Alert)) p { (components::words(problem, lang)) } }
            }
            div.narrow {
                (components::facts(vec![
                    (html! { (lang.t("Adresse", "Address")) }, html! { (person.email) }),
                    (html! { (lang.t("Rôle", "Role")) }, html! { (person.role) }),
                    (html! { (lang.t("Client", "Customer")) }, html! { (person.customer.as_deref().unwrap_or("–")) }),
                    (html! { (lang.t("Second facteur", "Second factor")) }, factor(person, lang)),
                    (html! { (lang.t("Dernière connexion", "Last sign-in")) }, last(person, lang)),
                    (html! { (lang.t("État", "State")) }, html! {
                        @if person.disabled { (components::badge(Tone::Bad, lang.t("Désactivé", "Disabled"))) }
                        @else { (components::badge(Tone::Good, lang.t("En service", "In use"))) }
                    }),
                ]))
                @if view.own {
                    p { (lang.t("C’est votre compte :", "This is your account:")) " " a href="/account" { (lang.t("il se règle ici", "it is set here")) } "." }
                } @else {
                    (components::section("access", lang.t("Accès", "Access"), access(shell, person)))
                }
            }
            (components::section("acts", lang.t("Derniers actes de sécurité", "Latest security acts"), acts(&view.acts, lang)))
        },
    )
}

fn access(shell: &Shell, person: &Person) -> Markup {
    let lang = shell.lang;
    if person.disabled {
        return one(
            shell,
            person,
            "enable",
            lang.t("Réactiver le compte", "Enable the account"),
            lang.t("Ses jetons restent révoqués.", "Its tokens stay revoked."),
        );
    }
    html! {
        (one(shell, person, "recover", lang.t("Faire un lien de récupération", "Make a recovery link"),
            lang.t("Pour un mot de passe perdu ; le second facteur reste. Assurez-vous de parler à la bonne personne.", "For a lost password; the second factor stays. Make sure that you are speaking to the right person.")))
        @if person.has_second_factor {
            (one(shell, person, "recover-all", lang.t("Lien qui retire aussi le second facteur", "Link that also removes the second factor"),
                lang.t("Si le téléphone et les codes de secours sont perdus.", "If the phone and the recovery codes are lost.")))
        }
        (one(shell, person, "revoke", lang.t("Fermer ses sessions et révoquer ses jetons", "Close the sessions and revoke the tokens"),
            lang.t("La personne peut se reconnecter.", "The person can sign in again.")))
        (one(shell, person, "disable", lang.t("Désactiver le compte", "Disable the account"),
            lang.t("Sessions, jetons et liens cessent aussitôt ; ce qui a été fait reste au journal.", "Sessions, tokens and links end at once; what was done stays in the journal.")))
    }
}

fn one(
    shell: &Shell,
    person: &Person,
    act: &str,
    label: crate::design::Text,
    hint: crate::design::Text,
) -> Markup {
    html! {
        form.form method="post" action={ "/people/" (person.id) "/" (act) } {
            input type="hidden" name="csrf" value=(shell.csrf);
            div.form-end {
                button type="submit" { (label) }
                p.hint { (hint) }
            }
        }
    }
}
