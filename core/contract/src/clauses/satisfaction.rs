//! `satisfaction`: a survey at its rhythm, of the users, of the customer, of both parties, with a target.

use base::{Bilingual, lang};
use terms::indicator::IndicatorTarget;
use terms::{DutyProof, Indicator, Terms};

use super::says;
use super::{Family, Field, Fields, Kind, Mode, Run, Type, owed, read};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "satisfaction",
    doc: ("l'enquête de satisfaction, son rythme et son objectif", "the satisfaction survey, its rhythm and its target"),
    example: r#"kind = "satisfaction"
label = "satisfaction"
then = { asks = ["users", "director"], month = "may", scale = "5", target = "4", per = "contract_year", plan_within = "1 month" }
"#,
    family: Family::Governance,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("asks", Type::Choices(&["users", "administrator", "director", "provider"]), "qui est interrogé", "who is asked"),
        owed::EVERY,
        owed::FIRST,
        owed::PER_YEAR,
        owed::MONTH,
        Field::required("scale", Type::Decimal, "note la plus haute", "highest mark"),
        Field::required("target", Type::Decimal, "note moyenne visée", "average mark aimed at"),
        Field::required("per", Type::Choice(&["month", "quarter", "contract_year"]), "période de mesure", "period of measure"),
        Field::optional("least_answers", Type::Percent, "part de réponses pour que l'enquête compte", "share of answers for the survey to count"),
        Field::optional("plan_within", Type::Length, "délai du plan d'action sous l'objectif", "delay for the action plan below the target"),
    ],
    words: &[
        ("users", "utilisateurs", "users"),
        ("administrator", "administrateur", "administrator"),
        ("director", "direction", "director"),
        ("provider", "équipe du Prestataire", "the Provider's team"),
        ("survey", "une enquête de satisfaction", "a satisfaction survey"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let (scale, target) = (f.decimal("scale")?, f.decimal("target")?);
    if target > scale {
        c.push(
            crate::diagnostic::Diagnostic::error(
                "E-SATISFACTION-TARGET",
                f.place_of("target"),
                "la note visée dépasse la note la plus haute",
                "the mark aimed at is above the highest mark",
            )
            .help("écrivez par exemple scale = \"5\", target = \"4\"", "write for instance scale = \"5\", target = \"4\""),
        );
        return None;
    }
    let due = owed::rhythm(f, c)?;
    owed::owe(f, c, &KIND, "survey", due, DutyProof::Document);
    let lang = c.lang();
    let indicator = Indicator {
        title: lang.t("satisfaction", "satisfaction").to_owned(),
        source: "survey".to_owned(),
        formula: lang.t("moyenne des notes données", "average of the marks given").to_owned(),
        unit: format!("/ {}", f.text("scale")?),
        per: f.one_of("per")?,
        target: Some(IndicatorTarget::AtLeast { value: target }),
        price_beyond: None,
        price_tax: None,
        measures: None,
    };
    let rule = c.rule(f, indicator);
    c.terms.indicators.push(rule);
    says::push_plain(f, c);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let says = says::find(label, &KIND, terms)?;
    let indicator = read::find(&terms.indicators, label)?;
    let Some(IndicatorTarget::AtLeast { value }) = indicator.then.target else { return None };
    Some(read::sentence(says.rule, terms, |lang| {
        let digits = u32::from(!value.is_integer()) * 2;
        let (asks, target) = (says.list("asks", lang), lang::decimal(lang, value, digits));
        let scale = says.text("scale");
        let mut head = lang.t(
            format!("la satisfaction se mesure par enquête auprès de\u{a0}: {asks}\u{202f}; note moyenne visée\u{a0}: {target} sur {scale}"),
            format!("satisfaction is measured by a survey of: {asks}; average mark aimed at: {target} out of {scale}"),
        );
        if let Some(share) = says.percent("least_answers", lang) {
            head += &lang.t(format!(", si {share} au moins répondent"), format!(", when at least {share} answer"));
        }
        if let Some(plan) = says.length("plan_within", lang) {
            head += &lang.t(
                format!("\u{202f}; au-dessous, un plan d'action sous {plan}"),
                format!("; below it, an action plan within {plan}"),
            );
        }
        owed::then_duties(&KIND, lang, head, label, terms)
    }))
}
