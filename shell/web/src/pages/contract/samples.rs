//! Articles of contract A on 3 November 2026.

use super::{
    Article, Clause, ClauseState, Evidence, Lacking, Passage, Shown, Signature, Version, VersionWhen, View,
};
use crate::design::{Lang, Text};
use crate::pages::sampling::{at, day, garonne};

/// Views for the gallery and the tests.
pub fn samples(lang: Lang) -> Vec<(&'static str, View)> {
    let view = View {
        customer: garonne(),
        id: "CTR-2026-001".into(),
        title: lang.t("Contrat d’infogérance", "Managed services contract").into(),
        parties: lang
            .t(
                "Entre Ateliers Garonne SAS, le Client, et Régie Numérique Occitane SAS, le Prestataire.",
                "Between Ateliers Garonne SAS, the Customer, and Régie Numérique Occitane SAS, the Provider.",
            )
            .into(),
        text_lang: Lang::Fr,
        versions: versions(lang),
        as_of: day("2026-11-03"),
        may_sign: true,
        may_draft: true,
        has_levels: true,
        shown: Shown::default(),
        deadlines: vec![(
            day("2028-11-30"),
            lang.t("dernier jour pour dénoncer", "last day to give notice").into(),
        )],
        articles: articles(lang),
    };
    let single = View {
        versions: versions(lang).into_iter().take(1).collect(),
        articles: articles(lang).into_iter().take(1).collect(),
        ..view.clone()
    };
    let missed = Shown { title: None, state: Some(ClauseState::Missed) };
    let narrowed = View { shown: missed, ..view.clone() };
    vec![("garonne", view), ("short", single), ("missed", narrowed)]
}

fn versions(lang: Lang) -> Vec<Version> {
    vec![
        Version {
            label: lang.t("Contrat initial", "Original contract").into(),
            signed: day("2026-02-16"),
            effective: day("2026-03-01"),
            when: VersionWhen::Past,
            hash: "9f2c41d0a7e3".into(),
            changes: lang.t("19 articles, 41 clauses exécutées.", "19 articles, 41 clauses run.").into(),
            href: "?version=1".into(),
            pdf: Some("?version=1".into()),
            compare: None,
            signature: Some(Signature {
                at: at("2026-02-16T10:00"),
                signers: vec![
                    ("Régie Numérique Occitane SAS".into(), "Hélène Marchal".into()),
                    ("Ateliers Garonne SAS".into(), "Bruno Delmas".into()),
                ],
                text_hash: "9f2c41d0a7e3".repeat(5) + "9f2c",
                preparation: None,
                lacking: vec![
                    Lacking {
                        code: "E-PREPARATION-MISSING".into(),
                        says: lang
                            .t(
                                "un contrat se signe avec son dossier préparatoire",
                                "a contract is signed with its preparation file",
                            )
                            .into(),
                    },
                    Lacking { code: "E-MISSING-REVERSIBILITY".into(), says: String::new() },
                ],
                reasons: vec![(
                    "Hélène Marchal".into(),
                    lang.t("Le dossier suit par courrier.", "The file follows by post.").into(),
                )],
                entry: 12,
                journal: Some("/c/ateliers-garonne/journal?before=13".into()),
            }),
        },
        Version {
            label: lang.t("Avenant 1", "Amendment 1").into(),
            signed: day("2026-09-21"),
            effective: day("2026-10-01"),
            when: VersionWhen::InForce,
            hash: "c40b8e11f59a".into(),
            changes: lang
                .t(
                    "Ajoute un second interlocuteur ; ne change aucun délai ni aucun prix.",
                    "Adds a second contact; changes no time and no price.",
                )
                .into(),
            href: "?version=2".into(),
            pdf: None,
            compare: Some("/c/ateliers-garonne/contracts/CTR-2026-001/compare?from=1&to=2".into()),
            signature: Some(Signature {
                at: at("2026-09-21T16:30"),
                signers: vec![
                    ("Régie Numérique Occitane SAS".into(), "Hélène Marchal".into()),
                    ("Ateliers Garonne SAS".into(), "Bruno Delmas".into()),
                ],
                text_hash: "c40b8e11f59a".repeat(5) + "c40b",
                preparation: Some("77aa".repeat(16)),
                lacking: Vec::new(),
                reasons: Vec::new(),
                entry: 803,
                journal: None,
            }),
        },
    ]
}

