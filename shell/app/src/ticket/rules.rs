//! What the ticket's state and the contract ask of a step: a reason listed, a priority of the matrix, a
//! diagnosis before the remedy.

use base::Because;
use engines::diagnosis::{self, Diagnosis};
use events::{ContentId, Dimension, Facts, Step};
use store::ticket::{State, Stepped, Ticket};
use terms::{Terms, commitment::PauseProof};

use super::severity;
use super::step::Ready;
use crate::error::{AppError, Refusal, Result};

/// Refuses a remedy without the diagnosis that the contract asks for first.
pub(super) fn diagnosed(terms: &Terms, ticket: &Ticket, steps: &[Stepped], ready: &Ready) -> Result<()> {
    if ready.named("diagnosis").is_some() || steps.iter().any(|s| is_diagnosis(&s.step)) {
        return Ok(());
    }
    let Because { value, reasons } = diagnosis::before_remedy(terms, &ticket.facts);
    if value != Diagnosis::Required {
        return Ok(());
    }
    let refusal = Refusal::new(
        "diagnosis.required",
        "Ce remède suppose un diagnostic consigné\u{a0}: dites ce qui n'allait pas.",
        "This remedy supposes a recorded diagnosis: say what was wrong.",
    );
    Err(AppError::refused(refusal.because(reasons)))
}

/// Whether a step told what was found to be wrong.
pub(super) fn is_diagnosis(step: &Step) -> bool {
    match step {
        Step::Diagnosed { .. } => true,
        Step::Restored { diagnosis, .. } | Step::Resolved { diagnosis, .. } => diagnosis.is_some(),
        _ => false,
    }
}

pub(super) fn require(can: bool, state: State, fr: &str, en: &str) -> Result<()> {
    if can {
        return Ok(());
    }
    let state_fr = match state {
        State::New => "nouveau",
        State::InProgress => "en cours",
        State::Paused => "suspendu",
        State::Restored => "rétabli",
        State::Resolved => "résolu",
    };
    Err(AppError::refused(Refusal::new(
        "ticket.state",
        format!("On ne peut pas {fr} : le ticket est {state_fr}."),
        format!("You cannot {en}: the ticket is {}.", state.key().replace('_', " ")),
    )))
}

pub(super) fn pause(terms: &Terms, reason: &str, ready: &Ready) -> Result<Step> {
    let Some(rule) = terms.pauses.iter().find(|p| p.label() == reason) else {
        let known: Vec<&str> = terms.pauses.iter().map(|p| p.label()).collect();
        let known = known.join(", ");
        let refusal = Refusal::new(
            "pause.reason",
            format!("Le contrat ne prévoit pas le motif « {reason} » ; motifs prévus : {known}."),
            format!("The contract lists no reason “{reason}”; listed: {known}."),
        );
        let reasons = terms.pauses.iter().map(|p| {
            base::Reason::new("pause.listed", p.then.reason.clone(), p.then.reason.clone()).citing(&p.from)
        });
        return Err(AppError::refused(refusal.because(reasons.collect())));
    };
    if rule.then.proof == PauseProof::Written && ready.named("proof").is_none() {
        let refusal = Refusal::new(
            "pause.proof",
            "Ce motif demande une trace écrite : citez le message ou le document.",
            "This reason asks for a written trace: quote the message or the document.",
        );
        let cited = base::Reason::new("pause.proof", rule.then.reason.clone(), rule.then.reason.clone());
        return Err(AppError::refused(refusal.because(vec![cited.citing(&rule.from)])));
    }
    Ok(Step::Paused { reason: reason.to_owned(), proof: ready.named("proof") })
}

pub(super) fn reprioritise(
    terms: &Terms,
    ticket: &Ticket,
    priority: &Option<String>,
    impact: &Option<String>,
    urgency: &Option<String>,
    why: ContentId,
) -> Result<Step> {
    let facts = reprioritised(terms, ticket, priority.as_deref(), impact.as_deref(), urgency.as_deref())?;
    Ok(Step::Reprioritised { facts, why })
}

/// The ticket's facts with another priority of the matrix: named, or worked out of impact and urgency.
pub(super) fn reprioritised(
    terms: &Terms,
    ticket: &Ticket,
    priority: Option<&str>,
    impact: Option<&str>,
    urgency: Option<&str>,
) -> Result<Facts> {
    let unknown = || {
        AppError::invalid(
            "priority",
            "une priorité de la matrice du contrat, ou un impact et une urgence",
            "a priority of the contract's matrix, or an impact and an urgency",
        )
    };
    let matrix = &terms.priorities.as_ref().ok_or_else(unknown)?.then;
    let mut facts = ticket.facts.clone();
    let wanted = match (priority, impact, urgency) {
        (Some(p), _, _) if matrix.priorities.iter().any(|known| known == p) => p.to_owned(),
        (None, Some(impact), Some(urgency)) => {
            facts = facts.with(Dimension::Impact, impact).with(Dimension::Urgency, urgency);
            matrix.priority(impact, urgency).ok_or_else(unknown)?.to_owned()
        }
        _ => return Err(unknown()),
    };
    let facts = severity::regraded(terms, &ticket.kind, &wanted, facts)?;
    Ok(facts.with(Dimension::Priority, wanted))
}
