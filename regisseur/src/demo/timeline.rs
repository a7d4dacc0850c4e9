//! The dated events of contract A, up to the demonstration's day.
//!
//! Each ticket is one of the timeline of the contract's examples: its due instants are those that the
//! articles 15 and 16 print, and the one of 17 August is the late one of article 25.4.

use app::service::TellOutage;
use app::ticket::{OpenTicket, StepCommand};
use events::{OutageOrigin, ServiceState};
use jiff::civil::{DateTime, date};

use super::cast::Who;
use super::hours::{Hours, Site};
use super::plan::{Plan, Text, say};

pub const CONTRACT: Text =
    Text { file: "ateliers-garonne.md", text: include_str!("../../../contracts/ateliers-garonne.md") };

pub const AMENDMENT: Text = Text {
    file: "ateliers-garonne-avenant-1.md",
    text: include_str!("../../../contracts/ateliers-garonne-avenant-1.md"),
};

const fn on(month: i8, day: i8, hour: i8, minute: i8) -> DateTime {
    date(2026, month, day).at(hour, minute, 0, 0)
}

/// Impact and urgency.
type Level = (&'static str, &'static str);
const P1: Level = ("site", "blocking");
const P2: Level = ("service", "blocking");

/// An incident told from its declaration to its cause.
struct Dated {
    opened: DateTime,
    site: Site,
    level: Level,
    /// A named server, or a class.
    item: &'static str,
    class: &'static str,
    title: &'static str,
    description: &'static str,
    by: Who,
    taken: DateTime,
    first: &'static str,
    restored: DateTime,
    how: &'static str,
    resolved: DateTime,
    cause: &'static str,
}

/// Signatures, the incidents of the examples, and the closing of each month but the last.
pub fn plan(plan: &mut Plan, hours: &Hours) {
    plan.sign(hours.at(on(2, 16, 11, 0)), CONTRACT);
    plan.sign(hours.at(on(9, 24, 15, 30)), AMENDMENT);
    for incident in &INCIDENTS {
        tell(plan, hours, incident);
    }
    outages(plan, hours);
    // Closed within five working days, as article 25.2 wants; October is left to whoever visits.
    for (closing, month) in [
        (on(4, 3, 10, 40), 3),
        (on(5, 5, 11, 5), 4),
        (on(6, 3, 10, 20), 5),
        (on(7, 3, 11, 30), 6),
        (on(8, 5, 10, 15), 7),
        (on(9, 3, 16, 10), 8),
        (on(10, 5, 11, 45), 9),
    ] {
        plan.close(hours.at(closing), Who::Vasseur, date(2026, month, 1));
    }
    monday_2_november(plan, hours);
}

/// AV-05 in March, during the integration; in August 75 minutes of 9 450, so 99.21 % (article 25.4).
fn outages(plan: &mut Plan, hours: &Hours) {
    for (told_at, from, until, declared) in [
        (on(3, 10, 14, 40), on(3, 10, 12, 0), on(3, 10, 14, 30), true),
        (on(8, 12, 10, 55), on(8, 12, 9, 30), on(8, 12, 10, 45), false),
    ] {
        let from = hours.at(from);
        let told = TellOutage {
            contract: None,
            items: vec!["srv-erp".into()],
            detected: Some(from),
            declared: declared.then_some(from),
            ended: Some(hours.at(until)),
            state: ServiceState::Down,
            users: None,
            origin: OutageOrigin::Provider,
        };
        plan.outage(hours.at(told_at), Who::Benali, told);
    }
}

fn tell(plan: &mut Plan, hours: &Hours, i: &Dated) {
    let ask = OpenTicket {
        title: i.title.into(),
        description: i.description.into(),
        impact: Some(i.level.0.into()),
        urgency: Some(i.level.1.into()),
        site: Some(i.site.key().into()),
        item: (!i.item.is_empty()).then(|| i.item.into()),
        item_class: (!i.class.is_empty()).then(|| i.class.into()),
        channel: Some("portal".into()),
        ..OpenTicket::default()
    };
    let opener = if i.site == Site::Strasbourg { Who::Weber } else { Who::Marty };
    let case = plan.open(hours.at(i.opened), opener, ask);
    let mut step = |at: DateTime, command: StepCommand| plan.step(hours.at(at), i.by, case, command);
    step(i.taken, StepCommand::TakeOver);
    step(i.taken, say::reply(i.first));
    step(i.restored, say::restore(i.how));
    step(i.resolved, say::resolve(i.cause));
}

