//! Four tickets: late and running, kept over a long weekend, suspended, and priced.

mod late;

use super::{Act, Answer, Clock, FileLink, Item, Message, MessageKind, Perimeter, Talk, Verdict, View};
use crate::design::clock_bar::{ClockBar, Interval, IntervalKind};
use crate::design::components::{Choice, Tone};
use crate::design::{Lang, Side, Text};
use crate::pages::sampling::{at, computed, reason};
use crate::pages::shared::{Progress, TicketState};

use late::late;

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    vec![
        ("late", late(lang)),
        ("kept", kept(lang)),
        ("change", changed(lang)),
        ("change-refused", refused(lang)),
        ("change-too-late", too_late(lang)),
        ("delivery", delivered(lang)),
        ("paused", paused(lang)),
        ("priced", priced(lang)),
        ("answered", answered(lang)),
        ("warranty", warranted(lang)),
        ("duty", preventive(lang)),
    ]
}

/// A request that the contract has a form for.
fn answered(lang: Lang) -> View {
    let pairs = [
        (lang.t("Nom de la personne", "Name of the person"), "Anne Legrand".to_owned()),
        (lang.t("Date d’arrivée", "Arrival date"), lang.t("16 novembre 2026", "16 November 2026").into()),
        (lang.t("Matériel", "Equipment"), lang.t("Portable", "Laptop").into()),
    ];
    View {
        title: lang.t("Arrivée d’Anne Legrand", "Anne Legrand joins").into(),
        kind: lang.t("Demande de service", "Service request").into(),
        answers: pairs.into_iter().map(|(question, says)| (question.into(), says)).collect(),
        ..priced(lang)
    }
}

/// Preventive maintenance that is over, and whose proof is left to give.
fn preventive(lang: Lang) -> View {
    let view = answered(lang);
    let duty = Some(super::duty::sample(lang));
    View {
        title: lang.t("Le plan de maintenance préventive", "The preventive maintenance plan").into(),
        kind: lang.t("Maintenance préventive", "Preventive maintenance").into(),
        beside: super::beside::Beside { duty, satisfaction: None, ..view.beside },
        ..view
    }
}

/// A defect declared while the warranty of its delivery ran.
fn warranted(lang: Lang) -> View {
    let said = lang.t(
        "Anomalie de la livraison n° 12, sous garantie jusqu’à la fin du 9 mars 2027 : la correction est sans décompte ni prix.",
        "Defect of delivery n° 12, under warranty until the end of 9 March 2027: mending it is neither counted nor priced.",
    );
    View {
        title: lang.t("Le bouton de réservation ne répond plus", "The booking button answers no more").into(),
        kind: lang.t("Maintenance corrective", "Corrective maintenance").into(),
        operation: String::new(),
        perimeter: Perimeter {
            verdict: Verdict::Warranty,
            warranty: Some(said.into()),
            meanwhile: None,
            sentence: lang
                .t(
                    "Assistance courante : dans le périmètre, sous garantie.",
                    "Plain support: inside the perimeter, under warranty.",
                )
                .into(),
            reasons: vec![reason("Article 23", "recette", said)],
        },
        ..priced(lang)
    }
}

fn href(label: &str) -> String {
    format!("/c/ateliers-garonne/contracts/CTR-2026-001#{label}")
}

fn interval(
    lang: Lang,
    from: &str,
    to: &str,
    kind: IntervalKind,
    counted: i64,
    why: Option<Text>,
) -> Interval {
    let (usual, article, label) = match kind {
        IntervalKind::Counted => (lang.t("heures de service", "service hours"), "Article 3", "ho"),
        IntervalKind::Closed => {
            (lang.t("hors heures de service", "outside service hours"), "Article 3", "ho")
        }
        IntervalKind::Paused => (lang.t("suspension", "suspension"), "Article 8", "suspensions"),
    };
    Interval {
        from: at(from),
        to: at(to),
        kind,
        counted_minutes: counted,
        why: why.unwrap_or(usual).into(),
        article: Some((article.into(), Some(href(label)))),
    }
}

fn event(author: &str, side: Side, when: &str, sentence: Text, tone: Tone) -> Message {
    Message {
        author: author.into(),
        side,
        at: at(when),
        kind: MessageKind::Event { sentence: sentence.into(), tone },
        text: String::new(),
        later: None,
        files: Vec::new(),
        internal: false,
    }
}

