//! Why a price was revised, or why it could not be.

use base::lang::{date, month, percent};
use base::{Fraction, Lang, Reason};
use jiff::civil::Date;
use terms::Rule;
use terms::revision::{LinkMethod, PriceRevision, RevisionDirection};

use super::{Coefficient, IndexValue};
use crate::say::{cite, figure};

pub(super) fn of(
    rule: &Rule<PriceRevision>,
    source: &str,
    value: &Coefficient,
    rounded: Fraction,
) -> Vec<Reason> {
    let mut reasons = vec![indices(rule, source, value)];
    reasons.extend(link(rule, value));
    reasons.push(formula(rule, value));
    if rounded != value.exact {
        reasons.push(cite("revision.rounded", rule, |lang| {
            let rounded = figure(lang, rounded);
            lang.t(
                format!("Coefficient arrondi comme la clause le dit\u{a0}: {rounded}."),
                format!("Coefficient rounded as the clause says: {rounded}."),
            )
        }));
    }
    if value.kept != rounded {
        reasons.push(bound(rule, value, rounded));
    }
    reasons
}

fn indices(rule: &Rule<PriceRevision>, source: &str, value: &Coefficient) -> Reason {
    cite("revision.index", rule, |lang| {
        let one = |name: &str, v: &IndexValue| {
            let (figure, month, day) =
                (figure(lang, v.value), month(lang, v.month), date(lang, v.published_on));
            lang.t(
                format!("{name} = {figure} ({month}, publié le {day})"),
                format!("{name} = {figure} ({month}, published on {day})"),
            )
        };
        let (s0, s1, on) = (one("S0", &value.s0), one("S1", &value.s1), date(lang, value.on));
        let index = &rule.then.index;
        lang.t(
            format!("Révision du {on}, indice {index}\u{a0}: {s0}, {s1}\u{202f}; source\u{a0}: {source}."),
            format!("Revision of {on}, index {index}: {s0}, {s1}; source: {source}."),
        )
    })
}

fn link(rule: &Rule<PriceRevision>, value: &Coefficient) -> Option<Reason> {
    let link = rule.then.link.filter(|_| value.s0.base != value.s1.base)?;
    Some(cite("revision.link", rule, |lang| {
        let k = figure(lang, link.value);
        match link.method {
            LinkMethod::ConvertBase => lang.t(
                format!(
                    "L'indice a changé de base\u{a0}: S0 est converti par le coefficient de raccord {k}."
                ),
                format!("The index was rebased: S0 is converted by the link coefficient {k}."),
            ),
            LinkMethod::Ignore => lang.t(
                "L'indice a changé de base\u{a0}: la clause écarte le coefficient de raccord.".to_owned(),
                "The index was rebased: the clause sets the link coefficient aside.".to_owned(),
            ),
            LinkMethod::ApplyToNew => lang.t(
                format!(
                    "L'indice a changé de base\u{a0}: S1 est multiplié par le coefficient de raccord {k}."
                ),
                format!("The index was rebased: S1 is multiplied by the link coefficient {k}."),
            ),
        }
    }))
}

fn formula(rule: &Rule<PriceRevision>, value: &Coefficient) -> Reason {
    cite("revision.coefficient", rule, |lang| {
        let (fixed, variable) = (rule.then.fixed, rule.then.variable);
        let formula = if fixed == Fraction::from_integer(0) {
            "S1 / S0".to_owned()
        } else {
            format!("{} + {} × S1 / S0", figure(lang, fixed), figure(lang, variable))
        };
        let exact = figure(lang, value.exact);
        lang.t(
            format!("Coefficient\u{a0}: {formula} = {exact}."),
            format!("Coefficient: {formula} = {exact}."),
        )
    })
}

fn bound(rule: &Rule<PriceRevision>, value: &Coefficient, rounded: Fraction) -> Reason {
    let one = Fraction::from_integer(1);
    let clause = &rule.then;
    cite("revision.bounded", rule, |lang| {
        let kept = figure(lang, value.kept);
        let why = match (clause.cap, clause.floor) {
            (Some(cap), _) if value.kept < rounded => lang.t(
                format!("hausse plafonnée à {}", percent(lang, cap)),
                format!("rise capped at {}", percent(lang, cap)),
            ),
            (_, Some(floor)) if value.kept != one || clause.direction == RevisionDirection::Reciprocal => {
                lang.t(
                    format!("baisse limitée à {}", percent(lang, floor)),
                    format!("fall limited to {}", percent(lang, floor)),
                )
            }
            _ => lang.t("la clause n'admet pas de baisse".to_owned(), "the clause admits no fall".to_owned()),
        };
        lang.t(
            format!("Coefficient retenu\u{a0}: {kept}, {why}."),
            format!("Coefficient kept: {kept}, {why}."),
        )
    })
}

pub(super) fn no_series(rule: &Rule<PriceRevision>, on: Date) -> Reason {
    waiting(rule, on, |lang| {
        let index = &rule.then.index;
        lang.t(
            format!("aucune valeur de l'indice {index} n'a été fournie"),
            format!("no value of the index {index} was given"),
        )
    })
}

pub(super) fn no_value(rule: &Rule<PriceRevision>, on: Date) -> Reason {
    waiting(rule, on, |lang| {
        let index = &rule.then.index;
        lang.t(
            format!("il manque une valeur de l'indice {index}"),
            format!("a value of the index {index} is missing"),
        )
    })
}

fn waiting(rule: &Rule<PriceRevision>, on: Date, why: impl Fn(Lang) -> String) -> Reason {
    cite("revision.waiting", rule, |lang| {
        let (on, why) = (date(lang, on), why(lang));
        lang.t(
            format!("Révision du {on} en attente\u{a0}: {why}\u{202f}; le prix en vigueur continue de s'appliquer."),
            format!("Revision of {on} waiting: {why}; the price in force goes on applying."),
        )
    })
}

pub(super) fn no_link(rule: &Rule<PriceRevision>, s0: &IndexValue, s1: &IndexValue) -> Reason {
    cite("revision.unlinked", rule, |lang| {
        let (old, new) = (&s0.base, &s1.base);
        lang.t(
            format!("S0 est en base « {old} », S1 en base « {new} », et la clause ne dit pas comment les raccorder (index_link)\u{a0}: aucune révision n'est calculée."),
            format!("S0 is on base “{old}”, S1 on base “{new}”, and the clause does not say how to link them (index_link): no revision is computed."),
        )
    })
}
