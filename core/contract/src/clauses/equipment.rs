//! `equipment`: when hardware is replaced rather than repaired, and who pays.

use base::{Bilingual, Lang, Length, lang};
use terms::equipment::{EquipmentMode, Repair};
use terms::{Equipment, Terms};

use super::objective::{PERIODS, each};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, read};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "equipment",
    doc: ("la réparation et le remplacement du matériel", "repairing and replacing hardware"),
    example: r#"kind = "equipment"
label = "postes-remplacement"
then = { class = "workstation", repair_limit = "50 %", max_age = "5 years", included = 4, per = "contract_year", then_price = "890.00 EUR", mode = "customer_owned", repair = "capped", repair_ceiling = "150.00 EUR" }
"#,
    family: Family::Hardware,
    run: Run::NotYet("la tenue du parc matériel", "the keeping of the hardware inventory"),
    mode: Mode::Exclusive(&["class"]),
    guarded: true,
    fields: &[
        Field::required("class", Type::Text, "classe d'éléments", "class of items"),
        Field::required("repair_limit", Type::Percent, "part de la valeur au-delà de laquelle on remplace", "part of the value above which it is replaced"),
        Field::optional("max_age", Type::Months, "âge au-delà duquel on remplace", "age above which it is replaced"),
        Field::required("included", Type::Integer(0), "remplacements compris dans la période", "replacements included in the period"),
        Field::required("per", Type::Choice(PERIODS), "période", "period"),
        Field::required("then_price", Type::Money, "prix de chaque remplacement au-delà", "price of each replacement beyond"),
        Field::required(
            "mode",
            Type::Choice(&["customer_owned", "provider_owned", "leased"]),
            "à qui est le matériel",
            "whose the hardware is",
        ),
        Field::optional(
            "repair",
            Type::Choice(&["included", "capped", "billed", "quoted"]),
            "réparation : comprise, comprise jusqu'à un plafond, facturée à un prix, ou sur devis",
            "repair: included, included up to a ceiling, billed at a price, or quoted",
        ),
        Field::required("repair_ceiling", Type::Money, "plafond de chaque réparation comprise", "ceiling of each repair included").when("repair", &["capped"]),
        Field::required("repair_price", Type::Money, "prix de chaque réparation", "price of each repair").when("repair", &["billed"]),
    ],
    words: &[
        ("customer_owned", "propriété du Client", "owned by the customer"),
        ("provider_owned", "propriété du Prestataire", "owned by the provider"),
        ("leased", "loué", "leased"),
        ("capped", "comprise jusqu'à un plafond", "included up to a ceiling"),
        ("billed", "facturée", "billed"),
        ("quoted", "sur devis", "quoted"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let equipment = Equipment {
        class: f.text("class")?,
        repair_limit: f.percent("repair_limit")?,
        max_age: f.months("max_age"),
        included: f.integer("included")?,
        per: f.one_of("per")?,
        then_price: f.money("then_price")?,
        mode: f.one_of("mode")?,
        repair: match f.text("repair").as_deref() {
            Some("included") => Some(Repair::Included),
            Some("capped") => Some(Repair::Capped { most: f.money("repair_ceiling")? }),
            Some("billed") => Some(Repair::Billed { price: f.money("repair_price")? }),
            Some("quoted") => Some(Repair::Quoted),
            _ => None,
        },
    };
    let rule = c.rule(f, equipment);
    c.terms.equipment.push(rule);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.equipment, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let class = terms.name_of("item_class", &then.class);
        let limit = lang::percent(lang, then.repair_limit);
        let age = match then.max_age {
            Some(months) => {
                let age = Length::Months(months).in_words(lang);
                lang.t(format!(" ou s'il a plus de {age}"), format!(" or when older than {age}"))
            }
            None => String::new(),
        };
        let mode = match then.mode {
            EquipmentMode::CustomerOwned => lang.t("propriété du Client", "owned by the customer"),
            EquipmentMode::ProviderOwned => lang.t("propriété du Prestataire", "owned by the provider"),
            EquipmentMode::Leased => lang.t("loué", "leased"),
        };
        let (each, included, price) = (each(lang, then.per), then.included, then.then_price.show(lang));
        let repair = then.repair.map_or_else(String::new, |repair| repaired(lang, repair));
        lang.t(
            format!("un matériel de classe « {class} » ({mode}) est remplacé quand sa réparation coûterait plus de {limit} de sa valeur{age}\u{202f}; {each}, remplacements compris\u{a0}: {included}, puis {price} HT chacun{repair}"),
            format!("an item of class “{class}” ({mode}) is replaced when repairing it would cost more than {limit} of its value{age}; {each}, replacements included: {included}, then {price} each net of VAT{repair}"),
        )
    }))
}

/// « ; une réparation est comprise jusqu'à 150,00 € HT ».
fn repaired(lang: Lang, repair: Repair) -> String {
    let said = match repair {
        Repair::Included => lang.t("une réparation est comprise", "a repair is included").to_owned(),
        Repair::Capped { most } => {
            let most = most.show(lang);
            lang.t(format!("une réparation est comprise jusqu'à {most} HT"), format!("a repair is included up to {most} net of VAT"))
        }
        Repair::Billed { price } => {
            let price = price.show(lang);
            lang.t(format!("une réparation coûte {price} HT"), format!("a repair costs {price} net of VAT"))
        }
        Repair::Quoted => lang.t("une réparation fait l'objet d'un devis", "a repair is quoted").to_owned(),
    };
    format!("{}{said}", lang.t("\u{202f}; ", "; "))
}
