//! Rosters of contract A in November 2026: one to publish with a breach, one that is only read.

use super::{Board, Breach, Form, RowTyped, Turn, View};
use crate::design::Lang;
use crate::design::components::Choice;
use crate::pages::sampling::{at, garonne, reason};

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let turn =
        |name: &str, from: &str, until: &str| Turn { name: name.into(), from: at(from), until: at(until) };
    let ines = turn("Inès Cazenave", "2026-11-02T18:00", "2026-11-09T08:00");
    let board = Board {
        contract: "CTR-2026-001".into(),
        article: ("Article 12".into(), Some("/c/ateliers-garonne/contracts/CTR-2026-001#astreinte".into())),
        label: "astreinte".into(),
        now: vec![ines.clone()],
        promised: true,
        to_come: vec![
            ines,
            turn("Marc Leduc", "2026-11-09T18:00", "2026-11-16T08:00"),
            turn("Hélène Vidal", "2026-11-16T18:00", "2026-11-18T08:00"),
            turn("Inès Cazenave", "2026-11-18T18:00", "2026-11-23T08:00"),
        ],
        form: None,
    };
    let breach = Breach {
        key: "roster.notice/2026-11-09T17:00:00Z/0190a5b0-0000-7000-8000-000000000001".into(),
        who: Some("Marc Leduc".into()),
        reasons: vec![reason(
            "Article 12",
            "astreinte",
            lang.t(
                "la période commence le lundi 9 novembre 2026 à 18 h et n’est portée à la connaissance de la personne que le 3 novembre 2026 : le programme est connu 15 jours à l’avance (Code du travail, L3121-12)",
                "the period begins on Monday 9 November 2026 at 18:00 and the person only learns of it on 3 November 2026: the roster is known 15 days ahead (Code du travail, L3121-12)",
            ),
        )],
    };
    let typed =
        RowTyped { person: "marc".into(), from: "2026-11-09T18:00".into(), until: "2026-11-16T08:00".into() };
    let form = Form {
        key: "sample".into(),
        people: vec![
            Choice::new("", "—"),
            Choice::new("ines", "Inès Cazenave"),
            Choice::new("marc", "Marc Leduc"),
        ],
        rows: vec![typed, RowTyped::default()],
        exceptional: String::new(),
        found: Some(vec![breach]),
    };
    let customer = garonne();
    let written = Board { form: Some(form.clone()), ..board.clone() };
    let blank = Board {
        now: Vec::new(),
        to_come: Vec::new(),
        form: Some(Form { found: Some(Vec::new()), rows: vec![RowTyped::default()], ..form }),
        ..board.clone()
    };
    let view = |boards: Vec<Board>| View { customer: customer.clone(), boards, refused: None };
    vec![
        ("roster", view(vec![board])),
        ("to-confirm", view(vec![written])),
        ("nobody", view(vec![blank])),
        ("none", view(Vec::new())),
    ]
}
