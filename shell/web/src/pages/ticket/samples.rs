//! Four tickets: late and running, kept over a long weekend, suspended, and priced.

use super::{Act, Clock, Item, Message, MessageKind, Perimeter, Verdict, View};
use crate::design::clock_bar::{ClockBar, Interval, IntervalKind};
use crate::design::components::{Choice, Tone};
use crate::design::{Lang, Side, Text};
use crate::pages::sampling::{at, computed, garonne, reason};
use crate::pages::shared::{Progress, Promise, TicketState};

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    vec![("late", late(lang)), ("kept", kept(lang)), ("paused", paused(lang)), ("priced", priced(lang))]
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
        article: Some((article.into(), href(label))),
    }
}

fn event(author: &str, side: Side, when: &str, sentence: Text, tone: Tone) -> Message {
    Message {
        author: author.into(),
        side,
        at: at(when),
        kind: MessageKind::Event { sentence: sentence.into(), tone },
        body: Vec::new(),
    }
}

fn said(author: &str, side: Side, when: &str, kind: MessageKind, body: &[Text]) -> Message {
    Message {
        author: author.into(),
        side,
        at: at(when),
        kind,
        body: body.iter().map(|text| (*text).into()).collect(),
    }
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
        Act::Call,
        Act::Reply,
        Act::Note,
    ]
}

