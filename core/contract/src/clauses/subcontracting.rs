//! `subcontracting`: whether the provider may have others work for it, how each is accepted, and who they are.
//!
//! Law 75-1334 of 31 December 1975, art. 3; GDPR 28(2) and 28(4); Reg. (EU) 2022/2554, 30(2)(a), and
//! Delegated Reg. (EU) 2025/532 for the chain; seed 004 for the right to refuse and the kept claims.

use base::{Bilingual, Lang};
use terms::boundary::{Boundary, Silence, Subcontracting, SubcontractingMode, Subcontractor};
use terms::{DutyDue, DutyProof, Rule, Terms, Trigger};

use super::read::{self, list};
use super::{Family, Field, Fields, Kind, Mode, Run, Type, country, owed};
use crate::compile::Compiler;
use crate::diagnostic::Diagnostic;

const CHECKS: &[&str] = &["legal_1975", "gdpr_28", "dora_chain", "security_flow_down"];
const ALLOWED: &[&str] = &["specific", "general"];
const ENTRY: &[Field] = &[
    Field::required("party", Type::Label(&["parties"]), "le sous-traitant, par l'étiquette de sa clause parties", "the subcontractor, by the label of its clause parties"),
    Field::required("rank", Type::Integer(2), "rang : 2 pour un sous-traitant direct du Prestataire, qui est de rang 1", "rank: 2 for a direct subcontractor of the Provider, which is rank 1"),
    Field::optional("works_for", Type::Label(&["parties"]), "pour qui il travaille, s'il n'est pas de rang 2", "whom it works for, when it is not of rank 2"),
    Field::required("services", Type::Texts, "ce qu'il fait", "what it does"),
    Field::required("countries", Type::Countries, "pays d'où il travaille ou conserve des données", "countries it works or keeps data in"),
    Field::optional("accepted", Type::Date, "jour où le Client l'a accepté et a agréé ses conditions de paiement", "day the Customer accepted it and its payment terms"),
    Field::optional("contract", Type::Text, "numéro du contrat passé avec lui", "number of the contract with it"),
    Field::optional("relied_on_for", Type::Labels(&[]), "clauses dont la tenue repose sur lui", "clauses whose keeping rests on it"),
    Field::optional("flows_down", Type::Labels(&[]), "clauses de sécurité reprises dans le contrat passé avec lui", "security clauses that the contract with it repeats"),
    Field::optional("personal_data", Type::Flag, "il traite des données personnelles", "it processes personal data"),
];

pub const KIND: Kind = Kind {
    name: "subcontracting",
    doc: (
        "la sous-traitance : permise ou non, comment chacun est accepté, et la liste des sous-traitants",
        "subcontracting: allowed or not, how each one is accepted, and the list of subcontractors",
    ),
    example: r#"kind = "subcontracting"
label = "sous-traitance"
then.mode = "specific"
then.objection = "30 days"
then.silence = "refuses"
then.recourse = true
then.max_rank = 2
then.checks = ["legal_1975", "gdpr_28"]
then.subcontractors = [
  { party = "hebergeur", rank = 2, services = ["sauvegarde externe"], countries = ["FR"], accepted = 2026-02-16, contract = "ST-2026-04", personal_data = true },
]
"#,
    family: Family::Security,
    run: Run::NotYet("le registre des sous-traitants", "the register of subcontractors"),
    mode: Mode::Exclusive(&[]),
    guarded: false,
    fields: &[
        Field::required("mode", Type::Choice(&["forbidden", "specific", "general"]), "interdite, sur accord préalable de chacun, ou sur simple annonce avec droit d'opposition", "forbidden, on prior acceptance of each, or announced with a right to object"),
        Field::required("objection", Type::Length, "délai du Client pour accepter ou s'opposer", "time the Customer has to accept or object").when("mode", ALLOWED),
        Field::required("silence", Type::Choice(&["accepts", "refuses"]), "ce que vaut le silence du Client", "what the Customer's silence means").when("mode", ALLOWED),
        Field::required("recourse", Type::Flag, "le Client garde ses recours contre les sous-traitants", "the Customer keeps its claims against subcontractors"),
        Field::optional("max_rank", Type::Integer(2), "rang le plus éloigné admis", "furthest rank allowed").when("mode", ALLOWED),
        Field::default("checks", Type::Choices(CHECKS), "[\"legal_1975\"]", "vérifications faites de chaque sous-traitant", "what is verified of each subcontractor").when("mode", ALLOWED),
        Field::optional("vigilance", Type::Months, "rythme de remise des pièces de vigilance des sous-traitants", "how often the subcontractors' vigilance papers are handed over").when("mode", ALLOWED),
        Field::default("subcontractors", Type::Tables(ENTRY), "[]", "les sous-traitants", "the subcontractors"),
    ],
    words: &[
        ("forbidden", "interdite", "forbidden"),
        ("specific", "soumise à l'accord préalable du Client", "subject to the Customer's prior acceptance"),
        ("general", "autorisée de façon générale", "generally authorised"),
        ("accepts", "vaut acceptation", "means acceptance"),
        ("refuses", "vaut refus", "means refusal"),
        ("legal_1975", "acceptation et agrément des conditions de paiement (loi du 31 décembre 1975)", "acceptance and payment terms (law of 31 December 1975)"),
        ("gdpr_28", "autorisation du sous-traitant ultérieur (RGPD, art. 28)", "authorisation as another processor (GDPR, art. 28)"),
        ("dora_chain", "chaîne de sous-traitance (DORA, art. 30)", "subcontracting chain (DORA, art. 30)"),
        ("security_flow_down", "report des exigences de sécurité", "flow-down of security requirements"),
        ("subcontractor_notice", "l'annonce de tout ajout ou remplacement de sous-traitant", "notice of any subcontractor added or replaced"),
        ("subcontractor_vigilance", "les pièces de vigilance des sous-traitants (Code du travail, D. 8222-5)", "the subcontractors' vigilance papers (Labour Code, D. 8222-5)"),
    ],
    compile,
    read_back,
};

