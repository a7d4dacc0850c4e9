//! The duty that a ticket does: which time it is owed, until when, and what proves it.
//!
//! A ticket keeps the duty and not the day: the time that it counts for is worked out again from the terms
//! and from what was proved, as the page of duties does, so that both always say the same.

use base::{Because, Reason};
use engines::duties::{self, Done, Occurrence};
use engines::period::Span;
use events::DutyOf;
use jiff::{Timestamp, ToSpan};
use store::ticket::{State, Ticket};
use store::{Tx, life};
use terms::{Duty, DutyDue, DutyProof, PartyRole, Rule, Terms};

use super::facts;
use crate::agreements::Agreement;
use crate::error::{AppError, Refusal, Result};

/// Occurrences are looked for so many years ahead: no regular duty comes round less often.
const YEARS_AHEAD: i64 = 10;

/// The duty that a ticket was opened to do.
#[derive(Debug, Clone)]
pub struct TicketDuty {
    pub of: DutyOf,
    pub title: String,
    /// The proof that the contract asks for.
    pub proof: DutyProof,
    /// The time owed that it counts for; `None` where none is open that it could count for.
    pub occurrence: Option<Because<Occurrence>>,
    /// When it was done, and where the proof is.
    pub done: Option<Done>,
    /// The clause that owes it.
    pub reasons: Vec<Reason>,
}

/// The duty that a ticket does, as it stands.
pub(crate) fn of_ticket(
    tx: &mut dyn Tx,
    agreement: &Agreement,
    ticket: &Ticket,
    now: Timestamp,
) -> Result<Option<TicketDuty>> {
    let Some(of) = life::duty_of(tx, ticket.id)? else { return Ok(None) };
    let kept = &agreement.version(&ticket.version)?.terms;
    let terms = agreement.in_force(now).map_or(kept, |version| &version.terms);
    let Some(rule) = find(terms, &of).or_else(|| find(kept, &of)) else { return Ok(None) };
    let facts = facts::of_duty(tx, agreement, &of)?;
    let today = agreement.local_date(now);
    let first = agreement.history.versions.first().map_or(today, |version| version.effective);
    let span = Span { first, next: today.saturating_add(YEARS_AHEAD.years()) };
    // In force no longer, it comes round no more.
    let all = match find(terms, &of) {
        Some(rule) => duties::occurrences_of(terms, rule, &facts, span, now).map_err(AppError::fault)?,
        None => Vec::new(),
    };
    let mine = |done: &&Done| done.ticket == Some(ticket.number);
    Ok(Some(TicketDuty {
        title: rule.then.title.clone(),
        proof: rule.then.proof,
        occurrence: all.into_iter().find(|one| one.value.ticket == Some(ticket.number)),
        done: facts.done.iter().find(mine).cloned(),
        reasons: vec![owed(rule)],
        of,
    }))
}

/// The clause that owes a duty, in words.
pub(super) fn owed(rule: &Rule<Duty>) -> Reason {
    let title = &rule.then.title;
    let (fr, en) = (format!("Ce qui était dû : {title}."), format!("What was owed: {title}."));
    Reason::new("duty.owed", fr, en).citing(&rule.from)
}

fn find<'a>(terms: &'a Terms, of: &DutyOf) -> Option<&'a Rule<Duty>> {
    terms.duties.iter().find(|rule| rule.label() == of.clause && rule.then.what == of.what)
}

/// Whether tickets may be opened to do a duty: a regular one, which the provider owes.
pub fn may_be_done_by_tickets(duty: &Duty) -> bool {
    duty.owed_by == PartyRole::Provider && matches!(duty.due, DutyDue::Every { .. } | DutyDue::PerYear { .. })
}

/// Refuses a duty that these terms do not owe, or that no ticket does.
pub(crate) fn check(terms: &Terms, of: &DutyOf) -> Result<()> {
    match find(terms, of) {
        Some(rule) if may_be_done_by_tickets(&rule.then) => Ok(()),
        _ => Err(AppError::invalid(
            "duty",
            "une obligation régulière du prestataire, en vigueur",
            "a regular duty of the provider's, in force",
        )),
    }
}

/// Refuses a proof by a ticket that was not opened to do this duty.
pub(super) fn does(
    agreement: &Agreement,
    (ticket, of): &(Ticket, Option<DutyOf>),
    rule: &Rule<Duty>,
    on: jiff::civil::Date,
) -> Result<()> {
    let same = |of: &DutyOf| of.clause == rule.label() && of.what == rule.then.what;
    if ticket.contract != agreement.id || !of.as_ref().is_some_and(same) || ticket.merged_into.is_some() {
        return Err(AppError::invalid(
            "ticket",
            "un ticket ouvert pour cette obligation",
            "a ticket opened to do this duty",
        ));
    }
    let opened = Timestamp::from_microsecond(ticket.opened).map_err(AppError::fault)?;
    if on < agreement.local_date(opened) {
        return Err(AppError::invalid(
            "on",
            "pas avant l'ouverture du ticket",
            "not before the ticket was opened",
        ));
    }
    Ok(())
}

/// Refuses a proof by a ticket whose work goes on, or goes on under another number.
pub(super) fn is_over(ticket: &Ticket) -> Result<()> {
    let number = ticket.number;
    if ticket.state == State::Resolved && ticket.merged_into.is_none() {
        return Ok(());
    }
    Err(AppError::refused(Refusal::new(
        "duty.undone",
        format!("Le ticket n° {number} n'est pas résolu : la preuve s'enregistre une fois le travail fait."),
        format!("Ticket number {number} is not resolved: the proof is recorded once the work is done."),
    )))
}

/// One ticket counts once: another proof would be taken for the next time the duty is owed.
pub(super) fn already_proved(number: u64) -> AppError {
    AppError::refused(Refusal::new(
        "duty.recorded",
        format!("La preuve du ticket n° {number} est déjà enregistrée."),
        format!("The proof of ticket number {number} is recorded already."),
    ))
}
