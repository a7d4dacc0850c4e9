//! Promises and their objectives, availabilities, and the calendars they are counted in.

use base::lang::{date, integer, percent, percent_cut, percent_digits};
use base::{Bilingual, Fraction, Lang, Length};
use engines::availability::AvailabilityResult;
use engines::calendar::ServiceClock;
use engines::objective::{ObjectiveResult, Verdict};
use engines::period::Span;
use jiff::Timestamp;
use store::{Tx, ticket};
use terms::commitment::Period;
use terms::{Calendar, Objective, Rule, Terms};

use super::reading::{Reading, has};
use super::{ClauseLive, Evidence, Margin, See, Standing, both};
use crate::agreements::Agreement;
use crate::error::{AppError, Result};

/// The cases of the civil quarter, and those that run late now.
#[derive(Default)]
pub(super) struct Cases {
    stopped: Vec<ticket::Measured>,
    late: Vec<ticket::Measured>,
}

impl Cases {
    pub fn read(tx: &mut dyn Tx, agreement: &Agreement, terms: &Terms, now: Timestamp) -> Result<Cases> {
        let quarter = Span::of(Period::Quarter, terms, agreement.local_date(now));
        let from = agreement.midnight(quarter.first)?.as_microsecond();
        let mine = |mut all: Vec<ticket::Measured>| {
            all.retain(|m| m.contract == agreement.id);
            all
        };
        Ok(Cases {
            stopped: mine(ticket::stopped_between(tx, from, now.as_microsecond())?),
            late: mine(ticket::overdue(tx, now.as_microsecond())?),
        })
    }
}

pub(super) fn parts(reading: &Reading<'_>, label: &str) -> Result<Vec<ClauseLive>> {
    let mut parts = Vec::new();
    if has(&reading.terms.commitments, label) {
        parts.push(commitment(&reading.cases, label));
    }
    if has(&reading.terms.objectives, label) {
        let result = reading.statement.results.iter().find(|r| r.value.objective == label);
        let rule = reading.terms.objectives.iter().find(|r| r.label() == label);
        let both = result.zip(rule);
        parts.push(both.map_or_else(unmeasured, |(r, rule)| objective(&r.value, &rule.then).0));
    }
    if has(&reading.terms.availabilities, label) {
        let result = reading.statement.availability.iter().find(|r| r.value.clause == label);
        parts.push(result.map_or_else(unmeasured, |r| availability(&r.value).0));
    }
    if let Some(rule) = reading.terms.calendars.iter().find(|r| r.label() == label) {
        parts.push(calendar(rule, reading.now)?);
    }
    Ok(parts)
}

fn unmeasured() -> ClauseLive {
    ClauseLive::plain(Standing::NotYetDue)
}

/// A promise: its cases of the civil quarter, and those running now.
fn commitment(all: &Cases, label: &str) -> ClauseLive {
    let mine = |m: &&ticket::Measured| m.clock.label == label;
    let cases: Vec<_> = all.stopped.iter().filter(mine).collect();
    let missed: Vec<_> = cases.iter().filter(|m| m.clock.late_seconds > 0).collect();
    let running: Vec<_> = all.late.iter().filter(mine).collect();
    let kept = cases.len() - missed.len();
    let figure = (!cases.is_empty()).then(|| {
        both(|lang| {
            let (kept, all) = (integer(lang, kept as i64), integer(lang, cases.len() as i64));
            lang.t(
                format!("{kept} à temps sur {all} ce trimestre"),
                format!("{kept} in time of {all} this quarter"),
            )
        })
    });
    let mut evidence: Vec<Evidence> = running
        .iter()
        .map(|m| of_ticket(m.number, "en retard, toujours ouvert", "late, still open"))
        .collect();
    evidence.extend(missed.iter().rev().take(5).map(|m| {
        let late = Length::Seconds(m.clock.late_seconds);
        let (fr, en) = (late.short(Lang::Fr), late.short(Lang::En));
        of_ticket(m.number, &format!("en retard de {fr}"), &format!("late by {en}"))
    }));
    let standing = match (running.is_empty(), missed.is_empty(), cases.is_empty()) {
        (false, _, _) => Standing::Missed,
        (true, _, true) => Standing::NotYetDue,
        (true, true, false) => Standing::Held,
        // Some were missed; whether that breaks the contract is the objective's clause.
        (true, false, false) => Standing::AtRisk,
    };
    ClauseLive { standing, figure, exact: None, evidence }
}

pub(super) fn of_ticket(number: u64, fr: &str, en: &str) -> Evidence {
    let text = Bilingual::new(format!("ticket {number}\u{a0}: {fr}"), format!("ticket {number}: {en}"));
    Evidence { text, see: See::Ticket(number) }
}

