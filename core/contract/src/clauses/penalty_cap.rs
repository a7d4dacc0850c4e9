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
        Field::required(
            "base_of",
            Type::Labels(&["fee"]),
            "les redevances qui forment l'assiette, par leurs étiquettes",
            "the fees that make the base, by their labels",
        )
        .when("base", &["named_fees"]),
    ],
    words: &[],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let cap = PenaltyCap {
        per: f.one_of("per")?,
        rate: f.percent("rate")?,
        base: f.one_of("base")?,
        base_of: f.texts("base_of"),
    };
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
        let labels: Vec<String> = then.base_of.iter().map(|l| format!("[{l}]")).collect();
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        let only = if labels.is_empty() { String::new() } else { format!(" {}", read::list(lang, &labels)) };
        lang.t(
            format!("{each}, les pénalités ne dépassent pas {rate} {base}{only}"),
            format!("{each}, penalties do not exceed {rate} {base}{only}"),
        )
    }))
}
