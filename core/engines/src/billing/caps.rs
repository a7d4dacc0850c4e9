//! Ceilings of penalties: by month, then by quarter, then by contract year.

use base::fraction::Fraction;
use base::lang::{date, month as month_name, percent};
use base::{Because, Money, Reason, Rounding};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::commitment::Period;
use terms::{History, PenaltyCap, Rule, Terms};

use super::fees::fee_of;
use crate::in_force::in_force;
use crate::period::Span;
use crate::say::cite;

/// What was payable for an earlier month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastPenalty {
    /// Any day of the month.
    pub month: Date,
    pub payable: Money,
}

/// One ceiling and what it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapApplied {
    /// The clause's label.
    pub clause: String,
    pub per: Period,
    pub period: Span,
    pub ceiling: Money,
    /// Payable for the earlier months of the period.
    pub already: Money,
    pub before: Money,
    pub after: Money,
    pub waived: Money,
}

/// What is payable of `amount` for the month, once every ceiling has been applied in turn.
///
/// The base is the monthly fee in force, or that of the fees a cap names: the month's ceiling is a rate
/// of it, the quarter's of three times, the contract year's of twelve times (M-12, M-13).
pub fn cap(
    history: &History,
    terms: &Terms,
    month: Date,
    amount: Money,
    past: &[PastPenalty],
) -> (Money, Vec<Because<CapApplied>>) {
    let month = Span::month(month);
    let mut caps = in_force(&terms.penalty_caps, month.last());
    caps.sort_by_key(|r| r.then.per);
    let mut payable = amount;
    let mut applied = Vec::new();
    for rule in caps {
        let fee = fee_of(history, month.first, rule.then.base, &rule.then.base_of).value;
        let one = apply(terms, rule, month, fee, payable, past);
        payable = one.value.after;
        applied.push(one);
    }
    (payable, applied)
}

fn apply(
    terms: &Terms,
    rule: &Rule<PenaltyCap>,
    month: Span,
    fee: Money,
    before: Money,
    past: &[PastPenalty],
) -> Because<CapApplied> {
    let period = Span::of(rule.then.per, terms, month.last());
    let months = months(rule.then.per);
    let ceiling = fee.times(rule.then.rate * Fraction::from_integer(months), Rounding::CENTS);
    let zero = Money::zero(fee.currency);
    let already = past
        .iter()
        .filter(|p| period.contains(p.month) && p.month < month.first)
        .fold(zero, |sum, p| sum + p.payable);
    let room = if ceiling.cents > already.cents { ceiling - already } else { zero };
    let after = before.min(room);
    let value = CapApplied {
        clause: rule.label().to_owned(),
        per: rule.then.per,
        period,
        ceiling,
        already,
        before,
        after,
        waived: before - after,
    };
    let reasons = reasons(rule, &value, fee, month.first);
    Because::new(value, reasons)
}

fn months(per: Period) -> i128 {
    match per {
        Period::Month => 1,
        Period::Quarter => 3,
        Period::ContractYear => 12,
    }
}

fn reasons(rule: &Rule<PenaltyCap>, cap: &CapApplied, fee: Money, month: Date) -> Vec<Reason> {
    let ceiling = cite("cap.ceiling", rule, |lang| {
        let (rate, fee, ceiling) = (percent(lang, rule.then.rate), fee.show(lang), cap.ceiling.show(lang));
        let base = match months(cap.per) {
            1 => fee,
            n => format!("{n} × {fee}"),
        };
        let over = match cap.per {
            Period::Month => month_name(lang, month),
            Period::Quarter | Period::ContractYear => {
                let (first, last) = (date(lang, cap.period.first), date(lang, cap.period.last()));
                lang.t(format!("du {first} au {last}"), format!("{first} to {last}"))
            }
        };
        lang.t(
            format!("Plafond, {over} : {rate} × {base} = {ceiling}."),
            format!("Cap, {over}: {rate} × {base} = {ceiling}."),
        )
    });
    let effect = cite("cap.effect", rule, |lang| {
        let (already, before) = (cap.already.show(lang), cap.before.show(lang));
        let (after, waived) = (cap.after.show(lang), cap.waived.show(lang));
        let ceiling = cap.ceiling.show(lang);
        let room = match (cap.already.is_zero(), cap.already.cents >= cap.ceiling.cents) {
            (true, _) => String::new(),
            (false, true) => lang.t(
                format!("{already} déjà dus, plafond atteint : "),
                format!("{already} already due, cap reached: "),
            ),
            (false, false) => {
                let room = (cap.ceiling - cap.already).show(lang);
                lang.t(
                    format!("{already} déjà dus, {ceiling} − {already} = {room} encore possibles : "),
                    format!("{already} already due, {ceiling} − {already} = {room} still possible: "),
                )
            }
        };
        if cap.waived.is_zero() {
            return lang.t(
                format!("{room}{before} sous le plafond, dus en entier."),
                format!("{room}{before} below the cap, wholly due."),
            );
        }
        lang.t(
            format!("{room}{after} dus sur {before}, {waived} écrêtés."),
            format!("{room}{after} due of {before}, {waived} waived."),
        )
    });
    vec![ceiling, effect]
}
