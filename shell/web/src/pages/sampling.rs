//! What samples share: contract A's parties, and instants of its year.

use base::id::CustomerId;
use jiff::Zoned;
use jiff::civil::Date;

use crate::design::components::Reason;
use crate::design::{CustomerRef, Lang, Person, Shell, Side, Theme, chart};
use crate::pages::shared::{Meter, NextDue, Progress, Promise, TicketRow, TicketState};

/// An instant in Paris: `"2026-11-03T10:00"`.
pub(super) fn at(text: &str) -> Zoned {
    format!("{text}[Europe/Paris]").parse().expect("samples hold valid instants")
}

/// A day: `"2026-11-03"`.
pub(super) fn day(text: &str) -> Date {
    text.parse().expect("samples hold valid days")
}

/// A customer of the samples by its rank.
pub(super) fn customer_id(rank: u128) -> CustomerId {
    CustomerId(uuid::Uuid::from_u128(rank))
}

pub(crate) fn garonne() -> CustomerRef {
    CustomerRef {
        id: customer_id(1),
        slug: "ateliers-garonne".into(),
        name: "Ateliers Garonne SAS".into(),
        contract: Some("CTR-2026-001".into()),
    }
}

pub(super) fn sologne() -> CustomerRef {
    CustomerRef {
        id: customer_id(2),
        slug: "conserverie-de-sologne".into(),
        name: "Conserverie de Sologne SAS".into(),
        contract: Some("CTR-2026-900".into()),
    }
}

/// Before signing in.
pub(super) fn outside(lang: Lang, theme: Theme) -> Shell {
    Shell {
        lang,
        theme,
        person: None,
        customer: None,
        csrf: "sample-csrf".into(),
        path: "/".into(),
        flash: None,
        business_now: None,
    }
}

/// A technician at the desk.
pub(crate) fn at_desk(lang: Lang, theme: Theme) -> Shell {
    Shell {
        person: Some(Person {
            name: "Inès Cazenave".into(),
            role: lang
                .t("Technicienne, Régie Numérique Occitane", "Technician, Régie Numérique Occitane")
                .into(),
            side: Side::Provider,
            unread: 3,
            sees_team: true,
            sees_services: true,
            sees_meters: true,
            sees_money: true,
            sees_skills: true,
            sees_people: true,
            sees_journal: true,
            keeps_accounts: true,
            keeps_mail: true,
            enters_time: true,
            opens_tickets: true,
            sees_plans: true,
            keeps_webhooks: true,
            imports: true,
        }),
        business_now: Some(at("2026-11-03T10:00")),
        ..outside(lang, theme)
    }
}

/// The same technician among a customer's pages.
pub(super) fn in_customer(lang: Lang, theme: Theme) -> Shell {
    Shell { customer: Some(garonne()), ..at_desk(lang, theme) }
}

/// A reason that leads to the sample contract.
pub(super) fn reason(article: &str, label: &str, text: impl Into<String>) -> Reason {
    Reason {
        article: article.into(),
        label: label.into(),
        text: text.into(),
        arithmetic: None,
        href: Some(format!("/c/ateliers-garonne/contracts/CTR-2026-001#{label}")),
    }
}

/// A reason with its arithmetic.
pub(super) fn computed(
    article: &str,
    label: &str,
    text: impl Into<String>,
    sum: impl Into<String>,
) -> Reason {
    Reason { arithmetic: Some(sum.into()), ..reason(article, label, text) }
}

pub(super) fn next(
    promise: Promise,
    due: Option<&str>,
    spent: (i64, i64),
    progress: Progress,
) -> Option<NextDue> {
    Some(NextDue { promise, due: due.map(at), elapsed_minutes: spent.0, target_minutes: spent.1, progress })
}

