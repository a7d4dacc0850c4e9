//! What a revision does to the prices of the terms.

use base::fraction::Fraction;
use base::{Currency, Money};
use jiff::civil::Date;
use terms::meter::WhenEmpty;
use terms::revision::{ApplyTo, PriceRevision, RevisedPrices, RevisionReference};
use terms::{MeterForm, OperationTerms, Terms};

use super::Coefficient;
use crate::in_force::in_force;

/// An amount of the signature after these coefficients, in order, rounded as the clause says.
///
/// With `RevisionReference::Signature` the last one alone counts; with `Previous` each revision starts
/// from the rounded amount of the one before.
pub fn amount(clause: &PriceRevision, coefficients: &[Coefficient], p0: Money) -> Money {
    exact_amount(clause, coefficients, p0.exact(), p0.currency)
}

fn exact_amount(
    clause: &PriceRevision,
    coefficients: &[Coefficient],
    p0: Fraction,
    currency: Currency,
) -> Money {
    let rounded = |value| Money::rounded(value, currency, clause.amount_rounding);
    match (clause.reference, coefficients) {
        (_, []) => rounded(p0),
        (RevisionReference::Signature, [.., last]) => rounded(p0 * last.kept),
        (RevisionReference::Previous, [first, rest @ ..]) => {
            rest.iter().fold(rounded(p0 * first.kept), |price, c| rounded(price.exact() * c.kept))
        }
    }
}

pub(super) fn revise(terms: &mut Terms, clause: &PriceRevision, coefficients: &[Coefficient], day: Date) {
    let unit = |price: &mut Money| *price = amount(clause, coefficients, *price);
    for family in &clause.covers {
        match family {
            RevisedPrices::Fees => fees(terms, clause, coefficients, day),
            RevisedPrices::Extras => extras(terms, unit),
            RevisedPrices::WorkUnits => {
                terms.work_units.iter_mut().for_each(|r| unit(&mut r.then.unit_price))
            }
            RevisedPrices::Rates => terms.rates.iter_mut().for_each(|r| unit(&mut r.then.price)),
            RevisedPrices::Volumes => {
                let bands = terms.volumes.iter_mut().flat_map(|r| &mut r.then.bands);
                bands.for_each(|band| unit(&mut band.unit_price));
            }
        }
    }
}

/// Prices beyond an allowance or a meter: always unit prices.
fn extras(terms: &mut Terms, revise: impl Fn(&mut Money)) {
    for rule in &mut terms.operations {
        if let OperationTerms::Metered { then_price, .. } = &mut rule.then.terms {
            revise(then_price);
        }
    }
    for rule in &mut terms.meters {
        match &mut rule.then.form {
            MeterForm::TicketPack {
                when_empty: WhenEmpty::PerTicket { price } | WhenEmpty::NewPack { price, .. },
                ..
            } => revise(price),
            MeterForm::MaxHours { hour_price: Some(price), .. } => revise(price),
            MeterForm::Unlimited
            | MeterForm::TicketPack { .. }
            | MeterForm::MaxHours { .. }
            | MeterForm::Shared { .. } => {}
        }
    }
}

fn fees(terms: &mut Terms, clause: &PriceRevision, coefficients: &[Coefficient], day: Date) {
    let covered = |label: &str| clause.fees.is_empty() || clause.fees.iter().any(|l| l == label);
    let today: Vec<String> =
        in_force(&terms.prices, day).iter().map(|r| r.label().to_owned()).filter(|l| covered(l)).collect();
    let whole =
        |price: &terms::Price| price.unit_price.exact() * Fraction::from_integer(i128::from(price.quantity));
    let sum: Fraction =
        terms.prices.iter().filter(|r| today.iter().any(|l| l == r.label())).map(|r| whole(&r.then)).sum();
    let target = exact_amount(clause, coefficients, sum, terms.currency);
    for rule in terms.prices.iter_mut().filter(|r| covered(&r.from.label)) {
        let price = &mut rule.then;
        match clause.apply_to {
            ApplyTo::Unit => price.unit_price = amount(clause, coefficients, price.unit_price),
            // The line is the unit now: the invoice shows a price times a quantity that give it.
            ApplyTo::Line | ApplyTo::Total => {
                price.unit_price =
                    exact_amount(clause, coefficients, whole(price), price.unit_price.currency);
                price.quantity = 1;
                price.unit = "flat".to_owned();
            }
        }
    }
    if clause.apply_to == ApplyTo::Total {
        let zero = Money::zero(terms.currency);
        let mut lines: Vec<_> = terms.prices.iter_mut().filter(|r| today.contains(&r.from.label)).collect();
        let now = lines.iter().fold(zero, |sum, r| sum + r.then.unit_price);
        // The cents by which the lines differ from the total go to the largest, where they weigh least.
        if let Some(largest) = lines.iter_mut().max_by_key(|r| r.then.unit_price.cents) {
            largest.then.unit_price = largest.then.unit_price + (target - now);
        }
    }
}
