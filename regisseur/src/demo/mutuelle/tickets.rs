//! What Mutuelle Horizon Atlantique asked of its provider in October 2026.

/// Month, day, hour, minute, in Nantes.
pub type When = (i8, i8, i8, i8);

/// The order that answers for a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Payroll,
    Desktops,
}

impl Order {
    pub const fn number(self) -> &'static str {
        match self {
            Order::Payroll => "CTR-2026-003-P",
            Order::Desktops => "CTR-2026-003-D",
        }
    }
}

/// A ticket told from its declaration to its end.
pub struct Told {
    pub order: Order,
    pub site: &'static str,
    pub opened: When,
    /// Impact and urgency (article 13).
    pub level: (&'static str, &'static str),
    pub item: &'static str,
    /// Of a request; none for an incident.
    pub operation: &'static str,
    pub channel: &'static str,
    pub title: &'static str,
    pub description: &'static str,
    /// Minutes until somebody takes it over.
    pub taken: i64,
    pub first: &'static str,
    /// `None`: still open on the demonstration's day.
    pub done: Option<When>,
    pub cause: &'static str,
}

const NTE: &str = "nte";
const STR: &str = "str";
const RUN: &str = "run";
const DESKS: &str = "vdi-grappe";
const PROFILES: &str = "vdi-profils";
const ENGINE: &str = "pay-moteur";
const PORTAL: &str = "pay-portail";
const FILES: &str = "pay-dossiers";

/// An incident of the desktops.
#[rustfmt::skip]
#[expect(clippy::too_many_arguments, reason = "one row of the story, read as a table")]
const fn desk(site: &'static str, opened: When, level: (&'static str, &'static str), item: &'static str, channel: &'static str, title: &'static str, description: &'static str, taken: i64, first: &'static str, done: Option<When>, cause: &'static str) -> Told {
    Told { order: Order::Desktops, site, opened, level, item, operation: "", channel, title, description, taken, first, done, cause }
}

/// An incident of the payroll, which Nantes runs for the three sites.
#[rustfmt::skip]
#[expect(clippy::too_many_arguments, reason = "one row of the story, read as a table")]
const fn pay(opened: When, level: (&'static str, &'static str), item: &'static str, title: &'static str, description: &'static str, taken: i64, first: &'static str, done: Option<When>, cause: &'static str) -> Told {
    Told { order: Order::Payroll, site: NTE, opened, level, item, operation: "", channel: "portal", title, description, taken, first, done, cause }
}

/// A request.
#[rustfmt::skip]
#[expect(clippy::too_many_arguments, reason = "one row of the story, read as a table")]
const fn ask(order: Order, site: &'static str, opened: When, operation: &'static str, item: &'static str, title: &'static str, description: &'static str, taken: i64, done: Option<When>, cause: &'static str) -> Told {
    let first = "Demande reçue, je m'en charge et vous tiens au courant ici.";
    Told { order, site, opened, level: ("user", "comfort"), item, operation, channel: "portal", title, description, taken, first, done, cause }
}

