//! The words of closed lists that several kinds share, as people read them.

use std::borrow::Cow;

use base::Lang;
use terms::Promise;

/// A word that several kinds share; its underscores opened when nobody translated it.
pub(super) fn common(lang: Lang, key: &str) -> Cow<'_, str> {
    if let Some(promise) = Promise::from_key(key) {
        return Cow::Owned(promise.name().get(lang).to_owned());
    }
    if let Some(month) = super::owed::month_name(lang, key) {
        return Cow::Borrowed(month);
    }
    let (fr, en) = match key {
        "month" => ("mois", "month"),
        "quarter" => ("trimestre civil", "civil quarter"),
        "contract_year" => ("année contractuelle", "contract year"),
        "declared" => ("déclaration", "declaration"),
        "taken_over" => ("prise en charge", "taking over"),
        "first_human_act" => ("premier acte d'un technicien nommé", "first act of a named technician"),
        "service_restored" => ("retour du service", "service being back"),
        "resolved" => ("résolution", "resolution"),
        "tacit" => ("tacite", "tacit"),
        "express" => ("expresse", "express"),
        "none" => ("aucune", "none"),
        "text" => ("texte court", "short text"),
        "long_text" => ("texte long", "long text"),
        "number" => ("nombre entier", "whole number"),
        "date" => ("date", "date"),
        "choice" => ("choix", "choice"),
        "yes_no" => ("oui ou non", "yes or no"),
        "item" => ("élément du périmètre", "item of the perimeter"),
        "in_advance" => ("d'avance", "in advance"),
        "in_arrears" => ("à terme échu", "in arrears"),
        "actual_days" => ("au prorata des jours réels", "by the actual days"),
        "thirty_day_month" => ("au prorata d'un mois de 30 jours", "on a 30-day month"),
        "whole_month" => ("tout mois commencé étant dû", "a month begun being due"),
        "indemnity" => ("indemnité", "indemnity"),
        "price_reduction" => ("réduction de prix", "price reduction"),
        "provider" => ("Prestataire", "Provider"),
        "customer" => ("Client", "Customer"),
        "either" => ("l'une ou l'autre des Parties", "either party"),
        "subcontractor" => ("sous-traitant", "subcontractor"),
        "third_party" => ("tiers", "third party"),
        "week" => ("semaine", "week"),
        "year" => ("année", "year"),
        "written" => ("écrite", "written"),
        "half_up" => ("au plus proche", "half up"),
        _ => return terms::party::function(lang, key),
    };
    Cow::Borrowed(lang.t(fr, en))
}
