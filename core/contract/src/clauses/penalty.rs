//! `penalty`: what a late promise costs. A judge may lower or raise it (Code civil, 1231-5).

use base::{Bilingual, lang};
use terms::penalty::PenaltyFormula;
use terms::{Penalty, PenaltyTax, Terms};

use super::commitment::{PROMISES, of_promise};
use super::read::{self, list};
use super::{Family, Field, Fields, Kind, Mode, Run, Type};
use crate::compile::Compiler;

pub(super) const BASES: &[&str] = &["monthly_fee_in_force"];

pub const KIND: Kind = Kind {
    name: "penalty",
    doc: ("la pénalité d'un retard", "the penalty for lateness"),
    example: r#"kind = "penalty"
label = "retard"
then = { on = "restore", formula = "step_per_hour_started", rate = "2 %", base = "monthly_fee_in_force", tax = "indemnity", sole_remedy = false }
"#,
    family: Family::Money,
    run: Run::Engine,
    mode: Mode::Exclusive(&["on"]),
    guarded: true,
    fields: &[
        Field::required("on", Type::Choice(PROMISES), "la promesse manquée", "the promise missed"),
        Field::required(
            "formula",
            Type::Choice(&["step_per_hour_started", "per_case"]),
            "par heure de retard entamée, ou par cas en retard",
            "for each hour started late, or each late case",
        ),
        Field::required("rate", Type::Percent, "taux de chaque pas", "rate of each step"),
        Field::required("base", Type::Choice(BASES), "assiette", "what the rate applies to"),
        Field::required(
            "tax",
            Type::Choice(&["indemnity", "price_reduction"]),
            "indemnité hors TVA, ou réduction de prix",
            "damages outside VAT, or a price reduction",
        ),
        Field::required(
            "sole_remedy",
            Type::Flag,
            "la pénalité est la seule réparation",
            "the penalty is the only remedy",
        ),
        Field::default(
            "suspended_in",
            Type::Texts,
            "[]",
            "phases où rien n'est dû, la mesure restant faite",
            "phases in which nothing is due, though measured",
        ),
    ],
    words: &[],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let penalty = Penalty {
        on: f.one_of("on")?,
        formula: f.one_of("formula")?,
        rate: f.percent("rate")?,
        base: f.one_of("base")?,
        tax: f.one_of("tax")?,
        sole_remedy: f.flag("sole_remedy")?,
        suspended_in: f.texts("suspended_in"),
    };
    let rule = c.rule(f, penalty);
    c.terms.penalties.push(rule);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.penalties, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let rate = lang::percent(lang, then.rate);
        let of = of_promise(lang, then.on);
        let step = match then.formula {
            PenaltyFormula::StepPerHourStarted => lang.t(
                format!("chaque heure entamée de retard {of}"),
                format!("each hour started past the {of} deadline"),
            ),
            PenaltyFormula::PerCase => {
                lang.t(format!("chaque retard {of}"), format!("each missed {of} deadline"))
            }
        };
        let tax = match then.tax {
            PenaltyTax::Indemnity => lang.t("à titre d'indemnité, hors du champ de la TVA", "as damages outside VAT"),
            PenaltyTax::PriceReduction => lang.t("en réduction du prix", "as a price reduction"),
        };
        let remedy = if then.sole_remedy {
            lang.t("à l'exclusion de toute autre réparation", "as the sole remedy")
        } else {
            lang.t("sans exclure d'autres réparations", "without excluding other remedies")
        };
        let phases: Vec<&str> = then.suspended_in.iter().map(String::as_str).collect();
        let suspended = if phases.is_empty() {
            String::new()
        } else {
            let quoted: Vec<String> =
                phases.iter().map(|p| lang.t(format!("« {p} »"), format!("“{p}”"))).collect();
            let phases = list(lang, &quoted.iter().map(String::as_str).collect::<Vec<_>>());
            lang.t(
                format!("\u{202f}; rien n'est dû pendant la phase {phases}"),
                format!("; nothing is due in phase {phases}"),
            )
        };
        lang.t(
            format!("{step} coûte au Prestataire {rate} de la redevance mensuelle en vigueur, {tax}, {remedy}{suspended}"),
            format!("{step} costs the Provider {rate} of the monthly fee in force, {tax}, {remedy}{suspended}"),
        )
    }))
}
