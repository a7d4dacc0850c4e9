//! `roadmap`: the milestones by which the information system is to change, and whose each one is.
//!
//! S-055: « vecteur de transformation de leur système d'information et de leurs processus ».

use terms::{Duty, DutyDue, DutyProof};

use super::{Family, Field, Fields, Kind, Mode, Run, Type, duties};
use crate::compile::Compiler;

pub const KIND: Kind = Kind {
    name: "roadmap",
    doc: (
        "le plan de transformation : ses jalons, leurs dates et qui les doit",
        "the transformation plan: its milestones, their dates and who owes each",
    ),
    example: r#"kind = "roadmap"
label = "transformation"
then.milestones = [
  { name = "la messagerie dans un service hébergé", by = 2026-09-30, owed_by = "provider" },
  { name = "l'abandon du serveur de fichiers", by = 2027-03-31, owed_by = "customer" },
]
"#,
    family: Family::Governance,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: &[Field::required(
        "milestones",
        Type::Tables(&[
            Field::required("name", Type::Text, "le jalon, article compris", "the milestone"),
            Field::required("by", Type::Date, "au plus tard le", "by"),
            Field::required(
                "owed_by",
                Type::Choice(&["provider", "customer"]),
                "qui le doit",
                "who owes it",
            ),
        ]),
        "jalons, dans l'ordre",
        "milestones, in order",
    )],
    words: &[],
    compile,
    read_back: duties::read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    for (number, milestone) in (1..).zip(f.tables("milestones")) {
        let duty = Duty {
            owed_by: milestone.one_of("owed_by")?,
            what: format!("milestone:{number}"),
            title: milestone.text("name")?,
            due: DutyDue::By { date: milestone.date("by")? },
            proof: DutyProof::Minutes,
            alert_before: None,
        };
        duties::push(f, c, duty);
    }
    Some(())
}
