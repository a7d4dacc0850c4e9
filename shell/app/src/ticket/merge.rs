//! Two tickets of one matter made one.
//!
//! A merge closes the ticket declared last. The promises run from the declaration: were the first one
//! closed for the second, the parties would lose the instant that the delays are counted from. For the
//! same reason the ticket that goes on must be at least as grave, and a ticket that a closed month has
//! measured or billed is not merged any more.

use base::Reason;
use engines::perimeter::price::Agreement as Agreed;
use events::{Step, TicketStepped};
use jiff::Timestamp;
use store::ticket::{State, Ticket, link};
use store::{WriteTx, ticket};
use terms::{Promise, Terms};

use super::clockwork;
use super::relate::{merged, record_step, refused};
use super::step::Ready;
use crate::agreements::Agreement;
use crate::error::{AppError, Refusal, Result};
use crate::vault::VaultHandle;

/// Whether `closing` may be closed for `into`, see the head of this module.
pub(super) fn may_merge(
    tx: &mut WriteTx<'_>,
    agreement: &Agreement,
    closing: &Ticket,
    into: &Ticket,
    price: Agreed,
) -> Result<()> {
    if let Some(number) = into.merged_into {
        return Err(merged(number));
    }
    if closing.state == State::Resolved || into.state == State::Resolved {
        return Err(refused(
            "merge.resolved",
            "On ne fusionne que des tickets ouverts\u{a0}; liez plutôt ceux-ci.",
            "Only open tickets are merged; link these instead.",
        ));
    }
    if closing.contract != into.contract {
        return Err(refused(
            "merge.contract",
            "Ces tickets ne relèvent pas du même contrat.",
            "These tickets are not under the same contract.",
        ));
    }
    let terms = &agreement.version(&into.version)?.terms;
    if (closing.opened, closing.number) < (into.opened, into.number) {
        let refusal = Refusal::new(
            "merge.order",
            format!(
                "Le ticket n°\u{a0}{} a été déclaré le premier\u{a0}: c'est lui qui demeure, et le n°\u{a0}{} s'y fond.",
                closing.number, into.number
            ),
            format!(
                "Ticket {} was declared first: it goes on, and {} is merged into it.",
                closing.number, into.number
            ),
        );
        return Err(AppError::refused(refusal.because(from_the_declaration(terms, into))));
    }
    graver(terms, closing, into)?;
    if matches!(price, Agreed::Agreed { .. }) {
        return Err(refused(
            "merge.price",
            "Le Client a accepté un prix pour ce ticket\u{a0}: il se fait pour lui-même.",
            "The customer agreed to a price for this ticket: it is done for itself.",
        ));
    }
    // What a closed month measured or billed stays as it was told.
    for stopped in ticket::clocks(tx, closing.id)?.iter().filter_map(|c| c.stopped) {
        let stopped = Timestamp::from_microsecond(stopped).map_err(AppError::fault)?;
        crate::month::still_open(tx, agreement, stopped)?;
    }
    if closing.operation.is_some() {
        let opened = Timestamp::from_microsecond(closing.opened).map_err(AppError::fault)?;
        crate::month::still_open(tx, agreement, opened)?;
    }
    Ok(())
}

/// The clauses of the promises that run on a ticket.
fn from_the_declaration(terms: &Terms, ticket: &Ticket) -> Vec<Reason> {
    let running = Promise::ALL.into_iter().filter_map(|p| terms.commitment(p, &ticket.facts));
    running
        .map(|rule| {
            let (fr, en) = (
                "Ce délai court depuis la première déclaration.",
                "This delay runs from the first declaration.",
            );
            Reason::new("merge.declared", fr, en).citing(&rule.from)
        })
        .collect()
}

fn graver(terms: &Terms, closing: &Ticket, into: &Ticket) -> Result<()> {
    let Some(matrix) = &terms.priorities else { return Ok(()) };
    let rank = |t: &Ticket| matrix.then.priorities.iter().position(|p| *p == t.priority);
    let (Some(closing_rank), Some(into_rank)) = (rank(closing), rank(into)) else { return Ok(()) };
    if closing_rank >= into_rank {
        return Ok(());
    }
    let (number, grave) = (into.number, &closing.priority);
    let refusal = Refusal::new(
        "merge.graver",
        format!(
            "Ce ticket est plus grave ({grave}) que le n°\u{a0}{number}\u{a0}: relevez d'abord la priorité du n°\u{a0}{number}."
        ),
        format!("This ticket is graver ({grave}) than {number}: raise the priority of {number} first."),
    );
    let reason = Reason::new(
        "merge.priority",
        "La priorité fixe les délais\u{a0}: une fusion ne les allonge pas.",
        "Priority sets the delays: a merge does not lengthen them.",
    );
    Err(AppError::refused(refusal.because(vec![reason.citing(&matrix.from)])))
}

/// The entry on the ticket that goes on: who followed the other follows it.
pub(super) fn absorb(
    tx: &mut WriteTx<'_>,
    vault: &VaultHandle,
    agreement: &Agreement,
    closed: &Ticket,
    into: &Ticket,
    ready: &Ready,
) -> Result<()> {
    let steps = ticket::steps(tx, into.id)?;
    let last = steps.iter().map(|s| s.at).max().unwrap_or(into.opened);
    let mut watchers = vec![closed.opened_by];
    watchers.extend(link::watchers(tx, closed.id)?);
    watchers.retain(|who| *who != into.opened_by);
    let timeline = super::timeline(into, &steps)?;
    let clocks = clockwork::marks(vault, agreement, &into.version, &timeline, ready.now)?;
    let event = TicketStepped {
        ticket: into.id,
        at: ready.now.as_microsecond().max(last),
        by: ready.by,
        step: Step::Absorbed { from: closed.id, number: closed.number, watchers },
        clocks,
    };
    record_step(tx, into, ready.now, event)
}
