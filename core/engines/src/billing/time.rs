//! Work billed by time, and the budget that spending must fit.

use base::fraction::Fraction;
use base::lang::percent;
use base::{Because, Length, Money, Rounding};
use serde::{Deserialize, Serialize};
use terms::rates::{RateHours, WhenExceeded};
use terms::{Budget, Rate, Rule};

use crate::say::{cite, figure};

/// What some time costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeCharge {
    /// Once rounded up.
    pub counted_minutes: u32,
    /// Net of VAT.
    pub amount: Money,
}

/// The price of so many minutes at these hours, by the profile's rate.
pub fn time(rule: &Rule<Rate>, minutes: u32, hours: RateHours) -> Because<TimeCharge> {
    let rate = &rule.then;
    let step = rate.round_up_to.max(1);
    let counted = minutes.div_ceil(step).saturating_mul(step);
    let one = Fraction::from_integer(1);
    let weight = rate.weights.iter().find(|w| w.hours == hours).map_or(one, |w| w.weight);
    let units = Fraction::new(i128::from(counted), i128::from(rate.minutes.max(1)));
    let amount = rate.price.times(units * weight, Rounding::CENTS);
    let reason = cite("time.amount", rule, |lang| {
        let (price, amount) = (rate.price.show(lang), amount.show(lang));
        let counted = Length::minutes(i64::from(counted)).short(lang);
        let per = Length::minutes(i64::from(rate.minutes)).short(lang);
        let weight = if weight == one { String::new() } else { format!(" × {}", figure(lang, weight)) };
        lang.t(
            format!("« {} »\u{a0}: {counted} à {price} les {per}{weight} = {amount}.", rate.title),
            format!("“{}”: {counted} at {price} for {per}{weight} = {amount}.", rate.title),
        )
    });
    Because::new(TimeCharge { counted_minutes: counted, amount }, vec![reason])
}

/// Whether an expense may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BudgetVerdict {
    Within,
    /// It passes the threshold of the clause.
    Alert,
    /// It passes the budget, and the work goes on.
    Exceeded,
    /// It passes the budget: the customer agrees first.
    Approval,
    /// It passes the budget: it is not ordered.
    Refused,
}

/// What an expense would make of the budget of its period, `spent` having been spent before it. All
/// amounts are net of VAT.
pub fn budget(rule: &Rule<Budget>, spent: Money, asked: Money) -> Because<BudgetVerdict> {
    let budget = &rule.then;
    let after = spent + asked;
    let value = if after.cents > budget.amount.cents {
        match budget.when_exceeded {
            WhenExceeded::Warn => BudgetVerdict::Exceeded,
            WhenExceeded::Approve => BudgetVerdict::Approval,
            WhenExceeded::Stop => BudgetVerdict::Refused,
        }
    } else if after.exact() >= budget.amount.exact() * budget.alert_at {
        BudgetVerdict::Alert
    } else {
        BudgetVerdict::Within
    };
    let reason = cite("budget.spent", rule, |lang| {
        let (amount, after) = (budget.amount.show(lang), after.show(lang));
        let then = match value {
            BudgetVerdict::Within => lang.t(String::new(), String::new()),
            BudgetVerdict::Alert => {
                let at = percent(lang, budget.alert_at);
                lang.t(
                    format!("\u{202f}; le seuil d'alerte de {at} est atteint"),
                    format!("; the threshold of {at} is reached"),
                )
            }
            BudgetVerdict::Exceeded => {
                lang.t("\u{202f}; il est dépassé".to_owned(), "; it is exceeded".to_owned())
            }
            BudgetVerdict::Approval => lang.t(
                "\u{202f}; il serait dépassé, l'accord du Client est requis".to_owned(),
                "; it would be exceeded, the customer must agree".to_owned(),
            ),
            BudgetVerdict::Refused => lang.t(
                "\u{202f}; il serait dépassé, la dépense n'est pas engagée".to_owned(),
                "; it would be exceeded, the expense is not made".to_owned(),
            ),
        };
        let title = &budget.title;
        lang.t(
            format!("Budget « {title} »\u{a0}: {after} engagés sur {amount}{then}."),
            format!("Budget “{title}”: {after} spent of {amount}{then}."),
        )
    });
    Because::new(value, vec![reason])
}