/// An objective is at risk when something failed and one failure more is all that it can take: a rate over
/// few cases is always one failure away from being missed. With what it can still take, once it is at risk.
pub(super) fn objective(r: &ObjectiveResult, rule: &Objective) -> (ClauseLive, Option<Margin>) {
    let left = r.misses_left(rule);
    let (standing, margin) = match r.verdict {
        Verdict::Kept if r.measured > r.kept && left <= 1 => (Standing::AtRisk, Some(Margin::Misses(left))),
        Verdict::Kept => (Standing::Held, None),
        Verdict::Missed => (Standing::Missed, Some(Margin::Gone)),
        Verdict::NothingMeasured => (Standing::NotYetDue, None),
    };
    let (figure, exact) = r.reached().map(|rate| promised(rate, r.rate)).unzip();
    let tickets = r.missed.iter().filter_map(|t| t.parse::<u64>().ok());
    let evidence = tickets.map(|n| of_ticket(n, "manqué", "missed")).collect();
    (ClauseLive { standing, figure, exact: exact.flatten(), evidence }, margin)
}

/// An availability is at risk once four fifths of what may be lost are. With what is left, once it is at risk.
pub(super) fn availability(r: &AvailabilityResult) -> (ClauseLive, Option<Margin>) {
    let whole = |n: i128| Fraction::from_integer(n);
    let left = || {
        let left = (r.allowance() - r.lost).max(whole(0)).floor().to_integer();
        match r.users {
            None => Margin::Seconds(i64::try_from(left).unwrap_or(i64::MAX)),
            Some(_) => Margin::Unsaid,
        }
    };
    let (standing, margin) = match r.verdict {
        Verdict::Kept if r.lost * whole(5) > r.allowance() * whole(4) => (Standing::AtRisk, Some(left())),
        Verdict::Kept => (Standing::Held, None),
        Verdict::Missed => (Standing::Missed, Some(Margin::Gone)),
        Verdict::NothingMeasured => (Standing::NotYetDue, None),
    };
    let period = both(|lang| {
        let (first, last) = (date(lang, r.period.first), date(lang, r.period.last()));
        lang.t(format!("mesurée du {first} au {last}"), format!("measured from {first} to {last}"))
    });
    let mut evidence = vec![Evidence { text: period, see: See::Nothing }];
    if r.lost == Fraction::from_integer(0) {
        // A figure of a hundred per cent rests on this, and the reader should know it.
        let text =
            Bilingual::new("aucune interruption enregistrée qui compte", "no outage recorded that counts");
        evidence.push(Evidence { text, see: See::Nothing });
    }
    let (figure, exact) = r.reached().map(|reached| promised(reached, r.target)).unzip();
    (ClauseLive { standing, figure, exact: exact.flatten(), evidence }, margin)
}

/// « 99,95 % pour 99,9 % promis », cut after two decimals or those of the promise; and whole, where that
/// leaves something out: « 26/27, soit 96,296296 %, pour 95 % promis ».
fn promised(reached: Fraction, target: Fraction) -> (Bilingual, Option<Bilingual>) {
    let said = |lang: Lang, reached: String| {
        let target = percent(lang, target);
        lang.t(format!("{reached} pour {target} promis"), format!("{reached} for {target} promised"))
    };
    let digits = percent_digits(target).max(2);
    let short = both(|lang| said(lang, percent_cut(lang, reached, digits)));
    let whole = || {
        both(|lang| {
            let rate = percent_cut(lang, reached, 6);
            said(lang, lang.t(format!("{reached}, soit {rate},"), format!("{reached}, that is {rate},")))
        })
    };
    let cut = !(reached * Fraction::from_integer(100 * 10i128.pow(digits))).is_integer();
    (short, cut.then(whole))
}

/// Open or closed at this instant, and until when.
fn calendar(rule: &Rule<Calendar>, now: Timestamp) -> Result<ClauseLive> {
    let clock = ServiceClock::new(&rule.then, now).map_err(AppError::fault)?;
    let open = clock.is_open(now);
    let until = clock.next_change(now).map(|at| at.to_zoned(clock.zone().clone()));
    let figure = both(|lang| {
        let state = if open { lang.t("ouvert", "open") } else { lang.t("fermé", "closed") };
        match &until {
            Some(at) => {
                let at = base::lang::short_date_time(lang, at);
                lang.t(format!("{state} jusqu'au {at}"), format!("{state} until {at}"))
            }
            None => state.to_owned(),
        }
    });
    Ok(ClauseLive::figure(Standing::Applied, figure))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_just_short_of_its_promise_does_not_read_as_kept() {
        let of = |n, d, target| {
            let (short, whole) = promised(Fraction::new(n, d), target);
            let text = |t: Bilingual| t.fr.replace('\u{a0}', " ");
            (text(short), whole.map(text).unwrap_or_default())
        };
        let ninety_five = Fraction::new(95, 100);
        assert_eq!(
            of(26, 27, ninety_five),
            ("96,29 % pour 95 % promis".to_owned(), "26/27, soit 96,296296 %, pour 95 % promis".to_owned())
        );
        assert_eq!(of(19, 20, ninety_five), ("95 % pour 95 % promis".to_owned(), String::new()));
        let (short, _) = of(999_949, 1_000_000, Fraction::new(99_995, 100_000));
        assert_eq!(short, "99,994 % pour 99,995 % promis", "as many decimals as the promise");
        let (_, whole) = of(9_999_999_999, 10_000_000_000, Fraction::from_integer(1));
        assert_eq!(whole, "9999999999/10000000000, soit 99,999999 %, pour 100 % promis", "cut there too");
    }
}
