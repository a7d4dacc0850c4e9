//! What kinds that owe something share: pushing the duty, and saying when it is due.

use base::{Lang, Length, lang};
use terms::{Duty, DutyDue, DutyProof, PartyRole, Terms};

use super::read::{find, of};
use super::{Fields, Kind, parties};
use crate::compile::Compiler;

/// A duty of the provider, as most are; `what` is the kind's name when it owes one thing.
pub(super) fn provider(what: &str, title: impl Into<String>, due: DutyDue, proof: DutyProof) -> Duty {
    Duty {
        owed_by: PartyRole::Provider,
        what: what.to_owned(),
        title: title.into(),
        due,
        proof,
        alert_before: None,
    }
}

/// A duty that the kind names itself: its title is the kind's word for `what`, which reads in both
/// languages whatever the contract's own.
pub(super) fn of_kind(kind: &'static Kind, c: &Compiler, what: &str, due: DutyDue, proof: DutyProof) -> Duty {
    provider(what, kind.word(c.lang(), what), due, proof)
}

/// The sentence of a duty that the kind names itself.
pub(super) fn sentence_of(kind: &'static Kind, lang: Lang, duty: &Duty) -> String {
    sentence(lang, &Duty { title: kind.word(lang, &duty.what).into_owned(), ..duty.clone() })
}

/// The sentences of all the duties of a clause, for a kind that names them itself.
pub(super) fn sentences_of(kind: &'static Kind, lang: Lang, label: &str, terms: &Terms) -> String {
    let all: Vec<String> = of_clause(label, terms).map(|d| sentence_of(kind, lang, d)).collect();
    super::says::parts(lang, &all)
}

pub(super) fn push(f: &Fields<'_>, c: &mut Compiler, duty: Duty) {
    let rule = c.rule(f, duty);
    c.terms.duties.push(rule);
}

/// The duties of a clause, in the order in which it owes them.
pub(super) fn of_clause<'a>(label: &'a str, terms: &'a Terms) -> impl Iterator<Item = &'a Duty> {
    terms.duties.iter().filter(move |r| r.label() == label).map(|r| &r.then)
}

/// « le Prestataire doit une note de veille tous les six mois, prouvée par un document remis ».
pub(super) fn sentence(lang: Lang, duty: &Duty) -> String {
    let who = parties::role(duty.owed_by);
    let (who, title, due, proof) = (who.get(lang), &duty.title, due(lang, &duty.due), duty.proof.name());
    let mut text = lang.t(
        format!("{who} doit {title} {due}, avec pour preuve {}", proof.fr),
        format!("{who} owes {title} {due}, proved by {}", proof.en),
    );
    if let Some(before) = duty.alert_before {
        let before = before.in_words(lang);
        text += &lang.t(format!("; alerte {before} avant"), format!("; alert {before} before"));
    }
    text.replace("; alerte", "\u{202f}; alerte")
}

/// « tous les mois », « dans les 24 heures à compter de la demande ».
pub(super) fn due(lang: Lang, due: &DutyDue) -> String {
    match due {
        DutyDue::By { date } => {
            let date = lang::date(lang, *date);
            lang.t(format!("au plus tard le {date}"), format!("by {date}"))
        }
        DutyDue::Every { period, first } => {
            let first = first.map(|d| lang::date(lang, d)).map_or_else(String::new, |d| {
                lang.t(format!(", pour la première fois le {d}"), format!(", first on {d}"))
            });
            format!("{}{first}", every(lang, *period))
        }
        DutyDue::PerYear { times: 1 } => {
            lang.t("une fois par année contractuelle", "once in each contract year").to_owned()
        }
        DutyDue::PerYear { times } => lang.t(
            format!("{times} fois par année contractuelle"),
            format!("{times} times in each contract year"),
        ),
        DutyDue::Within { length, of: event } => {
            let (length, event) = (length.in_words(lang), event.name());
            lang.t(
                format!("dans un délai {} à compter {}", of(&length), event.fr),
                format!("within {length} of {}", event.en),
            )
        }
        DutyDue::Before { length: Length::Days(0), of: event } => {
            let event = event.name();
            lang.t(format!("avant la date {}", event.fr), format!("before {}", event.en))
        }
        DutyDue::Before { length, of: event } => {
            let (length, event) = (length.in_words(lang), event.name());
            // « du changement » follows « avant la date » as it follows « à compter ».
            lang.t(format!("{length} avant la date {}", event.fr), format!("{length} before {}", event.en))
        }
        DutyDue::Renew { expires } => {
            let date = lang::date(lang, *expires);
            lang.t(format!("à renouveler avant le {date}"), format!("to be renewed before {date}"))
        }
        DutyDue::Always => lang.t("à tout moment", "at all times").to_owned(),
    }
}

/// « tous les six mois », « chaque mois », “every three months”.
pub(super) fn every(lang: Lang, period: Length) -> String {
    match period {
        Length::Months(1) => lang.t("chaque mois", "every month").to_owned(),
        Length::Months(12) => lang.t("chaque année", "every year").to_owned(),
        Length::Days(1) => lang.t("chaque jour", "every day").to_owned(),
        Length::Days(7) => lang.t("chaque semaine", "every week").to_owned(),
        Length::Seconds(3600) => lang.t("toutes les heures", "every hour").to_owned(),
        // Years and hours are counted in words that ask for « tous » or « toutes ».
        Length::Seconds(_) => {
            let words = period.in_words(lang);
            lang.t(format!("toutes les {words}"), format!("every {words}"))
        }
        _ => {
            let words = period.in_words(lang);
            lang.t(format!("tous les {words}"), format!("every {words}"))
        }
    }
}

/// The reading back of a kind that only owes: one sentence of each duty.
pub(super) fn read_back(label: &str, terms: &Terms) -> Option<base::Bilingual> {
    let rule = find(&terms.duties, label)?;
    Some(super::read::sentence(rule, terms, |lang| {
        of_clause(label, terms)
            .map(|d| sentence(lang, d))
            .collect::<Vec<_>>()
            .join(lang.t("\u{202f}; ", "; "))
    }))
}
