//! `objective`: the rate of promises to keep over a period, with a tolerance for small samples.

use base::{Bilingual, Lang, lang};
use terms::commitment::{Period, SmallSample};
use terms::{Objective, Terms};

use super::commitment::{PROMISES, of_promise};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, read};
use crate::compile::Compiler;

pub(super) const PERIODS: &[&str] = &["month", "quarter", "contract_year"];

pub const KIND: Kind = Kind {
    name: "objective",
    doc: ("le taux de promesses à tenir", "the rate of promises to keep"),
    example: r#"kind = "objective"
label = "objectif-retablissement"
then = { promise = "restore", rate = "95 %", per = "quarter", small_sample = { below = 20, allowed_misses = 1 } }
"#,
    family: Family::Levels,
    run: Run::Engine,
    mode: Mode::Exclusive(&["promise", "per"]),
    guarded: true,
    fields: &[
        Field::required("promise", Type::Choice(PROMISES), "la promesse mesurée", "the promise measured"),
        Field::required("rate", Type::Percent, "part des promesses à tenir", "share of promises to keep"),
        Field::required("per", Type::Choice(PERIODS), "période de mesure", "period of measure"),
        Field::optional(
            "small_sample",
            Type::Table(&[
                Field::required("below", Type::Integer(1), "en dessous de tant de cas", "below so many cases"),
                Field::required(
                    "allowed_misses",
                    Type::Integer(0),
                    "tant de manquements restent admis",
                    "so many misses are allowed",
                ),
            ]),
            "tolérance quand les cas sont peu nombreux",
            "tolerance when cases are few",
        ),
    ],
    words: &[],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let small_sample = f.table("small_sample").and_then(|t| {
        Some(SmallSample { below: t.integer("below")?, allowed_misses: t.integer("allowed_misses")? })
    });
    let objective = Objective {
        promise: f.one_of("promise")?,
        rate: f.percent("rate")?,
        per: f.one_of("per")?,
        small_sample,
    };
    let rule = c.rule(f, objective);
    c.terms.objectives.push(rule);
    Some(())
}

/// « par mois », “each month”.
pub(super) fn each(lang: Lang, per: Period) -> &'static str {
    match per {
        Period::Month => lang.t("chaque mois", "each month"),
        Period::Quarter => lang.t("chaque trimestre civil", "each civil quarter"),
        Period::ContractYear => lang.t("chaque année contractuelle", "each contract year"),
    }
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = read::find(&terms.objectives, label)?;
    let then = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let (rate, each) = (lang::percent(lang, then.rate), each(lang, then.per));
        let of = of_promise(lang, then.promise);
        let small = then.small_sample.map_or_else(String::new, |s| {
            lang.t(
                format!(
                    "\u{202f}; au-dessous de {} cas mesurés, {} manquement{} au plus {} admis",
                    s.below,
                    s.allowed_misses,
                    if s.allowed_misses > 1 { "s" } else { "" },
                    if s.allowed_misses > 1 { "sont" } else { "est" }
                ),
                format!("; below {} measured cases, at most {} missed", s.below, s.allowed_misses),
            )
        });
        lang.t(
            format!("{each}, l'échéance {of} est tenue dans {rate} des cas au moins{small}"),
            format!("{each}, the {of} deadline is met in at least {rate} of cases{small}"),
        )
    }))
}