fn said(author: &str, side: Side, when: &str, kind: MessageKind, body: &[Text]) -> Message {
    Message {
        author: author.into(),
        side,
        at: at(when),
        kind,
        text: body.iter().map(|text| String::from(*text)).collect::<Vec<_>>().join("\n\n"),
        later: None,
        files: Vec::new(),
        internal: false,
    }
}

fn with_files(message: Message, lang: Lang) -> Message {
    let href = |id: &str| format!("/c/ateliers-garonne/tickets/412/files/{id}");
    let files = vec![
        FileLink {
            name: Some(lang.t("Journal du contrôleur.log", "Controller journal.log").into()),
            href: href("0198c0de-0000-7000-8000-000000000001"),
            bytes: 48_213,
            size: None,
        },
        FileLink {
            name: None,
            href: href("0198c0de-0000-7000-8000-000000000002"),
            bytes: 1_204_000,
            size: None,
        },
    ];
    Message { files, ..message }
}

fn pause_reasons(lang: Lang) -> Vec<Choice> {
    vec![
        Choice::new("customer_answer", lang.t("Réponse du client attendue", "Customer’s answer awaited")),
        Choice::new(
            "customer_access",
            lang.t("Accès à donner par le client", "Access to be given by the customer"),
        ),
        Choice::new("third_party", lang.t("Tiers : éditeur Gesprod", "Third party: editor Gesprod")),
        Choice::new("agreed_date", lang.t("Date convenue", "Agreed date")),
    ]
}

fn working(lang: Lang) -> Vec<Act> {
    vec![
        Act::Restore,
        Act::Resolve,
        Act::Pause { reasons: pause_reasons(lang) },
        Act::Priority {
            impacts: vec![
                Choice::new("site", lang.t("Tout un site", "A whole site")),
                Choice::new("user", lang.t("Une personne", "One person")),
            ],
            urgencies: vec![
                Choice::new("blocking", lang.t("Bloquant", "Blocking")),
                Choice::new("degraded", lang.t("Dégradé", "Degraded")),
            ],
        },
        Act::Diagnose,
        Act::Relate { ties: vec![Choice::new("relates", lang.t("En rapport avec", "Related to"))] },
        Act::Watch,
        Act::Call,
        Act::Reply,
        Act::Note,
    ]
}

fn delivered(lang: Lang) -> View {
    let kind = lang.t("Maintenance évolutive", "Evolutive maintenance").to_string();
    View {
        kind,
        delivery: Some(super::delivery::sample(lang)),
        acts: vec![Act::Reply, Act::Note],
        ..kept(lang)
    }
}

fn refused(lang: Lang) -> View {
    let (change, undone) = super::change::refused(lang);
    View { change: Some(change), undone: Some(undone), ..changed(lang) }
}

/// Somebody else did it meanwhile: what was typed has no form any more.
fn too_late(lang: Lang) -> View {
    let (_, undone) = super::change::refused(lang);
    let words =
        lang.t("La fenêtre de dimanche tombe pendant la clôture.", "Sunday’s window falls in the closing.");
    let undone = super::Undone { act: "approve".into(), sent: vec![("text".into(), words.into())], ..undone };
    View {
        undone: Some(undone),
        change: changed(lang).change.map(|c| super::change::Change { acts: Vec::new(), ..c }),
        ..changed(lang)
    }
}

fn changed(lang: Lang) -> View {
    let kind = lang.t("Changement", "Change").into();
    View { kind, change: Some(super::change::sample(lang)), acts: vec![Act::Reply, Act::Note], ..kept(lang) }
}

