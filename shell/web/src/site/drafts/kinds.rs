//! The kinds of clause in the order people look for them; and the words of the dimensions.

use contract::{KINDS, Kind};
use terms::Dimension;

use crate::design::components::Choice;
use crate::design::{Lang, Text};

/// The families of the catalogue. A kind that none names is offered under « Autres » all the same.
fn families(lang: Lang) -> Vec<(Text, &'static [&'static str])> {
    vec![
        (
            lang.t("Parties et vie du contrat", "Parties and life of the contract"),
            &[
                "parties",
                "contacts",
                "term",
                "termination",
                "assignment",
                "law_and_disputes",
                "amendment_policy",
            ],
        ),
        (
            lang.t("Périmètre", "Perimeter"),
            &["perimeter", "operations", "elementary_service", "place_of_delivery", "third_party"],
        ),
        (lang.t("Temps", "Time"), &["calendar", "on_call"]),
        (
            lang.t("Niveaux de service", "Service levels"),
            &[
                "priority_matrix",
                "commitment",
                "escalation",
                "objective",
                "availability",
                "pause",
                "quality_indicator",
            ],
        ),
        (lang.t("Assistance", "Service desk"), &["hotline", "allowance", "users"]),
        (
            lang.t("Maintenance applicative", "Application maintenance"),
            &["maintenance", "work_units", "acceptance"],
        ),
        (lang.t("Hébergement", "Hosting"), &["hosting", "backup", "capacity"]),
        (lang.t("Processus externalisés", "Business processes"), &["process", "accuracy", "volume_bands"]),
        (
            lang.t("Argent", "Money"),
            &[
                "fee",
                "rates",
                "invoicing",
                "price_revision",
                "penalty",
                "penalty_cap",
                "late_payment",
                "budget",
            ],
        ),
        (lang.t("Matériel", "Hardware"), &["equipment", "inventory"]),
        (lang.t("Personnes", "People"), &["staffing", "confidentiality", "staff_transfer"]),
        (
            lang.t("Sécurité", "Security"),
            &[
                "remote_access",
                "device_posture",
                "data_location",
                "subcontracting",
                "retention",
                "incident_response",
                "security_measures",
                "shared_hosting",
            ],
        ),
        (
            lang.t("Données et droit", "Data and law"),
            &["personal_data", "software_ownership", "licences", "liability", "insurance", "certificates"],
        ),
        (
            lang.t("Gouvernance", "Governance"),
            &[
                "committee",
                "audit",
                "technology_watch",
                "advice",
                "documentation",
                "training",
                "awareness",
                "satisfaction",
                "benefits",
            ],
        ),
        (lang.t("Fin du contrat", "Exit"), &["reversibility", "erasure"]),
    ]
}

/// Every kind, by family.
pub fn choices(lang: Lang) -> Vec<(String, Vec<Choice>)> {
    let families = families(lang);
    let choice =
        |kind: &&'static Kind| Choice::new(kind.name, format!("{} ({})", doc(kind, lang), kind.name));
    let named = |names: &[&str]| {
        names.iter().filter_map(|name| KINDS.iter().find(|k| k.name == *name)).map(choice).collect::<Vec<_>>()
    };
    let mut all: Vec<(String, Vec<Choice>)> =
        families.iter().map(|(title, names)| (String::from(*title), named(names))).collect();
    let orphan = |kind: &&&'static Kind| !families.iter().any(|(_, names)| names.contains(&kind.name));
    all.push((lang.t("Autres", "Others").into(), KINDS.iter().filter(orphan).map(choice).collect()));
    all.retain(|(_, kinds)| !kinds.is_empty());
    all
}

/// What a kind is for, to stand at the head of a line.
pub fn doc(kind: &Kind, lang: Lang) -> String {
    let text = match lang {
        Lang::Fr => kind.doc.0,
        Lang::En => kind.doc.1,
    };
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}

pub fn dimension(dimension: Dimension, lang: Lang) -> Text {
    match dimension {
        Dimension::Priority => lang.t("Priorité", "Priority"),
        Dimension::Impact => lang.t("Impact", "Impact"),
        Dimension::Urgency => lang.t("Urgence", "Urgency"),
        Dimension::Kind => lang.t("Nature", "Kind"),
        Dimension::Level => lang.t("Niveau", "Level"),
        Dimension::Role => lang.t("Rôle", "Role"),
        Dimension::Site => lang.t("Site", "Site"),
        Dimension::Service => lang.t("Service", "Service"),
        Dimension::ItemClass => lang.t("Classe d’éléments", "Class of items"),
        Dimension::Item => lang.t("Élément", "Item"),
        Dimension::Channel => lang.t("Canal", "Channel"),
        Dimension::Country => lang.t("Pays", "Country"),
        Dimension::Operation => lang.t("Opération", "Operation"),
        Dimension::Audience => lang.t("Public", "Audience"),
    }
}
