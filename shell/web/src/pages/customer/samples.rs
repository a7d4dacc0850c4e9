//! Ateliers Garonne on 3 November 2026, and a customer with nothing signed.

use super::{
    Awaited, ContractCard, Deadline, Judged, MonthSoFar, MonthlyFee, OnCall, Satisfaction, View, Volume,
};
use crate::design::components::Tone;
use crate::design::{CustomerRef, Lang};
use crate::pages::sampling::{customer_id, day, garonne, pack, reason, tickets};

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    vec![
        ("garonne", full(lang)),
        ("employee", employee(lang)),
        ("orders", orders(lang)),
        ("unsigned", unsigned(lang)),
    ]
}

fn full(lang: Lang) -> View {
    let deadline =
        |date, what: crate::design::Text, article: &str, label: &str, distance: crate::design::Text, tone| {
            Deadline {
                date: day(date),
                what: what.into(),
                reason: reason(article, label, ""),
                tone,
                distance: distance.into(),
            }
        };
    View {
        customer: garonne(),
        summary: lang
            .t(
                "Toulouse et Strasbourg, 40 postes, infogérance globale",
                "Toulouse and Strasbourg, 40 seats, full managed service",
            )
            .into(),
        contracts: vec![ContractCard {
            id: "CTR-2026-001".into(),
            title: lang.t("Contrat d’infogérance", "Managed services contract").into(),
            version: lang
                .t("version 2, en vigueur depuis le 1er oct. 2026", "version 2, in force since 1 Oct 2026")
                .into(),
            ends: day("2029-02-28"),
            notice_by: Some(day("2028-11-30")),
            monthly_fee: Some(MonthlyFee { cents: Some(230_000), ..MonthlyFee::default() }),
            held: 14,
            at_risk: 2,
            missed: 1,
            not_measured: 6,
        }],
        own_work: Vec::new(),
        open_work: tickets(lang).into_iter().filter(|row| row.customer == garonne()).collect(),
        open_count: 4,
        may_sign: true,
        may_draft: true,
        meters: vec![pack(lang, "pack")],
        month: Some(MonthSoFar {
            month: day("2026-11-01"),
            opened: 9,
            resolved: 5,
            restored_in_time: (5, 6),
            taken_in_time: (7, 7),
            penalties_cents: Some(4_600),
        }),
        satisfaction: Some(Satisfaction {
            months: vec![Judged { month: day("2026-10-01"), answers: 9, mean: 422, dissatisfied: 1 }],
            target: vec![reason(
                "Article 47",
                "satisfaction",
                lang.t(
                    "Le contrat vise une note moyenne de 4 sur 5.",
                    "The contract aims at an average mark of 4 out of 5.",
                ),
            )],
        }),
        awaited: vec![Awaited {
            number: 409,
            title: lang.t("Réserver un ouvrage", "Book a volume").into(),
            href: "/c/ateliers-garonne/tickets/409".into(),
            asks: lang.t("livraison à vérifier", "delivery to verify").into(),
            until: Some(day("2026-11-06")),
            silence: lang
                .t("votre silence vaudra acceptation", "your silence will mean acceptance")
                .into(),
            reasons: vec![reason(
                "Article 23",
                "recette",
                lang.t(
                    "VABF : le Client se prononce avant la fin du 6 novembre 2026 ; son silence vaut acceptation.",
                    "VABF: the customer answers before the end of 6 November 2026; silence means acceptance.",
                ),
            )],
            tone: Tone::Warning,
        }],
        to_judge: vec![(412, "Imprimante".into(), "/c/ateliers-garonne/tickets/412#satisfaction".into())],
        on_call: vec![OnCall {
            contract: "CTR-2026-001".into(),
            names: vec!["Inès Cazenave".into()],
            promised: true,
        }],
        deadlines: vec![
            deadline(
                "2026-11-18",
                lang.t("Répétition annuelle de la réversibilité", "Yearly exit rehearsal"),
                "Article 19",
                "reversibilite",
                lang.t("dans 15 jours", "in 15 days"),
                Tone::Warning,
            ),
            deadline(
                "2026-12-31",
                lang.t(
                    "Expiration de l’attestation d’assurance RC professionnelle",
                    "Professional liability certificate expires",
                ),
                "Article 17",
                "assurance",
                lang.t("dans 58 jours", "in 58 days"),
                Tone::Quiet,
            ),
            deadline(
                "2027-02-28",
                lang.t(
                    "Fin de l’année contractuelle : le carnet repart à 120",
                    "End of the contract year: the pack restarts at 120",
                ),
                "Article 11",
                "carnet",
                lang.t("dans 117 jours", "in 117 days"),
                Tone::Quiet,
            ),
            deadline(
                "2028-11-30",
                lang.t(
                    "Dernier jour pour refuser la reconduction tacite",
                    "Last day to refuse tacit renewal",
                ),
                "Article 4",
                "duree",
                lang.t("dans 2 ans", "in 2 years"),
                Tone::Quiet,
            ),
        ],
    }
}

/// As an employee reads it: their own tickets first, and neither contract nor money.
fn employee(lang: Lang) -> View {
    let mut view = full(lang);
    view.own_work = view.open_work.split_off(view.open_work.len() - 1);
    let month = view.month.map(|month| MonthSoFar { penalties_cents: None, ..month });
    View {
        contracts: Vec::new(),
        month,
        meters: Vec::new(),
        deadlines: Vec::new(),
        on_call: Vec::new(),
        satisfaction: None,
        may_sign: false,
        may_draft: false,
        ..view
    }
}

/// An overarching contract and two orders under it, whose prices differ in kind.
fn orders(lang: Lang) -> View {
    let view = full(lang);
    let fees = [
        ("CTR-2026-003", MonthlyFee { by_orders: true, ..MonthlyFee::default() }),
        ("CTR-2026-003-D", MonthlyFee { cents: Some(2_356_000), ..MonthlyFee::default() }),
        (
            "CTR-2026-003-P",
            MonthlyFee {
                volumes: vec![Volume { title: "Bulletins de paie".into(), minimum: 800 }],
                ..MonthlyFee::default()
            },
        ),
    ];
    let card = |(id, fee): (&str, MonthlyFee)| ContractCard {
        id: id.into(),
        monthly_fee: Some(fee),
        ..view.contracts[0].clone()
    };
    View { contracts: fees.map(card).to_vec(), ..view }
}

fn unsigned(lang: Lang) -> View {
    View {
        customer: CustomerRef {
            id: customer_id(3),
            slug: "moulins-du-lauragais".into(),
            name: "Moulins du Lauragais".into(),
            contract: None,
        },
        summary: lang.t("Client créé le 2 nov. 2026", "Customer created on 2 Nov 2026").into(),
        contracts: Vec::new(),
        own_work: Vec::new(),
        open_work: Vec::new(),
        open_count: 0,
        may_sign: true,
        may_draft: true,
        meters: Vec::new(),
        month: None,
        deadlines: Vec::new(),
        on_call: Vec::new(),
        satisfaction: None,
        awaited: Vec::new(),
        to_judge: Vec::new(),
    }
}
