//! The promises that rest on a subcontractor, one by one.

use base::lang::{date_time, percent};
use base::{Lang, Length};
use jiff::tz::TimeZone;
use terms::availability::CountedIn;
use terms::{Commitment, Recovery, Rule};

use super::{Link, Pair, coverage};
use crate::diagnostic::Diagnostic;

pub(super) fn check(pair: &Pair<'_>, link: &Link<'_>, out: &mut Vec<Diagnostic>) {
    let terms = &pair.customer.terms;
    for label in &link.subcontractor.relied_on_for {
        if let Some(rule) = terms.commitments.iter().find(|r| r.label() == label) {
            commitment(pair, rule, out);
        } else if let Some(rule) = terms.availabilities.iter().find(|r| r.label() == label) {
            availability(pair, rule, out);
        } else if let Some(rule) = terms.recoveries.iter().find(|r| r.label() == label) {
            recovery(pair, rule, out);
        } else if pair.customer.clauses.iter().any(|c| c.label == *label) {
            // Nothing can be proved of a clause that is not a measured promise: a person reads both.
            let there = pair.here(link.clause);
            out.push(
                Diagnostic::warning(
                    "W-BACK-UNPROVED",
                    there,
                    format!("« {label} » repose sur ce sous-traitant et ne se compare pas par calcul"),
                    format!("“{label}” rests on this subcontractor and cannot be compared by computing"),
                )
                .related(pair.here(label), "la clause", "the clause")
                .help(
                    "relisez les deux clauses ; se comparent commitment, availability et backup",
                    "read both clauses; commitment, availability and backup are compared",
                ),
            );
        }
    }
}

/// What is bought is weaker: both articles are named.
fn weaker(pair: &Pair<'_>, here: &str, there: (&str, &str), (fr, en): (String, String)) -> Diagnostic {
    let article = |c: &crate::Compiled, label: &str| {
        c.clauses.iter().find(|k| k.label == label).map_or_else(String::new, |k| k.article.clone())
    };
    let (ours, theirs) = (article(pair.customer, here), article(pair.subcontract, there.0));
    Diagnostic::error(
        "E-BACK-WEAKER",
        pair.there(there.0, there.1),
        format!("[{}] est plus faible que [{here}] : {fr}", there.0),
        format!("[{}] is weaker than [{here}]: {en}", there.0),
    )
    .related(pair.here(here), "ce qui est promis au client", "what the customer is promised")
    .help(
        format!("renégociez « {theirs} » du sous-contrat, ou « {ours} » du contrat"),
        format!("renegotiate “{theirs}” of the subcontract, or “{ours}” of the contract"),
    )
}

fn absent(pair: &Pair<'_>, here: &str, (fr, en): (&str, &str)) -> Diagnostic {
    Diagnostic::error(
        "E-BACK-NOTHING",
        pair.nowhere(),
        format!("[{here}] repose sur ce sous-contrat, qui ne promet {fr}"),
        format!("[{here}] rests on this subcontract, which promises {en}"),
    )
    .related(pair.here(here), "ce qui est promis au client", "what the customer is promised")
    .help(
        "obtenez cet engagement du sous-traitant, ou retirez la clause de relied_on_for",
        "obtain that promise from the subcontractor, or take the clause out of relied_on_for",
    )
}

/// The subcontract's promise of the same kind whose guard leaves no case of this one out.
fn commitment(pair: &Pair<'_>, rule: &Rule<Commitment>, out: &mut Vec<Diagnostic>) {
    let promise = rule.then.promise;
    let wider = |other: &Rule<Commitment>| {
        other.when.values.iter().all(|(dimension, theirs)| {
            rule.when.values.get(dimension).is_some_and(|mine| mine.is_subset(theirs))
        })
    };
    let candidates = pair.subcontract.terms.commitments.iter().filter(|r| r.then.promise == promise);
    // The weakest of those that may apply must still be enough.
    let applying: Vec<_> = candidates.filter(|r| wider(r)).collect();
    if applying.is_empty() {
        let name = promise.name();
        out.push(absent(
            pair,
            rule.label(),
            (&format!("aucun délai de {}", name.fr), &format!("no delay of {}", name.en)),
        ));
    }
    for bought in applying {
        match longer(bought.then.within, rule.then.within) {
            Some(true) => out.push(weaker(
                pair,
                rule.label(),
                (bought.label(), "within"),
                (
                    format!(
                        "{} achetés pour {} promis",
                        bought.then.within.in_words(Lang::Fr),
                        rule.then.within.in_words(Lang::Fr)
                    ),
                    format!(
                        "{} bought for {} promised",
                        bought.then.within.in_words(Lang::En),
                        rule.then.within.in_words(Lang::En)
                    ),
                ),
            )),
            None => out.push(weaker(
                pair,
                rule.label(),
                (bought.label(), "within"),
                (
                    "les deux délais ne se comptent pas dans la même unité, rien n'est donc prouvé"
                        .to_owned(),
                    "the two delays are not counted in the same unit, so nothing is proved".to_owned(),
                ),
            )),
            Some(false) => {}
        }
        hours(pair, rule.label(), &rule.then.calendar, (bought.label(), &bought.then.calendar), out);
        if bought.then.starts != rule.then.starts
            && bought.then.starts == terms::commitment::StartEvent::TakenOver
        {
            out.push(weaker(
                pair,
                rule.label(),
                (bought.label(), "starts"),
                (
                    "le délai acheté ne court qu'à partir de la prise en charge".to_owned(),
                    "the delay bought runs only from taking over".to_owned(),
                ),
            ));
        }
    }
}

