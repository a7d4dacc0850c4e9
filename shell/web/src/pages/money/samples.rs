//! November 2026 in progress, August 2026 with its cap, and a contract not started.

use super::{
    AvailabilityRow, Cap, CloseForm, ClosedMonth, CommitmentResult, InvoiceLine, Month, MonthState,
    ObjectiveVerdict, PenaltyLine, View, path,
};
use crate::design::{Lang, Text};
use crate::pages::sampling::{at, computed, day, garonne, pack, reason};
use crate::pages::shared::{Other, Promise};

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let running = View {
        customer: garonne(),
        contract: "CTR-2026-001".into(),
        others: Vec::new(),
        meters: vec![pack(lang, "pack")],
        month: Some(october(lang)),
        closed: closed(),
        pages: (None, Some("/c/garonne/money?before=2026-01-01#closed".into())),
        close: Some(CloseForm { month: day("2026-10-01"), key: "01K9-sample".into(), obstacles: Vec::new() }),
    };
    let capped = View { month: Some(august(lang)), close: None, ..running.clone() };
    let blocked = View {
        close: Some(CloseForm {
            month: day("2026-11-01"),
            key: "01K9-sample".into(),
            obstacles: vec![
                lang.t("le mois se termine le 30 nov. 2026", "the month ends on 30 Nov 2026").into(),
            ],
        }),
        ..running.clone()
    };
    let nothing =
        View { meters: Vec::new(), month: None, closed: Vec::new(), close: None, ..running.clone() };
    let tab = |number: &str| Other { number: number.into(), current: number == running.contract };
    let several = View { others: ["CTR-2026-001", "CTR-2026-004"].map(tab).to_vec(), ..running.clone() };
    vec![
        ("running", running),
        ("several", several),
        ("capped", capped),
        ("blocked", blocked),
        ("nothing", nothing),
    ]
}

fn lines(lang: Lang) -> Vec<InvoiceLine> {
    let line = |label: Text, quantity: &str, unit, amount, why: &str, text: Text, sum: &str| InvoiceLine {
        label: label.into(),
        quantity: quantity.into(),
        unit_price_cents: unit,
        amount_cents: amount,
        tickets: Vec::new(),
        reasons: vec![computed("Article 12", why, text, sum)],
    };
    let visit = InvoiceLine {
        tickets: vec![("417".into(), "/c/ateliers-garonne/tickets/417".into())],
        ..line(
            lang.t("Visite sur site au-delà de quatre", "On-site visit beyond four"),
            "1",
            9_500,
            9_500,
            "visites",
            lang.t(
                "Quatre visites comprises par mois, puis 95,00 € chacune.",
                "Four visits included a month, then €95.00 each.",
            ),
            "5 − 4 = 1",
        )
    };
    vec![
        line(
            lang.t("Postes de travail", "Workstations"),
            "40",
            4_600,
            184_000,
            "postes",
            lang.t("Prix par poste et par mois, d’avance.", "Price per seat and month, in advance."),
            "40 × 46,00",
        ),
        line(
            lang.t("Serveurs", "Servers"),
            "3",
            9_500,
            28_500,
            "serveurs-prix",
            lang.t("Prix par serveur et par mois, d’avance.", "Price per server and month, in advance."),
            "3 × 95,00",
        ),
        line(
            lang.t("Sauvegarde", "Backup"),
            "1",
            12_000,
            12_000,
            "sauvegarde",
            lang.t("Forfait mensuel.", "Monthly fee."),
            "1 × 120,00",
        ),
        line(
            lang.t("Supervision", "Monitoring"),
            "1",
            5_500,
            5_500,
            "supervision",
            lang.t("Forfait mensuel.", "Monthly fee."),
            "1 × 55,00",
        ),
        visit,
    ]
}

fn result(
    lang: Lang,
    promise: Promise,
    priorities: &str,
    in_time: u64,
    counted: u64,
    rate: Option<i64>,
    verdict: ObjectiveVerdict,
) -> CommitmentResult {
    CommitmentResult {
        promise,
        scope: format!("{} {priorities}", lang.t("pour la priorité", "for priority")),
        period: lang.t("4e trim. 2026", "Q4 2026").into(),
        in_time,
        counted,
        rate,
        objective: lang.t("95 %, ou 1 manqué sous 20", "95%, or 1 miss under 20").into(),
        verdict,
        reasons: vec![reason(
            "Article 7",
            "objectif-retablissement",
            lang.t(
                "Taux des tickets à temps sur le trimestre civil ; sous 20 tickets, un manqué admis.",
                "Rate of tickets in time over the calendar quarter; under 20 tickets, one miss allowed.",
            ),
        )],
    }
}

