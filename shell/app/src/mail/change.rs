//! What a letter says of a change.

use base::Lang;
use events::{Approver, ChangeTold, Step};

use super::say::instant;
use crate::ticket::TicketPage;
use crate::ticket::change::interrupted;

/// The sentence of an act on a change; `the` is how the letter names the ticket.
pub(super) fn sentence(
    lang: Lang,
    page: &TicketPage,
    told: &ChangeTold,
    by: &str,
    the: &str,
) -> Option<String> {
    let zone = &page.agreement.version(&page.ticket.version).ok()?.terms.zone;
    let at = |micros: i64| jiff::Timestamp::from_microsecond(micros).map(|at| instant(lang, at, zone)).ok();
    Some(match told {
        ChangeTold::Planned(plan) => {
            let (from, until, minutes) = (at(plan.from)?, at(plan.until)?, plan.downtime_minutes);
            let model = plan.model.name();
            let down = match minutes {
                0 => lang.t("sans interruption".to_owned(), "without any interruption".to_owned()),
                n => lang.t(
                    format!("interruption prévue\u{a0}: {n} min"),
                    format!("interruption foreseen: {n} min"),
                ),
            };
            lang.t(
                format!("{by} a planifié le {} {the} du {from} au {until}, {down}.", model.fr),
                format!("{by} planned {} {the} from {from} to {until}, {down}.", model.en),
            )
        }
        ChangeTold::Approved { by: Approver::ThirdParty { name }, .. } => lang.t(
            format!("{by} a consigné l’accord de {name} au changement {the}."),
            format!("{by} recorded the agreement of {name} to change {the} as follows."),
        ),
        ChangeTold::Approved { .. } => lang.t(
            format!("{by} a consigné une approbation du changement {the}."),
            format!("{by} recorded an approval of change {the} as it is planned."),
        ),
        ChangeTold::Refused { plan: Some(plan), .. } if begun(page, *plan) => lang.t(
            format!("Le Client refuse d’approuver après coup le changement {the} ({by})."),
            format!("The customer refuses to approve after the fact change {the} which has begun ({by})."),
        ),
        ChangeTold::Refused { .. } => lang.t(
            format!("Le changement {the} n’aura pas lieu ({by})."),
            format!("Change {the} will not take place ({by})."),
        ),
        ChangeTold::Started { .. } => lang.t(
            format!("{by} a commencé le changement {the}."),
            format!("{by} began change {the} as planned."),
        ),
        ChangeTold::Ended { outcome, .. } => {
            let (outcome, down) = (outcome.name(), interrupted(page, told)?);
            // Whoever was told less beforehand reads so.
            let longer = down.warning().map(|why| format!(" {}", why.text.get(lang))).unwrap_or_default();
            let down = down.say(lang);
            lang.t(
                format!("Le changement {the} est terminé\u{a0}: {}, {down}.{longer}", outcome.fr),
                format!("Change {the} has ended: {}, {down}.{longer}", outcome.en),
            )
        }
        ChangeTold::Reviewed { .. } => lang.t(
            format!("{by} a écrit le bilan du changement {the}."),
            format!("{by} wrote the review of change {the} as follows."),
        ),
        ChangeTold::Documented { .. } | ChangeTold::Informed { .. } => return None,
    })
}

/// Whether the work of this plan has begun: a plan that is refused begins no more.
fn begun(page: &TicketPage, plan: u64) -> bool {
    let began =
        |step: &Step| matches!(step, Step::Change { told: ChangeTold::Started { plan: of } } if *of == plan);
    page.entries.iter().any(|entry| began(&entry.step))
}
