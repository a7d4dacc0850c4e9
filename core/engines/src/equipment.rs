//! Repair or replace, and who pays the replacement.

use base::fraction::{self, Fraction};
use base::lang::percent;
use base::{Because, Length, Money};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use terms::{Equipment, Rule, Terms};

use crate::period::Span;
use crate::say::cite;

/// What the rule says of a faulty item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepairDecision {
    /// The repair over the value.
    #[serde(with = "fraction::text")]
    pub ratio: Fraction,
    pub replace: bool,
}

/// Replace rather than repair? `value` is what the item is worth today, more than zero; `age_months` its
/// age, when it is known.
pub fn decide(
    rule: &Rule<Equipment>,
    repair: Money,
    value: Money,
    age_months: Option<u32>,
) -> Because<RepairDecision> {
    let clause = &rule.then;
    // Nothing is worth repairing that is worth nothing.
    let worth = value.cents > 0;
    let ratio = if worth { repair.exact() / value.exact() } else { Fraction::from_integer(1) };
    let dear = ratio > clause.repair_limit || !worth;
    let old = clause.max_age.zip(age_months).is_some_and(|(most, age)| age > most);
    let mut reasons = vec![cite("equipment.ratio", rule, |lang| {
        let (repair, value) = (repair.show(lang), value.show(lang));
        let (shown, limit) = (
            base::lang::decimal(lang, ratio * Fraction::from_integer(100), 2),
            percent(lang, clause.repair_limit),
        );
        let verdict = if dear {
            lang.t("au-dessus du seuil de", "above the limit of")
        } else {
            lang.t("dans la limite de", "within the limit of")
        };
        lang.t(
            format!("Réparer coûterait {repair} pour une valeur de {value}, soit {shown}\u{a0}%, {verdict} {limit}."),
            format!("Repairing would cost {repair} for a value of {value}, {shown}%, {verdict} {limit}."),
        )
    })];
    if let Some((most, age)) = clause.max_age.zip(age_months).filter(|_| old) {
        reasons.push(cite("equipment.age", rule, |lang| {
            let (most, age) = (Length::Months(most).in_words(lang), Length::Months(age).in_words(lang));
            lang.t(
                format!("Le matériel a {age}, plus que les {most} admis."),
                format!("The item is {age} old, more than the {most} allowed."),
            )
        }));
    }
    Because::new(RepairDecision { ratio, replace: dear || old }, reasons)
}

/// What the replacement made on a day is billed, those `earlier` of the same class having been made
/// before it; `None` while the fee pays them.
pub fn replacement(
    terms: &Terms,
    rule: &Rule<Equipment>,
    on: Date,
    earlier: &[Date],
) -> Because<Option<Money>> {
    let clause = &rule.then;
    let period = Span::of(clause.per, terms, on);
    let used = earlier.iter().filter(|day| period.contains(**day)).count();
    let included = clause.included;
    let value = (used >= included as usize).then_some(clause.then_price);
    let reason = cite("equipment.replacement", rule, |lang| {
        let nth = used + 1;
        let price = clause.then_price.show(lang);
        match value {
            None => lang.t(
                format!("Remplacement n° {nth} de la période, {included} étant compris\u{a0}: rien n'est facturé."),
                format!("Replacement no. {nth} of the period, {included} being included: nothing is billed."),
            ),
            Some(_) => lang.t(
                format!("Remplacement n° {nth} de la période, {included} étant compris\u{a0}: il est facturé {price} HT."),
                format!("Replacement no. {nth} of the period, {included} being included: billed {price} net."),
            ),
        }
    });
    Because::new(value, vec![reason])
}