fn late(lang: Lang) -> View {
    use IntervalKind::{Closed, Counted, Paused};
    let (ines, claire) = ("Inès Cazenave", "Claire Fabre");
    let restore = Clock {
        promise: Promise::Restore,
        progress: Progress::Late,
        elapsed_minutes: 270,
        target_minutes: 240,
        calendar: lang.t("en heures de service", "in service hours").into(),
        bar: ClockBar {
            id: "clock-restore".into(),
            title: lang.t("Rétablissement du ticket 412", "Restoration of ticket 412").into(),
            intervals: vec![
                interval(lang, "2026-11-02T11:15", "2026-11-02T12:30", Counted, 75, None),
                interval(lang, "2026-11-02T12:30", "2026-11-02T14:00", Closed, 0, None),
                interval(lang, "2026-11-02T14:00", "2026-11-02T15:10", Counted, 70, None),
                interval(lang, "2026-11-02T15:10", "2026-11-02T16:55", Paused, 0, Some(lang.t("accès du client attendu : clé du local technique", "customer access awaited: key of the plant room"))),
                interval(lang, "2026-11-02T16:55", "2026-11-02T18:00", Counted, 65, None),
                interval(lang, "2026-11-02T18:00", "2026-11-03T09:00", Closed, 0, None),
                interval(lang, "2026-11-03T09:00", "2026-11-03T10:00", Counted, 60, None),
            ],
            due: Some(at("2026-11-03T09:30")),
            now: Some(at("2026-11-03T10:00")),
            stopped: None,
        },
        reasons: vec![
            reason("Article 7", "delai-p1", lang.t("Un incident P1 est rétabli en 4 h, en heures de service, à compter de sa déclaration.", "A P1 incident is restored in 4 h of service hours from its declaration.")),
            reason("Article 6", "priorites", lang.t("Impact site, urgence bloquante : priorité P1.", "Impact site, urgency blocking: priority P1.")),
            reason("Article 8", "suspensions", lang.t("L’attente d’un accès que doit donner le client suspend le délai.", "Awaiting an access the customer must give suspends the clock.")),
            computed("Article 3", "ho", lang.t("Heures de service : du lundi au vendredi, 09:00-12:30 et 14:00-18:00, Europe/Paris.", "Service hours: Monday to Friday, 09:00-12:30 and 14:00-18:00, Europe/Paris."),
                lang.t("75 + 70 + 65 = 210 min le 2 nov. ; les 30 min restantes à partir de 09:00 le 3 nov. : échéance 09:30", "75 + 70 + 65 = 210 min on 2 Nov; the remaining 30 min from 09:00 on 3 Nov: due 09:30")),
        ],
    };
    let respond = Clock {
        promise: Promise::Respond,
        progress: Progress::Kept,
        elapsed_minutes: 26,
        target_minutes: 60,
        calendar: lang.t("en heures de service", "in service hours").into(),
        bar: ClockBar {
            id: "clock-respond".into(),
            title: lang.t("Prise en charge du ticket 412", "Response to ticket 412").into(),
            intervals: vec![
                interval(lang, "2026-11-02T11:15", "2026-11-02T11:41", Counted, 26, None),
                interval(lang, "2026-11-02T11:41", "2026-11-02T12:15", Counted, 0, Some(lang.t("temps non utilisé", "time not used"))),
            ],
            due: Some(at("2026-11-02T12:15")),
            now: Some(at("2026-11-02T11:41")),
            stopped: Some((at("2026-11-02T11:41"), lang.t("Pris en charge", "Taken over").into())),
        },
        reasons: vec![reason("Article 7", "prise-en-charge-p1", lang.t("Un incident P1 est pris en charge en 60 min par un technicien nommé ; un courriel automatique ne compte pas.", "A P1 incident is taken over within 60 min by a named technician; an automatic email does not count."))],
    };
    View {
        customer: garonne(),
        number: 412,
        title: lang.t("L’ERP ne répond plus dans l’atelier", "The ERP has stopped answering in the workshop").into(),
        kind: lang.t("Incident", "Incident").into(),
        priority: "P1".into(),
        priority_because: lang.t("impact site × urgence bloquante, article 6", "impact site × urgency blocking, article 6").into(),
        state: TicketState::Taken,
        opened: at("2026-11-02T11:15"),
        opened_by: claire.into(),
        channel: lang.t("Téléphone", "Phone").into(),
        site: "Toulouse".into(),
        operation: lang.t("Assistance aux utilisateurs", "User support").into(),
        assignee: Some(ines.into()),
        items: vec![Item { name: "srv-erp".into(), class: lang.t("serveur", "server").into() }],
        perimeter: Perimeter {
            verdict: Verdict::Included,
            sentence: lang.t("srv-erp est dans le périmètre ; l’assistance aux utilisateurs est comprise.", "srv-erp is inside the perimeter; user support is included.").into(),
            reasons: vec![
                reason("Article 5", "serveurs", lang.t("Les serveurs srv-fic, srv-erp et srv-rh sont dans le périmètre.", "Servers srv-fic, srv-erp and srv-rh are inside the perimeter.")),
                reason("Article 10", "assistance", lang.t("L’assistance aux utilisateurs est comprise dans le forfait.", "User support is included in the fee.")),
            ],
        },
        clocks: vec![restore, respond],
        messages: vec![
            said(claire, Side::Customer, "2026-11-02T11:15", MessageKind::Call { minutes: 7 }, &[
                lang.t("Plus personne n’accède à l’ERP dans l’atelier : « connexion au serveur impossible ». La production est arrêtée.", "Nobody in the workshop can reach the ERP: “cannot connect to server”. Production has stopped."),
            ]),
            event(ines, Side::Provider, "2026-11-02T11:41", lang.t("a pris le ticket en charge", "took the ticket over"), Tone::Active),
            said(ines, Side::Provider, "2026-11-02T11:58", MessageKind::Reply, &[
                lang.t("Bonjour Mme Fabre. Le serveur est démarré mais son volume de données est passé en lecture seule : un disque est en défaut.", "Good morning Ms Fabre. The server is up, but its data volume went read-only: a disk has failed."),
                lang.t("Il me faut l’accès au local technique pour le remplacer. Qui peut m’ouvrir ?", "I need access to the plant room to replace it. Who can let me in?"),
            ]),
            event(ines, Side::Provider, "2026-11-02T15:10", lang.t("a suspendu le délai : accès du client attendu", "suspended the clock: customer access awaited"), Tone::Quiet),
            said(claire, Side::Customer, "2026-11-02T16:52", MessageKind::Reply, &[lang.t("M. Roques vous attend sur place avec la clé.", "Mr Roques is waiting for you on site with the key.")]),
            event(ines, Side::Provider, "2026-11-02T16:55", lang.t("a repris l’horloge", "resumed the clock"), Tone::Active),
            said(ines, Side::Provider, "2026-11-02T17:49", MessageKind::Note, &[lang.t("Disque remplacé, reconstruction estimée à 15 h. Ne pas redémarrer avant la fin.", "Disk replaced, rebuild estimated at 15 h. Do not restart before it ends.")]),
            event(&String::from(lang.t("Le contrat", "The contract")), Side::Provider, "2026-11-03T09:30", lang.t("constate que le délai de rétablissement est dépassé", "finds the restoration time exceeded"), Tone::Bad),
        ],
        acts: working(lang),
        key: "01K9-sample".into(),
        time_spent_minutes: 185,
        meter: Some(lang.t("1 ticket du carnet (P1, jamais refusé)", "1 ticket of the pack (P1, never refused)").into()),
        contract_version: (lang.t("CTR-2026-001, version 2", "CTR-2026-001, version 2").into(), "/c/ateliers-garonne/contracts/CTR-2026-001".into()),
    }
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
            "/c/ateliers-garonne/contracts/CTR-2026-001?version=1".into(),
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
        priority_because: lang
            .t(
                "impact personne × urgence bloquante, article 6",
                "impact person × urgency blocking, article 6",
            )
            .into(),
        state: TicketState::Paused,
        opened: at("2026-10-30T14:05"),
        opened_by: "Nadia Costes".into(),
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
        priority_because: lang
            .t("impact personne × confort, article 6", "impact person × comfort, article 6")
            .into(),
        state: TicketState::New,
        opened: at("2026-10-30T10:20"),
        opened_by: "Nadia Costes".into(),
        channel: lang.t("Portail", "Portal").into(),
        assignee: None,
        operation: lang.t("Visite sur site", "On-site visit").into(),
        items: Vec::new(),
        perimeter: Perimeter {
            verdict: Verdict::Priced {
                amount_cents: 9_500,
                unit: lang.t("par visite", "per visit").into(),
                agreed: None,
            },
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
        acts: vec![Act::TakeOver, Act::Call, Act::Reply, Act::Note],
        meter: None,
        time_spent_minutes: 0,
        ..base
    }
}