fn compile(f: &Fields<'_>, c: &mut Compiler) -> Option<()> {
    let mode: SubcontractingMode = f.one_of("mode")?;
    let terms = match mode {
        // Nothing can be announced: no delay runs, and silence opens nothing.
        SubcontractingMode::Forbidden => Subcontracting {
            mode,
            objection: base::Length::Days(0),
            silence: Silence::Refuses,
            recourse: f.flag("recourse")?,
            max_rank: None,
            checks: Vec::new(),
        },
        _ => Subcontracting {
            mode,
            objection: f.length("objection")?,
            silence: f.one_of("silence")?,
            recourse: f.flag("recourse")?,
            max_rank: f.integer("max_rank"),
            checks: f.many_of("checks"),
        },
    };
    silence(f, c, &terms);
    if mode != SubcontractingMode::Forbidden {
        let due = DutyDue::Before { length: terms.objection, of: Trigger::ChangeOfSubcontractor };
        owed::owe(f, c, &KIND, "subcontractor_notice", due, DutyProof::Notice);
    }
    if let Some(period) = f.length("vigilance") {
        let due = DutyDue::Every { period, first: None };
        owed::owe(f, c, &KIND, "subcontractor_vigilance", due, DutyProof::Document);
    }
    let rule = c.rule(f, Boundary::Subcontracting(terms));
    c.terms.boundaries.push(rule);
    for entry in f.tables("subcontractors").iter().filter_map(entry) {
        let rule = c.rule(f, Boundary::Subcontractor(entry));
        c.terms.boundaries.push(rule);
    }
    Some(())
}

fn entry(row: &Fields<'_>) -> Option<Subcontractor> {
    Some(Subcontractor {
        party: row.text("party")?,
        rank: row.integer("rank")?,
        works_for: row.text("works_for"),
        services: row.texts("services"),
        countries: row.texts("countries"),
        accepted: row.date("accepted"),
        contract: row.text("contract"),
        relied_on_for: row.texts("relied_on_for"),
        flows_down: row.texts("flows_down"),
        personal_data: row.flag("personal_data").unwrap_or(false),
    })
}

