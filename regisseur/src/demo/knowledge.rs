//! What the provider's people wrote down of these customers: six articles, one internal, one to read again.

use app::knowledge::WriteArticle;
use events::{ArticleKind, Audience};
use jiff::civil::{Date, date};

use super::cast::{Of, Who};
use super::hours::Hours;
use super::plan::Plan;

struct Article {
    of: Of,
    by: Who,
    on: Date,
    review_by: Date,
    kind: ArticleKind,
    audience: Audience,
    /// The number of the contract whose names follow.
    contract: &'static str,
    items: &'static [&'static str],
    classes: &'static [&'static str],
    operations: &'static [&'static str],
    kinds: &'static [&'static str],
    title: &'static str,
    body: &'static str,
}

/// Those of a customer, each published on the day it was written.
pub fn plan(plan: &mut Plan, hours: &Hours, of: Of) {
    for article in ARTICLES.iter().filter(|article| article.of == of) {
        let list = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let ask = WriteArticle {
            title: article.title.to_owned(),
            body: article.body.to_owned(),
            kind: article.kind,
            audience: article.audience,
            contract: Some(article.contract.to_owned()),
            items: list(article.items),
            classes: list(article.classes),
            operations: list(article.operations),
            kinds: list(article.kinds),
            owner: None,
            review_by: Some(article.review_by),
            from_ticket: None,
        };
        plan.article(hours.at(article.on.at(16, 40, 0, 0)), article.by, ask);
    }
}

