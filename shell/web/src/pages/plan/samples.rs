//! Plans of contract A in November 2026: one to write, one that waits for somebody, one that has ended.

use super::{Existing, Form, Planned, Values, View};
use crate::design::Lang;
use crate::design::components::Choice;
use crate::pages::new_ticket::catalogue::{Price, Weighed};
use crate::pages::plans::{State, Turn};
use crate::pages::sampling::{at, day, garonne, reason};

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let choice = |value: &str, fr: &str, en: &str| {
        Choice::new(value, if lang == Lang::Fr { fr.to_owned() } else { en.to_owned() })
    };
    let description = lang.t(
        "Lire le rapport de la nuit ; **rétablir** ce qui manque.",
        "Read the night’s report; **restore** what is missing.",
    );
    let values = Values {
        contract: "CTR-2026-001".into(),
        title: lang.t("Contrôle des sauvegardes", "Check of backups").into(),
        description: description.into(),
        kind: "service_request".into(),
        every: "1".into(),
        unit: "weeks".into(),
        first: "2026-07-06".into(),
        at: "08:30".into(),
        closed: "next:ho".into(),
        ..Values::default()
    };
    let form = Form {
        action: "/c/ateliers-garonne/plans".into(),
        key: "sample".into(),
        values,
        kinds: vec![
            choice("service_request", "Demande", "Request"),
            choice("preventive", "Préventif", "Preventive"),
        ],
        items: vec![choice("", "Aucun élément en particulier", "No item in particular")],
        sites: vec![choice("toulouse", "Toulouse", "Toulouse")],
        operations: vec![choice("backup_check", "Contrôle des sauvegardes", "Check of backups")],
        duties: vec![
            choice("", "Aucune", "None"),
            choice("veille/report", "La note de veille [veille]", "The watch note [veille]"),
        ],
        levels: Vec::new(),
        priorities: vec![choice("", "La plus faible de la matrice", "The mildest of the matrix")],
        units: vec![
            choice("days", "jours", "days"),
            choice("weeks", "semaines", "weeks"),
            choice("months", "mois", "months"),
        ],
        closed: vec![
            choice("", "Tous les jours comptent", "Every day counts"),
            choice("next:ho", "Reporter au premier jour ouvert : ho", "Put off to the next open day: ho"),
        ],
    };
    let put_off = reason(
        "Article 15",
        "ho",
        lang.t(
            "le 11 novembre 2026 est un jour fermé du calendrier : reporté au 12 novembre 2026",
            "11 November 2026 is a closed day of the calendar: put off to 12 November 2026",
        ),
    );
    let dates = vec![
        Planned { at: at("2026-11-04T08:30"), put_off: None },
        Planned { at: at("2026-11-12T08:30"), put_off: Some((day("2026-11-11"), vec![put_off])) },
    ];
    let included =
        reason("Article 8", "controle-sauvegardes", lang.t("compris dans le forfait", "included in the fee"));
    let weighed = Weighed {
        price: Price::Included { left: None },
        reasons: vec![included],
        priority: "P4".into(),
        priority_reasons: Vec::new(),
        due: Vec::new(),
        confirm: false,
    };
    let new = View {
        customer: garonne(),
        plan: None,
        form: Some(form.clone()),
        dates,
        weighed: Some(weighed),
        contracts: Vec::new(),
        refused: None,
    };
    let turns = vec![
        Turn {
            due: at("2026-10-28T08:30"),
            late: None,
            became: Ok((431, "/c/ateliers-garonne/tickets/431".into())),
        },
        Turn {
            due: at("2026-10-05T08:30"),
            late: None,
            became: Err(lang
                .t(
                    "refusé par le contrat, qui dit pourquoi au journal",
                    "refused by the contract, which says why in the journal",
                )
                .into()),
        },
    ];
    let plan = Existing {
        title: lang.t("Contrôle des sauvegardes", "Check of backups").into(),
        description: description.into(),
        rhythm: lang
            .t("chaque semaine à 8 h 30, à partir du 6 juillet 2026", "every week at 8:30, from 6 July 2026")
            .into(),
        state: State::Held(at("2026-11-01T08:30")),
        by: "Marc Leduc".into(),
        written: at("2026-07-01T10:00"),
        turns,
        more: None,
        end: Some(("/c/ateliers-garonne/plans/1/end".into(), "sample".into())),
    };
    let ended = Existing { state: State::Ended(at("2026-11-02T09:00")), end: None, ..plan.clone() };
    vec![
        ("held", View { plan: Some(plan), weighed: None, ..new.clone() }),
        ("ended", View { plan: Some(ended), form: None, dates: Vec::new(), weighed: None, ..new.clone() }),
        ("new", new),
    ]
}