fn silence(f: &Fields<'_>, c: &mut Compiler, terms: &Subcontracting) {
    if terms.mode == SubcontractingMode::Specific && terms.silence == Silence::Accepts {
        // GDPR 28(2): specific authorisation is prior and written; silence writes nothing.
        c.push(
            Diagnostic::error(
                "E-SUBCONTRACTING-SILENCE",
                f.place_of("silence"),
                "un accord préalable ne se déduit pas du silence",
                "prior acceptance cannot follow from silence",
            )
            .help(
                "écrivez silence = \"refuses\", ou mode = \"general\" si l'annonce suffit (RGPD, art. 28(2))",
                "write silence = \"refuses\", or mode = \"general\" if notice is enough (GDPR, art. 28(2))",
            ),
        );
    }
    if !terms.recourse {
        // Seed 004: « le donneur d'ordres doit conserver ses recours juridiques contre le sous-traitant ».
        c.push(
            Diagnostic::error(
                "E-SUB-RECOURSE",
                f.place_of("recourse"),
                "le Client perdrait ses recours contre les sous-traitants",
                "the Customer would lose its claims against subcontractors",
            )
            .help("écrivez recourse = true", "write recourse = true"),
        );
    }
}

fn read_back(label: &str, terms: &Terms) -> Option<Bilingual> {
    let rules: Vec<&Rule<Boundary>> = terms.boundaries.iter().filter(|r| r.label() == label).collect();
    let (rule, then) = rules.iter().find_map(|r| match &r.then {
        Boundary::Subcontracting(then) => Some((*r, then)),
        _ => None,
    })?;
    Some(read::sentence(rule, terms, |lang| {
        let mut parts = vec![mode(lang, then)];
        parts.push(match then.recourse {
            true => lang.t("le Client garde ses recours contre les sous-traitants", "the Customer keeps its claims against subcontractors").to_owned(),
            false => lang.t("le Client renonce à ses recours contre les sous-traitants", "the Customer gives up its claims against subcontractors").to_owned(),
        });
        parts.extend(owed::sentences(&KIND, lang, label, terms));
        parts.extend(rules.iter().filter_map(|r| match &r.then {
            Boundary::Subcontractor(one) => Some(subcontractor(lang, one, terms)),
            _ => None,
        }));
        parts.join(lang.t("\u{202f}; ", "; "))
    }))
}

fn mode(lang: Lang, then: &Subcontracting) -> String {
    let objection = then.objection.in_words(lang);
    let silence = match then.silence {
        Silence::Accepts => KIND.word(lang, "accepts"),
        Silence::Refuses => KIND.word(lang, "refuses"),
    };
    let mut text = match then.mode {
        SubcontractingMode::Forbidden => {
            return lang.t("toute sous-traitance est interdite".to_owned(), "all subcontracting is forbidden".to_owned());
        }
        SubcontractingMode::Specific => lang.t(
            format!("le Client accepte chaque sous-traitant par écrit, sous {objection}, et son silence {silence}"),
            format!("the Customer accepts each subcontractor in writing within {objection}, and its silence {silence}"),
        ),
        SubcontractingMode::General => lang.t(
            format!("la sous-traitance est permise sur annonce, le Client ayant {objection} pour s'y opposer, et son silence {silence}"),
            format!("subcontracting is allowed on notice, the Customer having {objection} to object, and its silence {silence}"),
        ),
    };
    if let Some(rank) = then.max_rank {
        text += &lang.t(
            format!("\u{202f}; aucun sous-traitant n'est admis au-delà du rang {rank}"),
            format!("; no subcontractor is allowed beyond rank {rank}"),
        );
    }
    text
}

fn subcontractor(lang: Lang, one: &Subcontractor, terms: &Terms) -> String {
    let name = |label: &str| read::find(&terms.parties, label).map_or_else(|| label.to_owned(), |p| p.then.name.clone());
    let who = name(&one.party);
    let services = list(lang, &one.services.iter().map(String::as_str).collect::<Vec<_>>());
    let countries = country::within(lang, &one.countries);
    let of = one.works_for.as_deref().map_or_else(String::new, |label| {
        lang.t(format!(" pour {}", name(label)), format!(" for {}", name(label)))
    });
    let accepted = match one.accepted.map(|d| base::lang::date(lang, d)) {
        Some(date) => lang.t(format!("accepté le {date}"), format!("accepted on {date}")),
        None => lang.t("pas encore accepté, donc sans accès".to_owned(), "not accepted yet, so without access".to_owned()),
    };
    let rank = one.rank;
    lang.t(
        format!("{who}, de rang {rank}{of}, fait{}: {services} ({countries}), {accepted}", '\u{a0}'),
        format!("{who}, of rank {rank}{of}, does: {services} ({countries}), {accepted}"),
    )
}
