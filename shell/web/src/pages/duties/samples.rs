//! Duties of contract A on 3 November 2026, and a contract that makes none.

use super::{Forms, Item, ItemState, Line, Other, Party, View};
use crate::design::Lang;
use crate::design::components::Choice;
use crate::pages::sampling::{day, garonne, reason};

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    vec![("year", full(lang)), ("none", none())]
}

fn none() -> View {
    View {
        customer: garonne(),
        contract: "CTR-2026-001".into(),
        others: Vec::new(),
        as_of: day("2026-11-03"),
        party: None,
        state: None,
        counts: ItemState::ALL.map(|s| (s, 0)),
        items: Vec::new(),
        pages: (None, None),
        deadlines: Vec::new(),
        rights: Vec::new(),
        told: Vec::new(),
        told_next: None,
        forms: None,
    }
}

fn full(lang: Lang) -> View {
    let items = items(lang);
    let line = |on: Option<&str>, text: crate::design::Text, label: &str| Line {
        on: on.map(day),
        text: text.into(),
        label: Some(label.into()),
        reasons: vec![reason(
            "Article 18",
            label,
            lang.t("Préavis de trois mois.", "Notice of three months."),
        )],
    };
    View {
        others: vec![
            Other { number: "CTR-2026-001".into(), current: true },
            Other { number: "CTR-2026-001-P".into(), current: false },
        ],
        counts: ItemState::ALL.map(|s| (s, items.iter().filter(|i| i.state == s).count())),
        items,
        pages: (
            Some("/c/ateliers-garonne/duties?before=x".into()),
            Some("/c/ateliers-garonne/duties?after=x".into()),
        ),
        deadlines: vec![line(
            Some("2028-11-30"),
            lang.t("Dernier jour pour dénoncer", "Last day to give notice"),
            "duree",
        )],
        rights: vec![line(
            None,
            lang.t("Droit fermé : il s’ouvre le 1er août 2027.", "Right closed: it opens on 1 August 2027."),
            "sortie",
        )],
        told: vec![Line {
            on: Some(day("2026-09-15")),
            text: lang
                .t(
                    "Le changement de contrôle — courrier du 15 septembre",
                    "The change of control — letter of 15 September",
                )
                .into(),
            label: None,
            reasons: Vec::new(),
        }],
        forms: Some(forms(lang)),
        ..none()
    }
}

fn items(lang: Lang) -> Vec<Item> {
    let one = |on: Option<&str>, title: &str, label: &str, party, state, done: Option<(&str, &str)>| Item {
        on: on.map(day),
        limit: None,
        title: title.into(),
        text_lang: Lang::Fr,
        label: label.into(),
        key: format!("{label}/report"),
        party,
        proof: lang.t("un document remis", "a document handed over").into(),
        state,
        done: done.map(|(on, reference)| (day(on), reference.into())),
        ticket: None,
        reasons: vec![reason(
            "Article 14",
            label,
            lang.t("À faire au plus tard ce jour-là.", "Due by that day."),
        )],
    };
    vec![
        one(
            Some("2026-06-30"),
            "Une note de veille technologique",
            "veille",
            Party::Provider,
            ItemState::Done,
            Some(("2026-06-20", "note n° 1")),
        ),
        one(
            Some("2026-09-30"),
            "Le procès-verbal du comité de pilotage",
            "comite",
            Party::Provider,
            ItemState::Late,
            None,
        ),
        one(
            Some("2026-11-10"),
            "La revue annuelle des comptes",
            "revue",
            Party::Customer,
            ItemState::Soon,
            None,
        ),
        one(
            Some("2026-11-30"),
            "L’attestation d’assurance",
            "assurance",
            Party::Provider,
            ItemState::Unproved,
            Some(("2026-10-28", "")),
        ),
        Item {
            limit: Some(lang.t("30 novembre 2026 à 18 h", "30 November 2026 at 18:00").into()),
            ticket: Some((1207, "/c/ateliers-garonne/tickets/1207".into())),
            ..one(
                Some("2026-11-30"),
                "La notification de la violation de données",
                "violation",
                Party::Provider,
                ItemState::Later,
                None,
            )
        },
        one(None, "Les mesures de sécurité", "securite", Party::Provider, ItemState::Always, None),
    ]
}

fn forms(lang: Lang) -> Forms {
    Forms {
        duty: Some("sample-key-1".into()),
        life: Some("sample-key-2".into()),
        owed: vec![Choice::new("comite/committee", "Le procès-verbal du comité de pilotage [comite]")],
        chosen: "comite/committee".into(),
        proofs: vec![Choice::new("minutes", lang.t("Un procès-verbal signé", "Signed minutes"))],
        facts: vec![Choice::new("breach", lang.t("Mise en demeure reçue", "Formal notice of a breach"))],
        today: day("2026-11-03"),
        now: day("2026-11-03").at(10, 0, 0, 0),
    }
}
