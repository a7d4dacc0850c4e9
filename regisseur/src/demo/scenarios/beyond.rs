//! What the contract does not take in, or takes in after a quotation.

use super::{Scenario, TEAM_BLOCKED, TEAM_DEGRADED, USER_BLOCKED, USER_DEGRADED, incident, request};

pub const OUTSIDE: &[Scenario] = &[
    incident(
        TEAM_BLOCKED,
        "cnc_machine",
        "Centre d'usinage n° 4 : écran figé",
        "Le pupitre de la machine n° 4 reste figé au chargement du programme.",
        "Hors périmètre.",
        "Hors périmètre.",
    ),
    request(
        "erp_development",
        "erp_application",
        "Ajouter une colonne à la gamme de fabrication",
        "{qui} voudrait voir le temps de réglage sur l'écran des gammes du progiciel.",
        "Hors périmètre.",
        "Hors périmètre.",
    ),
    incident(
        USER_DEGRADED,
        "personal_device",
        "Téléphone personnel sur le réseau visiteurs",
        "{qui} n'arrive pas à connecter son téléphone personnel.",
        "Hors périmètre.",
        "Hors périmètre.",
    ),
    incident(
        TEAM_DEGRADED,
        "erp_application",
        "Calcul de besoin faux dans le progiciel",
        "Le calcul des besoins propose deux fois la même commande depuis la version 8.2.",
        "Hors périmètre.",
        "Hors périmètre.",
    ),
    incident(
        USER_BLOCKED,
        "cnc_machine",
        "Automate du tour : défaut de communication",
        "Le tour affiche un défaut d'automate au démarrage, {ou}.",
        "Hors périmètre.",
        "Hors périmètre.",
    ),
    request(
        "erp_development",
        "erp_application",
        "Nouvel état des rebuts",
        "La qualité demande un état mensuel des rebuts par machine dans le progiciel.",
        "Hors périmètre.",
        "Hors périmètre.",
    ),
    incident(
        USER_DEGRADED,
        "personal_device",
        "Ordinateur familial infecté",
        "{qui} demande un nettoyage de son ordinateur personnel.",
        "Hors périmètre.",
        "Hors périmètre.",
    ),
    incident(
        TEAM_DEGRADED,
        "cnc_machine",
        "Transfert de programme vers la fraiseuse",
        "Le transfert s'arrête à mi-chemin vers la commande de la fraiseuse.",
        "Hors périmètre.",
        "Hors périmètre.",
    ),
];

pub const QUOTED: &[Scenario] = &[
    request(
        "move",
        "workstation",
        "Déménagement du bureau des achats",
        "Trois postes et un copieur à déplacer au premier étage pendant l'été.",
        "Reçu. Un devis vous est envoyé sous cinq jours : repérage, déplacement, essais.",
        "Devis accepté par Julien Marty, déménagement réalisé et essayé.",
    ),
    request(
        "project",
        "",
        "Étude d'un accès distant pour les commerciaux",
        "La direction souhaite que trois commerciaux travaillent en déplacement avec le progiciel.",
        "Je prépare un devis d'étude avec deux scénarios et leurs conditions de sécurité.",
        "Étude remise et présentée en comité ; suite à décider par la direction.",
    ),
    request(
        "evolution_window",
        "server",
        "Augmentation de mémoire de srv-erp",
        "Doubler la mémoire de srv-erp un samedi matin.",
        "Devis envoyé : fourniture, pose et essais, samedi 8 h – 12 h, retour arrière prévu.",
        "Mémoire posée un samedi matin, essais de charge conformes.",
    )
    .on("srv-erp"),
    request(
        "project",
        "",
        "Affichage des ordres à l'atelier",
        "Quatre écrans pour afficher les ordres de fabrication en cours.",
        "Un devis suit, avec le chiffrage du câblage à part.",
        "Devis remis ; le projet est reporté à l'exercice suivant.",
    ),
];
