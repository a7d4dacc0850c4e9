//! A delivery of the gallery and of the tests.

use super::{Book, Delivery, DeliveryAct, Estimate, Need, Verification};
use crate::design::Lang;
use crate::design::components::{Choice, Reason, Tone};
use crate::pages::sampling;

/// A delivery of the gallery: ordered, in its first verification, with everything a page can show of it.
pub(in crate::pages::ticket) fn sample(lang: Lang) -> Delivery {
    let reason = |label: &str, fr: &'static str, en: &'static str| Reason {
        article: lang.t("Article 23 – Recette et garantie", "Article 23 – Recette et garantie").into(),
        label: label.into(),
        text: lang.t(fr, en).into(),
        arithmetic: None,
        href: Some(format!("/c/lumen-edition/contracts/CTR-2026-002#{label}")),
    };
    let need = |fr: &'static str, en: &'static str, reference: Option<&str>| Need {
        what: lang.t(fr, en).into(),
        there: reference.is_some(),
        reference: reference.map(str::to_owned),
    };
    Delivery {
        stage: lang.t("Recette en cours : VABF", "Acceptance under way: VABF").into(),
        tone: Some(Tone::Active),
        estimate: Some(Estimate {
            pieces: vec![
                lang.t("1 × simple", "1 × simple").into(),
                lang.t("2 × moyenne", "2 × moyenne").into(),
            ],
            total: lang.t("6 UO, 3 240,00 € HT", "6 units, €3,240.00 excl. VAT").into(),
            until: None,
            ordered: Some(sampling::at("2026-11-03T10:00")),
            body: lang
                .t("Réserver depuis un téléphone : une page, deux écrans.", "Booking from a telephone.")
                .into(),
            reasons: vec![reason(
                "carnet-uo",
                "1 × S + 2 × M : 6 × 540,00 € = 3 240,00 € HT.",
                "1 × S + 2 × M: 6 × €540.00 = €3,240.00 net of VAT.",
            )],
        }),
        book: Some(Book {
            sentence: lang.t("Carnet : 194 unités restantes sur 200.", "Book: 194 units left of 200.").into(),
            alert: false,
            reasons: vec![reason(
                "carnet-uo",
                "Carnet de l’année contractuelle.",
                "Book of the contract year.",
            )],
        }),
        steps: vec![
            Verification {
                name: "VABF".into(),
                state: lang.t("en cours", "under way").into(),
                told: lang.t("réponse attendue avant le", "answer awaited by").into(),
                tone: Tone::Warning,
                begins: Some(sampling::at("2026-11-09T10:00")),
                ends: Some(sampling::at("2026-11-24T18:00")),
            },
            Verification {
                name: "VSR".into(),
                state: lang.t("à venir", "to come").into(),
                told: String::new(),
                tone: Tone::Quiet,
                begins: None,
                ends: None,
            },
        ],
        needs: vec![
            need("la première étape de recette acceptée", "the first step of acceptance passed", None),
            need("un retour arrière essayé", "a rollback tried", Some("Essai du 10 novembre")),
        ],
        warranty_until: None,
        declare: Some("/c/lumen-edition/tickets/new?kind=corrective&tie=defect_of&from=12".into()),
        reasons: vec![reason(
            "recette",
            "VABF : le Client se prononce avant le 24 novembre ; son silence vaut refus.",
            "VABF: the customer answers before 24 November; silence means refusal.",
        )],
        to_close: vec![reason(
            "recette",
            "La recette est en cours : VABF n’est pas prononcée.",
            "Acceptance is under way: VABF is not passed.",
        )],
        acts: vec![
            DeliveryAct::Decide { presented: 830, step: "VABF".into(), writes_down: false, late: false },
            DeliveryAct::Order { estimate: 812, writes_down: true },
            DeliveryAct::Decline { estimate: Some(812), ordered: false },
            DeliveryAct::Present { again: false },
            DeliveryAct::Show {
                needs: vec![Choice::new("sources", lang.t("les sources remises", "the sources handed over"))],
            },
            DeliveryAct::Estimate {
                catalogue: vec![
                    ("S".into(), lang.t("S, simple : 1 UO", "S, simple: 1 unit").into()),
                    ("M".into(), lang.t("M, moyenne : 2,5 UO", "M, moyenne: 2.5 units").into()),
                ],
                again: true,
            },
        ],
    }
}
