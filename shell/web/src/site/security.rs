//! Security acts in words.

use app::accounts::ActLine;
use events::SecurityAct;

use super::words;
use crate::design::{Lang, Text};
use crate::pages::security::Act;

/// The acts as a page lists them; `whose` says it of each, where they are of several people.
pub fn acts(lines: Vec<ActLine>, whose: bool, lang: Lang) -> Vec<Act> {
    lines
        .into_iter()
        .map(|line| Act {
            at: words::local(line.at),
            text: sentence(line.act, lang).to_string(),
            detail: line.words.or_else(|| {
                line.denied.map(|(act, customer)| {
                    let what = asked(act, lang).to_string();
                    customer.map_or_else(|| what.clone(), |customer| format!("{what} · {customer}"))
                })
            }),
            whose: whose.then_some(line.whose),
            by: line.by,
        })
        .collect()
}

fn sentence(act: SecurityAct, lang: Lang) -> Text {
    match act {
        SecurityAct::SignedIn => lang.t("Connexion", "Signed in"),
        SecurityAct::SignInHeld => {
            lang.t("Trop d’essais de mot de passe : attente imposée", "Too many passwords tried: held back")
        }
        SecurityAct::SessionsEnded => lang.t("Autres sessions fermées", "Other sessions closed"),
        SecurityAct::PasswordChanged => lang.t("Mot de passe changé", "Password changed"),
        SecurityAct::FactorAdded => lang.t("Second facteur ajouté", "Second factor added"),
        SecurityAct::FactorRemoved => lang.t("Second facteur retiré", "Second factor removed"),
        SecurityAct::PasskeyAdded => lang.t("Clé d’accès ajoutée", "Passkey added"),
        SecurityAct::PasskeyRemoved => lang.t("Clé d’accès retirée", "Passkey removed"),
        SecurityAct::PasskeyRefused => {
            lang.t("Clé d’accès refusée : elle a pu être copiée", "Passkey refused: it may have been copied")
        }
        SecurityAct::IdentityLinked => {
            lang.t("Fournisseur d’identité relié au compte", "Identity provider tied to the account")
        }
        SecurityAct::IdentityUntied => {
            lang.t("Fournisseur d’identité délié du compte", "Identity provider untied from the account")
        }
        SecurityAct::RecoveryCodeUsed => lang.t("Code de secours utilisé", "Recovery code used"),
        SecurityAct::RecoveryCodesRenewed => lang.t("Codes de secours remplacés", "Recovery codes replaced"),
        SecurityAct::TokenMade => lang.t("Jeton d’API créé", "API token made"),
        SecurityAct::TokenRevoked => lang.t("Jeton d’API révoqué", "API token revoked"),
        SecurityAct::Added => lang.t("Compte ajouté", "Account added"),
        SecurityAct::Invited => lang.t("Lien d’invitation fait", "Invitation link made"),
        SecurityAct::RecoveryOffered => lang.t("Lien de récupération fait", "Recovery link made"),
        SecurityAct::LinkUsed => lang.t("Mot de passe choisi par un lien", "Password chosen through a link"),
        SecurityAct::Disabled => lang.t("Compte désactivé", "Account disabled"),
        SecurityAct::Enabled => lang.t("Compte réactivé", "Account enabled"),
        SecurityAct::AccessRevoked => {
            lang.t("Sessions fermées et jetons révoqués", "Sessions closed and tokens revoked")
        }
        SecurityAct::Denied => lang.t("Accès refusé", "Access refused"),
    }
}

/// What was asked for without the right, in a few words; the act's own name for the rarer ones.
fn asked(act: app::Act, lang: Lang) -> Text {
    use app::Act;
    match act {
        Act::SeeContract => lang.t("Contrat", "Contract"),
        Act::SignContract => lang.t("Signature", "Signature"),
        Act::SeeMoney => lang.t("Argent", "Money"),
        Act::CloseMonth => lang.t("Clôture du mois", "Closing of the month"),
        Act::SeeJournal => lang.t("Journal", "Journal"),
        Act::SeeDesk => lang.t("Bureau du prestataire", "Provider’s desk"),
        Act::SeeTickets => lang.t("Tickets", "Tickets"),
        Act::SeeDrafts | Act::WriteDraft => lang.t("Textes en préparation", "Drafts"),
        Act::SeeMeters | Act::RecordCall => lang.t("Compteurs", "Meters"),
        Act::SeeServices | Act::RecordOutage => lang.t("Supervision", "Monitoring"),
        Act::EnterTime | Act::ApproveTime => lang.t("Temps", "Time"),
        Act::ManageAccounts => lang.t("Personnes", "People"),
        Act::CreateCustomer => lang.t("Création d’un client", "Creation of a customer"),
        _ => lang.t("Autre acte", "Another act"),
    }
}
