//! `work_units`: a book of units bought for each contract year, spent on deliveries by complexity.

use base::{Bilingual, Length, lang};
use terms::work_units::{PriceAt, WorkUnitKind};
use terms::{Terms, WorkUnits};

use super::read::{self, figure, list};
use super::{Family, Field, Fields, Kind, Mode, Run, Type};
use crate::compile::Compiler;

const CATALOGUE: &[Field] = &[
    Field::required("code", Type::Text, "code de la ligne", "code of the line"),
    Field::optional("title", Type::Text, "son nom", "its name"),
    Field::required("weight", Type::Decimal, "unités par livraison", "units for each delivery"),
];

pub const KIND: Kind = Kind {
    name: "work_units",
    doc: ("un carnet d'unités d'œuvre", "a book of work units"),
    example: r#"kind = "work_units"
label = "carnet-uo"
then.catalogue = [{ code = "S", title = "simple", weight = "1" }, { code = "M", title = "moyenne", weight = "2.5" }, { code = "C", title = "complexe", weight = "5" }]
then.bought = 200
then.unit_price = "540.00 EUR"
then.carry_over = "10 %"
then.price_at = "order"
"#,
    family: Family::Maintenance,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("catalogue", Type::Tables(CATALOGUE), "lignes du catalogue et leur poids", "lines of the catalogue and their weight"),
        Field::required("bought", Type::Integer(0), "unités achetées par année contractuelle", "units bought each contract year"),
        Field::required("unit_price", Type::Money, "prix d'une unité, hors taxes", "price of a unit, net of VAT"),
        Field::required("carry_over", Type::Rate, "part du carnet reportée au plus", "part of the book that goes over at most"),
        Field::default("carried_for", Type::Months, "\"12 months\"", "durée de vie des unités reportées", "how long units carried over live"),
        Field::required("price_at", Type::Choice(&["order", "delivery"]), "prix de la commande ou de la livraison", "price at the order or at the delivery"),
        Field::default("alert_at", Type::Percent, "\"80 %\"", "part consommée qui alerte", "part spent that warns"),
    ],
    words: &[("order", "commande", "order"), ("delivery", "livraison", "delivery")],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let kinds = f.tables("catalogue");
    let catalogue = kinds
        .iter()
        .map(|k| {
            let code = k.text("code")?;
            let title = k.text("title").unwrap_or_else(|| code.clone());
            Some(WorkUnitKind { title, weight: k.decimal("weight")?, code })
        })
        .collect::<Option<_>>()?;
    let units = WorkUnits {
        catalogue,
        bought: f.integer("bought")?,
        unit_price: f.money("unit_price")?,
        carry_over: f.percent("carry_over")?,
        carried_for: f.months("carried_for")?,
        price_at: f.one_of("price_at")?,
        alert_at: f.percent("alert_at")?,
    };
    let rule = c.rule(f, units);
    c.terms.work_units.push(rule);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.work_units, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let lines: Vec<String> = then
            .catalogue
            .iter()
            .map(|k| lang.t(format!("{} ({})\u{a0}: {}", k.code, k.title, figure(lang, k.weight)), format!("{} ({}): {}", k.code, k.title, figure(lang, k.weight))))
            .collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let (lines, bought, price) = (list(lang, &lines), then.bought, then.unit_price.show(lang));
        let over = if then.carry_over.numer() == &0 {
            lang.t("les unités non livrées sont perdues".to_owned(), "units not delivered are lost".to_owned())
        } else {
            let (part, life) = (lang::percent(lang, then.carry_over), Length::Months(then.carried_for).in_words(lang));
            lang.t(
                format!("{part} du carnet au plus est reporté, pour {life}, le reste est perdu"),
                format!("at most {part} of the book goes over, for {life}, the rest is lost"),
            )
        };
        let at = match then.price_at {
            PriceAt::Order => lang.t("au prix du jour de la commande", "at the price of the day of the order"),
            PriceAt::Delivery => lang.t("au prix du jour de la livraison", "at the price of the day of delivery"),
        };
        let alert = lang::percent(lang, then.alert_at);
        lang.t(
            format!("chaque année contractuelle, {bought} unités d'œuvre sont achetées à {price} HT, {at}\u{202f}; {lines}\u{202f}; {over}\u{202f}; alerte à {alert}"),
            format!("each contract year, {bought} work units are bought at {price} net of VAT, {at}; {lines}; {over}; warning at {alert}"),
        )
    }))
}