const ARTICLES: &[Article] = &[
    Article {
        of: Of::Garonne,
        by: Who::Delmas,
        on: date(2026, 4, 14),
        review_by: date(2026, 10, 15),
        kind: ArticleKind::Article,
        audience: Audience::Parties,
        contract: "CTR-2026-001",
        items: &[],
        classes: &["printer"],
        operations: &["user_support"],
        kinds: &["incident"],
        title: "L'imprimante n'imprime plus : trois gestes avant d'appeler",
        body: "1. **Regardez l'écran de l'imprimante.** Un bourrage ou un bac vide s'y lit.\n\
               2. **Ouvrez la file d'impression** sur votre poste (Paramètres, Imprimantes, la vôtre, « Ouvrir la file ») \
               et annulez le document bloqué, le plus souvent le premier.\n\
               3. **Éteignez l'imprimante une minute**, puis rallumez-la.\n\n\
               Si rien n'y fait, ouvrez un ticket en donnant le nom de l'imprimante (l'étiquette jaune) et le message exact.\n\n\
               Sur les postes d'atelier, ne débranchez pas le câble réseau : le pupitre de la machine voisine y est raccordé.",
    },
    Article {
        of: Of::Garonne,
        by: Who::Benali,
        on: date(2026, 6, 9),
        review_by: date(2026, 12, 9),
        kind: ArticleKind::Runbook,
        audience: Audience::Internal,
        contract: "CTR-2026-001",
        items: &["srv-erp"],
        classes: &[],
        operations: &[],
        kinds: &["incident"],
        title: "Redémarrer le progiciel de gestion sans perdre les ordres de fabrication",
        body: "À faire seulement si le service ne répond plus **et** que la file d'édition n'avance pas depuis dix minutes.\n\n\
               1. Prévenir l'atelier : la saisie des ordres s'arrête cinq minutes. Noter l'heure sur le ticket.\n\
               2. Sur `srv-erp`, relever la file : `erp-admin queue --list`. La joindre en note interne.\n\
               3. Arrêter dans cet ordre : éditions, passerelle d'atelier, serveur d'application.\n\
               4. Vérifier que la base n'a plus de session ouverte ; attendre, ne pas tuer celle de la clôture.\n\
               5. Relancer dans l'ordre inverse, puis faire imprimer une facture d'essai au poste 12.\n\
               6. Demander à l'atelier de relire le **dernier** ordre saisi : c'est le seul qui puisse manquer.\n\n\
               Si l'étape 4 dure plus d'un quart d'heure, appeler l'éditeur : la cause est chez lui.",
    },
    Article {
        of: Of::Garonne,
        by: Who::Roussel,
        on: date(2026, 9, 22),
        review_by: date(2027, 3, 22),
        kind: ArticleKind::Article,
        audience: Audience::Parties,
        contract: "CTR-2026-001",
        items: &["srv-fic"],
        classes: &[],
        operations: &["user_support"],
        kinds: &["incident", "service_request"],
        title: "Retrouver une version précédente d'un fichier partagé",
        body: "Le serveur de fichiers garde **deux versions par jour ouvré**, à midi et à dix-neuf heures, pendant trente jours.\n\n\
               1. Clic droit sur le fichier, ou sur le dossier s'il a disparu, puis **Versions précédentes**.\n\
               2. Choisissez l'heure, cliquez sur **Ouvrir** pour vérifier.\n\
               3. **Copier** plutôt que *Restaurer* : restaurer remplace le fichier de tout le monde.\n\n\
               Au-delà de trente jours, ouvrez un ticket : la sauvegarde remonte à un an, et le contrat dit dans quel délai elle se restaure.",
    },
    Article {
        of: Of::Lumen,
        by: Who::Haddad,
        on: date(2026, 6, 16),
        review_by: date(2026, 12, 16),
        kind: ArticleKind::Runbook,
        audience: Audience::Parties,
        contract: "CTR-2026-002",
        items: &["bib-bdd", "bib-docs"],
        classes: &[],
        operations: &["nightly_index"],
        kinds: &["incident"],
        title: "L'indexation de la nuit n'est pas finie à l'ouverture",
        body: "Les Bibliothèques ouvrent avec l'index de la veille : la recherche marche, les notices du jour y manquent.\n\n\
               1. Lire la fin du journal d'indexation : une notice illisible arrête tout le lot.\n\
               2. Mettre la notice de côté (`bib-index --skip NUMERO`), la signaler à Lumen Édition par une réponse au ticket.\n\
               3. Relancer pour **la Bibliothèque concernée seulement** ; le tout prend trois heures et charge `bib-bdd`.\n\
               4. Vérifier par la recherche du dernier titre entré la veille.\n\n\
               L'heure promise et le cas du changement d'heure sont dans le contrat ; le délai court pendant la relance.",
    },
    Article {
        of: Of::Lumen,
        by: Who::Kerbrat,
        on: date(2026, 8, 25),
        review_by: date(2027, 2, 25),
        kind: ArticleKind::Article,
        audience: Audience::Parties,
        contract: "CTR-2026-002",
        items: &["bibliotek"],
        classes: &[],
        operations: &["correction"],
        kinds: &["corrective"],
        title: "Décrire une anomalie pour qu'elle soit corrigée du premier coup",
        body: "Une anomalie bien décrite se corrige sans question en retour, donc sans suspension du délai.\n\n\
               - **Où** : la Bibliothèque, la page, le compte (jamais le mot de passe).\n\
               - **Ce que vous avez fait**, geste après geste, jusqu'au défaut.\n\
               - **Ce que vous attendiez**, et ce qui s'est affiché, avec l'heure à la minute.\n\
               - **Depuis quand** : avant ou après la dernière mise en production ?\n\n\
               Joignez une copie d'écran entière, barre d'adresse comprise. N'y laissez pas le nom d'un lecteur.",
    },
    Article {
        of: Of::Mutuelle,
        by: Who::Mendy,
        on: date(2026, 7, 7),
        review_by: date(2027, 1, 7),
        kind: ArticleKind::Article,
        audience: Audience::Parties,
        contract: "CTR-2026-003-D",
        items: &[],
        classes: &["virtual_desktop"],
        operations: &["user_support"],
        kinds: &["incident", "functional_support"],
        title: "Le bureau virtuel s'ouvre sur un écran noir",
        body: "Neuf fois sur dix, la session de la veille est restée ouverte sur un autre terminal.\n\n\
               1. Sur la page d'accueil, choisissez **Mes sessions**, puis **Fermer** celle qui reste.\n\
               2. Attendez une minute, le temps que votre profil soit libéré, puis rouvrez le bureau.\n\
               3. Si l'écran reste noir, appuyez sur **Ctrl + Alt + Fin** et choisissez *Se déconnecter*.\n\n\
               Un document non enregistré se retrouve dans *Documents récupérés*, pendant sept jours.\n\n\
               Si plusieurs personnes du même service ont l'écran noir, n'essayez pas davantage : ouvrez un seul ticket pour toutes, \
               et dites combien vous êtes.",
    },
];
