//! Views of the team's page for the gallery and the tests.

use super::{BadMark, Customer, Danger, Dangers, LeftOut, Pages, Pauses, Person, Risk, ToGive, View};
use crate::design::components::Choice;
use crate::design::{CustomerRef, Lang};
use crate::pages::sampling;

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let next = |text| Some(sampling::at(text));
    let person = |name: &str, states, late, soon, due| Person {
        who: Some((name.to_owned(), "/?who=0198c0de-0000-7000-8000-000000000001".to_owned())),
        states,
        risk: Risk { late, soon, next: due },
    };
    let people = vec![
        Person {
            who: None,
            states: [3, 0, 0, 0],
            risk: Risk { late: 1, soon: 1, next: next("2026-11-03T09:40") },
        },
        person("Inès Cazenave", [1, 4, 2, 1], 1, 2, next("2026-11-03T11:30")),
        person("Marc Delpech", [0, 2, 0, 0], 0, 1, next("2026-11-03T16:00")),
        person("Théo Lacan", [0, 0, 1, 0], 0, 0, None),
    ];
    let customers = vec![
        Customer {
            customer: sampling::garonne(),
            open: 9,
            unassigned: 2,
            risk: Risk { late: 2, soon: 3, next: next("2026-11-03T09:40") },
        },
        Customer {
            customer: sampling::sologne(),
            open: 5,
            unassigned: 1,
            risk: Risk { late: 0, soon: 1, next: next("2026-11-03T16:00") },
        },
    ];
    let choices = vec![
        Choice::new(
            "0198c0de-0000-7000-8000-000000000001",
            lang.t("Inès Cazenave, 8 ouverts", "Inès Cazenave, 8 open"),
        ),
        Choice::new(
            "0198c0de-0000-7000-8000-000000000002",
            lang.t("Marc Delpech, 2 ouverts", "Marc Delpech, 2 open"),
        ),
    ];
    let rows = sampling::tickets(lang).into_iter().filter(|row| row.assignee.is_none());
    let to_give: Vec<ToGive> = rows.map(|row| ToGive { row, people: choices.clone() }).collect();
    let all = View {
        hours: 8,
        people,
        customers,
        customers_pages: Pages {
            previous: None,
            next: Some("/team?hours=8&customers=menuiserie#customers".to_owned()),
            total: 100,
        },
        to_give,
        more: Some("/?show=unassigned".to_owned()),
        key: "sample-key".into(),
        pauses: Pauses {
            month: sampling::day("2026-10-01"),
            previous: "/team?month=2026-09#pauses".into(),
            next: Some("/team?month=2026-11#pauses".into()),
            people: vec![("Inès Cazenave".into(), 7, 2_215), ("Marc Leduc".into(), 1, 40)],
            left_out: LeftOut { failing: vec!["Mutuelle Horizon".into()], waiting: Vec::new() },
        },
        dangers: dangers(lang),
        bad_marks: vec![BadMark {
            customer: sampling::garonne().name,
            href: sampling::garonne().path("/tickets/402#satisfaction"),
            number: 402,
            title: lang.t("Imprimante de l’atelier muette", "Workshop printer silent").to_string(),
            score: 2,
            at: sampling::at("2026-10-30T17:05"),
        }],
        unjudged: LeftOut { failing: vec!["Mutuelle Horizon".into()], waiting: Vec::new() },
    };
    let read_only = View {
        to_give: all.to_give.iter().cloned().map(|line| ToGive { people: Vec::new(), ..line }).collect(),
        more: None,
        ..all.clone()
    };
    let nothing = View {
        hours: 24,
        people: Vec::new(),
        customers: Vec::new(),
        customers_pages: Pages::default(),
        to_give: Vec::new(),
        more: None,
        key: "sample-key".into(),
        pauses: Pauses {
            month: sampling::day("2026-11-01"),
            previous: "/team?month=2026-10#pauses".into(),
            next: None,
            people: Vec::new(),
            left_out: LeftOut::default(),
        },
        dangers: Dangers::default(),
        bad_marks: Vec::new(),
        unjudged: LeftOut::default(),
    };
    vec![("all", all), ("read-only", read_only), ("nothing", nothing)]
}

fn dangers(lang: Lang) -> Dangers {
    let danger =
        |customer: CustomerRef, what: &str, article: &str, missed, figure: &str, margin: &str| Danger {
            href: customer.path("/contracts/CTR-2026-001#objectif"),
            customer,
            what: what.to_owned(),
            article: article.to_owned(),
            missed,
            figure: figure.to_owned(),
            exact: None,
            margin: margin.to_owned(),
        };
    let t = |fr: &'static str, en: &'static str| lang.t(fr, en).to_string();
    Dangers {
        objectives: vec![
            danger(
                sampling::sologne(),
                &t("Prise en charge", "Response"),
                "Article 9",
                true,
                &t("90 % pour 95 % promis", "90% for 95% promised"),
                "",
            ),
            danger(
                sampling::garonne(),
                &t("Rétablissement", "Restoration"),
                "Article 18",
                false,
                &t("94,7 % pour 95 % promis", "94.7% for 95% promised"),
                &t("plus aucun manquement admis", "no more failure allowed"),
            ),
        ],
        meters: vec![danger(
            sampling::garonne(),
            "CTR-2026-001",
            "Article 11",
            false,
            &t("0 ticket restant sur 120", "0 tickets left of 120"),
            &t("3 au-delà, 72,00 € HT", "3 beyond, €72.00 net"),
        )],
        objectives_pages: Pages { previous: Some("/team?hours=8#dangers".to_owned()), next: None, total: 17 },
        meters_pages: Pages::default(),
        left_out: LeftOut {
            failing: vec!["Mutuelle Horizon".into()],
            waiting: vec!["Lumen Édition".into(), "Transports Brune".into()],
        },
        since: Some(sampling::at("2026-11-03T09:20")),
    }
}