/// Open whenever the promise to the customer runs.
fn hours(pair: &Pair<'_>, here: &str, mine: &str, (there, theirs): (&str, &str), out: &mut Vec<Diagnostic>) {
    let terms = &pair.customer.terms;
    let Some(at) = coverage::gap(terms, mine, &pair.subcontract.terms, theirs) else { return };
    let zone = TimeZone::get(&terms.zone).unwrap_or(TimeZone::UTC);
    let at = |lang| date_time(lang, &at.to_zoned(zone.clone()));
    out.push(weaker(
        pair,
        here,
        (there, "calendar"),
        (
            format!("le sous-traitant est fermé quand la promesse court, par exemple le {}", at(Lang::Fr)),
            format!("the subcontractor is closed while the promise runs, for instance on {}", at(Lang::En)),
        ),
    ));
}

/// Whether one length is longer than another; `None` when they are not of one measure.
pub(super) fn longer(one: Length, other: Length) -> Option<bool> {
    match (one, other) {
        (Length::Seconds(a), Length::Seconds(b)) => Some(a > b),
        (Length::WorkingDays(a), Length::WorkingDays(b))
        | (Length::Days(a), Length::Days(b))
        | (Length::Months(a), Length::Months(b)) => Some(a > b),
        // Real time, for lengths that calendars do not stop: a day has 24 hours or one more.
        (Length::Seconds(a), Length::Days(b)) => Some(a > i64::from(b) * 86_400),
        (Length::Days(a), Length::Seconds(b)) => Some(i64::from(a) * 86_400 > b),
        (Length::Days(a), Length::Months(b)) => Some(a > b * 28),
        (Length::Months(a), Length::Days(b)) => Some(a * 31 > b),
        _ => None,
    }
}

fn availability(pair: &Pair<'_>, rule: &Rule<terms::Availability>, out: &mut Vec<Diagnostic>) {
    let mut bought: Vec<_> = pair.subcontract.terms.availabilities.iter().collect();
    // A month answers a month and a quarter a quarter; without one of the same period, each is weighed.
    if bought.iter().any(|other| other.then.per == rule.then.per) {
        bought.retain(|other| other.then.per == rule.then.per);
    }
    if bought.is_empty() {
        out.push(absent(pair, rule.label(), ("aucune disponibilité", "no availability")));
    }
    for other in bought {
        let (mine, theirs) = (&rule.then, &other.then);
        if theirs.target < mine.target {
            let (a, b) = (theirs.target, mine.target);
            out.push(weaker(
                pair,
                rule.label(),
                (other.label(), "target"),
                (
                    format!("{} achetés pour {} promis", percent(Lang::Fr, a), percent(Lang::Fr, b)),
                    format!("{} bought for {} promised", percent(Lang::En, a), percent(Lang::En, b)),
                ),
            ));
        }
        if theirs.per != mine.per {
            out.push(weaker(
                pair,
                rule.label(),
                (other.label(), "per"),
                (
                    "la même coupure pèse autrement sur une autre période".to_owned(),
                    "the same outage weighs otherwise over another period".to_owned(),
                ),
            ));
        }
        let by_time = |c: CountedIn| matches!(c, CountedIn::Time);
        if by_time(theirs.counted_in) != by_time(mine.counted_in) {
            out.push(weaker(
                pair,
                rule.label(),
                (other.label(), "basis"),
                (
                    "l'une compte le temps, l'autre les minutes de chaque utilisateur".to_owned(),
                    "one counts time, the other each user's minutes".to_owned(),
                ),
            ));
        }
        hours(pair, rule.label(), &mine.calendar, (other.label(), &theirs.calendar), out);
    }
}

fn recovery(pair: &Pair<'_>, rule: &Rule<Recovery>, out: &mut Vec<Diagnostic>) {
    let bought: Vec<_> = pair.subcontract.terms.recoveries.iter().collect();
    if bought.is_empty() {
        out.push(absent(pair, rule.label(), ("aucune restauration", "no recovery")));
    }
    for other in bought {
        let pairs = [
            ("rpo", other.then.point, rule.then.point, "perte maximale de données", "largest loss of data"),
            ("rto", other.then.time, rule.then.time, "délai de restauration", "time to recover"),
            (
                "tested_every",
                other.then.tested_every,
                rule.then.tested_every,
                "rythme des essais",
                "rhythm of tests",
            ),
        ];
        for (field, theirs, mine, fr, en) in pairs {
            if longer(theirs, mine) != Some(false) {
                out.push(weaker(
                    pair,
                    rule.label(),
                    (other.label(), field),
                    (
                        format!("{fr}, {} pour {}", theirs.in_words(Lang::Fr), mine.in_words(Lang::Fr)),
                        format!("{en}, {} for {}", theirs.in_words(Lang::En), mine.in_words(Lang::En)),
                    ),
                ));
            }
        }
    }
}
