//! The answers in words, short enough for one line: what a rule says, and what else differs in it.

use base::{Bilingual, Lang, lang};
use serde::Serialize;
use serde_json::Value;
use terms::commitment::Period;
use terms::penalty::PenaltyFormula;
use terms::{Commitment, Operation, OperationTerms, Penalty, PenaltyTax};

use super::cases::Names;
use crate::clauses::questions;

/// What makes two answers the same, whatever their labels. A title is for people.
pub(super) fn key<T: Serialize>(then: &T) -> String {
    let mut value = serde_json::to_value(then).unwrap_or(Value::Null);
    if let Value::Object(fields) = &mut value {
        fields.remove("title");
    }
    value.to_string()
}

pub(super) fn both(say: impl Fn(Lang) -> String) -> Bilingual {
    Bilingual::new(say(Lang::Fr), say(Lang::En))
}

/// « rien ».
pub(super) fn nothing() -> Bilingual {
    Bilingual::new("rien", "nothing")
}

type Pair = (Bilingual, Bilingual);

pub(super) fn commitment(a: Option<&Commitment>, b: Option<&Commitment>, _: &Names) -> Pair {
    let extras = extras(a, b, &["promise", "within", "calendar"], |field| match field {
        "on_amendment" => "amendment_policy",
        "on_priority_change" => "priority_change_policy",
        "on_reopen" => "reopen_policy",
        other => other,
    });
    let say = |then: Option<&Commitment>, extra: &str| match then {
        None => Bilingual::new("aucun délai promis", "no time promised"),
        Some(c) => both(|lang| format!("{} ({}){extra}", c.within.short(lang), c.calendar)),
    };
    (say(a, &extras.0), say(b, &extras.1))
}

pub(super) fn operation(a: Option<&Operation>, b: Option<&Operation>, _: &Names) -> Pair {
    // The questions are long: they are told where they differ.
    let asked = |then: Option<&Operation>| then.map(|o| o.ask.clone()).unwrap_or_default();
    let asks = asked(a) != asked(b);
    let say = |then: Option<&Operation>| {
        let terms = on_what_terms(then);
        match then.filter(|_| asks) {
            Some(o) if o.ask.is_empty() => {
                both(|lang| format!("{}{}", terms.get(lang), lang.t(", sans question", ", nothing asked")))
            }
            Some(o) => both(|lang| {
                let asked = questions::in_words(lang, &o.ask);
                format!("{}{}{asked}", terms.get(lang), lang.t(", réponses à\u{a0}: ", ", answers to: "))
            }),
            None => terms,
        }
    };
    (say(a), say(b))
}

fn on_what_terms(then: Option<&Operation>) -> Bilingual {
    match then.map(|o| &o.terms) {
        None => Bilingual::new("inconnue du contrat, donc refusée", "unknown to the contract, so refused"),
        Some(OperationTerms::Included) => Bilingual::new("comprise", "included"),
        Some(OperationTerms::Quoted) => Bilingual::new("sur devis accepté", "once a quotation is accepted"),
        Some(OperationTerms::Excluded) => Bilingual::new("exclue", "excluded"),
        Some(OperationTerms::AtRate { profile, up_to }) => both(|lang| {
            let up_to = up_to.map_or_else(String::new, |most| {
                let most = most.show(lang);
                lang.t(format!(", dans la limite de {most} HT"), format!(", up to {most} net"))
            });
            lang.t(
                format!("au temps passé ({profile}){up_to}"),
                format!("paid by the time spent ({profile}){up_to}"),
            )
        }),
        Some(OperationTerms::Metered { included, per, then_price }) => both(|lang| {
            let (per, price) = (period(lang, *per), then_price.show(lang));
            lang.t(
                format!("{included} {per}, puis {price} HT l'unité"),
                format!("{included} {per}, then {price} net each"),
            )
        }),
    }
}

pub(super) fn penalty(a: Option<&Penalty>, b: Option<&Penalty>, _: &Names) -> Pair {
    let extras = extras(a, b, &["on", "rate", "formula", "tax"], |field| field);
    let say = |then: Option<&Penalty>, extra: &str| match then {
        None => Bilingual::new("aucune pénalité", "no penalty"),
        Some(p) => both(|lang| {
            let rate = lang::percent(lang, p.rate);
            let step = match p.formula {
                PenaltyFormula::StepPerHourStarted => lang.t("par heure entamée", "per hour started"),
                PenaltyFormula::PerCase => lang.t("par cas", "per case"),
                PenaltyFormula::StepPerTenthOfPointStarted => {
                    lang.t("par dixième de point entamé", "per tenth of a point started")
                }
                PenaltyFormula::StepPerPointsStarted => {
                    lang.t("par pas de points entamé", "per step of points started")
                }
            };
            let tax = match p.tax {
                PenaltyTax::Indemnity => lang.t("indemnité", "indemnity"),
                PenaltyTax::PriceReduction => lang.t("réduction de prix", "price reduction"),
            };
            format!("{rate} {step}, {tax}{extra}")
        }),
    };
    (say(a, &extras.0), say(b, &extras.1))
}

fn period(lang: Lang, period: Period) -> &'static str {
    match period {
        Period::Month => lang.t("par mois", "a month"),
        Period::Quarter => lang.t("par trimestre", "a quarter"),
        Period::ContractYear => lang.t("par année de contrat", "a contract year"),
    }
}

/// The fields not in `told` whose values differ, on each side, as the contract writes them.
fn extras<T: Serialize>(
    a: Option<&T>,
    b: Option<&T>,
    told: &[&str],
    name: impl Fn(&str) -> &str,
) -> (String, String) {
    let mut out = (String::new(), String::new());
    let (Some(a), Some(b)) = (a, b) else { return out };
    let value = |then: &T| serde_json::to_value(then).unwrap_or(Value::Null);
    let (Value::Object(a), Value::Object(b)) = (value(a), value(b)) else { return out };
    for (field, was) in &a {
        let is = b.get(field).unwrap_or(&Value::Null);
        if was == is || told.contains(&field.as_str()) {
            continue;
        }
        out.0 += &format!(", {} = {}", name(field), plain(was));
        out.1 += &format!(", {} = {}", name(field), plain(is));
    }
    out
}

/// A value of the terms as a person may read it: texts without quotes, nothing as a dash.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(values) if values.is_empty() => "–".to_owned(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => length(fields).unwrap_or_else(|| {
            let parts: Vec<String> = fields.iter().map(|(k, v)| format!("{k} {}", plain(v))).collect();
            parts.join(", ")
        }),
        other => other.to_string(),
    }
}

/// Lengths and amounts are tables in the terms; a contract writes them as one text.
fn length(fields: &serde_json::Map<String, Value>) -> Option<String> {
    let value = Value::Object(fields.clone());
    if fields.len() != 2 {
        return None;
    }
    let length = serde_json::from_value::<base::Length>(value.clone()).map(|l| l.to_string());
    length.ok().or_else(|| serde_json::from_value::<base::Money>(value).ok().map(|m| m.to_string()))
}
