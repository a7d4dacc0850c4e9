//! Where a change stands, and what keeps it from beginning and from being closed.

use base::{Because, Reason};
use jiff::Timestamp;
use terms::Terms;

use super::{Change, Model, Outcome, Owed, owed};
use crate::calendar::ClockCache;
use crate::say::{cite, say};

/// How far a change has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    Unplanned,
    /// Planned, and approvals are awaited before it begins.
    Awaited,
    /// It may begin in its window.
    Approved,
    Refused,
    UnderWay,
    /// Done, or undone.
    Ended(Outcome),
}

impl Stage {
    pub fn key(self) -> &'static str {
        match self {
            Stage::Unplanned => "unplanned",
            Stage::Awaited => "awaited",
            Stage::Approved => "approved",
            Stage::Refused => "refused",
            Stage::UnderWay => "under_way",
            Stage::Ended(outcome) => outcome.key(),
        }
    }
}

/// A change at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub stage: Stage,
    /// The approvals owed, with the clauses that ask for them; none while nothing is planned.
    pub owed: Because<Owed>,
    /// Those still awaited, a sentence each.
    pub awaited: Vec<Reason>,
    /// What keeps it from beginning now; empty when it may.
    pub to_start: Vec<Reason>,
    /// What keeps its ticket from being closed; empty when it may be.
    pub to_close: Vec<Reason>,
    /// The instant for the approval of an emergency has gone by without it.
    pub overdue: bool,
    /// The customer was asked to approve an emergency after the fact, and refused: it did take place.
    pub regularisation_refused: bool,
}

impl Standing {
    /// Whether the customer may refuse now: before the work, or while its agreement to it is awaited.
    pub fn may_be_refused(&self) -> bool {
        match self.stage {
            Stage::Awaited | Stage::Approved => true,
            Stage::UnderWay | Stage::Ended(_) => !self.awaited.is_empty(),
            Stage::Unplanned | Stage::Refused => false,
        }
    }
}

/// Where this change stands at `at`.
pub fn standing(terms: &Terms, change: &Change, at: Timestamp, clocks: &mut ClockCache) -> Standing {
    let owed = match &change.plan {
        Some(plan) => owed(terms, plan, clocks),
        None => Because::new(Owed::default(), Vec::new()),
    };
    // What is refused after it began is answered, though nobody can undo that it began.
    let regularisation_refused = change.refused && change.started.is_some();
    let awaited = match regularisation_refused {
        true => Vec::new(),
        false => owed.value.missing(terms, &change.approvals),
    };
    let emergency = change.plan.as_ref().is_some_and(|plan| plan.model == Model::Emergency);
    let stage = match (&change.plan, change.ended, change.started) {
        (_, Some(outcome), _) => Stage::Ended(outcome),
        (_, None, Some(_)) => Stage::UnderWay,
        _ if change.refused => Stage::Refused,
        (None, ..) => Stage::Unplanned,
        (Some(_), ..) if awaited.is_empty() || emergency => Stage::Approved,
        (Some(_), ..) => Stage::Awaited,
    };
    // Whoever is refused for want of an approval reads which clause asks for it.
    let asked = owed.reasons.iter().filter(|_| !awaited.is_empty());
    let with_clauses: Vec<Reason> = awaited.iter().chain(asked).cloned().collect();
    let late = change.plan.as_ref().and_then(|plan| plan.regularised_by).is_some_and(|by| at > by);
    Standing {
        to_start: to_start(terms, change, stage, &with_clauses, at),
        to_close: to_close(terms, change, stage, &with_clauses),
        overdue: emergency && late && !awaited.is_empty() && !change.refused,
        stage,
        owed,
        awaited,
        regularisation_refused,
    }
}

/// What is said of an emergency whose regularisation was refused.
pub fn regularisation_refused() -> Reason {
    say("change.regularisation_refused", |lang| {
        lang.t(
            "Le Client a refusé de régulariser ce changement urgent\u{a0}: il a eu lieu sans son accord.",
            "The customer refused to approve this emergency after the fact: it took place without its agreement.",
        )
        .to_owned()
    })
}

