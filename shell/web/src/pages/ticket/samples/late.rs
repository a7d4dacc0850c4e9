//! Ticket 412: a P1 incident, suspended for a while, now late and still running.

use super::{event, interval, said, with_files, working};
use crate::design::clock_bar::{ClockBar, IntervalKind};
use crate::design::components::{Choice, Tone};
use crate::design::{Lang, Side, Text};
use crate::pages::levels::OnLevel;
use crate::pages::sampling::{at, computed, garonne, reason};
use crate::pages::shared::{Progress, Promise, TicketState};
use crate::pages::ticket::time::{Line as TimeLine, Time};
use crate::pages::ticket::{
    Alarm, Clock, Item, Level, LevelState, MessageKind, Perimeter, Talk, Verdict, View, beside,
};

pub(super) fn late(lang: Lang) -> View {
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
        alarms: vec![Alarm { at: at("2026-11-03T11:30"), level: Some(2), to: claire.into() }],
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
        alarms: Vec::new(),
    };
    View {
        undone: None,
        knowledge: crate::pages::suggested::Beside {
            suggested: crate::pages::suggested::sample(lang),
            helped: Vec::new(),
            says: true,
            write: None,
        },
        change: None,
        delivery: None,
        visits: Some(1),
        beside: beside::sample(
            lang,
            at("2026-11-03T15:00"),
            reason(
                "Article 9",
                "telemaintenance",
                lang.t(
                    "La maintenance suppose un diagnostic consigné sur le même ticket.",
                    "Maintenance supposes a diagnosis recorded on the same ticket.",
                ),
            ),
        ),
        customer: garonne(),
        number: 412,
        title: lang.t("L’ERP ne répond plus dans l’atelier", "The ERP has stopped answering in the workshop").into(),
        kind: lang.t("Incident", "Incident").into(),
        priority: "P1".into(),
        priority_name: "P1".into(),
        severity: None,
        priority_because: lang.t("impact site × urgence bloquante, article 6", "impact site × urgency blocking, article 6").into(),
        state: TicketState::Taken,
        opened: at("2026-11-02T11:15"),
        opened_by: claire.into(),
        recorded_by: None,
        channel: lang.t("Téléphone", "Phone").into(),
        site: "Toulouse".into(),
        operation: lang.t("Assistance aux utilisateurs", "User support").into(),
        assignee: Some(ines.into()),
        items: vec![Item { name: "srv-erp".into(), class: lang.t("serveur", "server").into() }],
        perimeter: Perimeter {
            verdict: Verdict::Included,
            warranty: None,
            meanwhile: None,
            sentence: lang.t("srv-erp est dans le périmètre ; l’assistance aux utilisateurs est comprise.", "srv-erp is inside the perimeter; user support is included.").into(),
            reasons: vec![
                reason("Article 5", "serveurs", lang.t("Les serveurs srv-fic, srv-erp et srv-rh sont dans le périmètre.", "Servers srv-fic, srv-erp and srv-rh are inside the perimeter.")),
                reason("Article 10", "assistance", lang.t("L’assistance aux utilisateurs est comprise dans le forfait.", "User support is included in the fee.")),
            ],
        },
        clocks: vec![restore, respond],
        levels: levels(lang),
        answers: Vec::new(),
        talk: Talk::default(),
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
            with_files(said(ines, Side::Provider, "2026-11-02T17:49", MessageKind::Note, &[lang.t("Disque remplacé, reconstruction estimée à 15 h. Ne pas redémarrer avant la fin.", "Disk replaced, rebuild estimated at 15 h. Do not restart before it ends.")]), lang),
            event(&String::from(lang.t("Le contrat", "The contract")), Side::Provider, "2026-11-03T09:30", lang.t("constate que le délai de rétablissement est dépassé", "finds the restoration time exceeded"), Tone::Bad),
        ],
        acts: working(lang),
        draft: None,
        key: "01K9-sample".into(),
        time_spent_minutes: 185,
        time: Some(Time {
            pages: (None, None),
            lines: vec![TimeLine {
                correction: None,
                at: at("2026-11-03T09:10"),
                by: "Inès Cazenave".into(),
                what: lang.t("À distance", "Remote").into(),
                hours: vec![reason("Article 30", "tarif-ingenieur", lang.t("Travail commencé le mardi 3 novembre 2026 à 9 h 10 : heures ordinaires, sans majoration.", "Work begun on Tuesday 3 November 2026 at 09:10: ordinary hours, without a multiplier."))],
                contradicted: false,
                minutes: 35,
                paid_by: Some(lang.t("Redevance", "Fee").into()),
                comment: Some(lang.t("Journaux relus avec l’éditeur.", "Logs read with the vendor.").into()),
            }],
            running: Some(at("2026-11-03T09:50")),
            profiles: Vec::new(),
            kinds: vec![Choice::new("remote", lang.t("À distance", "Remote"))],
            hours: Vec::new(),
            open: true,
        }),
        meter: Some(lang.t("1 ticket du carnet (P1, jamais refusé)", "1 ticket of the pack (P1, never refused)").into()),
        contract_version: (lang.t("CTR-2026-001, version 2", "CTR-2026-001, version 2").into(), Some("/c/ateliers-garonne/contracts/CTR-2026-001".into())),
    }
}

/// Two levels told, one that came too late to be, and one to come.
fn levels(lang: Lang) -> Vec<Level> {
    let level = |level, state, when: &str, who: Text, label: &str| Level {
        promise: Promise::Restore,
        level,
        state,
        at: Some(at(when)),
        who: who.into(),
        placed: Vec::new(),
        reasons: vec![reason(
            "Article 54",
            label,
            lang.t(
                "Chaque niveau est signalé à ceux que l’article nomme.",
                "Each level is told to those the article names.",
            ),
        )],
    };
    let vasseur = lang.t("Claire Vasseur (interlocuteur unique)", "Claire Vasseur (single point of contact)");
    let laborde = lang.t("Étienne Laborde (direction)", "Étienne Laborde (director)");
    let told = |when: &str, names: &[&str]| {
        LevelState::Told(at(when), names.iter().map(|name| String::from(*name)).collect())
    };
    vec![
        level(
            1,
            told("2026-11-02T14:15", &["Claire Vasseur", "Inès Cazenave"]),
            "2026-11-02T14:15",
            vasseur,
            "escalade-1",
        ),
        level(2, told("2026-11-03T09:30", &[]), "2026-11-03T09:30", laborde, "escalade-2"),
        Level {
            promise: Promise::Respond,
            ..level(1, LevelState::Recorded, "2026-11-02T09:45", vasseur, "escalade-0")
        },
        Level {
            promise: Promise::Resolve,
            ..level(1, LevelState::Imported, "2026-10-30T17:00", vasseur, "escalade-4")
        },
        Level {
            placed: vec![OnLevel { name: "Hélène Marchand".into(), reads: true }],
            ..level(3, LevelState::Next, "2026-11-03T16:00", laborde, "escalade-3")
        },
    ]
}
