//! `fee`: a recurring price: so many units, at so much each, every month.

use base::{Bilingual, Money, Rounding, lang};
use terms::price::{Due, Proration};
use terms::{Price, Terms};

use super::{Family, Field, Fields, Kind, Mode, Run, Type, read};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "fee",
    doc: ("un prix forfaitaire récurrent", "a fixed recurring price"),
    example: r#"kind = "fee"
label = "postes"
then = { unit = "seat", title = "Postes de travail", quantity = 40, unit_price = "46.00 EUR", per = "month", due = "in_advance", proration = "actual_days", vat = "20 %" }
"#,
    family: Family::Money,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: true,
    fields: &[
        Field::required("unit", Type::Text, "l'unité : seat, server, flat…", "the unit: seat, server, flat…"),
        Field::optional("title", Type::Text, "libellé de la ligne de facture", "title of the invoice line"),
        Field::required("quantity", Type::Integer(0), "nombre d'unités", "number of units"),
        Field::required("unit_price", Type::Money, "prix unitaire, hors taxes", "price of a unit, net of VAT"),
        Field::required("per", Type::Choice(&["month"]), "période", "period"),
        Field::required(
            "due",
            Type::Choice(&["in_advance", "in_arrears"]),
            "terme à échoir ou terme échu",
            "invoiced in advance or in arrears",
        ),
        Field::required(
            "proration",
            Type::Choice(&["actual_days", "thirty_day_month", "whole_month"]),
            "décompte d'un mois incomplet",
            "how part of a month is counted",
        ),
        Field::required("vat", Type::Rate, "taux de TVA", "VAT rate"),
        Field::default(
            "rounding",
            Type::Choice(&["half_up", "half_even", "up", "down"]),
            "\"half_up\"",
            "arrondi de chaque ligne, au centime",
            "rounding of each line, to the cent",
        ),
    ],
    words: &[],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let unit = f.text("unit")?;
    let price = Price {
        title: f.text("title").unwrap_or_else(|| f.label().to_owned()),
        unit,
        quantity: f.integer("quantity")?,
        unit_price: f.money("unit_price")?,
        due: f.one_of("due")?,
        proration: f.one_of("proration")?,
        vat: f.percent("vat")?,
        rounding: Rounding { digits: 2, mode: f.one_of("rounding")? },
    };
    let rule = c.rule(f, price);
    c.terms.prices.push(rule);
    Some(())
}

/// What the fee comes to in a full month, net of VAT; `None` beyond what 64 bits of cents hold.
pub(crate) fn monthly(price: &Price) -> Option<Money> {
    let cents = price.unit_price.cents.checked_mul(i64::from(price.quantity))?;
    Some(Money { cents, currency: price.unit_price.currency })
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.prices, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let (title, n, unit) = (&then.title, then.quantity, then.unit_price.show(lang));
        let total = monthly(then).map_or_else(|| "∞".to_owned(), |m| m.show(lang));
        let due = match then.due {
            Due::InAdvance => lang.t("facturé d'avance", "invoiced in advance"),
            Due::InArrears => lang.t("facturé à terme échu", "invoiced in arrears"),
        };
        let part = match then.proration {
            Proration::ActualDays => {
                lang.t("au prorata des jours réels du mois", "prorated by the actual days of the month")
            }
            Proration::ThirtyDayMonth => lang.t("au prorata d'un mois de 30 jours", "prorated on a 30-day month"),
            Proration::WholeMonth => lang.t("tout mois commencé étant dû", "a month begun being due"),
        };
        let vat = lang::percent(lang, then.vat);
        lang.t(
            format!("« {title} »\u{a0}: {n} × {unit} = {total} HT par mois, {due}, {part}, TVA {vat}"),
            format!("“{title}”: {n} × {unit} = {total} a month net of VAT, {due}, {part}, VAT {vat}"),
        )
    }))
}
