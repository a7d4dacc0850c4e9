//! `documentation`: which documents are kept, how fresh they must be, and how that is measured (S-044).

use base::Bilingual;
use terms::indicator::IndicatorTarget;
use terms::{DutyProof, Indicator, Terms};

use super::says;
use super::{Family, Field, Fields, Kind, Mode, Run, Type, owed, read};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "documentation",
    doc: ("la documentation tenue à jour, et la mesure de sa fraîcheur", "the documents kept up to date, and how fresh they are"),
    example: r#"kind = "documentation"
label = "documentation"
then = { documents = ["procédures d'exploitation", "schémas du réseau", "inventaire"], fresh_within = "12 months", objective = "95 %", per = "quarter", every = "6 months", language = "fr" }
"#,
    family: Family::Governance,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("documents", Type::Texts, "documents tenus", "documents kept"),
        Field::required("fresh_within", Type::Length, "un document est à jour s'il a été revu depuis moins de", "a document is fresh when reviewed within"),
        Field::required("objective", Type::Percent, "part des documents à jour", "share of fresh documents"),
        Field::required("per", Type::Choice(&["month", "quarter", "contract_year"]), "période de mesure", "period of measure"),
        owed::EVERY,
        owed::FIRST,
        owed::PER_YEAR,
        owed::MONTH,
        Field::optional("language", Type::Text, "langue", "language"),
        Field::default("formats", Type::Texts, "[]", "formats remis", "formats handed over"),
    ],
    words: &[("documentation_review", "la revue de la documentation", "the review of the documents")],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let (objective, fresh) = (f.percent("objective")?, f.length("fresh_within")?);
    let due = owed::rhythm(f, c)?;
    owed::owe(f, c, &KIND, "documentation_review", due, DutyProof::Document);
    let (lang, words) = (c.lang(), fresh.in_words(c.lang()));
    let indicator = Indicator {
        title: lang.t("fraîcheur de la documentation", "freshness of documents").to_owned(),
        source: "declared".to_owned(),
        formula: lang.t(
            format!("documents revus depuis moins {} / documents tenus", read::of(&words)),
            format!("documents reviewed within {words} / documents kept"),
        ),
        unit: "%".to_owned(),
        per: f.one_of("per")?,
        target: Some(IndicatorTarget::AtLeast { value: objective }),
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
    Some(read::sentence(says.rule, terms, |lang| {
        let documents = says.text("documents");
        let (share, fresh, per) = (
            says.percent("objective", lang).unwrap_or_default(),
            says.length("fresh_within", lang).unwrap_or_default(),
            says.word("per", lang),
        );
        let head = lang.t(
            format!("documents tenus\u{a0}: {documents}\u{202f}; {share} au moins d'entre eux, mesurés par {per}, ont été revus depuis moins {}", read::of(&fresh)),
            format!("documents kept: {documents}; at least {share} of them, measured each {per}, were reviewed within {fresh}"),
        );
        owed::then_duties(&KIND, lang, head, label, terms)
    }))
}