fn kept(lang: Lang) -> View {
    use IntervalKind::{Closed, Counted};
    let base = late(lang);
    View {
        number: 131,
        title: lang.t("Plus de réseau au bureau d’études", "No network in the design office").into(),
        state: TicketState::Resolved,
        opened: at("2026-05-13T16:00"),
        opened_by: "Luc Roques".into(),
        recorded_by: Some("Inès Cazenave".into()),
        levels: Vec::new(),
        clocks: vec![Clock {
            progress: Progress::Kept,
            elapsed_minutes: 215,
            bar: ClockBar {
                id: "clock-restore".into(),
                title: lang.t("Rétablissement du ticket 131", "Restoration of ticket 131").into(),
                intervals: vec![
                    interval(lang, "2026-05-13T16:00", "2026-05-13T18:00", Counted, 120, None),
                    interval(
                        lang,
                        "2026-05-13T18:00",
                        "2026-05-18T09:00",
                        Closed,
                        0,
                        Some(lang.t(
                            "nuit, Ascension (14 mai), pont (15 mai), samedi et dimanche",
                            "night, Ascension (14 May), closed day (15 May), Saturday and Sunday",
                        )),
                    ),
                    interval(lang, "2026-05-18T09:00", "2026-05-18T10:35", Counted, 95, None),
                    interval(
                        lang,
                        "2026-05-18T10:35",
                        "2026-05-18T11:00",
                        Counted,
                        0,
                        Some(lang.t("temps non utilisé", "time not used")),
                    ),
                ],
                due: Some(at("2026-05-18T11:00")),
                now: None,
                stopped: Some((at("2026-05-18T10:35"), lang.t("Rétabli", "Restored").into())),
            },
            ..base.clocks[0].clone()
        }],
        talk: Talk::default(),
        messages: vec![
            said(
                "Luc Roques",
                Side::Customer,
                "2026-05-13T16:00",
                MessageKind::Reply,
                &[lang.t(
                    "Aucun poste du bureau d’études n’a de réseau depuis 15 h 50.",
                    "No workstation of the design office has had network since 15:50.",
                )],
            ),
            event(
                "Hugo Delmas",
                Side::Provider,
                "2026-05-13T16:12",
                lang.t("a pris le ticket en charge", "took the ticket over"),
                Tone::Active,
            ),
            event(
                "Hugo Delmas",
                Side::Provider,
                "2026-05-18T10:35",
                lang.t(
                    "a rétabli le service : commutateur de secours en place",
                    "restored service: spare switch in place",
                ),
                Tone::Good,
            ),
            event(
                "Hugo Delmas",
                Side::Provider,
                "2026-05-18T16:20",
                lang.t(
                    "a résolu le ticket : alimentation du commutateur remplacée",
                    "resolved the ticket: switch power supply replaced",
                ),
                Tone::Good,
            ),
        ],
        acts: vec![Act::Reopen, Act::Reply],
        contract_version: (
            lang.t("CTR-2026-001, version 1", "CTR-2026-001, version 1").into(),
            Some("/c/ateliers-garonne/contracts/CTR-2026-001?version=1".into()),
        ),
        ..base
    }
}

