//! The due instant with its arithmetic, and the verdict.

use base::lang::{self, elapsed};
use base::{Lang, Reason};
use jiff::Timestamp;
use terms::commitment::StopEvent;

use super::{Tell, reason};
use crate::sla::measure::Goal;
use crate::sla::{Verdict, ledger};

impl Tell<'_, '_> {
    pub(super) fn due(&self) -> Reason {
        let from = &self.rule().from;
        let Some(due) = self.measure.due else {
            let paused = self.measure.pauses.contains(self.case.at)
                || self.measure.run.stop.is_none() && self.clock.verdict == Verdict::Paused;
            return reason("sla.due.none", Some(from), |lang| match (paused, self.clock.remaining_seconds) {
                (true, Some(left)) => {
                    let left = elapsed(lang, left);
                    lang.t(
                        format!("Pas d'échéance tant que dure la suspension\u{a0}; il restera {left}."),
                        format!("No due time while the pause lasts; {left} will be left."),
                    )
                }
                (true, None) => lang
                    .t("Pas d'échéance tant que dure la suspension.", "No due time while the pause lasts.")
                    .to_owned(),
                (false, _) => lang
                    .t(
                        "Le calendrier n'ouvre pas assez dans les dix ans\u{a0}: aucune échéance.",
                        "The calendar is not open long enough within ten years: no due time.",
                    )
                    .to_owned(),
            });
        };
        reason("sla.due", Some(from), |lang| {
            let moment = self.moment(lang, due);
            let sum = self.arithmetic(lang, due);
            lang.t(format!("Échéance\u{a0}: {moment}{sum}."), format!("Due {moment}{sum}."))
        })
    }

    /// ` = 30 min (jeu. 30 avr. 17:30 – 18:00) + 30 min (lun. 4 mai 09:00 – 09:30)`.
    pub(super) fn arithmetic(&self, lang: Lang, due: Timestamp) -> String {
        if let Goal::WorkingDays(days) = self.measure.goal {
            return lang.t(
                format!(", dernière fermeture du jour ouvré n° {days}"),
                format!(", last close of working day {days}"),
            );
        }
        let Some(start) = self.measure.run.start.filter(|start| *start < due) else { return String::new() };
        let counted = ledger::counted(self.measure, start, due);
        let counted = counted.into_iter().map(|(from, to)| self.stretch(lang, from, to)).collect();
        format!(" = {}", shortened(lang, counted))
    }

    pub(super) fn stretch(&self, lang: Lang, from: Timestamp, to: Timestamp) -> String {
        let (a, b) = (from.to_zoned(self.zone.clone()), to.to_zoned(self.zone.clone()));
        let length = elapsed(lang, self.measure.clock.elapsed(from, to, &self.measure.pauses));
        let end = if a.date() == b.date() {
            format!("{:02}:{:02}", b.hour(), b.minute())
        } else if a.date().tomorrow().ok() == Some(b.date()) && b.time() == jiff::civil::Time::midnight() {
            "24:00".to_owned()
        } else {
            lang::short_date_time(lang, &b)
        };
        format!("{length} ({} – {end})", lang::short_date_time(lang, &a))
    }

    pub(super) fn verdict(&self) -> Reason {
        let clock = self.clock;
        let from = &self.rule().from;
        let stop_event = match self.rule().then.stops {
            StopEvent::FirstHumanAct => ("Premier acte", "First act"),
            StopEvent::ServiceRestored => ("Service rétabli", "Service restored"),
            StopEvent::Resolved => ("Résolu", "Resolved"),
        };
        reason(&format!("sla.{}", verdict_key(clock.verdict)), Some(from), |lang| {
            let end = self.moment(lang, clock.stopped.unwrap_or(self.case.at));
            let event = lang.t(stop_event.0, stop_event.1);
            let counted = elapsed(lang, clock.elapsed_seconds);
            let late = elapsed(lang, clock.late_seconds);
            let wall = elapsed(lang, clock.late_wall_seconds);
            let left = elapsed(lang, clock.remaining_seconds.unwrap_or(0));
            match clock.verdict {
                Verdict::Met => lang.t(
                    format!("{event} le {end}\u{a0}: délai tenu, {counted} au compteur."),
                    format!("{event} {end}: kept, {counted} counted."),
                ),
                Verdict::Missed => lang.t(
                    format!("{event} le {end}\u{a0}: délai manqué de {late} sur cette horloge ({wall} en temps réel)."),
                    format!("{event} {end}: missed by {late} on this clock ({wall} of real time)."),
                ),
                Verdict::Late => lang.t(
                    format!("Au {end}\u{a0}: échéance dépassée de {late} sur cette horloge ({wall} en temps réel)."),
                    format!("As of {end}: past due by {late} on this clock ({wall} of real time)."),
                ),
                Verdict::Paused => lang.t(
                    format!("Au {end}\u{a0}: suspendue, {counted} au compteur, il reste {left}."),
                    format!("As of {end}: paused, {counted} counted, {left} left."),
                ),
                Verdict::Running | Verdict::NotStarted => lang.t(
                    format!("Au {end}\u{a0}: {counted} au compteur, il reste {left}."),
                    format!("As of {end}: {counted} counted, {left} left."),
                ),
            }
        })
    }
}

fn verdict_key(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotStarted => "not_started",
        Verdict::Running => "running",
        Verdict::Paused => "paused",
        Verdict::Met => "met",
        Verdict::Late => "late",
        Verdict::Missed => "missed",
    }
}

/// The first three and the last two terms of a long sum.
fn shortened(lang: Lang, terms: Vec<String>) -> String {
    if terms.len() <= 6 {
        return terms.join(" + ");
    }
    let hidden = terms.len() - 5;
    let middle = lang.t(format!("… {hidden} plages …"), format!("… {hidden} spans …"));
    format!("{} + {middle} + {}", terms[..3].join(" + "), terms[terms.len() - 2..].join(" + "))
}
