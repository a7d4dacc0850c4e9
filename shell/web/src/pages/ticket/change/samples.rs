//! A change of the gallery and of the tests.

use super::{Change, ChangeAct, EndTyped, Impact, Plan, PlanTyped};
use crate::design::components::{Choice, Reason, Tone};
use crate::design::{Lang, Text};
use crate::pages::sampling;
use crate::pages::shared::Refusal;
use crate::pages::ticket::Undone;

/// A change of the gallery: planned, awaiting its approval, with everything a page can show of it.
pub(in crate::pages::ticket) fn sample(lang: Lang) -> Change {
    let reason = |article: &str, label: &str, text: Text| Reason {
        article: article.into(),
        label: label.into(),
        text: text.into(),
        arithmetic: None,
        href: (!label.is_empty()).then(|| format!("/c/ateliers-garonne/contracts/CTR-2026-001#{label}")),
    };
    let choice = |value: &str, label: &str| Choice::new(value, label);
    let documents = [choice("inventaire", "inventaire"), choice("schémas", "schémas du réseau")];
    Change {
        stage: lang.t("En attente d’approbation", "Awaiting approval").into(),
        tone: Some(Tone::Warning),
        plan: Some(Plan {
            model: lang.t("changement normal", "normal change").into(),
            risk: lang.t("risque moyen", "medium risk").into(),
            items: vec!["srv-erp".into()],
            from: sampling::at("2026-11-28T08:00"),
            until: sampling::at("2026-11-28T10:00"),
            downtime_minutes: 60,
            regularised_by: None,
            work: lang.t("Version 7.3 de l’ERP.", "Version 7.3 of the ERP.").into(),
            test: lang.t("Connexion, saisie d’une commande.", "Signing in, entering an order.").into(),
            rollback: lang
                .t("Retour à l’instantané de la veille.", "Back to the previous day’s snapshot.")
                .into(),
        }),
        measured: Some((71, true)),
        awaited: vec![reason(
            "",
            "",
            lang.t("1 approbation du Client attendue.", "1 approval of the customer is awaited."),
        )],
        owed: vec![reason(
            "Article 32",
            "maintenance-srv-rh",
            lang.t("Deux personnes du Client approuvent.", "Two people of the customer approve."),
        )],
        to_start: Vec::new(),
        to_close: vec![reason(
            "Article 34",
            "documentation",
            lang.t("L’inventaire est à mettre à jour.", "The inventory is to be brought up to date."),
        )],
        overdue: true,
        notes: vec![reason(
            "Article 21",
            "dispo-erp",
            lang.t(
                "Le préavis n’est pas respecté : rien n’en est exclu.",
                "The notice is not kept: nothing of it is excluded.",
            ),
        )],
        impact: Some(Impact {
            services: vec!["ERP".into()],
            neighbours: vec!["srv-fic".into()],
            inform: vec!["Garonne Télécom (supervision@garonne-telecom.example)".into()],
            outside_users: true,
            reasons: vec![reason(
                "Article 21",
                "dispo-erp",
                lang.t("Le service « ERP » repose sur cet élément.", "The service “ERP” rests on this item."),
            )],
        }),
        informed: vec![(
            "clients du Client".into(),
            lang.t("20 novembre 2026", "20 November 2026").into(),
            lang.t("bandeau posé sur le site", "banner put on the site").into(),
        )],
        documents: vec![("inventaire".into(), None), ("schémas du réseau".into(), Some("Version 12".into()))],
        collisions: vec![(433, "/c/ateliers-garonne/tickets/433".into())],
        acts: vec![
            ChangeAct::Start,
            ChangeAct::Approve {
                plan: 812,
                writes_down: true,
                contacts: vec![choice("interlocuteur-client", "Julien Marty")],
                third_parties: vec![choice("", "–"), choice("Garonne Télécom", "Garonne Télécom")],
            },
            ChangeAct::Refuse { plan: 812 },
            ChangeAct::End { now: sampling::at("2026-11-28T09:40"), typed: EndTyped::default() },
            ChangeAct::Plan {
                items: vec![choice("srv-erp", "srv-erp"), choice("srv-fic", "srv-fic")],
                again: true,
                typed: Box::new(PlanTyped {
                    items: vec!["srv-erp".into()],
                    from: "2026-11-28T08:00".into(),
                    until: "2026-11-28T10:00".into(),
                    ..PlanTyped::default()
                }),
            },
            ChangeAct::Inform {
                whom: vec![choice("Garonne Télécom", "Garonne Télécom")],
                today: sampling::day("2026-11-20"),
            },
            ChangeAct::Document { documents: documents.to_vec() },
            ChangeAct::Review,
            ChangeAct::GiveUp,
        ],
    }
}

/// The same, planned otherwise and refused: what was typed is there to be corrected.
pub(in crate::pages::ticket) fn refused(lang: Lang) -> (Change, Undone) {
    let mut change = sample(lang);
    for act in &mut change.acts {
        if let ChangeAct::Plan { typed, .. } = act {
            typed.from = "2026-11-06T08:00".into();
            typed.until = "2026-11-06T10:00".into();
            typed.downtime = "60".into();
            typed.work = lang.t("Version 7.3 de l’ERP.", "Version 7.3 of the ERP.").into();
        }
    }
    let refusal = Refusal {
        sentence: lang
            .t(
                "La fenêtre n’est annoncée que trois jours avant.",
                "The window is told three days ahead only.",
            )
            .into(),
        reasons: change.notes.clone(),
        journal_entry: Some(412),
        advice: lang.t("Rien n’a été modifié.", "Nothing was changed.").into(),
    };
    (change, Undone { act: "plan".into(), refusal, sent: Vec::new() })
}
