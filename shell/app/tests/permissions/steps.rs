//! Every step of a ticket, each asked with some permit.

use app::ticket::change::ChangeCommand;
use app::ticket::delivery::DeliveryCommand;
use app::ticket::{StepCommand, Tie};
use uuid::Uuid;

/// One step of a ticket, made afresh.
pub type Step = (&'static str, fn() -> StepCommand);

pub const STEPS: &[Step] = &[
    ("take over", || StepCommand::TakeOver),
    ("assign", || StepCommand::Assign { to: base::id::AccountId(Uuid::nil()) }),
    ("reply", || StepCommand::Reply { body: "Bonjour".to_owned() }),
    ("note", || StepCommand::Note { body: "Entre nous".to_owned() }),
    ("pause", || StepCommand::Pause {
        reason: "attente-acces".to_owned(),
        proof: Some("Porte close".to_owned()),
    }),
    ("resume", || StepCommand::Resume),
    ("change the priority", || StepCommand::ChangePriority {
        priority: Some("P1".to_owned()),
        impact: None,
        urgency: None,
        why: "Plus grave".to_owned(),
    }),
    ("restore", || StepCommand::Restore {
        workaround: false,
        note: "Fait".to_owned(),
        diagnosis: Some("Vu".to_owned()),
    }),
    ("resolve", || StepCommand::Resolve { note: "Fait".to_owned(), diagnosis: Some("Vu".to_owned()) }),
    ("reopen", || StepCommand::Reopen { why: "Encore".to_owned() }),
    ("quote", || StepCommand::Quote {
        price: base::Money::eur(48_000),
        until: None,
        body: "Deux écrans posés".to_owned(),
    }),
    ("agree to a price", || StepCommand::AgreePrice {
        price: base::Money::eur(48_000),
        quotation: None,
        reference: Some("Son courriel du 16 juin".to_owned()),
    }),
    ("decline a price", || StepCommand::DeclinePrice { why: "Trop cher".to_owned(), quotation: None }),
    ("diagnose", || StepCommand::Diagnose { body: "Contrôleur en panne".to_owned() }),
    ("link", || StepCommand::Link { tie: Tie::Relates, ticket: 2 }),
    ("unlink", || StepCommand::Unlink { tie: Tie::Relates, ticket: 2 }),
    ("record a known error", || StepCommand::KnownError {
        cause: "Microgiciel".to_owned(),
        workaround: None,
    }),
    ("plan a change", || StepCommand::Change {
        change: ChangeCommand::GiveUp { why: "Reporté".to_owned() }
    }),
    ("approve a change", || StepCommand::Change {
        change: ChangeCommand::Refuse { plan: 1, why: "Pas ce jour-là".to_owned() },
    }),
    ("deliver", || StepCommand::Delivery { delivery: DeliveryCommand::Produce }),
    ("estimate a delivery", || StepCommand::Delivery {
        delivery: DeliveryCommand::Estimate {
            pieces: Vec::new(),
            until: None,
            body: "Deux écrans".to_owned(),
        },
    }),
    ("order a delivery", || StepCommand::Delivery {
        delivery: DeliveryCommand::Order { estimate: 1, reference: None },
    }),
    ("accept a delivery", || StepCommand::Delivery {
        delivery: DeliveryCommand::Decide {
            presented: 1,
            step: "VABF".to_owned(),
            verdict: engines::delivery::Verdict::Accepted,
            note: None,
            reference: None,
        },
    }),
    ("follow", || StepCommand::Watch),
    ("follow no more", || StepCommand::Unwatch),
    ("have a colleague follow", || StepCommand::WatchFor { who: "personne@test.example".to_owned() }),
    ("take a follower off", || StepCommand::UnwatchFor { who: base::id::AccountId(Uuid::nil()) }),
    ("merge", || StepCommand::Merge { into: 1, why: "Même panne".to_owned() }),
];
