//! Each pause with its clause, and the service time it took.

use base::Reason;
use base::lang::elapsed;
use jiff::Timestamp;

use super::{Tell, reason};
use crate::sla::measure::Halt;

impl Tell<'_, '_> {
    pub(super) fn halt(&self, halt: &Halt<'_>) -> Reason {
        let Some(rule) = halt.rule else {
            return reason("sla.pause.unknown", None, |lang| {
                let (label, from) = (halt.label, self.moment(lang, halt.from));
                lang.t(
                    format!("La suspension [{label}] du {from} n'est pas un motif du contrat\u{a0}: l'horloge tourne."),
                    format!("The pause [{label}] ({from}) is not a reason of the contract: the clock runs."),
                )
            });
        };
        if !halt.counts {
            return reason("sla.pause.elsewhere", Some(&rule.from), |lang| {
                let (why, from) = (&rule.then.reason, self.moment(lang, halt.from));
                lang.t(
                    format!("La suspension «\u{a0}{why}\u{a0}» du {from} n'arrête pas ce délai."),
                    format!("The pause “{why}” ({from}) does not stop this clock."),
                )
            });
        }
        let taken = self.taken(halt.from, halt.to.unwrap_or(self.case.at).min(self.case.at));
        reason("sla.pause", Some(&rule.from), |lang| {
            let (why, from) = (&rule.then.reason, self.moment(lang, halt.from));
            let taken = elapsed(lang, taken);
            let alone = match halt.ended_alone {
                true => lang.t(" (fin automatique)", " (ended by itself)"),
                false => "",
            };
            match halt.to.map(|to| self.moment(lang, to)) {
                Some(to) => lang.t(
                    format!("Suspendue du {from} au {to}{alone}, «\u{a0}{why}\u{a0}»\u{a0}: {taken} de service hors compte."),
                    format!("Paused “{why}”, {from} – {to}{alone}: {taken} of service not counted."),
                ),
                None => lang.t(
                    format!("Suspendue depuis le {from}, «\u{a0}{why}\u{a0}»\u{a0}: {taken} de service hors compte à ce jour."),
                    format!("Paused “{why}” since {from}: {taken} of service not counted so far."),
                ),
            }
        })
    }

    pub(super) fn settled(&self, from: Timestamp, to: Timestamp) -> Reason {
        let taken = self.taken(from, to);
        reason("sla.settled", Some(&self.rule().from), |lang| {
            let (from, to, taken) = (self.moment(lang, from), self.moment(lang, to), elapsed(lang, taken));
            lang.t(
                format!(
                    "Entre l'arrêt et la réouverture, du {from} au {to}\u{a0}: {taken} de service hors compte."
                ),
                format!("Not counted between the stop and the reopening, {from} – {to}: {taken} of service."),
            )
        })
    }

    /// Open seconds that a pause took from this clock.
    pub(super) fn taken(&self, from: Timestamp, to: Timestamp) -> i64 {
        let from = self.measure.run.start.map_or(from, |start| from.max(start));
        self.measure.clock.elapsed(from, to, &crate::calendar::Pauses::NONE)
    }
}
