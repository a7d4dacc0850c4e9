//! The duties of a clause: done, due, late, in one figure; each of them as evidence.

use base::lang::{date, integer};
use base::{Because, Bilingual, Lang};
use engines::duties::{DutyState, Occurrence};
use jiff::civil::Date;

use super::reading::{Reading, has};
use super::{ClauseLive, Evidence, See, Standing, both};

/// So many are shown on the page of the contract; the page of duties shows all.
const SHOWN: usize = 5;

/// What a clause owes; `None` when it owes nothing.
pub(super) fn owed(reading: &Reading<'_>, label: &str) -> Option<ClauseLive> {
    if !has(&reading.terms.duties, label) {
        return None;
    }
    let mine: Vec<&Because<Occurrence>> = reading.duties.iter().filter(|o| o.value.label == label).collect();
    if mine.is_empty() {
        // Every duty of the clause counts from something that has not happened, or from a later year.
        let figure = Bilingual::new("rien ne l'a encore rendue exigible", "nothing has made it due yet");
        return Some(ClauseLive::figure(Standing::NotYetDue, figure));
    }
    let tally = Tally::of(&mine);
    Some(ClauseLive {
        standing: tally.standing(),
        figure: tally.figure(),
        exact: None,
        evidence: evidence(mine),
    })
}

/// How many times a clause's duties were done, late or not, and the next day one is due.
#[derive(Default)]
struct Tally {
    /// In time.
    done: i64,
    done_late: i64,
    unproved: i64,
    late: i64,
    soon: i64,
    continuous: i64,
    next: Option<Date>,
}

impl Tally {
    fn of(all: &[&Because<Occurrence>]) -> Tally {
        let mut t = Tally::default();
        for one in all.iter().map(|o| &o.value) {
            match one.state {
                DutyState::Done { .. } => t.done += 1,
                DutyState::DoneLate { .. } => t.done_late += 1,
                DutyState::Unproved { .. } => t.unproved += 1,
                DutyState::Late { .. } => t.late += 1,
                DutyState::DueSoon { .. } => t.soon += 1,
                DutyState::NotYetDue => {}
                DutyState::Continuous => t.continuous += 1,
            }
            if matches!(one.state, DutyState::DueSoon { .. } | DutyState::NotYetDue) {
                t.next = [t.next, one.on].into_iter().flatten().min();
            }
        }
        t
    }

    fn standing(&self) -> Standing {
        if self.late > 0 {
            Standing::Missed
        } else if self.soon + self.unproved + self.done_late > 0 {
            // What was done late was done; that it was late stays in sight.
            Standing::AtRisk
        } else if self.done > 0 {
            Standing::Held
        } else if self.next.is_some() {
            Standing::NotYetDue
        } else {
            Standing::Declared
        }
    }

    /// « 3 faits, 1 fait en retard, prochaine échéance le 30 novembre 2026 ».
    fn figure(&self) -> Option<Bilingual> {
        let text = both(|lang| self.words(lang).join(", "));
        (!text.fr.is_empty()).then_some(text)
    }

    fn words(&self, lang: Lang) -> Vec<String> {
        let count = |n: i64, fr: (&str, &str), en: &str| {
            let one = matches!(lang, Lang::Fr) && n < 2;
            let word = lang.t(if one { fr.0 } else { fr.1 }, en);
            (n > 0).then(|| format!("{} {word}", integer(lang, n)))
        };
        let mut words: Vec<String> = [
            count(self.done, ("fait", "faits"), "done"),
            count(self.done_late, ("fait en retard", "faits en retard"), "done late"),
            count(
                self.unproved,
                ("sans la preuve convenue", "sans la preuve convenue"),
                "without the proof agreed",
            ),
            count(self.late, ("en retard", "en retard"), "late"),
        ]
        .into_iter()
        .flatten()
        .collect();
        if let Some(next) = self.next {
            let next = date(lang, next);
            words.push(lang.t(format!("prochaine échéance le {next}"), format!("next due on {next}")));
        } else if words.is_empty() && self.continuous > 0 {
            words.push(lang.t("dû à tout moment".to_owned(), "owed at all times".to_owned()));
        }
        words
    }
}

/// What is late first, then what comes, then what was done, last first.
fn evidence(mut all: Vec<&Because<Occurrence>>) -> Vec<Evidence> {
    let day = |o: &Because<Occurrence>| o.value.on.unwrap_or(Date::MAX);
    all.sort_by_key(|o| {
        let rank = match o.value.state {
            DutyState::Late { .. } => 0,
            DutyState::Unproved { .. } => 1,
            DutyState::DueSoon { .. } => 2,
            DutyState::Done { .. } | DutyState::DoneLate { .. } => 3,
            DutyState::NotYetDue => 4,
            DutyState::Continuous => 5,
        };
        (rank, day(o))
    });
    let shown = all.iter().take(SHOWN).map(|o| Evidence { text: told(o), see: See::Duties });
    shown.collect()
}

/// The sentences of the engine: when it is due, and how it stands.
fn told(occurrence: &Because<Occurrence>) -> Bilingual {
    both(|lang| {
        let texts: Vec<&str> = occurrence.reasons.iter().map(|r| r.text.get(lang)).collect();
        texts.join(" ")
    })
}
