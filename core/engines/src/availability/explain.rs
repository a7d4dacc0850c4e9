//! The reasons of an availability: the time agreed, each outage, what does not count, the comparison.

use base::fraction::Fraction;
use base::lang::{date, decimal, elapsed, percent, short_date_time};
use base::{Lang, Reason};
use jiff::Timestamp;
use terms::availability::{DowntimeStart, OutageOrigin};
use terms::{Availability, Rule};

use super::agreed::Agreed;
use super::count::Count;
use super::known::{Known, about, began};
use super::{AvailabilityResult, Note, Outage, ServiceState};
use crate::objective::{Standing, Verdict, provisional};
use crate::say::{cite, say};

/// More would bury the figure; the page of the service lists them all.
const MOST: usize = 12;

pub(super) fn reasons(
    rule: &Rule<Availability>,
    result: &AvailabilityResult,
    known: &[Known],
    count: &Count,
    agreed: &Agreed,
    maintenance: Vec<Reason>,
    spared: &[Note],
) -> Vec<Reason> {
    let mut reasons = vec![time_agreed(rule, result)];
    reasons.extend(maintenance);
    let counted: Vec<&Known> = known.iter().filter(|k| k.touches(count)).collect();
    reasons.extend(counted.iter().take(MOST).map(|k| loss(rule, k, count, agreed, result.users)));
    if counted.len() > MOST {
        let more = counted.len() - MOST;
        reasons.push(say("availability.more", |lang| {
            lang.t(format!("Et {more} autres interruptions."), format!("And {more} other outages."))
        }));
    }
    reasons.extend(spared.iter().take(MOST).map(|note| note.reason.clone()));
    reasons.push(comparison(rule, result));
    if result.standing == Standing::Provisional {
        reasons.push(provisional());
    }
    reasons
}

/// The outages of the period that the clause leaves aside, each with why.
pub(super) fn spared(rule: &Rule<Availability>, outages: &[Outage], agreed: &Agreed) -> Vec<Note> {
    let here = outages.iter().filter(|o| about(&rule.then, &o.items));
    here.filter_map(|o| {
        let reason = not_counted(rule, o, agreed.edges(), agreed)?;
        Some(Note { about: o.id.clone(), reason })
    })
    .collect()
}

/// The outages that the clause counts and that took no agreed time: at night, or during maintenance.
pub(super) fn harmless(
    rule: &Rule<Availability>,
    known: &[Known],
    count: &Count,
    agreed: &Agreed,
) -> Vec<Note> {
    let idle = known.iter().filter(|k| !k.touches(count));
    idle.map(|k| {
        let reason = cite("availability.outside", rule, |lang| {
            let from = local(lang, k.loss.from, agreed);
            lang.t(
                format!("Interruption du {from}\u{a0}: rien n'en tombe dans le temps convenu."),
                format!("Outage of {from}: nothing of it falls within agreed time."),
            )
        });
        Note { about: k.id.clone(), reason }
    })
    .collect()
}

fn time_agreed(rule: &Rule<Availability>, result: &AvailabilityResult) -> Reason {
    cite("availability.agreed", rule, |lang| {
        let (first, last) = (date(lang, result.period.first), date(lang, result.period.last()));
        let zero = Fraction::from_integer(0);
        let calendar = &rule.then.calendar;
        let agreed = time(lang, result.agreed, result.users);
        let mut text = lang.t(
            format!(
                "{}, du {first} au {last}\u{a0}: {agreed} de service convenu (calendrier « {calendar} »)",
                result.service
            ),
            format!(
                "{}, from {first} to {last}: {agreed} of agreed service (calendar “{calendar}”)",
                result.service
            ),
        );
        if result.maintenance > zero {
            let out = time(lang, result.maintenance, None);
            text.push_str(&lang.t(
                format!("\u{202f}; maintenance annoncée exclue\u{a0}: {out}"),
                format!("; announced maintenance left out: {out}"),
            ));
        }
        if result.unmeasured > zero {
            let out = time(lang, result.unmeasured, None);
            text.push_str(&lang.t(
                format!("\u{202f}; temps sans mesure exclu\u{a0}: {out}"),
                format!("; time without a measure left out: {out}"),
            ));
        }
        text.push('.');
        text
    })
}

fn loss(
    rule: &Rule<Availability>,
    known: &Known,
    count: &Count,
    agreed: &Agreed,
    users: Option<u32>,
) -> Reason {
    cite("availability.outage", rule, |lang| {
        let (from, until) = (local(lang, known.loss.from, agreed), local(lang, known.loss.until, agreed));
        let open = elapsed(lang, count.agreed_within(known.span()) / 1_000_000);
        let state = state(lang, known.state);
        let mut text = lang.t(
            format!("Du {from} au {until}, {state}\u{a0}: {open} dans le temps convenu"),
            format!("From {from} to {until}, {state}: {open} within agreed time"),
        );
        if let (Some(all), Some(touched)) = (users, known.users) {
            text.push_str(
                &lang.t(format!(", {touched} utilisateurs sur {all}"), format!(", {touched} users of {all}")),
            );
        } else if known.loss.weight != Fraction::from_integer(1) {
            let weight = percent(lang, known.loss.weight);
            text.push_str(&lang.t(format!(", compté à {weight}"), format!(", counted at {weight}")));
        }
        text.push('.');
        text
    })
}

