//! « Pourquoi cette échéance ? »: the reasons of a clock, in the order one would tell them.

mod due;
mod halts;
mod turns;

use base::lang;
use base::{Lang, Length, Provenance, Reason};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use terms::commitment::{AmendmentPolicy, PriorityChangePolicy, StartEvent};
use terms::{Calendar, Commitment};

use super::measure::Measure;
use super::run::{Case, Turn};
use super::{Clock, days};
use terms::rule::Rule;

pub(super) fn reasons(case: &Case<'_>, measure: &Measure<'_>, clock: &Clock) -> Vec<Reason> {
    let tell = Tell { case, measure, clock, zone: measure.clock.zone() };
    let mut out = vec![tell.version(), tell.promise()];
    out.extend(tell.amendments());
    out.push(tell.hours());
    out.extend(measure.run.turns.iter().map(|turn| tell.turn(turn)));
    out.push(tell.start());
    out.extend(tell.unusual_days());
    out.extend(measure.halts.iter().map(|halt| tell.halt(halt)));
    out.extend(measure.run.settled.iter().map(|&(from, to)| tell.settled(from, to)));
    if measure.run.start.is_some() {
        out.push(tell.due());
        out.push(tell.verdict());
    }
    out
}

struct Tell<'t, 'a> {
    case: &'t Case<'a>,
    measure: &'t Measure<'a>,
    clock: &'t Clock,
    zone: &'t TimeZone,
}

fn reason(code: &str, cites: Option<&Provenance>, sentence: impl Fn(Lang) -> String) -> Reason {
    let reason = Reason::new(code, sentence(Lang::Fr), sentence(Lang::En));
    match cites {
        Some(clause) => reason.citing(clause),
        None => reason,
    }
}

impl Tell<'_, '_> {
    fn rule(&self) -> &Rule<Commitment> {
        self.measure.run.rule
    }

    fn moment(&self, lang: Lang, at: Timestamp) -> String {
        let local = at.to_zoned(self.zone.clone());
        let text = lang::date_time(lang, &local);
        match (local.second(), lang) {
            (0, _) => text,
            (s, Lang::En) => format!("{text}:{s:02}"),
            (s, Lang::Fr) if local.minute() == 0 => format!("{text} 00 min {s:02} s"),
            (s, Lang::Fr) => format!("{text} min {s:02} s"),
        }
    }

