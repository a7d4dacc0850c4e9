//! `awareness`: sessions that make people aware, before the service starts or every year, with a target of
//! attendance: « sensibiliser ces derniers avant l'externalisation » (S-086); Reg. (EU) 2022/2554, 30(2)(i).

use super::sessions::{self, FIELDS};
use super::{Family, Kind, Mode, Run};

pub const KIND: Kind = Kind {
    name: "awareness",
    doc: ("les séances de sensibilisation dues, et la présence visée", "the awareness sessions due, and the attendance aimed at"),
    example: r#"kind = "awareness"
label = "sensibilisation"
then = { subject = "le passage à l'infogérance", audience = ["tous les salariés"], sessions = 3, by = 2026-03-01, attendance = "80 %" }
"#,
    family: Family::Governance,
    run: Run::Engine,
    mode: Mode::Additive,
    guarded: false,
    fields: FIELDS,
    words: &[
        ("session", "une séance de sensibilisation", "an awareness session"),
        ("sessions", "séances de sensibilisation", "awareness sessions"),
        ("title", "présence aux sensibilisations", "attendance at awareness sessions"),
    ],
    compile: |f, c| sessions::compile(f, c, &KIND),
    read_back: |label, terms| sessions::read_back(&KIND, label, terms),
};
