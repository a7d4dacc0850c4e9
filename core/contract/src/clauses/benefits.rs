//! `benefits`: what the customer expects to gain, measured against its state before, and reviewed every year.
//!
//! Seed 000: lighter internal services (S-003), a core business freed (S-004), benefits looked at « l'année
//! prochaine » (S-048). A saving is stated with its baseline, transition and exit costs included (M-31, M-32).

use base::{Bilingual, lang};
use terms::indicator::IndicatorTarget;
use terms::{DutyProof, Indicator, Terms};

use super::says;
use super::{Family, Field, Fields, Kind, Mode, Run, Type, owed, read};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

const INDICATORS: &[Field] = &[
    Field::required("name", Type::Text, "l'indicateur", "the indicator"),
    Field::required("kind", Type::Choice(&["internal_load", "core_business", "cost", "time", "flexibility", "quality", "productivity"]), "ce qu'il mesure", "what it measures"),
    Field::required("unit", Type::Text, "unité", "unit"),
    Field::required("before", Type::Decimal, "valeur avant le contrat", "value before the contract"),
    Field::required("target", Type::Decimal, "valeur visée", "value aimed at"),
    Field::required("better", Type::Choice(&["higher", "lower"]), "sens du progrès", "which way is better"),
    Field::required("source", Type::Text, "d'où vient le chiffre", "where the figure comes from"),
];

pub const KIND: Kind = Kind {
    name: "benefits",
    doc: ("les bénéfices attendus, leur mesure et leur revue annuelle", "the benefits expected, how they are measured and their yearly review"),
    example: r#"kind = "benefits"
label = "benefices"
then.month = "march"
then.owner = "directeur du Client"
then.indicators = [
  { name = "charge interne du support", kind = "internal_load", unit = "h / mois", before = "60", target = "12", better = "lower", source = "relevés de temps du Client" },
  { name = "projets métier livrés", kind = "core_business", unit = "projets / an", before = "2", target = "4", better = "higher", source = "comité de direction" },
]
"#,
    family: Family::Governance,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        owed::EVERY,
        owed::FIRST,
        owed::PER_YEAR,
        owed::MONTH,
        Field::required("owner", Type::Text, "qui suit les bénéfices chez le Client", "who follows the benefits at the Customer's"),
        Field::required("indicators", Type::Tables(INDICATORS), "indicateurs", "indicators"),
        Field::optional("saving", Type::Percent, "économie annoncée sur le budget informatique, coûts de transition et de sortie compris", "saving announced on the IT budget, transition and exit costs included"),
    ],
    words: &[
        ("internal_load", "charge interne", "internal load"),
        ("core_business", "cœur de métier", "core business"),
        ("cost", "coût", "cost"),
        ("time", "temps", "time"),
        ("flexibility", "souplesse", "flexibility"),
        ("quality", "qualité", "quality"),
        ("productivity", "productivité", "productivity"),
        ("benefits_review", "la revue des bénéfices", "the review of benefits"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let due = owed::rhythm(f, c)?;
    owed::owe(f, c, &KIND, "benefits_review", due, DutyProof::Document);
    let rows = f.tables("indicators");
    for row in &rows {
        let indicator = indicator(row)?;
        let rule = c.rule(f, indicator);
        c.terms.indicators.push(rule);
    }
    for (kind, fr, en) in [
        ("internal_load", "la charge des services internes", "the load of internal services"),
        ("core_business", "un effet sur le cœur de métier", "an effect on the core business"),
    ] {
        if !rows.iter().any(|row| row.text("kind").as_deref() == Some(kind)) {
            c.push(
                Diagnostic::advice(
                    "A-BENEFITS-KIND",
                    f.place_of("indicators"),
                    format!("aucun indicateur ne mesure {fr}"),
                    format!("no indicator measures {en}"),
                )
                .help(
                    format!("ajoutez un indicateur, kind = \"{kind}\", avec sa valeur avant le contrat"),
                    format!("add an indicator, kind = \"{kind}\", with its value before the contract"),
                ),
            );
        }
    }
    says::push_plain(f, c);
    says::push_rows(f, c, &KIND, "indicators");
    Some(())
}

fn indicator(row: &Fields<'_>) -> Option<Indicator> {
    let value = row.decimal("target")?;
    let target = match row.text("better")?.as_str() {
        "lower" => IndicatorTarget::AtMost { value },
        _ => IndicatorTarget::AtLeast { value },
    };
    Some(Indicator {
        title: row.text("name")?,
        source: row.text("source")?,
        formula: row.text("name")?,
        unit: row.text("unit")?,
        per: terms::commitment::Period::ContractYear,
        target: Some(target),
        price_beyond: None,
        price_tax: None,
        measures: None,
    })
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    Some(read::sentence(says.rule, terms, |lang| {
        let figure = |text: &str| match base::fraction::parse_decimal(text) {
            Some(value) if value.is_integer() => lang::decimal(lang, value, 0),
            Some(value) => lang::decimal(lang, value, 2),
            None => text.to_owned(),
        };
        let indicators: Vec<String> = says::rows(label, &KIND, "indicators", terms)
            .map(|row| {
                let (before, target) = (figure(row.text("before")), figure(row.text("target")));
                let (name, of, unit) = (row.text("name"), row.word("kind", lang), row.text("unit"));
                lang.t(
                    format!("{name} ({of}), de {before} à {target} {unit}"),
                    format!("{name} ({of}), from {before} to {target} {unit}"),
                )
            })
            .collect();
        let (indicators, owner) = (indicators.join(lang.t("\u{202f}; ", "; ")), says.text("owner"));
        let mut head = lang.t(
            format!("bénéfices attendus (responsable du suivi\u{a0}: {owner})\u{a0}: {indicators}"),
            format!("benefits expected, followed by {owner}: {indicators}"),
        );
        if let Some(saving) = says.percent("saving", lang) {
            head += &lang.t(
                format!("\u{202f}; économie annoncée\u{a0}: {saving} du budget informatique, transition et sortie comprises"),
                format!("; saving announced: {saving} of the IT budget, transition and exit included"),
            );
        }
        owed::then_duties(&KIND, lang, head, label, terms)
    }))
}