    fn local_date(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// The last instant that this clock has to do with.
    fn horizon(&self) -> Timestamp {
        let end = self.measure.run.stop.unwrap_or(self.case.at);
        self.measure.due.map_or(end, |due| due.max(end))
    }

    fn version(&self) -> Reason {
        let effective = self.case.version().effective;
        reason("sla.version", None, |lang| {
            let opened = self.moment(lang, self.case.timeline.opened);
            let since = lang::date(lang, effective);
            lang.t(
                format!(
                    "Ticket ouvert le {opened}, sous la version du contrat en vigueur depuis le {since}."
                ),
                format!("Ticket opened {opened}, under the version of the contract in force since {since}."),
            )
        })
    }

    fn promise(&self) -> Reason {
        let rule = self.rule();
        let terms = self.case.terms();
        let guard: Vec<&str> = rule
            .when
            .values
            .keys()
            .filter_map(|dimension| {
                Some(terms.name_of(dimension.key(), self.measure.run.facts.get(*dimension)?))
            })
            .collect();
        reason("sla.promise", Some(&rule.from), |lang| {
            let name = rule.then.promise.name();
            let (name, within) = (name.get(lang), rule.then.within.in_words(lang));
            let guard = if guard.is_empty() { String::new() } else { format!(" ({})", guard.join(", ")) };
            let except = match &rule.exception_to {
                Some(label) => {
                    lang.t(format!(", par exception à [{label}]"), format!(", an exception to [{label}]"))
                }
                None => String::new(),
            };
            lang.t(
                format!("Délai de {name}\u{a0}: {within}{guard}{except}."),
                format!("Time for {name}: {within}{guard}{except}."),
            )
        })
    }

    fn amendments(&self) -> Vec<Reason> {
        let last_day = self.local_date(self.horizon());
        match self.rule().then.on_amendment {
            AmendmentPolicy::FrozenAtOpen => self
                .case
                .later_versions()
                .iter()
                .filter(|version| version.effective <= last_day)
                .map(|version| {
                    reason("sla.amendment.frozen", Some(&self.rule().from), |lang| {
                        let date = lang::date(lang, version.effective);
                        lang.t(
                            format!("L'avenant en vigueur le {date} n'y change rien\u{a0}: le ticket garde les termes de son ouverture."),
                            format!("The amendment in force on {date} changes nothing here: the ticket keeps the terms it opened under."),
                        )
                    })
                })
                .collect(),
            AmendmentPolicy::EffectiveDated => self
                .measure
                .parts
                .iter()
                .filter_map(|part| Some((part.from.filter(|from| *from <= last_day)?, part.rule)))
                .map(|(from, calendar)| {
                    reason("sla.amendment.effective", calendar.map(|rule| &rule.from), |lang| {
                        let date = lang::date(lang, from);
                        lang.t(
                            format!("À compter du {date}, les horaires de l'avenant s'appliquent aussi aux tickets ouverts."),
                            format!("From {date} on, the amendment's hours apply to open tickets too."),
                        )
                    })
                })
                .collect(),
        }
    }

    fn hours(&self) -> Reason {
        let (label, zone) = (&self.clock.calendar, &self.clock.zone);
        let cites = self.measure.parts.first().and_then(|part| part.rule).map(|rule| &rule.from);
        let name = cites.map_or(label, |from| &from.label);
        reason("sla.calendar", cites, |lang| {
            match self.rule().then.within {
            Length::Seconds(_) => lang.t(
                format!("Le temps se compte sur le calendrier [{name}], fuseau {zone}."),
                format!("Time is counted on the calendar [{name}], zone {zone}."),
            ),
            Length::WorkingDays(_) => lang.t(
                format!("Les jours ouvrés sont ceux du calendrier [{name}], fuseau {zone}\u{a0}: le jour de départ ne compte pas, l'échéance est à la dernière fermeture."),
                format!("Working days are those of the calendar [{name}], zone {zone}: the starting day does not count, and the last close is the due time."),
            ),
            Length::Days(_) | Length::Months(_) => lang.t(
                format!("Le délai court de date à date, jour et nuit, fuseau {zone}, et expire à minuit."),
                format!("Time runs from date to date, day and night, zone {zone}, and ends at midnight."),
            ),
        }
        })
    }

    fn start(&self) -> Reason {
        let rule = self.rule();
        let restarted = self.measure.run.turns.iter().rev().find_map(|turn| match turn {
            Turn::Changed { policy: PriorityChangePolicy::RestartAtChange, .. } => {
                Some(("au changement", "at the change"))
            }
            Turn::Afresh { .. } if rule.then.starts == StartEvent::Declared => {
                Some(("à la réouverture", "at the reopening"))
            }
            _ => None,
        });
        let event = restarted.unwrap_or(match rule.then.starts {
            StartEvent::Declared => ("à la déclaration", "when declared"),
            StartEvent::TakenOver => ("à la prise en charge", "when taken over"),
        });
        reason("sla.start", Some(&rule.from), |lang| {
            let event = lang.t(event.0, event.1);
            match self.measure.run.start {
                Some(start) => {
                    let moment = self.moment(lang, start);
                    lang.t(
                        format!("L'horloge part {event}, le {moment}."),
                        format!("The clock starts {event}: {moment}."),
                    )
                }
                None => lang.t(
                    format!("L'horloge n'est pas partie\u{a0}: elle part {event}."),
                    format!("The clock has not started: it starts {event}."),
                ),
            }
        })
    }

    fn unusual_days(&self) -> Vec<Reason> {
        let Some(start) = self.measure.run.start else { return Vec::new() };
        if matches!(self.rule().then.within, Length::Days(_) | Length::Months(_)) {
            return Vec::new();
        }
        // Up to the due instant; while there is none, up to now.
        let end = self.measure.due.unwrap_or_else(|| self.horizon());
        let (first, last) = (self.local_date(start), self.local_date(end));
        let parts = &self.measure.parts;
        let mut out = Vec::new();
        for (i, part) in parts.iter().enumerate() {
            let next = parts.get(i + 1).and_then(|next| next.from?.yesterday().ok());
            let (from, until) =
                (part.from.unwrap_or(Date::MIN).max(first), next.unwrap_or(Date::MAX).min(last));
            let calendar: &Calendar = &part.calendar;
            for (day, (kind, kept)) in days::unusual(calendar, from, until) {
                out.push(reason("sla.day", part.rule.map(|rule| &rule.from), |lang| {
                    capital(&days::sentence(lang, day, kind, &kept))
                }));
            }
        }
        out
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
