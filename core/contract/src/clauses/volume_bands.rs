//! `volume_bands`: a price for each unit processed in a month, by bands, with a minimum.

use base::{Bilingual, lang};
use terms::volume::{Band, BandScheme};
use terms::{Terms, VolumeBands};

use super::read::{self, list};
use super::{Family, Field, Fields, Kind, Mode, Run, Type};
use crate::compile::Compiler;

const BAND: &[Field] = &[
    Field::optional("up_to", Type::Integer(1), "jusqu'à ce nombre inclus ; absent : sans fin", "up to this number included; absent: without end"),
    Field::required("unit_price", Type::Money, "prix de l'unité, hors taxes", "price of a unit, net of VAT"),
];

pub const KIND: Kind = Kind {
    name: "volume_bands",
    doc: ("un prix au volume, par tranches", "a price by volume, in bands"),
    example: r#"kind = "volume_bands"
label = "bulletins"
then = { unit = "payslip", title = "Bulletins de paie", minimum = 800, bands = [{ up_to = 1000, unit_price = "11.80 EUR" }, { unit_price = "10.90 EUR" }], scheme = "graduated", vat = "20 %" }
"#,
    family: Family::Process,
    run: Run::NotYet("le relevé des volumes traités", "the record of volumes processed"),
    mode: Mode::Exclusive(&["unit"]),
    guarded: true,
    fields: &[
        Field::required("unit", Type::Text, "l'unité traitée : payslip, invoice…", "what is processed: payslip, invoice…"),
        Field::optional("title", Type::Text, "libellé de la ligne de facture", "title of the invoice line"),
        Field::required("minimum", Type::Integer(0), "minimum facturé par mois", "least billed each month"),
        Field::required("bands", Type::Tables(BAND), "tranches, dans l'ordre, la dernière sans fin", "bands in order, the last one open"),
        Field::required(
            "scheme",
            Type::Choice(&["graduated", "all_units"]),
            "chaque tranche à son prix, ou tout au prix de la tranche atteinte",
            "each band at its price, or everything at the price of the band reached",
        ),
        Field::default("alert_at", Type::Percent, "\"80 %\"", "part d'une tranche qui alerte", "part of a band that warns"),
        Field::required("vat", Type::Rate, "taux de TVA", "VAT rate"),
    ],
    words: &[
        ("graduated", "chaque tranche à son prix", "each band at its price"),
        ("all_units", "tout au prix de la tranche atteinte", "everything at the price of the band reached"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let unit = f.text("unit")?;
    let volume = VolumeBands {
        title: f.text("title").unwrap_or_else(|| unit.clone()),
        unit,
        minimum: f.integer("minimum")?,
        bands: f
            .tables("bands")
            .iter()
            .map(|b| Some(Band { up_to: b.integer("up_to"), unit_price: b.money("unit_price")? }))
            .collect::<Option<_>>()?,
        scheme: f.one_of("scheme")?,
        alert_at: f.percent("alert_at")?,
        vat: f.percent("vat")?,
    };
    let rule = c.rule(f, volume);
    c.terms.volumes.push(rule);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.volumes, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let bands: Vec<String> = then
            .bands
            .iter()
            .map(|band| {
                let price = band.unit_price.show(lang);
                match band.up_to {
                    Some(n) => {
                        let n = lang::integer(lang, i64::from(n));
                        lang.t(format!("{price} jusqu'à {n}"), format!("{price} up to {n}"))
                    }
                    None => lang.t(format!("{price} au-delà"), format!("{price} above")),
                }
            })
            .collect();
        let bands: Vec<&str> = bands.iter().map(String::as_str).collect();
        let (bands, title, vat) = (list(lang, &bands), &then.title, lang::percent(lang, then.vat));
        let scheme = match then.scheme {
            BandScheme::Graduated => lang.t("chaque tranche étant facturée à son prix", "each band being billed at its price"),
            BandScheme::AllUnits => lang.t("tout le volume étant facturé au prix de la tranche atteinte", "the whole volume being billed at the price of the band reached"),
        };
        let least = match then.minimum {
            0 => String::new(),
            n => {
                let n = lang::integer(lang, i64::from(n));
                lang.t(format!(", avec un minimum de {n} par mois"), format!(", with a minimum of {n} a month"))
            }
        };
        let alert = lang::percent(lang, then.alert_at);
        lang.t(
            format!("« {title} », prix de l'unité hors taxes\u{a0}: {bands}, {scheme}{least}, alerte à {alert} d'une tranche, TVA {vat}"),
            format!("“{title}”, price of each net of VAT: {bands}, {scheme}{least}, warning at {alert} of a band, VAT {vat}"),
        )
    }))
}
