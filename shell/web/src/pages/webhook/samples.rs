//! A webhook that does well, one that is new, one that was just given a secret, and a form that was refused.

use super::{Attempt, Delivery, Existing, Form, Stands, View, kinds_chosen};
use crate::design::Lang;
use crate::pages::sampling::{at, garonne};
use crate::pages::shared::Refusal;
use crate::pages::webhooks::State;

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let here = "/c/ateliers-garonne/webhooks/0190a5b0-0000-7000-8000-000000000001".to_owned();
    let attempt = |when: &str, said: String, millis| Attempt { at: at(when), said, millis };
    let delivery = |kind: &str, number: Option<u64>, stands, attempts| Delivery {
        id: "0190a5b0-0000-7000-8000-0000000000aa".into(),
        kind: kind.into(),
        ticket: number.map(|n| (n, format!("/c/ateliers-garonne/tickets/{n}"))),
        made: at("2026-11-03T09:41"),
        again: (!matches!(stands, Stands::Waiting(_))).then(|| "sample".to_owned()),
        stands,
        attempts,
    };
    let late = String::from(lang.t("pas de réponse en 15 secondes", "no answer within 15 seconds"));
    let said = |status: u16| format!("{} {status}", lang.t("réponse", "answer"));
    let deliveries = vec![
        delivery(
            "ticket.resolved",
            Some(214),
            Stands::Waiting(at("2026-11-03T10:11")),
            vec![
                attempt("2026-11-03T09:41", said(500), 212),
                attempt("2026-11-03T09:46", late.clone(), 15_000),
            ],
        ),
        delivery("ticket.opened", Some(214), Stands::Sent, vec![attempt("2026-11-03T09:02", said(204), 48)]),
        delivery("month.closed", None, Stands::Failed, vec![attempt("2026-10-31T18:00", late, 15_000)]),
        delivery("webhook.test", None, Stands::Dropped, Vec::new()),
    ];
    let existing = Existing {
        at: here.clone(),
        title: lang.t("Supervision du client", "The customer’s monitoring").into(),
        is_provider: false,
        state: State::Failing(at("2026-11-03T09:41")),
        by: "Inès Cazenave".into(),
        written: at("2026-10-01T11:20"),
        secret_made: at("2026-11-03T08:00"),
        both_until: Some(at("2026-11-04T08:00")),
        deliveries,
        more: Some(format!("{here}?before=1")),
        keys: ["a", "b", "c", "d"].map(str::to_owned),
    };
    let form = Form {
        action: here,
        key: "sample".into(),
        url: "https://hooks.garonne.example/regisseur".into(),
        description: existing.title.clone(),
        chosen: kinds_chosen(),
        side: None,
        is_written: true,
        internal: false,
    };
    let one = View {
        customer: garonne(),
        webhook: Some(existing.clone()),
        form: form.clone(),
        secret: None,
        off: false,
        refused: None,
    };
    let new = View {
        webhook: None,
        form: Form {
            action: "/c/ateliers-garonne/webhooks".into(),
            side: Some("customer".into()),
            is_written: false,
            internal: true,
            ..form
        },
        ..one.clone()
    };
    let refused = Refusal {
        sentence: lang
            .t(
                "L’hôte ailleurs.example:443 n’est pas de ceux que l’exploitant autorise.",
                "Host ailleurs.example:443 is not one that the operator allows.",
            )
            .into(),
        reasons: Vec::new(),
        advice: lang
            .t("Corrigez ce champ, puis envoyez de nouveau.", "Change this field, then send again.")
            .into(),
        journal_entry: None,
    };
    let secret = Some("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwExempleExempleE=".to_owned());
    let why = lang.t("suspendu par une personne", "suspended by somebody").to_string();
    let stopped = Existing {
        state: State::Suspended(at("2026-11-01T08:00"), why),
        deliveries: Vec::new(),
        more: None,
        ..existing
    };
    vec![
        ("one", one.clone()),
        ("made", View { secret, ..one.clone() }),
        ("stopped", View { webhook: Some(stopped), off: true, ..one }),
        ("new", new.clone()),
        ("refused", View { refused: Some(refused), ..new }),
    ]
}
