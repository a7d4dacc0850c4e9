//! The tables of a preparation file: each piece, what it says, and how a provider was chosen.
//!
//! Headings of studies and audits are optional fields: `studies` says which ones are missing, all those of
//! a piece at once.

use crate::clauses::{Field, Type};

/// What a contract is prepared with (phases before the contract: opportunity, feasibility, requirements,
/// tender, audits, protocol, social file), in the order of the work.
pub const PIECES: [&str; 9] = [
    "opportunity_study",
    "feasibility_study",
    "requirements",
    "tender",
    "technical_audit",
    "legal_audit",
    "protocol",
    "baseline",
    "social",
];

const DATE: Field = Field::required("date", Type::Date, "date de la pièce", "date of the piece");
const DOCUMENT: Field = Field::required("document", Type::Text, "où elle se trouve", "where it is");
const HASH: Field = Field::optional("sha256", Type::Text, "empreinte du document", "hash of the document");
const CONCLUSION: Field =
    Field::optional("conclusion", Type::Text, "ce qu'elle conclut", "what it concludes");

const PIECE: &[Field] = &[DATE, DOCUMENT, HASH, CONCLUSION];

const fn piece(name: &'static str, fr: &'static str, en: &'static str) -> Field {
    Field::optional(name, Type::Table(PIECE), fr, en)
}

pub(super) const FIELDS: &[Field] = &[
    Field::required("contract", Type::Text, "numéro du contrat préparé", "number of the contract"),
    Field::optional(
        "opportunity_study",
        Type::Table(OPPORTUNITY),
        "étude d'opportunité",
        "opportunity study",
    ),
    Field::optional(
        "feasibility_study",
        Type::Table(FEASIBILITY),
        "étude de faisabilité",
        "feasibility study",
    ),
    Field::optional("requirements", Type::Table(REQUIREMENTS), "cahier des charges", "requirements"),
    piece("tender", "consultation et choix du prestataire", "tender and choice of the provider"),
    Field::optional("technical_audit", Type::Table(TECHNICAL_AUDIT), "audit technique", "technical audit"),
    Field::optional("legal_audit", Type::Table(LEGAL_AUDIT), "audit juridique", "legal audit"),
    Field::optional("protocol", Type::Table(PROTOCOL), "protocole d'accord", "memorandum of understanding"),
    piece("baseline", "état des lieux, inventaire et performances", "baseline: inventory and performance"),
    Field::optional("social", Type::Table(SOCIAL), "volet social", "social file"),
    Field::optional(
        "decision",
        Type::Table(DECISION),
        "décision de poursuivre ou non",
        "decision to go on or not",
    ),
    Field::optional(
        "consultation",
        Type::Table(CONSULTATION),
        "consultation : candidats, critères, offres et choix",
        "tender: bidders, criteria, bids and choice",
    ),
    Field::default(
        "needs",
        Type::Tables(NEEDS),
        "[]",
        "besoins du cahier des charges, et les clauses qui y répondent",
        "needs of the requirements, and the clauses that answer them",
    ),
    Field::default(
        "waivers",
        Type::Titles,
        "{}",
        "pièces écartées, chacune avec sa raison",
        "pieces set aside, each with its reason",
    ),
];

const OPPORTUNITY: &[Field] = &[
    DATE,
    DOCUMENT,
    HASH,
    CONCLUSION,
    Field::optional(
        "strategy",
        Type::Text,
        "orientations stratégiques de l'entreprise",
        "strategy of the company",
    ),
    Field::optional(
        "user_needs",
        Type::Text,
        "besoins des utilisateurs du système d'information",
        "needs of the system's users",
    ),
];

const FEASIBILITY: &[Field] = &[
    DATE,
    DOCUMENT,
    HASH,
    CONCLUSION,
    Field::optional("resources", Type::Text, "ressources de l'entreprise", "resources of the company"),
    Field::optional("costs", Type::Text, "coûts comparés", "costs compared"),
    Field::optional("risks", Type::Text, "risques de la décision", "risks of the decision"),
    Field::optional("constraints", Type::Text, "contraintes de mise en place", "constraints of the move"),
    Field::optional(
        "total_cost",
        Type::Table(&[
            Field::required("years", Type::Integer(1), "nombre d'années", "number of years"),
            Field::required(
                "yearly",
                Type::Money,
                "prix de l'infogérance, par an",
                "price of the service, each year",
            ),
            Field::optional("transition", Type::Money, "intégration, une fois", "transition, once"),
            Field::optional("reversibility", Type::Money, "réversibilité, une fois", "exit, once"),
            Field::optional(
                "retained_yearly",
                Type::Money,
                "ce qui reste en interne, par an",
                "what stays in house, each year",
            ),
            Field::required(
                "total",
                Type::Money,
                "coût complet que l'étude annonce",
                "whole cost that the study gives",
            ),
        ]),
        "coût complet",
        "whole cost",
    ),
];

const REQUIREMENTS: &[Field] = &[
    DATE,
    DOCUMENT,
    HASH,
    CONCLUSION,
    Field::optional(
        "budget",
        Type::Money,
        "ressources que l'entreprise souhaite allouer, par an",
        "what the company wants to spend, each year",
    ),
];

