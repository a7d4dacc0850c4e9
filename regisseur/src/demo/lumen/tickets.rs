//! What Lumen Édition asked of its provider in September and October 2026.

/// A ticket told from its declaration to its end.
pub struct Told {
    /// Month, day, hour, minute, in Lyon.
    pub opened: (i8, i8, i8, i8),
    /// Extent and effect (article 12).
    pub level: (&'static str, &'static str),
    /// An item, or a class.
    pub item: (&'static str, &'static str),
    /// Of a request; none for an anomaly.
    pub operation: &'static str,
    pub title: &'static str,
    pub description: &'static str,
    /// Minutes until somebody takes it over.
    pub taken: i64,
    pub first: &'static str,
    /// `None`: still open on the demonstration's day.
    pub done: Option<(i8, i8, i8, i8)>,
    pub cause: &'static str,
}

const APP: (&str, &str) = ("bibliotek", "");
const WEB: (&str, &str) = ("bib-web", "");
const BDD: (&str, &str) = ("bib-bdd", "");
const DOCS: (&str, &str) = ("bib-docs", "");
const GATEWAY: (&str, &str) = ("", "message_gateway");

/// Paid by the time spent (article 9.4).
pub const LINK: &str = "equipment_link";

type When = (i8, i8, i8, i8);

/// An anomaly.
#[rustfmt::skip]
#[expect(clippy::too_many_arguments, reason = "one row of the story, read as a table")]
const fn bug(opened: When, level: (&'static str, &'static str), item: (&'static str, &'static str), title: &'static str, description: &'static str, taken: i64, first: &'static str, done: Option<When>, cause: &'static str) -> Told {
    Told { opened, level, item, operation: "", title, description, taken, first, done, cause }
}

/// A request.
#[rustfmt::skip]
const fn ask(opened: When, operation: &'static str, title: &'static str, description: &'static str, taken: i64, done: Option<When>, cause: &'static str) -> Told {
    let first = "Demande reçue, je la planifie et vous tiens au courant ici.";
    Told { opened, level: ("library", "detail"), item: APP, operation, title, description, taken, first, done, cause }
}