#[rustfmt::skip]
pub const TICKETS: &[Told] = &[
    desk(NTE, (10, 1, 8, 20), ("site", "degraded"), DESKS, "phone", "Ouvertures de session très lentes à Nantes", "Plus de deux minutes pour obtenir son bureau, premier matin de mise en service.", 12, "Je prends : tous les profils se chargent au même moment, je répartis les démarrages.", Some((10, 1, 11, 15)), "Démarrage anticipé des machines à partir de 6 h 30 ; seuil de capacité ajouté à la supervision."),
    desk(STR, (10, 2, 9, 35), ("user", "blocking"), PROFILES, "portal", "Profil vide pour une gestionnaire de Strasbourg", "Favoris et signatures absents depuis la bascule.", 50, "Je retrouve l'ancien profil et le rattache.", Some((10, 2, 11, 40)), "Profil migré sous un ancien identifiant, rattaché ; liste contrôlée pour toute l'agence."),
    ask(Order::Payroll, NTE, (10, 2, 14, 10), "user_support", PORTAL, "Ouvrir le portail aux salariés de La Réunion", "Quarante personnes, premier accès avec le bulletin d'octobre.", 65, Some((10, 5, 16, 20)), "Accès ouverts, notice envoyée, deux connexions vérifiées."),
    desk(RUN, (10, 5, 9, 30), ("user", "degraded"), DESKS, "on_site", "Son haché pendant les appels à Saint-Denis", "Les conversations sont coupées l'après-midi, heure locale.", 40, "Je mesure la liaison avec le correspondant de proximité.", Some((10, 6, 12, 30)), "Priorité donnée à la voix sur la liaison, réglage vérifié pendant deux heures d'appels."),
    pay((10, 6, 10, 15), ("user", "degraded"), PORTAL, "Relevé de congés décalé d'un mois", "Le portail affiche le solde d'août.", 85, "Reproduit : la date d'arrêté n'a pas suivi la reprise.", Some((10, 7, 15, 10)), "Date d'arrêté corrigée, soldes contrôlés sur trente dossiers."),
    ask(Order::Desktops, NTE, (10, 7, 11, 0), "patching", DESKS, "Correctif de l'image de bureau avant le 15", "Avis de sécurité du 6 octobre sur le navigateur.", 45, Some((10, 8, 19, 30)), "Image reconstruite, posée hors des heures ouvrées après essai du groupe pilote."),
    desk(STR, (10, 8, 14, 20), ("user", "comfort"), DESKS, "portal", "Deuxième écran non reconnu", "Un seul poste de l'agence.", 110, "Je regarde le réglage d'affichage du bureau virtuel.", Some((10, 9, 10, 30)), "Réglage d'affichage corrigé dans le profil."),
    pay((10, 9, 9, 10), ("user", "blocking"), FILES, "Dossier d'une salariée mutée introuvable", "Mutation de Strasbourg à Nantes au 1er octobre.", 70, "Je cherche le dossier sous son ancien établissement.", Some((10, 9, 15, 45)), "Dossier rattaché au bon établissement, ancienneté vérifiée."),
    ask(Order::Payroll, NTE, (10, 12, 10, 40), "payroll_law_watch", ENGINE, "Effet de l'avenant à l'accord de prévoyance", "Taux applicable au 1er octobre.", 90, Some((10, 13, 16, 30)), "Taux mis à jour, bulletin d'essai remis et validé par Brigitte Oger."),
    desk(NTE, (10, 12, 16, 30), ("user", "degraded"), PROFILES, "email", "Imprimante par défaut perdue chaque matin", "Trois personnes du service des prestations.", 60, "Je compare leurs profils avec ceux de leurs voisins.", Some((10, 14, 11, 0)), "Règle d'impression appliquée avant le chargement du profil."),
    // Taken at 22:58, for 23:10 at the latest: eighteen minutes of the thirty, at night (D4.2).
    desk(NTE, (10, 13, 22, 40), ("function", "blocking"), DESKS, "phone", "Plateau des sinistres coupé, astreinte appelée", "Cellule tempête à l'œuvre cette nuit : douze gestionnaires ont perdu leur bureau.", 18, "Idriss Mendy, d'astreinte : je prends. Un nœud de la grappe ne répond plus, je déplace les bureaux.", Some((10, 14, 1, 5)), "Carte réseau défaillante d'un nœud ; nœud retiré, bureaux répartis sur les autres, pièce remplacée le 14."),
    pay((10, 14, 11, 25), ("user", "degraded"), ENGINE, "Prime d'astreinte absente du modèle de saisie", "La colonne n'existe plus dans le fichier des éléments variables.", 55, "Je rétablis la colonne et renvoie le modèle.", Some((10, 14, 17, 10)), "Modèle corrigé et daté, ancien modèle retiré du portail."),
    // Two hours of the agency, whose day ends at 18:00 and begins at 9:00: due on Friday at 10:00.
    desk(STR, (10, 15, 17, 0), ("site", "degraded"), DESKS, "phone", "Bureaux figés par moments à l'agence de Strasbourg", "Une dizaine de secondes, plusieurs fois par heure, chez tout le monde.", 25, "Je suis la liaison de l'agence pendant que vous travaillez.", Some((10, 16, 11, 20)), "Lien de secours saturé par une copie de nuit restée en cours ; copie arrêtée, débit limité."),
    ask(Order::Payroll, NTE, (10, 16, 10, 5), "retroactive_payroll", ENGINE, "Rappel de salaire depuis juillet", "Accord signé le 12 octobre, deux cent dix salariés.", 120, Some((10, 21, 15, 0)), "Devis remis le 21 octobre, traitement programmé après son acceptation."),
    ask(Order::Desktops, NTE, (10, 19, 9, 15), "reporting", DESKS, "Durées d'ouverture de session par site", "Pour le premier comité de pilotage.", 80, Some((10, 21, 11, 30)), "Tableau remis : 95e centile à 31 s à Nantes, 29 s à Strasbourg, 42 s à Saint-Denis."),
    pay((10, 20, 9, 50), ("function", "degraded"), PORTAL, "Dépôt des éléments variables refusé", "Le fichier validé est rejeté, la date limite est à midi.", 10, "Je prends : le contrôle refuse une absence à cheval sur deux mois.", Some((10, 20, 11, 5)), "Contrôle corrigé ; fichier déposé à 11 h 02, dans son délai."),
    desk(NTE, (10, 21, 13, 40), ("user", "blocking"), PROFILES, "portal", "Fichiers de la journée disparus", "Un dossier de l'indemnisation supprimé par erreur.", 35, "Je restaure la sauvegarde de 13 h.", Some((10, 21, 15, 5)), "Dossier restauré depuis la sauvegarde de 13 h, rien de perdu."),
    pay((10, 22, 15, 30), ("user", "comfort"), PORTAL, "Bulletin illisible sur téléphone", "Le net à payer sort de l'écran.", 130, "Noté, je compare les deux modèles de page.", Some((10, 26, 16, 0)), "Page du bulletin adaptée aux petits écrans."),
    // Ten o'clock in Saint-Denis, three days around the change of hour: metropolitan France opens there
    // at ten on the 23rd, at eleven on the 26th, and the Saturday waits for that Monday.
    desk(RUN, (10, 23, 8, 0), ("user", "blocking"), DESKS, "portal", "Bureau virtuel bloqué à l'écran d'accueil", "Une gestionnaire de Saint-Denis, depuis 10 h, heure locale.", 35, "Je ferme la session restée ouverte et la relance.", Some((10, 23, 10, 10)), "Session fantôme fermée après une coupure de liaison."),
    desk(RUN, (10, 24, 8, 0), ("user", "blocking"), PROFILES, "portal", "Mot de passe expiré, permanence du samedi", "Impossible d'ouvrir le bureau, rappel lundi accepté.", 49 * 60 + 20, "Bonjour, je vous rappelle pour vérifier votre identité puis j'ouvre un nouvel accès.", Some((10, 26, 9, 40)), "Accès rouvert après rappel au numéro connu ; avertissement d'expiration avancé à dix jours."),
    desk(RUN, (10, 26, 7, 0), ("user", "blocking"), DESKS, "portal", "Progiciel des sinistres absent du bureau", "Icône disparue depuis ce matin, 10 h, heure locale.", 85, "Je vérifie le groupe d'habilitation.", Some((10, 26, 11, 20)), "Habilitation rétablie : le groupe avait été renommé pendant le week-end."),
    pay((10, 26, 8, 40), ("function", "blocking"), ENGINE, "Fichier de virement vide à la veille de l'envoi", "Aucune ligne dans le fichier d'essai, les salaires partent le 28.", 14, "Je prends immédiatement, je compare avec le fichier de la paie en double.", Some((10, 26, 10, 55)), "Compte émetteur mal repris après la mise en service ; fichier régénéré et contrôlé avec Brigitte Oger."),
    ask(Order::Payroll, NTE, (10, 27, 14, 30), "user_support", FILES, "Attestation pour un départ au 31 octobre", "Fin de contrat à Strasbourg.", 70, Some((10, 29, 11, 0)), "Attestation remise sur le portail."),
    desk(NTE, (10, 28, 10, 20), ("site", "degraded"), DESKS, "phone", "Visioconférence saccadée au siège", "Toutes les salles du deuxième étage.", 20, "Je regarde la charge graphique de la grappe.", Some((10, 28, 14, 10)), "Accélération graphique rétablie sur deux nœuds après la mise à jour de la nuit."),
    pay((10, 30, 11, 10), ("user", "degraded"), ENGINE, "Heures supplémentaires de nuit mal majorées", "Deux bulletins d'octobre, cellule tempête du 13.", 45, "Confirmé sur un bulletin, je cherche les autres personnes concernées.", None, ""),
    desk(STR, (11, 2, 15, 20), ("user", "degraded"), PROFILES, "portal", "Signature de courriel remise à zéro chaque jour", "Une personne à l'agence de Strasbourg.", 55, "Je compare votre profil de vendredi avec celui d'aujourd'hui.", None, ""),
];
