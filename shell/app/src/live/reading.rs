//! The state of one clause, from the terms that it compiled to.

use std::collections::BTreeMap;

use base::lang::NBSP;
use base::{Because, Bilingual, Lang, Reason};
use contract::{Kind, Run};
use engines::billing::MonthStatement;
use engines::duties::Occurrence;
use engines::entitlement::MeterState;
use engines::entitlement::work_units::WorkUnitBook;
use engines::lifecycle::{Deadline, RightState};
use engines::skills::Cover;
use jiff::Timestamp;
use terms::{Dimension, Guard, Rule, Terms};

use super::levels::Cases;
use super::{ClauseLive, Evidence, Standing, both, duties, levels, life, money, on_call, skills};
use crate::error::Result;
use crate::roster::Stands;

/// All that is known of a contract at an instant.
pub(super) struct Reading<'a> {
    pub terms: &'a Terms,
    pub now: Timestamp,
    pub cases: Cases,
    /// The running month as it would close now.
    pub statement: &'a MonthStatement,
    /// Why prices were revised, or wait to be.
    pub revisions: &'a [Reason],
    pub meters: Vec<Because<MeterState>>,
    /// The books of work units.
    pub books: BTreeMap<String, WorkUnitBook>,
    /// Due in the contract year, and late before it.
    pub duties: &'a [Because<Occurrence>],
    pub rights: &'a [Because<RightState>],
    pub deadlines: &'a [Because<Deadline>],
    /// The on-call rosters, by clause.
    pub rosters: BTreeMap<String, Stands>,
    /// How the elements of the perimeter are known, and whether anybody ever told it; empty where no clause
    /// asks.
    pub skills: (Vec<Because<Cover>>, bool),
    /// How many people of the provider may work for the customer today.
    pub staff: usize,
}

impl Reading<'_> {
    /// How a clause stands; `None` when no rule reads any of its terms.
    pub fn clause(&self, kind: &Kind, label: &str) -> Result<Option<ClauseLive>> {
        let owed = duties::owed(self, label);
        Ok(match kind.run {
            Run::NotYet(fr, en) => Some(beside(waiting(&Bilingual::new(fr, en)), owed)),
            Run::Declared => Some(beside(ClauseLive::plain(Standing::Declared), owed)),
            // A part of what these two promise is followed by nothing, whatever their duties say.
            Run::Engine => match (on_call::part(self, label)?, skills::part(self, label)) {
                (Some(roster), _) => Some(beside(roster, owed)),
                (None, Some(known)) => Some(beside(known, owed)),
                (None, None) => self.run(label, owed)?,
            },
        })
    }

    /// A clause that an engine reads, in whole or only by the duties it makes.
    fn run(&self, label: &str, owed: Option<ClauseLive>) -> Result<Option<ClauseLive>> {
        let mut parts: Vec<ClauseLive> = levels::parts(self, label)?;
        parts.extend(money::parts(self, label));
        parts.extend(life::parts(self, label));
        if parts.is_empty() && applied(self.terms, label) {
            parts.push(ClauseLive::plain(Standing::Applied));
        }
        let unread = unread(self.terms, label);
        let read_somewhere = !parts.is_empty();
        Ok(match (owed, unread) {
            // Its duties are followed and nothing else of it is: said, never taken for the whole.
            (Some(owed), Some(rest)) if !read_somewhere => Some(partly(owed, &rest)),
            (None, Some(Rest::Waits(what))) if !read_somewhere => Some(waiting(&what)),
            (None, Some(Rest::Declared)) if !read_somewhere => Some(ClauseLive::plain(Standing::Declared)),
            (owed, _) => {
                parts.extend(owed);
                let state = merged(parts);
                match to_come(self.terms, label) {
                    Some(rest) => state.map(|state| partly(state, &Rest::Waits(rest))),
                    None => state,
                }
            }
        })
    }
}

/// The part of a clause that nothing reads.
enum Rest {
    /// The engine or the record that is missing.
    Waits(Bilingual),
    Declared,
}

/// Fields that an engine to come will read, of kinds that are otherwise run: the kind, the field, and what
/// it waits for.
const TO_COME: &[(&str, &str, &str, &str)] = &[
    ("committee", "pack", "la production des dossiers", "the making of packs"),
    ("maintenance", "health", "les rapports d'application", "the reports on applications"),
    (
        "technology_watch",
        "advisories_within",
        "le rapprochement des avis et du parc",
        "the matching of advisories with the inventory",
    ),
    ("advice", "costed", "le registre des conseils", "the register of advice"),
    ("law_and_disputes", "evidence_within", "la production des preuves", "the making of evidence"),
    ("roadmap", "effects", "le relevé des indicateurs", "the record of indicators"),
];

/// What a clause says, by one of its fields, and nothing reads yet.
fn to_come(terms: &Terms, label: &str) -> Option<Bilingual> {
    // No ticket says whether it is a user's, an administrator's or a director's: such a rule meets no case.
    if guarded_by_audience(terms, label) {
        return Some(Bilingual::new("le public de chaque ticket", "the audience of each ticket"));
    }
    let says = &terms.statements.iter().find(|r| r.label() == label)?.then;
    let (.., fr, en) = TO_COME.iter().find(|(kind, field, ..)| {
        let row = format!("{field}.");
        *kind == says.topic
            && says
                .says
                .iter()
                .any(|(key, value)| (key == field || key.starts_with(&row)) && !value.is_empty())
    })?;
    Some(Bilingual::new(*fr, *en))
}

