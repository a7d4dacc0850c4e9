//! What a letter says of a delivery of maintenance.

use base::Lang;
use events::DeliveryTold;

/// The sentence of an act on a delivery; `the` is how the letter names the ticket.
pub(super) fn sentence(lang: Lang, told: &DeliveryTold, by: &str, the: &str) -> Option<String> {
    Some(match told {
        DeliveryTold::Estimated { price, until, .. } => {
            let price = price.show(lang);
            let until = until.map(|day| base::lang::date(lang, day)).map_or_else(String::new, |day| {
                lang.t(format!(", valable jusqu’au {day}"), format!(", which holds until {day}"))
            });
            lang.t(
                format!("{by} a chiffré en unités d’œuvre le ticket {the}\u{a0}: {price} HT{until}."),
                format!("{by} estimated ticket {the} in work units: {price} net of VAT{until}."),
            )
        }
        DeliveryTold::Ordered { price, .. } => {
            let price = price.show(lang);
            lang.t(
                format!("{by} a commandé ce qui est chiffré au ticket {the}\u{a0}: {price} HT."),
                format!("{by} ordered what ticket {the} estimates: {price} net of VAT."),
            )
        }
        DeliveryTold::Declined { .. } => lang.t(
            format!("{by} a décliné le chiffrage, ou retiré la commande, du ticket {the}."),
            format!("{by} declined the estimate of ticket {the}, or withdrew its order."),
        ),
        DeliveryTold::Presented { .. } => lang.t(
            format!("{by} a livré ce que demandait le ticket {the}\u{a0}: la recette peut commencer."),
            format!("{by} delivered what ticket {the} asked for: acceptance may begin."),
        ),
        DeliveryTold::Decided { step, verdict, .. } => {
            let verdict = verdict.name();
            let verdict = verdict.get(lang);
            lang.t(
                format!(
                    "{by} a prononcé «\u{a0}{step}\u{a0}» sur la livraison du ticket {the}\u{a0}: {verdict}."
                ),
                format!("{by} answered “{step}” for the delivery of ticket {the}: {verdict}."),
            )
        }
        DeliveryTold::InProduction => lang.t(
            format!("{by} a mis en production la livraison du ticket {the}."),
            format!("{by} put the delivery of ticket {the} into production."),
        ),
        DeliveryTold::Shown { .. } => return None,
    })
}