/// An outage of the period that the clause does not count, and why.
fn not_counted(
    rule: &Rule<Availability>,
    outage: &Outage,
    (begin, end): (Timestamp, Timestamp),
    agreed: &Agreed,
) -> Option<Reason> {
    if outage.state == ServiceState::Unknown {
        return None;
    }
    let from = outage.detected.or(outage.declared)?;
    if from >= end || outage.ended.is_some_and(|ended| ended <= begin) {
        return None;
    }
    if rule.then.not_counted.contains(&outage.origin) {
        return Some(cite("availability.origin", rule, |lang| {
            let (from, origin) = (local(lang, from, agreed), origin(lang, outage.origin));
            lang.t(
                format!("Interruption du {from}, {origin}\u{a0}: la clause ne la compte pas."),
                format!("Outage of {from}, {origin}: the clause does not count it."),
            )
        }));
    }
    if began(rule.then.starts, outage).is_some() {
        return None;
    }
    Some(cite("availability.no_start", rule, |lang| {
        let from = local(lang, from, agreed);
        let (fr, en) = match rule.then.starts {
            DowntimeStart::Declaration => (
                "personne ne l'a déclarée, et la clause compte depuis la déclaration",
                "nobody declared it, and the clause counts from the declaration",
            ),
            _ => (
                "aucune sonde ne l'a vue, et la clause compte depuis la détection",
                "no probe saw it, and the clause counts from detection",
            ),
        };
        lang.t(format!("Interruption du {from}\u{a0}: {fr}."), format!("Outage of {from}: {en}."))
    }))
}

fn comparison(rule: &Rule<Availability>, result: &AvailabilityResult) -> Reason {
    cite("availability.rate", rule, |lang| {
        let target = percent(lang, result.target);
        let Some(reached) = result.reached() else {
            return lang
                .t(
                    "Aucun temps convenu dans la période\u{a0}: rien n'est mesuré.",
                    "No agreed time in the period: nothing is measured.",
                )
                .to_owned();
        };
        let (reached, lost) = (rate(lang, reached), time(lang, result.lost, result.users));
        let outcome = match result.verdict {
            Verdict::Kept | Verdict::NothingMeasured => lang.t("Engagement tenu.", "Commitment met."),
            Verdict::Missed => lang.t("Engagement manqué.", "Commitment missed."),
        };
        lang.t(
            format!("Temps perdu\u{a0}: {lost}. Disponibilité\u{a0}: {reached} pour {target} promis, comparés avant tout arrondi. {outcome}"),
            format!("Time lost: {lost}. Availability: {reached} for {target} promised, compared before any rounding. {outcome}"),
        )
    })
}

/// A percentage as availabilities are read, six decimals at most.
pub(super) fn rate(lang: Lang, value: Fraction) -> String {
    percent(lang, value)
}

/// « 165 h », « 1 234 heures-utilisateur »: seconds, or user-seconds, in words.
fn time(lang: Lang, seconds: Fraction, users: Option<u32>) -> String {
    match users {
        None => {
            let whole = i64::try_from(seconds.to_integer()).unwrap_or(i64::MAX);
            if seconds.is_integer() && whole % 60 == 0 {
                elapsed(lang, whole)
            } else if whole >= 3600 {
                format!("{}\u{a0}s", decimal(lang, seconds, digits(seconds)))
            } else {
                let (minutes, rest) =
                    (whole / 60, seconds - Fraction::from_integer(i128::from(whole / 60 * 60)));
                let rest = decimal(lang, rest, digits(rest));
                if minutes > 0 {
                    format!("{minutes}\u{a0}min\u{a0}{rest}\u{a0}s")
                } else {
                    format!("{rest}\u{a0}s")
                }
            }
        }
        Some(_) => {
            let minutes = seconds / Fraction::from_integer(60);
            let count = decimal(lang, minutes, digits(minutes));
            lang.t(format!("{count}\u{a0}minutes-utilisateur"), format!("{count} user-minutes"))
        }
    }
}

fn digits(value: Fraction) -> u32 {
    if value.is_integer() { 0 } else { 2 }
}

fn local(lang: Lang, at: Timestamp, agreed: &Agreed) -> String {
    short_date_time(lang, &at.to_zoned(agreed.zone.clone()))
}

fn state(lang: Lang, state: ServiceState) -> &'static str {
    match state {
        ServiceState::Down => lang.t("service interrompu", "service down"),
        ServiceState::Degraded => lang.t("service dégradé", "service degraded"),
        ServiceState::Unknown => lang.t("aucune mesure", "no measure"),
    }
}

fn origin(lang: Lang, origin: OutageOrigin) -> &'static str {
    match origin {
        OutageOrigin::Provider => lang.t("du fait du Prestataire", "caused by the Provider"),
        OutageOrigin::Customer => lang.t("du fait du Client", "caused by the Customer"),
        OutageOrigin::ThirdParty => lang.t("du fait d'un tiers", "caused by a third party"),
        OutageOrigin::ForceMajeure => lang.t("force majeure", "force majeure"),
    }
}
