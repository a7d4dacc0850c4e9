//! The whole cost of a choice over years: what a saving becomes once everything is counted, and
//! leasing against buying.

use base::fraction::{self, Fraction};
use base::lang::decimal;
use base::{Because, Money, Rounding};
use serde::{Deserialize, Serialize};

use crate::say::say;

/// What managing it oneself, or an offer, costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostPlan {
    pub years: u32,
    /// Each year, to the provider or in house.
    pub yearly: Money,
    /// Paid once: transition, integration, training.
    pub transition: Money,
    /// Paid once, at the end.
    pub reversibility: Money,
    /// What stays in house each year: steering, contract management.
    pub retained_yearly: Money,
}

impl CostPlan {
    /// So much each year and nothing else.
    pub fn run_only(years: u32, yearly: Money) -> CostPlan {
        let zero = Money::zero(yearly.currency);
        CostPlan { years, yearly, transition: zero, reversibility: zero, retained_yearly: zero }
    }
}

/// Everything, over the years of the plan.
pub fn total(plan: &CostPlan) -> Because<Money> {
    let years = Fraction::from_integer(i128::from(plan.years));
    let each = |yearly: Money| yearly.times(years, Rounding::CENTS);
    let value = each(plan.yearly) + plan.transition + plan.reversibility + each(plan.retained_yearly);
    let reason = say("cost.total", |lang| {
        let n = plan.years;
        let [yearly, transition, reversibility, retained, total] =
            [plan.yearly, plan.transition, plan.reversibility, plan.retained_yearly, value]
                .map(|m| m.show(lang));
        lang.t(
            format!("{n} × {yearly} + transition {transition} + réversibilité {reversibility} + {n} × {retained} gardés en interne = {total}."),
            format!("{n} × {yearly} + transition {transition} + exit {reversibility} + {n} × {retained} kept in house = {total}."),
        )
    });
    Because::new(value, vec![reason])
}

/// The part of `before` that is saved, as a fraction; negative when it costs more. `None` when there was
/// no cost before.
pub fn saving(before: Money, after: Money) -> Because<Option<Saving>> {
    if before.is_zero() {
        let reason = say("cost.nothing", |lang| {
            lang.t(
                "Rien n'était dépensé\u{a0}: il n'y a pas de taux d'économie.",
                "Nothing was spent: there is no rate of saving.",
            )
            .to_owned()
        });
        return Because::new(None, vec![reason]);
    }
    let saved = before - after;
    let rate = saved.exact() / before.exact();
    let reason = say("cost.saving", |lang| {
        let (before, after, saved) = (before.show(lang), after.show(lang), saved.show(lang));
        let rate = decimal(lang, rate * Fraction::from_integer(100), 2);
        lang.t(
            format!("{before} − {after} = {saved}, soit {rate}\u{a0}%."),
            format!("{before} − {after} = {saved}, that is {rate}%."),
        )
    });
    Because::new(Some(Saving { saved, rate }), vec![reason])
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saving {
    pub saved: Money,
    #[serde(with = "fraction::text")]
    pub rate: Fraction,
}

/// Equipment that can be leased or bought; amounts for one item, net of VAT.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseOrBuy {
    pub items: u32,
    pub months: u32,
    pub lease_per_month: Money,
    pub purchase: Money,
    /// Maintenance and warranty over the whole time, when bought.
    pub support: Money,
    /// What it is sold for at the end.
    pub residual: Money,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseOrBuyCost {
    pub buy: Money,
    pub lease: Money,
}

/// Both, over the same months.
pub fn lease_or_buy(choice: &LeaseOrBuy) -> Because<LeaseOrBuyCost> {
    let (n, months) = (i128::from(choice.items), i128::from(choice.months));
    let times = |amount: Money, by: i128| amount.times(Fraction::from_integer(by), Rounding::CENTS);
    let one = choice.purchase + choice.support - choice.residual;
    let value = LeaseOrBuyCost { buy: times(one, n), lease: times(choice.lease_per_month, n * months) };
    let reasons = vec![
        say("cost.buy", |lang| {
            let [purchase, support, residual, buy] =
                [choice.purchase, choice.support, choice.residual, value.buy].map(|m| m.show(lang));
            lang.t(
                format!("Achat\u{a0}: {n} × ({purchase} + {support} d'assistance − {residual} de revente) = {buy}."),
                format!("Buying: {n} × ({purchase} + {support} of support − {residual} of resale) = {buy}."),
            )
        }),
        say("cost.lease", |lang| {
            let (rent, lease) = (choice.lease_per_month.show(lang), value.lease.show(lang));
            lang.t(
                format!("Location\u{a0}: {n} × {months} mois × {rent} = {lease}."),
                format!("Leasing: {n} × {months} months × {rent} = {lease}."),
            )
        }),
    ];
    Because::new(value, reasons)
}