#[rustfmt::skip]
pub const TICKETS: &[Told] = &[
    bug((9, 2, 9, 14), ("library", "hindered"), APP, "Retours en lot très lents à Vénissieux", "Chaque retour prend une dizaine de secondes depuis la migration.", 38, "Je prends. Les statistiques de cette base n'ont pas été recalculées après la migration.", Some((9, 2, 11, 50)), "Statistiques recalculées, étape ajoutée à la fiche de migration d'une Bibliothèque."),
    ask((9, 2, 14, 5), "library_setup", "Ouvrir la médiathèque de Givors", "Nouvelle abonnée, ouverture au public le 21 septembre.", 95, Some((9, 8, 16, 0)), "Base créée, comptes remis à la Bibliothèque, premier essai de prêt fait."),
    bug((9, 3, 10, 22), ("person", "detail"), APP, "Accents perdus dans l'export des inscrits", "Le fichier ouvert dans un tableur montre des signes étranges.", 140, "Reproduit : l'export n'annonce pas son encodage.", Some((9, 24, 15, 30)), "Corrigé dans la version 8.4, livrée le 24 septembre."),
    bug((9, 4, 15, 40), ("library", "hindered"), DOCS, "Partitions numérisées illisibles à Bron", "Les images restent floues au plus fort grossissement.", 55, "Je m'en occupe : les tuiles de haute définition n'ont pas été copiées.", Some((9, 7, 10, 20)), "Copie complétée, empreintes comparées pour toutes les Bibliothèques."),
    bug((9, 7, 8, 35), ("all", "stopped"), BDD, "Plus aucun prêt possible", "Toutes les Bibliothèques reçoivent une erreur à la validation du prêt.", 9, "Pris en charge. Le volume des journaux de transactions est plein, je libère de la place.", Some((9, 7, 9, 25)), "Archivage des journaux relancé ; alerte posée à 75 %. La migration avait doublé leur volume."),
    ask((9, 8, 11, 10), "library_restore", "Restaurer le fonds local supprimé à Oullins", "Trois cents notices supprimées par erreur vendredi.", 60, Some((9, 8, 17, 10)), "Notices restaurées depuis la sauvegarde de 8 h, contrôlées par la Bibliothèque."),
    bug((9, 9, 13, 55), ("person", "hindered"), APP, "Réservation affichée deux fois", "Une lectrice voit sa réservation en double, sans conséquence sur la file.", 120, "Reproduit. Affichage seulement : je le joins à la prochaine version.", Some((9, 24, 15, 45)), "Corrigé dans la version 8.4."),
    bug((9, 10, 16, 5), ("library", "hindered"), GATEWAY, "Courriels de relance partis en retard", "Les relances de la nuit sont arrivées vers midi.", 40, "Signalé à Hirondelle Messages, dossier suivi de notre côté.", Some((9, 11, 11, 30)), "File saturée chez l'opérateur, vidée dans la matinée. Sonde ajoutée sur le délai d'envoi."),
    bug((9, 11, 9, 50), ("library", "stopped"), APP, "Automate de prêt muet à Caluire", "L'automate refuse toutes les cartes.", 14, "Je prends : le certificat présenté à l'automate n'est pas celui attendu.", Some((9, 11, 11, 5)), "Chaîne de certificats complétée ; essai d'automate ajouté à la recette."),
    ask((9, 14, 10, 0), "reporting", "Ajouter la part des prêts numériques au rapport", "Pour le comité de pilotage d'octobre.", 180, Some((9, 16, 11, 40)), "Indicateur ajouté au rapport mensuel."),
    bug((9, 15, 17, 25), ("all", "hindered"), WEB, "Catalogue lent en fin de journée", "Plus de cinq secondes par page entre 17 h et 18 h.", 20, "Je regarde : un robot d'indexation parcourt tous les catalogues à la fois.", Some((9, 16, 9, 10)), "Robot limité par le pare-feu applicatif, seuil documenté."),
    ask((9, 16, 14, 20), LINK, "Relier l'automate de prêt de Saint-Priest", "Automate acheté par la commune, à faire dialoguer avec Bibliotek.", 65, Some((9, 18, 15, 30)), "Automate relié, prêts et retours essayés avec la Bibliothèque."),
    bug((9, 17, 11, 30), ("person", "detail"), APP, "Libellé tronqué sur le ticket de prêt", "Les titres longs sont coupés au milieu d'un mot.", 210, "Noté pour la prochaine version.", Some((9, 24, 16, 0)), "Corrigé dans la version 8.4."),
    bug((9, 18, 14, 20), ("library", "hindered"), APP, "Inscription impossible des enfants de moins de trois ans", "La date de naissance est refusée à Tassin.", 45, "Reproduit, la borne d'âge est lue au mauvais format.", Some((9, 21, 11, 15)), "Correctif livré après recette accélérée, accepté par Amel Saïdi."),
    ask((9, 22, 9, 5), "library_setup", "Fermer l'annexe de Saint-Fons", "Fonds repris par la médiathèque centrale.", 75, Some((9, 25, 16, 30)), "Annexe close, fonds rattaché, export remis à la commune."),
    bug((9, 23, 10, 45), ("library", "hindered"), DOCS, "Téléversement d'un manuscrit interrompu", "Échec au-delà de deux gigaoctets, à Villefranche.", 65, "Je prends : délai du frontal trop court pour cet envoi.", Some((9, 23, 15, 30)), "Envoi par morceaux activé pour les grands documents."),
    bug((9, 25, 8, 20), ("all", "hindered"), APP, "Version 8.4 : filtres du catalogue oubliés", "Les filtres choisis disparaissent au changement de page.", 25, "Confirmé sur la Bibliothèque pilote. Je bloque le palier suivant.", Some((9, 25, 16, 40)), "Version 8.4.1 livrée au pilote, palier rouvert le lundi."),
    bug((9, 28, 9, 10), ("person", "stopped"), APP, "Compte d'une bibliothécaire verrouillé", "Directrice de la médiathèque d'Écully, plus aucun accès.", 30, "Je vérifie le journal de connexion avant de déverrouiller.", Some((9, 28, 10, 5)), "Verrouillage après trois essais, compte rouvert après rappel au numéro connu."),
    ask((9, 29, 15, 0), "data_takeover", "Reprise des données de Rillieux", "Base venant d'un autre logiciel, 42 000 notices.", 120, None, ""),
    bug((10, 1, 10, 10), ("library", "hindered"), APP, "Statistiques de septembre incomplètes", "Les prêts du 30 manquent dans le tableau.", 70, "Le calcul de nuit s'est arrêté avant minuit, je le relance.", Some((10, 1, 14, 40)), "Calcul relancé et complet ; surveillance ajoutée à la fin du traitement."),
    bug((10, 2, 16, 30), ("person", "detail"), APP, "Contraste insuffisant d'un bouton", "Signalé par une association de lecteurs malvoyants.", 90, "Merci, je l'inscris à la version 8.5.", Some((10, 22, 15, 0)), "Corrigé dans la version 8.5, contraste contrôlé."),
    ask((10, 5, 14, 15), "library_restore", "Restaurer les paniers d'une classe à Meyzieu", "Paniers supprimés par une purge locale.", 50, Some((10, 5, 17, 5)), "Paniers restaurés."),
    bug((10, 7, 9, 35), ("library", "stopped"), APP, "Impossible de rendre un document à Décines", "Message « exemplaire inconnu » sur tous les retours.", 12, "Je prends : la table des codes est en cours de réorganisation dans cette base.", Some((10, 7, 10, 50)), "Réorganisation terminée ; déplacée désormais hors des heures d'ouverture."),
    ask((10, 8, 10, 30), "patching", "Correctif du serveur de recherche", "Avis du CERT-FR du 7 octobre.", 35, Some((10, 8, 17, 20)), "Correctif essayé en recette puis posé sur les deux centres."),
    bug((10, 9, 16, 0), ("all", "stopped"), APP, "Connexion des lecteurs refusée partout", "Depuis 15 h 50, plus aucun lecteur ne se connecte.", 6, "Pris en charge. Le service d'identité rejette les jetons émis depuis la dernière heure.", Some((10, 9, 17, 10)), "Horloge d'un frontal décalée : synchronisation rétablie et surveillée."),
    bug((10, 12, 11, 20), ("person", "hindered"), APP, "Tri par date faux dans les nouveautés", "Les acquisitions d'octobre sortent en dernier.", 100, "Reproduit, correction dans la version 8.5.", Some((10, 22, 15, 20)), "Corrigé dans la version 8.5."),
    bug((10, 13, 14, 12), ("all", "stopped"), WEB, "Bibliotek inaccessible", "Page d'erreur pour toutes les Bibliothèques.", 4, "Pris en charge : le répartiteur a perdu ses deux frontaux après un changement de configuration.", Some((10, 13, 14, 30)), "Configuration remise, vérification automatique ajoutée avant toute application. Vingt minutes comptées."),
    ask((10, 15, 9, 45), "library_setup", "Ouvrir la bibliothèque de Mions", "Ouverture au public le 2 novembre.", 80, Some((10, 21, 16, 10)), "Base créée, comptes remis, essai de prêt fait."),
    bug((10, 16, 15, 10), ("library", "hindered"), DOCS, "Vignettes absentes à Corbas", "Les couvertures ne s'affichent plus depuis ce matin.", 50, "Je regarde les droits de l'entrepôt.", Some((10, 16, 17, 30)), "Droits rétablis sur le dossier, cause : renommage d'un lot."),
    bug((10, 19, 10, 5), ("library", "hindered"), APP, "Prolongation refusée sans raison à Feyzin", "Le message n'indique pas de motif.", 60, "Une réservation invisible bloque la prolongation, je cherche d'où elle vient.", Some((10, 20, 11, 0)), "Réservation orpheline supprimée, contrôle ajouté au plan préventif."),
    ask((10, 21, 11, 0), "monitoring", "Sonde sur la recherche par auteur", "À la suite des lenteurs de septembre.", 150, Some((10, 23, 10, 30)), "Sonde en place, seuil à trois secondes."),
    bug((10, 23, 9, 20), ("library", "hindered"), APP, "Édition des cartes lecteurs décalée", "Le code-barres sort du cadre à Brignais.", 45, "Lié à la version 8.5, je compare les modèles.", Some((10, 23, 16, 45)), "Modèle de carte corrigé en 8.5.1."),
    ask((10, 26, 14, 0), "backup_check", "Compte rendu de l'essai de restauration d'octobre", "Pour le comité de pilotage.", 90, Some((10, 27, 10, 15)), "Essai du 15 octobre : trois Bibliothèques restaurées en 2 h 05, sans écart. Compte rendu remis."),
    bug((10, 28, 10, 40), ("library", "hindered"), GATEWAY, "Messages courts non reçus à Genas", "Les avis de disponibilité n'arrivent plus sur les téléphones.", 35, "Déclaré à Hirondelle Messages, j'attends leur retour.", Some((10, 29, 15, 30)), "Route rétablie par l'opérateur ; messages en attente envoyés."),
    bug((10, 30, 15, 25), ("person", "detail"), APP, "Faute d'orthographe dans un courriel de rappel", "« Vous avez emprunter ».", 60, "Corrigée dans la version 8.6.", None, ""),
    bug((11, 2, 16, 10), ("library", "hindered"), APP, "Recherche par sujet vide à Chassieu", "Plus aucun résultat depuis la réindexation de la nuit.", 40, "Je compare l'index de cette base avec celui de la veille.", None, ""),
    bug((11, 3, 9, 20), ("library", "hindered"), DOCS, "Document ancien qui ne s'ouvre pas à Pusignan", "Erreur sur un seul registre numérisé.", 15, "Je vérifie l'empreinte du fichier dans les deux centres.", None, ""),
];
