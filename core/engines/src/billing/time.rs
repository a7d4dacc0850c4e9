//! Work billed by time, and the budget that spending must fit.

use base::fraction::Fraction;
use base::lang::percent;
use base::{Because, Bilingual, Length, Money, Reason, Rounding};
use serde::{Deserialize, Serialize};
use terms::rates::{RateHours, WhenExceeded};
use terms::{Budget, Dimension, Facts, OperationTerms, Rate, Rule, Terms, governing};

use crate::catalogue;
use crate::delivery::Warranty;
use crate::perimeter::at_rate::AtRate;
use crate::perimeter::operation_clause;
use crate::perimeter::price::Agreement;
use crate::say::{cite, figure, say};

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

/// What a profile's time costs, with what multiplies it and how it is rounded.
pub(crate) fn tariff(rule: &Rule<Rate>) -> Reason {
    let rate = &rule.then;
    cite("time.rate", rule, |lang| {
        let (price, title) = (rate.price.show(lang), &rate.title);
        let length = |minutes: u32| Length::minutes(i64::from(minutes)).short(lang);
        let (per, step) = (length(rate.minutes), length(rate.round_up_to));
        let weights: String = rate
            .weights
            .iter()
            .map(|w| format!(", × {} {}", figure(lang, w.weight), at_hours(w.hours).get(lang)))
            .collect();
        lang.t(
            format!(
                "« {title} »\u{a0}: {price} HT les {per}{weights}, le temps étant arrondi par excès à {step}."
            ),
            format!("“{title}”: {price} net for {per}{weights}, time being rounded up to {step}."),
        )
    })
}

pub(super) fn at_hours(hours: RateHours) -> Bilingual {
    match hours {
        RateHours::Ordinary => Bilingual::new("en journée", "by day"),
        RateHours::Evening => Bilingual::new("en soirée", "in the evening"),
        RateHours::Night => Bilingual::new("la nuit", "at night"),
        RateHours::Saturday => Bilingual::new("le samedi", "on Saturday"),
        RateHours::Sunday => Bilingual::new("le dimanche", "on Sunday"),
        RateHours::Holiday => Bilingual::new("les jours fériés", "on public holidays"),
    }
}

/// Who pays for time spent on a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaidBy {
    /// The fee: it is counted, and billed nothing.
    Fee,
    /// The fee too, for an operation that is metered and within what it pays in the period.
    Allowance,
    /// The price that the customer agreed to before the work: the time adds nothing to it.
    AgreedPrice,
    /// The delivery whose defect is mended under its warranty.
    Warranty,
    /// The customer, at the rate of the clause, up to the maximum agreed to.
    Rate,
}

/// What some time spent on a ticket is under the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worked {
    pub paid_by: PaidBy,
    /// Rounded up by the rate of the profile, as entered without one.
    pub counted_minutes: u32,
    /// What it is worth at the rate of the profile, net of VAT: billed with [`PaidBy::Rate`] only, told to both
    /// parties otherwise.
    pub worth: Option<Money>,
}

