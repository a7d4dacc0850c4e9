//! Penalties for availabilities missed: they belong to the month in which the period measured ends.

use base::fraction::Fraction;
use base::lang::{decimal, percent};
use base::{Because, Reason};
use jiff::civil::Date;
use terms::penalty::{Breach, PenaltyFormula};
use terms::{Dimension, Facts, History, Penalty, Rule, governing};

use super::{Due, PenaltyLine, Shortfall, arithmetic, due, nature, suspended_reason};
use crate::availability::AvailabilityResult;
use crate::billing::fees::fee_of;
use crate::objective::{Standing, Verdict, provisional};
use crate::period::Span;
use crate::say::cite;

/// The penalties of the availabilities missed whose period ends in the month that holds `month`.
///
/// The clause and the phase are those of the period's last day, the fee that of the end of the month.
/// An availability that no clause penalises gives no line.
pub fn availability_penalties(
    history: &History,
    month: Date,
    results: &[Because<AvailabilityResult>],
) -> Vec<Because<PenaltyLine>> {
    let month = Span::month(month);
    results
        .iter()
        .filter(|r| r.value.verdict == Verdict::Missed && month.contains(r.value.period.last()))
        .filter_map(|result| line(history, month, result))
        .collect()
}

fn line(
    history: &History,
    month: Span,
    result: &Because<AvailabilityResult>,
) -> Option<Because<PenaltyLine>> {
    let measured = &result.value;
    let last = measured.period.last();
    let terms = &history.at(last)?.terms;
    // A penalty on a clause holds for the exceptions to it.
    let measured_rule = terms.availabilities.iter().find(|r| r.label() == measured.clause)?;
    let labels = [Some(measured.clause.as_str()), measured_rule.exception_to.as_deref()];
    let mine = terms
        .penalties
        .iter()
        .filter(|r| r.then.on == Breach::Availability && labels.contains(&r.then.of.as_deref()));
    let facts = Facts { date: Some(last), ..Facts::default() }.with(Dimension::Service, &measured.service);
    let rule = governing(mine, &facts)?;
    let clause = &rule.then;
    let steps = steps(clause, measured.short());
    let base = fee_of(history, month.first, clause.base, &clause.base_of);
    let Due { suspended, amount } = due(terms, clause, last, steps, base.value);
    let value = PenaltyLine {
        clause: rule.label().to_owned(),
        ticket: None,
        on: Breach::Availability,
        shortfall: Some(Shortfall {
            clause: measured.clause.clone(),
            service: measured.service.clone(),
            period: measured.period,
            target: measured.target,
            reached: measured.reached()?,
        }),
        round: 1,
        late_seconds: 0,
        steps,
        rate: clause.rate,
        base: base.value,
        amount,
        payable: amount,
        suspended,
        tax: clause.tax,
        sole_remedy: clause.sole_remedy,
    };
    // How the availability was counted stands with its own result; here, what it fell short of.
    let mut reasons: Vec<Reason> =
        result.reasons.iter().filter(|r| r.code == "availability.rate").cloned().collect();
    match &value.suspended {
        Some(phase) => reasons.push(suspended_reason(rule, phase)),
        None => {
            reasons.push(missing(rule, measured.short()));
            reasons.extend(base.reasons.last().cloned());
            reasons.push(arithmetic(rule, &value));
            reasons.push(nature(rule));
        }
    }
    if measured.standing == Standing::Provisional {
        reasons.push(provisional());
    }
    Some(Because::new(value, reasons))
}

/// 0.29 point is three tenths started; an exact tenth is one. Decided on the exact fraction.
fn steps(clause: &Penalty, short: Fraction) -> u32 {
    match clause.points() {
        Some(points) if points > Fraction::from_integer(0) => {
            u32::try_from((short / points).ceil().to_integer()).unwrap_or(u32::MAX)
        }
        _ if clause.formula == PenaltyFormula::PerCase => 1,
        // The compiler refuses hours for an availability, and a step of nothing.
        _ => 0,
    }
}

fn missing(rule: &Rule<Penalty>, short: Fraction) -> Reason {
    cite("penalty.short", rule, |lang| {
        let points = short * Fraction::from_integer(100);
        let digits =
            (2..6).find(|d| (points * Fraction::from_integer(10i128.pow(*d))).is_integer()).unwrap_or(6);
        let points = decimal(lang, points, digits);
        let rate = percent(lang, rule.then.rate);
        lang.t(
            format!("Il manque {points}\u{a0}point\u{a0}; chaque pas entamé vaut {rate}."),
            format!("{points} point is missing; each step started is worth {rate}."),
        )
    })
}
