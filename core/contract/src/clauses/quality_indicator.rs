//! `quality_indicator`: a figure of quality: its source, its formula, its period, its target (S-062).

use base::fraction::Fraction;
use base::{Bilingual, Lang, lang};
use terms::indicator::Measure;
use terms::{Indicator, IndicatorTarget, PenaltyTax, Terms};

use super::objective::{PERIODS, each};
use super::read;
use super::says::{colon, parts};
use super::{Family, Field, Fields, Kind, Mode, Run, Type};
use crate::compile::Compiler;

const AIMED: &[&str] = &["at_least", "at_most"];
const COSTS: &[&str] = &["indemnity", "price_reduction"];
pub(super) const SOURCES: &[&str] = &["tickets", "monitoring", "survey", "audit", "process", "declared"];

pub const KIND: Kind = Kind {
    name: "quality_indicator",
    doc: ("un indicateur de qualité : source, formule, période et cible", "a quality indicator: source, formula, period and target"),
    example: r#"kind = "quality_indicator"
label = "satisfaction"
then = { title = "Satisfaction des utilisateurs", source = "survey", formula = "part des réponses notées 4 ou 5 sur 5", unit = "%", per = "quarter", target = "at_least", value = "85", miss = "nothing" }
"#,
    family: Family::Levels,
    run: Run::NotYet("le relevé des indicateurs", "the record of indicators"),
    mode: Mode::Additive,
    guarded: true,
    fields: &[
        Field::required("title", Type::Text, "nom de l'indicateur", "name of the indicator"),
        Field::required("source", Type::Choice(SOURCES), "d'où vient le chiffre", "where the figure comes from"),
        Field::required("formula", Type::Text, "comment il se calcule", "how it is computed"),
        Field::required("unit", Type::Text, "unité", "unit"),
        Field::optional(
            "measures",
            Type::Choice(&["time_to_service"]),
            "ce qu'il mesure, quand le produit saura le relever : le délai de la commande au premier utilisateur",
            "what it measures, once the product can record it: the time from the order to the first user",
        ),
        Field::required("per", Type::Choice(PERIODS), "période de mesure", "period of measure"),
        Field::required(
            "target",
            Type::Choice(&["at_least", "at_most", "zero", "none"]),
            "cible : au moins, au plus, zéro, ou suivi sans cible",
            "target: at least, at most, zero, or followed without one",
        ),
        Field::required("value", Type::Decimal, "valeur de la cible", "value of the target").when("target", AIMED),
        Field::required(
            "miss",
            Type::Choice(&["nothing", "indemnity", "price_reduction"]),
            "ce que coûte une cible manquée : rien, une indemnité, une réduction de prix",
            "what missing the target costs: nothing, damages, a price reduction",
        ),
        Field::required("price_beyond", Type::Money, "montant par unité au-delà de la cible", "amount for each unit beyond the target").when("miss", COSTS),
    ],
    words: &[
        ("tickets", "les tickets", "tickets"),
        ("monitoring", "la supervision", "monitoring"),
        ("survey", "une enquête", "a survey"),
        ("audit", "un audit", "an audit"),
        ("process", "l'exécution du processus", "the running of the process"),
        ("declared", "la déclaration du Prestataire", "the Provider's declaration"),
        ("time_to_service", "le délai de la commande au premier utilisateur", "the time from the order to the first user"),
        ("at_least", "au moins", "at least"),
        ("at_most", "au plus", "at most"),
        ("zero", "zéro", "zero"),
        ("nothing", "rien", "nothing"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let target = match f.text("target")?.as_str() {
        "at_least" => Some(IndicatorTarget::AtLeast { value: f.decimal("value")? }),
        "at_most" => Some(IndicatorTarget::AtMost { value: f.decimal("value")? }),
        "zero" => Some(IndicatorTarget::AtMost { value: Fraction::from_integer(0) }),
        _ => None,
    };
    let miss = f.text("miss")?;
    let costs = COSTS.contains(&miss.as_str());
    let indicator = Indicator {
        title: f.text("title")?,
        source: f.text("source")?,
        formula: f.text("formula")?,
        unit: f.text("unit")?,
        per: f.one_of("per")?,
        target,
        price_beyond: if costs { Some(f.money("price_beyond")?) } else { None },
        price_tax: if costs { f.one_of("miss") } else { None },
        measures: f.one_of("measures"),
    };
    let rule = c.rule(f, indicator);
    c.terms.indicators.push(rule);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.indicators, label)?;
    Some(read::sentence(rule, terms, |lang| sentence(lang, &rule.then)))
}

/// « « Satisfaction » se mesure chaque trimestre civil d'après une enquête (…) ; cible : 85 % au moins ».
pub(super) fn sentence(lang: Lang, then: &Indicator) -> String {
    let (source, each) = (KIND.word(lang, &then.source), each(lang, then.per));
    let first = lang.t(
        format!("« {} » se mesure {each} d'après {source} ({})", then.title, then.formula),
        format!("“{}” is measured {each} from {source} ({})", then.title, then.formula),
    );
    let measures = then.measures.map_or_else(String::new, |Measure::TimeToService| {
        let what = KIND.word(lang, "time_to_service");
        lang.t(format!("il mesure {what}"), format!("it measures {what}"))
    });
    parts(lang, &[first, measures, target(lang, then), cost(lang, then)])
}

fn target(lang: Lang, then: &Indicator) -> String {
    match then.target {
        Some(IndicatorTarget::AtLeast { value }) => {
            let value = figure(lang, value, &then.unit);
            lang.t(format!("cible{}{value} au moins", colon(lang)), format!("target: at least {value}"))
        }
        Some(IndicatorTarget::AtMost { value }) if value == Fraction::from_integer(0) => {
            lang.t(format!("cible{}zéro", colon(lang)), "target: zero".to_owned())
        }
        Some(IndicatorTarget::AtMost { value }) => {
            let value = figure(lang, value, &then.unit);
            lang.t(format!("cible{}{value} au plus", colon(lang)), format!("target: at most {value}"))
        }
        None => lang.t("il est suivi sans cible", "it is followed without a target").to_owned(),
    }
}

fn cost(lang: Lang, then: &Indicator) -> String {
    let Some(price) = then.price_beyond else { return String::new() };
    let price = price.show(lang);
    let tax = match then.price_tax {
        Some(PenaltyTax::PriceReduction) => lang.t("en réduction du prix", "as a price reduction"),
        _ => lang.t("à titre d'indemnité, hors du champ de la TVA", "as damages outside VAT"),
    };
    lang.t(
        format!("chaque unité au-delà de la cible coûte {price} au Prestataire, {tax}"),
        format!("each unit beyond the target costs the Provider {price}, {tax}"),
    )
}

/// With the fewest decimals that show it, at most six.
pub(super) fn figure(lang: Lang, value: Fraction, unit: &str) -> String {
    let digits = (0..6).find(|d| (value * Fraction::from_integer(10i128.pow(*d))).is_integer()).unwrap_or(6);
    let space = if lang == Lang::En && unit == "%" { "" } else { "\u{a0}" };
    format!("{}{space}{unit}", lang::decimal(lang, value, digits))
}
