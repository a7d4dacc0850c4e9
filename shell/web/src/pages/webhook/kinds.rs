//! What each event is called by people, beside the name that programs read.

use crate::design::{Lang, Text};

/// The event in words; the name itself where it is of another version.
pub fn kind(key: &str, lang: Lang) -> String {
    let Some(words) = words(key, lang) else { return key.to_owned() };
    words.into()
}

fn words(key: &str, lang: Lang) -> Option<Text> {
    Some(match key {
        "ticket.opened" => lang.t("Ticket ouvert", "Ticket opened"),
        "ticket.taken_over" => lang.t("Prise en charge", "Taken over"),
        "ticket.assigned" => lang.t("Ticket confié à une personne", "Assigned to somebody"),
        "ticket.commented" => lang.t("Message écrit", "Message written"),
        "ticket.noted" => lang.t("Note interne écrite (prestataire)", "Internal note written (provider)"),
        "ticket.paused" => lang.t("Délai suspendu", "Clock suspended"),
        "ticket.resumed" => lang.t("Délai repris", "Clock resumed"),
        "ticket.reprioritised" => lang.t("Priorité changée", "Priority changed"),
        "ticket.restored" => lang.t("Service rétabli", "Service restored"),
        "ticket.resolved" => lang.t("Ticket résolu", "Ticket resolved"),
        "ticket.reopened" => lang.t("Ticket rouvert", "Ticket reopened"),
        "ticket.due_soon" => lang.t("Échéance dans l’heure (prestataire)", "Due within the hour (provider)"),
        "ticket.breached" => lang.t("Échéance dépassée", "Past due"),
        "ticket.escalated" => lang.t("Niveau d’escalade atteint", "Level of escalation reached"),
        "quote.made" => lang.t("Devis établi", "Quotation made"),
        "price.agreed" => lang.t("Prix accepté", "Price agreed"),
        "price.declined" => lang.t("Prix refusé", "Price declined"),
        "change.planned" => lang.t("Changement planifié", "Change planned"),
        "change.approved" => lang.t("Changement approuvé", "Change approved"),
        "change.refused" => lang.t("Changement refusé", "Change refused"),
        "change.started" => lang.t("Changement commencé", "Change started"),
        "change.ended" => lang.t("Changement terminé", "Change ended"),
        "change.documented" => lang.t("Document mis à jour", "Document brought up to date"),
        "change.reviewed" => lang.t("Bilan du changement écrit", "Change reviewed"),
        "change.informed" => lang.t("Extérieurs prévenus d’un changement", "Outsiders told of a change"),
        "delivery.estimated" => lang.t("Travail chiffré", "Work estimated"),
        "delivery.ordered" => lang.t("Travail commandé", "Work ordered"),
        "delivery.declined" => lang.t("Chiffrage sans suite", "Estimate not pursued"),
        "delivery.presented" => lang.t("Livraison présentée en recette", "Delivery presented"),
        "delivery.decided" => lang.t("Recette prononcée", "Acceptance answered"),
        "delivery.shown" => lang.t("Condition de production remplie", "Condition of production met"),
        "delivery.in_production" => lang.t("Mise en production", "Put in production"),
        "meter.low" => lang.t("Compteur au seuil d’alerte", "Meter at its alert threshold"),
        "contract.signed" => lang.t("Contrat ou avenant signé", "Contract or amendment signed"),
        "month.closed" => lang.t("Mois clos", "Month closed"),
        "webhook.test" => lang.t("Essai", "Test"),
        _ => return None,
    })
}

/// The title of a group of events, by what stands before the dot.
pub(super) fn group(key: &str, lang: Lang) -> Text {
    match key.split('.').next() {
        Some("ticket") => lang.t("Tickets", "Tickets"),
        Some("quote" | "price") => lang.t("Prix", "Prices"),
        Some("change") => lang.t("Changements", "Changes"),
        Some("delivery") => lang.t("Livraisons", "Deliveries"),
        _ => lang.t("Contrat", "Contract"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_event_has_words_in_both_languages() {
        for key in app::webhook::KINDS.into_iter().chain([app::webhook::TEST]) {
            assert_ne!(kind(key, Lang::Fr), key);
            assert_ne!(kind(key, Lang::En), key);
        }
    }
}
