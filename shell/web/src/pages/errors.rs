//! When something cannot be done: refused by the rules, not there, or broken on our side.

use maud::{Markup, html};

use crate::design::layout::{self, Place};
use crate::design::{Lang, Shell};
use crate::pages::sampling::reason;
use crate::pages::shared::{self, Refusal};

#[derive(Clone, Debug)]
pub enum View {
    /// 403, 409 or 422: the rules say no, and which.
    Refused(Refusal),
    /// 404
    NotFound,
    /// 500: nothing was changed; the reference finds the log line.
    Fault { reference: String },
    /// 403: the form's proof is stale; nothing was done.
    StaleForm { back: String },
}

/// The page; the caller sets the status.
pub fn page(shell: &Shell, view: &View) -> Markup {
    let lang = shell.lang;
    let title = match view {
        View::Refused(_) => lang.t("Refusé", "Refused"),
        View::NotFound => lang.t("Page introuvable", "Page not found"),
        View::Fault { .. } => lang.t("Une erreur s’est produite", "Something went wrong"),
        View::StaleForm { .. } => lang.t("Formulaire périmé", "Form out of date"),
    };
    layout::page(
        shell,
        title,
        Place::Elsewhere,
        html! {
            (layout::heading(html! {}, title, html! {}))
            div.narrow {
                @match view {
                    View::Refused(refusal) => (shared::refusal(refusal, lang)),
                    View::NotFound => {
                        p { (lang.t("Cette adresse ne mène à rien que vous puissiez voir : elle est peut-être mal copiée, ou réservée à d’autres.",
                                    "This address leads to nothing you may see: it may be miscopied, or reserved for others.")) }
                    },
                    View::Fault { reference } => {
                        p { (lang.t("L’erreur est de notre côté ; rien n’a été modifié. Réessayez ; si elle revient, donnez cette référence à votre administrateur :",
                                    "The fault is on our side; nothing was changed. Try again; if it comes back, give this reference to your administrator:")) }
                        p { code.reference { (reference) } }
                    },
                    View::StaleForm { back } => {
                        p { (lang.t("Rien n’a été fait : la page était ouverte depuis trop longtemps. Revenez-y, vérifiez et renvoyez.",
                                    "Nothing was done: the page had been open for too long. Go back to it, check and send again.")) }
                        p { a.button href=(back) { (lang.t("Revenir à la page", "Back to the page")) } }
                    },
                }
                p { a href="/" { (lang.t("Retour à l’accueil", "Back to the start")) } }
            }
        },
    )
}

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let refused = Refusal {
        sentence: lang.t("Suspension refusée : « congés du technicien » n’est pas un motif du contrat.", "Suspension refused: “technician’s leave” is not a reason of the contract.").into(),
        reasons: vec![reason("Article 8", "suspensions",
            lang.t("Le délai n’est suspendu que pour : réponse du client, accès du client, tiers Gesprod, date convenue.",
                   "The clock is suspended only for: customer’s answer, customer’s access, third party Gesprod, agreed date."))],
        journal_entry: Some(2_945),
        advice: lang.t("L’horloge tourne toujours. Confiez le ticket à une autre personne.", "The clock is still running. Hand the ticket to somebody else.").into(),
    };
    vec![
        ("refused", View::Refused(refused)),
        ("not-found", View::NotFound),
        ("fault", View::Fault { reference: "01K9ZQ7M4T".into() }),
        ("stale", View::StaleForm { back: "/c/ateliers-garonne/tickets/412".into() }),
    ]
}