/// Open work of two customers on the demonstration's morning.
pub(super) fn tickets(lang: Lang) -> Vec<TicketRow> {
    let row = |number,
               title: crate::design::Text,
               customer: CustomerRef,
               priority: &str,
               state,
               assignee: Option<&str>,
               next,
               opened| TicketRow {
        number,
        title: title.into(),
        customer,
        priority: priority.into(),
        state,
        assignee: assignee.map(Into::into),
        next,
        opened: at(opened),
        take: (state == TicketState::New && assignee.is_none()).then(|| format!("{number}-1782291600000000")),
    };
    vec![
        row(
            412,
            lang.t("L’ERP ne répond plus dans l’atelier", "The ERP has stopped answering in the workshop"),
            garonne(),
            "P1",
            TicketState::Taken,
            Some("Inès Cazenave"),
            next(Promise::Restore, Some("2026-11-03T09:30"), (270, 240), Progress::Late),
            "2026-11-02T11:15",
        ),
        row(
            419,
            lang.t("Impossible d’imprimer les bons de livraison", "Delivery notes cannot be printed"),
            garonne(),
            "P2",
            TicketState::New,
            None,
            next(Promise::Respond, Some("2026-11-03T10:20"), (100, 120), Progress::AtRisk),
            "2026-11-02T17:20",
        ),
        row(
            87,
            lang.t("Lenteur du partage de la comptabilité", "The accounting share is slow"),
            sologne(),
            "P3",
            TicketState::Taken,
            Some("Hugo Delmas"),
            next(Promise::Restore, Some("2026-11-03T15:10"), (690, 900), Progress::AtRisk),
            "2026-10-30T11:40",
        ),
        row(
            416,
            lang.t("Écran noir sur le poste de la réception", "Black screen on the reception workstation"),
            garonne(),
            "P3",
            TicketState::Paused,
            Some("Inès Cazenave"),
            next(Promise::Restore, None, (310, 900), Progress::Paused),
            "2026-10-30T14:05",
        ),
        row(
            420,
            lang.t(
                "Nouvelle arrivée : compte et messagerie de Mme Lafitte",
                "New starter: account and mailbox for Ms Lafitte",
            ),
            garonne(),
            "P4",
            TicketState::New,
            None,
            next(Promise::Respond, Some("2026-11-03T18:00"), (30, 480), Progress::Running),
            "2026-11-03T09:30",
        ),
        row(
            88,
            lang.t("Renouveler le certificat du site de commande", "Renew the ordering site’s certificate"),
            sologne(),
            "P4",
            TicketState::Taken,
            Some("Hugo Delmas"),
            next(Promise::Restore, Some("2026-11-09T11:00"), (420, 2250), Progress::Running),
            "2026-11-02T09:15",
        ),
    ]
}

/// The ticket pack on the morning of 3 November 2026: 118 used of 120.
pub(super) fn pack(lang: Lang, id: &str) -> Meter {
    let steps = [
        ("2026-03-31", 111),
        ("2026-04-30", 99),
        ("2026-05-31", 86),
        ("2026-06-12", 79),
        ("2026-06-30", 71),
        ("2026-07-15", 63),
        ("2026-07-31", 58),
        ("2026-08-31", 44),
        ("2026-09-15", 33),
        ("2026-09-30", 24),
        ("2026-10-12", 17),
        ("2026-10-23", 9),
        ("2026-10-30", 4),
        ("2026-11-03", 2),
    ];
    Meter {
        title: lang.t("Carnet d’assistance téléphonique", "Hotline ticket pack").into(),
        left: "2".into(),
        out_of: lang.t("sur 120 tickets restants", "of 120 tickets left").into(),
        period: (day("2026-03-01"), day("2027-02-28")),
        chart: chart::BurnDown {
            id: id.into(),
            title: lang.t("Tickets restants, du 1er mars 2026 au 28 février 2027", "Tickets left, 1 March 2026 to 28 February 2027").into(),
            from: day("2026-03-01"),
            to: day("2027-02-28"),
            included: 120,
            left: steps.iter().map(|(date, left)| (day(date), *left)).collect(),
            forecast: Some(day("2026-11-07")),
            alert_at: Some(20),
        },
        forecast: lang.t(
            "Au rythme des trente derniers jours, le carnet sera vide vers le 7 nov. 2026, 113 jours avant son terme.",
            "At the pace of the last thirty days the pack will be empty around 7 Nov 2026, 113 days before its end.",
        ).into(),
        when_empty: lang.t(
            "Ensuite : 24,00 € par ticket, ou un carnet de 20 tickets à 380,00 €. Un incident P1 n’est jamais refusé.",
            "Then: €24.00 per ticket, or a pack of 20 tickets at €380.00. A P1 incident is never refused.",
        ).into(),
        reasons: vec![
            computed("Article 11", "carnet",
                lang.t("120 tickets par année contractuelle ; les plus anciens appels sont décomptés d’abord.", "120 tickets per contract year; the oldest calls are counted first."),
                lang.t("120 − 118 = 2 tickets, à l’entrée 2 940 du journal", "120 − 118 = 2 tickets, as of journal entry 2,940")),
        ],
    }
}