/// The last two tickets of the pack, then three beyond it (M-19).
fn monday_2_november(plan: &mut Plan, hours: &Hours) {
    for (hour, minute, minutes) in [(9, 12, 8), (10, 3, 14), (11, 37, 6), (14, 26, 11), (16, 48, 9)] {
        plan.call(hours.at(on(11, 2, hour, minute)), Who::Roussel, None, minutes);
    }
}

static INCIDENTS: [Dated; 10] = [
    Dated {
        opened: on(3, 10, 12, 0),
        site: Site::Toulouse,
        level: P1,
        item: "srv-erp",
        class: "",
        title: "Le progiciel de production ne répond plus",
        description: "Plus aucun poste n'ouvre la gestion de production, à Toulouse comme à Strasbourg. Les ordres de fabrication ne sortent plus.",
        by: Who::Benali,
        taken: on(3, 10, 12, 6),
        first: "Je prends en charge. Le serveur répond au réseau mais le service de base de données est arrêté. Je regarde le journal du système.",
        restored: on(3, 10, 14, 30),
        how: "Volume des journaux plein : espace libéré, base redémarrée, cohérence vérifiée. Le progiciel répond sur les deux sites.",
        resolved: on(3, 10, 16, 15),
        cause: "La purge des journaux de transactions n'avait jamais été planifiée. Elle l'est, avec une alerte de supervision à 80 %.",
    },
    Dated {
        opened: on(3, 19, 9, 40),
        site: Site::Strasbourg,
        level: P1,
        item: "",
        class: "router",
        title: "Strasbourg coupé du réseau",
        description: "Plus de liaison avec Toulouse ni d'Internet depuis l'arrivée de l'équipe. Téléphones muets.",
        by: Who::Benali,
        taken: on(3, 19, 10, 2),
        first: "Pris en charge. Le routeur de Strasbourg ne répond plus du tout ; je demande à Thomas Weber de me dire quels voyants sont allumés.",
        restored: on(3, 19, 15, 55),
        how: "Alimentation du routeur défaillante : appareil de secours porté de Toulouse puis configuré à distance. Liaison et téléphones rétablis.",
        resolved: on(3, 20, 10, 30),
        cause: "Alimentation remplacée. Un routeur de secours préconfiguré reste désormais dans la baie de Strasbourg.",
    },
    Dated {
        opened: on(4, 2, 17, 0),
        site: Site::Strasbourg,
        level: P2,
        item: "",
        class: "lan",
        title: "Bornes sans fil hors service au magasin de Strasbourg",
        description: "Les lecteurs de codes du magasin perdent la liaison sans fil, impossible de pointer les réceptions.",
        by: Who::Roussel,
        taken: on(4, 7, 9, 20),
        first: "Je m'en occupe. Le contrôleur voit une borne sur trois ; je vérifie l'alimentation par le réseau.",
        restored: on(4, 7, 11, 40),
        how: "Commutateur du magasin redémarré, alimentation des bornes rétablie. Les lecteurs pointent à nouveau.",
        resolved: on(4, 7, 15, 10),
        cause: "Microprogramme du commutateur mis à jour : la version en place coupait l'alimentation des ports après trente jours.",
    },
    Dated {
        opened: on(4, 2, 17, 0),
        site: Site::Toulouse,
        level: P2,
        item: "srv-fic",
        class: "",
        title: "Dossier des plans inaccessible au bureau des méthodes",
        description: "« Accès refusé » sur le partage Plans pour tout le bureau des méthodes depuis 16 h 45.",
        by: Who::Benali,
        taken: on(4, 3, 9, 25),
        first: "Bonjour, je reprends dès ce matin. Les droits du partage ont été modifiés hier à 16 h 41, je remonte à la cause.",
        restored: on(4, 3, 10, 50),
        how: "Droits du partage rétablis à l'identique de la sauvegarde de la nuit du 1er avril.",
        resolved: on(4, 3, 14, 20),
        cause: "Un groupe avait été renommé lors de la reprise de l'annuaire. Le modèle de droits est documenté.",
    },
    Dated {
        opened: on(4, 30, 17, 30),
        site: Site::Toulouse,
        level: P1,
        item: "srv-fic",
        class: "",
        title: "Serveur de fichiers arrêté",
        description: "Plus aucun lecteur réseau sur le site de Toulouse, message « chemin réseau introuvable ».",
        by: Who::Roussel,
        taken: on(4, 30, 17, 44),
        first: "Pris en charge. Le serveur a redémarré seul et attend une vérification de disque ; je la laisse se terminer avant de remonter les partages.",
        restored: on(5, 4, 10, 20),
        how: "Vérification terminée sans perte, un disque sorti de la grappe. Partages remontés, le site travaille.",
        resolved: on(5, 5, 9, 50),
        cause: "Disque remplacé et grappe reconstruite dans la nuit. Sonde d'état des disques ajoutée à la supervision.",
    },
    Dated {
        opened: on(5, 13, 16, 0),
        site: Site::Toulouse,
        level: P1,
        item: "srv-erp",
        class: "",
        title: "Impossible de lancer les ordres de fabrication",
        description: "Toute validation d'ordre se termine par une erreur de licence, sur tous les postes.",
        by: Who::Benali,
        taken: on(5, 13, 16, 11),
        first: "Je prends. Le service de licences refuse de démarrer depuis le redémarrage de midi. J'ai saisi l'éditeur en parallèle.",
        restored: on(5, 18, 10, 15),
        how: "Fichier de licence réémis par Gesprod et installé : les validations passent. Bon pour l'équipe de lundi.",
        resolved: on(5, 18, 16, 40),
        cause: "La licence était liée à l'ancienne carte réseau du serveur. Point ajouté à la fiche de reprise.",
    },
    Dated {
        opened: on(6, 12, 17, 0),
        site: Site::Toulouse,
        level: P1,
        item: "",
        class: "lan",
        title: "Réseau de l'atelier tombé",
        description: "Tout l'atelier a perdu le réseau, les postes de contrôle ne transmettent plus.",
        by: Who::Roussel,
        taken: on(6, 12, 17, 9),
        first: "Pris en charge. Je vois une boucle sur le commutateur de l'atelier ; je coupe les ports un à un.",
        restored: on(6, 15, 11, 10),
        how: "Boucle supprimée, cœur de réseau stable, tous les postes de contrôle transmettent.",
        resolved: on(6, 15, 17, 5),
        cause: "Un cordon reliait deux prises d'une même goulotte. Protection contre les boucles activée sur tous les ports d'atelier.",
    },
    Dated {
        opened: on(7, 10, 17, 0),
        site: Site::Toulouse,
        level: P2,
        item: "",
        class: "backup",
        title: "Sauvegarde de la nuit en échec",
        description: "La supervision signale l'échec des sauvegardes de srv-fic et srv-rh pour la deuxième nuit.",
        by: Who::Benali,
        taken: on(7, 15, 9, 20),
        first: "Je prends la suite de l'alerte. Le dépôt local est saturé, la rétention n'a pas purgé.",
        restored: on(7, 15, 15, 30),
        how: "Rétention corrigée, sauvegarde complète relancée et achevée, restauration d'un fichier d'essai réussie.",
        resolved: on(7, 16, 10, 0),
        cause: "La purge attendait un travail supprimé. Contrôle ajouté au rapport quotidien.",
    },
    Dated {
        opened: on(8, 17, 9, 0),
        site: Site::Toulouse,
        level: P1,
        item: "srv-fic",
        class: "",
        title: "Serveur de fichiers arrêté à la reprise",
        description: "À la reprise de l'atelier, aucun poste n'ouvre les plans ni les programmes d'usinage. Production à l'arrêt.",
        by: Who::Roussel,
        taken: on(8, 17, 9, 22),
        first: "Pris en charge. Un disque de srv-fic est en erreur et le volume refuse de monter ; je lance la restauration sur le volume de secours.",
        restored: on(8, 17, 17, 50),
        how: "Volume restauré à la sauvegarde de la nuit, puis instantanés de la veille rejoués : aucun fichier perdu, le partage répond sur les deux sites.",
        resolved: on(8, 18, 11, 30),
        cause: "Deux disques du même lot défaillants à la suite. Lot entier remplacé. L'échéance a été dépassée : analyse jointe au comité du 15 septembre.",
    },
    Dated {
        opened: on(10, 23, 17, 0),
        site: Site::Toulouse,
        level: P2,
        item: "",
        class: "telephony",
        title: "Standard injoignable",
        description: "Les appels entrants tombent sur une tonalité occupée depuis 16 h 50 ; les sortants passent.",
        by: Who::Delmas,
        taken: on(10, 26, 9, 15),
        first: "Bonjour, je m'en charge. Le renvoi du standard pointe vers un poste supprimé vendredi.",
        restored: on(10, 26, 9, 50),
        how: "Renvoi corrigé, appels entrants vérifiés depuis l'extérieur.",
        resolved: on(10, 26, 14, 30),
        cause: "Suppression d'un compte sans contrôle de ses renvois : contrôle ajouté à la fiche de départ.",
    },
];
