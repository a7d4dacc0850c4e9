//! `term`: when the contract starts, how long it lasts, how it is renewed, and its phases.

use base::{Bilingual, lang};
use terms::{ContractTerm, Phase, Renewal, Terms};

use super::{Family, Field, Fields, Kind, Mode, Run, Type, read};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "term",
    doc: ("la durée du contrat, sa reconduction et ses phases", "the contract's term, renewal and phases"),
    example: r#"kind = "term"
label = "duree"
then.start = 2026-03-01
then.lasts = "36 months"
then.renewal = "tacit"
then.renewal_lasts = "12 months"
then.notice = "3 months"
then.phases = [
  { name = "transition", from = 2026-03-01, until = 2026-03-31 },
  { name = "operations", from = 2026-04-01 },
]
"#,
    family: Family::Parties,
    run: Run::Engine,
    mode: Mode::Exclusive(&[]),
    guarded: false,
    fields: &[
        Field::required("start", Type::Date, "premier jour du contrat", "first day of the contract"),
        Field::required("lasts", Type::Months, "durée, en mois ou en années", "length, in months or years"),
        Field::required(
            "renewal",
            Type::Choice(&["tacit", "express", "none"]),
            "reconduction : tacite, expresse ou aucune",
            "renewal: tacit, express or none",
        ),
        Field::required(
            "renewal_lasts",
            Type::Months,
            "durée de chaque reconduction",
            "length of each renewal",
        )
        .when("renewal", &["tacit"]),
        Field::required("notice", Type::Length, "préavis avant l'échéance", "notice before the end"),
        Field::default(
            "phases",
            Type::Tables(&[
                Field::required("name", Type::Text, "nom de la phase", "name of the phase"),
                Field::required("from", Type::Date, "premier jour", "first day"),
                Field::optional("until", Type::Date, "dernier jour, inclus", "last day, included"),
            ]),
            "[]",
            "phases du contrat : transition, mise à niveau, exploitation…",
            "phases of the contract: transition, upgrade, operations…",
        ),
    ],
    words: &[],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let renewal = match f.text("renewal")?.as_str() {
        "tacit" => Renewal::Tacit { months: f.months("renewal_lasts")? },
        "express" => Renewal::Express,
        _ => Renewal::None,
    };
    let phases = f
        .tables("phases")
        .iter()
        .filter_map(|p| Some(Phase { name: p.text("name")?, from: p.date("from")?, until: p.date("until") }))
        .collect();
    let term = ContractTerm {
        start: f.date("start")?,
        months: f.months("lasts")?,
        renewal,
        notice: f.length("notice")?,
        phases,
    };
    let rule = c.rule(f, term);
    // Two terms are a conflict, reported as such; the first keeps the rest of the check meaningful.
    c.terms.term.get_or_insert(rule);
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rule = terms.term.as_ref().filter(|r| r.label() == label)?;
    let term = &rule.then;
    Some(read::sentence(rule, terms, |lang| {
        let months = |n: u32| base::Length::Months(n).in_words(lang);
        let end = term.end().map_or_else(String::new, |d| lang::date(lang, d));
        let notice = term.notice.in_words(lang);
        let renewal = match term.renewal {
            Renewal::Tacit { months: n } => lang.t(
                format!("il se reconduit tacitement pour {}, sauf préavis {}", months(n), read::of(&notice)),
                format!("it renews tacitly for {} unless notice of {notice} is given", months(n)),
            ),
            Renewal::Express => lang.t(
                format!("il ne se reconduit que d'un accord exprès (préavis{}: {notice})", '\u{a0}'),
                format!("it renews only if both parties say so (notice: {notice})"),
            ),
            Renewal::None => lang.t("il ne se reconduit pas".to_owned(), "it does not renew".to_owned()),
        };
        let phases: Vec<String> = term.phases.iter().map(|p| phase(lang, p)).collect();
        let phases = if phases.is_empty() {
            String::new()
        } else {
            format!("{}{}", lang.t("\u{202f}; phases\u{a0}: ", "; phases: "), phases.join(", "))
        };
        let start = lang::date(lang, term.start);
        lang.t(
            format!("le contrat court du {start} au {end} inclus, soit {}\u{202f}; {renewal}{phases}", months(term.months)),
            format!("the contract runs from {start} to {end} included, {}; {renewal}{phases}", months(term.months)),
        )
    }))
}

fn phase(lang: base::Lang, phase: &Phase) -> String {
    let from = lang::date(lang, phase.from);
    match phase.until.map(|d| lang::date(lang, d)) {
        Some(until) => lang.t(
            format!("« {} » du {from} au {until}", phase.name),
            format!("“{}” from {from} to {until}", phase.name),
        ),
        None => lang.t(
            format!("« {} » à partir du {from}", phase.name),
            format!("“{}” from {from} on", phase.name),
        ),
    }
}