fn to_start(terms: &Terms, change: &Change, stage: Stage, awaited: &[Reason], at: Timestamp) -> Vec<Reason> {
    let plain = |code: &str, fr: &str, en: &str| vec![say(code, |lang| lang.t(fr, en).to_owned())];
    match stage {
        Stage::Unplanned => plain(
            "change.unplanned",
            "Le changement n'est pas planifié\u{a0}: ni essais, ni retour arrière, ni fenêtre.",
            "The change is not planned: no test, no rollback, no window.",
        ),
        Stage::Refused => plain("change.refused", "Le changement est refusé.", "The change is refused."),
        Stage::UnderWay => plain("change.begun", "Le changement a commencé.", "The change has begun."),
        Stage::Ended(_) => plain("change.ended", "Le changement est terminé.", "The change has ended."),
        Stage::Awaited => awaited.to_vec(),
        Stage::Approved => {
            let Some(plan) = &change.plan else { return Vec::new() };
            if plan.model == Model::Emergency || (plan.from <= at && at < plan.until) {
                return Vec::new();
            }
            let zone = crate::calendar::zone(&terms.zone).unwrap_or(jiff::tz::TimeZone::UTC);
            vec![say("change.outside_window", |lang| {
                let day = |at: Timestamp| base::lang::short_date_time(lang, &at.to_zoned(zone.clone()));
                let (from, until) = (day(plan.from), day(plan.until));
                lang.t(
                    format!("La fenêtre approuvée va du {from} au {until}."),
                    format!("The window approved runs from {from} to {until}."),
                )
            })]
        }
    }
}

fn to_close(terms: &Terms, change: &Change, stage: Stage, awaited: &[Reason]) -> Vec<Reason> {
    let plain = |code: &str, fr: &str, en: &str| say(code, |lang| lang.t(fr, en).to_owned());
    let outcome = match stage {
        // Nothing was done: there is nothing to document.
        Stage::Refused => return Vec::new(),
        Stage::Ended(outcome) => outcome,
        Stage::Unplanned | Stage::Awaited | Stage::Approved => {
            return vec![plain(
                "change.not_begun",
                "Le changement n'a pas eu lieu\u{a0}: menez-le à son terme, ou renoncez-y.",
                "The change has not taken place: carry it through, or give it up.",
            )];
        }
        Stage::UnderWay => {
            return vec![plain(
                "change.not_ended",
                "Le changement est en cours\u{a0}: dites d'abord comment il s'est terminé.",
                "The change is under way: first say how it ended.",
            )];
        }
    };
    let mut missing = awaited.to_vec();
    let lacking = |doc: &&Because<String>| !change.documents.contains(&doc.value);
    missing.extend(documents(terms).iter().filter(lacking).flat_map(|doc| doc.reasons.clone()));
    let emergency = change.plan.as_ref().is_some_and(|plan| plan.model == Model::Emergency);
    if !change.reviewed && (emergency || outcome != Outcome::Succeeded) {
        missing.push(plain(
            "change.review",
            "Une urgence, un retour arrière ou un échec se clôt par un bilan écrit.",
            "An emergency, a rollback or a failure is closed by a written review.",
        ));
    }
    missing
}

/// The documents that the contract keeps, each to be brought up to date, or found to need nothing, before
/// a change is closed.
pub fn documents(terms: &Terms) -> Vec<Because<String>> {
    let clauses = terms.statements.iter().filter(|r| r.then.topic == "documentation");
    let mut all: Vec<Because<String>> = Vec::new();
    for clause in clauses {
        let apart = clause.then.says.iter().filter(|(key, _)| key.starts_with("documents."));
        let apart: Vec<&str> = apart.map(|(_, name)| name.as_str()).collect();
        let joined = || clause.then.get("documents").unwrap_or_default().split(", ").collect();
        let names: Vec<&str> = if apart.is_empty() { joined() } else { apart };
        for name in names.into_iter().filter(|name| !name.is_empty()) {
            if all.iter().any(|known| known.value == name) {
                continue;
            }
            let reason = cite("change.document", clause, |lang| {
                lang.t(
                    format!(
                        "« {name} » est tenu à jour\u{a0}: dites ce qui y change, ou que rien n'y change."
                    ),
                    format!("“{name}” is kept up to date: say what changes in it, or that nothing does."),
                )
            });
            all.push(Because::new(name.to_owned(), vec![reason]));
        }
    }
    all
}
