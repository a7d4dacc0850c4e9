//! `penalty`: what a late promise costs, or an availability missed. A judge may lower or raise it (Code civil, 1231-5).

use base::{Bilingual, Fraction, Lang, lang};
use terms::penalty::{Breach, PenaltyBase, PenaltyFormula};
use terms::{Penalty, PenaltyTax, Terms};

use super::commitment::of_promise;
use super::read::{self, list};
use super::{Family, Field, Fields, Kind, Mode, Run, Type};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

pub(super) const BASES: &[&str] = &["monthly_fee_in_force", "named_fees"];

/// Promises with a clock, and availabilities.
const BREACHES: &[&str] =
    &["respond", "restore", "resolve", "escalate", "quote", "deliver", "answer", "availability"];

const FORMULAS: &[&str] =
    &["step_per_hour_started", "per_case", "step_per_tenth_of_point_started", "step_per_points_started"];

pub const KIND: Kind = Kind {
    name: "penalty",
    doc: ("la pénalité d'un retard ou d'une indisponibilité", "the penalty for lateness or unavailability"),
    example: r#"kind = "penalty"
label = "retard"
then = { on = "restore", formula = "step_per_hour_started", rate = "2 %", base = "monthly_fee_in_force", tax = "indemnity", sole_remedy = false }
"#,
    family: Family::Money,
    run: Run::Engine,
    mode: Mode::Exclusive(&["on", "of"]),
    guarded: true,
    fields: &[
        Field::required("on", Type::Choice(BREACHES), "la promesse manquée", "the promise missed"),
        Field::required(
            "of",
            Type::Label(&["availability"]),
            "la clause de disponibilité, par son étiquette",
            "the availability clause, by its label",
        )
        .when("on", &["availability"]),
        Field::required(
            "formula",
            Type::Choice(FORMULAS),
            "par heure de retard entamée ou par cas en retard ; d'une disponibilité : par dixième de point entamé, par pas de points entamé ou par période manquée",
            "for each hour started late or each late case; of an availability: for each tenth of a point started, each step of points started or each period missed",
        ),
        Field::required("step_points", Type::Decimal, "points de pourcentage de chaque pas", "percentage points of each step")
            .when("formula", &["step_per_points_started"]),
        Field::required("rate", Type::Percent, "taux de chaque pas", "rate of each step"),
        Field::required("base", Type::Choice(BASES), "assiette", "what the rate applies to"),
        Field::required(
            "base_of",
            Type::Labels(&["fee"]),
            "les redevances qui forment l'assiette, par leurs étiquettes",
            "the fees that make the base, by their labels",
        )
        .when("base", &["named_fees"]),
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
    words: &[
        ("availability", "disponibilité", "availability"),
        ("step_per_hour_started", "par heure de retard entamée", "for each hour started late"),
        ("per_case", "par manquement", "for each case"),
        ("step_per_tenth_of_point_started", "par dixième de point entamé", "for each tenth of a point started"),
        ("step_per_points_started", "par pas de points entamé", "for each step of points started"),
        ("monthly_fee_in_force", "redevance mensuelle en vigueur", "monthly fee in force"),
        ("named_fees", "redevances désignées", "named fees"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let penalty = Penalty {
        on: f.one_of("on")?,
        of: f.text("of"),
        formula: f.one_of("formula")?,
        step: f.decimal("step_points").map(|points| points / Fraction::from_integer(100)),
        rate: f.percent("rate")?,
        base: f.one_of("base")?,
        base_of: f.texts("base_of"),
        tax: f.one_of("tax")?,
        sole_remedy: f.flag("sole_remedy")?,
        suspended_in: f.texts("suspended_in"),
    };
    if !fits(&penalty) {
        c.push(misfit(f, penalty.on));
        return None;
    }
    let rule = c.rule(f, penalty);
    c.terms.penalties.push(rule);
    Some(())
}

/// Hours are of a clock and points of a rate; a flat sum is of either.
fn fits(penalty: &Penalty) -> bool {
    match (penalty.on, penalty.formula) {
        (_, PenaltyFormula::PerCase) => true,
        (Breach::Promise(_), formula) => formula == PenaltyFormula::StepPerHourStarted,
        (Breach::Availability, formula) => formula != PenaltyFormula::StepPerHourStarted,
    }
}

fn misfit(f: &Fields<'_>, on: Breach) -> Diagnostic {
    let (fr, en, help) = match on {
        Breach::Availability => (
            "une disponibilité ne se compte pas en heures de retard",
            "an availability is not counted in hours late",
            "\"step_per_tenth_of_point_started\", \"step_per_points_started\", \"per_case\"",
        ),
        Breach::Promise(_) => (
            "un retard ne se compte pas en points de disponibilité",
            "a delay is not counted in points of availability",
            "\"step_per_hour_started\", \"per_case\"",
        ),
    };
    Diagnostic::error("E-PENALTY-FORMULA", f.place_of("formula"), fr, en)
        .help(format!("écrivez l'une de : {help}"), format!("write one of: {help}"))
}

/// « de la redevance mensuelle en vigueur », “of the fees [a] and [b], at the monthly price in force”.
pub(super) fn of_base(lang: Lang, base: PenaltyBase, labels: &[String]) -> String {
    let names: Vec<String> = labels.iter().map(|l| format!("[{l}]")).collect();
    let names = list(lang, &names.iter().map(String::as_str).collect::<Vec<_>>());
    match (base, labels.len()) {
        (PenaltyBase::MonthlyFeeInForce, _) => {
            lang.t("de la redevance mensuelle en vigueur".to_owned(), "of the monthly fee in force".to_owned())
        }
        (PenaltyBase::NamedFees, 1) => lang.t(
            format!("de la redevance mensuelle {names} en vigueur"),
            format!("of the monthly fee {names} in force"),
        ),
        (PenaltyBase::NamedFees, _) => lang.t(
            format!("des redevances mensuelles {names} en vigueur"),
            format!("of the monthly fees {names} in force"),
        ),
    }
}

/// « chaque heure entamée de retard du rétablissement ».
fn step(lang: Lang, then: &Penalty) -> String {
    let label = then.of.as_deref().unwrap_or_default();
    match (then.on, then.formula) {
        (Breach::Promise(promise), PenaltyFormula::StepPerHourStarted) => {
            let of = of_promise(lang, promise);
            lang.t(
                format!("chaque heure entamée de retard {of}"),
                format!("each hour started past the {of} deadline"),
            )
        }
        (Breach::Promise(promise), _) => {
            let of = of_promise(lang, promise);
            lang.t(format!("chaque retard {of}"), format!("each missed {of} deadline"))
        }
        (Breach::Availability, PenaltyFormula::StepPerTenthOfPointStarted) => lang.t(
            format!("chaque dixième de point entamé sous la disponibilité promise à [{label}]"),
            format!("each tenth of a point started below the availability promised in [{label}]"),
        ),
        (Breach::Availability, PenaltyFormula::StepPerPointsStarted) => {
            let points = then.step.unwrap_or_default() * Fraction::from_integer(100);
            let points = lang::decimal(lang, points, if points.is_integer() { 0 } else { 2 });
            lang.t(
                format!("chaque tranche entamée de {points} point sous la disponibilité promise à [{label}]"),
                format!("each step of {points} point started below the availability promised in [{label}]"),
            )
        }
        (Breach::Availability, _) => lang.t(
            format!("chaque période où la disponibilité promise à [{label}] n'est pas atteinte"),
            format!("each period in which the availability promised in [{label}] is not reached"),
        ),
    }
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.penalties, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let rate = lang::percent(lang, then.rate);
        let (step, base) = (step(lang, then), of_base(lang, then.base, &then.base_of));
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
            format!("{step} coûte au Prestataire {rate} {base}, {tax}, {remedy}{suspended}"),
            format!("{step} costs the Provider {rate} {base}, {tax}, {remedy}{suspended}"),
        )
    }))
}
