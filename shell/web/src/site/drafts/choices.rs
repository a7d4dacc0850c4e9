//! The words of closed lists, as people say them. A word that is not here is shown as the text writes it.

use crate::design::Lang;

/// « à terme échu (in_arrears) » : what is meant, then what will be written.
pub fn word(value: &str, lang: Lang) -> String {
    match meaning(value, lang) {
        Some(meaning) => format!("{meaning} ({value})"),
        None => value.to_owned(),
    }
}

fn meaning(value: &str, lang: Lang) -> Option<crate::design::Text> {
    Some(match value {
        "respond" => lang.t("prise en charge", "response"),
        "restore" => lang.t("rétablissement", "restoration"),
        "resolve" => lang.t("résolution", "resolution"),
        "escalate" => lang.t("escalade", "escalation"),
        "quote" => lang.t("devis", "quotation"),
        "deliver" => lang.t("livraison", "delivery"),
        "answer" => lang.t("réponse", "answer"),
        "declared" => lang.t("à la déclaration", "when declared"),
        "service_restored" => lang.t("au service rétabli", "when service is restored"),
        "taken_over" => lang.t("à la prise en charge", "when taken over"),
        "first_act" => lang.t("au premier acte", "at the first act"),
        "provider" => lang.t("le prestataire", "the provider"),
        "customer" => lang.t("le client", "the customer"),
        "subcontractor" => lang.t("un sous-traitant", "a subcontractor"),
        "third_party" => lang.t("un tiers", "a third party"),
        "tacit" => lang.t("tacite", "tacit"),
        "express" => lang.t("expresse", "express"),
        "none" => lang.t("aucun", "none"),
        "in" => lang.t("compris", "in"),
        "out" => lang.t("exclu", "out"),
        "shared" => lang.t("partagé", "shared"),
        "included" => lang.t("compris", "included"),
        "metered" => lang.t("décompté", "metered"),
        "at_rate" => lang.t("au temps passé", "at a rate"),
        "quoted" => lang.t("sur devis", "on quotation"),
        "excluded" => lang.t("exclu", "excluded"),
        "unlimited" => lang.t("illimité", "unlimited"),
        "ticket_pack" => lang.t("carnet de tickets", "pack of tickets"),
        "max_hours" => lang.t("maximum d’heures", "maximum of hours"),
        "month" => lang.t("mois", "month"),
        "quarter" | "civil_quarter" => lang.t("trimestre civil", "civil quarter"),
        "year" | "civil_year" => lang.t("année civile", "civil year"),
        "contract_year" => lang.t("année contractuelle", "contract year"),
        "in_advance" => lang.t("à terme à échoir", "in advance"),
        "in_arrears" => lang.t("à terme échu", "in arrears"),
        "actual_days" => lang.t("au prorata des jours réels", "by actual days"),
        "half_up" => lang.t("au plus proche, la moitié vers le haut", "to the nearest, half up"),
        "step_per_hour_started" => lang.t("par heure entamée", "for each hour started"),
        "per_case" => lang.t("par cas", "for each case"),
        "monthly_fee_in_force" => lang.t("redevance mensuelle en vigueur", "monthly fee in force"),
        "indemnity" => lang.t("indemnité", "damages"),
        "price_reduction" => lang.t("réduction de prix", "price reduction"),
        _ => return None,
    })
}
