//! `late_payment`: what an invoice paid late costs (Code de commerce, L441-10 and D441-5).

use base::{Bilingual, lang};
use terms::late_payment::{DayCount, LateRate};
use terms::{LatePayment, Terms};

use super::{Family, Field, Fields, Kind, Mode, Run, Type, read};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "late_payment",
    doc: ("les pénalités de retard de paiement", "what late payment costs"),
    example: r#"kind = "late_payment"
label = "retard-paiement"
then = { rate_source = "ecb", plus = "10 %", indemnity = "40.00 EUR", day_count = "actual_365" }
"#,
    family: Family::Money,
    run: Run::NotYet("l'émission des factures et le suivi des paiements", "the issuing of invoices and the record of payments"),
    mode: Mode::Exclusive(&[]),
    guarded: false,
    fields: &[
        Field::required(
            "rate_source",
            Type::Choice(&["ecb", "legal", "stated"]),
            "taux de la BCE majoré, multiple du taux légal, ou taux écrit",
            "ECB rate plus points, times the legal rate, or a stated rate",
        ),
        Field::required("plus", Type::Percent, "points ajoutés au taux de la BCE", "points added to the ECB rate")
            .when("rate_source", &["ecb"]),
        Field::required("times", Type::Integer(1), "nombre de fois le taux légal", "times the legal rate")
            .when("rate_source", &["legal"]),
        Field::required("rate", Type::Percent, "taux annuel", "yearly rate").when("rate_source", &["stated"]),
        Field::required("indemnity", Type::Money, "indemnité forfaitaire de recouvrement", "flat recovery indemnity"),
        Field::required(
            "day_count",
            Type::Choice(&["actual_365", "actual_360", "actual_actual"]),
            "jours de l'année",
            "days of a year",
        ),
    ],
    words: &[
        ("ecb", "taux de refinancement de la BCE majoré", "ECB refinancing rate plus points"),
        ("legal", "multiple du taux d'intérêt légal", "a multiple of the legal interest rate"),
        ("stated", "taux écrit au contrat", "rate stated in the contract"),
        ("actual_365", "année de 365 jours", "a year of 365 days"),
        ("actual_360", "année de 360 jours", "a year of 360 days"),
        ("actual_actual", "jours de l'année civile", "the days of the civil year"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let rate = match f.text("rate_source")?.as_str() {
        "ecb" => LateRate::Ecb { plus: f.percent("plus")? },
        "legal" => LateRate::Legal { times: f.integer("times")? },
        _ => LateRate::Stated { rate: f.percent("rate")? },
    };
    let late = LatePayment { rate, indemnity: f.money("indemnity")?, day_count: f.one_of("day_count")? };
    c.terms.late_payment = Some(c.rule(f, late));
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = terms.late_payment.as_ref().filter(|r| r.label() == label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let rate = match then.rate {
            LateRate::Ecb { plus } => {
                let plus = lang::percent(lang, plus);
                lang.t(
                    format!("au taux de refinancement de la Banque centrale européenne du semestre, majoré de {plus}"),
                    format!("at the European Central Bank's refinancing rate of the half-year plus {plus}"),
                )
            }
            LateRate::Legal { times } => lang.t(
                format!("à {times} fois le taux d'intérêt légal du semestre"),
                format!("at {times} times the legal interest rate of the half-year"),
            ),
            LateRate::Stated { rate } => {
                let rate = lang::percent(lang, rate);
                lang.t(format!("à {rate} l'an"), format!("at {rate} a year"))
            }
        };
        let year = match then.day_count {
            DayCount::Actual365 => lang.t("sur 365 jours", "over 365 days"),
            DayCount::Actual360 => lang.t("sur 360 jours", "over 360 days"),
            DayCount::ActualActual => lang.t("sur les jours de l'année civile", "over the days of the civil year"),
        };
        let indemnity = then.indemnity.show(lang);
        lang.t(
            format!("une facture payée en retard porte intérêt sans rappel dès le lendemain de l'échéance, {rate}, {year}, et jamais à moins de trois fois le taux légal\u{202f}; s'y ajoute une indemnité de recouvrement de {indemnity} par facture"),
            format!("an invoice paid late bears interest without reminder from the day after it was due, {rate}, {year}, and never under three times the legal rate; a recovery indemnity of {indemnity} for each invoice is added"),
        )
    }))
}