/// What so many minutes of a profile are, on work with these facts that may be done (see
/// [`crate::perimeter::price::before_work`]). No rate: the minutes as they are. `warranty` is that of the
/// delivery whose defect it mends; `at` says that it is paid for by time (see
/// [`crate::perimeter::price::by_time`]), at the profile that its clause names.
pub fn worked(
    terms: &Terms,
    facts: &Facts,
    (agreement, warranty, at): (Agreement, Option<&Because<Warranty>>, Option<&AtRate<'_>>),
    profile: Option<&str>,
    minutes: u32,
    hours: RateHours,
) -> Because<Worked> {
    let free = warranty.filter(|warranty| warranty.value.is_free());
    if free.is_none()
        && let Some(at) = at
    {
        return at_its_rate(at, minutes, hours);
    }
    let clause = facts.get(Dimension::Operation).and_then(|_| operation_clause(terms, facts));
    let metered = clause.and_then(|rule| match rule.then.terms {
        OperationTerms::Metered { included, .. } => Some(included),
        _ => None,
    });
    let (paid_by, code, fr, en) = match (agreement, metered) {
        (Agreement::Agreed { .. }, _) => (
            PaidBy::AgreedPrice,
            "time.agreed",
            "Temps compris dans le prix accepté avant le travail\u{a0}: il n'y ajoute rien.".to_owned(),
            "Time within the price agreed before the work: it adds nothing to it.".to_owned(),
        ),
        (_, Some(included)) => (
            PaidBy::Allowance,
            "time.allowance",
            format!(
                "Opération décomptée, l'une des {included} comprises par période\u{a0}: rien n'est facturé."
            ),
            format!("Metered operation, one of the {included} included in each period: nothing is billed."),
        ),
        (_, None) => (
            PaidBy::Fee,
            "time.fee",
            "Temps compris dans la redevance\u{a0}: il est compté, rien n'est facturé.".to_owned(),
            "Time paid by the fee: it is counted, nothing is billed.".to_owned(),
        ),
    };
    let text = |lang: base::Lang| lang.t(fr.clone(), en.clone());
    let paid_by = if free.is_some() { PaidBy::Warranty } else { paid_by };
    let mut reasons = match (clause, paid_by) {
        (_, PaidBy::Warranty) => free.map(|warranty| warranty.reasons.clone()).unwrap_or_default(),
        (Some(rule), _) => vec![cite(code, rule, text)],
        (None, PaidBy::Fee) => by_fee(terms, facts, code, text),
        (None, _) => vec![say(code, text)],
    };
    let rate = profile.and_then(|p| governing(terms.rates.iter().filter(|r| r.then.profile == p), facts));
    let (counted_minutes, worth) = match rate {
        Some(rule) => {
            let charge = time(rule, minutes, hours);
            reasons.extend(charge.reasons);
            (charge.value.counted_minutes, Some(charge.value.amount))
        }
        None => (minutes, None),
    };
    Because::new(Worked { paid_by, counted_minutes, worth }, reasons)
}

fn at_its_rate(at: &AtRate<'_>, minutes: u32, hours: RateHours) -> Because<Worked> {
    let charge = time(at.rate, minutes, hours);
    let mut reasons = vec![cite("time.at_rate", at.clause, |lang| {
        lang.t(
            "Travail au temps passé\u{a0}: ce temps est facturé, une fois sa semaine approuvée.",
            "Work paid by the time spent: this time is billed, once its week is approved.",
        )
        .to_owned()
    })];
    reasons.extend(charge.reasons);
    let TimeCharge { counted_minutes, amount } = charge.value;
    Because::new(Worked { paid_by: PaidBy::Rate, counted_minutes, worth: Some(amount) }, reasons)
}

/// What the time spent at a rate has come to, out of the maximum that the customer agreed to. Net of VAT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spending {
    pub spent: Money,
    pub most: Money,
}

impl Spending {
    pub fn fits(self) -> bool {
        self.spent.cents <= self.most.cents
    }
}

/// What a charge would make of the maximum, `before` having been charged on the same ticket.
pub fn spending(at: &AtRate<'_>, most: Money, before: Money, charge: Money) -> Because<Spending> {
    let value = Spending { spent: before + charge, most };
    let reason = cite("time.maximum", at.clause, |lang| {
        let (spent, most) = (value.spent.show(lang), most.show(lang));
        if value.fits() {
            lang.t(
                format!("Temps passé\u{a0}: {spent} HT sur les {most} HT que le Client a acceptés au plus."),
                format!("Time spent: {spent} net of the {most} net that the customer agreed to at most."),
            )
        } else {
            lang.t(
                format!("Temps passé\u{a0}: {spent} HT passeraient les {most} HT que le Client a acceptés au plus\u{a0}: il faut un nouvel accord."),
                format!("Time spent: {spent} net would pass the {most} net that the customer agreed to at most: another agreement is needed."),
            )
        }
    });
    Because::new(value, vec![reason])
}