const TECHNICAL_AUDIT: &[Field] = &[
    DATE,
    DOCUMENT,
    HASH,
    CONCLUSION,
    Field::optional(
        "functions",
        Type::Tables(&[
            Field::required("function", Type::Text, "la fonction examinée", "the function examined"),
            Field::required("findings", Type::Text, "ce qui a été constaté", "what was found"),
            Field::required("evidence", Type::Text, "où en est la preuve", "where the evidence is"),
            Field::required(
                "outsourced",
                Type::Flag,
                "elle est confiée au prestataire",
                "it goes to the provider",
            ),
            Field::required("why", Type::Text, "pourquoi", "why"),
        ]),
        "fonctions examinées, et la décision prise pour chacune",
        "functions examined, and what was decided for each",
    ),
    Field::optional(
        "means",
        Type::Tables(&[
            Field::required("what", Type::Text, "personnel, outil ou heures", "staff, tool or hours"),
            Field::required("quantity", Type::Decimal, "quantité", "quantity"),
            Field::required("unit", Type::Text, "unité", "unit"),
        ]),
        "moyens à mettre en œuvre",
        "means to bring",
    ),
];

const LEGAL_AUDIT: &[Field] = &[
    DATE,
    DOCUMENT,
    HASH,
    CONCLUSION,
    Field::optional(
        "licences",
        Type::Tables(&[
            Field::required(
                "software",
                Type::Text,
                "le logiciel ou la base de données",
                "the software or database",
            ),
            Field::required(
                "provider_may_use",
                Type::Choice(&["yes", "no", "on_consent", "unknown"]),
                "le prestataire peut s'en servir : oui, non, avec l'accord du titulaire, ou on l'ignore",
                "the provider may use it: yes, no, on its holder's consent, or nobody knows",
            ),
            Field::optional("note", Type::Text, "précision", "detail"),
        ]),
        "licences, et si le prestataire peut s'en servir",
        "licences, and whether the provider may use them",
    ),
];

const PROTOCOL: &[Field] = &[
    DATE,
    DOCUMENT,
    HASH,
    CONCLUSION,
    Field::optional(
        "clauses",
        Type::Texts,
        "clauses du contrat qui en viennent",
        "clauses of the contract that come from it",
    ),
];

const SOCIAL: &[Field] = &[
    Field::required("date", Type::Date, "date de l'analyse", "date of the analysis"),
    Field::required(
        "analysis",
        Type::Text,
        "analyse au cas par cas (Code du travail, L. 1224-1)",
        "case-by-case analysis (Code du travail, L. 1224-1)",
    ),
    Field::required("staff_concerned", Type::Integer(0), "personnes concernées", "people concerned"),
    Field::optional("cse_consulted", Type::Date, "consultation du CSE", "works council consulted"),
    Field::optional("cse_not_consulted", Type::Text, "pourquoi il ne l'a pas été", "why it was not"),
];

const DECISION: &[Field] = &[
    DATE,
    Field::required("decided", Type::Choice(&["go", "no_go"]), "poursuivre, ou non", "go on, or not"),
    Field::required("by", Type::Text, "qui a décidé, et en quelle qualité", "who decided, and as what"),
    DOCUMENT,
    HASH,
];

const NEEDS: &[Field] = &[
    Field::required("id", Type::Text, "numéro du besoin", "number of the need"),
    Field::required("need", Type::Text, "le besoin", "the need"),
    Field::required("clauses", Type::Texts, "clauses qui y répondent", "clauses that answer it"),
];

const CONSULTATION: &[Field] = &[
    Field::required(
        "invited",
        Type::Texts,
        "candidats consultés, liste arrêtée d'avance",
        "bidders invited, a list closed beforehand",
    ),
    Field::required("deadline", Type::Date, "dernier jour pour remettre une offre", "last day to file a bid"),
    Field::required("opened", Type::Date, "ouverture des offres", "opening of the bids"),
    Field::required("out_of", Type::Integer(1), "note la plus haute", "highest mark"),
    Field::required("price_weight", Type::Percent, "poids du prix", "weight of the price"),
    Field::required(
        "price_formula",
        Type::Choice(&["proportional", "linear"]),
        "note du prix : minimum / prix, ou linéaire entre le plus cher et le moins cher",
        "mark of the price: lowest / price, or linear between dearest and cheapest",
    ),
    Field::required(
        "criteria",
        Type::Tables(&[
            Field::required("name", Type::Text, "critère", "criterion"),
            Field::required("weight", Type::Percent, "poids", "weight"),
            Field::optional(
                "eliminatory_under",
                Type::Integer(1),
                "note en dessous de laquelle l'offre est éliminée",
                "mark under which a bid is out",
            ),
            Field::optional(
                "measures",
                Type::Choice(&["versatility", "reactivity"]),
                "polyvalence (compétences réunies) ou réactivité (délai de prise en charge prouvé)",
                "versatility (skills brought together) or reactivity (response time proved)",
            ),
        ]),
        "critères notés, avec leurs poids",
        "criteria that are marked, with their weights",
    ),
    Field::required(
        "bids",
        Type::Tables(&[
            Field::required("bidder", Type::Text, "candidat", "bidder"),
            Field::optional("siren", Type::Siren, "son SIREN", "its SIREN"),
            Field::required("filed", Type::Date, "jour de remise de l'offre", "day the bid was filed"),
            Field::required("price", Type::Money, "prix", "price"),
            Field::required(
                "marks",
                Type::Tables(&[
                    Field::required("criterion", Type::Text, "critère", "criterion"),
                    Field::required("mark", Type::Integer(0), "note", "mark"),
                    Field::required("why", Type::Text, "pourquoi cette note", "why this mark"),
                ]),
                "une note par critère, avec sa raison",
                "a mark for each criterion, with its reason",
            ),
            Field::required(
                "answers",
                Type::Texts,
                "besoins auxquels l'offre répond, par numéro",
                "needs that the bid answers, by number",
            ),
        ]),
        "offres reçues",
        "bids received",
    ),
    Field::required("awarded", Type::Text, "candidat retenu", "bidder chosen"),
    Field::optional(
        "awarded_because",
        Type::Text,
        "pourquoi, s'il n'a pas la meilleure note",
        "why, when its mark is not the best",
    ),
];
