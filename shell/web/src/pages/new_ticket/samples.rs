//! The form at first, incomplete, and refused by the contract.

use super::catalogue::{Offer, Price, ServiceLine, Weighed};
use super::form::{Graded, Question, Shape};
use super::{Matrix, Values, View};
use crate::design::components::Choice;
use crate::design::{Lang, Text};
use crate::pages::sampling::{at, garonne, reason};
use crate::pages::shared::{Other, Refusal};

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let incomplete = View {
        values: Values {
            kind: "incident".into(),
            description: lang.t("Depuis ce matin.", "Since this morning.").into(),
            ..Values::default()
        },
        errors: vec![(
            "title".into(),
            lang.t(
                "Donnez un titre : il servira à retrouver le ticket.",
                "Give a title: it is how the ticket will be found.",
            )
            .into(),
        )],
        ..blank(lang)
    };
    let tab = |number: &str, current| Other { number: number.into(), current };
    let several = View {
        values: Values { contract: "CTR-2026-003-D".into(), ..Values::default() },
        contracts: vec![tab("CTR-2026-003", false), tab("CTR-2026-003-D", true)],
        contract_title: Some("Commande n° CTR-2026-003-D – Bureaux virtuels".into()),
        ..blank(lang)
    };
    vec![
        ("blank", blank(lang)),
        ("several", several),
        ("incomplete", incomplete),
        ("request", request(lang)),
        ("questions", asked(lang)),
        ("refused", refused(lang)),
    ]
}

fn choices(list: &[(&str, Text)]) -> Vec<Choice> {
    list.iter().map(|(value, label)| Choice::new(*value, *label)).collect()
}

fn blank(lang: Lang) -> View {
    View {
        customer: garonne(),
        key: "01K9-sample".into(),
        values: Values::default(),
        kinds: choices(&[
            ("incident", lang.t("Incident", "Incident")),
            ("service_request", lang.t("Demande de service", "Service request")),
        ]),
        impacts: choices(&[
            ("site", lang.t("Tout un site", "A whole site")),
            ("service", lang.t("Un service", "A department")),
            ("user", lang.t("Une personne", "One person")),
        ]),
        urgencies: choices(&[
            ("blocking", lang.t("Bloquant", "Blocking")),
            ("degraded", lang.t("Dégradé", "Degraded")),
            ("comfort", lang.t("Confort", "Comfort")),
        ]),
        items: choices(&[
            ("", lang.t("Aucun ou inconnu", "None or unknown")),
            ("srv-erp", lang.t("srv-erp, serveur", "srv-erp, server")),
            ("srv-fic", lang.t("srv-fic, serveur", "srv-fic, server")),
            ("gesprod", lang.t("Gesprod, code de l’ERP", "Gesprod, ERP code")),
        ]),
        sites: choices(&[
            ("tls", lang.t("Toulouse", "Toulouse")),
            ("str", lang.t("Strasbourg", "Strasbourg")),
        ]),
        asks_site: false,
        operations: choices(&[
            ("user_support", lang.t("Assistance aux utilisateurs", "User support")),
            ("on_site_visit", lang.t("Visite sur site", "On-site visit")),
            ("move", lang.t("Déménagement", "Move")),
        ]),
        graded: Graded::ByMatrix,
        request: None,
        questions: Vec::new(),
        offers: offers(lang),
        services: vec![ServiceLine {
            title: lang.t("Support aux utilisateurs", "User support").into(),
            depth: 0,
            href: Some("/c/ateliers-garonne/tickets/new?service=support".into()),
            owner: lang.t("assuré par le prestataire", "rendered by the provider").into(),
            covers: lang.t("postes de travail", "workstations").into(),
            current: false,
        }],
        weighed: None,
        suggested: crate::pages::suggested::sample(lang),
        tied: None,
        contracts: Vec::new(),
        contract_title: None,
        requesters: vec![
            Choice::new("", lang.t("Personne en particulier", "Nobody in particular")),
            Choice::new("julie.klein@exemple.fr", "Julie Klein"),
        ],
        channels: choices(&[
            ("portal", lang.t("Portail", "Portal")),
            ("phone", lang.t("Téléphone", "Phone")),
            ("email", lang.t("Courriel", "Email")),
        ]),
        matrix: Some(Matrix {
            article: lang.t("Article 6, niveaux de priorité", "Article 6, priority levels").into(),
            href: Some("/c/ateliers-garonne/contracts/CTR-2026-001#priorites".into()),
            urgencies: vec![
                lang.t("Bloquant", "Blocking").into(),
                lang.t("Dégradé", "Degraded").into(),
                lang.t("Confort", "Comfort").into(),
            ],
            rows: vec![
                (lang.t("Site", "Site").into(), vec!["P1".into(), "P2".into(), "P3".into()]),
                (lang.t("Service", "Department").into(), vec!["P2".into(), "P3".into(), "P4".into()]),
                (lang.t("Personne", "Person").into(), vec!["P3".into(), "P4".into(), "P4".into()]),
            ],
        }),
        errors: Vec::new(),
        refusal: None,
        quotable: false,
        files_lost: false,
    }
}

