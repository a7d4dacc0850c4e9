//! What ending early costs: a rate of the fees that remained to the end of the period (M-24).

use base::fraction::Fraction;
use base::lang::{date, percent};
use base::{Because, Money, Rounding};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::term::Renewal;
use terms::{ContractTerm, History, Right, Rule};

use super::extras::vat_of_extras;
use super::fees::monthly_fee;
use crate::say::cite;

/// The compensation for ending early.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compensation {
    /// Monthly fees that remained whole.
    pub months: u32,
    pub fee: Money,
    pub net: Money,
    /// Zero when the clause says it is not taxable.
    pub vat: Money,
    pub gross: Money,
}

/// What the right costs its holder when the contract ends on `last`, its last day.
///
/// The fee is that in force on that day. `None` when the clause asks for nothing, or the contract has no
/// term to be left early.
pub fn early_termination(
    history: &History,
    right: &Rule<Right>,
    last: Date,
) -> Because<Option<Compensation>> {
    let terms = history.at(last).map(|v| &v.terms);
    let term = terms.and_then(|t| t.term.as_ref());
    let (Some(clause), Some(terms), Some(term)) = (&right.then.compensation, terms, term) else {
        return Because::new(None, Vec::new());
    };
    let Some(months) = months_left(&term.then, last) else { return Because::new(None, Vec::new()) };
    let Because { value: fee, mut reasons } = monthly_fee(history, last);
    let net = fee.times(Fraction::from_integer(i128::from(months)) * clause.rate, Rounding::CENTS);
    let mut vat = Money::zero(fee.currency);
    reasons.push(cite("termination.compensation", right, |lang| {
        let rate = percent(lang, clause.rate);
        let (fee, net, last) = (fee.show(lang), net.show(lang), date(lang, last));
        lang.t(
            format!(
                "Fin anticipée le {last}\u{a0}: {rate} × {months} redevances restantes × {fee} = {net} HT."
            ),
            format!("Early end on {last}: {rate} × {months} fees remaining × {fee} = {net} net."),
        )
    }));
    if clause.taxable {
        let (rate, why) = vat_of_extras(terms, last);
        vat = net.times(rate, Rounding::CENTS);
        reasons.push(why);
    }
    let value = Compensation { months, fee, net, vat, gross: net + vat };
    Because::new(Some(value), reasons)
}

/// Whole months from the day after `last` to the end of the contract's current period, as
/// [`crate::lifecycle`] counts them. `None` once the contract has ended for good.
pub fn months_left(term: &ContractTerm, last: Date) -> Option<u32> {
    let after =
        |day: Date, months: u32| day.checked_add(jiff::Span::new().try_months(i64::from(months)).ok()?).ok();
    let mut months = term.months;
    let mut next = after(term.start, months)?;
    let from = last.tomorrow().ok()?;
    while next < from {
        let Renewal::Tacit { months: more } = term.renewal else { return None };
        months = months.checked_add(more.max(1))?;
        next = after(term.start, months)?;
    }
    let mut whole: u32 = 0;
    while after(from, whole + 1)? <= next {
        whole += 1;
    }
    Some(whole)
}
