//! What is on the desk on Tuesday 3 November 2026 at ten: one late, one due within the hour, two waiting,
//! one just restored, and new ones.

use app::ticket::{OpenTicket, StepCommand};
use jiff::civil::{DateTime, date};

use super::cast::Who;
use super::hours::Hours;
use super::plan::{Case, Plan, say};

const fn on(month: i8, day: i8, hour: i8, minute: i8) -> DateTime {
    date(2026, month, day).at(hour, minute, 0, 0)
}

/// What the acts call a ticket: one more in the list moves none.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    Late,
    Soon,
    Editor,
    Agreed,
    Restored,
    Urgent,
    Project,
    Account,
    Session,
    Stapler,
    RemoteCopy,
}

struct Open {
    name: Name,
    at: DateTime,
    by: Who,
    site: &'static str,
    level: (&'static str, &'static str),
    class: &'static str,
    item: &'static str,
    operation: &'static str,
    title: &'static str,
    description: &'static str,
}

pub fn plan(plan: &mut Plan, hours: &Hours) {
    let cases: Vec<(Name, Case)> = OPEN.iter().map(|o| (o.name, open(plan, hours, o))).collect();
    let mut step = |name: Name, at: DateTime, by: Who, command: StepCommand| {
        let (_, case) = cases.iter().find(|(of, _)| *of == name).expect("each name is that of a ticket");
        plan.step(hours.at(at), by, *case, command);
    };
    let take = || StepCommand::TakeOver;
    // Late since half past nine: 900 minutes of service from Friday half past nine.
    step(Name::Late, on(10, 30, 9, 58), Who::Roussel, take());
    step(
        Name::Late,
        on(10, 30, 10, 4),
        Who::Roussel,
        say::reply(
            "Je prends en charge. La carte mère est en cause, je commande la pièce et je prépare un poste de prêt.",
        ),
    );
    step(
        Name::Late,
        on(11, 2, 17, 20),
        Who::Marty,
        say::reply("Le poste de prêt n'est pas arrivé, Laurent Sicard travaille sur papier. Où en est-on ?"),
    );
    step(
        Name::Late,
        on(11, 3, 9, 8),
        Who::Roussel,
        say::reply("Le poste de prêt part ce matin avec notre technicien, arrivée prévue à 10 h 30."),
    );
    // Due at 10:40: 480 minutes from Monday ten past ten.
    step(Name::Soon, on(11, 2, 10, 26), Who::Delmas, take());
    step(
        Name::Soon,
        on(11, 2, 10, 31),
        Who::Delmas,
        say::reply(
            "Pris en charge. Les étiquettes partent vers l'ancienne file ; je reprends la configuration du magasin.",
        ),
    );
    step(
        Name::Soon,
        on(11, 2, 16, 40),
        Who::Delmas,
        say::note("Deux imprimantes d'étiquettes sur trois remises en file. Reste celle du quai."),
    );
    step(Name::Editor, on(10, 28, 11, 15), Who::Delmas, take());
    step(
        Name::Editor,
        on(10, 28, 11, 40),
        Who::Delmas,
        say::reply(
            "L'erreur vient du module d'édition de Gesprod : dossier ouvert chez l'éditeur, je vous tiens au courant.",
        ),
    );
    step(
        Name::Editor,
        on(10, 28, 11, 45),
        Who::Delmas,
        say::pause(
            "attente-gesprod",
            "Dossier Gesprod n° 88214 ouvert le 28 octobre à 11 h 38, accusé de réception joint.",
        ),
    );
    step(Name::Agreed, on(10, 29, 15, 30), Who::Roussel, take());
    step(
        Name::Agreed,
        on(10, 29, 15, 42),
        Who::Roussel,
        say::reply("Votre nouveau poste est prêt. Quand puis-je passer l'installer ?"),
    );
    step(
        Name::Agreed,
        on(10, 29, 16, 5),
        Who::Ferrand,
        say::reply("Inès est en congé : mercredi 4 novembre à 9 h 30 conviendrait."),
    );
    step(
        Name::Agreed,
        on(10, 29, 16, 10),
        Who::Roussel,
        say::pause(
            "date-convenue",
            "Rendez-vous du 4 novembre à 9 h 30, proposé par Nadia Ferrand dans le ticket.",
        ),
    );
    step(Name::Restored, on(11, 2, 14, 12), Who::Delmas, take());
    step(
        Name::Restored,
        on(11, 2, 14, 15),
        Who::Delmas,
        say::reply("Je regarde la borne du fond, elle a redémarré trois fois depuis midi."),
    );
    step(
        Name::Restored,
        on(11, 2, 16, 20),
        Who::Delmas,
        say::work_around(
            "Borne de secours branchée avec l'accord de Thomas Weber ; la couverture est rétablie.",
        ),
    );
    step(Name::Urgent, on(11, 3, 9, 31), Who::Roussel, take());
    step(
        Name::Urgent,
        on(11, 3, 9, 34),
        Who::Roussel,
        say::reply(
            "Pris en charge. Les partages répondent mais l'annuaire est lent : je bascule sur le second contrôleur.",
        ),
    );
    step(
        Name::Project,
        on(11, 2, 11, 30),
        Who::Vasseur,
        say::reply("Bonne idée. Un devis vous est adressé d'ici vendredi, avec un essai sur trois postes."),
    );
    step(Name::Account, on(11, 3, 9, 22), Who::Delmas, take());
    step(Name::RemoteCopy, on(11, 3, 9, 57), Who::Delmas, take());
    step(
        Name::RemoteCopy,
        on(11, 3, 9, 58),
        Who::Delmas,
        say::note(
            "Le lien et l'espace sont bons de notre côté : à voir avec Coffre Bleu, qui lit ce ticket.",
        ),
    );
}