/// That the fee pays, resting on the clauses of the fees that do: those of the service that the work is for or
/// that takes care of the item, else the flat fees of the contract; resting on none when it has none of these.
fn by_fee(terms: &Terms, facts: &Facts, code: &str, text: impl Fn(base::Lang) -> String) -> Vec<Reason> {
    let (named, class) = (facts.get(Dimension::Service), facts.get(Dimension::ItemClass));
    let service = terms.services.iter().find(|s| named == Some(s.then.service.as_str())).or_else(|| {
        terms.services.iter().find(|s| class.is_some_and(|class| s.then.covers.iter().any(|c| c == class)))
    });
    let fees = match service {
        Some(service) => catalogue::fees_of(terms, service),
        None => catalogue::flat_fees(terms),
    };
    if fees.is_empty() {
        return vec![say(code, text)];
    }
    fees.into_iter().map(|fee| cite(code, fee, &text)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{contract, facts, price, rule};

    fn service(name: &str, fee: Option<&str>, covers: &[&str]) -> Rule<terms::Service> {
        let of = terms::Service {
            service: name.to_owned(),
            title: name.to_owned(),
            part_of: None,
            family: "support".to_owned(),
            nature: "run".to_owned(),
            manner: "à distance".to_owned(),
            places: vec!["remote".to_owned()],
            owner: terms::PartyRole::Provider,
            covers: covers.iter().map(|c| (*c).to_owned()).collect(),
            fee: fee.map(str::to_owned),
            promises: Vec::new(),
            ask: Vec::new(),
        };
        rule(name, of)
    }

    fn cited(terms: &Terms, facts: &Facts) -> Vec<String> {
        let told = worked(terms, facts, (Agreement::NotNeeded, None, None), None, 30, RateHours::Ordinary);
        assert_eq!(told.value.paid_by, PaidBy::Fee);
        told.cited().into_iter().map(|from| from.label.clone()).collect()
    }

    #[test]
    fn time_of_a_metered_operation_is_of_its_allowance_until_a_price_is_agreed() {
        let terms = contract();
        let visit = facts(&[(Dimension::Operation, "on_site_visit")]);
        let told = |agreement| worked(&terms, &visit, (agreement, None, None), None, 30, RateHours::Ordinary);
        let within = told(Agreement::NotNeeded);
        assert_eq!(within.value.paid_by, PaidBy::Allowance);
        assert_eq!(
            within.cited().into_iter().map(|c| c.label.as_str()).collect::<Vec<_>>(),
            ["on_site_visit"]
        );
        assert!(within.reasons[0].text.fr.contains("l'une des 4 comprises"), "{:?}", within.reasons);
        let beyond = told(Agreement::Agreed { price: Money::eur(9_500) });
        assert_eq!(beyond.value.paid_by, PaidBy::AgreedPrice);
    }

    #[test]
    fn time_that_the_fee_pays_cites_the_clause_of_the_fee() {
        let mut terms = contract();
        terms.prices =
            vec![rule("forfait", price("flat", 1, 90_000)), rule("postes", price("seat", 40, 4_600))];
        assert_eq!(cited(&terms, &facts(&[])), ["forfait"], "no service claims it");
        let visit = facts(&[(Dimension::Operation, "user_support")]);
        assert_eq!(
            cited(&terms, &visit),
            ["user_support"],
            "the clause of the work says that it is included"
        );
        terms.services = vec![service("support", Some("postes"), &["workstation"])];
        assert_eq!(cited(&terms, &facts(&[(Dimension::Service, "support")])), ["postes"]);
        assert_eq!(cited(&terms, &facts(&[(Dimension::ItemClass, "workstation")])), ["postes"]);
        assert_eq!(cited(&terms, &facts(&[(Dimension::ItemClass, "server")])), ["forfait"]);
        terms.prices.clear();
        assert!(cited(&terms, &facts(&[])).is_empty(), "a contract without a fee cites none");
    }
}
