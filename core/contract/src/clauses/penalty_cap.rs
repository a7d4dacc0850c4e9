//! `penalty_cap`: the most that penalties may come to over a period.

use base::{Bilingual, lang};
use terms::commitment::Period;
use terms::{PenaltyCap, Terms};

use super::objective::{PERIODS, each};
use super::penalty::BASES;
use super::{Family, Field, Fields, Kind, Mode, Run, Type, read};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "penalty_cap",
    doc: ("le plafond des pénalités", "the cap on penalties"),
    example: r#"kind = "penalty_cap"
label = "plafond-mensuel"
then = { per = "month", rate = "10 %", base = "monthly_fee_in_force" }
"#,
    family: Family::Money,
    run: Run::Engine,
    mode: Mode::Exclusive(&["per"]),
    guarded: false,
    fields: &[
        Field::required("per", Type::Choice(PERIODS), "période plafonnée", "period that is capped"),
        Field::required("rate", Type::Percent, "part de l'assiette", "share of the base"),
        Field::required("base", Type::Choice(BASES), "assiette", "what the rate applies to"),
    ],
    words: &[],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let cap = PenaltyCap { per: f.one_of("per")?, rate: f.percent("rate")?, base: f.one_of("base")? };
    let rule = c.rule(f, cap);
    c.terms.penalty_caps.push(rule);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.penalty_caps, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let (rate, each) = (lang::percent(lang, then.rate), each(lang, then.per));
        let base = match then.per {
            Period::Month => lang.t("de la redevance mensuelle", "of the monthly fee"),
            Period::Quarter => lang.t("de trois redevances mensuelles", "of three monthly fees"),
            Period::ContractYear => lang.t("de douze redevances mensuelles", "of twelve monthly fees"),
        };
        lang.t(
            format!("{each}, les pénalités ne dépassent pas {rate} {base}"),
            format!("{each}, penalties do not exceed {rate} {base}"),
        )
    }))
}