fn open(plan: &mut Plan, hours: &Hours, o: &Open) -> Case {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let incident = o.operation.is_empty();
    let ask = OpenTicket {
        title: o.title.to_owned(),
        description: o.description.to_owned(),
        kind: given(if incident { "incident" } else { "service_request" }),
        impact: given(o.level.0),
        urgency: given(o.level.1),
        site: given(o.site),
        item: given(o.item),
        item_class: given(o.class),
        operation: given(o.operation),
        channel: given("portal"),
        ..OpenTicket::default()
    };
    plan.open(hours.at(o.at), o.by, ask)
}

static OPEN: [Open; 11] = [
    Open {
        name: Name::Late,
        at: on(10, 30, 9, 30),
        by: Who::Marty,
        site: "tls",
        level: ("user", "blocking"),
        class: "workstation",
        item: "",
        operation: "",
        title: "PC-TLS-21 ne s'allume plus",
        description: "Le poste de Laurent Sicard (bureau des méthodes) est mort ce matin : aucun voyant. Il a une gamme à finir pour lundi.",
    },
    Open {
        name: Name::Soon,
        at: on(11, 2, 10, 10),
        by: Who::Ferrand,
        site: "tls",
        level: ("service", "blocking"),
        class: "printer",
        item: "",
        operation: "",
        title: "Plus d'étiquettes à l'expédition",
        description: "Aucune étiquette ne sort au quai ni au magasin, les camions attendent. Rien n'a été changé de notre côté.",
    },
    Open {
        name: Name::Editor,
        at: on(10, 28, 10, 50),
        by: Who::Marty,
        site: "tls",
        level: ("service", "degraded"),
        class: "",
        item: "srv-erp",
        operation: "",
        title: "Bons de commande sans le bas de page",
        description: "Depuis la mise à jour, les bons de commande sortent sans les conditions en bas de page. Les achats les ajoutent à la main.",
    },
    Open {
        name: Name::Agreed,
        at: on(10, 29, 14, 40),
        by: Who::Ferrand,
        site: "tls",
        level: ("user", "comfort"),
        class: "workstation",
        item: "",
        operation: "on_site_visit",
        title: "Remplacement du poste PC-TLS-08",
        description: "Poste d'Inès Barthe (achats), plus de cinq ans, à remplacer avec reprise des données.",
    },
    Open {
        name: Name::Restored,
        at: on(11, 2, 13, 55),
        by: Who::Weber,
        site: "str",
        level: ("service", "degraded"),
        class: "lan",
        item: "",
        operation: "",
        title: "Réseau sans fil qui coupe au magasin de Strasbourg",
        description: "Les lecteurs de codes perdent le réseau toutes les dix minutes depuis midi.",
    },
    Open {
        name: Name::Urgent,
        at: on(11, 3, 9, 20),
        by: Who::Marty,
        site: "tls",
        level: ("site", "blocking"),
        class: "",
        item: "srv-fic",
        operation: "",
        title: "Plus personne n'ouvre ses fichiers à Toulouse",
        description: "Tous les lecteurs réseau tournent dans le vide depuis 9 h 10. Atelier et bureaux à l'arrêt.",
    },
    Open {
        name: Name::Project,
        at: on(11, 2, 9, 45),
        by: Who::Marty,
        site: "tls",
        level: ("user", "comfort"),
        class: "",
        item: "",
        operation: "project",
        title: "Double écran pour le bureau des méthodes",
        description: "Étudier le passage à deux grands écrans pour les six postes du bureau des méthodes.",
    },
    Open {
        name: Name::Account,
        at: on(11, 3, 8, 52),
        by: Who::Ferrand,
        site: "tls",
        level: ("user", "comfort"),
        class: "",
        item: "",
        operation: "account_management",
        title: "Arrivée de Clara Nougué à l'ordonnancement",
        description: "Clara Nougué commence lundi 9 novembre : compte, boîte et accès au partage Planification.",
    },
    Open {
        name: Name::Session,
        at: on(11, 3, 9, 41),
        by: Who::Weber,
        site: "str",
        level: ("user", "blocking"),
        class: "workstation",
        item: "",
        operation: "",
        title: "Anne Schmitt ne peut plus ouvrir sa session",
        description: "« Le nom d'utilisateur ou le mot de passe est incorrect », alors que le mot de passe n'a pas changé.",
    },
    Open {
        name: Name::Stapler,
        at: on(11, 3, 9, 53),
        by: Who::Ferrand,
        site: "tls",
        level: ("user", "degraded"),
        class: "printer",
        item: "",
        operation: "",
        title: "Agrafeuse du copieur COP-TLS-2 en panne",
        description: "Le copieur de la comptabilité n'agrafe plus, message « vérifier l'agrafeuse ».",
    },
    Open {
        name: Name::RemoteCopy,
        at: on(11, 3, 9, 55),
        by: Who::Ferrand,
        site: "str",
        level: ("service", "comfort"),
        class: "",
        item: "srv-sauv",
        operation: "",
        title: "La copie distante a deux nuits de retard",
        description: "Le rapport de ce matin dit que la copie vers Roubaix s'arrête à dimanche.",
    },
];
