//! Contract A in August 2026, an outage under way, and a contract that promises nothing.

use super::{Forms, Mark, MonthState, Outage, Service, Strip, View, Window, forms};
use crate::design::Lang;
use crate::design::components::{Choice, Tone};
use crate::pages::sampling::{at, day, garonne, reason};

/// Named views.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    vec![("august", august(lang)), ("under-way", under_way(lang)), ("empty", empty())]
}

fn august(lang: Lang) -> View {
    View {
        customer: garonne(),
        month: day("2026-08-01"),
        state: MonthState::Closed,
        previous: Some(day("2026-07-01")),
        next: Some(day("2026-09-01")),
        services: vec![service(lang)],
        outages: vec![
            Outage { counts: vec!["ERP".into()], ..outage("a1", "2026-08-12T09:30", Some("2026-08-12T10:45"), lang) },
            Outage {
                origin: lang.t("du fait du client", "caused by the customer").into(),
                origin_key: "customer".into(),
                notes: vec![reason("Article 19", "dispo-erp", lang.t(
                    "Interruption du 20 août 2026 à 9 h 30, du fait du Client : la clause ne la compte pas.",
                    "Outage of 20 August 2026 at 09:30, caused by the Customer: the clause does not count it.",
                ))],
                ..outage("a2", "2026-08-20T09:30", Some("2026-08-20T10:00"), lang)
            },
            Outage { cancelled: true, ..outage("a3", "2026-08-20T10:10", None, lang) },
        ],
        windows: vec![window(lang)],
        forms: None,
    }
}

fn under_way(lang: Lang) -> View {
    let service = Service {
        tone: Tone::Warning,
        verdict: lang.t("tenue à ce jour", "met so far").into(),
        reached: Some(lang.t("99,682540 %", "99.682540%").into()),
        ..service(lang)
    };
    let running = Outage {
        declared: Some(at("2026-08-12T09:40")),
        counts: vec!["ERP".into()],
        ..outage("b1", "2026-08-12T09:30", None, lang)
    };
    let choices = [("ERP", "ERP"), ("srv-erp", "srv-erp")];
    View {
        state: MonthState::Running,
        next: None,
        services: vec![service],
        outages: vec![running],
        windows: vec![Window { to_come: true, notes: Vec::new(), ..window(lang) }],
        forms: Some(Forms {
            key: "sample-key".into(),
            items: choices.iter().map(|(value, label)| Choice::new(*value, *label)).collect(),
            states: forms::states(lang),
            origins: forms::origins(lang),
            now: "2026-08-12T10:00".into(),
            users: true,
        }),
        ..august(lang)
    }
}

fn empty() -> View {
    View {
        customer: garonne(),
        month: day("2026-11-01"),
        state: MonthState::Running,
        previous: None,
        next: None,
        services: Vec::new(),
        outages: Vec::new(),
        windows: Vec::new(),
        forms: None,
    }
}

fn service(lang: Lang) -> Service {
    let hours = |date: &str| {
        let local = |hour: &str| at(&format!("{date}T{hour}"));
        [(local("09:00"), local("12:30")), (local("14:00"), local("18:00"))]
    };
    let worked = (1..=31).filter(|d| ![1, 2, 8, 9, 15, 16, 22, 23, 29, 30].contains(d));
    let says = lang.t(
        "157 h 30 de service convenu ; 1 interruption comptée, 1 h 15 perdue.",
        "157 h 30 min of agreed service; 1 outage counted, 1 h 15 min lost.",
    );
    Service {
        label: "dispo-erp".into(),
        name: "ERP".into(),
        items: vec!["srv-erp".into()],
        from: day("2026-08-01"),
        to: day("2026-08-31"),
        reached: Some(lang.t("99,206349 %", "99.206349%").into()),
        target: lang.t("99,5 %", "99.5%").into(),
        tone: Tone::Bad,
        verdict: lang.t("manquée", "missed").into(),
        lost: lang.t("1 h 15 perdue, 47 min 15 s admises.", "1 h 15 min lost, 47 min 15 s allowed.").into(),
        strip: Strip {
            id: "strip-dispo-erp".into(),
            from: day("2026-08-01"),
            to: day("2026-08-31"),
            agreed: worked.flat_map(|d| hours(&format!("2026-08-{d:02}"))).collect(),
            left_out: vec![(at("2026-08-25T09:00"), at("2026-08-25T11:00"))],
            lost: vec![
                Mark { from: at("2026-08-12T09:30"), until: at("2026-08-12T10:45"), weight: 100 },
                Mark { from: at("2026-08-19T15:00"), until: at("2026-08-19T17:00"), weight: 50 },
            ],
            says: says.into(),
        },
        reasons: vec![
            reason("Article 19", "dispo-erp", lang.t(
                "ERP, du 1er août 2026 au 31 août 2026 : 157 h 30 de service convenu (calendrier « ho »).",
                "ERP, from 1 August 2026 to 31 August 2026: 157 h 30 min of agreed service (calendar “ho”).",
            )),
            reason("Article 19", "dispo-erp", lang.t(
                "Temps perdu : 1 h 15. Disponibilité : 99,206349 % pour 99,5 % promis, comparés avant tout arrondi. Engagement manqué.",
                "Time lost: 1 h 15 min. Availability: 99.206349% for 99.5% promised, compared before any rounding. Commitment missed.",
            )),
        ],
    }
}

fn outage(id: &str, detected: &str, ended: Option<&str>, lang: Lang) -> Outage {
    Outage {
        id: id.into(),
        items: vec!["srv-erp".into()],
        state: lang.t("interrompu", "down").into(),
        state_key: "down".into(),
        origin: lang.t("du fait du prestataire", "caused by the provider").into(),
        origin_key: "provider".into(),
        users: None,
        detected: Some(at(detected)),
        declared: None,
        ended: ended.map(at),
        by: "Inès Cazenave".into(),
        corrected: ended.is_some(),
        cancelled: false,
        counts: Vec::new(),
        notes: Vec::new(),
    }
}

fn window(lang: Lang) -> Window {
    Window {
        id: "w1".into(),
        items: vec!["ERP".into()],
        from: at("2026-08-25T09:00"),
        until: at("2026-08-25T11:00"),
        announced: at("2026-08-24T17:00"),
        by: "Inès Cazenave".into(),
        cancelled: false,
        to_come: false,
        notes: vec![reason("Article 19", "dispo-erp", lang.t(
            "Maintenance du 25 août 2026 à 9 h au 25 août 2026 à 11 h, annoncée le 24 août 2026 à 17 h : le préavis de 5 jours ouvrés n’est pas respecté, rien n’en est exclu.",
            "Maintenance from 25 August 2026 at 09:00 to 25 August 2026 at 11:00, announced on 24 August 2026 at 17:00: less than the notice of 5 working days, nothing of it is excluded.",
        ))],
    }
}
