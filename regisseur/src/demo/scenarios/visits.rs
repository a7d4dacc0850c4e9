//! What cannot be done from afar.

use super::{COMFORT, Scenario, TEAM_DEGRADED, USER_DEGRADED, request};

pub const ALL: &[Scenario] = &[
    request(
        "on_site_visit",
        "workstation",
        "Remplacement de {poste}",
        "Poste de plus de cinq ans à remplacer chez {qui} ({ou}), reprise des données comprise.",
        "Poste préparé en atelier ; je passe l'installer à l'heure convenue avec vous.",
        "Poste installé, données reprises et vérifiées avec {qui}, ancien disque effacé.",
    )
    .at(USER_DEGRADED),
    request(
        "on_site_visit",
        "lan",
        "Brassage d'un îlot de bureaux",
        "Six prises à brasser après le réaménagement de {ou}.",
        "Je viens avec les cordons, comptez une heure.",
        "Six prises brassées, étiquetées et testées ; plan de baie mis à jour.",
    )
    .at(COMFORT),
    request(
        "on_site_visit",
        "printer",
        "Installation d'un copieur",
        "Nouveau copieur livré pour {ou}, à raccorder et à déclarer.",
        "Passage prévu demain matin, le copieur remplacera {imp} dans les files.",
        "Copieur raccordé, files mises à jour, numérisation essayée.",
    )
    .at(COMFORT),
    request(
        "on_site_visit",
        "lan",
        "Borne sans fil à déplacer",
        "La borne du magasin est masquée par un nouveau rayonnage.",
        "Je viens mesurer puis la déplacer de trois mètres.",
        "Borne déplacée, niveaux relevés dans toutes les allées.",
    )
    .at(TEAM_DEGRADED),
    request(
        "on_site_visit",
        "backup",
        "Rotation des supports hors site",
        "Échange trimestriel des supports de sauvegarde gardés au coffre.",
        "Passage convenu avec Julien Marty.",
        "Supports échangés, procès-verbal signé, lecture d'essai réussie.",
    )
    .at(COMFORT),
    request(
        "on_site_visit",
        "workstation",
        "Permanence d'assistance sur place",
        "Demi-journée de questions des utilisateurs sur le site, comme le mois dernier.",
        "Présence confirmée de 9 h à 12 h, salle de réunion du rez-de-chaussée.",
        "Quatorze questions traitées sur place, deux tickets ouverts pour la suite.",
    )
    .at(COMFORT),
];
