//! `training`: sessions that teach people to use what the service brings, with a target of attendance.

use super::sessions::{self, FIELDS};
use super::{Family, Kind, Mode, Run};

pub const KIND: Kind = Kind {
    name: "training",
    doc: ("les formations dues, et la présence visée", "the training that is due, and the attendance aimed at"),
    example: r#"kind = "training"
label = "formation-portail"
then = { subject = "le portail de tickets", audience = ["utilisateurs"], sessions = 2, by = 2026-03-31, attendance = "80 %" }
"#,
    family: Family::Governance,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: FIELDS,
    words: &[
        ("session", "une séance de formation", "a training session"),
        ("sessions", "séances de formation", "training sessions"),
        ("title", "présence aux formations", "attendance at training"),
    ],
    compile: |f, c| sessions::compile(f, c, &KIND),
    read_back: |label, terms| sessions::read_back(&KIND, label, terms),
};