struct Draft<'a> {
    label: &'a str,
    kind: Text,
    reading: Text,
    state: ClauseState,
    figure: Option<Text>,
    evidence: &'a [(Text, Option<&'a str>)],
}

fn clause(draft: Draft<'_>) -> Clause {
    Clause {
        label: draft.label.into(),
        kind: draft.kind.into(),
        reading_back: draft.reading.into(),
        exception_to: None,
        state: draft.state,
        figure: draft.figure.map(Into::into),
        exact: None,
        evidence: draft
            .evidence
            .iter()
            .map(|(text, href)| Evidence { text: (*text).into(), href: href.map(Into::into) })
            .collect(),
        examples: None,
    }
}

fn article(anchor: &str, heading: &str, passages: Vec<(&str, Vec<Clause>)>) -> Article {
    Article {
        anchor: anchor.into(),
        level: if anchor.starts_with("article") { 2 } else { 1 },
        heading: heading.into(),
        passages: passages
            .into_iter()
            .map(|(html, clauses)| Passage { html: html.into(), clauses })
            .collect(),
    }
}

fn articles(lang: Lang) -> Vec<Article> {
    let commitment = lang.t("engagement", "commitment");
    let delay_base = clause(Draft {
        label: "delai-base",
        kind: commitment,
        reading: lang.t("Un incident est rétabli en 15 h de service à compter de sa déclaration ; l’horloge s’arrête quand le service est de retour, contournement compris.",
            "An incident is restored within 15 service hours of its declaration; the clock stops when service is back, workaround included."),
        state: ClauseState::Held,
        figure: Some(lang.t("96,88 % à temps ce trimestre, objectif 95 %", "96.88% in time this quarter, objective 95%")),
        evidence: &[(lang.t("31 tickets à temps sur 32", "31 tickets in time of 32"), Some("/c/ateliers-garonne/tickets?priority=P3&state="))],
    });
    let delay_p1 = Clause {
        exception_to: Some("delai-base".into()),
        examples: Some(lang.t("2 exemples du contrat vérifiés à la compilation", "2 examples of the contract checked when compiled").into()),
        ..clause(Draft {
            label: "delai-p1",
            kind: commitment,
            reading: lang.t("Un incident P1 est rétabli en 4 h de service à compter de sa déclaration.", "A P1 incident is restored within 4 service hours of its declaration."),
            state: ClauseState::Missed,
            figure: Some(lang.t("En retard de 30 min : ticket 412", "Late by 30 min: ticket 412")),
            evidence: &[
                (lang.t("Ticket 412, échéance mar. 3 nov., 09:30", "Ticket 412, due Tue 3 Nov, 09:30"), Some("/c/ateliers-garonne/tickets/412")),
                (lang.t("3 tickets P1 ce trimestre, 1 manqué : objectif encore tenu (un manqué admis sous 20 tickets)", "3 P1 tickets this quarter, 1 missed: objective still met (one miss allowed under 20 tickets)"), None),
            ],
        })
    };
    vec![
        article("article-3", "Article 3 – Heures de service", vec![(
            "<p>Les <strong>heures de service</strong> s’entendent du lundi au vendredi, de 9 h 00 à 12 h 30 et de 14 h 00 à 18 h 00, heure de Paris, hors jours fériés et jours de fermeture listés en annexe 2.</p><p>Toute modification des heures de service ne vaut que pour les tickets ouverts après sa prise d’effet.</p>",
            vec![clause(Draft {
                label: "ho",
                kind: lang.t("calendrier", "calendar"),
                reading: lang.t("L’horloge tourne du lundi au vendredi, 09:00-12:30 et 14:00-18:00, Europe/Paris : 450 min par jour ; 11 jours fériés, 2 ponts, le 24 déc. de 09:00 à 12:00.",
                    "The clock runs Monday to Friday, 09:00-12:30 and 14:00-18:00, Europe/Paris: 450 min a day; 11 public holidays, 2 closed days, 24 Dec from 09:00 to 12:00."),
                state: ClauseState::Held,
                figure: Some(lang.t("Ouvert aujourd’hui jusqu’à 18:00", "Open today until 18:00")),
                evidence: &[(lang.t("Prochain jour fermé : mer. 11 nov. 2026", "Next closed day: Wed 11 Nov 2026"), None)],
            })],
        )]),
        article("article-5", "Article 5 – Périmètre", vec![
            ("<p>Le Prestataire prend en charge les quarante postes de travail, les trois serveurs <em>srv-fic</em>, <em>srv-erp</em> et <em>srv-rh</em>, la solution de sauvegarde et les réseaux locaux des deux sites.</p>",
             vec![clause(Draft {
                label: "serveurs",
                kind: lang.t("périmètre", "perimeter"),
                reading: lang.t("srv-fic, srv-erp et srv-rh sont dans le périmètre.", "srv-fic, srv-erp and srv-rh are inside the perimeter."),
                state: ClauseState::Held,
                figure: None,
                evidence: &[(lang.t("214 tickets pris en charge cette année", "214 tickets taken on this year"), Some("/c/ateliers-garonne/tickets?state="))],
             })]),
            ("<p>En sont exclus :</p><ul><li>le code de l’application ERP, maintenu par l’éditeur Gesprod ;</li><li>les machines à commande numérique ;</li><li>les appareils personnels.</li></ul>",
             vec![clause(Draft {
                label: "erp-hors-perimetre",
                kind: lang.t("périmètre", "perimeter"),
                reading: lang.t("Une demande sur le code de l’ERP est refusée, avec cet article.", "A request about the ERP’s code is refused, citing this article."),
                state: ClauseState::Held,
                figure: Some(lang.t("2 demandes refusées", "2 requests refused")),
                evidence: &[(lang.t("Entrées 1 207 et 2 941 du journal", "Journal entries 1,207 and 2,941"), Some("/c/ateliers-garonne/journal"))],
             })]),
        ]),
        article("article-7", "Article 7 – Délais de rétablissement", vec![
            ("<p>Le Prestataire rétablit le service dans un délai de <strong>quinze heures</strong>, compté en heures de service, à compter de la déclaration de l’incident. Un contournement qui rend le service vaut rétablissement.</p>", vec![delay_base]),
            ("<p>Par exception, les incidents de priorité 1 sont rétablis en <strong>quatre heures</strong>, comptées en heures de service. Cet engagement est une obligation de résultat.</p>", vec![delay_p1]),
            ("<p>Le Prestataire tient ces délais pour au moins <strong>95 %</strong> des incidents de chaque trimestre civil ; lorsque le trimestre compte moins de vingt incidents, un seul dépassement est admis.</p>",
             vec![clause(Draft {
                label: "objectif-retablissement",
                kind: lang.t("objectif", "objective"),
                reading: lang.t("95 % des rétablissements à temps par trimestre civil, ou un manqué au plus sous 20 tickets.", "95% of restorations in time per calendar quarter, or at most one miss under 20 tickets."),
                state: ClauseState::AtRisk,
                figure: Some(lang.t("95,12 % au 3 nov. : encore un manqué et l’objectif tombe", "95.12% on 3 Nov: one more miss and the objective fails")),
                evidence: &[(lang.t("39 à temps sur 41, quatrième trimestre 2026", "39 in time of 41, fourth quarter of 2026"), Some("/c/ateliers-garonne/money"))],
             })]),
        ]),
        article("article-12", "Article 12 – Prix", vec![(
            "<p>La redevance mensuelle s’établit comme suit, hors taxes :</p><table><thead><tr><th>Prestation</th><th>Quantité</th><th>Prix unitaire</th></tr></thead><tbody><tr><td>Poste de travail</td><td>40</td><td>46,00 €</td></tr><tr><td>Serveur</td><td>3</td><td>95,00 €</td></tr><tr><td>Sauvegarde</td><td>1</td><td>120,00 €</td></tr><tr><td>Supervision</td><td>1</td><td>55,00 €</td></tr></tbody></table><p>Elle est facturée d’avance, le premier de chaque mois.</p>",
            vec![clause(Draft {
                label: "postes",
                kind: lang.t("redevance", "fee"),
                reading: lang.t("40 postes à 46,00 € HT par mois, d’avance, au prorata des jours réels.", "40 seats at €46.00 excl. VAT a month, in advance, prorated by actual days."),
                state: ClauseState::Held,
                figure: Some(lang.t("1 840,00 € en novembre", "€1,840.00 in November")),
                evidence: &[(lang.t("Facture du mois telle qu’elle serait aujourd’hui", "The month’s invoice as it would be today"), Some("/c/ateliers-garonne/money"))],
            })],
        )]),
        article("article-14", "Article 14 – Pénalités", vec![(
            "<p>Tout retard de rétablissement d’un incident de priorité 1 ouvre droit à une pénalité de <strong>2 %</strong> de la redevance mensuelle par heure commencée. Le total des pénalités d’un mois est plafonné à <strong>10 %</strong> de la redevance de ce mois.</p>",
            vec![
                clause(Draft {
                    label: "retard-p1",
                    kind: lang.t("pénalité", "penalty"),
                    reading: lang.t("2 % de la redevance mensuelle par heure de retard commencée ; indemnité, hors TVA.", "2% of the monthly fee per hour started late; an indemnity, outside VAT."),
                    state: ClauseState::NotYetDue,
                    figure: Some(lang.t("46,00 € à ce jour pour novembre, provisoire", "€46.00 to date for November, not final")),
                    evidence: &[(lang.t("Ticket 412 : 1 heure commencée", "Ticket 412: 1 hour started"), Some("/c/ateliers-garonne/tickets/412"))],
                }),
                clause(Draft {
                    label: "plafond-mensuel",
                    kind: lang.t("plafond de pénalité", "penalty cap"),
                    reading: lang.t("Les pénalités d’un mois ne dépassent pas 10 % de sa redevance.", "A month’s penalties never exceed 10% of its fee."),
                    state: ClauseState::NotYetDue,
                    figure: Some(lang.t("46,00 € sur 230,00 €", "€46.00 of €230.00")),
                    evidence: &[],
                }),
            ],
        )]),
        article("article-17", "Article 17 – Assurance", vec![(
            "<p>Le Prestataire justifie chaque année d’une assurance de responsabilité civile professionnelle d’au moins 2 000 000 € par sinistre.</p>",
            vec![clause(Draft {
                label: "assurance",
                kind: lang.t("assurance", "insurance"),
                reading: lang.t("Une attestation en cours de validité est exigée ; la machine enregistre le document, elle ne vérifie pas la police.", "A valid certificate is required; the machine records the document and does not check the policy."),
                state: ClauseState::DeclaredOnly,
                figure: Some(lang.t("Attestation valable jusqu’au 31 déc. 2026", "Certificate valid until 31 Dec 2026")),
                evidence: &[],
            })],
        )]),
        article("article-19", "Article 19 – Réversibilité", vec![(
            "<p>Le Prestataire exécute une fois par an, à ses frais, une répétition de la réversibilité.</p>",
            vec![clause(Draft {
                label: "reversibilite",
                kind: lang.t("réversibilité", "reversibility"),
                reading: lang.t("Le texte est signé et conservé ; cette nature de clause n’est pas encore exécutée.", "The text is signed and kept; this kind of clause is not run yet."),
                state: ClauseState::NotRun,
                figure: None,
                evidence: &[],
            })],
        )]),
    ]
}
