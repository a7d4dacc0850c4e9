//! `technology_watch`: the provider's duty to watch technology and tell the customer, at regular intervals.

use base::Bilingual;
use terms::{DutyDue, DutyProof, Terms};

use super::says::{self, colon, parts};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties, read};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "technology_watch",
    doc: ("la veille technologique due par le prestataire", "the technology watch that the provider owes"),
    example: r#"kind = "technology_watch"
label = "veille"
then = { report_every = "6 months", sources = ["CERT-FR", "éditeurs des logiciels couverts"] }
"#,
    family: Family::Governance,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[
        Field::required("report_every", Type::Length, "rythme des notes de veille", "how often notes are due"),
        Field::optional("first", Type::Date, "date de la première note", "date of the first note"),
        Field::default("sources", Type::Texts, "[]", "sources suivies", "sources followed"),
        Field::optional("advisories_within", Type::Length, "délai pour signaler un avis de sécurité qui touche un élément du parc", "how soon an advisory that concerns an item of the inventory is told"),
        Field::default(
            "title",
            Type::Text,
            "\"une note de veille technologique\"",
            "ce qui est dû, dans les mots des parties",
            "what is due, in the parties' words",
        ),
    ],
    words: &[],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let due = DutyDue::Every { period: f.length("report_every")?, first: f.date("first") };
    let duty = duties::provider("watch_report", f.text("title")?, due, DutyProof::Document);
    duties::push(f, c, duty);
    // What is watched is part of the terms where something is to be laid over it.
    if f.has("advisories_within") {
        says::push(f, c);
    }
    Some(())
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let Some(says) = says::find(label, &KIND, terms) else { return duties::read_back(label, terms) };
    Some(read::sentence(says.rule, terms, |lang| {
        let owed: Vec<String> = duties::of_clause(label, terms).map(|duty| duties::sentence(lang, duty)).collect();
        let (within, sources) = (says.length("advisories_within", lang).unwrap_or_default(), says.list("sources", lang));
        let advisories = lang.t(
            format!("un avis de sécurité qui touche un élément du parc est signalé dans un délai {}", read::of(&within)),
            format!("an advisory that concerns an item of the inventory is told within {within}"),
        );
        let sources = match sources.is_empty() {
            true => sources,
            false => lang.t(format!("sources suivies{}{sources}", colon(lang)), format!("sources followed: {sources}")),
        };
        parts(lang, &[parts(lang, &owed), advisories, sources])
    }))
}
