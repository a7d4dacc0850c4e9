//! `accuracy`: the errors tolerated in a volume, and the price of each one beyond.

use base::{Bilingual, RoundingMode, lang};
use terms::{Accuracy, PenaltyTax, Terms};

use super::{Family, Field, Fields, Kind, Mode, Run, Type, read};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "accuracy",
    doc: ("l'exactitude d'un traitement en volume", "how exact a volume of work must be"),
    example: r#"kind = "accuracy"
label = "exactitude"
then = { of = "bulletins", tolerance = "0.3 %", tolerated_rounding = "down", price_per_excess = "25.00 EUR", tax = "indemnity" }
"#,
    family: Family::Process,
    run: Run::NotYet("le relevé des volumes et des erreurs", "the record of volumes and errors"),
    mode: Mode::Exclusive(&["of"]),
    guarded: true,
    fields: &[
        Field::required("of", Type::Label(&["volume_bands"]), "le volume dans lequel les erreurs se comptent", "the volume that errors are counted in"),
        Field::required("tolerance", Type::Rate, "part d'erreurs tolérée", "part of errors tolerated"),
        Field::default(
            "tolerated_rounding",
            Type::Choice(super::price_revision::ROUNDING_MODES),
            "\"down\"",
            "arrondi du nombre d'erreurs tolérées",
            "rounding of the number of errors tolerated",
        ),
        Field::required("price_per_excess", Type::Money, "prix de chaque erreur au-delà", "price of each error beyond"),
        Field::required(
            "tax",
            Type::Choice(&["indemnity", "price_reduction"]),
            "indemnité hors TVA, ou réduction de prix",
            "damages outside VAT, or a price reduction",
        ),
    ],
    words: &[
        ("half_even", "au pair le plus proche", "half to even"),
        ("up", "par excès", "up"),
        ("down", "par défaut", "down"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let accuracy = Accuracy {
        of: f.text("of")?,
        tolerance: f.percent("tolerance")?,
        tolerated_rounding: f.one_of("tolerated_rounding")?,
        price_per_excess: f.money("price_per_excess")?,
        tax: f.one_of("tax")?,
    };
    let rule = c.rule(f, accuracy);
    c.terms.accuracies.push(rule);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.accuracies, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let (of, tolerance, price) = (&then.of, lang::percent(lang, then.tolerance), then.price_per_excess.show(lang));
        let rounding = match then.tolerated_rounding {
            RoundingMode::Down => lang.t("arrondies par défaut", "rounded down"),
            RoundingMode::Up => lang.t("arrondies par excès", "rounded up"),
            RoundingMode::HalfUp => lang.t("arrondies au plus proche", "rounded half up"),
            RoundingMode::HalfEven => lang.t("arrondies au pair le plus proche", "rounded half to even"),
        };
        let tax = match then.tax {
            PenaltyTax::Indemnity => lang.t("à titre d'indemnité, hors du champ de la TVA", "as damages outside VAT"),
            PenaltyTax::PriceReduction => lang.t("en réduction du prix", "as a price reduction"),
        };
        lang.t(
            format!("dans le volume de [{of}], {tolerance} d'erreurs, {rounding}, sont tolérées\u{202f}; chaque erreur au-delà coûte {price}, {tax}"),
            format!("in the volume of [{of}], {tolerance} of errors, {rounding}, are tolerated; each error beyond costs {price}, {tax}"),
        )
    }))
}
