//! Comings and goings: accounts and rights.

use super::{Scenario, USER_BLOCKED, request};

pub const ALL: &[Scenario] = &[
    request(
        "account_management",
        "",
        "Arrivée de {qui}",
        "{qui} rejoint {ou} lundi : compte, boîte aux lettres et accès au partage du service.",
        "Bien reçu. Compte prêt la veille, mot de passe remis en main propre par le responsable.",
        "Compte, boîte et groupes créés selon le modèle du service ; seconde authentification à enregistrer le premier jour.",
    ),
    request(
        "account_management",
        "",
        "Départ de {qui}",
        "Dernier jour vendredi : fermer les accès, transmettre la boîte au responsable.",
        "Programmé vendredi 18 h. La boîte sera ouverte au responsable pendant trente jours.",
        "Accès fermés, jetons révoqués, boîte transmise, téléphone effacé.",
    ),
    request(
        "account_management",
        "",
        "Changement de service de {qui}",
        "{qui} passe à {ou} : retirer les anciens droits et donner les nouveaux.",
        "Je retire d'abord les anciens droits, puis j'applique le modèle du nouveau service.",
        "Droits alignés sur le modèle du service, liste envoyée au responsable pour accord.",
    ),
    request(
        "account_management",
        "",
        "Accès temporaire pour un stagiaire",
        "Un stagiaire rejoint {ou} pour deux mois, accès au seul dossier de son étude.",
        "Compte à durée limitée, fermé automatiquement à la date de fin.",
        "Compte temporaire créé avec date de fin, accès limité au dossier.",
    ),
    request(
        "account_management",
        "",
        "Nouvelle adresse générique",
        "Créer une adresse commune pour {ou}, lue par trois personnes.",
        "Je crée une boîte partagée plutôt qu'un compte : pas de mot de passe commun.",
        "Boîte partagée créée et rattachée aux trois personnes, essai d'envoi fait.",
    ),
    request(
        "account_management",
        "",
        "Compte verrouillé de {qui}",
        "Cinq mots de passe erronés, compte verrouillé.",
        "Je vérifie votre identité auprès du responsable et je déverrouille.",
        "Compte déverrouillé ; un ancien téléphone réessayait l'ancien mot de passe.",
    )
    .at(USER_BLOCKED),
];
