//! What changed a clock on its way: another rule, a reopening.

use base::Reason;
use terms::commitment::{PriorityChangePolicy, ReopenPolicy};

use super::{Tell, reason};
use crate::sla::run::Turn;

impl Tell<'_, '_> {
    pub(super) fn turn(&self, turn: &Turn<'_>) -> Reason {
        let from = &self.rule().from;
        match turn {
            Turn::Changed { at, was, policy } => reason("sla.change", Some(from), |lang| {
                let moment = self.moment(lang, *at);
                let was = match was {
                    Some(rule) => lang.t(
                        format!(" au lieu de [{}]", rule.label()),
                        format!(" instead of [{}]", rule.label()),
                    ),
                    None => String::new(),
                };
                let label = self.rule().label();
                let effect = match policy {
                    PriorityChangePolicy::RetargetFromOpen => lang.t(
                        "le nouveau délai se compte depuis l'origine",
                        "the new time counts from the origin",
                    ),
                    PriorityChangePolicy::RestartAtChange => lang.t(
                        "le nouveau délai se compte depuis le changement",
                        "the new time counts from the change",
                    ),
                };
                lang.t(
                    format!("Changement du {moment}\u{a0}: [{label}] s'applique{was}\u{a0}; {effect}."),
                    format!("Change {moment}: [{label}] applies{was}; {effect}."),
                )
            }),
            Turn::GoesOn { at, stopped, policy } => reason("sla.reopened", Some(from), |lang| {
                let (moment, stopped) = (self.moment(lang, *at), self.moment(lang, *stopped));
                let effect = match policy {
                    ReopenPolicy::CountThrough => {
                        lang.t("le temps écoulé entre-temps compte", "the time in between counts")
                    }
                    _ => lang.t(
                        "l'horloge reprend, le temps écoulé entre-temps ne compte pas",
                        "the clock goes on, and the time in between does not count",
                    ),
                };
                lang.t(
                    format!("Arrêtée le {stopped}, ticket rouvert le {moment}\u{a0}: {effect}."),
                    format!("Stopped {stopped}, reopened {moment}: {effect}."),
                )
            }),
            Turn::Afresh { at, stopped, too_late } => reason("sla.reopened.afresh", Some(from), |lang| {
                let (moment, stopped) = (self.moment(lang, *at), self.moment(lang, *stopped));
                let why = if *too_late {
                    lang.t("au-delà du délai de réouverture", "after the time allowed for reopening")
                } else {
                    lang.t("comme le veut la clause", "as the clause has it")
                };
                lang.t(
                    format!("Arrêtée le {stopped}, ticket rouvert le {moment}, {why}\u{a0}: une nouvelle horloge part."),
                    format!("Stopped {stopped}, reopened {moment}, {why}: a new clock starts."),
                )
            }),
        }
    }
}
