//! How grave a ticket is, as it was said: a priority of the matrix, and the severity of a defect.
//!
//! A contract of maintenance grades its defects, and may name its grades as its priorities: then the severity
//! says both, and an impact and an urgency that would make another priority are not quietly left out.

use base::{Because, Provenance};
use engines::kinds::{self, Severity};
use events::{Dimension, Facts};
use terms::{PriorityMatrix, Rule, Terms};

use super::OpenTicket;
use super::case::{Origin, filled, one_of, strs};
use crate::error::{AppError, Refusal, Result};

/// A severity of the contract's maintenance, with its clause.
type Grade = Because<Severity>;

/// The facts with the priority and the severity of what is asked.
pub(super) fn graded(terms: &Terms, ask: &OpenTicket, facts: Facts, origin: &Origin) -> Result<Facts> {
    let asked_severity = read_severity(terms, ask)?;
    let alone = kinds::told_by_severity(terms, facts.get(Dimension::Kind).unwrap_or_default());
    let Some(rule) = terms.priorities.as_ref() else {
        if let Some(given) = &ask.priority {
            return Err(AppError::invalid(
                "priority",
                format!("le contrat ne définit pas de priorité « {given} »"),
                format!("the contract defines no priority “{given}”"),
            ));
        }
        let severity = settle_severity(terms, asked_severity, None, alone, origin)?;
        return Ok(with_level(facts, severity));
    };
    let (facts, asked_priority) = read_priority(&rule.then, ask, facts)?;
    // A severity that bears the name of a priority is that priority.
    let same = |level: &&String| rule.then.priorities.contains(level);
    if let Some((severity, priority)) = asked_severity.as_ref().zip(asked_priority.as_ref())
        && same(&&severity.value.level)
        && severity.value.level != *priority
    {
        return Err(disagree(terms, rule, severity, priority));
    }
    let severity = settle_severity(terms, asked_severity, asked_priority.as_deref(), alone, origin)?;
    let by_severity = || severity.as_ref().map(|s| &s.value.level).filter(same).cloned();
    // Nothing said: the mildest case of the matrix, which a technician can raise.
    let mildest = || rule.then.priorities.last().cloned().unwrap_or_default();
    let priority = asked_priority.or_else(by_severity).unwrap_or_else(mildest);
    Ok(with_level(facts.with(Dimension::Priority, priority), severity))
}

/// The facts with the severity that goes with another priority of a ticket of this kind. Where a severity alone
/// tells it, a priority that is none is refused: the ticket would keep the grade of the priority it had.
pub(super) fn regraded(terms: &Terms, kind: &str, priority: &str, facts: Facts) -> Result<Facts> {
    if !kinds::told_by_severity(terms, kind) {
        return Ok(facts);
    }
    let all = kinds::severities(terms);
    if all.iter().any(|s| s.value.level == priority) {
        return Ok(facts.with(Dimension::Level, priority));
    }
    let ((known, clauses), name) = (list(&all), terms.name_of("priority", priority));
    let refusal = Refusal::new(
        "severity.none",
        format!(
            "La gravité d'une anomalie suit sa priorité, et «\u{a0}{name}\u{a0}» n'est pas une gravité du contrat ({clauses})\u{a0}: {known}."
        ),
        format!(
            "The severity of a defect follows its priority, and “{name}” is no severity of the contract ({clauses}): {known}."
        ),
    );
    Err(AppError::refused(refusal.because(all.into_iter().flat_map(|s| s.reasons).collect())))
}

/// The priority that was asked for, or that an impact and an urgency make, which the facts then have; `None`
/// where neither was given.
fn read_priority(matrix: &PriorityMatrix, ask: &OpenTicket, facts: Facts) -> Result<(Facts, Option<String>)> {
    Ok(match (&ask.priority, &ask.impact, &ask.urgency) {
        (Some(given), _, _) => {
            (facts, Some(one_of("priority", given, &strs(&matrix.priorities))?.to_owned()))
        }
        (None, Some(impact), Some(urgency)) => {
            let impact = one_of("impact", impact, &strs(&matrix.impacts))?;
            let urgency = one_of("urgency", urgency, &strs(&matrix.urgencies))?;
            let facts = facts.with(Dimension::Impact, impact).with(Dimension::Urgency, urgency);
            (facts, Some(matrix.priority(impact, urgency).unwrap_or_default().to_owned()))
        }
        _ => (facts, None),
    })
}

/// The severity that was asked for, one of the contract's; `None` where none was.
fn read_severity(terms: &Terms, ask: &OpenTicket) -> Result<Option<Grade>> {
    let Some(asked) = filled(&ask.level) else { return Ok(None) };
    let mut all = kinds::severities(terms);
    let known: Vec<&str> = all.iter().map(|s| s.value.level.as_str()).collect();
    let wanted = one_of("level", asked, &known)?;
    let place = known.iter().position(|level| *level == wanted);
    Ok(place.map(|place| all.swap_remove(place)))
}

/// A defect has a severity: whoever declares one says it. What a plan, a mail or another tool opens has nobody
/// to ask, and takes the grade of its priority.
fn settle_severity(
    terms: &Terms,
    asked: Option<Grade>,
    priority: Option<&str>,
    alone: bool,
    origin: &Origin,
) -> Result<Option<Grade>> {
    if asked.is_some() || !alone {
        return Ok(asked);
    }
    let mut all = kinds::severities(terms);
    if *origin == Origin::Person {
        let (known, clauses) = list(&all);
        return Err(AppError::invalid(
            "level",
            format!("la gravité de l'anomalie, au sens du contrat ({clauses})\u{a0}: {known}"),
            format!("the severity of the defect, as the contract has it ({clauses}): {known}"),
        ));
    }
    let place = priority.and_then(|priority| all.iter().position(|s| s.value.level == priority));
    Ok(match place {
        Some(place) => Some(all.swap_remove(place)),
        None => all.pop(),
    })
}

/// The severities, « blocking (Bloquante), minor (Mineure) », and the clauses that grade so, each once.
fn list(all: &[Grade]) -> (String, String) {
    let name = |s: &Grade| format!("{} ({})", s.value.level, s.value.title);
    let names = all.iter().map(name).collect::<Vec<_>>().join(", ");
    let mut clauses: Vec<String> = all.iter().flat_map(|s| s.cited()).map(Provenance::cite).collect();
    clauses.dedup();
    (names, clauses.join(", "))
}

fn with_level(facts: Facts, severity: Option<Grade>) -> Facts {
    match severity {
        Some(severity) => facts.with(Dimension::Level, severity.value.level),
        None => facts,
    }
}

fn disagree(terms: &Terms, rule: &Rule<PriorityMatrix>, severity: &Grade, told: &str) -> AppError {
    let told = terms.name_of("priority", told);
    let title = &severity.value.title;
    let refusal = Refusal::new(
        "severity.disagrees",
        format!(
            "La gravité dite est « {title} », et l'impact et l'urgence, ou la priorité, disent « {told} »."
        ),
        format!(
            "The severity told is “{title}”, and the impact and urgency, or the priority, tell “{told}”."
        ),
    );
    let (fr, en) = ("Priorité de la matrice du contrat.", "A priority of the contract's matrix.");
    let matrix = base::Reason::new("priority.matrix", fr, en).citing(&rule.from);
    AppError::refused(refusal.because(severity.reasons.iter().cloned().chain([matrix]).collect()))
}