fn offers(lang: Lang) -> Vec<Offer> {
    let offer = |title: Text, price, current| Offer {
        title: title.into(),
        href: "/c/ateliers-garonne/tickets/new?operation=x".into(),
        price,
        article: "Article 7".into(),
        current,
    };
    vec![
        offer(lang.t("Gestion des comptes", "Account management"), Price::Included { left: None }, false),
        offer(lang.t("Visite sur site", "On-site visit"), Price::Priced(9_500), true),
        offer(
            lang.t("Changement de version", "Change of version"),
            Price::Included { left: Some((2, 4)) },
            false,
        ),
        offer(lang.t("Reprise de données", "Data recovery"), Price::UpTo(50_000), false),
        offer(lang.t("Câblage", "Cabling"), Price::Quoted, false),
        offer(lang.t("Développement de l’ERP", "ERP development"), Price::Excluded, false),
    ]
}

/// A visit beyond those of the fee, not sent before its price is read.
fn request(lang: Lang) -> View {
    let why = reason(
        "Article 7",
        "deplacements",
        lang.t(
            "« Visite sur site » : n° 5 de la période, au-delà des 4 comprises, donc 95,00 € HT.",
            "“On-site visit”: number 5 of the period, beyond the 4 included, so €95.00 net.",
        ),
    );
    let matrix = reason(
        "Article 6",
        "priorites",
        lang.t("Priorité de la matrice du contrat.", "A priority of the contract’s matrix."),
    );
    View {
        values: Values {
            kind: "service_request".into(),
            operation: "on_site_visit".into(),
            title: lang.t("Installer deux écrans", "Set up two screens").into(),
            read: "priced 95.00 EUR".into(),
            ..Values::default()
        },
        request: Some(lang.t("Visite sur site", "On-site visit").into()),
        weighed: Some(Weighed {
            price: Price::Priced(9_500),
            reasons: vec![why],
            priority: "P4".into(),
            priority_reasons: vec![matrix],
            due: vec![(lang.t("Prise en charge", "Response").into(), Some(at("2026-11-02T15:10")))],
            confirm: true,
        }),
        tied: Some(lang.t("Scindé du ticket n° 412.", "Split from ticket 412.").into()),
        ..blank(lang)
    }
}

/// A form of the contract, sent with a required answer left out.
fn asked(lang: Lang) -> View {
    let question = |name: &str, asks: Text, required, shape, value: &str| Question {
        field: format!("answers.{name}"),
        asks: asks.into(),
        required,
        shape,
        value: value.into(),
        wrong: None,
    };
    let equipment =
        choices(&[("Portable", lang.t("Portable", "Laptop")), ("Fixe", lang.t("Fixe", "Desktop"))]);
    let screens =
        Shape::Number { unit: Some(lang.t("écrans", "screens").into()), min: Some(0), max: Some(3) };
    View {
        values: Values {
            kind: "service_request".into(),
            operation: "arrival".into(),
            title: lang.t("Arrivée d’Anne Legrand", "Anne Legrand joins").into(),
            ..Values::default()
        },
        request: Some(lang.t("Arrivée d’un salarié", "Arrival of an employee").into()),
        asks_site: true,
        questions: vec![
            question(
                "name",
                lang.t("Nom de la personne", "Name of the person"),
                true,
                Shape::Line,
                "Anne Legrand",
            ),
            question("date", lang.t("Date d’arrivée", "Arrival date"), true, Shape::Date, ""),
            question(
                "equipment",
                lang.t("Matériel", "Equipment"),
                false,
                Shape::Choice(equipment),
                "Portable",
            ),
            question("screens", lang.t("Combien d’écrans", "How many screens"), false, screens, "2"),
            question("more", lang.t("Autre chose à savoir", "Anything else"), false, Shape::Lines, ""),
        ],
        files_lost: true,
        errors: vec![(
            "answers.date".into(),
            lang.t("« Date d’arrivée » : une réponse est nécessaire", "“Arrival date”: an answer is needed")
                .into(),
        )],
        ..blank(lang)
    }
}

fn refused(lang: Lang) -> View {
    View {
        values: Values {
            kind: "incident".into(),
            title: lang.t("Corriger le calcul des stocks dans Gesprod", "Fix the stock computation in Gesprod").into(),
            description: lang.t("Les quantités réservées sont comptées deux fois depuis la mise à jour.", "Reserved quantities are counted twice since the update.").into(),
            impact: "service".into(),
            urgency: "degraded".into(),
            item: "gesprod".into(),
            ..Values::default()
        },
        quotable: true,
        refusal: Some(Refusal {
            sentence: lang.t("Ticket refusé : « Gesprod » est hors du périmètre.", "Ticket refused: “Gesprod” is outside the perimeter.").into(),
            reasons: vec![reason("Article 5", "erp-hors-perimetre",
                lang.t("Le code de l’application ERP, maintenu par l’éditeur Gesprod, est exclu du périmètre.", "The ERP application’s code, maintained by its editor Gesprod, is excluded from the perimeter."))],
            journal_entry: Some(2_941),
            advice: lang.t("Transmettez la demande à Gesprod (contrat de maintenance de l’éditeur), ou demandez un devis.",
                "Send the request to Gesprod (the editor’s maintenance contract), or ask for a quotation.").into(),
        }),
        ..blank(lang)
    }
}