fn paused(lang: Lang) -> View {
    use IntervalKind::{Closed, Counted, Paused};
    let base = late(lang);
    View {
        number: 416,
        title: lang
            .t("Écran noir sur le poste de la réception", "Black screen on the reception workstation")
            .into(),
        priority: "P3".into(),
        priority_name: "P3".into(),
        severity: Some((
            lang.t("Mineure", "Minor").into(),
            lang.t("article 20 : la gêne est limitée", "article 20: the trouble is limited").into(),
        )),
        priority_because: lang
            .t(
                "impact personne × urgence bloquante, article 6",
                "impact person × urgency blocking, article 6",
            )
            .into(),
        state: TicketState::Paused,
        opened: at("2026-10-30T14:05"),
        opened_by: "Nadia Costes".into(),
        recorded_by: None,
        levels: Vec::new(),
        clocks: vec![Clock {
            progress: Progress::Paused,
            elapsed_minutes: 310,
            target_minutes: 900,
            bar: ClockBar {
                id: "clock-restore".into(),
                title: lang.t("Rétablissement du ticket 416", "Restoration of ticket 416").into(),
                intervals: vec![
                    interval(lang, "2026-10-30T14:05", "2026-10-30T18:00", Counted, 235, None),
                    interval(lang, "2026-10-30T18:00", "2026-11-02T09:00", Closed, 0, None),
                    interval(lang, "2026-11-02T09:00", "2026-11-02T10:15", Counted, 75, None),
                    interval(
                        lang,
                        "2026-11-02T10:15",
                        "2026-11-03T10:00",
                        Paused,
                        0,
                        Some(lang.t(
                            "réponse du client attendue : date de passage",
                            "customer’s answer awaited: date of the visit",
                        )),
                    ),
                ],
                due: None,
                now: Some(at("2026-11-03T10:00")),
                stopped: None,
            },
            ..base.clocks[0].clone()
        }],
        talk: Talk::default(),
        messages: vec![
            said(
                "Nadia Costes",
                Side::Customer,
                "2026-10-30T14:05",
                MessageKind::Reply,
                &[lang.t(
                    "L’écran reste noir au démarrage, l’ordinateur semble tourner.",
                    "The screen stays black at start-up; the computer seems to run.",
                )],
            ),
            event(
                "Inès Cazenave",
                Side::Provider,
                "2026-11-02T10:15",
                lang.t(
                    "a suspendu le délai : réponse du client attendue",
                    "suspended the clock: customer’s answer awaited",
                ),
                Tone::Quiet,
            ),
        ],
        acts: vec![Act::Resume, Act::Call, Act::Reply, Act::Note],
        items: vec![Item {
            name: "pc-rec-02".into(),
            class: lang.t("poste de travail", "workstation").into(),
        }],
        perimeter: Perimeter {
            verdict: Verdict::Included,
            warranty: None,
            meanwhile: None,
            sentence: lang
                .t(
                    "pc-rec-02 est dans le périmètre ; l’assistance aux utilisateurs est comprise.",
                    "pc-rec-02 is inside the perimeter; user support is included.",
                )
                .into(),
            reasons: vec![reason(
                "Article 5",
                "postes-de-travail",
                lang.t(
                    "Les quarante postes de travail sont dans le périmètre.",
                    "The forty workstations are inside the perimeter.",
                ),
            )],
        },
        meter: Some(lang.t("1 ticket du carnet", "1 ticket of the pack").into()),
        ..base
    }
}

fn priced(lang: Lang) -> View {
    let base = late(lang);
    View {
        number: 417,
        title: lang
            .t("Déménager le poste de l’accueil à l’étage", "Move the reception workstation upstairs")
            .into(),
        kind: lang.t("Demande de service", "Service request").into(),
        priority: "P4".into(),
        priority_name: "P4".into(),
        priority_because: lang
            .t("impact personne × confort, article 6", "impact person × comfort, article 6")
            .into(),
        state: TicketState::New,
        opened: at("2026-10-30T10:20"),
        opened_by: "Nadia Costes".into(),
        recorded_by: None,
        channel: lang.t("Portail", "Portal").into(),
        assignee: None,
        operation: lang.t("Visite sur site", "On-site visit").into(),
        items: Vec::new(),
        perimeter: Perimeter {
            verdict: Verdict::Priced {
                amount_cents: 9_500,
                unit: lang.t("par visite", "per visit").into(),
                answer: Answer::Awaited,
            },
            warranty: None,
            meanwhile: None,
            sentence: lang
                .t(
                    "Cinquième visite sur site du mois ; quatre sont comprises.",
                    "Fifth on-site visit of the month; four are included.",
                )
                .into(),
            reasons: vec![computed(
                "Article 10",
                "visites",
                lang.t(
                    "4 visites par mois sont comprises, puis 95,00 € par visite.",
                    "4 visits a month are included, then €95.00 per visit.",
                ),
                lang.t(
                    "visites d’octobre : 4 sur 4 ; celle-ci est la 5e",
                    "October visits: 4 of 4; this is the 5th",
                ),
            )],
        },
        clocks: Vec::new(),
        levels: Vec::new(),
        talk: Talk::default(),
        messages: vec![said(
            "Nadia Costes",
            Side::Customer,
            "2026-10-30T10:20",
            MessageKind::Reply,
            &[lang.t(
                "Peut-on monter le poste au premier étage avant vendredi ?",
                "Can the workstation be moved to the first floor before Friday?",
            )],
        )],
        acts: vec![
            Act::AgreePrice {
                price: "95.00 EUR".into(),
                quotation: None,
                shown: lang.t("95,00 € HT", "€95.00 excl. VAT").into(),
                reference: false,
            },
            Act::DeclinePrice { quotation: None, asked: true },
            Act::TakeOver,
            Act::Quote { currency: "EUR" },
            Act::Call,
            Act::Reply,
            Act::Note,
        ],
        meter: None,
        time_spent_minutes: 0,
        ..base
    }
}