fn october(lang: Lang) -> Month {
    use ObjectiveVerdict::{MetSoFar, MissedSoFar, NothingToMeasure};
    Month {
        month: day("2026-10-01"),
        state: MonthState::Provisional(at("2026-11-03T10:00")),
        lines: lines(lang),
        net_cents: 239_500,
        vat_cents: 47_900,
        gross_cents: 287_400,
        results: vec![
            result(lang, Promise::Respond, "P1–P4", 41, 42, Some(9_762), MetSoFar),
            result(lang, Promise::Restore, "P1", 1, 3, Some(3_333), MissedSoFar),
            result(lang, Promise::Restore, "P2–P4", 38, 39, Some(9_744), MetSoFar),
            result(lang, Promise::Resolve, "P1", 0, 0, None, NothingToMeasure),
        ],
        availability: vec![AvailabilityRow {
            service: "ERP".into(),
            period: lang.t("1er octobre 2026 – 31 octobre 2026", "1 October 2026 – 31 October 2026").into(),
            reached: Some(lang.t("99,69697 %", "99.69697%").into()),
            target: lang.t("99,5 %", "99.5%").into(),
            verdict: MetSoFar,
            reasons: vec![computed(
                "Article 8",
                "dispo-erp",
                lang.t("Temps perdu : 30 min sur 165 h convenues.", "Time lost: 30 min of 165 h agreed."),
                "(9 900 − 30) ÷ 9 900",
            )],
        }],
        penalties: vec![PenaltyLine {
            label: lang
                .t(
                    "Ticket 371 : rétablissement P1 en retard de 30 min",
                    "Ticket 371: P1 restoration late by 30 min",
                )
                .into(),
            href: Some("/c/ateliers-garonne/tickets/371".into()),
            amount_cents: 4_600,
            reasons: vec![computed(
                "Article 14",
                "retard-p1",
                lang.t(
                    "2 % de la redevance mensuelle par heure de retard commencée.",
                    "2% of the monthly fee per hour started late.",
                ),
                lang.t(
                    "1 heure commencée × 2 % × 2 300,00 = 46,00",
                    "1 hour started × 2% × 2,300.00 = 46.00",
                ),
            )],
        }],
        cap: None,
        penalty_cents: 4_600,
    }
}

fn august(lang: Lang) -> Month {
    use ObjectiveVerdict::{Met, Missed};
    let period: String = lang.t("3e trim. 2026", "Q3 2026").into();
    Month {
        month: day("2026-08-01"),
        lines: lines(lang).into_iter().take(4).collect(),
        net_cents: 230_000,
        vat_cents: 46_000,
        gross_cents: 276_000,
        state: MonthState::Closed(at("2026-09-02T09:12")),
        results: [
            result(lang, Promise::Respond, "P1–P4", 51, 52, Some(9_807), Met),
            result(lang, Promise::Restore, "P1–P4", 46, 50, Some(9_200), Missed),
        ]
        .map(|result| CommitmentResult { period: period.clone(), ..result })
        .to_vec(),
        availability: Vec::new(),
        penalties: vec![
            PenaltyLine {
                label: lang
                    .t(
                        "Ticket 268 : rétablissement P1 en retard de 3 h 20",
                        "Ticket 268: P1 restoration late by 3 h 20 min",
                    )
                    .into(),
                href: Some("/c/ateliers-garonne/tickets/268".into()),
                amount_cents: 18_400,
                reasons: vec![computed(
                    "Article 14",
                    "retard-p1",
                    lang.t(
                        "2 % de la redevance mensuelle par heure de retard commencée.",
                        "2% of the monthly fee per hour started late.",
                    ),
                    lang.t(
                        "4 heures commencées × 2 % × 2 300,00 = 184,00",
                        "4 hours started × 2% × 2,300.00 = 184.00",
                    ),
                )],
            },
            PenaltyLine {
                label: lang.t("Disponibilité de srv-erp : 99,21 %", "Availability of srv-erp: 99.21%").into(),
                href: None,
                amount_cents: 6_900,
                reasons: vec![computed(
                    "Article 14",
                    "indisponibilite",
                    lang.t(
                        "1 % de la redevance par dixième de point commencé.",
                        "1% of the fee per tenth of a point started.",
                    ),
                    lang.t(
                        "99,50 − 99,21 = 0,29 : 3 dixièmes × 1 % × 2 300,00 = 69,00",
                        "99.50 − 99.21 = 0.29: 3 tenths × 1% × 2,300.00 = 69.00",
                    ),
                )],
            },
        ],
        cap: Some(Cap {
            sentence: lang.t("Plafond mensuel : 10 % de la redevance", "Monthly cap: 10% of the fee").into(),
            before_cents: 25_300,
            after_cents: 23_000,
            reasons: vec![computed(
                "Article 14",
                "plafond-mensuel",
                lang.t(
                    "Les pénalités d’un mois ne dépassent pas 10 % de sa redevance.",
                    "A month’s penalties never exceed 10% of its fee.",
                ),
                lang.t(
                    "184,00 + 69,00 = 253,00 ; 10 % × 2 300,00 = 230,00",
                    "184.00 + 69.00 = 253.00; 10% × 2,300.00 = 230.00",
                ),
            )],
        }),
        penalty_cents: 23_000,
    }
}

fn closed() -> Vec<ClosedMonth> {
    let month = |first, closed, penalty, entry, net| ClosedMonth {
        month: day(first),
        closed: at(closed),
        closed_by: "Marc Soulié".into(),
        net_cents: net,
        penalty_cents: penalty,
        journal_entry: entry,
        href: path(&garonne(), "CTR-2026-001", Some(day(first))),
    };
    vec![
        month("2026-09-01", "2026-10-02T09:04", 0, 2_381, 230_000),
        month("2026-08-01", "2026-09-02T09:12", 23_000, 2_044, 230_000),
        month("2026-07-01", "2026-08-03T10:31", 0, 1_702, 239_500),
        month("2026-06-01", "2026-07-02T08:57", 4_600, 1_398, 230_000),
    ]
}