fn guarded_by_audience(terms: &Terms, label: &str) -> bool {
    let of = |when: &Guard| when.values.contains_key(&Dimension::Audience);
    terms.commitments.iter().any(|r| r.label() == label && of(&r.when))
        || terms.meters.iter().any(|r| r.label() == label && of(&r.when))
        || terms.operations.iter().any(|r| r.label() == label && of(&r.when))
}

/// What no engine of this instance reads among the terms of a clause.
fn unread(terms: &Terms, label: &str) -> Option<Rest> {
    if let Some(what) = to_come(terms, label) {
        return Some(Rest::Waits(what));
    }
    let waits = |fr: &str, en: &str| Some(Rest::Waits(Bilingual::new(fr, en)));
    if has(&terms.boundaries, label) {
        return waits(
            "le registre des lieux et des sous-traitants",
            "the register of places and subcontractors",
        );
    }
    if has(&terms.indicators, label) {
        return waits("le relevé des indicateurs", "the record of indicators");
    }
    if has(&terms.recoveries, label) {
        return waits("le relevé des sauvegardes", "the record of backups");
    }
    if has(&terms.processes, label) {
        return waits("le relevé des traitements", "the record of runs");
    }
    if has(&terms.grants, label) || has(&terms.postures, label) {
        return waits("la passerelle d'accès", "the access gateway");
    }
    has(&terms.statements, label).then_some(Rest::Declared)
}

/// Rules that decide as cases come, and hold no figure of their own.
fn applied(terms: &Terms, label: &str) -> bool {
    has(&terms.perimeter, label)
        || has(&terms.operations, label)
        || has(&terms.rates, label)
        || has(&terms.services, label)
        || has(&terms.pauses, label)
        || has(&terms.acceptances, label)
        || has(&terms.escalations, label)
        || terms.priorities.as_ref().is_some_and(|r| r.label() == label)
}

pub(super) fn has<T>(rules: &[Rule<T>], label: &str) -> bool {
    rules.iter().any(|r| r.label() == label)
}

/// « attend la passerelle d'accès ».
fn waiting(what: &Bilingual) -> ClauseLive {
    let figure = both(|lang| {
        let what = what.get(lang);
        lang.t(format!("attend{NBSP}: {what}"), format!("waits for {what}"))
    });
    ClauseLive::figure(Standing::NotRun, figure)
}

/// A clause that nothing reads, and the duties that it makes besides: a duty that is late is late,
/// and duties that are kept hold nothing of the rest.
fn beside(clause: ClauseLive, owed: Option<ClauseLive>) -> ClauseLive {
    let Some(owed) = owed else { return clause };
    let standing = match owed.standing {
        Standing::Missed | Standing::AtRisk => owed.standing.min(clause.standing),
        _ => clause.standing,
    };
    let exact = exact(&[&clause, &owed]);
    ClauseLive { standing, figure: joined([clause.figure, owed.figure]), exact, evidence: owed.evidence }
}

/// Duties followed, beside a rest that is not: what waits for its engine holds nothing of the clause, and a
/// duty that is late is late all the same.
fn partly(owed: ClauseLive, rest: &Rest) -> ClauseLive {
    let held = owed.standing == Standing::Held;
    let standing = match (rest, owed.standing) {
        (Rest::Declared, standing) | (Rest::Waits(_), standing @ (Standing::Missed | Standing::AtRisk)) => {
            standing
        }
        (Rest::Waits(_), _) => Standing::NotRun,
    };
    let note = both(|lang| {
        let duties = if held { lang.t("obligations tenues", "duties kept") } else { "" };
        let rest = match rest {
            Rest::Waits(what) => {
                let what = what.get(lang);
                lang.t(format!("le reste attend {what}"), format!("the rest waits for {what}"))
            }
            Rest::Declared => lang.t("le reste est déclaré".to_owned(), "the rest is declared".to_owned()),
        };
        if duties.is_empty() { rest } else { format!("{duties}{}{rest}", semicolon(lang)) }
    });
    let exact = owed.exact.and_then(|exact| joined([Some(exact), Some(note.clone())]));
    ClauseLive { standing, figure: joined([owed.figure, Some(note)]), exact, evidence: owed.evidence }
}

/// Several terms of one clause: the worst state, every figure, every fact.
fn merged(parts: Vec<ClauseLive>) -> Option<ClauseLive> {
    let standing = parts.iter().map(|p| p.standing).min()?;
    let exact = exact(&parts.iter().collect::<Vec<_>>());
    let mut figures = Vec::new();
    let mut evidence: Vec<Evidence> = Vec::new();
    for part in parts {
        figures.push(part.figure);
        evidence.extend(part.evidence);
    }
    Some(ClauseLive { standing, figure: joined(figures), exact, evidence })
}

/// The figures of several parts to the last decimal; `None` where none is cut.
fn exact(parts: &[&ClauseLive]) -> Option<Bilingual> {
    parts.iter().any(|p| p.exact.is_some()).then_some(())?;
    joined(parts.iter().map(|p| p.exact.clone().or_else(|| p.figure.clone())))
}

fn joined(figures: impl IntoIterator<Item = Option<Bilingual>>) -> Option<Bilingual> {
    figures
        .into_iter()
        .flatten()
        .reduce(|a, b| both(|lang| format!("{}{}{}", a.get(lang), semicolon(lang), b.get(lang))))
}

fn semicolon(lang: Lang) -> &'static str {
    lang.t("\u{202f}; ", "; ")
}
