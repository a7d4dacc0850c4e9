//! What ending early costs.

use base::fraction::Fraction;
use base::lang::percent;
use base::{Money, Reason, Rounding};
use jiff::civil::Date;
use terms::right::Right;
use terms::{Rule, Terms};

use super::LifeFacts;
use crate::lifecycle::period;
use crate::say::cite;

/// Of the fees of the whole months that remain after `end` (M-24).
pub(super) fn compensation(
    terms: &Terms,
    rule: &Rule<Right>,
    facts: &LifeFacts,
    end: Date,
    reasons: &mut Vec<Reason>,
) -> Option<Money> {
    let compensation = rule.then.compensation.as_ref()?;
    let fees = facts.monthly_fees?;
    let current = period(&terms.term.as_ref()?.then, end, facts.ends)?;
    let months = months_between(end, current.last);
    let owed = Fraction::from_integer(i128::from(months)) * compensation.rate;
    let amount = fees.times(owed, Rounding::CENTS);
    reasons.push(cite("right.compensation", rule, |lang| {
        let (rate, fees, total) = (percent(lang, compensation.rate), fees.show(lang), amount.show(lang));
        let tax = if compensation.taxable {
            lang.t("soumise à la TVA", "subject to VAT")
        } else {
            lang.t("hors du champ de la TVA", "outside VAT")
        };
        lang.t(
            format!("Compensation : {rate} de {months} × {fees} = {total}, {tax}."),
            format!("Compensation: {rate} of {months} × {fees} = {total}, {tax}."),
        )
    }));
    Some(amount)
}

/// Whole months after `end` up to and including `last`.
fn months_between(end: Date, last: Date) -> u32 {
    let (Ok(first), Ok(next)) = (end.tomorrow(), last.tomorrow()) else { return 0 };
    let months = (i32::from(next.year()) - i32::from(first.year())) * 12 + i32::from(next.month())
        - i32::from(first.month())
        - i32::from(next.day() < first.day());
    u32::try_from(months).unwrap_or(0)
}
