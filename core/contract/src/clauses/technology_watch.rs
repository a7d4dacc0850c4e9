//! `technology_watch`: the provider's duty to watch technology and tell the customer, at regular intervals.

use terms::{DutyDue, DutyProof};

use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties};
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
    read_back: duties::read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let due = DutyDue::Every { period: f.length("report_every")?, first: f.date("first") };
    let duty = duties::provider("watch_report", f.text("title")?, due, DutyProof::Document);
    duties::push(f, c, duty);
    Some(())
}
